//! Allocation policies.

/// How extents are chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AllocPolicy {
    /// In one run on one PV per area.
    Contiguous,
    /// On the PVs the LV's areas are on already, or on PVs with the same tags.
    Cling,
    /// Like cling, by tags alone.
    ClingByTags,
    /// Anywhere, but parallel areas on different PVs.
    Normal,
    /// Anywhere at all.
    Anywhere,
    /// As the VG says.
    #[default]
    Inherit,
}

impl AllocPolicy {
    /// As texts and options spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Contiguous => "contiguous",
            Self::Cling => "cling",
            Self::ClingByTags => "cling_by_tags",
            Self::Normal => "normal",
            Self::Anywhere => "anywhere",
            Self::Inherit => "inherit",
        }
    }

    /// The policy of that name (`next free` and `cling_by_tags` are spellings that old texts have).
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "contiguous" => Self::Contiguous,
            "cling" => Self::Cling,
            "cling_by_tags" => Self::ClingByTags,
            "normal" | "next free" => Self::Normal,
            "anywhere" => Self::Anywhere,
            "inherit" => Self::Inherit,
            _ => return None,
        })
    }

    /// The letter in attribute columns: c C l n a i, capital while the object is locked.
    pub const fn letter(self) -> char {
        match self {
            Self::Contiguous => 'c',
            Self::Cling | Self::ClingByTags => 'l',
            Self::Normal => 'n',
            Self::Anywhere => 'a',
            Self::Inherit => 'i',
        }
    }
}
