//! Every content some disks can have after the power failed.
//!
//! A write reaches the medium in pieces that are each all or nothing (the torn unit). Until its disk was
//! flushed, any piece may be there or not, whatever was written before or after it. So for each point in
//! time there is, for each disk, what its last flush made safe, and a list of pieces pending since:
//!
//! ```text
//! time      1     2      3      4     5
//! disk a    W     W   [flush]   W          at 5 safe: both writes; pending: pieces of the third
//! disk b              W               W    at 5 safe: nothing;     pending: pieces of both
//! ```

use super::{Event, EventKind, Image, RamDisk};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Size of the pieces that are all or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Torn {
    /// 512 bytes.
    Sector,
    /// 4096 bytes.
    Block,
}

impl Torn {
    /// In bytes.
    pub const fn bytes(self) -> u64 {
        match self {
            Self::Sector => 512,
            Self::Block => 4096,
        }
    }
}

/// Which of the pending pieces may be on the medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Those up to some point in time: a disk without a cache.
    AsWritten,
    /// Any. All subsets where at most `all_of` pieces are pending; of more pending pieces, all beginnings,
    /// all but one, only one, and `samples` random subsets.
    Any {
        /// Up to how many pending pieces all subsets are tried. At most 20.
        all_of: u32,
        /// How many random subsets of more pieces are tried at each point.
        samples: u32,
    },
}

/// Which crashes to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CrashPolicy {
    /// What is all or nothing.
    pub torn: Torn,
    /// What survives.
    pub order: Order,
    /// Where the random subsets start.
    pub seed: u64,
}

impl CrashPolicy {
    /// Power lost after any sector, in the order written.
    pub const AFTER_EACH_SECTOR: Self = Self { torn: Torn::Sector, order: Order::AsWritten, seed: 0 };
    /// Writes between flushes persisted in any subset, torn at 512 bytes.
    pub const REORDERED_SECTORS: Self =
        Self { torn: Torn::Sector, order: Order::Any { all_of: 8, samples: 64 }, seed: 1 };
    /// Writes between flushes persisted in any subset, torn at 4096 bytes.
    pub const REORDERED_BLOCKS: Self =
        Self { torn: Torn::Block, order: Order::Any { all_of: 8, samples: 64 }, seed: 1 };
}

/// What the disks hold after one crash.
#[derive(Clone, Debug)]
pub struct CrashState {
    /// In the order of the disks given.
    pub images: Vec<Image>,
    /// When, and what of the pending pieces survived: for the message of a failing test.
    pub what: String,
}

/// A part of one write that is all or nothing.
#[derive(Clone, Debug)]
struct Piece {
    disk: usize,
    time: u64,
    offset: u64,
    data: Data,
}

#[derive(Clone, Debug)]
enum Data {
    Bytes { all: Arc<[u8]>, from: usize, len: usize },
    Zeros(u64),
}

impl Piece {
    fn apply(&self, image: &mut Image) {
        match &self.data {
            Data::Bytes { all, from, len } => image.write(&all[*from..from + len], self.offset),
            Data::Zeros(len) => image.zero(self.offset, *len),
        }
    }
}

/// A point in time at which power may fail.
struct Moment {
    time: u64,
    /// What flushes have made safe; shared by all subsets of the pending pieces.
    safe: Vec<Image>,
    pending: Vec<Piece>,
}

/// All contents that the disks can have had after a power cut at any time since they were made or
/// settled, the first being what they held then. The disks should share one [`super::Power`], which orders
/// their requests. States may repeat.
pub fn crash_states(disks: &[&RamDisk], policy: CrashPolicy) -> impl Iterator<Item = CrashState> + use<> {
    let mut random = policy.seed;
    moments(disks, policy).into_iter().flat_map(move |moment| {
        let choices = match policy.order {
            // Earlier beginnings belong to earlier moments.
            Order::AsWritten => beginnings_since_last(&moment, policy),
            Order::Any { all_of, samples } => subsets(moment.pending.len(), all_of, samples, &mut random),
        };
        choices.into_iter().map(move |chosen| moment.state(&chosen))
    })
}

