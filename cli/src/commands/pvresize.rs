//! `pvresize`: PVs follow their devices, or claim another size.

use crate::change::Refusal;
use crate::editing::{self, Edit, Edited, Member};
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;
use metadata::disk::{DiskArea, MdaHeader};
use metadata::plan::{Consent, Ctx};
use pv::Mda;
use store::PvOnDisk;
use units::{Id, Sectors, Sign};

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    resize(parsed, world).unwrap_or_else(|exit| exit)
}

fn resize(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    if parsed.size(Opt::Setphysicalvolumesize).is_some_and(|size| size.sign == Sign::Minus) {
        world.error("Physical volume size may not be negative");
        return Err(Exit::INVALID);
    }
    let session = Session::open(parsed, world)?;
    let pretended = parsed.sectors(Opt::Setphysicalvolumesize).filter(|size| !size.is_zero());
    let least = u64::try_from(session.settings.int("devices/pv_min_size")).unwrap_or(2048).max(512);
    let mut edit = Resize { session: &session, pretended, least: Sectors::new(least * 2) };
    let (count, exit) = editing::run(parsed, world, &session, &mut edit)?;
    if !parsed.flag(Opt::Plan) {
        world.print(format_args!(
            "{} physical volume(s) resized or updated / {} physical volume(s) not resized",
            count.done,
            count.total - count.done
        ));
    }
    Ok(exit)
}

struct Resize<'a> {
    session: &'a Session,
    /// The size to claim; none: the device's.
    pretended: Option<Sectors>,
    /// The smallest a PV may be.
    least: Sectors,
}

/// A PV of a new size.
struct Resized {
    consents: Vec<Consent>,
    size: Sectors,
    /// What is left for extents.
    usable: Sectors,
    /// Where the metadata area at the end was, and goes.
    area: Option<(DiskArea, DiskArea)>,
}

impl Resize<'_> {
    fn resized(&self, pv: &PvOnDisk, device: &str, pe_start: Sectors) -> Result<Resized, Refusal> {
        let real = self.session.found().disks.disk(pv.disk).len().sectors();
        let size = self.pretended.unwrap_or(real);
        if size < self.least {
            let least = self.least;
            return Err(Refusal::words(format!(
                "Size must exceed minimum of {least} sectors on PV {device}."
            )));
        }
        if size < pe_start {
            return Err(Refusal::words(format!(
                "Size must exceed physical extent start of {pe_start} sectors on PV {device}."
            )));
        }
        let area = pv::area_at_end(&pv.label);
        let moved = area.map(|area| pv::moved_area(area, pe_start, size)).transpose().map_err(|error| {
            Refusal::failed(&error)
                .line(format!("Failed to move metadata area with index 1 while resizing PV {device}."))
        })?;
        let reserved = moved.map_or(Sectors::ZERO, |area| area.size.sectors());
        let usable = size.saturating_sub(pe_start).saturating_sub(reserved);
        let asks = size != real;
        let consent = Consent::ResizePv { device: device.to_owned(), size: real, pretended: size };
        let consents = asks.then_some(consent).into_iter().collect();
        Ok(Resized { consents, size, usable, area: area.zip(moved) })
    }

    /// The PV with that size in its header, and its second area at another place.
    fn remade(pv: &PvOnDisk, size: Sectors, area: Option<(DiskArea, DiskArea)>) -> PvOnDisk {
        let mut next = pv.clone();
        let header = &mut next.label.header;
        header.device_size = size.bytes().unwrap_or(header.device_size);
        let Some((from, to)) = area else { return next };
        header.metadata_areas.iter_mut().filter(|area| **area == from).for_each(|area| *area = to);
        for mda in next.mdas.iter_mut().filter(|mda| mda.area == from && from != to) {
            let mut empty = MdaHeader::new(to);
            empty.slots[0].set_ignored(mda.sound().is_some_and(MdaHeader::is_ignored));
            *mda = Mda { area: to, header: Some(Ok(empty)) };
        }
        next
    }
}

impl Edit for Resize<'_> {
    fn member(&mut self, member: Member<'_>, _: &mut Ctx<'_>) -> Result<Edited, Refusal> {
        let id = member.pv.id();
        let pe_start = member.vg.pvs.get(id).map_or(Sectors::ZERO, |pv| pv.pe_start);
        let Resized { consents, usable, area, .. } = self.resized(member.pv, member.device, pe_start)?;
        let mut proposal = vg::resize_pv(member.vg, id, usable).map_err(|error| Refusal::failed(&error))?;
        proposal.consents = consents;
        if let Some((from, to)) = area.filter(|(from, to)| from != to) {
            let others = member.on_disk.areas_in_use();
            let mut others = others.filter(|area| area.disk != member.pv.disk || area.area != from);
            if others.next().is_none() {
                let words = format!(
                    "The metadata area at the end of {} cannot move to byte {}: volume group {} has no other in use.",
                    member.device, to.offset, member.vg.name
                );
                return Err(Refusal::words(words).hint("pvchange --metadataignore n takes another into use"));
            }
        }
        // The header of a PV in a VG counts only for its areas (2.03.40: pv_resize_single).
        let remade = area.map(|area| Self::remade(member.pv, usable, Some(area)));
        Ok(Edited { proposal: Some(proposal), notices: Vec::new(), remade })
    }

    fn orphan(
        &mut self,
        pv: &PvOnDisk,
        device: &str,
        _: &mut Ctx<'_>,
    ) -> Result<(PvOnDisk, Vec<Consent>), Refusal> {
        let Resized { consents, size, area, .. } = self.resized(pv, device, pv::pe_start(&pv.label))?;
        Ok((Self::remade(pv, size, area), consents))
    }

    fn done(&mut self, world: &mut World, device: &str, _: Id, _: Id) {
        if let Some(pretended) = self.pretended
            && let Some(entry) = self.session.found().disks.find(std::path::Path::new(device))
        {
            let real = entry.disk().len().sectors();
            if real != pretended {
                world.warn(format_args!(
                    "WARNING: {device}: Pretending size is {pretended} not {real} sectors."
                ));
            }
        }
        world.print(format_args!("Physical volume \"{device}\" changed"));
    }

    fn not_done(&mut self, _: &mut World, _: &str, _: bool) {}

    fn regroups(&self) -> bool {
        false
    }
}
