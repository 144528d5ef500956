//! The CRC that LVM uses for labels, headers and text.
//!
//! CRC-32 with the reflected polynomial 0xedb88320, started from 0xf597a6cf, without the final
//! inversion (FACTS: libmisc crc.h). `crc32fast` inverts at both ends, hence the `!`s.

use crc32fast::Hasher;

const SEED: u32 = 0xf597_a6cf;

/// A running checksum, for bytes that arrive in parts.
pub struct Crc(Hasher);

impl Crc {
    /// Starts from LVM's initial value.
    pub fn new() -> Self {
        Self(Hasher::new_with_initial(!SEED))
    }

    /// Starts from an earlier result, as LVM chains checksums of parts.
    pub fn resume(from: u32) -> Self {
        Self(Hasher::new_with_initial(!from))
    }

    /// Takes in more bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The checksum of everything so far.
    pub fn finish(self) -> u32 {
        !self.0.finalize()
    }
}

impl Default for Crc {
    fn default() -> Self {
        Self::new()
    }
}

/// LVM's checksum of `bytes`.
pub fn crc(bytes: &[u8]) -> u32 {
    let mut running = Crc::new();
    running.update(bytes);
    running.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_the_initial_value() {
        assert_eq!(crc(b""), SEED);
    }

    #[test]
    fn parts_give_the_sum_of_the_whole() {
        let mut running = Crc::new();
        running.update(b"LABEL");
        running.update(b"ONE");
        assert_eq!(running.finish(), crc(b"LABELONE"));
    }

    #[test]
    fn a_bitwise_reference_agrees() {
        let mut sum = SEED;
        for byte in b"123456789" {
            sum ^= u32::from(*byte);
            for _ in 0..8 {
                sum = if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
            }
        }
        assert_eq!(crc(b"123456789"), sum);
    }
}
