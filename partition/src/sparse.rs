//! Android sparse images: a disk whose runs of one value are left out of the file.
//!
//! ```text
//! header   0 magic 0xed26ff3a   4 version u16 u16   8 header size u16   10 chunk header size u16
//!         12 bytes in a block u32   16 blocks u32   20 chunks u32
//! chunk    0 kind u16   4 blocks u32   8 bytes with the header u32, then what the kind says:
//!          0xcac1 the blocks   0xcac2 four bytes that fill them   0xcac3 nothing (zeros)   0xcac4 a checksum
//! ```

use crate::bytes::{u16_at, u32_at};
use device::{Claim, Disk, DiskError, Identity};
use std::path::Path;
use std::sync::Arc;
use thiserror::Error;
use units::{Bytes, Sectors};

const MAGIC: u32 = 0xed26_ff3a;
const RAW: u16 = 0xcac1;
const FILL: u16 = 0xcac2;
const SKIP: u16 = 0xcac3;
const CHECKSUM: u16 = 0xcac4;

/// What a run of blocks holds.
#[derive(Clone, Copy, Debug)]
enum Content {
    /// The bytes from there on in the file.
    At(u64),
    /// These four bytes over and over.
    Fill([u8; 4]),
}

/// Where a run ends, and what it holds.
#[derive(Debug)]
struct Run {
    start: u64,
    end: u64,
    content: Content,
}

/// The disk that a sparse image stands for. It is read-only.
#[derive(Debug)]
pub struct Sparse {
    file: Arc<dyn Disk>,
    runs: Vec<Run>,
    len: u64,
}

/// A stretch of the disk that a sparse image stands for, and what is below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Below {
    /// How long it is.
    pub size: Sectors,
    /// The byte of the file where it lies, which need not be the first of a sector; none: it reads as zeros.
    pub at: Option<Bytes>,
}

/// Why no device can be made of a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unmappable {
    /// It is filled with a pattern, which no target of device-mapper gives.
    #[error("it is filled with {0:#010x} from sector {1} on, which no device gives")]
    Filled(u32, u64),
    /// A chunk ends within a sector.
    #[error("the sparse image's chunks are not made of whole sectors")]
    NotSectors,
}

impl Sparse {
    /// Reads the chunks' headers; none where the file is no sparse image, or a damaged one.
    pub fn open(file: &Arc<dyn Disk>) -> Result<Option<Self>, DiskError> {
        let mut header = [0; 28];
        if file.len().get() < header.len() as u64 {
            return Ok(None);
        }
        file.read_at(&mut header, Bytes::ZERO)?;
        let short = |at| u16_at(&header, at).unwrap_or(0);
        let number = |at| u64::from(u32_at(&header, at).unwrap_or(0));
        if u32_at(&header, 0) != Some(MAGIC) || short(4) != 1 || short(8) < 28 || short(10) < 12 {
            return Ok(None);
        }
        let (block, blocks) = (number(12), number(16));
        if block == 0 || !block.is_multiple_of(4) {
            return Ok(None);
        }
        let (mut at, mut done, mut runs) = (u64::from(short(8)), 0u64, Vec::new());
        for _ in 0..number(20) {
            let mut chunk = [0; 16];
            let room = file.len().get().saturating_sub(at).min(16);
            if room < 12 {
                return Ok(None);
            }
            file.read_at(&mut chunk[..room as usize], Bytes::new(at))?;
            let (kind, size) = (u16_at(&chunk, 0).unwrap_or(0), u64::from(u32_at(&chunk, 8).unwrap_or(0)));
            let len = u64::from(u32_at(&chunk, 4).unwrap_or(0)).saturating_mul(block);
            let data = at + u64::from(short(10));
            let content = match kind {
                RAW => Content::At(data),
                FILL => Content::Fill([chunk[12], chunk[13], chunk[14], chunk[15]]),
                SKIP => Content::Fill([0; 4]),
                CHECKSUM => {
                    at += size.max(12);
                    continue;
                }
                _ => return Ok(None),
            };
            if matches!(content, Content::At(_)) && data.saturating_add(len) > file.len().get() {
                return Ok(None);
            }
            let Some(end) = done.checked_add(len) else { return Ok(None) };
            runs.push(Run { start: done, end, content });
            (done, at) = (end, at + size.max(12));
        }
        if done > blocks.saturating_mul(block) {
            return Ok(None);
        }
        let len = blocks.saturating_mul(block);
        Ok(Some(Self { file: Arc::clone(file), runs, len }))
    }