/// The moments that matter: with any subset surviving, those at which something is about to be flushed,
/// and the end, for every subset at another moment is a subset at the next of these.
fn moments(disks: &[&RamDisk], policy: CrashPolicy) -> Vec<Moment> {
    let mut events: Vec<(usize, Event)> = Vec::new();
    let mut safe = Vec::new();
    for (disk, ram) in disks.iter().enumerate() {
        let state = ram.state();
        safe.push(state.start.clone());
        events.extend(state.journal.iter().map(|event| (disk, event.clone())));
    }
    events.sort_by_key(|(_, event)| event.time);
    let mut pending: Vec<Piece> = Vec::new();
    let mut moments = vec![Moment { time: 0, safe: safe.clone(), pending: Vec::new() }];
    for (disk, event) in events {
        let moment = |safe: &Vec<Image>, pending: &Vec<Piece>| Moment {
            time: event.time,
            safe: safe.clone(),
            pending: pending.clone(),
        };
        match &event.kind {
            EventKind::Flush => {
                if policy.order != Order::AsWritten {
                    moments.push(moment(&safe, &pending));
                }
                pending.iter().filter(|p| p.disk == disk).for_each(|p| p.apply(&mut safe[disk]));
                pending.retain(|p| p.disk != disk);
            }
            EventKind::Write { .. } | EventKind::Zero { .. } => {
                pending.extend(pieces(disk, &event, policy.torn));
                if policy.order == Order::AsWritten {
                    moments.push(moment(&safe, &pending));
                }
            }
        }
    }
    moments.push(Moment { time: u64::MAX, safe, pending });
    moments
}

/// Cuts a write at multiples of the torn unit.
fn pieces(disk: usize, event: &Event, torn: Torn) -> Vec<Piece> {
    let (start, len) = match &event.kind {
        EventKind::Write { offset, bytes } => (*offset, bytes.len() as u64),
        EventKind::Zero { offset, len } => (*offset, *len),
        EventKind::Flush => return Vec::new(),
    };
    let (end, mut at, mut pieces) = (start + len, start, Vec::new());
    while at < end {
        let next = ((at / torn.bytes() + 1) * torn.bytes()).min(end);
        let data = match &event.kind {
            EventKind::Write { bytes, .. } => {
                let (from, len) = ((at - start) as usize, (next - at) as usize);
                Data::Bytes { all: Arc::clone(bytes), from, len }
            }
            _ => Data::Zeros(next - at),
        };
        pieces.push(Piece { disk, time: event.time, offset: at, data });
        at = next;
    }
    pieces
}

/// Beginnings of the pending pieces that end within the request of this moment.
fn beginnings_since_last(moment: &Moment, policy: CrashPolicy) -> Vec<Vec<usize>> {
    debug_assert_eq!(policy.order, Order::AsWritten);
    let before = moment.pending.iter().filter(|p| p.time < moment.time).count();
    let first = if before == moment.pending.len() { before } else { before + 1 };
    (first..=moment.pending.len()).map(|n| (0..n).collect()).collect()
}

/// Subsets of `count` pieces, as indices in ascending order.
fn subsets(count: usize, all_of: u32, samples: u32, random: &mut u64) -> Vec<Vec<usize>> {
    if count <= all_of.min(20) as usize {
        return (0..1u32 << count).map(|mask| (0..count).filter(|i| mask >> i & 1 == 1).collect()).collect();
    }
    let mut chosen: BTreeSet<Vec<usize>> = (0..=count).map(|n| (0..n).collect()).collect();
    chosen.extend((0..count).map(|only| vec![only]));
    chosen.extend((0..count).map(|without| (0..count).filter(|i| *i != without).collect()));
    for _ in 0..samples {
        chosen.insert((0..count).filter(|_| next(random) >> 63 == 1).collect());
    }
    chosen.into_iter().collect()
}

/// splitmix64.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

impl Moment {
    fn state(&self, chosen: &[usize]) -> CrashState {
        let mut images = self.safe.clone();
        for piece in chosen.iter().map(|i| &self.pending[*i]) {
            piece.apply(&mut images[piece.disk]);
        }
        let when = match self.time {
            0 => "before the first request".to_owned(),
            u64::MAX => "after the last request".to_owned(),
            time => format!("at request {time}"),
        };
        let survived: Vec<String> = chosen
            .iter()
            .map(|i| &self.pending[*i])
            .map(|p| format!("disk {} offset {} (request {})", p.disk, p.offset, p.time))
            .collect();
        let what = format!(
            "power lost {when}, {} of {} pending pieces survived: {}",
            chosen.len(),
            self.pending.len(),
            survived.join(", ")
        );
        CrashState { images, what }
    }
}
