//! `import`: a file, as the content of an LV or a partition.

use crate::change::{Refusal, Sizes};
use crate::exit::Exit;
use crate::holders::Holders;
use crate::lv_name;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::part::{self, PartName};
use crate::progress::Progress;
use crate::session::{Session, Sight};
use crate::volume;
use crate::world::World;
use device::{Disk, LockMode};
use dm::Access;
use engine::copy::{self, CopyError};
use metadata::model::{Lv, LvFlag};
use pv::signature;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::FileTypeExt;
use std::path::Path;
use store::LockRequest;
use units::Bytes;
use vg::Purpose;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    match import(parsed, world) {
        Ok(exit) | Err(exit) => exit,
    }
}

/// Where the bytes come from.
struct Source {
    name: String,
    reader: Box<dyn Read>,
    /// How many there are, where that is known.
    len: Option<u64>,
}

fn import(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let words = parsed.positionals();
    let session = Session::open(parsed, world)?;
    if let Some(name) = part::of_word(world, &words[1]) {
        return into_part(parsed, world, &session, &name, &words[0]);
    }
    let (vg, name) = lv_name::of_word(world, &words[1].to_string_lossy())?;
    let mut source = source(&session, &words[0]).map_err(|refusal| refusal.tell(world))?;
    let holders = Holders::new(world, &session);
    let mut agreed: Vec<&str> = Vec::new();
    loop {
        let held = session.lock(world, &LockRequest::change_vg(&vg))?;
        let sight = Sight::read(parsed, world, &session)?;
        let place = sight.the_vg(world, &session, &vg, Purpose::Change)?;
        let on_disk = &sight.scan.vgs[place];
        let Some(lv) = on_disk.vg.lv_named(&name) else {
            world.error(format_args!("Failed to find logical volume \"{vg}/{name}\""));
            return Err(Exit::FAILED);
        };
        let full = format!("{vg}/{name}");
        let mut live = sight.live(place).clone();
        let unknown = !live.known && session.settings.bool("global/activation");
        let disk = check_lv(&full, lv, unknown)
            .and_then(|()| holders.check(&full, lv.id, &mut live))
            .and_then(|()| volume::open(&session, &world.devices, on_disk, lv, &live, Access::ReadWrite))
            .and_then(|disk| check_size(&source, &*disk, &full, &session).map(|()| disk))
            .map_err(|refusal| refusal.tell(world))?;
        let there = signatures(world, &*disk)?;
        if must_ask(parsed, &there, &agreed) {
            // Nobody shall wait for a lock while a person thinks.
            drop(held);
            ask(parsed, world, &source, &full, there[0])?;
            agreed = there;
            continue;
        }
        if parsed.flag(Opt::Test) {
            return Ok(Exit::OK);
        }
        // A device is kept from being mounted meanwhile; images are locked already.
        let claim = if live.is_active(lv.id) { Some(disk.open_exclusive()) } else { None };
        let claim = claim.transpose().map_err(|error| Refusal::failed(&error).tell(world))?;
        let bytes = copy_in(world, &mut source, &*disk, &full).map_err(|refusal| refusal.tell(world))?;
        drop((claim, held));
        return Ok(imported(world, &session, &source, bytes, &full));
    }
}

/// The same into a partition of a disk or an image.
fn into_part(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    name: &PartName,
    word: &OsStr,
) -> Result<Exit, Exit> {
    let mut source = source(session, word).map_err(|refusal| refusal.tell(world))?;
    let full = name.shown();
    let mut agreed: Vec<&str> = Vec::new();
    loop {
        let held = name.open(world, LockMode::Exclusive).map_err(|refusal| refusal.tell(world))?;
        check_size(&source, &*held.part, &full, session).map_err(|refusal| refusal.tell(world))?;
        let there = signatures(world, &*held.part)?;
        if must_ask(parsed, &there, &agreed) {
            drop(held);
            ask(parsed, world, &source, &full, there[0])?;
            agreed = there;
            continue;
        }
        if parsed.flag(Opt::Test) {
            return Ok(Exit::OK);
        }
        let bytes = copy_in(world, &mut source, &*held.part, &full).map_err(|refusal| refusal.tell(world))?;
        drop(held);
        return Ok(imported(world, session, &source, bytes, &full));
    }
}

/// What stands on a disk already.
fn signatures(world: &mut World, disk: &dyn Disk) -> Result<Vec<&'static str>, Exit> {
    let found = signature::find(disk).map_err(|error| Refusal::failed(&error).tell(world))?;
    Ok(found.iter().map(|found| found.name).collect())
}

