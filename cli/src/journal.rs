//! What a command did, with `--plan` would do, or showed, as one JSON document: `--reportformat json`. While it is kept,
//! standard output is left to it.

use crate::commands::Name;
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::world::World;
use serde::Serialize;
use serde_json::Value;
use std::fmt::Display;

/// What was said and done so far.
#[derive(Debug, Default, Serialize)]
pub struct Journal {
    changes: Vec<Value>,
    /// What was shown, by a command that shows objects.
    objects: Vec<Value>,
    /// Text that was asked for as it stands.
    text: String,
    asks: Vec<String>,
    messages: Vec<String>,
    warnings: Vec<String>,
    errors: Vec<String>,
    hints: Vec<String>,
}

/// The kinds of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// What was done.
    Message,
    /// What is to be minded.
    Warning,
    /// What stood in the way.
    Error,
    /// The way out.
    Hint,
}

/// What a command was asked to do with what it planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Intent {
    /// To do it.
    Do,
    /// To go as far as it can without changing anything (`--test`).
    Test,
    /// To show it (`--plan`).
    Plan,
}

impl Intent {
    /// What the options say.
    pub(crate) fn of(parsed: &Parsed) -> Self {
        match (parsed.flag(Opt::Plan), parsed.flag(Opt::Test)) {
            (true, _) => Self::Plan,
            (false, true) => Self::Test,
            (false, false) => Self::Do,
        }
    }
}

impl World {
    /// From now on everything is noted down, if the command has such a document and is not part of another's.
    pub(crate) fn keep_journal_of(&mut self, name: Name) {
        if name.keeps_journal() && self.gathering.is_none() {
            self.journal.get_or_insert_default();
        }
    }

    /// Notes a line, where a journal is kept: then it does not go to standard output.
    pub(crate) fn note(&mut self, kind: Line, line: &dyn Display) -> bool {
        let Some(journal) = &mut self.journal else { return false };
        let lines = match kind {
            Line::Message => &mut journal.messages,
            Line::Warning => &mut journal.warnings,
            Line::Error => &mut journal.errors,
            Line::Hint => &mut journal.hints,
        };
        lines.push(line.to_string().trim().to_owned());
        true
    }

    /// Notes a change, where a journal is kept; `change` is only made then.
    pub(crate) fn record<T: Serialize>(&mut self, change: impl FnOnce() -> T) {
        if let Some(journal) = &mut self.journal {
            journal.changes.extend(serde_json::to_value(change()));
        }
    }

    /// Notes an object that is shown, where a journal is kept: the lines about it are then left out. `object` is only
    /// made then.
    pub(crate) fn list<T: Serialize>(&mut self, object: impl FnOnce() -> T) -> bool {
        let Some(journal) = &mut self.journal else { return false };
        journal.objects.extend(serde_json::to_value(object()));
        true
    }

    /// Shows an object that is a line: the line, or where a journal is kept the object.
    pub(crate) fn print_object<T: Serialize>(&mut self, object: impl FnOnce() -> T, line: impl Display) {
        if !self.list(object) {
            self.print(line);
        }
    }

    /// Notes text that goes to standard output as it stands, where a journal is kept.
    pub(crate) fn note_text(&mut self, text: &[u8]) -> bool {
        let Some(journal) = &mut self.journal else { return false };
        journal.text.push_str(&String::from_utf8_lossy(text));
        true
    }

    /// Notes what would change and what would be asked, or shows it at once where nothing else is to be shown.
    pub(crate) fn planned(&mut self, change: &impl Serialize, asks: &[String]) {
        let Some(journal) = &mut self.journal else {
            let document = serde_json::json!({ "plan": { "changes": [change], "asks": asks } });
            return self.document(&document);
        };
        journal.changes.extend(serde_json::to_value(change));
        journal.asks.extend_from_slice(asks);
    }

    /// Writes the journal, if one was kept.
    pub(crate) fn show_journal(&mut self, name: Name, intent: Intent, exit: Exit) {
        let Some(journal) = self.journal.take() else { return };
        if intent == Intent::Plan {
            let plan = serde_json::json!({ "plan": {
                "command": name.text(),
                "status": exit.code(),
                "changes": journal.changes,
                "asks": journal.asks,
                "messages": journal.messages,
                "warnings": journal.warnings,
                "errors": journal.errors,
                "hints": journal.hints,
            } });
            return self.document(&plan);
        }
        let tested = intent == Intent::Test;
        let mut result = serde_json::json!({
            "command": name.text(),
            "status": exit.code(),
            "test": tested,
            "changed": !tested && !journal.changes.is_empty(),
            "changes": journal.changes,
            "messages": journal.messages,
            "warnings": journal.warnings,
            "errors": journal.errors,
            "hints": journal.hints,
        });
        if !name.changes() {
            result["objects"] = journal.objects.into();
        }
        if !journal.text.is_empty() {
            result["text"] = journal.text.into();
        }
        self.document(&serde_json::json!({ "result": result }));
    }

    fn document(&mut self, document: &Value) {
        self.raw(serde_json::to_string_pretty(document).unwrap_or_default() + "\n");
    }
}
