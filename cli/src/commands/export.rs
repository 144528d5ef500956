//! `export`: the content of an LV or a partition, in a file.

mod sparse;

use crate::change::{Refusal, Sizes};
use crate::exit::Exit;
use crate::lv_name;
use crate::options::Opt;
use crate::overwrite::{check_no_disk, check_no_member};
use crate::parsed::Parsed;
use crate::part;
use crate::progress::{Progress, interrupted};
use crate::session::{Session, Sight};
use crate::volume;
use crate::waiting::{self, Waiting};
use crate::world::{Output, World};
use device::{Disk, LockMode};
use dm::Access;
use engine::copy::{self, CopyError, SparseWrite};
use nix::poll::PollFlags;
use sparse::{SparseFile, partial_name};
use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::AsFd;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use store::LockRequest;
use vg::Purpose;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    match export(parsed, world) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn export(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let words = parsed.positionals();
    if world.journal.is_some() && words[1] == "-" {
        world.error("Standard output cannot take both the content and a document.");
        world.hint("name a file, or leave --reportformat out");
        return Err(Exit::INVALID);
    }
    let session = Session::open(parsed, world)?;
    if let Some(name) = part::of_word(world, &words[0]) {
        let held = name.open(world, LockMode::Shared).map_err(|refusal| refusal.tell(world))?;
        return write_out(parsed, world, &session, &*held.part, &name.shown(), &words[1]);
    }
    let (vg, name) = lv_name::of_word(world, &words[0].to_string_lossy())?;
    let held = session.lock(world, &LockRequest::read_vg(&vg))?;
    let sight = Sight::read(parsed, world, &session)?;
    let place = sight.the_vg(world, &session, &vg, Purpose::Read)?;
    let on_disk = &sight.scan.vgs[place];
    let Some(lv) = on_disk.vg.lv_named(&name) else {
        world.error(format_args!("Failed to find logical volume \"{vg}/{name}\""));
        return Err(Exit::FAILED);
    };
    let live = sight.live(place);
    if !live.known {
        world.warn(format_args!(
            "WARNING: Whether {vg}/{name} is active is not known: what was written to it last may be missing."
        ));
    }
    let disk = volume::open(&session, &world.devices, on_disk, lv, live, Access::ReadOnly)
        .map_err(|refusal| refusal.tell(world))?;
    let full = format!("{vg}/{name}");
    let done = write_out(parsed, world, &session, &*disk, &full, &words[1]);
    drop(held);
    done
}

/// Copies all of `disk`, called `full`, where the word says, and tells so.
fn write_out(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    disk: &dyn Disk,
    full: &str,
    target: &OsStr,
) -> Result<Exit, Exit> {
    let copied = match target == OsStr::new("-") {
        true => copy_out(parsed, world, disk, full, None),
        false => to_path(parsed, world, session, disk, full, Path::new(target)),
    };
    copied.map_err(|refusal| refusal.tell(world))?;
    if target != OsStr::new("-") {
        if !parsed.flag(Opt::Test) {
            world.record(|| {
                let file = Path::new(target).display().to_string();
                serde_json::json!({ "lv": full, "action": "export", "file": file, "size": disk.len().get() })
            });
        }
        let size = Sizes::new(session).show(disk.len().sectors());
        world.print(format_args!("Exported {full} ({size}) to {}.", Path::new(target).display()));
    }
    Ok(Exit::OK)
}

/// Into a regular file under a name of its own, which it loses once it is whole; or into whatever else the
/// path names.
fn to_path(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    disk: &dyn Disk,
    lv: &str,
    path: &Path,
) -> Result<(), Refusal> {
    let shown = path.display();
    check_no_member(session, path)?;
    let wrong = |error: io::Error| Refusal::words(format!("Cannot write {shown}: {error}."));
    if path.is_file() {
        check_no_disk(path)?;
    }
    match path.metadata() {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(wrong(error)),
        Ok(stat) if stat.is_dir() => return Err(Refusal::words(format!("{shown} is a directory."))),
        Ok(stat) if stat.is_file() && stat.len() > 0 && !parsed.flag(Opt::Force) => {
            return Err(Refusal::words(format!("{shown} exists already.")).hint("--force replaces it"));
        }
        Ok(stat) if !stat.is_file() => return to_special(parsed, world, disk, lv, path, &stat),
        Ok(_) | Err(_) => {}
    }
    if parsed.flag(Opt::Test) {
        return Ok(());
    }
    let partial = partial_name(path);
    let mut open = OpenOptions::new();
    match parsed.flag(Opt::Force) {
        true => open.write(true).create(true).truncate(true),
        false => open.write(true).create_new(true),
    };
    let file = open.open(&partial).map_err(|error| {
        let refusal = Refusal::words(format!("Cannot write {}: {error}.", partial.display()));
        match error.kind() {
            io::ErrorKind::AlreadyExists => {
                refusal.hint("an export that was killed left it; --force replaces it")
            }
            _ => refusal,
        }
    })?;
    let mut file = SparseFile::new(file);
    let copied = copy_out(parsed, world, disk, lv, Some(&mut file));
    let done = copied.and_then(|()| std::fs::rename(&partial, path).map_err(wrong));
    done.map_err(|mut refusal| {
        refusal.lines.push(match std::fs::remove_file(&partial) {
            Ok(()) => "Nothing of it is kept.".to_owned(),
            Err(_) => format!("{} is left behind, and is not whole.", partial.display()),
        });
        refusal
    })
}

