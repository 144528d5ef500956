//! Locks on VGs: LVM2's lock files on a host, flock on the images themselves where there are only images.
//!
//! ```text
//! order   images by identity, then P_global, then V_<vg> by name
//! ```
//! Whoever takes several takes them in this order, all at once; so nobody waits in a circle.

use device::{ImageLock, LockError, LockFile, LockMode, LockOptions, Priority, Wait, lock_images};
use std::os::fd::{AsFd, BorrowedFd};
use std::path::{Path, PathBuf};

/// What is locked by what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockScope {
    /// LVM2's lock folder (global/locking_dir), where the command's scope has block devices, or images that
    /// a loop device is attached to.
    pub folder: Option<PathBuf>,
    /// The image files of the command's scope.
    pub images: Vec<PathBuf>,
}

/// What to lock, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockRequest {
    /// The lock that guards the list of PVs and VGs.
    pub global: Option<LockMode>,
    /// VGs by name.
    pub vgs: Vec<(String, LockMode)>,
    /// The images themselves. Exclusive where anything is changed.
    pub images: Option<LockMode>,
}

impl LockRequest {
    /// For reading one VG.
    pub fn read_vg(name: &str) -> Self {
        let vgs = vec![(name.to_owned(), LockMode::Shared)];
        Self { global: None, vgs, images: Some(LockMode::Shared) }
    }

    /// Whether whoever asks is going to change something.
    pub fn changes(&self) -> bool {
        self.images == Some(LockMode::Exclusive)
    }

    /// For changing one VG.
    pub fn change_vg(name: &str) -> Self {
        let vgs = vec![(name.to_owned(), LockMode::Exclusive)];
        Self { global: None, vgs, images: Some(LockMode::Exclusive) }
    }

    /// For changing which PVs and VGs there are.
    pub fn change_global() -> Self {
        Self { global: Some(LockMode::Exclusive), vgs: Vec::new(), images: Some(LockMode::Exclusive) }
    }

    /// Together with one more VG.
    pub fn and_vg(mut self, name: &str, mode: LockMode) -> Self {
        self.vgs.push((name.to_owned(), mode));
        self
    }
}

/// Locks that are held, and given back on drop: VGs first, then the global one, then images.
#[derive(Debug, Default)]
pub struct Held {
    vgs: Vec<LockFile>,
    global: Option<LockFile>,
    images: Vec<ImageLock>,
}

/// Locks what is asked for, waiting at most `wait` for each. The error names who holds what is wanted.
pub fn lock(
    scope: &LockScope,
    request: &LockRequest,
    wait: Wait<'_>,
    priority: Priority,
) -> Result<Held, LockError> {
    let mut held = Held::default();
    if let Some(mode) = request.images {
        let paths: Vec<&Path> = scope.images.iter().map(PathBuf::as_path).collect();
        held.images = lock_images(&paths, mode, wait)?;
    }
    let Some(folder) = &scope.folder else { return Ok(held) };
    let options = LockOptions { wait, priority };
    if let Some(mode) = request.global {
        held.global = Some(LockFile::acquire(&folder.join("P_global"), mode, options)?);
    }
    let mut vgs = request.vgs.clone();
    // One VG asked for twice is locked once, as strictly as asked.
    vgs.sort_by_key(|(name, mode)| (name.clone(), *mode == LockMode::Shared));
    vgs.dedup_by(|later, first| later.0 == first.0);
    for (name, mode) in vgs {
        held.vgs.push(LockFile::acquire(&folder.join(format!("V_{name}")), mode, options)?);
    }
    Ok(held)
}

impl Held {
    /// The open files behind the locks, for a guardian that shall keep them when this process dies.
    pub fn fds(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        let files = self.vgs.iter().chain(&self.global).map(AsFd::as_fd);
        files.chain(self.images.iter().filter_map(ImageLock::fd))
    }

    /// Gives the global lock back before the others.
    pub fn release_global(&mut self) {
        self.global = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(folder: &Path) -> LockScope {
        LockScope { folder: Some(folder.to_owned()), images: Vec::new() }
    }

    #[test]
    fn locks_have_lvm2s_names_and_go_away_with_their_holder() {
        let folder = tempfile::tempdir().unwrap();
        let request = LockRequest::change_global().and_vg("vg1", LockMode::Exclusive);
        let held = lock(&scope(folder.path()), &request, Wait::NO, Priority::Writers).unwrap();
        assert!(folder.path().join("P_global").exists());
        assert!(folder.path().join("V_vg1").exists());
        assert_eq!(held.fds().count(), 2);
        let other = LockRequest::read_vg("vg1");
        let error = lock(&scope(folder.path()), &other, Wait::NO, Priority::Writers).unwrap_err();
        assert!(matches!(error, LockError::Held { .. }));
        drop(held);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        lock(&scope(folder.path()), &other, Wait::NO, Priority::Writers).unwrap();
    }

    #[test]
    fn a_vg_asked_for_twice_is_locked_once_and_strictly() {
        let folder = tempfile::tempdir().unwrap();
        let request =
            LockRequest::read_vg("a").and_vg("b", LockMode::Shared).and_vg("a", LockMode::Exclusive);
        let held = lock(&scope(folder.path()), &request, Wait::NO, Priority::Writers).unwrap();
        assert_eq!(
            held.vgs.iter().map(LockFile::mode).collect::<Vec<_>>(),
            [LockMode::Exclusive, LockMode::Shared]
        );
    }

    #[test]
    fn a_scope_of_images_locks_the_images_alone() {
        let folder = tempfile::tempdir().unwrap();
        let image = folder.path().join("a.img");
        std::fs::write(&image, [0; 512]).unwrap();
        let scope = LockScope { folder: None, images: vec![image.clone(), image] };
        let held = lock(&scope, &LockRequest::change_vg("vg"), Wait::NO, Priority::Writers).unwrap();
        assert_eq!(held.images.len(), 1);
        assert!(lock(&scope, &LockRequest::read_vg("vg"), Wait::NO, Priority::Writers).is_err());
    }
}
