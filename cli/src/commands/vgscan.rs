//! `vgscan`: which VGs there are.

use super::each;
use crate::change;
use crate::exit::Exit;
use crate::objects;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::world::World;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    if parsed.flag(Opt::Cache) {
        world.warn("WARNING: Ignoring vgscan --cache command because lvmetad is no longer used.");
        return Exit::OK;
    }
    let mut nodes = Exit::OK;
    let exit = each::vg(parsed, world, &mut |world, session, view| {
        let exported = if view.vg.is_exported() { "exported " } else { "" };
        let (name, format) = (&view.vg.name, &view.vg.format);
        let line = format_args!("Found {exported}volume group \"{name}\" using metadata type {format}");
        world.print_object(|| objects::vg(view), line);
        match parsed.flag(Opt::Mknodes) {
            true if view.vg.is_exported() => {
                world.error(format_args!("Volume group {name} is exported"));
                nodes = Exit::FAILED;
                Ok(())
            }
            true => change::names(parsed, world, session, name),
            false => Ok(()),
        }
    });
    exit.worse(nodes)
}
