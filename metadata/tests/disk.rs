//! The binary structures, against bytes that LVM2 wrote.

use metadata::disk::{
    Damage, DiskArea, Extension, Label, MdaHeader, PvHeader, RawLocn, Ring, RingError, SECTOR, What,
};
use units::{Bytes, Id, crc};

const ORPHAN: &[u8; 512] = include_bytes!("../../tests/images/disk/label-orphan");
const USED: &[u8; 512] = include_bytes!("../../tests/images/disk/label-used");
const TWO_AREAS: &[u8; 512] = include_bytes!("../../tests/images/disk/label-two-areas");
const MDA_EMPTY: &[u8; 512] = include_bytes!("../../tests/images/disk/mda-empty");
const MDA_USED: &[u8; 512] = include_bytes!("../../tests/images/disk/mda-used");
const MDA_IGNORED: &[u8; 512] = include_bytes!("../../tests/images/disk/mda-ignored");
const RING: &str = include_str!("../../tests/images/disk/ring");

const AREA: DiskArea = DiskArea::new(4096, 61440);

fn id() -> Id {
    "0a1b2c-3d4e-5f6g-7h8i-9j0k-1l2m-3n4o5p".parse().unwrap()
}

/// The first four sectors of a device with this label in sector 1.
fn device(label: &[u8; 512]) -> Vec<u8> {
    let mut bytes = vec![0; 4 * SECTOR];
    bytes[SECTOR..2 * SECTOR].copy_from_slice(label);
    bytes
}

fn resum(sector: &mut [u8]) {
    let sum = crc(&sector[20..SECTOR]);
    sector[16..20].copy_from_slice(&sum.to_le_bytes());
}

fn only_damage(bytes: &[u8]) -> Damage {
    let search = Label::find(bytes);
    assert_eq!(search.label, None);
    assert_eq!(search.damage.len(), 1);
    search.damage[0]
}

#[test]
fn labels_of_lvm2_are_read_and_written_byte_for_byte() {
    for (bytes, used) in [(ORPHAN, false), (USED, true), (TWO_AREAS, false)] {
        let search = Label::find(&device(bytes));
        assert_eq!(search.damage, []);
        let label = search.label.unwrap();
        assert_eq!((label.sector, label.header.id, label.header.used()), (1, id(), Some(used)));
        assert_eq!(&label.encode().unwrap(), bytes);
    }
}

#[test]
fn a_label_made_here_is_the_one_lvm2_makes() {
    let header = PvHeader {
        id: id(),
        device_size: Bytes::new(20 << 20),
        data_areas: vec![DiskArea::new(2 << 20, 0)],
        metadata_areas: vec![DiskArea::new(4096, (1 << 20) - 4096), DiskArea::new(19 << 20, 1 << 20)],
        extension: Some(Extension::new(false, vec![DiskArea::new(1 << 20, 1 << 20)])),
    };
    assert_eq!(&Label { sector: 1, header }.encode().unwrap(), TWO_AREAS);

    let mut label = Label::find(&device(ORPHAN)).label.unwrap();
    label.header.set_used(true);
    assert_eq!(&label.encode().unwrap(), USED);
}

#[test]
fn old_headers_without_extension_stay_without_it() {
    let mut label = Label::find(&device(ORPHAN)).label.unwrap();
    label.header.extension = None;
    let bytes = label.encode().unwrap();
    let again = Label::find(&device(&bytes)).label.unwrap();
    assert_eq!((again.header.extension.is_none(), again.header.used()), (true, None));
    label.header.extension = Some(Extension { version: 1, flags: 1, bootloader_areas: Vec::new() });
    let again = Label::find(&device(&label.encode().unwrap())).label.unwrap();
    assert_eq!(again, label);
    assert_eq!(again.header.used(), None);
}

