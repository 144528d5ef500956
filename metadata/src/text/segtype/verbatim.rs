//! Segments of types that rlvm reads, shows and writes back, but does not edit yet or does not know.

use super::super::error::{TextError, WriteError};
use super::super::fields::Fields;
use super::super::names::{Names, Written};
use super::super::raw::{RawReader, RawWriter, Resolve};
use super::{Shape, shape, striped};
use crate::model::{Area, RawItem, RawValue, SegmentKind, SegmentType, Verbatim};
use conf::{Value, Writer};
use units::{ExtentSize, Extents, Id, Pe};

pub(super) fn read(
    fields: &mut Fields<'_, '_>,
    names: &Names<'_>,
    type_name: &str,
    segtype: Option<SegmentType>,
    len: Extents,
) -> Result<SegmentKind, TextError> {
    let shape = segtype.map(shape);
    let items = items(fields, names, shape.as_ref())?;
    let (areas, lvs) = match shape {
        Some(shape) => {
            check_counts(fields, &shape)?;
            let areas = match shape.areas {
                Some(key) => striped::areas(fields, names, key)?,
                None => Vec::new(),
            };
            let keys = [shape.built_on, shape.areas.as_slice()].concat();
            (areas, lvs_of(items.iter().filter(|item| keys.contains(&item.key.as_str()))))
        }
        None => (items.iter().flat_map(pairs).collect(), lvs_of(items.iter())),
    };
    let areas = areas.into_iter().filter(|area| matches!(area, Area::Pv { .. }));
    let areas = areas.map(|area| (area, len)).collect();
    Ok(SegmentKind::Verbatim(Verbatim { segtype, type_name: type_name.to_owned(), items, areas, lvs }))
}

/// Everything behind the type that is not common to all segments.
fn items(
    fields: &mut Fields<'_, '_>,
    names: &Names<'_>,
    shape: Option<&Shape>,
) -> Result<Vec<RawItem>, TextError> {
    let lvs: Vec<&'static str> = shape.map_or(Vec::new(), |shape| [shape.built_on, shape.points_at].concat());
    let areas = shape.map_or(&[][..], |shape| shape.areas.as_slice());
    let resolve = if shape.is_some() { Resolve::Keys { lvs: &lvs, areas } } else { Resolve::Any };
    let reader = RawReader { text: fields.text(), names, resolve, section: fields.name() };
    let mut items = Vec::new();
    for place in fields.places_after("type") {
        items.push(reader.item(&fields.nodes()[place])?);
        fields.take_at(place);
    }
    Ok(items)
}

/// The LVs that items name, each once.
fn lvs_of<'i>(items: impl Iterator<Item = &'i RawItem>) -> Vec<Id> {
    let mut lvs = Vec::new();
    for value in items.flat_map(RawItem::values) {
        if let &RawValue::Lv(id) = value
            && !lvs.contains(&id)
        {
            lvs.push(id);
        }
    }
    lvs
}

/// PVs that are followed by a place, in a segment of a type that nobody knows.
fn pairs(item: &RawItem) -> Vec<Area> {
    let values: Vec<&RawValue> = item.values().collect();
    let pair = |pair: &[&RawValue]| match pair {
        [RawValue::Pv(pv), RawValue::Int(start)] => {
            let start = u64::from(u32::try_from(*start).ok()?);
            Some(Area::Pv { pv: *pv, start: Pe::new(start) })
        }
        _ => None,
    };
    values.windows(2).filter_map(pair).collect()
}

/// Whether the number of images is what the text says. A raid's metadata images stand before the data images
/// they belong to and are not counted; their names tell (2.03.40: raid.c, _raid_text_import_areas).
fn check_counts(fields: &Fields<'_, '_>, shape: &Shape) -> Result<(), TextError> {
    let value = |key: &str| fields.nodes().iter().find(|node| node.key == *key)?.as_value();
    let (counts, lists) = shape.counts;
    let Some(list) = lists.iter().find_map(|key| value(key)) else { return Ok(()) };
    let is_image = |item: &&Value<'_>| {
        item.str().is_some_and(|name| !name.as_bytes().windows(7).any(|part| part == b"_rmeta_"))
    };
    let has = list.items().iter().filter(is_image).count();
    for &key in counts {
        if let Some(says) = value(key).and_then(Value::uint)
            && says != has as u64
        {
            return Err(TextError::AreaCount { at: fields.here(), key, says, has });
        }
    }
    Ok(())
}

pub(super) fn write(
    writer: &mut Writer,
    names: &Written<'_>,
    extent_size: ExtentSize,
    lv: &str,
    verbatim: &Verbatim,
) -> Result<(), WriteError> {
    let notes = verbatim.segtype.map_or(&[][..], |segtype| shape(segtype).notes);
    let raw = RawWriter { names, extent_size, notes, lv };
    verbatim.items.iter().try_for_each(|item| raw.item(writer, item))
}
