//! Reading the disks in scope, and telling users what is wrong with them.

use super::Session;
use super::names::{default_vg, split_lv};
use super::sound;
use crate::commands::Name;
use crate::exit::Exit;
use crate::parsed::Parsed;
use crate::world::World;
use activate::observe::Detail;
use device::{DeviceTypes, DiskId, DiskSet, Host, HostDevice, Processes, User};
use metadata::disk::{Damage, What};
use metadata::live::Live;
use metadata::model::{Pv, Vg};
use pv::MdaFault;
use pv::known::{IdKind, id_of};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use store::{Finding, Merits, ReadOptions, Scan, VgOnDisk};
use units::Id;

/// A text with a creation time that cannot be one; LVM2 has the same words.
pub(crate) const INVALID_TIME: &str =
    "Invalid creation_time found in metadata (repaired with next metadata update).";

/// Reads everything in scope.
pub(super) fn scan(world: &World, session: &Session) -> Result<Scan, Exit> {
    let host = world.devices.clone();
    let types = session.device_types();
    let partitionable = |disk| session.is_partitionable(disk, &types);
    let merits = |disk, pv: Option<&Pv>| session.merits(&host, disk, pv, &types);
    let options = ReadOptions {
        partitionable: &partitionable,
        merits: &merits,
        md_components: session.settings.bool("devices/md_component_detection"),
    };
    Ok(store::scan(&session.found().disks, options))
}

/// Reads some of the disks in scope alone: what they say of themselves. The scan's disks are numbered in the
/// order of `disks`.
pub(crate) fn scan_some(session: &Session, disks: &[DiskId]) -> Scan {
    let mut some = DiskSet::new();
    for disk in disks {
        let entry = session.found().disks.get(*disk);
        some.add_named(Arc::clone(entry.disk()), entry.names().to_vec());
    }
    let types = session.device_types();
    let partitionable = |disk: DiskId| session.is_partitionable(disks[disk.index()], &types);
    let options = ReadOptions {
        partitionable: &partitionable,
        md_components: session.settings.bool("devices/md_component_detection"),
        ..ReadOptions::default()
    };
    store::scan(&some, options)
}

impl Session {
    /// The kinds of block devices of this machine, with those that the settings add.
    pub(crate) fn device_types(&self) -> DeviceTypes {
        let more = sound::device_types(&self.settings).unwrap_or_default();
        DeviceTypes::read(&Host::default().proc, &more)
    }

    /// Whether the kernel makes partitions of that disk; images have none.
    pub(crate) fn is_partitionable(&self, disk: DiskId, types: &DeviceTypes) -> bool {
        self.found().host(disk).is_some_and(|device| pv::is_partitionable(device, types))
    }

    /// Gives back the LVs that were looked at as disks: one that this command removes is not to be in use by it.
    pub(super) fn rest_lvs(&self) {
        for entry in self.found().disks.iter() {
            let uuid = self.found().host(entry.id()).and_then(HostDevice::dm_uuid);
            if uuid.is_some_and(|uuid| uuid.starts_with("LVM-")) {
                entry.disk().rest();
            }
        }
    }

    /// What speaks for that disk where others have the same PV id.
    fn merits(&self, host: &Host, disk: DiskId, pv: Option<&Pv>, types: &DeviceTypes) -> Merits {
        let entry = self.found().disks.get(disk);
        let same_name = pv.is_some_and(|pv| self.disk_name(disk) == pv.device);
        let Some(device) = self.found().host(disk) else { return Merits { same_name, ..Merits::default() } };
        let same_id = pv.and_then(|pv| pv.device_id.as_ref()).is_some_and(|id| {
            let kind = IdKind::named(&id.kind);
            kind.and_then(|kind| id_of(kind, device, entry.names())).is_some_and(|own| own == id.name)
        });
        let mapped = device.dm_uuid().is_some();
        let mounted = mapped && {
            let users = device::users(host, entry.disk().identity(), Processes::Ignored);
            users.iter().any(|user| matches!(user, User::Mount { .. }))
        };
        let made =
            matches!(types.name(device.number().major), Some("md" | "mdp" | "drbd" | "emcpower" | "vxdmp"));
        let in_use = self.has_running_lvs(disk);
        Merits { same_id, in_use, same_name, mounted, mapped, made, ..Merits::default() }
    }

