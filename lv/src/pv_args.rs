//! The PVs a command names to take extents from: `/dev/sdb`, `/dev/sdb:100-200:300-`, `@tag`.

use metadata::model::names::is_tag;
use metadata::model::{PeRange, PvFlag, PvSpace, Vg};
use metadata::plan::Notice;
use std::collections::HashMap;
use thiserror::Error;
use units::{Extents, Id, Pe};

/// One argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PvArg {
    /// `@tag`: every PV of the VG that has it.
    Tag(String),
    /// A PV.
    Pv {
        /// Which.
        pv: Id,
        /// What follows its name, from the first colon on; empty: all of it.
        ranges: String,
    },
}

/// What is wrong with the PVs a command names.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PvArgError {
    /// No PV of that name.
    #[error("Physical Volume \"{name}\" not found in Volume Group \"{vg}\".")]
    NotFound {
        /// What was named.
        name: String,
        /// Where it was looked for.
        vg: String,
    },
    /// Ranges that cannot be read.
    #[error("Physical extent parsing error at {0}.")]
    Syntax(String),
    /// A range that is not on the PV, or ends before it starts.
    #[error("PE range error: start extent {start} to end extent {end}.")]
    Range {
        /// Where it starts.
        start: u64,
        /// Where it ends, inclusive.
        end: u64,
    },
    /// Two ranges share extents. The fields are first and last extents.
    #[error(
        "Overlapping PE ranges specified ({}-{}, {}-{}) on {device}.", one.0, one.1, other.0, other.1
    )]
    Overlap {
        /// The one named last.
        one: (u64, u64),
        /// The one named before.
        other: (u64, u64),
        /// On which PV.
        device: String,
    },
    /// Nothing is left of what was named.
    #[error("No specified PVs have space available.")]
    NoSpace,
}

impl PvArg {
    /// Reads one argument. A backslash takes away the meaning of a colon or an at sign that follows it.
    /// `find` gives the PV of a device name.
    pub fn parse(vg: &Vg, text: &str, find: impl FnOnce(&str) -> Option<Id>) -> Result<Self, PvArgError> {
        let (name, at_first, ranges) = unquote(text);
        if at_first {
            return Ok(Self::Tag(format!("{}{ranges}", &name[1..])));
        }
        match find(&name) {
            Some(pv) if vg.pvs.contains(pv) => Ok(Self::Pv { pv, ranges }),
            _ => Err(PvArgError::NotFound { name, vg: vg.name.clone() }),
        }
    }
}

/// The text up to the first bare colon, whether it begins with a bare at sign, and the rest.
fn unquote(text: &str) -> (String, bool, String) {
    let (mut name, mut rest) = (String::new(), String::new());
    let mut in_rest = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let quoted = match (c, chars.peek()) {
            ('\\', Some(&next @ (':' | '@'))) => {
                chars.next();
                Some(next)
            }
            _ => None,
        };
        in_rest |= quoted.is_none() && c == ':';
        if in_rest { &mut rest } else { &mut name }.push(quoted.unwrap_or(c));
    }
    (name, text.starts_with('@'), rest)
}

/// A PV that extents may be taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// Which.
    pub(crate) pv: Id,
    /// Which of its extents, in the order they were named.
    pub(crate) ranges: Vec<PeRange>,
}

/// The PVs to take extents from.
#[derive(Clone, Debug)]
pub(crate) struct Candidates {
    /// In the order they were named, each once.
    pub(crate) list: Vec<Candidate>,
    /// Whether the user named them; otherwise they are all PVs of the VG.
    pub(crate) named: bool,
}

impl Candidates {
    /// What the arguments name. With `only_usable`, PVs on which nothing can be placed are passed over with a
    /// notice.
    pub(crate) fn new(
        vg: &Vg,
        args: &[PvArg],
        space: &HashMap<Id, PvSpace>,
        only_usable: bool,
        notices: &mut Vec<Notice>,
    ) -> Result<Self, PvArgError> {
        if args.is_empty() {
            return Ok(Self::all(vg));
        }
        let mut chosen = Self { list: Vec::new(), named: true };
        let mut add = |pv: Id, ranges: &str, notices: &mut Vec<Notice>| {
            let reason = if only_usable { unusable(vg, pv, space) } else { None };
            match reason {
                Some(notice) => notices.push(notice),
                None => chosen.add(vg, pv, ranges)?,
            }
            Ok(())
        };
        for arg in args {
            match arg {
                PvArg::Tag(tag) if !is_tag(tag) => notices.push(Notice::InvalidTag(tag.clone())),
                PvArg::Tag(tag) => {
                    for pv in vg.pvs.iter().filter(|pv| pv.tags.contains(tag)) {
                        add(pv.id, "", notices)?;
                    }
                }
                PvArg::Pv { pv, ranges } => add(*pv, ranges, notices)?,
            }
        }
        if chosen.list.is_empty() { Err(PvArgError::NoSpace) } else { Ok(chosen) }
    }

    fn all(vg: &Vg) -> Self {
        let whole = |extents| vec![PeRange { start: Pe::new(0), len: extents }];
        let list = vg.pvs.iter().map(|pv| Candidate { pv: pv.id, ranges: whole(pv.pe_count) }).collect();
        Self { list, named: false }
    }

    fn add(&mut self, vg: &Vg, id: Id, ranges: &str) -> Result<(), PvArgError> {
        let Some(pv) = vg.pvs.get(id) else {
            return Err(PvArgError::NotFound { name: id.to_string(), vg: vg.name.clone() });
        };
        let place = match self.list.iter().position(|candidate| candidate.pv == id) {
            Some(place) => place,
            None => {
                self.list.push(Candidate { pv: id, ranges: Vec::new() });
                self.list.len() - 1
            }
        };
        let list = &mut self.list[place].ranges;
        read_ranges(ranges, pv.pe_count, |range| push_range(list, range, &pv.device))?;
        Ok(())
    }

