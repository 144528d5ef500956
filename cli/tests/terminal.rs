//! The shell on a terminal: keys, completion and its history. `script` gives the terminal.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// Tells that a test cannot run here, in the way `make test` counts.
#[expect(clippy::print_stdout, reason = "cargo's runner captures and shows it")]
fn skipped(name: &str, reason: &str) {
    println!("skipped: {name}: {reason}");
    let Some(path) = std::env::var_os("RLVM_SKIPPED") else { return };
    let mut file = OpenOptions::new().create(true).append(true).open(path).unwrap();
    writeln!(file, "{name}: {reason}").unwrap();
}

/// What a shell on a terminal shows when these keys are pressed one after the other; none without `script`.
fn typed(home: &Path, keys: &[&str]) -> Option<String> {
    let mut child = Command::new("script")
        .args(["-qec", env!("CARGO_BIN_EXE_rlvm"), "/dev/null"])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", home)
        .env("TERM", "xterm")
        .env("RLVM_DEVICES", home.join("a.img"))
        .env("LVM_SYSTEM_DIR", home.join("etc"))
        .env("LVM_SUPPRESS_FD_WARNINGS", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut input = child.stdin.take().unwrap();
    for key in keys {
        // A person does not type all at once, and the terminal has to be ready.
        sleep(Duration::from_millis(400));
        input.write_all(key.as_bytes()).unwrap();
    }
    sleep(Duration::from_millis(400));
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn lines_are_completed_edited_and_remembered() {
    let home = tempfile::tempdir().unwrap();
    std::fs::File::create(home.path().join("a.img")).unwrap().set_len(8 << 20).unwrap();
    let keys = [
        "vers\t\r",       // completed, and run
        "lvs nosuch\x03", // an interrupt throws the line away
        "lv\t\t",         // several are possible: listed
        "\x15vgs nö\x7fowhere\r",
        "\x1b[A\x1b[A\r", // the line before the last
        "quit\r",
    ];
    let Some(shown) = typed(home.path(), &keys) else {
        return skipped("lines_are_completed_edited_and_remembered", "no `script` to make a terminal with");
    };
    assert_eq!(shown.matches("LVM version:").count(), 2, "{shown}");
    assert!(shown.contains("lvchange") && shown.contains("lvresize"), "{shown}");
    assert!(shown.contains("Volume group \"nowhere\" not found"), "{shown}");
    assert!(!shown.contains("\"nosuch\"") && shown.contains("Exiting."), "{shown}");
    let history = std::fs::read_to_string(home.path().join(".lvm_history")).unwrap();
    assert_eq!(history, "version \nvgs nowhere\nversion \n");
    // The next shell knows them, and ends at the end of input.
    let shown = typed(home.path(), &["\x1b[A\x1b[A\r", "\x04"]).unwrap();
    assert!(shown.contains("Volume group \"nowhere\" not found"), "{shown}");
}
