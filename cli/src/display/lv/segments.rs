//! `lvdisplay -m`: where each segment lies, and what its type has set.

use crate::display::Frame;
use metadata::model::{Area, Lv, RawItem, RawValue, Segment, SegmentKind, SegmentType, Verbatim};
use report::inspect;
use report::value::Format;
use units::{Extents, Sectors};

/// Where each segment lies.
pub(crate) fn lv_segments(frame: Frame<'_>, lv: &Lv) -> Vec<String> {
    let what = if lv.segments.iter().any(inspect::is_virtual) { "Virtual" } else { "Logical" };
    let mut lines = vec!["--- Segments ---".to_owned()];
    for segment in &lv.segments {
        let (start, end) = (segment.start.get(), last(segment.start.get(), segment.len));
        lines.push(format!("{what} extents {start} to {end}:"));
        lines.push(format!("  Type\t\t{}", segment.type_name()));
        if has_monitor_line(segment) {
            let monitor = Format::default().show(&inspect::monitor(frame.view, lv, segment));
            lines.push(format!("  Monitoring\t\t{monitor}"));
        }
        lines.extend(body(frame, lv, segment));
    }
    lines.push(" ".to_owned());
    lines
}

/// Stores of snapshots are watched but are plain segments, of which nothing is said here.
fn has_monitor_line(segment: &Segment) -> bool {
    match segment.segtype() {
        Some(SegmentType::Mirror | SegmentType::ThinPool | SegmentType::VdoPool) => true,
        Some(segtype) => inspect::is_raid_type(segtype),
        None => false,
    }
}

fn last(start: u64, len: Extents) -> u64 {
    start + len.get().saturating_sub(1)
}

fn body(frame: Frame<'_>, lv: &Lv, segment: &Segment) -> Vec<String> {
    let mut lines = match &segment.kind {
        SegmentKind::Error | SegmentKind::Zero => return Vec::new(),
        SegmentKind::Striped(striped) if striped.areas.len() > 1 => {
            let mut lines = vec![
                format!("  Stripes\t\t{}", striped.areas.len()),
                match frame.sizes.kilobytes(striped.stripe_size) {
                    Some(count) => format!("  Stripe size\t\t{count} KB"),
                    None => format!("  Stripe size\t\t{}", frame.sizes.show(striped.stripe_size)),
                },
            ];
            for (nth, area) in striped.areas.iter().enumerate() {
                lines.push(format!("  Stripe {nth}:"));
                lines.extend(place(frame, segment, *area, "    "));
            }
            lines
        }
        SegmentKind::Striped(striped) => {
            striped.areas.iter().flat_map(|area| place(frame, segment, *area, "  ")).collect()
        }
        SegmentKind::Verbatim(verbatim) => match typed(frame, lv, segment, verbatim) {
            // Nothing stands after these.
            Some(lines) if matches!(verbatim.segtype, Some(SegmentType::Vdo | SegmentType::VdoPool)) => {
                return lines;
            }
            Some(lines) => lines,
            None => return Vec::new(),
        },
    };
    lines.push(" ".to_owned());
    lines
}

/// Lines of a type's own; none for types of which LVM2 says nothing.
fn typed(frame: Frame<'_>, lv: &Lv, segment: &Segment, verbatim: &Verbatim) -> Option<Vec<String>> {
    Some(match verbatim.segtype? {
        SegmentType::Mirror => mirror(frame, segment),
        SegmentType::ThinPool => thin_pool(frame, lv, segment),
        SegmentType::Thin => {
            vec![format!("  Device ID\t\t{}", inspect::number(segment, "device_id").unwrap_or(0))]
        }
        SegmentType::Cache | SegmentType::CachePool => cache(frame, segment),
        SegmentType::Vdo => {
            let areas = inspect::areas(frame.view.vg, segment);
            areas.into_iter().flat_map(|area| place(frame, segment, area, "    ")).collect()
        }
        SegmentType::VdoPool => vdo_pool(frame, segment),
        raid if inspect::is_raid_type(raid) => raid_lines(frame, segment),
        _ => return None,
    })
}

fn place(frame: Frame<'_>, segment: &Segment, area: Area, indent: &str) -> [String; 2] {
    let len = inspect::area_len(frame.view.vg, segment);
    match area {
        Area::Pv { pv, start } => [
            format!("{indent}Physical volume\t{}", frame.view.pv_name(pv)),
            format!("{indent}Physical extents\t{start} to {}", last(start.get(), len)),
        ],
        Area::Lv { lv, start } => [
            format!("{indent}Logical volume\t{}", name(frame, lv)),
            format!("{indent}Logical extents\t{start} to {}", last(start.get(), len)),
        ],
    }
}

fn name(frame: Frame<'_>, lv: units::Id) -> &str {
    frame.view.vg.lvs.get(lv).map_or("Missing", |lv| &lv.name)
}

fn raid_lines(frame: Frame<'_>, segment: &Segment) -> Vec<String> {
    let vg = frame.view.vg;
    let mut lines = Vec::new();
    for (nth, area) in inspect::areas(vg, segment).into_iter().enumerate() {
        lines.push(format!("  Raid Data LV{nth:2}"));
        lines.extend(place(frame, segment, area, "    "));
    }
    let metas = inspect::raid_lvs(segment).filter(|&id| inspect::is_raid_metadata(vg, id));
    lines
        .extend(metas.enumerate().map(|(nth, id)| format!("  Raid Metadata LV{nth:2}\t{}", name(frame, id))));
    lines
}

