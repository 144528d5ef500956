//! Memory that stays in memory: a suspended device may be the one that programs are paged in from.

use nix::errno::Errno;
use nix::sys::mman::{MlockAllFlags, mlockall, munlockall};

/// All of this process's memory, present and to come, locked until dropped.
#[derive(Debug)]
pub struct MemoryLock(());

impl MemoryLock {
    /// Locks it. Fails with EPERM or ENOMEM where the limit of locked memory is too low.
    pub fn acquire() -> Result<Self, Errno> {
        mlockall(MlockAllFlags::MCL_CURRENT | MlockAllFlags::MCL_FUTURE)?;
        Ok(Self(()))
    }
}

impl Drop for MemoryLock {
    fn drop(&mut self) {
        let _ = munlockall();
    }
}
