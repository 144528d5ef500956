//! The file systems' own tools, run one after the other.

use super::{Found, Remount, Steps};
use crate::change::Sizes;
use crate::journal::Line;
use crate::world::World;
use std::ffi::{OsStr, OsString};
use std::fs::DirBuilder;
use std::os::fd::AsFd;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where tools are looked for before `PATH` is.
const FOLDERS: &str = "/sbin:/usr/sbin:/bin:/usr/bin";

/// A tool that did not do its work.
struct Failed(String);

type Done = Result<(), Failed>;

/// Does what has to be done. What was mounted for it is unmounted also where a tool fails. Gives
/// whether the file system has its new size.
pub(crate) fn carry_out(world: &mut World, sizes: Sizes, found: &Found, steps: &Steps) -> bool {
    let (ing, ed, verb) =
        if steps.grows { ("Extending", "Extended", "extend") } else { ("Reducing", "Reduced", "reduce") };
    let (name, lv, size) = (found.name, &found.lv, steps.size);
    let shown = sizes.show(size.sectors());
    world.print(format_args!(
        "{ing} file system {name} to {shown} ({size} bytes) on {lv}...",
        size = size.get()
    ));
    match all(world, found, steps) {
        Ok(()) => {
            world.print(format_args!("{ed} file system {name} on {lv}."));
            true
        }
        Err(Failed(why)) => {
            world.error(why);
            world.error(format_args!("Failed to {verb} file system {name} on {lv}."));
            false
        }
    }
}

fn all(world: &mut World, found: &Found, steps: &Steps) -> Done {
    let node = found.node.as_os_str();
    if let (true, Some(at)) = (steps.unmount, found.mounts.last()) {
        run(world, "unmount", "umount", &[at.as_os_str()])?;
    }
    let mut resized = checked(world, found, steps);
    if steps.grows {
        resized = resized.and_then(|()| resize_crypt(world, found, steps));
    }
    resized = resized.and_then(|()| match steps.mount {
        _ if !steps.resizes => Ok(()),
        true => resized_on_its_own_mount(world, found, steps),
        false => resize(world, found, steps, found.mounts.last().map(PathBuf::as_path)),
    });
    if !steps.grows {
        resized = resized.and_then(|()| resize_crypt(world, found, steps));
    }
    let back = steps.remount == Remount::Always || (steps.remount == Remount::Done && resized.is_ok());
    if let (true, Some(at)) = (back, found.mounts.last()) {
        let back = mount(world, found, "remount", node, at);
        if let Err(Failed(why)) = back {
            world.warn(format_args!("WARNING: {why}"));
        }
    }
    resized
}

/// Gives the encrypted device, where there is one, the size of the file system, or all of a larger LV.
fn resize_crypt(world: &mut World, found: &Found, steps: &Steps) -> Done {
    let Some(crypt) = &found.crypt else { return Ok(()) };
    let sectors = steps.size.sectors().get().to_string();
    let mut arguments: Vec<&OsStr> = vec!["resize".as_ref()];
    if !steps.grows {
        arguments.extend::<[&OsStr; 2]>(["--size".as_ref(), sectors.as_ref()]);
    }
    arguments.push(crypt.node.as_os_str());
    run(world, "cryptsetup", "cryptsetup", &arguments)
}

fn checked(world: &mut World, found: &Found, steps: &Steps) -> Done {
    if !steps.check {
        return Ok(());
    }
    let node = found.node.as_os_str();
    say(world, &format!("e2fsck {}", found.node.display()));
    let status = status(world, "e2fsck", &["-f".as_ref(), "-p".as_ref(), node])?;
    // 1: mended; 2: mended, and whoever has it in memory should start anew.
    match status {
        0 | 1 => say(world, "e2fsck done"),
        2 => world.warn("WARNING: The file system was mended; the system should be rebooted."),
        status => {
            return Err(Failed(format!("e2fsck failed on {} (status {status}).", found.node.display())));
        }
    }
    Ok(())
}

