//! Who may be activated, from settings and options; and how PVs are found by device-mapper.

use super::Refusal;
use crate::options::{Activation, Opt};
use crate::parsed::Parsed;
use crate::session::Session;
use activate::{Policy, VolumeList};
use device::{DevNumber, DiskId};
use dm::{DevNo, DevRef};

/// The policy for this command.
pub(crate) fn policy(parsed: &Parsed, session: &Session) -> Result<Policy, Refusal> {
    let list = |path: &str| -> Result<Option<VolumeList>, Refusal> {
        let entries = session.settings.strings(path).map_err(|error| Refusal::failed(&error))?;
        Ok(entries.map(|entries| VolumeList::parse(&entries)))
    };
    let mode =
        parsed.str(Opt::Activationmode).unwrap_or_else(|| session.settings.str("activation/activation_mode"));
    Ok(Policy {
        volume_list: list("activation/volume_list")?,
        auto_list: list("activation/auto_activation_volume_list")?,
        read_only_list: list("activation/read_only_volume_list")?,
        host_tags: session.host.tags.clone(),
        ignore_skip: parsed.flag(Opt::Ignoreactivationskip),
        auto: parsed.activation(Opt::Activate) == Some(Activation::Auto),
        partial: mode == "partial" || parsed.flag(Opt::Partial),
    })
}

/// How tables name a disk: by number where it is a device, by path where it is an image, which is attached
/// when the table is loaded.
pub(crate) fn dev_ref(session: &Session, disk: DiskId) -> DevRef {
    let entry = session.found().disks.get(disk);
    match DevNumber::of(entry.disk().identity()) {
        Some(number) => DevRef::Number(DevNo::new(number.major, number.minor)),
        None => DevRef::Path(entry.disk().path().to_owned()),
    }
}
