//! getopt_long's grammar, which scripts lean on, turned into one that clap reads without guessing: exact
//! long names, values after `=`, and everything positional after `--`.

use crate::commands::Name;
use crate::options::Opt;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// A command line as clap gets it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Canonical {
    /// `--long`, `--long=value`, ..., `--`, positionals.
    pub(crate) args: Vec<OsString>,
    /// What getopt would have stopped at. What stands before it has to be read first: an earlier mistake is
    /// the one to be told.
    pub(crate) stopped: Option<Stop>,
}

/// What getopt_long stops at, in the words of glibc's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Stop {
    #[error("unrecognized option '--{0}'")]
    Unknown(String),
    #[error("option '--{typed}' is ambiguous; possibilities:{}", .among.iter().map(|name| format!(" '--{name}'")).collect::<String>())]
    Ambiguous { typed: String, among: Vec<&'static str> },
    #[error("option '--{0}' doesn't allow an argument")]
    NoValueWanted(&'static str),
    #[error("option '--{0}' requires an argument")]
    ValueMissing(&'static str),
    #[error("invalid option -- '{0}'")]
    UnknownLetter(String),
    #[error("option requires an argument -- '{0}'")]
    LetterValueMissing(char),
}

/// Drops the hyphens inside each word that starts with `--`, up to its `=`, as LVM2 does before anything
/// else looks at the command line. Stops at `--` itself.
pub(crate) fn drop_hyphens(args: &[OsString]) -> Vec<OsString> {
    let mut ended = false;
    let mut dropped = Vec::with_capacity(args.len());
    for arg in args {
        let name = arg.as_bytes().strip_prefix(b"--");
        ended |= name.is_some_and(<[u8]>::is_empty);
        match name {
            Some(name) if !ended => {
                let end = name.iter().position(|&b| b == b'=').unwrap_or(name.len());
                let mut bytes = b"--".to_vec();
                bytes.extend(name[..end].iter().filter(|&&b| b != b'-'));
                bytes.extend(&name[end..]);
                dropped.push(OsString::from_vec(bytes));
            }
            _ => dropped.push(arg.clone()),
        }
    }
    dropped
}

/// Rewrites the arguments of command `name`, which takes `options`.
pub(crate) fn canonical(name: Name, options: &[Opt], args: &[OsString]) -> Canonical {
    let mut reader = Reader { name, options, args: args.iter(), options_out: vec![], positionals: vec![] };
    let stopped = reader.read().err();
    let mut args = reader.options_out;
    args.push("--".into());
    args.extend(reader.positionals);
    Canonical { args, stopped }
}

struct Reader<'a> {
    name: Name,
    options: &'a [Opt],
    args: std::slice::Iter<'a, OsString>,
    options_out: Vec<OsString>,
    positionals: Vec<OsString>,
}

impl Reader<'_> {
    fn read(&mut self) -> Result<(), Stop> {
        while let Some(arg) = self.args.next() {
            let bytes = arg.as_bytes();
            if bytes == b"--" {
                self.positionals.extend(self.args.by_ref().cloned());
            } else if let Some(long) = bytes.strip_prefix(b"--") {
                self.long(long)?;
            } else if bytes.len() > 1 && bytes[0] == b'-' {
                self.letters(&bytes[1..])?;
            } else {
                self.positionals.push(arg.clone());
            }
        }
        Ok(())
    }

    fn long(&mut self, word: &[u8]) -> Result<(), Stop> {
        let equals = word.iter().position(|&b| b == b'=');
        let opt = self.resolve(&word[..equals.unwrap_or(word.len())], word)?;
        let attached = equals.map(|at| &word[at + 1..]);
        if !opt.value(self.name).is_some() {
            if attached.is_some() {
                return Err(Stop::NoValueWanted(opt.long()));
            }
            self.push(opt, None);
            return Ok(());
        }
        let value = attached.or_else(|| self.args.next().map(|arg| arg.as_bytes()));
        self.push(opt, Some(value.ok_or(Stop::ValueMissing(opt.long()))?));
        Ok(())
    }

    /// The option of exactly that name, else the only one that starts so. Names only rlvm has come second,
    /// so that they never make one of LVM2's ambiguous.
    fn resolve(&self, typed: &[u8], word: &[u8]) -> Result<Opt, Stop> {
        if let Some(&exact) = self.options.iter().find(|opt| opt.long().as_bytes() == typed) {
            return Ok(exact);
        }
        let fits = |opt: &&Opt| opt.long().as_bytes().starts_with(typed);
        let (own, lvm2): (Vec<Opt>, Vec<Opt>) =
            self.options.iter().filter(fits).copied().partition(|opt| opt.is_own());
        match (lvm2.as_slice(), own.as_slice()) {
            (&[only], _) | (&[], &[only]) => Ok(only),
            (&[], &[]) => Err(Stop::Unknown(lossy(word))),
            (&[], several) | (several, _) => Err(Stop::Ambiguous {
                typed: lossy(word),
                among: several.iter().map(|opt| opt.long()).collect(),
            }),
        }
    }

    fn letters(&mut self, mut cluster: &[u8]) -> Result<(), Stop> {
        while let Some((&letter, rest)) = cluster.split_first() {
            let known = |opt: &&Opt| opt.letter(self.name) == Some(char::from(letter));
            let Some(&opt) = self.options.iter().find(known) else {
                return Err(Stop::UnknownLetter(lossy(&[letter])));
            };
            if !opt.value(self.name).is_some() {
                self.push(opt, None);
                cluster = rest;
                continue;
            }
            let attached = if rest.is_empty() { None } else { Some(rest) };
            let value = attached.or_else(|| self.args.next().map(|arg| arg.as_bytes()));
            self.push(opt, Some(value.ok_or(Stop::LetterValueMissing(char::from(letter)))?));
            return Ok(());
        }
        Ok(())
    }

    fn push(&mut self, opt: Opt, value: Option<&[u8]>) {
        let mut arg = OsString::from("--");
        arg.push(opt.long());
        if let Some(value) = value {
            arg.push("=");
            arg.push(OsStr::from_bytes(value));
        }
        self.options_out.push(arg);
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
