//! The kernel's side: how the ioctls lie in memory, and the calls themselves. All of this crate's `unsafe`.

pub(crate) mod abi;
pub(crate) mod block;
pub(crate) mod ioctl;
pub(crate) mod sem;
