//! `-M y`: a device number that an LV keeps. The kernel gives numbers as devices are made, so that an LV that runs
//! is stopped first and started again.
//!
//! Two changes: the first stops the LV, the second writes the number and starts it. In between the LV is inactive,
//! and its VG as it was.

use super::Target;
use crate::change::{self, Begin, Planned, Refusal};
use crate::exit::Exit;
use crate::lvs;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::Sight;
use crate::world::World;
use activate::Wish;
use lv::{Changed, Property, Repeated};
use metadata::model::Vg;
use units::Id;
use vg::Purpose;

impl Target<'_> {
    /// Gives the one LV that is named its number.
    pub(super) fn keep_number(&self, world: &mut World) -> Result<Exit, Exit> {
        let number = lvs::device_number(self.parsed, world)
            .map_err(|line| Refusal::words(line).invalid().tell(world))?;
        let mut exit = Exit::OK;
        for (vg, found) in self.wanted.in_sight(self.parsed, world, self.session)? {
            if found.lvs.is_empty() && found.missing.is_empty() {
                // The VG is not there, or may not be used.
                Sight::read(self.parsed, world, self.session)?.the_vg(
                    world,
                    self.session,
                    &vg,
                    Purpose::Change,
                )?;
            }
            for lv in &found.missing {
                world.error(format_args!("Failed to find logical volume \"{vg}/{lv}\""));
                exit = exit.worse(Exit::FAILED);
            }
            let properties = [Property::Number(number)];
            for lv in found.lvs {
                exit = exit.worse(self.renumber(world, &vg, lv, &properties).unwrap_or_else(|exit| exit));
            }
        }
        Ok(exit)
    }

    fn renumber(&self, world: &mut World, vg: &str, lv: Id, properties: &[Property]) -> Result<Exit, Exit> {
        let (parsed, session) = (self.parsed, self.session);
        let begin = Begin::Existing(vg, Purpose::Change);
        // A run that changes nothing tells whether the LV may be changed at all, and whether it runs.
        let (mut name, mut runs) = (String::new(), false);
        change::activation(parsed, world, session, vg, &mut |_, vg, live| {
            numbered(parsed, vg, lv, properties)?;
            name = vg.lvs.get(lv).map(|lv| format!("{}/{}", vg.name, lv.name)).unwrap_or_default();
            runs = live.is_active(lv);
            Ok(Vec::new())
        })?;
        let shown = parsed.any(&[Opt::Plan, Opt::Test]);
        if runs && !shown {
            let question = format!("Logical volume {name} will be deactivated temporarily. Continue?");
            if !parsed.flag(Opt::Force) && !world.confirm(parsed, &question) {
                world.error(format_args!("{name} device number not changed."));
                return Err(Exit::FAILED);
            }
            let stopped = change::activation(parsed, world, session, vg, &mut |world, vg, live| {
                if let Some(lv) = vg.lvs.get(lv) {
                    change::refuse_open(world, vg, live, lv)?;
                }
                Ok(vec![(lv, Wish::Deactivate)])
            })?;
            if stopped.is_some_and(|stopped| !stopped.exit.is_ok()) {
                return Err(Exit::FAILED);
            }
        }
        let done = change::run(parsed, world, session, begin, &mut |before, _| {
            let Some(on_disk) = before.vg() else { return Err(Refusal::words("No volume group.")) };
            let changed = numbered(parsed, &on_disk.vg, lv, properties)?;
            let wish = if runs { Wish::Activate } else { Wish::Keep };
            Ok(Planned { wishes: vec![(lv, wish)], ..Planned::new(changed.proposal) })
        })?;
        Ok(change::exit_after(done.as_ref()))
    }
}

/// The LV with its number.
fn numbered(parsed: &Parsed, vg: &Vg, lv: Id, properties: &[Property]) -> Result<Changed, Refusal> {
    let repeated = if parsed.flag(Opt::Ifneeded) { Repeated::Unwritten } else { Repeated::AsLvm2 };
    let changed = lv::change(vg, &[lv], properties, repeated);
    if let Some((_, error)) = changed.refused.first() {
        return Err(Refusal::failed(error).already_so(error.is_already_so()));
    }
    let name = vg.lvs.get(lv).map_or("", |lv| lv.name.as_str());
    let same = || Refusal::words(format!("Logical volume {}/{name} is as asked already.", vg.name));
    if changed.writes { Ok(changed) } else { Err(same().already_so(true)) }
}
