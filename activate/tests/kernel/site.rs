//! A VG on loop devices, gone with the test.

use crate::lab::{self, Lab, this_program};
use activate::{HostLoops, Settings, Wish};
use device::{BlockDisk, Disk, DiskSet, Host};
use dm::{Kernel, Udev};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use units::Id;

/// Runs a program, which must succeed; its standard output.
pub(crate) fn sh<S: AsRef<OsStr>>(program: &str, words: impl IntoIterator<Item = S>) -> String {
    let output = Command::new(program).args(words).output().unwrap_or_else(|e| panic!("{program}: {e}"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{program}: {out}{err}");
    out.trim().to_owned()
}

/// Devices of one test.
pub(crate) struct Site {
    pub(crate) kernel: Kernel,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) nodes: Vec<PathBuf>,
    host: Host,
}

impl Site {
    /// Loop devices over sparse files.
    pub(crate) fn new(count: usize, mib: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let node = |number| {
            let path = folder.path().join(format!("disk{number}"));
            std::fs::File::create(&path).unwrap().set_len(mib << 20).unwrap();
            PathBuf::from(sh("losetup", [OsStr::new("-f"), OsStr::new("--show"), path.as_os_str()]))
        };
        let nodes = (0..count).map(node).collect();
        Self { kernel: Kernel::new(), folder, nodes, host: Host::default() }
    }

    pub(crate) fn disks(&self) -> DiskSet {
        open_all(&self.nodes)
    }

    pub(crate) fn loops(&self) -> HostLoops<'_> {
        HostLoops { host: &self.host }
    }

    /// A new VG on all of them.
    pub(crate) fn lab<'a>(&'a self, loops: &'a HostLoops<'a>) -> Lab<'a> {
        let mut lab = Lab::new(self.disks(), &self.kernel, loops, settings());
        lab.guardian = Some(this_program("guardian"));
        lab
    }

    pub(crate) fn mount(&self, device: &Path) -> PathBuf {
        let at = self.folder.path().join("mnt");
        std::fs::create_dir_all(&at).unwrap();
        sh("mount", [device, &at]);
        at
    }
}

pub(crate) fn open_all(nodes: &[PathBuf]) -> DiskSet {
    lab::set(nodes.iter().map(|node| Arc::new(BlockDisk::open(node).unwrap()) as Arc<dyn Disk>))
}

pub(crate) fn settings() -> Settings {
    Settings::of_system(Udev::detect(Path::new("/run"), false))
}

impl Drop for Site {
    fn drop(&mut self) {
        let run = |program: &str, words: &[&OsStr]| {
            let _ = Command::new(program).args(words).output();
        };
        run("umount", &[self.folder.path().join("mnt").as_os_str()]);
        let all = Command::new("dmsetup").args(["ls"]).output();
        let all = all.map(|all| String::from_utf8_lossy(&all.stdout).into_owned()).unwrap_or_default();
        for name in all.lines().filter_map(|line| line.split_whitespace().next()) {
            if name.starts_with("vg") {
                run("dmsetup", &["resume", name].map(OsStr::new));
                run("dmsetup", &["remove", name].map(OsStr::new));
            }
        }
        for node in &self.nodes {
            run("losetup", &[OsStr::new("-d"), node.as_os_str()]);
        }
    }
}

/// The same wish for LVs `1..=count`.
pub(crate) fn all(count: u8, wish: Wish) -> Vec<(Id, Wish)> {
    (1..=count).map(|number| (lab::lv_id(number), wish)).collect()
}
