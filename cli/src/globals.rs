//! Checks of options that mean the same in every command, before any command starts.

use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::world::World;
use metadata::model::names;

/// Tells what is wrong with them, and what they change in how the command goes.
pub(crate) fn check(parsed: &Parsed, world: &mut World) -> Result<(), Exit> {
    if let Err(message) = activation_mode(parsed)
        .and_then(|()| devices(parsed))
        .and_then(|()| parsed.str(Opt::Units).map_or(Ok(()), units))
    {
        world.error(message);
        return Err(Exit::INVALID);
    }
    if parsed.flag(Opt::Partial) || parsed.str(Opt::Activationmode) == Some("partial") {
        world.warn("PARTIAL MODE. Incomplete logical volumes will be processed.");
    }
    if parsed.flag(Opt::Test) {
        world.warn("TEST MODE: nothing is written, and nothing is activated or deactivated.");
    }
    Ok(())
}

fn activation_mode(parsed: &Parsed) -> Result<(), String> {
    let Some(mode) = parsed.str(Opt::Activationmode) else { return Ok(()) };
    if parsed.flag(Opt::Partial) && mode != "partial" {
        return Err("--partial and --activationmode are mutually exclusive arguments".into());
    }
    match mode {
        "partial" | "degraded" | "complete" => Ok(()),
        _ => Err("Invalid activation mode given.".into()),
    }
}

fn devices(parsed: &Parsed) -> Result<(), String> {
    let file = parsed.os(Opt::Devicesfile).filter(|file| !file.is_empty());
    let Some(file) = file else { return Ok(()) };
    if file.to_str().is_none_or(|file| names::check_characters(file).is_err()) {
        return Err("Invalid devices file name.".into());
    }
    if parsed.flag(Opt::Devices) {
        return Err("A --devices list cannot be used with --devicesfile.".into());
    }
    Ok(())
}

fn units(text: &str) -> Result<(), String> {
    report::display::Units::parse(text).map(drop).map_err(|error| error.to_string())
}
