//! The table of settings and their cascade.

use conf::settings::{
    Default, Flags, Honoured, Kind, Layer, Origin, ProblemKind, Rank, Settings, TABLE, merge_files, row_of,
};
use conf::{Fault, Value};

fn file(name: &str, text: &str) -> Layer {
    Layer::read(Origin::File(name.into()), text.as_bytes()).unwrap()
}

fn command_line(text: &str) -> Layer {
    Layer::read(Origin::CommandLine, text.as_bytes()).unwrap()
}

fn problems(layer: &Layer) -> Vec<String> {
    layer.problems().iter().map(ToString::to_string).collect()
}

#[test]
fn the_table_is_consistent() {
    let mut seen = std::collections::HashSet::new();
    for row in TABLE {
        assert!(seen.insert(row.path), "{} twice", row.path);
        if let Some((section, _)) = row.path.rsplit_once('/') {
            assert_eq!(row_of(section).map(|row| row.kind), Some(Kind::Section), "{}", row.path);
        }
        let fits = match (row.kind, row.default) {
            (Kind::Bool, Default::Bool(_)) | (Kind::Int, Default::Int(_) | Default::None) => true,
            (Kind::Str, Default::Text(text)) => row.one_of.is_empty() || row.one_of.contains(&text),
            (Kind::Str, Default::SystemDir(_) | Default::None) => true,
            (Kind::Str, Default::SameAs(other)) => row_of(other).is_some_and(|row| row.kind == Kind::Str),
            (Kind::Array, Default::List(_) | Default::None) => true,
            (Kind::MixedArray | Kind::Section, Default::None) => true,
            _ => false,
        };
        assert!(fits, "{} has no default of its type", row.path);
        assert!(row.deprecated.is_none_or(|version| version >= row.since), "{}", row.path);
    }
    assert!(TABLE.len() > 290);
}

#[test]
fn an_absent_setting_has_its_default() {
    let settings = Settings::new("/srv/lvm");
    assert!(settings.bool("activation/udev_sync"));
    assert_eq!(settings.int("backup/retain_min"), 10);
    assert_eq!(settings.int("global/umask"), 0o77);
    assert_eq!(settings.str("devices/dir"), "/dev");
    assert_eq!(settings.str("backup/archive_dir"), "/srv/lvm/archive");
    assert_eq!(settings.str("activation/mirror_image_fault_policy"), "remove");
    assert_eq!(settings.opt_str("local/system_id"), None);
    assert_eq!(settings.opt_int("metadata/pvmetadatasize"), None);
    assert_eq!(settings.strings("devices/filter"), Ok(Some(vec!["a|.*|"])));
    assert_eq!(settings.strings("activation/volume_list"), Ok(None));
    assert!(settings.find("devices/dir").is_none());
    assert!(settings.problems().is_empty() && settings.not_honoured().is_empty());
}

#[test]
fn the_strongest_layer_decides() {
    let text = "report { time_format=\"%s\" aligned=0 headings=2 } allocation/thin_pool_zero=0";
    let profile = |origin: Origin| Layer::read(origin, text.as_bytes()).unwrap();
    let settings = Settings::new("/etc/lvm")
        .with(command_line("report/headings=0 global { units = \"h\" }"))
        .with(file("/etc/lvm/lvm.conf", "report { separator=\"|\" aligned=yes headings=1 }\nglobal/units=k"))
        .with(profile(Origin::MetadataProfile("m".into())))
        .with(profile(Origin::CommandProfile("c".into())));
    assert_eq!(settings.int("report/headings"), 0);
    assert_eq!(settings.str("global/units"), "h");
    assert!(!settings.bool("report/aligned"));
    assert_eq!(settings.str("report/separator"), "|");
    let found = settings.find("report/aligned").unwrap();
    assert_eq!(found.place.to_string(), "command profile c, line 1");
    assert_eq!(settings.find("report/headings").unwrap().place.to_string(), "--config, column 1");
    assert!(Origin::CommandLine.rank() < Rank::Files);
}

