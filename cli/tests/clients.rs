//! What programs that drive LVM2 ask, run on disks in memory, against what LVM2 was recorded to answer.
//!
//! ```text
//! disks 4G 1G              the disks /dev/sda, /dev/sdb...; what follows begins with new ones
//! vgcreate vg /dev/sda     before any row: how the disks come to be as the rows find them
//! $ lvs -o lv_name vg      a row: variables, a command; single quotes keep words together
//! = 0                      its status
//! >   LV                   what it says on standard output
//! !   Volume group ...     and on standard error, where programs look at that (rows that begin with `$!`)
//! - vg|2045                lines of the reports in STATE that are gone after it
//! + vg|2040                and that are new
//! ```
//!
//! Names of devices are shown as /the/place/dev/sda. A row that changes something is taken back.

mod kit;

use cli::run;
use cli::world::World;
use device::ram::{FakeHost, RamDisk};
use kit::split;
use regex::{Captures, Regex};
use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tempfile::TempDir;
use units::Bytes;

/// What is there after a command, as reports tell it.
const STATE: [&str; 3] = [
    "vgs -o vg_name,vg_attr,vg_extent_size,vg_extent_count,vg_free_count,vg_seqno,vg_tags,max_lv,max_pv,vg_mda_count,\
     vg_mda_used_count,vg_mda_size,vg_allocation_policy,vg_systemid,vg_autoactivation",
    "pvs -a -o pv_name,vg_name,pv_attr,pv_size,pv_used,pe_start,pv_mda_count,pv_mda_used_count,pv_mda_size,pv_tags,\
     pv_ba_size",
    "lvs -a -o vg_name,lv_name,lv_attr,lv_size,segtype,stripes,stripe_size,seg_start_pe,seg_size_pe,devices,lv_tags,\
     lv_read_ahead,lv_major,lv_minor,lv_profile",
];

/// As long as the folder `dev` of a machine with its last slash, so that columns stay where they are.
const SHOWN: &str = "/the/place/dev/";

struct Machine {
    folder: TempDir,
    disks: Vec<RamDisk>,
    host: FakeHost,
    runs: u64,
}

impl Machine {
    fn new(sizes: &str) -> Self {
        // Directly in /tmp: the length of its name counts.
        let folder = tempfile::Builder::new().prefix("c").rand_bytes(4).tempdir_in("/tmp").unwrap();
        assert_eq!(folder.path().join("dev/").as_os_str().len(), SHOWN.len());
        let host = FakeHost::new(folder.path());
        let disks = sizes.split(' ').enumerate().map(|(at, size)| {
            let (number, unit) = size.split_at(size.len() - 1);
            let shift = if unit == "G" { 30 } else { 20 };
            let len = Bytes::new(number.parse::<u64>().unwrap() << shift);
            host.add(&format!("sd{}", char::from(b'a' + at as u8)), &format!("7:{}", 100 + at), len)
        });
        let disks = disks.collect();
        let machine = Self { folder, disks, host, runs: 0 };
        let etc = machine.folder.path().join("etc");
        fs::create_dir(&etc).unwrap();
        let conf = format!(
            "global {{ activation = 0 event_activation = 0 locking_dir = \"{}/locks\" }}\n\
             devices {{ use_devicesfile = 0 hints = \"none\" scan = [ \"{}\" ] }}\nactivation {{ monitoring = 0 }}\n",
            etc.display(),
            machine.folder.path().join("dev").display()
        );
        fs::write(etc.join("lvm.conf"), conf).unwrap();
        machine
    }

    fn settle(&self) {
        self.disks.iter().for_each(RamDisk::settle);
    }

