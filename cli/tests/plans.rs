//! `--plan`: whatever a command would change, nothing is written.

mod kit;

use cli::commands::is_supported;
use cli::forms::Form;
use cli::world::World;
use cli::{FormId, Name};
use kit::Place;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Command lines of every form that changes something, each with what it is for without `--plan`.
const LINES: &[(&str, Then)] = &[
    ("lvchange -pr vg/one", Then::Changes),
    ("lvchange --addtag t vg/one", Then::Changes),
    ("lvchange -Cy -ky vg/one", Then::Changes),
    ("lvchange -My --minor 77 --major 253 vg/one", Then::Changes),
    ("lvchange -an vg/one", Then::Stays),
    ("lvchange --refresh vg/one", Then::Stays),
    ("lvchange --monitor n vg/one", Then::Fails),
    ("lvchange --poll n vg/one", Then::Fails),
    ("lvcreate -l 1 -n new vg", Then::Changes),
    ("lvcreate -i 2 -l 2 -n new vg", Then::Changes),
    ("lvcreate --type error -l 2 -n new vg", Then::Changes),
    ("lvcreate --type zero -l 2 -n new vg", Then::Changes),
    ("lvextend -l +1 vg/one", Then::Changes),
    ("lvextend vg/one %b", Then::Changes),
    ("lvreduce -l 1 vg/one", Then::Changes),
    ("lvremove vg/one", Then::Changes),
    ("lvremove vg", Then::Changes),
    ("lvrename vg one eins", Then::Changes),
    ("lvrename vg/one vg/eins", Then::Changes),
    ("lvresize -l 1 vg/one", Then::Changes),
    ("lvresize -l +1 vg/one", Then::Changes),
    ("lvresize vg/one %b", Then::Changes),
    ("pvchange -xn %a", Then::ChangesSome),
    ("pvchange -u %a", Then::ChangesSome),
    ("pvchange -u %d", Then::ChangesSome),
    ("pvchange -xn -a", Then::ChangesSome),
    ("pvck %a", Then::Stays),
    ("pvck --dump metadata %a", Then::Stays),
    ("pvck --repairtype pv_header -f %backup %damaged", Then::Changes),
    ("pvck --repair -f %backup %damaged", Then::Changes),
    ("pvcreate %e", Then::Changes),
    ("pvcreate -ff %d", Then::Changes),
    ("pvremove %d", Then::Changes),
    ("pvremove -ff %c", Then::Changes),
    ("pvresize %grown", Then::ChangesSome),
    ("pvresize --setphysicalvolumesize 3m %d", Then::ChangesSome),
    ("vgcfgrestore -f %backup vg", Then::Changes),
    ("vgcfgrestore vg", Then::Changes),
    ("vgcfgrestore -l vg", Then::Stays),
    ("vgcfgrestore -l -f %backup", Then::Stays),
    ("vgchange --addtag t vg", Then::Changes),
    ("vgchange -l 9 -p 9 --alloc anywhere", Then::ChangesSome),
    ("vgchange -u vg", Then::Changes),
    ("vgchange --systemid elsewhere vg", Then::Changes),
    ("vgchange -an", Then::Stays),
    ("vgchange --refresh vg", Then::Stays),
    ("vgchange --monitor n", Then::Stays),
    ("vgchange --poll n", Then::Stays),
    ("vgchange --lockstart", Then::Stays),
    ("vgchange --lockstop", Then::Stays),
    ("vgchange --lock-type none vg", Then::Stays),
    ("vgck vg", Then::Stays),
    ("vgck --updatemetadata vg", Then::Changes),
    ("vgcreate third %d %e", Then::Changes),
    ("vgexport other", Then::Changes),
    ("vgexport -a", Then::ChangesSome),
    ("vgextend vg %d", Then::Changes),
    ("vgextend vg %e", Then::Changes),
    ("vgimport gone", Then::Changes),
    ("vgimport -a", Then::ChangesSome),
    ("vgimportclone %copy", Then::Changes),
    ("vgmerge vg other", Then::Changes),
    ("vgreduce vg %b", Then::Changes),
    ("vgreduce -a vg", Then::ChangesSome),
    ("vgreduce --removemissing vg", Then::Stays),
    ("vgreduce --removemissing --force partial", Then::Changes),
    ("vgremove vg", Then::Changes),
    ("vgrename vg new", Then::Changes),
    ("vgrename UUID new", Then::Changes),
    ("vgsplit vg new %b", Then::Changes),
    ("vgsplit vg other %b", Then::Changes),
    ("vgsplit -n one vg new", Then::Changes),
    ("batch vg %script", Then::Changes),
    ("import %source vg/one", Then::Changes),
];

