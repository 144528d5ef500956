//! The segment types LVM2 knows.

macro_rules! segtypes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// A segment type, by LVM2's names (2.03.40, lib/metadata/segtype.h).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum SegmentType {
            $($(#[$doc])* $variant,)*
        }

        impl SegmentType {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// As texts, reports and `--type` spell it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The type of that name.
            pub fn named(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

segtypes! {
    /// Extents one after the other. Texts call it striped with one stripe.
    Linear = "linear",
    /// Chunks in turn over several areas.
    Striped = "striped",
    /// Every access is an error.
    Error = "error",
    /// Reads zeros, forgets writes.
    Zero = "zero",
    /// Old-style mirror.
    Mirror = "mirror",
    /// Old-style snapshot.
    Snapshot = "snapshot",
    /// Striping by the raid target.
    Raid0 = "raid0",
    /// The same with metadata devices.
    Raid0Meta = "raid0_meta",
    /// Mirroring.
    Raid1 = "raid1",
    /// Striped mirroring.
    Raid10 = "raid10",
    /// Striped mirroring, copies near each other.
    Raid10Near = "raid10_near",
    /// Dedicated parity.
    Raid4 = "raid4",
    /// Rotating parity.
    Raid5 = "raid5",
    /// Parity on the last device.
    Raid5N = "raid5_n",
    /// Left asymmetric.
    Raid5La = "raid5_la",
    /// Left symmetric.
    Raid5Ls = "raid5_ls",
    /// Right asymmetric.
    Raid5Ra = "raid5_ra",
    /// Right symmetric.
    Raid5Rs = "raid5_rs",
    /// Double parity.
    Raid6 = "raid6",
    /// N continue.
    Raid6Nc = "raid6_nc",
    /// N restart.
    Raid6Nr = "raid6_nr",
    /// Zero restart.
    Raid6Zr = "raid6_zr",
    /// raid5_la with a Q device.
    Raid6La6 = "raid6_la_6",
    /// raid5_ls with a Q device.
    Raid6Ls6 = "raid6_ls_6",
    /// raid5_ra with a Q device.
    Raid6Ra6 = "raid6_ra_6",
    /// raid5_rs with a Q device.
    Raid6Rs6 = "raid6_rs_6",
    /// raid4-like with a Q device.
    Raid6N6 = "raid6_n_6",
    /// A thin LV.
    Thin = "thin",
    /// A pool of thin LVs.
    ThinPool = "thin-pool",
    /// An LV with a cache.
    Cache = "cache",
    /// What a cache caches in.
    CachePool = "cache-pool",
    /// An LV with a write cache.
    Writecache = "writecache",
    /// Checksums per block.
    Integrity = "integrity",
    /// A compressed and deduplicated LV.
    Vdo = "vdo",
    /// What VDO LVs live in.
    VdoPool = "vdo-pool",
    /// No LV at all: free extents, in reports.
    Free = "free",
}
