//! Any VG that can be is read back as it was written.

use chrono::FixedOffset;
use metadata::model::{
    AllocPolicy, Area, BootloaderArea, Collection, DeviceId, Flag, Flags, LockType, Lv, LvFlag, Provenance,
    Pv, PvFlag, RawItem, RawValue, ReadAhead, Segment, SegmentKind, Striped, Vg, VgFlag,
};
use metadata::text;
use metadata::validate::validate;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use units::{ExtentSize, Extents, Id, IdSource, Le, Pe, Sectors, SeededIds};

fn flags<F: Flag + std::fmt::Debug>() -> impl Strategy<Value = Flags<F>> {
    let all: Vec<F> = F::ALL.iter().map(|row| row.0).collect();
    let most = all.len();
    subsequence(all, 0..=most).prop_map(|flags| Flags::of(&flags))
}

fn tags() -> impl Strategy<Value = Vec<String>> {
    vec("[a-zA-Z0-9_.+/=!:&#][a-zA-Z0-9_.+/=!:&#-]{0,8}", 0..3)
}

fn text_of_any_kind() -> impl Strategy<Value = String> {
    "[ -~\u{e4}\u{20ac}]{0,20}"
}

fn policy(most: &'static [AllocPolicy]) -> impl Strategy<Value = AllocPolicy> {
    select(most)
}

fn raw() -> impl Strategy<Value = RawItem> {
    let value = prop_oneof![
        any::<i64>().prop_map(RawValue::Int),
        text_of_any_kind().prop_map(RawValue::Text),
        vec(any::<i64>().prop_map(RawValue::Int), 0..3).prop_map(RawValue::List),
        vec(vec(text_of_any_kind().prop_map(RawValue::Text), 1..3), 1..3).prop_map(RawValue::Lines),
    ];
    ("new_[a-z]{1,5}", value).prop_map(|(key, value)| RawItem::new(key, value))
}

fn extras() -> impl Strategy<Value = Vec<(Option<String>, RawItem)>> {
    let mut extras = vec((select(&["id", "status", "flags"][..]), raw()), 0..3)
        .prop_map(|list| list.into_iter().map(|(key, item)| (Some(key.to_owned()), item)).collect::<Vec<_>>())
        .boxed();
    // They come back in the order of the keys they stand behind.
    extras = extras
        .prop_map(|mut list| {
            let order = ["id", "status", "flags"];
            list.sort_by_key(|row| order.iter().position(|key| row.0.as_deref() == Some(*key)));
            list
        })
        .boxed();
    extras
}

type PvParts =
    (String, Option<DeviceId>, Flags<PvFlag>, Vec<String>, Option<u64>, bool, Vec<(Option<String>, RawItem)>);

fn pv() -> impl Strategy<Value = PvParts> {
    let device_id = (text_of_any_kind(), text_of_any_kind()).prop_map(|(kind, name)| DeviceId { kind, name });
    (
        text_of_any_kind(),
        option::of(device_id),
        flags(),
        tags(),
        option::of(0..u64::MAX >> 1),
        any::<bool>(),
        extras(),
    )
}

#[derive(Clone, Debug)]
struct LvParts {
    flags: Flags<LvFlag>,
    tags: Vec<String>,
    time: i64,
    host: String,
    alloc: AllocPolicy,
    read_ahead: ReadAhead,
    major: Option<u32>,
    minor: u32,
    segments: Vec<(u8, u64, bool)>,
    extras: Vec<(Option<String>, RawItem)>,
}

fn lv() -> impl Strategy<Value = LvParts> {
    let policies = &[AllocPolicy::Inherit, AllocPolicy::Normal, AllocPolicy::Contiguous, AllocPolicy::Cling];
    let ahead =
        prop_oneof![Just(ReadAhead::Auto), Just(ReadAhead::None), (1..u32::MAX).prop_map(ReadAhead::Sectors)];
    let segments = vec((0..6u8, 1..5u64, any::<bool>()), 1..4);
    let first = (flags(), tags(), 0..i64::MAX, text_of_any_kind(), policy(policies));
    let second = (ahead, option::of(any::<u32>()), any::<u32>(), segments, extras());
    (first, second).prop_map(
        |((flags, tags, time, host, alloc), (read_ahead, major, minor, segments, extras))| LvParts {
            flags,
            tags,
            time,
            host,
            alloc,
            read_ahead,
            major,
            minor,
            segments,
            extras,
        },
    )
}

/// A segment of one of the kinds, on extents that nobody has.
fn segment(kind: (u8, u64, bool), start: Le, pvs: &Collection<Pv>, next: &mut u64) -> Segment {
    let (kind, each, tagged) = kind;
    let areas = u64::from(kind.min(3));
    let mut take = |n: u64| {
        let pv = pvs.iter().nth(n as usize % pvs.len()).unwrap().id;
        *next += each;
        Area::Pv { pv, start: Pe::new(*next - each) }
    };
    let (len, kind) = match kind {
        0 => (each, SegmentKind::Error),
        4 => (each, SegmentKind::Zero),
        _ => {
            let stripe_size = Sectors::new(if areas == 1 { 0 } else { 64 });
            let areas: Vec<Area> = (0..areas).map(&mut take).collect();
            (each * areas.len() as u64, SegmentKind::Striped(Striped { stripe_size, areas }))
        }
    };
    let mut segment = Segment::new(start, Extents::new(len), kind);
    if tagged {
        segment.tags.push("seg".to_owned());
    }
    segment
}

