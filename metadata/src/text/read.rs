//! A text's VG.

use super::early::{LVS, PVS, Ready};
use super::error::{At, TextError};
use super::fields::Fields;
use super::names::Names;
use super::raw::{RawReader, Resolve};
use super::{extras, flags, lv, pv};
use crate::model::names::check_characters;
use crate::model::{AllocPolicy, Collection, HistoricalLv, Identified, LockType, Lv, Pv, RawValue, Vg};
use conf::{Node, Position, Section};
use foldhash::{HashMap, HashMapExt};
use std::fmt::{self, Display};
use units::{ExtentSize, Sectors};

/// What a section is called in messages.
pub(super) enum Title<'t> {
    /// The outermost level.
    Text,
    /// A VG's section.
    Vg(&'t str),
    /// A PV's.
    Pv(&'t str),
    /// An LV's.
    Lv(&'t str),
    /// A segment's, and its LV.
    Segment(&'t str, &'t str),
    /// A removed LV's.
    Historical(&'t str),
}

impl Display for Title<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("the text"),
            Self::Vg(name) => write!(f, "VG {name}"),
            Self::Pv(name) => write!(f, "PV {name}"),
            Self::Lv(name) => write!(f, "LV {name}"),
            Self::Segment(segment, lv) => write!(f, "{segment} of LV {lv}"),
            Self::Historical(name) => write!(f, "historical LV {name}"),
        }
    }
}

/// The place of a node.
pub(super) fn at(text: &[u8], title: &dyn Display, node: &Node<'_>) -> At {
    At { section: title.to_string(), line: Position::of(text, node.span.start as usize).line }
}

/// A section's name, which is part of other texts and of paths and so has to be one that names can be.
pub(super) fn checked_name<'s>(text: &[u8], node: &'s Node<'_>) -> Result<&'s str, TextError> {
    let name = node.key.to_str().unwrap_or("\u{fffd}");
    match check_characters(name) {
        Ok(()) => Ok(name),
        Err(source) => Err(TextError::Name { at: at(text, &Title::Text, node), source }),
    }
}

/// Reads the VG of that section, some of whose LVs are ready.
pub(super) fn vg<'a>(
    text: &'a [u8],
    node: &Node<'a>,
    section: &Section<'a>,
    ready: Ready,
) -> Result<Vg, TextError> {
    let name = checked_name(text, node)?;
    let title = Title::Vg(name);
    let mut fields = Fields::new(text, &title, node.span.start, section);
    let id = fields.id("id")?;
    let seqno = fields.u32("seqno")?;
    let format = fields.owned_opt("format")?.unwrap_or_default();
    let flags = flags::read(&mut fields)?;
    let tags = fields.tags()?;
    let system_id = fields.owned_opt("system_id")?.filter(|id| !id.is_empty());
    let lock_type = lock_type(&mut fields)?;
    let extent_size = extent_size(&mut fields)?;
    let (max_lv, max_pv) = (fields.u32("max_lv")?, fields.u32("max_pv")?);
    let alloc = policy(&mut fields, AllocPolicy::Normal)?;
    let profile = fields.owned_opt("profile")?;
    let metadata_copies = fields.u32_opt("metadata_copies")?.unwrap_or(0);
    let Some((_, pv_section)) = fields.section_opt(PVS)? else {
        return Err(TextError::Missing { at: fields.here(), key: PVS });
    };
    let mut names = Names::default();
    let pvs = pvs(text, pv_section, &mut names)?;
    let lv_section = fields.section_opt(LVS)?.map(|found| found.1);
    let lvs = match lv_section {
        Some(section) => lvs(text, section, &mut names, ready)?,
        None => Collection::default(),
    };
    let historical = match fields.section_opt("historical_logical_volumes")? {
        Some((_, section)) => historical(text, section, &names)?,
        None => Vec::new(),
    };
    let extras = extras::read(&fields)?;
    Ok(Vg {
        id,
        name: name.to_owned(),
        seqno,
        format,
        flags,
        tags,
        system_id,
        lock_type,
        extent_size,
        max_lv,
        max_pv,
        alloc,
        profile,
        metadata_copies,
        pvs,
        lvs,
        historical,
        extras,
    })
}

fn lock_type(fields: &mut Fields<'_, '_>) -> Result<Option<LockType>, TextError> {
    let Some(name) = fields.owned_opt("lock_type")? else { return Ok(None) };
    Ok(Some(LockType { name, args: fields.owned_opt("lock_args")? }))
}

fn extent_size(fields: &mut Fields<'_, '_>) -> Result<ExtentSize, TextError> {
    let sectors = fields.u32("extent_size")?;
    ExtentSize::new(Sectors::new(u64::from(sectors)))
        .map_err(|source| TextError::ExtentSize { at: fields.here(), source })
}

/// Takes `allocation_policy`. A policy nobody knows is left where it is, among the extras, as LVM2 takes the
/// default for it.
pub(super) fn policy(fields: &mut Fields<'_, '_>, default: AllocPolicy) -> Result<AllocPolicy, TextError> {
    let key = "allocation_policy";
    let node = fields.nodes().iter().find(|node| node.key == *key);
    let Some(name) = node.and_then(Node::as_value).and_then(conf::Value::str) else {
        return fields.string_opt(key).map(|_| default);
    };
    match name.to_str().and_then(AllocPolicy::named) {
        Some(policy) => fields.string_opt(key).map(|_| policy),
        None => Ok(default),
    }
}

