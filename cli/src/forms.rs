//! The forms of all commands: what each variant requires, takes and refuses. Matching, help, man pages and
//! completion all come from the one table, which states facts of LVM2 2.03.40's tools/command-lines.in.

mod matching;
mod table;
mod usage;

pub(crate) use matching::{Mismatch, find};
pub(crate) use usage::Usage;

use crate::commands::Name;
use crate::options::Opt;

/// An option in a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Which option.
    pub opt: Opt,
    /// What the form says of its value.
    pub value: SlotValue,
}

/// What a form says of an option's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotValue {
    /// Nothing: whatever the option takes.
    Any,
    /// It has to be this word; `raid` stands for every RAID level.
    Word(&'static str),
    /// Anything, but shown like this.
    Shown(&'static str),
}

/// Options that exclude others. Conditions on LVs are the commands' own.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Where one of these is given,
    pub when: &'static [Opt],
    /// none of these may be.
    pub refuses: &'static [Opt],
}

/// How prominently a form is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    /// Always.
    Primary,
    /// In long help, and where a command has few forms.
    Secondary,
    /// Never: it works, for old scripts.
    Previous,
}

/// One variant of a command.
#[derive(Debug)]
pub struct Form {
    /// Its name. Several forms that do the same thing share one.
    pub id: FormId,
    /// Of which command.
    pub name: Name,
    /// Options that have to be given.
    pub required: &'static [Slot],
    /// Options of which at least one has to be given, in groups.
    pub any: &'static [&'static [Slot]],
    /// Options that may be given, in groups, beside those every command takes.
    pub optional: &'static [&'static [Slot]],
    /// Options that may be given and mean nothing.
    pub ignored: &'static [Slot],
    /// Arguments that have to be given: kinds with `|` between, ` ...` where the last may be repeated.
    pub positional: &'static [&'static str],
    /// Arguments that may follow.
    pub optional_positional: &'static [&'static str],
    /// Conditions on its options.
    pub rules: &'static [Rule],
    /// The segment types it implies: another `--type` does not match.
    pub implied: &'static [&'static str],
    /// How prominently it is shown.
    pub rank: Rank,
    /// What it does, in a line; empty where the command does only one thing.
    pub about: &'static str,
}

impl Form {
    /// A form of `name` that takes nothing: the base of each row of the table.
    const fn of(name: Name) -> Self {
        Self {
            id: FormId::VersionGeneral,
            name,
            required: &[],
            any: &[],
            optional: &[],
            ignored: &[],
            positional: &[],
            optional_positional: &[],
            rules: &[],
            implied: &[],
            rank: Rank::Primary,
            about: "",
        }
    }

    /// The forms of a command, in LVM2's order.
    pub fn all_of(name: Name) -> impl Iterator<Item = &'static Self> {
        table::of(name).filter(move |form| form.name == name)
    }

    /// Options of which one is needed.
    pub fn any_slots(&self) -> impl Iterator<Item = &'static Slot> {
        self.any.iter().copied().flatten()
    }

    /// Options it takes, those of every command included.
    pub fn optional_slots(&self) -> impl Iterator<Item = &'static Slot> {
        let own = || self.optional.iter().copied().flatten();
        let (changing, json) = slots_of_rlvm(self.name, own().map(|slot| slot.opt));
        own().chain(ALL).chain(changing).chain(json)
    }

    /// Every option it knows.
    pub fn slots(&self) -> impl Iterator<Item = &'static Slot> {
        let required = self.required.iter().chain(self.any_slots());
        required.chain(self.optional_slots()).chain(self.ignored)
    }
}

/// Options of every command.
pub const ALL: &[Slot] = slots![
    Commandprofile,
    Config,
    Debug,
    Driverloaded,
    Help,
    Nolocking,
    Lockopt,
    Longhelp,
    Profile,
    Quiet,
    Verbose,
    Version,
    Yes,
    Test,
    Devicesfile,
    Devices,
    Nohints,
    Journal
];

/// What every changing command takes beside what LVM2's does.
const CHANGING: &[Slot] = slots![Plan, Ifneeded];