fn build_pv(id: Id, parts: PvParts) -> Pv {
    let (device, device_id, flags, tags, dev_size, boot, extras) = parts;
    let bootloader = boot.then_some(BootloaderArea { start: Sectors::new(1024), size: Sectors::new(1024) });
    Pv {
        id,
        device,
        device_id,
        flags,
        tags,
        dev_size: dev_size.map(Sectors::new),
        pe_start: Sectors::new(2048),
        pe_count: Extents::new(100_000),
        bootloader,
        extras,
    }
}

fn build_lv(id: Id, number: usize, parts: LvParts, pvs: &Collection<Pv>, next: &mut u64) -> Lv {
    let mut start = Le::new(0);
    let mut segments = Vec::new();
    for kind in parts.segments {
        let segment = segment(kind, start, pvs, next);
        start = segment.end();
        segments.push(segment);
    }
    Lv {
        id,
        name: format!("lv-{number}"),
        tags: parts.tags,
        creation_time: parts.time,
        creation_host: if parts.time == 0 { String::new() } else { parts.host },
        lock_args: None,
        alloc: parts.alloc,
        profile: None,
        read_ahead: parts.read_ahead,
        major: parts.major,
        minor: parts.flags.has(LvFlag::FixedMinor).then_some(parts.minor),
        flags: parts.flags,
        segments,
        extras: parts.extras,
    }
}

fn build(
    head: (String, u32, Flags<VgFlag>, Vec<String>, u8, AllocPolicy),
    pvs: Vec<PvParts>,
    lvs: Vec<LvParts>,
) -> Vg {
    let mut ids = SeededIds::new(3);
    let (name, seqno, flags, tags, owner, alloc) = head;
    let lock = LockType { name: "sanlock".to_owned(), args: Some("1.0.0:lvmlock".to_owned()) };
    let mut vg = Vg {
        id: ids.next_id(),
        name,
        seqno,
        format: "lvm2".to_owned(),
        flags,
        tags,
        system_id: (owner == 1).then(|| "host".to_owned()),
        lock_type: (owner == 2).then_some(lock),
        extent_size: ExtentSize::DEFAULT,
        max_lv: 0,
        max_pv: 255,
        alloc,
        profile: (owner == 3).then(|| "profile".to_owned()),
        metadata_copies: u32::from(owner),
        pvs: Collection::default(),
        lvs: Collection::default(),
        historical: Vec::new(),
        extras: Vec::new(),
    };
    if owner == 2 {
        vg.flags.remove(VgFlag::Clustered);
    }
    for parts in pvs {
        vg.pvs.push(build_pv(ids.next_id(), parts)).unwrap();
    }
    let mut next = 0;
    let lvs = lvs.into_iter().enumerate();
    let mut built: Vec<Lv> =
        lvs.map(|(n, parts)| build_lv(ids.next_id(), n, parts, &vg.pvs, &mut next)).collect();
    // The text has LVs that users see first.
    built.sort_by_key(|lv| !lv.is_visible());
    for lv in built {
        vg.lvs.push(lv).unwrap();
    }
    vg
}

fn vg() -> impl Strategy<Value = Vg> {
    let policies = &[AllocPolicy::Normal, AllocPolicy::Contiguous, AllocPolicy::Anywhere];
    let name = "[a-zA-Z0-9_+.][a-zA-Z0-9_+.-]{2,20}";
    let head = (name, any::<u32>(), flags(), tags(), 0..4u8, policy(policies));
    (head, vec(pv(), 1..4), vec(lv(), 0..6)).prop_map(|(head, pvs, lvs)| build(head, pvs, lvs))
}

fn provenance() -> impl Strategy<Value = Provenance> {
    (
        "[a-zA-Z0-9 .()]{1,10}",
        text_of_any_kind(),
        text_of_any_kind(),
        "[a-zA-Z0-9#.-]{1,10}",
        any::<bool>(),
        any::<i64>(),
    )
        .prop_map(|(writer, description, host, uname, owned, time)| Provenance {
            writer: format!("x{}", writer.trim_end()),
            description,
            host,
            uname: format!("Linux {uname}"),
            system_id: owned.then(|| "host".to_owned()),
            time,
            time_text: "Sat Nov 21 03:40:18 2026".to_owned(),
        })
}

fn utc(_: i64) -> FixedOffset {
    FixedOffset::east_opt(0).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_valid_vg_is_read_back_from_either_layout(vg in vg(), provenance in provenance()) {
        prop_assert_eq!(validate(&vg), []);
        let disk = text::to_disk(&vg, &provenance).unwrap();
        let read = text::parse(&disk).unwrap();
        prop_assert_eq!(&read.vg, &vg);
        prop_assert_eq!(&read.provenance, &provenance);
        prop_assert_eq!(text::to_disk(&read.vg, &read.provenance).unwrap(), disk);
        let file = text::to_file(&vg, &provenance, &utc).unwrap();
        let read = text::parse(&file).unwrap();
        prop_assert_eq!(&read.vg, &vg);
        prop_assert_eq!(&read.provenance, &provenance);
    }
}
