//! Block devices.

use crate::aligned::Aligned;
use crate::disk::{Claim, Disk, Identity};
use crate::error::DiskError;
use crate::file::write_zeros;
use crate::host::Host;
use crate::open;
use crate::opened::{self, Opened};
use crate::range::Access;
use crate::sys::block as ioctl;
use crate::users::{Processes, in_words, users};
use nix::errno::Errno;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use units::Bytes;

/// A block device, read and written past the page cache (`O_DIRECT`), as LVM2 does, so that each sees at
/// once what the other wrote.
///
/// Any offset, length and memory is accepted: what direct I/O does not take goes through an aligned
/// buffer. A write that covers a part of a logical block only reads that block first and writes it whole;
/// that is not atomic, so two such writes to one block must not run at once. Whole blocks are written as
/// they are. Opened for reading only, and once more for writing when first written, since closing a
/// descriptor that could write makes udev probe the device again.
#[derive(Debug)]
pub struct BlockDisk {
    opened: Opened,
    len: Bytes,
    logical_block: u32,
    physical_block: u32,
}

/// Bounce buffers hold at most this much.
const PIECE: usize = 1 << 20;

impl BlockDisk {
    /// Opens a device node for reading and asks for its sizes. Anything else than a block device is
    /// [`DiskError::WrongKind`].
    pub fn open(path: &Path) -> Result<Self, DiskError> {
        Self::open_with(path, libc::O_DIRECT)
    }

    /// The same, read through the page cache: what a mounted file system has changed of itself shows there
    /// before it is written to the device.
    pub fn open_cached(path: &Path) -> Result<Self, DiskError> {
        Self::open_with(path, 0)
    }

    fn open_with(path: &Path, flags: i32) -> Result<Self, DiskError> {
        let identity = open::expect(path, |identity| matches!(identity, Identity::Device { .. }))?;
        let mut opened = opened::open(path, flags, identity)?;
        let ask = |errno: Errno| DiskError::Open { path: path.to_owned(), source: errno.into() };
        let reader = opened.reader().map_err(|source| DiskError::Open { path: path.to_owned(), source })?;
        let logical_block = ioctl::logical_block(&reader).map_err(ask)?;
        if !logical_block.is_power_of_two() || logical_block as usize > Aligned::TO {
            let found = "a device whose blocks are larger than 4096 bytes";
            return Err(DiskError::WrongKind { path: path.to_owned(), found });
        }
        let len = Bytes::new(ioctl::size(&reader).map_err(ask)?);
        let physical_block = ioctl::physical_block(&reader).map_err(ask)?;
        opened.read_only = ioctl::read_only(&reader).map_err(ask)?;
        Ok(Self { opened, len, logical_block, physical_block })
    }

    /// Who uses it, in words; looked for only when somebody does.
    fn users(&self) -> String {
        let found = users(&Host::default(), self.opened.identity, Processes::Named);
        in_words(&found).unwrap_or_else(|| "another user of the device".to_owned())
    }

    fn is_aligned(&self, offset: u64, bytes: &[u8]) -> bool {
        let block = u64::from(self.logical_block);
        offset.is_multiple_of(block) && (bytes.len() as u64).is_multiple_of(block) && Aligned::is(bytes)
    }

    /// Calls `each` with the part of a request that one piece of whole blocks covers: where the piece
    /// starts, its length, how far into it the part starts, and where the part lies in the request.
    fn for_pieces(
        &self,
        offset: u64,
        len: usize,
        mut each: impl FnMut(u64, usize, usize, std::ops::Range<usize>) -> io::Result<()>,
    ) -> io::Result<()> {
        let block = self.logical_block as usize;
        let mut done = 0;
        while done < len {
            let at = offset + done as u64;
            let skip = (at % block as u64) as usize;
            let part = (len - done).min(PIECE - skip);
            each(at - skip as u64, (skip + part).next_multiple_of(block), skip, done..done + part)?;
            done += part;
        }
        Ok(())
    }

    fn read_bounced(&self, buf: &mut [u8], offset: u64) -> io::Result<()> {
        let mut bounce = Aligned::zeroed(PIECE.min(buf.len() + 2 * self.logical_block as usize));
        self.for_pieces(offset, buf.len(), |start, len, skip, part| {
            self.opened.reader()?.read_exact_at(&mut bounce[..len], start)?;
            let part_len = part.len();
            buf[part].copy_from_slice(&bounce[skip..skip + part_len]);
            Ok(())
        })
    }

