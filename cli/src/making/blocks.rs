//! Devices of different logical blocks do not go into one VG (2.03.40: lib/metadata/metadata.c,
//! `vg_extend_each_pv`).

use super::Joining;
use crate::change::Refusal;
use crate::session::Session;
use store::VgOnDisk;
use units::{ExtentSize, Sectors};

/// Refuses PVs whose blocks are larger than an extent, or differ from those of the VG or of each other. A VG
/// that is mixed already may get more of any.
pub(crate) fn check_blocks(
    session: &Session,
    vg: Option<&VgOnDisk>,
    joining: &[Joining],
    name: &str,
    extent_size: ExtentSize,
) -> Result<(), Refusal> {
    let block = |disk| session.found().disks.disk(disk).logical_block();
    let known: Vec<u32> = vg.into_iter().flat_map(|vg| vg.pvs.values()).map(|pv| block(pv.disk)).collect();
    let mixed = known.iter().any(|other| *other != known[0]);
    let may_mix = mixed || session.settings.bool("devices/allow_mixed_block_sizes");
    let mut first = known.first().copied();
    for joining in joining {
        let disk = joining.on_disk.disk;
        let (own, device) = (block(disk), session.disk_name(disk));
        if u64::from(own) > extent_size.sectors().get() * Sectors::BYTES {
            return Err(Refusal::words(format!(
                "Physical extent size used for volume group {name} is less than logical block size ({own} bytes) \
                 that {device} uses."
            ))
            .line(format!("PV {device} has wrong block size.")));
        }
        let first = *first.get_or_insert(own);
        if first != own && !may_mix {
            return Err(Refusal::words(format!(
                "Devices have inconsistent logical block sizes ({first} and {own})."
            ))
            .hint("see allow_mixed_block_sizes in lvm.conf"));
        }
    }
    Ok(())
}
