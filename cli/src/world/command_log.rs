//! The command log: what was said and how each step ended, with the object that it was about.

use super::World;
use std::collections::HashMap;
use std::iter;
use units::Id;

/// A kind of line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogKind {
    /// What was done, or was asked for.
    Print,
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

    /// What it is found by among ids.
    fn key(kind: &str, vg: &str, name: &str) -> String {
        if kind == "lv" { format!("{vg}/{name}") } else { name.to_owned() }
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

/// A log that is kept: until it is shown, what is said stands in it and nowhere else, as with LVM2.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// What was said so far.
    pub lines: Vec<Logged>,
    /// The ids of VGs, LVs and PVs that were read.
    ids: HashMap<String, String>,
}

impl World {
    /// What is said from now on is about nothing in particular.
    pub(crate) fn about_nothing(&mut self) {
        self.out.about = None;
    }

    /// What is said from now on is about that VG.
    pub(crate) fn about_vg(&mut self, name: &str) {
        self.out.about = self.out.for_report.as_ref().map(|log| About::vg(name, log.id("vg", name, name)));
    }

    /// What `tell` says is about that VG, whatever it was about before.
    pub(crate) fn telling_of_vg(&mut self, (name, id): (&str, Id), tell: impl FnOnce(&mut Self)) {
        let before = self.out.about.take();
        self.learn_ids((name, id), iter::empty(), iter::empty());
        self.about_vg(name);
        tell(self);
        self.out.about = before;
    }

    /// What is said from now on is about that LV, or where it has no name about one that is no more.
    pub(crate) fn about_lv(&mut self, vg: &str, name: &str) {
        self.about_member("lv", vg, name);
    }

    /// What is said from now on is about the PV on that device, which is in the VG.
    pub(crate) fn about_pv(&mut self, vg: &str, device: &str) {
        self.about_member("pv", vg, device);
    }

    /// What is said now is about has been gone through.
    pub(crate) fn passed(&mut self) {
        if let (Some(log), Some(about)) = (&mut self.out.for_report, &self.out.about) {
            let (kind, message) = (LogKind::Done, String::new());
            log.lines.push(Logged { kind, message, about: Some(about.clone()) });
        }
    }

    fn about_member(&mut self, kind: &'static str, vg: &str, name: &str) {
        self.out.about = self.out.for_report.as_ref().map(|log| {
            let group = Some((vg.to_owned(), log.id("vg", vg, vg)));
            About { kind, name: name.to_owned(), id: log.id(kind, vg, name), group }
        });
    }

    /// Remembers ids for the lines that follow, where a log is kept: the VG's, its LVs' and its PVs'. Names that
    /// what is said is about get theirs.
    pub(crate) fn learn_ids<'a>(
        &mut self,
        (vg, id): (&str, Id),
        lvs: impl Iterator<Item = (&'a str, Id)>,
        pvs: impl Iterator<Item = (String, Id)>,
    ) {
        let Some(log) = &mut self.out.for_report else { return };
        log.ids.insert(vg.to_owned(), id.to_string());
        log.ids.extend(lvs.map(|(name, id)| (About::key("lv", vg, name), id.to_string())));
        log.ids.extend(pvs.map(|(device, id)| (device, id.to_string())));
        let Some(about) = &mut self.out.about else { return };
        about.id = log.id(about.kind, vg, &about.name);
        if let Some((group, group_id)) = &mut about.group {
            *group_id = log.id("vg", group, group);
        }
    }
}

impl Kept {
    /// The id of what has that name, where it was read.
    fn id(&self, kind: &str, vg: &str, name: &str) -> String {
        self.ids.get(&About::key(kind, vg, name)).cloned().unwrap_or_default()
    }
}
