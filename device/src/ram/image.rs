//! The content of a RAM disk: cheap to copy, whatever its size.

use std::collections::BTreeMap;
use std::sync::Arc;

const PAGE: usize = 4096;

/// Bytes of a fixed length, zeros where nothing was written. A copy shares all pages until either side
/// writes to them.
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    len: u64,
    pages: BTreeMap<u64, Arc<[u8; PAGE]>>,
}

impl Image {
    /// Zeros.
    pub fn zeros(len: u64) -> Self {
        Self { len, pages: BTreeMap::new() }
    }

    /// These bytes.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let mut image = Self::zeros(bytes.len() as u64);
        image.write(bytes, 0);
        image
    }

    /// Its length in bytes.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether it has no byte.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All bytes.
    pub fn to_vec(&self) -> Vec<u8> {
        let mut all = vec![0; usize::try_from(self.len).expect("an image fits into memory")];
        self.read(&mut all, 0);
        all
    }

    /// Fills `buf` from `offset`; what lies past the end reads as zeros.
    pub fn read(&self, buf: &mut [u8], offset: u64) {
        for (number, within, part) in pages(offset, buf.len()) {
            let len = part.len();
            match self.pages.get(&number) {
                Some(page) => buf[part].copy_from_slice(&page[within..within + len]),
                None => buf[part].fill(0),
            }
        }
    }

    /// Puts `bytes` at `offset`.
    ///
    /// # Panics
    /// Where that goes past the end.
    pub fn write(&mut self, bytes: &[u8], offset: u64) {
        assert!(offset + bytes.len() as u64 <= self.len, "a write past the end of an image");
        for (number, within, part) in pages(offset, bytes.len()) {
            let part = &bytes[part];
            if part.len() == PAGE && part.iter().all(|b| *b == 0) {
                self.pages.remove(&number);
                continue;
            }
            let page = self.pages.entry(number).or_insert_with(|| Arc::new([0; PAGE]));
            Arc::make_mut(page)[within..within + part.len()].copy_from_slice(part);
        }
    }

    /// Makes a range zeros.
    ///
    /// # Panics
    /// Where that goes past the end.
    pub fn zero(&mut self, offset: u64, len: u64) {
        let end = offset + len;
        assert!(end <= self.len, "zeroing past the end of an image");
        let touched: Vec<u64> =
            self.pages.range(offset / PAGE as u64..end.div_ceil(PAGE as u64)).map(|(n, _)| *n).collect();
        for number in touched {
            let start = number * PAGE as u64;
            let from = offset.max(start);
            let to = end.min(start + PAGE as u64);
            self.write(&vec![0; (to - from) as usize], from);
        }
    }
}

/// The pages a range touches: number, where in the page, and which part of the range.
fn pages(offset: u64, len: usize) -> impl Iterator<Item = (u64, usize, std::ops::Range<usize>)> {
    let mut done = 0;
    std::iter::from_fn(move || {
        (done < len).then(|| {
            let at = offset + done as u64;
            let within = (at % PAGE as u64) as usize;
            let part = done..(done + PAGE - within).min(len);
            done = part.end;
            (at / PAGE as u64, within, part)
        })
    })
}

impl std::fmt::Debug for Image {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Image({} bytes, {} pages)", self.len, self.pages.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_keeps_what_the_original_loses() {
        let mut image = Image::zeros(3 * 4096 + 7);
        image.write(&[7; 5000], 4000);
        let copy = image.clone();
        image.zero(4090, 4200);
        let mut expected = vec![0; 3 * 4096 + 7];
        expected[4000..9000].fill(7);
        assert_eq!(copy.to_vec(), expected);
        expected[4090..8290].fill(0);
        assert_eq!(image.to_vec(), expected);
        assert_eq!(Image::from_bytes(&expected).to_vec(), expected);
    }
}
