//! The truth about a VG and its encodings; pure: no files, no clock, no randomness, no printing.
//!
//! Owns: the model of VGs, PVs, LVs and segments ([`model`]), its text ([`text`]) and whether it makes sense
//! ([`validate`]), the binary structures on a PV ([`disk`]), what runs now as plain data ([`live`]), what planners
//! take and give ([`plan`]). Begin with [`model::Vg`] and [`text::parse`].
#![forbid(unsafe_code)]

pub mod disk;
pub mod live;
pub mod model;
pub mod plan;
pub mod text;
pub mod validate;
