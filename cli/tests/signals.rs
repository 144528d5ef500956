//! A signal ends a question, a wait or a copy: status 5, and it is said what is on the disk.

use std::fs;
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A folder with a VG and an LV of 4 MiB on an image.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::File::create(folder.path().join("a.img")).unwrap().set_len(8 << 20).unwrap();
    for line in ["vgcreate -s 1m vg a.img", "lvcreate -l 4 -n lv vg"] {
        assert!(start(&folder, line).wait().unwrap().success(), "{line}");
    }
    folder
}

fn start(folder: &TempDir, line: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_rlvm"))
        .args(line.split(' '))
        .current_dir(folder.path())
        .env_clear()
        .env("RLVM_DEVICES", "a.img")
        .env("LVM_SYSTEM_DIR", folder.path().join("etc"))
        .env("LVM_SUPPRESS_FD_WARNINGS", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Waits until the program sleeps, then sends it a signal. Gives its status and what it said on standard error.
fn end(mut child: Child, signal: &str) -> (i32, String) {
    let stat = format!("/proc/{}/stat", child.id());
    let began = Instant::now();
    let mut asleep = 0;
    // A short sleep may be a read from a disk.
    while asleep < 10 && began.elapsed() < Duration::from_secs(20) {
        sleep(Duration::from_millis(20));
        let text = fs::read_to_string(&stat).unwrap_or_default();
        asleep = if text.contains(") S ") { asleep + 1 } else { 0 };
    }
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    // Its standard input stays open meanwhile.
    let input = child.stdin.take();
    let status = child.wait().unwrap();
    drop(input);
    let said = child.wait_with_output().unwrap();
    (status.code().unwrap_or(-1), String::from_utf8(said.stderr).unwrap())
}

#[test]
fn a_signal_answers_a_question_with_no() {
    let folder = folder();
    let before = fs::read(folder.path().join("a.img")).unwrap();
    for signal in ["-INT", "-TERM"] {
        let (status, said) = end(start(&folder, "vgremove vg"), signal);
        assert_eq!(status, 5, "{said}");
        assert!(said.contains("[y/n]: \n  Interrupted.\n"), "{said}");
        let (status, said) = end(start(&folder, "pvcreate -ff a.img"), signal);
        assert_eq!(status, 5, "{said}");
        assert!(said.contains("physical volume not initialized"), "{said}");
    }
    assert!(fs::read(folder.path().join("a.img")).unwrap() == before);
}

#[test]
fn a_copy_from_a_pipe_that_keeps_still_ends() {
    let folder = folder();
    for signal in ["-INT", "-TERM"] {
        let mut import = start(&folder, "import - vg/lv");
        import.stdin.as_mut().unwrap().write_all(&[7; (1 << 20) + 5]).unwrap();
        let (status, said) = end(import, signal);
        assert_eq!(status, 5, "{said}");
        assert!(said.contains("The first 1048576 bytes of vg/lv are new, the rest is as it was."), "{said}");
    }
}

#[test]
fn a_copy_into_a_pipe_that_nobody_reads_ends() {
    let folder = folder();
    let (status, said) = end(start(&folder, "export vg/lv -"), "-INT");
    assert_eq!(status, 5, "{said}");
    assert!(said.contains("Export of vg/lv was interrupted."), "{said}");
}

#[test]
fn waiting_for_a_lock_ends() {
    let folder = folder();
    let lock = fs::File::open(folder.path().join("a.img")).unwrap();
    lock.lock().unwrap();
    let (status, said) = end(start(&folder, "lvcreate -l 1 vg"), "-INT");
    assert_eq!(status, 5, "{said}");
    assert!(said.contains("waiting for the lock was interrupted"), "{said}");
}
