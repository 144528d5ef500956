//! lvm.conf, lvmlocal.conf, the files of host tags, profiles and `--config`, put together.

use super::{profiles, sound};
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::world::World;
use conf::settings::{Layer, Origin, Settings, merge_files};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// The settings in force, and the tags this host has by them.
pub(crate) fn load(parsed: &Parsed, world: &mut World) -> Result<(Settings, Vec<String>), Exit> {
    let (mut settings, tags) = files(world)?;
    for text in parsed.all_os(Opt::Config) {
        let layer = Layer::read(Origin::CommandLine, text.as_encoded_bytes()).map_err(|error| {
            world.error_chain(&error);
            world.error("Failed to set overridden configuration entries.");
            Exit::INVALID
        })?;
        if let Some(path) = layer.not_for_shells().filter(|_| world.in_shell) {
            world.error(format_args!("{path} is not allowed here: commands of a shell share it."));
            world.error("Ignoring invalid configuration string.");
            return Err(Exit::INVALID);
        }
        settings = settings.with(layer);
    }
    let mut settings = profiles::apply(parsed, world, settings)?;
    // The caller's word on whether there is a device-mapper stands over all settings; with --readonly it is not asked.
    let asked = if parsed.flag(Opt::Readonly) { Some(false) } else { parsed.bool(Opt::Driverloaded) };
    if let Some(loaded) = asked {
        let text = format!("global/activation={}", u8::from(loaded));
        let layer = Layer::read(Origin::CommandLine, text.as_bytes()).map_err(|error| {
            world.error_chain(&error);
            Exit::FAILED
        })?;
        settings = settings.with(layer);
    }
    let problems: Vec<String> = settings.problems().into_iter().map(ToString::to_string).collect();
    for problem in problems {
        world.warn(format_args!("WARNING: {problem}"));
    }
    sound::check(parsed, world, &settings)?;
    let unheeded: Vec<String> =
        settings.not_honoured().iter().map(|found| format!("{}: {}", found.place, found.path)).collect();
    for setting in unheeded {
        world.warn(format_args!("WARNING: {setting} is set, but rlvm does not heed it yet."));
    }
    Ok((settings, tags))
}

/// What the files of the system directory say, and the tags this host has by them.
pub(crate) fn files(world: &mut World) -> Result<(Settings, Vec<String>), Exit> {
    let dir = world.system_dir();
    let mut files = Vec::new();
    let file = |world: &mut World, name: &str| {
        let path = dir.join(name);
        read(world, &path, Origin::File(path.display().to_string()), Missing::Allowed)
    };
    files.extend(file(world, "lvm.conf")?);
    files.extend(file(world, "lvmlocal.conf")?);
    let tags: Vec<String> = files.iter().flat_map(|file| file.host_tags(&world.host.name)).collect();
    for tag in &tags {
        files.extend(file(world, &format!("lvm_{tag}.conf"))?);
    }
    Ok((Settings::new(&dir.to_string_lossy()).with(merge_files(files, &tags)), tags))
}

/// Whether a file has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// Its absence is no mistake.
    Allowed,
    /// Its absence is told of.
    Refused,
}

/// A file's settings; none where there is no such file. One that cannot be read is refused: what it would have
/// forbidden must not happen.
pub(super) fn read(
    world: &mut World,
    path: &Path,
    origin: Origin,
    missing: Missing,
) -> Result<Option<Layer>, Exit> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound && missing == Missing::Allowed => return Ok(None),
        Err(error) => {
            world.error(format_args!("{}: read failed: {error}", path.display()));
            world.error(format_args!("Failed to load config file {}", path.display()));
            return Err(Exit::INIT);
        }
    };
    let failed = |world: &mut World| {
        world.error(format_args!("Failed to load config file {}", path.display()));
        Exit::INIT
    };
    // LVM2 takes it for the end. A crash leaves zeros where the rest of a file was.
    if let Some(at) = text.iter().position(|&byte| byte == 0) {
        let place = conf::Position::of(&text, at);
        world.error(format_args!("{}: {place}: a zero byte, which no text has", path.display()));
        return Err(failed(world));
    }
    Layer::read(origin, &text).map(Some).map_err(|error| {
        world.error_chain(&error);
        failed(world)
    })
}
