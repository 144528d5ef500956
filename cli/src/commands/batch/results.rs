//! What became of a batch, as text or as one JSON document.

use super::lines::Line;
use crate::change::diff::Diff;
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::world::World;
use metadata::model::Vg;
use serde::Serialize;
use units::{Bytes, Sectors};

/// What a command said.
#[derive(Debug)]
pub(super) struct Said {
    /// To standard output.
    pub(super) out: String,
    /// To standard error.
    pub(super) err: String,
}

/// The results so far.
#[derive(Debug, Serialize)]
pub(super) struct Results {
    vg: String,
    /// `committed`, `unchanged`, or `nothing to do`.
    outcome: &'static str,
    /// Before and after; none where the VG was not read.
    seqno: Option<(u32, u32)>,
    exit: u8,
    commands: Vec<Command>,
    /// LVs that are new, changed or gone.
    lvs: Vec<LvResult>,
}

/// A line.
#[derive(Debug, Serialize)]
struct Command {
    line: usize,
    command: String,
    exit: u8,
    /// What was said of it.
    messages: Vec<String>,
    /// What is to be minded, or stood in the way.
    warnings: Vec<String>,
    /// What it changed, on top of what the lines before it did.
    changes: Vec<Diff>,
    #[serde(skip)]
    said: Said,
}

/// An LV that is not as it was.
#[derive(Debug, Serialize)]
struct LvResult {
    name: String,
    uuid: String,
    /// `create`, `change`, `remove`.
    action: &'static str,
    size_bytes: u64,
    extents: u64,
}

impl Results {
    pub(super) fn new(vg: &str, seqno: u32) -> Self {
        let (commands, lvs) = Default::default();
        Self { vg: vg.to_owned(), outcome: "unchanged", seqno: Some((seqno, seqno)), exit: 0, commands, lvs }
    }

    /// The document of a batch that came to an end before its first command, why being said already.
    pub(super) fn none(vg: &str, parsed: &Parsed, world: &mut World, exit: Exit) {
        let (commands, lvs) = Default::default();
        let results =
            Self { vg: vg.to_owned(), outcome: "unchanged", seqno: None, exit: exit.code(), commands, lvs };
        if Self::are_asked_for(parsed) {
            results.show(world);
        }
    }

    fn are_asked_for(parsed: &Parsed) -> bool {
        parsed.str(Opt::Reportformat).is_some_and(|format| format.starts_with("json"))
    }

    fn show(&self, world: &mut World) {
        let document = serde_json::json!({ "batch": self });
        world.raw(serde_json::to_string_pretty(&document).unwrap_or_default() + "\n");
    }

    pub(super) fn line(&mut self, line: &Line, exit: Exit, said: Said, changes: Vec<Diff>) {
        let lines = |text: &str| text.lines().map(|line| line.trim().to_owned()).collect();
        self.commands.push(Command {
            line: line.number,
            command: line.parsed.command_line().to_owned(),
            exit: exit.code(),
            messages: lines(&said.out),
            warnings: lines(&said.err),
            changes,
            said,
        });
    }

    /// Compares the VG before and after.
    pub(super) fn look(&mut self, before: &Vg, after: &Vg) {
        let result = |vg: &Vg, lv: &metadata::model::Lv, action| LvResult {
            name: lv.name.clone(),
            uuid: lv.id.to_string(),
            action,
            size_bytes: vg
                .extent_size
                .to_sectors(lv.extents())
                .and_then(Sectors::bytes)
                .map_or(0, Bytes::get),
            extents: lv.extents().get(),
        };
        for lv in &after.lvs {
            match before.lvs.get(lv.id) {
                None => self.lvs.push(result(after, lv, "create")),
                Some(old) if old != lv => self.lvs.push(result(after, lv, "change")),
                Some(_) => {}
            }
        }
        let gone = before.lvs.iter().filter(|lv| !after.lvs.contains(lv.id));
        self.lvs.extend(gone.map(|lv| result(before, lv, "remove")));
        self.seqno = self.seqno.map(|(before, _)| (before, after.seqno));
    }

    pub(super) fn committed(&mut self) {
        self.outcome = "committed";
    }

    pub(super) fn nothing_to_do(&mut self) {
        self.outcome = "nothing to do";
    }

    /// Tells all of it, and gives the status.
    pub(super) fn end(mut self, parsed: &Parsed, world: &mut World, exit: Exit) -> Exit {
        self.exit = exit.code();
        let committed = self.outcome == "committed";
        if !committed {
            self.seqno = self.seqno.map(|(before, _)| (before, before));
        }
        if Self::are_asked_for(parsed) {
            self.show(world);
        } else {
            self.commands.iter().for_each(|command| command.tell(world, committed));
        }
        if exit.is_ok() {
            return exit;
        }
        let failed = self.commands.iter().rev().find(|command| command.exit != 0);
        if let Some(Command { line, command, .. }) = failed {
            world.error(format_args!("Line {line} failed: {command}"));
        }
        if !committed {
            world
                .error(format_args!("Volume group {} is as it was: nothing of the batch was done.", self.vg));
        }
        exit
    }
}

impl Command {
    /// What it said; that something was done only where it was.
    fn tell(&self, world: &mut World, committed: bool) {
        if committed && !world.out.level.silent {
            world.raw(&self.said.out);
        }
        world.out.err_bytes(self.said.err.as_bytes());
    }
}
