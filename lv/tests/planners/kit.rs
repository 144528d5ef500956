//! VGs to plan on, and how to say what became of them.

use lv::{AllocSettings, Amount, Create, PvArg, Resize, StripeSettings};
use metadata::live::Live;
use metadata::model::{
    AllocPolicy, Area, Collection, Flags, Lv, Pv, PvFlag, ReadAhead, SegmentKind, SegmentType, Vg, VgFlag,
};
use metadata::plan::{Ctx, Notice, Proposal, Refused};
use units::{ExtentSize, Extents, Id, IdSource, Sectors, SeededIds, SizeArg};

/// A VG of PVs `pv0`, `pv1`, ... with so many extents of 64 KiB each.
pub(crate) fn vg(sizes: &[u64]) -> Vg {
    let mut ids = SeededIds::new(7);
    let mut pvs = Collection::default();
    for (number, &extents) in sizes.iter().enumerate() {
        let pv = Pv {
            id: ids.next_id(),
            device: format!("pv{number}"),
            device_id: None,
            flags: Flags::of(&[PvFlag::Allocatable]),
            tags: Vec::new(),
            dev_size: Some(Sectors::new(2048 + extents * 128)),
            pe_start: Sectors::new(2048),
            pe_count: Extents::new(extents),
            bootloader: None,
            extras: Vec::new(),
        };
        assert!(pvs.push(pv).is_ok());
    }
    Vg {
        id: ids.next_id(),
        name: "vg".to_owned(),
        seqno: 1,
        format: "lvm2".to_owned(),
        flags: Flags::of(&[VgFlag::Resizeable, VgFlag::Read, VgFlag::Write]),
        tags: Vec::new(),
        system_id: None,
        lock_type: None,
        extent_size: ExtentSize::new(Sectors::new(128)).unwrap(),
        max_lv: 0,
        max_pv: 0,
        alloc: AllocPolicy::Normal,
        profile: None,
        metadata_copies: 0,
        pvs,
        lvs: Collection::default(),
        historical: Vec::new(),
        extras: Vec::new(),
    }
}

/// `-l` where it reads as extents, else `-L`.
pub(crate) fn amount(text: &str) -> Amount {
    match text.parse() {
        Ok(extents) => Amount::Extents(extents),
        Err(_) => Amount::Size(SizeArg::parse(text, Sectors::new(2048)).unwrap()),
    }
}

pub(crate) fn pvs(vg: &Vg, texts: &[&str]) -> Vec<PvArg> {
    let find = |name: &str| vg.pvs.iter().find(|pv| pv.device == name).map(|pv| pv.id);
    texts.iter().map(|text| PvArg::parse(vg, text, find).unwrap()).collect()
}

/// A linear LV of that size.
pub(crate) fn new_lv(size: &str) -> Create {
    Create {
        name: None,
        segtype: SegmentType::Striped,
        amount: amount(size),
        stripes: None,
        stripe_size: None,
        stripe_settings: StripeSettings::default(),
        alloc: AllocPolicy::Inherit,
        alloc_settings: AllocSettings::default(),
        pvs: Vec::new(),
        tags: Vec::new(),
        read_only: false,
        read_ahead: ReadAhead::Auto,
        device: None,
        activation_skip: false,
        no_autoactivate: false,
        profile: None,
    }
}

/// Another size for an LV.
pub(crate) fn new_size(vg: &Vg, lv: &str, size: &str) -> Resize {
    Resize {
        lv: id(vg, lv),
        amount: Some(amount(size)),
        segtype: None,
        stripes: None,
        stripe_size: None,
        stripe_settings: StripeSettings::default(),
        alloc: None,
        alloc_settings: AllocSettings::default(),
        pvs: Vec::new(),
    }
}

pub(crate) fn id(vg: &Vg, lv: &str) -> Id {
    vg.lv_named(lv).unwrap().id
}

/// Runs a planner with ids that come again.
pub(crate) fn with_ctx<T>(run: impl FnOnce(&mut Ctx<'_>) -> T) -> T {
    let mut ids = SeededIds::new(1000);
    run(&mut Ctx { ids: &mut ids, now: 1_700_000_000, host: "node" })
}

/// Devices are known, and none is active.
pub(crate) fn inactive() -> Live {
    Live { known: true, ..Live::default() }
}

/// The VG with one LV more.
pub(crate) fn created(vg: &Vg, request: &Create) -> Vg {
    let mut ids = SeededIds::new(2000 + u64::from(vg.seqno));
    let mut ctx = Ctx { ids: &mut ids, now: 1_700_000_000, host: "node" };
    lv::create(vg, request, &mut ctx).unwrap().next
}

pub(crate) fn create(vg: &Vg, request: &Create) -> Result<Proposal, Refused<lv::CreateError>> {
    with_ctx(|ctx| lv::create(vg, request, ctx))
}

pub(crate) fn resize(vg: &Vg, request: &Resize) -> Result<Proposal, Refused<lv::ResizeError>> {
    with_ctx(|ctx| lv::resize(vg, &inactive(), request, lv::Direction::Either, ctx))
}

/// Where an LV lies: `0+8 pv0:0 pv1:0, 8+4 pv2:0`.
pub(crate) fn places(vg: &Vg, lv: &Lv) -> String {
    let name = |pv: Id| vg.pvs.get(pv).map_or("?", |pv| pv.device.as_str());
    let segments: Vec<String> = lv
        .segments
        .iter()
        .map(|segment| {
            let mut text = format!("{}+{}", segment.start, segment.len);
            match &segment.kind {
                SegmentKind::Striped(striped) => {
                    for area in &striped.areas {
                        match area {
                            Area::Pv { pv, start } => text.push_str(&format!(" {}:{start}", name(*pv))),
                            Area::Lv { .. } => text.push_str(" lv"),
                        }
                    }
                }
                other => text.push_str(&format!(" {other:?}")),
            }
            text
        })
        .collect();
    segments.join(", ")
}

/// Where the LV of that name lies.
pub(crate) fn placed(vg: &Vg, lv: &str) -> String {
    places(vg, vg.lv_named(lv).unwrap())
}

/// The last SizeChanged apart, which every resize has.
pub(crate) fn roundings(notices: &[Notice]) -> Vec<Notice> {
    notices.iter().filter(|notice| !matches!(notice, Notice::SizeChanged { .. })).cloned().collect()
}
