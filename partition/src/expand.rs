//! The partitions of disks, as disks beside them.

use crate::{Part, detect};
use device::{DiskError, DiskId, DiskSet, Entry};
use std::sync::Arc;

/// A table inside a partition of a table inside a partition; deeper ones are nobody's.
const DEPTH: usize = 3;

/// Adds the partitions of those disks that `which` names, and the partitions inside those, as children of the
/// disks they lie on. Gives the disks that cannot be read.
pub fn expand(disks: &mut DiskSet, which: impl Fn(&Entry) -> bool) -> Vec<(DiskId, DiskError)> {
    let mut level: Vec<DiskId> = disks.iter().filter(|entry| which(entry)).map(Entry::id).collect();
    let mut unreadable = Vec::new();
    for _ in 0..DEPTH {
        let mut next = Vec::new();
        for id in level {
            let disk = Arc::clone(disks.disk(id));
            let table = match detect(&*disk) {
                Ok(table) => table,
                Err(error) => {
                    unreadable.push((id, error));
                    continue;
                }
            };
            let partitions = table.map(|table| table.partitions).unwrap_or_default();
            for partition in partitions.iter().filter(|partition| !partition.is_extended) {
                next.push(disks.add_child(id, Arc::new(Part::new(Arc::clone(&disk), partition))));
            }
        }
        level = next;
    }
    unreadable
}