/// The sections within a section that may hold nothing else.
fn sections<'s, 'a>(
    text: &[u8],
    title: &dyn Display,
    section: &'s Section<'a>,
) -> Result<Vec<(&'s Node<'a>, &'s Section<'a>)>, TextError> {
    let inner = |node: &'s Node<'a>| match (node.as_section(), node.as_value()) {
        (Some(section), _) => Ok((node, section)),
        (None, value) => Err(TextError::Kind {
            at: at(text, title, node),
            key: node.key.to_string(),
            found: value.map_or("nothing", conf::Value::kind),
            expected: "a section",
        }),
    };
    section.nodes().iter().map(inner).collect()
}

fn push<T: Identified>(
    collection: &mut Collection<T>,
    item: T,
    place: impl FnOnce() -> At,
) -> Result<(), TextError> {
    let id = item.id();
    collection.push(item).map_err(|_| TextError::IdTwice { at: place(), id })
}

fn pvs<'s, 'a>(
    text: &'a [u8],
    section: &'s Section<'a>,
    names: &mut Names<'s>,
) -> Result<Collection<Pv>, TextError> {
    let mut pvs = Collection::default();
    for (node, section) in sections(text, &PVS, section)? {
        let name = node.key.to_str().unwrap_or("\u{fffd}");
        let title = Title::Pv(name);
        let pv = pv::read(text, &title, node, section)?;
        if names.pvs.insert(name, pv.id).is_some() {
            return Err(TextError::NameTwice { at: at(text, &title, node) });
        }
        push(&mut pvs, pv, || at(text, &title, node))?;
    }
    Ok(pvs)
}

/// Segments name LVs that come later, so names and ids are read first.
fn lvs<'s, 'a>(
    text: &'a [u8],
    section: &'s Section<'a>,
    names: &mut Names<'s>,
    ready: Ready,
) -> Result<Collection<Lv>, TextError> {
    let sections = sections(text, &LVS, section)?;
    names.lvs = HashMap::with_capacity(sections.len());
    let mut early = ready.seen.iter().peekable();
    let mut known = Vec::with_capacity(sections.len());
    for &(node, section) in &sections {
        let name = checked_name(text, node)?;
        let title = Title::Lv(name);
        let early = early.next_if(|(start, _)| *start == node.span.start);
        let id = match early {
            Some((_, id)) => *id,
            None => Fields::new(text, &title, node.span.start, section).id("id")?,
        };
        if names.lvs.insert(name, id).is_some() {
            return Err(TextError::NameTwice { at: at(text, &title, node) });
        }
        known.push((name, id, early.is_some()));
    }
    let mut early = ready.lvs.unwrap_or_default();
    // Those that stand in another list of LVs, which does not count, are left out.
    early.truncate(known.iter().filter(|(.., early)| *early).count());
    let lvs = if early.len() == sections.len() {
        early
    } else {
        let mut early = early.into_iter();
        let mut lvs = Vec::with_capacity(sections.len());
        for (&(node, section), (name, id, is_early)) in sections.iter().zip(&known) {
            if *is_early {
                lvs.extend(early.next());
            } else {
                lvs.push(lv::read(text, name, *id, node, section, names)?);
            }
        }
        lvs
    };
    Collection::of(lvs).map_err(|(_, id)| {
        let mut places = (0..known.len()).filter(|&place| known[place].1 == id);
        let (node, _) = sections[places.nth(1).unwrap_or_default()];
        let name = node.key.to_str().unwrap_or_default();
        TextError::IdTwice { at: at(text, &Title::Lv(name), node), id }
    })
}

/// Removed LVs stay as they are but for the names of live ones.
fn historical(text: &[u8], section: &Section<'_>, names: &Names<'_>) -> Result<Vec<HistoricalLv>, TextError> {
    let lv = |(node, section): (&Node<'_>, &Section<'_>)| {
        let name = checked_name(text, node)?;
        let title = Title::Historical(name);
        let reader = RawReader { text, names, resolve: Resolve::Nothing, section: &title };
        let items = section.nodes().iter().map(|node| {
            let mut item = reader.item(node)?;
            if matches!(item.key.as_str(), "origin" | "descendants") {
                resolve(&mut item.value, names);
            }
            Ok(item)
        });
        Ok(HistoricalLv { name: name.to_owned(), items: items.collect::<Result<_, TextError>>()? })
    };
    sections(text, &"historical_logical_volumes", section)?.into_iter().map(lv).collect()
}

/// Turns names of live LVs into references. A removed LV's name has a `-` before it, which no LV's has.
fn resolve(value: &mut RawValue, names: &Names<'_>) {
    match value {
        RawValue::Text(text) => {
            if let Some(id) = names.lv(text) {
                *value = RawValue::Lv(id);
            }
        }
        RawValue::List(values) => values.iter_mut().for_each(|value| resolve(value, names)),
        RawValue::Lines(lines) => lines.iter_mut().flatten().for_each(|value| resolve(value, names)),
        RawValue::Int(_) | RawValue::Float(_) | RawValue::Pv(_) | RawValue::Lv(_) | RawValue::Section(_) => {}
    }
}
