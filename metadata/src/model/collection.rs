//! An ordered set of things with ids, found by id in constant time.

use foldhash::{HashMap, HashMapExt};
use units::Id;

/// Something with an id of its own.
pub trait Identified {
    /// The id.
    fn id(&self) -> Id;
}

/// Things in the order the metadata lists them, indexed by id.
#[derive(Clone, Debug)]
pub struct Collection<T> {
    items: Vec<T>,
    places: HashMap<Id, usize>,
}

impl<T> Default for Collection<T> {
    fn default() -> Self {
        Self { items: Vec::new(), places: HashMap::new() }
    }
}

impl<T: PartialEq> PartialEq for Collection<T> {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items
    }
}

impl<T: Identified> Collection<T> {
    /// None yet, with room for that many.
    pub fn with_capacity(count: usize) -> Self {
        Self { items: Vec::with_capacity(count), places: HashMap::with_capacity(count) }
    }

    /// These, in their order.
    ///
    /// # Errors
    /// The place of the first one whose id another one before it has.
    pub fn of(items: Vec<T>) -> Result<Self, (usize, Id)> {
        let mut places = HashMap::with_capacity(items.len());
        for (place, item) in items.iter().enumerate() {
            if places.insert(item.id(), place).is_some() {
                return Err((place, item.id()));
            }
        }
        Ok(Self { items, places })
    }

    /// Adds at the end. Gives the thing back where its id is taken already.
    pub fn push(&mut self, item: T) -> Result<(), T> {
        match self.places.insert(item.id(), self.items.len()) {
            Some(place) => {
                self.places.insert(item.id(), place);
                Err(item)
            }
            None => {
                self.items.push(item);
                Ok(())
            }
        }
    }

    /// The thing with this id.
    pub fn get(&self, id: Id) -> Option<&T> {
        self.places.get(&id).map(|&place| &self.items[place])
    }

    /// The thing with this id, to change it. Its id must stay what it is; see [`Self::reindex`].
    pub fn get_mut(&mut self, id: Id) -> Option<&mut T> {
        self.places.get(&id).map(|&place| &mut self.items[place])
    }

    /// Where in the order it stands.
    pub fn place(&self, id: Id) -> Option<usize> {
        self.places.get(&id).copied()
    }

    /// Whether it is there.
    pub fn contains(&self, id: Id) -> bool {
        self.places.contains_key(&id)
    }

    /// Takes it out; what follows moves up.
    pub fn remove(&mut self, id: Id) -> Option<T> {
        let place = self.places.get(&id).copied()?;
        let item = self.items.remove(place);
        self.reindex();
        Some(item)
    }

    /// Keeps only what `keep` says, in one pass.
    pub fn retain(&mut self, keep: impl FnMut(&T) -> bool) {
        self.items.retain(keep);
        self.reindex();
    }

    /// In order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// In order, to change them. Whoever changes ids calls [`Self::reindex`].
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.items.iter_mut()
    }

    /// Puts them in another order (a stable sort).
    pub fn sort_by_key<K: Ord>(&mut self, key: impl FnMut(&T) -> K) {
        self.items.sort_by_key(key);
        self.reindex();
    }

    /// Whether each is found by its id: no two have the same, and none was changed behind the index.
    pub fn is_each_found(&self) -> bool {
        self.items.iter().enumerate().all(|(place, item)| self.place(item.id()) == Some(place))
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Finds the places of all ids anew.
    pub fn reindex(&mut self) {
        self.places = self.items.iter().enumerate().map(|(place, item)| (item.id(), place)).collect();
    }
}

impl<'a, T: Identified> IntoIterator for &'a Collection<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
