//! Image files.

use crate::disk::{Claim, Disk, Identity};
use crate::error::DiskError;
use crate::host::Host;
use crate::lock::claim_image;
use crate::loops::find_loops;
use crate::open;
use crate::opened::{self, Opened};
use crate::range::Access;
use nix::errno::Errno;
use nix::fcntl::{AtFlags, FallocateFlags, fallocate};
use nix::unistd::{AccessFlags, faccessat};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use units::Bytes;

/// A regular file used as a disk. Needs no privileges.
///
/// Reads and writes go through the page cache, so what one process writes, all see. The length is that
/// of the moment of opening. Opened for reading only, and once more for writing when first written.
#[derive(Debug)]
pub struct FileDisk {
    opened: Opened,
    len: Bytes,
    logical_block: u32,
    user: Option<PathBuf>,
}

impl FileDisk {
    /// Logical block size of an image whose own is unknown.
    pub const BLOCK: u32 = 512;

    /// Opens an image for reading. A path that is no regular file is [`DiskError::WrongKind`], and is not
    /// opened at all, since opening a node or a fifo can have effects.
    pub fn open(path: &Path) -> Result<Self, DiskError> {
        let identity = open::expect(path, |identity| matches!(identity, Identity::File { .. }))?;
        let mut opened = opened::open(path, 0, identity)?;
        let writable = faccessat(nix::fcntl::AT_FDCWD, path, AccessFlags::W_OK, AtFlags::AT_EACCESS);
        opened.read_only = writable.is_err();
        let stat = opened.reader().and_then(|reader| reader.metadata());
        let stat = stat.map_err(|source| DiskError::Open { path: path.to_owned(), source })?;
        Ok(Self { opened, len: Bytes::new(stat.len()), logical_block: Self::BLOCK, user: None })
    }

    /// Refuses writes and claims, since they would go on behind the back of `user`, a loop device.
    pub(crate) fn refuse_writes(mut self, user: &Path) -> Self {
        self.user = Some(user.to_owned());
        self
    }

    fn check_unused(&self) -> Result<(), DiskError> {
        match &self.user {
            Some(user) => Err(self.busy(user)),
            None => Ok(()),
        }
    }

    fn busy(&self, user: &Path) -> DiskError {
        DiskError::Busy { path: self.opened.path.clone(), holder: user.display().to_string() }
    }

    /// Gives the image another logical block size (512 or 4096), for an image of such a disk.
    pub fn with_logical_block(mut self, bytes: u32) -> Self {
        self.logical_block = bytes;
        self
    }

    fn writer(&self) -> Result<&File, DiskError> {
        self.check_unused()?;
        self.opened.writer()
    }

    fn punch(&self, access: Access<'_>) -> Result<Result<(), Errno>, DiskError> {
        let (Ok(offset), Ok(len)) = (i64::try_from(access.offset), i64::try_from(access.len)) else {
            return Err(access.failed(Errno::EFBIG));
        };
        let mode = FallocateFlags::FALLOC_FL_PUNCH_HOLE | FallocateFlags::FALLOC_FL_KEEP_SIZE;
        Ok(fallocate(self.writer()?, mode, offset, len))
    }
}

/// Zeros by writing them, in pieces.
pub(crate) fn write_zeros(
    access: Access<'_>,
    mut write: impl FnMut(&[u8], u64) -> io::Result<()>,
) -> Result<(), DiskError> {
    const PIECE: usize = 256 * 1024;
    let zeros = vec![0u8; PIECE.min(usize::try_from(access.len).unwrap_or(PIECE))];
    let mut done = 0;
    while done < access.len {
        let piece = zeros.len().min(usize::try_from(access.len - done).unwrap_or(zeros.len()));
        write(&zeros[..piece], access.offset + done).map_err(|e| access.failed(e))?;
        done += piece as u64;
    }
    Ok(())
}

impl Disk for FileDisk {
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

    /// The same as the logical block: whatever lies below the file system is not known.
    fn physical_block(&self) -> u32 {
        self.logical_block
    }

    fn read_only(&self) -> bool {
        self.opened.read_only
    }

    fn open_writable(&self) -> Result<(), DiskError> {
        self.writer().map(drop)
    }

    fn read_at(&self, buf: &mut [u8], offset: Bytes) -> Result<(), DiskError> {
        let access = Access::new(&self.opened.path, "read", offset, buf.len() as u64);
        access.check(self.len)?;
        let read = self.opened.reader().and_then(|reader| reader.read_exact_at(buf, offset.get()));
        read.map_err(|e| access.failed(e))
    }

