//! Forms of lvconvert.

use super::super::{Form, FormId, Rank, Slot, rule, slots};
use crate::commands::Name;

const LVCONVERT: &[Slot] = slots![Alloc, Background, Force, Noudevsync];
const LVCONVERT_POOL: &[Slot] = slots![
    Chunksize,
    Poolmetadata,
    Poolmetadatasize,
    Poolmetadataspare,
    Metadataprofile,
    Readahead,
    Wipesignatures,
    Zero
];
const LVCONVERT_CACHE: &[Slot] = slots![Cachemetadataformat, Cachemode, Cachepolicy, Cachesettings, Zero];
const LVCONVERT_THINPOOL: &[Slot] = slots![
    Discards,
    Errorwhenfull,
    Pooldatavdo,
    Compression,
    Deduplication,
    Vdosettings,
    Chunksize,
    Poolmetadata,
    Poolmetadatasize,
    Poolmetadataspare,
    Metadataprofile,
    Readahead,
    Wipesignatures,
    Zero
];
const LVCONVERT_VDO_POOL: &[Slot] =
    slots![Compression, Deduplication, Vdosettings, Metadataprofile, Readahead, Wipesignatures, Zero];

pub(super) const FORMS: &[Form] = &[
    Form {
        id: FormId::LvconvertRaidTypes,
        required: slots![Type = "linear"],
        optional: &[LVCONVERT],
        positional: &["LV"],
        optional_positional: &["PV ..."],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertRaidTypes,
        required: slots![Type = "striped"],
        optional: &[slots![Stripes, Stripesize, Regionsize, Interval], LVCONVERT],
        positional: &["LV"],
        optional_positional: &["PV ..."],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertRaidTypes,
        required: slots![Type = "mirror"],
        optional: &[slots![Mirrors, Stripes, Stripesize, Regionsize, Interval, Mirrorlog], LVCONVERT],
        positional: &["LV"],
        optional_positional: &["PV ..."],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertRaidTypes,
        required: slots![Type = "raid"],
        optional: &[slots![Mirrors, Stripes, Stripesize, Regionsize, Interval], LVCONVERT],
        positional: &["LV"],
        optional_positional: &["PV ..."],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertRaidTypes,
        required: slots![Mirrors],
        optional: &[slots![Regionsize, Interval, Mirrorlog], LVCONVERT],
        positional: &["LV"],
        optional_positional: &["PV ..."],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertRaidTypes,
        required: slots![Stripes],
        optional: &[LVCONVERT, slots![Interval, Regionsize, Stripesize]],
        positional: &["LV_raid"],
        optional_positional: &["PV ..."],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertRaidTypes,
        required: slots![Stripesize],
        optional: &[LVCONVERT, slots![Interval, Regionsize]],
        positional: &["LV_raid"],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertChangeRegionSize,
        required: slots![Regionsize],
        optional: &[LVCONVERT],
        positional: &["LV_raid"],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertSplitMirrorImages,
        required: slots![Splitmirrors, Name as "LV_new"],
        optional: &[LVCONVERT],
        positional: &["LV_raid1_mirror_cache"],
        optional_positional: &["PV ..."],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertSplitMirrorImages,
        required: slots![Splitmirrors, Trackchanges],
        optional: &[LVCONVERT],
        positional: &["LV_raid1_cache"],
        optional_positional: &["PV ..."],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertMergeMirrorImages,
        required: slots![Mergemirrors],
        optional: &[LVCONVERT],
        positional: &["LV_linear_raid|VG|Tag ..."],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertChangeMirrorlog,
        required: slots![Mirrorlog],
        optional: &[LVCONVERT],
        positional: &["LV_mirror"],
        optional_positional: &["PV ..."],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertToThinWithExternal,
        required: slots![Type = "thin", Thinpool],
        optional: &[slots![Thin, Originname as "LV_new"], LVCONVERT_POOL, LVCONVERT],
        positional: &["LV_linear_striped_raid_cache_thin_error_zero"],
        optional_positional: &["PV ..."],
        rules: &[rule!(Poolmetadata; not Readahead, Stripesize, Stripes)],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertToThinWithExternal,
        required: slots![Thin, Thinpool],
        optional: &[slots![Originname as "LV_new"], LVCONVERT_POOL, LVCONVERT],
        positional: &["LV_linear_striped_raid_cache_thin_error_zero"],
        optional_positional: &["PV ..."],
        rules: &[rule!(Poolmetadata; not Readahead, Stripesize, Stripes)],
        implied: &["thin"],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertToThinWithData,
        required: slots![Type = "thin"],
        optional: &[slots![Thin], LVCONVERT_POOL, LVCONVERT],
        positional: &["LV_linear_striped_raid_cache_writecache_vdo_error_zero"],
        optional_positional: &["PV ..."],
        rules: &[rule!(Poolmetadata; not Readahead, Stripesize, Stripes)],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertToThinWithData,
        required: slots![Thin],
        optional: &[LVCONVERT_POOL, LVCONVERT],
        positional: &["LV_linear_striped_raid_cache_writecache_vdo_error_zero"],
        optional_positional: &["PV ..."],
        rules: &[rule!(Poolmetadata; not Readahead, Stripesize, Stripes)],
        implied: &["thin"],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertToCacheWithCachepool,
        required: slots![Type = "cache", Cachepool],
        optional: &[slots![Cache], LVCONVERT_CACHE, LVCONVERT_POOL, LVCONVERT],
        positional: &["LV_linear_striped_raid_thinpool_thinpooldata_vdo_vdopool_vdopooldata_thin_error_zero"],
        optional_positional: &["PV ..."],
        rules: &[rule!(Poolmetadata; not Readahead, Stripesize, Stripes)],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertToCacheWithCachepool,
        required: slots![Cache, Cachepool],
        optional: &[LVCONVERT_CACHE, LVCONVERT_POOL, LVCONVERT],
        positional: &["LV_linear_striped_raid_thinpool_vdo_vdopool_vdopooldata_thin_error_zero"],
        optional_positional: &["PV ..."],
        rules: &[rule!(Poolmetadata; not Readahead, Stripesize, Stripes)],
        implied: &["cache"],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertToWritecache,
        required: slots![Type = "writecache", Cachevol],
        optional: &[LVCONVERT, slots![Cachesettings]],
        positional: &["LV_linear_striped_raid_thinpool"],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertToCacheWithCachevol,
        required: slots![Type = "cache", Cachevol],
        optional: &[slots![Cache], LVCONVERT_CACHE, LVCONVERT, slots![Poolmetadatasize, Chunksize]],
        positional: &["LV_linear_striped_raid_thinpool"],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertToCacheWithCachevol,
        required: slots![Cache, Cachevol],
        optional: &[LVCONVERT_CACHE, LVCONVERT, slots![Poolmetadatasize, Chunksize]],
        positional: &["LV_linear_striped_raid_thinpool"],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertToWritecacheWithDevice,
        required: slots![Type = "writecache", Cachedevice],
        optional: &[LVCONVERT, slots![Cachesize, Cachesettings]],
        positional: &["LV_linear_striped_raid_thinpool"],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertToCacheWithDevice,
        required: slots![Type = "cache", Cachedevice],
        optional: &[LVCONVERT, slots![Cachesize, Cachesettings, Chunksize]],
        positional: &["LV_linear_striped_raid_thinpool"],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertToThinpool,
        required: slots![Type = "thin-pool"],
        optional: &[slots![Stripes, Stripesize], LVCONVERT_THINPOOL, LVCONVERT],
        positional: &["LV_linear_striped_raid_cache_writecache_vdo_error_zero"],
        optional_positional: &["PV ..."],
        rules: &[rule!(Poolmetadata; not Readahead, Stripesize, Stripes)],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertToThinpoolOrSwapMetadata,
        required: slots![Thinpool as "LV_linear_striped_raid_cache_writecache_vdo_error_zero_thinpool"],
        optional: &[slots![Stripes, Stripesize], LVCONVERT_THINPOOL, LVCONVERT],
        optional_positional: &["PV ..."],
        rules: &[rule!(Poolmetadata; not Readahead, Stripesize, Stripes)],
        implied: &["thin-pool"],
        rank: Rank::Previous,
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertToCachepool,
        required: slots![Type = "cache-pool"],
        optional: &[LVCONVERT_CACHE, LVCONVERT_POOL, LVCONVERT],
        positional: &["LV_linear_striped_raid_error_zero"],
        optional_positional: &["PV ..."],
        rules: &[rule!(Poolmetadata; not Readahead, Stripesize, Stripes)],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertToCachepoolOrSwapMetadata,
        required: slots![Cachepool as "LV_linear_striped_raid_cachepool_error_zero"],
        optional: &[slots![Type = "cache-pool"], LVCONVERT_CACHE, LVCONVERT_POOL, LVCONVERT],
        optional_positional: &["PV ..."],
        rules: &[rule!(Poolmetadata; not Readahead, Stripesize, Stripes)],
        rank: Rank::Previous,
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertToVdopool,
        required: slots![Type = "vdo-pool"],
        optional: &[slots![Name as "LV_new", Virtualsize], LVCONVERT_VDO_POOL, LVCONVERT],
        positional: &["LV_linear_striped_raid_cache"],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertToVdopoolParam,
        required: slots![Vdopool as "LV_linear_striped_raid_cache"],
        optional: &[slots![Name as "LV_new", Virtualsize], LVCONVERT_VDO_POOL, LVCONVERT],
        implied: &["vdo-pool"],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertSplitAndKeepCache,
        required: slots![Splitcache],
        optional: &[LVCONVERT, slots![Cachesettings]],
        positional: &["LV_cachepool_cache_thinpool_vdopool_writecache"],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertSplitAndRemoveCache,
        required: slots![Uncache],
        optional: &[LVCONVERT, slots![Cachesettings]],
        positional: &["LV_cache_thinpool_vdopool_writecache"],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertSwapPoolMetadata,
        required: slots![Swapmetadata, Poolmetadata],
        optional: &[slots![Chunksize], LVCONVERT],
        positional: &["LV_thinpool_cachepool"],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertMerge,
        required: slots![Merge],
        optional: &[slots![Background, Interval], LVCONVERT],
        positional: &["LV_linear_striped_raid_thin_snapshot|VG|Tag ..."],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertMergeThin,
        required: slots![Mergethin],
        optional: &[LVCONVERT],
        positional: &["LV_thin ..."],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertMergeSnapshot,
        required: slots![Mergesnapshot],
        optional: &[slots![Background, Interval], LVCONVERT],
        positional: &["LV_snapshot ..."],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertSplitCowSnapshot,
        required: slots![Splitsnapshot],
        optional: &[LVCONVERT],
        positional: &["LV_snapshot"],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertCombineSplitSnapshot,
        required: slots![Type = "snapshot"],
        optional: &[slots![Snapshot, Chunksize, Zero], LVCONVERT],
        positional: &["LV", "LV_linear_striped"],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertCombineSplitSnapshot,
        required: slots![Snapshot],
        optional: &[slots![Chunksize, Zero], LVCONVERT],
        positional: &["LV", "LV_linear_striped"],
        implied: &["snapshot"],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertRepair,
        required: slots![Repair],
        optional: &[slots![Usepolicies, Interval, Setactivationskip, Poolmetadataspare], LVCONVERT],
        positional: &["LV_cache_cachepool_mirror_raid_thinpool"],
        optional_positional: &["PV ..."],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertReplacePv,
        required: slots![Replace],
        optional: &[LVCONVERT],
        positional: &["LV_raid"],
        optional_positional: &["PV ..."],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertStartPoll,
        required: slots![Startpoll],
        optional: &[LVCONVERT],
        positional: &["LV_mirror_raid"],
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertPlain,
        optional: &[LVCONVERT],
        positional: &["LV_mirror_raid"],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvconvert)
    },
    Form {
        id: FormId::LvconvertIntegrity,
        required: slots![Raidintegrity],
        optional: &[slots![Raidintegritymode, Raidintegrityblocksize, Integritysettings], LVCONVERT],
        positional: &["LV_raid"],
        optional_positional: &["PV ..."],
        ..Form::of(Name::Lvconvert)
    },
];
