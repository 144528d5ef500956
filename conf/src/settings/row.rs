//! What is known of a setting.

use std::fmt;
use std::ops::BitOr;

use crate::tree::Value;

/// The type of a setting's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No setting but a section of them.
    Section,
    /// 0 or 1 (any other number counts as 1), or y, yes, on, true, n, no, off, false in any case.
    Bool,
    /// A whole number.
    Int,
    /// A string.
    Str,
    /// Strings; a lone string counts as an array of one.
    Array,
    /// Strings and whole numbers.
    MixedArray,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Section => "a section",
            Self::Bool => "yes or no",
            Self::Int => "an integer",
            Self::Str => "a string",
            Self::Array => "an array of strings",
            Self::MixedArray => "an array of strings and integers",
        })
    }
}

/// What holds where nothing is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Default {
    /// Nothing: absence has a meaning of its own, or the value depends on more than settings.
    None,
    /// On or off.
    Bool(bool),
    /// A number.
    Int(i64),
    /// A string.
    Text(&'static str),
    /// Strings.
    List(&'static [&'static str]),
    /// A path within the system directory (`LVM_SYSTEM_DIR`, else /etc/lvm).
    SystemDir(&'static str),
    /// Whatever another setting says.
    SameAs(&'static str),
}

/// A version of LVM2, as `lvmconfig --withversions` shows it (2.03.40 is 2.3.40).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// 2
    pub major: u8,
    /// 3
    pub minor: u8,
    /// 40
    pub release: u8,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.release)
    }
}

/// Properties of a setting, any number of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flags(u16);

impl Flags {
    /// None of the others.
    pub const PLAIN: Self = Self(0);
    /// An empty string or array is a value.
    pub const ALLOW_EMPTY: Self = Self(1);
    /// For advanced use only.
    pub const ADVANCED: Self = Self(1 << 1);
    /// Not officially supported by LVM2.
    pub const UNSUPPORTED: Self = Self(1 << 2);
    /// A command profile can set it.
    pub const COMMAND_PROFILE: Self = Self(1 << 3);
    /// A metadata profile, attached to a VG or an LV, can set it.
    pub const METADATA_PROFILE: Self = Self(1 << 4);
    /// There is no default, or the kernel has it.
    pub const UNDEFINED: Self = Self(1 << 5);
    /// `lvmconfig` prints the default as a comment.
    pub const COMMENTED: Self = Self(1 << 6);
    /// Printed in octal.
    pub const OCTAL: Self = Self(1 << 7);
    /// A section whose content is not checked.
    pub const UNCHECKED: Self = Self(1 << 8);
    /// Cannot be changed within LVM2's shell.
    pub const NOT_INTERACTIVE: Self = Self(1 << 9);

    /// Whether all of `other` are among these.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// These and the others.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOr for Flags {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        self.and(other)
    }
}

/// Whether setting it makes a difference to rlvm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Honoured {
    /// It does what LVM2 does with it.
    Yes,
    /// It has no effect yet: who sets it is to be told.
    NotYet,
    /// It concerns commands, options or segment types that rlvm refuses by name, so there is nothing on which
    /// it could have an effect.
    Refused,
    /// It can have no effect: LVM2 itself ignores it by now, or it concerns how LVM2 works inside.
    Moot,
}

/// A setting.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Its path. `#` stands for a name of the user's choosing.
    pub path: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// What holds where it is not set.
    pub default: Default,
    /// The first version of LVM2 that had it.
    pub since: Version,
    /// The first version of LVM2 in which it has no effect any more.
    pub deprecated: Option<Version>,
    /// Its properties.
    pub flags: Flags,
    /// Whether rlvm heeds it.
    pub honoured: Honoured,
    /// The only values that mean something; empty where there are more.
    pub one_of: &'static [&'static str],
}

impl Row {
    /// Whether a value says the same as the default.
    pub fn is_default(&self, value: &Value<'_>) -> bool {
        match self.default {
            Default::None | Default::SystemDir(_) | Default::SameAs(_) => false,
            Default::Bool(default) => as_bool(value) == Some(default),
            Default::Int(default) => value.items() == [Value::Int(default)],
            Default::Text(default) => value.items() == [Value::Str(default.into())],
            Default::List(default) => {
                let strings = value.items().iter().map(|item| item.str().and_then(|s| s.to_str()));
                strings.eq(default.iter().map(|&item| Some(item)))
            }
        }
    }
}

/// The truth value of a setting's value, if it is one.
pub(super) fn as_bool(value: &Value<'_>) -> Option<bool> {
    match value.items().first()? {
        Value::Int(n) => Some(*n != 0),
        Value::Str(text) => {
            let is = |words: [&str; 4]| {
                words.iter().any(|word| word.as_bytes().eq_ignore_ascii_case(text.as_bytes()))
            };
            match (is(["y", "yes", "on", "true"]), is(["n", "no", "off", "false"])) {
                (true, _) => Some(true),
                (_, true) => Some(false),
                _ => None,
            }
        }
        Value::Float(_) | Value::Array(_) => None,
    }
}
