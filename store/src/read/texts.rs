//! The second round trip: texts, each once, and the headers of metadata areas further on.

use crate::state::PvOnDisk;
use device::{Disk, DiskSet};
use metadata::disk::{Damage, MdaHeader, RawLocn, What};
use metadata::text::{VgText, parse};
use pv::{Mda, MdaFault};
use std::collections::HashMap;
use units::{Bytes, Sectors};

/// Which texts to read to their end.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wanted<'a> {
    /// All.
    All,
    /// Those of VGs of that name.
    Named(&'a str),
}

/// A metadata area: which PV of the list, and which of its areas.
pub(super) type Place = (usize, usize);

/// What tells one text from another without reading it: checksum and size.
type Key = (u32, u64);

/// Texts with the areas that hold them.
#[derive(Debug, Default)]
pub(super) struct Texts {
    /// The texts, in the order they were read.
    pub(super) texts: Vec<FoundText>,
    /// The area's text, as an index in `texts`. Areas without one, or with one nobody wanted, are not here.
    pub(super) of: HashMap<Place, usize>,
    /// What is wrong with areas.
    pub(super) faults: HashMap<Place, MdaFault>,
}

/// One text.
#[derive(Debug)]
pub(super) struct FoundText {
    pub(super) text: VgText,
    /// Where it lies, if no slot points at it but it was found in the ring.
    pub(super) recovered: Option<(Place, RawLocn)>,
}

/// Texts up to this length are read whole at once; of longer ones a beginning, where only one VG is wanted.
const WHOLE: u64 = 128 * 1024;
/// A text that changes while it is read is read again that often.
const TRIES: u32 = 4;

/// What one reader is to do.
enum Task {
    /// Read a header that did not lie in the first bytes.
    Header(Place),
    /// Read the text that these areas should have in common.
    Text(Vec<Place>),
}

/// What one reader found. Headers are those that were read, or read again.
#[derive(Default)]
struct Report {
    headers: Vec<(Place, Mda)>,
    faults: Vec<(Place, MdaFault)>,
    text: Option<(VgText, Vec<Place>)>,
    /// Areas to be looked at again, for their headers are known only now.
    again: Vec<Place>,
}

/// Reads all wanted texts.
pub(super) fn read(disks: &DiskSet, pvs: &mut [PvOnDisk], wanted: Wanted<'_>) -> Texts {
    let mut found = Texts::default();
    let mut known: HashMap<Key, usize> = HashMap::new();
    let mut todo: Vec<Place> = Vec::new();
    for (number, pv) in pvs.iter().enumerate() {
        todo.extend((0..pv.mdas.len()).map(|mda| (number, mda)));
    }
    // Two rounds as a rule: what a header further on points at is mostly known by then.
    while !todo.is_empty() {
        let tasks = tasks(pvs, std::mem::take(&mut todo), &known, &mut found);
        let reports =
            device::each(&tasks, |task| is_slow(disks, pvs, task), |task| do_task(disks, pvs, task, wanted));
        for report in reports {
            for ((pv, mda), read) in report.headers {
                pvs[pv].mdas[mda] = read;
            }
            found.faults.extend(report.faults);
            todo.extend(report.again);
            if let Some((text, places)) = report.text {
                let index = found.texts.len();
                for place in places {
                    found.of.insert(place, index);
                    if let Some(locn) = pvs[place.0].mdas[place.1].sound().and_then(MdaHeader::committed) {
                        known.insert(key(locn), index);
                    }
                }
                found.texts.push(FoundText { text, recovered: None });
            }
        }
    }
    found
}

fn key(locn: RawLocn) -> Key {
    (locn.checksum, locn.size.get())
}

fn is_slow(disks: &DiskSet, pvs: &[PvOnDisk], task: &Task) -> bool {
    let place = match task {
        Task::Header(place) => Some(place),
        Task::Text(places) => places.first(),
    };
    let disk = place.map(|place| disks.disk(pvs[place.0].disk).identity());
    matches!(disk, Some(device::Identity::Device { .. }))
}

/// Sorts areas into texts to read and headers to read. Areas whose text is known already get it; damaged ones
/// are noted.
fn tasks(pvs: &[PvOnDisk], todo: Vec<Place>, known: &HashMap<Key, usize>, found: &mut Texts) -> Vec<Task> {
    let mut tasks = Vec::new();
    let mut texts: HashMap<Key, usize> = HashMap::new();
    for place in todo {
        let header = match &pvs[place.0].mdas[place.1].header {
            None => {
                tasks.push(Task::Header(place));
                continue;
            }
            Some(Err(fault)) => {
                found.faults.insert(place, fault.clone());
                continue;
            }
            Some(Ok(header)) => header,
        };
        let Some(locn) = header.committed().filter(|_| !header.is_ignored()) else { continue };
        if let Some(index) = known.get(&key(locn)) {
            found.of.insert(place, *index);
        } else if let Some(task) = texts.get(&key(locn)) {
            if let Task::Text(places) = &mut tasks[*task] {
                places.push(place);
            }
        } else {
            texts.insert(key(locn), tasks.len());
            tasks.push(Task::Text(vec![place]));
        }
    }
    tasks
}

