//! What the first bytes of a disk say of a PV on it.

use device::{Disk, DiskError};
use metadata::disk::{Damage, DiskArea, Label, MdaHeader, SECTOR};
use metadata::text::TextError;
use std::sync::Arc;
use thiserror::Error;
use units::Bytes;

/// Bytes to read from a disk's start: the label's sectors, and where pages have 4 KiB also the header of
/// the first metadata area.
pub const FIRST_BYTES: usize = 8192;

/// What the start of a disk holds.
#[derive(Clone, Debug)]
pub enum Probe {
    /// No trace of a PV.
    NoLabel,
    /// A PV.
    Label(Box<Found>),
    /// Labels, but no sound one.
    Damaged(Vec<Damage>),
}

/// A PV as its disk describes it.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its label.
    pub label: Label,
    /// Its metadata areas.
    pub mdas: Vec<Mda>,
    /// What is wrong around the label, and ignored.
    pub damage: Vec<Damage>,
}

/// A metadata area of a PV.
#[derive(Clone, Debug)]
pub struct Mda {
    /// Where it lies.
    pub area: DiskArea,
    /// What its header says; none while it has not been read.
    pub header: Option<Result<MdaHeader, MdaFault>>,
}

/// Why a metadata area is of no use.
#[derive(Clone, Debug, Error)]
pub enum MdaFault {
    /// The bytes of its header, or of its text, are not what they should be.
    #[error(transparent)]
    Damage(#[from] Damage),
    /// It cannot be read, or lies behind the end of the disk.
    #[error(transparent)]
    Unreadable(Arc<DiskError>),
    /// Its text has the right checksum, but is no VG's.
    #[error(transparent)]
    Text(#[from] TextError),
}

impl From<DiskError> for MdaFault {
    fn from(error: DiskError) -> Self {
        Self::Unreadable(Arc::new(error))
    }
}

/// Looks at the first bytes of a disk ([`FIRST_BYTES`], or all of a smaller one). Headers of metadata
/// areas that lie further on are left unread; [`Mda::read`] reads them.
pub fn probe(first: &[u8]) -> Probe {
    let search = Label::find(first);
    let Some(label) = search.label else {
        return if search.damage.is_empty() { Probe::NoLabel } else { Probe::Damaged(search.damage) };
    };
    let mda = |area: &DiskArea| {
        let start = usize::try_from(area.offset.get()).ok();
        let bytes = start.and_then(|start| first.get(start..start.checked_add(SECTOR)?));
        Mda { area: *area, header: bytes.map(|bytes| parse(bytes, *area)) }
    };
    let mdas = label.header.metadata_areas.iter().map(mda).collect();
    Probe::Label(Box::new(Found { label, mdas, damage: search.damage }))
}

/// Reads the start of a disk, and then the headers of all metadata areas of the PV found there.
pub fn probe_disk(disk: &dyn Disk) -> Result<Probe, DiskError> {
    let len = usize::try_from(disk.len().get()).unwrap_or(usize::MAX).min(FIRST_BYTES);
    let mut first = vec![0; len];
    disk.read_at(&mut first, Bytes::ZERO)?;
    let mut probe = probe(&first);
    if let Probe::Label(found) = &mut probe {
        found.mdas.iter_mut().filter(|mda| mda.header.is_none()).for_each(|mda| mda.read(disk));
    }
    Ok(probe)
}

/// Whether some sector that may hold a PV's label is marked as one, sound or not.
pub fn has_label(disk: &dyn Disk) -> Result<bool, DiskError> {
    let mut first = [0; 4 * SECTOR];
    if disk.len() < Bytes::new(first.len() as u64) {
        return Ok(false);
    }
    disk.read_at(&mut first, Bytes::ZERO)?;
    Ok(is_labelled(&first))
}

/// The same of the first four sectors.
pub fn is_labelled(first: &[u8]) -> bool {
    first.chunks_exact(SECTOR).any(Label::is_marked)
}

fn parse(bytes: &[u8], area: DiskArea) -> Result<MdaHeader, MdaFault> {
    Ok(MdaHeader::parse(bytes, area)?)
}

impl Mda {
    /// Reads its header, again where it was read before.
    pub fn read(&mut self, disk: &dyn Disk) {
        let mut bytes = [0; SECTOR];
        self.header = Some(match disk.read_at(&mut bytes, self.area.offset) {
            Ok(()) => parse(&bytes, self.area),
            Err(error) => Err(error.into()),
        });
    }

    /// Its header, where it is sound.
    pub fn sound(&self) -> Option<&MdaHeader> {
        self.header.as_ref()?.as_ref().ok()
    }
}