    fn run(&mut self, line: &str) -> (u8, String, String) {
        self.runs += 1;
        let (mut world, streams) = World::seeded(self.runs * 1000, self.host.host(), &[]);
        let dev = self.folder.path().join("dev/");
        let etc = self.folder.path().join("etc");
        world.run_dir = self.folder.path().join("run");
        world.env.set("LVM_SYSTEM_DIR", etc.to_str().unwrap());
        let line =
            line.replace("/dev/sd", &format!("{}sd", dev.display())).replace("%dir", etc.to_str().unwrap());
        let mut words: Vec<OsString> = vec!["lvm".into()];
        for word in split(&line) {
            match word.split_once('=') {
                Some((name, value)) if words.len() == 1 => world.env.set(name, value),
                _ => words.push(word.into()),
            }
        }
        let exit = run(&words, &mut world).code();
        let text = |stream: &std::sync::Mutex<Vec<u8>>| {
            let text = String::from_utf8_lossy(&stream.lock().unwrap()).into_owned();
            text.replace(etc.to_str().unwrap(), "%dir").replace(dev.to_str().unwrap(), SHOWN)
        };
        (exit, text(&streams.out), text(&streams.err))
    }

    fn state(&mut self) -> Vec<String> {
        let reports = STATE
            .map(|report| self.run(&format!("{report} --noheadings --nosuffix --units k --separator |")).1);
        let mut state: Vec<String> =
            reports.iter().flat_map(|report| report.lines()).map(|line| line.trim().to_owned()).collect();
        state.extend(self.devices_files());
        state
    }

    /// The entries of devices files, each after the name of its file.
    fn devices_files(&self) -> Vec<String> {
        let mut entries = Vec::new();
        let files = fs::read_dir(self.folder.path().join("etc/devices")).into_iter().flatten();
        let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
        files.sort();
        for path in files {
            let name = path.file_name().unwrap().to_str().unwrap();
            if name.ends_with(".devices") {
                let text = fs::read_to_string(&path).unwrap();
                let text = text.replace(self.folder.path().join("dev/").to_str().unwrap(), SHOWN);
                let lines = text.lines().filter(|line| line.starts_with("IDTYPE"));
                entries.extend(lines.map(|line| format!("{name} {line}")));
            }
        }
        entries
    }

    /// A row's answer, as it is recorded.
    fn answer(&mut self, line: &str, with_messages: bool, before: &[String]) -> Vec<String> {
        let images: Vec<_> = self.disks.iter().map(RamDisk::content).collect();
        let backups = Backups::of(self.folder.path());
        let (exit, out, err) = self.run(line);
        let mut normal = Normal::default();
        let mut rows = vec![format!("= {exit}")];
        rows.extend(normal.text(&out).lines().map(|line| format!("> {line}")));
        if with_messages {
            rows.extend(normal.text(&err).lines().map(|line| format!("! {line}")));
        }
        let written = self.disks.iter().any(|disk| disk.requests() > 0);
        let changed = written || !backups.are_in(self.folder.path());
        if changed {
            let after = self.state();
            let gone = before.iter().filter(|line| !after.contains(line)).map(|line| format!("- {line}"));
            let new = after.iter().filter(|line| !before.contains(line)).map(|line| format!("+ {line}"));
            rows.extend(gone.chain(new).map(|line| normal.text(&line)));
            for (disk, image) in self.disks.iter().zip(images) {
                disk.set_content(image);
            }
            backups.restore(self.folder.path());
        }
        rows.into_iter().map(|row| row.trim_end().to_owned()).collect()
    }
}

/// The settings, backups, archives and devices files of a machine.
#[derive(PartialEq)]
struct Backups(Vec<(PathBuf, Vec<u8>)>);

impl Backups {
    fn of(folder: &Path) -> Self {
        let mut files = Vec::new();
        let mut folders = vec![folder.join("etc")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path)
                } else {
                    files.push((path.clone(), fs::read(path).unwrap()))
                }
            }
        }
        files.sort();
        Self(files)
    }

    fn are_in(&self, folder: &Path) -> bool {
        *self == Self::of(folder)
    }

    fn restore(&self, folder: &Path) {
        fs::remove_dir_all(folder.join("etc")).unwrap();
        for (path, content) in &self.0 {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
    }
}

