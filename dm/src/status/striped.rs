//! `COUNT DEVICE... 1 LETTERS`: a letter per device.

use super::from_str;
use crate::DevRef;

/// A striped target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Striped {
    /// Its devices, and whether each has had no error.
    pub devices: Vec<(DevRef, bool)>,
}

from_str!(Striped, "striped", read);

fn read(text: &str) -> Option<Striped> {
    let mut words = text.split_whitespace();
    let count: usize = words.next()?.parse().ok()?;
    let devices: Vec<&str> = words.by_ref().take(count).collect();
    let letters = words.nth(1)?;
    if devices.len() != count || letters.len() != count || words.next().is_some() {
        return None;
    }
    let device = |(word, letter): (&str, char)| {
        let Ok(device) = word.parse();
        (device, letter == 'A')
    };
    Some(Striped { devices: devices.into_iter().zip(letters.chars()).map(device).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_belong_to_devices() {
        let status: Striped = "2 7:0 7:1 1 AD".parse().unwrap();
        let alive: Vec<bool> = status.devices.iter().map(|(_, alive)| *alive).collect();
        assert_eq!(alive, [true, false]);
        assert!("3 7:0 7:1 1 AD".parse::<Striped>().is_err());
    }
}
