//! `--plan`: what would be written over.

use super::reach::Place;
use super::source::Source;
use super::target::Target;
use crate::change::{Sizes, show};
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;
use serde::Serialize;
use units::Bytes;

/// An import, as data.
#[derive(Serialize)]
pub(super) struct Written {
    import: String,
    target: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uuid: Option<String>,
    /// Bytes that get other content.
    bytes: u64,
    /// Bytes of the target.
    size: u64,
    places: Vec<Place>,
}

/// What would be written.
#[derive(Serialize)]
struct Plan<'a> {
    #[serde(flatten)]
    written: Written,
    /// Whether there may be fewer: nobody knows how much a pipe gives.
    at_most: bool,
    bytes_at_risk: u64,
    /// What stands there now.
    holds: &'a [&'static str],
}

/// What was written.
pub(super) fn done(source: &Source, target: &Target, bytes: u64) -> Written {
    Written {
        import: source.name.clone(),
        target: target.name.clone(),
        uuid: target.id.map(|id| id.to_string()),
        bytes,
        size: target.disk.len().get(),
        places: target.places(bytes),
    }
}

/// Shows what would be written over.
pub(super) fn show(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    source: &Source,
    target: &Target,
    holds: &[&'static str],
) {
    let bytes = source.len.unwrap_or_else(|| target.disk.len().get());
    let written = done(source, target, bytes);
    let asks: Vec<String> = match holds.first() {
        Some(found) if !parsed.any(&[Opt::Yes, Opt::Force]) => {
            vec![format!("whether to write over the {found} signature on {}", target.name)]
        }
        Some(_) | None => Vec::new(),
    };
    let plan = Plan { written, at_most: source.len.is_none(), bytes_at_risk: bytes, holds };
    if show::is_json(parsed) {
        return world.planned(&plan, &asks);
    }
    let size = Sizes::new(session).show(Bytes::new(bytes).sectors());
    let most = if plan.at_most { "at most " } else { "" };
    world.report(format_args!("DATA  {} into {}", source.name, target.name));
    if !holds.is_empty() {
        world.report(format_args!("      holds {} now", holds.join(", ")));
    }
    match bytes.checked_sub(1) {
        Some(last) => {
            world.report(format_args!("      {most}{size} at risk: bytes 0-{last} would be written over"))
        }
        None => world.report("      nothing at risk: it is empty"),
    }
    for place in &plan.written.places {
        let (device, first, last) = (&place.device, place.first_byte, place.last_byte);
        world.report(match place.extents {
            Some((from, to)) => format!("PE    overwrite {device}:{from}-{to} (bytes {first}-{last})"),
            None => format!("DISK  overwrite {device} (bytes {first}-{last})"),
        });
    }
    show::end(world, &asks);
}