    /// Whether device-mapper devices of LVs are on that disk.
    pub(crate) fn has_running_lvs(&self, disk: DiskId) -> bool {
        self.found().host(disk).is_some_and(|device| device.dm_holder("LVM-").is_some())
    }
}

/// The names and ids of the VGs on all disks but these.
pub(crate) fn vgs_beside(session: &Session, disks: &[DiskId]) -> HashMap<String, Vec<Id>> {
    let others = session.found().narrowed(|disk| !disks.contains(&disk));
    let scan = store::scan(&others.disks, ReadOptions::default());
    let mut vgs: HashMap<String, Vec<Id>> = HashMap::new();
    scan.vgs.into_iter().for_each(|vg| vgs.entry(vg.vg.name).or_default().push(vg.vg.id));
    vgs
}

/// Tells what users should know of the disks and VGs found.
pub(super) fn tell(parsed: &Parsed, world: &mut World, session: &Session, scan: &Scan) {
    for (disk, error) in &scan.unreadable {
        session.warn_once(world, format_args!("WARNING: {}: {error}", session.disk_name(*disk)));
    }
    for (disk, damage) in &scan.damaged {
        let name = session.disk_name(*disk);
        for damage in damage {
            session.warn_once(world, format_args!("WARNING: {name}: no usable label: {damage}"));
        }
    }
    for duplicate in &scan.duplicates {
        let chosen = session.disk_name(duplicate.chosen);
        for other in &duplicate.others {
            let other = session.disk_name(*other);
            let id = duplicate.id;
            session.warn_once(world, format_args!("WARNING: Not using device {other} for PV {id}."));
            let reason = duplicate.reason;
            session
                .warn_once(world, format_args!("WARNING: PV {id} prefers device {chosen} because {reason}."));
        }
    }
    let asked = vgs_asked_for(parsed, world);
    let is_asked_for = |vg: &&VgOnDisk| {
        let known = |name: &String| *name == vg.vg.name || name.parse() == Ok(vg.vg.id);
        asked.as_ref().is_none_or(|names| names.iter().any(known))
    };
    for vg in scan.vgs.iter().filter(is_asked_for) {
        world.telling_of_vg((&vg.vg.name, vg.vg.id), |world| tell_findings(world, session, vg));
    }
    super::astray::tell(parsed, world, session, scan);
    tell_ids(world, session, scan);
    tell_names(world, session, scan);
}

fn tell_findings(world: &mut World, session: &Session, vg: &VgOnDisk) {
    // First what is missing, then what that means for the VG.
    for finding in &vg.findings {
        if let Finding::MissingPv { pv, .. } = finding {
            session.warn_once(world, format_args!("WARNING: Couldn't find device with uuid {pv}."));
        }
    }
    for finding in &vg.findings {
        tell_finding(world, session, &vg.vg, finding);
    }
    let is_old =
        |finding: &Finding| matches!(finding, Finding::OutdatedArea { .. } | Finding::OutdatedPv { .. });
    if vg.findings.iter().any(is_old) {
        let name = &vg.vg.name;
        session.warn_once(world, format_args!("WARNING: Inconsistent metadata found for VG {name}."));
    }
}

/// The VGs that the arguments name, where these name nothing else: the state of others is no concern of whoever asks
/// for these, and LVM2 does not read them.
pub(super) fn vgs_asked_for(parsed: &Parsed, world: &World) -> Option<Vec<String>> {
    let name = parsed.name();
    let about_vgs = name.text().starts_with("lv") || name.text().starts_with("vg");
    let about_devices = matches!(name, Name::Vgimportclone | Name::Lvmdevices | Name::Lvmdiskscan);
    let words = parsed.words();
    if !about_vgs
        || about_devices
        || words.is_empty()
        || words.iter().any(|word| word.starts_with('@'))
        || default_vg(world).is_some()
    {
        return None;
    }
    let vg = |word: &String| split_lv(word, &world.dev_dir).map(|name| name.vg);
    Some(words.iter().filter_map(vg).collect())
}

