//! The ring: where in a metadata area texts lie, and where the next one goes.
//!
//! ```text
//! 0        512                                        size
//! [header] [ text N-1 | zeros ][ text N | zeros ]... ]
//!            a text that reaches the end goes on at 512
//! ```

use super::{Damage, DiskArea, RawLocn, SECTOR, What};
use std::ops::Range;
use thiserror::Error;
use units::{Bytes, Sectors, crc};

const HEADER: u64 = SECTOR as u64;
/// Texts begin at multiples of this, counted from the start of the area.
const STEP: u64 = 512;

/// The ring of texts of one metadata area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ring {
    /// The area, header included.
    pub area: DiskArea,
}

/// A run of a text's bytes on the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where, in bytes from the start of the device.
    pub at: Bytes,
    /// How many bytes of the text.
    pub len: Bytes,
    /// How many zeros a writer puts after them, up to the next multiple of 512 (LVM2 does).
    pub padding: Bytes,
}

/// Where a text lies or will lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    /// Its first byte, counted from the start of the area.
    pub offset: Bytes,
    /// Its first run.
    pub first: Piece,
    /// The rest, at the start of the ring, where it wraps.
    pub second: Option<Piece>,
}

/// Why there is no room for a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RingError {
    /// Longer than half the ring, so that two texts could not be kept.
    #[error("metadata of {len} bytes exceeds the maximum of {max} bytes of its metadata area")]
    TooLarge {
        /// Its length, NUL included.
        len: Bytes,
        /// The longest that fits.
        max: Bytes,
    },
    /// The committed text lies where the new one would go.
    #[error("metadata of {len} bytes does not fit beside the committed {used} bytes")]
    Overlap {
        /// Its length, NUL included.
        len: Bytes,
        /// The length of the committed text.
        used: Bytes,
    },
    /// The committed text's slot makes no sense.
    #[error(transparent)]
    Damage(#[from] Damage),
}

impl Placement {
    /// The slot that points at `text` (NUL included) once it lies here. Flags are clear.
    pub fn locn(&self, text: &[u8]) -> RawLocn {
        RawLocn { offset: self.offset, size: Bytes::new(text.len() as u64), checksum: crc(text), flags: 0 }
    }

    /// What to write where (bytes from the start of the device), zeros after the text included. `text` is as
    /// long as the one this placement was made for.
    pub fn writes(&self, text: &[u8]) -> Vec<(Bytes, Vec<u8>)> {
        let filled = |run: Range<usize>| {
            let mut bytes = text.get(run.start..run.end.min(text.len())).unwrap_or_default().to_vec();
            bytes.resize(run.len(), 0);
            bytes
        };
        self.runs().map(|(at, run)| (at, filled(run))).collect()
    }

    /// The same, as ranges of the text with enough zeros behind it (less than 512).
    pub fn runs(&self) -> impl Iterator<Item = (Bytes, Range<usize>)> {
        let mut from = 0;
        self.pieces().map(move |piece| {
            let len = |len: Bytes| usize::try_from(len.get()).unwrap_or(usize::MAX);
            let start = from;
            from += len(piece.len);
            // Only what ends with the text is padded.
            (piece.at, start..from + len(piece.padding))
        })
    }

    /// The runs, in the text's order.
    pub fn pieces(&self) -> impl Iterator<Item = Piece> {
        [Some(self.first), self.second].into_iter().flatten()
    }
}

impl Ring {
    /// The longest text, NUL included: two must fit beside each other, each begun at a multiple of 512.
    pub fn max_text(&self) -> Bytes {
        Bytes::new((self.area.size.get().saturating_sub(HEADER) / 2).saturating_sub(STEP))
    }

    /// What reports call the free space of the area: how much longer than the committed text the next may be.
    pub fn free(&self, committed: Option<RawLocn>) -> Sectors {
        let used = committed.map_or(Bytes::ZERO, |locn| locn.size);
        self.max_text().saturating_sub(used).sectors()
    }

    /// Where the text that `locn` points at lies. Bounds as LVM2 checks them, and the header is no place
    /// for a text.
    pub fn text(&self, locn: RawLocn) -> Result<Placement, Damage> {
        let damage = |what, found: Bytes| Damage { what, at: self.area.offset.get(), found: found.get() };
        let size = self.area.size.get();
        if locn.offset.get() < HEADER || locn.offset.get() >= size {
            return Err(damage(What::TextOffset, locn.offset));
        }
        let fits = locn.size.get() <= size.saturating_sub(HEADER) && locn.size.get() <= u64::from(u32::MAX);
        if !fits || locn.size.is_zero() {
            return Err(damage(What::TextSize, locn.size));
        }
        self.lay(locn.offset.get(), locn.size.get()).ok_or(damage(What::MdaSize, self.area.size))
    }

