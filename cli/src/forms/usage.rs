//! Forms as `--help`, error messages and man pages show them.

use super::slots_of_rlvm;
use super::{ALL, Form, Rank, Slot, SlotValue};
use crate::commands::{Name, supported};
use crate::options::{Opt, Value};
use std::fmt::Write;

/// How the forms of one command are shown: options of all of them once, at the end.
pub(crate) struct Usage {
    name: Name,
    common: Vec<Opt>,
    several: bool,
}

impl Usage {
    /// What may stand for `--size` in commands that take it so.
    pub(crate) const EXTENTS: &'static Slot = &Slot { opt: Opt::Extents, value: SlotValue::Any };

    pub(crate) fn new(name: Name) -> Self {
        let several = Form::all_of(name).count() > 1;
        let mut common: Vec<Opt> = Form::all_of(name)
            .next()
            .map(|form| form.optional.iter().copied().flatten().map(|slot| slot.opt).collect())
            .unwrap_or_default();
        for form in Form::all_of(name) {
            common.retain(|&opt| form.optional.iter().copied().flatten().any(|slot| slot.opt == opt));
        }
        Self { name, common, several }
    }

    /// The whole help of the command. Forms and options of a later version of rlvm are left out.
    pub(crate) fn help(&self, long: bool) -> String {
        let mut text = format!("  {} - {}\n\n", self.name.text(), self.name.about());
        let full = long || Form::all_of(self.name).count() < 3;
        for form in self.shown_forms(full) {
            if !form.about.is_empty() {
                let _ = writeln!(text, "  {}.", form.about);
            }
            let _ = writeln!(text, "{}\n", self.full(form));
        }
        if self.several && !self.common.is_empty() {
            self.list(&mut text, "Options of every form:", &self.common_slots());
        }
        self.list(&mut text, "Options of every command:", &self.every_command());
        text
    }

