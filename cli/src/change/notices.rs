//! What planners decided on the way, in words. Those LVM2 writes to standard output go there.

use crate::commands::Name;
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;
use metadata::plan::Notice;
use report::display::Units;
use std::cmp::Ordering;
use units::{ExtentSize, Extents, Sectors};

/// How sizes in messages are shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes(Units);

impl Sizes {
    /// As `global/units` says; without the sign for rounded sizes, as LVM2's messages are.
    pub(crate) fn new(session: &Session) -> Self {
        let mut units = Units::parse(session.settings.str("global/units")).unwrap_or_default();
        units.consistent = session.settings.bool("global/si_unit_consistency");
        Self(units)
    }

    /// As `--units` says, else the settings: for commands that show.
    pub(crate) fn for_display(parsed: &Parsed, world: &mut World, session: &Session) -> Result<Self, Exit> {
        crate::reports::units(parsed, world, &session.settings).map(Self)
    }

    /// Whether sizes of extents and stripes are told in KiB alone, as those that want no consistent units get them.
    pub(crate) fn kilobytes(self, size: Sectors) -> Option<u64> {
        (!self.0.consistent).then_some(size.get() / 2)
    }

    /// `4.00 MiB`
    pub(crate) fn show(self, size: Sectors) -> String {
        self.0.show_long(size)
    }

    /// `4.00 MiB (1 extents)`
    pub(crate) fn extents(self, count: Extents, extent_size: ExtentSize) -> String {
        let size = extent_size.to_sectors(count).unwrap_or(Sectors::ZERO);
        format!("{} ({count} extents)", self.show(size))
    }
}

/// Tells the notices of a proposal for a VG with extents of that size. With `--plan` standard output is left
/// to the plan.
pub(crate) fn tell(
    world: &mut World,
    session: &Session,
    parsed: &Parsed,
    extent_size: ExtentSize,
    notices: &[Notice],
) {
    let sizes = Sizes::new(session);
    for notice in notices {
        if let Some(line) = said(notice, parsed.name(), sizes, extent_size) {
            if parsed.flag(Opt::Plan) {
                world.warn(line);
            } else {
                world.print(line);
            }
        }
        if let Some(line) = warned(notice, parsed, sizes) {
            world.warn(line);
        }
    }
}

