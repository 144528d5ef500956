//! The disks one command works on.

use crate::disk::{Disk, Identity};
use crate::names::Preference;
use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A disk of one [`DiskSet`]: an index, meaningless in any other set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DiskId(u32);

impl DiskId {
    /// Its place in the set's order.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One disk with all its names.
#[derive(Clone, Debug)]
pub struct Entry {
    id: DiskId,
    names: Vec<PathBuf>,
    parent: Option<DiskId>,
    disk: Arc<dyn Disk>,
}

impl Entry {
    /// Its index.
    pub fn id(&self) -> DiskId {
        self.id
    }

    /// The name that messages and reports show.
    pub fn name(&self) -> &Path {
        &self.names[0]
    }

    /// All names, the preferred one first.
    pub fn names(&self) -> &[PathBuf] {
        &self.names
    }

    /// The disk that this one is a part of (a partition of it, an LV on it).
    pub fn parent(&self) -> Option<DiskId> {
        self.parent
    }

    /// The disk itself.
    pub fn disk(&self) -> &Arc<dyn Disk> {
        &self.disk
    }
}

/// Disks in the order they were added, found by number, by identity and by any of their names. One
/// object is in it once, whatever number of names leads to it.
#[derive(Clone, Debug, Default)]
pub struct DiskSet {
    entries: Vec<Entry>,
    by_identity: HashMap<Identity, DiskId>,
    by_name: HashMap<PathBuf, DiskId>,
}

impl DiskSet {
    /// No disks.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a disk under its own path. Where its object is in the set already, that one is kept and
    /// gets the path as one more name.
    pub fn add(&mut self, disk: Arc<dyn Disk>) -> DiskId {
        self.add_part(disk, None)
    }

    /// Adds a disk that is a part of another.
    pub fn add_child(&mut self, parent: DiskId, disk: Arc<dyn Disk>) -> DiskId {
        self.add_part(disk, Some(parent))
    }

    /// Adds a disk under names of its own choice, the preferred one first, or under its path if there are
    /// none.
    pub fn add_named(&mut self, disk: Arc<dyn Disk>, names: Vec<PathBuf>) -> DiskId {
        let id = self.add(disk);
        for name in &names {
            self.add_name(id, name.clone());
        }
        let entry = &mut self.entries[id.index()];
        entry.names.sort_by_key(|name| names.iter().position(|n| n == name).unwrap_or(names.len()));
        id
    }

    fn add_part(&mut self, disk: Arc<dyn Disk>, parent: Option<DiskId>) -> DiskId {
        let next = DiskId(u32::try_from(self.entries.len()).expect("fewer than 2^32 disks"));
        let name = disk.path().to_owned();
        match self.by_identity.entry(disk.identity()) {
            Slot::Occupied(known) => {
                let id = *known.get();
                self.add_name(id, name);
                id
            }
            Slot::Vacant(free) => {
                free.insert(next);
                self.by_name.insert(name.clone(), next);
                self.entries.push(Entry { id: next, names: vec![name], parent, disk });
                next
            }
        }
    }

    /// Reaches the same object another way from now on: an image through the loop device it was attached to.
    ///
    /// # Panics
    /// Where the disk is another object.
    pub fn replace(&mut self, id: DiskId, disk: Arc<dyn Disk>) {
        let entry = &mut self.entries[id.index()];
        assert_eq!(
            entry.disk.identity(),
            disk.identity(),
            "another disk in place of {}",
            entry.name().display()
        );
        entry.disk = disk;
    }

    /// Gives a disk one more name, after those it has. A name that another disk had is this one's now.
    pub fn add_name(&mut self, id: DiskId, name: PathBuf) {
        if let Some(old) = self.by_name.insert(name.clone(), id) {
            if old == id {
                return;
            }
            let names = &mut self.entries[old.index()].names;
            // The only name of a disk stays, for messages, though it no longer leads there.
            if names.len() > 1 {
                names.retain(|n| *n != name);
            }
        }
        self.entries[id.index()].names.push(name);
    }

