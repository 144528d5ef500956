//! `MISMATCHES SECTORS RECALCULATED|-`. [kernel Documentation/admin-guide/device-mapper/dm-integrity.rst]

use super::from_str;

/// A device with checksums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Integrity {
    /// Blocks whose checksum was wrong.
    pub mismatches: u64,
    /// Sectors it offers.
    pub sectors: u64,
    /// Up to where checksums are worked out; none: nothing is worked out.
    pub recalculated: Option<u64>,
}

from_str!(Integrity, "integrity", read);

fn read(text: &str) -> Option<Integrity> {
    let mut words = text.split_whitespace();
    let mismatches = words.next()?.parse().ok()?;
    let sectors = words.next()?.parse().ok()?;
    let recalculated = match words.next()? {
        "-" => None,
        word => Some(word.parse().ok()?),
    };
    Some(Integrity { mismatches, sectors, recalculated })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recalculation_may_be_off() {
        let status: Integrity = "3 16384 -".parse().unwrap();
        assert_eq!(status, Integrity { mismatches: 3, sectors: 16384, recalculated: None });
        assert_eq!("0 16384 64".parse::<Integrity>().unwrap().recalculated, Some(64));
        assert!("0".parse::<Integrity>().is_err());
    }
}
