//! Images in scope, and the loop devices they may be attached to.

use super::{Refused, Rejected, Scanner};
use crate::disk::{Disk, Identity};
use crate::error::DiskError;
use crate::file::FileDisk;
use crate::host::Host;
use crate::limit::make_room_for;
use crate::loops::{LoopDevice, LoopedImage, attached_loops};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An image that was opened.
pub(super) struct OpenImage {
    pub(super) disk: Arc<dyn Disk>,
    /// More names: the loop devices that show it.
    pub(super) names: Vec<PathBuf>,
    /// The loop device through which it is used; it is no disk of its own then.
    pub(super) loop_device: Option<Identity>,
}

impl Scanner<'_> {
    /// Opens images, by the loop device they are attached to if they are.
    pub(super) fn open_images(&mut self, paths: Vec<PathBuf>) -> Vec<OpenImage> {
        if paths.is_empty() {
            return Vec::new();
        }
        make_room_for(paths.len());
        let loops = attached_loops(&self.options.host);
        let mut opened = Vec::with_capacity(paths.len());
        for path in paths {
            match one_image(&path, &loops) {
                Ok(image) => opened.push(image),
                Err(e) => {
                    let identity = self.options.host.nodes.identity(&path);
                    let reason = Rejected::Unusable(Arc::new(e));
                    self.rejected.push(Refused { names: vec![path], identity, reason });
                }
            }
        }
        opened
    }
}

/// Opens an image, through the loop device that shows it where there is one.
pub fn open_image(host: &Host, path: &Path) -> Result<Arc<dyn Disk>, DiskError> {
    Ok(one_image(path, &attached_loops(host))?.disk)
}

/// The same, with all loop devices that show the image or a part of it, in the order of their numbers.
pub fn open_image_and_loops(host: &Host, path: &Path) -> Result<(Arc<dyn Disk>, Vec<LoopDevice>), DiskError> {
    let all = attached_loops(host);
    let disk = one_image(path, &all)?.disk;
    let identity = disk.identity();
    let own = all.into_iter().filter(|(_, backing)| *backing == Some(identity));
    Ok((disk, own.map(|(device, _)| device).collect()))
}

fn one_image(path: &Path, loops: &[(LoopDevice, Option<Identity>)]) -> Result<OpenImage, DiskError> {
    let file = FileDisk::open(path)?;
    let identity = file.identity();
    let shows = loops.iter().filter(|(_, backing)| *backing == Some(identity)).map(|(device, _)| device);
    let Some(device) = shows.max_by_key(|device| (device.is_whole(), !device.read_only)) else {
        return Ok(OpenImage { disk: Arc::new(file), names: Vec::new(), loop_device: None });
    };
    // A loop device that shows a part of the image only, or that this user may not open, is no way to the
    // whole; writing behind its back is no way either.
    let looped = match device.is_whole() {
        true => LoopedImage::open(path, identity, device).ok(),
        false => None,
    };
    Ok(match looped {
        Some(disk) => OpenImage {
            disk: Arc::new(disk),
            names: vec![device.node.clone()],
            loop_device: Some(device.number.identity()),
        },
        None => OpenImage {
            disk: Arc::new(file.refuse_writes(&device.node)),
            names: Vec::new(),
            loop_device: None,
        },
    })
}
