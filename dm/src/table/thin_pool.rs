//! `thin-pool METADATA DATA CHUNK LOWWATER COUNT [FEATURE]...`

use super::words::Words;
use super::{DevRef, TableError};
use std::fmt;
use std::str::FromStr;
use units::Sectors;

/// The pool of thin devices.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ThinPool {
    /// The device that maps.
    pub metadata: DevRef,
    /// The device that holds.
    pub data: DevRef,
    /// What is allocated at once.
    pub chunk: Sectors,
    /// An event comes when fewer chunks than this are free.
    pub low_water_chunks: u64,
    /// Feature words in the order given: `skip_block_zeroing`, `ignore_discard`, `no_discard_passdown`,
    /// `error_if_no_space`, `read_only`.
    pub features: Vec<String>,
}

impl ThinPool {
    /// The target's name in tables.
    pub const NAME: &'static str = "thin-pool";
}

impl fmt::Display for ThinPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {}", self.metadata, self.data, self.chunk, self.low_water_chunks)?;
        write!(f, " {}", self.features.len())?;
        self.features.iter().try_for_each(|feature| write!(f, " {feature}"))
    }
}

impl FromStr for ThinPool {
    type Err = TableError;

    fn from_str(params: &str) -> Result<Self, TableError> {
        let mut words = Words::new(Self::NAME, params);
        let (metadata, data) = (words.device("a metadata device")?, words.device("a data device")?);
        let chunk = words.sectors("a chunk size")?;
        let low_water_chunks = words.number("a low-water mark")?;
        // Without features the kernel takes the line with or without a 0.
        let count: u32 = match words.maybe() {
            None => 0,
            Some(count) => count.parse().map_err(|_| words.wrong("a number of features", count))?,
        };
        let features =
            (0..count).map(|_| words.word("a feature").map(str::to_owned)).collect::<Result<_, _>>()?;
        words.end()?;
        Ok(Self { metadata, data, chunk, low_water_chunks, features })
    }
}
