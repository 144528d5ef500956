//! `vgchange`: properties of VGs, and whether their LVs run.

mod activation;
mod properties;

use super::each;
use crate::change::Refusal;
use crate::exit::Exit;
use crate::forms::FormId;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use crate::world::World;
use metadata::live::Live;
use metadata::model::{Lv, LvFlag, Segment, SegmentType, Vg};
use vg::Purpose;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    if let Err(refused) = check(parsed) {
        world.error(refused);
        return Exit::INVALID;
    }
    match parsed.form() {
        FormId::VgchangeLockstart | FormId::VgchangeLockstop => {
            no_lock_daemon(world, "Using lock start and lock stop requires lvmlockd.")
        }
        FormId::VgchangeLocktype => no_lock_daemon(world, "Using lock type requires lvmlockd."),
        FormId::VgchangeRefresh => each::change_vgs(parsed, world, &mut activation::refresh),
        FormId::VgchangeActivate => activation::run(parsed, world),
        FormId::VgchangeMonitor | FormId::VgchangePoll => each::change_vgs(parsed, world, &mut watch),
        _ => properties::run(parsed, world),
    }
}

/// Options that contradict each other, where the forms allow them.
fn check(parsed: &Parsed) -> Result<(), &'static str> {
    let has = |opt| parsed.flag(opt);
    let stops = parsed.activation(Opt::Activate).is_some_and(|activation| !activation.activates());
    if stops && (has(Opt::Monitor) || has(Opt::Poll)) {
        return Err("Only -ay* allowed with --monitor or --poll.");
    }
    if has(Opt::Poll) && has(Opt::Sysinit) {
        return Err("Only one of --poll and --sysinit permitted.");
    }
    Ok(())
}

/// LVM2 without lvmlockd says so and ends well: units at boot call it whatever the VGs are.
fn no_lock_daemon(world: &mut World, words: &str) -> Exit {
    world.error(words);
    Exit::OK
}

/// `--monitor` and `--poll`: there is nothing to watch in LVs that are plain, and nobody to watch others.
fn watch(parsed: &Parsed, world: &mut World, session: &Session, name: &str) -> Result<Exit, Exit> {
    let sight = Sight::read(parsed, world, session)?;
    let place = sight.the_vg(world, session, name, Purpose::Read)?;
    tell_watched(parsed, world, &sight.scan.vgs[place].vg, sight.live(place))?;
    if parsed.bool(Opt::Poll) == Some(true) {
        let polled = check_polling(&sight.scan.vgs[place].vg, sight.live(place));
        polled.map_err(|refusal| refusal.tell(world))?;
    }
    Ok(Exit::OK)
}

/// Says of how many LVs that run their events are watched, which for plain ones means nothing.
fn tell_watched(parsed: &Parsed, world: &mut World, vg: &Vg, live: &Live) -> Result<(), Exit> {
    let Some(on) = parsed.bool(Opt::Monitor) else { return Ok(()) };
    let running = || vg.lvs.iter().filter(|lv| live.is_active(lv.id));
    if !running().any(Lv::is_visible) || parsed.flag(Opt::Ignoremonitoring) {
        return Ok(());
    }
    if let Some(lv) = running().find(|lv| on && wants_watching(lv)) {
        let segtype = lv.segments.first().map_or("", Segment::type_name);
        world.error(format_args!(
            "{}/{}: monitoring of segment type {segtype} is not supported yet by rlvm.",
            vg.name, lv.name
        ));
        return Err(Exit::FAILED);
    }
    let un = if on { "" } else { "un" };
    let count = running().count();
    world.print(format_args!("{count} logical volume(s) in volume group \"{}\" {un}monitored", vg.name));
    Ok(())
}

/// Whether dmeventd would wait for something to happen to the LV.
fn wants_watching(lv: &Lv) -> bool {
    let types = lv.segments.iter().filter_map(Segment::segtype);
    types.into_iter().any(|segtype| {
        !matches!(
            segtype,
            SegmentType::Linear | SegmentType::Striped | SegmentType::Error | SegmentType::Zero
        )
    })
}

/// Refuses `--poll y` where something is under way that somebody would have to finish.
fn check_polling(vg: &Vg, live: &Live) -> Result<(), Refusal> {
    let moving = |lv: &&Lv| lv.flags.has(LvFlag::Pvmove) && live.is_active(lv.id);
    match vg.lvs.iter().find(moving) {
        Some(lv) => Err(Refusal::words(format!(
            "{}/{}: polling of pvmove is not supported yet by rlvm.",
            vg.name, lv.name
        ))),
        None => Ok(()),
    }
}