/// What goes to standard output.
fn said(notice: &Notice, command: Name, sizes: Sizes, extent_size: ExtentSize) -> Option<String> {
    let size = |size| sizes.show(size);
    let extents = |count| sizes.extents(count, extent_size);
    Some(match notice {
        Notice::RoundedUp { to, .. } => format!("Rounding up size to full physical extent {}", size(*to)),
        Notice::RoundedToBoundary { to, .. } => {
            format!("Rounding size to boundary between physical extents: {}.", size(*to))
        }
        Notice::StripesRoundedUp { asked, to, .. } => {
            format!("Rounding size {} up to stripe boundary size {}.", extents(*asked), extents(*to))
        }
        Notice::StripesRoundedDown { asked, to, .. } => {
            format!("Rounding size ({asked} extents) down to stripe boundary size ({to} extents)")
        }
        Notice::SegmentRoundedUp { asked, to } => {
            format!("Rounding size ({asked} extents) up to stripe boundary size for segment ({to} extents).")
        }
        Notice::SegmentRoundedDown { asked, to } => {
            format!("Rounding size ({asked} extents) down to stripe boundary size for segment ({to} extents)")
        }
        Notice::ShareReduced { percent, to } => {
            format!("Reducing {percent}%VG to remaining free space {} in VG.", size(*to))
        }
        Notice::DefaultStripeSize(stripe) => {
            let end = if command == Name::Lvcreate { "." } else { "" };
            format!("Using default stripesize {}{end}", size(*stripe))
        }
        Notice::LastStripeSize(stripe) => format!("Using stripesize of last segment {}", size(*stripe)),
        Notice::StripeSizeReduced { asked, to } => {
            let requested = if command == Name::Lvcreate { "requested " } else { "" };
            format!(
                "Reducing {requested}stripe size {} to maximum, physical extent size {}.",
                size(*asked),
                size(*to)
            )
        }
        Notice::IgnoredStripeSize => "Ignoring stripesize argument with single stripe.".to_owned(),
        Notice::IgnoredStripeSizeFor(segtype) => {
            format!("Ignoring stripesize argument for {} devices.", segtype.name())
        }
        Notice::IgnoredWhenReducing => {
            "Ignoring type, stripes, stripesize and mirrors arguments when reducing.".to_owned()
        }
        Notice::IgnoredPvsWhenReducing => "Ignoring PVs on command line when reducing.".to_owned(),
        Notice::MixedTypes { lv, last, new } => {
            format!("Logical volume {lv} is using mixing segment types {last} and {new}.")
        }
        Notice::MatchesExisting { asked, existing, by_rounding } => {
            let end = if *by_rounding { "" } else { "." };
            format!("New size ({asked} extents) matches existing size ({existing} extents){end}")
        }
        Notice::SizeChanged { lv, from, to } if from == to => {
            format!("Size of logical volume {lv} unchanged from {}.", extents(*from))
        }
        Notice::SizeChanged { lv, from, to } => {
            format!("Size of logical volume {lv} changed from {} to {}.", extents(*from), extents(*to))
        }
        Notice::FileSystem { lv, name, mounted: None } => format!("File system {name} found on {lv}."),
        Notice::FileSystem { lv, name, mounted: Some(at) } => {
            format!("File system {name} found on {lv} mounted at {at}.")
        }
        Notice::FileSystemReduce(tool) => format!("File system reduce is required using {tool}."),
        Notice::FileSystemSteps { grows, unmount, check, mount } => {
            let what = if *grows { "extend" } else { "reduce" };
            let lines = [
                (unmount, format!("File system unmount is needed for {what}.")),
                (check, format!("File system fsck will be run before {what}.")),
                (mount, format!("File system mount is needed for {what}.")),
            ];
            let lines: Vec<String> = lines.into_iter().filter(|(is, _)| **is).map(|(_, line)| line).collect();
            return (!lines.is_empty()).then(|| lines.join("\n  "));
        }
        Notice::FileSystemSize { size: found, requested } => {
            let how = match found.cmp(requested) {
                Ordering::Less => "smaller than",
                Ordering::Equal => "equal to",
                Ordering::Greater => "larger than",
            };
            let fits =
                if found <= requested { "\n  File system reduce is not needed, skipping." } else { "" };
            format!(
                "File system size ({}) is {how} the requested size ({}).{fits}",
                size(*found),
                size(*requested)
            )
        }
        Notice::UnderCrypt { size, offset } => {
            format!("File system size {}b is adjusted for crypt data offset {}b.", size.get(), offset.get())
        }
        Notice::FileSystemNotMeasured(name) => format!("Skipping check used device size for {name}."),
        Notice::Partitions { .. }
        | Notice::PvAlready { .. }
        | Notice::PvNotAllocatable(_)
        | Notice::PvMissing(_)
        | Notice::PvFull(_)
        | Notice::InvalidTag(_)
        | Notice::ExtentSizeAlready { .. }
        | Notice::CopiesAlready { .. }
        | Notice::PvNotThere { .. }
        | Notice::PvRestored(_)
        | Notice::PvNotRestored { .. }
        | Notice::MissingPvRemoved(_) => return None,
    })
}

/// What goes to standard error.
fn warned(notice: &Notice, parsed: &Parsed, sizes: Sizes) -> Option<String> {
    match notice {
        Notice::PvNotAllocatable(pv) => Some(format!("Physical volume {pv} not allocatable.")),
        Notice::PvAlready { pv, allocatable } => {
            let state = if *allocatable { "allocatable" } else { "unallocatable" };
            Some(format!("Physical volume \"{pv}\" is already {state}."))
        }
        Notice::PvMissing(pv) => Some(format!("Physical volume {pv} is missing.")),
        Notice::PvFull(pv) => Some(format!("No free extents on physical volume \"{pv}\".")),
        Notice::InvalidTag(tag) => Some(format!("Skipping invalid tag {tag}.")),
        Notice::Partitions { lv, scheme, end } => Some(format!(
            "WARNING: {lv} has a partition table ({scheme}), and partitions up to {}.",
            sizes.show(*end)
        )),
        Notice::ExtentSizeAlready { vg, size } => {
            Some(format!("WARNING: Physical extent size of VG {vg} is already {}.", sizes.show(*size)))
        }
        Notice::CopiesAlready { vg, copies: 0 } => {
            Some(format!("WARNING: Number of metadata copies for VG {vg} is already unmanaged."))
        }
        Notice::CopiesAlready { vg, copies } => {
            Some(format!("WARNING: Number of metadata copies for VG {vg} is already {copies}."))
        }
        Notice::PvNotThere { pv, vg } => Some(format!("WARNING: PV {pv} not found in VG {vg}")),
        Notice::PvNotRestored { pv, missing: true, .. } => {
            Some(format!("WARNING: The PV {pv} is still missing."))
        }
        Notice::PvNotRestored { pv, vg, missing: false } => {
            Some(format!("WARNING: PV {pv} was not missing in VG {vg}"))
        }
        Notice::MissingPvRemoved(pv) if !parsed.flag(Opt::Quiet) => {
            Some(format!("Removing PV with UUID {pv} from VG."))
        }
        _ => None,
    }
}
