//! The names of block devices: a walk through the device folder.

use super::{DevNumber, Host};
use std::collections::HashMap;
use std::fs::{FileType, read_dir};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileTypeExt;
use std::path::PathBuf;

/// Folders of the device folder that hold no names of block devices.
const WITHOUT_DISKS: [&str; 15] = [
    "bsg",
    "bus",
    "char",
    "cpu",
    "dma_heap",
    "dri",
    "fd",
    "hugepages",
    "input",
    "mqueue",
    "net",
    "pts",
    "shm",
    "snd",
    "usb",
];

/// All names in these folders, or in the device folder if there are none, nodes and symlinks, by the device
/// they lead to, in the order of the alphabet.
pub(crate) fn names(host: &Host, folders: &[PathBuf]) -> HashMap<DevNumber, Vec<PathBuf>> {
    let mut names: HashMap<DevNumber, Vec<PathBuf>> = HashMap::new();
    let mut folders = folders.to_vec();
    if folders.is_empty() {
        folders.push(host.dev.clone());
    }
    while let Some(folder) = folders.pop() {
        let Ok(entries) = read_dir(&folder) else { continue };
        for entry in entries.filter_map(Result::ok) {
            let name = entry.file_name();
            let Ok(kind) = entry.file_type() else { continue };
            if name.as_bytes().starts_with(b".") {
                continue;
            }
            if kind.is_dir() {
                if folder != host.dev || !WITHOUT_DISKS.iter().any(|without| name == *without) {
                    folders.push(entry.path());
                }
            } else if may_be_disk(kind) {
                let path = entry.path();
                if let Some(number) = host.nodes.identity(&path).and_then(DevNumber::of) {
                    names.entry(number).or_default().push(path);
                }
            }
        }
    }
    for paths in names.values_mut() {
        paths.sort();
        // Folders may be given twice, or one within another.
        paths.dedup();
    }
    names
}

fn may_be_disk(kind: FileType) -> bool {
    !kind.is_char_device() && !kind.is_fifo() && !kind.is_socket()
}
