//! Layouts that LVM2 2.03.16 and 2.03.40 made of the same options: in sectors.

use proptest::prelude::{ProptestConfig, prop_assert, proptest};
use pv::{LayoutError, LayoutNote, LayoutOptions, Restore, Topology, layout};
use units::{Bytes, ExtentSize, Extents, Sectors};

/// Sectors; zero where an option is not given.
#[derive(Clone, Copy)]
struct Case {
    size: u64,
    copies: u32,
    mda: u64,
    align: u64,
    offset: u64,
    boot: u64,
}

const PLAIN: Case = Case { size: 40960, copies: 1, mda: 0, align: 0, offset: 0, boot: 0 };
const TWO: Case = Case { copies: 2, ..PLAIN };

/// First extent, bootloader area, metadata areas.
type Laid = (u64, Option<(u64, u64)>, Vec<(u64, u64)>);

type Golden = (u64, Option<(u64, u64)>, &'static [(u64, u64)]);

fn lay(case: Case) -> Result<Laid, LayoutError> {
    let some = |n: u64| Some(Sectors::new(n)).filter(|n| !n.is_zero());
    let options = LayoutOptions {
        metadata_copies: case.copies,
        metadata_size: some(case.mda),
        data_alignment: some(case.align),
        data_alignment_offset: some(case.offset),
        bootloader_size: Sectors::new(case.boot),
        ..LayoutOptions::default()
    };
    places(Topology { size: Sectors::new(case.size), ..Topology::default() }, options)
}

fn places(device: Topology, options: LayoutOptions) -> Result<Laid, LayoutError> {
    let laid = layout(device, &options)?;
    let sectors = |bytes: Bytes| bytes.get() / 512;
    let mdas = laid.mdas.iter().map(|mda| (sectors(mda.area.offset), sectors(mda.area.size))).collect();
    Ok((laid.pe_start.get(), laid.bootloader.map(|area| (area.start.get(), area.size.get())), mdas))
}

#[test]
fn options_give_lvm2s_places() {
    let cases: &[(Case, Golden)] = &[
        (PLAIN, (2048, None, &[(8, 2040)])),
        (Case { copies: 0, ..PLAIN }, (2048, None, &[])),
        (TWO, (2048, None, &[(8, 2040), (38912, 2048)])),
        (Case { size: 43008, ..TWO }, (2048, None, &[(8, 2040), (40960, 2048)])),
        (Case { size: 40959, ..TWO }, (2048, None, &[(8, 2040), (38912, 2047)])),
        (Case { mda: 4096, ..PLAIN }, (6144, None, &[(8, 6136)])),
        (Case { mda: 4088, ..PLAIN }, (4096, None, &[(8, 4088)])),
        (Case { mda: 200, ..TWO }, (2048, None, &[(8, 2040), (38912, 2048)])),
        (Case { mda: 200, align: 128, ..TWO }, (256, None, &[(8, 248), (40704, 256)])),
        (Case { mda: 80, align: 8, ..PLAIN }, (88, None, &[(8, 80)])),
        (Case { align: 512, ..PLAIN }, (2048, None, &[(8, 2040)])),
        (Case { align: 512, offset: 64, ..PLAIN }, (2112, None, &[(8, 2104)])),
        (Case { offset: 7, ..PLAIN }, (2055, None, &[(8, 2047)])),
        (Case { align: 6144, offset: 5, ..TWO }, (6149, None, &[(8, 6141), (36864, 4096)])),
        (Case { align: 38912, ..PLAIN }, (38912, None, &[(8, 38904)])),
        (Case { align: 16384, mda: 30720, ..PLAIN }, (32768, None, &[(8, 32760)])),
        (Case { mda: 38912, ..PLAIN }, (40960, None, &[(8, 40952)])),
        (Case { mda: 61440, ..PLAIN }, (36864, None, &[(8, 36856)])),
        (Case { mda: 24576, ..TWO }, (26624, None, &[(8, 26616), (26624, 14336)])),
        (Case { mda: 40960, ..TWO }, (36864, None, &[(8, 36856), (36864, 4096)])),
        (Case { mda: 40960, align: 14336, ..TWO }, (14336, None, &[(8, 14328), (14336, 26624)])),
        (Case { boot: 512, ..PLAIN }, (4096, Some((2048, 2048)), &[(8, 2040)])),
        (Case { boot: 4096, ..TWO }, (6144, Some((2048, 4096)), &[(8, 2040), (38912, 2048)])),
        (Case { boot: 4096, copies: 0, ..PLAIN }, (6144, Some((2048, 4096)), &[])),
        (Case { boot: 34816, ..PLAIN }, (36864, Some((2048, 34816)), &[(8, 2040)])),
        (Case { boot: 38912, copies: 0, ..PLAIN }, (40960, Some((2048, 38912)), &[])),
        (Case { boot: 600, align: 256, offset: 3, ..PLAIN }, (2819, Some((2051, 768)), &[(8, 2043)])),
        (Case { size: 4096, ..PLAIN }, (2048, None, &[(8, 2040)])),
        (Case { size: 6144, ..TWO }, (2048, None, &[(8, 2040), (4096, 2048)])),
        (Case { size: 4096, ..TWO }, (2048, None, &[(8, 2040), (2048, 2048)])),
        (Case { align: 1, ..PLAIN }, (2048, None, &[(8, 2040)])),
        (Case { align: 1, mda: 65, ..PLAIN }, (73, None, &[(8, 65)])),
    ];
    for (number, (case, (pe_start, boot, mdas))) in cases.iter().enumerate() {
        assert_eq!(lay(*case), Ok((*pe_start, *boot, mdas.to_vec())), "case {number}");
    }
}

#[test]
fn what_lvm2_refuses_is_refused() {
    use LayoutError::{AlignmentBeyondDevice, MdaTooSmall, NoSpace, OffsetBeyondAlignment, TooSmall};
    assert!(matches!(lay(Case { size: 4095, ..PLAIN }), Err(TooSmall { .. })));
    assert!(matches!(lay(Case { align: 61440, ..PLAIN }), Err(AlignmentBeyondDevice { .. })));
    assert!(matches!(lay(Case { align: 8, offset: 16, ..PLAIN }), Err(OffsetBeyondAlignment { .. })));
    assert!(matches!(lay(Case { mda: 20, align: 8, ..PLAIN }), Err(MdaTooSmall { .. })));
    assert!(matches!(lay(Case { mda: 63, align: 1, ..PLAIN }), Err(MdaTooSmall { .. })));
    assert!(matches!(lay(Case { mda: 2048, size: 4096, ..TWO }), Err(NoSpace { index: 1 })));
    let options = LayoutOptions { label_sector: 4, ..LayoutOptions::default() };
    let device = Topology { size: Sectors::new(40960), ..Topology::default() };
    assert_eq!(places(device, options), Err(LayoutError::LabelSector(4)));
    for size in [u64::MAX, u64::MAX / 512, 1 << 62] {
        assert!(lay(Case { size, ..TWO }).is_err());
    }
    for huge in [u64::MAX, 1 << 40] {
        assert!(lay(Case { align: huge, ..PLAIN }).is_err());
        assert!(lay(Case { boot: huge, ..PLAIN }).is_err());
        let _ = lay(Case { mda: huge, ..TWO });
    }
}

#[test]
fn a_restored_pv_keeps_its_first_extent() {
    let device = Topology { size: Sectors::new(40960), ..Topology::default() };
    let restore = |pe_start, extents, copies| {
        let restore = Restore {
            pe_start: Sectors::new(pe_start),
            bootloader: None,
            extent_size: ExtentSize::DEFAULT,
            extents: Extents::new(extents),
        };
        let options =
            LayoutOptions { restore: Some(restore), metadata_copies: copies, ..LayoutOptions::default() };
        places(device, options)
    };
    assert_eq!(restore(2048, 4, 1), Ok((2048, None, vec![(8, 2040)])));
    assert_eq!(restore(384, 3, 2), Ok((384, None, vec![(8, 376), (38912, 2048)])));
    assert_eq!(restore(384, 4, 0), Ok((384, None, vec![])));
    assert!(matches!(restore(384, 5, 1), Err(LayoutError::ExtentsBeyondDevice { .. })));
    assert!(matches!(restore(64, 3, 1), Err(LayoutError::MdaTooSmall { .. })));
}

#[test]
fn an_alignment_that_does_not_go_with_the_restored_start_is_ignored() {
    let device = Topology { size: Sectors::new(40960), ..Topology::default() };
    let restore = Restore {
        pe_start: Sectors::new(8192),
        bootloader: None,
        extent_size: ExtentSize::DEFAULT,
        extents: Extents::new(3),
    };
    let options = LayoutOptions {
        restore: Some(restore),
        data_alignment: Some(Sectors::new(6144)),
        ..LayoutOptions::default()
    };
    let laid = layout(device, &options).unwrap();
    assert!(matches!(laid.notes[..], [LayoutNote::AlignmentIgnored { .. }]));
    assert_eq!(laid.pe_start, Sectors::new(8192));
}

#[test]
fn the_device_is_listened_to_where_one_mebibyte_does_not_suit_it() {
    let device = Topology { size: Sectors::new(40960), ..Topology::default() };
    let start = |device: Topology, options: LayoutOptions| places(device, options).unwrap().0;
    let plain = LayoutOptions::default();
    // A stripe of 3 x 512 KiB; 1 MiB is no multiple of it.
    let striped = Topology { md_stripe_width: Sectors::new(3072), ..device };
    assert_eq!(start(striped, plain), 3072);
    assert_eq!(start(striped, LayoutOptions { md_chunk_alignment: false, ..plain }), 2048);
    let likes_64k = Topology { minimum_io: Bytes::new(65536), optimal_io: Bytes::new(65536 * 3), ..device };
    assert_eq!(start(likes_64k, plain), 2304);
    // What is no multiple of 2 KiB is nonsense that some devices state.
    let nonsense = Topology { optimal_io: Bytes::new(33553920), ..device };
    assert_eq!(start(nonsense, plain), 2048);
    let shifted = Topology { alignment_offset: Bytes::new(3584), ..device };
    assert_eq!(start(shifted, plain), 2055);
    assert_eq!(start(shifted, LayoutOptions { offset_detection: false, ..plain }), 2048);
}

#[test]
fn a_larger_page_moves_the_metadata_area_but_not_the_data() {
    let device = Topology { size: Sectors::new(40960), ..Topology::default() };
    for (page, at, size) in [(8192, 16, 2032), (16384, 32, 2016), (65536, 128, 1920)] {
        let options = LayoutOptions { page_size: Bytes::new(page), ..LayoutOptions::default() };
        assert_eq!(places(device, options), Ok((2048, None, vec![(at, size)])));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn nothing_overlaps_and_everything_lies_on_the_device(
        size in 4096u64..200_000,
        copies in 0u32..3,
        mda in 0u64..250_000,
        align in 0u64..30_000,
        offset in 0u64..3_000,
        boot in 0u64..60_000,
        page in 0usize..4,
    ) {
        let some = |n: u64| Some(Sectors::new(n)).filter(|n| !n.is_zero());
        let options = LayoutOptions {
            metadata_copies: copies,
            metadata_size: some(mda),
            data_alignment: some(align),
            data_alignment_offset: some(offset),
            bootloader_size: Sectors::new(boot),
            page_size: Bytes::new([4096, 8192, 16384, 65536][page]),
            ..LayoutOptions::default()
        };
        let device = Topology { size: Sectors::new(size), ..Topology::default() };
        let Ok((pe_start, boot, mdas)) = places(device, options) else { return Ok(()) };
        let mut taken: Vec<(u64, u64)> = vec![(0, 4)];
        taken.extend(mdas.iter().copied());
        taken.extend(boot);
        taken.sort_unstable();
        for pair in taken.windows(2) {
            prop_assert!(pair[0].0 + pair[0].1 <= pair[1].0, "{taken:?}");
        }
        prop_assert!(taken.iter().all(|(start, len)| start + len <= size), "{taken:?}");
        let before = taken.iter().filter(|(start, _)| *start < pe_start);
        prop_assert!(before.clone().all(|(start, len)| start + len <= pe_start), "{pe_start} in {taken:?}");
        prop_assert!(pe_start <= size);
    }
}
