//! The settings that say what is told, and to whom.

use crate::options::Opt;
use crate::parsed::Parsed;
use crate::world::{Lead, Syslog, World};
use conf::settings::Settings;
use std::fs::{File, OpenOptions};
use std::path::Path;

/// Brings them into force. Options outweigh them.
pub(super) fn apply(parsed: &Parsed, world: &mut World, settings: &Settings) {
    let command = parsed.name().text();
    if !parsed.any(&[Opt::Verbose, Opt::Quiet]) {
        world.out.level.verbose = u8::try_from(settings.int("log/verbose").clamp(0, 3)).unwrap_or(0);
    }
    if !parsed.flag(Opt::Quiet) {
        world.out.level.silent = settings.bool("log/silent");
    }
    let name = if settings.bool("log/command_names") { command.to_owned() } else { String::new() };
    world.out.lead = Lead { name, prefix: settings.str("log/prefix").to_owned() };
    let file = settings.opt_str("log/file").and_then(|path| open(world, settings, Path::new(path)));
    let lead = format!(
        "{} {command}[{}]:",
        metadata::text::ctime(world.now(), &crate::change::local_zone),
        std::process::id()
    );
    let suppressed = world.env.os("LVM_SUPPRESS_SYSLOG").is_some();
    let syslog = (settings.bool("log/syslog") && !suppressed).then(|| Syslog::open("rlvm")).flatten();
    world.out.log.listen(file.map(|file| (file, lead)), syslog, settings.int("log/level"));
    if let Some(found) = settings.find("global/umask").and(settings.opt_int("global/umask"))
        && let Ok(mask) = nix::libc::mode_t::try_from(found)
    {
        world.set_umask(mask);
    }
}

fn open(world: &mut World, settings: &Settings, path: &Path) -> Option<File> {
    let mut options = OpenOptions::new();
    let overwrite = settings.bool("log/overwrite") && !world.in_shell;
    let options = options.create(true).write(true).append(!overwrite).truncate(overwrite);
    match options.open(path) {
        Ok(file) => Some(file),
        Err(error) => {
            world.warn(format_args!("WARNING: log/file {}: {error}", path.display()));
            None
        }
    }
}
