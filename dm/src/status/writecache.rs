//! `ERROR TOTAL FREE WRITEBACK`, in blocks. [kernel Documentation/admin-guide/device-mapper/writecache.rst]

use super::from_str;

/// A write cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Writecache {
    /// Not zero: an error has happened.
    pub errors: u64,
    /// Blocks in all.
    pub total: u64,
    /// Free blocks.
    pub free: u64,
    /// Blocks being written back.
    pub writeback: u64,
}

from_str!(Writecache, "writecache", read);

fn read(text: &str) -> Option<Writecache> {
    let mut words = text.split_whitespace().map(str::parse);
    let mut number = || words.next()?.ok();
    Some(Writecache { errors: number()?, total: number()?, free: number()?, writeback: number()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_kernels_say_more_than_is_needed() {
        let status: Writecache = "0 2026 2000 3 7 8 9".parse().unwrap();
        assert_eq!(status, Writecache { errors: 0, total: 2026, free: 2000, writeback: 3 });
        assert!("0 2026".parse::<Writecache>().is_err());
    }
}