    fn write_at(&self, buf: &[u8], offset: Bytes) -> Result<(), DiskError> {
        let access = Access::new(&self.opened.path, "write", offset, buf.len() as u64);
        access.check(self.len)?;
        self.writer()?.write_all_at(buf, offset.get()).map_err(|e| access.failed(e))
    }

    fn flush(&self) -> Result<(), DiskError> {
        self.opened.flush()
    }

    /// Punches a hole where the file system can.
    fn discard(&self, offset: Bytes, len: Bytes) -> Result<(), DiskError> {
        let access = Access::new(&self.opened.path, "discard", offset, len.get());
        access.check(self.len)?;
        if len.is_zero() {
            return Ok(());
        }
        match self.punch(access)? {
            Ok(()) | Err(Errno::EOPNOTSUPP | Errno::ENOSYS) => Ok(()),
            Err(error) => Err(access.failed(error)),
        }
    }

    /// Punches a hole where the file system can, or else writes zeros.
    fn zero(&self, offset: Bytes, len: Bytes) -> Result<(), DiskError> {
        let access = Access::new(&self.opened.path, "zero", offset, len.get());
        access.check(self.len)?;
        if len.is_zero() || self.punch(access)?.is_ok() {
            return Ok(());
        }
        let writer = self.writer()?;
        write_zeros(access, |zeros, at| writer.write_all_at(zeros, at))
    }

    /// Takes an exclusive flock on the image, unless this process has one already. An image that is attached
    /// to a loop device is busy.
    fn open_exclusive(&self) -> Result<Box<dyn Claim>, DiskError> {
        self.check_unused()?;
        if let Some(user) = find_loops(&Host::default(), self.opened.identity).first() {
            return Err(self.busy(&user.node));
        }
        Ok(Box::new(claim_image(&self.opened.path)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn image(len: u64) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(len).unwrap();
        file
    }

    #[test]
    fn what_is_written_is_read_back_and_the_end_is_the_end() {
        let file = image(4096);
        let disk = FileDisk::open(file.path()).unwrap();
        disk.write_at(b"hello", Bytes::new(4091)).unwrap();
        disk.flush().unwrap();
        let mut buf = [0; 5];
        disk.read_at(&mut buf, Bytes::new(4091)).unwrap();
        assert_eq!(&buf, b"hello");
        assert!(matches!(disk.write_at(b"hello", Bytes::new(4092)), Err(DiskError::PastEnd { .. })));
        assert!(matches!(disk.read_at(&mut buf, Bytes::new(u64::MAX)), Err(DiskError::PastEnd { .. })));
        assert_eq!(file.as_file().metadata().unwrap().len(), 4096);
    }

    #[test]
    fn zeroing_and_discarding_leave_zeros_in_the_range_only() {
        let mut file = image(0);
        file.write_all(&[0xaa; 3 * 4096]).unwrap();
        let disk = FileDisk::open(file.path()).unwrap();
        disk.zero(Bytes::new(100), Bytes::new(5000)).unwrap();
        disk.discard(Bytes::new(8192), Bytes::new(4096)).unwrap();
        let now = std::fs::read(file.path()).unwrap();
        let expected: Vec<u8> =
            (0..3 * 4096).map(|i| if (100..5100).contains(&i) || i >= 8192 { 0 } else { 0xaa }).collect();
        assert!(now == expected);
    }

    #[test]
    fn only_regular_files_are_images() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(
            FileDisk::open(folder.path()),
            Err(DiskError::WrongKind { found: "a directory", .. })
        ));
        assert!(matches!(FileDisk::open(Path::new("/dev/null")), Err(DiskError::WrongKind { .. })));
        assert!(matches!(FileDisk::open(Path::new("/dev/nosuch")), Err(DiskError::Open { .. })));
    }

    #[test]
    fn a_name_taken_by_another_file_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.img");
        std::fs::write(&path, [1; 4096]).unwrap();
        let disk = FileDisk::open(&path).unwrap();
        std::fs::write(folder.path().join("b.img"), [2; 4096]).unwrap();
        std::fs::rename(folder.path().join("b.img"), &path).unwrap();
        assert!(matches!(disk.write_at(&[3; 512], Bytes::ZERO), Err(DiskError::Open { .. })));
        assert_eq!(std::fs::read(&path).unwrap()[0], 2);
    }

    #[test]
    fn an_image_is_claimed_once() {
        let file = image(4096);
        let disk = FileDisk::open(file.path()).unwrap();
        let claim = disk.open_exclusive().unwrap();
        // The same process may claim again: what it guards against is other processes.
        drop(disk.open_exclusive().unwrap());
        drop(claim);
    }
}
