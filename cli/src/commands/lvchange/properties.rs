//! Properties that stand in the metadata.

use super::Target;
use crate::change::{self, Before, Begin, Planned, Refusal};
use crate::exit::Exit;
use crate::lvs;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::profiles::metadata_profile;
use crate::world::World;
use activate::Wish;
use lv::{ChangeError, Changed, Property, Repeated};
use metadata::live::Live;
use metadata::model::{ReadAhead, Vg};
use units::Id;
use vg::Purpose;

/// What is told of one VG's LVs once it is done.
#[derive(Default)]
struct Told {
    /// LVs that took a property over (VG/LV).
    changed: Vec<String>,
    /// LVs whose devices alone are brought in line, and how those LVs are.
    refreshed: Vec<(String, &'static str)>,
    /// LVs of which nothing had to be changed (VG/LV).
    unchanged: Vec<String>,
    /// LVs of which something was refused (VG/LV), what, and whether that was so already.
    refused: Vec<(String, String, bool)>,
    /// Names without an LV.
    missing: Vec<String>,
}

impl Target<'_> {
    /// Changes properties: of all LVs of a VG at once.
    pub(super) fn set_properties(&self, world: &mut World) -> Result<Exit, Exit> {
        let properties = properties(self.parsed, world);
        let mut exit = Exit::OK;
        for vg in self.wanted.vgs(self.parsed, world, self.session)? {
            let mut told = Told::default();
            let begin = Begin::Existing(&vg, Purpose::ChangeDespiteMissing);
            let done = change::run(self.parsed, world, self.session, begin, &mut |before, _| {
                told = Told::default();
                self.plan(before, &properties, &mut told)
            });
            exit = exit.worse(match done {
                Ok(done) => change::exit_after(done.as_ref()),
                Err(exit) => exit,
            });
            exit = exit.worse(self.tell(world, &vg, told));
        }
        Ok(exit)
    }

    fn plan(&self, before: &Before, properties: &[Property], told: &mut Told) -> Result<Planned, Refusal> {
        let Some(on_disk) = before.vg() else { return Err(Refusal::words("No volume group.")) };
        let vg = &on_disk.vg;
        let found = self.wanted.find(self.session, before);
        told.missing = found.missing;
        let repeated = if self.parsed.flag(Opt::Ifneeded) { Repeated::Unwritten } else { Repeated::AsLvm2 };
        let changed = lv::change(vg, &found.lvs, properties, repeated);
        let refreshes = told.note(vg, &before.live(), &found.lvs, &changed);
        if !changed.writes && refreshes.is_empty() {
            return Err(Refusal::nothing_to_do());
        }
        let wishes = refreshes.into_iter().map(|lv| (lv, Wish::Refresh)).collect();
        Ok(Planned { wishes, ..Planned::new(changed.proposal) })
    }

    fn tell(&self, world: &mut World, vg: &str, told: Told) -> Exit {
        let mut exit = Exit::OK;
        for (lv, how) in told.refreshed {
            about(world, &lv);
            world.print(format_args!("Logical volume {lv} is already {how}.  Refreshing kernel state."));
        }
        if !self.parsed.flag(Opt::Plan) {
            for lv in &told.changed {
                about(world, lv);
                world.print(format_args!("Logical volume {lv} changed."));
            }
        }
        for lv in told.unchanged {
            about(world, &lv);
            world.print(format_args!("Logical volume {lv} is as asked already."));
        }
        for (lv, line, already_so) in told.refused {
            about(world, &lv);
            exit = exit.worse(Refusal::words(line).already_so(already_so).tell(world));
        }
        for lv in &told.missing {
            world.about_lv(vg, lv);
            world.error(format_args!("Failed to find logical volume \"{vg}/{lv}\""));
            exit = exit.worse(Exit::FAILED);
        }
        exit
    }
}

/// What is said next is about that LV (VG/LV).
fn about(world: &mut World, name: &str) {
    let (vg, lv) = name.split_once('/').unwrap_or((name, ""));
    world.about_lv(vg, lv);
}

impl Told {
    /// Notes what became of LVs. Gives those whose devices say otherwise than the metadata: they are brought in
    /// line, and that was the request.
    fn note(&mut self, vg: &Vg, live: &Live, lvs: &[Id], changed: &Changed) -> Vec<Id> {
        let name = |id: &Id| vg.lvs.get(*id).map(|lv| format!("{}/{}", vg.name, lv.name)).unwrap_or_default();
        self.changed = changed.taken.iter().map(name).collect();
        let mut refreshes = Vec::new();
        for (lv, error) in &changed.refused {
            let read_only = live.of(*lv).map(|device| device.read_only);
            match (error, read_only) {
                (ChangeError::AlreadyReadOnly(name), Some(false)) => {
                    self.refreshed.push((name.clone(), "read-only"));
                    refreshes.push(*lv);
                }
                (ChangeError::AlreadyWritable(name), Some(true)) => {
                    self.refreshed.push((name.clone(), "writable"));
                    refreshes.push(*lv);
                }
                _ => self.refused.push((name(lv), error.to_string(), error.is_already_so())),
            }
        }
        let refused = |lv: &&Id| changed.refused.iter().any(|(other, _)| other == *lv);
        let same = lvs.iter().filter(|lv| !changed.taken.contains(lv)).filter(|lv| !refused(lv));
        self.unchanged = same.map(name).collect();
        refreshes
    }
}

/// The properties asked for, in LVM2's order.
fn properties(parsed: &Parsed, world: &mut World) -> Vec<Property> {
    let texts = |opt| -> Vec<String> { parsed.all(opt).into_iter().map(str::to_owned).collect() };
    let mut properties = Vec::new();
    if parsed.flag(Opt::Addtag) {
        properties.push(Property::AddTags(texts(Opt::Addtag)));
    }
    if parsed.flag(Opt::Deltag) {
        properties.push(Property::DelTags(texts(Opt::Deltag)));
    }
    properties.extend(lvs::alloc(parsed).map(Property::Alloc));
    if parsed.flag(Opt::Detachprofile) {
        properties.push(Property::Profile(None));
    } else if let Some(profile) = metadata_profile(parsed) {
        properties.push(Property::Profile(Some(profile.to_owned())));
    }
    properties.extend(parsed.writable(Opt::Permission).map(Property::Writable));
    if parsed.flag(Opt::Readahead) {
        properties.push(Property::ReadAhead(lvs::read_ahead(parsed, world, ReadAhead::Auto)));
    }
    properties.extend(parsed.bool(Opt::Setactivationskip).map(Property::ActivationSkip));
    properties.extend(parsed.bool(Opt::Setautoactivation).map(Property::Autoactivation));
    if parsed.flag(Opt::Persistent) {
        properties.push(Property::Number(None));
    }
    properties
}
