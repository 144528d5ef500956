//! lvm.conf, lvmlocal.conf, the files of host tags, and `--config`, put together.

use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::world::World;
use conf::settings::{Layer, Origin, Settings, merge_files};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// The settings in force, and the tags this host has by them.
pub(super) fn load(parsed: &Parsed, world: &mut World) -> Result<(Settings, Vec<String>), Exit> {
    let dir = world.system_dir();
    let mut files = Vec::new();
    files.extend(read(world, &dir.join("lvm.conf"))?);
    files.extend(read(world, &dir.join("lvmlocal.conf"))?);
    let tags: Vec<String> = files.iter().flat_map(|file| file.host_tags(&world.host.name)).collect();
    for tag in &tags {
        files.extend(read(world, &dir.join(format!("lvm_{tag}.conf")))?);
    }
    let mut settings = Settings::new(&dir.to_string_lossy()).with(merge_files(files, &tags));
    for text in parsed.all_os(Opt::Config) {
        let layer = Layer::read(Origin::CommandLine, text.as_encoded_bytes()).map_err(|error| {
            world.error_chain(&error);
            world.error("Failed to set overridden configuration entries.");
            Exit::INVALID
        })?;
        settings = settings.with(layer);
    }
    let problems: Vec<String> = settings.problems().into_iter().map(ToString::to_string).collect();
    for problem in problems {
        world.warn(format_args!("WARNING: {problem}"));
    }
    let unheeded: Vec<String> =
        settings.not_honoured().iter().map(|found| format!("{}: {}", found.place, found.path)).collect();
    for setting in unheeded {
        world.warn(format_args!("WARNING: {setting} is set, but rlvm does not heed it yet."));
    }
    Ok((settings, tags))
}

/// A file's settings; none where there is no such file, or it may not be read.
fn read(world: &mut World, path: &Path) -> Result<Option<Layer>, Exit> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            world.warn(format_args!("WARNING: {}: open failed: {error}", path.display()));
            return Ok(None);
        }
    };
    Layer::read(Origin::File(path.display().to_string()), &text).map(Some).map_err(|error| {
        world.error_chain(&error);
        world.error(format_args!("Failed to load config file {}", path.display()));
        Exit::INIT
    })
}
