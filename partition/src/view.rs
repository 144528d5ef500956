//! A disk's first bytes, read once, and the rest as it is asked for.

use crate::bytes::u32_at;
use device::{Disk, DiskError};
use units::{Bytes, Sectors};

/// Enough for every label, and for the entries of a usual GPT with blocks of up to 4096 bytes.
const HEAD: u64 = 32 << 10;

/// What the readers of tables look at. What lies past the end of the disk reads as nothing.
pub(crate) struct View<'a> {
    disk: &'a dyn Disk,
    head: Vec<u8>,
    base: u64,
    len: u64,
}

impl<'a> View<'a> {
    /// Reads the head in one go. Where that fails, later reads tell which part of it is bad.
    pub(crate) fn new(disk: &'a dyn Disk) -> Self {
        Self::of(disk, 0, disk.len().get())
    }

    /// A stretch of the disk, as if it were a disk; it must lie on this one.
    pub(crate) fn part(&self, start: Sectors, size: Sectors) -> Option<Self> {
        let (start, len) =
            (start.get().checked_mul(Sectors::BYTES)?, size.get().checked_mul(Sectors::BYTES)?);
        let fits = start.checked_add(len).is_some_and(|end| end <= self.len);
        fits.then(|| Self::of(self.disk, self.base + start, len))
    }

    fn of(disk: &'a dyn Disk, base: u64, len: u64) -> Self {
        let mut head = vec![0; usize::try_from(HEAD.min(len)).unwrap_or_default()];
        if disk.read_at(&mut head, Bytes::new(base)).is_err() {
            head.clear();
        }
        Self { disk, head, base, len }
    }

    /// The disk's length in bytes.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Bytes in a block of the disk.
    pub(crate) fn block(&self) -> u32 {
        self.disk.logical_block()
    }

    /// `len` bytes from byte `at` on, where the disk is that long.
    pub(crate) fn read(&self, at: u64, len: usize) -> Result<Option<Vec<u8>>, DiskError> {
        let end = at.checked_add(len as u64).filter(|&end| end <= self.len());
        let Some(end) = end else { return Ok(None) };
        if end <= self.head.len() as u64 {
            let at = usize::try_from(at).unwrap_or_default();
            return Ok(Some(self.head[at..at + len].to_vec()));
        }
        let mut bytes = vec![0; len];
        self.disk.read_at(&mut bytes, Bytes::new(self.base + at))?;
        Ok(Some(bytes))
    }

    /// The 512 bytes of a sector.
    pub(crate) fn sector(&self, sector: u64) -> Result<Option<Vec<u8>>, DiskError> {
        match sector.checked_mul(Sectors::BYTES) {
            Some(at) => self.read(at, 512),
            None => Ok(None),
        }
    }

    /// A sector that has these four bytes at `at`.
    pub(crate) fn sector_with(
        &self,
        sector: u64,
        at: usize,
        magic: u32,
    ) -> Result<Option<Vec<u8>>, DiskError> {
        Ok(self.sector(sector)?.filter(|bytes| u32_at(bytes, at) == Some(magic)))
    }
}
