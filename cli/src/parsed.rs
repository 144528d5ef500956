//! A command line that was understood: which form of which command, its options and its arguments.

use crate::commands::Name;
use crate::forms::{Form, FormId};
use crate::options::{Activation, Copies, Datum, Given, Opt, Readahead, Repeat};
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use units::{ExtentRequest, Sectors, Sign, SizeArg};

/// One option as it stood on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// Which option; synonyms are resolved.
    pub opt: Opt,
    /// Its value, where it takes one.
    pub given: Option<Given>,
}

/// A command line that was understood. Accessors of values give `None` where the option was not given,
/// and ask for the type the option table says: anything else is a mistake in the command's code.
#[derive(Clone, Debug)]
pub struct Parsed {
    name: Name,
    form: &'static Form,
    line: String,
    occurrences: Vec<Occurrence>,
    by_option: BTreeMap<Opt, Vec<usize>>,
    positionals: Vec<OsString>,
}

impl Parsed {
    pub(crate) fn new(
        form: &'static Form,
        line: String,
        occurrences: Vec<Occurrence>,
        positionals: Vec<OsString>,
    ) -> Self {
        let mut by_option: BTreeMap<Opt, Vec<usize>> = BTreeMap::new();
        for (index, occurrence) in occurrences.iter().enumerate() {
            by_option.entry(occurrence.opt).or_default().push(index);
        }
        Self { name: form.name, form, line, occurrences, by_option, positionals }
    }

    /// Which command.
    pub fn name(&self) -> Name {
        self.name
    }

    /// Which form of it.
    pub fn form(&self) -> FormId {
        self.form.id
    }

