//! Names of VGs and LVs, and the device-mapper names and uuids made of them.

use super::Vg;
use thiserror::Error;
use units::Id;

/// The longest name, in bytes (2.03.40: NAME_LEN less its NUL).
pub const MAX_NAME: usize = 127;

const RESERVED_PREFIXES: [&str; 2] = ["snapshot", "pvmove"];
const RESERVED_PARTS: [&str; 17] = [
    "_cdata", "_cmeta", "_corig", "_cpool", "_cvol", "_wcorig", "_mimage", "_mlog", "_rimage", "_rmeta",
    "_tdata", "_tmeta", "_vdata", "_imeta", "_iorig", "_pmspare", "_vorigin",
];

/// Why a name cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NameError {
    /// No character at all.
    #[error("a name may not be empty")]
    Empty,
    /// Too long.
    #[error("a name has at most {MAX_NAME} characters, this one {0}")]
    TooLong(usize),
    /// A character that names may not have.
    #[error("a name may not contain {0:?} (letters, digits and + _ . - only)")]
    Character(char),
    /// `-x`.
    #[error("a name may not start with a hyphen")]
    Hyphen,
    /// `.` or `..`.
    #[error("{0:?} is no name")]
    Dots(String),
    /// Kept for sub-LVs: at its start.
    #[error("names starting \"{0}\" are reserved")]
    ReservedPrefix(&'static str),
    /// Kept for sub-LVs: anywhere in it.
    #[error("names including \"{0}\" are reserved")]
    ReservedPart(&'static str),
}

/// Whether a VG may have this name.
pub fn check_vg_name(name: &str) -> Result<(), NameError> {
    check_characters(name)
}

/// Whether a user may give this name to an LV.
pub fn check_lv_name(name: &str) -> Result<(), NameError> {
    check_characters(name)?;
    if let Some(prefix) = RESERVED_PREFIXES.into_iter().find(|prefix| name.starts_with(prefix)) {
        return Err(NameError::ReservedPrefix(prefix));
    }
    match RESERVED_PARTS.into_iter().find(|part| name.contains(part)) {
        Some(part) => Err(NameError::ReservedPart(part)),
        None => Ok(()),
    }
}

/// Whether the name is one that can stand in metadata at all (sub-LVs included).
pub fn check_characters(name: &str) -> Result<(), NameError> {
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    if name.len() > MAX_NAME {
        return Err(NameError::TooLong(name.len()));
    }
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'_' | b'.' | b'-');
    if !name.bytes().all(fits) {
        let wrong = name.chars().find(|&c| !u8::try_from(c).is_ok_and(fits));
        return Err(NameError::Character(wrong.unwrap_or_default()));
    }
    if name.starts_with('-') {
        return Err(NameError::Hyphen);
    }
    if matches!(name, "." | "..") {
        return Err(NameError::Dots(name.to_owned()));
    }
    Ok(())
}

/// Whether users may give that tag: it has only characters that tags may have ([`has_tag_characters`]), and
/// fewer than 1024.
pub fn is_tag(tag: &str) -> bool {
    tag.len() < 1024 && has_tag_characters(tag)
}

/// Whether a tag is made of characters that tags may have: those of names and `/=!:&#`, a hyphen at the start
/// included (2.03.40: validate_tag). Texts may hold longer ones than users may add ([`is_tag`]).
pub fn has_tag_characters(tag: &str) -> bool {
    !tag.is_empty() && tag.chars().all(|c| c.is_ascii_alphanumeric() || "_.+-/=!:&#".contains(c))
}

/// The name the next auto-named LV gets: `lvol` and one more than the highest number that follows `lvol` in any
/// name, whatever follows the number (`lvol7_pmspare` counts; 2.03.40: generate_lv_name reads with `%d`).
pub fn next_lvol(vg: &Vg) -> String {
    let names = vg.lvs.iter().map(|lv| &lv.name).chain(vg.historical.iter().map(|gone| &gone.name));
    let highest = names.filter_map(|name| leading_number(name.strip_prefix("lvol")?)).max();
    match highest {
        Some(number) => format!("lvol{}", u64::from(number) + 1),
        None => "lvol0".to_owned(),
    }
}

fn leading_number(text: &str) -> Option<u32> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

/// The device-mapper name of an LV or of one of its layers (`real`, `cow`, `tpool`...; empty: the LV itself).
/// Hyphens in the parts are doubled; a layer that starts with `_` follows without a hyphen.
pub fn dm_name(vg: &str, lv: &str, layer: &str) -> String {
    let double = |part: &str| part.replace('-', "--");
    let mut name = format!("{}-{}", double(vg), double(lv));
    if !layer.is_empty() {
        if !layer.starts_with('_') {
            name.push('-');
        }
        name.push_str(&double(layer));
    }
    name
}

/// The device-mapper uuid of an LV or of one of its layers.
pub fn dm_uuid(vg: Id, lv: Id, layer: &str) -> String {
    let hyphen = if layer.is_empty() { "" } else { "-" };
    format!("LVM-{}{}{hyphen}{layer}", vg.compact(), lv.compact())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hyphens_are_doubled_in_device_names() {
        assert_eq!(dm_name("my-vg", "a-b", ""), "my--vg-a--b");
        assert_eq!(dm_name("vg", "lv", "cow"), "vg-lv-cow");
        assert_eq!(dm_name("vg", "lv", "_tdata"), "vg-lv_tdata");
    }

    #[test]
    fn reserved_and_broken_names_are_refused() {
        for name in ["", "-a", ".", "..", "a b", "a/b", "snapshot1", "pvmove0", "x_tdata", "x_rimage_0"] {
            assert!(check_lv_name(name).is_err(), "{name}");
        }
        assert!(check_lv_name(&"a".repeat(128)).is_err());
        assert!(check_lv_name("a.b+c_d-e").is_ok());
        assert!(check_vg_name("snapshot").is_ok());
    }
}
