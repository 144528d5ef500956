//! Characters that udev cannot handle in a node's name, spelled `\xNN`.

use super::{DmName, NameError};
use thiserror::Error;

/// How names are mangled on the way to the kernel and back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mangling {
    /// Names go to the kernel as they are.
    None,
    /// Names are mangled unless they already are; the default.
    #[default]
    Auto,
    /// Names are always mangled, backslashes too.
    Hex,
}

/// Why a name cannot be mangled or unmangled.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MangleError {
    /// Partly mangled, or wrongly.
    #[error("{0:?} is mangled in part, or wrongly")]
    Mixed(String),
    /// Mangled twice.
    #[error("{0:?} is mangled more than once")]
    Twice(String),
    /// Not mangled where it should be.
    #[error("{0:?} should be mangled and is not")]
    Unmangled(String),
    /// No name even so.
    #[error(transparent)]
    Name(#[from] NameError),
}

/// Whether a byte may stand in a node's name as it is. [L libdm-common.c:389]
fn plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"#+-.:=@_".contains(&byte)
}

/// Every byte that is not plain as `\xNN`.
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for &byte in bytes {
        if plain(byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text
}

/// The kernel's name for what the user calls `name`.
pub fn mangle(name: &str, mode: Mangling) -> Result<DmName, MangleError> {
    let mangled = match mode {
        Mangling::None => name.to_owned(),
        Mangling::Hex => hex(name.as_bytes()),
        Mangling::Auto => {
            if name.contains("\\x5cx") {
                return Err(MangleError::Twice(name.to_owned()));
            }
            let (already, rest) =
                without_codes(name.as_bytes()).ok_or_else(|| MangleError::Mixed(name.to_owned()))?;
            match (already, rest.iter().all(|&byte| plain(byte))) {
                (true, false) => return Err(MangleError::Mixed(name.to_owned())),
                (true, true) => name.to_owned(),
                (false, _) => hex(name.as_bytes()),
            }
        }
    };
    Ok(DmName::new(mangled)?)
}

/// Whether there are codes, and the bytes outside them; nothing where a code is cut short.
fn without_codes(bytes: &[u8]) -> Option<(bool, Vec<u8>)> {
    let mut outside = Vec::with_capacity(bytes.len());
    let (mut found, mut rest) = (false, bytes);
    while let Some((&byte, tail)) = rest.split_first() {
        if rest.starts_with(b"\\x") {
            rest.get(2..4).filter(|code| code.iter().all(u8::is_ascii_hexdigit))?;
            found = true;
            rest = &rest[4..];
        } else {
            outside.push(byte);
            rest = tail;
        }
    }
    Some((found, outside))
}

/// What the user calls the device the kernel calls `name`. Bytes that make no UTF-8 once decoded stay coded.
pub fn unmangle(name: &str, mode: Mangling) -> Result<String, MangleError> {
    if mode == Mangling::None {
        return Ok(name.to_owned());
    }
    if !name.bytes().all(|byte| plain(byte) || byte == b'\\') {
        return Err(MangleError::Unmangled(name.to_owned()));
    }
    let mut decoded = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        match code(rest) {
            Some(value) => {
                decoded.push(value);
                rest = &rest[4..];
            }
            None => {
                decoded.push(byte);
                rest = tail;
            }
        }
    }
    Ok(String::from_utf8(decoded).unwrap_or_else(|_| name.to_owned()))
}

/// The byte that a `\xNN` at the start of `bytes` stands for.
fn code(bytes: &[u8]) -> Option<u8> {
    let digits = bytes.strip_prefix(b"\\x")?.get(..2)?;
    let high = char::from(digits[0]).to_digit(16)?;
    let low = char::from(digits[1]).to_digit(16)?;
    u8::try_from(high * 16 + low).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};

    fn auto(name: &str) -> Result<String, MangleError> {
        mangle(name, Mangling::Auto).map(|name| name.to_string())
    }

    #[test]
    fn plain_names_stay() {
        assert_eq!(auto("vg-lv_1.#+:=@").unwrap(), "vg-lv_1.#+:=@");
    }

    #[test]
    fn auto_mode_mangles_once_and_refuses_mixtures() {
        assert_eq!(auto("a b").unwrap(), "a\\x20b");
        assert_eq!(auto("a\\x20b").unwrap(), "a\\x20b");
        assert!(matches!(auto("a\\x20b c"), Err(MangleError::Mixed(_))));
        assert!(matches!(auto("a\\x2"), Err(MangleError::Mixed(_))));
        assert!(matches!(auto("a\\x5cx20b"), Err(MangleError::Twice(_))));
    }

    #[test]
    fn hex_mode_mangles_backslashes_and_none_nothing() {
        assert_eq!(mangle("a\\x20", Mangling::Hex).unwrap().as_str(), "a\\x5cx20");
        assert_eq!(mangle("a b", Mangling::None).unwrap().as_str(), "a b");
    }

    #[test]
    fn unmangled_names_are_noticed() {
        assert!(matches!(unmangle("a b", Mangling::Auto), Err(MangleError::Unmangled(_))));
        assert_eq!(unmangle("a b", Mangling::None).unwrap(), "a b");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn hex_comes_back(name in "[ -.0-~]{1,20}") {
            if let Ok(mangled) = mangle(&name, Mangling::Hex) {
                prop_assert_eq!(unmangle(mangled.as_str(), Mangling::Hex).unwrap(), name);
            }
        }
    }
}