/// What a line does without `--plan`.
#[derive(Clone, Copy, PartialEq)]
enum Then {
    Changes,
    /// And fails with some objects.
    ChangesSome,
    Stays,
    /// Where nothing is active.
    Fails,
}

/// Two VGs with LVs, one exported, one that lacks a PV, an orphan, plain images, a copy, and files.
fn place() -> Place {
    let place = Place::new();
    ["a", "b", "c", "d", "e", "f", "g", "lost"].iter().for_each(|name| place.image(name, 4 << 20));
    place.ok("vgcreate -s 256k vg %a %b");
    place.ok("lvcreate -l 2 -n one vg %a");
    place.ok("lvcreate -l 2 -n two vg %a");
    place.ok("vgcfgbackup -f %backup vg");
    place.ok("vgcreate -s 256k other %c");
    place.ok("pvcreate %d");
    place.ok("vgcreate -s 256k gone %f");
    place.ok("vgexport gone");
    place.ok("vgcreate -s 256k partial %g %lost");
    fs::remove_file(place.path("lost.img")).unwrap();
    fs::write(place.path("source"), [7; 100_000]).unwrap();
    fs::write(place.path("script"), "lvcreate -l 1 -n new vg\nlvrename vg/one eins\n").unwrap();
    place
}

/// What a line needs beside: images that would be in the others' way.
fn prepare(place: &Place, line: &str) {
    if line.contains("%copy") {
        fs::copy(place.path("c.img"), place.path("copy.img")).unwrap();
    }
    if line.contains("%damaged") {
        fs::rename(place.path("a.img"), place.path("damaged.img")).unwrap();
        place.put("damaged", 512, &[0; 32]);
    }
    if line.contains("%grown") {
        fs::rename(place.path("d.img"), place.path("grown.img")).unwrap();
        fs::File::options().write(true).open(place.path("grown.img")).unwrap().set_len(6 << 20).unwrap();
    }
}

/// Every file below a folder, with when it was last written.
fn files(folder: &Path) -> BTreeMap<PathBuf, SystemTime> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let below = folders.iter().flat_map(|folder| self::files(folder));
    let written = |path: PathBuf| (path.clone(), fs::metadata(path).unwrap().modified().unwrap());
    below.chain(files.into_iter().map(written)).collect()
}

/// Makes all files old, so that whatever is written is told by its time; also where the same is written again.
fn age(folder: &Path) -> BTreeMap<PathBuf, SystemTime> {
    for file in files(folder).into_keys() {
        fs::File::options().write(true).open(file).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
    }
    files(folder)
}

/// What is wrong with the plan of a line; nothing, if it is as it should be.
fn wrong(place: &Place, line: &str, then: Then) -> Option<String> {
    let folder = place.path("a.img").parent().unwrap().to_owned();
    let before = age(&folder);
    let line = line.replace("UUID", place.ok("vgs --noheadings -o uuid vg").trim());
    let (name, rest) = line.split_once(' ').unwrap();
    let exit = if matches!(then, Then::ChangesSome | Then::Fails) { 5 } else { 0 };
    let changes = matches!(then, Then::Changes | Then::ChangesSome);
    let ran = place.run(&format!("{name} --plan {rest}"));
    if ran.exit != exit || (changes && !ran.out.contains("Nothing was written (--plan).")) {
        return Some(format!("{line}: {ran:?}"));
    }
    if files(&folder) != before {
        return Some(format!("{line} --plan wrote: {ran:?}"));
    }
    let ran = place.run(&format!("{name} --plan --reportformat json {rest}"));
    let document = serde_json::from_str::<serde_json::Value>(&ran.out);
    let shown = document.as_ref().ok().and_then(|document| document["plan"]["changes"].as_array());
    if ran.exit != exit || (changes && shown.is_none_or(Vec::is_empty)) {
        return Some(format!("{line}: {ran:?}"));
    }
    if files(&folder) != before {
        return Some(format!("{line} --plan --reportformat json wrote: {ran:?}"));
    }
    // The line does something: what was held back is real.
    let ran = place.run(&format!("{name} -y {rest}"));
    let is_right = ran.exit == exit && changes == (files(&folder) != before);
    (!is_right).then(|| format!("{line}: {ran:?}"))
}

