//! What this version of rlvm does. The rest of LVM2's forms and options is known, so that prefixes mean the
//! same, and refused by name. A command that learns something new says so here.

use super::Name;
use crate::forms::{Form, FormId};
use crate::options::Opt;

/// What is done of one command.
struct Row {
    name: Name,
    forms: &'static [FormId],
    /// Options of these forms that are refused nevertheless.
    refused: &'static [Opt],
}

/// Options that every command refuses.
const REFUSED: &[Opt] = &[Opt::Lockopt, Opt::Journal];

const RESIZE_REFUSED: &[Opt] = &[Opt::Poolmetadatasize];

const TABLE: &[Row] = &[
    row(Name::Batch, &[FormId::BatchGeneral], &[]),
    row(Name::Completion, &[FormId::CompletionGeneral], &[]),
    row(Name::Config, &[FormId::LvmconfigGeneral], &[]),
    row(Name::Dumpconfig, &[FormId::LvmconfigGeneral], &[]),
    row(Name::Devtypes, &[FormId::DevtypesGeneral], &[]),
    row(Name::Export, &[FormId::ExportGeneral], &[]),
    row(Name::Formats, &[FormId::FormatsGeneral], &[]),
    row(Name::Fullreport, &[FormId::FullreportGeneral], &[]),
    row(Name::Help, &[FormId::HelpGeneral], &[]),
    row(Name::Import, &[FormId::ImportGeneral], &[]),
    // Its grammar is its own.
    row(Name::Kpartx, &[], &[]),
    row(Name::Lastlog, &[FormId::LastlogGeneral], &[Opt::Select]),
    row(
        Name::Lvchange,
        &[
            FormId::LvchangeProperties,
            FormId::LvchangeActivate,
            FormId::LvchangeRefresh,
            FormId::LvchangeMonitor,
            FormId::LvchangePoll,
            FormId::LvchangePersistent,
        ],
        &[
            Opt::Compression,
            Opt::Deduplication,
            Opt::Errorwhenfull,
            Opt::Discards,
            Opt::Zero,
            Opt::Cachemode,
            Opt::Cachepolicy,
            Opt::Cachesettings,
            Opt::Minrecoveryrate,
            Opt::Maxrecoveryrate,
            Opt::Vdosettings,
            Opt::Integritysettings,
            Opt::Writebehind,
            Opt::Writemostly,
        ],
    ),
    row(
        Name::Lvcreate,
        &[FormId::LvcreateLinear, FormId::LvcreateStriped, FormId::LvcreateErrorVol, FormId::LvcreateZeroVol],
        &[],
    ),
    row(Name::Lvdisplay, &[FormId::LvdisplayGeneral, FormId::LvdisplayColumns, FormId::LvdisplayColon], &[]),
    row(Name::Lvextend, &[FormId::LvextendSize, FormId::LvextendPv], RESIZE_REFUSED),
    row(Name::Lvmconfig, &[FormId::LvmconfigGeneral], &[]),
    row(
        Name::Lvmdevices,
        &[FormId::LvmdevicesList, FormId::LvmdevicesCheck, FormId::LvmdevicesUpdate, FormId::LvmdevicesEdit],
        &[],
    ),
    row(Name::Lvmdiskscan, &[FormId::LvmdiskscanGeneral], &[]),
    row(Name::Lvreduce, &[FormId::LvreduceSize], RESIZE_REFUSED),
    row(Name::Lvremove, &[FormId::LvremoveGeneral], &[]),
    row(Name::Lvrename, &[FormId::LvrenameVgLvLv, FormId::LvrenameLvLv], &[]),
    row(Name::Lvresize, &[FormId::LvresizeSize, FormId::LvresizePv], RESIZE_REFUSED),
    row(Name::Lvs, &[FormId::LvsGeneral], &[]),
    row(Name::Lvscan, &[FormId::LvscanGeneral], &[]),
    row(Name::Pvchange, &[FormId::PvchangePropertiesAll, FormId::PvchangePropertiesSome], &[]),
    row(
        Name::Pvck,
        &[FormId::PvckGeneral, FormId::PvckDump, FormId::PvckRepair, FormId::PvckRepairType],
        &[],
    ),
    row(Name::Pvcreate, &[FormId::PvcreateGeneral], &[]),
    row(Name::Pvdisplay, &[FormId::PvdisplayGeneral, FormId::PvdisplayColumns, FormId::PvdisplayColon], &[]),
    row(Name::Pvremove, &[FormId::PvremoveGeneral], &[]),
    row(Name::Pvresize, &[FormId::PvresizeGeneral], &[]),
    row(Name::Pvs, &[FormId::PvsGeneral], &[]),
    row(Name::Pvscan, &[FormId::PvscanDisplay, FormId::PvscanCache], &[]),
    row(Name::Segtypes, &[FormId::SegtypesGeneral], &[]),
    row(Name::Systemid, &[FormId::SystemidGeneral], &[]),
    row(Name::Tags, &[FormId::TagsGeneral], &[]),
    row(Name::Version, &[FormId::VersionGeneral], &[]),
    row(Name::Vgcfgbackup, &[FormId::VgcfgbackupGeneral], &[]),
    row(
        Name::Vgcfgrestore,
        &[
            FormId::VgcfgrestoreByFile,
            FormId::VgcfgrestoreByVg,
            FormId::VgcfgrestoreListByFile,
            FormId::VgcfgrestoreListByVg,
        ],
        &[],
    ),
    row(
        Name::Vgchange,
        &[
            FormId::VgchangeActivate,
            FormId::VgchangeLockstart,
            FormId::VgchangeLockstop,
            FormId::VgchangeLocktype,
            FormId::VgchangeMonitor,
            FormId::VgchangePoll,
            FormId::VgchangeProperties,
            FormId::VgchangeRefresh,
            FormId::VgchangeSystemid,
        ],
        &[Opt::Persist, Opt::Removekey, Opt::Setlockargs],
    ),
    row(Name::Vgck, &[FormId::VgckGeneral, FormId::VgckUpdateMetadata], &[]),
    row(Name::Vgconvert, &[FormId::VgconvertGeneral], &[]),
    row(
        Name::Vgcreate,
        &[FormId::VgcreateGeneral],
        &[Opt::Clustered, Opt::Shared, Opt::Locktype, Opt::Setpersist, Opt::Persist, Opt::Setlockargs],
    ),
    row(Name::Vgdisplay, &[FormId::VgdisplayGeneral, FormId::VgdisplayColumns, FormId::VgdisplayColon], &[]),
    row(Name::Vgexport, &[FormId::VgexportAll, FormId::VgexportSome], &[Opt::Persist]),
    row(Name::Vgextend, &[FormId::VgextendGeneral], &[]),
    row(Name::Vgimport, &[FormId::VgimportAll, FormId::VgimportSome], &[Opt::Persist]),
    row(Name::Vgimportclone, &[FormId::VgimportcloneGeneral], &[]),
    row(Name::Vgmerge, &[FormId::VgmergeGeneral], &[Opt::List]),
    row(Name::Vgmknodes, &[FormId::VgmknodesGeneral], &[]),
    row(
        Name::Vgimportdevices,
        &[FormId::VgimportdevicesSome, FormId::VgimportdevicesAll, FormId::VgimportdevicesRoot],
        &[],
    ),
    row(Name::Vgreduce, &[FormId::VgreduceByPv, FormId::VgreduceAll, FormId::VgreduceMissing], &[]),
    row(Name::Vgremove, &[FormId::VgremoveGeneral], &[]),
    row(Name::Vgrename, &[FormId::VgrenameByName, FormId::VgrenameByUuid], &[]),
    row(Name::Vgs, &[FormId::VgsGeneral], &[]),
    row(Name::Vgscan, &[FormId::VgscanGeneral], &[Opt::Notifydbus]),
    row(Name::Vgsplit, &[FormId::VgsplitByLv, FormId::VgsplitByPv], &[]),
];

const fn row(name: Name, forms: &'static [FormId], refused: &'static [Opt]) -> Row {
    Row { name, forms, refused }
}

fn of(name: Name) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.name == name)
}

/// Whether any form of the command is done.
pub(crate) fn command(name: Name) -> bool {
    of(name).is_some()
}

/// Whether the form is done.
pub fn form(id: FormId) -> bool {
    TABLE.iter().any(|row| row.forms.contains(&id))
}

/// Whether some form that is done takes the option, and it does what it says.
pub(crate) fn option(name: Name, opt: Opt) -> bool {
    let Some(row) = of(name) else { return false };
    let taken = |form: &Form| form.slots().any(|slot| slot.opt == opt);
    let by_size = opt == Opt::Extents && name.takes_extents_for_size();
    let known = by_size || Form::all_of(name).filter(|form| row.forms.contains(&form.id)).any(taken);
    // What udev rules call writes to the journal.
    let journal = (name, opt) == (Name::Pvscan, Opt::Journal);
    known && (journal || !REFUSED.contains(&opt)) && !row.refused.contains(&opt)
}
