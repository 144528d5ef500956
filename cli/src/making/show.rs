//! What would happen to devices, for `--plan`.

use super::{Joining, Making, Ready, Source};
use crate::change::Sizes;
use serde::Serialize;
use store::PvOnDisk;
use units::Sectors;

/// What would happen to one device.
#[derive(Debug, Serialize)]
pub(crate) struct DevicePlan {
    /// The device.
    device: String,
    /// `create`, `use`, `remove`, `change`.
    action: &'static str,
    /// The size of the new PV, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    /// Where its extents would start, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pe_start: Option<u64>,
    /// Start and size of its metadata areas, in bytes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    metadata_areas: Vec<(u64, u64)>,
    /// Start and size of its bootloader area, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    bootloader_area: Option<(u64, u64)>,
    /// Formats that would be wiped, with the place of their marks in bytes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    wipes: Vec<(&'static str, u64)>,
}

/// A size in bytes, or the most there can be.
pub(crate) fn in_bytes(size: Sectors) -> u64 {
    size.get().saturating_mul(Sectors::BYTES)
}

impl DevicePlan {
    fn of(ready: &Ready, action: &'static str) -> Self {
        Self {
            wipes: ready.signatures.iter().map(|found| (found.name, found.offset.get())).collect(),
            ..Self::removed(&ready.named.word, action)
        }
    }

    /// A device that is written on without becoming a PV.
    pub(crate) fn removed(device: &str, action: &'static str) -> Self {
        Self {
            device: device.to_owned(),
            action,
            size: None,
            pe_start: None,
            metadata_areas: Vec::new(),
            bootloader_area: None,
            wipes: Vec::new(),
        }
    }

    /// A device that becomes a PV.
    pub(crate) fn created(making: &Making) -> Self {
        let layout = &making.layout;
        Self {
            size: Some(in_bytes(layout.size)),
            pe_start: Some(in_bytes(layout.pe_start)),
            metadata_areas: layout
                .mdas
                .iter()
                .map(|mda| (mda.area.offset.get(), mda.area.size.get()))
                .collect(),
            bootloader_area: layout.bootloader.map(|area| (in_bytes(area.start), in_bytes(area.size))),
            ..Self::of(&making.ready, "create")
        }
    }

    /// A PV whose headers become others.
    pub(crate) fn remade(device: &str, next: &PvOnDisk) -> Self {
        let header = &next.label.header;
        Self {
            size: Some(header.device_size.get()),
            pe_start: Some(in_bytes(pv::pe_start(&next.label))),
            metadata_areas: header
                .metadata_areas
                .iter()
                .map(|area| (area.offset.get(), area.size.get()))
                .collect(),
            ..Self::removed(device, "change")
        }
    }

    /// A device that joins a VG.
    pub(crate) fn joined(joining: &Joining) -> Self {
        match &joining.source {
            Source::Orphan(ready) => Self::of(ready, "use"),
            Source::New(making) => Self::created(making),
        }
    }

    /// The same in words.
    pub(crate) fn lines(&self, sizes: Sizes) -> Vec<String> {
        let show = |bytes: u64| sizes.show(Sectors::new(bytes / Sectors::BYTES));
        let mut first = format!("PV    {} {}", self.action, self.device);
        if let (Some(size), Some(start)) = (self.size, self.pe_start) {
            first += &format!(", {}, extents from {}", show(size), show(start));
        }
        let mut lines = vec![first];
        let areas = self.metadata_areas.iter();
        lines.extend(
            areas.map(|(start, size)| format!("      metadata area of {} at byte {start}", show(*size))),
        );
        let area = self.bootloader_area;
        lines.extend(
            area.map(|(start, size)| format!("      bootloader area of {} at byte {start}", show(size))),
        );
        let wipes = self.wipes.iter();
        lines.extend(wipes.map(|(name, offset)| format!("      wipe the {name} signature at byte {offset}")));
        lines
    }
}
