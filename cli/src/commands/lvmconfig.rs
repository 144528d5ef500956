//! `lvmconfig`, and its older names `dumpconfig` and `config`: settings, shown and checked.

use crate::exit::Exit;
use crate::objects;
use crate::options::Opt;
use crate::overwrite::check_no_disk;
use crate::parsed::Parsed;
use crate::session::profiles;
use crate::session::settings;
use crate::world::World;
use conf::settings::{Settings, Show, Version, Which, With, Without};
use std::fs;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    config(parsed, world).unwrap_or_else(|exit| exit)
}

/// Its types by name, as LVM2 lists them.
const TYPES: [(&str, Which); 10] = [
    ("current", Which::Current),
    ("default", Which::Default),
    ("diff", Which::Diff),
    ("full", Which::Full),
    ("list", Which::List),
    ("missing", Which::Missing),
    ("new", Which::New),
    ("profilable", Which::Profilable),
    ("profilable-command", Which::ProfilableCommand),
    ("profilable-metadata", Which::ProfilableMetadata),
];

fn config(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let (settings, _) = settings::load(parsed, world)?;
    let refuse = |world: &mut World, reason: String| {
        world.error(reason);
        Exit::INVALID
    };
    let kind = parsed.str(Opt::Typeconfig).unwrap_or(if parsed.flag(Opt::List) { "list" } else { "current" });
    check_versions(parsed, kind).map_err(|reason| refuse(world, reason))?;
    check_selection(parsed, kind).map_err(|reason| refuse(world, reason))?;
    let version = version(parsed).map_err(|reason| refuse(world, reason))?;
    let settings = with_profile(parsed, world, settings)?;
    if parsed.flag(Opt::Validate) {
        return Ok(validate(parsed, world, &settings));
    }
    let Some((_, which)) = TYPES.iter().find(|(name, _)| *name == kind) else {
        let names = TYPES.map(|(name, _)| name).join(", ");
        return Err(refuse(world, format!("{kind} is no type of configuration. Types are: {names}.")));
    };
    let mut show = show(parsed, *which, kind, version);
    check_list(parsed, &show).map_err(|reason| refuse(world, reason))?;
    if world.journal.is_some() {
        // What is for people to read has no place in a tree for programs.
        let With { list, values_only, unconfigured, .. } = show.with;
        show.with = With { list, values_only, unconfigured, uncommented: true, ..With::default() };
    }
    let paths = parsed.words();
    let shown = settings.show(&show, &paths.iter().map(String::as_str).collect::<Vec<_>>());
    let exit = put(parsed, world, &show, &shown.text);
    for path in &shown.not_found {
        world.error(format_args!("Configuration node {path} not found"));
    }
    Ok(if shown.not_found.is_empty() { exit } else { Exit::FAILED })
}

/// What of `--atversion`, `--sinceversion` and `--validate` does not go together.
fn check_versions(parsed: &Parsed, kind: &str) -> Result<(), String> {
    let given = parsed.flag(Opt::Typeconfig);
    let reason = match (parsed.flag(Opt::Atversion), parsed.flag(Opt::Sinceversion)) {
        _ if given && parsed.flag(Opt::Validate) => "Only one of --type and --validate permitted.",
        (true, true) => "Only one of --atversion and --sinceversion permitted.",
        (true, false) if !given && !parsed.flag(Opt::List) => "--atversion requires --type or --list",
        (false, true) if !given || kind != "new" => "--sinceversion requires --type new",
        _ => return Ok(()),
    };
    Err(reason.to_owned())
}

/// What of the options that choose settings does not go together.
fn check_selection(parsed: &Parsed, kind: &str) -> Result<(), String> {
    if parsed.flag(Opt::Ignoreunsupported) && parsed.flag(Opt::Showunsupported) {
        return Err("Only one of --ignoreunsupported and --showunsupported permitted.".into());
    }
    if matches!(kind, "current" | "full") {
        if parsed.flag(Opt::Atversion) {
            return Err(format!("--atversion has no effect with --type {kind}"));
        }
        if kind == "current" && parsed.any(&[Opt::Ignoreunsupported, Opt::Ignoreadvanced]) {
            return Err("--ignoreadvanced and --ignoreunsupported has no effect with --type current".into());
        }
    } else if parsed.flag(Opt::Mergedconfig) {
        return Err("--mergedconfig has no effect without --type current or --type full".into());
    }
    Ok(())
}

