//! Changes of one VG that are planned one after the other, each on what the one before leads to, and carried out
//! as one: `rlvm batch`. While they are gathered nothing is locked, asked, written or activated.

use super::diff::{Diff, uses};
use super::{Before, Begin, Done, Fresh, Planned, Planner, Refusal, fresh, show};
use crate::exit::Exit;
use crate::making::Joining;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;
use activate::Wish;
use device::Found;
use metadata::live::Live;
use metadata::model::{Lv, Vg};
use metadata::plan::Proposal;
use std::collections::HashMap;
use store::{PvOnDisk, VgOnDisk};
use units::Id;

/// What is gathered.
#[derive(Debug)]
pub(crate) struct Gathering {
    /// The disks: for all steps the same, whatever appears meanwhile.
    pub(crate) found: Found,
    /// The VG as it is on disk.
    first: VgOnDisk,
    /// What ran of it.
    live: Live,
    /// The VG as the steps so far leave it.
    now: VgOnDisk,
    wishes: Vec<(Id, Wish)>,
    joining: Vec<Joining>,
    fresh: Vec<Fresh>,
    remade: HashMap<Id, PvOnDisk>,
    /// What the last command line would change.
    pub(crate) steps: Vec<Diff>,
}

impl Gathering {
    /// Nothing yet.
    pub(crate) fn new(found: Found, first: &VgOnDisk, live: Live) -> Self {
        let (first, now) = (first.clone(), first.clone());
        let (wishes, joining, fresh, remade, steps) = Default::default();
        Self { found, first, live, now, wishes, joining, fresh, remade, steps }
    }

    /// The VG as the steps so far leave it, in the place of what is on disk.
    pub(crate) fn overlay(&self, vgs: &mut [VgOnDisk]) {
        let first = &self.first.vg;
        if let Some(vg) = vgs.iter_mut().find(|vg| vg.vg.id == first.id && vg.vg.name == first.name) {
            vg.clone_from(&self.now);
        }
    }

    /// All steps as one change. Wishes for LVs that are no more are forgotten; of several for one LV the last
    /// holds.
    pub(crate) fn whole(self) -> Planned {
        let next = self.now.vg;
        let last: HashMap<Id, Wish> = self
            .wishes
            .into_iter()
            .filter(|(id, wish)| *wish != Wish::Keep && next.lvs.contains(*id))
            .collect();
        let wishes = next.lvs.iter().filter_map(|lv| Some((lv.id, *last.get(&lv.id)?))).collect();
        let fresh = self.fresh.into_iter().filter(|fresh| next.lvs.contains(fresh.lv)).collect();
        let (joining, remade) = (self.joining, self.remade);
        Planned { wishes, joining, fresh, remade, ..Planned::new(Proposal::plain(next)) }
    }

    /// Whether anything is to be done.
    pub(crate) fn is_empty(&self) -> bool {
        self.now.vg.seqno == self.first.vg.seqno && self.wishes.is_empty()
    }

    fn check_vg(&self, begin: Begin<'_>) -> Result<(), Refusal> {
        let vg = &self.first.vg.name;
        let checked = match begin {
            Begin::Existing(name, _) | Begin::Regrouped(name, _) if name == vg => Ok(()),
            Begin::Existing(name, _)
            | Begin::Regrouped(name, _)
            | Begin::New(name)
            | Begin::Merged(name, _)
            | Begin::Renamed(name, ..) => Err(name),
            Begin::Restored(other) => Err(other.name.as_str()),
        };
        checked.map_err(|name| {
            let reason = format!("A batch changes one volume group: this one {vg}, and not {name}.");
            Refusal::words(reason).hint("other volume groups are for batches of their own")
        })
    }

    /// What a step may not do because all of them become one.
    fn check_step(&self, planned: &Planned) -> Result<(), Refusal> {
        let next = &planned.proposal.next;
        let cleaned = self.fresh.iter().chain(&planned.fresh).filter(|fresh| fresh.zero || fresh.wipe);
        for new in cleaned.filter_map(|fresh| next.lvs.get(fresh.lv)) {
            if let Some(old) = reused(&self.first.vg, next, new) {
                let (vg, new, old) = (&next.name, &new.name, &old.name);
                let reason = format!("{vg}/{new} would be cleaned where {vg}/{old} still has its data.");
                return Err(Refusal::words(reason)
                    .hint("extents that a batch frees are for new volumes of the next batch"));
            }
        }
        let runs = |lv: &&Lv| self.live.is_active(lv.id) && next.lvs.contains(lv.id);
        for old in self.first.vg.lvs.iter().filter(runs) {
            let taken =
                next.lv_named(&old.name).filter(|new| new.id != old.id && self.live.is_active(new.id));
            if let Some(new) = taken {
                let was = self.first.vg.lvs.get(new.id).map_or("", |lv| lv.name.as_str());
                let reason = format!("{was} cannot take the name {} while both run.", old.name);
                return Err(Refusal::words(reason).hint("names are swapped by one batch for each"));
            }
        }
        if !planned.arriving.is_empty() || planned.leaves_devices {
            return Err(Refusal::words("PVs of other volume groups cannot come in by a batch."));
        }
        for joining in &planned.joining {
            if self.joining.iter().any(|other| other.on_disk.disk == joining.on_disk.disk) {
                return Err(Refusal::words("A device joins the volume group twice."));
            }
        }
        match self.joining.iter().find(|joining| !next.pvs.contains(joining.on_disk.id())) {
            Some(_) => {
                Err(Refusal::words("A PV that joins the volume group in this batch cannot leave it in it."))
            }
            None => Ok(()),
        }
    }

