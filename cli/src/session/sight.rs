//! What a command sees: the VGs on the disks in scope, their PVs, and what runs; and which of them the
//! arguments mean.

mod choose;
mod facts;
mod one;
mod pvs;

pub(crate) use choose::Choice;
pub(crate) use one::no_vg;

use super::Session;
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::world::World;
use activate::observe::Detail;
use device::DiskId;
use dm::DmName;
use facts::facts_of;
use metadata::live::Live;
use metadata::model::Vg;
use report::subject::{PvFacts, VgView};
use std::collections::HashMap;
use store::{PvOnDisk, Scan, VgOnDisk};
use units::Id;

/// The VGs and PVs in scope.
#[derive(Debug)]
pub(crate) struct Sight {
    /// What was found.
    pub(crate) scan: Scan,
    lives: Vec<Live>,
    facts: Vec<HashMap<Id, PvFacts>>,
    /// Of each VG, whether its text is wrong in itself.
    unsound: Vec<bool>,
}

impl Sight {
    /// Reads everything in scope, and tells what users should know of it.
    pub(crate) fn read(parsed: &Parsed, world: &mut World, session: &Session) -> Result<Self, Exit> {
        // A selection may ask for anything.
        let selects = parsed.str(Opt::Select).is_some();
        let detail = if selects { Detail::ALL } else { Detail::STATE };
        Self::read_to(parsed, world, session, Some(detail))
    }

    /// The same, with as much of what runs as is asked for: none saves an ioctl for each device.
    pub(crate) fn read_to(
        parsed: &Parsed,
        world: &mut World,
        session: &Session,
        detail: Option<Detail>,
    ) -> Result<Self, Exit> {
        let mut scan = super::look::scan(world, session)?;
        if !session.heed_hints(world, &scan) {
            session.find_all(parsed, world)?;
            scan = super::look::scan(world, session)?;
        }
        super::look::tell(parsed, world, session, &scan);
        session.look_for_running(parsed, world, &scan);
        session.mend_listing(world, parsed, &scan);
        session.rest_lvs();
        if let Some(gathering) = &world.gathering {
            gathering.overlay(&mut scan.vgs);
        }
        let unsound = scan.vgs.iter().map(|vg| super::look::is_unsound(world, session, vg)).collect();
        let lives = super::look::lives(world, session, &scan, detail);
        super::mismatch::tell(parsed, world, session, &scan, &lives);
        let facts = scan
            .vgs
            .iter()
            .map(|vg| vg.pvs.iter().map(|(&id, pv)| (id, facts_of(session, pv))).collect())
            .collect();
        Ok(Self { scan, lives, facts, unsound })
    }

    /// A VG's view for reports.
    pub(crate) fn view<'s>(&'s self, session: &Session, place: usize) -> VgView<'s> {
        let vg = &self.scan.vgs[place].vg;
        let mut pvs = self.facts[place].clone();
        for pv in &vg.pvs {
            pvs.entry(pv.id).or_insert_with(|| PvFacts {
                name: "[unknown]".to_owned(),
                id: Some(pv.id),
                missing: true,
                marked_used: true,
                ..PvFacts::default()
            });
        }
        VgView::new(vg, &self.lives[place], pvs).with_words(session.words())
    }

    /// What runs of a VG.
    pub(crate) fn live(&self, place: usize) -> &Live {
        &self.lives[place]
    }

    /// A device that was taken for an LV of a VG is not.
    pub(crate) fn disown(&mut self, place: usize, lv: Id, device: &DmName) {
        let live = &mut self.lives[place];
        live.lvs.remove(&lv);
        live.taken.insert(lv, device.as_str().to_owned());
    }

    /// The places of the VGs of that name.
    pub(crate) fn named(&self, name: &str) -> Vec<usize> {
        (0..self.scan.vgs.len()).filter(|&place| self.scan.vgs[place].vg.name == name).collect()
    }

    /// The PVs in no VG.
    pub(crate) fn orphans(&self, session: &Session) -> Vec<PvFacts> {
        self.scan.orphans.iter().map(|pv| facts_of(session, pv)).collect()
    }

    fn disks_of_pvs(&self) -> impl Iterator<Item = DiskId> + '_ {
        let in_vgs = self.scan.vgs.iter().flat_map(|vg| vg.pvs.values().chain(&vg.outdated));
        in_vgs.chain(&self.scan.orphans).map(|pv| pv.disk)
    }

    /// The VG that a disk's PV was in and has an old text of.
    pub(crate) fn outdated_on(&self, disk: DiskId) -> Option<&Vg> {
        let is_here = |vg: &&VgOnDisk| vg.outdated.iter().any(|pv| pv.disk == disk);
        self.scan.vgs.iter().find(is_here).map(|on_disk| &on_disk.vg)
    }

    /// The PV on a disk, and the place of its VG.
    pub(crate) fn pv_on(&self, disk: DiskId) -> Option<(Option<usize>, &PvOnDisk)> {
        for (place, vg) in self.scan.vgs.iter().enumerate() {
            if let Some(pv) = vg.pvs.values().find(|pv| pv.disk == disk) {
                return Some((Some(place), pv));
            }
        }
        self.scan.orphans.iter().find(|pv| pv.disk == disk).map(|pv| (None, pv))
    }
}
