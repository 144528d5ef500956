//! Random changes, each as a command line for lvm and as a request for a planner.

use crate::compare::{layout, same_reason, same_vg, unsaid};
use crate::host::{EXTENT_KIB, Host, Said};
use crate::random::Random;
use crate::vg_text;
use lv::{AllocSettings, Amount, Create, Direction, PvArg, Remove, Resize, StripeSettings};
use metadata::live::Live;
use metadata::model::{AllocPolicy, ReadAhead, SegmentType, Vg};
use metadata::plan::{Ctx, Proposal, Refused};
use metadata::validate::validate;
use units::{ExtentRequest, Id, Sectors, SeededIds, SizeArg};

const VG: &str = "oracle";
const POLICIES: [AllocPolicy; 4] =
    [AllocPolicy::Contiguous, AllocPolicy::Cling, AllocPolicy::Normal, AllocPolicy::Anywhere];

/// What the comparisons came to.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Changes both made alike.
    pub(crate) made: u64,
    /// Changes both refused for the same reason.
    pub(crate) refused: u64,
    /// Changes after which extents differ.
    pub(crate) extents: u64,
    /// Changes that one made and the other refused.
    pub(crate) verdict: u64,
    /// Changes refused in other words.
    pub(crate) reason: u64,
    /// Changes that an older LVM2 made or refused and the planner not.
    pub(crate) versions: u64,
    /// Changes on the way to which other things were said.
    pub(crate) notices: u64,
}

/// One VG and what happens to it.
pub(crate) struct Sequence<'h, 'r> {
    host: &'h mut Host,
    random: &'r mut Random,
    seed: u64,
    vg: Vg,
    settings: AllocSettings,
    config: String,
    ids: SeededIds,
}

/// A change in both languages.
struct Change {
    args: Vec<String>,
    plan: Plan,
}

