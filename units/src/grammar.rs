//! The size and extent grammars of LVM2's command line: `8m`, `+1.5g`, `-10%FREE`, `100%VG`.

use crate::Sectors;
use std::str::FromStr;
use thiserror::Error;

/// Whether a size is absolute, or more, or less than what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sign {
    /// No sign: the new size itself.
    Absolute,
    /// `+`: that much more.
    Plus,
    /// `-`: that much less.
    Minus,
}

/// What a percentage is a share of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PercentOf {
    /// All extents of the VG.
    Vg,
    /// The free extents (of the VG, or of the PVs named).
    Free,
    /// The present size of the LV.
    Lv,
    /// The extents of the PVs named.
    Pvs,
    /// The size of the origin.
    Origin,
}

impl PercentOf {
    /// As users spell it: `VG`, `FREE`, ...
    pub const fn name(self) -> &'static str {
        match self {
            Self::Vg => "VG",
            Self::Free => "FREE",
            Self::Lv => "LV",
            Self::Pvs => "PVS",
            Self::Origin => "ORIGIN",
        }
    }
}

/// A size with its sign, in sectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SizeArg {
    /// Absolute or relative.
    pub sign: Sign,
    /// How much.
    pub size: Sectors,
}

/// A number of extents, or a share of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExtentArg {
    /// That many extents.
    Count(u64),
    /// That many percent.
    Percent(u64, PercentOf),
}

/// What `-l` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExtentRequest {
    /// Absolute or relative.
    pub sign: Sign,
    /// How much.
    pub amount: ExtentArg,
}

/// Why a size or a number of extents cannot be read. The texts are those LVM2's users know.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum GrammarError {
    /// `+-3`.
    #[error("Multiple sign symbols detected.")]
    TwoSigns,
    /// Nothing that starts like a number.
    #[error("Size requires number argument.")]
    NotANumber,
    /// A point without digits.
    #[error("Can't parse size argument at '.'.")]
    Point,
    /// An unknown unit.
    #[error("Can't parse size argument.")]
    Unit,
    /// Bytes that do not fill sectors: below and above it are the nearest sizes that do.
    #[error("Size is not a multiple of 512. Try using {below} or {above}.")]
    PartialSector {
        /// The nearest multiple below, in bytes.
        below: u64,
        /// The nearest multiple above, in bytes.
        above: u64,
    },
    /// 16 EiB and more.
    #[error("Size is too big (>=16EiB).")]
    TooBig,
    /// A share of something unknown.
    #[error("Specified %{0} is unknown.")]
    PercentOf(String),
    /// A percentage that 32 bits cannot hold.
    #[error("Percentage is too big (>=4294967295%).")]
    PercentTooBig,
}

impl SizeArg {
    /// Reads a size; a bare number counts in units of `default` (a multiple of a sector). A unit is one
    /// letter of `bskmgtpe`, in either case and whatever follows it (`m`, `M`, `MiB`), as LVM2 takes it.
    pub fn parse(text: &str, default: Sectors) -> Result<Self, GrammarError> {
        let (sign, rest) = take_sign(text)?;
        let (number, unit) = take_number(rest)?;
        let scale = |sectors_per_unit: f64| number * sectors_per_unit;
        let sectors = match unit.chars().next().map(|c| c.to_ascii_lowercase()) {
            None => scale(default.get() as f64),
            Some('s') => number,
            Some('b') => whole_sectors(number)?,
            Some(c) => {
                let power = "kmgtpe".find(c).ok_or(GrammarError::Unit)? as i32;
                scale(2.0 * 1024f64.powi(power))
            }
        };
        if sectors >= (u64::MAX >> 9) as f64 {
            return Err(GrammarError::TooBig);
        }
        Ok(Self { sign, size: Sectors::new(sectors as u64) })
    }
}

fn whole_sectors(bytes: f64) -> Result<f64, GrammarError> {
    if bytes >= u64::MAX as f64 {
        return Err(GrammarError::TooBig);
    }
    let whole = bytes as u64;
    match whole % Sectors::BYTES {
        0 => Ok((whole / Sectors::BYTES) as f64),
        over => {
            let below = whole - over;
            Err(GrammarError::PartialSector { below, above: below.saturating_add(Sectors::BYTES) })
        }
    }
}

fn take_sign(text: &str) -> Result<(Sign, &str), GrammarError> {
    let (sign, rest) = match text.as_bytes().first() {
        Some(b'+') => (Sign::Plus, &text[1..]),
        Some(b'-') => (Sign::Minus, &text[1..]),
        _ => (Sign::Absolute, text),
    };
    if rest.starts_with(['+', '-']) {
        return Err(GrammarError::TwoSigns);
    }
    Ok((sign, rest))
}

fn take_number(text: &str) -> Result<(f64, &str), GrammarError> {
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Err(GrammarError::NotANumber);
    }
    if let Some(taken) = take_hexadecimal(text) {
        return Ok(taken);
    }
    let digits = |from: usize| text[from..].bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(0);
    let end = if text[whole..].starts_with('.') { whole + 1 + digits(whole + 1) } else { whole };
    let end = end + exponent(&text[end..], 'e');
    let number = text[..end].parse().map_err(|_| GrammarError::Point)?;
    Ok((number, &text[end..]))
}

