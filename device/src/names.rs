//! Which of a device's names is shown.

use crate::pattern::Pattern;
use std::cmp::Ordering;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// An order of names: those that match an earlier pattern first, and otherwise as LVM2 has it: `block/`,
/// `dm-N`, `disk/` and `mapper/` in the device folder yield to all others, in this order; then fewer
/// folders, then symlinks before nodes, then the alphabet.
#[derive(Clone, Debug)]
pub struct Preference {
    /// LVM2's `devices/preferred_names`.
    pub patterns: Vec<Pattern>,
    /// The device folder, `/dev`.
    pub dev: PathBuf,
}

impl Default for Preference {
    fn default() -> Self {
        Self { patterns: Vec::new(), dev: PathBuf::from("/dev") }
    }
}

impl Preference {
    /// Puts the names into order, the preferred one first.
    pub fn sort(&self, names: &mut [PathBuf]) {
        if names.len() > 1 {
            names.sort_by(|a, b| self.compare(a, b));
        }
    }

    /// `Less` where `a` is preferred.
    pub fn compare(&self, a: &Path, b: &Path) -> Ordering {
        let pattern =
            |name: &Path| self.patterns.iter().position(|p| p.matches(name)).unwrap_or(self.patterns.len());
        pattern(a)
            .cmp(&pattern(b))
            .then_with(|| self.last_choice(a).cmp(&self.last_choice(b)))
            .then_with(|| slashes(a).cmp(&slashes(b)))
            .then_with(|| first_symlink(a, b))
            .then_with(|| a.as_os_str().as_bytes().cmp(b.as_os_str().as_bytes()))
    }

    /// How much a name yields to others; 0 not at all.
    fn last_choice(&self, name: &Path) -> u8 {
        let Ok(inside) = name.strip_prefix(&self.dev) else { return 0 };
        let bytes = inside.as_os_str().as_bytes();
        let kinds: [&[u8]; 4] = [b"mapper/", b"disk/", b"dm-", b"block/"];
        kinds.iter().position(|kind| bytes.starts_with(kind)).map_or(0, |at| at as u8 + 1)
    }
}

fn slashes(name: &Path) -> usize {
    name.as_os_str().as_bytes().iter().filter(|b| **b == b'/').count()
}

/// Prefers the name that passes a symlink first. What cannot be looked at yields.
fn first_symlink(a: &Path, b: &Path) -> Ordering {
    let mut parts_a = a.components();
    let mut parts_b = b.components();
    let (mut path_a, mut path_b) = (PathBuf::new(), PathBuf::new());
    while let (Some(part_a), Some(part_b)) = (parts_a.next(), parts_b.next()) {
        path_a.push(part_a);
        path_b.push(part_b);
        if path_a == path_b {
            continue;
        }
        let link = |path: &Path| std::fs::symlink_metadata(path).map(|stat| stat.is_symlink());
        match (link(&path_a), link(&path_b)) {
            (Err(_), _) => return Ordering::Greater,
            (_, Err(_)) | (Ok(true), Ok(false)) => return Ordering::Less,
            (Ok(false), Ok(true)) => return Ordering::Greater,
            _ => {}
        }
    }
    Ordering::Equal
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first<'a>(preference: &Preference, names: &[&'a str]) -> &'a str {
        let mut sorted = names.to_vec();
        sorted.sort_by(|a, b| preference.compare(Path::new(a), Path::new(b)));
        sorted[0]
    }

    #[test]
    fn plain_names_win_over_generated_ones() {
        let preference = Preference::default();
        assert_eq!(first(&preference, &["/dev/disk/by-id/x", "/dev/sda", "/dev/block/8:0"]), "/dev/sda");
        assert_eq!(first(&preference, &["/dev/dm-0", "/dev/mapper/vg-lv", "/dev/vg/lv"]), "/dev/vg/lv");
        assert_eq!(first(&preference, &["/dev/dm-0", "/dev/disk/by-id/x"]), "/dev/disk/by-id/x");
        assert_eq!(first(&preference, &["/dev/dm-0", "/dev/block/253:0"]), "/dev/dm-0");
    }

    #[test]
    fn an_earlier_pattern_wins() {
        let patterns = ["^/dev/mapper/mpath", "^/dev/disk"].map(|p| Pattern::new(p).unwrap()).to_vec();
        let preference = Preference { patterns, ..Preference::default() };
        let names = ["/dev/sda", "/dev/disk/by-id/x", "/dev/mapper/mpatha"];
        assert_eq!(first(&preference, &names), "/dev/mapper/mpatha");
        assert_eq!(first(&preference, &names[..2]), "/dev/disk/by-id/x");
    }

    #[test]
    fn a_symlink_wins_over_the_node_it_leads_to() {
        let folder = tempfile::tempdir().unwrap();
        let (node, link) = (folder.path().join("a-node"), folder.path().join("link"));
        std::fs::write(&node, "").unwrap();
        std::os::unix::fs::symlink(&node, &link).unwrap();
        let preference = Preference { dev: folder.path().to_owned(), ..Preference::default() };
        assert_eq!(preference.compare(&link, &node), Ordering::Less);
        assert_eq!(preference.compare(&node, &link), Ordering::Greater);
    }
}
