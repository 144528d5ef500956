//! What the host says about a disk, as far as PVs are concerned.

use crate::layout::Topology;
use device::{DeviceTypes, Disk, HostDevice};
use units::Sectors;

impl Topology {
    /// What is known of a disk: of an image file, its size alone.
    pub fn of(disk: &dyn Disk, device: Option<&HostDevice>) -> Self {
        let size = disk.len().sectors();
        let Some(device) = device else { return Self { size, ..Self::default() } };
        let limits = device.topology();
        let stripe = device.md().and_then(|md| md.stripe_width());
        Self {
            size,
            md_stripe_width: stripe.map_or(Sectors::ZERO, |width| width.sectors()),
            minimum_io: limits.minimum_io,
            optimal_io: limits.optimal_io,
            alignment_offset: limits.alignment_offset,
        }
    }
}

/// Whether LVM2 would look for a partition table on the device: whole disks that the kernel partitions, dm and
/// md devices, and loop devices that were attached to be partitioned.
///
/// Facts: LVM2 2.03.40 lib/device/dev-type.c, `_is_partitionable`.
pub fn is_partitionable(device: &HostDevice, types: &DeviceTypes) -> bool {
    let number = device.number();
    let driver = types.name(number.major).unwrap_or_default();
    if matches!(driver, "device-mapper" | "md") {
        return true;
    }
    if driver == "loop" && device.text("loop/partscan").as_deref() == Some("1") {
        return true;
    }
    if device.is_nvme() {
        return device.partition().is_none();
    }
    let minors = types.minors_per_disk(number.major).unwrap_or(1);
    minors > 1 && number.minor.is_multiple_of(minors)
}
