//! How option values are read.

use super::value::{Activation, Copies, Datum, Given, Readahead, Value};
use metadata::model::names;
use std::ffi::OsStr;
use thiserror::Error;
use units::{ExtentRequest, GrammarError, Sectors, Sign, SizeArg};

/// Why a value is refused; empty where LVM2 gives no reason beside naming the option and the value.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[allow(missing_docs, reason = "the texts say it")]
pub enum BadValue {
    #[error("")]
    Plain,
    #[error(transparent)]
    Grammar(#[from] GrammarError),
    #[error("{0} may not be negative.")]
    Negative(&'static str),
    #[error("{0} may not be positive.")]
    Positive(&'static str),
    #[error("{0} may not be relative/signed.")]
    Signed(&'static str),
    #[error("WARNING: Unrecognised segment type {0}")]
    SegmentType(String),
    #[error("Unrecognised allocation policy {0}")]
    Allocation(String),
    #[error("Unknown cache mode: {0}.")]
    CacheMode(String),
    #[error("Selected cache metadata format {0} is not supported.")]
    CacheFormat(u64),
    #[error("Thin pool discards type \"{0}\" is unknown.")]
    Discards(String),
    #[error("Mirror log type \"{0}\" is unknown.")]
    MirrorLog(String),
    #[error("Region size may not be zero.")]
    RegionZero,
    #[error("Region size is too big (max 4294967295).")]
    RegionTooBig,
    #[error("Region size must be a multiple of machine memory page size (4096 bytes).")]
    RegionNotPages,
    #[error("Region size must be a power of 2.")]
    RegionNotPower,
}

/// Which signs a number or size may have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Signs {
    Neither,
    NoMinus,
    NoPlus,
    Any,
}

impl Signs {
    fn allow(self, sign: Sign, what: &'static str) -> Result<(), BadValue> {
        match (self, sign) {
            (Self::Neither, Sign::Plus | Sign::Minus) => Err(BadValue::Signed(what)),
            (Self::NoMinus, Sign::Minus) => Err(BadValue::Negative(what)),
            (Self::NoPlus, Sign::Plus) => Err(BadValue::Positive(what)),
            _ => Ok(()),
        }
    }
}

const KIB: Sectors = Sectors::new(2);
const MIB: Sectors = Sectors::new(2048);

impl Value {
    /// Reads a value.
    pub fn read(self, raw: &OsStr) -> Result<Given, BadValue> {
        if matches!(self, Self::Text | Self::Pv | Self::WriteMostly) {
            return Ok(Given { raw: raw.to_owned(), datum: Datum::Text });
        }
        let text = raw.to_str().ok_or(BadValue::Plain)?;
        if self == Self::Tag {
            let tag = text.strip_prefix('@').unwrap_or(text);
            let datum =
                if names::has_tag_characters(tag) { Datum::Text } else { return Err(BadValue::Plain) };
            return Ok(Given { raw: tag.into(), datum });
        }
        Ok(Given { raw: raw.to_owned(), datum: self.datum(text)? })
    }

    fn datum(self, text: &str) -> Result<Datum, BadValue> {
        match self {
            Self::Bool => yes_or_no(text).map(Datum::Bool),
            Self::Number => whole(text, Signs::NoMinus),
            Self::SNumber => whole(text, Signs::Any),
            Self::PNumber => plus_number(text),
            Self::Uint32 => match whole(text, Signs::NoMinus)? {
                Datum::Number(_, n) if n > u64::from(u32::MAX) => Err(BadValue::Plain),
                datum => Ok(datum),
            },
            Self::Activation => activation(text).map(Datum::Activation),
            Self::Permission => match text {
                "rw" | "wr" => Ok(Datum::Writable(true)),
                "r" => Ok(Datum::Writable(false)),
                _ => Err(BadValue::Plain),
            },
            Self::Readahead => readahead(text).map(Datum::Readahead),
            Self::PvMetadataCopies => match whole(text, Signs::NoMinus)? {
                Datum::Number(_, n) if n > 2 => Err(BadValue::Plain),
                datum => Ok(datum),
            },
            Self::VgMetadataCopies => copies(text).map(Datum::Copies),
            Self::Extents => extents(text, Signs::Neither),
            Self::SExtents => extents(text, Signs::Any),
            Self::PExtents => extents(text, Signs::NoMinus),
            Self::NExtents => extents(text, Signs::NoPlus),
            Self::SizeKb => size(text, KIB, Signs::NoMinus),
            Self::SizeMb => size(text, MIB, Signs::Neither),
            Self::SSizeMb => size(text, MIB, Signs::Any),
            Self::PSizeMb => size(text, MIB, Signs::NoMinus),
            Self::NSizeMb => size(text, MIB, Signs::NoPlus),
            Self::RegionSize => region_size(text),
            _ => self.word(text),
        }
    }

    /// One of a set of words. Sets are LVM2's, which sometimes takes more than it shows.
    fn word(self, text: &str) -> Result<Datum, BadValue> {
        let known = match self {
            Self::Alloc => text == "next free" || self.shows(text),
            Self::DumpType => matches!(text, "metadata_area" | "backup_to_raw") || self.shows(text),
            Self::LockType => matches!(text, "clvm" | "idm") || self.shows(text),
            Self::MetadataType => ["lvm2", "2", "text"].iter().any(|name| name.eq_ignore_ascii_case(text)),
            Self::MirrorLog => text == "mirrored" || self.shows(text),
            Self::SegType => SEGMENT_TYPES.contains(&text),
            Self::CacheFormat
            | Self::CacheMode
            | Self::ConfigReport
            | Self::ConfigType
            | Self::Discards
            | Self::Headings
            | Self::PollOperation
            | Self::RepairType
            | Self::ReportFormat
            | Self::SyncAction => self.shows(text),
            // Names, and words that LVM2 checks only once it uses them.
            _ => true,
        };
        match self {
            _ if known => Ok(Datum::Text),
            Self::SegType => Err(BadValue::SegmentType(text.to_owned())),
            Self::Alloc => Err(BadValue::Allocation(text.to_owned())),
            Self::CacheMode => Err(BadValue::CacheMode(text.to_owned())),
            Self::CacheFormat => Err(text.parse().map_or(BadValue::Plain, BadValue::CacheFormat)),
            Self::Discards => Err(BadValue::Discards(text.to_owned())),
            Self::MirrorLog => Err(BadValue::MirrorLog(text.to_owned())),
            _ => Err(BadValue::Plain),
        }
    }

    fn shows(self, word: &str) -> bool {
        self.shown().split('|').any(|known| known == word)
    }
}

/// What `--type` takes.
const SEGMENT_TYPES: &[&str] = &[
    "linear",
    "striped",
    "mirror",
    "snapshot",
    "thin",
    "thin-pool",
    "cache",
    "cache-pool",
    "writecache",
    "integrity",
    "error",
    "zero",
    "vdo",
    "vdo-pool",
    "raid0",
    "raid0_meta",
    "raid1",
    "raid10",
    "raid10_near",
    "raid4",
    "raid5",
    "raid5_n",
    "raid5_la",
    "raid5_ls",
    "raid5_ra",
    "raid5_rs",
    "raid6",
    "raid6_nc",
    "raid6_nr",
    "raid6_zr",
    "raid6_la_6",
    "raid6_ls_6",
    "raid6_ra_6",
    "raid6_rs_6",
    "raid6_n_6",
];

fn yes_or_no(text: &str) -> Result<bool, BadValue> {
    match text {
        "y" => Ok(true),
        "n" => Ok(false),
        _ => Err(BadValue::Plain),
    }
}

fn activation(text: &str) -> Result<Activation, BadValue> {
    Ok(match text {
        "y" => Activation::Yes,
        "n" | "en" | "ne" => Activation::No,
        "a" | "ay" | "ya" => Activation::Auto,
        "e" | "ey" | "ye" => Activation::Exclusive,
        "s" | "sy" | "ys" => Activation::Shared,
        "ly" | "yl" => Activation::LocalYes,
        "ln" | "nl" => Activation::LocalNo,
        _ => return Err(BadValue::Plain),
    })
}

fn signed_digits(text: &str) -> Result<(Sign, u64), BadValue> {
    let (sign, digits) = match text.as_bytes().first() {
        Some(b'+') => (Sign::Plus, &text[1..]),
        Some(b'-') => (Sign::Minus, &text[1..]),
        _ => (Sign::Absolute, text),
    };
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(BadValue::Plain);
    }
    digits.parse().map(|n| (sign, n)).map_err(|_| BadValue::Plain)
}

fn whole(text: &str, signs: Signs) -> Result<Datum, BadValue> {
    let (sign, n) = signed_digits(text)?;
    signs.allow(sign, "").map_err(|_| BadValue::Plain)?;
    Ok(Datum::Number(sign, n))
}

fn plus_number(text: &str) -> Result<Datum, BadValue> {
    let (sign, n) = signed_digits(text)?;
    Signs::NoMinus.allow(sign, "Number")?;
    Ok(Datum::Number(sign, n))
}

fn size(text: &str, unit: Sectors, signs: Signs) -> Result<Datum, BadValue> {
    let size = SizeArg::parse(text, unit)?;
    signs.allow(size.sign, "Size")?;
    Ok(Datum::Size(size))
}

fn extents(text: &str, signs: Signs) -> Result<Datum, BadValue> {
    let extents: ExtentRequest = text.parse().map_err(|error| match error {
        // LVM2 says no more than which value is wrong.
        GrammarError::NotANumber | GrammarError::Unit | GrammarError::TwoSigns => BadValue::Plain,
        error => BadValue::Grammar(error),
    })?;
    signs.allow(extents.sign, "Extents")?;
    Ok(Datum::Extents(extents))
}

fn readahead(text: &str) -> Result<Readahead, BadValue> {
    if text.eq_ignore_ascii_case("auto") {
        return Ok(Readahead::Auto);
    }
    if text.eq_ignore_ascii_case("none") {
        return Ok(Readahead::None);
    }
    let size = SizeArg::parse(text, Sectors::new(1))?;
    if size.sign == Sign::Minus { Err(BadValue::Plain) } else { Ok(Readahead::Sectors(size.size)) }
}

fn copies(text: &str) -> Result<Copies, BadValue> {
    if text.eq_ignore_ascii_case("all") {
        return Ok(Copies::All);
    }
    if text.eq_ignore_ascii_case("unmanaged") {
        return Ok(Copies::Unmanaged);
    }
    match whole(text, Signs::NoMinus)? {
        Datum::Number(_, n) => Ok(Copies::Count(n)),
        _ => Err(BadValue::Plain),
    }
}

fn region_size(text: &str) -> Result<Datum, BadValue> {
    const PAGE: Sectors = Sectors::new(8);
    let size = SizeArg::parse(text, MIB)?;
    if size.sign == Sign::Minus {
        return Err(BadValue::Negative("Region size"));
    }
    match size.size.get() {
        0 => Err(BadValue::RegionZero),
        n if n > u64::from(u32::MAX) => Err(BadValue::RegionTooBig),
        _ if !size.size.is_multiple_of(PAGE) => Err(BadValue::RegionNotPages),
        n if !n.is_power_of_two() => Err(BadValue::RegionNotPower),
        _ => Ok(Datum::Size(size)),
    }
}
