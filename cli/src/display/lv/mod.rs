//! `lvdisplay`.

mod segments;
mod typed;

pub(crate) use segments::lv_segments;

use super::{Frame, lv_bits, wide_row};
use conf::settings::Settings;
use metadata::model::{AllocPolicy, HistoricalLv, Lv, LvFlag, ReadAhead};
use report::history;
use report::inspect;
use report::value::{Format, Value};

/// An LV, a line per property.
pub(crate) fn lv_full(frame: Frame<'_>, lv: &Lv, settings: &Settings) -> Vec<String> {
    let (view, vg) = (frame.view, frame.view.vg);
    let live = view.live.of(lv.id);
    let mut lines = vec!["--- Logical volume ---".to_owned()];
    if settings.bool("global/lvdisplay_shows_full_device_path") {
        lines.push(wide_row("LV Name", view.path(&lv.name)));
    } else if view.is_visible(lv) {
        if typed::has_path(frame, lv) {
            lines.push(wide_row("LV Path", view.path(&lv.name)));
        }
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
        wide_row("LV Creation host, time", created(lv, settings.str("report/time_format"))),
    ]);
    lines.extend(typed::relations(frame, lv));
    let partial = if inspect::is_partial(view, lv) { " (partial)" } else { "" };
    match live {
        Some(live) if live.suspended => lines.push(wide_row("LV Status", "suspended")),
        Some(_) if typed::is_available(frame, lv) => {
            lines.push(wide_row("LV Status", format!("available{partial}")));
        }
        _ if view.live.known => lines.push(wide_row("LV Status", format!("NOT available{partial}"))),
        _ => (),
    }
    lines.extend(live.map(|live| wide_row("# open", live.open_count)));
    let store = typed::store(frame, lv);
    let origin = store.and_then(|snapshot| vg.lvs.get(snapshot.origin)).unwrap_or(lv);
    lines.push(wide_row("LV Size", frame.show(origin.extents())));
    lines.extend(typed::use_of(frame, lv));
    lines.push(wide_row("Current LE", origin.extents()));
    lines.extend(store.into_iter().flat_map(|snapshot| typed::store_lines(frame, lv, snapshot)));
    lines.extend(typed::mirrored(frame, lv).map(|count| wide_row("Mirrored volumes", count)));
    lines.push(wide_row("Segments", lv.segments.len()));
    lines.push(wide_row("Allocation", lv.alloc.name()));
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

/// An LV that was removed.
pub(crate) fn lv_gone(frame: Frame<'_>, gone: &HistoricalLv, time_format: &str) -> Vec<String> {
    let format = Format { time: time_format.to_owned(), ..Format::default() };
    let time = |key| history::number(gone, key).map_or_else(String::new, |at| format.show(&Value::Time(at)));
    vec![
        "--- Historical Logical volume ---".to_owned(),
        wide_row("LV Name", format!("{}{}", history::PREFIX, gone.name)),
        wide_row("VG Name", &frame.view.vg.name),
        wide_row("LV UUID", history::text(gone, "id").unwrap_or_default()),
        wide_row("LV Creation time", time("creation_time")),
        wide_row("LV Removal time", time("removal_time")),
        " ".to_owned(),
    ]
}

fn created(lv: &Lv, time_format: &str) -> String {
    let format = Format { time: time_format.to_owned(), ..Format::default() };
    let time =
        if lv.creation_time == 0 { String::new() } else { format.show(&Value::Time(lv.creation_time)) };
    format!("{}, {time}", lv.creation_host)
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
