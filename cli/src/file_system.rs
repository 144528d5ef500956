//! File systems on LVs that change their size: what is asked for (`-r`, `--fs`, `--fsmode`), what is there
//! ([`found`]), what has to be done ([`steps`]), and doing it with the file system's own tools ([`tools`]).

mod crypt;
mod found;
mod steps;
mod tools;

pub(crate) use crypt::{Crypt, LUKS};
pub(crate) use found::Found;
pub(crate) use steps::{Remount, Steps, grow, shrink};
pub(crate) use tools::carry_out;

use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::world::World;

/// What `--fs` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileSystem {
    /// `checksize`, the default: none may be cut.
    Checked,
    /// `ignore`.
    Ignored,
    /// `resize`, or `-r`: it gets the LV's size.
    Resized,
}

/// What `--fsmode` allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// `manage`: whatever is needed, and back.
    Manage,
    /// `nochange`: it stays mounted, or unmounted.
    NoChange,
    /// `offline`: it is unmounted, and stays so.
    Offline,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) what: FileSystem,
    /// Whether the command line says what.
    pub(crate) asked: bool,
    /// The word for it.
    pub(crate) word: &'static str,
    pub(crate) mode: Mode,
    /// Whether the command line says which mode: then mounts are changed unasked.
    pub(crate) mode_asked: bool,
    /// Whether it is checked before (not `-n`).
    pub(crate) check: bool,
}

/// Reads the options.
pub(crate) fn request(parsed: &Parsed, world: &mut World) -> Result<Request, Exit> {
    let mut invalid = |line: &str| {
        world.error(line);
        Exit::INVALID
    };
    let resized = parsed.flag(Opt::Resizefs);
    if resized && parsed.flag(Opt::Fs) {
        let exit = invalid("Options --fs and --resizefs cannot be used together.");
        invalid("--resizefs is equivalent to --fs resize.");
        return Err(exit);
    }
    let (what, word) = match parsed.str(Opt::Fs) {
        None if resized => (FileSystem::Resized, "resize"),
        None | Some("checksize") => (FileSystem::Checked, "checksize"),
        Some("ignore") => (FileSystem::Ignored, "ignore"),
        Some("resize") => (FileSystem::Resized, "resize"),
        Some("resize_fsadm") if parsed.flag(Opt::Fsmode) => {
            return Err(invalid("The --fsmode option does not apply to resize_fsadm."));
        }
        Some("resize_fsadm") => (FileSystem::Resized, "resize_fsadm"),
        Some(_) => return Err(invalid("Unknown --fs value.")),
    };
    let mode = match parsed.str(Opt::Fsmode) {
        None | Some("manage") => Mode::Manage,
        Some("nochange") => Mode::NoChange,
        Some("offline") => Mode::Offline,
        Some(_) => return Err(invalid("Unknown --fsmode value.")),
    };
    Ok(Request {
        what,
        asked: resized || parsed.flag(Opt::Fs),
        word,
        mode,
        mode_asked: parsed.flag(Opt::Fsmode),
        check: !parsed.flag(Opt::Nofsck),
    })
}
