//! `--reportformat json`: whatever the command, standard output is one document.

mod kit;

use cli::Name;
use cli::commands::handler;
use kit::Place;
use serde_json::{Value, json};

/// A line of every command that can be run here and has a document, and what of it goes without saying.
const LINES: &[(&str, u8)] = &[
    ("config devices", 5),
    ("devtypes", 0),
    ("dumpconfig --type list", 0),
    ("export vg/one %out", 0),
    ("formats", 0),
    ("fullreport", 0),
    ("import -y %source vg/one", 0),
    ("lastlog", 5),
    ("lvchange --addtag t vg/one", 0),
    ("lvcreate -an -Zn -l 1 -n two vg %a", 0),
    ("lvdisplay", 0),
    ("lvdisplay -C", 0),
    ("lvdisplay -c", 0),
    ("lvextend -l +1 vg/one", 0),
    ("lvmconfig --type default devices", 0),
    ("lvmconfig --valuesonly --type default devices/dir", 0),
    ("lvmdevices", 5),
    ("lvmdiskscan", 0),
    ("lvreduce -y -l 1 vg/one", 0),
    ("lvremove -y vg/two", 0),
    ("lvrename vg one eins", 0),
    ("lvresize -l 2 vg/eins", 0),
    ("lvs", 0),
    ("lvscan", 0),
    ("pvchange -xn %a", 0),
    ("pvck --dump headers %a", 0),
    ("pvck --dump metadata %a", 0),
    ("pvcreate %c", 0),
    ("pvdisplay", 0),
    ("pvdisplay -C", 0),
    ("pvdisplay -s", 0),
    ("pvremove %c", 0),
    ("pvresize %a", 0),
    ("pvs", 0),
    ("pvscan", 0),
    ("pvscan -n", 0),
    ("pvscan --cache", 0),
    ("segtypes", 0),
    ("systemid", 0),
    ("tags", 0),
    ("version", 0),
    ("vgcfgbackup vg", 0),
    ("vgcfgrestore vg", 0),
    ("vgchange -an vg", 0),
    ("vgck vg", 0),
    ("vgconvert vg", 5),
    ("vgcreate new %c", 0),
    ("vgdisplay", 0),
    ("vgdisplay -C", 0),
    ("vgdisplay -s", 0),
    ("vgexport new", 0),
    ("vgimport new", 0),
    ("vgimportclone %c", 0),
    ("vgimportdevices vg", 5),
    ("vgmerge vg new1", 0),
    ("vgmknodes", 0),
    ("vgreduce vg %c", 0),
    ("vgremove -y nosuch", 5),
    ("vgrename vg data", 0),
    ("vgs", 0),
    ("vgscan", 0),
    ("vgsplit data part %b", 0),
    ("vgextend data %c", 0),
    ("batch data %script", 0),
    ("lvpoll vg/one", 3),
];

#[test]
fn every_command_has_a_document() {
    let place = Place::with(&["b", "c"]);
    place.image("a", 32 << 20);
    place.ok("vgcreate vg %a %b");
    place.ok("lvcreate -an -Zn -l 1 -n one vg %a");
    std::fs::write(place.path("source"), [7; 4096]).unwrap();
    std::fs::write(place.path("script"), "").unwrap();
    for (line, status) in LINES {
        let ran = place.run(&format!("{line} --reportformat json"));
        assert_eq!(ran.exit, *status, "{line}: {ran:?}");
        let document: Value =
            serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{line}: {error}: {ran:?}"));
        let result = &document["result"];
        let lists = ["report", "log"].iter().any(|name| document[name].is_array());
        let keeps = result.is_object() || lists || document["batch"].is_object();
        assert!(keeps, "{line}: {document}");
        if result.is_object() {
            assert_eq!(result["status"], *status, "{line}");
            assert_eq!(
                result["changed"] == true,
                !result["changes"].as_array().unwrap().is_empty(),
                "{line}"
            );
        }
    }
    let untested: Vec<&str> = Name::all()
        .filter(|&name| handler(name).is_some() && name.has_document())
        .map(Name::text)
        .filter(|name| !LINES.iter().any(|(line, _)| line.split(' ').next() == Some(name)))
        .collect();
    assert!(untested.is_empty(), "{untested:?}");
}

fn objects(place: &Place, line: &str) -> Value {
    let document: Value = serde_json::from_str(&place.ok(&format!("{line} --reportformat json"))).unwrap();
    document["result"]["objects"].clone()
}

#[test]
fn what_is_shown_is_told_with_sizes_in_bytes_and_in_extents() {
    let place = Place::with(&["a", "b", "c"]);
    place.ok("vgcreate vg %a");
    place.ok("pvcreate %b");
    place.ok("lvcreate -an -Zn -l 1 -n one --addtag t vg");
    const MIB: u64 = 1 << 20;

    let lv = &objects(&place, "lvdisplay vg/one")[0];
    assert_eq!((&lv["lv"], &lv["vg"], &lv["tags"]), (&json!("one"), &json!("vg"), &json!(["t"])));
    assert_eq!((&lv["size"], &lv["extents"]), (&json!(4 * MIB), &json!(1)));
    assert_eq!(lv["segments"], json!([{ "type": "linear", "first": 0, "extents": 1, "areas": 1 }]));
    // What lies on an image runs nowhere.
    assert_eq!((&lv["active"], &lv["open"]), (&json!(false), &Value::Null));

    let vg = &objects(&place, "vgdisplay")[0];
    assert_eq!((&vg["size"], &vg["free"]), (&json!(4 * MIB), &json!(0)));
    assert_eq!((&vg["extents"], &vg["extents_free"], &vg["lvs"]), (&json!(1), &json!(0), &json!(["one"])));

    let pvs = objects(&place, "pvscan");
    assert_eq!((&pvs[0]["vg"], &pvs[0]["extents_used"]), (&json!("vg"), &json!(1)));
    assert_eq!((&pvs[1]["vg"], &pvs[1]["device_size"]), (&Value::Null, &json!(8 * MIB)));
    assert_eq!(objects(&place, "pvscan -n").as_array().unwrap().len(), 1);

    assert_eq!(objects(&place, "lvmconfig --type default devices/dir"), json!([{ "dir": "/dev" }]));
    let disks = objects(&place, "lvmdiskscan");
    assert_eq!((&disks[0]["size"], &disks[0]["pv"]), (&json!(8 * MIB), &json!(true)));
}

#[test]
fn one_stream_is_not_asked_to_take_two_things() {
    let place = Place::with(&["a"]);
    place.ok("vgcreate vg %a");
    place.ok("lvcreate -an -Zn -l 1 -n one vg");
    let ran = place.run("export vg/one - --reportformat json");
    assert_eq!(ran.exit, 3);
    assert!(ran.err.contains("cannot take both"), "{ran:?}");
    assert!(serde_json::from_str::<Value>(&ran.out).is_ok(), "{ran:?}");
}
