//! Settings with which no command starts, as with LVM2 2.03.40: what they say cannot be guessed, and going on
//! by the default could touch what they were to keep out.

use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::world::World;
use conf::Value;
use conf::settings::{Origin, Settings};
use report::display::Units;

/// Refuses the command where a setting makes no sense.
pub(super) fn check(parsed: &Parsed, world: &mut World, settings: &Settings) -> Result<(), Exit> {
    let broken = aborts(settings)
        .or_else(|| units(settings))
        .or_else(|| read_ahead(settings))
        .or_else(|| device_types(settings).err().map(|reason| ("devices/types", reason)))
        .or_else(|| settings.strings("devices/scan").err().map(|error| ("devices/scan", error.to_string())));
    if let Some((path, reason)) = broken {
        world.error(reason);
        return Err(status(settings, path));
    }
    let told = parsed.any(&[Opt::Activationmode, Opt::Partial]);
    let mode = settings.str("activation/activation_mode");
    if !told && !["complete", "degraded", "partial"].contains(&mode) {
        world.error(format_args!("Invalid activation mode given: activation/activation_mode is {mode}."));
        return Err(Exit::INVALID);
    }
    Ok(())
}

/// A command cannot start with such a file; with such words of its own it fails.
pub(super) fn status(settings: &Settings, path: &str) -> Exit {
    match settings.find(path).map(|found| &*found.place.origin) {
        Some(Origin::File(_)) => Exit::INIT,
        _ => Exit::FAILED,
    }
}

/// A setting's path and what is wrong with it.
type Broken = (&'static str, String);

fn aborts(settings: &Settings) -> Option<Broken> {
    let path = "config/abort_on_errors";
    (settings.bool(path) && !settings.problems().is_empty())
        .then(|| (path, "LVM configuration invalid.".to_owned()))
}

fn units(settings: &Settings) -> Option<Broken> {
    let (path, text) = ("global/units", settings.str("global/units"));
    Units::parse(text).err().map(|_| (path, format!("Unrecognised configuration setting for {path}: {text}")))
}

fn read_ahead(settings: &Settings) -> Option<Broken> {
    let (path, text) = ("activation/readahead", settings.str("activation/readahead"));
    let known = ["auto", "none"].iter().any(|word| word.eq_ignore_ascii_case(text));
    (!known).then(|| (path, format!("Invalid readahead specification: {path} is {text}, not auto or none")))
}

/// Kinds of block devices that the user adds, by the beginning of their drivers' names, with how many minor
/// numbers one disk takes.
pub(super) fn device_types(settings: &Settings) -> Result<Vec<(String, u32)>, String> {
    let Some(found) = settings.find("devices/types") else { return Ok(Vec::new()) };
    let bad = |what: &str| format!("{}: devices/types {what}", found.place);
    let mut types = Vec::new();
    for pair in found.value.items().chunks(2) {
        let Some(name) = pair[0].str().and_then(|name| name.to_str()) else {
            return Err(bad("should have a name of a driver before each number"));
        };
        match pair.get(1) {
            Some(Value::Int(count)) if *count > 0 => {
                types.push((name.to_owned(), u32::try_from(*count).unwrap_or(u32::MAX)));
            }
            _ => return Err(bad(&format!("should have a number of minors, 1 or more, behind {name}"))),
        }
    }
    Ok(types)
}
