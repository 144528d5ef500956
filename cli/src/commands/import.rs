//! `import`: a file, as the content of an LV or a partition.

mod plan;
mod reach;
mod source;
mod target;

use crate::change::{Refusal, Sizes};
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::progress::{Progress, interrupted};
use crate::session::Session;
use crate::world::World;
use device::Disk;
use engine::copy::{self, CopyError};
use pv::signature;
use source::Source;
use target::{Goal, Target};
use units::Bytes;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    match import(parsed, world) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn import(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let words = parsed.positionals();
    let session = Session::open(parsed, world)?;
    let goal = Goal::of_word(world, &words[1])?;
    let mut source = Source::open(world, &session, &words[0]).map_err(|refusal| refusal.tell(world))?;
    if parsed.flag(Opt::Ifneeded) && !source.rewinds {
        world
            .error(format_args!("{} is read once only, so --if-needed has nothing to compare.", source.name));
        return Err(Exit::INVALID);
    }
    let mut agreed: Vec<&str> = Vec::new();
    loop {
        let target = goal.open(parsed, world, &session)?;
        check_size(&source, &target, &session).map_err(|refusal| refusal.tell(world))?;
        if parsed.flag(Opt::Ifneeded) && is_there(world, &mut source, &target)? {
            world.print(format_args!("{} holds the content of {} already.", target.name, source.name));
            return Ok(Exit::OK);
        }
        let there = signatures(world, &*target.disk)?;
        if parsed.flag(Opt::Plan) {
            plan::show(parsed, world, &session, &source, &target, &there);
            return Ok(Exit::OK);
        }
        if must_ask(parsed, &there, &agreed) {
            // Nobody shall wait for a lock while a person thinks.
            let name = target.name.clone();
            drop(target);
            ask(parsed, world, &source, &name, there[0])?;
            agreed = there;
            continue;
        }
        if parsed.flag(Opt::Test) {
            return Ok(Exit::OK);
        }
        let claim = target.claim().map_err(|refusal| refusal.tell(world))?;
        let bytes = copy_in(world, &mut source, &target).map_err(|refusal| refusal.tell(world))?;
        drop(claim);
        let size = Sizes::new(&session).show(Bytes::new(bytes).sectors());
        world.print(format_args!("Imported {} ({size}) into {}.", source.name, target.name));
        return Ok(Exit::OK);
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

fn check_size(source: &Source, target: &Target, session: &Session) -> Result<(), Refusal> {
    let room = target.disk.len();
    match source.len {
        Some(len) if len > room.get() => Err(Refusal::words(format!(
            "{} has {len} bytes, and {} has room for {} ({}).",
            source.name,
            target.name,
            room.get(),
            Sizes::new(session).show(room.sectors())
        ))),
        Some(_) | None => Ok(()),
    }
}

/// Asks whether what is there may be overwritten.
fn ask(parsed: &Parsed, world: &mut World, source: &Source, name: &str, found: &str) -> Result<(), Exit> {
    if source.is_standard_input {
        world.error(format_args!("{name} holds {found} already."));
        world.hint("-y writes over it");
        return Err(Exit::FAILED);
    }
    let question = format!("WARNING: {found} signature detected on {name}. Write over it?");
    if world.confirm(parsed, &question) {
        return Ok(());
    }
    world.error(format_args!("{name} was not written to."));
    Err(Exit::FAILED)
}

/// Whether the target begins with all of the source's bytes.
fn is_there(world: &mut World, source: &mut Source, target: &Target) -> Result<bool, Exit> {
    let progress = Progress::new(world, &target.name, source.len);
    let same = copy::same(&mut *source.reader, &*target.disk, &mut |bytes| progress.at(bytes));
    drop(progress);
    let same = same
        .map_err(|error| Refusal::failed(&error))
        .map_err(|refusal| refusal.line(format!("Nothing of {} was changed.", target.name)).tell(world))?;
    source.rewind().map_err(|refusal| refusal.tell(world))?;
    Ok(same)
}

fn copy_in(world: &mut World, source: &mut Source, target: &Target) -> Result<u64, Refusal> {
    let name = &target.name;
    let progress = Progress::new(world, name, source.len);
    let copied = copy::import(&mut *source.reader, &*target.disk, &mut |bytes| progress.at(bytes));
    drop(progress);
    let changed = |bytes| plan::done(source, target, bytes);
    match copied {
        Ok(bytes) => {
            world.record(|| changed(bytes));
            Ok(bytes)
        }
        Err(error) => {
            let error = interrupted(world, error);
            let line = match &error {
                CopyError::Interrupted { done: 0 } | CopyError::Read { done: 0, .. } => {
                    format!("Nothing of {name} was changed.")
                }
                CopyError::Interrupted { done } | CopyError::Read { done, .. } => {
                    world.record(|| changed(*done));
                    format!("The first {done} bytes of {name} are new, the rest is as it was.")
                }
                CopyError::TooLong { .. } | CopyError::Disk(_) | CopyError::Write { .. } => {
                    world.record(|| changed(target.disk.len().get()));
                    format!("{name} is partly overwritten.")
                }
            };
            Err(Refusal::failed(&error).line(line))
        }
    }
}
