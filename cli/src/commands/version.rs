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
    let driver = world.dm.version().ok().map(|driver| driver.to_string());
    let versions = [
        ("LVM", Some(LVM2)),
        ("Library", Some(LIBRARY)),
        ("Driver", driver.as_deref()),
        ("rlvm", Some(env!("CARGO_PKG_VERSION"))),
    ];
    for (what, version) in versions.into_iter().filter_map(|(what, version)| Some((what, version?))) {
        if !world.list(|| serde_json::json!({ "of": what, "version": version })) {
            world.report(format_args!("{:16} {version}", format!("{what} version:")));
        }
    }
    Exit::OK
}