#[test]
fn a_label_is_found_in_any_of_the_first_four_sectors_and_only_there() {
    let label = Label::find(&device(ORPHAN)).label.unwrap();
    for sector in 0..4 {
        let moved = Label { sector, ..label.clone() };
        let mut bytes = vec![0; 8 * SECTOR];
        let at = sector as usize * SECTOR;
        bytes[at..at + SECTOR].copy_from_slice(&moved.encode().unwrap());
        assert_eq!(Label::find(&bytes).label, Some(moved));
    }
    let mut bytes = vec![0; 8 * SECTOR];
    bytes[4 * SECTOR..5 * SECTOR].copy_from_slice(&Label { sector: 4, ..label }.encode().unwrap());
    assert_eq!(Label::find(&bytes), Default::default());
    assert_eq!(Label::find(&[]), Default::default());
}

#[test]
fn a_second_label_is_reported_and_ignored() {
    let first = Label::find(&device(ORPHAN)).label.unwrap();
    let mut bytes = device(ORPHAN);
    let second = Label { sector: 3, header: PvHeader { device_size: Bytes::ZERO, ..first.header.clone() } };
    bytes[3 * SECTOR..].copy_from_slice(&second.encode().unwrap());
    let search = Label::find(&bytes);
    assert_eq!(search.label, Some(first));
    assert_eq!(search.damage, [Damage { what: What::LabelAdditional, at: 1536, found: 3 }]);
}

#[test]
fn damaged_labels_are_named_for_what_is_wrong() {
    let mut elsewhere = vec![0; 4 * SECTOR];
    elsewhere[..SECTOR].copy_from_slice(ORPHAN);
    assert_eq!(only_damage(&elsewhere), Damage { what: What::LabelSector, at: 8, found: 1 });

    let mut bytes = device(ORPHAN);
    bytes[SECTOR + 40] ^= 1;
    assert!(matches!(only_damage(&bytes).what, What::LabelChecksum { .. }));
    resum(&mut bytes[SECTOR..]);
    assert!(Label::find(&bytes).label.is_some());

    let mut cases = Vec::new();
    let mut broken = |what, change: &dyn Fn(&mut [u8])| {
        let mut bytes = device(ORPHAN);
        change(&mut bytes[SECTOR..2 * SECTOR]);
        resum(&mut bytes[SECTOR..]);
        cases.push((what, only_damage(&bytes).what));
    };
    broken(What::LabelType, &|sector| sector[24] = b'X');
    broken(What::PvHeaderOffset, &|sector| sector[20..24].copy_from_slice(&500u32.to_le_bytes()));
    broken(What::PvHeaderOffset, &|sector| sector[20..24].copy_from_slice(&u32::MAX.to_le_bytes()));
    broken(What::PvId, &|sector| sector[32] = b'-');
    broken(What::AreaList("data"), &|sector| sector[72..].fill(1));
    broken(What::AreaList("metadata"), &|sector| sector[104..].fill(1));
    broken(What::AreaList("bootloader"), &|sector| sector[136..].fill(1));
    for (expected, found) in cases {
        assert_eq!(expected, found);
    }
}

#[test]
fn more_areas_than_a_sector_holds_are_refused() {
    let mut label = Label::find(&device(ORPHAN)).label.unwrap();
    label.header.metadata_areas = vec![DiskArea::new(4096, 4096); 40];
    assert!(matches!(label.encode().unwrap_err().what, What::AreaList("metadata")));
}

#[test]
fn area_headers_of_lvm2_are_read_and_written_byte_for_byte() {
    assert_eq!(&MdaHeader::new(AREA).encode(), MDA_EMPTY);
    for (bytes, text, ignored) in
        [(MDA_EMPTY, false, false), (MDA_USED, true, false), (MDA_IGNORED, true, true)]
    {
        let header = MdaHeader::parse(bytes, AREA).unwrap();
        assert_eq!((header.committed().is_some(), header.is_ignored()), (text, ignored));
        assert_eq!(header.precommitted(), None);
        assert_eq!(&header.encode(), bytes);
    }
}

#[test]
fn bytes_behind_the_slots_are_written_back() {
    let mut bytes = *MDA_USED;
    bytes[100..].fill(7);
    let sum = crc(&bytes[4..]);
    bytes[..4].copy_from_slice(&sum.to_le_bytes());
    assert_eq!(MdaHeader::parse(&bytes, AREA).unwrap().encode(), bytes);
}

