//! Names and uuids of devices: what the kernel takes, how they are spelled, how they are joined.

mod joined;
mod mangled;

pub use joined::{join, split};
pub use mangled::{MangleError, Mangling, mangle, unmangle};

use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// Why something cannot name a device.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NameError {
    /// Nothing at all.
    #[error("a device name cannot be empty")]
    Empty,
    /// More bytes than the kernel holds.
    #[error("{name:?} has {len} bytes, the kernel takes {max}")]
    TooLong {
        /// What was asked for.
        name: String,
        /// Its length in bytes.
        len: usize,
        /// The most there may be.
        max: usize,
    },
    /// `/` in a name, or NUL anywhere.
    #[error("{name:?} cannot contain {character:?}")]
    Character {
        /// What was asked for.
        name: String,
        /// What is wrong in it.
        character: char,
    },
    /// `.`, `..` or the control node's own name.
    #[error("{0:?} is reserved")]
    Reserved(String),
}

/// A device's name as the kernel has it: 1 to 127 bytes without `/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DmName(String);

/// A device's uuid as the kernel has it: 1 to 128 bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DmUuid(String);

impl DmName {
    /// The most bytes there may be (`DM_NAME_LEN` less the NUL).
    pub const MAX: usize = 127;

    /// Takes a name as it is; [`mangle`] makes one of any text.
    pub fn new(name: impl Into<String>) -> Result<Self, NameError> {
        let name = checked(name.into(), Self::MAX)?;
        if name.contains('/') {
            return Err(NameError::Character { name, character: '/' });
        }
        if matches!(name.as_str(), "." | ".." | "control") {
            return Err(NameError::Reserved(name));
        }
        Ok(Self(name))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the kernel says: taken as it is, but for bytes that are no UTF-8, which are mangled. Such a
    /// device is addressed by its number.
    pub(crate) fn from_kernel(bytes: &[u8]) -> Self {
        Self(readable(bytes))
    }
}

impl DmUuid {
    /// The most bytes there may be (`DM_UUID_LEN` less the NUL).
    pub const MAX: usize = 128;

    /// Takes a uuid as it is.
    pub fn new(uuid: impl Into<String>) -> Result<Self, NameError> {
        checked(uuid.into(), Self::MAX).map(Self)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the kernel says; an empty one is none.
    pub(crate) fn from_kernel(bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() { None } else { Some(Self(readable(bytes))) }
    }
}

fn checked(name: String, max: usize) -> Result<String, NameError> {
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    if name.len() > max {
        return Err(NameError::TooLong { len: name.len(), name, max });
    }
    if name.contains('\0') {
        return Err(NameError::Character { name, character: '\0' });
    }
    Ok(name)
}

fn readable(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => mangled::hex(bytes),
    }
}

/// Display, FromStr, AsRef: the same for names and uuids.
macro_rules! text {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                Self::new(text)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

text!(DmName);
text!(DmUuid);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_the_kernel() {
        assert!(DmName::new("a".repeat(127)).is_ok());
        assert!(DmName::new("a".repeat(128)).is_err());
        assert!(DmUuid::new("a".repeat(128)).is_ok());
        assert!(DmUuid::new("a".repeat(129)).is_err());
    }

    #[test]
    fn names_that_cannot_be_nodes_are_refused() {
        for name in ["", "a/b", "a\0b", ".", "..", "control"] {
            assert!(DmName::new(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn foreign_bytes_become_readable() {
        assert_eq!(DmName::from_kernel(b"a\xff").as_str(), "a\\xff");
    }
}
