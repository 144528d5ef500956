//! `LEGS DEVICE... INSYNC/TOTAL 1 LETTERS COUNT LOGTYPE [DEVICE LETTERS]`

use super::{fraction, from_str};
use crate::DevNo;

/// What has become of one device of a mirror.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Health {
    /// `A`: no error.
    Alive,
    /// `F`: a flush failed.
    FlushFailed,
    /// `D`: a write failed.
    WriteFailed,
    /// `S`: it could not be made equal.
    SyncFailed,
    /// `R`: a read failed.
    ReadFailed,
    /// `U` and any other letter.
    Unclassified,
}

/// One device of a mirror.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MirrorLeg {
    /// Which.
    pub device: DevNo,
    /// What has become of it.
    pub health: Health,
}

/// A mirror.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mirror {
    /// Its legs.
    pub legs: Vec<MirrorLeg>,
    /// Regions that are equal on all legs.
    pub in_sync: u64,
    /// Regions in all.
    pub total: u64,
    /// `core`, `disk`, or another kind of log.
    pub log_kind: String,
    /// The devices of the log.
    pub logs: Vec<MirrorLeg>,
}

impl Health {
    fn of(letter: char) -> Self {
        match letter {
            'A' => Self::Alive,
            'F' => Self::FlushFailed,
            'D' => Self::WriteFailed,
            'S' => Self::SyncFailed,
            'R' => Self::ReadFailed,
            _ => Self::Unclassified,
        }
    }
}

from_str!(Mirror, "mirror", read);

fn read(text: &str) -> Option<Mirror> {
    let mut words = text.split_whitespace();
    let count: usize = words.next()?.parse().ok()?;
    let devices: Vec<&str> = words.by_ref().take(count).collect();
    let (in_sync, total) = fraction(words.next()?)?;
    let more: usize = words.next()?.parse().ok()?;
    let letters = words.next()?;
    let legs = with_health(&devices, letters).filter(|legs| legs.len() == count && more > 0)?;
    let log: Vec<&str> = words.by_ref().skip(more - 1).collect();
    let (args, log) = log.split_first()?;
    let args: usize = args.parse().ok()?;
    let log = log.get(..args)?;
    let (kind, rest) = log.split_first()?;
    let logs = match rest.split_last() {
        Some((letters, devices)) => with_health(devices, letters)?,
        None => Vec::new(),
    };
    Some(Mirror { legs, in_sync, total, log_kind: (*kind).to_owned(), logs })
}

/// Devices, a letter for each.
fn with_health(devices: &[&str], letters: &str) -> Option<Vec<MirrorLeg>> {
    if devices.len() != letters.chars().count() {
        return None;
    }
    let leg = |(word, letter): (&&str, char)| {
        Some(MirrorLeg { device: word.parse().ok()?, health: Health::of(letter) })
    };
    devices.iter().zip(letters.chars()).map(leg).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legs_and_logs_have_their_letters() {
        let status: Mirror = "2 253:4 253:5 399/400 1 AD 3 disk 253:3 A".parse().unwrap();
        assert_eq!((status.in_sync, status.total), (399, 400));
        assert_eq!(status.legs[1], MirrorLeg { device: DevNo::new(253, 5), health: Health::WriteFailed });
        assert_eq!(status.logs[0].device, DevNo::new(253, 3));
        let status: Mirror = "2 253:4 253:5 400/400 1 AA 1 core".parse().unwrap();
        assert_eq!((status.log_kind.as_str(), status.logs.len()), ("core", 0));
    }
}
