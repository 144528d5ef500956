//! Starting, stopping, refreshing; monitoring and polling, of which there is none for the types rlvm changes.

use super::Target;
use crate::change::{self, Refusal};
use crate::exit::Exit;
use crate::options::Opt;
use crate::wanted::Found;
use crate::world::World;
use activate::Wish;
use metadata::live::Live;
use metadata::model::{Lv, LvFlag, Segment, SegmentType, Vg};
use units::Id;

impl Target<'_> {
    /// `-a`.
    pub(super) fn activate(&self, world: &mut World) -> Result<Exit, Exit> {
        let on = self.parsed.activation(Opt::Activate).is_some_and(|activation| activation.activates());
        self.wish(world, if on { Wish::Activate } else { Wish::Deactivate })
    }

    /// `--refresh`.
    pub(super) fn refresh(&self, world: &mut World) -> Result<Exit, Exit> {
        self.wish(world, Wish::Refresh)
    }

    fn wish(&self, world: &mut World, wish: Wish) -> Result<Exit, Exit> {
        let mut exit = Exit::OK;
        for (name, found) in self.wanted.in_sight(self.parsed, world, self.session)? {
            let mut hidden = Vec::new();
            let done = change::activation(self.parsed, world, self.session, &name, &mut |world, vg, live| {
                let lvs = found.lvs.iter().filter_map(|id| vg.lvs.get(*id));
                let wished = wishes(world, vg, live, lvs, wish, &mut hidden)?;
                Ok(if self.is_vain(live, &wished) { Vec::new() } else { wished })
            });
            exit = exit.worse(match done {
                Ok(done) => done.map_or(Exit::OK, |done| done.exit),
                Err(exit) => exit,
            });
            for lv in hidden {
                world.error(format_args!("Operation not permitted on hidden LV {lv}."));
                exit = exit.worse(Exit::FAILED);
            }
            exit = exit.worse(tell_missing(world, &name, &found));
        }
        Ok(exit)
    }

    /// Whether all is so already, and that is all that was wanted. LVM2 starts what runs anew with the table it
    /// has, which changes nothing.
    fn is_vain(&self, live: &Live, wished: &[(Id, Wish)]) -> bool {
        self.parsed.flag(Opt::Ifneeded)
            && live.known
            && wished.iter().all(|(lv, wish)| match wish {
                Wish::Activate => live.is_active(*lv),
                Wish::Deactivate => !live.is_active(*lv),
                Wish::Refresh => false,
                Wish::Keep => true,
            })
    }

    /// `--monitor` and `--poll`: LVs that run need neither, as long as rlvm understands them.
    pub(super) fn watch(&self, world: &mut World) -> Result<Exit, Exit> {
        let mut exit = Exit::OK;
        if !self.parsed.any(&[Opt::Monitor, Opt::Poll]) {
            return Ok(exit);
        }
        for (name, found) in self.wanted.in_sight(self.parsed, world, self.session)? {
            let done = change::activation(self.parsed, world, self.session, &name, &mut |_, vg, live| {
                let mut lvs = found.lvs.iter().filter_map(|id| vg.lvs.get(*id));
                lvs.try_for_each(|lv| self.check_watch(vg, live, lv))?;
                Ok(Vec::new())
            });
            exit = exit.worse(done.err().unwrap_or(Exit::OK)).worse(tell_missing(world, &name, &found));
        }
        Ok(exit)
    }

    fn check_watch(&self, vg: &Vg, live: &Live, lv: &Lv) -> Result<(), Refusal> {
        let name = format!("{}/{}", vg.name, lv.name);
        if !live.is_active(lv.id) {
            return Err(Refusal::words(format!("Logical volume {name} is not active.")));
        }
        let unsupported = |what: &str| {
            let hint = "lvm's own lvchange does it, with its daemons";
            Err(Refusal::words(format!("{name}: {what} is not supported yet by rlvm.")).hint(hint))
        };
        if self.parsed.flag(Opt::Monitor) && lv.segments.iter().any(is_monitored) {
            return unsupported("monitoring of its segment type");
        }
        let moves = [LvFlag::Pvmove, LvFlag::Locked].into_iter().any(|flag| lv.flags.has(flag));
        if self.parsed.bool(Opt::Poll) == Some(true) && moves {
            return unsupported("polling of a move");
        }
        Ok(())
    }
}

/// What is wished of LVs; hidden ones may be stopped, if they are named, and no more.
fn wishes<'a>(
    world: &World,
    vg: &Vg,
    live: &Live,
    lvs: impl Iterator<Item = &'a Lv>,
    wish: Wish,
    hidden: &mut Vec<String>,
) -> Result<Vec<(Id, Wish)>, Refusal> {
    let mut wishes = Vec::new();
    for lv in lvs {
        if !lv.is_visible() && wish != Wish::Deactivate {
            hidden.push(format!("{}/{}", vg.name, lv.name));
            continue;
        }
        if wish == Wish::Deactivate {
            change::refuse_open(world, vg, live, lv)?;
        }
        wishes.push((lv.id, wish));
    }
    Ok(wishes)
}

/// Whether LVM2's daemon would watch the segment's device.
fn is_monitored(segment: &Segment) -> bool {
    match segment.segtype() {
        Some(SegmentType::Linear | SegmentType::Striped | SegmentType::Error | SegmentType::Zero) => false,
        Some(_) | None => true,
    }
}

fn tell_missing(world: &mut World, vg: &str, found: &Found) -> Exit {
    for lv in &found.missing {
        world.about_lv(vg, lv);
        world.error(format_args!("Failed to find logical volume \"{vg}/{lv}\""));
    }
    if found.missing.is_empty() { Exit::OK } else { Exit::FAILED }
}
