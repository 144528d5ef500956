//! What can stand in the way of an ioctl.

use crate::{DevRef, Verb};
use nix::errno::Errno;
use thiserror::Error;

/// Why there is no device-mapper to talk to.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Absence {
    /// The kernel has no such driver, and none could be loaded.
    #[error("the kernel has no device-mapper")]
    NoDriver,
    /// The control node may not be opened; it takes root.
    #[error("{path} may not be opened: {errno}")]
    Permission {
        /// The control node.
        path: String,
        /// What the kernel answered.
        errno: Errno,
    },
    /// The control node could not be made or opened for another reason.
    #[error("{path} cannot be used: {errno}")]
    Node {
        /// The control node.
        path: String,
        /// What the kernel answered.
        errno: Errno,
    },
    /// The driver speaks another major version of the protocol.
    #[error("the kernel's device-mapper speaks no version 4 of its protocol")]
    Protocol,
    /// Whoever set up this run wants none.
    #[error("device-mapper is switched off")]
    SwitchedOff,
}

/// What an operation on device-mapper ends with when it fails.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DmError {
    /// There is none.
    #[error(transparent)]
    Absent(#[from] Absence),
    /// The kernel said no.
    #[error("device-mapper: {verb} of {device} failed: {errno}")]
    Refused {
        /// What was asked.
        verb: Verb,
        /// Of which device (or target, for a version).
        device: String,
        /// The answer.
        errno: Errno,
    },
    /// The answer makes no sense.
    #[error("device-mapper: {verb} of {device} was answered with a damaged {what}")]
    Damage {
        /// What was asked.
        verb: Verb,
        /// Of which device.
        device: String,
        /// Which part of the answer.
        what: &'static str,
    },
    /// The table names a device that has no number yet.
    #[error("the table of {device} names {reference}, which has no device number yet")]
    Unresolved {
        /// Whose table.
        device: String,
        /// What it names.
        reference: DevRef,
    },
    /// A target's name has more than 15 bytes, or a table more than four gigabytes.
    #[error("a table of {device} does not fit the ioctl: {what}")]
    TooLong {
        /// Whose table.
        device: String,
        /// What is too long.
        what: String,
    },
}

impl DmError {
    /// What the kernel answered, where it was asked.
    pub fn errno(&self) -> Option<Errno> {
        match self {
            Self::Refused { errno, .. } => Some(*errno),
            Self::Absent(_) | Self::Damage { .. } | Self::Unresolved { .. } | Self::TooLong { .. } => None,
        }
    }

    /// Whether the device does not exist.
    pub fn is_no_device(&self) -> bool {
        self.errno() == Some(Errno::ENXIO)
    }

    /// Whether the device is open, or the name or uuid is taken.
    pub fn is_busy(&self) -> bool {
        self.errno() == Some(Errno::EBUSY)
    }
}