type Plan = Box<dyn Fn(&Vg, &mut Ctx<'_>) -> Result<Proposal, Refused<String>>>;

impl<'h, 'r> Sequence<'h, 'r> {
    /// Makes a VG of random PVs.
    pub(crate) fn start(host: &'h mut Host, random: &'r mut Random, seed: u64) -> Self {
        let count = random.within(3, 8);
        let sizes: Vec<u64> = (0..count).map(|_| random.within(4, 60)).collect();
        let loops = host.attach(&sizes).expect("loop devices");
        let alloc = if random.chance(60) { AllocPolicy::Normal } else { *random.pick(&POLICIES) };
        let extent = format!("{EXTENT_KIB}k");
        let mut args = vec!["vgcreate", "-y", "-s", &extent, "--alloc", alloc.name(), VG];
        args.extend(loops.iter().map(String::as_str));
        let said = host.run(&args);
        assert!(said.ok, "{}", said.stderr);
        for device in &loops {
            if random.chance(50) {
                let tag = random.pick(&["red", "green", "blue"]);
                host.run(&["pvchange", "--addtag", tag, device]);
            }
            if random.chance(5) {
                host.run(&["pvchange", "-xn", device]);
            }
        }
        let lists: [&[&str]; 4] = [&[], &[], &["@red", "@green"], &["@*"]];
        let cling_tags: Vec<String> = random.pick(&lists).iter().map(|tag| (*tag).to_owned()).collect();
        let maximise_cling = random.chance(75);
        let quoted: Vec<String> = cling_tags.iter().map(|tag| format!("\"{tag}\"")).collect();
        let mut config = format!("allocation{{maximise_cling={}", u8::from(maximise_cling));
        if !cling_tags.is_empty() {
            config.push_str(&format!(" cling_tag_list=[{}]", quoted.join(",")));
        }
        config.push('}');
        let vg = vg_text::read(&host.backup(VG));
        let settings = AllocSettings { cling_tags, maximise_cling };
        Self { host, random, seed, vg, settings, config, ids: SeededIds::new(seed) }
    }

    /// Plans one change, lets lvm make it, and compares.
    pub(crate) fn step(&mut self, tally: &mut Outcome) {
        let change = self.change();
        let mut ctx = Ctx { ids: &mut self.ids, now: 0, host: "host" };
        let planned = (change.plan)(&self.vg, &mut ctx);
        let mut args: Vec<&str> = change.args.iter().map(String::as_str).collect();
        args.extend(["--config", &self.config]);
        let said = self.host.run(&args);
        let before = std::mem::replace(&mut self.vg, vg_text::read(&self.host.backup(VG)));
        let notices = match &planned {
            Ok(proposal) => &proposal.notices,
            Err(refused) => &refused.notices,
        };
        let strict = self.host.strict;
        if let Some(missing) = unsaid(notices, &said.stdout).filter(|_| strict) {
            tally.notices += 1;
            self.show(&format!("not said as {missing:?}"), &before, &args, &planned, &said);
        }
        match (&planned, said.ok) {
            (Ok(proposal), true) => {
                if let Some(violation) = validate(&proposal.next).first() {
                    tally.extents += 1;
                    self.show(&violation.to_string(), &before, &args, &planned, &said);
                } else if same_vg(&proposal.next, &self.vg) {
                    tally.made += 1;
                } else {
                    tally.extents += 1;
                    self.show("extents differ", &before, &args, &planned, &said);
                }
            }
            (Err(refused), false) => {
                if !strict || same_reason(&refused.error, &said) {
                    tally.refused += 1;
                } else {
                    tally.reason += 1;
                    self.show("reasons differ", &before, &args, &planned, &said);
                }
            }
            (Ok(_), false) | (Err(_), true) if !strict => tally.versions += 1,
            (Ok(_), false) | (Err(_), true) => {
                tally.verdict += 1;
                self.show("one made it, one refused it", &before, &args, &planned, &said);
            }
        }
    }

    fn show(
        &self,
        what: &str,
        before: &Vg,
        args: &[&str],
        planned: &Result<Proposal, Refused<String>>,
        said: &Said,
    ) {
        println!("--- seed {}, {what}: lvm {}", self.seed, args.join(" "));
        println!("before: alloc {}, {:?}", before.alloc.name(), self.settings);
        for pv in &before.pvs {
            println!(
                "  {} {} extents {:?} {:?}",
                pv.device,
                pv.pe_count,
                pv.tags,
                pv.flags.has(metadata::model::PvFlag::Allocatable)
            );
        }
        layout(before).iter().for_each(|line| println!("  {line}"));
        match planned {
            Ok(proposal) => layout(&proposal.next).iter().for_each(|line| println!("  rlvm: {line}")),
            Err(refused) => println!("  rlvm: {refused:?}"),
        }
        layout(&self.vg).iter().for_each(|line| println!("  lvm2: {line}"));
        println!("  lvm2 said: {}{}", said.stdout, said.stderr);
    }

    fn change(&mut self) -> Change {
        let lvs: Vec<(Id, String)> = self.vg.lvs.iter().map(|lv| (lv.id, lv.name.clone())).collect();
        if lvs.is_empty() || self.random.chance(30) {
            return self.create();
        }
        let (id, name) = self.random.pick(&lvs).clone();
        match self.random.within(1, 100) {
            1..=15 => remove(id, &name),
            16..=40 => self.resize(id, &name, Direction::Reduce),
            41..=50 => self.resize(id, &name, Direction::Either),
            _ => self.resize(id, &name, Direction::Extend),
        }
    }

    fn create(&mut self) -> Change {
        let mut args: Vec<String> = ["lvcreate", "-y", "-an", "-Zn", "-Wn"].map(str::to_owned).to_vec();
        let amount = self.amount(&mut args, &[""], &["FREE", "VG", "PVS"]);
        let stripes = self.stripes(&mut args);
        let stripe_size = if stripes.is_some() { self.stripe_size(&mut args) } else { None };
        let segtype = match self.random.within(1, 40) {
            1 if stripes.is_none() => SegmentType::Error,
            2 if stripes.is_none() => SegmentType::Zero,
            _ => SegmentType::Striped,
        };
        if segtype != SegmentType::Striped {
            args.extend(["--type".to_owned(), segtype.name().to_owned()]);
        }
        let alloc = self.policy(&mut args);
        let attributes: [&[&str]; 5] = [
            &["--addtag=t1", "--addtag=a/b", "--addtag=t1"],
            &["-pr"],
            &["-r8"],
            &["-ky"],
            &["--setautoactivation=n"],
        ];
        for attribute in attributes {
            if self.random.chance(5) {
                args.extend(attribute.iter().map(|arg| (*arg).to_owned()));
            }
        }
        args.push(VG.to_owned());
        let pvs = if segtype == SegmentType::Striped { self.pvs(&mut args) } else { Vec::new() };
        let settings = self.settings.clone();
        let extras = args[5..].to_vec();
        let has = move |option: &str| extras.iter().any(|arg| arg == option);
        let plan = move |vg: &Vg, ctx: &mut Ctx<'_>| {
            let request = Create {
                name: None,
                segtype,
                amount,
                stripes,
                stripe_size,
                stripe_settings: StripeSettings::default(),
                alloc: alloc.unwrap_or(AllocPolicy::Inherit),
                alloc_settings: settings.clone(),
                pvs: parse_pvs(vg, &pvs).map_err(Refused::from)?,
                tags: if has("--addtag=t1") { vec!["t1".to_owned(), "a/b".to_owned()] } else { Vec::new() },
                read_only: has("-pr"),
                read_ahead: if has("-r8") { ReadAhead::Sectors(8) } else { ReadAhead::Auto },
                device: None,
                activation_skip: has("-ky"),
                no_autoactivate: has("--setautoactivation=n"),
                profile: None,
            };
            lv::create(vg, &request, ctx).map_err(in_words)
        };
        Change { args, plan: Box::new(plan) }
    }

    fn resize(&mut self, id: Id, name: &str, direction: Direction) -> Change {
        let (command, signs): (_, &[&str]) = match direction {
            Direction::Extend => ("lvextend", &["+", "+", ""]),
            Direction::Reduce => ("lvreduce", &["-", "-", ""]),
            Direction::Either => ("lvresize", &["+", "-", ""]),
        };
        let mut args = vec![command.to_owned(), "-y".to_owned()];
        if self.host.has_fs && direction != Direction::Extend {
            args.extend(["--fs".to_owned(), "ignore".to_owned()]);
        }
        if direction != Direction::Extend {
            args.push("-f".to_owned());
        }
        let reduce = direction == Direction::Reduce;
        let by_pvs = direction == Direction::Extend && self.host.strict && self.random.chance(6);
        let amount =
            if by_pvs { None } else { Some(self.amount(&mut args, signs, &["FREE", "VG", "PVS", "LV"])) };
        let stripes = if reduce { None } else { self.stripes(&mut args) };
        let stripe_size = if reduce { None } else { self.stripe_size(&mut args) };
        let alloc = if reduce { None } else { self.policy(&mut args) };
        let types = [SegmentType::Error, SegmentType::Zero, SegmentType::Striped, SegmentType::Linear];
        let segtype = (!reduce && self.random.chance(5)).then(|| *self.random.pick(&types));
        if let Some(segtype) = segtype {
            args.extend(["--type".to_owned(), segtype.name().to_owned()]);
        }
        args.push(format!("{VG}/{name}"));
        let mut pvs = if reduce || !self.host.strict { Vec::new() } else { self.pvs(&mut args) };
        if by_pvs && pvs.is_empty() {
            let device = self.vg.pvs.iter().next().expect("a PV").device.clone();
            args.push(device.clone());
            pvs.push(device);
        }
        let settings = self.settings.clone();
        let plan = move |vg: &Vg, ctx: &mut Ctx<'_>| {
            let request = Resize {
                lv: id,
                amount,
                segtype,
                stripes,
                stripe_size,
                stripe_settings: StripeSettings::default(),
                alloc,
                alloc_settings: settings.clone(),
                pvs: parse_pvs(vg, &pvs).map_err(Refused::from)?,
            };
            let live = Live { known: true, ..Live::default() };
            lv::resize(vg, &live, &request, direction, ctx).map_err(in_words)
        };
        Change { args, plan: Box::new(plan) }
    }

    fn amount(&mut self, args: &mut Vec<String>, signs: &[&str], shares: &[&str]) -> Amount {
        let sign = *self.random.pick(signs);
        if self.random.chance(15) {
            let text = format!("{sign}{}k", self.random.within(1, 30 * EXTENT_KIB));
            args.push(format!("-L{text}"));
            return Amount::Size(SizeArg::parse(&text, Sectors::new(2048)).expect("a size"));
        }
        let text = if self.random.chance(35) {
            let percent = if self.random.chance(40) { 100 } else { self.random.within(1, 130) };
            format!("{sign}{percent}%{}", self.random.pick(shares))
        } else {
            format!("{sign}{}", self.random.within(1, 40))
        };
        args.push(format!("-l{text}"));
        Amount::Extents(text.parse::<ExtentRequest>().expect("extents"))
    }

    fn stripes(&mut self, args: &mut Vec<String>) -> Option<u32> {
        let stripes = self.random.chance(35).then(|| self.random.within(1, 5) as u32)?;
        args.push(format!("-i{stripes}"));
        Some(stripes)
    }

    fn stripe_size(&mut self, args: &mut Vec<String>) -> Option<Sectors> {
        let kib = self.random.chance(15).then(|| *self.random.pick(&[4u64, 8, 16, 64, 128]))?;
        args.push(format!("-I{kib}k"));
        Some(Sectors::new(kib * 2))
    }

    fn policy(&mut self, args: &mut Vec<String>) -> Option<AllocPolicy> {
        let policy = self.random.chance(45).then(|| *self.random.pick(&POLICIES))?;
        args.extend(["--alloc".to_owned(), policy.name().to_owned()]);
        Some(policy)
    }

    fn pvs(&mut self, args: &mut Vec<String>) -> Vec<String> {
        let mut chosen = Vec::new();
        if self.random.chance(60) {
            return chosen;
        }
        let devices: Vec<(String, u64)> =
            self.vg.pvs.iter().map(|pv| (pv.device.clone(), pv.pe_count.get())).collect();
        for _ in 0..self.random.within(1, 5) {
            if self.random.chance(10) {
                chosen.push(format!("@{}", self.random.pick(&["red", "green", "blue"])));
                continue;
            }
            let (mut text, count) = self.random.pick(&devices).clone();
            while self.random.chance(35) {
                let start = self.random.within(0, count);
                let end = self.random.within(start, count);
                let range = match self.random.within(1, 4) {
                    1 => format!(":{start}-"),
                    2 => format!(":{start}+{}", self.random.within(0, 8)),
                    3 => format!(":{start}"),
                    _ => format!(":{start}-{end}"),
                };
                text.push_str(&range);
            }
            chosen.push(text);
        }
        args.extend(chosen.iter().cloned());
        chosen
    }
}

fn remove(id: Id, name: &str) -> Change {
    let args = ["lvremove", "-f"].map(str::to_owned).into_iter().chain([format!("{VG}/{name}")]).collect();
    let plan = move |vg: &Vg, _: &mut Ctx<'_>| {
        let live = Live { known: true, ..Live::default() };
        let request = Remove { lvs: vec![id], discard: false };
        lv::remove(vg, &live, &request).map_err(|error| Refused::from(error.to_string()))
    };
    Change { args, plan: Box::new(plan) }
}

fn parse_pvs(vg: &Vg, texts: &[String]) -> Result<Vec<PvArg>, String> {
    let find = |name: &str| vg.pvs.iter().find(|pv| pv.device == name).map(|pv| pv.id);
    texts.iter().map(|text| PvArg::parse(vg, text, find).map_err(|error| error.to_string())).collect()
}

fn in_words<E: std::fmt::Display>(refused: Refused<E>) -> Refused<String> {
    Refused { error: refused.error.to_string(), notices: refused.notices }
}
