//! A table over disks, as a disk.

use crate::place::{Place, Span, Stretch};
use device::{Claim, Disk, DiskError, Identity};
use dm::{DevRef, Kind, Table};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use thiserror::Error;
use units::{Bytes, Sectors};

/// Why a table cannot be interpreted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum VolumeError {
    /// A target that is left to the kernel.
    #[error("target {0} cannot be read without the kernel's device-mapper")]
    Target(String),
    /// A device that the caller does not have.
    #[error("the table names {0}, which is not at hand")]
    Device(String),
    /// A target that starts elsewhere than where the one before it ends.
    #[error("the table has a gap or an overlap at sector {0}")]
    Gap(u64),
    /// A stretch past the end of its disk.
    #[error("the table needs {needed} bytes of {disk}, which has {size}")]
    PastEnd {
        /// Which disk.
        disk: PathBuf,
        /// Up to which byte.
        needed: u64,
        /// Its size.
        size: u64,
    },
    /// Chunks of nothing, or no stripes, or numbers that overflow.
    #[error("the table's arithmetic is impossible at sector {0}")]
    Impossible(u64),
}

/// A volume: what a table makes of disks.
#[derive(Debug)]
pub struct Volume {
    number: u64,
    path: PathBuf,
    disks: Vec<Arc<dyn Disk>>,
    spans: Vec<Span>,
    len: u64,
    read_only: bool,
}

impl Volume {
    /// Makes `table` ready. `disk` finds the disks it names; `path` is what messages call the volume.
    pub fn new(
        path: &Path,
        table: &Table,
        disk: impl Fn(&DevRef) -> Option<Arc<dyn Disk>>,
    ) -> Result<Self, VolumeError> {
        static NUMBERS: AtomicU64 = AtomicU64::new(0);
        let mut volume = Self {
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
            path: path.to_owned(),
            disks: Vec::new(),
            spans: Vec::new(),
            len: 0,
            read_only: false,
        };
        for target in &table.targets {
            let at = target.start.get();
            let impossible = || VolumeError::Impossible(at);
            let start = bytes(target.start).ok_or_else(impossible)?;
            let len = bytes(target.len).ok_or_else(impossible)?;
            if start != volume.len {
                return Err(VolumeError::Gap(at));
            }
            let place = volume.place(&target.kind, at, len, &disk)?;
            volume.len = start.checked_add(len).ok_or_else(impossible)?;
            volume.spans.push(Span { start, len, place });
        }
        Ok(volume)
    }

    /// The same volume, refusing writes.
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    fn place(
        &mut self,
        kind: &Kind,
        at: u64,
        len: u64,
        disk: &impl Fn(&DevRef) -> Option<Arc<dyn Disk>>,
    ) -> Result<Place, VolumeError> {
        let impossible = || VolumeError::Impossible(at);
        Ok(match kind {
            Kind::Linear(linear) => {
                let start = bytes(linear.offset).ok_or_else(impossible)?;
                Place::Linear { disk: self.use_disk(&linear.device, start, len, disk)?, start }
            }
            Kind::Striped(striped) => {
                let chunk = bytes(striped.chunk).filter(|&chunk| chunk > 0).ok_or_else(impossible)?;
                let count = striped.stripes.len() as u64;
                if count == 0 || !len.is_multiple_of(count) {
                    return Err(impossible());
                }
                let mut stripes = Vec::with_capacity(striped.stripes.len());
                for stripe in &striped.stripes {
                    let start = bytes(stripe.offset).ok_or_else(impossible)?;
                    stripes.push((self.use_disk(&stripe.device, start, len / count, disk)?, start));
                }
                Place::Striped { chunk, stripes }
            }
            Kind::Error => Place::Error,
            Kind::Zero => Place::Zero,
            Kind::Snapshot(_)
            | Kind::SnapshotOrigin(_)
            | Kind::SnapshotMerge(_)
            | Kind::Mirror(_)
            | Kind::ThinPool(_)
            | Kind::Thin(_)
            | Kind::Other(_) => return Err(VolumeError::Target(kind.name().to_owned())),
        })
    }

    fn use_disk(
        &mut self,
        device: &DevRef,
        start: u64,
        len: u64,
        disk: &impl Fn(&DevRef) -> Option<Arc<dyn Disk>>,
    ) -> Result<usize, VolumeError> {
        let disk = disk(device).ok_or_else(|| VolumeError::Device(device.to_string()))?;
        let size = disk.len().get();
        match start.checked_add(len) {
            Some(needed) if needed <= size => (),
            needed => {
                let needed = needed.unwrap_or(u64::MAX);
                return Err(VolumeError::PastEnd { disk: disk.path().to_owned(), needed, size });
            }
        }
        if let Some(place) = self.disks.iter().position(|known| known.identity() == disk.identity()) {
            return Ok(place);
        }
        self.disks.push(disk);
        Ok(self.disks.len() - 1)
    }

