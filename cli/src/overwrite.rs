//! Files that commands write at the user's word are not to be disks.

use crate::change::Refusal;
use crate::session::Session;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

/// As much of a file as a PV's label may stand in.
const START: u64 = 4 * 512;

/// Refuses a path that leads to a disk in scope.
pub(crate) fn check_no_member(session: &Session, path: &Path) -> Result<(), Refusal> {
    match session.found().disks.find(path) {
        Some(_) => Err(Refusal::words(format!("{} may hold a PV, and is not written over.", path.display()))),
        None => Ok(()),
    }
}

/// Refuses a path that leads to a block device or to an image with a PV's label: whoever writes a text there has mistaken
/// a name. What is not there yet may be written.
pub(crate) fn check_no_disk(path: &Path) -> Result<(), Refusal> {
    let shown = path.display();
    let refused = |error: io::Error| Refusal::words(format!("Cannot write {shown}: {error}."));
    let stat = match path.metadata() {
        Ok(stat) => stat,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(refused(error)),
    };
    if stat.file_type().is_block_device() {
        return Err(Refusal::words(format!("{shown} is a block device, and is not written over.")));
    }
    if !stat.is_file() {
        return Ok(());
    }
    let mut start = Vec::new();
    match File::open(path).and_then(|file| file.take(START).read_to_end(&mut start)) {
        Ok(_) if pv::is_labelled(&start) => {
            Err(Refusal::words(format!("{shown} holds a PV, and is not written over.")))
        }
        Ok(_) => Ok(()),
        // A file that may be written but not read is no PV of the user's.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        Err(error) => Err(refused(error)),
    }
}
