//! What LVM2 did and said, held against what was planned.

use crate::host::Said;
use metadata::model::{Area, Provenance, SegmentKind, Vg};
use metadata::plan::Notice;
use metadata::text::to_disk;
use units::Id;

/// Whether LVM2 refused for the reason a planner gave.
pub(crate) fn same_reason(reason: &str, said: &Said) -> bool {
    // LVM2 fails without an error of its own where an extension finds nothing, or less than an extent is to be
    // taken away, and with an odd one where no PV may be used.
    let nothing_found =
        reason.ends_with("nothing suitable is free.") && said.stdout.contains(" unchanged from ");
    let less_than_extent = reason.ends_with("nothing to reduce by.");
    let no_pv =
        reason.starts_with("No physical volume") && said.stderr.contains("Couldn't allocate areas array.");
    nothing_found || less_than_extent || no_pv || said.stderr.contains(reason)
}

/// What LVM2 says of a notice, without sizes; none: on stderr, or not at all.
fn phrase(notice: &Notice) -> Option<String> {
    Some(match notice {
        Notice::RoundedUp { .. } => "Rounding up size to full physical extent".to_owned(),
        Notice::RoundedToBoundary { .. } => "Rounding size to boundary between physical extents".to_owned(),
        Notice::StripesRoundedUp { asked, to, .. } => {
            return Some(format!("({asked} extents) up to stripe boundary size;({to} extents)."));
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
        Notice::ShareReduced { percent, .. } => format!("Reducing {percent}%VG to remaining free space"),
        Notice::DefaultStripeSize(_) => "Using default stripesize".to_owned(),
        Notice::LastStripeSize(_) => "Using stripesize of last segment".to_owned(),
        Notice::StripeSizeReduced { .. } => "stripe size".to_owned(),
        Notice::IgnoredStripeSize => "Ignoring stripesize argument with single stripe.".to_owned(),
        Notice::IgnoredStripeSizeFor(_) => "Ignoring stripesize argument for".to_owned(),
        Notice::IgnoredWhenReducing => "Ignoring type, stripes".to_owned(),
        Notice::IgnoredPvsWhenReducing => "Ignoring PVs on command line when reducing.".to_owned(),
        Notice::MixedTypes { lv, last, new } => {
            format!("Logical volume {lv} is using mixing segment types {last} and {new}.")
        }
        Notice::MatchesExisting { asked, existing, .. } => {
            format!("New size ({asked} extents) matches existing size ({existing} extents)")
        }
        Notice::SizeChanged { lv, from, to } if from == to => {
            format!("Size of logical volume {lv} unchanged from;({from} extents).")
        }
        Notice::SizeChanged { lv, from, to } => {
            format!("Size of logical volume {lv} changed from;({from} extents) to;({to} extents).")
        }
        Notice::FileSystem { .. }
        | Notice::FileSystemSize { .. }
        | Notice::FileSystemReduce(_)
        | Notice::FileSystemSteps { .. }
        | Notice::UnderCrypt { .. }
        | Notice::FileSystemNotMeasured(_)
        | Notice::Partitions { .. }
        | Notice::PvNotAllocatable(_)
        | Notice::PvMissing(_)
        | Notice::PvFull(_)
        | Notice::InvalidTag(_)
        | Notice::PvAlready { .. }
        | Notice::ExtentSizeAlready { .. }
        | Notice::CopiesAlready { .. }
        | Notice::PvNotThere { .. }
        | Notice::PvRestored(_)
        | Notice::PvNotRestored { .. }
        | Notice::MissingPvRemoved(_) => return None,
    })
}

/// The first notice that LVM2 does not print in its place, or the first line of LVM2's without a notice.
pub(crate) fn unsaid(notices: &[Notice], stdout: &str) -> Option<String> {
    let about = ["Rounding", "Reducing", "Using", "Ignoring", "Size of", "New size", "mixing"];
    let ours =
        |line: &&str| about.iter().any(|word| line.contains(word)) && !line.contains("unsupported --fs");
    let mut lines = stdout.lines().filter(ours);
    for phrase in notices.iter().filter_map(phrase) {
        match lines.next() {
            Some(line) if phrase.split(';').all(|part| line.contains(part)) => {}
            _ => return Some(phrase),
        }
    }
    lines.next().map(str::to_owned)
}

/// Whether LVM2 wrote the VG that was planned, to the byte but for what it cannot know: a new LV's id, and when
/// and where it was made.
pub(crate) fn same_vg(planned: &Vg, written: &Vg) -> bool {
    let mut planned = planned.clone();
    // The backup was written of what LVM2 read again.
    planned.join_segments();
    for lv in planned.lvs.iter_mut() {
        if let Some(real) = written.lv_named(&lv.name) {
            lv.id = real.id;
            lv.creation_time = real.creation_time;
            lv.creation_host.clone_from(&real.creation_host);
        }
    }
    planned.lvs.reindex();
    let provenance = Provenance::default();
    planned == *written && to_disk(&planned, &provenance) == to_disk(written, &provenance)
}

/// Every LV with its segments, in words.
pub(crate) fn layout(vg: &Vg) -> Vec<String> {
    let place = |pv: &Id| vg.pvs.place(*pv).map_or("?".to_owned(), |place| format!("pv{place}"));
    let mut lines: Vec<String> = vg
        .lvs
        .iter()
        .map(|lv| {
            let mut line = format!("{} {}:", lv.name, lv.alloc.name());
            for segment in &lv.segments {
                line.push_str(&format!(" [{}+{} {}", segment.start, segment.len, segment.type_name()));
                if let SegmentKind::Striped(striped) = &segment.kind {
                    line.push_str(&format!(" {}s", striped.stripe_size));
                    for area in &striped.areas {
                        if let Area::Pv { pv, start } = area {
                            line.push_str(&format!(" {}:{start}", place(pv)));
                        }
                    }
                }
                line.push(']');
            }
            line
        })
        .collect();
    lines.sort();
    lines
}
