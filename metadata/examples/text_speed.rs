//! How long a large VG's text takes to write, read, validate and compare.
//! `cargo run --release -p rlvm-metadata --example text_speed -- 20000`
#![allow(clippy::print_stdout)]

use metadata::model::{
    AllocPolicy, Area, Flags, Lv, LvFlag, Provenance, Pv, PvFlag, ReadAhead, Segment, SegmentKind, Vg, VgFlag,
};
use metadata::{text, validate};
use std::time::Instant;
use units::{ExtentSize, Extents, IdSource, Le, Pe, Sectors, SeededIds};

fn vg(lvs: u64) -> Vg {
    let mut ids = SeededIds::new(1);
    let mut vg = Vg {
        id: ids.next_id(),
        name: "large".to_owned(),
        seqno: 7,
        format: "lvm2".to_owned(),
        flags: Flags::of(&[VgFlag::Resizeable, VgFlag::Read, VgFlag::Write]),
        tags: Vec::new(),
        system_id: None,
        lock_type: None,
        extent_size: ExtentSize::DEFAULT,
        max_lv: 0,
        max_pv: 0,
        alloc: AllocPolicy::Normal,
        profile: None,
        metadata_copies: 0,
        pvs: Default::default(),
        lvs: Default::default(),
        historical: Vec::new(),
        extras: Vec::new(),
    };
    let pv = Pv {
        id: ids.next_id(),
        device: "/dev/sdb".to_owned(),
        device_id: None,
        flags: Flags::of(&[PvFlag::Allocatable]),
        tags: Vec::new(),
        dev_size: Some(Sectors::new(1 << 40)),
        pe_start: Sectors::new(2048),
        pe_count: Extents::new(1 << 27),
        bootloader: None,
        extras: Vec::new(),
    };
    let pv_id = pv.id;
    let _ = vg.pvs.push(pv);
    for n in 0..lvs {
        let area = Area::Pv { pv: pv_id, start: Pe::new(n) };
        let _ = vg.lvs.push(Lv {
            id: ids.next_id(),
            name: format!("lvol{n}"),
            flags: Flags::of(&[LvFlag::Read, LvFlag::Write, LvFlag::Visible]),
            tags: Vec::new(),
            creation_time: 1_700_000_000,
            creation_host: "host.example.com".to_owned(),
            lock_args: None,
            alloc: AllocPolicy::Inherit,
            profile: None,
            read_ahead: ReadAhead::Auto,
            major: None,
            minor: None,
            segments: vec![Segment::new(Le::new(0), Extents::new(1), SegmentKind::linear(area))],
            extras: Vec::new(),
        });
    }
    vg
}

fn timed<T>(what: &str, work: impl Fn() -> T) -> T {
    let mut best = f64::MAX;
    let mut result = work();
    for _ in 0..5 {
        let start = Instant::now();
        result = work();
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!("{what:10} {:8.2} ms", best * 1000.0);
    result
}

fn main() {
    let lvs = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(20_000);
    let vg = vg(lvs);
    let provenance = Provenance { time_text: "Thu Jan  1 00:00:00 1970".to_owned(), ..Default::default() };
    let bytes = timed("write", || text::to_disk(&vg, &provenance).expect("the VG can be written"));
    println!("{lvs} LVs, {} bytes", bytes.len());
    println!("sections: {:?}", timed("tree", || conf::parse(&bytes).map(|tree| tree.root.nodes().len())));
    let again = timed("read", || text::parse(&bytes).expect("the text can be read"));
    println!("violations: {}", timed("validate", || validate::validate(&again.vg).len()));
    println!("same: {}", timed("compare", || again.vg == vg));
}
