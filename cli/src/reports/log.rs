//! The command log as LVM2 orders it: VG by VG, what became of its objects, then of itself (2.03.40: tools/toollib.c).

use super::rows::Each;
use crate::world::{About, LogKind, Logged, World};
use report::subject::{LogEntry, Row, VgView};

/// The objects that were gone through, where a log is kept.
pub(super) struct Passed(Option<Vec<About>>);

impl Passed {
    /// None so far.
    pub(super) fn new(world: &World) -> Self {
        Self(world.out.for_report.as_ref().map(|_| Vec::new()))
    }

    /// Goes on to `each`, and remembers what the row is about. An object may have several rows.
    pub(super) fn each(&mut self, row: &Row<'_>, each: Each<'_>) {
        if let Some(objects) = &mut self.0
            && let Some(object) = object(row)
            && objects.last() != Some(&object)
        {
            objects.push(object);
        }
        each(row);
    }

    /// Writes it down, with the VG last.
    pub(super) fn tell(self, world: &mut World, view: Option<&VgView<'_>>) {
        let vg = view.map(|view| About::vg(&view.vg.name, view.vg.id.to_string()));
        let done = |about| Logged { kind: LogKind::Done, message: String::new(), about: Some(about) };
        if let (Some(log), Some(objects)) = (&mut world.out.for_report, self.0) {
            log.lines.extend(objects.into_iter().chain(vg).map(done));
        }
    }
}

fn object(row: &Row<'_>) -> Option<About> {
    let group = row.vg.map(|view| (view.vg.name.clone(), view.vg.id.to_string()));
    if let Some(device) = row.device {
        let id = device.id.map(|id| id.to_string()).unwrap_or_default();
        return Some(About { kind: "pv", name: device.name.clone(), id, group });
    }
    let lv = row.lv?;
    Some(About { kind: "lv", name: lv.name.clone(), id: lv.id.to_string(), group })
}

/// The order of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// A report's, which goes through all objects before it says anything: what became of those that are shown, then
    /// of the others. Lines about nothing in particular are about objects of that kind.
    Report(&'static str),
    /// As things were done.
    Done,
}

/// The rows of the log. `words` are the arguments of the command, which say what came first.
pub(super) fn entries(lines: Vec<Logged>, words: &[String], order: Order) -> Vec<LogEntry> {
    let mut vgs: Vec<&str> = Vec::new();
    for name in lines.iter().filter_map(|line| line.about.as_ref()?.vg_name()) {
        if !vgs.contains(&name) {
            vgs.push(name);
        }
    }
    let place = |vg: &str| words.iter().position(|word| word.split('/').any(|part| part == vg));
    vgs.sort_by_key(|vg| place(vg).unwrap_or(usize::MAX));
    let of = |vg| lines.iter().filter(move |line| line.about.as_ref().and_then(About::vg_name) == vg);
    let of_vg = |vg| of(Some(vg)).collect::<Vec<_>>();
    match order {
        Order::Report(kind) => {
            let mut rows = Rows { rows: Vec::new(), failed: false, kind };
            of(None).filter(|line| line.kind != LogKind::Done).for_each(|line| rows.line(line));
            vgs.iter().for_each(|vg| rows.vg(&of_vg(vg)));
            of(None)
                .filter_map(|line| line.about.as_ref().filter(|_| line.kind == LogKind::Done))
                .for_each(|about| rows.status(about, true));
            rows.rows
        }
        Order::Done => {
            let mut rows = Rows { rows: Vec::new(), failed: false, kind: "" };
            // What is said before the first VG, and after the last.
            let first = lines.iter().position(|line| line.about.as_ref().and_then(About::vg_name).is_some());
            let (before, after) = lines.split_at(first.unwrap_or(lines.len()));
            before.iter().for_each(|line| rows.line(line));
            vgs.iter().for_each(|vg| rows.changed(&of_vg(vg)));
            let outside = after.iter().filter(|line| line.about.as_ref().and_then(About::vg_name).is_none());
            outside.for_each(|line| rows.line(line));
            rows.rows
        }
    }
}

