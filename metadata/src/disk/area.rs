//! A range of bytes on a device.

use units::Bytes;

/// Where an area lies on its device. A data area of size zero goes on to the device's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DiskArea {
    /// Its first byte, counted from the start of the device.
    pub offset: Bytes,
    /// How long it is.
    pub size: Bytes,
}

impl DiskArea {
    /// The area of `size` bytes from `offset` on.
    pub const fn new(offset: u64, size: u64) -> Self {
        Self { offset: Bytes::new(offset), size: Bytes::new(size) }
    }

    /// The byte after its last, unless that overflows.
    pub const fn end(self) -> Option<Bytes> {
        self.offset.checked_add(self.size)
    }
}
