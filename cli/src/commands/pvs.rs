//! `pvs`: a report on PVs, or with `--segments` their runs of extents.

use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::reports::{self, Base};
use crate::world::World;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    let base = if parsed.flag(Opt::Segments) { Base::PvSegments } else { Base::Pvs };
    reports::run(parsed, world, base)
}
