//! The binary structures on a PV: label, PV header, metadata area header, and the ring of texts.
//!
//! Bytes to structs and back, without I/O: callers read and write the bytes. All numbers on disk are
//! little-endian. Whatever the bytes are, the answer is a struct or [`Damage`], never a panic.
//! Source of the layout: LVM2 2.03.40, lib/format_text/layout.h and lib/label/label.h.
//!
//! ```text
//! sector 0        left alone (boot code)
//! sector 1        label: 32 bytes of label header, then the PV header and its extension
//! 4096...         metadata area: header in its first 512 bytes, then the ring of texts up to its end
//! 1 MiB...        extents
//! ```

mod area;
mod bytes;
mod damage;
mod label;
mod mda_header;
mod pv_header;
mod ring;

pub use area::DiskArea;
pub use damage::{Damage, What};
pub use label::{Label, LabelSearch};
pub use mda_header::{MdaHeader, RawLocn};
pub use pv_header::{Extension, PvHeader};
pub use ring::{Piece, Placement, Ring, RingError};

/// The length of a label sector and of a metadata area header, whatever the device's block size.
pub const SECTOR: usize = 512;
