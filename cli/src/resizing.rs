//! LVs of another size: what lvextend, lvreduce and lvresize have in common.

use crate::change::{self, Before, Begin, Done, Planned, Refusal, Sizes, consent};
use crate::exit::Exit;
use crate::file_system::{self, FileSystem, Found, Steps};
use crate::holders::Holders;
use crate::lv_name;
use crate::lvs;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::{LvName, Session, Sight, no_vg};
use crate::shrinking::{Shrinking, Target};
use crate::world::World;
use lv::{Amount, Direction, Resize, ResizeError, StripeError};
use metadata::live::Live;
use metadata::model::{Lv, SegmentType};
use metadata::plan::{Ctx, Notice, Proposal, Refused};
use store::VgOnDisk;
use units::{Bytes, ExtentArg, ExtentRequest, ExtentSize, Sign, SizeArg};
use vg::Purpose;

/// Resizes the LV that the first argument names. A file system that is to shrink does so before its LV, with the
/// VG unlocked, for that may take long; one that is to grow does so after it. Each step leaves a file system that
/// fits into its LV.
pub(crate) fn resize(parsed: &Parsed, world: &mut World, direction: Direction) -> Result<Exit, Exit> {
    let request = file_system::request(parsed, world)?;
    let amount = amount(parsed).map_err(|refusal| refusal.tell(world))?;
    check_mirrors(parsed).and_then(|()| check_type(parsed)).map_err(|refusal| refusal.tell(world))?;
    let mut words = parsed.words();
    let session = Session::open(parsed, world)?;
    let word = words.remove(0);
    check_named(parsed, world, &session, &word)?;
    let (vg, name) = lv_name::of_word(world, &word)?;
    world.about_lv(&vg, &name);
    let mut resizing = Resizing {
        parsed,
        session: &session,
        request,
        direction,
        amount,
        pvs: words,
        vg,
        name,
        changed: None,
        file_system: None,
        same_size: false,
    };
    let first = resizing.run(world);
    match (first, resizing.file_system.take()) {
        (Ok(done), None) => Ok(resizing.tell(world, done.as_ref(), None)),
        (Ok(done), Some(work)) => Ok(resizing.tell(world, done.as_ref(), Some(&work))),
        // The LV has its size, or its file system comes first.
        (Err(exit), Some(work)) if exit.is_ok() && !work.1.grows && !resizing.same_size => {
            resizing.shrink_first(world, &work)
        }
        (Err(exit), Some(work)) if exit.is_ok() => resizing.work_alone(world, &work),
        (Err(exit), _) => Err(exit),
    }
}

/// A name alone is a VG's, and where there is none of that name that is what is wrong.
fn check_named(parsed: &Parsed, world: &mut World, session: &Session, word: &str) -> Result<(), Exit> {
    if word.starts_with('@') {
        return Ok(());
    }
    let LvName { vg, lv: None } = lv_name::split(world, word)? else { return Ok(()) };
    if !Sight::read(parsed, world, session)?.named(&vg).is_empty() {
        return Ok(());
    }
    Err(no_vg(&vg).tell(world))
}

/// Refuses stripes of a type that has none, before a VG is looked for.
fn check_type(parsed: &Parsed) -> Result<(), Refusal> {
    let stripes = lvs::stripes(parsed).unwrap_or(1);
    match parsed.str(Opt::Type) == Some(SegmentType::Linear.name()) && stripes > 1 {
        true => Err(Refusal::failed(&StripeError::Linear(stripes)).invalid()),
        false => Ok(()),
    }
}

/// A resize under way.
struct Resizing<'a> {
    parsed: &'a Parsed,
    session: &'a Session,
    request: file_system::Request,
    direction: Direction,
    amount: Option<Amount>,
    pvs: Vec<String>,
    vg: String,
    name: String,
    /// It is told once it is true.
    changed: Option<(ExtentSize, Notice)>,
    /// What is to be done to a file system.
    file_system: Option<(Found, Steps)>,
    /// Whether the LV has its size already.
    same_size: bool,
}

