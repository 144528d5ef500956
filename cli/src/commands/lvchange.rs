//! `lvchange`: properties of LVs, and whether and how they run.

mod number;
mod properties;
mod running;

use crate::exit::Exit;
use crate::forms::FormId;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::wanted::Wanted;
use crate::world::World;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    match change(parsed, world) {
        Ok(exit) | Err(exit) => exit,
    }
}

/// The LVs that are meant, on the disks in scope.
struct Target<'a> {
    parsed: &'a Parsed,
    session: &'a Session,
    wanted: &'a Wanted,
}

fn change(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let session = Session::open(parsed, world)?;
    let wanted = Wanted::new(parsed, world)?;
    let target = Target { parsed, session: &session, wanted: &wanted };
    match parsed.form() {
        FormId::LvchangeActivate => {
            let exit = target.activate(world)?;
            if exit.is_ok() { target.watch(world) } else { Ok(exit) }
        }
        FormId::LvchangeRefresh => Ok(target.refresh(world)?.worse(target.watch(world)?)),
        FormId::LvchangeMonitor | FormId::LvchangePoll => target.watch(world),
        FormId::LvchangePersistent => target.then_activate(world, Target::keep_number),
        _ => target.then_activate(world, Target::set_properties),
    }
}

impl Target<'_> {
    /// A change, and then what else was asked for in the same breath.
    fn then_activate(
        &self,
        world: &mut World,
        change: impl FnOnce(&Self, &mut World) -> Result<Exit, Exit>,
    ) -> Result<Exit, Exit> {
        let exit = change(self, world)?;
        if !exit.is_ok() {
            return Ok(exit);
        }
        if self.parsed.flag(Opt::Activate) {
            world.warn("WARNING: Combining activation change with other commands is not advised.");
            return self.activate(world);
        }
        self.watch(world)
    }
}
