//! A disk's bytes as they would be after some of them were wiped.

use device::{Disk, DiskError};
use std::collections::HashMap;
use units::Bytes;

const PAGE: u64 = 4096;
/// Most signatures lie in here: read at once.
const START: u64 = 72 * 1024;

/// Reads through a cache of pages, in which wiping happens too.
pub(super) struct View<'a> {
    disk: &'a dyn Disk,
    len: u64,
    pages: HashMap<u64, Vec<u8>>,
    /// The first read that failed.
    error: Option<DiskError>,
}

impl<'a> View<'a> {
    pub(super) fn new(disk: &'a dyn Disk) -> Result<Self, DiskError> {
        let mut view = Self { disk, len: disk.len().get(), pages: HashMap::new(), error: None };
        let mut start = vec![0; START.min(view.len) as usize];
        disk.read_at(&mut start, Bytes::ZERO)?;
        let pages = (0..).zip(start.chunks(PAGE as usize));
        view.pages.extend(pages.map(|(number, page)| (number, page.to_vec())));
        Ok(view)
    }

    /// Length of the disk in bytes.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Its logical block in bytes.
    pub(super) fn block(&self) -> u64 {
        u64::from(self.disk.logical_block().max(512))
    }

    /// The bytes of a range; none where it does not lie on the disk or cannot be read.
    pub(super) fn get(&mut self, at: u64, len: usize) -> Option<Vec<u8>> {
        let end = at.checked_add(len as u64).filter(|end| *end <= self.len)?;
        let mut bytes = Vec::with_capacity(len);
        let mut here = at;
        while here < end {
            let page = self.page(here / PAGE)?;
            let from = (here % PAGE) as usize;
            let to = page.len().min(from + (end - here) as usize);
            bytes.extend_from_slice(page.get(from..to).filter(|part| !part.is_empty())?);
            here += (to - from) as u64;
        }
        Some(bytes)
    }

    /// Whether these bytes stand there.
    pub(super) fn has(&mut self, at: u64, bytes: &[u8]) -> bool {
        self.get(at, bytes.len()).is_some_and(|found| found == bytes)
    }

    fn page(&mut self, number: u64) -> Option<&mut Vec<u8>> {
        if !self.pages.contains_key(&number) {
            let start = number * PAGE;
            let mut page = vec![0; PAGE.min(self.len - start) as usize];
            if let Err(error) = self.disk.read_at(&mut page, Bytes::new(start)) {
                self.error.get_or_insert(error);
                return None;
            }
            self.pages.insert(number, page);
        }
        self.pages.get_mut(&number)
    }

    /// Lets a range read as zeros from now on. The disk is not touched.
    pub(super) fn wipe(&mut self, at: u64, len: u64) {
        for here in at..at.saturating_add(len).min(self.len) {
            if let Some(byte) = self.page(here / PAGE).and_then(|page| page.get_mut((here % PAGE) as usize)) {
                *byte = 0;
            }
        }
    }

    /// The first read that failed, if one did.
    pub(super) fn take_error(&mut self) -> Option<DiskError> {
        self.error.take()
    }

    pub(super) fn u8(&mut self, at: u64) -> Option<u8> {
        self.get(at, 1).map(|bytes| bytes[0])
    }

    pub(super) fn le16(&mut self, at: u64) -> Option<u16> {
        Some(u16::from_le_bytes(self.get(at, 2)?.try_into().ok()?))
    }

    pub(super) fn be16(&mut self, at: u64) -> Option<u16> {
        self.le16(at).map(u16::swap_bytes)
    }

    pub(super) fn le32(&mut self, at: u64) -> Option<u32> {
        Some(u32::from_le_bytes(self.get(at, 4)?.try_into().ok()?))
    }

    pub(super) fn be32(&mut self, at: u64) -> Option<u32> {
        self.le32(at).map(u32::swap_bytes)
    }

    pub(super) fn le64(&mut self, at: u64) -> Option<u64> {
        Some(u64::from_le_bytes(self.get(at, 8)?.try_into().ok()?))
    }
}
