//! What runs of the VGs in scope, as far as device-mapper can be asked.

use super::Session;
use crate::world::World;
use activate::observe::Detail;
use dm::Absence;
use metadata::live::Live;
use metadata::model::Vg;

/// What runs of these VGs. Without a device-mapper nothing runs, nor from images that no loop device shows; where there
/// is one that cannot be asked nothing is known, and the reason is kept.
pub(super) fn observe(world: &mut World, session: &Session, vgs: &[&Vg], detail: Detail) -> Vec<Live> {
    let all = |live: Live| vgs.iter().map(|_| live.clone()).collect();
    let nothing = Live { known: true, ..Live::default() };
    let no_devices = session.images_only && !session.looped;
    if !session.settings.bool("global/activation") {
        return all(Live::unknown());
    }
    match world.dm.usable() {
        Err(Absence::NoDriver | Absence::SwitchedOff) => return all(nothing),
        Err(_) if no_devices => return all(nothing),
        Err(error) => {
            world.verbose(format_args!("What runs is not known: {error}."));
            return all(Live::unasked(error.to_string()));
        }
        Ok(()) => (),
    }
    match activate::observe::observe(&*world.dm, vgs, detail) {
        Ok(lives) => lives,
        Err(_) if no_devices => all(nothing),
        Err(error) => {
            session.warn_once(world, format_args!("WARNING: What runs is not known: {error}"));
            all(Live::unasked(error.to_string()))
        }
    }
}
