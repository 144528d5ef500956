//! Which form a command line is: LVM2's choice among variants, and its reasons to refuse.

use super::{Form, FormId, Rule, Slot, SlotValue};
use crate::commands::Name;
use crate::options::Opt;
use crate::parsed::Occurrence;
use std::ffi::{OsStr, OsString};

/// Why no form applies.
#[derive(Debug)]
pub(crate) enum Mismatch {
    /// Something required is missing from every form; the nearest is shown where there is one.
    None { nearest: Option<&'static Form>, only: bool },
    /// The form that comes closest does not take these options.
    Options(Vec<(Opt, Option<OsString>)>),
    /// It does not take that many arguments: the first too many.
    Argument(OsString),
    /// Options that exclude each other.
    Excluded(&'static Rule),
}

/// What was given, as matching looks at it. Synonyms are resolved.
struct Request<'a> {
    name: Name,
    occurrences: &'a [Occurrence],
    positionals: &'a [OsString],
    vg_from_environment: bool,
}

/// How well a form fits.
#[derive(Clone, Copy, Default)]
struct Fit {
    required: usize,
    options: usize,
    has_type: bool,
    missing: bool,
}

/// Finds the form of `name` that the command line is.
pub(crate) fn find(
    name: Name,
    occurrences: &[Occurrence],
    positionals: &[OsString],
    vg_from_environment: bool,
) -> Result<&'static Form, Mismatch> {
    let request = Request { name, occurrences, positionals, vg_from_environment };
    let form = request.best()?;
    request.check_arguments(form)?;
    request.check_rules(form)?;
    Ok(form)
}

