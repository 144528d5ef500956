//! `/dev/VG/LV`: links to the devices' nodes, made here where udev does not.

use crate::apply::{Machine, Settings};
use crate::plan::LinkChanges;
use dm::{Control, DevNo, DmError, DmName, DmUuid, Listed, NodeDir};
use metadata::live::Live;
use metadata::model::Vg;
use metadata::model::names::dm_name;
use std::collections::{HashMap, HashSet};
use std::fs::{self, DirBuilder};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, symlink};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a link was not made or removed.
#[derive(Debug, Error)]
pub enum LinkError {
    /// Something that is no link has the name.
    #[error("{} is in the way: it is no link", .0.display())]
    InTheWay(PathBuf),
    /// The file system said no.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which link or directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// The directory of devices.
#[derive(Clone, Debug)]
pub(crate) struct Links<'a> {
    dev: &'a Path,
    /// Where the links lead to, seen from a VG's directory.
    target: PathBuf,
}

impl<'a> Links<'a> {
    /// Links below `dev` (`/dev`) to nodes in its directory `mapper`.
    pub(crate) fn below(dev: &'a Path) -> Self {
        Self { dev, target: PathBuf::from("../mapper") }
    }

    fn path(&self, vg: &str, lv: &str) -> PathBuf {
        self.dev.join(vg).join(lv)
    }

    /// Makes a link, unless it is there and leads to the node.
    pub(crate) fn add(&self, vg: &str, lv: &str, node: &str) -> Result<(), LinkError> {
        let path = self.path(vg, lv);
        let io = |source| LinkError::Io { path: path.clone(), source };
        let make = || symlink(self.target.join(node), &path);
        // Mostly nothing is there: that is seen by making the link, without looking first.
        match make() {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                DirBuilder::new().recursive(true).mode(0o755).create(self.dev.join(vg)).map_err(io)?;
                return make().map_err(io);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            made => return made.map_err(io),
        }
        if self.is_right(vg, lv, node) {
            return Ok(());
        }
        match path.symlink_metadata() {
            // A node of an older LVM, or a link to another device.
            Ok(found) if found.is_symlink() || found.file_type().is_block_device() => {
                fs::remove_file(&path).map_err(io)?;
            }
            Ok(_) => return Err(LinkError::InTheWay(path)),
            Err(_) => {}
        }
        make().map_err(io)
    }

    /// Whether the link leads to what the node is, or would be.
    fn is_right(&self, vg: &str, lv: &str, node: &str) -> bool {
        let path = self.path(vg, lv);
        let device = |path: &Path| {
            let found = fs::metadata(path).ok().filter(|found| found.file_type().is_block_device());
            found.map(|found| found.rdev())
        };
        match device(&self.dev.join(vg).join(&self.target).join(node)) {
            Some(wanted) => path.is_symlink() && device(&path) == Some(wanted),
            None => fs::read_link(&path).is_ok_and(|target| target == self.target.join(node)),
        }
    }

    /// Removes a link; [`Self::remove_empty`] removes the VG's directory with its last.
    pub(crate) fn remove(&self, vg: &str, lv: &str) -> Result<(), LinkError> {
        let path = self.path(vg, lv);
        match path.symlink_metadata() {
            Ok(found) if found.is_symlink() => {
                fs::remove_file(&path).map_err(|source| LinkError::Io { path, source })?;
            }
            Ok(_) => return Err(LinkError::InTheWay(path)),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(source) => return Err(LinkError::Io { path, source }),
        }
        Ok(())
    }

    /// Removes the VG's directory, if it is empty.
    pub(crate) fn remove_empty(&self, vg: &str) {
        // Not empty, or somebody else's: it stays.
        let _ = fs::remove_dir(self.dev.join(vg));
    }
}

/// Who looks after the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Care {
    /// Nobody else: they are made and removed here.
    Own,
    /// udev: what it has not done is done here, and told.
    AfterUdev,
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Named {
    /// What could not be done.
    pub(crate) errors: Vec<LinkError>,
    /// Names that udev should have made or removed.
    pub(crate) missed: Vec<PathBuf>,
}

