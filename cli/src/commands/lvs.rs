//! `lvs`: a report on LVs, or with `--segments` their segments.

use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::reports::{self, Base};
use crate::world::World;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    let base = if parsed.flag(Opt::Segments) { Base::Segments } else { Base::Lvs };
    reports::run(parsed, world, base)
}
