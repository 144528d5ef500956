//! An LV's section and its segments.

use super::error::{TextError, WriteError};
use super::extras::{self, Pending};
use super::fields::Fields;
use super::flags::{self, Line};
use super::names::{Names, Written};
use super::raw::RawWriter;
use super::read::{Title, policy};
use super::segtype;
use crate::model::{AllocPolicy, Flags, Lv, LvFlag, ReadAhead, Segment};
use conf::{Node, Section, Writer};
use units::{ExtentSize, Extents, Id, Le, Sectors};

/// Reads an LV, whose name and id are known already.
pub(super) fn read<'a>(
    text: &'a [u8],
    name: &str,
    id: Id,
    node: &Node<'a>,
    section: &Section<'a>,
    names: &Names<'_>,
) -> Result<Lv, TextError> {
    let title = Title::Lv(name);
    let mut fields = Fields::new(text, &title, node.span.start, section);
    fields.take("id");
    let mut flags: Flags<LvFlag> = flags::read(&mut fields)?;
    let tags = fields.tags()?;
    let creation_time = fields.int_within("creation_time", i64::MIN, i64::MAX)?.unwrap_or(0);
    // Time and host are written together or not at all.
    let creation_host = fields.lossy_opt("creation_host")?.filter(|_| creation_time != 0).unwrap_or_default();
    let lock_args = fields.owned_opt("lock_args")?;
    let alloc = policy(&mut fields, AllocPolicy::Inherit)?;
    let profile = fields.owned_opt("profile")?;
    let read_ahead = read_ahead(&mut fields)?;
    let (major, minor) = (fields.u32_opt("major")?, fields.u32_opt("minor")?);
    if flags.has(LvFlag::FixedMinor) && minor.is_none() {
        return Err(TextError::FixedMinor { at: fields.here() });
    }
    let count = fields.u32("segment_count")?;
    // Not by `count`, which a hostile text may make anything; pushing alone would make room for four.
    let sections = fields.nodes().iter().filter(|node| node.as_section().is_some()).count();
    let mut segments = Vec::with_capacity(sections);
    for (place, node) in fields.nodes().iter().enumerate() {
        let Some(section) = node.as_section() else { continue };
        segments.push(read_segment(text, name, node, section, names, &mut flags)?);
        fields.take_at(place);
    }
    if segments.len() as u64 != u64::from(count) {
        let at = fields.here();
        return Err(TextError::SegmentCount { at, says: u64::from(count), has: segments.len() });
    }
    segments.sort_by_key(|segment| segment.start);
    let extras = extras::read(&fields)?;
    let name = name.to_owned();
    #[rustfmt::skip]
    let lv = Lv {
        id, name, flags, tags, creation_time, creation_host, lock_args, alloc, profile, read_ahead, major, minor,
        segments, extras,
    };
    Ok(lv)
}

fn read_ahead(fields: &mut Fields<'_, '_>) -> Result<ReadAhead, TextError> {
    let number = fields.int_within("read_ahead", -1, i64::from(u32::MAX))?;
    Ok(match number.map(u32::try_from) {
        None | Some(Ok(0)) => ReadAhead::Auto,
        Some(Ok(u32::MAX) | Err(_)) => ReadAhead::None,
        Some(Ok(sectors)) => ReadAhead::Sectors(sectors),
    })
}

fn read_segment<'a>(
    text: &'a [u8],
    lv: &str,
    node: &Node<'a>,
    section: &Section<'a>,
    names: &Names<'_>,
    flags: &mut Flags<LvFlag>,
) -> Result<Segment, TextError> {
    let name = node.key.to_str().unwrap_or("\u{fffd}");
    let title = Title::Segment(name, lv);
    let mut fields = Fields::new(text, &title, node.span.start, section);
    let start = Le::new(u64::from(fields.u32("start_extent")?));
    let len = Extents::new(u64::from(fields.u32("extent_count")?));
    let reshape_len = Extents::new(u64::from(fields.u32_opt("reshape_count")?.unwrap_or(0)));
    let type_name = flags::split_type(fields.string_opt("type")?.unwrap_or("striped"), flags);
    let tags = fields.tags()?;
    let kind = segtype::read(&mut fields, names, type_name, len)?;
    let extras = extras::read(&fields)?;
    Ok(Segment { start, len, reshape_len, tags, kind, extras })
}

/// What the writing of all LVs of a VG has in common.
pub(super) struct LvWriter<'r> {
    /// How PVs and LVs are called.
    pub(super) names: &'r Written<'r>,
    /// The VG's extent size.
    pub(super) extent_size: ExtentSize,
    /// Whether WRITE is written under its other name.
    pub(super) locked: bool,
}