/// Brings the links in line with the devices that are there now; with udev in charge their nodes too.
pub(crate) fn bring_in_line(
    control: &dyn Control,
    changes: &LinkChanges,
    dev: &Path,
    nodes: Option<&NodeDir>,
    care: Care,
) -> Named {
    let (links, mut named) = (Links::below(dev), Named::default());
    let running = match control.list() {
        Ok(listed) => listed,
        // Whoever cannot tell what runs takes no name away, and gives none.
        Err(_) => return named,
    };
    let running: HashMap<&DmUuid, &Listed> =
        running.iter().filter_map(|device| Some((device.uuid.as_ref()?, device))).collect();
    let names: HashSet<(&str, &str)> =
        changes.there.iter().map(|(vg, lv, _, _)| (vg.as_str(), lv.as_str())).collect();
    let uuids: HashSet<&DmUuid> = changes.there.iter().map(|(_, _, _, uuid)| uuid).collect();
    let mut left: HashSet<&str> = HashSet::new();
    for (vg, lv, uuid) in &changes.gone {
        // A device that was to go and did not keeps its names.
        let stays = !uuids.contains(uuid) && running.contains_key(uuid);
        if stays || names.contains(&(vg.as_str(), lv.as_str())) {
            continue;
        }
        if care == Care::AfterUdev && links.path(vg, lv).is_symlink() {
            named.missed.push(links.path(vg, lv));
        }
        named.errors.extend(links.remove(vg, lv).err());
        left.insert(vg.as_str());
    }
    for (vg, lv, name, uuid) in &changes.there {
        let Some(info) = running.get(uuid) else { continue };
        if care == Care::AfterUdev
            && let Some(nodes) = nodes
        {
            if !nodes.path(&info.name).exists() {
                named.missed.push(nodes.path(&info.name));
            }
            if let Err(dm::NodeError::Io { path, source }) = nodes.add(&info.name, info.number) {
                named.errors.push(LinkError::Io { path, source });
            }
        }
        if info.name != *name {
            continue;
        }
        if care == Care::AfterUdev && !links.is_right(vg, lv, name.as_str()) {
            named.missed.push(links.path(vg, lv));
        }
        named.errors.extend(links.add(vg, lv, name.as_str()).err());
    }
    left.into_iter().for_each(|vg| links.remove_empty(vg));
    named
}

/// Names of a device that was renamed by somebody who died before seeing to them. What cannot be mended now is
/// mended by the next activation.
pub(crate) fn follow_rename(settings: &Settings, old: &DmName, new: &DmName, number: DevNo) {
    if settings.leaves_names_to_udev() {
        return;
    }
    if let Some(nodes) = &settings.nodes {
        let _ = nodes.rename(old, new, number);
    }
    let Some(links) = settings.links.as_deref().map(Links::below) else { return };
    let parts = (dm::split(old.as_str()), dm::split(new.as_str()));
    if let ([old_vg, old_lv], [vg, lv]) = (parts.0.as_slice(), parts.1.as_slice())
        // Sub-LVs have none.
        && links.path(old_vg, old_lv).is_symlink()
    {
        let _ = links.remove(old_vg, old_lv);
        links.remove_empty(old_vg);
        let _ = links.add(vg, lv, new.as_str());
    }
}

/// Whether the VG's directory holds links to devices that are not there.
pub(crate) fn has_stale(settings: &Settings, vg: &Vg, live: &Live) -> bool {
    let Some(dev) = settings.links.as_deref().filter(|_| !settings.leaves_names_to_udev()) else {
        return false;
    };
    let running: HashSet<&str> = live.lvs.values().map(|live| live.name.as_str()).collect();
    live.known
        && entries(&dev.join(&vg.name)).any(|lv| !running.contains(dm_name(&vg.name, &lv, "").as_str()))
}

