//! Where the program writes: descriptors that the environment names, as daemons that drive LVM2 set them up.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// Runs `sh -c` in a folder with an image; `$RLVM` is the program.
fn shell(folder: &TempDir, script: &str) -> Output {
    let image = folder.path().join("a.img");
    fs::File::create(&image).unwrap().set_len(8 << 20).unwrap();
    Command::new("sh")
        .args(["-c", script])
        .current_dir(folder.path())
        .env_clear()
        .env("RLVM", env!("CARGO_BIN_EXE_rlvm"))
        .env("RLVM_DEVICES", image)
        .env("LVM_SYSTEM_DIR", folder.path().join("etc"))
        .env("LVM_SUPPRESS_FD_WARNINGS", "1")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn file(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(Path::new(folder.path()).join(name)).unwrap()
}

#[test]
fn reports_go_where_lvm_report_fd_says_and_nothing_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let said = shell(
        &folder,
        "LVM_REPORT_FD=9 $RLVM vgcreate vg a.img 9>made; LVM_REPORT_FD=9 $RLVM vgs --noheadings -o vg_name 9>rows; \
         LVM_REPORT_FD=9 $RLVM vgs nosuch --reportformat json 9>>rows; LVM_REPORT_FD=1 $RLVM vgs --noheadings -o pv_count",
    );
    assert!(text(&said.stdout).ends_with("  Volume group \"vg\" successfully created\n    1\n"), "{said:?}");
    // The report has a log, where that stands.
    assert_eq!(text(&said.stderr), "", "{said:?}");
    assert_eq!(file(&folder, "made"), "");
    let rows = file(&folder, "rows");
    assert!(rows.starts_with("  vg\n  {\n") && rows.contains("\"vg\": ["), "{rows}");
    assert!(rows.contains("Volume group \\\"nosuch\\\" not found"), "{rows}");
}

#[test]
fn what_is_said_goes_where_the_environment_says() {
    let folder = tempfile::tempdir().unwrap();
    let said = shell(
        &folder,
        "LVM_OUT_FD=7 LVM_ERR_FD=8 $RLVM vgcreate vg a.img 7>out 8>err; LVM_OUT_FD=7 LVM_ERR_FD=8 $RLVM vgs no 7>>out 8>>err; \
         LVM_ERR_FD=1 $RLVM vgs nowhere",
    );
    assert_eq!(text(&said.stdout).lines().next(), Some("  Volume group \"nowhere\" not found"), "{said:?}");
    assert_eq!(text(&said.stderr), "");
    assert!(file(&folder, "out").ends_with("  Volume group \"vg\" successfully created\n"));
    assert!(file(&folder, "err").starts_with("  Volume group \"no\" not found\n"));
}

#[test]
fn descriptors_that_cannot_be_used_end_with_4() {
    let folder = tempfile::tempdir().unwrap();
    for (script, says) in [
        ("LVM_REPORT_FD=x $RLVM vgs", "  LVM_REPORT_FD: invalid file descriptor.\n"),
        ("LVM_OUT_FD=-2 $RLVM vgs", "  LVM_OUT_FD: invalid file descriptor.\n"),
        ("LVM_ERR_FD=0 $RLVM vgs", "  LVM_ERR_FD: standard input takes no output.\n"),
        ("LVM_REPORT_FD=77 $RLVM vgs", "  LVM_REPORT_FD: file descriptor 77 cannot be written to: "),
        (
            "LVM_REPORT_FD=6 $RLVM vgs 6</dev/null",
            "  LVM_REPORT_FD: file descriptor 6 cannot be written to: ",
        ),
    ] {
        let said = shell(&folder, script);
        assert_eq!(said.status.code(), Some(4), "{script}: {said:?}");
        assert!(text(&said.stderr).starts_with(says), "{script}: {said:?}");
    }
}
