//! The order in which devices are gone through: LVM2's, which shows where nothing is sorted, and decides which of
//! several equals counts.
//!
//! LVM2 walks through the device folder by the alphabet and enters each device, when it first meets one of its
//! names, in a tree by the bytes of its number. A node of the tree keeps its children as they came, but one with
//! more than 48 children by their bytes. Facts: LVM2 2.03.40 lib/device/dev-cache.c, lib/datastruct.

use crate::host::DevNumber;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// More children than this stand in the order of their bytes.
const AS_THEY_CAME: usize = 48;

/// Sorts devices, given as they are met first, as the tree keeps them.
pub(super) fn in_tree<T>(met: Vec<(DevNumber, T)>) -> Vec<(DevNumber, T)> {
    let keys: Vec<[u8; 4]> = met.iter().map(|(number, _)| key(*number)).collect();
    let mut order = Vec::with_capacity(met.len());
    below(&keys, (0..met.len()).collect(), 0, &mut order);
    let mut met: Vec<Option<(DevNumber, T)>> = met.into_iter().map(Some).collect();
    order.into_iter().filter_map(|place| met[place].take()).collect()
}

/// The lower half of a `dev_t`, its highest byte first.
fn key(number: DevNumber) -> [u8; 4] {
    let DevNumber { major, minor } = number;
    ((major & 0xfff) << 8 | minor & 0xff | (minor & !0xff) << 12).to_be_bytes()
}

/// The places of devices below one node.
fn below(keys: &[[u8; 4]], places: Vec<usize>, depth: usize, order: &mut Vec<usize>) {
    if depth == 4 || places.len() < 2 {
        return order.extend(places);
    }
    let mut children: Vec<(u8, Vec<usize>)> = Vec::new();
    let mut slots = [usize::MAX; 256];
    for place in places {
        let byte = keys[place][depth];
        let slot = &mut slots[usize::from(byte)];
        if *slot == usize::MAX {
            *slot = children.len();
            children.push((byte, Vec::new()));
        }
        children[*slot].1.push(place);
    }
    if children.len() > AS_THEY_CAME {
        children.sort_by_key(|(byte, _)| *byte);
    }
    children.into_iter().for_each(|(_, places)| below(keys, places, depth + 1, order));
}

/// A key that orders paths as their parts do, one after the other: several times as fast as comparing paths.
pub(super) fn by_folders(path: &Path) -> Vec<u8> {
    path.as_os_str().as_bytes().iter().map(|&byte| if byte == b'/' { 0 } else { byte }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(met: &[&str]) -> Vec<String> {
        let met = met.iter().map(|number| (number.parse().unwrap(), ())).collect();
        in_tree(met).into_iter().map(|(number, ())| number.to_string()).collect()
    }

    #[test]
    fn devices_of_a_driver_stand_together_as_they_came() {
        assert_eq!(order(&["8:16", "7:3", "8:0", "7:1"]), ["8:16", "8:0", "7:3", "7:1"]);
        // The high bits of a minor number come before all others.
        assert_eq!(order(&["8:1", "8:256", "8:2"]), ["8:1", "8:2", "8:256"]);
    }

    #[test]
    fn many_devices_of_a_driver_stand_by_their_numbers() {
        let met: Vec<String> = (0..49).rev().map(|minor| format!("7:{minor}")).collect();
        let met: Vec<&str> = met.iter().map(String::as_str).collect();
        assert_eq!(order(&met)[..3], ["7:0", "7:1", "7:2"]);
        assert_eq!(order(&met[1..])[..2], ["7:47", "7:46"]);
    }
}
