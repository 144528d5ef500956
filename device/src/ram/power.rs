//! What all RAM disks of one machine share: the order of their writes, and the power.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The power supply of some RAM disks. When it fails, all of them stop at once, in the middle of
/// whatever is being written.
#[derive(Clone, Debug, Default)]
pub struct Power(Arc<Mutex<Supply>>);

#[derive(Debug, Default)]
struct Supply {
    /// Counts writes and flushes of all disks, so that their journals can be merged.
    clock: u64,
    /// Sectors of 512 bytes that can still be written, where a limit is set.
    left: Option<u64>,
    written: u64,
}

impl Power {
    /// Power without an end.
    pub fn new() -> Self {
        Self::default()
    }

    /// Fails after that many more sectors of 512 bytes were written, on all disks together.
    pub fn fail_after(&self, sectors: u64) {
        self.supply().left = Some(sectors);
    }

    /// Comes back, without an end.
    pub fn restore(&self) {
        self.supply().left = None;
    }

    /// Whether it has failed.
    pub fn is_off(&self) -> bool {
        self.supply().left == Some(0)
    }

    /// Sectors written so far, on all disks together: the number of places where power can fail.
    pub fn sectors_written(&self) -> u64 {
        self.supply().written
    }

    pub(crate) fn tick(&self) -> u64 {
        let mut supply = self.supply();
        supply.clock += 1;
        supply.clock
    }

    /// Draws power for writing `sectors`; returns for how many it lasts.
    pub(crate) fn draw(&self, sectors: u64) -> u64 {
        let mut supply = self.supply();
        let lasts = supply.left.map_or(sectors, |left| left.min(sectors));
        if let Some(left) = &mut supply.left {
            *left -= lasts;
        }
        supply.written += lasts;
        lasts
    }

    fn supply(&self) -> MutexGuard<'_, Supply> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
