//! Mounts and swap, from `/proc`.

use super::User;
use crate::disk::Identity;
use crate::host::{DevNumber, Host, HostDevice};
use std::ffi::OsString;
use std::fs::{DirEntry, read_dir, read_to_string};
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

/// The mounts of some devices in this process's name space: by the number of the file system, or by that of
/// the device it was mounted from, for file systems that have a number of their own (btrfs).
/// One that spans several devices is mounted from any of them.
pub(super) fn mounts(host: &Host, devices: &[DevNumber]) -> Vec<User> {
    let table = std::fs::read(host.proc.join("self/mountinfo")).unwrap_or_default();
    let devices = with_companions(host, devices);
    table.split(|b| *b == b'\n').filter_map(|line| mount(host, line, &devices)).collect()
}

/// The device that the root file system is mounted from, where it is one of this host.
pub fn root_device(host: &Host) -> Option<HostDevice> {
    let table = std::fs::read(host.proc.join("self/mountinfo")).ok()?;
    let number = |line: &[u8]| -> Option<DevNumber> {
        let mut words = line.split(|b| *b == b' ');
        let number: DevNumber = std::str::from_utf8(words.nth(2)?).ok()?.parse().ok()?;
        let is_root = words.nth(1)? == b"/";
        let source = unescape(words.skip_while(|word| *word != b"-").nth(2)?);
        let number = match number.major {
            0 => DevNumber::of(host.nodes.identity(&source)?)?,
            _ => number,
        };
        is_root.then_some(number)
    };
    // What was mounted last lies on top.
    let number = table.split(|b| *b == b'\n').filter_map(number).next_back()?;
    HostDevice::of(&host.sys, number)
}

/// With all devices of the running btrfs file systems that these devices are a part of:
/// `/sys/fs/btrfs/UUID/devices/NAME` are links to the devices.
fn with_companions(host: &Host, devices: &[DevNumber]) -> Vec<DevNumber> {
    let mut all = devices.to_vec();
    for file_system in read_dir(host.sys.join("fs/btrfs")).into_iter().flatten().flatten() {
        let links = read_dir(file_system.path().join("devices")).into_iter().flatten().flatten();
        let number = |link: DirEntry| read_to_string(link.path().join("dev")).ok()?.trim().parse().ok();
        let members: Vec<DevNumber> = links.filter_map(number).collect();
        if members.iter().any(|member| devices.contains(member)) {
            all.extend(members);
        }
    }
    all
}

/// `36 35 98:0 /root /mount/point options [fields...] - type source options`.
fn mount(host: &Host, line: &[u8], devices: &[DevNumber]) -> Option<User> {
    let mut words = line.split(|b| *b == b' ');
    let number: DevNumber = std::str::from_utf8(words.nth(2)?).ok()?.parse().ok()?;
    let at = unescape(words.nth(1)?);
    let mut tail = words.skip_while(|word| *word != b"-").skip(1);
    let file_system = String::from_utf8_lossy(tail.next()?).into_owned();
    let source = unescape(tail.next()?);
    // Where the number is a device's, the source has nothing to add, and need not be looked up.
    let is_it = devices.contains(&number)
        || (number.major == 0 && {
            let from = source.is_absolute().then(|| host.nodes.identity(&source)).flatten();
            from.and_then(DevNumber::of).is_some_and(|n| devices.contains(&n))
        });
    is_it.then_some(User::Mount { at, file_system, source })
}

/// Whether the kernel swaps to one of these.
pub(super) fn swaps(host: &Host, disks: &[Identity]) -> Option<User> {
    let table = std::fs::read(host.proc.join("swaps")).unwrap_or_default();
    let used = table.split(|b| *b == b'\n').skip(1).any(|line| {
        let name = line.split(|b| b.is_ascii_whitespace()).next().unwrap_or_default();
        !name.is_empty() && host.nodes.identity(&unescape(name)).is_some_and(|i| disks.contains(&i))
    });
    used.then_some(User::Swap)
}

/// Undoes the kernel's `\040` for a space, and so on.
fn unescape(word: &[u8]) -> PathBuf {
    let mut bytes = Vec::with_capacity(word.len());
    let mut rest = word;
    while let Some((&first, tail)) = rest.split_first() {
        let octal = |d: &u8| (b'0'..=b'7').contains(d);
        match (first, tail) {
            (b'\\', [a, b, c, more @ ..]) if [a, b, c].into_iter().all(octal) && *a < b'4' => {
                bytes.push((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'));
                rest = more;
            }
            _ => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    PathBuf::from(OsString::from_vec(bytes))
}
