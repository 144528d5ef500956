//! PVs in the making, for pvcreate, vgcreate and vgextend: which devices may become PVs, what is asked before,
//! and what is written.

mod blocks;
mod device;
mod options;
mod show;

pub(crate) use blocks::check_blocks;
pub(crate) use device::{Named, Occupant, Ready, claim, holder, is_unused_duplicate, named, occupant, ready};
pub(crate) use options::{PvOptions, read};
pub(crate) use show::{DevicePlan, in_bytes};

use crate::change::Refusal;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{Session, Sight};
use crate::world::World;
use metadata::plan::{Consent, Ctx};
use pv::{LayoutError, LayoutNote, Mda, PvLayout, Start, signature};
use std::path::Path;
use store::{PvOnDisk, VgOnDisk};
use units::{Bytes, Id, Sectors};
use vg::NewPv;

/// A PV that does not exist yet.
#[derive(Debug)]
pub(crate) struct Making {
    /// On which device.
    pub(crate) ready: Ready,
    /// Its id.
    pub(crate) id: Id,
    /// Where everything goes.
    pub(crate) layout: PvLayout,
    /// What becomes of the disk's first sectors.
    pub(crate) start: Start,
}

/// The device of a PV that joins a VG.
#[derive(Debug)]
pub(crate) enum Source {
    /// It is a PV already.
    Orphan(Ready),
    /// It becomes one first.
    New(Box<Making>),
}

/// A PV that joins a VG: it is there, or it is made first.
#[derive(Debug)]
pub(crate) struct Joining {
    /// The PV as it is, or will be.
    pub(crate) on_disk: PvOnDisk,
    /// The same for the planner.
    pub(crate) new: NewPv,
    /// Its device.
    pub(crate) source: Source,
}

impl Making {
    /// Plans a PV on a device that passed all checks.
    pub(crate) fn plan(
        parsed: &Parsed,
        session: &Session,
        ready: Ready,
        options: &PvOptions,
        ctx: &mut Ctx<'_>,
    ) -> Result<Self, Refusal> {
        let topology = options::topology(session, ready.named.disk);
        let layout = pv::layout(topology, &options.layout).map_err(|error| {
            let word = &ready.named.word;
            let refusal = match error {
                // LVM2's words, which tests look for.
                LayoutError::NoSpace { .. } => Refusal::words(format!("{error} on PV {word}.")),
                _ => Refusal::failed(&error),
            };
            refusal.line(format!("Failed to setup physical volume \"{word}\"."))
        })?;
        let start = if parsed.bool(Opt::Zero) == Some(false) { Start::Keep } else { Start::Zero };
        let id = options.id.unwrap_or_else(|| ctx.ids.next_id());
        Ok(Self { ready, id, layout, start })
    }

    /// The PV as it will stand on its disk.
    pub(crate) fn on_disk(&self) -> PvOnDisk {
        let mdas = self.layout.mda_headers().into_iter();
        PvOnDisk {
            disk: self.ready.named.disk,
            label: self.layout.label(self.id, false),
            mdas: mdas.map(|header| Mda { area: header.area, header: Some(Ok(header)) }).collect(),
            damage: Vec::new(),
        }
    }

    /// What had to be given up, in words.
    pub(crate) fn notes(&self, session: &Session) -> Vec<String> {
        let sizes = crate::change::Sizes::new(session);
        let note = |note: &LayoutNote| match note {
            LayoutNote::AlignmentIgnored { asked, pe_start } => format!(
                "WARNING: Ignoring data alignment {} incompatible with restored pe_start value {}.",
                sizes.show(*asked),
                sizes.show(*pe_start)
            ),
            LayoutNote::LargerThanDevice { .. } => {
                format!("WARNING: {}: Overriding real size. You could lose data.", self.ready.named.word)
            }
        };
        self.layout.notes.iter().map(note).collect()
    }

    /// Makes the PV, durably, and says so. With `--test` it is only said.
    pub(crate) fn write(&self, parsed: &Parsed, world: &mut World, session: &Session) -> Result<(), Refusal> {
        for note in self.notes(session) {
            world.warn(note);
        }
        if !parsed.flag(Opt::Test) {
            let disk = session.found().disks.disk(self.ready.named.disk);
            pv::create(&**disk, self.id, &self.layout, self.start).map_err(|error| {
                let word = &self.ready.named.word;
                Refusal::failed(&error).line(format!("Failed to write physical volume \"{word}\"."))
            })?;
        }
        world.print(format_args!("Physical volume \"{}\" successfully created.", self.ready.named.word));
        Ok(())
    }
}

impl Ready {
    /// Wipes what other formats left, and says so. With `--test` it is only said.
    pub(crate) fn wipe(&self, parsed: &Parsed, world: &mut World, session: &Session) -> Result<(), Refusal> {
        let disk = session.found().disks.disk(self.named.disk);
        for found in &self.signatures {
            world.print(format_args!("Wiping {} signature on {}.", found.name, self.named.word));
            if !parsed.flag(Opt::Test) {
                signature::wipe(&**disk, found).map_err(|error| Refusal::failed(&error))?;
            }
        }
        Ok(())
    }
}

impl Joining {
    fn ready(&self) -> &Ready {
        match &self.source {
            Source::Orphan(ready) => ready,
            Source::New(making) => &making.ready,
        }
    }
}

/// What is asked before these PVs join.
pub(crate) fn consents(session: &Session, sight: &Sight, joining: &[Joining]) -> Vec<Consent> {
    let one = |joining: &Joining| {
        let ready = joining.ready();
        let vg = match occupant(session, sight, ready.named.disk) {
            Ok(Occupant::Vg(vg)) => Some(Some(vg)),
            Ok(Occupant::Unknown) => Some(None),
            _ => None,
        };
        let initialise = vg.map(|vg| Consent::InitialisePv { device: ready.named.word.clone(), vg });
        initialise.into_iter().chain(ready.consents()).collect::<Vec<_>>()
    };
    joining.iter().flat_map(one).collect()
}