#[test]
fn every_form_of_the_command_line_is_read() {
    let text = "global{activation=0} devices { filter=[ \"a|/dev/sd.*|\", 'r|.*|' ] }\
        backup/backup=no log{ verbose = 2 }activation/volume_list=[]";
    let settings = Settings::new("/etc/lvm").with(command_line(text));
    assert!(!settings.bool("global/activation") && !settings.bool("backup/backup"));
    assert_eq!(settings.strings("devices/filter"), Ok(Some(vec!["a|/dev/sd.*|", "r|.*|"])));
    assert_eq!(settings.strings("activation/volume_list"), Ok(Some(vec![])));
    assert_eq!(settings.int("log/verbose"), 2);
    assert_eq!(settings.problems().len(), 0);
    for text in ["", "  # nothing\n"] {
        let error = Layer::read(Origin::CommandLine, text.as_bytes()).unwrap_err();
        assert_eq!(error.error.what, Fault::NothingSet);
    }
    assert!(Layer::read(Origin::File("x".into()), b"# comment only\n").is_ok());
    let error = Layer::read(Origin::CommandLine, b"devices { ").unwrap_err();
    assert_eq!(error.to_string(), "--config: line 1, column 1: section 'devices' is not closed");
}

#[test]
fn a_value_of_the_wrong_type_is_reported_with_its_line_and_the_default_holds() {
    let text = "backup {\n\tretain_min = \"x\"\n\tarchive = maybe\n\tretain_days = [ 1, 2 ]\n}\nnosuch {\n x = 1\n}\n\
        global { nosuch = 1 units = \"\" suffix = 1.5 suffix = 7 }\ndevices = 1\nlog { prefix { } }\ndevices/scan = []\n";
    let settings = Settings::new("/etc/lvm")
        .with(file("lvm.conf", text))
        .with(command_line("global/units=5 global/suffix=0"));
    let shown: Vec<String> = settings.problems().iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "--config, column 1: global/units is an integer and should be a string",
            "lvm.conf, line 2: backup/retain_min is a string and should be an integer",
            "lvm.conf, line 3: backup/archive is 'maybe' and should be 0, 1, yes, no, on, off, true or false",
            "lvm.conf, line 4: backup/retain_days is an array and should be an integer",
            "lvm.conf, line 6: nosuch is not a section of LVM2's settings",
            "lvm.conf, line 9: global/nosuch is not a setting of LVM2",
            "lvm.conf, line 9: global/units cannot be empty",
            "lvm.conf, line 9: global/suffix is set more than once, and has the last value",
            "lvm.conf, line 11: log/prefix is a section and should be a string",
            "lvm.conf, line 12: devices/scan cannot be empty",
            "lvm.conf, line 12: devices is set more than once, and has the last value",
        ]
    );
    assert_eq!(settings.int("backup/retain_min"), 10);
    assert!(settings.bool("backup/archive"));
    assert_eq!(settings.str("global/units"), "r");
    assert!(!settings.bool("global/suffix"));
    let error = settings.strings("devices/scan").unwrap_err();
    assert_eq!((error.kind, error.place.at.line), (ProblemKind::Empty, 12));
    let quiet = settings.with(command_line("config/checks=0"));
    assert!(quiet.problems().is_empty());
}

#[test]
fn a_lone_string_is_an_array_and_a_lone_item_is_a_scalar() {
    let settings =
        Settings::new("/e").with(command_line("devices/filter=\"r|x|\" backup/backup_dir=[\"/b\"]"));
    assert_eq!(settings.strings("devices/filter"), Ok(Some(vec!["r|x|"])));
    assert_eq!(settings.str("backup/backup_dir"), "/b");
    let settings = settings.with(command_line("devices/filter=5"));
    let error = settings.strings("devices/filter").unwrap_err();
    assert_eq!(
        error.to_string(),
        "--config, column 1: devices/filter is an integer and should be an array of strings"
    );
}

