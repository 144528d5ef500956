//! `vgcfgbackup`: the metadata of VGs in files.

use crate::change::{Refusal, keep};
use crate::exit::Exit;
use crate::options::Opt;
use crate::overwrite::{check_no_disk, check_no_member};
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use crate::world::World;
use metadata::model::SegmentKind;
use std::ffi::OsString;
use std::iter;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use store::{LockRequest, VgOnDisk};

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    back_up(parsed, world).unwrap_or_else(|exit| exit)
}

fn back_up(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let session = Session::open(parsed, world)?;
    let sight = Sight::read(parsed, world, &session)?;
    let (chosen, mut exit) = sight.choose_vgs(parsed, world, &session);
    let names: Vec<String> = chosen.iter().map(|choice| sight.scan.vgs[choice.vg].vg.name.clone()).collect();
    let mut last = None;
    for name in names {
        let done = one(parsed, world, &session, &name, &mut last);
        exit = exit.worse(done.err().unwrap_or(Exit::OK));
    }
    Ok(exit)
}

/// Backs one VG up, read again under its lock.
fn one(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    name: &str,
    last: &mut Option<PathBuf>,
) -> Result<(), Exit> {
    let _held = session.lock(world, &LockRequest::read_vg(name))?;
    let sight = Sight::read(parsed, world, session)?;
    for place in sight.named(name) {
        let on_disk = &sight.scan.vgs[place];
        world.learn_ids((name, on_disk.vg.id), iter::empty(), iter::empty());
        world.about_vg(name);
        match parsed.os(Opt::File) {
            Some(template) => {
                let path = PathBuf::from(expanded(template.as_bytes(), name));
                to_file(parsed, world, session, on_disk, &path, last)?;
            }
            None => {
                check(on_disk).map_err(|refusal| refusal.tell(world))?;
                keep::backup_now(parsed, world, session, &on_disk.vg)?;
            }
        }
        world.print(format_args!("Volume group \"{name}\" successfully backed up."));
    }
    Ok(())
}

/// What stands in the way of the usual backup, which is made for getting the VG back.
fn check(on_disk: &VgOnDisk) -> Result<(), Refusal> {
    if on_disk.is_partial() {
        let words = "No backup taken: specify filename with -f to backup with missing PVs.";
        return Err(Refusal::words(words));
    }
    let mut kinds = on_disk.vg.lvs.iter().flat_map(|lv| &lv.segments).map(|segment| &segment.kind);
    if kinds.any(|kind| matches!(kind, SegmentKind::Verbatim(verbatim) if verbatim.segtype.is_none())) {
        let words = "No backup taken: specify filename with -f to backup with unknown segments.";
        return Err(Refusal::words(words));
    }
    Ok(())
}

fn to_file(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    on_disk: &VgOnDisk,
    path: &Path,
    last: &mut Option<PathBuf>,
) -> Result<(), Exit> {
    if last.as_deref() == Some(path) {
        world.error("VGs must be backed up into different files. Use %s in filename for VG name.");
        return Err(Exit::FAILED);
    }
    *last = Some(path.to_owned());
    let checked = check_no_member(session, path).and_then(|()| check_no_disk(path));
    checked.map_err(|refusal| refusal.tell(world))?;
    keep::backup_to(parsed, world, session, &on_disk.vg, path)
}

/// The file's name with `%s` replaced by the VG's name, and `%%` by a percent sign.
fn expanded(template: &[u8], vg: &str) -> OsString {
    let mut name = Vec::new();
    let mut rest = template;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match (byte, tail.first()) {
            (b'%', Some(b's')) => name.extend_from_slice(vg.as_bytes()),
            (b'%', Some(b'%')) => name.push(b'%'),
            _ => {
                name.push(byte);
                continue;
            }
        }
        rest = &tail[1..];
    }
    OsString::from_vec(name)
}

#[cfg(test)]
mod tests {
    use super::expanded;

    #[test]
    fn a_file_name_may_have_the_vgs_name_in_it() {
        assert_eq!(expanded(b"/b/of-%s.vg", "data"), "/b/of-data.vg");
        assert_eq!(expanded(b"100%%-%s-%", "v"), "100%-v-%");
        assert_eq!(expanded(b"plain", "v"), "plain");
    }
}