impl<'r> LvWriter<'r> {
    fn raw(&self, lv: &'r str) -> RawWriter<'r> {
        RawWriter { names: self.names, extent_size: self.extent_size, notes: &[], lv }
    }

    /// Writes an LV's section.
    pub(super) fn lv(&self, writer: &mut Writer, lv: &'r Lv) -> Result<(), WriteError> {
        let mut extras = Pending::new(&lv.extras, self.raw(&lv.name));
        if lv.alloc != AllocPolicy::Inherit {
            extras.supersede("allocation_policy");
        }
        writer.blank();
        writer.begin(&lv.name);
        extras.first(writer)?;
        writer.str("id", lv.id.to_string());
        extras.after(writer, "id")?;
        flags::write(writer, Line::Status, &lv.flags, self.locked);
        extras.after(writer, "status")?;
        flags::write(writer, Line::Flags, &lv.flags, self.locked);
        extras.after(writer, "flags")?;
        if !lv.tags.is_empty() {
            writer.strs("tags", &lv.tags);
            extras.after(writer, "tags")?;
        }
        self.settings(writer, lv, &mut extras)?;
        writer.int("segment_count", lv.segments.len() as u64);
        extras.after(writer, "segment_count")?;
        writer.blank();
        let suffix = flags::type_suffix(&lv.flags);
        for (n, segment) in (1u64..).zip(&lv.segments) {
            let name = format!("segment{n}");
            self.segment(writer, lv, &name, &suffix, segment)?;
            extras.after(writer, &name)?;
        }
        extras.rest(writer)?;
        writer.end();
        Ok(())
    }

    fn settings(&self, writer: &mut Writer, lv: &Lv, extras: &mut Pending<'_>) -> Result<(), WriteError> {
        if lv.creation_time != 0 {
            let note = self.names.time_note(lv.creation_time);
            writer.key("creation_time").note(&note).int(lv.creation_time);
            extras.after(writer, "creation_time")?;
            writer.str("creation_host", &lv.creation_host);
            extras.after(writer, "creation_host")?;
        }
        if let Some(args) = &lv.lock_args {
            writer.str("lock_args", args);
            extras.after(writer, "lock_args")?;
        }
        if lv.alloc != AllocPolicy::Inherit {
            writer.str("allocation_policy", lv.alloc.name());
            extras.after(writer, "allocation_policy")?;
        }
        if let Some(profile) = &lv.profile {
            writer.str("profile", profile);
            extras.after(writer, "profile")?;
        }
        match lv.read_ahead {
            ReadAhead::Auto => {}
            ReadAhead::None => writer.key("read_ahead").note("# None").int(-1),
            ReadAhead::Sectors(sectors) => writer.int("read_ahead", sectors),
        }
        if lv.read_ahead != ReadAhead::Auto {
            extras.after(writer, "read_ahead")?;
        }
        for (key, number) in [("major", lv.major), ("minor", lv.minor)] {
            if let Some(number) = number {
                writer.int(key, number);
                extras.after(writer, key)?;
            }
        }
        Ok(())
    }

    fn segment(
        &self,
        writer: &mut Writer,
        lv: &'r Lv,
        name: &str,
        suffix: &str,
        segment: &'r Segment,
    ) -> Result<(), WriteError> {
        let mut extras = Pending::new(&segment.extras, self.raw(&lv.name));
        let size = |extents| self.extent_size.to_sectors(extents).unwrap_or(Sectors::ZERO);
        writer.begin(name);
        extras.first(writer)?;
        writer.int("start_extent", segment.start.get());
        extras.after(writer, "start_extent")?;
        writer.key("extent_count").size(size(segment.len)).int(segment.len.get());
        extras.after(writer, "extent_count")?;
        writer.blank();
        if !segment.reshape_len.is_zero() {
            writer.key("reshape_count").size(size(segment.reshape_len)).int(segment.reshape_len.get());
            extras.after(writer, "reshape_count")?;
        }
        let name = segtype::type_name(&segment.kind);
        match suffix {
            "" => writer.str("type", name),
            suffix => writer.str("type", format!("{name}{suffix}")),
        }
        extras.after(writer, "type")?;
        if !segment.tags.is_empty() {
            writer.strs("tags", &segment.tags);
            extras.after(writer, "tags")?;
        }
        segtype::write(writer, self.names, self.extent_size, &lv.name, segment, &mut extras)?;
        extras.rest(writer)?;
        writer.end();
        Ok(())
    }
}
