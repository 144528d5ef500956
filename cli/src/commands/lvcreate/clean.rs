//! Whether the new LV's first bytes are zeroed and old signatures wiped: `-Z` and `-W`.

use crate::options::{Activation, Opt};
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;

/// What is done.
#[derive(Clone, Debug)]
pub(super) struct Cleaning {
    pub(super) zero: bool,
    pub(super) wipe: bool,
    /// The type that has no bytes, where that was asked for it.
    ignored_for: Option<String>,
    /// Whether there are bytes that could be zeroed.
    has_bytes: bool,
}

impl Cleaning {
    /// By the options and settings. Where LVM2 could not zero, it is not done; asking for it is refused, with the
    /// reason (2.03.40: lvcreate.c, _check_zero_parameters).
    pub(super) fn of_command(parsed: &Parsed, session: &Session) -> Result<Self, String> {
        let zero = parsed.bool(Opt::Zero).unwrap_or(true);
        let default = zero && session.settings.bool("allocation/wipe_signatures_when_zeroing_new_lvs");
        let wipe = parsed.bool(Opt::Wipesignatures).unwrap_or(default);
        let without_bytes = parsed.str(Opt::Type).filter(|segtype| matches!(*segtype, "error" | "zero"));
        let has_bytes = without_bytes.is_none();
        let obstacles = obstacles(parsed);
        if has_bytes && obstacles.is_empty() {
            return Ok(Self { zero, wipe, ignored_for: None, has_bytes });
        }
        let asked = parsed.bool(Opt::Zero).or_else(|| parsed.bool(Opt::Wipesignatures)) == Some(true);
        if asked && has_bytes {
            return Err(format!("Cannot zero {obstacles}logical volume with option -Zy or -Wy."));
        }
        let ignored_for = without_bytes.filter(|_| asked).map(str::to_owned);
        Ok(Self { zero: false, wipe: false, ignored_for, has_bytes })
    }

    /// Nothing is cleaned after all.
    pub(super) fn none(self) -> Self {
        Self { zero: false, wipe: false, ..self }
    }

    /// Whether anything is cleaned.
    pub(super) const fn is_wanted(&self) -> bool {
        self.zero || self.wipe
    }

    /// Tells what was not done.
    pub(super) fn tell(&self, world: &mut World, lv: &str) {
        if let Some(segtype) = &self.ignored_for {
            world.print(format_args!("Ignoring option -Zy or -Wy for unzeroable {segtype} volume."));
        }
        if self.has_bytes && !self.zero && !self.wipe {
            world.warn(format_args!("WARNING: Logical volume {lv} not zeroed."));
        }
    }
}

/// What LVM2 cannot zero, in its words.
fn obstacles(parsed: &Parsed) -> String {
    let activation = parsed.activation(Opt::Activate);
    let read_only = parsed.writable(Opt::Permission) == Some(false);
    let inactive = activation.is_some_and(|activation| !activation.activates());
    let skipped =
        parsed.bool(Opt::Setactivationskip) == Some(true) && !parsed.flag(Opt::Ignoreactivationskip);
    let words = [
        (read_only, "read-only "),
        (inactive, "inactive "),
        (activation == Some(Activation::Auto), "auto activated "),
        (skipped, "skipped from activation "),
    ];
    words.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect()
}