    /// Calls `each` for every piece of the range, in order, with where it lies and where in the range it
    /// starts.
    fn pieces(
        &self,
        action: &'static str,
        offset: Bytes,
        len: u64,
        mut each: impl FnMut(Stretch, usize) -> Result<(), DiskError>,
    ) -> Result<(), DiskError> {
        let start = offset.get();
        if start.checked_add(len).is_none_or(|end| end > self.len) {
            return Err(DiskError::PastEnd {
                path: self.path.clone(),
                action,
                offset: start,
                len,
                size: self.len,
            });
        }
        let mut done = 0;
        let mut nth = self.spans.partition_point(|span| span.end() <= offset);
        while done < len {
            let span = &self.spans[nth];
            let within = start + done - span.start;
            let want = (len - done).min(span.len - within);
            let stretch = span.place.locate(within, want);
            let got = match stretch {
                Stretch::Disk { len, .. } | Stretch::Zero { len } => len,
                Stretch::Error => return Err(self.failed(action, start + done, want)),
            };
            each(stretch, done as usize)?;
            done += got;
            if within + got == span.len {
                nth += 1;
            }
        }
        Ok(())
    }

    fn failed(&self, action: &'static str, offset: u64, len: u64) -> DiskError {
        let source = io::Error::from(io::ErrorKind::InvalidInput);
        DiskError::Io { path: self.path.clone(), action, offset, len, source }
    }

    fn writable(&self) -> Result<(), DiskError> {
        if self.read_only() { Err(DiskError::ReadOnly { path: self.path.clone() }) } else { Ok(()) }
    }
}

fn bytes(sectors: Sectors) -> Option<u64> {
    sectors.bytes().map(Bytes::get)
}

impl Disk for Volume {
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
        self.disks.iter().map(|disk| disk.logical_block()).max().unwrap_or(512)
    }

    fn physical_block(&self) -> u32 {
        self.disks.iter().map(|disk| disk.physical_block()).max().unwrap_or(512)
    }

    fn read_only(&self) -> bool {
        self.read_only || self.disks.iter().any(|disk| disk.read_only())
    }

    fn read_at(&self, buf: &mut [u8], offset: Bytes) -> Result<(), DiskError> {
        self.pieces("read", offset, buf.len() as u64, |stretch, at| match stretch {
            Stretch::Disk { disk, start, len } => {
                self.disks[disk].read_at(&mut buf[at..at + len as usize], Bytes::new(start))
            }
            Stretch::Zero { len } => {
                buf[at..at + len as usize].fill(0);
                Ok(())
            }
            Stretch::Error => Ok(()),
        })
    }

    fn write_at(&self, buf: &[u8], offset: Bytes) -> Result<(), DiskError> {
        self.writable()?;
        self.pieces("write", offset, buf.len() as u64, |stretch, at| match stretch {
            Stretch::Disk { disk, start, len } => {
                self.disks[disk].write_at(&buf[at..at + len as usize], Bytes::new(start))
            }
            Stretch::Zero { .. } | Stretch::Error => Ok(()),
        })
    }

    fn flush(&self) -> Result<(), DiskError> {
        self.disks.iter().try_for_each(|disk| disk.flush())
    }

    fn discard(&self, offset: Bytes, len: Bytes) -> Result<(), DiskError> {
        self.writable()?;
        self.pieces("discard", offset, len.get(), |stretch, _| match stretch {
            Stretch::Disk { disk, start, len } => {
                self.disks[disk].discard(Bytes::new(start), Bytes::new(len))
            }
            Stretch::Zero { .. } | Stretch::Error => Ok(()),
        })
    }

    fn zero(&self, offset: Bytes, len: Bytes) -> Result<(), DiskError> {
        self.writable()?;
        self.pieces("zero", offset, len.get(), |stretch, _| match stretch {
            Stretch::Disk { disk, start, len } => self.disks[disk].zero(Bytes::new(start), Bytes::new(len)),
            Stretch::Zero { .. } | Stretch::Error => Ok(()),
        })
    }

    fn open_exclusive(&self) -> Result<Box<dyn Claim>, DiskError> {
        let claims = self.disks.iter().map(|disk| disk.open_exclusive()).collect::<Result<_, _>>()?;
        Ok(Box::new(Claims(claims)))
    }
}

#[derive(Debug)]
struct Claims(#[expect(dead_code, reason = "held for their drop")] Vec<Box<dyn Claim>>);

impl Claim for Claims {}
