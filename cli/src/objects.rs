//! What is shown of PVs, VGs, LVs and entries of the devices file in the JSON document of a command that shows them: sizes
//! in bytes and in extents.

use crate::change::diff::bytes;
use crate::making::in_bytes;
use conf::{Body, Node, Section, Str, Value};
use metadata::model::{HistoricalLv, Lv, LvFlag, Pv, PvFlag, Segment, SegmentType, Vg};
use pv::known::DeviceEntry;
use report::subject::{PvFacts, VgView};
use serde::Serialize;
use std::path::Path;
use units::Extents;

/// A PV, in a VG or not.
#[derive(Debug, Serialize)]
pub(crate) struct PvObject {
    pv: String,
    uuid: Option<String>,
    missing: bool,
    duplicate: bool,
    device_size: u64,
    #[serde(flatten)]
    in_vg: Option<PvInVg>,
}

#[derive(Debug, Serialize)]
struct PvInVg {
    vg: String,
    vg_uuid: String,
    exported: bool,
    allocatable: bool,
    size: u64,
    free: u64,
    extent_size: u64,
    extents: u64,
    extents_free: u64,
    extents_used: u64,
}

/// A PV as its device shows it, and as its VG has it where it is in one.
pub(crate) fn pv(found: Option<(&VgView<'_>, &Pv)>, facts: &PvFacts) -> PvObject {
    let in_vg = found.map(|(view, pv)| {
        let (free, used) = view
            .space()
            .get(&pv.id)
            .map_or((Extents::ZERO, Extents::ZERO), |space| (space.free_count(), space.used_count()));
        PvInVg {
            vg: view.vg.name.clone(),
            vg_uuid: view.vg.id.to_string(),
            exported: view.vg.is_exported(),
            allocatable: pv.flags.has(PvFlag::Allocatable),
            size: bytes(view.vg, pv.pe_count),
            free: bytes(view.vg, free),
            extent_size: in_bytes(view.vg.extent_size.sectors()),
            extents: pv.pe_count.get(),
            extents_free: free.get(),
            extents_used: used.get(),
        }
    });
    PvObject {
        pv: facts.name.clone(),
        uuid: facts.id.map(|id| id.to_string()),
        missing: facts.missing,
        duplicate: facts.duplicate,
        device_size: in_bytes(facts.size()),
        in_vg,
    }
}

/// A VG.
#[derive(Debug, Serialize)]
pub(crate) struct VgObject {
    vg: String,
    uuid: String,
    seqno: u32,
    format: String,
    system_id: Option<String>,
    exported: bool,
    writable: bool,
    pvs: Vec<String>,
    pvs_missing: usize,
    lvs: Vec<String>,
    tags: Vec<String>,
    size: u64,
    free: u64,
    extent_size: u64,
    extents: u64,
    extents_free: u64,
}

/// A VG with its PVs and visible LVs by name.
pub(crate) fn vg(view: &VgView<'_>) -> VgObject {
    let vg = view.vg;
    VgObject {
        vg: vg.name.clone(),
        uuid: vg.id.to_string(),
        seqno: vg.seqno,
        format: vg.format.clone(),
        system_id: vg.system_id.clone(),
        exported: vg.is_exported(),
        writable: vg.is_writable(),
        pvs: vg.pvs.iter().map(|pv| view.pv_name(pv.id).to_owned()).collect(),
        pvs_missing: view.missing_count(),
        lvs: view.in_order().into_iter().filter(|lv| view.is_visible(lv)).map(|lv| lv.name.clone()).collect(),
        tags: vg.tags.clone(),
        size: bytes(vg, vg.extents()),
        free: bytes(vg, view.free()),
        extent_size: in_bytes(vg.extent_size.sectors()),
        extents: vg.extents().get(),
        extents_free: view.free().get(),
    }
}

/// An LV.
#[derive(Debug, Serialize)]
pub(crate) struct LvObject {
    lv: String,
    vg: String,
    uuid: String,
    path: String,
    visible: bool,
    writable: bool,
    /// Not told where device-mapper could not be asked.
    active: Option<bool>,
    open: Option<u32>,
    tags: Vec<String>,
    size: u64,
    extents: u64,
    segments: Vec<SegmentObject>,
}

#[derive(Debug, Serialize)]
struct SegmentObject {
    r#type: &'static str,
    first: u64,
    extents: u64,
    areas: usize,
}

/// An LV with its segments.
pub(crate) fn lv(view: &VgView<'_>, lv: &Lv) -> LvObject {
    let live = view.live.of(lv.id);
    let segment = |segment: &Segment| SegmentObject {
        r#type: segment.segtype().map_or("unknown", SegmentType::name),
        first: segment.start.get(),
        extents: segment.len.get(),
        areas: segment.areas().count(),
    };
    LvObject {
        lv: lv.name.clone(),
        vg: view.vg.name.clone(),
        uuid: lv.id.to_string(),
        path: view.path(&lv.name),
        visible: view.is_visible(lv),
        writable: lv.flags.has(LvFlag::Write),
        active: view.live.known.then(|| view.live.is_active(lv.id)),
        open: live.map(|live| live.open_count),
        tags: lv.tags.clone(),
        size: bytes(view.vg, lv.extents()),
        extents: lv.extents().get(),
        segments: lv.segments.iter().map(segment).collect(),
    }
}

/// An LV that was removed and is remembered.
#[derive(Debug, Serialize)]
pub(crate) struct GoneObject {
    lv: String,
    vg: String,
    removed: bool,
}

/// What is still known of a removed LV.
pub(crate) fn gone(view: &VgView<'_>, gone: &HistoricalLv) -> GoneObject {
    GoneObject { lv: gone.name.clone(), vg: view.vg.name.clone(), removed: true }
}

/// An entry of the devices file.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct EntryObject {
    idtype: String,
    idname: Option<String>,
    device: Option<String>,
    pv_uuid: Option<String>,
    part: Option<u32>,
}

