//! What the manual says, as plain data: `man` turns it into pages.

use crate::commands::{self, Name, supported};
use crate::forms::{Form, Slot, Usage};
use crate::options::Opt;

/// The page of one command.
#[derive(Clone, Debug)]
pub struct Page {
    /// What the command is called.
    pub name: &'static str,
    /// What it does, in a line without a full stop.
    pub about: &'static str,
    /// How it is called, form by form.
    pub forms: Vec<FormText>,
    /// What it does, at length, in Markdown.
    pub body: &'static str,
    /// Its options, without those of every command.
    pub options: Vec<OptionText>,
}

/// How a form is called.
#[derive(Clone, Debug)]
pub struct FormText {
    /// What it does, in a line without a full stop; empty where the command has but one form.
    pub about: &'static str,
    /// `lvcreate -L|--size Size[m|UNIT] VG`, and what may follow in brackets.
    pub call: String,
}

/// An option and what it does.
#[derive(Clone, Debug)]
pub struct OptionText {
    /// `-L|--size Size[m|UNIT]`.
    pub shown: String,
    /// A line without a full stop.
    pub about: &'static str,
}

/// The overview of the whole program, in Markdown.
pub const OVERVIEW: &str = include_str!("commands/rlvm.md");

/// The pages of all commands that are done.
pub fn pages() -> Vec<Page> {
    let done = |name: &Name| commands::handler(*name).is_some() || commands::own(*name).is_some();
    Name::all().filter(done).map(page).collect()
}

/// The options of every command.
pub fn common_options() -> Vec<OptionText> {
    let usage = Usage::new(Name::Lvcreate);
    texts(&usage, usage.every_command())
}

/// The commands for a later version of rlvm.
pub fn commands_to_come() -> Vec<&'static str> {
    Name::all().filter(|&name| !supported::command(name)).map(Name::text).collect()
}

fn page(name: Name) -> Page {
    if let Some(own) = commands::own(name) {
        return (own.page)(name.text(), name.about(), commands::page(name).unwrap_or_default());
    }
    let usage = Usage::new(name);
    let forms: Vec<&Form> = usage.shown_forms(true).collect();
    let form_text = |form: &&Form| FormText { about: form.about, call: usage.call(form) };
    let mut slots: Vec<&Slot> = forms.iter().flat_map(|form| form.slots()).collect();
    slots.retain(|slot| !usage.every_command().iter().any(|common| common.opt == slot.opt));
    slots.retain(|slot| !forms.iter().any(|form| form.ignored.contains(slot)));
    if slots.iter().any(|slot| slot.opt == Opt::Size) && name.takes_extents_for_size() {
        slots.push(Usage::EXTENTS);
    }
    Page {
        name: name.text(),
        about: name.about(),
        forms: forms.iter().map(form_text).collect(),
        body: commands::page(name).unwrap_or_default(),
        options: texts(&usage, slots),
    }
}

fn texts(usage: &Usage, slots: Vec<&Slot>) -> Vec<OptionText> {
    let text = |slot: &Slot| OptionText { shown: usage.option(slot), about: slot.opt.spec().about };
    usage.sorted(slots).into_iter().map(text).collect()
}
