//! How sizes are printed. The only place that prints them.

use thiserror::Error;
use units::Sectors;

/// The units sizes are shown in, as `--units` and `global/units` name them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Units {
    style: Style,
    /// Whether fixed units carry their suffix; human-readable sizes always do.
    pub suffix: bool,
    /// Whether small letters stand for powers of 1024 and capitals for those of 1000 (`global/si_unit_consistency`);
    /// else all are capitals.
    pub consistent: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Style {
    /// The largest unit that leaves a number of at least one; rounding down is marked where asked.
    Human { step: u64, mark_rounded: bool },
    /// One unit for all: bytes in it, its letter, decimals.
    Fixed { bytes: f64, letter: char, decimals: usize },
}

/// Units that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("Invalid units specification")]
pub struct UnitsError;

/// How a suffix is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suffix {
    /// `g`
    Letter,
    /// ` GiB`
    Short,
    /// `G`, also of powers of 1024
    Capital,
    /// ` GB`, also of powers of 1024
    ShortCapital,
}

impl Default for Units {
    fn default() -> Self {
        Self { style: Style::Human { step: 1024, mark_rounded: true }, suffix: true, consistent: true }
    }
}

impl Units {
    /// Reads `h H r R`, `b s k m g t p e` (capitals: powers of 1000), or a number in front of one of these.
    pub fn parse(text: &str) -> Result<Self, UnitsError> {
        let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
        let (number, rest) = text.split_at(end);
        let mut letters = rest.chars();
        let (Some(letter), None) = (letters.next(), letters.next()) else { return Err(UnitsError) };
        let count: f64 = if number.is_empty() { 1.0 } else { number.parse().map_err(|_| UnitsError)? };
        let human =
            |step, mark_rounded| Ok(Self { style: Style::Human { step, mark_rounded }, ..Self::default() });
        match letter {
            'h' => return human(1024, false),
            'H' => return human(1000, false),
            'r' => return human(1024, true),
            'R' => return human(1000, true),
            _ => (),
        }
        let unit = bytes_in(letter).ok_or(UnitsError)?;
        if count * unit < 1.0 {
            return Err(UnitsError);
        }
        // As LVM2 has it: the part behind the dot makes the unit no other one.
        let style = if count.trunc() == 1.0 {
            let whole = matches!(letter, 'b' | 'B' | 's' | 'S');
            let shown = if whole { letter.to_ascii_uppercase() } else { letter };
            Style::Fixed { bytes: count * unit, letter: shown, decimals: if whole { 0 } else { 2 } }
        } else {
            Style::Fixed { bytes: count * unit, letter: 'U', decimals: 2 }
        };
        Ok(Self { style, ..Self::default() })
    }

    /// A size as a report column shows it.
    pub fn show(&self, size: Sectors) -> String {
        self.show_as(size, Suffix::Letter)
    }

    /// A size as a message shows it: `4.00 MiB`.
    pub fn show_long(&self, size: Sectors) -> String {
        self.show_as(size, Suffix::Short)
    }

    fn show_as(&self, size: Sectors, suffix: Suffix) -> String {
        let bytes = size.get() as f64 * Sectors::BYTES as f64;
        let suffix = match suffix {
            Suffix::Letter if !self.consistent => Suffix::Capital,
            Suffix::Short if !self.consistent => Suffix::ShortCapital,
            suffix => suffix,
        };
        if let Style::Human { step: 1024, mark_rounded } = self.style
            && let Some(text) = show_binary(size, mark_rounded, suffix)
        {
            return text;
        }
        match self.style {
            Style::Human { .. } if size.is_zero() => match (self.suffix, suffix) {
                (false, _) => "0".to_owned(),
                (true, Suffix::Letter | Suffix::Capital) => "0 ".to_owned(),
                (true, Suffix::Short | Suffix::ShortCapital) => "0   ".to_owned(),
            },
            Style::Human { step, mark_rounded } => show_human(bytes, step, mark_rounded, suffix),
            Style::Fixed { bytes: unit, letter, decimals } => {
                let text =
                    if size.is_zero() { "0".to_owned() } else { format!("{:.decimals$}", bytes / unit) };
                if self.suffix { text + &suffix_text(letter, suffix) } else { text }
            }
        }
    }
}

/// Bytes in the unit of a letter, as selections take it; letters for readable sizes count as bytes.
pub(crate) fn factor(letter: char) -> Option<f64> {
    if matches!(letter, 'h' | 'H' | 'r' | 'R') { Some(1.0) } else { bytes_in(letter) }
}

fn bytes_in(letter: char) -> Option<f64> {
    let powers = "kmgtpe";
    Some(match letter {
        'b' | 'B' => 1.0,
        's' | 'S' => Sectors::BYTES as f64,
        c if c.is_ascii_lowercase() => 1024f64.powi(powers.find(c)? as i32 + 1),
        c => 1000f64.powi(powers.find(c.to_ascii_lowercase())? as i32 + 1),
    })
}