/// An entry as it is written.
pub(crate) fn entry(entry: &DeviceEntry) -> EntryObject {
    EntryObject {
        idtype: entry.kind.clone(),
        idname: entry.name.clone(),
        device: entry.device.as_ref().map(|path| path.display().to_string()),
        pv_uuid: entry.pv.map(|id| id.to_string()),
        part: Some(entry.part).filter(|&part| part != 0),
    }
}

/// What a command did to the devices file.
#[derive(Debug, Serialize)]
pub(crate) struct EntriesChange {
    devices_file: String,
    version: Option<String>,
    added: Vec<EntryObject>,
    removed: Vec<EntryObject>,
}

/// The entries that are there now and were not, and the other way round.
pub(crate) fn entries_change(
    path: &Path,
    version: Option<&str>,
    old: &[DeviceEntry],
    new: &[DeviceEntry],
) -> EntriesChange {
    let missing_in = |other: &[DeviceEntry], these: &[DeviceEntry]| {
        let others: Vec<EntryObject> = other.iter().map(entry).collect();
        these.iter().map(entry).filter(|entry| !others.contains(entry)).collect()
    };
    EntriesChange {
        devices_file: path.display().to_string(),
        version: version.map(str::to_owned),
        added: missing_in(old, new),
        removed: missing_in(new, old),
    }
}

/// A backup that was written.
#[derive(Debug, Serialize)]
pub(crate) struct BackupObject {
    vg: String,
    uuid: String,
    seqno: u32,
    action: &'static str,
    file: String,
}

/// A VG's backup in a file.
pub(crate) fn backup(vg: &Vg, file: &Path) -> BackupObject {
    BackupObject {
        vg: vg.name.clone(),
        uuid: vg.id.to_string(),
        seqno: vg.seqno,
        action: "backup",
        file: file.display().to_string(),
    }
}

/// Settings, section by section. A name that is not UTF-8 is shown as far as it can be.
pub(crate) fn settings(section: &Section<'_>) -> serde_json::Value {
    let text = |text: &Str<'_>| String::from_utf8_lossy(text.as_bytes()).into_owned();
    let one = |node: &Node<'_>| match &node.body {
        Body::Section(section) => settings(section),
        Body::Value(value) => setting(value),
    };
    section.nodes().iter().map(|node| (text(&node.key), one(node))).collect()
}

fn setting(value: &Value<'_>) -> serde_json::Value {
    match value {
        Value::Int(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::Str(text) => String::from_utf8_lossy(text.as_bytes()).into(),
        Value::Array(items) => items.iter().map(setting).collect(),
    }
}
