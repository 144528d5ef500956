//! flock on image files themselves, which outlive their locks.

use super::{LockError, LockMode, Patience, Wait};
use crate::disk::{Claim, Identity};
use crate::open::identity_of;
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The images this process has locked, and how often. The kernel's list of locks tells it too, but not
/// reliably while others lock and unlock.
static OWN: Mutex<BTreeMap<Identity, usize>> = Mutex::new(BTreeMap::new());

fn own() -> MutexGuard<'static, BTreeMap<Identity, usize>> {
    OWN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A flock on an image, given back on drop.
#[derive(Debug)]
pub struct ImageLock {
    path: PathBuf,
    identity: Identity,
    /// None where this process already had the lock through another [`ImageLock`].
    file: Option<File>,
}

impl ImageLock {
    /// Which image.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Which file that is.
    pub fn identity(&self) -> Identity {
        self.identity
    }

    /// The locked description, for a child that shall hold the lock too.
    pub fn fd(&self) -> Option<BorrowedFd<'_>> {
        self.file.as_ref().map(AsFd::as_fd)
    }
}

impl Claim for ImageLock {}

impl Drop for ImageLock {
    fn drop(&mut self) {
        if self.file.is_none() {
            return;
        }
        let mut own = own();
        if let Some(count) = own.get_mut(&self.identity) {
            *count -= 1;
            if *count == 0 {
                own.remove(&self.identity);
            }
        }
    }
}

/// Locks one image. Neither creates nor removes it, and needs no more than the right to read it.
pub fn lock_image(path: &Path, mode: LockMode, wait: Wait<'_>) -> Result<ImageLock, LockError> {
    let (file, identity) = open(path)?;
    lock_open(path, file, identity, mode, &mut Patience::new(wait))
}

/// Locks several images in order of identity, so that two processes never wait for each other; an image
/// named twice is locked once. The wait is for all of them together.
pub fn lock_images(paths: &[&Path], mode: LockMode, wait: Wait<'_>) -> Result<Vec<ImageLock>, LockError> {
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        let (file, identity) = open(path)?;
        files.push((identity, *path, file));
    }
    files.sort_by_key(|(identity, ..)| *identity);
    files.dedup_by_key(|(identity, ..)| *identity);
    let mut patience = Patience::new(wait);
    files
        .into_iter()
        .map(|(identity, path, file)| lock_open(path, file, identity, mode, &mut patience))
        .collect()
}

fn open(path: &Path) -> Result<(File, Identity), LockError> {
    let file = File::open(path).map_err(|e| LockError::io(path, "open", e))?;
    let stat = file.metadata().map_err(|e| LockError::io(path, "stat", e))?;
    let special = || LockError::io(path, "open", io::Error::other("no regular file"));
    let identity = identity_of(&stat).ok_or_else(special)?;
    Ok((file, identity))
}

fn lock_open(
    path: &Path,
    file: File,
    identity: Identity,
    mode: LockMode,
    patience: &mut Patience<'_>,
) -> Result<ImageLock, LockError> {
    patience.lock(&file, path, mode)?;
    *own().entry(identity).or_default() += 1;
    Ok(ImageLock { path: path.to_owned(), identity, file: Some(file) })
}

/// Claims an image for this process: like [`lock_image`] exclusively, but a lock that this process
/// itself has (that of its scope) is no obstacle.
pub(crate) fn claim_image(path: &Path) -> Result<ImageLock, LockError> {
    let (file, identity) = open(path)?;
    if own().contains_key(&identity) {
        return Ok(ImageLock { path: path.to_owned(), identity, file: None });
    }
    lock_open(path, file, identity, LockMode::Exclusive, &mut Patience::new(Wait::NO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_locked_once_each_in_order_of_identity() {
        let folder = tempfile::tempdir().unwrap();
        let paths = ["b", "a", "c"].map(|name| folder.path().join(name));
        for path in &paths {
            std::fs::write(path, [0; 512]).unwrap();
        }
        let twice: Vec<&Path> = paths.iter().rev().chain(&paths).map(PathBuf::as_path).collect();
        let locks = lock_images(&twice, LockMode::Exclusive, Wait::NO).unwrap();
        assert_eq!(locks.len(), 3);
        assert!(locks.is_sorted_by_key(ImageLock::identity));
        let error = lock_image(&paths[0], LockMode::Shared, Wait::NO).unwrap_err();
        assert!(error.is_own());
        assert!(claim_image(&paths[0]).unwrap().fd().is_none());
        drop(locks);
        assert!(claim_image(&paths[0]).unwrap().fd().is_some());
        assert!(paths.iter().all(|p| p.exists()));
    }
}