/// Whether something stands there that nobody has agreed to lose.
fn must_ask(parsed: &Parsed, there: &[&str], agreed: &[&str]) -> bool {
    !parsed.any(&[Opt::Yes, Opt::Force, Opt::Test]) && there.iter().any(|name| !agreed.contains(name))
}

fn imported(world: &mut World, session: &Session, source: &Source, bytes: u64, full: &str) -> Exit {
    let size = Sizes::new(session).show(Bytes::new(bytes).sectors());
    world.print(format_args!("Imported {} ({size}) into {full}.", source.name));
    Exit::OK
}

/// Opens what the word names.
fn source(session: &Session, word: &OsStr) -> Result<Source, Refusal> {
    if word == OsStr::new("-") {
        return Ok(Source { name: "standard input".to_owned(), reader: Box::new(io::stdin()), len: None });
    }
    let path = Path::new(word);
    let name = path.display().to_string();
    if session.found.disks.find(path).is_some() {
        return Err(Refusal::words(format!("{name} may hold a PV, and is not read as a file.")));
    }
    let wrong = |error: io::Error| Refusal::words(format!("Cannot read {name}: {error}."));
    let mut file = File::open(path).map_err(wrong)?;
    let stat = file.metadata().map_err(wrong)?;
    if stat.is_dir() {
        return Err(Refusal::words(format!("{name} is a directory.")));
    }
    let len = match stat.is_file() || stat.file_type().is_block_device() {
        true => Some(file.seek(SeekFrom::End(0)).and_then(|len| file.rewind().map(|()| len)).map_err(wrong)?),
        false => None,
    };
    Ok(Source { name, reader: Box::new(file), len })
}

/// Refuses LVs that may not be written to. `unknown`: nobody can tell whether it is active.
fn check_lv(name: &str, lv: &Lv, unknown: bool) -> Result<(), Refusal> {
    if !lv.is_visible() {
        return Err(Refusal::words(format!("{name} is a part of another LV.")));
    }
    if !lv.is_writable() {
        return Err(Refusal::words(format!("{name} is read-only.")));
    }
    if lv.flags.has(LvFlag::Locked) {
        return Err(Refusal::words(format!("{name} is locked: a conversion runs.")));
    }
    if unknown {
        return Err(Refusal::words(format!("Whether {name} is active is not known, so nothing is written.")));
    }
    Ok(())
}

fn check_size(source: &Source, disk: &dyn Disk, lv: &str, session: &Session) -> Result<(), Refusal> {
    let (room, sizes) = (disk.len(), Sizes::new(session));
    match source.len {
        Some(len) if len > room.get() => Err(Refusal::words(format!(
            "{} has {len} bytes, and {lv} has room for {} ({}).",
            source.name,
            room.get(),
            sizes.show(room.sectors())
        ))),
        Some(_) | None => Ok(()),
    }
}

/// Asks whether what is there may be overwritten.
fn ask(parsed: &Parsed, world: &mut World, source: &Source, lv: &str, found: &str) -> Result<(), Exit> {
    if source.name == "standard input" {
        world.error(format_args!("{lv} holds {found} already."));
        world.hint("-y writes over it");
        return Err(Exit::FAILED);
    }
    let question = format!("WARNING: {found} signature detected on {lv}. Write over it?");
    if world.confirm(parsed, &question) {
        return Ok(());
    }
    world.error(format_args!("{lv} was not written to."));
    Err(Exit::FAILED)
}

fn copy_in(world: &mut World, source: &mut Source, disk: &dyn Disk, lv: &str) -> Result<u64, Refusal> {
    let progress = Progress::new(world, lv, source.len);
    let copied = copy::import(&mut *source.reader, disk, &mut |bytes| progress.at(bytes));
    drop(progress);
    copied.map_err(|error| {
        let mut refusal = Refusal::failed(&error);
        refusal.lines.push(match &error {
            CopyError::Interrupted { done: 0 } | CopyError::Read { done: 0, .. } => {
                format!("Nothing of {lv} was changed.")
            }
            CopyError::Interrupted { done } | CopyError::Read { done, .. } => {
                format!("The first {done} bytes of {lv} are new, the rest is as it was.")
            }
            CopyError::TooLong { .. } | CopyError::Disk(_) | CopyError::Write { .. } => {
                format!("{lv} is partly overwritten.")
            }
        });
        refusal
    })
}
