//! The planners on VGs in memory. What extents are expected here is what LVM2 2.03.40 took.
#![forbid(unsafe_code)]

mod create;
mod edits;
mod invariants;
mod kit;
mod resize;
