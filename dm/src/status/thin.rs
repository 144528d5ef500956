//! `MAPPED HIGHEST|-`, in sectors, or `Fail`, or `-`.

use super::from_str;
use units::Sectors;

/// A thin device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thin {
    /// It works.
    Running {
        /// Taken of the pool, shared chunks included.
        mapped: Sectors,
        /// The last sector that is mapped; none where nothing is.
        highest: Option<Sectors>,
    },
    /// `Fail`: its pool does no I/O any more.
    Failed,
    /// `-`: it is not bound to its pool now.
    Unknown,
}

from_str!(Thin, "thin", read);

fn read(text: &str) -> Option<Thin> {
    match text.trim() {
        "Fail" => return Some(Thin::Failed),
        "-" => return Some(Thin::Unknown),
        _ => {}
    }
    let mut words = text.split_whitespace();
    let mapped = Sectors::new(words.next()?.parse().ok()?);
    let highest = match words.next()? {
        "-" => None,
        word => Some(Sectors::new(word.parse().ok()?)),
    };
    Some(Thin::Running { mapped, highest })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_device_has_no_highest_sector() {
        assert_eq!("0 -".parse(), Ok(Thin::Running { mapped: Sectors::ZERO, highest: None }));
        let (mapped, highest) = (Sectors::new(128), Some(Sectors::new(127)));
        assert_eq!("128 127".parse(), Ok(Thin::Running { mapped, highest }));
        assert_eq!("Fail".parse(), Ok(Thin::Failed));
        assert!("x".parse::<Thin>().is_err());
    }
}