/// How long the exponent is that stands there. Without digits it is none: `1e` is an exabyte.
fn exponent(text: &str, mark: char) -> usize {
    let Some(rest) = text.strip_prefix([mark, mark.to_ascii_uppercase()]) else { return 0 };
    let signed = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    match signed.bytes().take_while(u8::is_ascii_digit).count() {
        0 => 0,
        digits => text.len() - signed.len() + digits,
    }
}

/// A number in base 16, as C's strtod takes it: `0x1f.8p4`.
fn take_hexadecimal(text: &str) -> Option<(f64, &str)> {
    let rest = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_hexdigit).count();
    let whole = digits(rest);
    let part = rest[whole..].strip_prefix('.').map_or(0, digits);
    if whole + part == 0 {
        return None;
    }
    let end = if rest[whole..].starts_with('.') { whole + 1 + part } else { whole };
    let value = rest[..end].chars().filter_map(|c| c.to_digit(16));
    let value = value.fold(0.0, |value, digit| value * 16.0 + f64::from(digit));
    let power = exponent(&rest[end..], 'p');
    let scale: i32 = rest[end..end + power].get(1..).and_then(|digits| digits.parse().ok()).unwrap_or(0);
    let shift = scale.saturating_sub(i32::try_from(part * 4).unwrap_or(i32::MAX));
    Some((value * 2f64.powi(shift), &rest[end + power..]))
}

impl FromStr for ExtentRequest {
    type Err = GrammarError;

    fn from_str(text: &str) -> Result<Self, GrammarError> {
        let (sign, rest) = take_sign(text)?;
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let number: u64 = rest[..end].parse().map_err(|_| GrammarError::NotANumber)?;
        let tail = &rest[end..];
        if tail.is_empty() {
            return Ok(Self { sign, amount: ExtentArg::Count(number) });
        }
        let of = tail.strip_prefix('%').ok_or(GrammarError::Unit)?;
        let of = match of.to_ascii_uppercase().as_str() {
            "V" | "VG" => PercentOf::Vg,
            "L" | "LV" => PercentOf::Lv,
            "P" | "PV" | "PVS" => PercentOf::Pvs,
            "F" | "FR" | "FREE" => PercentOf::Free,
            "O" | "OR" | "ORIGIN" => PercentOf::Origin,
            _ => return Err(GrammarError::PercentOf(of.to_owned())),
        };
        if number >= u64::from(u32::MAX) {
            return Err(GrammarError::PercentTooBig);
        }
        Ok(Self { sign, amount: ExtentArg::Percent(number, of) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: Sectors = Sectors::new(2048);

    fn sectors(text: &str) -> u64 {
        SizeArg::parse(text, MIB).unwrap().size.get()
    }

    #[test]
    fn units_are_binary_in_either_case() {
        assert_eq!(sectors("8"), 8 * 2048);
        assert_eq!(sectors("8m"), sectors("8MiB"));
        assert_eq!(sectors("1.5g"), 3 * 1024 * 1024);
        assert_eq!(sectors("7s"), 7);
        assert_eq!(sectors("1024b"), 2);
        assert_eq!(sectors(".5k"), 1);
    }

    #[test]
    fn a_part_of_a_sector_is_refused_with_its_neighbours() {
        let error = SizeArg::parse("513B", MIB).unwrap_err();
        assert_eq!(error, GrammarError::PartialSector { below: 512, above: 1024 });
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "m", "+-3m", "3x", "1e3e", "99999999999999e", "..", "-"] {
            let result = SizeArg::parse(text, MIB);
            assert!(result.is_err() || text == "1e3e", "{text} gave {result:?}");
        }
    }

    #[test]
    fn numbers_may_be_spelled_as_in_c() {
        assert_eq!(sectors("1e3"), sectors("1000"));
        assert_eq!(sectors("25E-1m"), sectors("2.5m"));
        assert_eq!(sectors("1e"), sectors("1048576t"));
        assert_eq!(sectors("1e+k"), sectors("1e"));
        assert_eq!(sectors("0x10"), sectors("16"));
        assert_eq!(sectors("0X1.8p3k"), sectors("12k"));
        assert_eq!(sectors("0x1b"), sectors("27"));
        assert_eq!(SizeArg::parse("0x", MIB).unwrap_err(), GrammarError::Unit);
    }

    #[test]
    fn points_need_digits_on_a_side() {
        assert_eq!(SizeArg::parse("..1", MIB).unwrap_err(), GrammarError::Point);
        assert_eq!(SizeArg::parse("1.2.3", MIB).unwrap_err(), GrammarError::Unit);
        assert_eq!(sectors("1."), sectors("1"));
        assert_eq!(sectors(".5"), 1024);
    }

    #[test]
    fn extents_take_percentages_in_any_case() {
        let request: ExtentRequest = "+100%free".parse().unwrap();
        assert_eq!(request.sign, Sign::Plus);
        assert_eq!(request.amount, ExtentArg::Percent(100, PercentOf::Free));
        assert!("10%NONE".parse::<ExtentRequest>().is_err());
        assert!("10x".parse::<ExtentRequest>().is_err());
        assert_eq!("25".parse::<ExtentRequest>().unwrap().amount, ExtentArg::Count(25));
    }
}
