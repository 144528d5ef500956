//! The one VG that a command is about.

use super::Sight;
use crate::change::Refusal;
use crate::exit::Exit;
use crate::session::Session;
use crate::world::World;
use metadata::model::Vg;
use metadata::model::names::check_vg_name;
use store::Finding;
use units::Id;
use vg::{AccessError, Purpose};

/// There is no VG of that name, or there cannot be.
pub(crate) fn no_vg(name: &str) -> Refusal {
    let missing = match check_vg_name(name) {
        Ok(()) => format!("Volume group \"{name}\" not found"),
        Err(_) => format!("Volume group name \"{name}\" has invalid characters."),
    };
    Refusal::words(missing).line(format!("Cannot process volume group {name}"))
}

impl Sight {
    /// The one VG of that name, if it may be used for that; tells why not.
    pub(crate) fn the_vg(
        &self,
        world: &mut World,
        session: &Session,
        name: &str,
        purpose: Purpose,
    ) -> Result<usize, Exit> {
        let place = match self.own_of_name(session, name).as_slice() {
            [] => {
                return Err(no_vg(name).tell(world));
            }
            [place] => *place,
            several => {
                self.tell_several(world, several);
                return Err(Exit::FAILED);
            }
        };
        self.checked(world, session, place, purpose)
    }

    /// The VG with that id, if it may be used for that; tells why not.
    pub(crate) fn the_vg_with_id(
        &self,
        world: &mut World,
        session: &Session,
        id: Id,
        purpose: Purpose,
    ) -> Result<usize, Exit> {
        let Some(place) = self.scan.vgs.iter().position(|vg| vg.vg.id == id) else {
            world.error(format_args!("Volume group \"{id}\" not found"));
            world.error(format_args!("Cannot process volume group {id}"));
            return Err(Exit::FAILED);
        };
        self.checked(world, session, place, purpose)
    }

    /// The VG that a backup is of, where something of it is left: it may be in any state, as long as it is this
    /// host's. A VG that has only its id or only its name is it if it has a PV of it.
    pub(crate) fn vg_to_restore(
        &self,
        world: &mut World,
        session: &Session,
        backup: &Vg,
    ) -> Result<Option<usize>, Exit> {
        let vgs = || self.scan.vgs.iter().map(|on_disk| &on_disk.vg).enumerate();
        let shares = |vg: &Vg| vg.pvs.iter().any(|pv| backup.pvs.contains(pv.id));
        let itself = vgs().find(|(_, vg)| vg.id == backup.id && vg.name == backup.name);
        let renamed = || vgs().find(|(_, vg)| vg.id == backup.id && shares(vg));
        let named: Vec<usize> =
            vgs().filter(|(_, vg)| vg.name == backup.name && shares(vg)).map(|(place, _)| place).collect();
        let place = match (itself.or_else(renamed), named.as_slice()) {
            (Some((place, _)), _) => place,
            (None, []) => return Ok(None),
            (None, [place]) => *place,
            (None, several) => {
                self.tell_several(world, several);
                return Err(Exit::FAILED);
            }
        };
        session.check_owner(&self.scan.vgs[place].vg).map_err(|error| {
            world.error(error);
            Exit::FAILED
        })?;
        self.check_duplicates(world, session, place, Purpose::Rewrite)?;
        Ok(Some(place))
    }

    fn checked(
        &self,
        world: &mut World,
        session: &Session,
        place: usize,
        purpose: Purpose,
    ) -> Result<usize, Exit> {
        if let Err(error) = session.check(&self.scan.vgs[place], purpose) {
            // What counts as missing may be there, in another VG.
            if matches!(error, AccessError::MissingPvs { .. }) {
                self.check_claims(world, place, purpose)?;
            }
            world.error(error);
            return Err(Exit::FAILED);
        }
        if purpose != Purpose::Read && self.unsound[place] {
            world.error(format_args!(
                "Cannot change or activate VG {} with inconsistent metadata.",
                self.scan.vgs[place].vg.name
            ));
            return Err(Exit::FAILED);
        }
        self.check_newest(world, place, purpose)?;
        self.check_claims(world, place, purpose)?;
        self.check_duplicates(world, session, place, purpose)?;
        Ok(place)
    }

    /// Whether a command that goes through all VGs to change some of them fails at that one; tells why.
    pub(crate) fn is_in_the_way(&self, world: &mut World, session: &Session, place: usize) -> bool {
        let denied = session.check(&self.scan.vgs[place], Purpose::Change).err();
        if !matches!(
            denied,
            None | Some(
                AccessError::MissingPvs { .. }
                    | AccessError::ReadOnly { .. }
                    | AccessError::UnknownSegments { .. }
            )
        ) {
            return false;
        }
        if !matches!(denied, Some(AccessError::ReadOnly { .. }))
            && self.check_claims(world, place, Purpose::Change).is_err()
        {
            return true;
        }
        denied.is_some_and(|error| {
            world.error(error);
            true
        })
    }

