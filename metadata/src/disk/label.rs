//! The label: the sector that says "this is a PV".
//!
//! ```text
//!  0  8  "LABELONE"
//!  8  8  number of the sector it stands in
//! 16  4  checksum of bytes 20..512
//! 20  4  where the PV header begins (32)
//! 24  8  "LVM2 001"
//! 32     PV header
//! ```

use super::bytes::{put, u32_at, u64_at};
use super::{Damage, PvHeader, SECTOR, What};
use units::crc;

const MARK: &[u8; 8] = b"LABELONE";
const TYPE: &[u8; 8] = b"LVM2 001";
const CONTENTS: u32 = 32;
/// What the checksum does not cover.
const UNSUMMED: usize = 20;

/// A sound label and what it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// The sector it stands in, 0 to 3.
    pub sector: u64,
    /// The PV header in it.
    pub header: PvHeader,
}

/// What the first sectors of a device hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LabelSearch {
    /// The first sound label.
    pub label: Option<Label>,
    /// What looks like a label but is not sound, or comes too late. Without any of it and without a label the
    /// device is no PV.
    pub damage: Vec<Damage>,
}

impl Label {
    /// How many sectors are searched, from the start of the device.
    pub const SCAN_SECTORS: u64 = 4;
    /// The same in bytes.
    pub const SCAN_BYTES: usize = 4 * SECTOR;
    /// The sector LVM2 puts labels in unless told otherwise.
    pub const DEFAULT_SECTOR: u64 = 1;

    /// Searches the first bytes of a device, of which [`Self::SCAN_BYTES`] matter; a shorter device is searched
    /// as far as it goes.
    pub fn find(first: &[u8]) -> LabelSearch {
        let mut search = LabelSearch::default();
        let sectors = first.chunks_exact(SECTOR).take(Self::SCAN_BYTES / SECTOR);
        for (number, sector) in (0u64..).zip(sectors) {
            if !sector.starts_with(MARK) {
                continue;
            }
            match Self::parse(sector, number) {
                Err(damage) => search.damage.push(damage),
                Ok(_) if search.label.is_some() => search.damage.push(Damage {
                    what: What::LabelAdditional,
                    at: place(number, 0),
                    found: number,
                }),
                Ok(label) => search.label = Some(label),
            }
        }
        search
    }

    /// Reads the label that stands in this sector, which begins with the mark.
    fn parse(sector: &[u8], number: u64) -> Result<Self, Damage> {
        let damage = |what, at, found| Damage { what, at: place(number, at), found };
        let short = damage(What::Short, 0, sector.len() as u64);
        let own = u64_at(sector, 8).ok_or(short)?;
        if own != number {
            return Err(damage(What::LabelSector, 8, own));
        }
        let found = u32_at(sector, 16).ok_or(short)?;
        let computed = crc(sector.get(UNSUMMED..SECTOR).ok_or(short)?);
        if found != computed {
            return Err(damage(What::LabelChecksum { computed }, 16, u64::from(found)));
        }
        if sector.get(24..32) != Some(TYPE) {
            return Err(damage(What::LabelType, 24, u64_at(sector, 24).ok_or(short)?));
        }
        let offset = u32_at(sector, 20).ok_or(short)?;
        let header = PvHeader::parse(sector, offset, place(number, 0))?;
        Ok(Self { sector: number, header })
    }

    /// The whole label sector. Fails where the areas do not fit in it.
    pub fn encode(&self) -> Result<[u8; SECTOR], Damage> {
        let mut sector = [0; SECTOR];
        put(&mut sector, 0, MARK);
        put(&mut sector, 8, &self.sector.to_le_bytes());
        put(&mut sector, 20, &CONTENTS.to_le_bytes());
        put(&mut sector, 24, TYPE);
        self.header.encode(&mut sector, CONTENTS as usize, place(self.sector, 0))?;
        let sum = crc(&sector[UNSUMMED..]);
        put(&mut sector, 16, &sum.to_le_bytes());
        Ok(sector)
    }

    /// Whether these bytes begin with a label's mark, sound or not: what pvremove wipes.
    pub fn is_marked(sector: &[u8]) -> bool {
        sector.starts_with(MARK)
    }
}

/// Bytes from the start of the device.
fn place(sector: u64, at: u64) -> u64 {
    sector.saturating_mul(SECTOR as u64).saturating_add(at)
}