/// Tells of VGs that have one id.
fn tell_ids(world: &mut World, session: &Session, scan: &Scan) {
    let mut names: HashMap<Id, &str> = HashMap::new();
    for vg in scan.vgs.iter().map(|on_disk| &on_disk.vg) {
        if let Some(other) = names.insert(vg.id, &vg.name) {
            let (id, name) = (vg.id, &vg.name);
            session.warn_once(
                world,
                format_args!(
                    "WARNING: Fix duplicate VGID {id} for VGs {name} and {other} (see vgchange -u)."
                ),
            );
        }
    }
}

/// Tells of VGs that have one name.
fn tell_names(world: &mut World, session: &Session, scan: &Scan) {
    let mut ids: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    // LVM2 goes through VGs the last one found first.
    for vg in scan.vgs.iter().rev() {
        ids.entry(vg.vg.name.as_str()).or_default().push(vg.vg.id.to_string());
    }
    for (name, ids) in ids.into_iter().filter(|(_, ids)| ids.len() > 1) {
        session
            .warn_once(world, format_args!("WARNING: VG name {name} is used by VGs {}.", ids.join(" and ")));
        session.warn_once(
            world,
            format_args!("WARNING: Fix duplicate VG names with vgrename uuid, or vgrename --devices."),
        );
    }
}

fn tell_finding(world: &mut World, session: &Session, vg: &Vg, finding: &Finding) {
    let name = |disk| session.disk_name(disk);
    match finding {
        // What is whole is told as an error, once all warnings are out.
        Finding::FellBack { fault, .. } | Finding::DamagedArea { fault, .. } if is_whole(fault) => (),
        Finding::DamagedArea { disk, area, fault } => session.warn_once(
            world,
            format_args!("WARNING: {}; VG {} has another copy. vgck --updatemetadata mends it.", damage(&name(*disk), area.offset, fault), vg.name),
        ),
        Finding::FellBack { disk, seqno, fault } => session.warn_once(
            world,
            format_args!(
                "WARNING: VG {}: the newest metadata on {} is damaged ({fault}); using seqno {seqno}, the one before.",
                vg.name,
                name(*disk)
            ),
        ),
        Finding::OutdatedArea { disk, seqno } => session.warn_once(
            world,
            format_args!(
                "WARNING: ignoring metadata seqno {seqno} on {} for seqno {} of VG {}; the next change mends it.",
                name(*disk),
                vg.seqno,
                vg.name
            ),
        ),
        Finding::Reappeared { pv, disk, used } => {
            let (vg, disk) = (&vg.name, name(*disk));
            let how = if *used { "was missing" } else { "has unused reappeared" };
            session.warn_once(world, format_args!("WARNING: VG {vg} {how} PV {disk} {pv}."));
        }
        Finding::OutdatedPv { disk, seqno } => session.warn_once(world, format_args!(
            "WARNING: outdated PV {} seqno {seqno} has been removed in current VG {} seqno {}. \
             vgck --updatemetadata clears it.",
            name(*disk),
            vg.name,
            vg.seqno
        )),
        Finding::Conflict { disk, seqno } => session.warn_once(world, format_args!(
            "WARNING: VG {}: {} holds different metadata of the same seqno {seqno}; the one written last is used. \
             vgck --updatemetadata mends it.",
            vg.name,
            name(*disk)
        )),
        Finding::MissingPv { pv, device } => {
            session.warn_once(world, format_args!("WARNING: VG {} is missing PV {pv} (last written to {device}).", vg.name));
        }
        Finding::ClaimedElsewhere { pv, disk, name: other, id } => {
            let device = name(*disk);
            match *other == vg.name {
                true => session.warn_once(world, format_args!(
                    "WARNING: PV {device} {pv} belongs to VGID {id}, ignoring claim from VGID {} ({other}).",
                    vg.id
                )),
                false => session.warn_once(world, format_args!(
                    "WARNING: PV {device} {pv} belongs to VG {other}, ignoring claim from VG {}.",
                    vg.name
                )),
            }
        }
        Finding::Shrunk { .. } if !session.settings.bool("metadata/check_pv_device_sizes") => (),
        Finding::Shrunk { disk, size, pv_size } => {
            session.warn_once(world, format_args!(
                "WARNING: Device {} has size of {size} sectors which is smaller than corresponding PV size of \
                 {pv_size} sectors. Was device resized?",
                name(*disk)
            ));
        }
        Finding::RepairedTime => session.warn_once(world, format_args!("WARNING: {INVALID_TIME}")),
        Finding::NotMarkedUsed { disk, old_header } => {
            let how = if *old_header { "an old PV header" } else { "no mark in its PV header" };
            world.verbose(format_args!("PV {} in VG {} has {how}; the next change mends it.", name(*disk), vg.name));
        }
    }
}

