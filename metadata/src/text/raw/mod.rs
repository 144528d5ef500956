//! What is kept without being interpreted, from and to text.

mod layout;
mod read;
mod write;

pub(super) use read::{RawReader, Resolve};
pub(super) use write::{Note, RawWriter};

/// Whether a key or a word reads back as it is without quotes.
fn is_plain_key(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.+".contains(&b))
}
