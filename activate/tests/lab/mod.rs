//! A VG on disks of any kind, and a machine to activate it on.
#![allow(dead_code, missing_docs, unreachable_pub)]

use activate::guardian::Spawn;
use activate::{Activation, ApplyError, Done, Loops, Machine, Policy, Settings, Wish, carry_out, plan};
use device::{Disk, DiskSet, Host};
use dm::{Control, DevRef};
use metadata::live::Live;
use metadata::model::{
    AllocPolicy, Area, Collection, Flags, Lv, LvFlag, Provenance, Pv, PvFlag, ReadAhead, Segment,
    SegmentKind, Vg, VgFlag,
};
use pv::{LayoutOptions, Start, Topology, layout};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use store::{Change, Mend, PvOnDisk, ReadOptions, VgOnDisk, read_vg, scan};
use units::{ExtentSize, Extents, Id, IdSource, Le, Pe, Sectors, SeededIds};

/// Extents of 256 KiB.
pub const EXTENT: u64 = 512;

pub struct Lab<'a> {
    pub disks: DiskSet,
    pub control: &'a dyn Control,
    pub loops: &'a dyn Loops,
    pub host: Host,
    pub settings: Settings,
    pub guardian: Option<Spawn<'a>>,
    pub policy: Policy,
    /// The VG as it is on the disks.
    pub vg: VgOnDisk,
}

/// Makes PVs of all disks.
pub fn make_pvs(disks: &DiskSet) {
    let mut ids = SeededIds::new(11);
    for entry in disks {
        let device = Topology { size: entry.disk().len().sectors(), ..Topology::default() };
        let laid = layout(device, &LayoutOptions::default()).unwrap();
        pv::create(&**entry.disk(), ids.next_id(), &laid, Start::Zero).unwrap();
    }
}

fn member(disks: &DiskSet, pv: &PvOnDisk) -> Pv {
    let size = disks.disk(pv.disk).len().sectors();
    Pv {
        id: pv.id(),
        device: disks.get(pv.disk).name().display().to_string(),
        device_id: None,
        flags: Flags::of(&[PvFlag::Allocatable]),
        tags: Vec::new(),
        dev_size: Some(size),
        pe_start: Sectors::new(2048),
        pe_count: Extents::new((size.get() - 2048) / EXTENT),
        bootloader: None,
        extras: Vec::new(),
    }
}

/// A VG called `vg` of all PVs on the disks.
pub fn make_vg(disks: &DiskSet) -> VgOnDisk {
    let joining = scan(disks, ReadOptions::default()).orphans;
    let mut pvs = Collection::default();
    joining.iter().for_each(|pv| pvs.push(member(disks, pv)).unwrap());
    let next = Vg {
        id: Id::from_random([7; 32]),
        name: "vg".to_owned(),
        seqno: 1,
        format: "lvm2".to_owned(),
        flags: Flags::of(&[VgFlag::Resizeable, VgFlag::Read, VgFlag::Write]),
        tags: Vec::new(),
        system_id: None,
        lock_type: None,
        extent_size: ExtentSize::new(Sectors::new(EXTENT)).unwrap(),
        max_lv: 0,
        max_pv: 0,
        alloc: AllocPolicy::Normal,
        profile: None,
        metadata_copies: 0,
        pvs,
        lvs: Collection::default(),
        historical: Vec::new(),
        extras: Vec::new(),
    };
    let change = Change {
        disks,
        before: None,
        next,
        provenance: provenance(1),
        joining,
        remade: HashMap::new(),
        mend: Mend::Nothing,
    };
    change.stage().unwrap().commit().unwrap().finish().vg
}

fn provenance(time: i64) -> Provenance {
    Provenance { writer: "rlvm".to_owned(), time, ..Provenance::default() }
}

impl<'a> Lab<'a> {
    pub fn new(disks: DiskSet, control: &'a dyn Control, loops: &'a dyn Loops, settings: Settings) -> Self {
        make_pvs(&disks);
        make_vg(&disks);
        Self::open(disks, control, loops, settings)
    }

    /// The VG that is on the disks.
    pub fn open(disks: DiskSet, control: &'a dyn Control, loops: &'a dyn Loops, settings: Settings) -> Self {
        let vg = scan(&disks, ReadOptions::default()).vgs.remove(0);
        let (host, policy) = (Host::default(), Policy::default());
        Self { disks, control, loops, host, settings, guardian: None, policy, vg }
    }

