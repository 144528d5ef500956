//! Reports of what other tools made: kinds of LVs and VGs that only a text can bring here.

mod kit;

use kit::Place;
use std::fs;

/// A VG on one image whose text was changed by `edit`.
fn restored(edit: impl Fn(String) -> String) -> Place {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate -s 1m vg %a");
    for name in ["lv", "pool", "data"] {
        place.ok(&format!("lvcreate -an -Zn -Wn -l 2 -n {name} vg"));
    }
    let file = place.path("text");
    place.ok(&format!("vgcfgbackup -f {} vg", file.display()));
    fs::write(&file, edit(fs::read_to_string(&file).unwrap())).unwrap();
    place.ok(&format!("vgcfgrestore --force -y -f {} vg", file.display()));
    place
}

/// The value of one column, of the LVs that `more` asks for.
fn column(place: &Place, field: &str, more: &str) -> Vec<String> {
    let lines = place.ok(&format!("lvs --noheadings -o lv_name,{field} --separator , {more}"));
    lines.lines().map(|line| line.trim().to_owned()).collect()
}

#[test]
fn a_clustered_vg_is_passed_over_and_cannot_be_named() {
    let place = restored(|text| text.replacen("\"RESIZEABLE\"", "\"CLUSTERED\", \"RESIZEABLE\"", 1));
    for line in ["vgs", "lvs", "pvs --segments", "vgdisplay", "lvscan"] {
        let ran = place.run(line);
        assert_eq!((ran.exit, ran.out.as_str()), (0, ""), "{line}");
        assert!(ran.err.contains("WARNING: Skipping clustered VG vg."), "{line}: {}", ran.err);
    }
    for line in ["vgs vg", "lvs vg/lv", "lvdisplay vg"] {
        place.refused(line, 5, "Cannot access clustered VG vg.");
    }
}

#[test]
fn a_vdo_pool_is_private() {
    let place = restored(|text| {
        let pool = "type = \"vdo-pool\"\ndata = \"data\"\nheader_size = 1024\nvirtual_extents = 2\n\
                    use_compression = 1\nslab_size_mb = 128\nwrite_policy = \"sync\"\n";
        let (before, rest) = text.split_once("\t\tpool {").unwrap();
        let (head, rest) = rest.split_once("type = \"striped\"").unwrap();
        let (_, rest) = rest.split_once("]\n").unwrap();
        format!("{before}\t\tpool {{{head}{pool}{rest}")
    });
    assert_eq!(column(&place, "lv_role", "vg/pool"), ["pool,private"]);
    let shown = place.ok("lvdisplay -m vg/pool");
    let shown = shown.split_once("  Logical extents 0 to 1:\n").unwrap().1;
    for line in [
        "    Virtual size\t3.00 MiB\n    Header size\t\t512.00 KiB\n    Compression\t\tyes\n    Deduplication\tno\n",
        "    Slab size\t\t128.00 MiB\n    # Ack threads\t0\n",
    ] {
        assert!(shown.contains(line), "{shown}");
    }
    assert!(shown.ends_with("    Max discard\t\t0\n    Write policy\tsync\n   \n"), "{shown:?}");
}

#[test]
fn removed_lvs_have_a_segment_that_is_none() {
    let place = restored(|text| {
        let gone = "\thistorical_logical_volumes {\n\t\tgone {\n\t\t\tid = \"abcdef-0123-4567-89ab-cdef-0123-456789\"\n\
                    \t\t\tcreation_time = 1700000000\n\t\t\tremoval_time = 1700000001\n\t\t}\n\t}\n";
        let end = text.rfind("\n}").unwrap() + 1;
        format!("{}{gone}{}", &text[..end], &text[end..])
    });
    let shown = column(&place, "segtype,stripes,seg_size,zero", "-H --segments -S lv_historical=1");
    assert_eq!(shown, ["-gone,historical,0,0 ,unknown"]);
}

#[test]
fn hidden_lvs_that_are_named_show_their_segments_with_a_alone() {
    let place =
        restored(|text| text.replacen("\"VISIBLE\"", "", 1).replacen("\"WRITE\", ]", "\"WRITE\"]", 1));
    assert_eq!(column(&place, "lv_size", "vg/lv"), ["[lv],2.00m"]);
    assert!(column(&place, "segtype", "vg/lv").is_empty());
    assert_eq!(column(&place, "segtype", "-a vg/lv"), ["[lv],linear"]);
    assert_eq!(place.ok("lvdisplay vg/lv"), "");
    assert!(place.ok("lvdisplay -a vg/lv").contains("Internal LV Name"));
}

