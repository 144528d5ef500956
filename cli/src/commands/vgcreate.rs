//! `vgcreate`: a new VG of PVs that are in none; devices that are no PVs become PVs first.

use crate::change::{self, Begin, Planned, Refusal};
use crate::exit::Exit;
use crate::lvs;
use crate::making;
use crate::options::{Copies, Opt};
use crate::parsed::Parsed;
use crate::session::profiles::metadata_profile;
use crate::session::{Session, Sight, system_id_from};
use crate::world::World;
use metadata::model::AllocPolicy;
use metadata::model::names::check_vg_name;
use std::path::Path;
use units::{ExtentSize, Sectors};
use vg::{Create, CreateError};

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    create(parsed, world).unwrap_or_else(|exit| exit)
}

fn create(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let words = parsed.words();
    let session = Session::open(parsed, world)?;
    let name = super::vg_word(world, &words[0]);
    let (options, request) = making::read(parsed, &session.settings)
        .and_then(|options| Ok((options, request(parsed, &session, &name)?)))
        .map_err(|refusal| refusal.tell(world))?;
    check_path(&world.dev_dir, &session, &name).map_err(|refusal| refusal.tell(world))?;
    tell_owner(parsed, world, &session, request.system_id.as_deref());
    let devices = super::pv_words(&parsed.positionals()[1..]);
    if parsed.flag(Opt::Ifneeded) && is_there(parsed, world, &session, &name, &devices)? {
        world.print(format_args!("Volume group \"{name}\" already exists, with these physical volumes."));
        return Ok(Exit::OK);
    }
    let done = change::run(parsed, world, &session, Begin::New(&name), &mut |before, ctx| {
        let sight = &before.sight;
        let joining = making::joining(parsed, &session, sight, &devices, &name, &options, ctx)?;
        let pvs = joining.iter().map(|joining| joining.new.clone()).collect();
        let request = Create { pvs, ..request.clone() };
        let mut proposal = vg::create(&request, ctx).map_err(|error| refusal(&error))?;
        making::check_blocks(&session, None, &joining, &name, request.extent_size)?;
        proposal.consents.extend(making::consents(&session, sight, &joining));
        Ok(Planned { joining, ..Planned::new(proposal) })
    })?;
    if change::is_told(parsed, done.as_ref()) {
        let owner = request.system_id.as_ref().map(|id| format!(" with system ID {id}")).unwrap_or_default();
        world.print(format_args!("Volume group \"{name}\" successfully created{owner}"));
    }
    Ok(change::exit_after(done.as_ref()))
}

/// Whether there is a VG of that name with these PVs and no others.
fn is_there(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    name: &str,
    devices: &[String],
) -> Result<bool, Exit> {
    let sight = Sight::read(parsed, world, session)?;
    let [place] = sight.named(name)[..] else { return Ok(false) };
    let on_disk = &sight.scan.vgs[place];
    let all_in = devices.iter().all(|word| making::is_in(session, on_disk, word));
    Ok(all_in && on_disk.vg.pvs.len() == devices.len())
}

/// Refuses a name for a VG that something in the device folder has: the links to its LVs would be made there.
pub(super) fn check_path(dev_dir: &Path, session: &Session, name: &str) -> Result<(), Refusal> {
    let path = dev_dir.join(name);
    // The LVs of images run only where that is asked for. What is no name is refused for that.
    if session.images_only || check_vg_name(name).is_err() || !path.exists() {
        return Ok(());
    }
    Err(Refusal::words(format!("{}: already exists in filesystem", path.display())).invalid())
}

fn refusal(error: &CreateError) -> Refusal {
    let refusal = Refusal::failed(error);
    if error.is_usage() { refusal.invalid() } else { refusal }
}

/// What is asked for; what no VG can be is refused before a disk is read.
fn request(parsed: &Parsed, session: &Session, name: &str) -> Result<Create, Refusal> {
    let number = |opt| parsed.number(opt).map_or(0, |number| u32::try_from(number).unwrap_or(u32::MAX));
    let request = Create {
        name: name.to_owned(),
        extent_size: extent_size(parsed, session)?,
        max_lv: number(Opt::Maxlogicalvolumes),
        max_pv: number(Opt::Maxphysicalvolumes),
        alloc: lvs::alloc(parsed).unwrap_or(AllocPolicy::Normal),
        tags: parsed.all(Opt::Addtag).into_iter().map(str::to_owned).collect(),
        system_id: match parsed.str(Opt::Systemid) {
            Some(text) => system_id_from(text),
            None => session.host.system_id.clone(),
        },
        metadata_copies: metadata_copies(parsed, session),
        no_autoactivate: parsed.bool(Opt::Setautoactivation) == Some(false),
        profile: metadata_profile(parsed).map(str::to_owned),
        pvs: Vec::new(),
    };
    request.check().map_err(|error| refusal(&error))?;
    Ok(request)
}

/// Warns of an owner that was asked for and may surprise.
fn tell_owner(parsed: &Parsed, world: &mut World, session: &Session, owner: Option<&str>) {
    if !parsed.flag(Opt::Systemid) {
        return;
    }
    match (owner, session.host.system_id.as_deref()) {
        (None, _) => {
            world.warn("WARNING: A VG without a system ID allows unsafe access from other hosts.");
        }
        (Some(owner), own) if own != Some(owner) => world.warn(format_args!(
            "WARNING: VG with system ID {owner} might become inaccessible as local system ID is {}",
            own.unwrap_or("not set")
        )),
        _ => (),
    }
}

fn extent_size(parsed: &Parsed, session: &Session) -> Result<ExtentSize, Refusal> {
    let default = || u64::try_from(session.settings.int("allocation/physical_extent_size")).unwrap_or(0);
    let asked = parsed.sectors(Opt::Physicalextentsize);
    let size = asked.unwrap_or_else(|| Sectors::new(default().saturating_mul(2)));
    ExtentSize::new(size).map_err(|error| Refusal::failed(&error).invalid())
}

/// How many metadata areas are to hold the VG's text; zero leaves that to the PVs, the highest number is all.
fn metadata_copies(parsed: &Parsed, session: &Session) -> u32 {
    match parsed.copies(Opt::Vgmetadatacopies) {
        Some(asked) => copies(asked),
        None => u32::try_from(session.settings.int("metadata/vgmetadatacopies")).unwrap_or(0),
    }
}

/// What a text says of that.
pub(super) fn copies(asked: Copies) -> u32 {
    match asked {
        Copies::All => u32::MAX,
        Copies::Unmanaged => 0,
        Copies::Count(count) => u32::try_from(count).unwrap_or(u32::MAX - 1),
    }
}