    /// The form's row in the table.
    pub fn form_row(&self) -> &'static Form {
        self.form
    }

    /// The command line as LVM2 puts it into the metadata's description: words joined by spaces, those with
    /// spaces in them quoted, hyphens inside long names dropped.
    pub fn command_line(&self) -> &str {
        &self.line
    }

    /// Whether the option was given.
    pub fn flag(&self, opt: Opt) -> bool {
        self.by_option.contains_key(&opt)
    }

    /// How often the option was given.
    pub fn count(&self, opt: Opt) -> usize {
        self.by_option.get(&opt).map_or(0, Vec::len)
    }

    /// Whether any of these options was given.
    pub fn any(&self, opts: &[Opt]) -> bool {
        opts.iter().any(|&opt| self.flag(opt))
    }

    /// What the command works on, in order.
    pub fn positionals(&self) -> &[OsString] {
        &self.positionals
    }

    /// The positionals as text; those that are not text with their bytes replaced, as no VG, LV or tag has
    /// such a name.
    pub fn words(&self) -> Vec<String> {
        self.positionals.iter().map(|word| word.to_string_lossy().into_owned()).collect()
    }

    fn givens(&self, opt: Opt) -> impl DoubleEndedIterator<Item = &Given> {
        let indexes = self.by_option.get(&opt).map_or(&[][..], Vec::as_slice);
        indexes.iter().filter_map(|&index| self.occurrences[index].given.as_ref())
    }

    fn last(&self, opt: Opt) -> Option<&Given> {
        self.givens(opt).next_back()
    }

    fn datum(&self, opt: Opt) -> Option<Datum> {
        self.last(opt).map(|given| given.datum)
    }

    /// The value's bytes: paths. Of several, the last.
    pub fn os(&self, opt: Opt) -> Option<&OsStr> {
        self.last(opt).map(|given| given.raw.as_os_str())
    }

    /// The value's text; of several, the last. A value that is not text counts as not given: ask
    /// [`Parsed::os`] where it could be a path.
    pub fn str(&self, opt: Opt) -> Option<&str> {
        self.os(opt).and_then(OsStr::to_str)
    }

    /// The texts of all values, in order.
    pub fn all(&self, opt: Opt) -> Vec<&str> {
        self.givens(opt).filter_map(|given| given.raw.to_str()).collect()
    }

    /// The bytes of all values, in order.
    pub fn all_os(&self, opt: Opt) -> Vec<&OsStr> {
        self.givens(opt).map(|given| given.raw.as_os_str()).collect()
    }

    /// The devices and image files that `--devices` names: lists with commas, of all its occurrences. `None`
    /// where it was not given.
    pub fn devices(&self) -> Option<Vec<&OsStr>> {
        let lists = self.flag(Opt::Devices).then(|| self.all_os(Opt::Devices))?;
        let names = lists.into_iter().flat_map(|list| list.as_bytes().split(|&b| b == b','));
        Some(names.filter(|name| !name.is_empty()).map(OsStr::from_bytes).collect())
    }

    /// A `y|n`.
    pub fn bool(&self, opt: Opt) -> Option<bool> {
        match self.datum(opt)? {
            Datum::Bool(value) => Some(value),
            other => wrong_type(opt, other),
        }
    }

    /// A whole number without its sign.
    pub fn number(&self, opt: Opt) -> Option<u64> {
        self.signed(opt).map(|(_, number)| number)
    }

    /// A whole number with its sign.
    pub fn signed(&self, opt: Opt) -> Option<(Sign, u64)> {
        match self.datum(opt)? {
            Datum::Number(sign, number) => Some((sign, number)),
            other => wrong_type(opt, other),
        }
    }

    /// A size with its sign.
    pub fn size(&self, opt: Opt) -> Option<SizeArg> {
        match self.datum(opt)? {
            Datum::Size(size) => Some(size),
            other => wrong_type(opt, other),
        }
    }

    /// A size, whatever its sign.
    pub fn sectors(&self, opt: Opt) -> Option<Sectors> {
        self.size(opt).map(|size| size.size)
    }

    /// A number of extents, or a share.
    pub fn extents(&self, opt: Opt) -> Option<ExtentRequest> {
        match self.datum(opt)? {
            Datum::Extents(extents) => Some(extents),
            other => wrong_type(opt, other),
        }
    }

    /// The value of `-a`.
    pub fn activation(&self, opt: Opt) -> Option<Activation> {
        match self.datum(opt)? {
            Datum::Activation(activation) => Some(activation),
            other => wrong_type(opt, other),
        }
    }

    /// The value of `--readahead`.
    pub fn readahead(&self, opt: Opt) -> Option<Readahead> {
        match self.datum(opt)? {
            Datum::Readahead(readahead) => Some(readahead),
            other => wrong_type(opt, other),
        }
    }

    /// The value of `--vgmetadatacopies`.
    pub fn copies(&self, opt: Opt) -> Option<Copies> {
        match self.datum(opt)? {
            Datum::Copies(copies) => Some(copies),
            other => wrong_type(opt, other),
        }
    }

    /// The value of `--permission`: whether to be writable.
    pub fn writable(&self, opt: Opt) -> Option<bool> {
        match self.datum(opt)? {
            Datum::Writable(writable) => Some(writable),
            other => wrong_type(opt, other),
        }
    }

    /// Every option in the order given.
    pub fn occurrences(&self) -> &[Occurrence] {
        &self.occurrences
    }

    /// The groupable options (`-o`, `-S`, `-O`, `--configreport`, ...), split into groups: a new group starts
    /// when an option comes again, or one of higher rank than the group's first comes.
    pub fn groups(&self) -> Vec<Vec<&Occurrence>> {
        let mut groups: Vec<(u8, Vec<&Occurrence>)> = Vec::new();
        for occurrence in &self.occurrences {
            let Repeat::Group(rank) = occurrence.opt.spec().repeat else { continue };
            match groups.last_mut() {
                Some((first, group))
                    if *first >= rank && group.iter().all(|other| other.opt != occurrence.opt) =>
                {
                    group.push(occurrence);
                }
                _ => groups.push((rank, vec![occurrence])),
            }
        }
        groups.into_iter().map(|(_, group)| group).collect()
    }
}

/// # Panics
/// Always: the option table and the command disagree on what the option's value is.
fn wrong_type<T>(opt: Opt, datum: Datum) -> T {
    panic!("--{} was read as {datum:?}", opt.long())
}
