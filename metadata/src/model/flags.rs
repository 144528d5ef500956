//! Status flags of VGs, PVs and LVs, as the text names them.
//!
//! Three kinds (2.03.40, lib/format_text/flags.c): in `status` (a reader that does not know one must refuse
//! the VG), in `flags` (may be ignored), and appended to the segment type with `+`. Flags rlvm does not know
//! are kept as they are.

use std::marker::PhantomData;

/// Where a flag is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagKind {
    /// In `status = [...]`.
    Status,
    /// In `flags = [...]`.
    Compatible,
    /// Appended to the segment type.
    Segtype,
}

/// One kind of object's flags, in the order they are written.
pub trait Flag: Copy + Eq + 'static {
    /// Every flag, its name and where it is written, in writing order.
    const ALL: &'static [(Self, &'static str, FlagKind)];
}

/// A set of flags, with the unknown ones kept by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flags<F> {
    bits: u64,
    /// Names in `status` that rlvm does not know; an object that has one is not changed.
    pub unknown_status: Vec<String>,
    /// Names in `flags` that rlvm does not know.
    pub unknown_compatible: Vec<String>,
    /// Names after the segment type that rlvm does not know.
    pub unknown_segtype: Vec<String>,
    kind: PhantomData<F>,
}

impl<F> Default for Flags<F> {
    fn default() -> Self {
        Self {
            bits: 0,
            unknown_status: Vec::new(),
            unknown_compatible: Vec::new(),
            unknown_segtype: Vec::new(),
            kind: PhantomData,
        }
    }
}

impl<F: Flag> Flags<F> {
    /// A set of these.
    pub fn of(flags: &[F]) -> Self {
        let mut set = Self::default();
        flags.iter().for_each(|&flag| set.insert(flag));
        set
    }

    fn bit(flag: F) -> u64 {
        F::ALL.iter().position(|row| row.0 == flag).map_or(0, |place| 1 << place)
    }

    /// Whether it is set.
    pub fn has(&self, flag: F) -> bool {
        self.bits & Self::bit(flag) != 0
    }

    /// Sets it.
    pub fn insert(&mut self, flag: F) {
        self.bits |= Self::bit(flag);
    }

    /// Clears it.
    pub fn remove(&mut self, flag: F) {
        self.bits &= !Self::bit(flag);
    }

    /// Sets or clears it.
    pub fn set(&mut self, flag: F, on: bool) {
        if on { self.insert(flag) } else { self.remove(flag) }
    }

    /// The known flags of one kind that are set, with their names, in writing order.
    pub fn iter(&self, kind: FlagKind) -> impl Iterator<Item = (F, &'static str)> + '_ {
        F::ALL.iter().filter(move |row| row.2 == kind && self.has(row.0)).map(|row| (row.0, row.1))
    }

    /// The flag of that name and kind.
    pub fn named(name: &str, kind: FlagKind) -> Option<F> {
        F::ALL.iter().find(|row| row.1 == name && row.2 == kind).map(|row| row.0)
    }

    /// Whether an edit would have to guess what an unknown flag means.
    pub fn has_unknown(&self) -> bool {
        !(self.unknown_status.is_empty() && self.unknown_segtype.is_empty())
    }
}

macro_rules! flags {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal $kind:ident,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
        }

        impl Flag for $name {
            const ALL: &'static [(Self, &'static str, FlagKind)] =
                &[$((Self::$variant, $text, FlagKind::$kind),)*];
        }
    };
}

flags! {
    /// Flags of a VG. WRITE_LOCKED does not appear: the text encoding writes it in WRITE's place for a VG with
    /// a system id or lock type.
    VgFlag {
        /// Exported: hidden until imported.
        Exported = "EXPORTED" Status,
        /// PVs may be added and taken away.
        Resizeable = "RESIZEABLE" Status,
        /// A pvmove is under way.
        Pvmove = "PVMOVE" Status,
        /// Metadata may be read.
        Read = "READ" Status,
        /// Metadata may be changed.
        Write = "WRITE" Status,
        /// Not activated at boot.
        NoAutoactivate = "NOAUTOACTIVATE" Compatible,
        /// Owned by a cluster of old.
        Clustered = "CLUSTERED" Status,
        /// Shared, of LVM1's days.
        Shared = "SHARED" Status,
    }
}

flags! {
    /// Flags of a PV.
    PvFlag {
        /// Extents may be allocated on it.
        Allocatable = "ALLOCATABLE" Status,
        /// Its VG is exported.
        Exported = "EXPORTED" Status,
        /// It was absent at the last change of the VG. Read from `status` too.
        Missing = "MISSING" Compatible,
    }
}

flags! {
    /// Flags of an LV.
    LvFlag {
        /// May be read.
        Read = "READ" Status,
        /// May be written.
        Write = "WRITE" Status,
        /// Has a persistent device number.
        FixedMinor = "FIXED_MINOR" Status,
        /// Shown to users; sub-LVs are not.
        Visible = "VISIBLE" Status,
        /// Part of a pvmove.
        Pvmove = "PVMOVE" Status,
        /// Not to be changed while a conversion runs.
        Locked = "LOCKED" Status,
        /// A mirror that was never synchronised.
        NotSynced = "NOTSYNCED" Status,
        /// An image to be rebuilt.
        Rebuild = "REBUILD" Status,
        /// A reshape is under way.
        Reshape = "RESHAPE" Segtype,
        /// A reshape moves the data offset.
        ReshapeDataOffset = "RESHAPE_DATA_OFFSET" Segtype,
        /// A reshape adds images.
        ReshapeDeltaDisksPlus = "RESHAPE_DELTA_DISKS_PLUS" Segtype,
        /// A reshape takes images away.
        ReshapeDeltaDisksMinus = "RESHAPE_DELTA_DISKS_MINUS" Segtype,
        /// An image to be removed after a reshape.
        RemoveAfterReshape = "REMOVE_AFTER_RESHAPE" Segtype,
        /// An image that is read only as a last resort.
        WriteMostly = "WRITEMOSTLY" Status,
        /// Skipped by activation unless asked.
        ActivationSkip = "ACTIVATION_SKIP" Compatible,
        /// Not activated at boot.
        NoAutoactivate = "NOAUTOACTIVATE" Compatible,
        /// A full thin pool gives errors at once.
        ErrorWhenFull = "ERROR_WHEN_FULL" Compatible,
        /// A cache with a metadata format of its own.
        MetadataFormat = "METADATA_FORMAT" Segtype,
        /// Thin metadata cropped to what the kernel uses.
        CropMetadata = "CROP_METADATA" Segtype,
        /// A cache volume. Read from `status` too.
        CacheVol = "CACHE_VOL" Compatible,
        /// A cache that uses a cache volume.
        CacheUsesCachevol = "CACHE_USES_CACHEVOL" Segtype,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_come_out_in_writing_order() {
        let set = Flags::of(&[LvFlag::Visible, LvFlag::Write, LvFlag::Read]);
        let names: Vec<_> = set.iter(FlagKind::Status).map(|row| row.1).collect();
        assert_eq!(names, ["READ", "WRITE", "VISIBLE"]);
    }
}
