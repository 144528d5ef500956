//! What has to be done to a file system, from what it is, where it is mounted, and what is allowed. Pure.
//!
//! ext2, 3 and 4 grow mounted or not, and shrink unmounted; xfs grows mounted, and never shrinks; btrfs does both
//! mounted (2.03.40: lib/metadata/lv_manip.c, _fs_extend_allow and _fs_reduce_allow).

use super::{FileSystem, Found, LUKS, Mode, Request};
use crate::change::Refusal;
use metadata::plan::{Consent, Notice};
use units::Bytes;

/// What is done, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Steps {
    /// Whether it grows, after its LV has; it shrinks before its LV does.
    pub(crate) grows: bool,
    pub(crate) unmount: bool,
    pub(crate) check: bool,
    /// Mounted in a place of its own, for as long as it takes.
    pub(crate) mount: bool,
    /// Whether the file system itself is resized, or only what it lies in.
    pub(crate) resizes: bool,
    /// Whether what was unmounted is mounted again.
    pub(crate) remount: Remount,
    /// Its size afterwards.
    pub(crate) size: Bytes,
    /// What it takes agreement for: mounts that change without that having been asked for.
    pub(crate) consent: Option<Consent>,
}

impl Steps {
    /// A file system that has or gets its size as it is.
    fn alone(grows: bool, size: Bytes) -> Self {
        let (unmount, check, mount, resizes) = (false, false, false, true);
        Self { grows, unmount, check, mount, resizes, remount: Remount::No, size, consent: None }
    }

    /// The file system fits, and what it lies in does not.
    fn of_crypt(size: Bytes) -> Self {
        Self { resizes: false, ..Self::alone(false, size) }
    }
}

/// When what was unmounted is mounted again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remount {
    /// Never.
    No,
    /// Once the file system has its size: one that could not be shrunk may be in any state.
    Done,
    /// In any case, as `fsadm` does, which tries nothing that could leave it so.
    Always,
}

/// Families that are resized in one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Ext,
    Xfs,
    Btrfs,
}

fn family(found: &Found) -> Option<Family> {
    match found.name {
        "ext2" | "ext3" | "ext4" | "ext4dev" => Some(Family::Ext),
        "xfs" => Some(Family::Xfs),
        "btrfs" => Some(Family::Btrfs),
        _ => None,
    }
}

/// What is told of a file system that was found.
fn notice(found: &Found) -> Notice {
    let mounted = found.mounts.last().map(|at| at.display().to_string());
    let crypt = if found.crypt.is_some() { format!("+{LUKS}") } else { String::new() };
    Notice::FileSystem { lv: found.lv.clone(), name: format!("{}{crypt}", found.name), mounted }
}

/// So much of the LV the file system may have.
fn room(found: &Found, lv: Bytes, notices: &mut Vec<Notice>) -> Result<Bytes, Refusal> {
    let Some(crypt) = &found.crypt else { return Ok(lv) };
    let size = crypt.inner(lv)?;
    notices.push(Notice::UnderCrypt { size, offset: crypt.offset });
    Ok(size)
}

/// What it takes to grow with its LV to `lv`.
pub(crate) fn grow(
    found: &Found,
    request: &Request,
    lv: Bytes,
    notices: &mut Vec<Notice>,
) -> Result<Steps, Refusal> {
    let size = room(found, lv, notices)?;
    let Some(family) = family(found) else {
        return Err(Refusal::words(format!("File system extend is not supported ({}).", found.name)));
    };
    notices.push(notice(found));
    let mounted = !found.mounts.is_empty();
    let must_be_mounted = || Err(Refusal::words("File system must be mounted to extend (see --fsmode)."));
    let (unmount, check, mount) = match (family, request.mode) {
        (Family::Ext, Mode::Offline) => (mounted, request.check, false),
        (Family::Ext, Mode::Manage | Mode::NoChange) => (false, request.check && !mounted, false),
        (Family::Xfs | Family::Btrfs, Mode::Offline) => return must_be_mounted(),
        (Family::Xfs | Family::Btrfs, Mode::NoChange) if !mounted => return must_be_mounted(),
        (Family::Xfs | Family::Btrfs, Mode::NoChange | Mode::Manage) => (false, false, !mounted),
    };
    let steps = Steps { unmount, check, mount, ..Steps::alone(true, size) };
    finish(found, request, family, steps, notices)
}

/// What it takes to shrink with its LV to `lv`; none where it ends before.
pub(crate) fn shrink(
    found: &Found,
    request: &Request,
    lv: Bytes,
    notices: &mut Vec<Notice>,
) -> Result<Option<Steps>, Refusal> {
    let size = room(found, lv, notices)?;
    let steps = of_file_system(found, request, size, notices)?;
    match &found.crypt {
        Some(crypt) if steps.is_none() && crypt.size > size => match request.what {
            FileSystem::Resized => Ok(Some(Steps::of_crypt(size))),
            FileSystem::Checked | FileSystem::Ignored => {
                Err(Refusal::words("crypt reduce is required (see --resizefs or cryptsetup resize.)"))
            }
        },
        _ => Ok(steps),
    }
}

