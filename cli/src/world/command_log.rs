//! The command log: what was said and how each step ended, with the object that it was about.

/// A kind of line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogKind {
    /// What stands in the way.
    Error,
    /// Something to mind.
    Warn,
    /// An object was gone through.
    Done,
}

/// The object that a line is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// `vg`, `lv`, `pv`, `orphan`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its id, where it is known.
    pub id: String,
    /// The name and id of its VG, where it has one and is none itself.
    pub group: Option<(String, String)>,
}

impl About {
    /// A VG.
    pub fn vg(name: &str, id: String) -> Self {
        Self { kind: "vg", name: name.to_owned(), id, group: None }
    }

    /// The VG it is, or is in.
    pub fn vg_name(&self) -> Option<&str> {
        match &self.group {
            Some((name, _)) => Some(name),
            None => (self.kind == "vg").then_some(&self.name),
        }
    }

    /// Its VG.
    pub fn whole(&self) -> Self {
        match &self.group {
            Some((name, id)) => Self::vg(name, id.clone()),
            None => self.clone(),
        }
    }
}

/// A line of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// What kind.
    pub kind: LogKind,
    /// The line.
    pub message: String,
    /// What it is about, where that is known.
    pub about: Option<About>,
}