    /// What is below `size` sectors from `start` on.
    pub fn below(&self, start: Sectors, size: Sectors) -> Result<Vec<Below>, Unmappable> {
        let (Some(start), Some(len)) = (start.bytes(), size.bytes()) else {
            return Err(Unmappable::NotSectors);
        };
        let (mut here, end) = (start.get(), start.get().saturating_add(len.get()));
        let first = self.runs.partition_point(|run| run.end <= here);
        let mut found: Vec<Below> = Vec::new();
        let mut add = |here: &mut u64, to: u64, at: Option<u64>| {
            let len = to - *here;
            if !len.is_multiple_of(Sectors::BYTES) {
                return Err(Unmappable::NotSectors);
            }
            *here = to;
            let size = Sectors::new(len / Sectors::BYTES);
            match found.last_mut().filter(|last| last.at.is_none() && at.is_none()) {
                Some(zeros) => zeros.size = zeros.size.checked_add(size).unwrap_or(zeros.size),
                None if !size.is_zero() => found.push(Below { size, at: at.map(Bytes::new) }),
                None => {}
            }
            Ok(())
        };
        for run in self.runs[first..].iter().take_while(|run| run.start < end) {
            let to = run.end.min(end);
            let at = match run.content {
                Content::At(at) => Some(at + (here - run.start)),
                Content::Fill([0, 0, 0, 0]) => None,
                Content::Fill(word) => {
                    return Err(Unmappable::Filled(u32::from_le_bytes(word), here / Sectors::BYTES));
                }
            };
            add(&mut here, to, at)?;
        }
        // What no chunk tells of is zero.
        add(&mut here, end, None)?;
        Ok(found)
    }

    fn refused(&self) -> DiskError {
        DiskError::ReadOnly { path: self.path().to_owned() }
    }
}

impl Disk for Sparse {
    fn identity(&self) -> Identity {
        self.file.identity()
    }

    fn path(&self) -> &Path {
        self.file.path()
    }

    fn len(&self) -> Bytes {
        Bytes::new(self.len)
    }

    fn logical_block(&self) -> u32 {
        self.file.logical_block()
    }

    fn physical_block(&self) -> u32 {
        self.file.physical_block()
    }

    fn read_only(&self) -> bool {
        true
    }

    fn read_at(&self, buf: &mut [u8], offset: Bytes) -> Result<(), DiskError> {
        let (offset, len, size) = (offset.get(), buf.len() as u64, self.len);
        let Some(end) = offset.checked_add(len).filter(|&end| end <= size) else {
            let path = self.path().to_owned();
            return Err(DiskError::PastEnd { path, action: "read", offset, len, size });
        };
        // What no chunk tells of is zero.
        buf.fill(0);
        let first = self.runs.partition_point(|run| run.end <= offset);
        for run in self.runs[first..].iter().take_while(|run| run.start < end) {
            let (from, to) = (run.start.max(offset), run.end.min(end));
            let part = &mut buf[(from - offset) as usize..(to - offset) as usize];
            match run.content {
                Content::At(at) => self.file.read_at(part, Bytes::new(at + (from - run.start)))?,
                Content::Fill(word) => {
                    let words = word.iter().cycle().skip(((from - run.start) % 4) as usize);
                    part.iter_mut().zip(words).for_each(|(byte, value)| *byte = *value);
                }
            }
        }
        Ok(())
    }

    fn write_at(&self, _: &[u8], _: Bytes) -> Result<(), DiskError> {
        Err(self.refused())
    }

    fn flush(&self) -> Result<(), DiskError> {
        Ok(())
    }

    fn discard(&self, _: Bytes, _: Bytes) -> Result<(), DiskError> {
        Err(self.refused())
    }

    fn zero(&self, _: Bytes, _: Bytes) -> Result<(), DiskError> {
        Err(self.refused())
    }

    fn open_exclusive(&self) -> Result<Box<dyn Claim>, DiskError> {
        self.file.open_exclusive()
    }
}
