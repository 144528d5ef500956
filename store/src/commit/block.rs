//! Memory of whole logical blocks that direct I/O takes as it is.

use device::{Disk, DiskError};
use units::Bytes;

const ALIGNED_TO: usize = 4096;

/// One logical block of a disk, ready to be written without allocating.
#[derive(Clone, Debug)]
pub(super) struct Block {
    at: Bytes,
    memory: Vec<u8>,
    start: usize,
    len: usize,
}

impl Block {
    /// Reads the logical block that holds the 512 bytes at `place`.
    pub(super) fn read(disk: &dyn Disk, place: Bytes) -> Result<Self, DiskError> {
        let size = Bytes::new(u64::from(disk.logical_block().max(512)));
        let at = place.round_down(size);
        let mut block = Self::zeroed(at, usize::try_from(size.get()).unwrap_or(ALIGNED_TO));
        disk.read_at(block.bytes_mut(), at)?;
        Ok(block)
    }

    /// Whether a logical block of the disk holds 512 bytes and no more.
    pub(super) fn holds_one_sector(disk: &dyn Disk) -> bool {
        disk.logical_block() <= 512
    }

    /// The block at `at` of a disk where it holds nothing but these bytes.
    pub(super) fn of(at: Bytes, bytes: &[u8]) -> Self {
        let mut block = Self::zeroed(at, bytes.len());
        block.bytes_mut().copy_from_slice(bytes);
        block
    }

    fn zeroed(at: Bytes, len: usize) -> Self {
        let memory = vec![0; len + ALIGNED_TO - 1];
        let start = memory.as_ptr().align_offset(ALIGNED_TO);
        Self { at, memory, start, len }
    }

    /// A copy in aligned memory of its own.
    pub(super) fn copy(&self) -> Self {
        let mut copy = Self::zeroed(self.at, self.len);
        copy.bytes_mut().copy_from_slice(self.bytes());
        copy
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.memory[self.start..self.start + self.len]
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.memory[self.start..self.start + self.len]
    }

    /// The 512 bytes at a place on the disk that lies in this block.
    pub(super) fn sector(&self, place: Bytes) -> &[u8] {
        let from = usize::try_from(place.saturating_sub(self.at).get()).unwrap_or(0);
        self.bytes().get(from..from + 512).unwrap_or_default()
    }

    /// Puts bytes that were or will be written at a place on the disk, as far as they lie in this block.
    pub(super) fn overlay(&mut self, place: Bytes, bytes: &[u8]) {
        let (start, end) = (self.at.get(), self.at.get() + self.len as u64);
        let from = place.get().max(start);
        let to = place.get().saturating_add(bytes.len() as u64).min(end);
        if from < to {
            let here = (from - start) as usize..(to - start) as usize;
            let there = (from - place.get()) as usize..(to - place.get()) as usize;
            self.bytes_mut()[here].copy_from_slice(&bytes[there]);
        }
    }

    /// Writes it, in one piece.
    pub(super) fn write(&self, disk: &dyn Disk) -> Result<(), DiskError> {
        disk.write_at(self.bytes(), self.at)
    }
}
