//! The PV header, which follows the label header in the label sector.
//!
//! ```text
//!  0 32  id, without dashes
//! 32  8  size of the device in bytes
//! 40     data areas, a pair with offset 0, metadata areas, a pair with offset 0 (pairs of 8 + 8 bytes)
//!        extension: version 4, flags 4, bootloader areas, a pair with offset 0
//! ```

use super::bytes::{put, u32_at, u64_at};
use super::{Damage, DiskArea, SECTOR, What};
use units::{Bytes, Id};

const FIXED: usize = 40;
const PAIR: usize = 16;
const USED: u32 = 1;

/// What a PV says about itself.
#[derive(Clone, Debug, PartialEq)]
pub struct PvHeader {
    /// The PV's id.
    pub id: Id,
    /// Size of the device when the PV was made or resized. The VG's text may know better.
    pub device_size: Bytes,
    /// Where extents lie. LVM2 writes one; size zero goes on to the device's end.
    pub data_areas: Vec<DiskArea>,
    /// Where metadata areas lie: none, one or two.
    pub metadata_areas: Vec<DiskArea>,
    /// What newer writers add; absent on PVs that old ones made.
    pub extension: Option<Extension>,
}

/// The extension of the PV header.
#[derive(Clone, Debug, PartialEq)]
pub struct Extension {
    /// 1: bootloader areas; 2: the flag that says whether the PV is in a VG.
    pub version: u32,
    /// Flags; those rlvm does not know are kept.
    pub flags: u32,
    /// Where boot loaders may be kept.
    pub bootloader_areas: Vec<DiskArea>,
}

impl Extension {
    /// The version that LVM2 2.03 writes.
    pub const VERSION: u32 = 2;

    /// A new extension of the current version.
    pub fn new(used: bool, bootloader_areas: Vec<DiskArea>) -> Self {
        Self { version: Self::VERSION, flags: if used { USED } else { 0 }, bootloader_areas }
    }
}

impl PvHeader {
    /// Whether the header says that the PV is in a VG. `None`: it is too old to say.
    pub fn used(&self) -> Option<bool> {
        let extension = self.extension.as_ref().filter(|extension| extension.version >= 2)?;
        Some(extension.flags & USED != 0)
    }

    /// Says whether the PV is in a VG, with an extension of the current version.
    pub fn set_used(&mut self, used: bool) {
        let extension = self.extension.get_or_insert_with(|| Extension::new(used, Vec::new()));
        extension.version = extension.version.max(Extension::VERSION);
        extension.flags = if used { extension.flags | USED } else { extension.flags & !USED };
    }

    /// Reads the header at `offset` of a label sector that stands at byte `device_at` of its device.
    pub(super) fn parse(sector: &[u8], offset: u32, device_at: u64) -> Result<Self, Damage> {
        let damage = |what, at: usize, found| Damage { what, at: device_at.saturating_add(at as u64), found };
        let start = offset as usize;
        let outside = damage(What::PvHeaderOffset, 20, u64::from(offset));
        if start > SECTOR - FIXED {
            return Err(outside);
        }
        let id = sector.get(start..).and_then(<[u8]>::first_chunk).ok_or(outside)?;
        let id = Id::from_bytes(id).map_err(|_| damage(What::PvId, start, 0))?;
        let device_size = Bytes::new(u64_at(sector, start + 32).ok_or(outside)?);
        let mut at = start + FIXED;
        let mut list = |name| {
            let begin = at;
            areas(sector, &mut at).ok_or(damage(What::AreaList(name), begin, (sector.len() - begin) as u64))
        };
        let (data_areas, metadata_areas) = (list("data")?, list("metadata")?);
        let extension = match (u32_at(sector, at), u32_at(sector, at + 4)) {
            (Some(version), Some(flags)) if version != 0 => {
                at += 8;
                let begin = at;
                let bootloader_areas = areas(sector, &mut at).ok_or_else(|| {
                    damage(What::AreaList("bootloader"), begin, (sector.len() - begin) as u64)
                })?;
                Some(Extension { version, flags, bootloader_areas })
            }
            _ => None,
        };
        Ok(Self { id, device_size, data_areas, metadata_areas, extension })
    }

    /// Writes the header at `start` of a label sector that stands at byte `device_at` of its device.
    pub(super) fn encode(&self, sector: &mut [u8], start: usize, device_at: u64) -> Result<(), Damage> {
        let full = |name, at: usize| Damage {
            what: What::AreaList(name),
            at: device_at.saturating_add(at as u64),
            found: SECTOR as u64,
        };
        put(sector, start, self.id.as_bytes());
        put(sector, start + 32, &self.device_size.get().to_le_bytes());
        let mut at = start + FIXED;
        put_areas(sector, &mut at, &self.data_areas).ok_or(full("data", at))?;
        put_areas(sector, &mut at, &self.metadata_areas).ok_or(full("metadata", at))?;
        let Some(extension) = &self.extension else { return Ok(()) };
        let head = put(sector, at, &extension.version.to_le_bytes())
            && put(sector, at + 4, &extension.flags.to_le_bytes());
        at += 8;
        let fits = head && put_areas(sector, &mut at, &extension.bootloader_areas).is_some();
        if fits { Ok(()) } else { Err(full("bootloader", at)) }
    }
}

/// The areas from `at` up to the pair that ends them; moves `at` behind it. None: the sector ends first.
fn areas(sector: &[u8], at: &mut usize) -> Option<Vec<DiskArea>> {
    let mut found = Vec::new();
    loop {
        let (offset, size) = (u64_at(sector, *at)?, u64_at(sector, *at + 8)?);
        *at += PAIR;
        if offset == 0 {
            return Some(found);
        }
        found.push(DiskArea::new(offset, size));
    }
}

/// Writes areas and the pair that ends them; moves `at` behind it. None: they do not fit.
fn put_areas(sector: &mut [u8], at: &mut usize, areas: &[DiskArea]) -> Option<()> {
    let end = DiskArea::new(0, 0);
    for area in areas.iter().chain([&end]) {
        let fits = put(sector, *at, &area.offset.get().to_le_bytes())
            && put(sector, *at + 8, &area.size.get().to_le_bytes());
        if !fits {
            return None;
        }
        *at += PAIR;
    }
    Some(())
}
