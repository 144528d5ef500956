//! The machine that devices are changed on, as this world has it.

use crate::session::Session;
use crate::world::World;
use activate::guardian::Spawn;
use activate::{HostLoops, Machine};
use std::ffi::OsString;
use std::os::fd::BorrowedFd;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use store::Held;

/// The word that makes this program a guardian: it is no command, and nobody types it.
pub(crate) const GUARDIAN: &str = "__guardian";

/// Where udev makes nodes and links.
const UDEVS: &str = "/dev";

/// How a guardian is started, that keeps these locks; none where this world has none.
pub(crate) fn guardian<'a>(world: &World, locks: Vec<BorrowedFd<'a>>) -> Option<Spawn<'a>> {
    let arguments = vec![OsString::from(GUARDIAN)];
    world.guardian.then(|| Spawn { program: PathBuf::from("/proc/self/exe"), arguments, locks })
}

/// Calls `work` with the machine, and with whether to go on waiting for udev.
pub(super) fn with<T>(
    world: &World,
    session: &Session,
    held: &Held,
    work: impl FnOnce(&Machine<'_>, &dyn Fn() -> bool) -> T,
) -> T {
    let host_loops = HostLoops { host: &world.devices };
    let guardian = guardian(world, held.fds().collect());
    let mut settings = world.activation.clone();
    if !session.udev_sync && settings.udev == dm::Udev::Running {
        settings.udev = dm::Udev::NotRunning;
    }
    if session.settings.find("devices/dir").is_some() && settings.links.is_some() {
        let dev = world.dev_dir.clone();
        settings.not_udevs = dev.canonicalize().is_ok_and(|dev| dev != Path::new(UDEVS));
        (settings.nodes, settings.links) = (Some(dm::NodeDir::new(dev.join("mapper"))), Some(dev));
    }
    settings.verify_udev = session.settings.bool("activation/verify_udev_operations");
    if !session.settings.bool("activation/retry_deactivation") {
        settings.patience = std::time::Duration::ZERO;
    }
    let machine = Machine {
        control: &*world.dm,
        disks: &session.found().disks,
        loops: world.loops.as_deref().unwrap_or(&host_loops),
        host: &world.devices,
        settings,
        guardian,
    };
    let interrupted = |flag: &std::sync::Arc<AtomicBool>| flag.load(Ordering::Relaxed);
    work(&machine, &|| !world.interrupted.as_ref().is_some_and(interrupted))
}