    /// Puts each disk's names into the order of preference.
    pub fn prefer(&mut self, preference: &Preference) {
        for entry in &mut self.entries {
            preference.sort(&mut entry.names);
        }
    }

    /// The entry of an index.
    ///
    /// # Panics
    /// Where the index is of another, larger set.
    pub fn get(&self, id: DiskId) -> &Entry {
        &self.entries[id.index()]
    }

    /// The disk of an index.
    ///
    /// # Panics
    /// Where the index is of another, larger set.
    pub fn disk(&self, id: DiskId) -> &Arc<dyn Disk> {
        &self.get(id).disk
    }

    /// The entry of an object.
    pub fn by_identity(&self, identity: Identity) -> Option<&Entry> {
        self.by_identity.get(&identity).map(|id| self.get(*id))
    }

    /// The entry of a name, as it stands (no symlink is followed).
    pub fn by_name(&self, name: &Path) -> Option<&Entry> {
        self.by_name.get(name).map(|id| self.get(*id))
    }

    /// The entry of a name, or else of the object that the name leads to on this host.
    pub fn find(&self, name: &Path) -> Option<&Entry> {
        self.by_name(name).or_else(|| self.by_identity(crate::open::identity(name)?))
    }

    /// All entries, in the order they were added.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.entries.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<'a> IntoIterator for &'a DiskSet {
    type Item = &'a Entry;
    type IntoIter = std::slice::Iter<'a, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl FromIterator<Arc<dyn Disk>> for DiskSet {
    fn from_iter<I: IntoIterator<Item = Arc<dyn Disk>>>(disks: I) -> Self {
        let mut set = Self::new();
        for disk in disks {
            set.add(disk);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::FileDisk;

    fn image(path: &Path) -> Arc<dyn Disk> {
        std::fs::write(path, [0; 512]).unwrap();
        Arc::new(FileDisk::open(path).unwrap())
    }

    #[test]
    fn two_names_of_one_object_are_one_entry() {
        let folder = tempfile::tempdir().unwrap();
        let (a, b, link) = (folder.path().join("a"), folder.path().join("b"), folder.path().join("link"));
        let mut set = DiskSet::new();
        let first = set.add(image(&a));
        let second = set.add(image(&b));
        std::os::unix::fs::symlink(&a, &link).unwrap();
        assert_eq!(set.find(&link).unwrap().id(), first);
        assert_eq!(set.add(Arc::new(FileDisk::open(&link).unwrap())), first);
        assert_eq!(set.len(), 2);
        assert_eq!(set.get(first).names(), [a.clone(), link.clone()]);
        assert_eq!(set.by_name(&link).unwrap().id(), first);
        assert_eq!(set.by_identity(set.disk(second).identity()).unwrap().id(), second);
        set.prefer(&Preference { patterns: Vec::new(), dev: folder.path().to_owned() });
        assert_eq!(set.get(first).name(), link);
    }

    #[test]
    fn a_part_knows_what_it_is_a_part_of() {
        let folder = tempfile::tempdir().unwrap();
        let mut set = DiskSet::new();
        let whole = set.add(image(&folder.path().join("disk")));
        let part = set.add_child(whole, image(&folder.path().join("disk-p1")));
        assert_eq!(set.get(part).parent(), Some(whole));
        assert_eq!(set.get(whole).parent(), None);
    }

    #[test]
    fn a_name_leads_to_the_disk_that_got_it_last() {
        let folder = tempfile::tempdir().unwrap();
        let mut set = DiskSet::new();
        let a = set.add(image(&folder.path().join("a")));
        let b = set.add(image(&folder.path().join("b")));
        set.add_name(a, PathBuf::from("/dev/disk/by-id/x"));
        set.add_name(b, PathBuf::from("/dev/disk/by-id/x"));
        assert_eq!(set.by_name(Path::new("/dev/disk/by-id/x")).unwrap().id(), b);
        assert_eq!(set.get(a).names().len(), 1);
    }
}