impl Resizing<'_> {
    fn run(&mut self, world: &mut World) -> Result<Option<Done>, Exit> {
        let holders = Holders::new(world, self.session);
        let (host, dev_dir) = (world.devices.clone(), world.dev_dir.clone());
        let (parsed, session, vg) = (self.parsed, self.session, self.vg.clone());
        let begin = Begin::Existing(&vg, Purpose::Change);
        change::run(parsed, world, session, begin, &mut |before, ctx| {
            let request = self.request;
            let look =
                Shrinking { session, host: &host, dev_dir: &dev_dir, holders: &holders, request: &request };
            self.plan(&look, before, ctx)
        })
    }

    fn plan(&mut self, look: &Shrinking<'_>, before: &Before, ctx: &mut Ctx<'_>) -> Result<Planned, Refusal> {
        (self.file_system, self.same_size) = (None, false);
        let Some(on_disk) = before.vg() else { return Err(Refusal::words("No volume group.")) };
        let Some(lv) = on_disk.vg.lv_named(&self.name) else {
            let (vg, name) = (&self.vg, &self.name);
            return Err(Refusal::words(format!("Failed to find logical volume \"{vg}/{name}\"")));
        };
        let (mut live, target) = (before.live(), Target { on_disk, lv });
        let request = request(self.parsed, self.session, on_disk, lv, self.amount, &self.pvs)?;
        let resizes = self.request.what == FileSystem::Resized;
        let mut proposal = match lv::resize(&on_disk.vg, &live, &request, self.direction, ctx) {
            Err(Refused { error: ResizeError::NoChange, notices }) if resizes => {
                return Err(self.plan_same_size(look, target, &mut live, notices));
            }
            resized => resized.map_err(|refused| lvs::refusal(&refused))?,
        };
        self.changed = take_change(&mut proposal);
        if shrinks(lv, &proposal) {
            let after = |refusal: Refusal, proposal: &Proposal| refusal.after(proposal.notices.clone());
            self.file_system =
                look.check(target, &mut live, &mut proposal).map_err(|refusal| after(refusal, &proposal))?;
            // The file system comes first, and nobody shall wait for the VG as long.
            if self.file_system.is_some() && !self.parsed.any(&[Opt::Plan, Opt::Test]) {
                return Err(after(Refusal::nothing_to_do(), &proposal));
            }
        } else if resizes {
            let size = target.size_in(&proposal);
            let grown = look.grow(target, &live, size, &mut proposal.notices);
            let (found, steps) = grown.map_err(|refusal| refusal.after(proposal.notices.clone()))?;
            proposal.consents.extend(steps.consent.clone());
            self.file_system = Some((found, steps));
        }
        Ok(Planned::new(proposal))
    }

    /// The LV has its size; its file system may not have it yet.
    fn plan_same_size(
        &mut self,
        look: &Shrinking<'_>,
        target: Target<'_>,
        live: &mut Live,
        notices: Vec<Notice>,
    ) -> Refusal {
        self.same_size = true;
        let mut proposal = Proposal { notices, ..Proposal::plain(target.on_disk.vg.clone()) };
        let planned = match self.direction {
            Direction::Reduce => look.check(target, live, &mut proposal),
            Direction::Extend | Direction::Either => {
                let size = target.size_in(&proposal);
                look.grow(target, live, size, &mut proposal.notices).map(Some)
            }
        };
        let refusal = match planned {
            Ok(planned) => {
                self.file_system = planned.filter(|_| !self.parsed.flag(Opt::Plan));
                Refusal::nothing_to_do()
            }
            Err(refusal) => refusal,
        };
        refusal.after(proposal.notices)
    }

    /// Resizes the file system, with the VG unlocked.
    fn work_on(&self, world: &mut World, found: &Found, steps: &Steps) -> Exit {
        let what = if steps.grows { "extend" } else { "reduce" };
        if self.parsed.flag(Opt::Test) {
            let parts = [(steps.unmount, "unmount"), (steps.check, "fsck"), (steps.mount, "mount")];
            for (_, part) in parts.iter().filter(|(is, _)| *is) {
                world.print(format_args!("Skip {part} in test mode."));
            }
            world.print(format_args!("Skip fs {what} in test mode."));
            return Exit::OK;
        }
        if file_system::carry_out(world, Sizes::new(self.session), found, steps) {
            return Exit::OK;
        }
        if steps.grows {
            world.error("File system extend error.");
        }
        Exit::FAILED
    }

    /// Resizes the file system of an LV that has its size, or will get it later.
    fn work_alone(&self, world: &mut World, (found, steps): &(Found, Steps)) -> Result<Exit, Exit> {
        if let Some(consent) = steps.consent.as_ref().filter(|c| !consent::is_given(self.parsed, c)) {
            consent::ask(world, self.session, self.parsed, consent)?;
        }
        let exit = self.work_on(world, found, steps);
        if self.same_size && (exit.is_ok() || steps.grows) {
            self.tell_resized(world);
        }
        Ok(exit)
    }

    /// Shrinks the file system, and then the LV to the very size that was planned for it.
    fn shrink_first(&mut self, world: &mut World, work: &(Found, Steps)) -> Result<Exit, Exit> {
        let exit = self.work_alone(world, work)?;
        if !exit.is_ok() {
            return Ok(exit);
        }
        self.request.what = FileSystem::Checked;
        let header = work.0.crypt.as_ref().map_or(Bytes::ZERO, |crypt| crypt.offset);
        let size = (work.1.size + header).sectors();
        self.amount = Some(Amount::Size(SizeArg { sign: Sign::Absolute, size }));
        let done = self.run(world)?;
        Ok(self.tell(world, done.as_ref(), None))
    }

    /// Tells what became of the LV; a file system that grows does so in between.
    fn tell(&mut self, world: &mut World, done: Option<&Done>, work: Option<&(Found, Steps)>) -> Exit {
        if self.parsed.flag(Opt::Plan) {
            return Exit::OK;
        }
        if let Some((extent_size, notice)) = self.changed.take() {
            change::tell(world, self.session, self.parsed, extent_size, &[notice]);
        }
        let exit = work.map_or(Exit::OK, |(found, steps)| self.work_on(world, found, steps));
        self.tell_resized(world);
        change::exit_after(done).worse(exit)
    }

    fn tell_resized(&self, world: &mut World) {
        world.print(format_args!("Logical volume {}/{} successfully resized.", self.vg, self.name));
    }
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