/// What goes with a tree of settings, and not with a list.
fn check_list(parsed: &Parsed, show: &Show) -> Result<(), String> {
    let trees = [Opt::Withcomments, Opt::Withlocalpreamble, Opt::Withgeneralpreamble, Opt::Valuesonly];
    match trees.into_iter().find(|&opt| show.with.list && parsed.flag(opt)) {
        Some(opt) => Err(format!("--{} has no effect with --type list or --list", opt.long())),
        None => Ok(()),
    }
}

/// The version of LVM2 whose settings are shown.
fn version(parsed: &Parsed) -> Result<Version, String> {
    let Some(text) = parsed.str(Opt::Atversion).or_else(|| parsed.str(Opt::Sinceversion)) else {
        return Ok(Version { major: 2, minor: 3, release: 40 });
    };
    let wrong = || format!("Incorrect version format: {text} should be like 2.2.99.");
    let mut parts = text.splitn(3, '.');
    let mut next = || {
        let part = parts.next().unwrap_or_default();
        let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        part[..digits].parse::<u16>().map_err(|_| wrong())
    };
    let (major, minor, release) = (next()?, next()?, next()?);
    let small = |number: u16| u8::try_from(number).unwrap_or(u8::MAX);
    Ok(Version { major: small(major), minor: small(minor), release: small(release) })
}

/// `--profile` shows a profile as if the command had it.
fn with_profile(parsed: &Parsed, world: &mut World, settings: Settings) -> Result<Settings, Exit> {
    let Some(name) = parsed.str(Opt::Profile) else { return Ok(settings) };
    match profiles::load(world, &settings, profiles::Purpose::Command, name) {
        Ok(layer) => Ok(settings.with(layer)),
        Err(_) => {
            world.error(format_args!("Failed to load profile {name}."));
            Err(Exit::FAILED)
        }
    }
}

fn validate(parsed: &Parsed, world: &mut World, settings: &Settings) -> Exit {
    let problems: Vec<String> =
        settings.all_problems(parsed.flag(Opt::Mergedconfig)).into_iter().map(ToString::to_string).collect();
    if problems.is_empty() {
        world.print("LVM configuration valid.");
        return Exit::OK;
    }
    if !settings.bool("config/checks") {
        problems.iter().for_each(|problem| world.warn(format_args!("WARNING: {problem}")));
    }
    world.error("LVM configuration invalid.");
    Exit::FAILED
}

fn show(parsed: &Parsed, which: Which, kind: &str, version: Version) -> Show {
    let made = matches!(kind, "current" | "diff");
    let which = match which {
        Which::New if parsed.flag(Opt::Sinceversion) => Which::NewSince,
        other => other,
    };
    let list = which == Which::List || parsed.flag(Opt::List);
    Show {
        which,
        version,
        without: Without {
            advanced: parsed.flag(Opt::Ignoreadvanced),
            unsupported: parsed.flag(Opt::Ignoreunsupported) || (!made && !parsed.flag(Opt::Showunsupported)),
            deprecated: !made && !parsed.flag(Opt::Showdeprecated),
            local: parsed.flag(Opt::Ignorelocal),
        },
        with: With {
            summary: parsed.flag(Opt::Withsummary) || (list && !parsed.flag(Opt::Typeconfig)),
            comments: parsed.flag(Opt::Withcomments),
            versions: parsed.flag(Opt::Withversions),
            spaces: parsed.flag(Opt::Withspaces),
            unconfigured: parsed.flag(Opt::Unconfigured),
            values_only: parsed.flag(Opt::Valuesonly),
            list,
            uncommented: false,
            general_preamble: parsed.flag(Opt::Withgeneralpreamble),
            local_preamble: parsed.flag(Opt::Withlocalpreamble),
        },
        merged: parsed.flag(Opt::Mergedconfig),
    }
}

/// To standard output, or to the file of `--file`.
fn put(parsed: &Parsed, world: &mut World, show: &Show, text: &[u8]) -> Exit {
    let Some(path) = parsed.os(Opt::File).map(std::path::Path::new) else {
        // Lists of names and bare values are no tree.
        let is_tree = world.journal.is_some() && !show.with.list && !show.with.values_only;
        match is_tree.then(|| conf::parse(text)) {
            Some(Ok(tree)) => drop(world.list(|| objects::settings(&tree.root))),
            None | Some(Err(_)) => world.raw(text),
        }
        return Exit::OK;
    };
    if let Err(refusal) = check_no_disk(path) {
        return refusal.tell(world);
    }
    match fs::write(path, text) {
        Ok(()) => Exit::OK,
        Err(error) => {
            world.error(format_args!("{}: open failed: {error}", path.display()));
            Exit::FAILED
        }
    }
}
