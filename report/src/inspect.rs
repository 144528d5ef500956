//! What commands that show LVs in other shapes than columns ask: parts of segments, and what the kernel says.

pub use crate::fields::attr::is_partial;
pub use crate::fields::layers::{
    area_len, areas, is_raid_metadata, is_raid_type, is_virtual, lv_under, number, raid_lvs, raw, segtype,
    text,
};
pub use crate::fields::raid::{integrity, integrity_block_size, integrity_mismatches, integrity_mode};
pub use crate::fields::segment::{can_be_monitored, monitor};
pub use crate::fields::settings::{cache as cache_settings, pair as setting};
pub use crate::fields::status::{
    Share, device, of as status, raid as raid_status, share, works as snapshot_works,
};
