//! `pvchange`: whether extents may be placed on PVs, their tags, their ids, and whether they hold metadata.

use crate::change::Refusal;
use crate::editing::{self, Count, Edit, Edited, Member};
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;
use metadata::disk::MdaHeader;
use metadata::model::names::is_tag;
use metadata::plan::{Consent, Ctx};
use store::PvOnDisk;
use units::Id;
use vg::PvChange;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    change(parsed, world).unwrap_or_else(|exit| exit)
}

fn change(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let bad = [Opt::Addtag, Opt::Deltag].into_iter().flat_map(|opt| parsed.all(opt));
    if let Some(tag) = bad.into_iter().find(|tag| !is_tag(tag.trim_start_matches('@'))) {
        world.error(format_args!("Invalid argument for a tag: {tag}"));
        return Err(Exit::INVALID);
    }
    let session = Session::open(parsed, world)?;
    let mut edit = Change { parsed, session: &session };
    // What is selected may be unclear: no PV is changed then, and that is told too.
    let changed = editing::run(parsed, world, &session, &mut edit);
    let (count, exit) = changed.unwrap_or_else(|exit| (Count::default(), exit));
    if !parsed.flag(Opt::Plan) {
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let (done, left) = (count.done, count.total - count.done);
        world.print(format_args!(
            "{done} physical volume{} changed / {left} physical volume{} not changed",
            plural(done),
            plural(left)
        ));
    }
    Ok(exit)
}

struct Change<'a> {
    parsed: &'a Parsed,
    session: &'a Session,
}

impl Change<'_> {
    fn request(&self, ctx: &mut Ctx<'_>) -> PvChange {
        let tags = |opt| -> Vec<String> {
            self.parsed.all(opt).into_iter().map(|tag| tag.trim_start_matches('@').to_owned()).collect()
        };
        PvChange {
            allocatable: self.parsed.bool(Opt::Allocatable),
            add_tags: tags(Opt::Addtag),
            del_tags: tags(Opt::Deltag),
            id: self.parsed.flag(Opt::Uuid).then(|| ctx.ids.next_id()),
            header: self.parsed.flag(Opt::Metadataignore),
        }
    }

    /// Refuses to take areas out of use, or into it, that are so already, or are not there.
    fn check_areas(&self, pv: &PvOnDisk, device: &str) -> Result<(), Refusal> {
        let Some(ignored) = self.parsed.bool(Opt::Metadataignore) else { return Ok(()) };
        let used = pv.mdas.iter().filter(|mda| !mda.sound().is_some_and(MdaHeader::is_ignored)).count();
        let words = match (ignored, used) {
            (true, 0) => format!("Metadata areas on physical volume \"{device}\" already ignored."),
            (false, used) if used == pv.mdas.len() => {
                format!("Metadata areas on physical volume \"{device}\" already marked as in-use.")
            }
            _ => return Ok(()),
        };
        Err(Refusal::words(words))
    }

    /// The PV with another id, and with areas in use or not.
    fn remade(&self, pv: &PvOnDisk, id: Option<Id>) -> PvOnDisk {
        let mut next = pv.clone();
        if let Some(id) = id {
            next.label.header.id = id;
        }
        if let Some(ignored) = self.parsed.bool(Opt::Metadataignore) {
            for mda in &mut next.mdas {
                if let Some(Ok(header)) = &mut mda.header {
                    header.slots[0].set_ignored(ignored);
                }
            }
        }
        next
    }

    /// What the VG's preferred number of copies becomes: as many as are in use then.
    fn copies(&self, member: &Member<'_>, next: &mut metadata::model::Vg) -> Option<Consent> {
        let ignored = self.parsed.bool(Opt::Metadataignore)?;
        let from = member.vg.metadata_copies;
        if from == 0 {
            return None;
        }
        let others = member.on_disk.areas_in_use().filter(|area| area.disk != member.pv.disk).count();
        let own = if ignored { 0 } else { member.pv.mdas.len() };
        let to = u32::try_from(others + own).unwrap_or(u32::MAX);
        next.metadata_copies = to;
        let vg = member.vg.name.clone();
        (to != from).then_some(Consent::ChangeCopies { vg, from, to })
    }
}

impl Edit for Change<'_> {
    fn member(&mut self, member: Member<'_>, ctx: &mut Ctx<'_>) -> Result<Edited, Refusal> {
        let request = self.request(ctx);
        if request.id.is_some() && member.vg.lvs.iter().any(|lv| member.live.is_active(lv.id)) {
            let device = member.device;
            let words = format!("Volume group containing {device} has active logical volumes");
            return Err(Refusal::words(words).hint("vgchange -an deactivates them"));
        }
        self.check_areas(member.pv, member.device)?;
        let own = member.pv.disk;
        if self.parsed.bool(Opt::Metadataignore) == Some(true)
            && member.on_disk.areas_in_use().all(|area| area.disk == own)
        {
            let vg = &member.vg.name;
            return Err(Refusal::words(format!("Cannot disable all metadata areas in volume group {vg}.")));
        }
        let id = request.id;
        let planned = vg::change_pv(member.vg, member.pv.id(), &request);
        let (mut proposal, notices) = planned.map_err(|error| Refusal::failed(&error))?;
        if let Some(proposal) = &mut proposal {
            proposal.consents.extend(self.copies(&member, &mut proposal.next));
        }
        let remade = (id.is_some() || request.header).then(|| self.remade(member.pv, id));
        Ok(Edited { proposal, notices, remade })
    }

    fn orphan(
        &mut self,
        pv: &PvOnDisk,
        device: &str,
        ctx: &mut Ctx<'_>,
    ) -> Result<(PvOnDisk, Vec<Consent>), Refusal> {
        if self.parsed.any(&[Opt::Addtag, Opt::Deltag]) {
            return Err(Refusal::words(format!(
                "Can't change tag on Physical Volume {device} not in volume group"
            )));
        }
        if pv.is_marked_used() && self.parsed.count(Opt::Force) < 2 {
            return Err(Refusal::words(format!("PV {device} is used by a VG but its metadata is missing."))
                .line(format!("Can't change PV '{device}' without -ff.")));
        }
        if self.parsed.flag(Opt::Allocatable) {
            return Err(Refusal::words(format!(
                "Allocatability not supported by orphan lvm2 format PV {device}"
            )));
        }
        self.check_areas(pv, device)?;
        let request = self.request(ctx);
        Ok((self.remade(pv, request.id), Vec::new()))
    }

    fn done(&mut self, world: &mut World, device: &str, from: Id, to: Id) {
        if from != to {
            world.verbose(format_args!("Physical volume {device} has the uuid {to} now, not {from}."));
            if !self.parsed.flag(Opt::Test) {
                self.session.renumber_pv(world, self.parsed, from, to);
            }
        }
        world.print(format_args!("Physical volume \"{device}\" changed"));
    }

    fn not_done(&mut self, world: &mut World, device: &str, refused: bool) {
        let line = format!("Physical volume {device} not changed");
        if refused { world.error(line) } else { world.print(line) }
    }

    fn regroups(&self) -> bool {
        self.parsed.flag(Opt::Uuid)
    }
}
