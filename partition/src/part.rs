//! A partition as a disk of its own.

use crate::table::{Partition, Piece};
use device::{Claim, Disk, DiskError, Identity};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use units::{Bytes, Sectors};

/// One partition of a disk. All I/O goes through that disk; what reads as zeros cannot be written.
#[derive(Debug)]
pub struct Part {
    number: u64,
    path: PathBuf,
    disk: Arc<dyn Disk>,
    pieces: Vec<Piece>,
    len: u64,
    read_only: bool,
}

/// What the partition of that number is called: `disk.img:2`.
pub fn part_path(disk: &Path, number: u32) -> PathBuf {
    let mut name = OsString::from(disk);
    name.push(format!(":{number}"));
    PathBuf::from(name)
}

impl Part {
    /// That partition of `disk`.
    pub fn new(disk: Arc<dyn Disk>, partition: &Partition) -> Self {
        // Far from the numbers of volumes, which count from 0 in this process, too.
        static NUMBERS: AtomicU64 = AtomicU64::new(1 << 63);
        Self {
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
            path: part_path(disk.path(), partition.number),
            pieces: partition.stretches(),
            len: partition.size.get().saturating_mul(Sectors::BYTES),
            read_only: partition.read_only || disk.read_only(),
            disk,
        }
    }

    /// Calls `each` with the part of a request in each piece: the place on the disk, and which bytes of the
    /// request.
    fn for_pieces(
        &self,
        offset: Bytes,
        len: usize,
        mut each: impl FnMut(Option<u64>, std::ops::Range<usize>) -> Result<(), DiskError>,
    ) -> Result<(), DiskError> {
        let (mut at, mut done) = (0, 0);
        for piece in &self.pieces {
            let size = piece.size.get() * Sectors::BYTES;
            let here = offset.get() + done as u64;
            if done < len && here < at + size {
                let skip = here - at;
                let part = usize::try_from(size - skip).unwrap_or(usize::MAX).min(len - done);
                let place = piece.start.map(|start| start.get() * Sectors::BYTES + skip);
                each(place, done..done + part)?;
                done += part;
            }
            at += size;
        }
        Ok(())
    }

    /// The same for a range of which no bytes are at hand; what reads as zeros is left out.
    fn for_each(
        &self,
        action: &'static str,
        offset: Bytes,
        len: Bytes,
        each: impl Fn(Bytes, Bytes) -> Result<(), DiskError>,
    ) -> Result<(), DiskError> {
        self.check(action, offset, len.get())?;
        self.open_writable()?;
        let len = usize::try_from(len.get()).unwrap_or(usize::MAX);
        self.for_pieces(offset, len, |place, range| match place {
            Some(place) => each(Bytes::new(place), Bytes::new(range.len() as u64)),
            None => Ok(()),
        })
    }

    fn check(&self, action: &'static str, offset: Bytes, len: u64) -> Result<(), DiskError> {
        let (offset, size) = (offset.get(), self.len);
        match offset.checked_add(len) {
            Some(end) if end <= size => Ok(()),
            _ => Err(DiskError::PastEnd { path: self.path.clone(), action, offset, len, size }),
        }
    }
}

impl Disk for Part {
    fn identity(&self) -> Identity {
        Identity::Mapped(self.number)
    }

    fn path(&self) -> &Path {
        &self.path
    }

    fn len(&self) -> Bytes {
        Bytes::new(self.len)
    }

    fn logical_block(&self) -> u32 {
        self.disk.logical_block()
    }

    fn physical_block(&self) -> u32 {
        self.disk.physical_block()
    }

    fn read_only(&self) -> bool {
        self.read_only
    }

    fn part_of(&self) -> Option<(Arc<dyn Disk>, Bytes)> {
        match self.pieces.as_slice() {
            [Piece { start: Some(start), .. }] => Some((Arc::clone(&self.disk), start.bytes()?)),
            _ => None,
        }
    }

    fn part_through(&self, whole: Arc<dyn Disk>) -> Option<Arc<dyn Disk>> {
        let (path, pieces) = (self.path.clone(), self.pieces.clone());
        let (number, len, read_only) = (self.number, self.len, self.read_only);
        Some(Arc::new(Self { number, path, disk: whole, pieces, len, read_only }))
    }

    fn open_writable(&self) -> Result<(), DiskError> {
        match self.read_only {
            true => Err(DiskError::ReadOnly { path: self.path.clone() }),
            false => self.disk.open_writable(),
        }
    }

    fn read_at(&self, buf: &mut [u8], offset: Bytes) -> Result<(), DiskError> {
        self.check("read", offset, buf.len() as u64)?;
        self.for_pieces(offset, buf.len(), |place, range| match place {
            Some(place) => self.disk.read_at(&mut buf[range], Bytes::new(place)),
            None => {
                buf[range].fill(0);
                Ok(())
            }
        })
    }

    fn write_at(&self, buf: &[u8], offset: Bytes) -> Result<(), DiskError> {
        self.check("write", offset, buf.len() as u64)?;
        self.open_writable()?;
        self.for_pieces(offset, buf.len(), |place, range| match place {
            Some(place) => self.disk.write_at(&buf[range], Bytes::new(place)),
            // As dm's zero target has it.
            None => Ok(()),
        })
    }

    fn flush(&self) -> Result<(), DiskError> {
        self.disk.flush()
    }

    fn discard(&self, offset: Bytes, len: Bytes) -> Result<(), DiskError> {
        self.for_each("discard", offset, len, |place, len| self.disk.discard(place, len))
    }

    fn zero(&self, offset: Bytes, len: Bytes) -> Result<(), DiskError> {
        self.for_each("zero", offset, len, |place, len| self.disk.zero(place, len))
    }

    fn open_exclusive(&self) -> Result<Box<dyn Claim>, DiskError> {
        self.disk.open_exclusive()
    }
}
