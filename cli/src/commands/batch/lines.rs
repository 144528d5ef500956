//! The lines of a batch, understood.

use crate::commands::{Name, supported};
use crate::exit::Exit;
use crate::forms::FormId;
use crate::options::Opt;
use crate::parse;
use crate::parsed::Parsed;
use crate::words;
use crate::world::World;
use std::path::Path;

/// A command.
#[derive(Debug)]
pub(super) struct Line {
    /// Where it stands, from 1.
    pub(super) number: usize,
    /// The command.
    pub(super) parsed: Parsed,
}

impl Line {
    /// Whether PVs join or leave.
    pub(super) fn regroups(&self) -> bool {
        matches!(self.parsed.name(), Name::Vgextend | Name::Vgreduce)
    }
}

/// The forms whose changes can be gathered.
const FORMS: &[FormId] = &[
    FormId::LvchangeActivate,
    FormId::LvchangeProperties,
    FormId::LvcreateErrorVol,
    FormId::LvcreateLinear,
    FormId::LvcreateStriped,
    FormId::LvcreateZeroVol,
    FormId::LvextendPv,
    FormId::LvextendSize,
    FormId::LvreduceSize,
    FormId::LvremoveGeneral,
    FormId::LvrenameLvLv,
    FormId::LvrenameVgLvLv,
    FormId::LvresizePv,
    FormId::LvresizeSize,
    FormId::VgchangeActivate,
    FormId::VgchangeProperties,
    FormId::VgextendGeneral,
    FormId::VgreduceByPv,
];

/// Options that are about the whole batch, or about more than metadata and devices.
const REFUSED: &[Opt] = &[
    Opt::Activationmode,
    Opt::Autobackup,
    Opt::Devices,
    Opt::Devicesfile,
    Opt::Fs,
    Opt::Ignoreactivationskip,
    Opt::Monitor,
    Opt::Nolocking,
    Opt::Partial,
    Opt::Plan,
    Opt::Poll,
    Opt::Reportformat,
    Opt::Resizefs,
    Opt::Test,
];

/// Reads and understands all lines; tells what is wrong with any of them.
pub(super) fn read(parsed: &Parsed, world: &mut World) -> Result<Vec<Line>, Exit> {
    let mut lines = Vec::new();
    let mut exit = Exit::OK;
    for (index, text) in texts(parsed, world)?.into_iter().enumerate() {
        let words = words::split(&text);
        let number = index + 1;
        let words = match words.first() {
            Some(word) if word == "lvm" || word == "rlvm" => &words[1..],
            _ => &words[..],
        };
        let Some((word, rest)) = words.split_first() else { continue };
        let typed = word.to_string_lossy();
        let understood = match Name::find(&typed) {
            Some(name) => parse::read(name, &typed, rest, world)
                .and_then(|read| parse::understand(read, world))
                .and_then(|parsed| check(parsed, world)),
            None => {
                world.error(format_args!("No such command: {typed}."));
                Err(Exit::INVALID)
            }
        };
        match understood {
            Ok(parsed) => lines.push(Line { number, parsed }),
            Err(failed) => {
                world.error(format_args!("Line {number} cannot be part of a batch: {}", text.trim()));
                exit = exit.worse(failed);
            }
        }
    }
    if exit.is_ok() { Ok(lines) } else { Err(exit) }
}

fn check(parsed: Parsed, world: &mut World) -> Result<Parsed, Exit> {
    let name = parsed.name();
    if !FORMS.contains(&parsed.form()) || !supported::form(parsed.form()) {
        world.error(format_args!("A batch cannot do this form of {}.", name.text()));
        return Err(Exit::INVALID);
    }
    let refused = |opt: &Opt| REFUSED.contains(opt) || !supported::option(name, *opt);
    match parsed.occurrences().iter().map(|occurrence| occurrence.opt).find(refused) {
        Some(opt) => {
            world.error(format_args!("A batch cannot do {} --{}.", name.text(), opt.long()));
            Err(Exit::INVALID)
        }
        None => Ok(parsed),
    }
}

/// The lines of the file, or of standard input.
fn texts(parsed: &Parsed, world: &mut World) -> Result<Vec<String>, Exit> {
    let failed = |world: &mut World, name: &str, error: std::io::Error| {
        world.error(format_args!("{name}: read failed: {error}"));
        Exit::FAILED
    };
    match parsed.positionals().get(1).filter(|name| *name != "-") {
        Some(name) => match std::fs::read_to_string(Path::new(name)) {
            Ok(text) => Ok(text.lines().map(str::to_owned).collect()),
            Err(error) => Err(failed(world, &name.to_string_lossy(), error)),
        },
        None => {
            let mut lines = Vec::new();
            loop {
                match world.terminal.read_line(world.interrupted.clone()) {
                    Ok(Some(line)) => lines.push(line),
                    Ok(None) => return Ok(lines),
                    Err(error) => return Err(failed(world, "standard input", error)),
                }
            }
        }
    }
}
