//! Flags, which a text has in up to three places.

use super::error::TextError;
use super::fields::Fields;
use crate::model::{Flag, FlagKind, Flags, LvFlag, PvFlag, VgFlag};
use conf::Writer;

/// Stands in `flags` where WRITE is kept out of `status`, so that LVM2 versions that know neither system ids nor
/// lock types leave the VG alone.
const WRITE_LOCKED: &str = "WRITE_LOCKED";

/// What reading and writing has to know of a kind of flags beyond its names.
pub(super) trait TextFlag: Flag {
    /// The flag that [`WRITE_LOCKED`] stands for.
    const WRITE: Option<Self>;
    /// Flags that were status flags for a while and are accepted there.
    const ALSO_STATUS: &'static [&'static str];
    /// Names that old backups have and that mean nothing.
    const OBSOLETE: &'static [&'static str];
}

impl TextFlag for VgFlag {
    const WRITE: Option<Self> = Some(Self::Write);
    const ALSO_STATUS: &'static [&'static str] = &[];
    const OBSOLETE: &'static [&'static str] = &["PARTIAL"];
}

impl TextFlag for PvFlag {
    const WRITE: Option<Self> = None;
    const ALSO_STATUS: &'static [&'static str] = &["MISSING"];
    const OBSOLETE: &'static [&'static str] = &[];
}

impl TextFlag for LvFlag {
    const WRITE: Option<Self> = Some(Self::Write);
    const ALSO_STATUS: &'static [&'static str] = &["CACHE_VOL"];
    const OBSOLETE: &'static [&'static str] = &[];
}

/// Takes `status` and `flags`.
pub(super) fn read<F: TextFlag>(fields: &mut Fields<'_, '_>) -> Result<Flags<F>, TextError> {
    let mut flags = Flags::default();
    for name in fields.strings("status")? {
        let known = Flags::named(name, FlagKind::Status).or_else(|| Flags::named(name, FlagKind::Segtype));
        let moved =
            || F::ALSO_STATUS.contains(&name).then(|| Flags::named(name, FlagKind::Compatible)).flatten();
        match known.or_else(moved) {
            Some(flag) => flags.insert(flag),
            None if F::OBSOLETE.contains(&name) => {}
            None => flags.unknown_status.push(name.to_owned()),
        }
    }
    for name in fields.strings_opt("flags")?.unwrap_or_default() {
        match (Flags::named(name, FlagKind::Compatible), F::WRITE) {
            (Some(flag), _) => flags.insert(flag),
            (None, Some(write)) if name == WRITE_LOCKED => flags.insert(write),
            (None, _) => flags.unknown_compatible.push(name.to_owned()),
        }
    }
    Ok(flags)
}

/// Takes the flags off a segment's type: `raid5+RESHAPE`. Gives the bare type.
pub(super) fn split_type<'t>(type_name: &'t str, flags: &mut Flags<LvFlag>) -> &'t str {
    let mut parts = type_name.split('+');
    let bare = parts.next().unwrap_or_default();
    for name in parts {
        match Flags::named(name, FlagKind::Segtype) {
            Some(flag) => flags.insert(flag),
            None if flags.unknown_segtype.iter().any(|known| known == name) => {}
            None => flags.unknown_segtype.push(name.to_owned()),
        }
    }
    bare
}

/// What follows the type of every segment of an LV with these flags.
pub(super) fn type_suffix(flags: &Flags<LvFlag>) -> String {
    let known = flags.iter(FlagKind::Segtype).map(|row| row.1);
    known.chain(flags.unknown_segtype.iter().map(String::as_str)).flat_map(|name| ["+", name]).collect()
}

/// Which line of a section is being written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// `status`
    Status,
    /// `flags`
    Flags,
}

/// Writes `status` or `flags`. `locked`: WRITE goes to `flags` under its other name.
pub(super) fn write<F: TextFlag>(writer: &mut Writer, line: Line, flags: &Flags<F>, locked: bool) {
    let hidden = F::WRITE.filter(|&write| locked && flags.has(write));
    let (key, kind, unknown) = match line {
        Line::Status => ("status", FlagKind::Status, &flags.unknown_status),
        Line::Flags => ("flags", FlagKind::Compatible, &flags.unknown_compatible),
    };
    let marker = hidden.filter(|_| line == Line::Flags).map(|_| WRITE_LOCKED);
    let known = flags.iter(kind).filter(|row| Some(row.0) != hidden).map(|row| row.1);
    writer.strs(key, marker.into_iter().chain(known).chain(unknown.iter().map(String::as_str)));
}