#[test]
fn profiles_set_only_what_profiles_can() {
    let text = b"report/headings=0 allocation/thin_pool_zero=0 backup/backup=0";
    let command = Layer::read(Origin::CommandProfile("p".into()), text).unwrap();
    let metadata = Layer::read(Origin::MetadataProfile("p".into()), text).unwrap();
    assert_eq!(
        problems(&command),
        [
            "command profile p, line 1: allocation/thin_pool_zero is customizable by metadata profile only, not command profile",
            "command profile p, line 1: backup is not customizable by a profile",
        ]
    );
    assert_eq!(
        problems(&metadata),
        [
            "metadata profile p, line 1: report/headings is customizable by command profile only, not metadata profile",
            "metadata profile p, line 1: backup is not customizable by a profile",
        ]
    );
}

#[test]
fn files_of_host_tags_outweigh_and_join_as_in_lvm2() {
    let main = "tags { hosttags = 1 t1 { } @t2 { host_list = [ \"other\" ] } t3 { host_list = \"host\" } }\n\
        activation { volume_list = [ \"vg0\" ] readahead = none }";
    let main = file("lvm.conf", main);
    let tags = main.host_tags("host");
    assert_eq!(tags, ["host", "t1", "t3"]);
    let local = file("lvmlocal.conf", "local/system_id = \"me\" activation/readahead = auto");
    let tagged = file(
        "lvm_t1.conf",
        "activation { tags = [ \"@t1\" ] volume_list = \"vg1\" }\nglobal { tags = \"t9\" units = \"b\" }",
    );
    assert_eq!(problems(&tagged), [""; 0]);
    let settings = Settings::new("/etc/lvm").with(merge_files(vec![main, local, tagged], &tags));
    assert_eq!(settings.strings("activation/volume_list"), Ok(Some(vec!["vg1", "vg0"])));
    assert_eq!(settings.str("activation/readahead"), "auto");
    assert_eq!(settings.str("local/system_id"), "me");
    assert_eq!(settings.str("global/units"), "r");
    assert_eq!(settings.find("activation/readahead").unwrap().place.to_string(), "lvmlocal.conf, line 1");
}

#[test]
fn sections_of_the_users_making_are_not_checked_and_can_be_listed() {
    let layer = command_line("allocation/cache_settings { smq { migration_threshold = 2048 x { y = 1 } } }");
    assert_eq!(problems(&layer), [""; 0]);
    let settings = Settings::new("/e").with(layer);
    let all: Vec<_> = settings.section("allocation/cache_settings/smq").collect();
    assert_eq!(all, [("migration_threshold", &Value::Int(2048))]);
    assert_eq!(settings.section("allocation/cache_settings/mq").count(), 0);
}

#[test]
fn settings_that_are_not_heeded_are_told_once_and_only_when_they_differ() {
    let row = TABLE.iter().find(|row| row.honoured == Honoured::NotYet && row.kind == Kind::Bool).unwrap();
    let Default::Bool(default) = row.default else { panic!("a truth value") };
    let set = |on: bool| command_line(&format!("{}={}", row.path, u8::from(on)));
    let settings = Settings::new("/e").with(set(default)).with(command_line("backup/backup=0"));
    assert!(settings.not_honoured().is_empty());
    let settings = settings.with(set(!default)).with(set(!default));
    assert_eq!(settings.not_honoured().iter().map(|found| found.path).collect::<Vec<_>>(), [row.path]);
}

#[test]
fn flags_and_versions_are_those_of_lvm2() {
    let row = row_of("global/umask").unwrap();
    assert!(row.flags.has(Flags::OCTAL | Flags::COMMENTED) && !row.flags.has(Flags::ADVANCED));
    assert_eq!(row_of("local/pr_key").unwrap().since.to_string(), "2.3.32");
    assert_eq!(row_of("tags/mine/host_list").unwrap().path, "tags/#/host_list");
    assert!(row_of("devices/nosuch").is_none());
    assert_eq!(row_of("devices/hints").unwrap().one_of, ["all", "none"]);
    assert_eq!(row_of("global/use_lvmetad").unwrap().honoured, Honoured::Moot);
}
