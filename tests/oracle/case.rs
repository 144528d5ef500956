//! A case file: a sentence, the disks, and one command per line.

use std::error::Error;
use std::fs;
use std::path::Path;

/// A sequence of commands and what it runs on.
///
/// ```text
/// # The first line is the case's name, a sentence.
/// disks 64M 64M 128M/4096         sizes, and the logical block where it is not 512
/// only still                      (or `live`) where a case makes sense without, or with, device-mapper alone
/// since 2.03.40: lvextend -l+1 vg a command that older LVM2 answer otherwise, left out with them
/// before 2.03.17: lvextend vg      a command that newer LVM2 answer otherwise
/// vgcreate vg $1 $2               a command of the tools; $N is a disk, $dir the private LVM_SYSTEM_DIR
/// ! mkfs.ext4 -q $3               a command of the shell, run on both sides
/// ```
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) disks: Vec<DiskSpec>,
    pub(crate) steps: Vec<CaseStep>,
    only: Option<Mode>,
}

/// One line of a case.
pub(crate) struct CaseStep {
    pub(crate) command: String,
    /// The first version of LVM2 that answers as rlvm has to.
    pub(crate) since: Option<String>,
    /// The first version of LVM2 that no longer does.
    pub(crate) before: Option<String>,
}

/// A disk to make: its size as `truncate` takes it, and its logical block in bytes.
pub(crate) struct DiskSpec {
    pub(crate) size: String,
    pub(crate) block: u32,
}

#[derive(PartialEq, Eq)]
enum Mode {
    Live,
    Still,
}

impl Case {
    pub(crate) fn read(path: &Path) -> Result<Case, Box<dyn Error>> {
        let text = fs::read_to_string(path)?;
        let at = path.display();
        let name = text.lines().next().and_then(|line| line.strip_prefix("# "));
        let name = name.ok_or_else(|| format!("{at}: the first line is not a sentence"))?;
        let mut case =
            Case { name: name.trim_end_matches('.').to_owned(), disks: vec![], steps: vec![], only: None };
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(sizes) = line.strip_prefix("disks ") {
                case.disks = sizes.split_whitespace().map(disk).collect::<Result<_, _>>()?;
            } else if let Some(mode) = line.strip_prefix("only ") {
                case.only = Some(if mode == "live" { Mode::Live } else { Mode::Still });
            } else {
                case.steps.push(step(line));
            }
        }
        if case.disks.is_empty() || case.steps.is_empty() {
            return Err(format!("{at}: no disks or no commands").into());
        }
        Ok(case)
    }

    /// Whether the case runs with device-mapper (`live`) or without.
    pub(crate) fn runs_when(&self, live: bool) -> bool {
        match self.only {
            Some(Mode::Live) => live,
            Some(Mode::Still) => !live,
            None => true,
        }
    }
}

fn step(line: &str) -> CaseStep {
    let versioned = |word| line.strip_prefix(word)?.split_once(": ");
    let (since, before) = (versioned("since "), versioned("before "));
    CaseStep {
        command: since.or(before).map_or(line, |(_, command)| command).to_owned(),
        since: since.map(|(version, _)| version.to_owned()),
        before: before.map(|(version, _)| version.to_owned()),
    }
}

fn disk(word: &str) -> Result<DiskSpec, Box<dyn Error>> {
    let (size, block) = match word.split_once('/') {
        Some((size, block)) => (size, block.parse()?),
        None => (word, 512),
    };
    Ok(DiskSpec { size: size.to_owned(), block })
}

/// The words of a command line: split at blanks, single and double quotes keep what they hold together.
pub(crate) fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ' | '\t') => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::{step, words};

    #[test]
    fn quotes_keep_blanks_and_empty_words() {
        assert_eq!(
            words("lvs -S 'lv_size > 8m'  --separator ''"),
            ["lvs", "-S", "lv_size > 8m", "--separator", ""]
        );
    }

    #[test]
    fn a_command_may_ask_for_a_version() {
        let step = step("since 2.03.17: lvresize -l 0 vg/a");
        assert_eq!((step.command.as_str(), step.since.as_deref()), ("lvresize -l 0 vg/a", Some("2.03.17")));
        let step = super::step("before 2.03.17: lvextend -l +1 vg");
        assert_eq!((step.command.as_str(), step.before.as_deref()), ("lvextend -l +1 vg", Some("2.03.17")));
    }
}