#[test]
fn damaged_area_headers_are_named_for_what_is_wrong() {
    let what = |change: &dyn Fn(&mut [u8; 512]), area| {
        let mut bytes = *MDA_USED;
        change(&mut bytes);
        let sum = crc(&bytes[4..]);
        bytes[..4].copy_from_slice(&sum.to_le_bytes());
        MdaHeader::parse(&bytes, area).unwrap_err()
    };
    assert_eq!(what(&|bytes| bytes[4] = 0, AREA).what, What::MdaMagic);
    assert_eq!(what(&|bytes| bytes[20] = 2, AREA), Damage { what: What::MdaVersion, at: 4116, found: 2 });
    assert_eq!(what(&|_| (), DiskArea::new(8192, 61440)).what, What::MdaStart);
    assert_eq!(what(&|_| (), DiskArea::new(4096, 61439)).what, What::MdaSize);
    assert_eq!(what(&|bytes| bytes[32..40].fill(0), AREA).what, What::MdaSize);
    assert_eq!(what(&|bytes| bytes[32..40].fill(0xff), AREA).what, What::MdaSize);
    let mut torn = *MDA_USED;
    torn[45] ^= 1;
    assert!(matches!(MdaHeader::parse(&torn, AREA).unwrap_err().what, What::MdaChecksum { .. }));
    assert_eq!(MdaHeader::inspect(&torn, AREA).unwrap().1.len(), 1);
    assert_eq!(MdaHeader::parse(&torn[..511], AREA).unwrap_err().what, What::Short);
}

fn recorded() -> Vec<(Ring, RawLocn)> {
    let line = |line: &str| {
        let n: Vec<u64> = line.split_whitespace().map(|n| n.parse().unwrap()).collect();
        let locn = RawLocn {
            offset: Bytes::new(n[2]),
            size: Bytes::new(n[3]),
            checksum: n[4].try_into().unwrap(),
            flags: 0,
        };
        (Ring { area: DiskArea::new(n[0], n[1]) }, locn)
    };
    RING.lines().map(line).collect()
}

#[test]
fn texts_go_where_lvm2_puts_them_round_and_round() {
    let recorded = recorded();
    let mut wraps = 0;
    for pair in recorded.windows(2) {
        let [(ring, old), (_, new)] = pair else { unreachable!() };
        let place = ring.place(Some(*old), new.size, Bytes::new(512)).unwrap();
        assert_eq!(place.offset, new.offset);
        assert_eq!(place.pieces().map(|piece| piece.len).sum::<Bytes>(), new.size);
        let last = place.pieces().last().unwrap();
        assert_eq!((last.at + last.len + last.padding).get() % 512, 0);
        wraps += usize::from(place.second.is_some());
        assert_eq!(ring.text(*new).unwrap(), place);
    }
    assert!(wraps > 0);
    let ring = recorded[0].0;
    let first = ring.place(None, Bytes::new(823), Bytes::new(512)).unwrap();
    assert_eq!(first.offset.get(), 512);
}

#[test]
fn a_wrapped_text_is_split_and_padded_at_its_end_only() {
    let ring = Ring { area: AREA };
    let old = RawLocn { offset: Bytes::new(59392), size: Bytes::new(1000), checksum: 0, flags: 0 };
    let text: Vec<u8> = (0..1500u32).map(|n| n as u8).collect();
    let place = ring.place(Some(old), Bytes::new(1500), Bytes::new(512)).unwrap();
    assert_eq!(place.offset.get(), 60416);
    let writes = place.writes(&text);
    assert_eq!(writes.len(), 2);
    assert_eq!((writes[0].0.get(), &writes[0].1[..]), (4096 + 60416, &text[..1024]));
    assert_eq!((writes[1].0.get(), writes[1].1.len()), (4096 + 512, 512));
    assert_eq!(writes[1].1[..476], text[1024..]);
    assert!(writes[1].1[476..].iter().all(|&b| b == 0));
    let locn = place.locn(&text);
    assert!(locn.check(&text, Bytes::ZERO).is_ok());
    assert!(matches!(locn.check(&[0; 1500], Bytes::ZERO).unwrap_err().what, What::TextChecksum { .. }));
    assert_eq!(locn.check(&text[1..], Bytes::ZERO).unwrap_err().what, What::Short);
}