    fn write_bounced(&self, writer: &File, buf: &[u8], offset: u64) -> io::Result<()> {
        let block = self.logical_block as usize;
        let mut bounce = Aligned::zeroed(PIECE.min(buf.len() + 2 * block));
        self.for_pieces(offset, buf.len(), |start, len, skip, part| {
            let end = skip + part.len();
            if skip != 0 {
                self.opened.reader()?.read_exact_at(&mut bounce[..block], start)?;
            }
            if end != len && (skip == 0 || len > block) {
                let last = len - block;
                self.opened.reader()?.read_exact_at(&mut bounce[last..len], start + last as u64)?;
            }
            bounce[skip..end].copy_from_slice(&buf[part]);
            writer.write_all_at(&bounce[..len], start)
        })
    }
}

/// A device held with `O_EXCL`: until it is dropped, nobody can mount it or claim it too.
#[derive(Debug)]
struct DeviceClaim {
    _file: File,
}

impl Claim for DeviceClaim {}

impl Disk for BlockDisk {
    fn identity(&self) -> Identity {
        self.opened.identity
    }

    fn path(&self) -> &Path {
        &self.opened.path
    }

    fn len(&self) -> Bytes {
        self.len
    }

    fn logical_block(&self) -> u32 {
        self.logical_block
    }

    fn physical_block(&self) -> u32 {
        self.physical_block
    }

    fn read_only(&self) -> bool {
        self.opened.read_only
    }

    fn open_writable(&self) -> Result<(), DiskError> {
        self.opened.writer().map(drop)
    }

    fn read_at(&self, buf: &mut [u8], offset: Bytes) -> Result<(), DiskError> {
        let access = Access::new(&self.opened.path, "read", offset, buf.len() as u64);
        access.check(self.len)?;
        let read = match self.is_aligned(access.offset, buf) {
            true => self.opened.reader().and_then(|reader| reader.read_exact_at(buf, access.offset)),
            false => self.read_bounced(buf, access.offset),
        };
        read.map_err(|e| access.failed(e))
    }

    fn write_at(&self, buf: &[u8], offset: Bytes) -> Result<(), DiskError> {
        let access = Access::new(&self.opened.path, "write", offset, buf.len() as u64);
        access.check(self.len)?;
        let writer = self.opened.writer()?;
        let written = match self.is_aligned(access.offset, buf) {
            true => writer.write_all_at(buf, access.offset),
            false => self.write_bounced(writer, buf, access.offset),
        };
        written.map_err(|e| access.failed(e))
    }

    fn flush(&self) -> Result<(), DiskError> {
        self.opened.flush()
    }

    /// Discards the whole logical blocks of the range.
    fn discard(&self, offset: Bytes, len: Bytes) -> Result<(), DiskError> {
        let access = Access::new(&self.opened.path, "discard", offset, len.get());
        access.check(self.len)?;
        let block = Bytes::new(u64::from(self.logical_block));
        let start = offset.round_up(block).unwrap_or(offset);
        let end = Bytes::new(access.offset + access.len).round_down(block);
        if start >= end {
            return Ok(());
        }
        match ioctl::discard(self.opened.writer()?, start.get(), end.get() - start.get()) {
            Ok(()) | Err(Errno::EOPNOTSUPP | Errno::ENOTTY) => Ok(()),
            Err(error) => Err(access.failed(error)),
        }
    }

    /// Asks the device to zero the range, or else writes zeros.
    fn zero(&self, offset: Bytes, len: Bytes) -> Result<(), DiskError> {
        let access = Access::new(&self.opened.path, "zero", offset, len.get());
        access.check(self.len)?;
        let writer = self.opened.writer()?;
        let block = Bytes::new(u64::from(self.logical_block));
        let whole = !len.is_zero() && offset.is_multiple_of(block) && len.is_multiple_of(block);
        if whole && ioctl::zero_out(writer, access.offset, access.len).is_ok() {
            return Ok(());
        }
        write_zeros(access, |zeros, at| match self.is_aligned(at, zeros) {
            true => writer.write_all_at(zeros, at),
            false => self.write_bounced(writer, zeros, at),
        })
    }

    fn rest(&self) {
        self.opened.rest();
    }

    fn open_exclusive(&self) -> Result<Box<dyn Claim>, DiskError> {
        let writable = !self.opened.read_only;
        let claimed = self.opened.again(OpenOptions::new().read(true).write(writable), libc::O_EXCL);
        match claimed {
            Ok(file) => Ok(Box::new(DeviceClaim { _file: file })),
            Err(DiskError::Open { path, source }) if source.raw_os_error() == Some(libc::EBUSY) => {
                Err(DiskError::Busy { path, holder: self.users() })
            }
            Err(error) => Err(error),
        }
    }
}
