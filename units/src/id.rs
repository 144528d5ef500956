//! The 32-character ids of PVs, VGs and LVs.

use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// An id: 32 characters of `0-9a-zA-Z!#`, kept without dashes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id([u8; 32]);

/// Why something is not an id.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum IdError {
    /// Not 32 characters once dashes at the usual places are taken out.
    #[error("an id has 32 characters in groups of 6-4-4-4-4-4-6, this has {0}")]
    Length(usize),
    /// A character outside the alphabet.
    #[error("an id has no character {0:?}")]
    Character(char),
}

/// Where new ids come from: the kernel's randomness in the program, a counter in tests.
pub trait IdSource {
    /// A fresh id.
    fn next_id(&mut self) -> Id;
}

impl Id {
    /// The alphabet new ids are drawn from; readers also accept `!` and `#`.
    pub const ALPHABET: &'static [u8; 62] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// Reads 32 raw characters, as they stand in a PV header.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, IdError> {
        match bytes.iter().find(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'!' | b'#'))) {
            Some(&b) => Err(IdError::Character(char::from(b))),
            None => Ok(Self(*bytes)),
        }
    }

    /// Maps 32 random bytes onto the alphabet.
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self(bytes.map(|b| Self::ALPHABET[usize::from(b) % Self::ALPHABET.len()]))
    }

    /// The 32 characters without dashes, as PV headers, dm uuids and run files have them.
    pub fn compact(&self) -> &str {
        std::str::from_utf8(&self.0).expect("the alphabet is ASCII")
    }

    /// The raw characters.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Id {
    /// With dashes, 6-4-4-4-4-4-6, as texts and reports show it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [b'-'; 38];
        let (mut from, mut to) = (0, 0);
        for length in GROUPS {
            text[to..to + length].copy_from_slice(&self.0[from..from + length]);
            from += length;
            to += length + 1;
        }
        f.pad(std::str::from_utf8(&text).expect("the alphabet is ASCII"))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({self})")
    }
}

impl FromStr for Id {
    type Err = IdError;

    /// Accepts the form with dashes and the compact one.
    fn from_str(text: &str) -> Result<Self, IdError> {
        if let Some(id) = grouped(text.as_bytes()) {
            return Self::from_bytes(&id);
        }
        let mut chars = [0u8; 32];
        let mut length = 0;
        if let Some(c) = text.chars().find(|c| !c.is_ascii()) {
            return Err(IdError::Character(c));
        }
        for byte in text.bytes().filter(|&b| b != b'-') {
            if let Some(place) = chars.get_mut(length) {
                *place = byte;
            }
            length += 1;
        }
        if length != 32 {
            return Err(IdError::Length(length));
        }
        Self::from_bytes(&chars)
    }
}

/// The lengths of the groups that dashes stand between.
const GROUPS: [usize; 7] = [6, 4, 4, 4, 4, 4, 6];

/// The characters of an id with its dashes where they belong: how nearly all come.
fn grouped(text: &[u8]) -> Option<[u8; 32]> {
    if text.len() != 38 {
        return None;
    }
    let mut id = [0; 32];
    let (mut from, mut to) = (0, 0);
    for length in GROUPS {
        id[to..to + length].copy_from_slice(&text[from..from + length]);
        from += length + 1;
        to += length;
    }
    let dashes = [6, 11, 16, 21, 26, 31];
    (dashes.iter().all(|&place| text[place] == b'-') && !id.contains(&b'-')).then_some(id)
}

/// Ids in a fixed order, for tests whose output must not change from run to run.
#[derive(Clone, Debug, Default)]
pub struct SeededIds(u64);

impl SeededIds {
    /// Starts the sequence that `seed` names.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }
}

impl IdSource for SeededIds {
    fn next_id(&mut self) -> Id {
        self.0 += 1;
        // splitmix64: distinct well-spread bytes from a counter.
        let mut bytes = [0u8; 32];
        let mut state = self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for byte in &mut bytes {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = (mixed >> 32) as u8;
        }
        Id::from_random(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_read_and_the_dashed_one_prints() {
        let text = "Zx3kqP-Y1bA-4cD5-eF6g-H7iJ-8kL9-mN0oPq";
        let id: Id = text.parse().unwrap();
        assert_eq!(id.to_string(), text);
        assert_eq!(id.compact().parse::<Id>().unwrap(), id);
        assert_eq!("short".parse::<Id>(), Err(IdError::Length(5)));
    }

    #[test]
    fn seeded_ids_repeat_and_differ() {
        let (mut a, mut b) = (SeededIds::new(1), SeededIds::new(1));
        let first = a.next_id();
        assert_eq!(first, b.next_id());
        assert_ne!(first, a.next_id());
    }
}
