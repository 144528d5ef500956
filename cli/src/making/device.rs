//! Devices that are named to become PVs: whether they may, and who has them now.

use super::options::force;
use crate::change::Refusal;
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use device::{Claim, Disk, DiskError, DiskId, Identity, MdDepth};
use metadata::plan::Consent;
use pv::signature::{self, Signature};
use std::path::Path;

/// The formats that are looked for without allocation/use_blkid_wiping (2.03.40: dev-type.c).
const FEW: [&str; 3] = ["linux_raid_member", "swap", "crypto_LUKS"];

/// A device as the command line names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// The word.
    pub(crate) word: String,
    /// Which disk that is.
    pub(crate) disk: DiskId,
}

/// Who has a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Occupant {
    /// Nobody: it is no PV.
    Nobody,
    /// It is a PV in no VG.
    Orphan,
    /// It is a PV of this VG, or was one and has an old text of it.
    Vg(String),
    /// It is a PV that says it is in a VG, and no VG is found that has it.
    Unknown,
}

/// A device that passed all checks, claimed until dropped.
#[derive(Debug)]
pub(crate) struct Ready {
    /// Which.
    pub(crate) named: Named,
    /// What other formats left on it, to be wiped.
    pub(crate) signatures: Vec<Signature>,
    _claim: Box<dyn Claim>,
}

/// The disks that words name, one answer for each word. The same word twice is refused altogether.
pub(crate) fn named(session: &Session, words: &[String]) -> Result<Vec<Result<Named, Refusal>>, Refusal> {
    let mut known: Vec<DiskId> = Vec::new();
    let mut answers = Vec::new();
    for (place, word) in words.iter().enumerate() {
        let answer = disk_named(session, word);
        let twice = answer.as_ref().is_ok_and(|disk| known.contains(disk));
        if twice || words[..place].contains(word) {
            return Err(Refusal::words(format!("Duplicate device name found on input: {word}.")));
        }
        known.extend(&answer);
        answers.push(answer.map(|disk| Named { word: word.clone(), disk }));
    }
    Ok(answers)
}

/// The disk a word names, if it may be used at all.
fn disk_named(session: &Session, word: &str) -> Result<DiskId, Refusal> {
    let path = Path::new(word);
    if let Some(entry) = session.found().disks.find(path) {
        return Ok(entry.id());
    }
    let known = session.found().rejection(path).is_some() || device::identity(path).is_some();
    Err(match known {
        true => cannot_use(word, session.why_not(path)),
        false => Refusal::words(format!("No device found for {word}.")),
    })
}

fn cannot_use(name: &str, why: impl std::fmt::Display) -> Refusal {
    Refusal::words(format!("Cannot use {name}: {why}"))
}

/// Who has the disk. One of several with the same PV id is nobody's to use.
pub(crate) fn occupant(session: &Session, sight: &Sight, disk: DiskId) -> Result<Occupant, Refusal> {
    if is_duplicate(sight, disk) {
        let name = session.disk_name(disk);
        return Err(Refusal::words(format!("Cannot use device {name} with duplicates.")));
    }
    Ok(holder(sight, disk))
}

/// Who has the disk, whether or not others have the same PV id.
pub(crate) fn holder(sight: &Sight, disk: DiskId) -> Occupant {
    match sight.pv_on(disk) {
        None => sight.outdated_on(disk).map_or(Occupant::Nobody, |vg| Occupant::Vg(vg.name.clone())),
        Some((Some(place), _)) => Occupant::Vg(sight.scan.vgs[place].vg.name.clone()),
        Some((None, pv)) if pv.is_marked_used() => Occupant::Unknown,
        Some((None, _)) => Occupant::Orphan,
    }
}

/// Whether another disk has the same PV id.
pub(crate) fn is_duplicate(sight: &Sight, disk: DiskId) -> bool {
    let mut duplicates = sight.scan.duplicates.iter();
    duplicates.any(|duplicate| duplicate.chosen == disk || duplicate.others.contains(&disk))
}

/// Whether another disk has the same PV id, and that one is used.
pub(crate) fn is_unused_duplicate(sight: &Sight, disk: DiskId) -> bool {
    sight.scan.duplicates.iter().any(|duplicate| duplicate.others.contains(&disk))
}

/// Refuses a disk that is read-only or used, that is a part of something else or is divided into parts, and
/// an image that looks like something else.
pub(crate) fn ready(parsed: &Parsed, session: &Session, named: Named) -> Result<Ready, Refusal> {
    let id = named.disk;
    let disk = session.found().disks.disk(id);
    let name = session.disk_name(id);
    let claim = claim(&**disk, &name)?;
    let failed = |error: DiskError| Refusal::failed(&error);
    let is_image = matches!(disk.identity(), Identity::File { .. });
    if is_image {
        check_image(&**disk, &name, force(parsed) >= 2).map_err(failed)??;
    } else if session.is_partitionable(id, &session.device_types())
        && partition::is_partitioned(&**disk).map_err(failed)?
    {
        return Err(cannot_use(&name, "device is partitioned"));
    }
    let components = session.settings.bool("devices/md_component_detection");
    if components && device::md_superblock(&**disk, MdDepth::Full).map_err(failed)?.is_some() {
        return Err(cannot_use(&name, "device is an md component"));
    }
    let wide = session.settings.bool("allocation/use_blkid_wiping");
    let mut signatures = signature::find(&**disk).map_err(failed)?;
    signatures.retain(|found| ![Signature::LVM1_MEMBER, Signature::LVM2_MEMBER].contains(&found.name));
    signatures.retain(|found| wide || FEW.contains(&found.name));
    Ok(Ready { named, signatures, _claim: claim })
}

/// Claims a disk for writing.
pub(crate) fn claim(disk: &dyn Disk, name: &str) -> Result<Box<dyn Claim>, Refusal> {
    if disk.read_only() {
        return Err(cannot_use(name, "device is read-only"));
    }
    disk.open_exclusive().map_err(|error| match error {
        DiskError::Busy { .. } => {
            let refusal = Refusal::failed(&error);
            let cause = refusal.lines.join(" ");
            let lines = vec![format!("Can't open {name} exclusively.  Mounted filesystem?"), cause];
            Refusal { lines, ..refusal }
        }
        error => Refusal::failed(&error),
    })
}

/// What an image holds is more often a mistake than what a disk holds: it is not just asked about.
fn check_image(disk: &dyn Disk, name: &str, forced: bool) -> Result<Result<(), Refusal>, DiskError> {
    if forced {
        return Ok(Ok(()));
    }
    let hint = "-ff uses it all the same, and overwrites what it holds";
    if let Some(kind) = device::looks_like(disk)? {
        return Ok(Err(cannot_use(name, format!("the file looks like {kind}")).hint(hint)));
    }
    if partition::is_partitioned(disk)? {
        return Ok(Err(cannot_use(name, "device is partitioned").hint(hint)));
    }
    Ok(Ok(()))
}

impl Ready {
    /// What is asked before other formats' signatures are wiped.
    pub(crate) fn consents(&self) -> Vec<Consent> {
        let wipe = |found: &Signature| Consent::Wipe {
            device: self.named.word.clone(),
            signature: found.name.to_owned(),
            offset: found.offset,
        };
        self.signatures.iter().map(wipe).collect()
    }
}
