//! A VG's text, line by line in the order LVM2 has them (2.03.40: lib/format_text/export.c).

use super::error::WriteError;
use super::extras::Pending;
use super::flags::{self, Line};
use super::lv::LvWriter;
use super::names::Written;
use super::provenance;
use super::pv;
use super::raw::{Note, RawWriter};
use super::time::Zone;
use crate::model::names::check_characters;
use crate::model::{AllocPolicy, HistoricalLv, Provenance, Vg};
use conf::{Style, Writer};

/// What the sections of removed LVs explain in files.
const HISTORICAL_NOTES: &[(&str, Note)] = &[("creation_time", Note::Time), ("removal_time", Note::Time)];

/// Writes the whole text. A zone is given for files, which have the provenance first, and none for disks.
pub(super) fn text(vg: &Vg, provenance: &Provenance, zone: Option<Zone<'_>>) -> Result<Vec<u8>, WriteError> {
    check_characters(&vg.name)?;
    vg.lvs.iter().try_for_each(|lv| check_characters(&lv.name))?;
    let style = if zone.is_some() { Style::File } else { Style::Disk };
    let mut writer = Writer::with_capacity(style, 1024 + 256 * vg.pvs.len() + 512 * vg.lvs.len());
    if style == Style::File {
        provenance::write(&mut writer, provenance);
    }
    let names = Written::new(vg, zone);
    VgWriter { vg, names: &names, locked: is_write_locked(vg) }.section(&mut writer)?;
    if style == Style::Disk {
        provenance::write(&mut writer, provenance);
    }
    Ok(writer.finish())
}

/// Whether WRITE is hidden from LVM2 versions that would take the VG for theirs.
fn is_write_locked(vg: &Vg) -> bool {
    let owned = vg.system_id.as_ref().is_some_and(|id| !id.is_empty());
    owned || vg.lock_type.as_ref().is_some_and(|lock| !matches!(lock.name.as_str(), "" | "none"))
}

struct VgWriter<'r> {
    vg: &'r Vg,
    names: &'r Written<'r>,
    locked: bool,
}

impl<'r> VgWriter<'r> {
    fn raw(&self, lv: &'r str, notes: &'r [(&'static str, Note)]) -> RawWriter<'r> {
        RawWriter { names: self.names, extent_size: self.vg.extent_size, notes, lv }
    }

    fn section(&self, writer: &mut Writer) -> Result<(), WriteError> {
        let vg = self.vg;
        let mut extras = Pending::new(&vg.extras, self.raw(&vg.name, &[]));
        writer.begin(&vg.name);
        self.identity(writer, &mut extras)?;
        self.limits(writer, &mut extras)?;
        writer.blank();
        self.pvs(writer)?;
        extras.after(writer, "physical_volumes")?;
        writer.blank();
        if !vg.lvs.is_empty() {
            self.lvs(writer)?;
            extras.after(writer, "logical_volumes")?;
        }
        writer.blank();
        if !vg.historical.is_empty() {
            self.historical(writer)?;
            extras.after(writer, "historical_logical_volumes")?;
        }
        extras.rest(writer)?;
        writer.end();
        Ok(())
    }

    fn identity(&self, writer: &mut Writer, extras: &mut Pending<'_>) -> Result<(), WriteError> {
        let vg = self.vg;
        if vg.alloc != AllocPolicy::Normal {
            extras.supersede("allocation_policy");
        }
        extras.first(writer)?;
        writer.str("id", vg.id.to_string());
        extras.after(writer, "id")?;
        writer.int("seqno", vg.seqno);
        extras.after(writer, "seqno")?;
        if !vg.format.is_empty() {
            writer.key("format").note("# informational").str(&vg.format);
            extras.after(writer, "format")?;
        }
        flags::write(writer, Line::Status, &vg.flags, self.locked);
        extras.after(writer, "status")?;
        flags::write(writer, Line::Flags, &vg.flags, self.locked);
        extras.after(writer, "flags")?;
        if !vg.tags.is_empty() {
            writer.strs("tags", &vg.tags);
            extras.after(writer, "tags")?;
        }
        if let Some(id) = vg.system_id.as_ref().filter(|id| !id.is_empty()) {
            writer.str("system_id", id);
            extras.after(writer, "system_id")?;
        }
        if let Some(lock) = &vg.lock_type {
            writer.str("lock_type", &lock.name);
            extras.after(writer, "lock_type")?;
            if let Some(args) = &lock.args {
                writer.str("lock_args", args);
                extras.after(writer, "lock_args")?;
            }
        }
        Ok(())
    }

    fn limits(&self, writer: &mut Writer, extras: &mut Pending<'_>) -> Result<(), WriteError> {
        let vg = self.vg;
        let extent_size = vg.extent_size.sectors();
        writer.key("extent_size").size(extent_size).int(extent_size.get());
        extras.after(writer, "extent_size")?;
        writer.int("max_lv", vg.max_lv);
        extras.after(writer, "max_lv")?;
        writer.int("max_pv", vg.max_pv);
        extras.after(writer, "max_pv")?;
        if !matches!(vg.alloc, AllocPolicy::Normal | AllocPolicy::Inherit) {
            writer.blank();
            writer.str("allocation_policy", vg.alloc.name());
            extras.after(writer, "allocation_policy")?;
        }
        if let Some(profile) = &vg.profile {
            writer.str("profile", profile);
            extras.after(writer, "profile")?;
        }
        writer.int("metadata_copies", vg.metadata_copies);
        extras.after(writer, "metadata_copies")
    }

    fn pvs(&self, writer: &mut Writer) -> Result<(), WriteError> {
        writer.begin("physical_volumes");
        for (place, pv) in self.vg.pvs.iter().enumerate() {
            let mut extras = Pending::new(&pv.extras, self.raw(&pv.device, &[]));
            pv::write(writer, self.names.pv_at(place), self.vg.extent_size, pv, &mut extras)?;
        }
        writer.end();
        Ok(())
    }

    /// LVs that users see come first.
    fn lvs(&self, writer: &mut Writer) -> Result<(), WriteError> {
        let visibility = self.vg.visibility();
        let lvs = LvWriter { names: self.names, extent_size: self.vg.extent_size, locked: self.locked };
        writer.begin("logical_volumes");
        let (shown, hidden): (Vec<_>, Vec<_>) =
            self.vg.lvs.iter().partition(|lv| visibility.is_visible(self.vg, lv));
        shown.into_iter().chain(hidden).try_for_each(|lv| lvs.lv(writer, lv))?;
        writer.end();
        Ok(())
    }

    fn historical(&self, writer: &mut Writer) -> Result<(), WriteError> {
        writer.begin("historical_logical_volumes");
        for HistoricalLv { name, items } in &self.vg.historical {
            check_characters(name)?;
            let raw = self.raw(name, HISTORICAL_NOTES);
            writer.blank();
            writer.begin(name);
            items.iter().try_for_each(|item| raw.item(writer, item))?;
            writer.end();
        }
        writer.end();
        Ok(())
    }
}