/// Into a pipe or a character device.
fn to_special(
    parsed: &Parsed,
    world: &mut World,
    disk: &dyn Disk,
    lv: &str,
    path: &Path,
    stat: &std::fs::Metadata,
) -> Result<(), Refusal> {
    use std::os::unix::fs::FileTypeExt;
    let shown = path.display();
    if stat.file_type().is_block_device() {
        return Err(Refusal::words(format!("{shown} is a block device, and is not written over."))
            .hint(format!("rlvm export {lv} - | dd of={shown} writes it all the same")));
    }
    if parsed.flag(Opt::Test) {
        return Ok(());
    }
    let file = File::options().write(true).open(path);
    let file = file.map_err(|error| Refusal::words(format!("Cannot write {shown}: {error}.")))?;
    world.watch_signals();
    let file = Waiting::new(file, world.interrupted.clone());
    copy_out(parsed, world, disk, lv, Some(&mut copy::Stream(file)))
}

/// Copies; without a target, to standard output.
fn copy_out(
    parsed: &Parsed,
    world: &mut World,
    disk: &dyn Disk,
    lv: &str,
    out: Option<&mut dyn SparseWrite>,
) -> Result<(), Refusal> {
    if parsed.flag(Opt::Test) {
        return Ok(());
    }
    let progress = Progress::new(world, lv, Some(disk.len().get()));
    let mut at = |bytes| progress.at(bytes);
    let copied = match out {
        Some(out) => copy::export(disk, out, &mut at),
        None => copy::export(disk, &mut Standard::new(world), &mut at),
    };
    drop(progress);
    copied.map_err(|error| {
        let error = interrupted(world, error);
        let how = match &error {
            CopyError::Interrupted { .. } => "was interrupted",
            _ => "failed",
        };
        let mut refusal = Refusal::failed(&error);
        refusal.lines.push(format!("Export of {lv} {how}."));
        refusal
    })
}

/// Standard output.
struct Standard<'a> {
    out: &'a mut Output,
    /// Where it may have to wait for whoever reads: what ends that.
    waits: Option<Option<Arc<AtomicBool>>>,
}

impl<'a> Standard<'a> {
    fn new(world: &'a mut World) -> Self {
        let stdout = io::stdout().as_fd().try_clone_to_owned().map(File::from);
        let waits = world.out.is_stdout() && stdout.is_ok_and(|file| waiting::may_wait(&file));
        Self { waits: waits.then(|| world.interrupted.clone()), out: &mut world.out }
    }

    fn state(&self) -> io::Result<()> {
        self.out.broken().map_or(Ok(()), |kind| Err(kind.into()))
    }
}

impl SparseWrite for Standard<'_> {
    fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(stop) = self.waits.clone() else {
            self.out.out_bytes(bytes);
            return self.state();
        };
        for piece in bytes.chunks(waiting::PIECE) {
            waiting::wait(io::stdout().as_fd(), PollFlags::POLLOUT, stop.as_deref())?;
            self.out.out_bytes(piece);
            self.out.flush();
            self.state()?;
        }
        Ok(())
    }

    fn hole(&mut self, len: u64) -> io::Result<()> {
        const ZEROS: [u8; 4096] = [0; 4096];
        let mut left = len;
        while left > 0 {
            let piece = left.min(ZEROS.len() as u64);
            self.bytes(&ZEROS[..piece as usize])?;
            left -= piece;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush();
        self.state()
    }
}
