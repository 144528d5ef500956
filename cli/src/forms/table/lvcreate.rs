//! Forms of lvcreate.

use super::super::{Form, FormId, Rank, Slot, slots};
use crate::commands::Name;

const LVCREATE: &[Slot] = slots![
    Addtag,
    Alloc,
    Autobackup,
    Activate,
    Contiguous,
    Ignoreactivationskip,
    Ignoremonitoring,
    Major,
    Metadataprofile,
    Minor,
    Monitor,
    Name,
    Nosync,
    Noudevsync,
    Permission,
    Persistent,
    Readahead,
    Reportformat,
    Setactivationskip,
    Wipesignatures,
    Zero,
    Setautoactivation
];
const LVCREATE_RAID: &[Slot] = slots![
    Regionsize,
    Minrecoveryrate,
    Maxrecoveryrate,
    Raidintegrity,
    Raidintegritymode,
    Raidintegrityblocksize,
    Integritysettings
];
const LVCREATE_VDO: &[Slot] = slots![Compression, Deduplication, Vdosettings];
const LVCREATE_POOL: &[Slot] = slots![Poolmetadatasize, Poolmetadataspare, Chunksize];
const LVCREATE_THINPOOL: &[Slot] = slots![
    Discards,
    Errorwhenfull,
    Pooldatavdo,
    Compression,
    Deduplication,
    Vdosettings,
    Poolmetadatasize,
    Poolmetadataspare,
    Chunksize
];
const LVCREATE_CACHE: &[Slot] = slots![Cachemode, Cachepolicy, Cachesettings, Chunksize, Cachemetadataformat];

