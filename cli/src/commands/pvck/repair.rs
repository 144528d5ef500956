//! `pvck --repair` and `--repairtype`: a label, a PV header, and metadata areas written anew out of a text.

mod put;

use super::headers::{self, Area, Fields};
use super::settings::Settings;
use super::source::{Raw, Source};
use super::{backup, label_sector};
use crate::change::{Refusal, keep};
use crate::exit::Exit;
use crate::forms::FormId;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use crate::world::World;
use device::{Disk, DiskId};
use metadata::disk::{DiskArea, Extension, Label, MdaHeader, PvHeader, SECTOR};
use metadata::model::Vg;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::LockRequest;
use units::{Bytes, Id, Sectors, crc};

/// Where the first metadata area is written.
const FIRST: u64 = 4096;
const MIB: u64 = 1 << 20;

/// A text that is put on the disk.
#[derive(Debug)]
struct Text {
    vg: Vg,
    /// As on disk, its NUL included.
    bytes: Vec<u8>,
}

struct Repair<'a> {
    parsed: &'a Parsed,
    session: &'a Session,
    sight: &'a Sight,
    id: DiskId,
    name: String,
    disk: Arc<dyn Disk>,
    source: Source,
    settings: Settings,
    sector: u64,
    text: Option<Text>,
}

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let word = parsed.words().remove(0);
    let session = Session::open(parsed, world)?;
    let _held = session.lock(world, &LockRequest::change_global())?;
    let path = Path::new(&word);
    let Some(entry) = session.found().disks.find(path) else {
        world.error(format_args!("Cannot use {word}: {}.", session.why_not(path)));
        return Err(Exit::FAILED);
    };
    let settings = Settings::read(parsed).map_err(|refusal| refusal.tell(world))?;
    let text = match parsed.os(Opt::File).map(PathBuf::from) {
        Some(file) => Some(read_text(&file).map_err(|refusal| refusal.tell(world))?),
        None => None,
    };
    let sight = Sight::read(parsed, world, &session)?;
    let repair = Repair {
        parsed,
        session: &session,
        sight: &sight,
        id: entry.id(),
        name: session.disk_name(entry.id()),
        disk: Arc::clone(entry.disk()),
        source: Source::disk(entry.disk()),
        settings,
        sector: label_sector(parsed),
        text,
    };
    let writes = !parsed.any(&[Opt::Test, Opt::Plan]);
    let _hints = if writes { keep::clear_hints(world, &session) } else { None };
    let kind = parsed.str(Opt::Repairtype).unwrap_or_default();
    let done = match (parsed.form(), kind) {
        (FormId::PvckRepair, _) => repair.pv_header(world).and_then(|areas| repair.metadata(world, areas)),
        (_, "label_header") => repair.label_header(world),
        (_, "pv_header") => repair.pv_header(world).map(drop),
        _ => repair.metadata(world, None),
    };
    match done {
        Ok(()) => Ok(Exit::OK),
        Err(refusal) => Err(refusal.tell(world)),
    }
}

/// Reads a text as on disk, or a backup file.
fn read_text(file: &Path) -> Result<Text, Refusal> {
    let shown = file.display();
    let read = std::fs::read(file)
        .map_err(|error| Refusal::words(format!("Cannot open file: {shown}")).line(error.to_string()))?;
    if read.is_empty() {
        return Err(Refusal::words(format!("Empty file: {shown}")));
    }
    let mut bytes = if backup::is_backup(&read) { backup::raw(&read) } else { read };
    bytes.push(0);
    let parsed = metadata::text::parse(&bytes).map_err(|error| {
        let refusal = Refusal::failed(&error).line("Invalid raw text metadata in file.");
        match bytes.starts_with(b"  ") {
            true => refusal.hint("what pvck --dump prints is no text; its option --file writes one"),
            false => refusal,
        }
    })?;
    Ok(Text { vg: parsed.vg, bytes })
}

