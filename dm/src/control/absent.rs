//! No device-mapper, and why.

use super::Control;
use crate::{Absence, DevNo, Errno, Request};
use units::Sectors;

/// A device-mapper that is not there: every operation fails with the reason.
#[derive(Clone, Debug)]
pub struct Absent {
    reason: Absence,
}

impl Absent {
    /// Absent for this reason.
    pub fn new(reason: Absence) -> Self {
        Self { reason }
    }
}

impl Control for Absent {
    fn usable(&self) -> Result<(), Absence> {
        Err(self.reason.clone())
    }

    fn submit(&self, _: &mut Request) -> Result<(), Errno> {
        Err(Errno::ENODEV)
    }

    fn read_ahead(&self, _: DevNo) -> Result<Sectors, Errno> {
        Err(Errno::ENODEV)
    }

    fn set_read_ahead(&self, _: DevNo, _: Sectors) -> Result<(), Errno> {
        Err(Errno::ENODEV)
    }
}
