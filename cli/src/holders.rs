//! Who has an LV open.

use crate::change::Refusal;
use crate::session::Session;
use crate::world::World;
use activate::InUse;
use device::Host;
use dm::{Control, DevNo};
use metadata::live::Live;
use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;
use units::Id;

/// How long to wait for whoever only looks (udev probes what was just closed), as LVM2 2.03.40 does.
const TRIES: u32 = 25;
const PAUSE: Duration = Duration::from_millis(200);

/// What is needed to ask for holders.
pub(crate) struct Holders {
    host: Host,
    dm: Arc<dyn Control>,
    tries: u32,
}

impl Holders {
    pub(crate) fn new(world: &World, session: &Session) -> Self {
        let tries = if session.settings.bool("activation/retry_deactivation") { TRIES } else { 1 };
        Self { host: world.devices.clone(), dm: Arc::clone(&world.dm), tries }
    }

    /// Who was asked.
    pub(crate) fn dm(&self) -> &dyn Control {
        &*self.dm
    }

    /// Refuses where somebody has the LV open. Waits for those that neither mounted it nor built on it; `live`
    /// then says that it is closed.
    pub(crate) fn check(&self, name: &str, lv: Id, live: &mut Live) -> Result<(), Refusal> {
        let Some(device) = live.lvs.get_mut(&lv).filter(|device| device.open_count > 0) else {
            return Ok(());
        };
        let number = DevNo::new(device.major, device.minor);
        let look = |openers| InUse::look(&self.host, lv, name, number, openers);
        let mut found = look(device.open_count);
        for _ in 0..self.tries {
            if found.is_lasting() {
                break;
            }
            sleep(PAUSE);
            // A device that is gone is open no more.
            let openers = self.dm.info(number.into()).ok().flatten().map_or(0, |info| info.open_count);
            if openers == 0 {
                device.open_count = 0;
                return Ok(());
            }
            found = look(openers);
        }
        Err(Refusal::failed(&found))
    }
}
