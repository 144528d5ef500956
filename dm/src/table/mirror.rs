//! `mirror LOG COUNT LOGARGS... LEGS [DEVICE OFFSET]... [COUNT FEATURE...]`
//!
//! Log arguments: `[DEVICE] REGION [sync|nosync] [block_on_error]`, the device for `disk` only.

use super::striped::stripes;
use super::words::Words;
use super::{DevRef, Stripe, TableError};
use std::fmt;
use std::str::FromStr;
use units::Sectors;

/// Whether the legs are to be made equal when the mirror starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sync {
    /// As the log says.
    #[default]
    AsLogged,
    /// They are equal already.
    NoSync,
    /// All of them, whatever the log says.
    Sync,
}

/// Where a mirror notes which regions are equal on all legs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum MirrorLog {
    /// In memory: all is copied again at each start.
    Core,
    /// On a device.
    Disk(DevRef),
}

/// Copies of the same data.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mirror {
    /// Where the state of regions is kept.
    pub log: MirrorLog,
    /// How much one bit of the log stands for.
    pub region: Sectors,
    /// What to do at the start.
    pub sync: Sync,
    /// The legs.
    pub legs: Vec<Stripe>,
    /// Feature words: `handle_errors`, `keep_log`.
    pub features: Vec<String>,
}

impl Mirror {
    /// The target's name in tables.
    pub const NAME: &'static str = "mirror";

    pub(super) fn log_device(&self) -> Option<&DevRef> {
        match &self.log {
            MirrorLog::Core => None,
            MirrorLog::Disk(device) => Some(device),
        }
    }

    pub(super) fn devices_mut(&mut self) -> Vec<&mut DevRef> {
        let log = match &mut self.log {
            MirrorLog::Core => None,
            MirrorLog::Disk(device) => Some(device),
        };
        log.into_iter().chain(self.legs.iter_mut().map(|leg| &mut leg.device)).collect()
    }
}

impl fmt::Display for Mirror {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sync = match self.sync {
            Sync::AsLogged => "",
            Sync::NoSync => " nosync",
            Sync::Sync => " sync",
        };
        let more = usize::from(!sync.is_empty());
        match &self.log {
            MirrorLog::Core => write!(f, "core {} {}{sync}", 1 + more, self.region)?,
            MirrorLog::Disk(device) => write!(f, "disk {} {device} {}{sync}", 2 + more, self.region)?,
        }
        write!(f, " {}", self.legs.len())?;
        self.legs.iter().try_for_each(|leg| write!(f, " {leg}"))?;
        if !self.features.is_empty() {
            write!(f, " {} {}", self.features.len(), self.features.join(" "))?;
        }
        Ok(())
    }
}

impl FromStr for Mirror {
    type Err = TableError;

    fn from_str(params: &str) -> Result<Self, TableError> {
        let mut words = Words::new(Self::NAME, params);
        let kind = words.word("a log type")?;
        let mut args: u32 = words.number("a number of log arguments")?;
        let log = match kind {
            "core" => MirrorLog::Core,
            "disk" => {
                args = args.saturating_sub(1);
                MirrorLog::Disk(words.device("a log device")?)
            }
            other => return Err(words.wrong("core or disk", other)),
        };
        let region = words.sectors("a region size")?;
        let mut sync = Sync::AsLogged;
        for _ in 1..args {
            sync = match words.word("a log argument")? {
                "sync" => Sync::Sync,
                "nosync" => Sync::NoSync,
                other => return Err(words.wrong("sync or nosync", other)),
            };
        }
        let count = words.number("a number of legs")?;
        let legs = stripes(&mut words, count)?;
        let features = match words.maybe() {
            None => Vec::new(),
            Some(count) => {
                let count: u32 = count.parse().map_err(|_| words.wrong("a number of features", count))?;
                (0..count).map(|_| words.word("a feature").map(str::to_owned)).collect::<Result<_, _>>()?
            }
        };
        words.end()?;
        Ok(Self { log, region, sync, legs, features })
    }
}