    /// The forms to show.
    pub(crate) fn shown_forms(&self, full: bool) -> impl Iterator<Item = &'static Form> {
        Form::all_of(self.name).filter(move |form| {
            form.rank != Rank::Previous
                && (full || form.rank == Rank::Primary)
                && (supported::form(form.id) || !supported::command(form.name))
        })
    }

    /// What the form requires.
    pub(crate) fn synopsis(&self, form: &Form) -> String {
        let mut text = format!("  {}", self.name.text());
        let mut required: Vec<&Slot> = form.required.iter().collect();
        required.sort_by_key(|slot| slot.opt);
        for slot in required {
            let _ = write!(text, " {}", self.option(slot));
        }
        let mut any: Vec<&Slot> = form.any_slots().filter(|slot| self.shows(slot.opt)).collect();
        any.sort_by_key(|slot| (slot.opt.letter(self.name).is_none(), slot.opt));
        for (index, slot) in any.iter().enumerate() {
            let _ = write!(text, "{}{}", if index == 0 { "\n\t( " } else { ",\n\t  " }, self.aligned(slot));
        }
        if !any.is_empty() {
            text.push_str(" )");
            if !form.positional.is_empty() {
                text.push_str("\n\t");
            }
        }
        for kinds in form.positional {
            let _ = write!(text, " {}", kinds_shown(kinds));
        }
        text
    }

    /// What it requires and what it takes.
    pub(crate) fn full(&self, form: &Form) -> String {
        let mut text = self.synopsis(form);
        if !form.implied.is_empty() {
            let _ = write!(text, "\n\t[ --type {} ] (implied)", form.implied.join("|"));
        }
        if form.required.iter().any(|slot| slot.opt == Opt::Size) && self.name.takes_extents_for_size() {
            let _ = write!(text, "\n\t[ {} ] (in place of --size)", self.option(Self::EXTENTS));
        }
        let common: &[Opt] = if self.several { &self.common } else { &[] };
        let mut slots: Vec<&Slot> = form.optional.iter().copied().flatten().collect();
        slots.retain(|slot| !common.contains(&slot.opt));
        for slot in self.sorted(slots) {
            let _ = write!(text, "\n\t[ {} ]", self.aligned(slot));
        }
        text.push_str("\n\t[ COMMON_OPTIONS ]");
        for kinds in form.optional_positional {
            let _ = write!(text, "\n\t[ {} ]", kinds_shown(kinds));
        }
        text
    }

    fn list(&self, text: &mut String, title: &str, slots: &[&Slot]) {
        let _ = writeln!(text, "  {title}");
        for slot in self.sorted(slots.to_vec()) {
            let _ = writeln!(text, "\t[ {} ]", self.aligned(slot));
        }
        text.push('\n');
    }

    /// Options with a letter first, each once, in LVM2's order.
    pub(crate) fn sorted<'a>(&self, mut slots: Vec<&'a Slot>) -> Vec<&'a Slot> {
        slots.retain(|slot| self.shows(slot.opt));
        slots.sort_by_key(|slot| (slot.opt.letter(self.name).is_none(), slot.opt));
        slots.dedup_by_key(|slot| slot.opt);
        slots
    }

    fn shows(&self, opt: Opt) -> bool {
        supported::option(self.name, opt) || !supported::command(self.name)
    }

    fn common_slots(&self) -> Vec<&'static Slot> {
        let first = Form::all_of(self.name).next();
        let slots = first.into_iter().flat_map(|form| form.optional.iter().copied().flatten());
        slots.filter(|slot| self.common.contains(&slot.opt)).collect()
    }

    /// Options of every command, and those of every command that changes something.
    pub(crate) fn every_command(&self) -> Vec<&'static Slot> {
        let own = Form::all_of(self.name).flat_map(|form| form.optional.iter().copied().flatten());
        let (changing, json) = slots_of_rlvm(self.name, own.map(|slot| slot.opt));
        ALL.iter().chain(changing).chain(json).collect()
    }

    /// How the form is called, in a line: what it requires, and the arguments that may follow.
    pub(crate) fn call(&self, form: &Form) -> String {
        let mut text = self.synopsis(form).split_whitespace().collect::<Vec<_>>().join(" ");
        text.push_str(" [OPTION ...]");
        for kinds in form.optional_positional {
            let _ = write!(text, " [{}]", kinds_shown(kinds));
        }
        text
    }

    /// `-L|--size Size[m|UNIT]`.
    pub(crate) fn option(&self, slot: &Slot) -> String {
        let letter = slot.opt.letter(self.name).map(|letter| format!("-{letter}|")).unwrap_or_default();
        format!("{letter}--{}{}", slot.opt.long(), self.value(slot))
    }

    /// The same, long names below each other.
    fn aligned(&self, slot: &Slot) -> String {
        let indent = if slot.opt.letter(self.name).is_some() { "" } else { "   " };
        format!("{indent}{}", self.option(slot))
    }

    fn value(&self, slot: &Slot) -> String {
        let value = slot.opt.value(self.name);
        // lvcreate takes a leading plus that nobody should be taught.
        let shown = match (self.name, value) {
            (Name::Lvcreate, Value::PSizeMb) => Value::SizeMb.shown(),
            (Name::Lvcreate, Value::PExtents) => Value::Extents.shown(),
            (Name::Lvcreate, Value::PNumber) if slot.opt == Opt::Mirrors => Value::Number.shown(),
            _ => value.shown(),
        };
        match slot.value {
            SlotValue::Any if shown.is_empty() => String::new(),
            SlotValue::Any => format!(" {shown}"),
            SlotValue::Word(word) => format!(" {word}"),
            SlotValue::Shown(kind) => format!(" {}", kinds_shown(kind)),
        }
    }
}

/// The kinds of an argument without the types an LV has to be of: the pages have those.
fn kinds_shown(kinds: &str) -> String {
    let short = |kind: &str| match kind.split_once('_') {
        Some((kind, types)) if types != "new" => kind.to_owned(),
        _ => kind.to_owned(),
    };
    let (kinds, repeated) = kinds.strip_suffix(" ...").map_or((kinds, ""), |kinds| (kinds, " ..."));
    kinds.split('|').map(short).collect::<Vec<_>>().join("|") + repeated
}