/// What is wrong with a metadata area, in words that LVM2 has for it too.
pub(super) fn damage(disk: &str, offset: units::Bytes, fault: &MdaFault) -> String {
    let in_text = match fault {
        MdaFault::Damage(damage) => {
            matches!(damage.what, What::TextChecksum { .. } | What::TextOffset | What::TextSize)
        }
        MdaFault::Text(_) => true,
        MdaFault::Unreadable(_) => {
            return format!("{disk}: the metadata area at byte {offset} cannot be read ({fault})");
        }
    };
    let magic = matches!(fault, MdaFault::Damage(Damage { what: What::MdaMagic, .. }));
    match in_text {
        false if magic => {
            format!(
                "bad metadata header on {disk} at byte {offset}: by its magic or checksum it is none ({fault})"
            )
        }
        true => format!("{disk}: Checksum error in the metadata area at byte {offset} ({fault})"),
        false => format!("bad metadata header on {disk} at byte {offset} ({fault})"),
    }
}

/// Whether something is wrong in the VG's text itself: LVs that overlap, segments in a circle, or a text that is
/// whole but not understood, so that an older one had to be used. Tells so; such VGs are shown but not changed.
pub(super) fn is_unsound(world: &mut World, session: &Session, on_disk: &VgOnDisk) -> bool {
    if let Some((disk, fault)) = not_understood(on_disk) {
        let disk = session.disk_name(disk);
        let vg = &on_disk.vg.name;
        world.out.said_error = true;
        session.warn_once(
            world,
            format_args!(
                "The metadata of VG {vg} on {disk} is whole, but makes no sense ({fault}); seqno {} is shown.",
                on_disk.vg.seqno
            ),
        );
        return true;
    }
    let violations = metadata::validate::validate(&on_disk.vg);
    let Some(first) = violations.first() else { return false };
    world.out.said_error = true;
    session.warn_once(world, format_args!("VG {} is inconsistent: {first}.", on_disk.vg.name));
    true
}

/// A copy of the VG's text that is as somebody wrote it, and still cannot be read.
fn not_understood(on_disk: &VgOnDisk) -> Option<(device::DiskId, &MdaFault)> {
    on_disk.findings.iter().find_map(|finding| match finding {
        Finding::FellBack { disk, fault, .. } | Finding::DamagedArea { disk, fault, .. } => {
            is_whole(fault).then_some((*disk, fault))
        }
        _ => None,
    })
}

/// Whether the bytes are as somebody wrote them: then a newer program did, and knows better.
pub(super) fn is_whole(fault: &MdaFault) -> bool {
    match fault {
        MdaFault::Text(_) => true,
        MdaFault::Damage(damage) => damage.what == What::MdaVersion,
        MdaFault::Unreadable(_) => false,
    }
}

/// What runs of each VG, in the scan's order; nothing is asked where no detail is given.
pub(super) fn lives(world: &mut World, session: &Session, scan: &Scan, detail: Option<Detail>) -> Vec<Live> {
    let vgs: Vec<&Vg> = scan.vgs.iter().map(|vg| &vg.vg).collect();
    match detail {
        Some(detail) => super::running::observe(world, session, &vgs, detail),
        None => vgs.iter().map(|_| Live::unknown()).collect(),
    }
}
