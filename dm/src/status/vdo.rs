//! `DEVICE MODE RECOVERY INDEX COMPRESSION USED TOTAL`, in blocks of 4 KiB.
//! [kernel Documentation/admin-guide/device-mapper/vdo.rst]

use super::from_str;

/// A VDO device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vdo {
    /// Where it stores data.
    pub device: String,
    /// `normal`, `read-only`, `recovering`.
    pub mode: String,
    /// `recovering`, or `-`.
    pub recovery: String,
    /// `online`, `closed`, `opening`, ...
    pub index: String,
    /// `online`, `offline`.
    pub compression: String,
    /// Physical blocks in use.
    pub used: u64,
    /// Physical blocks in all.
    pub total: u64,
}

from_str!(Vdo, "vdo", read);

fn read(text: &str) -> Option<Vdo> {
    let mut words = text.split_whitespace();
    let mut word = || words.next().map(str::to_owned);
    let (device, mode, recovery, index, compression) = (word()?, word()?, word()?, word()?, word()?);
    let (used, total) = (word()?.parse().ok()?, word()?.parse().ok()?);
    Some(Vdo { device, mode, recovery, index, compression, used, total })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_are_read() {
        let status: Vdo = "/dev/dm-1 normal - online online 1000 2000".parse().unwrap();
        assert_eq!((status.mode.as_str(), status.index.as_str()), ("normal", "online"));
        assert_eq!((status.used, status.total), (1000, 2000));
        assert!("/dev/dm-1 normal -".parse::<Vdo>().is_err());
    }
}
