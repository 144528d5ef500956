//! A layout, and the structures that go with it.

use metadata::disk::{DiskArea, Extension, Label, MdaHeader, PvHeader};
use metadata::model::BootloaderArea;
use units::{Bytes, Id, Sectors};

/// A metadata area to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MdaPlace {
    /// Where it lies.
    pub area: DiskArea,
    /// Whether it shall hold no text for now.
    pub ignored: bool,
}

/// Where everything of a PV goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PvLayout {
    /// The sector of its label.
    pub label_sector: u64,
    /// The size the PV claims: the device's, or the pretended one.
    pub size: Sectors,
    /// Where its first extent starts.
    pub pe_start: Sectors,
    /// Its bootloader area.
    pub bootloader: Option<BootloaderArea>,
    /// Its metadata areas: at the start, then at the end.
    pub mdas: Vec<MdaPlace>,
    /// What had to be given up on the way.
    pub notes: Vec<LayoutNote>,
}

/// What had to be given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayoutNote {
    /// The alignment that was asked for does not go with the first extent that is restored.
    AlignmentIgnored {
        /// Alignment and its offset together.
        asked: Sectors,
        /// The restored start.
        pe_start: Sectors,
    },
    /// The pretended size exceeds the device.
    LargerThanDevice {
        /// The pretended size.
        pretended: Sectors,
        /// The device.
        size: Sectors,
    },
}

impl PvLayout {
    /// The label, with the PV header in it.
    pub fn label(&self, id: Id, used: bool) -> Label {
        let area = |start: Sectors, size: Sectors| {
            DiskArea::new(start.get() * Sectors::BYTES, size.get() * Sectors::BYTES)
        };
        let bootloader = self.bootloader.map(|place| area(place.start, place.size));
        let header = PvHeader {
            id,
            device_size: Bytes::new(self.size.get() * Sectors::BYTES),
            data_areas: vec![area(self.pe_start, Sectors::ZERO)],
            metadata_areas: self.mdas.iter().map(|mda| mda.area).collect(),
            extension: Some(Extension::new(used, bootloader.into_iter().collect())),
        };
        Label { sector: self.label_sector, header }
    }

    /// The headers of its metadata areas, without texts.
    pub fn mda_headers(&self) -> Vec<MdaHeader> {
        let header = |mda: &MdaPlace| {
            let mut header = MdaHeader::new(mda.area);
            header.slots[0].set_ignored(mda.ignored);
            header
        };
        self.mdas.iter().map(header).collect()
    }
}