#[test]
fn a_text_longer_than_half_the_ring_is_refused_with_numbers() {
    let ring = Ring { area: AREA };
    let max = ring.max_text();
    assert_eq!(max.get(), (61440 - 512) / 2 - 512);
    assert!(ring.place(None, max, Bytes::new(512)).is_ok());
    let len = max + Bytes::new(1);
    assert_eq!(ring.place(None, len, Bytes::new(512)), Err(RingError::TooLarge { len, max }));
    assert_eq!(Ring { area: DiskArea::new(0, 0) }.max_text(), Bytes::ZERO);
}

#[test]
fn large_physical_blocks_keep_texts_out_of_the_committed_texts_blocks() {
    let ring = Ring { area: DiskArea::new(4096, 1044480) };
    let block = Bytes::new(4096);
    let mut committed: Option<RawLocn> = None;
    for len in (0..2000u64).map(|n| 700 + n * 37 % 9000) {
        let place = ring.place(committed, Bytes::new(len), block).unwrap();
        assert_eq!((place.offset.get() + 4096) % 4096, 0);
        assert!(place.second.is_none(), "there is room to begin anew instead of wrapping");
        assert!(place.offset >= block);
        let new = RawLocn { offset: place.offset, size: Bytes::new(len), checksum: 0, flags: 0 };
        if let Some(old) = committed {
            let blocks =
                |locn: RawLocn| locn.offset.get() / 4096..=((locn.offset + locn.size).get() - 1) / 4096;
            assert!(blocks(old).all(|block| block > *blocks(new).end() || block < *blocks(new).start()));
        }
        committed = Some(new);
    }
}

#[test]
fn large_blocks_give_way_where_the_area_is_small() {
    let ring = Ring { area: DiskArea::new(4096, 16384) };
    let old = RawLocn { offset: Bytes::new(512), size: Bytes::new(7000), checksum: 0, flags: 0 };
    let place = ring.place(Some(old), Bytes::new(7000), Bytes::new(16384)).unwrap();
    assert_eq!(place.offset.get(), 7680);
}

#[test]
fn slots_that_point_outside_the_ring_are_damage() {
    let ring = Ring { area: AREA };
    let text = |offset, size| {
        let locn = RawLocn { offset: Bytes::new(offset), size: Bytes::new(size), checksum: 0, flags: 0 };
        ring.text(locn).map_err(|damage| damage.what)
    };
    assert_eq!(text(61440, 10), Err(What::TextOffset));
    assert_eq!(text(u64::MAX, 10), Err(What::TextOffset));
    assert_eq!(text(511, 10), Err(What::TextOffset));
    assert_eq!(text(512, 60929), Err(What::TextSize));
    assert_eq!(text(512, u64::MAX), Err(What::TextSize));
    assert_eq!(text(512, 0), Err(What::TextSize));
    assert!(text(61439, 60928).is_ok());
    let huge = Ring { area: DiskArea::new(u64::MAX - 5, u64::MAX) };
    let locn = RawLocn { offset: Bytes::new(600), size: Bytes::new(9), checksum: 0, flags: 0 };
    assert!(huge.text(locn).is_err());
    assert!(huge.place(Some(locn), Bytes::new(9), Bytes::new(4096)).is_err());
    assert!(huge.place(None, Bytes::new(9), Bytes::new(4096)).is_err());
}

#[test]
fn an_ignored_or_empty_slot_leaves_the_whole_ring() {
    let ring = Ring { area: AREA };
    let mut locn = recorded()[5].1;
    assert_eq!(ring.free(Some(locn)).get(), (ring.max_text().get() - locn.size.get()) / 512);
    locn.set_ignored(true);
    assert_eq!(ring.place(Some(locn), Bytes::new(9), Bytes::new(512)).unwrap().offset.get(), 512);
    locn.set_ignored(false);
    locn.clear();
    assert!(locn.is_empty());
    assert_eq!(ring.place(Some(locn), Bytes::new(9), Bytes::new(512)).unwrap().offset.get(), 512);
}