    /// Free extents among those named.
    pub(crate) fn free(&self, space: &HashMap<Id, PvSpace>) -> Extents {
        let mut sum = 0;
        for candidate in &self.list {
            let free = space.get(&candidate.pv).map(PvSpace::free).unwrap_or_default();
            for (range, run) in candidate.ranges.iter().flat_map(|r| free.iter().map(move |f| (r, f))) {
                let start = range.start.max(run.start);
                let end = range.end().min(run.end());
                sum += end.checked_since(start).unwrap_or_default().get();
            }
        }
        Extents::new(sum)
    }
}

fn unusable(vg: &Vg, id: Id, space: &HashMap<Id, PvSpace>) -> Option<Notice> {
    let pv = vg.pvs.get(id)?;
    if !pv.flags.has(PvFlag::Allocatable) {
        return Some(Notice::PvNotAllocatable(pv.device.clone()));
    }
    if pv.flags.has(PvFlag::Missing) {
        return Some(Notice::PvMissing(pv.device.clone()));
    }
    let full = space.get(&id).is_some_and(|space| space.free_count().is_zero());
    full.then(|| Notice::PvFull(pv.device.clone()))
}

fn push_range(ranges: &mut Vec<PeRange>, new: PeRange, device: &str) -> Result<(), PvArgError> {
    let ends = |range: PeRange| (range.start.get(), (range.start.get() + range.len.get()).saturating_sub(1));
    let overlaps = |old: &&PeRange| new.start < old.end() && old.start < new.end();
    match ranges.iter().find(overlaps) {
        Some(&old) => {
            Err(PvArgError::Overlap { one: ends(new), other: ends(old), device: device.to_owned() })
        }
        None => {
            ranges.push(new);
            Ok(())
        }
    }
}

/// Reads `:5`, `:5-`, `:-9`, `:5-9`, `:5+5`, any number of them; nothing is the whole PV.
fn read_ranges(
    text: &str,
    size: Extents,
    mut found: impl FnMut(PeRange) -> Result<(), PvArgError>,
) -> Result<(), PvArgError> {
    if text.is_empty() {
        return found(PeRange { start: Pe::new(0), len: size });
    }
    let mut rest = text;
    while !rest.is_empty() {
        let (range, after) = read_range(rest, size)?;
        found(range)?;
        rest = after;
    }
    Ok(())
}

/// Reads one range with the colon before it, and gives what follows.
fn read_range(text: &str, size: Extents) -> Result<(PeRange, &str), PvArgError> {
    let syntax = |at: &str| PvArgError::Syntax(at.to_owned());
    let body = text.strip_prefix(':').ok_or_else(|| syntax(text))?;
    if body.is_empty() || body.starts_with(':') {
        return Err(syntax(body));
    }
    let last = size.get().saturating_sub(1);
    let (first, mut after) = take_number(body)?;
    let start = first.unwrap_or(0);
    let mut end = match first {
        Some(start) if after.is_empty() || after.starts_with(':') => start,
        Some(_) | None => last,
    };
    if let Some(tail) = after.strip_prefix('-') {
        let (number, tail) = take_number(tail)?;
        (end, after) = (number.unwrap_or(end), tail);
    } else if let Some(tail) = after.strip_prefix('+') {
        let (number, tail) = take_number(tail)?;
        (end, after) = (number.map_or(end, |len| start + len.saturating_sub(1)), tail);
    }
    if !(after.is_empty() || after.starts_with(':')) {
        return Err(syntax(after));
    }
    if start > end || end > last {
        return Err(PvArgError::Range { start, end });
    }
    Ok((PeRange { start: Pe::new(start), len: Extents::new(end - start + 1) }, after))
}

fn take_number(text: &str) -> Result<(Option<u64>, &str), PvArgError> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    if end == 0 {
        return Ok((None, text));
    }
    match text[..end].parse::<u32>() {
        Ok(number) => Ok((Some(u64::from(number)), &text[end..])),
        Err(_) => Err(PvArgError::Syntax(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(text: &str) -> Result<Vec<(u64, u64)>, PvArgError> {
        let mut found = Vec::new();
        read_ranges(text, Extents::new(100), |range| {
            found.push((range.start.get(), range.len.get()));
            Ok(())
        })?;
        Ok(found)
    }

    #[test]
    fn ranges_have_a_start_an_end_or_a_length() {
        assert_eq!(ranges("").unwrap(), [(0, 100)]);
        assert_eq!(ranges(":5").unwrap(), [(5, 1)]);
        assert_eq!(ranges(":5-").unwrap(), [(5, 95)]);
        assert_eq!(ranges(":-9").unwrap(), [(0, 10)]);
        assert_eq!(ranges(":5+5:20-21").unwrap(), [(5, 5), (20, 2)]);
        assert_eq!(ranges(":5+0").unwrap(), [(5, 1)]);
    }

    #[test]
    fn broken_ranges_are_refused() {
        for text in [":", "::", ":5:", ":x", ":5x", ":99999999999", ":5-4", ":0-100", ":100"] {
            assert!(ranges(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_backslash_hides_a_colon_in_a_name() {
        assert_eq!(unquote(r"/dev/a\:b:1-2"), ("/dev/a:b".to_owned(), false, ":1-2".to_owned()));
        assert_eq!(unquote("@fast"), ("@fast".to_owned(), true, String::new()));
        assert_eq!(unquote(r"\@x"), ("@x".to_owned(), false, String::new()));
    }
}