#[test]
fn a_plan_of_any_command_writes_nothing() {
    let template = place();
    let wrong = LINES.iter().filter_map(|&(line, then)| {
        let place = template.copy();
        prepare(&place, line);
        wrong(&place, line, then)
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_form_that_changes_something_is_among_the_lines() {
    let place = Place::with(&["a", "b", "c", "d", "e"]);
    let mut seen: BTreeSet<FormId> = BTreeSet::new();
    for (line, _) in LINES {
        let line = line.replace("UUID", "abcdef-abcd-abcd-abcd-abcd-abcd-abcdef");
        let words: Vec<OsString> = line.split(' ').skip(1).map(OsString::from).collect();
        let name = Name::find(line.split(' ').next().unwrap()).unwrap();
        let (mut world, _) = World::seeded(1, place.host(), &[]);
        let parsed = cli::parse(name, &words, &mut world).unwrap_or_else(|_| panic!("{line}"));
        seen.insert(parsed.form());
    }
    let forms = Name::all().filter(|name| name.changes()).flat_map(Form::all_of);
    // An id is a word like a name, so that the form before it matches.
    seen.insert(FormId::VgrenameByUuid);
    let left: BTreeSet<FormId> =
        forms.map(|form| form.id).filter(|&id| is_supported(id) && !seen.contains(&id)).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn an_import_tells_what_it_would_write_over() {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate -s 1m vg %a %b");
    place.ok("lvcreate -i 2 -I 64k -l 2 -n striped vg");
    place.ok("lvcreate -l 1 -n one vg %a");
    fs::write(place.path("source"), vec![7; 200 << 10]).unwrap();
    assert_eq!(
        place.ok("import --plan %source vg/striped"),
        "  DATA  source into vg/striped\n        200.00 KiB at risk: bytes 0-204799 would be written over\n  \
         PE    overwrite a.img:0-0 (bytes 1048576-1179647)\n  PE    overwrite b.img:0-0 (bytes 1048576-1122303)\n  \
         Nothing was written (--plan).\n"
    );
    let plan = place.ok("import --plan --reportformat json %source vg/one");
    let change = &serde_json::from_str::<serde_json::Value>(&plan).unwrap()["plan"]["changes"][0];
    assert_eq!((&change["target"], &change["bytes_at_risk"]), (&"vg/one".into(), &204_800.into()));
    let places = serde_json::json!([
        { "device": "a.img", "extents": [1, 1], "first_byte": 2 << 20, "last_byte": (2 << 20) + 204_799 }
    ]);
    assert_eq!(change["places"], places);
}

#[test]
fn an_import_of_what_is_there_already_is_said_where_only_that_is_wanted() {
    let place = Place::with(&["a"]);
    place.ok("vgcreate -s 1m vg %a");
    place.ok("lvcreate -l 2 -n one vg");
    fs::write(place.path("source"), vec![7; 1 << 20]).unwrap();
    assert!(place.ok("import --if-needed %source vg/one").contains("Imported source"));
    let before = place.state();
    assert!(
        place.ok("import --if-needed %source vg/one").contains("vg/one holds the content of source already.")
    );
    assert!(place.state() == before);
    place.refused("import --if-needed - vg/one", 3, "read once only");
}
