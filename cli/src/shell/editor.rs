//! Lines typed by a person.

use crate::commands::Name;
use crate::forms::options_of;
use crate::world::Environment;
use rustyline::completion::{Completer, Pair};
use rustyline::config::Configurer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::Validator;
use rustyline::{CompletionType, Context, Helper};
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

/// An editor of lines with LVM2's history file.
pub(super) struct Editor {
    editor: Option<rustyline::Editor<Words, DefaultHistory>>,
    history: Option<PathBuf>,
}

impl Editor {
    /// Reads the history of at most `size` lines.
    pub(super) fn open(env: &Environment, size: usize) -> Self {
        let history = env.os("HOME").map(|home| PathBuf::from(home).join(".lvm_history"));
        let mut editor = rustyline::Editor::new().ok();
        if let Some(editor) = &mut editor {
            editor.set_helper(Some(Words));
            editor.set_completion_type(CompletionType::List);
            // A history that cannot be had is an empty one.
            let _ = editor.set_max_history_size(size);
            if let Some(history) = &history {
                let _ = editor.load_history(history);
            }
        }
        Self { editor, history }
    }

    /// The next line; none at the end of input. An interrupt throws away what was typed.
    pub(super) fn line(&mut self, prompt: &str) -> Option<String> {
        let editor = self.editor.as_mut()?;
        loop {
            match editor.readline(prompt) {
                Ok(line) => {
                    let _ = editor.add_history_entry(&line);
                    return Some(line);
                }
                Err(ReadlineError::Interrupted) => {}
                Err(_) => return None,
            }
        }
    }

    /// Writes the history, a line each and nothing else, as LVM2's shell reads it. Only its owner reads it.
    pub(super) fn save(&mut self) {
        let (Some(editor), Some(path)) = (&self.editor, &self.history) else { return };
        let text: String = editor.history().iter().flat_map(|line| [line.as_str(), "\n"]).collect();
        let file = OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(path);
        // Where it cannot be kept, the next shell starts with less.
        let _ = file.and_then(|mut file| file.write_all(text.as_bytes()));
    }
}

/// Completes commands, and after a command its options.
struct Words;

/// What may stand where `start` of the line begins.
pub(super) fn candidates(line: &str, start: usize) -> Vec<String> {
    let before = line.get(..start).unwrap_or_default();
    let word = line.get(start..).unwrap_or_default();
    let all: Vec<String> = match before.split_whitespace().find(|word| *word != "lvm") {
        None => Name::all().map(|name| name.text().to_owned()).collect(),
        Some(command) if word.starts_with('-') => match Name::find(command) {
            Some(name) => options_of(name).into_iter().map(|opt| format!("--{}", opt.long())).collect(),
            None => Vec::new(),
        },
        Some(_) => Vec::new(),
    };
    all.into_iter().filter(|candidate| candidate.starts_with(word)).collect()
}

impl Completer for Words {
    type Candidate = Pair;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let line = line.get(..pos).unwrap_or(line);
        let start = line.rfind(char::is_whitespace).map_or(0, |blank| blank + 1);
        let pair = |text: String| Pair { replacement: format!("{text} "), display: text };
        Ok((start, candidates(line, start).into_iter().map(pair).collect()))
    }
}

impl Hinter for Words {
    type Hint = String;
}

impl Highlighter for Words {}
impl Validator for Words {}
impl Helper for Words {}

#[cfg(test)]
mod tests {
    use super::candidates;

    #[test]
    fn commands_and_their_options_are_completed() {
        assert_eq!(candidates("lvcr", 0), ["lvcreate"]);
        assert_eq!(candidates("lvm pvre", 4), ["pvremove", "pvresize"]);
        assert_eq!(candidates("lvcreate --siz", 9), ["--size"]);
        assert!(candidates("lvcreate vg", 9).is_empty() && candidates("nosuch --s", 7).is_empty());
    }
}
