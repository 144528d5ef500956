//! `version`: which LVM2 rlvm follows, the kernel's driver, and rlvm itself.

use crate::exit::Exit;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;

/// The version of LVM2 whose behaviour this is; programs look for it after `LVM version:`.
pub const LVM2: &str = "2.03.40(2) (2026-03-13)";

/// The version of the device-mapper library that comes with it.
const LIBRARY: &str = "1.02.214 (2026-03-13)";

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    match Session::settle(parsed, world) {
        Ok(()) => show(world),
        Err(exit) => exit,
    }
}

/// Writes the lines.
pub(crate) fn show(world: &mut World) -> Exit {
    world.report(format_args!("LVM version:     {LVM2}"));
    world.report(format_args!("Library version: {LIBRARY}"));
    if let Ok(driver) = world.dm.version() {
        world.report(format_args!("Driver version:  {driver}"));
    }
    world.report(format_args!("rlvm version:    {}", env!("CARGO_PKG_VERSION")));
    Exit::OK
}
