//! Loop devices over sparse files, the same ones for every run of a case so that their names are the same too.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::case::DiskSpec;

/// The disks of one case, attached until dropped.
pub(crate) struct Disks {
    devices: Vec<PathBuf>,
    directory: TempDir,
}

impl Disks {
    pub(crate) fn attach(specs: &[DiskSpec]) -> Result<Disks, Box<dyn Error>> {
        let mut disks = Disks { devices: Vec::new(), directory: TempDir::new()? };
        for (at, spec) in specs.iter().enumerate() {
            let file = disks.directory.path().join(format!("disk{at}"));
            output(Command::new("truncate").arg("-s").arg(&spec.size).arg(&file))?;
            let block = spec.block.to_string();
            let device = output(Command::new("losetup").args(["-f", "--show", "-b", &block]).arg(&file))?;
            disks.devices.push(PathBuf::from(device.trim_end()));
        }
        Ok(disks)
    }

    /// The paths of the devices, in the case's order.
    pub(crate) fn devices(&self) -> &[PathBuf] {
        &self.devices
    }

    /// A directory of this case's own.
    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Makes every disk all zeroes again.
    pub(crate) fn clear(&self) -> Result<(), Box<dyn Error>> {
        for device in &self.devices {
            output(Command::new("blkdiscard").arg("-f").arg(device))?;
            output(Command::new("blockdev").arg("--flushbufs").arg(device))?;
        }
        Ok(())
    }
}

impl Drop for Disks {
    fn drop(&mut self) {
        for device in &self.devices {
            // Nobody is left to tell; a loop device that stays is seen in losetup's list.
            let _ = Command::new("losetup").arg("-d").arg(device).status();
        }
    }
}

/// The standard output of a command that must succeed.
pub(crate) fn output(command: &mut Command) -> Result<String, Box<dyn Error>> {
    let output = command.output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{command:?}: {}: {said}", output.status).into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