/// What every command with a document takes, though LVM2's does not everywhere.
const JSON: &[Slot] = slots![Reportformat];

/// What a command takes beside the options it has in LVM2: those of a change, and JSON where LVM2's has none.
fn slots_of_rlvm(name: Name, mut known: impl Iterator<Item = Opt>) -> (&'static [Slot], &'static [Slot]) {
    let changing = if name.changes() { CHANGING } else { &[] };
    let has_json = !name.has_document() || known.any(|opt| opt == Opt::Reportformat);
    (changing, if has_json { &[] } else { JSON })
}

/// The options a command takes, each once, in LVM2's order: what stands for an option comes right after it.
/// Prefixes are resolved among these.
pub fn options_of(name: Name) -> Vec<Opt> {
    let mut taken = vec![false; Opt::all().count()];
    for slot in Form::all_of(name).flat_map(Form::slots) {
        taken[slot.opt as usize] = true;
    }
    let synonyms: Vec<(Opt, Opt)> =
        Opt::all().map(|opt| (opt, opt.standard(name))).filter(|(opt, standard)| opt != standard).collect();
    let mut options = Vec::with_capacity(taken.len());
    for opt in Opt::all().filter(|&opt| taken[opt as usize]) {
        options.push(opt);
        options.extend((opt == Opt::Size).then_some(Opt::Extents));
        let own = synonyms.iter().filter(|(other, standard)| *standard == opt && !taken[*other as usize]);
        options.extend(own.map(|(other, _)| *other));
        options.extend((opt == Opt::Resizeable).then_some(Opt::Allocation));
    }
    options
}

macro_rules! slots {
    ($($opt:ident $(= $word:literal)? $(as $shown:literal)?),* $(,)?) => {
        &[$($crate::forms::Slot {
            opt: $crate::options::Opt::$opt,
            value: $crate::forms::slots!(@ $($word)? $(, $shown)?),
        }),*]
    };
    (@) => { $crate::forms::SlotValue::Any };
    (@ $word:literal) => { $crate::forms::SlotValue::Word($word) };
    (@ , $shown:literal) => { $crate::forms::SlotValue::Shown($shown) };
}
use slots;

macro_rules! rule {
    ($($when:ident),*; not $($refuses:ident),*) => {
        $crate::forms::Rule {
            when: &[$($crate::options::Opt::$when),*],
            refuses: &[$($crate::options::Opt::$refuses),*],
        }
    };
}
use rule;

