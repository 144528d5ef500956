//! An encrypted device between an LV and its file system: LUKS on the LV, opened, and the file system in that.
//!
//! ```text
//! LV        header | data
//! dm-crypt           file system          smaller than the LV by the header
//! ```
//! Facts: LVM2 2.03.40 lib/device/filesystem.c.

use crate::change::Refusal;
use device::{DevNumber, Host, HostDevice};
use dm::{Control, DevNo, Kind, Slot};
use metadata::live::LvLive;
use std::path::PathBuf;
use units::{Bytes, Sectors};

/// What blkid calls LUKS.
pub(crate) const LUKS: &str = "crypto_LUKS";

/// The device that shows an LV's content decrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Crypt {
    pub(crate) node: PathBuf,
    pub(crate) number: DevNumber,
    /// Where the data begin on the LV.
    pub(crate) offset: Bytes,
    pub(crate) size: Bytes,
}

impl Crypt {
    /// The one that is open on an LV.
    pub(crate) fn over(host: &Host, dm: &dyn Control, lv: &LvLive) -> Result<Option<Self>, Refusal> {
        let number = DevNumber { major: lv.major, minor: lv.minor };
        let holder = HostDevice::of(&host.sys, number).and_then(|device| device.dm_holder("CRYPT-"));
        let Some(holder) = holder else { return Ok(None) };
        let number = holder.number();
        let table = dm.table(DevNo::new(number.major, number.minor).into(), Slot::Live);
        let table = table.map_err(|error| Refusal::failed(&error))?;
        let offset = table.targets.first().and_then(|target| match &target.kind {
            // Cipher, key, offset of the IVs, device, offset of the data.
            Kind::Other(other) if other.name == "crypt" => {
                Sectors::new(other.params.split(' ').nth(4)?.parse().ok()?).bytes()
            }
            _ => None,
        });
        let node = host.dev.join(holder.node_name());
        match (offset, holder.size()) {
            (Some(offset), Some(size)) => Ok(Some(Self { node, number, offset, size })),
            _ => Err(Refusal::words(format!("Where the data of {} begin is not known.", node.display()))),
        }
    }

    /// How much of an LV of that size is data.
    pub(crate) fn inner(&self, lv: Bytes) -> Result<Bytes, Refusal> {
        match lv.checked_sub(self.offset) {
            Some(inner) if !inner.is_zero() => Ok(inner),
            _ => Err(Refusal::words(format!(
                "Crypt header requires {} bytes, not enough space left for crypt data.",
                self.offset.get()
            ))),
        }
    }
}