fn do_task(disks: &DiskSet, pvs: &[PvOnDisk], task: &Task, wanted: Wanted<'_>) -> Report {
    let mut report = Report::default();
    match task {
        Task::Header(place) => {
            let pv = &pvs[place.0];
            let mut mda = pv.mdas[place.1].clone();
            mda.read(&**disks.disk(pv.disk));
            report.headers.push((*place, mda));
            report.again.push(*place);
        }
        Task::Text(places) => read_first_sound(disks, pvs, places, wanted, &mut report),
    }
    report
}

/// Reads the text from the first area that has it whole; the areas after it are believed.
fn read_first_sound(
    disks: &DiskSet,
    pvs: &[PvOnDisk],
    places: &[Place],
    wanted: Wanted<'_>,
    report: &mut Report,
) {
    for (tried, place) in places.iter().enumerate() {
        let pv = &pvs[place.0];
        let mut mda = pv.mdas[place.1].clone();
        let before = mda.sound().and_then(MdaHeader::committed);
        let text = read_steadily(&**disks.disk(pv.disk), &mut mda, wanted);
        let moved = mda.sound().and_then(MdaHeader::committed) != before;
        if moved {
            report.headers.push((*place, mda));
        }
        match text {
            Err(fault) => report.faults.push((*place, fault)),
            Ok(None) => return,
            // Somebody changed the VG meanwhile: the other areas have changed too.
            Ok(Some(text)) if moved => {
                report.text = Some((text, vec![*place]));
                for other in &places[tried + 1..] {
                    report
                        .headers
                        .push((*other, Mda { area: pvs[other.0].mdas[other.1].area, header: None }));
                    report.again.push(*other);
                }
                return;
            }
            Ok(Some(text)) => {
                report.text = Some((text, places[tried..].to_vec()));
                return;
            }
        }
    }
}

/// Reads an area's text; where it is not whole, header and text again, as long as the header moves. None: the
/// text of a VG that nobody wants.
fn read_steadily(disk: &dyn Disk, mda: &mut Mda, wanted: Wanted<'_>) -> Result<Option<VgText>, MdaFault> {
    let mut tries = 0;
    loop {
        let Some(header) = mda.sound().cloned() else {
            return match &mda.header {
                Some(Err(fault)) => Err(fault.clone()),
                _ => Ok(None),
            };
        };
        let Some(locn) = header.committed() else { return Ok(None) };
        let fault = match read_text(disk, &header, locn, wanted) {
            Ok(text) => return Ok(text),
            Err(fault) => fault,
        };
        tries += 1;
        mda.read(disk);
        let same = mda.sound().is_some_and(|again| again.slots[0] == header.slots[0]);
        if same || tries == TRIES {
            return Err(fault);
        }
    }
}

/// Reads the text that a slot points at. None: the text of a VG that nobody wants.
pub(super) fn read_text(
    disk: &dyn Disk,
    header: &MdaHeader,
    locn: RawLocn,
    wanted: Wanted<'_>,
) -> Result<Option<VgText>, MdaFault> {
    let placement = header.ring().text(locn)?;
    // Before memory is asked for: a header may claim any size.
    if header.area.end().is_none_or(|end| end > disk.len()) {
        let (at, found) = (header.area.offset.get(), header.area.size.get());
        return Err(Damage { what: What::MdaSize, at, found }.into());
    }
    let whole = usize::try_from(locn.size.get()).unwrap_or(usize::MAX);
    let mut text = vec![0; whole];
    let mut done = 0;
    if let Wanted::Named(name) = wanted
        && locn.size.get() > WHOLE
        && placement.second.is_none()
    {
        done = WHOLE as usize;
        disk.read_at(&mut text[..done], placement.first.at)?;
        if !is_named(&text[..done], name) {
            return Ok(None);
        }
    }
    for piece in placement.pieces() {
        let len = usize::try_from(piece.len.get()).unwrap_or(usize::MAX);
        // A beginning that was read lies in the first and only piece.
        let (from, skip) = if done > 0 { (piece.at + Bytes::new(done as u64), done) } else { (piece.at, 0) };
        let start = text.len().min(usize::try_from(offset_of(&placement, piece.at)).unwrap_or(0) + skip);
        let end = text.len().min(start + len - skip);
        disk.read_at(&mut text[start..end], from)?;
    }
    locn.check(&text, header.area.offset + placement.offset)?;
    if let Wanted::Named(name) = wanted
        && !is_named(&text, name)
    {
        return Ok(None);
    }
    Ok(Some(parse(&text)?))
}

/// Where in the text the run that starts at `at` begins.
fn offset_of(placement: &metadata::disk::Placement, at: Bytes) -> u64 {
    if placement.first.at == at { 0 } else { placement.first.len.get() }
}

/// Whether a text is that of a VG of this name, as far as its first words tell. In a text of a metadata area the
/// VG comes first; where something else does, the text has to be read.
fn is_named(text: &[u8], name: &str) -> bool {
    let end = text.iter().position(|byte| !(byte.is_ascii_alphanumeric() || b"+_.-".contains(byte)));
    let word = &text[..end.unwrap_or(text.len().min(Sectors::BYTES as usize))];
    word == name.as_bytes() || !text[word.len()..].starts_with(b" {")
}