fn of_file_system(
    found: &Found,
    request: &Request,
    size: Bytes,
    notices: &mut Vec<Notice>,
) -> Result<Option<Steps>, Refusal> {
    notices.push(notice(found));
    let family = family(found);
    match found.end {
        // It may span several devices; what counts is how much of this one it uses.
        end if family == Some(Family::Btrfs) => {
            notices.push(Notice::FileSystemNotMeasured(found.name.to_owned()));
            if end.is_some_and(|end| end <= size) {
                return Ok(None);
            }
        }
        None => {
            return Err(Refusal::words(format!(
                "How much of {} is used by {} is not known.",
                found.lv, found.name
            )));
        }
        Some(end) => {
            notices.push(Notice::FileSystemSize { size: end.sectors(), requested: size.sectors() });
            if end <= size {
                return Ok(None);
            }
        }
    }
    if request.what == FileSystem::Checked {
        return Err(cut(found.name, family));
    }
    let tool = match family {
        Some(Family::Ext) => "resize2fs",
        Some(Family::Btrfs) => "btrfs-progs",
        Some(Family::Xfs) | None => {
            return Err(Refusal::words(format!(
                "File system reduce is required and not supported ({}).",
                found.name
            )));
        }
    };
    notices.push(Notice::FileSystemReduce(tool));
    let mounted = !found.mounts.is_empty();
    let needs =
        |state| Err(Refusal::words(format!("File system needs to be {state} to reduce fs (see --fsmode).")));
    let (unmount, mount) = match (family, request.mode) {
        (Some(Family::Ext), Mode::NoChange) if mounted => return needs("unmounted"),
        (Some(Family::Btrfs), Mode::NoChange | Mode::Offline) if !mounted => return needs("mounted"),
        (Some(Family::Ext), _) => (mounted, false),
        (_, _) => (false, !mounted),
    };
    let check = family == Some(Family::Ext) && request.check;
    let steps = Steps { unmount, check, mount, ..Steps::alone(false, size) };
    finish(found, request, family.unwrap_or(Family::Ext), steps, notices).map(Some)
}

/// Why a file system is not cut.
fn cut(name: &str, family: Option<Family>) -> Refusal {
    let line = match family {
        Some(Family::Ext) => "File system reduce is required (see resize2fs or --resizefs.)".to_owned(),
        Some(Family::Btrfs) => "File system reduce is required (see btrfs-progs or --resizefs.)".to_owned(),
        Some(Family::Xfs) | None => format!("File system reduce is required and not supported ({name})."),
    };
    Refusal::words(line).hint("--fs ignore shrinks the LV all the same, and what is cut off is lost")
}

