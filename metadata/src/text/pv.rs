//! A PV's section.

use super::error::{TextError, WriteError};
use super::extras::{self, Pending};
use super::fields::Fields;
use super::flags::{self, Line};
use super::read::Title;
use crate::model::{BootloaderArea, DeviceId, Pv};
use conf::{Node, Section, Writer};
use units::{ExtentSize, Extents, Sectors};

/// Reads a PV.
pub(super) fn read<'a>(
    text: &'a [u8],
    title: &Title<'_>,
    node: &Node<'a>,
    section: &Section<'a>,
) -> Result<Pv, TextError> {
    let mut fields = Fields::new(text, title, node.span.start, section);
    let id = fields.id("id")?;
    let device = fields.lossy_opt("device")?.unwrap_or_default();
    let device_id = device_id(&mut fields)?;
    let flags = flags::read(&mut fields)?;
    let tags = fields.tags()?;
    let dev_size = fields.u64_opt("dev_size")?.map(Sectors::new);
    let pe_start = Sectors::new(fields.u64("pe_start")?);
    let pe_count = Extents::new(u64::from(fields.u32("pe_count")?));
    let bootloader = bootloader(&mut fields)?;
    let extras = extras::read(&fields)?;
    Ok(Pv { id, device, device_id, flags, tags, dev_size, pe_start, pe_count, bootloader, extras })
}

/// Both halves or none; half of it stays among the extras.
fn device_id(fields: &mut Fields<'_, '_>) -> Result<Option<DeviceId>, TextError> {
    let has = |key: &str| fields.nodes().iter().any(|node| node.key == *key);
    if !(has("device_id_type") && has("device_id")) {
        return Ok(None);
    }
    let kind = fields.lossy_opt("device_id_type")?.unwrap_or_default();
    let name = fields.lossy_opt("device_id")?.unwrap_or_default();
    Ok(Some(DeviceId { kind, name }))
}

fn bootloader(fields: &mut Fields<'_, '_>) -> Result<Option<BootloaderArea>, TextError> {
    let start = fields.u64_opt("ba_start")?.unwrap_or(0);
    let size = fields.u64_opt("ba_size")?.unwrap_or(0);
    match (start, size) {
        (0, 0) => Ok(None),
        (0, _) | (_, 0) => Err(TextError::BootloaderArea { at: fields.here() }),
        (start, size) => Ok(Some(BootloaderArea { start: Sectors::new(start), size: Sectors::new(size) })),
    }
}

/// Writes a PV's section.
pub(super) fn write(
    writer: &mut Writer,
    name: &str,
    extent_size: ExtentSize,
    pv: &Pv,
    extras: &mut Pending<'_>,
) -> Result<(), WriteError> {
    writer.blank();
    writer.begin(name);
    extras.first(writer)?;
    writer.str("id", pv.id.to_string());
    extras.after(writer, "id")?;
    writer.key("device").note("# Hint only").str(&pv.device);
    extras.after(writer, "device")?;
    writer.blank();
    if let Some(id) = &pv.device_id {
        writer.str("device_id_type", &id.kind);
        extras.after(writer, "device_id_type")?;
        writer.str("device_id", &id.name);
        extras.after(writer, "device_id")?;
    }
    flags::write(writer, Line::Status, &pv.flags, false);
    extras.after(writer, "status")?;
    flags::write(writer, Line::Flags, &pv.flags, false);
    extras.after(writer, "flags")?;
    if !pv.tags.is_empty() {
        writer.strs("tags", &pv.tags);
        extras.after(writer, "tags")?;
    }
    if let Some(size) = pv.dev_size {
        writer.key("dev_size").size(size).int(size.get());
        extras.after(writer, "dev_size")?;
    }
    writer.int("pe_start", pv.pe_start.get());
    extras.after(writer, "pe_start")?;
    let size = extent_size.to_sectors(pv.pe_count).unwrap_or(Sectors::ZERO);
    writer.key("pe_count").size(size).int(pv.pe_count.get());
    extras.after(writer, "pe_count")?;
    if let Some(area) = pv.bootloader {
        writer.int("ba_start", area.start.get());
        extras.after(writer, "ba_start")?;
        writer.key("ba_size").size(area.size).int(area.size.get());
        extras.after(writer, "ba_size")?;
    }
    extras.rest(writer)?;
    writer.end();
    Ok(())
}