/// What [`show_human`] shows in powers of 1024, without going through fractions: reports show sizes by the ten
/// thousand. None for sizes that fractions do not hold exactly, or of less than a KiB.
fn show_binary(size: Sectors, mark_rounded: bool, suffix: Suffix) -> Option<String> {
    let hundred = size.get().checked_mul(Sectors::BYTES * 100).filter(|&hundred| hundred < 1 << 53)?;
    // Below 2^53 hundredths there is no PiB.
    let letters = [(40, 't'), (30, 'g'), (20, 'm'), (10, 'k')];
    let (shift, letter) = letters.into_iter().find(|(shift, _)| hundred >= 100 << shift)?;
    let (down, rest, half) = (hundred >> shift, hundred & ((1 << shift) - 1), 1 << (shift - 1));
    let up = rest > half || (rest == half && down % 2 == 1);
    let mark = if up && mark_rounded { "<" } else { "" };
    let (whole, cents) = ((down + u64::from(up)) / 100, (down + u64::from(up)) % 100);
    Some(match suffix {
        Suffix::Letter => format!("{mark}{whole}.{cents:02}{letter}"),
        _ => format!("{mark}{whole}.{cents:02}{}", suffix_text(letter, suffix)),
    })
}

fn show_human(bytes: f64, step: u64, mark_rounded: bool, suffix: Suffix) -> String {
    let step = step as f64;
    let binary = step == 1024.0;
    for (power, letter) in "kmgtpe".char_indices().rev() {
        let unit = step.powi(power as i32 + 1);
        if bytes >= unit {
            let hundredths = 100.0 * bytes / unit;
            let rounded = hundredths.round_ties_even();
            let mark = if mark_rounded && (hundredths.floor() - rounded).abs() >= 1e-9 { "<" } else { "" };
            let letter = if binary { letter } else { letter.to_ascii_uppercase() };
            return format!("{mark}{:.2}{}", bytes / unit, suffix_text(letter, suffix));
        }
    }
    format!("{bytes:.0}{}", suffix_text(if binary { 'b' } else { 'B' }, suffix))
}

fn suffix_text(letter: char, suffix: Suffix) -> String {
    match suffix {
        Suffix::Letter => letter.to_string(),
        Suffix::Capital => letter.to_ascii_uppercase().to_string(),
        Suffix::ShortCapital if letter.eq_ignore_ascii_case(&'b') => " B".to_owned(),
        Suffix::ShortCapital if !matches!(letter, 'S' | 'U') => format!(" {}B", letter.to_ascii_uppercase()),
        Suffix::Short | Suffix::ShortCapital => match letter {
            'b' | 'B' => " B ".to_owned(),
            'S' => " Se".to_owned(),
            'U' => " Un".to_owned(),
            'K' => " kB".to_owned(),
            c if c.is_ascii_lowercase() => format!(" {}iB", c.to_ascii_uppercase()),
            c => format!(" {c}B"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(units: &str, sectors: u64) -> String {
        Units::parse(units).unwrap().show(Sectors::new(sectors))
    }

    #[test]
    fn sizes_read_as_lvm2_prints_them() {
        assert_eq!(show("r", 0), "0 ");
        assert_eq!(show("r", 8192), "4.00m");
        assert_eq!(show("r", 2043 * 2048), "<2.00g");
        assert_eq!(show("h", 2043 * 2048), "2.00g");
        assert_eq!(show("b", 2), "1024B");
        assert_eq!(show("s", 7), "7S");
        assert_eq!(show("M", 8192), "4.19M");
        assert_eq!(show("4m", 8192 * 3), "3.00U");
        assert_eq!([show("1.5m", 8192), show("0.5m", 8192), show("1.5s", 8192)], ["2.67m", "8.00U", "5461S"]);
        assert_eq!(show("H", 8192), "4.19M");
        let capitals = Units { consistent: false, ..Units::default() };
        assert_eq!([capitals.show(Sectors::new(8192)), capitals.show(Sectors::ZERO)], ["4.00M", "0 "]);
        assert_eq!(capitals.show_long(Sectors::new(8192)), "4.00 MB");
        assert!(Units::parse("mm").is_err());
        assert!(Units::parse("").is_err());
    }

    #[test]
    fn whole_numbers_show_what_fractions_do() {
        let near = |sectors: u64| {
            (sectors.saturating_sub(40)..sectors + 40).chain([sectors * 5 / 2, sectors * 7 / 3])
        };
        let sizes = (0..44).flat_map(|shift| near(1 << shift)).chain((0..20_000).map(|n| n * n * n * 7));
        for size in sizes.filter(|&size| size > 0) {
            for (mark, suffix) in [(true, Suffix::Letter), (false, Suffix::Short)] {
                let bytes = size as f64 * Sectors::BYTES as f64;
                if let Some(text) = show_binary(Sectors::new(size), mark, suffix) {
                    assert_eq!(text, show_human(bytes, 1024, mark, suffix), "{size}");
                } else {
                    assert!(!(2..=1 << 37).contains(&size), "{size}");
                }
            }
        }
    }

    #[test]
    fn messages_spell_the_unit_out() {
        assert_eq!(Units::default().show_long(Sectors::new(8192)), "4.00 MiB");
        assert_eq!(Units::parse("b").unwrap().show_long(Sectors::new(2)), "1024 B ");
    }
}