/// What an id looks like.
static ID: LazyLock<Regex> =
    LazyLock::new(|| regex(r"\b(?:[0-9A-Za-z]{6}(?:-[0-9A-Za-z]{4}){5}-[0-9A-Za-z]{6}|[0-9A-Za-z]{32})\b"));

/// What else differs from run to run, and what stands for it.
static RULES: LazyLock<[(Regex, &str); 4]> = LazyLock::new(|| {
    [
        (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}", "YYYY-MM-DD hh:mm:ss +0000"),
        (r#"(creation_host = ").*?".*"#, r#"${1}HOST""#),
        (r"(creation_time = )\d+.*", "${1}TIME"),
        (r"pvscan\[\d+\]", "pvscan[PID]"),
    ]
    .map(|(pattern, to)| (regex(pattern), to))
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}

/// Takes out what differs from run to run: ids become their number in order of appearance, as wide as they were.
#[derive(Default)]
struct Normal {
    seen: HashMap<String, usize>,
}

impl Normal {
    fn text(&mut self, text: &str) -> String {
        let text = ID.replace_all(text, |found: &Captures<'_>| {
            let next = self.seen.len() + 1;
            let number = *self.seen.entry(found[0].replace('-', "")).or_insert(next);
            format!("<id {number:<0$}>", found[0].len() - 5)
        });
        RULES.iter().fold(text.into_owned(), |text, (pattern, to)| pattern.replace_all(&text, *to).into())
    }
}

/// What of a recording rlvm answers otherwise.
fn differences(recorded: &str) -> (usize, Vec<String>) {
    let (head, blocks) = recorded.split_once("\n\n").unwrap();
    let mut head = head.lines().filter(|line| !line.starts_with('#'));
    let mut machine = Machine::new(head.next().unwrap().strip_prefix("disks ").unwrap());
    for line in head {
        let (exit, _, err) = machine.run(line);
        assert_eq!(exit, 0, "{line}: {err}");
    }
    machine.settle();
    let before = machine.state();
    let (mut count, mut wrong) = (0, Vec::new());
    for block in blocks.split("\n\n") {
        let lines: Vec<&str> = block.lines().filter(|line| !line.starts_with('#')).collect();
        let (rows, wanted): (Vec<&str>, Vec<&str>) = lines.iter().partition(|line| line.starts_with('$'));
        for row in rows {
            count += 1;
            let (kind, line) = row.split_once(' ').unwrap();
            let got = machine.answer(line, kind == "$!", &before);
            if got != wanted {
                wrong.push(format!("{row}\n-- LVM2:\n{}\n-- rlvm:\n{}\n", wanted.join("\n"), got.join("\n")));
            }
        }
    }
    (count, wrong)
}

fn check(recorded: &str) {
    let (count, wrong) = differences(recorded);
    assert!(count > 50, "only {count} rows were found");
    assert!(wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn reports_and_displays_say_what_lvm2_says() {
    check(include_str!("recorded/clients/reading.txt"));
}

#[test]
fn fields_have_the_values_that_lvm2_gives_them() {
    check(include_str!("recorded/clients/fields.txt"));
}

#[test]
fn selections_settings_and_spellings_mean_what_they_mean_to_lvm2() {
    check(include_str!("recorded/clients/more.txt"));
}

#[test]
fn pvs_and_vgs_are_made_as_lvm2_makes_them() {
    check(include_str!("recorded/clients/making.txt"));
}

#[test]
fn volumes_and_groups_change_as_lvm2_changes_them() {
    check(include_str!("recorded/clients/changing.txt"));
}

#[test]
fn devices_files_dumps_backups_and_whole_reports_are_as_lvm2_has_them() {
    check(include_str!("recorded/clients/managing.txt"));
}
