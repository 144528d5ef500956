//! The header of a metadata area: where its texts lie.
//!
//! ```text
//!  0  4  checksum of bytes 4..512
//!  4 16  magic
//! 20  4  version, 1
//! 24  8  where the area begins, in bytes from the start of the device
//! 32  8  size of the area in bytes, this header included
//! 40 24  slot 0, the committed text: offset 8, size 8, checksum 4, flags 4
//! 64 24  slot 1, the precommitted text
//! 88     written back as it was read
//! ```

use super::bytes::{put, u32_at, u64_at};
use super::{Damage, DiskArea, Ring, SECTOR, What};
use units::{Bytes, crc};

const MAGIC: &[u8; 16] = b" LVM2 x[5A%r0N*>";
const VERSION: u32 = 1;
const SLOTS: [usize; 2] = [40, 64];
const TAIL: usize = 88;
const IGNORED: u32 = 1;

/// The header of a metadata area.
#[derive(Clone, Debug, PartialEq)]
pub struct MdaHeader {
    /// The area, as the header itself gives it.
    pub area: DiskArea,
    /// Slot 0, the committed text, and slot 1, the precommitted one.
    pub slots: [RawLocn; 2],
    tail: Box<[u8]>,
}

/// A slot: which bytes of the ring are a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RawLocn {
    /// First byte, counted from the start of the area; zero where the slot is empty.
    pub offset: Bytes,
    /// Length, the NUL at the text's end included.
    pub size: Bytes,
    /// Checksum over that length.
    pub checksum: u32,
    /// Flags; those rlvm does not know are kept.
    pub flags: u32,
}

impl RawLocn {
    /// Whether it points at no text.
    pub fn is_empty(&self) -> bool {
        self.offset.is_zero()
    }

    /// Whether the area is not in use for metadata (only meant in slot 0).
    pub fn is_ignored(&self) -> bool {
        self.flags & IGNORED != 0
    }

    /// Sets or clears the mark that the area is not in use for metadata.
    pub fn set_ignored(&mut self, ignored: bool) {
        self.flags = if ignored { self.flags | IGNORED } else { self.flags & !IGNORED };
    }

    /// Points at no text; the flags stay.
    pub fn clear(&mut self) {
        *self = Self { flags: self.flags, ..Self::default() };
    }

    /// Points where `other` points; the flags stay.
    pub fn point(&mut self, other: Self) {
        *self = Self { flags: self.flags, ..other };
    }

    /// Whether these bytes, NUL included, are the ones the slot was written for. `at`: where they were read,
    /// in bytes from the start of the device.
    pub fn check(&self, text: &[u8], at: Bytes) -> Result<(), Damage> {
        let damage = |what, found| Damage { what, at: at.get(), found };
        if text.len() as u64 != self.size.get() {
            return Err(damage(What::Short, text.len() as u64));
        }
        let computed = crc(text);
        if computed == self.checksum {
            Ok(())
        } else {
            Err(damage(What::TextChecksum { computed }, u64::from(self.checksum)))
        }
    }
}

impl MdaHeader {
    /// The header of a new area without a text.
    pub fn new(area: DiskArea) -> Self {
        Self { area, slots: [RawLocn::default(); 2], tail: vec![0; SECTOR - TAIL].into() }
    }

    /// Reads the header of the area that the PV header puts at `area`.
    pub fn parse(bytes: &[u8], area: DiskArea) -> Result<Self, Damage> {
        let (header, damage) = Self::inspect(bytes, area)?;
        // That it may be no header at all says more than that its checksum is wrong.
        let is_elsewhere = |damage: &&Damage| matches!(damage.what, What::MdaMagic | What::MdaStart);
        match damage.iter().find(is_elsewhere).or(damage.first()) {
            Some(damage) => Err(*damage),
            None => Ok(header),
        }
    }

    /// Reads it as far as it makes sense, with everything that is wrong, for repair. Fails only on fewer than
    /// 512 bytes.
    pub fn inspect(bytes: &[u8], area: DiskArea) -> Result<(Self, Vec<Damage>), Damage> {
        let damage = |what, at, found| Damage { what, at: area.offset.get().saturating_add(at), found };
        let short = damage(What::Short, 0, bytes.len() as u64);
        let bytes = bytes.get(..SECTOR).ok_or(short)?;
        let (u32_at, u64_at) = (|at| u32_at(bytes, at).ok_or(short), |at| u64_at(bytes, at).ok_or(short));
        let mut wrong = Vec::new();
        let (sum, computed) = (u32_at(0)?, crc(&bytes[4..]));
        if sum != computed {
            wrong.push(damage(What::MdaChecksum { computed }, 0, u64::from(sum)));
        }
        if &bytes[4..20] != MAGIC {
            wrong.push(damage(What::MdaMagic, 4, u64_at(4)?));
        }
        if u32_at(20)? != VERSION {
            wrong.push(damage(What::MdaVersion, 20, u64::from(u32_at(20)?)));
        }
        let own = DiskArea::new(u64_at(24)?, u64_at(32)?);
        if own.offset != area.offset {
            wrong.push(damage(What::MdaStart, 24, own.offset.get()));
        }
        if own.size.get() < SECTOR as u64 || own.size > area.size {
            wrong.push(damage(What::MdaSize, 32, own.size.get()));
        }
        let slot = |at: usize| {
            Ok(RawLocn {
                offset: Bytes::new(u64_at(at)?),
                size: Bytes::new(u64_at(at + 8)?),
                checksum: u32_at(at + 16)?,
                flags: u32_at(at + 20)?,
            })
        };
        let slots = [slot(SLOTS[0])?, slot(SLOTS[1])?];
        Ok((Self { area: own, slots, tail: bytes[TAIL..].into() }, wrong))
    }

    /// The 512 bytes, checksum included.
    pub fn encode(&self) -> [u8; SECTOR] {
        let mut bytes = [0; SECTOR];
        put(&mut bytes, 4, MAGIC);
        put(&mut bytes, 20, &VERSION.to_le_bytes());
        put(&mut bytes, 24, &self.area.offset.get().to_le_bytes());
        put(&mut bytes, 32, &self.area.size.get().to_le_bytes());
        for (at, slot) in SLOTS.into_iter().zip(&self.slots) {
            put(&mut bytes, at, &slot.offset.get().to_le_bytes());
            put(&mut bytes, at + 8, &slot.size.get().to_le_bytes());
            put(&mut bytes, at + 16, &slot.checksum.to_le_bytes());
            put(&mut bytes, at + 20, &slot.flags.to_le_bytes());
        }
        put(&mut bytes, TAIL, &self.tail);
        let sum = crc(&bytes[4..]);
        put(&mut bytes, 0, &sum.to_le_bytes());
        bytes
    }

    /// The ring of texts in the area.
    pub fn ring(&self) -> Ring {
        Ring { area: self.area }
    }

    /// Slot 0 where it points at a text, whether or not the area is ignored.
    pub fn committed(&self) -> Option<RawLocn> {
        Some(self.slots[0]).filter(|slot| !slot.is_empty())
    }

    /// Slot 1 where it points at a text other than the committed one: what a reader that wants the
    /// precommitted text takes.
    pub fn precommitted(&self) -> Option<RawLocn> {
        Some(self.slots[1]).filter(|slot| !slot.size.is_zero() && slot.offset != self.slots[0].offset)
    }

    /// Whether the area is not in use for metadata.
    pub fn is_ignored(&self) -> bool {
        self.slots[0].is_ignored()
    }
}
