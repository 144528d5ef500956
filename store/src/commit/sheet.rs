//! The text of a commit, in memory once for however many areas it goes to.

use metadata::disk::{Placement, RawLocn, SECTOR};
use std::ops::Range;
use std::sync::Arc;
use units::{Bytes, crc};

const ALIGNED_TO: usize = 4096;

/// A text with zeros behind it, for what is written ends at a multiple of 512; at an address that direct I/O takes.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    memory: Arc<Vec<u8>>,
    start: usize,
    len: usize,
    checksum: u32,
}

impl Sheet {
    /// Of a text, its NUL included.
    pub(super) fn of(text: &[u8]) -> Self {
        let mut memory = vec![0; text.len() + SECTOR + ALIGNED_TO];
        let start = memory.as_ptr().align_offset(ALIGNED_TO);
        memory[start..start + text.len()].copy_from_slice(text);
        Self { memory: Arc::new(memory), start, len: text.len(), checksum: crc(text) }
    }

    /// How long the text is.
    pub(super) fn len(&self) -> Bytes {
        Bytes::new(self.len as u64)
    }

    /// The slot that points at the text where it is placed so.
    pub(super) fn locn(&self, placement: &Placement) -> RawLocn {
        RawLocn { offset: placement.offset, size: self.len(), checksum: self.checksum, flags: 0 }
    }

    /// The bytes of a run of the placement.
    pub(super) fn bytes(&self, run: &Range<usize>) -> &[u8] {
        &self.memory[self.start + run.start..self.start + run.end]
    }
}