impl Request<'_> {
    fn has(&self, opt: Opt) -> bool {
        self.occurrences.iter().any(|occurrence| occurrence.opt == opt)
    }

    fn value(&self, opt: Opt) -> Option<&OsStr> {
        let last = self.occurrences.iter().rev().find(|occurrence| occurrence.opt == opt)?;
        last.given.as_ref().map(|given| given.raw.as_os_str())
    }

    fn best(&self) -> Result<&'static Form, Mismatch> {
        let mut best: Option<(&Form, Fit, Vec<Opt>)> = None;
        let mut nearest: Option<(&Form, Fit)> = None;
        for form in Form::all_of(self.name).filter(|form| self.considers(form)) {
            let fit = self.fit(form);
            if fit.missing {
                let (options, has_type) = nearest.map_or((0, false), |(_, fit)| (fit.options, fit.has_type));
                if (fit.has_type && !has_type) || (fit.has_type == has_type && fit.options > options) {
                    nearest = Some((form, fit));
                }
                continue;
            }
            if fit.required == 0 {
                continue;
            }
            let unused = self.unused(form);
            let better = best.as_ref().is_none_or(|(_, old, old_unused)| {
                (fit.required > old.required && unused.is_empty())
                    || unused.len() < old_unused.len()
                    || (fit.has_type && !old.has_type)
            });
            if better {
                best = Some((form, fit, unused));
            }
        }
        let Some((form, _, unused)) = best else {
            let mut forms = Form::all_of(self.name);
            let only = forms.next().filter(|_| forms.next().is_none());
            let nearest = only.or(nearest.map(|(form, _)| form));
            return Err(Mismatch::None { nearest, only: only.is_some() });
        };
        if unused.is_empty() {
            return Ok(form);
        }
        let named = unused.into_iter().map(|opt| (opt, self.value(opt).map(OsStr::to_owned)));
        Err(Mismatch::Options(named.collect()))
    }

    /// Whether the form is looked at for this `--type`; and `lvconvert LV` alone takes no options.
    fn considers(&self, form: &Form) -> bool {
        let bare = form.name == Name::Lvconvert && form.id == FormId::LvconvertPlain;
        if bare && self.occurrences.iter().any(|occurrence| occurrence.opt != Opt::Verbose) {
            return false;
        }
        let Some(given) = self.value(Opt::Type) else { return true };
        let given = given.to_string_lossy();
        if form.implied.iter().any(|implied| *implied != given) {
            return false;
        }
        let mut slots = form.required.iter().chain(form.any_slots()).chain(form.optional_slots());
        match slots.find(|slot| slot.opt == Opt::Type).map(|slot| slot.value) {
            Some(SlotValue::Word(word)) => {
                word == given || (word.starts_with("raid") && given.starts_with("raid"))
            }
            Some(_) => true,
            None => false,
        }
    }

    fn fit(&self, form: &Form) -> Fit {
        let mut fit = Fit::default();
        if form.required.is_empty() && form.positional.is_empty() {
            fit.required = 1;
        }
        for slot in form.required {
            if self.meets(slot) {
                fit.required += 1;
                fit.options += 1;
                fit.has_type |= slot.opt == Opt::Type;
            } else {
                fit.missing = true;
            }
        }
        if !form.any.is_empty() && !form.any_slots().any(|slot| self.meets(slot)) {
            fit.missing = true;
        }
        let mut arguments = 0;
        for (index, kinds) in form.positional.iter().enumerate() {
            if self.has_argument(index, kinds) {
                arguments += 1;
            } else {
                fit.missing = true;
            }
        }
        fit.required += arguments;
        if fit.options + arguments > 0 {
            fit.required += 1;
        }
        fit
    }

    fn meets(&self, slot: &Slot) -> bool {
        if self.has(slot.opt) {
            return self.agrees(slot);
        }
        slot.opt == Opt::Size && self.name.takes_extents_for_size() && self.has(Opt::Extents)
    }

    /// Whether the value is the one the form asks for.
    fn agrees(&self, slot: &Slot) -> bool {
        let SlotValue::Word(word) = slot.value else { return true };
        let given = self.value(slot.opt).unwrap_or_default().to_string_lossy();
        match (word.parse::<u64>(), given.parse::<u64>()) {
            (Ok(wanted), Ok(given)) => wanted == given,
            _ => given == word || (word == "raid" && given.starts_with("raid")),
        }
    }

    /// Whether an argument stands at `index`, or need not: `--select` may stand for it, and a VG for
    /// lvcreate may be named by an option or by LVM_VG_NAME.
    fn has_argument(&self, index: usize, kinds: &str) -> bool {
        let mut words = kinds.split([' ', '|']);
        if index < self.positionals.len() || (words.clone().any(|k| k == "Select") && self.has(Opt::Select)) {
            return true;
        }
        self.name == Name::Lvcreate
            && index == 0
            && words.any(|kind| kind == "VG")
            && (self.vg_from_environment
                || [Opt::Name, Opt::Thinpool, Opt::Cachepool, Opt::Vdopool].iter().any(|&opt| {
                    self.value(opt).is_some_and(|value| value.as_encoded_bytes().contains(&b'/'))
                }))
    }

    /// Options given that the form does not take, in LVM2's order.
    fn unused(&self, form: &Form) -> Vec<Opt> {
        let mut given: Vec<Opt> = self.occurrences.iter().map(|occurrence| occurrence.opt).collect();
        given.sort_unstable();
        given.dedup();
        given.retain(|&opt| opt != Opt::Extents && !self.takes(form, opt));
        given
    }

    fn takes(&self, form: &Form, opt: Opt) -> bool {
        let mut required = form.required.iter().chain(form.any_slots());
        let mut others = form.optional_slots().chain(form.ignored);
        required.any(|slot| slot.opt == opt) || others.any(|slot| slot.opt == opt && self.agrees(slot))
    }

    fn check_arguments(&self, form: &Form) -> Result<(), Mismatch> {
        let repeats = |kinds: &[&str]| kinds.last().is_some_and(|last| last.ends_with(" ..."));
        if repeats(form.positional) || repeats(form.optional_positional) {
            return Ok(());
        }
        match self.positionals.get(form.positional.len() + form.optional_positional.len()) {
            Some(argument) => Err(Mismatch::Argument(argument.clone())),
            None => Ok(()),
        }
    }

    fn check_rules(&self, form: &'static Form) -> Result<(), Mismatch> {
        let has_any = |opts: &[Opt]| opts.iter().any(|&opt| self.has(opt));
        match form.rules.iter().find(|rule| has_any(rule.when) && has_any(rule.refuses)) {
            Some(rule) => Err(Mismatch::Excluded(rule)),
            None => Ok(()),
        }
    }
}
