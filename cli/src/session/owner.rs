//! Whose VGs are, and what this host may do with them.

use super::Session;
use metadata::model::Vg;
use store::VgOnDisk;
use vg::{AccessError, Purpose};

impl Session {
    /// Whether this host may use the VG at all: nobody else owns it, and no lock daemon has to be asked.
    pub(crate) fn check_owner(&self, vg: &Vg) -> Result<(), AccessError> {
        match vg::check_access(vg, self.vg_host(), Purpose::Read, 0) {
            Err(
                error @ (AccessError::Foreign { .. }
                | AccessError::ForeignToNobody { .. }
                | AccessError::Shared { .. }),
            ) => Err(error),
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

    /// Whether the VG may be used for that.
    pub(crate) fn check(&self, on_disk: &VgOnDisk, purpose: Purpose) -> Result<(), AccessError> {
        let absent = on_disk.vg.pvs.iter().filter(|pv| !on_disk.pvs.contains_key(&pv.id)).count();
        vg::check_access(&on_disk.vg, self.vg_host(), purpose, absent)
    }

    fn vg_host(&self) -> vg::Host<'_> {
        vg::Host { system_id: self.host.system_id.as_deref(), extra_system_ids: &self.host.extra }
    }
}