fn finish(
    found: &Found,
    request: &Request,
    family: Family,
    mut steps: Steps,
    notices: &mut Vec<Notice>,
) -> Result<Steps, Refusal> {
    let Steps { grows, unmount, check, mount, .. } = steps;
    if let ([_, _, ..], true) = (found.mounts.as_slice(), unmount) {
        let places: Vec<String> = found.mounts.iter().map(|at| at.display().to_string()).collect();
        return Err(Refusal::words(format!(
            "{} has to be unmounted, and is mounted at several places: {}.",
            found.lv,
            places.join(", ")
        )));
    }
    notices.push(Notice::FileSystemSteps { grows, unmount, check, mount });
    steps.remount = match request.mode {
        Mode::Manage if unmount && request.word == "resize_fsadm" => Remount::Always,
        Mode::Manage if unmount => Remount::Done,
        Mode::Manage | Mode::NoChange | Mode::Offline => Remount::No,
    };
    // What fsadm mounts nobody else sees, and it never asked about that.
    let asks = unmount || (mount && request.word != "resize_fsadm");
    if !request.mode_asked && asks {
        let tool = match family {
            Family::Ext => "resize2fs",
            Family::Xfs => "xfs_growfs",
            Family::Btrfs => "btrfs filesystem resize",
        };
        let crypt = found.crypt.is_some();
        let parts =
            [(unmount, "unmount"), (check, "fsck"), (crypt, "cryptsetup"), (mount, "mount"), (true, tool)];
        let parts: Vec<&str> = parts.iter().filter(|(is, _)| *is).map(|(_, step)| *step).collect();
        let (name, steps_text) = (found.name.to_owned(), parts.join(", "));
        steps.consent = Some(Consent::FileSystemSteps { name, grows, steps: steps_text });
    }
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file_system::Crypt;
    use device::DevNumber;

    const MIB: u64 = 1 << 20;

    fn request(mode: Mode) -> Request {
        let what = FileSystem::Resized;
        Request { what, asked: true, word: "resize", mode, mode_asked: false, check: true }
    }

    fn parts(steps: &Steps) -> (bool, bool, bool, bool) {
        (steps.unmount, steps.check, steps.mount, steps.remount == Remount::Done)
    }

    fn grown(name: &'static str, mounts: &[&str], mode: Mode) -> Result<(bool, bool, bool, bool), String> {
        let steps = grow(&Found::fake(name, mounts), &request(mode), Bytes::new(30 * MIB), &mut Vec::new());
        steps.map(|steps| parts(&steps)).map_err(|refusal| refusal.lines.concat())
    }

    fn shrunk(name: &'static str, mounts: &[&str], mode: Mode) -> Result<(bool, bool, bool, bool), String> {
        let steps = shrink(&Found::fake(name, mounts), &request(mode), Bytes::new(10 * MIB), &mut Vec::new());
        steps.map(|steps| parts(&steps.unwrap())).map_err(|refusal| refusal.lines.concat())
    }

    #[test]
    fn ext_grows_as_it_is_and_is_checked_when_unmounted() {
        assert_eq!(grown("ext4", &["/m"], Mode::Manage), Ok((false, false, false, false)));
        assert_eq!(grown("ext4", &[], Mode::Manage), Ok((false, true, false, false)));
        assert_eq!(grown("ext3", &["/m"], Mode::Offline), Ok((true, true, false, false)));
        assert!(grown("ext4", &["/m", "/n"], Mode::Offline).unwrap_err().contains("several places: /m, /n"));
    }

    #[test]
    fn xfs_grows_mounted_and_never_shrinks() {
        assert_eq!(grown("xfs", &["/m"], Mode::NoChange), Ok((false, false, false, false)));
        assert_eq!(grown("xfs", &[], Mode::Manage), Ok((false, false, true, false)));
        assert!(grown("xfs", &[], Mode::NoChange).is_err());
        assert!(grown("xfs", &["/m"], Mode::Offline).is_err());
        let refused = shrunk("xfs", &[], Mode::Manage).unwrap_err();
        assert_eq!(refused, "File system reduce is required and not supported (xfs).");
    }

    #[test]
    fn ext_shrinks_unmounted_and_comes_back() {
        assert_eq!(shrunk("ext4", &["/m"], Mode::Manage), Ok((true, true, false, true)));
        assert_eq!(shrunk("ext4", &["/m"], Mode::Offline), Ok((true, true, false, false)));
        assert_eq!(shrunk("ext4", &[], Mode::NoChange), Ok((false, true, false, false)));
        assert!(shrunk("ext4", &["/m"], Mode::NoChange).is_err());
    }

    #[test]
    fn what_is_encrypted_has_less_room_than_its_lv() {
        let mut found = Found::fake("ext4", &[]);
        let crypt = |size| Crypt {
            node: "/dev/dm-1".into(),
            number: DevNumber { major: 253, minor: 1 },
            offset: Bytes::new(2 * MIB),
            size: Bytes::new(size * MIB),
        };
        found.crypt = Some(crypt(30));
        let mut checked = request(Mode::Manage);
        checked.what = FileSystem::Checked;
        let shrunk = |found: &Found, request: &Request, size: u64| {
            let steps = shrink(found, request, Bytes::new(size * MIB), &mut Vec::new());
            steps.map(|steps| steps.map(|steps| (steps.resizes, steps.size.get() / MIB)))
        };
        let resized = request(Mode::Manage);
        assert_eq!(shrunk(&found, &resized, 21).unwrap(), Some((true, 19)));
        // It ends at 20 MiB: what it lies in does not.
        assert_eq!(shrunk(&found, &resized, 22).unwrap(), Some((false, 20)));
        assert!(shrunk(&found, &checked, 22).unwrap_err().lines[0].starts_with("crypt reduce is required"));
        assert!(
            shrunk(&found, &resized, 2).unwrap_err().lines[0]
                .contains("not enough space left for crypt data")
        );
        found.crypt = Some(crypt(20));
        assert_eq!(shrunk(&found, &checked, 22).unwrap(), None);
        let grown = grow(&found, &resized, Bytes::new(32 * MIB), &mut Vec::new()).unwrap();
        assert_eq!(grown.size, Bytes::new(30 * MIB));
    }

    #[test]
    fn what_ends_before_the_cut_is_left_alone() {
        let size = Bytes::new(20 * MIB);
        for name in ["ext4", "xfs", "swap"] {
            let steps = shrink(&Found::fake(name, &[]), &request(Mode::Manage), size, &mut Vec::new());
            assert_eq!(steps.unwrap(), None);
        }
        assert!(shrunk("swap", &[], Mode::Manage).is_err());
    }

    #[test]
    fn changing_mounts_is_asked_about_unless_the_mode_was_chosen() {
        let size = Bytes::new(10 * MIB);
        let chosen = Request { mode_asked: true, ..request(Mode::Manage) };
        let ask = |request: Request| {
            let steps = shrink(&Found::fake("ext4", &["/m"]), &request, size, &mut Vec::new());
            steps.unwrap().unwrap()
        };
        let steps = "unmount, fsck, resize2fs".to_owned();
        let consent = Consent::FileSystemSteps { name: "ext4".to_owned(), grows: false, steps };
        assert_eq!(ask(request(Mode::Manage)).consent, Some(consent));
        assert_eq!(ask(chosen).consent, None);
    }
}
