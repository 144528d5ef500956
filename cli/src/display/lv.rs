//! `lvdisplay`.

use super::{Frame, lv_bits, wide_row};
use metadata::model::{AllocPolicy, Area, Lv, LvFlag, ReadAhead, Segment, SegmentKind};
use report::subject::VgView;
use report::value::{Format, Value};
use units::Extents;

/// An LV, a line per property.
pub(crate) fn lv_full(frame: Frame<'_>, lv: &Lv, time_format: &str) -> Vec<String> {
    let (view, vg) = (frame.view, frame.view.vg);
    let live = view.live.of(lv.id);
    let mut lines = vec!["--- Logical volume ---".to_owned()];
    if lv.is_visible() {
        lines.push(wide_row("LV Path", format!("/dev/{}/{}", vg.name, lv.name)));
        lines.push(wide_row("LV Name", &lv.name));
    } else {
        lines.push(wide_row("Internal LV Name", &lv.name));
    }
    let access = match (lv.is_writable(), live.is_some_and(|live| live.read_only)) {
        (true, true) => "read/write (activated read only)",
        (true, false) => "read/write",
        (false, _) => "read only",
    };
    lines.extend([
        wide_row("VG Name", &vg.name),
        wide_row("LV UUID", lv.id),
        wide_row("LV Write Access", access),
        wide_row("LV Creation host, time", created(lv, time_format)),
    ]);
    let partial = if is_partial(view, lv) { " (partial)" } else { "" };
    match live {
        Some(live) if live.suspended => lines.push(wide_row("LV Status", "suspended")),
        Some(_) => lines.push(wide_row("LV Status", format!("available{partial}"))),
        None if view.live.known => lines.push(wide_row("LV Status", format!("NOT available{partial}"))),
        None => (),
    }
    lines.extend(live.map(|live| wide_row("# open", live.open_count)));
    lines.extend([
        wide_row("LV Size", frame.show(lv.extents())),
        wide_row("Current LE", lv.extents()),
        wide_row("Segments", lv.segments.len()),
        wide_row("Allocation", lv.alloc.name()),
    ]);
    let (shown, wanted) = match lv.read_ahead {
        ReadAhead::Auto => ("auto".to_owned(), None),
        ReadAhead::None => ("0".to_owned(), Some(0)),
        ReadAhead::Sectors(sectors) => (sectors.to_string(), Some(sectors)),
    };
    lines.push(wide_row("Read ahead sectors", shown));
    if let Some(now) = live.and_then(|live| live.read_ahead)
        && wanted != Some(now)
    {
        lines.push(wide_row("- currently set to", now));
    }
    if lv.flags.has(LvFlag::FixedMinor) {
        lines.extend(lv.major.map(|major| wide_row("Persistent major", major)));
        lines.extend(lv.minor.map(|minor| wide_row("Persistent minor", minor)));
    }
    lines.extend(live.map(|live| wide_row("Block device", format!("{}:{}", live.major, live.minor))));
    lines.push(" ".to_owned());
    lines
}

fn created(lv: &Lv, time_format: &str) -> String {
    let format = Format { time: time_format.to_owned(), ..Format::default() };
    let time =
        if lv.creation_time == 0 { String::new() } else { format.show(&Value::Time(lv.creation_time)) };
    format!("{}, {time}", lv.creation_host)
}

fn is_partial(view: &VgView<'_>, lv: &Lv) -> bool {
    view.missing_count() > 0 && view.vg.pvs_of(lv).into_iter().any(|pv| view.is_missing(pv))
}

/// Where each segment lies.
pub(crate) fn lv_segments(frame: Frame<'_>, lv: &Lv) -> Vec<String> {
    let mut lines = vec!["--- Segments ---".to_owned()];
    for segment in &lv.segments {
        let what = match segment.kind {
            SegmentKind::Error | SegmentKind::Zero => "Virtual",
            SegmentKind::Striped(_) | SegmentKind::Verbatim(_) => "Logical",
        };
        lines.push(format!(
            "{what} extents {} to {}:",
            segment.start,
            last(segment.start.get(), segment.len)
        ));
        lines.push(format!("  Type\t\t{}", segment.type_name()));
        lines.extend(areas(frame, segment));
    }
    lines.push(" ".to_owned());
    lines
}

fn last(start: u64, len: Extents) -> u64 {
    start + len.get().saturating_sub(1)
}

fn areas(frame: Frame<'_>, segment: &Segment) -> Vec<String> {
    let areas = segment.areas();
    let mut lines = Vec::new();
    match &segment.kind {
        SegmentKind::Striped(striped) if striped.areas.len() > 1 => {
            lines.push(format!("  Stripes\t\t{}", striped.areas.len()));
            lines.push(format!("  Stripe size\t\t{}", frame.sizes.show(striped.stripe_size)));
            for (nth, (area, len)) in areas.into_iter().enumerate() {
                lines.push(format!("  Stripe {nth}:"));
                lines.extend(place(frame, area, len, "    "));
            }
        }
        SegmentKind::Striped(_) | SegmentKind::Verbatim(_) => {
            lines.extend(areas.into_iter().flat_map(|(area, len)| place(frame, area, len, "  ")));
        }
        SegmentKind::Error | SegmentKind::Zero => return lines,
    }
    lines.push(" ".to_owned());
    lines
}

fn place(frame: Frame<'_>, area: Area, len: Extents, indent: &str) -> [String; 2] {
    match area {
        Area::Pv { pv, start } => [
            format!("{indent}Physical volume\t{}", frame.view.pv_name(pv)),
            format!("{indent}Physical extents\t{start} to {}", last(start.get(), len)),
        ],
        Area::Lv { lv, start } => [
            format!("{indent}Logical volume\t{}", frame.view.vg.lvs.get(lv).map_or("Missing", |lv| &lv.name)),
            format!("{indent}Logical extents\t{start} to {}", last(start.get(), len)),
        ],
    }
}

/// An LV for programs.
pub(crate) fn lv_colons(frame: Frame<'_>, lv: &Lv) -> String {
    let (view, vg) = (frame.view, frame.view.vg);
    let live = view.live.of(lv.id);
    let read_only = live.is_some_and(|live| live.read_only);
    // LVM2 prints its internal numbers for "auto" and "none": all bits set, and all but the lowest.
    let read_ahead: i64 = match lv.read_ahead {
        ReadAhead::Auto => -1,
        ReadAhead::None => 0,
        ReadAhead::Sectors(sectors) => i64::from(sectors),
    };
    format!(
        "/dev/{0}/{1}:{0}:{2}:{3}:-1:{4}:{5}:{6}:-1:{7}:{8}:{9}:{10}",
        vg.name,
        lv.name,
        (lv_bits(lv) >> 8) | if read_only { 4 } else { 0 },
        u8::from(live.is_some()),
        live.map_or(0, |live| live.open_count),
        super::size(view, lv.extents()),
        lv.extents(),
        if lv.alloc == AllocPolicy::Contiguous { 2 } else { 0 },
        read_ahead,
        live.map_or(-1, |live| i64::from(live.major)),
        live.map_or(-1, |live| i64::from(live.minor)),
    )
}
