//! `TRANSACTION META/META DATA/DATA ROOT|- MODE DISCARDS WHENFULL CHECK [LOWWATER]`, or a word.
//! [kernel Documentation/admin-guide/device-mapper/thin-provisioning.rst]

use super::{fraction, from_str};

/// What a pool lets happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PoolMode {
    /// `rw`: everything.
    ReadWrite,
    /// `ro`: no change of metadata.
    ReadOnly,
    /// `out_of_data_space`: nothing that needs a new chunk.
    OutOfData,
}

/// What becomes of discards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Discards {
    /// Chunks are freed, and the data device is told.
    PassedDown,
    /// Chunks are freed.
    NotPassedDown,
    /// Nothing.
    Ignored,
}

/// What becomes of writes that find no free chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WhenFull {
    /// They wait for the pool to grow (a minute by default, then fail).
    Queue,
    /// They fail.
    Error,
}

/// A pool that works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThinPoolUse {
    /// The number of the last transaction.
    pub transaction: u64,
    /// Metadata blocks (of 4 KiB) in use.
    pub used_metadata: u64,
    /// Metadata blocks in all.
    pub total_metadata: u64,
    /// Chunks in use.
    pub used_data: u64,
    /// Chunks in all.
    pub total_data: u64,
    /// The block of the metadata snapshot, where one is held.
    pub held_root: Option<u64>,
    /// What it lets happen.
    pub mode: PoolMode,
    /// What becomes of discards.
    pub discards: Discards,
    /// What becomes of writes when it is full.
    pub when_full: WhenFull,
    /// Whether its metadata must be checked before it writes again.
    pub needs_check: bool,
    /// An event comes when fewer metadata blocks are free; old kernels do not say.
    pub metadata_low_water: Option<u64>,
}

/// A thin pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThinPool {
    /// It works.
    Running(ThinPoolUse),
    /// `Fail`: it does no I/O any more.
    Failed,
    /// `Error`: it cannot even tell.
    Error,
}

from_str!(ThinPool, "thin-pool", read);

fn read(text: &str) -> Option<ThinPool> {
    match text.trim() {
        "Fail" => return Some(ThinPool::Failed),
        "Error" => return Some(ThinPool::Error),
        _ => {}
    }
    let mut words = text.split_whitespace();
    let transaction = words.next()?.parse().ok()?;
    let (used_metadata, total_metadata) = fraction(words.next()?)?;
    let (used_data, total_data) = fraction(words.next()?)?;
    let held_root = words.next().filter(|word| *word != "-").map(str::parse).transpose().ok()?;
    let rest: Vec<&str> = words.collect();
    let has = |word: &str| rest.contains(&word);
    let mode = match (has("out_of_data_space"), has("ro")) {
        (true, _) => PoolMode::OutOfData,
        (false, true) => PoolMode::ReadOnly,
        (false, false) => PoolMode::ReadWrite,
    };
    let discards = match (has("no_discard_passdown"), has("ignore_discard")) {
        (true, _) => Discards::NotPassedDown,
        (false, true) => Discards::Ignored,
        (false, false) => Discards::PassedDown,
    };
    Some(ThinPool::Running(ThinPoolUse {
        transaction,
        used_metadata,
        total_metadata,
        used_data,
        total_data,
        held_root,
        mode,
        discards,
        when_full: if has("error_if_no_space") { WhenFull::Error } else { WhenFull::Queue },
        needs_check: has("needs_check"),
        metadata_low_water: rest.last().and_then(|word| word.parse().ok()),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_a_pool_says_is_read() {
        let text = "3 14/1024 7/128 - rw no_discard_passdown queue_if_no_space - 1024";
        let ThinPool::Running(pool) = text.parse().unwrap() else { panic!() };
        assert_eq!((pool.transaction, pool.used_metadata, pool.total_data), (3, 14, 128));
        assert_eq!((pool.held_root, pool.mode), (None, PoolMode::ReadWrite));
        assert_eq!((pool.discards, pool.needs_check), (Discards::NotPassedDown, false));
        assert_eq!(pool.metadata_low_water, Some(1024));
        let text = "0 1/2 3/4 77 out_of_data_space discard_passdown error_if_no_space needs_check";
        let ThinPool::Running(pool) = text.parse().unwrap() else { panic!() };
        assert_eq!((pool.held_root, pool.mode), (Some(77), PoolMode::OutOfData));
        assert_eq!((pool.when_full, pool.needs_check), (WhenFull::Error, true));
    }

    #[test]
    fn a_pool_that_failed_says_so() {
        assert_eq!("Fail".parse(), Ok(ThinPool::Failed));
        assert_eq!("Error".parse(), Ok(ThinPool::Error));
        assert!("1 2".parse::<ThinPool>().is_err());
    }
}
