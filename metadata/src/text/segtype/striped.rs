//! Linear and striped segments: `stripe_count`, `stripe_size` where there are several, and the areas.

use super::super::error::{TextError, WriteError};
use super::super::extras::Pending;
use super::super::fields::Fields;
use super::super::names::{Names, Written};
use crate::model::{Area, SegmentKind, Striped};
use conf::{Section, Str, Value, Writer};
use units::{Le, Pe, Sectors};

const COUNT: &str = "stripe_count";
const AREAS: &str = "stripes";

pub(super) fn read(fields: &mut Fields<'_, '_>, names: &Names<'_>) -> Result<SegmentKind, TextError> {
    let count = fields.u32(COUNT)?;
    let stripe_size = if count > 1 { u64::from(fields.u32("stripe_size")?) } else { 0 };
    let areas = areas(fields, names, AREAS)?;
    if areas.len() as u64 != u64::from(count) {
        let at = fields.here();
        return Err(TextError::AreaCount { at, key: COUNT, says: u64::from(count), has: areas.len() });
    }
    if areas.is_empty() {
        return Err(TextError::Areas { at: fields.here(), key: AREAS });
    }
    Ok(SegmentKind::Striped(Striped { stripe_size: Sectors::new(stripe_size), areas }))
}

/// Whether all areas are on PVs.
pub(super) fn lies_on_pvs(segment: &Section<'_>, names: &Names<'_>) -> bool {
    let items = segment.value(AREAS).map(Value::items).unwrap_or_default();
    let name = |item: &Value<'_>| item.str().and_then(Str::to_str).and_then(|name| names.pv(name));
    items.iter().step_by(2).all(|item| name(item).is_some())
}

/// Takes a list of names, each followed by a place.
pub(super) fn areas(
    fields: &mut Fields<'_, '_>,
    names: &Names<'_>,
    key: &'static str,
) -> Result<Vec<Area>, TextError> {
    let Some(node) = fields.take(key) else { return Err(TextError::Missing { at: fields.here(), key }) };
    let items = node.as_value().map(Value::items).unwrap_or_default();
    let malformed = || TextError::Areas { at: fields.at(node), key };
    if items.len() % 2 != 0 {
        return Err(malformed());
    }
    let area = |pair: &[Value<'_>]| {
        let name = pair[0].str().and_then(Str::to_str).ok_or_else(malformed)?;
        let start = pair[1].uint().filter(|&n| u32::try_from(n).is_ok()).ok_or_else(malformed)?;
        if let Some(pv) = names.pv(name) {
            return Ok(Area::Pv { pv, start: Pe::new(start) });
        }
        match names.lv(name) {
            Some(lv) => Ok(Area::Lv { lv, start: Le::new(start) }),
            None => {
                let (at, name) = (fields.at(node), name.to_owned());
                Err(TextError::UnknownName { at, key: key.to_owned(), name })
            }
        }
    };
    // Collecting results would make room for four areas: most segments have one.
    let mut areas = Vec::with_capacity(items.len() / 2);
    for pair in items.chunks_exact(2) {
        areas.push(area(pair)?);
    }
    Ok(areas)
}

pub(super) fn write(
    writer: &mut Writer,
    names: &Written<'_>,
    lv: &str,
    striped: &Striped,
    extras: &mut Pending<'_>,
) -> Result<(), WriteError> {
    let count = striped.areas.len();
    match count {
        1 => writer.key(COUNT).note("# linear").int(1),
        _ => writer.int(COUNT, count as u64),
    }
    extras.after(writer, COUNT)?;
    if count > 1 {
        writer.key("stripe_size").size(striped.stripe_size).int(striped.stripe_size.get());
        extras.after(writer, "stripe_size")?;
    }
    writer.blank();
    writer.begin_array(AREAS);
    for (n, area) in striped.areas.iter().enumerate() {
        let (name, start) = match *area {
            Area::Pv { pv, start } => (names.pv(pv, lv)?, start.get()),
            Area::Lv { lv: below, start } => (names.lv(below, lv)?, start.get()),
        };
        // Places were read as 32 bits and are checked to be so before a VG is written.
        let start = i64::try_from(start).unwrap_or(i64::MAX);
        writer.array_line(&[Value::Str(Str::from(name)), Value::Int(start)], n + 1 == count);
    }
    writer.end_array();
    Ok(())
}
