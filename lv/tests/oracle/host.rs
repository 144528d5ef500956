//! Loop devices and the real lvm, kept apart from the machine's own.

use std::fs::File;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// Extents of 64 KiB, so that small files hold many.
pub(crate) const EXTENT_KIB: u64 = 64;

pub(crate) struct Host {
    lvm: String,
    home: TempDir,
    loops: Vec<String>,
    /// Whether lvreduce has `--fs`.
    pub(crate) has_fs: bool,
    /// Whether it is the LVM2 whose every word counts (2.03.40 and later). Others choose the same extents, but
    /// extend differently where a PV is named that has nothing free, and word things differently.
    pub(crate) strict: bool,
}

/// What a command said and whether it succeeded.
pub(crate) struct Said {
    pub(crate) ok: bool,
    pub(crate) stderr: String,
    pub(crate) stdout: String,
}

impl Host {
    pub(crate) fn new(lvm: &str) -> Result<Self, String> {
        let home = tempfile::tempdir().map_err(|error| error.to_string())?;
        let mut host = Self { lvm: lvm.to_owned(), home, loops: Vec::new(), has_fs: false, strict: false };
        let version = host.run(&["version"]);
        if !version.stdout.contains("LVM version") {
            return Err(format!("{lvm} does not run"));
        }
        let number = version.stdout.split("2.03.").nth(1).unwrap_or_default();
        let number = number.split(|c: char| !c.is_ascii_digit()).next().and_then(|text| text.parse().ok());
        host.strict = number.is_some_and(|number: u32| number >= 40);
        host.has_fs = host.run(&["lvreduce", "--longhelp"]).stdout.contains("--fs ");
        host.attach(&[10])?;
        Ok(host)
    }

    /// Loop devices that hold so many extents each, in place of those attached before.
    pub(crate) fn attach(&mut self, extents: &[u64]) -> Result<Vec<String>, String> {
        self.detach();
        for (number, count) in extents.iter().enumerate() {
            let path = self.home.path().join(format!("pv{number}"));
            let _ = std::fs::remove_file(&path);
            let file = File::create(&path).map_err(|error| error.to_string())?;
            // One MiB before the first extent, and a bit of an extent left over.
            let size = (1024 + count * EXTENT_KIB + 20) * 1024;
            file.set_len(size).map_err(|error| error.to_string())?;
            let out = Command::new("losetup").args(["-f", "--show"]).arg(&path).output();
            let out = out.map_err(|error| format!("losetup: {error}"))?;
            if !out.status.success() {
                return Err(format!("losetup: {}", String::from_utf8_lossy(&out.stderr).trim()));
            }
            self.loops.push(String::from_utf8_lossy(&out.stdout).trim().to_owned());
        }
        self.write_conf();
        Ok(self.loops.clone())
    }

    fn write_conf(&self) {
        let accept: Vec<String> = self.loops.iter().map(|name| format!("\"a|^{name}$|\"")).collect();
        let home = self.home.path().display();
        let conf = format!(
            "devices {{ use_devicesfile = 0\n hints = \"none\"\n filter = [ {}, \"r|.*|\" ]\n\
             global_filter = [ {}, \"r|.*|\" ]\n md_component_detection = 0\n pv_min_size = 512\n }}\n\
             global {{ activation = 0\n locking_dir = \"{home}/lock\"\n event_activation = 0\n }}\n\
             backup {{ backup = 1\n backup_dir = \"{home}/backup\"\n archive = 0\n }}\n\
             log {{ verbose = 0\n }}\n",
            accept.join(", "),
            accept.join(", ")
        );
        std::fs::write(self.home.path().join("lvm.conf"), conf).expect("lvm.conf is written");
    }

    /// Runs lvm.
    pub(crate) fn run(&self, args: &[&str]) -> Said {
        let out = Command::new(&self.lvm)
            .args(args)
            .env("LVM_SYSTEM_DIR", self.home.path())
            .env("LVM_SUPPRESS_FD_WARNINGS", "1")
            .env("LC_ALL", "C")
            .output();
        match out {
            Ok(out) => Said {
                ok: out.status.success(),
                stderr: String::from_utf8_lossy(&out.stderr).into_owned(),
                stdout: String::from_utf8_lossy(&out.stdout).into_owned(),
            },
            Err(error) => Said { ok: false, stderr: error.to_string(), stdout: String::new() },
        }
    }

    /// Where LVM2 keeps the VG's text of the last change.
    pub(crate) fn backup(&self, vg: &str) -> PathBuf {
        self.home.path().join("backup").join(vg)
    }

    fn detach(&mut self) {
        for name in self.loops.drain(..) {
            let _ = Command::new("losetup").args(["-d", &name]).output();
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.detach();
    }
}