fn resized_on_its_own_mount(world: &mut World, found: &Found, steps: &Steps) -> Done {
    let folder = std::env::temp_dir().join(format!("rlvm-{}", world.ids.next_id()));
    let made = DirBuilder::new().mode(0o700).create(&folder);
    made.map_err(|error| Failed(format!("Cannot make the folder {}: {error}.", folder.display())))?;
    let resized = mount(world, found, "mount", found.node.as_os_str(), &folder).and_then(|()| {
        let resized = resize(world, found, steps, Some(&folder));
        resized.and(run(world, "cleanup unmount", "umount", &[folder.as_os_str()]))
    });
    // Only ever removes an empty folder: what is still mounted there keeps it.
    if let Err(error) = std::fs::remove_dir(&folder) {
        world.warn(format_args!("WARNING: {} is left: {error}.", folder.display()));
    }
    resized
}

fn mount(world: &mut World, found: &Found, word: &str, node: &OsStr, at: &Path) -> Done {
    let mut arguments: Vec<&OsStr> = vec!["-t".as_ref(), found.name.as_ref()];
    if let Some(options) = &found.mount_options {
        say(world, &format!("mount options for {}: {options}", found.name));
        arguments.extend::<[&OsStr; 2]>(["-o".as_ref(), options.as_ref()]);
    }
    arguments.extend([node, at.as_os_str()]);
    run_as(world, &format!("{word} {} {}", found.node.display(), at.display()), word, "mount", &arguments)
}

fn resize(world: &mut World, found: &Found, steps: &Steps, mounted: Option<&Path>) -> Done {
    let node = found.node.as_os_str();
    match found.name {
        "xfs" => run(world, "xfs_growfs", "xfs_growfs", &[node]),
        "btrfs" => {
            let Some(at) = mounted else { return Err(Failed("btrfs is not mounted.".to_owned())) };
            let to = format!("{}:{}", found.member.unwrap_or(1), steps.size.get());
            let arguments = ["filesystem".as_ref(), "resize".as_ref(), to.as_ref(), at.as_os_str()];
            run(world, "btrfs filesystem resize", "btrfs", &arguments)
        }
        _ if steps.grows => run(world, "resize2fs", "resize2fs", &[node]),
        _ => {
            let to = format!("{}k", steps.size.get() / 1024);
            run(world, "resize2fs", "resize2fs", &[node, to.as_ref()])
        }
    }
}

/// Runs a tool that has to succeed, and says so before and after, as LVM2's helper does.
fn run(world: &mut World, word: &str, tool: &str, arguments: &[&OsStr]) -> Done {
    let shown: Vec<String> = arguments.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let shown = shown.join(" ");
    run_as(world, &format!("{word} {shown}"), word, tool, arguments)
}

fn run_as(world: &mut World, line: &str, word: &str, tool: &str, arguments: &[&OsStr]) -> Done {
    say(world, line);
    match status(world, tool, arguments)? {
        0 => {
            say(world, &format!("{word} done"));
            Ok(())
        }
        status => Err(Failed(format!("{line} failed (status {status})."))),
    }
}

/// What a tool ends with. Standard output is not its own while a JSON document is written there.
fn status(world: &mut World, tool: &str, arguments: &[&OsStr]) -> Result<i32, Failed> {
    world.out.flush();
    let cannot = |error: std::io::Error| Failed(format!("Cannot run {tool}: {error}."));
    let mut path = OsString::from(FOLDERS);
    if let Some(own) = world.env.os("PATH") {
        path.push(":");
        path.push(own);
    }
    let mut command = Command::new(tool);
    command.args(arguments).env("PATH", path).env("LC_ALL", "C").stdin(Stdio::null());
    if world.journal.is_some() {
        let errors = std::io::stderr().as_fd().try_clone_to_owned().map_err(cannot)?;
        command.stdout(errors);
    }
    let status = command.status().map_err(cannot)?;
    Ok(status.code().unwrap_or(-1))
}

fn say(world: &mut World, line: &str) {
    if !world.note(Line::Message, &line) && !world.out.level.silent {
        world.raw(format!("{line}\n"));
    }
}
