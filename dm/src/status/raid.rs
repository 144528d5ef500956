//! `LEVEL LEGS LETTERS INSYNC/TOTAL [ACTION MISMATCHES [OFFSET [JOURNAL]]]`, as newer kernels say more.

use super::{fraction, from_str};

/// What has become of one leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RaidLeg {
    /// `A`: in sync.
    InSync,
    /// `a`: alive, not in sync.
    Alive,
    /// `D`: dead.
    Dead,
    /// `-`, and any other letter: not there.
    Absent,
}

/// A RAID array, in the kernel's own words: what a resync in the making means is for the reader to judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raid {
    /// `raid1`, `raid5_ls`, ...
    pub level: String,
    /// Its legs.
    pub legs: Vec<RaidLeg>,
    /// How much is in sync.
    pub in_sync: u64,
    /// Of how much.
    pub total: u64,
    /// `idle`, `resync`, `recover`, `check`, `repair`, `reshape`, `frozen`; kernels before 3.10 do not say.
    pub action: Option<String>,
    /// Differences found by the last check, in sectors.
    pub mismatches: u64,
    /// Where data starts on each leg, in sectors, during a reshape.
    pub data_offset: u64,
    /// The letter of the journal device: `A` write-through, `a` write-back, `D` dead, `-` none.
    pub journal: Option<char>,
}

from_str!(Raid, "raid", read);

fn read(text: &str) -> Option<Raid> {
    let mut words = text.split_whitespace();
    let level = words.next()?.to_owned();
    let count: usize = words.next()?.parse().ok()?;
    let letters = words.next()?;
    let (in_sync, total) = fraction(words.next()?)?;
    let action = words.next().map(str::to_owned);
    let number = |words: &mut std::str::SplitWhitespace<'_>| match words.next() {
        Some(word) => word.parse().ok(),
        None => Some(0),
    };
    let mismatches = number(&mut words)?;
    let data_offset = number(&mut words)?;
    let journal = words.next().and_then(|word| word.chars().next());
    let leg = |letter| match letter {
        'A' => RaidLeg::InSync,
        'a' => RaidLeg::Alive,
        'D' => RaidLeg::Dead,
        _ => RaidLeg::Absent,
    };
    // There may be fewer letters than devices: legs taken away during the first resync.
    let legs = letters.chars().take(count).map(leg).collect();
    Some(Raid { level, legs, in_sync, total, action, mismatches, data_offset, journal })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_generation_of_kernels_is_understood() {
        let oldest: Raid = "raid1 2 AA 1024/1024".parse().unwrap();
        assert_eq!((oldest.action, oldest.journal), (None, None));
        let newest: Raid = "raid5_ls 3 AaD 512/1024 recover 8 0 -".parse().unwrap();
        assert_eq!(newest.legs, [RaidLeg::InSync, RaidLeg::Alive, RaidLeg::Dead]);
        assert_eq!((newest.action.as_deref(), newest.mismatches), (Some("recover"), 8));
        assert_eq!(newest.journal, Some('-'));
        assert!("raid1 2".parse::<Raid>().is_err());
    }
}
