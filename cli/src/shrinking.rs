//! Shrinking an LV without cutting what is on it.

use crate::change::Refusal;
use crate::exit::Exit;
use crate::holders::Holders;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::volume;
use crate::world::World;
use device::{Disk, Host};
use dm::Access;
use metadata::live::Live;
use metadata::model::Lv;
use metadata::plan::{Consent, Notice, Proposal};
use pv::signature::{self, Signature, Usage};
use store::VgOnDisk;
use units::{Bytes, Sectors};

/// What `--fs` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileSystem {
    /// `checksize`, the default: none may be cut.
    Checked,
    /// `ignore`.
    Ignored,
}

/// Reads `--fs`, and refuses what this version does not do.
pub(crate) fn file_system(parsed: &Parsed, world: &mut World) -> Result<FileSystem, Exit> {
    if parsed.str(Opt::Fsmode).is_some_and(|mode| !matches!(mode, "manage" | "nochange" | "offline")) {
        world.error("Unknown --fsmode value.");
        return Err(Exit::INVALID);
    }
    match parsed.str(Opt::Fs) {
        None | Some("checksize") => Ok(FileSystem::Checked),
        Some("ignore") => Ok(FileSystem::Ignored),
        Some(text @ ("resize" | "resize_fsadm")) => {
            let command = parsed.name().text();
            world.error(format_args!("{command} --fs {text} is not supported yet by rlvm."));
            Err(Exit::FAILED)
        }
        Some(_) => {
            world.error("Unknown --fs value.");
            Err(Exit::INVALID)
        }
    }
}

/// What is needed to look at what would be cut.
pub(crate) struct Shrinking<'a> {
    pub(crate) session: &'a Session,
    pub(crate) host: &'a Host,
    pub(crate) holders: &'a Holders,
    pub(crate) file_system: FileSystem,
}

impl Shrinking<'_> {
    /// Refuses to shrink what is open, and to cut a file system. Where nothing is on the LV, or what is there
    /// ends before the cut, nobody has to be asked.
    pub(crate) fn check(
        &self,
        on_disk: &VgOnDisk,
        lv: &Lv,
        live: &mut Live,
        proposal: &mut Proposal,
    ) -> Result<(), Refusal> {
        let name = format!("{}/{}", on_disk.vg.name, lv.name);
        self.holders.check(&name, lv.id, live)?;
        let active = live.is_active(lv.id);
        if self.file_system == FileSystem::Ignored && !active {
            return Ok(());
        }
        let disk = volume::open(self.session, self.host, on_disk, lv, live, Access::ReadOnly)?;
        let found = signature::find(&*disk).map_err(|error| Refusal::failed(&error))?;
        let formats: Vec<&Signature> =
            found.iter().filter(|found| found.usage != Usage::PartitionTable).collect();
        let extent_size = on_disk.vg.extent_size;
        let to_sectors = |lv: &Lv| extent_size.to_sectors(lv.extents()).unwrap_or(Sectors::ZERO);
        let to = proposal.next.lvs.get(lv.id).map_or(Sectors::ZERO, to_sectors);
        if self.file_system == FileSystem::Ignored {
            if formats.is_empty() {
                proposal.consents.clear();
            }
            return Ok(());
        }
        for format in formats {
            check_format(&*disk, &name, format, to, &mut proposal.notices)?;
        }
        proposal.consents.clear();
        if let Some((scheme, end)) = partitions(&*disk)?.filter(|(_, end)| *end > to) {
            proposal.notices.push(Notice::Partitions { lv: name.clone(), scheme, end });
            let (from, open) = (to_sectors(lv), false);
            proposal.consents.push(Consent::Shrink { lv: name, from, to, active, open });
        }
        Ok(())
    }
}

/// Refuses to cut what a signature stands for.
fn check_format(
    disk: &dyn Disk,
    lv: &str,
    format: &Signature,
    to: Sectors,
    notices: &mut Vec<Notice>,
) -> Result<(), Refusal> {
    notices.push(Notice::FileSystem { lv: lv.to_owned(), name: format.name.to_owned() });
    if format.name == "btrfs" {
        notices.push(Notice::FileSystemNotMeasured(format.name.to_owned()));
        return Err(cut("File system reduce is required (see btrfs-progs or --resizefs.)".to_owned()));
    }
    let Some(end) = signature::end(disk, format).map_err(|error| Refusal::failed(&error))? else {
        return Err(cut(format!("How much of {lv} is used by {} is not known.", format.name)));
    };
    notices.push(Notice::FileSystemSize { size: end.sectors(), requested: to });
    if to.bytes().is_some_and(|to: Bytes| end <= to) {
        return Ok(());
    }
    Err(cut(match format.name {
        "ext2" | "ext3" | "ext4" | "ext4dev" => {
            "File system reduce is required (see resize2fs or --resizefs.)".to_owned()
        }
        other => format!("File system reduce is required and not supported ({other})."),
    }))
}

fn cut(line: String) -> Refusal {
    Refusal::words(line).hint("--fs ignore shrinks the LV all the same, and what is cut off is lost")
}

/// The kind of partition table, and where the last partition ends.
fn partitions(disk: &dyn Disk) -> Result<Option<(String, Sectors)>, Refusal> {
    let table = partition::detect(disk).map_err(|error| Refusal::failed(&error))?;
    Ok(table.map(|table| {
        let ends = table.partitions.iter().filter_map(|part| part.start.checked_add(part.size));
        (table.scheme.name().to_owned(), ends.max().unwrap_or(Sectors::ZERO))
    }))
}
