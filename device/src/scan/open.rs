//! Opening the devices that may be used.

use super::{Candidate, Rejected, Scanner};
use crate::disk::Disk;
use crate::error::DiskError;
use crate::host::HostDevice;
use crate::limit::make_room_for;
use crate::set::{DiskId, DiskSet};
use crate::together::each;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

impl Scanner<'_> {
    /// Opens all candidates at once.
    pub(super) fn open(&mut self, candidates: Vec<Candidate>) -> (DiskSet, HashMap<DiskId, HostDevice>) {
        make_room_for(candidates.len());
        let nodes = &self.options.host.nodes;
        let open = |candidate: &Candidate| open_first(candidate, |name| nodes.open(name));
        // Opening touches no medium; a thread pays only where there are many.
        let many = candidates.len() > 16;
        let opened = each(&candidates, |_| many, open);
        let (mut disks, mut host) = (DiskSet::new(), HashMap::new());
        for (candidate, opened) in candidates.into_iter().zip(opened) {
            match opened {
                Ok(disk) => {
                    let id = disks.add_named(disk, candidate.names);
                    host.extend(candidate.device.map(|device| (id, device)));
                }
                Err(e) => self.reject(candidate.names, candidate.number, Rejected::Unusable(Arc::new(e))),
            }
        }
        (disks, host)
    }
}

/// Opens a device by its first name that still leads to it.
fn open_first(
    candidate: &Candidate,
    open: impl Fn(&Path) -> Result<Arc<dyn Disk>, DiskError>,
) -> Result<Arc<dyn Disk>, DiskError> {
    let mut first_error = None;
    for name in &candidate.names {
        match open(name) {
            Ok(disk) if disk.identity() == candidate.number.identity() => return Ok(disk),
            Ok(_) => {}
            Err(e) => {
                first_error.get_or_insert(e);
            }
        }
    }
    let path = candidate.names.first().cloned().unwrap_or_default();
    let changed = std::io::Error::other("another device has taken this name");
    Err(first_error.unwrap_or(DiskError::Open { path, source: changed }))
}
