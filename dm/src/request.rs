//! One ioctl, encoded: made ahead of time, run without allocating, its answer read afterwards.

mod answer;
mod encode;

use crate::sys::abi;
use crate::{DmError, Version};
use nix::errno::Errno;
use std::fmt;
use std::time::Duration;

/// What an ioctl does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Ask for the protocol's version.
    Version,
    /// List all devices.
    List,
    /// Make a device without a table.
    Create,
    /// Take a device away.
    Remove,
    /// Give a device another name.
    Rename,
    /// Give a device without uuid one.
    SetUuid,
    /// Hold I/O back.
    Suspend,
    /// Make the loaded table live, and let I/O through.
    Resume,
    /// Ask for the state.
    Info,
    /// Wait for an event.
    Wait,
    /// Load a table into the inactive slot.
    Load,
    /// Drop the table in the inactive slot.
    Clear,
    /// Ask which devices the table uses.
    Deps,
    /// Ask what the targets say.
    Status,
    /// Ask for the table.
    Table,
    /// List targets and their versions.
    Targets,
    /// Tell a target something.
    Message,
    /// Ask for one target's version, loading its module.
    TargetVersion,
}

impl Verb {
    /// The ioctl's number.
    pub(crate) const fn command(self) -> u8 {
        match self {
            Self::Version => 0,
            Self::List => 2,
            Self::Create => 3,
            Self::Remove => 4,
            Self::Rename | Self::SetUuid => 5,
            Self::Suspend | Self::Resume => 6,
            Self::Info => 7,
            Self::Wait => 8,
            Self::Load => 9,
            Self::Clear => 10,
            Self::Deps => 11,
            Self::Status | Self::Table => 12,
            Self::Targets => 13,
            Self::Message => 14,
            Self::TargetVersion => 17,
        }
    }

    /// Whether it changes anything.
    pub const fn changes(self) -> bool {
        match self {
            Self::Create | Self::Remove | Self::Rename | Self::SetUuid | Self::Suspend | Self::Resume => true,
            Self::Load | Self::Clear | Self::Message => true,
            Self::Version | Self::List | Self::Info | Self::Wait | Self::Deps | Self::Status => false,
            Self::Table | Self::Targets | Self::TargetVersion => false,
        }
    }

    /// One word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::List => "list",
            Self::Create => "create",
            Self::Remove => "remove",
            Self::Rename => "rename",
            Self::SetUuid => "setuuid",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Info => "info",
            Self::Wait => "wait",
            Self::Load => "load",
            Self::Clear => "clear",
            Self::Deps => "deps",
            Self::Status => "status",
            Self::Table => "table",
            Self::Targets => "targets",
            Self::Message => "message",
            Self::TargetVersion => "target-version",
        }
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How a suspend (or a resume that swaps tables on the way) treats I/O.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Suspend {
    /// Keep queued I/O queued instead of waiting until it is done.
    pub noflush: bool,
    /// Do not freeze a file system on the device first.
    pub skip_lockfs: bool,
}

/// How hard a removal tries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Removal {
    /// Once; an open device is refused.
    #[default]
    Now,
    /// Again after a pause while the device is open (udev's rules open devices for a moment).
    Retry {
        /// How often at most, beside the first time.
        times: u32,
        /// How long between.
        pause: Duration,
    },
    /// At the last close, should it be open now.
    Deferred,
}

impl Removal {
    /// 25 times, 200 ms apart, as LVM2 does. [L libdm-iface.c, DM_IOCTL_RETRIES]
    pub const RETRY: Self = Self::Retry { times: 25, pause: Duration::from_millis(200) };
}

/// Which of a device's two tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Slot {
    /// The one in use.
    #[default]
    Live,
    /// The one loaded and waiting.
    Inactive,
}

/// One ioctl with its buffer.
#[derive(Clone)]
pub struct Request {
    verb: Verb,
    /// The device (or target) it is about, for messages.
    subject: String,
    buffer: Vec<u8>,
    /// The fixed part as encoded, so that the request can be run again.
    header: [u8; abi::HEADER],
}

impl Request {
    /// What it does.
    pub fn verb(&self) -> Verb {
        self.verb
    }

    /// What it is about: a name, uuid or number as given.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The buffer, for the one who runs it.
    pub(crate) fn buffer_mut(&mut self) -> &mut [u8] {
        &mut self.buffer
    }

    /// Puts the fixed part back to what was encoded, since an answer overwrites it. Allocates nothing.
    pub fn rewind(&mut self) {
        self.buffer[..abi::HEADER].copy_from_slice(&self.header);
    }

    /// The error that the kernel's refusal of this request is.
    pub fn refused(&self, errno: Errno) -> DmError {
        DmError::Refused { verb: self.verb, device: self.subject.clone(), errno }
    }

    fn damaged(&self, what: &'static str) -> DmError {
        DmError::Damage { verb: self.verb, device: self.subject.clone(), what }
    }

    /// The version of the kernel's driver, which every answer carries.
    pub fn driver(&self) -> Version {
        let number = |at| abi::u32_at(&self.buffer, at).unwrap_or(0);
        Version { major: number(0), minor: number(4), patch: number(8) }
    }

    fn flags(&self) -> u32 {
        abi::u32_at(&self.buffer, abi::FLAGS).unwrap_or(0)
    }

    fn set_flag(&mut self, flag: u32) {
        let flags = self.flags() | flag;
        abi::put_u32(&mut self.buffer, abi::FLAGS, flags);
    }
}

#[cfg(test)]
mod tests;

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({} {}, {} bytes)", self.verb, self.subject, self.buffer.len())
    }
}
