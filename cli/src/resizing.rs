//! LVs of another size: what lvextend, lvreduce and lvresize have in common.

use crate::change::{self, Begin, Planned, Refusal};
use crate::exit::Exit;
use crate::holders::Holders;
use crate::lv_name;
use crate::lvs;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::shrinking::{self, Shrinking};
use crate::world::World;
use lv::{Amount, Direction, Resize};
use metadata::model::Lv;
use metadata::plan::{Notice, Proposal};
use store::VgOnDisk;
use units::{ExtentArg, ExtentRequest, ExtentSize, Sign, SizeArg};
use vg::Purpose;

/// Resizes the LV that the first argument names.
pub(crate) fn resize(parsed: &Parsed, world: &mut World, direction: Direction) -> Result<Exit, Exit> {
    let file_system = shrinking::file_system(parsed, world)?;
    let amount = amount(parsed).map_err(|refusal| refusal.tell(world))?;
    check_mirrors(parsed).map_err(|refusal| refusal.tell(world))?;
    let mut words = parsed.words();
    let session = Session::open(parsed, world)?;
    let (vg, name) = lv_name::of_word(world, &words.remove(0))?;
    let holders = Holders::new(world, &session);
    let host = world.devices.clone();
    let mut changed = None;
    let done =
        change::run(parsed, world, &session, Begin::Existing(&vg, Purpose::Change), &mut |before, ctx| {
            let Some(on_disk) = before.vg() else { return Err(Refusal::words("No volume group.")) };
            let Some(lv) = on_disk.vg.lv_named(&name) else {
                return Err(Refusal::words(format!("Failed to find logical volume \"{vg}/{name}\"")));
            };
            let mut live = before.live();
            let request = request(parsed, &session, on_disk, lv, amount, &words)?;
            let mut proposal = lv::resize(&on_disk.vg, &live, &request, direction, ctx)
                .map_err(|refused| lvs::refusal(&refused))?;
            // It is told once it is true.
            changed = take_change(&mut proposal);
            if shrinks(lv, &proposal) {
                let shrinking = Shrinking { session: &session, host: &host, holders: &holders, file_system };
                shrinking
                    .check(on_disk, lv, &mut live, &mut proposal)
                    .map_err(|refusal| refusal.after(proposal.notices.clone()))?;
            }
            Ok(Planned::new(proposal))
        })?;
    if !parsed.flag(Opt::Plan) {
        if let Some((extent_size, notice)) = changed {
            change::tell(world, &session, parsed, extent_size, &[notice]);
        }
        world.print(format_args!("Logical volume {vg}/{name} successfully resized."));
    }
    Ok(done.map_or(Exit::OK, |done| done.exit))
}

fn take_change(proposal: &mut Proposal) -> Option<(ExtentSize, Notice)> {
    let place = proposal.notices.iter().position(|notice| matches!(notice, Notice::SizeChanged { .. }))?;
    Some((proposal.next.extent_size, proposal.notices.remove(place)))
}

fn shrinks(lv: &Lv, proposal: &Proposal) -> bool {
    proposal.next.lvs.get(lv.id).is_some_and(|next| next.extents() < lv.extents())
}

/// `-L` or `-l`, not both; neither, where all that is free on some PVs is wanted. A zero has no sign.
fn amount(parsed: &Parsed) -> Result<Option<Amount>, Refusal> {
    let size = parsed.size(Opt::Size).map(|size| match size.size.is_zero() {
        true => SizeArg { sign: Sign::Absolute, ..size },
        false => size,
    });
    let extents = parsed.extents(Opt::Extents).map(|request| match request.amount {
        ExtentArg::Count(0) | ExtentArg::Percent(0, _) => {
            ExtentRequest { sign: Sign::Absolute, amount: ExtentArg::Count(0) }
        }
        ExtentArg::Count(_) | ExtentArg::Percent(..) => request,
    });
    match (size, extents) {
        (Some(_), Some(_)) => {
            Err(Refusal::words("Please specify either size or extents but not both.").invalid())
        }
        (Some(size), None) => Ok(Some(Amount::Size(size))),
        (None, extents) => Ok(extents.map(Amount::Extents)),
    }
}

/// `-m0` is what every LV of this version has.
fn check_mirrors(parsed: &Parsed) -> Result<(), Refusal> {
    match parsed.signed(Opt::Mirrors) {
        None | Some((Sign::Absolute, 0)) => Ok(()),
        Some((Sign::Absolute, _)) => {
            let command = parsed.name().text();
            Err(Refusal::words(format!("{command} --mirrors is not supported yet by rlvm.")))
        }
        Some((Sign::Plus | Sign::Minus, _)) => {
            Err(Refusal::words("Mirrors argument may not be signed.").invalid())
        }
    }
}

fn request(
    parsed: &Parsed,
    session: &Session,
    on_disk: &VgOnDisk,
    lv: &Lv,
    amount: Option<Amount>,
    pvs: &[String],
) -> Result<Resize, Refusal> {
    Ok(Resize {
        lv: lv.id,
        amount,
        segtype: lvs::segtype(parsed)?,
        stripes: lvs::stripes(parsed),
        stripe_size: parsed.sectors(Opt::Stripesize),
        stripe_settings: lvs::stripe_settings(&session.settings),
        alloc: lvs::alloc(parsed),
        alloc_settings: lvs::alloc_settings(&session.settings)?,
        pvs: lvs::pv_args(session, &on_disk.vg, on_disk, pvs)?,
    })
}