/// The names of forms, as LVM2's logs have them (`lvcreate_linear`), in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is the form of that name")]
pub enum FormId {
    LvchangeProperties,
    LvchangeResync,
    LvchangeSyncaction,
    LvchangeRebuild,
    LvchangeActivate,
    LvchangeRefresh,
    LvchangeMonitor,
    LvchangePoll,
    LvchangePersistent,
    LvconvertRaidTypes,
    LvconvertChangeRegionSize,
    LvconvertSplitMirrorImages,
    LvconvertMergeMirrorImages,
    LvconvertChangeMirrorlog,
    LvconvertToThinWithExternal,
    LvconvertToThinWithData,
    LvconvertToCacheWithCachepool,
    LvconvertToWritecache,
    LvconvertToCacheWithCachevol,
    LvconvertToWritecacheWithDevice,
    LvconvertToCacheWithDevice,
    LvconvertToThinpool,
    LvconvertToThinpoolOrSwapMetadata,
    LvconvertToCachepool,
    LvconvertToCachepoolOrSwapMetadata,
    LvconvertToVdopool,
    LvconvertToVdopoolParam,
    LvconvertSplitAndKeepCache,
    LvconvertSplitAndRemoveCache,
    LvconvertSwapPoolMetadata,
    LvconvertMerge,
    LvconvertMergeThin,
    LvconvertMergeSnapshot,
    LvconvertSplitCowSnapshot,
    LvconvertCombineSplitSnapshot,
    LvconvertRepair,
    LvconvertReplacePv,
    LvconvertStartPoll,
    LvconvertPlain,
    LvconvertIntegrity,
    LvcreateErrorVol,
    LvcreateZeroVol,
    LvcreateLinear,
    LvcreateStriped,
    LvcreateMirror,
    LvcreateMirrorOrRaid1,
    LvcreateRaidAny,
    LvcreateCowSnapshot,
    LvcreateCowSnapshotWithVirtualOrigin,
    LvcreateThinpool,
    LvcreateCachepool,
    LvcreateThinVol,
    LvcreateThinSnapshot,
    LvcreateThinSnapshotOfExternal,
    LvcreateVdoVol,
    LvcreateThinVolAndThinpool,
    LvcreateThinVolWithThinpoolOrSparseSnapshot,
    LvcreateAndAttachCachepool,
    LvcreateAndAttachCachepoolV2,
    LvcreateAndAttachCachepoolV3,
    LvcreateNewPlusOldCachepoolOrLvconvertOldPlusNewCachepool,
    LvcreateAndAttachCachevolForCache,
    LvcreateAndAttachCachedeviceForCache,
    LvcreateAndAttachCachevolForWritecache,
    LvcreateAndAttachCachedeviceForWritecache,
    LvextendSize,
    LvextendPv,
    LvextendPoolMetadata,
    LvextendPolicy,
    LvreduceSize,
    LvresizeSize,
    LvresizePv,
    LvresizePoolMetadata,
    LvdisplayGeneral,
    LvdisplayColumns,
    LvdisplayColon,
    LvremoveGeneral,
    LvrenameVgLvLv,
    LvrenameLvLv,
    LvsGeneral,
    LvscanGeneral,
    LvpollGeneral,
    PvchangePropertiesAll,
    PvchangePropertiesSome,
    PvckGeneral,
    PvckDump,
    PvckRepairType,
    PvckRepair,
    PvcreateGeneral,
    PvdataGeneral,
    PvdisplayGeneral,
    PvdisplayColumns,
    PvdisplayColon,
    PvmoveOne,
    PvmoveAny,
    PvremoveGeneral,
    PvresizeGeneral,
    PvsGeneral,
    PvscanDisplay,
    PvscanCache,
    VgcfgbackupGeneral,
    VgcfgrestoreByVg,
    VgcfgrestoreByFile,
    VgcfgrestoreListByVg,
    VgcfgrestoreListByFile,
    VgchangeProperties,
    VgchangeMonitor,
    VgchangePoll,
    VgchangeActivate,
    VgchangeRefresh,
    VgchangeSystemid,
    VgchangeSetpersist,
    VgchangePersist,
    VgchangeSetlockargs,
    VgchangeLockstart,
    VgchangeLockstop,
    VgchangeLocktype,
    VgckGeneral,
    VgckUpdateMetadata,
    VgconvertGeneral,
    VgcreateGeneral,
    VgdisplayGeneral,
    VgdisplayColumns,
    VgdisplayColon,
    VgexportSome,
    VgexportAll,
    VgextendGeneral,
    VgimportSome,
    VgimportAll,
    VgimportcloneGeneral,
    VgimportdevicesSome,
    VgimportdevicesAll,
    VgimportdevicesRoot,
    VgmergeGeneral,
    VgmknodesGeneral,
    VgreduceByPv,
    VgreduceAll,
    VgreduceMissing,
    VgremoveGeneral,
    VgrenameByName,
    VgrenameByUuid,
    VgsGeneral,
    VgscanGeneral,
    VgsplitByPv,
    VgsplitByLv,
    LvmconfigGeneral,
    DevtypesGeneral,
    FormatsGeneral,
    FullreportGeneral,
    HelpGeneral,
    LastlogGeneral,
    LvmchangeGeneral,
    LvmdevicesList,
    LvmdevicesCheck,
    LvmdevicesUpdate,
    LvmdevicesEdit,
    LvmdiskscanGeneral,
    LvmsadcGeneral,
    LvmsarGeneral,
    SegtypesGeneral,
    SystemidGeneral,
    TagsGeneral,
    VersionGeneral,
    BatchGeneral,
    ExportGeneral,
    ImportGeneral,
    CompletionGeneral,
}
