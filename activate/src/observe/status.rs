//! What targets say, turned into what reports and planners know of LVs.

use dm::TargetStatus;
use dm::status as said;
use metadata::live::{
    CacheStatus, ImageHealth, IntegrityStatus, MirrorStatus, Mode, PoolDiscards, RaidStatus, SnapshotStatus,
    Status, ThinPoolStatus, ThinStatus, VdoPoolStatus, WritecacheStatus,
};
use units::Percent;

/// What the targets of one device say; none: they have nothing to say.
pub(super) fn of_targets(targets: &[TargetStatus]) -> Option<Status> {
    // While extents are moved only one segment after the other is a mirror, the others are linear.
    let first = targets.iter().find(|target| target.name == "mirror").or(targets.first())?;
    let status = match first.name.as_str() {
        "snapshot" | "snapshot-merge" => snapshot(&first.status),
        "mirror" => mirror(targets),
        "raid" => raid(&first.status),
        "thin" => thin(&first.status),
        "thin-pool" => thin_pool(&first.status),
        "cache" => cache(&first.status),
        "writecache" => writecache(&first.status),
        "integrity" => integrity(&first.status),
        "vdo" => vdo(&first.status),
        _ => return None,
    };
    Some(status.unwrap_or(Status::Unknown))
}

fn snapshot(text: &str) -> Option<Status> {
    Some(Status::Snapshot(match text.parse().ok()? {
        said::Snapshot::Running { used, total, metadata } => {
            SnapshotStatus::Running { used, total, metadata }
        }
        said::Snapshot::Invalid | said::Snapshot::Overflow => SnapshotStatus::Invalid,
        said::Snapshot::MergeFailed => SnapshotStatus::MergeFailed,
        said::Snapshot::Unknown => return None,
    }))
}

/// A mirror of several segments is in step as far as all of them are.
fn mirror(targets: &[TargetStatus]) -> Option<Status> {
    let mut sum = MirrorStatus { in_sync: 0, total: 0 };
    for target in targets.iter().filter(|target| target.name == "mirror") {
        let one: said::Mirror = target.status.parse().ok()?;
        sum.in_sync = sum.in_sync.saturating_add(one.in_sync);
        sum.total = sum.total.saturating_add(one.total);
    }
    Some(Status::Mirror(sum))
}

fn raid(text: &str) -> Option<Status> {
    let raid: said::Raid = text.parse().ok()?;
    let health = |leg: &said::RaidLeg| match leg {
        said::RaidLeg::InSync => ImageHealth::InSync,
        said::RaidLeg::Alive => ImageHealth::OutOfSync,
        said::RaidLeg::Dead => ImageHealth::Dead,
        said::RaidLeg::Absent => ImageHealth::Absent,
    };
    Some(Status::Raid(RaidStatus {
        images: raid.legs.iter().map(health).collect(),
        in_sync: raid.in_sync,
        total: raid.total,
        action: raid.action,
        mismatches: raid.mismatches,
        data_offset: raid.data_offset,
    }))
}

fn thin(text: &str) -> Option<Status> {
    Some(Status::Thin(match text.parse().ok()? {
        said::Thin::Running { mapped, .. } => ThinStatus::Mapped(mapped),
        said::Thin::Failed => ThinStatus::Failed,
        said::Thin::Unknown => return None,
    }))
}

fn thin_pool(text: &str) -> Option<Status> {
    let said::ThinPool::Running(pool) = text.parse().ok()? else {
        return Some(Status::ThinPool(ThinPoolStatus {
            mode: Mode::Failed,
            data: None,
            metadata: None,
            transaction: 0,
            discards: PoolDiscards::Ignore,
            needs_check: false,
        }));
    };
    Some(Status::ThinPool(ThinPoolStatus {
        mode: match pool.mode {
            said::PoolMode::ReadWrite => Mode::ReadWrite,
            said::PoolMode::ReadOnly => Mode::ReadOnly,
            said::PoolMode::OutOfData => Mode::OutOfData,
        },
        data: Some(Percent::of(pool.used_data, pool.total_data)),
        metadata: Some(Percent::of(pool.used_metadata, pool.total_metadata)),
        transaction: pool.transaction,
        discards: match pool.discards {
            said::Discards::PassedDown => PoolDiscards::Passdown,
            said::Discards::NotPassedDown => PoolDiscards::NoPassdown,
            said::Discards::Ignored => PoolDiscards::Ignore,
        },
        needs_check: pool.needs_check,
    }))
}

fn cache(text: &str) -> Option<Status> {
    let said::Cache::Running(cache) = text.parse().ok()? else {
        return Some(Status::Cache(CacheStatus {
            mode: Mode::Failed,
            metadata_used: 0,
            metadata_total: 0,
            used: 0,
            total: 0,
            read_hits: 0,
            read_misses: 0,
            write_hits: 0,
            write_misses: 0,
            demotions: 0,
            promotions: 0,
            dirty: 0,
            features: Vec::new(),
            settings: Vec::new(),
            policy: String::new(),
            needs_check: false,
        }));
    };
    let cache = *cache;
    let mut settings = cache.core;
    settings.extend(cache.policy_settings);
    Some(Status::Cache(CacheStatus {
        mode: if cache.read_only { Mode::ReadOnly } else { Mode::ReadWrite },
        metadata_used: cache.used_metadata,
        metadata_total: cache.total_metadata,
        used: cache.used,
        total: cache.total,
        read_hits: cache.read_hits,
        read_misses: cache.read_misses,
        write_hits: cache.write_hits,
        write_misses: cache.write_misses,
        demotions: cache.demotions,
        promotions: cache.promotions,
        dirty: cache.dirty,
        features: cache.features,
        settings,
        policy: cache.policy,
        needs_check: cache.needs_check,
    }))
}

fn writecache(text: &str) -> Option<Status> {
    let said::Writecache { errors, total, free, writeback } = text.parse().ok()?;
    Some(Status::Writecache(WritecacheStatus { errors, total, free, writeback }))
}

fn integrity(text: &str) -> Option<Status> {
    let said::Integrity { mismatches, sectors, recalculated } = text.parse().ok()?;
    Some(Status::Integrity(IntegrityStatus { mismatches, sectors, recalculated }))
}

fn vdo(text: &str) -> Option<Status> {
    let said::Vdo { mode, index, compression, used, total, .. } = text.parse().ok()?;
    Some(Status::VdoPool(VdoPoolStatus { mode, compression, index, used, total }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::Sectors;

    fn target(name: &str, status: &str) -> TargetStatus {
        TargetStatus {
            start: Sectors::ZERO,
            len: Sectors::new(8),
            name: name.to_owned(),
            status: status.to_owned(),
        }
    }

    #[test]
    fn segments_of_a_mirror_are_added_up() {
        let one = target("mirror", "2 253:4 253:5 8/8 1 AA 1 core");
        let two = target("mirror", "2 253:4 253:5 1/8 1 AA 1 core");
        let sum = Status::Mirror(MirrorStatus { in_sync: 9, total: 16 });
        assert_eq!(of_targets(&[one, two]), Some(sum));
    }

    #[test]
    fn a_linear_device_says_nothing_and_nonsense_is_unknown() {
        assert_eq!(of_targets(&[target("linear", "")]), None);
        assert_eq!(of_targets(&[target("raid", "what")]), Some(Status::Unknown));
        assert_eq!(of_targets(&[]), None);
    }
}