    /// Refuses a VG of which only an older text is left: a change could use extents that the newest one gave to
    /// others.
    fn check_newest(&self, world: &mut World, place: usize, purpose: Purpose) -> Result<(), Exit> {
        let on_disk = &self.scan.vgs[place];
        let fell_back = |finding: &Finding| matches!(finding, Finding::FellBack { .. });
        if matches!(purpose, Purpose::Read | Purpose::Rewrite) || !on_disk.findings.iter().any(fell_back) {
            return Ok(());
        }
        let (name, seqno) = (&on_disk.vg.name, on_disk.vg.seqno);
        world.error(format_args!(
            "Cannot change or activate VG {name}: its newest metadata is damaged, and seqno {seqno} may be out of date."
        ));
        world.hint(format_args!(
            "vgck --updatemetadata {name} goes on from seqno {seqno}; vgcfgrestore {name} puts back what was kept"
        ));
        Err(Exit::FAILED)
    }

    /// Refuses a VG that lists PVs of others: what it says of itself is out of date (2.03.40: lib/metadata/metadata.c,
    /// vg_read).
    fn check_claims(&self, world: &mut World, place: usize, purpose: Purpose) -> Result<(), Exit> {
        let on_disk = &self.scan.vgs[place];
        let claims = |finding: &Finding| matches!(finding, Finding::ClaimedElsewhere { .. });
        if purpose == Purpose::Read || !on_disk.findings.iter().any(claims) {
            return Ok(());
        }
        world.error(format_args!("Cannot use VG {} referencing incorrect PVs.", on_disk.vg.name));
        world.hint("vgreduce --removemissing with --devices and the VG's own devices takes the others out");
        Err(Exit::FAILED)
    }

    /// Refuses a VG with a PV that two devices have: which of them holds the data is a guess.
    fn check_duplicates(
        &self,
        world: &mut World,
        session: &Session,
        place: usize,
        purpose: Purpose,
    ) -> Result<(), Exit> {
        let vg = &self.scan.vgs[place].vg;
        let doubled = self.scan.duplicates.iter().any(|duplicate| vg.pvs.contains(duplicate.id));
        let allowed = session.settings.bool("devices/allow_changes_with_duplicate_pvs");
        match purpose {
            _ if !doubled || allowed => return Ok(()),
            Purpose::Read => return Ok(()),
            // What runs may stop.
            Purpose::Activate if !session.starts => return Ok(()),
            Purpose::Activate => world.error(format_args!(
                "Cannot activate LVs in VG {} while PVs appear on duplicate devices.",
                vg.name
            )),
            Purpose::Change
            | Purpose::ChangeDespiteMissing
            | Purpose::ChangeExported
            | Purpose::ChangeExportedDespiteMissing
            | Purpose::Rewrite => {
                world.error(format_args!("Cannot update volume group {} with duplicate PV devices.", vg.name))
            }
        }
        Err(Exit::FAILED)
    }

    /// The places of the VGs of that name; where several are, the one that is meant, or those that are this host's
    /// to use.
    pub(super) fn own_of_name(&self, session: &Session, name: &str) -> Vec<usize> {
        let places = self.named(name);
        if places.len() < 2 {
            return places;
        }
        let meant = session.meant();
        if let Some(place) = places.iter().find(|place| Some(self.scan.vgs[**place].vg.id) == meant) {
            return vec![*place];
        }
        let own = |place: &usize| session.check_owner(&self.scan.vgs[*place].vg).is_ok();
        let owned: Vec<usize> = places.iter().copied().filter(own).collect();
        if owned.is_empty() { places } else { owned }
    }

    /// Tells that a name means several VGs, and how to name one of them.
    pub(super) fn tell_several(&self, world: &mut World, places: &[usize]) {
        let Some(first) = places.first().map(|place| &self.scan.vgs[*place].vg) else { return };
        world.error(format_args!("Multiple VGs found with the same name: skipping {}", first.name));
        let ids: Vec<String> = places.iter().map(|&place| self.scan.vgs[place].vg.id.to_string()).collect();
        world.error("Use VG uuid in place of the VG name.");
        world.hint(format_args!(
            "their ids are {}; `vgrename ID NEWNAME' gives one another name",
            ids.join(", ")
        ));
    }
}
