//! What options and settings say of new PVs.

use crate::change::Refusal;
use crate::commands::Name;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::Session;
use conf::settings::Settings;
use device::DiskId;
use metadata::disk::Label;
use metadata::model::Pv;
use pv::{LayoutOptions, Restore, Topology};
use std::path::Path;
use units::{Bytes, ExtentSize, Extents, Id, Sectors};

/// What new PVs are to be like.
#[derive(Clone, Debug)]
pub(crate) struct PvOptions {
    /// Where everything goes.
    pub(crate) layout: LayoutOptions,
    /// The id; none: a new one for each.
    pub(crate) id: Option<Id>,
}

/// Reads the options of pvcreate, and of vgcreate and vgextend, which make PVs too. What makes no sense is
/// refused with status 3.
pub(crate) fn read(parsed: &Parsed, settings: &Settings) -> Result<PvOptions, Refusal> {
    let id = id(parsed, settings)?;
    let mut layout = layout(parsed, settings)?;
    if let (Some(id), Some(file)) = (id, parsed.os(Opt::Restorefile)) {
        layout.restore = Some(restored(Path::new(file), id)?);
    }
    Ok(PvOptions { layout, id })
}

fn id(parsed: &Parsed, settings: &Settings) -> Result<Option<Id>, Refusal> {
    let refuse = |words: &str| Err(Refusal::words(words).invalid());
    let file = parsed.flag(Opt::Restorefile);
    let Some(text) = parsed.str(Opt::Uuidstr) else {
        return if file { refuse("--uuid is required with --restorefile") } else { Ok(None) };
    };
    let required = settings.bool("devices/require_restorefile_with_uuid");
    if !file && !parsed.flag(Opt::Norestorefile) && required {
        return refuse("--restorefile is required with --uuid");
    }
    if parsed.positionals().len() != 1 {
        return refuse("Can only set uuid on one volume at once");
    }
    text.parse().map(Some).map_err(|error| Refusal::failed(&error).invalid())
}

/// The place of a PV in a VG's backup.
fn restored(path: &Path, id: Id) -> Result<Restore, Refusal> {
    let shown = path.display();
    let text = store::read_backup(path).map_err(|error| {
        Refusal::failed(&error).line(format!("Unable to read volume group from {shown}")).invalid()
    })?;
    let Some(pv) = text.vg.pvs.get(id) else {
        return Err(Refusal::words(format!("Can't find uuid {id} in backup file {shown}")).invalid());
    };
    Ok(restore(pv, text.vg.extent_size))
}

fn restore(pv: &Pv, extent_size: ExtentSize) -> Restore {
    let extents: Extents = pv.pe_count;
    Restore { pe_start: pv.pe_start, bootloader: pv.bootloader, extent_size, extents }
}

fn layout(parsed: &Parsed, settings: &Settings) -> Result<LayoutOptions, Refusal> {
    let setting = |path| settings.opt_int(path).and_then(|number| u64::try_from(number).ok());
    let sectors = |path| setting(path).filter(|&n| n > 0).map(Sectors::new);
    let alignment_kib = setting("devices/data_alignment").filter(|&n| n > 0);
    let alignment = alignment_kib.and_then(|kib| kib.checked_mul(2)).map(Sectors::new);
    let page = nix::unistd::sysconf(nix::unistd::SysconfVar::PAGE_SIZE).ok().flatten();
    let default = LayoutOptions::default();
    let options = LayoutOptions {
        label_sector: parsed.number(Opt::Labelsector).unwrap_or(default.label_sector),
        metadata_copies: copies(parsed, settings),
        metadata_size: parsed.sectors(Opt::Metadatasize).or_else(|| sectors("metadata/pvmetadatasize")),
        metadata_ignore: parsed
            .bool(Opt::Metadataignore)
            .unwrap_or_else(|| settings.bool("metadata/pvmetadataignore")),
        data_alignment: parsed.sectors(Opt::Dataalignment).or(alignment),
        data_alignment_offset: parsed.sectors(Opt::Dataalignmentoffset),
        bootloader_size: parsed.sectors(Opt::Bootloaderareasize).unwrap_or(Sectors::ZERO),
        pretended_size: parsed.sectors(Opt::Setphysicalvolumesize),
        restore: None,
        min_size: Sectors::new(setting("devices/pv_min_size").unwrap_or(2048).saturating_mul(2)),
        page_size: page.and_then(|n| u64::try_from(n).ok()).map_or(default.page_size, Bytes::new),
        default_alignment: setting("devices/default_data_alignment").unwrap_or(1),
        md_chunk_alignment: settings.bool("devices/md_chunk_alignment"),
        alignment_detection: settings.bool("devices/data_alignment_detection"),
        offset_detection: settings.bool("devices/data_alignment_offset_detection"),
    };
    check(parsed, &options)?;
    Ok(options)
}

fn copies(parsed: &Parsed, settings: &Settings) -> u32 {
    let asked = parsed.number(Opt::Pvmetadatacopies).or_else(|| parsed.number(Opt::Metadatacopies));
    let set = || settings.opt_int("metadata/pvmetadatacopies").and_then(|number| u64::try_from(number).ok());
    u32::try_from(asked.or_else(set).unwrap_or(1)).unwrap_or(u32::MAX)
}

/// What no device could be laid out as.
fn check(parsed: &Parsed, options: &LayoutOptions) -> Result<(), Refusal> {
    let refuse = |words: String| Err(Refusal::words(words).invalid());
    if options.label_sector >= Label::SCAN_SECTORS {
        return refuse(format!("labelsector must be less than {}.", Label::SCAN_SECTORS));
    }
    let none = parsed.number(Opt::Pvmetadatacopies).or_else(|| parsed.number(Opt::Metadatacopies)) == Some(0);
    if none && options.metadata_ignore {
        return refuse("metadataignore only applies to metadatacopies > 0.".to_owned());
    }
    let most = Sectors::new(u64::from(u32::MAX));
    let too_big = |size: Option<Sectors>| size.is_some_and(|size| size > most);
    if too_big(options.data_alignment) {
        return refuse("Physical volume data alignment is too big.".to_owned());
    }
    if too_big(options.data_alignment_offset) {
        return refuse("Physical volume data alignment offset is too big.".to_owned());
    }
    Ok(())
}

/// What a disk is like, as far as a layout goes.
pub(crate) fn topology(session: &Session, id: DiskId) -> Topology {
    Topology::of(&**session.found().disks.disk(id), session.found().host(id))
}

/// How often `-f` counts: PVs made by vgextend cannot be forced.
pub(crate) fn force(parsed: &Parsed) -> usize {
    if parsed.name() == Name::Vgextend { 0 } else { parsed.count(Opt::Force) }
}