pub(super) const FORMS: &[Form] = &[
    Form {
        id: FormId::LvcreateErrorVol,
        required: slots![Type = "error", Size],
        optional: &[LVCREATE],
        positional: &["VG"],
        rank: Rank::Secondary,
        about: "Create an LV that gives errors",
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateZeroVol,
        required: slots![Type = "zero", Size],
        optional: &[LVCREATE],
        positional: &["VG"],
        rank: Rank::Secondary,
        about: "Create an LV that reads as zeros",
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateLinear,
        required: slots![Type = "linear", Size],
        optional: &[LVCREATE],
        ignored: slots![Mirrors = "0", Stripes = "1"],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        rank: Rank::Secondary,
        about: "Create a linear LV",
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateLinear,
        required: slots![Size],
        optional: &[LVCREATE],
        ignored: slots![Mirrors = "0", Stripes = "1"],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        implied: &["linear"],
        about: "Create a linear LV",
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateStriped,
        required: slots![Type = "striped", Size],
        optional: &[slots![Stripes, Stripesize], LVCREATE],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        rank: Rank::Secondary,
        about: "Create a striped LV",
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateStriped,
        required: slots![Stripes, Size],
        optional: &[slots![Stripesize], LVCREATE],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        implied: &["striped"],
        about: "Create a striped LV",
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateMirror,
        required: slots![Type = "mirror", Size],
        optional: &[slots![Stripes, Stripesize, Mirrors, Mirrorlog, Regionsize], LVCREATE],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateMirrorOrRaid1,
        required: slots![Mirrors, Size],
        optional: &[slots![Stripesize, Mirrorlog], LVCREATE_RAID, LVCREATE],
        ignored: slots![Stripes = "1"],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        implied: &["raid1", "mirror"],
        about: "Create an LV with copies of its data",
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateRaidAny,
        required: slots![Type = "raid", Size],
        optional: &[slots![Mirrors, Stripes, Stripesize], LVCREATE_RAID, LVCREATE],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        about: "Create a RAID LV",
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateRaidAny,
        required: slots![Mirrors, Stripes, Size],
        optional: &[slots![Stripesize], LVCREATE_RAID, LVCREATE],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        implied: &["raid10"],
        about: "Create a RAID LV",
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateCowSnapshot,
        required: slots![Type = "snapshot", Size],
        optional: &[slots![Snapshot, Stripes, Stripesize, Chunksize], LVCREATE],
        positional: &["LV"],
        optional_positional: &["PV ..."],
        rank: Rank::Secondary,
        about: "Create a snapshot of an LV",
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateCowSnapshot,
        required: slots![Snapshot, Size],
        optional: &[slots![Stripes, Stripesize, Chunksize], LVCREATE],
        positional: &["LV"],
        optional_positional: &["PV ..."],
        implied: &["snapshot"],
        about: "Create a snapshot of an LV",
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateCowSnapshotWithVirtualOrigin,
        required: slots![Type = "snapshot", Size, Virtualsize],
        optional: &[slots![Snapshot, Chunksize], LVCREATE],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateThinpool,
        required: slots![Type = "thin-pool", Size],
        optional: &[slots![Thinpool as "LV_new", Stripes, Stripesize, Thin], LVCREATE_THINPOOL, LVCREATE],
        ignored: slots![Mirrors = "0"],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        about: "Create a thin pool",
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateThinpool,
        required: slots![Thin, Size],
        optional: &[slots![Stripes, Stripesize], LVCREATE_THINPOOL, LVCREATE],
        ignored: slots![Mirrors = "0"],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        implied: &["thin-pool"],
        rank: Rank::Secondary,
        about: "Create a thin pool",
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateThinpool,
        required: slots![Size, Thinpool as "LV_new"],
        optional: &[slots![Stripes, Stripesize, Thin], LVCREATE_THINPOOL, LVCREATE],
        ignored: slots![Mirrors = "0"],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        implied: &["thin-pool"],
        rank: Rank::Secondary,
        about: "Create a thin pool",
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateCachepool,
        required: slots![Type = "cache-pool", Size],
        optional: &[slots![Stripes, Stripesize, Cache], LVCREATE_CACHE, LVCREATE_POOL, LVCREATE],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateCachepool,
        required: slots![Type = "cache-pool", Size, Cachepool as "LV_new"],
        optional: &[slots![Stripes, Stripesize, Cache], LVCREATE_CACHE, LVCREATE_POOL, LVCREATE],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateThinVol,
        required: slots![Type = "thin", Virtualsize, Thinpool as "LV_thinpool"],
        optional: &[slots![Thin], LVCREATE],
        ignored: slots![Mirrors = "0"],
        positional: &["VG"],
        rank: Rank::Secondary,
        about: "Create a thin LV in a pool",
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateThinVol,
        required: slots![Type = "thin", Virtualsize],
        optional: &[slots![Thin], LVCREATE],
        ignored: slots![Mirrors = "0"],
        positional: &["LV_thinpool"],
        rank: Rank::Secondary,
        about: "Create a thin LV in a pool",
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateThinVol,
        required: slots![Virtualsize, Thinpool as "LV_thinpool"],
        optional: &[slots![Thin], LVCREATE],
        ignored: slots![Mirrors = "0"],
        positional: &["VG"],
        implied: &["thin"],
        about: "Create a thin LV in a pool",
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateThinVol,
        required: slots![Virtualsize],
        optional: &[slots![Thin], LVCREATE],
        ignored: slots![Mirrors = "0"],
        positional: &["LV_thinpool"],
        implied: &["thin"],
        rank: Rank::Secondary,
        about: "Create a thin LV in a pool",
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateThinSnapshot,
        required: slots![Type = "thin"],
        optional: &[slots![Thin, Snapshot], LVCREATE],
        ignored: slots![Mirrors = "0"],
        positional: &["LV_thin"],
        rank: Rank::Secondary,
        about: "Create a snapshot of a thin LV",
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateThinSnapshot,
        required: slots![Thin],
        optional: &[slots![Snapshot], LVCREATE],
        ignored: slots![Mirrors = "0"],
        positional: &["LV_thin"],
        implied: &["thin"],
        rank: Rank::Secondary,
        about: "Create a snapshot of a thin LV",
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateThinSnapshot,
        required: slots![Snapshot],
        optional: &[LVCREATE],
        ignored: slots![Mirrors = "0"],
        positional: &["LV_thin"],
        implied: &["thin"],
        about: "Create a snapshot of a thin LV",
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateThinSnapshotOfExternal,
        required: slots![Type = "thin", Thinpool as "LV_thinpool"],
        optional: &[slots![Thin], LVCREATE],
        ignored: slots![Mirrors = "0"],
        positional: &["LV"],
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateThinSnapshotOfExternal,
        required: slots![Snapshot, Thinpool as "LV_thinpool"],
        optional: &[LVCREATE],
        ignored: slots![Mirrors = "0"],
        positional: &["LV"],
        implied: &["thin"],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateVdoVol,
        required: slots![Type = "vdo", Size],
        optional: &[
            slots![Stripes, Stripesize, Vdo, Virtualsize, Vdopool as "LV_new"],
            LVCREATE_VDO,
            LVCREATE,
        ],
        ignored: slots![Mirrors = "0"],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateVdoVol,
        required: slots![Vdo, Size],
        optional: &[slots![Stripes, Stripesize, Virtualsize, Vdopool as "LV_new"], LVCREATE_VDO, LVCREATE],
        ignored: slots![Mirrors = "0"],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        implied: &["vdo"],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateVdoVol,
        required: slots![Vdopool as "LV_new", Size],
        optional: &[slots![Stripes, Stripesize, Virtualsize], LVCREATE_VDO, LVCREATE],
        ignored: slots![Mirrors = "0"],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        implied: &["vdo"],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateThinVolAndThinpool,
        required: slots![Type = "thin", Virtualsize, Size, Thinpool as "LV_new"],
        optional: &[slots![Stripes, Stripesize, Thin], LVCREATE_THINPOOL, LVCREATE],
        ignored: slots![Mirrors = "0"],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateThinVolAndThinpool,
        required: slots![Virtualsize, Size, Thinpool as "LV_new"],
        optional: &[slots![Stripes, Stripesize, Thin], LVCREATE_THINPOOL, LVCREATE],
        ignored: slots![Mirrors = "0"],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        implied: &["thin"],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateThinVolAndThinpool,
        required: slots![Type = "thin", Virtualsize, Size],
        optional: &[slots![Stripes, Stripesize, Thin], LVCREATE_THINPOOL, LVCREATE],
        ignored: slots![Mirrors = "0"],
        positional: &["LV_new|VG"],
        optional_positional: &["PV ..."],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateThinVolAndThinpool,
        required: slots![Thin, Virtualsize, Size],
        optional: &[slots![Stripes, Stripesize], LVCREATE_THINPOOL, LVCREATE],
        ignored: slots![Mirrors = "0"],
        positional: &["LV_new|VG"],
        optional_positional: &["PV ..."],
        implied: &["thin"],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateThinVolWithThinpoolOrSparseSnapshot,
        required: slots![Size, Virtualsize],
        optional: &[slots![Stripes, Stripesize, Snapshot, Thin], LVCREATE_THINPOOL, LVCREATE],
        ignored: slots![Mirrors = "0"],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        implied: &["thin", "snapshot"],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateAndAttachCachepool,
        required: slots![Type = "cache", Size, Cachepool as "LV_cachepool"],
        optional: &[slots![Stripes, Stripesize, Cache], LVCREATE_CACHE, LVCREATE_POOL, LVCREATE],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateAndAttachCachepoolV2,
        required: slots![Size, Cachepool as "LV_cachepool"],
        optional: &[slots![Stripes, Stripesize, Cache], LVCREATE_CACHE, LVCREATE],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        implied: &["cache"],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateAndAttachCachepoolV3,
        required: slots![Type = "cache", Size],
        optional: &[slots![Stripes, Stripesize, Cache], LVCREATE_CACHE, LVCREATE_POOL, LVCREATE],
        positional: &["LV_cachepool"],
        optional_positional: &["PV ..."],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateNewPlusOldCachepoolOrLvconvertOldPlusNewCachepool,
        required: slots![Cache, Size],
        optional: &[LVCREATE_CACHE, LVCREATE_POOL, LVCREATE, slots![Stripes, Stripesize]],
        positional: &["LV"],
        optional_positional: &["PV ..."],
        implied: &["cache"],
        rank: Rank::Secondary,
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateAndAttachCachevolForCache,
        required: slots![Type = "cache", Size, Cachevol],
        optional: &[slots![Stripes, Stripesize], LVCREATE_CACHE, LVCREATE],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateAndAttachCachedeviceForCache,
        required: slots![Type = "cache", Size, Cachedevice],
        optional: &[slots![Stripes, Stripesize, Cachesize], LVCREATE_CACHE, LVCREATE],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateAndAttachCachevolForWritecache,
        required: slots![Type = "writecache", Size, Cachevol],
        optional: &[LVCREATE, slots![Cachesettings, Stripes, Stripesize]],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        ..Form::of(Name::Lvcreate)
    },
    Form {
        id: FormId::LvcreateAndAttachCachedeviceForWritecache,
        required: slots![Type = "writecache", Size, Cachedevice],
        optional: &[LVCREATE, slots![Cachesize, Cachesettings, Stripes, Stripesize]],
        positional: &["VG"],
        optional_positional: &["PV ..."],
        ..Form::of(Name::Lvcreate)
    },
];