fn mirror(frame: Frame<'_>, segment: &Segment) -> Vec<String> {
    let areas = inspect::areas(frame.view.vg, segment);
    let mut lines =
        vec![format!("  Mirrors\t\t{}", areas.len()), format!("  Mirror size\t\t{}", segment.len)];
    lines.extend(
        inspect::lv_under(segment, "mirror_log")
            .map(|log| format!("  Mirror log volume\t{}", name(frame, log))),
    );
    let region = size(segment, "region_size");
    if !region.is_zero() {
        lines.push(format!("  Mirror region size\t{}", frame.sizes.show(region)));
    }
    lines.push("  Mirror original:".to_owned());
    for (nth, area) in areas.into_iter().enumerate() {
        if nth == 1 {
            lines.push("  Mirror destinations:".to_owned());
        }
        lines.extend(place(frame, segment, area, "    "));
    }
    lines
}

fn thin_pool(frame: Frame<'_>, lv: &Lv, segment: &Segment) -> Vec<String> {
    let zero = inspect::number(segment, "zero_new_blocks") == Some(1);
    vec![
        format!("  Chunk size\t\t{}", frame.sizes.show(size(segment, "chunk_size"))),
        format!("  Discards\t\t{}", inspect::text(segment, "discards").unwrap_or("ignore")),
        format!("  Thin count\t\t{}", frame.view.parts().pool_users(lv)),
        format!("  Transaction ID\t{}", inspect::number(segment, "transaction_id").unwrap_or(0)),
        format!("  Zero new blocks\t{}", if zero { "yes" } else { "no" }),
    ]
}

fn cache(frame: Frame<'_>, segment: &Segment) -> Vec<String> {
    let Some(holder) = inspect::cache_settings(frame.view, segment) else { return Vec::new() };
    let mut lines = vec![format!("  Chunk size\t\t{}", frame.sizes.show(size(holder, "chunk_size")))];
    lines.extend(
        inspect::number(holder, "metadata_format").map(|format| format!("  Metadata format\t{format}")),
    );
    lines.extend(inspect::text(holder, "cache_mode").map(|mode| format!("  Mode\t\t{mode}")));
    lines.extend(inspect::text(holder, "policy").map(|policy| format!("  Policy\t\t{policy}")));
    if let Some(RawValue::Section(items)) = inspect::raw(holder, "policy_settings") {
        lines.extend(items.iter().filter_map(|item: &RawItem| {
            inspect::setting(item).map(|setting| format!("    Setting\t\t{setting}"))
        }));
    }
    lines
}

fn vdo_pool(frame: Frame<'_>, segment: &Segment) -> Vec<String> {
    let count = |key| said(segment, key).unwrap_or(0);
    let yes = |key| if count(key) == 1 { "yes" } else { "no" };
    let show = |sectors: u64| frame.sizes.show(Sectors::new(sectors)).to_string();
    let mebibytes = |key| show(count(key).saturating_mul(2048));
    let header = size(segment, "header_size").get();
    let extents = count("virtual_extents").saturating_mul(frame.view.vg.extent_size.sectors().get());
    let hints = (count("use_metadata_hints") == 1).then(|| "  Metadata hints\tyes".to_owned());
    let policy = inspect::text(segment, "write_policy").filter(|policy| *policy != "auto");
    let mut lines = vec![
        format!("  Virtual size\t{}", show(extents.saturating_add(header.saturating_mul(2)))),
        format!("  Header size\t\t{}", show(header)),
        format!("  Compression\t\t{}", yes("use_compression")),
        format!("  Deduplication\t{}", yes("use_deduplication")),
    ];
    lines.extend(hints);
    lines.extend([
        // The text has bytes.
        format!("  Minimum IO size\t{}", show(count("minimum_io_size") / Sectors::BYTES)),
        format!("  Block map cache sz\t{}", mebibytes("block_map_cache_size_mb")),
        format!("  Block map era length {}", count("block_map_era_length")),
        format!("  Sparse index\t{}", yes("use_sparse_index")),
        format!("  Index memory size\t{}", mebibytes("index_memory_size_mb")),
        format!("  Slab size\t\t{}", mebibytes("slab_size_mb")),
        format!("  # Ack threads\t{}", count("ack_threads")),
        format!("  # Bio threads\t{}", count("bio_threads")),
        format!("  Bio rotation\t{}", count("bio_rotation")),
        format!("  # CPU threads\t{}", count("cpu_threads")),
        format!("  # Hash zone threads\t{}", count("hash_zone_threads")),
        format!("  # Logical threads\t{}", count("logical_threads")),
        format!("  # Physical threads\t{}", count("physical_threads")),
        format!("  Max discard\t\t{}", count("max_discard")),
    ]);
    lines.extend(policy.map(|policy| format!("  Write policy\t{policy}")));
    lines
}

fn size(segment: &Segment, key: &str) -> Sectors {
    Sectors::new(said(segment, key).unwrap_or(0))
}

/// A number of the text that is not negative.
fn said(segment: &Segment, key: &str) -> Option<u64> {
    inspect::number(segment, key).and_then(|number| u64::try_from(number).ok())
}
