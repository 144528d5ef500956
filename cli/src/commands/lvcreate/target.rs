//! Where the new LV goes, and what it is called.

use crate::commands::vg_word;
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{default_vg, split_lv};
use crate::world::World;
use metadata::model::names::check_vg_name;

/// What the arguments say of that.
pub(super) struct Target {
    pub(super) vg: String,
    /// None: a name is made up.
    pub(super) name: Option<String>,
    /// The PVs to take extents from.
    pub(super) pvs: Vec<String>,
}

/// Reads the arguments: the VG comes first, or from `-n VG/LV`, or from the environment.
pub(super) fn target(parsed: &Parsed, world: &mut World) -> Result<Target, Exit> {
    let mut words = parsed.words();
    let (vg_of_name, name) = match parsed.str(Opt::Name) {
        None => (None, None),
        Some("") => (None, Some(String::new())),
        Some(text) => match split_lv(text, &world.dev_dir) {
            Some(split) if split.lv.is_some() => (Some(split.vg), split.lv),
            Some(split) => (None, Some(split.vg)),
            None => {
                world.error(format_args!("Invalid path for Logical Volume: {text}."));
                return Err(Exit::INVALID);
            }
        },
    };
    if words.is_empty() {
        let Some(vg) = vg_of_name.or_else(|| default_vg(world)) else {
            world.error("Please provide a volume group name");
            return Err(Exit::INVALID);
        };
        return Ok(Target { vg, name, pvs: words });
    }
    let first = words.remove(0);
    let vg = vg_word(world, &first);
    if vg.contains('/') {
        world.error("Volume group name expected (no slash)");
        return Err(Exit::INVALID);
    }
    if check_vg_name(&vg).is_err() {
        world.error(format_args!("Volume group name {vg} has invalid characters"));
        return Err(Exit::INVALID);
    }
    if let Some(other) = vg_of_name.filter(|other| *other != vg) {
        world.error(format_args!("Inconsistent volume group names given: \"{other}\" and \"{vg}\""));
        return Err(Exit::INVALID);
    }
    Ok(Target { vg, name, pvs: words })
}
