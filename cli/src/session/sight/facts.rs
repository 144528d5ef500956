//! What devices show of PVs, for reports.

use crate::session::Session;
use device::{DevNumber, DiskId};
use report::subject::{MdaFacts, PvFacts};
use store::{DuplicatePv, PvOnDisk, Scan};
use units::{Bytes, Sectors};

/// What a device without a PV shows.
pub(super) fn device_facts(session: &Session, disk: DiskId) -> PvFacts {
    let entry = session.found().disks.get(disk);
    let number = DevNumber::of(entry.disk().identity());
    PvFacts {
        name: session.disk_name(disk),
        dev_size: entry.disk().len().sectors(),
        number: number.map(|number| (number.major, number.minor)),
        ..PvFacts::default()
    }
}

/// What a device shows that is not used, since another one has the same PV id.
pub(super) fn duplicate_facts(
    session: &Session,
    duplicate: &DuplicatePv,
    disk: DiskId,
    scan: &Scan,
) -> PvFacts {
    let vg = scan.vgs.iter().find(|vg| vg.pvs.contains_key(&duplicate.id));
    let orphan = scan.orphans.iter().find(|pv| pv.disk == duplicate.chosen);
    PvFacts {
        id: Some(duplicate.id),
        duplicate: true,
        marked_used: vg.is_some() || orphan.is_some_and(PvOnDisk::is_marked_used),
        vg: vg.map(|vg| (vg.vg.name.clone(), vg.vg.id)),
        ..device_facts(session, disk)
    }
}

/// What a PV's device shows.
pub(super) fn facts_of(session: &Session, pv: &PvOnDisk) -> PvFacts {
    let header = &pv.label.header;
    PvFacts {
        id: Some(pv.id()),
        claimed: header.device_size.sectors(),
        mdas: pv.mdas.iter().map(mda_facts).collect(),
        ext_version: header.extension.as_ref().map_or(0, |extension| extension.version),
        marked_used: pv.is_marked_used(),
        pe_start: header.data_areas.first().map_or(Sectors::ZERO, |area| area.offset.sectors()),
        bootloader: header
            .extension
            .as_ref()
            .and_then(|extension| extension.bootloader_areas.first())
            .map(|area| (area.offset.sectors(), area.size.sectors())),
        device_id: session.listed_id(pv.disk),
        ..device_facts(session, pv.disk)
    }
}

/// Room is what is left of the half that one text may take (2.03.40: format-text.c, read_metadata_location); none in
/// an area that is ignored.
fn mda_facts(mda: &pv::Mda) -> MdaFacts {
    let size = mda.area.size;
    let half = (size.get().saturating_sub(512) / 2).saturating_sub(512);
    let header = mda.sound();
    let used = header.and_then(|header| header.committed()).map_or(0, |text| text.size.get());
    let ignored = header.is_some_and(|header| header.is_ignored());
    let free = if ignored { Sectors::ZERO } else { Bytes::new(half.saturating_sub(used)).sectors() };
    MdaFacts { size: size.sectors(), free, used: !ignored }
}
