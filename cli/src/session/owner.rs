//! Whose VGs are, and what this host may do with them.

use super::Session;
use crate::commands::Name;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::world::World;
use activate::observe::Detail;
use metadata::model::Vg;
use std::sync::PoisonError;
use store::{Scan, VgOnDisk};
use vg::{AccessError, Purpose};

impl Session {
    /// Whether this host may use the VG at all: nobody else owns it, and neither a lock daemon nor a cluster has to
    /// be asked.
    pub(crate) fn check_owner(&self, vg: &Vg) -> Result<(), AccessError> {
        match vg::check_access(vg, self.vg_host(), Purpose::Read, 0) {
            Err(
                error @ (AccessError::Foreign { .. }
                | AccessError::ForeignToNobody { .. }
                | AccessError::Shared { .. }
                | AccessError::Clustered { .. }),
            ) if !self.runs_here(vg) => Err(error),
            _ => Ok(()),
        }
    }

    /// Whether this command shows the VG: those of others with `--foreign` and `--shared`, exported ones if it is
    /// not about their LVs.
    pub(crate) fn check_sight(&self, vg: &Vg) -> Result<(), AccessError> {
        match self.check_owner(vg) {
            Err(AccessError::Foreign { .. } | AccessError::ForeignToNobody { .. }) if self.shows.foreign => {}
            Err(AccessError::Shared { .. }) if self.shows.shared => {}
            other => other?,
        }
        match vg.is_exported() && !self.shows.exported {
            true => Err(AccessError::Exported { vg: vg.name.clone() }),
            false => Ok(()),
        }
    }

    /// Whether LVs of a VG of another host run here, and this command may look at them or stop them all the same.
    fn runs_here(&self, vg: &Vg) -> bool {
        self.running_foreign
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(&(vg.id, vg.name.clone()))
    }

    /// Looks for LVs that run here though their VGs are another host's, for commands that show or stop LVs
    /// (2.03.40: lib/metadata/metadata.c, _access_vg_systemid).
    pub(in crate::session) fn look_for_running(&self, parsed: &Parsed, world: &mut World, scan: &Scan) {
        let foreign = |vg: &&VgOnDisk| {
            let denied = vg::check_access(&vg.vg, self.vg_host(), Purpose::Read, 0);
            matches!(denied, Err(AccessError::Foreign { .. } | AccessError::ForeignToNobody { .. }))
        };
        let foreign: Vec<&Vg> = scan.vgs.iter().filter(foreign).map(|on_disk| &on_disk.vg).collect();
        if foreign.is_empty() || !shows_or_stops(parsed) {
            return;
        }
        let lives = super::running::observe(world, self, &foreign, Detail::STATE);
        for (vg, live) in foreign.into_iter().zip(lives) {
            if !vg.lvs.iter().any(|lv| live.is_active(lv.id)) {
                continue;
            }
            let owner = vg.system_id.as_deref().unwrap_or_default();
            self.warn_once(
                world,
                format_args!(
                    "WARNING: Found LVs active in VG {} with foreign system ID {owner}.  Possible data corruption.",
                    vg.name
                ),
            );
            self.running_foreign
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert((vg.id, vg.name.clone()));
        }
    }

    /// Whether the VG may be used for that.
    pub(crate) fn check(&self, on_disk: &VgOnDisk, purpose: Purpose) -> Result<(), AccessError> {
        let absent = on_disk.vg.pvs.iter().filter(|pv| !on_disk.pvs.contains_key(&pv.id)).count();
        match vg::check_access(&on_disk.vg, self.vg_host(), purpose, absent) {
            Err(AccessError::Foreign { .. } | AccessError::ForeignToNobody { .. })
                if purpose == Purpose::Activate && self.runs_here(&on_disk.vg) =>
            {
                Ok(())
            }
            Err(AccessError::NotReserved { .. }) if self.needs_no_reservation => Ok(()),
            other => other,
        }
    }

    fn vg_host(&self) -> vg::Host<'_> {
        vg::Host { system_id: self.host.system_id.as_deref(), extra_system_ids: &self.host.extra }
    }
}

/// Reports, and commands that stop LVs.
fn shows_or_stops(parsed: &Parsed) -> bool {
    matches!(parsed.name(), Name::Lvs | Name::Vgs | Name::Pvs | Name::Fullreport) || stops(parsed)
}

/// Commands that stop LVs.
pub(super) fn stops(parsed: &Parsed) -> bool {
    matches!(parsed.name(), Name::Lvchange | Name::Vgchange)
        && parsed.activation(Opt::Activate).is_some_and(|activation| !activation.activates())
}
