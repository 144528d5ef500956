//! What is known of one option.

use super::table::{Opt, TABLE};
use super::value::Value;
use crate::commands::Name;

/// Whether an option may be given more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Once only.
    No,
    /// Any number of times, and the number matters (`-vv`).
    Count,
    /// Any number of times, each with its own value; a repeat starts a new group of options, and so does
    /// an option of higher rank than the group's first.
    Group(u8),
}

/// One row of the option table.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// Which option.
    pub opt: Opt,
    /// Its long name, without dashes.
    pub long: &'static str,
    /// Its letter, where it has one. [`Opt::letter`] knows the commands that do without.
    pub short: Option<char>,
    /// What its value is.
    pub value: Value,
    /// How often it may be given.
    pub repeat: Repeat,
    /// A line for `--help` and the man page.
    pub about: &'static str,
}

impl Opt {
    /// Its row.
    pub fn spec(self) -> &'static Spec {
        &TABLE[self as usize]
    }

    /// All of them, in LVM2's order.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|spec| spec.opt)
    }

    /// Whether only rlvm has it.
    pub fn is_own(self) -> bool {
        self >= Self::Plan
    }

    /// The long name, without dashes.
    pub fn long(self) -> &'static str {
        self.spec().long
    }

    /// The letter `command` takes it by. Some commands use the letter for something else.
    pub fn letter(self, command: Name) -> Option<char> {
        match (command, self) {
            (Name::Vgcfgrestore, Self::Force)
            | (Name::Lvconvert, Self::Stripes)
            | (Name::Pvscan | Name::Vgscan | Name::Lvscan, Self::Cache) => None,
            _ => self.spec().short,
        }
    }

    /// What its value is in `command`: some take signs that others refuse.
    pub fn value(self, command: Name) -> Value {
        use Name::{Lvconvert, Lvcreate, Lvextend, Lvreduce, Lvresize};
        match (command, self) {
            (Lvconvert, Self::Mirrors) => Value::SNumber,
            (Lvcreate, Self::Mirrors) => Value::PNumber,
            (Lvcreate | Lvextend, Self::Size) => Value::PSizeMb,
            (Lvcreate | Lvextend, Self::Extents) => Value::PExtents,
            (Lvcreate | Lvextend | Lvresize, Self::Poolmetadatasize) => Value::PSizeMb,
            (Lvreduce, Self::Size) => Value::NSizeMb,
            (Lvreduce, Self::Extents) => Value::NExtents,
            (Lvresize, Self::Size) => Value::SSizeMb,
            (Lvresize, Self::Extents) => Value::SExtents,
            (_, Self::Metadatacopies) if command.text().starts_with("pv") => Value::PvMetadataCopies,
            (_, Self::Metadatacopies) => Value::VgMetadataCopies,
            _ => self.spec().value,
        }
    }

    /// The option it is another name of, in `command`.
    pub fn standard(self, command: Name) -> Self {
        let text = command.text();
        match self {
            Self::Corelog => Self::Mirrorlog,
            Self::Resizable => Self::Resizeable,
            Self::Allocation => Self::Allocatable,
            Self::Available => Self::Activate,
            Self::Raidrebuild => Self::Rebuild,
            Self::Raidsyncaction => Self::Syncaction,
            Self::Raidwritemostly => Self::Writemostly,
            Self::Raidminrecoveryrate => Self::Minrecoveryrate,
            Self::Raidmaxrecoveryrate => Self::Maxrecoveryrate,
            Self::Raidwritebehind => Self::Writebehind,
            Self::Virtualoriginsize => Self::Virtualsize,
            Self::Split => Self::Splitcache,
            Self::Metadatacopies if text.starts_with("pv") => Self::Pvmetadatacopies,
            Self::Metadatacopies if text.starts_with("vg") => Self::Vgmetadatacopies,
            Self::Profile if command.takes_metadata_profile() => Self::Metadataprofile,
            _ => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Opt, TABLE};

    #[test]
    fn each_row_stands_at_its_options_number() {
        for (index, spec) in TABLE.iter().enumerate() {
            assert_eq!(spec.opt as usize, index);
            assert_eq!(Opt::spec(spec.opt).long, spec.long);
        }
    }
}
