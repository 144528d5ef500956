//! Shrinking an LV without cutting what is on it.

use crate::change::Refusal;
use crate::file_system::{self, Crypt, FileSystem, Found, LUKS, Request, Steps};
use crate::holders::Holders;
use crate::session::Session;
use crate::volume;
use device::{BlockDisk, DevNumber, Disk, Host};
use metadata::live::{Live, LvLive};
use metadata::model::Lv;
use metadata::plan::{Consent, Notice, Proposal};
use std::path::Path;
use store::VgOnDisk;
use units::{Bytes, Sectors};

/// What is needed to look at what would be cut.
pub(crate) struct Shrinking<'a> {
    pub(crate) session: &'a Session,
    pub(crate) host: &'a Host,
    pub(crate) dev_dir: &'a Path,
    pub(crate) holders: &'a Holders,
    pub(crate) request: &'a Request,
}

/// An LV and what is known of it.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) on_disk: &'a VgOnDisk,
    pub(crate) lv: &'a Lv,
}

impl Target<'_> {
    pub(crate) fn name(self) -> String {
        format!("{}/{}", self.on_disk.vg.name, self.lv.name)
    }

    fn sectors(self, lv: &Lv) -> Sectors {
        self.on_disk.vg.extent_size.to_sectors(lv.extents()).unwrap_or(Sectors::ZERO)
    }

    /// How large it will be.
    pub(crate) fn size_in(self, proposal: &Proposal) -> Sectors {
        proposal.next.lvs.get(self.lv.id).map_or(Sectors::ZERO, |next| self.sectors(next))
    }
}

