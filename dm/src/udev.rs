//! udev: what its rules are told, how its end is awaited, and the nodes it makes where it does not run.

mod cookie;
mod nodes;

pub(crate) use cookie::Cookies;
pub use cookie::{Cookie, CookieError, Settled, abandon, complete};
pub use nodes::{NodeDir, NodeError};

use crate::sys::sem;
use std::ops::{BitOr, BitOrAssign};
use std::path::Path;

/// Who makes the nodes below `/dev`, and whether that is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Udev {
    /// udevd runs: it makes them, and the cookie tells when.
    Running,
    /// udevd does not run: they are made here.
    NotRunning,
    /// udevd runs: it makes them, in its own time.
    Unawaited,
    /// udevd runs and is told to leave dm devices alone (`DM_DISABLE_UDEV`): they are made here.
    Bypassed,
}

impl Udev {
    /// Looks for udevd's control socket below `run` (`/run`). `disabled` is whether `DM_DISABLE_UDEV` is set.
    pub fn detect(run: &Path, disabled: bool) -> Self {
        // Without semaphores (a kernel without SysV IPC) nobody could be waited for.
        let answers = || run.join("udev/control").exists() && sem::supported();
        match (disabled, answers()) {
            (true, _) => Self::Bypassed,
            (false, true) => Self::Running,
            (false, false) => Self::NotRunning,
        }
    }

    /// The flags to send along, given those that the device should have.
    pub(crate) fn flags(self, flags: UdevFlags) -> UdevFlags {
        match self {
            Self::Running | Self::NotRunning | Self::Unawaited => flags,
            Self::Bypassed => UdevFlags(flags.0 & !UdevFlags::DISABLE_FALLBACK.0) | UdevFlags(0x3),
        }
    }
}

/// What udev's rules are to leave out for a device, as LVM2's and the distributions' rules read it from the
/// upper half of the cookie. [L libdevmapper.h:3990-4075]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct UdevFlags(u16);

impl UdevFlags {
    /// Nothing left out.
    pub const NONE: Self = Self(0);
    /// No nodes and links by the dm rules.
    pub const DISABLE_DM: Self = Self(0x1);
    /// No links by the rules of the volume manager.
    pub const DISABLE_SUBSYSTEM: Self = Self(0x2);
    /// No `/dev/disk` links.
    pub const DISABLE_DISK: Self = Self(0x4);
    /// No other rules.
    pub const DISABLE_OTHER: Self = Self(0x8);
    /// This device's links yield to those of others.
    pub const LOW_PRIORITY: Self = Self(0x10);
    /// udev alone makes the nodes; nobody mends them after it.
    pub const DISABLE_FALLBACK: Self = Self(0x20);
    /// The event was asked for, and is no echo of one.
    pub const PRIMARY_SOURCE: Self = Self(0x40);
    /// The volume manager's first own flag. LVM2: do not scan the content.
    pub const SUBSYSTEM_0: Self = Self(0x100);

    /// What a device gets that only other devices use.
    pub const INTERNAL: Self = Self(0x2 | 0x4 | 0x8);

    /// As they are sent.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// From what was sent.
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// Whether all of `other` are among them.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BitOr for UdevFlags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for UdevFlags {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// What goes with a resume, a removal or a rename into the uevent it makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Event {
    /// What the rules are to leave out.
    pub flags: UdevFlags,
    /// The lower half of the cookie that udev takes back when it is done; zero for none.
    pub cookie: u16,
}

impl Event {
    /// No cookie.
    pub const fn flags(flags: UdevFlags) -> Self {
        Self { flags, cookie: 0 }
    }

    /// As it stands in the ioctl. The mark of a primary source is always set, as LVM2 sets it.
    pub(crate) fn number(self) -> u32 {
        let flags = self.flags | UdevFlags::PRIMARY_SOURCE;
        (u32::from(flags.bits()) << 16) | u32::from(self.cookie)
    }
}
