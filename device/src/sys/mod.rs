//! The system calls that neither std nor nix wraps: the only module of this crate with `unsafe`.

pub(crate) mod block;
pub(crate) mod given;
pub(crate) mod loops;
pub(crate) mod xfs;