impl Repair<'_> {
    fn label(&self, world: &mut World) -> headers::Areas {
        headers::label(world, &self.source, self.sector, Fields::Hidden).1
    }

    fn read_label(&self) -> Result<Vec<u8>, Refusal> {
        let at = self.sector * SECTOR as u64;
        let read = self.source.read(at, SECTOR as u64);
        read.ok_or_else(|| Refusal::words(format!("Failed to read label_header at {at}")))
    }

    /// Writes the label's own fields, and leaves the PV header as it is.
    fn label_header(&self, world: &mut World) -> Result<(), Refusal> {
        if !self.label(world).label {
            self.warn_no_label(world);
            if !self.confirm(world, "Write LVM header to device?") {
                return Err(Refusal::words(format!("{} is not repaired.", self.name)));
            }
        }
        let mut bytes = self.read_label()?;
        bytes[..8].copy_from_slice(b"LABELONE");
        bytes[8..16].copy_from_slice(&self.sector.to_le_bytes());
        bytes[20..24].copy_from_slice(&32u32.to_le_bytes());
        bytes[24..32].copy_from_slice(b"LVM2 001");
        let sum = crc(&bytes[20..]);
        bytes[16..20].copy_from_slice(&sum.to_le_bytes());
        world.print(format_args!("Writing label_header.crc 0x{sum:08x}"));
        self.put(world, "header", &[(self.sector * SECTOR as u64, &bytes)])
    }

    fn warn_no_label(&self, world: &mut World) {
        world.warn(format_args!(
            "WARNING: No LVM label found on {}.  It may not be an LVM device.",
            self.name
        ));
    }

    /// Writes label and PV header. Gives the areas that it tells of.
    fn pv_header(&self, world: &mut World) -> Result<Option<Vec<Area>>, Refusal> {
        let found = self.label(world);
        if !found.label {
            self.warn_no_label(world);
        }
        let (count, second) = self.area_count(world, &found.areas)?;
        let (id, size, pe_start) = self.pv()?;
        self.check_id(id)?;
        let first = Area { offset: FIRST, size: pe_start.saturating_sub(FIRST) };
        let areas: Vec<Area> = [first].into_iter().chain(second).take(count).collect();
        let disk_area = |area: &Area| DiskArea::new(area.offset, area.size);
        let header = PvHeader {
            id,
            device_size: Bytes::new(size),
            data_areas: vec![DiskArea::new(pe_start, 0)],
            metadata_areas: areas.iter().map(disk_area).collect(),
            extension: Some(Extension::new(true, Vec::new())),
        };
        let fresh =
            Label { sector: self.sector, header }.encode().map_err(|error| Refusal::failed(&error))?;
        // What stands behind the header is nobody's, and stays.
        let mut bytes = self.read_label()?;
        let end = 32 + 40 + 16 * (3 + areas.len()) + 8 + 16;
        bytes[..end].copy_from_slice(&fresh[..end]);
        let sum = crc(&bytes[20..]);
        bytes[16..20].copy_from_slice(&sum.to_le_bytes());
        world.print(format_args!(
            "Writing label_header.crc 0x{sum:08x} pv_header uuid {} device_size {size}",
            id.compact()
        ));
        let none = Area { offset: 0, size: 0 };
        let shown = |place: usize| *areas.get(place).unwrap_or(&none);
        world.print(format_args!(
            "Writing data_offset {pe_start} mda1_offset {} mda1_size {} mda2_offset {} mda2_size {}",
            shown(0).offset,
            shown(0).size,
            shown(1).offset,
            shown(1).size
        ));
        self.put(world, "header", &[(self.sector * SECTOR as u64, &bytes)])?;
        Ok(Some(areas))
    }

    /// How many metadata areas there shall be, and where a second one is.
    fn area_count(&self, world: &mut World, found: &[Area]) -> Result<(usize, Option<Area>), Refusal> {
        let settings = &self.settings;
        let (mut count, mut second) = (found.len().min(2), found.get(1).copied());
        if count == 0 {
            count = usize::from(self.has_first());
            second = self.search_second(world);
            if second.is_some() {
                count = 2;
            }
        }
        if count == 0 && settings.mda_offset == Some(0) && settings.mda_size == Some(0) {
            world.warn("WARNING: PV will have no metadata with zero metadata areas.");
        } else if count == 0 {
            world.warn("WARNING: No previous metadata areas found on device.");
            if !self.confirm(world, "Should a metadata area be included?") {
                let words = "To repair with zero metadata areas, use --settings \"mda_offset=0 mda_size=0\".";
                return Err(Refusal::words(words));
            }
            count = 1;
        }
        if count > 0 && (settings.mda2_offset.is_some() || settings.mda2_size.is_some()) {
            let (offset, size) = (settings.mda2_offset.unwrap_or(0), settings.mda2_size.unwrap_or(0));
            for (name, asked, known) in [
                ("offset", offset, second.map(|area| area.offset)),
                ("size", size, second.map(|area| area.size)),
            ] {
                if let Some(known) = known.filter(|known| *known != asked) {
                    return Err(Refusal::words(format!(
                        "mda2_{name} setting {asked} does not match mda2_{name} found on disk {known}."
                    )));
                }
            }
            (count, second) = (2, Some(Area { offset, size }));
        }
        Ok((count, second))
    }

    fn has_first(&self) -> bool {
        let header = self.source.read(FIRST, SECTOR as u64);
        header.is_some_and(|bytes| {
            MdaHeader::inspect(&bytes, DiskArea::new(FIRST, MIB)).is_ok_and(|(_, wrong)| {
                wrong.iter().all(|damage| damage.what != metadata::disk::What::MdaMagic)
            })
        })
    }

    /// A metadata area before the end, if it is one without doubt: its header says so, and it holds a text of
    /// this VG.
    fn search_second(&self, world: &mut World) -> Option<Area> {
        let (text, len) = (self.text.as_ref()?, self.source.len());
        if len < 2 * MIB {
            return None;
        }
        let offset = len - len % MIB - MIB;
        let area = Area { offset, size: len - offset };
        let bytes = self.source.read(area.offset, area.size)?;
        let raw = Raw(&bytes);
        let (_, wrong) = MdaHeader::inspect(&bytes, DiskArea::new(area.offset, area.size)).ok()?;
        if wrong.iter().any(|damage| damage.what == metadata::disk::What::MdaMagic) {
            return None;
        }
        let fault = match (raw.u32(20), raw.u64(24)) {
            (1, start) if start == offset => None,
            (1, _) => Some("wrong mda_header.start"),
            _ => Some("wrong mda_header.version"),
        };
        let id = text.vg.id.to_string();
        let is_ours = |chunk: &[u8]| chunk.windows(id.len()).any(|word| word == id.as_bytes());
        let mut chunks = bytes[SECTOR..].chunks(SECTOR).take(bytes.len() / 1024);
        let fault = fault.or_else(|| {
            let found = chunks.any(|chunk| is_ours(&chunk[..chunk.len().min(256)]));
            (!found).then_some("no matching VG UUID in metadata area")
        });
        if let Some(fault) = fault {
            world.print(format_args!("Skipping mda2 ({fault})"));
            return None;
        }
        world.print(format_args!("Found mda2 header at offset {} size {}", area.offset, area.size));
        Some(area)
    }

    /// Id, size and start of extents, in bytes: from the settings, or of the PV that the text has.
    fn pv(&self) -> Result<(Id, u64, u64), Refusal> {
        let Settings { pv, device_size, data_offset, .. } = self.settings;
        let Some(text) = &self.text else {
            return match (pv, device_size, data_offset) {
                (Some(pv), Some(size), Some(start)) => Ok((pv, size, start)),
                _ => Err(Refusal::words("Metadata input file is needed for pv_header info.")
                    .line("See pvck --dump to locate and create a metadata file.")),
            };
        };
        let bytes = self.read_label()?;
        let own = bytes[32..].first_chunk().and_then(|id| Id::from_bytes(id).ok());
        let wanted = pv.or(own);
        let mut pvs = text.vg.pvs.iter();
        let found = match wanted {
            Some(id) => pvs.find(|known| known.id == id),
            None => pvs.find(|known| known.device == self.name),
        };
        let Some(found) = found else {
            let first = match (pv, own) {
                (Some(id), _) => format!("PV UUID {} not found in metadata file.", id.compact()),
                (None, Some(id)) => {
                    format!("PV UUID {} in existing pv_header not found in metadata file.", id.compact())
                }
                (None, None) => format!("PV name {} not found in metadata file.", self.name),
            };
            let second = "No valid PV UUID, specify a PV UUID from metadata in --settings.";
            return Err(Refusal::words(first).line(second));
        };
        let bytes = |size: Sectors| size.get().saturating_mul(Sectors::BYTES);
        Ok((found.id, found.dev_size.map_or(0, bytes), bytes(found.pe_start)))
    }

    /// Refuses an id that another device has.
    fn check_id(&self, id: Id) -> Result<(), Refusal> {
        let scan = &self.sight.scan;
        let pvs = scan.vgs.iter().flat_map(|vg| vg.pvs.values()).chain(&scan.orphans);
        let mut others = pvs.filter(|pv| pv.id() == id && pv.disk != self.id);
        match others.next() {
            Some(other) => Err(Refusal::words(format!(
                "Cannot use PV UUID {} which exists on {}",
                id.compact(),
                self.session.disk_name(other.disk)
            ))),
            None => Ok(()),
        }
    }

    /// Writes the text to the metadata areas that the header tells of, or will tell of.
    fn metadata(&self, world: &mut World, planned: Option<Vec<Area>>) -> Result<(), Refusal> {
        let settings = &self.settings;
        let Some(text) = &self.text else {
            return Err(Refusal::words("Metadata input file is required."));
        };
        let see = "See --repairtype pv_header to repair headers.";
        let areas = match planned {
            Some(areas) => areas,
            None => {
                let found = self.label(world);
                if !found.label {
                    return Err(Refusal::words("No lvm label found on device.").line(see));
                }
                found.areas
            }
        };
        if areas.is_empty() {
            if settings.mda_offset == Some(0) && settings.mda_size == Some(0) {
                world.print("No metadata areas on device to repair.");
                return Ok(());
            }
            return Err(Refusal::words("No metadata areas found on device.").line(see));
        }
        let wanted = settings.mda_num.and_then(|number| usize::try_from(number).ok());
        if let Some(number) = wanted.filter(|number| *number > areas.len()) {
            return Err(Refusal::words(format!("No mda{number} offset found.")).line(see));
        }
        for (place, area) in areas.iter().enumerate().take(2) {
            if wanted.is_none_or(|number| number == place + 1) {
                self.area(world, text, *area, place + 1)?;
            }
        }
        Ok(())
    }

    /// Writes the text right behind the header, then the header.
    fn area(&self, world: &mut World, text: &Text, area: Area, number: usize) -> Result<(), Refusal> {
        let mut header = MdaHeader::new(DiskArea::new(area.offset, area.size));
        let len = Bytes::new(text.bytes.len() as u64);
        let max = header.ring().max_text();
        let place = header.ring().place(None, len, Bytes::new(SECTOR as u64)).map_err(|_| {
            Refusal::words(format!("Metadata text {len} too large for mda_size {} max {max}", area.size))
        })?;
        header.slots[0].point(place.locn(&text.bytes));
        let at = area.offset + SECTOR as u64;
        world.print(format_args!(
            "Writing metadata at {at} length {len} crc 0x{:08x} mda{number}",
            crc(&text.bytes)
        ));
        world.print(format_args!("Writing mda_header at {} mda{number}", area.offset));
        let (texts, header) = (place.writes(&text.bytes), header.encode());
        let texts = texts.iter().map(|(at, bytes)| (at.get(), bytes.as_ref()));
        let writes: Vec<(u64, &[u8])> = texts.chain([(area.offset, &header[..])]).collect();
        self.put(world, "metadata", &writes)
    }
}
