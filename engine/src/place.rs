//! Where a byte of a volume lies: the arithmetic of targets, without any I/O.

use units::Bytes;

/// A target made ready: byte offsets instead of sectors, disks by position in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// One stretch of one disk.
    Linear {
        /// Which disk.
        disk: usize,
        /// Where the stretch starts on it.
        start: u64,
    },
    /// Chunks in turn over stretches of disks.
    Striped {
        /// Bytes in a chunk.
        chunk: u64,
        /// Disk and start of each stripe.
        stripes: Vec<(usize, u64)>,
    },
    /// Reads and writes fail.
    Error,
    /// Reads give zeros, writes vanish.
    Zero,
}

/// A run of bytes that lies in one piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stretch {
    /// On a disk, from a byte on.
    Disk {
        /// Which disk.
        disk: usize,
        /// First byte.
        start: u64,
        /// How many bytes.
        len: u64,
    },
    /// Nowhere: an error.
    Error,
    /// Zeros.
    Zero {
        /// How many bytes.
        len: u64,
    },
}

impl Place {
    /// The longest run from `offset` (within the target) that lies in one piece, at most `len` bytes long.
    pub fn locate(&self, offset: u64, len: u64) -> Stretch {
        match self {
            Self::Linear { disk, start } => Stretch::Disk { disk: *disk, start: start + offset, len },
            Self::Striped { chunk, stripes } => {
                let count = stripes.len() as u64;
                let (nth, within) = (offset / chunk, offset % chunk);
                let (disk, start) = stripes[(nth % count) as usize];
                let start = start + nth / count * chunk + within;
                Stretch::Disk { disk, start, len: len.min(chunk - within) }
            }
            Self::Error => Stretch::Error,
            Self::Zero => Stretch::Zero { len },
        }
    }
}

/// A target's place in the volume.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub(crate) start: u64,
    pub(crate) len: u64,
    pub(crate) place: Place,
}

impl Span {
    pub(crate) fn end(&self) -> Bytes {
        Bytes::new(self.start + self.len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stripes_take_turns_by_the_chunk() {
        let place = Place::Striped { chunk: 4, stripes: vec![(0, 100), (1, 200)] };
        assert_eq!(place.locate(0, 99), Stretch::Disk { disk: 0, start: 100, len: 4 });
        assert_eq!(place.locate(5, 99), Stretch::Disk { disk: 1, start: 201, len: 3 });
        assert_eq!(place.locate(8, 2), Stretch::Disk { disk: 0, start: 104, len: 2 });
    }
}
