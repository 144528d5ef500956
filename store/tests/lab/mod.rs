//! RAM disks with PVs and VGs on them.
#![allow(dead_code, missing_docs, unreachable_pub)]

use device::ram::{Power, RamDisk};
use device::{Disk, DiskSet};
use metadata::model::{AllocPolicy, Collection, Flags, Provenance, Pv, PvFlag, Vg, VgFlag};
use pv::{LayoutOptions, Start, Topology, layout};
use std::collections::HashMap;
use std::sync::Arc;
use store::{Change, Mend, PvOnDisk, ReadOptions, Scan, VgOnDisk, scan};
use units::{Bytes, ExtentSize, Extents, Id, IdSource, Sectors, SeededIds};

pub const LEN: u64 = 4 << 20;

/// Disks of one machine.
pub struct Lab {
    pub rams: Vec<RamDisk>,
    pub disks: DiskSet,
}

impl Lab {
    pub fn new(count: u64, blocks: (u32, u32)) -> Self {
        let power = Power::new();
        let ram = |n| {
            RamDisk::new(format!("ram{n}"), n, Bytes::new(LEN))
                .with_blocks(blocks.0, blocks.1)
                .with_power(&power)
        };
        Self::of((0..count).map(ram).collect())
    }

    pub fn of(rams: Vec<RamDisk>) -> Self {
        let disks = rams.iter().map(|ram| Arc::new(ram.clone()) as Arc<dyn Disk>).collect();
        Self { rams, disks }
    }

    /// Makes PVs of all disks; every second one with two metadata areas.
    pub fn with_pvs(self) -> Self {
        let mut ids = SeededIds::new(1);
        for (n, ram) in self.rams.iter().enumerate() {
            let options = LayoutOptions { metadata_copies: 1 + n as u32 % 2, ..LayoutOptions::default() };
            // Small areas, so that texts soon wrap.
            let options = LayoutOptions {
                metadata_size: Some(Sectors::new(128)),
                data_alignment: Some(Sectors::new(8)),
                ..options
            };
            let device = Topology { size: Bytes::new(LEN).sectors(), ..Topology::default() };
            let laid = layout(device, &options).unwrap();
            pv::create(ram, ids.next_id(), &laid, Start::Zero).unwrap();
        }
        self
    }

    pub fn scan(&self) -> Scan {
        scan(&self.disks, ReadOptions::default())
    }

    pub fn settle(&self) {
        self.rams.iter().for_each(RamDisk::settle);
    }
}

pub fn member(pv: &PvOnDisk) -> Pv {
    Pv {
        id: pv.id(),
        device: "/dev/x".to_owned(),
        device_id: None,
        flags: Flags::of(&[PvFlag::Allocatable]),
        tags: Vec::new(),
        dev_size: Some(Bytes::new(LEN).sectors()),
        pe_start: Sectors::new(2048),
        pe_count: Extents::new(5),
        bootloader: None,
        extras: Vec::new(),
    }
}

pub fn vg_of(pvs: &[PvOnDisk]) -> Vg {
    let mut members = Collection::default();
    pvs.iter().for_each(|pv| members.push(member(pv)).unwrap());
    Vg {
        id: Id::from_random([7; 32]),
        name: "vg".to_owned(),
        seqno: 1,
        format: "lvm2".to_owned(),
        flags: Flags::of(&[VgFlag::Resizeable, VgFlag::Read, VgFlag::Write]),
        tags: Vec::new(),
        system_id: None,
        lock_type: None,
        extent_size: ExtentSize::new(Sectors::new(512)).unwrap(),
        max_lv: 0,
        max_pv: 0,
        alloc: AllocPolicy::Normal,
        profile: None,
        metadata_copies: 0,
        pvs: members,
        lvs: Collection::default(),
        historical: Vec::new(),
        extras: Vec::new(),
    }
}

pub fn provenance(time: i64) -> Provenance {
    Provenance { writer: "rlvm".to_owned(), time, ..Provenance::default() }
}

/// Makes a VG of all PVs without one.
pub fn create_vg(lab: &Lab) -> VgOnDisk {
    let joining = lab.scan().orphans;
    let change = Change {
        disks: &lab.disks,
        before: None,
        next: vg_of(&joining),
        provenance: provenance(1000),
        joining,
        remade: HashMap::new(),
        mend: Mend::Nothing,
    };
    let finished = change.stage().unwrap().commit().unwrap().finish();
    assert!(finished.troubles.is_empty());
    finished.vg
}

/// The same VG with one more tag, `bytes` long in all.
pub fn tagged(vg: &Vg, bytes: usize) -> Vg {
    let mut next = vg.clone();
    next.seqno += 1;
    next.tags = (0..bytes.div_ceil(100)).map(|n| format!("t{:0>97}", n + next.seqno as usize)).collect();
    next
}

pub fn change_tags<'a>(lab: &'a Lab, before: &'a VgOnDisk, bytes: usize) -> Change<'a> {
    Change {
        disks: &lab.disks,
        before: Some(before),
        next: tagged(&before.vg, bytes),
        provenance: provenance(1000 + i64::from(before.vg.seqno)),
        joining: Vec::new(),
        remade: HashMap::new(),
        mend: Mend::Nothing,
    }
}
