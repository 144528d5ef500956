//! The loop devices that an image needs while maps are made: one, or for a sparse image one for each byte of a
//! sector that its chunks begin at.

use super::grammar::Request;
use super::opened::{Opened, next_loop, number};
use super::{failed, refuse};
use crate::exit::Exit;
use crate::world::World;
use device::{AttachOptions, Attached, ImageLock, LockMode, LoopDevice, Wait};
use dm::DevNo;
use map::Ground;
use partition::Table;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long somebody else who attaches the image is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// What shows the disk.
#[derive(Default)]
pub(super) struct Shown {
    devices: BTreeMap<u64, DevNo>,
    // Both are held until the maps are there: then they hold the loop devices.
    _attached: Vec<Attached>,
    _lock: Option<ImageLock>,
}

impl Shown {
    /// What maps of the disk stand on.
    pub(super) fn ground<'a>(&'a self, opened: &'a Opened) -> Ground<'a> {
        match &opened.sparse {
            Some(sparse) => Ground::Sparse(sparse, &self.devices),
            None => Ground::Device(opened.source.number),
        }
    }

    /// What would show it, and in words, what would be attached for it.
    pub(super) fn planned(
        world: &mut World,
        request: &Request,
        opened: &mut Opened,
        table: &Table,
    ) -> Result<(Self, Vec<String>), Exit> {
        let (mut shown, mut words) = (Self::default(), Vec::new());
        if opened.loops.is_none() {
            return Ok((shown, words));
        }
        for (place, offset) in needed(world, opened, table)?.into_iter().enumerate() {
            let (node, number) = match opened.loop_at(offset) {
                Some(device) => (device.node.clone(), number(device)),
                None => {
                    let (node, number) = next_loop(&world.devices, words.len());
                    let from = if offset > 0 { format!(" from byte {offset} on") } else { String::new() };
                    let image = opened.whole.path().display();
                    words.push(format!("attach {image}{from} to {}", node.display()));
                    (node, number)
                }
            };
            if place == 0 {
                opened.stand_on(request, node, number);
            }
            shown.devices.insert(offset, number);
        }
        Ok((shown, words))
    }

    /// Attaches an image where it is not. The devices go with their last users, so that nothing is left should the
    /// maps not be made, or this process be killed.
    pub(super) fn hold(
        world: &mut World,
        request: &Request,
        opened: &mut Opened,
        table: &Table,
    ) -> Result<Self, Exit> {
        let mut shown = Self::default();
        let Some(loops) = &mut opened.loops else { return Ok(shown) };
        let image = opened.whole.path();
        let file = std::fs::canonicalize(image).unwrap_or_else(|_| image.to_owned());
        let lock = device::lock_image(&file, LockMode::Exclusive, Wait::at_most(PATIENCE));
        shown._lock = Some(lock.map_err(|error| failed(world, &error))?);
        // Somebody else may have attached it before it was locked.
        *loops = device::find_loops(&world.devices, opened.whole.identity());
        loops.retain(|device| !device.limited);
        for (place, offset) in needed(world, opened, table)?.into_iter().enumerate() {
            let device = match opened.loop_at(offset) {
                Some(device) => device.clone(),
                None => {
                    let options = AttachOptions {
                        read_only: request.read_only || opened.sparse.is_some(),
                        block_size: opened.block(table),
                        offset,
                        ..AttachOptions::default()
                    };
                    let attached = device::attach(&world.devices, &file, options);
                    let attached = attached.map_err(|error| failed(world, &error))?;
                    let device: LoopDevice = attached.device.clone();
                    shown._attached.push(attached);
                    device
                }
            };
            if place == 0 {
                opened.stand_on(request, device.node.clone(), number(&device));
            }
            shown.devices.insert(offset, number(&device));
        }
        Ok(shown)
    }
}

/// From which bytes an image has to be shown. Maps that are all zeros would hold no loop device, and could not be
/// found again without it.
fn needed(world: &mut World, opened: &Opened, table: &Table) -> Result<Vec<u64>, Exit> {
    let offsets = opened.offsets(table);
    if offsets.is_empty() && !table.partitions.is_empty() {
        let path = opened.path.display();
        return Err(refuse(
            world,
            format_args!("{path}: all partitions are zeros, of which no maps are made"),
        ));
    }
    Ok(offsets)
}
