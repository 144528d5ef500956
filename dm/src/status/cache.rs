//! `METABLOCK USED/TOTAL BLOCK USED/TOTAL RHITS RMISSES WHITS WMISSES DEMOTIONS PROMOTIONS DIRTY FEATURES... CORE...
//! POLICY SETTINGS... MODE CHECK`, or a word. [kernel Documentation/admin-guide/device-mapper/cache.rst]

use super::{fraction, from_str};

/// A cache that works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheUse {
    /// Metadata blocks in use.
    pub used_metadata: u64,
    /// Metadata blocks in all.
    pub total_metadata: u64,
    /// Sectors in a block of the cache.
    pub block: u64,
    /// Blocks in use.
    pub used: u64,
    /// Blocks in all.
    pub total: u64,
    /// Reads answered by the cache.
    pub read_hits: u64,
    /// Reads answered by the origin.
    pub read_misses: u64,
    /// Writes taken by the cache.
    pub write_hits: u64,
    /// Writes taken by the origin.
    pub write_misses: u64,
    /// Blocks moved out of the cache.
    pub demotions: u64,
    /// Blocks moved into it.
    pub promotions: u64,
    /// Blocks that the origin does not have yet.
    pub dirty: u64,
    /// `writeback`, `metadata2`, ...
    pub features: Vec<String>,
    /// Settings of the target.
    pub core: Vec<(String, String)>,
    /// The policy.
    pub policy: String,
    /// Settings of the policy.
    pub policy_settings: Vec<(String, String)>,
    /// Whether metadata may not be changed.
    pub read_only: bool,
    /// Whether its metadata must be checked before it writes again.
    pub needs_check: bool,
}

/// A cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cache {
    /// It works.
    Running(Box<CacheUse>),
    /// `Fail`: it does no I/O any more.
    Failed,
    /// `Error`: it cannot even tell.
    Error,
}

from_str!(Cache, "cache", read);

fn read(text: &str) -> Option<Cache> {
    match text.trim() {
        "Fail" => return Some(Cache::Failed),
        "Error" => return Some(Cache::Error),
        _ => {}
    }
    let mut words = text.split_whitespace();
    let _metadata_block: u64 = number(&mut words)?;
    let (used_metadata, total_metadata) = fraction(words.next()?)?;
    let block = number(&mut words)?;
    let (used, total) = fraction(words.next()?)?;
    let read_hits = number(&mut words)?;
    let read_misses = number(&mut words)?;
    let write_hits = number(&mut words)?;
    let write_misses = number(&mut words)?;
    let demotions = number(&mut words)?;
    let promotions = number(&mut words)?;
    let dirty = number(&mut words)?;
    let features = counted(&mut words)?;
    let core = pairs(&counted(&mut words)?);
    let policy = words.next()?.to_owned();
    let policy_settings = pairs(&counted(&mut words)?);
    let rest: Vec<&str> = words.collect();
    Some(Cache::Running(Box::new(CacheUse {
        used_metadata,
        total_metadata,
        block,
        used,
        total,
        read_hits,
        read_misses,
        write_hits,
        write_misses,
        demotions,
        promotions,
        dirty,
        features,
        core,
        policy,
        policy_settings,
        read_only: rest.contains(&"ro"),
        needs_check: rest.contains(&"needs_check"),
    })))
}

fn number(words: &mut std::str::SplitWhitespace<'_>) -> Option<u64> {
    words.next()?.parse().ok()
}

/// A count, and that many words.
fn counted(words: &mut std::str::SplitWhitespace<'_>) -> Option<Vec<String>> {
    let count: usize = words.next()?.parse().ok()?;
    let taken: Vec<String> = words.take(count).map(str::to_owned).collect();
    (taken.len() == count).then_some(taken)
}

fn pairs(words: &[String]) -> Vec<(String, String)> {
    words.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_a_cache_says_is_read() {
        let text =
            "8 9/2048 128 48/256 1 2 3 4 5 6 7 2 metadata2 writeback 2 migration_threshold 4096 smq 0 rw -";
        let Cache::Running(cache) = text.parse().unwrap() else { panic!() };
        assert_eq!((cache.used, cache.total, cache.demotions, cache.dirty), (48, 256, 5, 7));
        assert_eq!(cache.features, ["metadata2", "writeback"]);
        assert_eq!(cache.core, [("migration_threshold".to_owned(), "4096".to_owned())]);
        assert_eq!((cache.policy.as_str(), cache.read_only, cache.needs_check), ("smq", false, false));
        assert_eq!("Fail".parse(), Ok(Cache::Failed));
        assert!("8 9/2048".parse::<Cache>().is_err());
    }
}
