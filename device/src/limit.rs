//! How many disks this process may have open at once.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Descriptors a disk takes: one for reading, one for writing, one for a claim.
const PER_DISK: u64 = 3;
/// What else a command has open: locks, backups, the terminal, device-mapper.
const BESIDE: u64 = 64;

/// Raises the limit of open files as far as that many disks need and the system allows. Where it does not, opening the
/// disks fails and tells.
pub(crate) fn make_room_for(disks: usize) {
    let wanted = PER_DISK.saturating_mul(disks as u64).saturating_add(BESIDE);
    if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE)
        && soft < wanted.min(hard)
    {
        // A refusal shows when the disks are opened.
        let _ = setrlimit(Resource::RLIMIT_NOFILE, wanted.min(hard), hard);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_grows_with_the_disks_and_never_shrinks() {
        let (before, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
        let disks = usize::try_from(before).unwrap_or(usize::MAX) / 3 + 10;
        make_room_for(disks);
        let (after, _) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
        assert!(after > before || before == hard, "{before} {after} {hard}");
        make_room_for(1);
        assert_eq!(getrlimit(Resource::RLIMIT_NOFILE).unwrap().0, after);
    }
}
