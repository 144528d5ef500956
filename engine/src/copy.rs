//! Copying between volumes and files: in large pieces, sparse where there are zeros.

use device::{Disk, DiskError};
use std::io::{self, Read, Write};
use thiserror::Error;
use units::Bytes;

/// Bytes copied at once.
pub const PIECE: usize = 1 << 20;

/// A copy that did not come to its end.
#[derive(Debug, Error)]
pub enum CopyError {
    /// The volume cannot be read or written.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The file cannot be written.
    #[error("write failed after {done} bytes")]
    Write {
        /// How far it got.
        done: u64,
        /// Why.
        source: io::Error,
    },
    /// The file cannot be read.
    #[error("read failed after {done} bytes")]
    Read {
        /// How far it got.
        done: u64,
        /// Why.
        source: io::Error,
    },
    /// The file holds more than the volume.
    #[error("the input is longer than the {size} bytes there is room for")]
    TooLong {
        /// Bytes there is room for.
        size: u64,
    },
    /// The caller said to stop.
    #[error("interrupted after {done} bytes")]
    Interrupted {
        /// How far it got.
        done: u64,
    },
}

/// Whether to go on after so many bytes.
pub type Progress<'a> = &'a mut dyn FnMut(u64) -> bool;

/// A file that can be left with holes.
pub trait SparseWrite {
    /// Writes bytes at the present end.
    fn bytes(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Leaves a hole that reads as that many zeros.
    fn hole(&mut self, len: u64) -> io::Result<()>;
    /// Makes the length final.
    fn finish(&mut self) -> io::Result<()>;
}

/// A pipe or anything else without holes: zeros are written out.
#[derive(Debug)]
pub struct Stream<W>(pub W);

impl<W: Write> SparseWrite for Stream<W> {
    fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn hole(&mut self, len: u64) -> io::Result<()> {
        io::copy(&mut io::repeat(0).take(len), &mut self.0).map(|_| ())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Copies a whole volume out. Runs of zeros of a block or more become holes.
pub fn export(volume: &dyn Disk, out: &mut dyn SparseWrite, progress: Progress<'_>) -> Result<(), CopyError> {
    const BLOCK: usize = 4096;
    let size = volume.len().get();
    let mut piece = vec![0; PIECE];
    let mut done = 0;
    while done < size {
        let len = (size - done).min(PIECE as u64) as usize;
        let piece = &mut piece[..len];
        volume.read_at(piece, Bytes::new(done))?;
        let mut rest: &[u8] = piece;
        while !rest.is_empty() {
            let zeros = run(rest, BLOCK, true);
            let data = run(&rest[zeros..], BLOCK, false);
            let error = |source| CopyError::Write { done, source };
            if zeros > 0 {
                out.hole(zeros as u64).map_err(error)?;
            }
            out.bytes(&rest[zeros..zeros + data]).map_err(error)?;
            rest = &rest[zeros + data..];
        }
        done += len as u64;
        if !progress(done) {
            return Err(CopyError::Interrupted { done });
        }
    }
    out.finish().map_err(|source| CopyError::Write { done, source })
}

/// Length of the leading blocks that are (or are not) all zeros.
fn run(bytes: &[u8], block: usize, zero: bool) -> usize {
    let blocks = bytes.chunks(block).take_while(|block| block.iter().all(|&byte| byte == 0) == zero);
    blocks.map(<[u8]>::len).sum()
}

/// Copies a file in, from the volume's start. What lies behind the file's end stays as it is.
/// Gives the number of bytes copied.
pub fn import(input: &mut dyn Read, volume: &dyn Disk, progress: Progress<'_>) -> Result<u64, CopyError> {
    let size = volume.len().get();
    let mut piece = vec![0; PIECE];
    let mut done = 0;
    loop {
        let got = fill(input, &mut piece).map_err(|source| CopyError::Read { done, source })?;
        if got == 0 {
            break;
        }
        if done + got as u64 > size {
            return Err(CopyError::TooLong { size });
        }
        volume.write_at(&piece[..got], Bytes::new(done))?;
        done += got as u64;
        if !progress(done) {
            volume.flush()?;
            return Err(CopyError::Interrupted { done });
        }
    }
    volume.flush()?;
    Ok(done)
}

/// Whether the volume begins with all bytes of a file. Reads no more than it takes to tell.
pub fn same(input: &mut dyn Read, volume: &dyn Disk, progress: Progress<'_>) -> Result<bool, CopyError> {
    let size = volume.len().get();
    let (mut piece, mut there) = (vec![0; PIECE], vec![0; PIECE]);
    let mut done = 0;
    loop {
        let got = fill(input, &mut piece).map_err(|source| CopyError::Read { done, source })?;
        if got == 0 {
            return Ok(true);
        }
        if done + got as u64 > size {
            return Ok(false);
        }
        volume.read_at(&mut there[..got], Bytes::new(done))?;
        if piece[..got] != there[..got] {
            return Ok(false);
        }
        done += got as u64;
        if !progress(done) {
            return Err(CopyError::Interrupted { done });
        }
    }
}

/// Reads until the buffer is full or the input ends: pipes give a little at a time.
fn fill(input: &mut dyn Read, buf: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buf.len() {
        match input.read(&mut buf[filled..]) {
            Ok(0) => break,
            Ok(got) => filled += got,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