struct Rows {
    rows: Vec<LogEntry>,
    /// Whether anything failed: LVM2's errno stays set from then on.
    failed: bool,
    kind: &'static str,
}

impl Rows {
    /// What there is about a VG: what was found wrong with it as it was read, its objects, those that failed with a
    /// status each, and the VG itself.
    fn vg(&mut self, lines: &[&Logged]) {
        let is_whole = |line: &&&Logged| line.about.as_ref().is_some_and(|about| about.group.is_none());
        let done = |line: &&&Logged| line.kind == LogKind::Done;
        let found = |line: &&&Logged| line.kind == LogKind::Warn && is_whole(line);
        lines.iter().filter(found).for_each(|line| self.line(line));
        for about in
            lines.iter().filter(|line| done(line) && !is_whole(line)).filter_map(|line| line.about.as_ref())
        {
            self.status(about, true);
        }
        let said: Vec<&&Logged> = lines.iter().filter(|line| !done(line) && !found(line)).collect();
        for (at, line) in said.iter().enumerate() {
            self.line(line);
            let last = said.get(at + 1).is_none_or(|next| next.about != line.about);
            if let Some(about) = line.about.as_ref().filter(|about| last && about.group.is_some()) {
                self.status(about, false);
            }
        }
        let failed = said.iter().any(|line| line.kind == LogKind::Error);
        let whole = lines.iter().filter(is_whole).chain(lines).find_map(|line| line.about.as_ref());
        if let Some(about) =
            whole.filter(|_| failed || lines.iter().any(|line| done(&line) && is_whole(&line)))
        {
            self.status(&about.whole(), !failed);
        }
    }

    /// What was done to a VG and its objects, with how it ended after the last line about each. What has no name any
    /// more has no end either.
    fn changed(&mut self, lines: &[&Logged]) {
        for (at, line) in lines.iter().enumerate() {
            if line.kind != LogKind::Done {
                self.line(line);
            }
            let member = |about: &&About| about.group.is_some() && !about.name.is_empty();
            let about = line.about.as_ref().filter(member);
            let last = lines.get(at + 1).is_none_or(|next| next.about != line.about);
            if let Some(about) = about.filter(|_| last) {
                let run = lines[..=at].iter().rev().take_while(|before| before.about == line.about);
                let ok = run.into_iter().all(|line| line.kind != LogKind::Error);
                self.status(about, ok);
            }
        }
        let ok = lines.iter().all(|line| line.kind != LogKind::Error);
        if let Some(about) = lines.first().and_then(|line| line.about.as_ref()) {
            self.status(&about.whole(), ok);
        }
    }

    fn line(&mut self, line: &Logged) {
        let kind = match line.kind {
            LogKind::Error => "error",
            LogKind::Warn => "warn",
            LogKind::Print | LogKind::Done => "print",
        };
        self.failed |= line.kind == LogKind::Error;
        self.push(kind, line.about.as_ref(), &line.message, if self.failed { -1 } else { 0 }, 0);
    }

    /// LVM2's return values: 1 is success, 5 a failure.
    fn status(&mut self, about: &About, ok: bool) {
        let (message, code) = if ok { ("success", 1) } else { ("failure", 5) };
        self.failed |= !ok;
        self.push("status", Some(about), message, if self.failed { -1 } else { 0 }, code);
    }

    fn push(&mut self, kind: &'static str, about: Option<&About>, message: &str, errno: i64, ret_code: i64) {
        let (group, group_id) = about.and_then(|about| about.group.clone()).unwrap_or_default();
        self.rows.push(LogEntry {
            seq: self.rows.len() as u64 + 1,
            kind,
            context: "processing",
            object_type: about.map_or(self.kind, |about| about.kind),
            object_name: about.map_or_else(String::new, |about| about.name.clone()),
            object_id: about.map_or_else(String::new, |about| about.id.clone()),
            group,
            group_id,
            message: message.to_owned(),
            errno,
            ret_code,
        });
    }
}