    /// Where a new text of `len` bytes, NUL included, goes while `committed` (slot 0) stays untouched.
    ///
    /// With `block` 512 this is LVM2's rule (2.03.40: format-text.c, _next_rlocn_offset): the next multiple of
    /// 512 after the committed text, or the start of the ring where less than 512 bytes remain. A larger
    /// `block` (the device's physical block) keeps the new text out of every block that holds bytes of the
    /// committed text, and out of the header's if there is room; where the area is too small for that, 512 is
    /// taken instead. A new text must not be longer than [`Self::max_text`].
    pub fn place(
        &self,
        committed: Option<RawLocn>,
        len: Bytes,
        block: Bytes,
    ) -> Result<Placement, RingError> {
        let max = self.max_text();
        if len > max {
            return Err(RingError::TooLarge { len, max });
        }
        let old = match committed.filter(|locn| !locn.is_empty() && !locn.is_ignored()) {
            Some(locn) => Some((locn, self.text(locn)?)),
            None => None,
        };
        let text = old.map(|old| old.1);
        let new = self.keep_blocks(text, len, block).or_else(|| self.follow(text, len, STEP));
        if let Some(new) = new {
            return Ok(new);
        }
        let used = old.map_or(Bytes::ZERO, |(locn, _)| locn.size);
        Err(RingError::Overlap { len, used })
    }

    /// A place that shares no block with the committed text and, if there is one, none with the header.
    fn keep_blocks(&self, old: Option<Placement>, len: Bytes, block: Bytes) -> Option<Placement> {
        let step = block.get();
        if step <= STEP {
            return None;
        }
        let next = self.follow(old, len, step);
        let at_start = || self.lay(self.round_up(HEADER, step)?, len.get());
        let whole = |new: &Placement| new.second.is_none();
        let apart = |new: &Placement| old.is_none_or(|old| !share_block(new, &old, step));
        next.filter(whole).or_else(|| at_start().filter(whole).filter(apart)).or(next)
    }

    /// The place after the committed text, where it shares no block with it.
    fn follow(&self, old: Option<Placement>, len: Bytes, step: u64) -> Option<Placement> {
        let new = self.lay(self.next_start(old, step)?, len.get())?;
        old.is_none_or(|old| !share_block(&new, &old, step)).then_some(new)
    }

    /// Where, from the start of the area, a text that follows `old` begins.
    fn next_start(&self, old: Option<Placement>, step: u64) -> Option<u64> {
        let size = self.area.size.get();
        let first = self.round_up(HEADER, step)?;
        let Some(old) = old else { return Some(first) };
        let last = old.second.unwrap_or(old.first);
        let next = last.at.get().checked_add(last.len.get())?.checked_sub(self.area.offset.get())?;
        // LVM2 compares with the last byte, not the one after it.
        if size.checked_sub(next - 1)? < step {
            return Some(first);
        }
        let start = self.round_up(next, step)?;
        Some(if start > size.checked_sub(step)? { first } else { start })
    }

    /// Rounds a place in the area up to a multiple of `step`: of the area for LVM2's 512, of the device for
    /// larger blocks.
    fn round_up(&self, place: u64, step: u64) -> Option<u64> {
        if step == STEP {
            return place.checked_next_multiple_of(step);
        }
        let start = self.area.offset.get();
        start.checked_add(place)?.checked_next_multiple_of(step)?.checked_sub(start)
    }

    /// The runs of a text of `len` bytes from `offset` on.
    fn lay(&self, offset: u64, len: u64) -> Option<Placement> {
        let (start, size) = (self.area.offset.get(), self.area.size.get());
        let end = start.checked_add(size)?;
        let at = start.checked_add(offset)?;
        let here = end.checked_sub(at)?.min(len);
        let rest = len - here;
        let piece = |at: u64, len: u64, pad: bool| {
            let stop = at.checked_add(len)?;
            let padded = stop.checked_next_multiple_of(STEP)?.min(end.max(stop));
            let padding = if pad { padded - stop } else { 0 };
            Some(Piece { at: Bytes::new(at), len: Bytes::new(len), padding: Bytes::new(padding) })
        };
        let first = piece(at, here, rest == 0)?;
        let second = if rest == 0 { None } else { Some(piece(start.checked_add(HEADER)?, rest, true)?) };
        Some(Placement { offset: Bytes::new(offset), first, second })
    }
}

/// Whether writing `new`, zeros included, touches a block of `step` bytes that holds bytes of `old`.
fn share_block(new: &Placement, old: &Placement, step: u64) -> bool {
    let blocks = |piece: Piece, padding: Bytes| {
        let end = piece.at.get().saturating_add(piece.len.get()).saturating_add(padding.get());
        (piece.at.get() / step, end.div_ceil(step))
    };
    new.pieces().any(|new| {
        let (start, end) = blocks(new, new.padding);
        old.pieces().any(|old| {
            let (old_start, old_end) = blocks(old, Bytes::ZERO);
            start < old_end && old_start < end
        })
    })
}
