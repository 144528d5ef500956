//! Tables as text and back.

use super::*;
use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_assert_eq, prop_oneof, proptest};

fn device() -> impl Strategy<Value = DevRef> {
    prop_oneof![
        (0u32..4096, 0u32..1 << 20).prop_map(|(major, minor)| DevRef::Number(DevNo { major, minor })),
        "/dev/[a-z][a-z0-9/._-]{0,12}".prop_map(|path| DevRef::Path(path.into())),
        any::<u32>().prop_map(DevRef::Disk),
    ]
}

fn sectors() -> impl Strategy<Value = Sectors> {
    any::<u64>().prop_map(Sectors::new)
}

fn features() -> impl Strategy<Value = Vec<String>> {
    vec("[a-z_]{1,12}", 0..4)
}

fn legs() -> impl Strategy<Value = Vec<Stripe>> {
    vec((device(), sectors()).prop_map(|(device, offset)| Stripe { device, offset }), 1..9)
}

fn snapshot() -> impl Strategy<Value = Snapshot> {
    let persistence = prop_oneof![
        Just(Persistence::Persistent),
        Just(Persistence::PersistentOverflow),
        Just(Persistence::Transient)
    ];
    (device(), device(), persistence, sectors(), features()).prop_map(
        |(origin, cow, persistence, chunk, features)| Snapshot { origin, cow, persistence, chunk, features },
    )
}

fn mirror() -> impl Strategy<Value = Mirror> {
    let log = prop_oneof![Just(MirrorLog::Core), device().prop_map(MirrorLog::Disk)];
    let sync = prop_oneof![Just(Sync::AsLogged), Just(Sync::NoSync), Just(Sync::Sync)];
    (log, sectors(), sync, legs(), features()).prop_map(|(log, region, sync, legs, features)| Mirror {
        log,
        region,
        sync,
        legs,
        features,
    })
}

fn thin_pool() -> impl Strategy<Value = ThinPool> {
    (device(), device(), sectors(), any::<u64>(), features()).prop_map(
        |(metadata, data, chunk, low_water_chunks, features)| ThinPool {
            metadata,
            data,
            chunk,
            low_water_chunks,
            features,
        },
    )
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        (device(), sectors()).prop_map(|(device, offset)| Kind::Linear(Linear { device, offset })),
        (sectors(), legs()).prop_map(|(chunk, stripes)| Kind::Striped(Striped { chunk, stripes })),
        Just(Kind::Error),
        Just(Kind::Zero),
        snapshot().prop_map(Kind::Snapshot),
        snapshot().prop_map(Kind::SnapshotMerge),
        device().prop_map(|origin| Kind::SnapshotOrigin(SnapshotOrigin { origin })),
        mirror().prop_map(Kind::Mirror),
        thin_pool().prop_map(Kind::ThinPool),
        (device(), 0..=Thin::MAX_ID, proptest::option::of(device()))
            .prop_map(|(pool, id, external_origin)| Kind::Thin(Thin { pool, id, external_origin })),
        ("(crypt|raid|vdo|delay)", "[a-z0-9:]{1,6}( [a-z0-9:]{1,6}){0,5}")
            .prop_map(|(name, params)| Kind::Other(Other { name, params })),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_target_reads_back_as_it_was_written(start in sectors(), len in sectors(), kind in kind()) {
        let target = Target { start, len, kind };
        prop_assert_eq!(target.to_string().parse::<Target>().unwrap(), target);
    }

    #[test]
    fn any_text_is_read_or_refused_without_a_panic(
        name in "(linear|striped|snapshot|snapshot-origin|mirror|thin|thin-pool|error|zero|x)",
        params in "[ 0-9a-zPN:/+-]{0,60}",
    ) {
        let _ = Kind::parse(&name, &params);
        let _ = Kind::lenient(&name, &params);
    }
}

/// What LVM2 gives the kernel, and reads back from it.
#[test]
fn tables_are_spelled_as_lvm2_spells_them() {
    let lines = [
        "0 8192 linear 7:0 2048",
        "0 16384 striped 2 128 7:0 2048 7:1 2048",
        "0 8192 error",
        "0 8192 zero",
        "0 8192 snapshot-origin 253:1",
        "0 8192 snapshot 253:1 253:2 P 8",
        "0 8192 snapshot-merge 253:1 253:2 P 8",
        "0 8192 mirror core 2 1024 nosync 2 253:1 0 253:2 0 1 handle_errors",
        "0 8192 mirror disk 2 253:0 4096 2 253:1 0 253:2 0 1 handle_errors",
        "0 8192 thin-pool 253:0 253:1 128 0 0",
        "0 8192 thin-pool 253:0 253:1 128 100 2 skip_block_zeroing error_if_no_space",
        "0 8192 thin 253:3 7",
        "0 8192 thin 253:3 7 253:9",
        "0 8192 raid raid1 3 0 region_size 4096 2 253:0 253:1 253:2 253:3",
    ];
    for line in lines {
        assert_eq!(line.parse::<Target>().unwrap().to_string(), line);
    }
    let table: Table = lines[..2].join("\n").parse().unwrap();
    assert_eq!(table.to_string(), lines[..2].join("\n"));
    assert_eq!(table.devices().count(), 3);
}

#[test]
fn what_makes_no_sense_is_refused_with_its_place() {
    assert_eq!(
        Kind::parse("linear", "7:0"),
        Err(TableError::Missing { target: "linear", what: "an offset" })
    );
    assert_eq!(
        Kind::parse("linear", "7:0 0 1"),
        Err(TableError::Excess { target: "linear", found: "1".into() })
    );
    assert!(Kind::parse("striped", "4294967295 8 7:0 0").is_err());
    assert!("0 linear".parse::<Target>().is_err());
    assert!("0 8 thin 253:0 16777216".parse::<Target>().is_err());
}

#[test]
fn an_unknown_spelling_from_the_kernel_is_kept_word_for_word() {
    let kind = Kind::lenient("linear", "7:0 0 new_feature ");
    assert_eq!(kind.params(), "7:0 0 new_feature");
    assert_eq!(kind.name(), "linear");
}
