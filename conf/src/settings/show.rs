//! Settings as `lvmconfig` shows them: those that were made, those that hold, those there are.

mod made;
mod nodes;
mod write;

use super::cascade::Settings;
use super::nest::{Nest, merge, nest};
use super::row::{Row, Version};
use made::Made;

/// Which settings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those that were made.
    Current,
    /// Those that were not made, with their defaults.
    Missing,
    /// Both.
    Full,
    /// All there are, with their defaults.
    Default,
    /// Those new in the version.
    New,
    /// Those new in the version and later.
    NewSince,
    /// Those a profile can set.
    Profilable,
    /// Those a command profile can set.
    ProfilableCommand,
    /// Those a metadata profile can set.
    ProfilableMetadata,
    /// Those made to differ from their defaults.
    Diff,
    /// The names of all there are.
    List,
}

impl Which {
    /// Whether it is about what was made, in the order in which it was.
    const fn is_made(self) -> bool {
        matches!(self, Self::Current | Self::Diff)
    }
}

/// What is left out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Without {
    /// Settings for advanced use.
    pub advanced: bool,
    /// Settings LVM2 does not support officially.
    pub unsupported: bool,
    /// Settings without an effect in the version.
    pub deprecated: bool,
    /// The section `local`.
    pub local: bool,
}

/// What is told of each.
#[derive(Clone, Copy, Debug, Default)]
pub struct With {
    /// Its name and one line on it.
    pub summary: bool,
    /// All there is to say on it.
    pub comments: bool,
    /// Since when there is, and has been, such a setting.
    pub versions: bool,
    /// Blanks around `=` and in arrays.
    pub spaces: bool,
    /// Placeholders instead of what the build decides.
    pub unconfigured: bool,
    /// Values without names.
    pub values_only: bool,
    /// One `section/name` to a line.
    pub list: bool,
    /// Defaults as if they had been made, not as comments.
    pub uncommented: bool,
    /// What to know about lvm.conf first.
    pub general_preamble: bool,
    /// What to know about lvmlocal.conf first.
    pub local_preamble: bool,
}

/// What is to be shown, and how.
#[derive(Clone, Copy, Debug)]
pub struct Show {
    /// Which settings.
    pub which: Which,
    /// By what this version of LVM2 has.
    pub version: Version,
    /// Less these.
    pub without: Without,
    /// With what.
    pub with: With,
    /// Whether `--config` and profiles are put over the files, instead of hiding them.
    pub merged: bool,
}

/// What [`Settings::show`] gives.
#[derive(Debug)]
pub struct Shown {
    /// The text.
    pub text: Vec<u8>,
    /// Paths that were asked for and are not there.
    pub not_found: Vec<String>,
}

impl Settings {
    /// The settings as text: all of them, or those at `paths`.
    pub fn show(&self, show: &Show, paths: &[&str]) -> Shown {
        let merged = show.merged || matches!(show.which, Which::Full | Which::Diff);
        let configured = self.configured(merged);
        let made = Made::new(self, &configured, show.without);
        let nodes = match show.which.is_made() {
            true => nodes::made(&configured),
            false => nodes::of_table(self, show, &made, configured),
        };
        let mut writer = write::Writer::new(show, &made);
        writer.preambles();
        let mut not_found = Vec::new();
        if paths.is_empty() {
            nodes.iter().for_each(|node| writer.node(node, 0));
        }
        for path in paths {
            match nodes::find(&nodes, path) {
                Some(node) => writer.node(node, 0),
                None => not_found.push((*path).to_owned()),
            }
        }
        Shown { text: writer.text, not_found }
    }

    /// What was made: by the strongest layer alone, or by all of them together.
    fn configured(&self, merged: bool) -> Vec<Nest> {
        let mut layers = self.layers.iter();
        if !merged || self.layers.len() < 2 {
            return layers.next().map(|layer| nest(&layer.entries)).unwrap_or_default();
        }
        let mut all = Vec::new();
        for layer in layers.rev() {
            merge(&mut all, nest(&layer.entries), &|_, _| None);
        }
        all
    }

    /// What is wrong with the strongest layer, or with all of them, whatever `config/checks` says.
    pub fn all_problems(&self, merged: bool) -> Vec<&super::check::Problem> {
        let layers = if merged { self.layers.as_slice() } else { &self.layers[..self.layers.len().min(1)] };
        layers.iter().flat_map(|layer| layer.problems()).collect()
    }
}

/// The name a row's last part has where the user has not chosen one.
fn placeholder(row: &Row) -> &'static str {
    match row.path.rsplit_once('/') {
        Some(("allocation/cache_settings", "#")) => "policy_settings",
        Some(("metadata/disk_areas", "#")) => "disk_area",
        Some(("tags", "#")) => "tag",
        Some((_, key)) => key,
        None => row.path,
    }
}