impl Shrinking<'_> {
    /// Refuses to cut a file system, and to shrink what is open without being known to end before the cut, unless that is
    /// asked for. Where
    /// nothing is on the LV, or what is there ends before the cut, nobody has to be asked. Where it is to be
    /// shrunk too: what that takes.
    pub(crate) fn check(
        &self,
        target: Target<'_>,
        live: &mut Live,
        proposal: &mut Proposal,
    ) -> Result<Option<(Found, Steps)>, Refusal> {
        let (name, lv) = (target.name(), target.lv);
        let active = live.is_active(lv.id);
        if self.request.what == FileSystem::Ignored {
            // Whoever asks for that has said that it does not matter who uses what is cut.
            let in_use = self.holders.check(&name, lv.id, live).is_err();
            if active && !in_use && matches!(self.found(target, live), Ok(None)) {
                proposal.consents.clear();
            }
            for consent in &mut proposal.consents {
                if let Consent::Shrink { open, .. } = consent {
                    *open = in_use;
                }
            }
            return Ok(None);
        }
        // As LVM2 2.03.40, which cannot look at what does not run. Of images that is never the case.
        let unasked = live.known && !active && !self.session.images_only && !self.request.asked;
        if unasked {
            return Err(Refusal::words("The LV must be active to safely reduce (see --fs options.)"));
        }
        self.check_active(target, live)?;
        let to = target.size_in(proposal);
        let found = match self.found(target, live) {
            // What gives errors, or is not there, cannot be looked at: whoever is asked decides.
            Err(_) if self.request.what != FileSystem::Resized => {
                self.holders.check(&name, lv.id, live)?;
                return Ok(None);
            }
            found => found?,
        };
        let steps = match found {
            None if self.request.what == FileSystem::Resized => return Err(not_found()),
            None => {
                self.holders.check(&name, lv.id, live)?;
                None
            }
            Some(found) => {
                if self.request.what == FileSystem::Resized {
                    self.check_name(&found, target, live)?;
                }
                let size = to.bytes().unwrap_or(Bytes::ZERO);
                let steps = file_system::shrink(&found, self.request, size, &mut proposal.notices)?;
                steps.map(|steps| (found, steps))
            }
        };
        proposal.consents.clear();
        let disk = volume::look(self.session, self.host, target.on_disk, lv, live)?;
        if let Some((scheme, end)) = partitions(&*disk)?.filter(|(_, end)| *end > to) {
            proposal.notices.push(Notice::Partitions { lv: name.clone(), scheme, end });
            let (from, open) = (target.sectors(lv), false);
            proposal.consents.push(Consent::Shrink { lv: name, from, to, active, open });
        }
        Ok(steps)
    }

    /// What it takes to make a file system as large as its LV will be.
    pub(crate) fn grow(
        &self,
        target: Target<'_>,
        live: &Live,
        size: Sectors,
        notices: &mut Vec<Notice>,
    ) -> Result<(Found, Steps), Refusal> {
        self.check_active(target, live)?;
        let found = self.found(target, live)?.ok_or_else(not_found)?;
        self.check_name(&found, target, live)?;
        let size = size.bytes().unwrap_or(Bytes::ZERO);
        let steps = file_system::grow(&found, self.request, size, notices)?;
        Ok((found, steps))
    }

    /// The tools of file systems need a device.
    fn check_active(&self, target: Target<'_>, live: &Live) -> Result<(), Refusal> {
        if self.request.what != FileSystem::Resized || live.is_active(target.lv.id) {
            return Ok(());
        }
        let (name, word) = (target.name(), self.request.word);
        Err(Refusal::words(format!("Logical volume {name} must be active for file system {word}.")))
    }

    fn check_name(&self, found: &Found, target: Target<'_>, live: &Live) -> Result<(), Refusal> {
        let Some(device) = live.of(target.lv.id) else { return Ok(()) };
        found.check_name(&self.dev_dir.join("mapper").join(&device.name))
    }

    fn found(&self, target: Target<'_>, live: &Live) -> Result<Option<Found>, Refusal> {
        let disk = volume::look(self.session, self.host, target.on_disk, target.lv, live)?;
        let name = target.name();
        let path = self.dev_dir.join(&name);
        let device = live.of(target.lv.id);
        let node = match device {
            Some(device) if !path.exists() => volume::node(self.host, device),
            Some(_) | None => path,
        };
        let found = Found::on(&*disk, &name, node)?;
        match (found, device) {
            (Some(found), Some(device)) if found.name == LUKS => self.decrypted(found, device).map(Some),
            (Some(found), Some(device)) => {
                let number = DevNumber { major: device.major, minor: device.minor };
                found.with_mounts(self.host, number).map(Some)
            }
            (found, _) => Ok(found),
        }
    }

    /// What is in an encrypted LV, where it is open and somebody wants to know.
    fn decrypted(&self, luks: Found, device: &LvLive) -> Result<Found, Refusal> {
        let what = self.request.what;
        let crypt = match what {
            FileSystem::Ignored => None,
            _ => Crypt::over(self.host, self.holders.dm(), device)?,
        };
        let Some(crypt) = crypt else {
            return match what {
                FileSystem::Resized => {
                    Err(Refusal::words("LUKS dm-crypt device must be active for fs resize."))
                }
                FileSystem::Checked | FileSystem::Ignored => Ok(luks),
            };
        };
        let disk = BlockDisk::open_cached(&crypt.node).map_err(|error| Refusal::failed(&error))?;
        match Found::on(&disk, &luks.lv, crypt.node.clone())? {
            Some(mut found) => {
                let number = crypt.number;
                found.crypt = Some(crypt);
                found.with_mounts(self.host, number)
            }
            None => Err(Refusal::words(format!(
                "No file system found on dm-crypt device {} on LV {}.",
                crypt.node.display(),
                luks.lv
            ))),
        }
    }
}

fn not_found() -> Refusal {
    Refusal::words("File system not found for --resizefs or --fs options.")
}

/// The kind of partition table, and where the last partition ends.
fn partitions(disk: &dyn Disk) -> Result<Option<(String, Sectors)>, Refusal> {
    let table = partition::detect(disk).map_err(|error| Refusal::failed(&error))?;
    Ok(table.map(|table| {
        let ends = table.partitions.iter().filter_map(|part| part.start.checked_add(part.size));
        (table.scheme.name().to_owned(), ends.max().unwrap_or(Sectors::ZERO))
    }))
}
