//! What targets say of themselves, read into plain structs: one file per target, [`std::str::FromStr`] each.
//! Linear, error, zero and snapshot-origin say nothing.

mod cache;
mod integrity;
mod mirror;
mod raid;
mod snapshot;
mod striped;
mod thin;
mod thin_pool;
mod vdo;
mod writecache;

pub use cache::{Cache, CacheUse};
pub use integrity::Integrity;
pub use mirror::{Health, Mirror, MirrorLeg};
pub use raid::{Raid, RaidLeg};
pub use snapshot::Snapshot;
pub use striped::Striped;
pub use thin::Thin;
pub use thin_pool::{Discards, PoolMode, ThinPool, ThinPoolUse, WhenFull};
pub use vdo::Vdo;
pub use writecache::Writecache;

use thiserror::Error;

/// A target's words that make no sense.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("a {target} target does not say {text:?}")]
pub struct StatusError {
    /// Which target.
    pub target: &'static str,
    /// What was read.
    pub text: String,
}

/// `FromStr` by a function that gives nothing where the text makes no sense.
macro_rules! from_str {
    ($kind:ty, $name:literal, $read:path) => {
        impl std::str::FromStr for $kind {
            type Err = crate::status::StatusError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let wrong = || crate::status::StatusError { target: $name, text: text.to_owned() };
                $read(text).ok_or_else(wrong)
            }
        }
    };
}
pub(crate) use from_str;

/// `3/12`: a part and its whole.
fn fraction(word: &str) -> Option<(u64, u64)> {
    let (part, whole) = word.split_once('/')?;
    Some((part.parse().ok()?, whole.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{ProptestConfig, proptest};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn any_text_is_read_or_refused_without_a_panic(text in "[ 0-9aADFS/:a-z_-]{0,60}") {
            let _ = text.parse::<Striped>();
            let _ = text.parse::<Snapshot>();
            let _ = text.parse::<Mirror>();
            let _ = text.parse::<Raid>();
            let _ = text.parse::<ThinPool>();
            let _ = text.parse::<Thin>();
            let _ = text.parse::<Cache>();
            let _ = text.parse::<Writecache>();
            let _ = text.parse::<Integrity>();
            let _ = text.parse::<Vdo>();
        }
    }
}
