//! How an LV is laid out and what it is for (2.03.40: lv_manip.c, lv_layout_and_role).

use super::layers;
use crate::parts::Part;
use crate::subject::VgView;
use metadata::model::{Lv, LvFlag, SegmentType};

/// The words of both columns.
#[derive(Debug, Default)]
pub(crate) struct Words {
    pub(crate) layout: Vec<&'static str>,
    pub(crate) role: Vec<&'static str>,
}

/// Both columns of an LV.
pub(crate) fn of(view: &VgView<'_>, lv: &Lv) -> Words {
    let mut words = Words::default();
    let mut public = true;
    let part = view.parts().part(lv);
    let segtype = layers::segtype(lv);
    match part {
        Some(part) => public &= sub_lv(part, &mut words.role),
        None if lv.flags.has(LvFlag::Pvmove) => {
            words.role.push("pvmove");
            words.layout.push("mirror");
            public = false;
        }
        None => (),
    }
    public &= top_level(view, lv, part, segtype, &mut words);
    if is_spare(lv) {
        words.role.extend(["pool", "spare"]);
        public = false;
    }
    public &= thick(view, lv, &mut words);
    if words.layout.is_empty() {
        words.layout = plain(lv);
    }
    words.role.insert(0, if public { "public" } else { "private" });
    words
}

/// Whether it is set aside for the repair of pool metadata.
pub(crate) fn is_spare(lv: &Lv) -> bool {
    !lv.is_visible() && lv.name.ends_with("_pmspare")
}

/// What a sub-LV is for. Cache pools and cachevols are told by what they are, not by who uses them.
fn sub_lv(part: Part, role: &mut Vec<&'static str>) -> bool {
    role.extend(match part {
        Part::MirrorImage => ["mirror", "image"].as_slice(),
        Part::MirrorLog => &["mirror", "log"],
        Part::RaidImage => &["raid", "image"],
        Part::RaidMeta => &["raid", "metadata"],
        Part::ThinData => &["thin", "pool", "data"],
        Part::ThinMeta => &["thin", "pool", "metadata"],
        Part::CacheData => &["cache", "pool", "data"],
        Part::CacheMeta => &["cache", "pool", "metadata"],
        Part::CacheOrigin => &["cache", "origin", "cacheorigin"],
        Part::WritecacheOrigin => &["writecache", "origin", "writecacheorigin"],
        Part::IntegrityOrigin => &["integrity", "origin", "integrityorigin"],
        Part::IntegrityMeta => &["integrity", "metadata"],
        Part::VdoData => &["vdo", "pool", "data"],
        Part::CachePool | Part::WritecacheVol => return true,
    });
    false
}

/// What LVs of the types with targets of their own are. Images of mirrors and raids say no more than that.
fn top_level(
    view: &VgView<'_>,
    lv: &Lv,
    part: Option<Part>,
    segtype: Option<SegmentType>,
    words: &mut Words,
) -> bool {
    let mut public = true;
    match segtype {
        Some(SegmentType::Mirror) if words.layout.is_empty() => words.layout.push("mirror"),
        Some(raid) if layers::is_raid_type(raid) => words.layout.extend(raid_words(raid)),
        Some(SegmentType::Thin) => {
            words.layout.extend(["thin", "sparse"]);
            thin(view, lv, words);
        }
        Some(SegmentType::ThinPool) => {
            words.layout.extend(["thin", "pool"]);
            public = false;
        }
        Some(SegmentType::Cache) => words.layout.push("cache"),
        Some(SegmentType::Writecache) => words.layout.push("writecache"),
        Some(SegmentType::CachePool) => {
            words.layout.extend(["cache", "pool"]);
            public = false;
        }
        Some(SegmentType::Integrity) if part != Some(Part::IntegrityOrigin) => words.layout.push("integrity"),
        Some(SegmentType::VdoPool) => {
            words.layout.extend(["vdo", "pool"]);
            public = false;
        }
        Some(SegmentType::Vdo) => words.layout.extend(["vdo", "sparse"]),
        _ => (),
    }
    if lv.flags.has(LvFlag::CacheVol) {
        let kind = if part == Some(Part::WritecacheVol) { "writecache" } else { "cache" };
        words.layout.extend([kind, "cachevol"]);
        public = false;
    }
    let externals = view.parts().externals_of(lv).len();
    if externals > 0 {
        add(&mut words.role, "origin");
        words.role.push("extthinorigin");
    }
    if externals > 1 {
        words.role.push("multiextthinorigin");
    }
    public
}

fn raid_words(segtype: SegmentType) -> Vec<&'static str> {
    let mut words = vec!["raid"];
    words.extend(match segtype {
        SegmentType::Raid0 => ["raid0"].as_slice(),
        SegmentType::Raid1 => &["raid1"],
        SegmentType::Raid10 | SegmentType::Raid10Near => &["raid10"],
        SegmentType::Raid4 => &["raid4"],
        SegmentType::Raid5N => &["raid5"],
        SegmentType::Raid5 | SegmentType::Raid5Ls => &["raid5", "raid5_ls"],
        SegmentType::Raid5La => &["raid5", "raid5_la"],
        SegmentType::Raid5Ra => &["raid5", "raid5_ra"],
        SegmentType::Raid5Rs => &["raid5", "raid5_rs"],
        SegmentType::Raid6 | SegmentType::Raid6Zr => &["raid6", "raid6_zr"],
        SegmentType::Raid6Nr => &["raid6", "raid6_nr"],
        SegmentType::Raid6Nc => &["raid6", "raid6_nc"],
        other if other.name().starts_with("raid6") => &["raid6"],
        _ => &[],
    });
    words
}

fn thin(view: &VgView<'_>, lv: &Lv, words: &mut Words) {
    let snapshots = view.parts().thin_snapshots_of(lv).len();
    if snapshots > 0 {
        words.role.extend(["origin", "thinorigin"]);
    }
    if snapshots > 1 {
        words.role.push("multithinorigin");
    }
    if layers::lv_of_key(lv, "origin").is_some() || layers::lv_of_key(lv, "external_origin").is_some() {
        words.role.extend(["snapshot", "thinsnapshot"]);
    }
}

/// Old-style snapshots and their origins.
fn thick(view: &VgView<'_>, lv: &Lv, words: &mut Words) -> bool {
    let parts = view.parts();
    if parts.is_origin(lv) {
        add(&mut words.role, "origin");
        words.role.push("thickorigin");
        let thin = layers::segtype(lv) == Some(SegmentType::Thin);
        let virtual_ = !thin && lv.segments.iter().any(layers::is_virtual);
        if virtual_ {
            words.layout.push("virtual");
        }
        if parts.stores_of(lv).len() > 1 {
            words.role.push("multithickorigin");
        }
        return !virtual_;
    }
    if parts.store(lv).is_some() {
        add(&mut words.role, "snapshot");
        words.role.push("thicksnapshot");
    }
    true
}

fn add(words: &mut Vec<&'static str>, word: &'static str) {
    if !words.contains(&word) {
        words.push(word);
    }
}

/// An LV without a type of its own: what its segments are, each kind once.
fn plain(lv: &Lv) -> Vec<&'static str> {
    let kinds = [SegmentType::Linear, SegmentType::Striped, SegmentType::Error, SegmentType::Zero];
    let has = |kind| lv.segments.iter().any(|segment| segment.segtype() == Some(kind));
    let words: Vec<_> = kinds.into_iter().filter(|&kind| has(kind)).map(SegmentType::name).collect();
    if words.is_empty() { vec!["unknown"] } else { words }
}
