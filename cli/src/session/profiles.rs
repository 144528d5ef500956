//! Profiles: settings for a command, or for the VGs and LVs they are attached to, by name.

use crate::commands::Name;
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::world::World;
use conf::settings::{Layer, Origin, Settings};
use std::path::Path;

use super::settings::{Missing, read};

/// What a profile is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// One command.
    Command,
    /// VGs and LVs.
    Metadata,
}

impl Purpose {
    const fn text(self) -> &'static str {
        match self {
            Self::Command => "command profile",
            Self::Metadata => "metadata profile",
        }
    }

    fn origin(self, name: &str) -> Origin {
        match self {
            Self::Command => Origin::CommandProfile(name.to_owned()),
            Self::Metadata => Origin::MetadataProfile(name.to_owned()),
        }
    }
}

/// Commands whose `--profile` is for the VG or LV.
const ABOUT_METADATA: [Name; 5] =
    [Name::Lvcreate, Name::Lvconvert, Name::Vgcreate, Name::Lvchange, Name::Vgchange];

/// Commands whose `--profile` is a profile to show.
pub(crate) const SHOWING: [Name; 3] = [Name::Config, Name::Dumpconfig, Name::Lvmconfig];

/// The name of the metadata profile that the command line asks for: it also outweighs those attached to VGs and
/// LVs.
pub(crate) fn metadata_profile(parsed: &Parsed) -> Option<&str> {
    let short = parsed.str(Opt::Profile).filter(|_| ABOUT_METADATA.contains(&parsed.name()));
    short.or_else(|| parsed.str(Opt::Metadataprofile))
}

/// The settings with the profiles that the command line and the environment ask for.
pub(super) fn apply(parsed: &Parsed, world: &mut World, settings: Settings) -> Result<Settings, Exit> {
    let name = parsed.name();
    let about_metadata = ABOUT_METADATA.contains(&name);
    let shows = SHOWING.contains(&name);
    let environment = world.env.get("LVM_COMMAND_PROFILE").filter(|name| !name.is_empty()).map(str::to_owned);
    if parsed.flag(Opt::Profile) && shows {
        return Ok(settings);
    }
    let other = if about_metadata { Opt::Metadataprofile } else { Opt::Commandprofile };
    if parsed.flag(Opt::Profile) && parsed.flag(other) {
        world.error(format_args!("Only one of --profile or --{} allowed.", other.long()));
        return Err(Exit::FAILED);
    }
    let short = parsed.str(Opt::Profile).filter(|_| !about_metadata).map(str::to_owned);
    let command = short.or_else(|| parsed.str(Opt::Commandprofile).map(str::to_owned)).or(environment);
    let wanted =
        [(Purpose::Command, command), (Purpose::Metadata, metadata_profile(parsed).map(str::to_owned))];
    let mut all = settings;
    for (purpose, name) in wanted {
        let Some(name) = name else { continue };
        let layer = load(world, &all, purpose, &name).map_err(|verb| {
            world.error(format_args!("Failed to {verb} {} {name}.", purpose.text()));
            Exit::FAILED
        })?;
        all = all.with(layer);
    }
    Ok(all)
}

/// Reads a profile. What is wrong with it is told; what failed by that comes back.
pub(crate) fn load(
    world: &mut World,
    settings: &Settings,
    purpose: Purpose,
    name: &str,
) -> Result<Layer, &'static str> {
    if name.is_empty() {
        world.error("Undefined profile name.");
        return Err("add");
    }
    if name.contains('/') {
        world.error(format_args!("{name}: bad profile name, it contains '/'."));
        return Err("add");
    }
    let path = Path::new(settings.str("config/profile_dir")).join(format!("{name}.profile"));
    let layer = match read(world, &path, purpose.origin(name), Missing::Refused) {
        Ok(Some(layer)) => layer,
        Ok(None) | Err(_) => return Err("apply"),
    };
    if !layer.is_usable_profile() {
        if settings.bool("config/checks") {
            layer.problems().iter().for_each(|problem| world.warn(problem));
        }
        world.error(format_args!("Ignoring invalid {} {name}.", purpose.text()));
        return Err("apply");
    }
    Ok(layer)
}