#[test]
fn an_lv_without_an_origin_has_an_empty_size_that_counts_as_zero() {
    let place = restored(|text| text);
    assert_eq!(column(&place, "origin_size", "-S origin_size=0"), ["data,", "lv,", "pool,"]);
    assert!(column(&place, "origin_size", "-S origin_size>0").is_empty());
}

#[test]
fn a_vg_is_where_the_pv_stands_that_holds_its_text() {
    let place = Place::with(&["a", "b", "c"]);
    place.ok("pvcreate --metadatacopies 0 %a");
    place.ok("pvcreate --metadatacopies 2 %b");
    place.ok("vgcreate one %a %b");
    place.ok("vgchange --vgmetadatacopies 1 one");
    place.ok("vgcreate two %c");
    let shown = place.ok("vgs --noheadings -o vg_name --unbuffered");
    let names: Vec<&str> = shown.split_whitespace().collect();
    assert_eq!(names, ["two", "one"]);
}

#[test]
fn named_pvs_come_in_the_order_of_their_vgs() {
    let place = Place::with(&["a", "b", "c", "d"]);
    place.ok("vgcreate one %a %b");
    place.ok("vgcreate two %c");
    place.ok("pvcreate %d");
    let shown = place.ok("pvs --noheadings -o vg_name,pv_name --unbuffered %d %b %a %c");
    let names: Vec<&str> = shown.split_whitespace().collect();
    assert_eq!(names, ["two", "c.img", "one", "a.img", "one", "b.img", "d.img"]);
}

#[test]
fn a_regular_expression_has_nothing_empty_in_it() {
    let place = restored(|text| text);
    for pattern in ["", "a|", "|a", "(|a)", "()"] {
        assert_eq!(place.run(&format!("lvs -S lv_name=~\"{pattern}\"")).exit, 5, "{pattern}");
    }
    assert_eq!(column(&place, "lv_size", "-S lv_name=~\"(l|x)[|)(v]\""), ["lv,2.00m"]);
}

#[test]
fn sizes_have_capital_letters_where_units_need_not_be_consistent() {
    let place = restored(|text| text);
    let inconsistent = "--config global/si_unit_consistency=0";
    assert_eq!(column(&place, "lv_size", &format!("{inconsistent} vg/lv")), ["lv,2.00M"]);
    assert!(place.ok(&format!("vgdisplay {inconsistent} vg")).contains("1.00 MB"));
    assert!(place.ok(&format!("pvdisplay {inconsistent} %a")).contains("PE Size (KByte)       1024"));
}

#[test]
fn an_origin_lacks_what_its_snapshots_lack() {
    let place = Place::with(&["a", "b"]);
    place.ok("vgcreate -s 1m vg %a %b");
    place.ok("lvcreate -an -Zn -Wn -l 2 -n origin vg %a");
    place.ok("lvcreate -an -Zn -Wn -l 2 -n store vg %b");
    let file = place.path("text");
    place.ok(&format!("vgcfgbackup -f {} vg", file.display()));
    let text = fs::read_to_string(&file).unwrap();
    let snapshot = "\n\t\tsnapshot0 {\n\t\t\tid = \"abcdef-0123-4567-89ab-cdef-0123-456789\"\n\t\t\tstatus = [\"READ\", \
                    \"WRITE\"]\n\t\t\tflags = []\n\t\t\tsegment_count = 1\n\t\t\tsegment1 {\n\t\t\t\tstart_extent = 0\n\
                    \t\t\t\textent_count = 2\n\t\t\t\ttype = \"snapshot\"\n\t\t\t\tchunk_size = 8\n\t\t\t\torigin = \"origin\"\n\
                    \t\t\t\tcow_store = \"store\"\n\t\t\t}\n\t\t}\n";
    let (before, after) = text.split_once("\tlogical_volumes {\n").unwrap();
    fs::write(&file, format!("{before}\tlogical_volumes {{\n{snapshot}{after}")).unwrap();
    place.ok(&format!("vgcfgrestore --force -y -f {} vg", file.display()));
    let health = |devices: &str| column(&place, "lv_health_status", &format!("vg --devices {devices}"));
    assert_eq!(health("%a --devices %b"), ["origin,", "store,"]);
    assert_eq!(health("%a"), ["origin,partial", "store,partial"]);
    assert_eq!(health("%b"), ["origin,partial", "store,"]);
}
