//! What differs between two records, for a reader who has to find out why.

use std::fmt::Write;

use crate::run::{Record, Step};

/// At most so many lines of a difference are shown.
const SHOWN: usize = 40;

/// The first command after which something differs, and what; nothing where all is the same.
pub(crate) fn difference(reference: &Record, record: &Record) -> Option<String> {
    for (at, (expected, got)) in reference.steps.iter().zip(&record.steps).enumerate() {
        let differing = differing(expected, got);
        if !differing.is_empty() {
            return Some(told(at + 1, expected, got, &differing));
        }
    }
    None
}

/// The names and both texts of what differs after one command.
fn differing<'a>(expected: &'a Step, got: &'a Step) -> Vec<(&'a str, &'a str, &'a str)> {
    let text = |step: &'a Step, name: &str| {
        step.seen.iter().find(|(at, _)| at == name).map(|(_, text)| text.as_str())
    };
    let mut names: Vec<&str> = expected.seen.iter().chain(&got.seen).map(|(name, _)| name.as_str()).collect();
    let mut listed = Vec::new();
    names.retain(|name| {
        !listed.contains(name) && {
            listed.push(*name);
            true
        }
    });
    let pairs = names.into_iter().map(|name| {
        (name, text(expected, name).unwrap_or("(not there)"), text(got, name).unwrap_or("(not there)"))
    });
    pairs.filter(|(_, expected, got)| expected != got).collect()
}

fn told(number: usize, expected: &Step, got: &Step, differing: &[(&str, &str, &str)]) -> String {
    let mut out = format!("    command {number}: {}\n", got.command);
    for (name, expected, got) in differing {
        let _ = writeln!(out, "    {name} (- lvm alone, + this run):");
        for line in lines(expected, got) {
            let _ = writeln!(out, "      {line}");
        }
    }
    for (step, said) in [("lvm alone", expected), ("this run", got)] {
        for (stream, text) in [("stdout", &said.stdout), ("stderr", &said.stderr)] {
            for line in text.lines().take(SHOWN) {
                let _ = writeln!(out, "    {step} ({}) {stream}: {line}", said.tool);
            }
        }
    }
    out
}

/// The differing lines with one line of what is around them.
fn lines(expected: &str, got: &str) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), got.lines().collect());
    let longest = longest_common(&old, &new);
    let (mut i, mut j) = (0, 0);
    let mut out = Vec::new();
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            out.push(format!("  {}", old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && longest[i + 1][j] >= longest[i][j + 1]) {
            out.push(format!("- {}", old[i]));
            i += 1;
        } else {
            out.push(format!("+ {}", new[j]));
            j += 1;
        }
    }
    let changed = |at: usize| out.get(at).is_some_and(|line| !line.starts_with("  "));
    let near = |at: usize| changed(at) || changed(at + 1) || at.checked_sub(1).is_some_and(changed);
    let mut shown: Vec<String> = (0..out.len()).filter(|at| near(*at)).map(|at| out[at].clone()).collect();
    if shown.len() > SHOWN {
        let rest = shown.len() - SHOWN;
        shown.truncate(SHOWN);
        shown.push(format!("... and {rest} lines more"));
    }
    shown
}

/// `[i][j]`: the length of the longest common subsequence of `old[i..]` and `new[j..]`.
fn longest_common(old: &[&str], new: &[&str]) -> Vec<Vec<usize>> {
    let mut longest = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            longest[i][j] = if old[i] == new[j] {
                longest[i + 1][j + 1] + 1
            } else {
                longest[i + 1][j].max(longest[i][j + 1])
            };
        }
    }
    longest
}
