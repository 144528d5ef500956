//! The lock files against Debian's own LVM2, where that is installed and loop devices can be attached.

use super::{LockError, LockFile, LockMode, LockOptions, Priority, Wait, flock_holders};
use crate::host::Host;
use crate::loops::{AttachOptions, Attached, attach};
use crate::skipped::skipped;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

/// A VG `lock_test` with one LV, on an image attached to a loop device, in a world of its own.
struct Vg {
    folder: tempfile::TempDir,
    image: Attached,
}

impl Vg {
    /// None, and a line that says so, where LVM2 or loop devices are missing.
    fn new(test: &str) -> Option<Self> {
        Self::try_new().inspect_err(|why| skipped(test, &format!("no LVM2 on a loop device: {why}"))).ok()
    }

    fn try_new() -> Result<Self, String> {
        Command::new("lvm").arg("version").output().map_err(|e| e.to_string())?;
        let folder = tempfile::tempdir().unwrap();
        let image = folder.path().join("pv.img");
        std::fs::File::create(&image).and_then(|file| file.set_len(32 << 20)).unwrap();
        let image = attach(&Host::default(), &image, AttachOptions::default()).map_err(|e| e.to_string())?;
        let vg = Self { folder, image };
        let node = vg.image.device.node.to_str().unwrap().to_owned();
        for args in
            [&["vgcreate", "lock_test", &node][..], &["lvcreate", "-an", "-Zn", "-Wn", "-l1", "lock_test"]]
        {
            let output = vg.lvm(args).output().unwrap();
            if !output.status.success() {
                return Err(String::from_utf8_lossy(&output.stderr).into_owned());
            }
        }
        Ok(vg)
    }

    fn lvm(&self, args: &[&str]) -> Command {
        let path = |name: &str| self.folder.path().join(name).display().to_string();
        let config = format!(
            "global {{ activation=0 locking_dir=\"{}\" wait_for_locks=0 }} \
             devices {{ use_devicesfile=0 hints=\"none\" filter=[\"a|^{}$|\",\"r|.*|\"] }} \
             backup {{ backup=0 archive=0 }}",
            path("locks"),
            self.image.device.node.display()
        );
        let mut command = Command::new("lvm");
        command.args(args).args(["--config", &config]).stdin(Stdio::null());
        command.env("LVM_SYSTEM_DIR", self.folder.path());
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.lvm(args).output().unwrap()
    }

    fn lock(&self, mode: LockMode, wait: Wait<'_>) -> Result<LockFile, LockError> {
        let options = LockOptions { wait, priority: Priority::Writers };
        LockFile::acquire(&self.lock_path(), mode, options)
    }

    fn lock_path(&self) -> std::path::PathBuf {
        self.folder.path().join("locks/V_lock_test")
    }
}

/// Ends the process with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn lvm2_waits_for_our_lock_and_shares_a_readers() {
    let Some(vg) = Vg::new("lvm2 waits for our lock and shares a readers") else { return };
    let ours = vg.lock(LockMode::Exclusive, Wait::NO).unwrap();
    for args in [&["vgchange", "--addtag", "x", "lock_test"][..], &["vgs", "lock_test"]] {
        let output = vg.run(args);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && stderr.contains("V_lock_test"), "{args:?}: {stderr}");
    }
    let ours = ours.convert(LockMode::Shared, Wait::NO).unwrap();
    assert!(vg.run(&["vgs", "lock_test"]).status.success());
    assert!(!vg.run(&["vgchange", "--addtag", "x", "lock_test"]).status.success());
    drop(ours);
    assert!(vg.run(&["vgchange", "--addtag", "x", "lock_test"]).status.success());
    assert!(!vg.lock_path().exists());
}

#[test]
fn we_wait_for_lvm2s_lock_and_name_its_holder() {
    let Some(vg) = Vg::new("we wait for lvm2s lock and name its holder") else { return };
    // It asks whether to remove the LV, with the lock held, and an open pipe keeps it waiting.
    let mut command = vg.lvm(&["vgremove", "lock_test"]);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut asking = Running(command.spawn().unwrap());
    let pid = asking.0.id();
    wait_for(|| proc_locks_names(pid, &vg.lock_path()));
    let error = vg.lock(LockMode::Exclusive, Wait::at_most(Duration::from_millis(50))).unwrap_err();
    let LockError::Held { holders, .. } = &error else { panic!("{error}") };
    assert_eq!((holders[0].pid, holders[0].command.as_str()), (pid, "lvm"));
    assert!(!error.is_own());
    let got = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| vg.lock(LockMode::Exclusive, Wait::at_most(Duration::from_secs(30))));
        asking.0.stdin.take().unwrap().write_all(b"n\n").unwrap();
        waiting.join().unwrap()
    });
    drop(got.unwrap());
    assert!(!vg.lock_path().exists());
}

fn proc_locks_names(pid: u32, path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|stat| flock_holders(&stat).iter().any(|p| p.pid == pid))
}

fn wait_for(condition: impl Fn() -> bool) {
    for _ in 0..2000 {
        if condition() {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("waited in vain");
}
