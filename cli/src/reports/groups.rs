//! Which report each `-o`, `-O` and `-S` is for: `--configreport NAME` in front of them says (2.03.40:
//! tools/reporter.c, _get_report_idx_from_name).

use super::Base;
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::world::World;

/// One of the reports that a command makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// The command's own.
    Own,
    /// A part of a full report.
    Part(Base),
    /// The command log.
    Log,
}

/// What the command reports on; none: everything, part by part.
pub(super) type Whole = Option<Base>;

/// The values of an option that are for one report, in order.
pub(super) fn values<'p>(
    parsed: &'p Parsed,
    world: &mut World,
    whole: Whole,
    wanted: Target,
    opt: Opt,
) -> Result<Vec<&'p str>, Exit> {
    let mut values = Vec::new();
    // A group without a name is for the report that the one before named.
    let mut target = Some(Target::Own);
    for group in parsed.groups() {
        let value = |opt| {
            let found = group.iter().find(|occurrence| occurrence.opt == opt)?;
            found.given.as_ref()?.raw.to_str()
        };
        let Some(own) = value(opt) else { continue };
        if let Some(name) = value(Opt::Configreport) {
            target = named(world, whole, name)?;
        }
        // In a full report nothing is for the whole of it.
        if target == Some(wanted) && !(whole.is_none() && wanted == Target::Own) {
            values.push(own);
        }
    }
    Ok(values)
}

fn named(world: &mut World, whole: Whole, name: &str) -> Result<Option<Target>, Exit> {
    let base = match name.to_ascii_lowercase().as_str() {
        "log" => return Ok(Some(Target::Log)),
        "vg" => Base::Vgs,
        "pv" => Base::Pvs,
        "lv" => Base::Lvs,
        "pvseg" => Base::PvSegments,
        "seg" => Base::Segments,
        _ => {
            world.error(format_args!("Unknown report specifier in report option list: {name}."));
            return Err(Exit::FAILED);
        }
    };
    Ok(match whole {
        None => Some(Target::Part(base)),
        Some(own) if own.family() == base.family() => Some(Target::Own),
        Some(_) => None,
    })
}
