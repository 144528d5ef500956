//! New ids from the kernel's randomness.

use std::fs::File;
use std::io::Read;
use units::{Id, IdSource};

/// Ids nobody has had before.
#[derive(Debug)]
pub struct RandomIds(File);

impl RandomIds {
    /// Opens the kernel's source of randomness.
    pub fn open() -> std::io::Result<Self> {
        File::open("/dev/urandom").map(Self)
    }
}

impl IdSource for RandomIds {
    /// # Panics
    /// Where the kernel stops giving random bytes: an id that is not random could be a duplicate.
    fn next_id(&mut self) -> Id {
        let mut bytes = [0; 32];
        self.0.read_exact(&mut bytes).expect("the kernel gives random bytes");
        Id::from_random(bytes)
    }
}
