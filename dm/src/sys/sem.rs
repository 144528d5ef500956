//! SysV semaphores: sets of one, as udev cookies are.

use libc::{c_int, c_short, key_t, sembuf, size_t, timespec};
use nix::errno::Errno;
use std::time::Duration;

unsafe extern "C" {
    // In glibc and musl, but not in the `libc` crate.
    fn semtimedop(semid: c_int, sops: *mut sembuf, nsops: size_t, timeout: *const timespec) -> c_int;
}

/// Finds the semaphore with this key, or makes it; making one that is there gives EEXIST.
pub(crate) fn get(key: u32, make: bool) -> Result<c_int, Errno> {
    let flags = if make { 0o600 | libc::IPC_CREAT | libc::IPC_EXCL } else { 0 };
    // SAFETY: semget takes and gives plain numbers.
    Errno::result(unsafe { libc::semget(key as key_t, 1, flags) })
}

/// Its value.
pub(crate) fn value(id: c_int) -> Result<c_int, Errno> {
    // SAFETY: GETVAL reads no fourth argument.
    Errno::result(unsafe { libc::semctl(id, 0, libc::GETVAL) })
}

/// Sets its value.
pub(crate) fn set_value(id: c_int, value: c_int) -> Result<(), Errno> {
    // SAFETY: SETVAL reads its fourth argument as an int, the first member of union semun.
    Errno::result(unsafe { libc::semctl(id, 0, libc::SETVAL, value) }).map(drop)
}

/// Takes it away; whoever waits for it wakes with EIDRM.
pub(crate) fn destroy(id: c_int) -> Result<(), Errno> {
    // SAFETY: IPC_RMID reads no fourth argument.
    Errno::result(unsafe { libc::semctl(id, 0, libc::IPC_RMID) }).map(drop)
}

/// Adds to its value, or takes from it; EAGAIN where that would block.
pub(crate) fn add(id: c_int, amount: c_short) -> Result<(), Errno> {
    let mut change = sembuf { sem_num: 0, sem_op: amount, sem_flg: libc::IPC_NOWAIT as c_short };
    // SAFETY: the pointer is to one live sembuf, as the count says.
    Errno::result(unsafe { libc::semop(id, &raw mut change, 1) }).map(drop)
}

/// Waits until it is zero: EAGAIN when the time is over, EINTR at a signal, EIDRM when it is taken away.
pub(crate) fn wait_zero(id: c_int, timeout: Duration) -> Result<(), Errno> {
    let mut zero = sembuf { sem_num: 0, sem_op: 0, sem_flg: 0 };
    let timeout = nix::sys::time::TimeSpec::from_duration(timeout);
    let timeout: &timespec = timeout.as_ref();
    // SAFETY: both pointers are to live values of the types the call reads; the count is that of the first.
    Errno::result(unsafe { semtimedop(id, &raw mut zero, 1, timeout) }).map(drop)
}

/// Whether the kernel has semaphores at all.
pub(crate) fn supported() -> bool {
    // Nobody has a cookie of zero: a kernel with semaphores finds none.
    get(0x0d4d_0000, false) != Err(Errno::ENOSYS)
}