    pub fn machine(&self) -> Machine<'_> {
        Machine {
            control: self.control,
            disks: &self.disks,
            loops: self.loops,
            host: &self.host,
            settings: self.settings.clone(),
            guardian: self.guardian.clone(),
        }
    }

    pub fn vg(&self) -> &Vg {
        &self.vg.vg
    }

    pub fn find(&self) -> impl Fn(Id) -> Option<DevRef> + '_ {
        |pv| {
            let disk = self.vg.pvs.get(&pv)?.disk;
            Some(DevRef::Path(self.disks.get(disk).name().to_owned()))
        }
    }

    pub fn live(&self) -> Live {
        activate::observe::observe(self.control, &[self.vg()], activate::observe::Detail::STATE)
            .unwrap()
            .remove(0)
    }

    /// The VG with a change to be made to it.
    pub fn next(&self, edit: impl FnOnce(&mut Vg)) -> Vg {
        let mut next = self.vg().clone();
        next.seqno += 1;
        edit(&mut next);
        next
    }

    pub fn plan(&self, next: &Vg, wishes: &[(Id, Wish)]) -> Activation {
        plan(Some(self.vg()), next, &self.live(), wishes, &self.policy, &self.find()).unwrap()
    }

    /// Commits `next` and carries out what it means.
    pub fn change(&mut self, next: &Vg, wishes: &[(Id, Wish)]) -> Result<Done, Box<ApplyError>> {
        let activation = self.plan(next, wishes);
        let change = Change {
            disks: &self.disks,
            before: Some(&self.vg),
            next: next.clone(),
            provenance: provenance(i64::from(next.seqno)),
            joining: Vec::new(),
            remade: HashMap::new(),
            mend: Mend::Nothing,
        };
        let done = carry_out(&activation, Some(change), &self.machine(), &|| true);
        self.reread();
        done
    }

    /// Carries out wishes alone.
    pub fn wish(&self, wishes: &[(Id, Wish)]) -> Result<Done, Box<ApplyError>> {
        carry_out(&self.plan(self.vg(), wishes), None, &self.machine(), &|| true)
    }

    pub fn reread(&mut self) {
        let name = scan(&self.disks, ReadOptions::default()).vgs[0].vg.name.clone();
        self.vg = read_vg(&self.disks, &name, ReadOptions::default()).unwrap();
    }

    /// Commits LVs and starts them.
    pub fn with_lvs(mut self, lvs: Vec<Lv>) -> Self {
        let next = self.next(|vg| lvs.iter().for_each(|lv| vg.lvs.push(lv.clone()).unwrap()));
        let wishes: Vec<(Id, Wish)> = lvs.iter().map(|lv| (lv.id, Wish::Activate)).collect();
        self.change(&next, &wishes).unwrap();
        self
    }

    /// The id of the PV on the disk at a place.
    pub fn pv(&self, place: usize) -> Id {
        self.vg().pvs.iter().nth(place).unwrap().id
    }
}

pub fn lv_id(number: u8) -> Id {
    let mut bytes = [9; 32];
    (bytes[0], bytes[1]) = (number % 50, number / 50);
    Id::from_random(bytes)
}

/// A linear LV of runs of extents on a PV: first extent and count.
pub fn lv(number: u8, name: &str, pv: Id, runs: &[(u64, u64)]) -> Lv {
    Lv {
        id: lv_id(number),
        name: name.to_owned(),
        flags: Flags::of(&[LvFlag::Visible, LvFlag::Read, LvFlag::Write]),
        tags: Vec::new(),
        creation_time: 1,
        creation_host: "host".to_owned(),
        lock_args: None,
        alloc: AllocPolicy::Inherit,
        profile: None,
        read_ahead: ReadAhead::Auto,
        major: None,
        minor: None,
        segments: segments(pv, runs),
        extras: Vec::new(),
    }
}

pub fn segments(pv: Id, runs: &[(u64, u64)]) -> Vec<Segment> {
    let mut at = 0;
    let run = |&(first, count): &(u64, u64)| {
        let kind = SegmentKind::linear(Area::Pv { pv, start: Pe::new(first) });
        let segment = Segment::new(Le::new(at), Extents::new(count), kind);
        at += count;
        segment
    };
    runs.iter().map(run).collect()
}

/// Disks of a set.
pub fn set(disks: impl IntoIterator<Item = Arc<dyn Disk>>) -> DiskSet {
    disks.into_iter().collect()
}

/// The program that a test is, as a guardian.
pub fn this_program(argument: &str) -> Spawn<'static> {
    Spawn { program: PathBuf::from("/proc/self/exe"), arguments: vec![argument.into()], locks: Vec::new() }
}
