//! The machine: its name and kernel.

/// What uname(2) says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// `Linux`.
    pub system: String,
    /// The host name; `creation_host` in VG metadata.
    pub name: String,
    /// The kernel's release.
    pub release: String,
    /// The kernel's version line.
    pub version: String,
    /// The architecture.
    pub machine: String,
}

impl Host {
    /// This machine. Fields that cannot be had are empty.
    pub fn of_system() -> Self {
        let Ok(uname) = nix::sys::utsname::uname() else {
            return Self::named("");
        };
        let text = |field: &std::ffi::OsStr| field.to_string_lossy().into_owned();
        Self {
            system: text(uname.sysname()),
            name: text(uname.nodename()),
            release: text(uname.release()),
            version: text(uname.version()),
            machine: text(uname.machine()),
        }
    }

    /// A made-up machine of that name, for tests.
    pub fn named(name: &str) -> Self {
        Self {
            system: "Linux".into(),
            name: name.into(),
            release: "6.1.0".into(),
            version: "#1 SMP".into(),
            machine: "x86_64".into(),
        }
    }

    /// The part of VG metadata's header comment that names the machine: the five fields of uname.
    pub fn uname_line(&self) -> String {
        [&self.system, &self.name, &self.release, &self.version, &self.machine].map(String::as_str).join(" ")
    }
}