/// Brings the names of a VG in line with what runs, after somebody died before seeing to them: those that lead to
/// no device go, those that are missing are made.
pub(crate) fn mend(control: &dyn Control, settings: &Settings, vg: &Vg) -> Result<(), DmError> {
    if settings.leaves_names_to_udev() { Ok(()) } else { as_they_run(control, settings, vg) }
}

/// Makes the names of a VG's LVs below `/dev` what they should be, whoever should have seen to them.
pub fn names(machine: &Machine<'_>, vg: &Vg) -> Result<(), DmError> {
    as_they_run(machine.control, &machine.settings, vg)
}

fn as_they_run(control: &dyn Control, settings: &Settings, vg: &Vg) -> Result<(), DmError> {
    let listed = control.list()?;
    let known: HashSet<&str> = listed.iter().map(|device| device.name.as_str()).collect();
    if let Some(nodes) = &settings.nodes {
        let own = |name: &str| dm::split(name).first() == Some(&vg.name);
        for stale in entries(nodes.dir()).filter(|name| own(name) && !known.contains(name.as_str())) {
            // Whatever is in the way there is no device of this VG.
            let _ = DmName::new(stale).map(|name| nodes.remove(&name));
        }
    }
    let Some(links) = settings.links.as_deref().map(Links::below) else { return Ok(()) };
    let mut left = false;
    for lv in entries(&links.dev.join(&vg.name)) {
        if !known.contains(dm_name(&vg.name, &lv, "").as_str()) {
            let _ = links.remove(&vg.name, &lv);
            left = true;
        }
    }
    if left {
        links.remove_empty(&vg.name);
    }
    let visible: HashMap<String, &str> = vg
        .lvs
        .iter()
        .filter(|lv| lv.is_visible())
        .map(|lv| (dm_name(&vg.name, &lv.name, ""), lv.name.as_str()))
        .collect();
    for device in &listed {
        if let Some(lv) = visible.get(device.name.as_str()) {
            let _ = settings.nodes.as_ref().map(|nodes| nodes.add(&device.name, device.number));
            let _ = links.add(&vg.name, lv, device.name.as_str());
        }
    }
    Ok(())
}

fn entries(dir: &Path) -> impl Iterator<Item = String> {
    let found = fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok);
    found.filter_map(|entry| entry.file_name().into_string().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_the_node_and_its_directory_goes_with_the_last() {
        let dev = tempfile::tempdir().unwrap();
        let links = Links::below(dev.path());
        links.add("vg", "a", "vg-a").unwrap();
        links.add("vg", "a", "vg-a").unwrap();
        links.add("vg", "b", "vg-b").unwrap();
        assert_eq!(fs::read_link(dev.path().join("vg/a")).unwrap(), Path::new("../mapper/vg-a"));
        links.add("vg", "a", "vg-c").unwrap();
        assert_eq!(fs::read_link(dev.path().join("vg/a")).unwrap(), Path::new("../mapper/vg-c"));
        links.remove("vg", "a").unwrap();
        links.remove("vg", "a").unwrap();
        links.remove_empty("vg");
        assert!(dev.path().join("vg").exists());
        links.remove("vg", "b").unwrap();
        links.remove_empty("vg");
        assert!(!dev.path().join("vg").exists());
    }

    #[test]
    fn a_file_in_the_way_is_left_alone() {
        let dev = tempfile::tempdir().unwrap();
        fs::create_dir(dev.path().join("vg")).unwrap();
        fs::write(dev.path().join("vg/a"), "mine").unwrap();
        let links = Links::below(dev.path());
        assert!(matches!(links.add("vg", "a", "vg-a"), Err(LinkError::InTheWay(_))));
        assert!(matches!(links.remove("vg", "a"), Err(LinkError::InTheWay(_))));
        assert_eq!(fs::read(dev.path().join("vg/a")).unwrap(), b"mine");
    }
}
