//! Texts that no sound slot points at.
//!
//! A power cut can leave a header whose text never reached the disk (LVM2 does not flush between them), or a
//! torn header. The ring then still holds the text before, whole:
//!
//! ```text
//! header --> [ text N: torn ]
//! ring   ... [ text N-1 ][ text N: torn ] ...
//! ```
//! It is found by its beginning at a multiple of 512, must end in a NUL, and must read as a VG.

use super::texts::{FoundText, Place, Texts};
use crate::state::PvOnDisk;
use device::{Disk, DiskSet};
use metadata::disk::{MdaHeader, RawLocn, Ring};
use metadata::model::Vg;
use metadata::text::{VgText, parse};
use pv::MdaFault;
use units::{Bytes, Id, crc};

/// Texts begin at multiples of this, from the start of the area.
const STEP: usize = 512;
/// A number stands within that many bytes of the beginning of a text.
const HEAD: usize = 512;
/// Larger areas are not searched in memory.
const MOST: u64 = 1 << 30;

/// Looks for older texts in damaged areas. A PV that says that it is in no VG is left out: what its ring holds
/// is the past.
pub(super) fn search(disks: &DiskSet, pvs: &[PvOnDisk], texts: &mut Texts) {
    let mut places: Vec<Place> = texts.faults.keys().copied().collect();
    places.sort_unstable();
    for place in places {
        let pv = &pvs[place.0];
        let header = pv.mdas[place.1].sound();
        if pv.label.header.used() == Some(false) {
            continue;
        }
        let area = header.map_or(pv.mdas[place.1].area, |header| header.area);
        let Ok(ring) = read_ring(&**disks.disk(pv.disk), Ring { area }) else { continue };
        let Some((text, locn)) = newest(&ring, header) else { continue };
        if is_of_use(texts, &text, pv.id(), header.is_some()) {
            texts.of.insert(place, texts.texts.len());
            texts.texts.push(FoundText { text, recovered: Some((place, locn)) });
        }
    }
}

/// Whether a text found in a ring counts beside those that slots point at. Where only the text was torn, the one
/// before it does if it is the newest there is. Where the header is damaged, the ring may end in a text that was
/// never committed: it counts only if the VG has no other. A text of the same id but another name that does not list
/// the PV is another VG's.
fn is_of_use(texts: &Texts, found: &VgText, pv: Id, sound_header: bool) -> bool {
    let is_of_vg = |vg: &Vg| vg.id == found.vg.id && (vg.name == found.vg.name || vg.pvs.contains(pv));
    let mut pointed = texts.texts.iter().filter(|text| text.recovered.is_none() && is_of_vg(&text.text.vg));
    match sound_header {
        true => pointed.all(|text| text.text.vg.seqno < found.vg.seqno),
        false => pointed.next().is_none(),
    }
}

/// The whole area, header included.
fn read_ring(disk: &dyn Disk, ring: Ring) -> Result<Vec<u8>, MdaFault> {
    let size = ring.area.size.get();
    if size > MOST || ring.area.end().is_none_or(|end| end > disk.len()) {
        return Ok(Vec::new());
    }
    let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
    disk.read_at(&mut bytes, ring.area.offset)?;
    Ok(bytes)
}

/// A place in a ring where a text seems to begin.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    offset: usize,
    seqno: u32,
}

/// The text before the one that slot 0 points at: the one that ends where that begins, or else the newest; of a
/// damaged header, the newest.
fn newest(area: &[u8], header: Option<&MdaHeader>) -> Option<(VgText, RawLocn)> {
    let skip = header.map(|header| header.slots.map(|slot| slot.offset.get()));
    let mut candidates: Vec<Candidate> = (STEP..area.len())
        .step_by(STEP)
        .filter(|offset| skip.is_none_or(|skip| !skip.contains(&(*offset as u64))))
        .filter_map(|offset| Some(Candidate { offset, seqno: seqno(area, offset)? }))
        .collect();
    candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.seqno));
    let torn = header.and_then(MdaHeader::committed).map(|locn| locn.offset.get());
    let mut best: Option<(VgText, RawLocn)> = None;
    for candidate in candidates {
        let Some((text, locn)) = whole(area, candidate.offset) else { continue };
        if torn.is_some_and(|torn| is_followed_by(&locn, torn)) {
            return Some((text, locn));
        }
        if best.as_ref().is_none_or(|(known, _)| text.provenance.time > known.provenance.time) {
            best = Some((text, locn));
        }
        if torn.is_none() && best.is_some() {
            break;
        }
    }
    best
}

/// Whether a text ends where another begins, blocks of 512 or 4096 bytes between them.
fn is_followed_by(locn: &RawLocn, next: u64) -> bool {
    let end = locn.offset.get() + locn.size.get();
    [512u64, 4096].into_iter().any(|step| end.next_multiple_of(step) == next)
}

/// The seqno in the text that begins here, if one does: `name {`, a line with the id, one with the seqno.
fn seqno(area: &[u8], offset: usize) -> Option<u32> {
    let head = area.get(offset..area.len().min(offset + HEAD))?;
    let name = head.iter().position(|byte| !(byte.is_ascii_alphanumeric() || b"+_.-".contains(byte)))?;
    if name == 0 || !head[name..].starts_with(b" {\nid = \"") {
        return None;
    }
    let key = b"\nseqno = ";
    let at = head.windows(key.len()).position(|window| window == key)? + key.len();
    let mut digits = head[at..].iter().take_while(|byte| byte.is_ascii_digit());
    digits.clone().next()?;
    digits.try_fold(0u32, |number, digit| number.checked_mul(10)?.checked_add(u32::from(digit - b'0')))
}

/// The text from here to its NUL, round the end of the ring if need be, if it is whole.
fn whole(area: &[u8], offset: usize) -> Option<(VgText, RawLocn)> {
    let nul = |bytes: &[u8]| bytes.iter().position(|byte| *byte == 0);
    let bytes = match nul(&area[offset..]) {
        Some(end) => area[offset..=offset + end].to_vec(),
        None => {
            let end = nul(area.get(STEP..offset)?)?;
            [&area[offset..], &area[STEP..=STEP + end]].concat()
        }
    };
    let text = parse(&bytes).ok()?;
    let size = Bytes::new(bytes.len() as u64);
    let offset = Bytes::new(offset as u64);
    Some((text, RawLocn { offset, size, checksum: crc(&bytes), flags: 0 }))
}
