//! `thin POOL ID [EXTERNAL-ORIGIN]`

use super::words::Words;
use super::{DevRef, TableError};
use std::fmt;
use std::str::FromStr;

/// A thin device.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Thin {
    /// The pool it lives in.
    pub pool: DevRef,
    /// Its number there (24 bits).
    pub id: u32,
    /// What it reads where it has nothing of its own.
    pub external_origin: Option<DevRef>,
}

impl Thin {
    /// The target's name in tables.
    pub const NAME: &'static str = "thin";
    /// The largest number a device may have in its pool.
    pub const MAX_ID: u32 = (1 << 24) - 1;
}

impl fmt::Display for Thin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.pool, self.id)?;
        match &self.external_origin {
            Some(origin) => write!(f, " {origin}"),
            None => Ok(()),
        }
    }
}

impl FromStr for Thin {
    type Err = TableError;

    fn from_str(params: &str) -> Result<Self, TableError> {
        let mut words = Words::new(Self::NAME, params);
        let pool = words.device("a pool")?;
        let id: u32 = words.number("a device id")?;
        if id > Self::MAX_ID {
            return Err(words.wrong("an id of 24 bits", &id.to_string()));
        }
        let Ok(external_origin) = words.maybe().map(str::parse).transpose();
        words.end()?;
        Ok(Self { pool, id, external_origin })
    }
}
