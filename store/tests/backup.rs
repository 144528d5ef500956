//! Backup and archive files.

use chrono::FixedOffset;
use metadata::model::Provenance;
use metadata::text::parse;
use std::fs::{File, read_dir};
use std::time::{Duration, SystemTime};
use store::{Backup, archive, archives, backup, description_after, read_backup, remove_backup};

const TEXT: &[u8] = b"vg {\nid = \"aaaaaa-bbbb-cccc-dddd-eeee-ffff-gggggg\"\nseqno = 3\nformat = \"lvm2\"\n\
    status = [\"RESIZEABLE\", \"READ\", \"WRITE\"]\nflags = []\nextent_size = 8192\nmax_lv = 0\nmax_pv = 0\n\
    metadata_copies = 0\n\nphysical_volumes {\n}\n\n}\ncontents = \"Text Format Volume Group\"\nversion = 1\n\ndescription = \"\"\n\n\
    creation_host = \"host\"\ncreation_time = 1700000000\n\n";

fn utc(_: i64) -> FixedOffset {
    FixedOffset::east_opt(0).unwrap()
}

fn options(folder: &std::path::Path) -> Backup {
    Backup {
        backup: Some(folder.join("backup")),
        archive: Some(folder.join("archive")),
        retain_min: 3,
        retain_days: 30,
    }
}

fn provenance() -> Provenance {
    let description = description_after("vgchange --addtag x vg");
    Provenance { writer: "rlvm".to_owned(), description, time: 1_700_000_000, ..Provenance::default() }
}

#[test]
fn a_backup_replaces_the_one_before_and_reads_back() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    let mut vg = parse(TEXT).unwrap().vg;
    for seqno in 4..6 {
        vg.seqno = seqno;
        let path = backup(&options, &vg, &provenance(), &utc).unwrap().unwrap();
        assert_eq!(path, folder.path().join("backup/vg"));
        let back = read_backup(&path).unwrap();
        assert_eq!(back.vg, vg);
        assert_eq!(back.provenance.description, "Created *after* executing 'vgchange --addtag x vg'");
    }
    assert_eq!(read_dir(folder.path().join("backup")).unwrap().count(), 1);
    remove_backup(&options, "vg").unwrap();
    remove_backup(&options, "vg").unwrap();
    assert_eq!(read_dir(folder.path().join("backup")).unwrap().count(), 0);
    assert_eq!(backup(&Backup::default(), &vg, &provenance(), &utc).unwrap(), None);
}

#[test]
fn archives_are_numbered_and_expire_by_age_down_to_the_least_number() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    let vg = parse(TEXT).unwrap().vg;
    let old = SystemTime::now() - Duration::from_secs(40 * 24 * 60 * 60);
    for index in 0..5 {
        let made = archive(&options, &vg, &provenance(), &utc, 77).unwrap();
        let path = made.path.unwrap();
        assert_eq!(path.file_name().unwrap().to_str().unwrap(), format!("vg_{index:05}-77.vg"));
        File::options().write(true).open(&path).unwrap().set_modified(old).unwrap();
        assert_eq!(made.expired.len(), usize::from(index >= 3));
    }
    let dir = folder.path().join("archive");
    let left: Vec<u32> = archives(&dir, "vg").unwrap().iter().map(|archive| archive.index).collect();
    assert_eq!(left, [2, 3, 4]);
    // Another VG's archives, and files that are none, are left alone.
    std::fs::write(dir.join("vg_99999-1.vg"), "").unwrap();
    std::fs::write(dir.join("other_00007-1.vg"), "").unwrap();
    std::fs::write(dir.join("vg.vg"), "").unwrap();
    let next = archive(&options, &vg, &provenance(), &utc, 77).unwrap().path.unwrap();
    assert!(next.ends_with("vg_100000-77.vg"));
    assert_eq!(archives(&dir, "vg").unwrap().last().unwrap().index, 100_000);
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("backup"), "").unwrap();
    let vg = parse(TEXT).unwrap().vg;
    let error = backup(&options(folder.path()), &vg, &provenance(), &utc).unwrap_err();
    assert!(error.to_string().contains("backup"), "{error}");
    assert!(!error.is_full());
}