    fn take(&mut self, planned: Planned, diff: Diff) {
        let Planned { proposal, wishes, joining, fresh, remade, arriving: _, leaves_devices: _, mend: _ } =
            planned;
        self.now.vg = proposal.next;
        self.now.vg.seqno = self.first.vg.seqno + 1;
        self.now.pvs.extend(joining.iter().map(|joining| (joining.on_disk.id(), joining.on_disk.clone())));
        self.wishes.extend(wishes);
        self.joining.extend(joining);
        self.fresh.extend(fresh);
        self.remade.extend(remade);
        self.steps.push(diff);
    }

    /// What is wished of LVs without a change of the metadata.
    pub(super) fn wish(&mut self, wishes: impl IntoIterator<Item = (Id, Wish)>) {
        self.wishes.extend(wishes);
    }
}

/// The LV that has some of the extents of a new one.
fn reused<'v>(first: &'v Vg, next: &Vg, new: &Lv) -> Option<&'v Lv> {
    let places = uses(next);
    let places = places.iter().filter(|((_, lv), _)| *lv == new.id);
    let (first_uses, mut places) =
        (uses(first), places.flat_map(|((pv, _), runs)| runs.iter().map(move |run| (pv, run))));
    let id = places.find_map(|(pv, &(from, to))| {
        let overlaps = |runs: &[(u64, u64)]| runs.iter().any(|&(begin, end)| from <= end && begin <= to);
        first_uses.iter().find(|((other, _), runs)| other == pv && overlaps(runs)).map(|((_, lv), _)| *lv)
    })?;
    first.lvs.get(id)
}

/// Plans one more step, and keeps it.
pub(super) fn step(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    begin: Begin<'_>,
    planner: Planner<'_>,
) -> Result<Option<Done>, Exit> {
    check(world, begin)?;
    let before = super::read(parsed, world, session, begin)?;
    let (planned, _) = super::propose(parsed, world, session, &before, planner, true)?;
    let mut open =
        planned.proposal.consents.iter().filter(|consent| !super::consent::is_given(parsed, consent));
    if let Some(consent) = open.next() {
        let reason = format!("A batch asks nothing, and this would ask {}.", show::consent(consent));
        return Err(Refusal::words(reason).hint("-y agrees beforehand").tell(world));
    }
    on(world, |gathering| gathering.check_step(&planned))?;
    super::check::sound(world, &before, &planned)?;
    let diff = show::diff(session, &before, &planned);
    on(world, |gathering| {
        gathering.take(planned, diff);
        Ok(())
    })?;
    Ok(Some(Done { exit: Exit::OK }))
}

/// Refuses what is not about the VG that changes are gathered for, where they are.
pub(super) fn check(world: &mut World, begin: Begin<'_>) -> Result<(), Exit> {
    on(world, |gathering| gathering.check_vg(begin))
}

/// Calls `work` with what is gathered, and tells why it refuses.
fn on(world: &mut World, work: impl FnOnce(&mut Gathering) -> Result<(), Refusal>) -> Result<(), Exit> {
    match &mut world.gathering {
        Some(gathering) => work(gathering).map_err(|refusal| refusal.tell(world)),
        None => Ok(()),
    }
}

/// Shows all steps as one change, or carries them out. Gives none where `--plan` or `--test` stopped it.
pub(crate) fn carry_out(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    before: &Before,
    planned: Planned,
    held: store::Held,
) -> Result<Option<Done>, Exit> {
    let cleanings = fresh::look(session, before, &planned).map_err(|refusal| refusal.tell(world))?;
    let change = super::check::check(parsed, world, session, before, planned)?;
    if parsed.flag(Opt::Plan) {
        show::plan(parsed, world, session, before, &change);
        return Ok(None);
    }
    if parsed.flag(Opt::Test) {
        return Ok(None);
    }
    if !change.activation.is_empty() {
        super::activation::usable(world).map_err(|refusal| refusal.tell(world))?;
    }
    world.watch_signals();
    fresh::clean(world, &cleanings).map_err(|refusal| refusal.tell(world))?;
    super::carry::out(parsed, world, session, before, change, held).map(Some)
}