/// Makes PVs of those that are none yet; what other formats left on any of them is wiped first.
pub(crate) fn write(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    joining: &[Joining],
) -> Result<(), Refusal> {
    for joining in joining {
        joining.ready().wipe(parsed, world, session)?;
    }
    for joining in joining {
        if let Source::New(making) = &joining.source {
            making.write(parsed, world, session)?;
        }
    }
    Ok(())
}

/// The PVs that words name, to join the VG called `vg`: PVs in no VG, and devices that become PVs first. All of
/// them have to be there.
pub(crate) fn joining(
    parsed: &Parsed,
    session: &Session,
    sight: &Sight,
    words: &[String],
    vg: &str,
    options: &PvOptions,
    ctx: &mut Ctx<'_>,
) -> Result<Vec<Joining>, Refusal> {
    let (mut devices, mut refused): (Vec<Named>, Option<Refusal>) = (Vec::new(), None);
    for answer in named(session, words)? {
        match (answer, &mut refused) {
            (Ok(device), _) => devices.push(device),
            (Err(refusal), None) => refused = Some(refusal),
            (Err(refusal), Some(first)) => first.lines.extend(refusal.lines),
        }
    }
    if let Some(refusal) = refused {
        return Err(refusal.line("Command requires all devices to be found."));
    }
    let join = |named| join(parsed, session, sight, named, vg, options, ctx);
    let mut joining: Vec<Joining> = devices.into_iter().map(join).collect::<Result<_, _>>()?;
    // PVs that are there come before those that are made (2.03.40: tools/toollib.c, pvcreate_each_device).
    joining.sort_by_key(|joining| matches!(joining.source, Source::New(_)));
    Ok(joining)
}

fn join(
    parsed: &Parsed,
    session: &Session,
    sight: &Sight,
    named: Named,
    vg: &str,
    options: &PvOptions,
    ctx: &mut Ctx<'_>,
) -> Result<Joining, Refusal> {
    let name = session.disk_name(named.disk);
    let occupant = occupant(session, sight, named.disk)?;
    if options::force(parsed) < 2 {
        refuse_occupied(&occupant, &name, vg)?;
    }
    let orphan = sight.scan.orphan_on(named.disk).filter(|_| occupant == Occupant::Orphan);
    let ready = ready(parsed, session, named)?;
    if let Some(pv) = orphan {
        let new = new_pv(pv, &name)?;
        return Ok(Joining { on_disk: pv.clone(), new, source: Source::Orphan(ready) });
    }
    let making = Making::plan(parsed, session, ready, options, ctx)?;
    let on_disk = making.on_disk();
    let new = new_pv(&on_disk, &name)?;
    Ok(Joining { on_disk, new, source: Source::New(Box::new(making)) })
}

/// Warns of PVs that claim more than their devices have, unless metadata/check_pv_device_sizes is off.
pub(crate) fn warn_sizes(world: &mut World, session: &Session, joining: &[Joining]) {
    if !session.settings.bool("metadata/check_pv_device_sizes") {
        return;
    }
    for joining in joining {
        let disk = joining.on_disk.disk;
        let (size, pv_size) = (session.found().disks.disk(disk).len().sectors(), joining.new.dev_size);
        if size < pv_size {
            world.warn(format_args!(
                "WARNING: Device {} has size of {size} sectors which is smaller than corresponding PV size of \
                 {pv_size} sectors. Was device resized?",
                session.disk_name(disk)
            ));
        }
    }
}

fn refuse_occupied(occupant: &Occupant, name: &str, vg: &str) -> Result<(), Refusal> {
    Err(match occupant {
        Occupant::Nobody | Occupant::Orphan => return Ok(()),
        Occupant::Vg(other) => {
            Refusal::words(format!("Physical volume '{name}' is already in volume group '{other}'"))
                .line(format!("Unable to add physical volume '{name}' to volume group '{vg}'"))
        }
        Occupant::Unknown => {
            Refusal::words(format!("PV {name} is used by a VG but its metadata is missing."))
                .line(format!("Can't initialize PV '{name}' without -ff."))
        }
    })
}

/// What its header says of a PV in no VG.
fn new_pv(pv: &PvOnDisk, name: &str) -> Result<NewPv, Refusal> {
    let header = &pv.label.header;
    let Some(data) = header.data_areas.first() else {
        return Err(Refusal::words(format!("PV {name} has no data area.")));
    };
    let boot = header.extension.as_ref().and_then(|extension| extension.bootloader_areas.first());
    Ok(NewPv {
        id: header.id,
        device: name.to_owned(),
        device_id: None,
        dev_size: header.device_size.sectors(),
        pe_start: data.offset.sectors(),
        reserved_end: reserved_end(pv, data.offset),
        bootloader: boot.map(|area| metadata::model::BootloaderArea {
            start: area.offset.sectors(),
            size: area.size.sectors(),
        }),
    })
}

/// What metadata areas take behind the data.
fn reserved_end(pv: &PvOnDisk, data: Bytes) -> Sectors {
    let behind = pv.label.header.metadata_areas.iter().filter(|area| area.offset > data);
    behind.map(|area| area.size.sectors()).sum()
}

/// Whether the device that a word names is a PV of the VG.
pub(crate) fn is_in(session: &Session, on_disk: &VgOnDisk, word: &str) -> bool {
    let disk = session.found().disks.find(Path::new(word)).map(::device::Entry::id);
    disk.is_some_and(|disk| on_disk.pvs.values().any(|pv| pv.disk == disk))
}
