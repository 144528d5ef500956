//! Ids of devices, as the devices file spells them.

use device::{DeviceTypes, HostDevice};
use std::path::PathBuf;

/// A kind of id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdKind {
    /// The kernel's `wwid`.
    SysWwid,
    /// A serial number.
    SysSerial,
    /// A multipath device's dm uuid.
    MpathUuid,
    /// An encrypted device's dm uuid.
    CryptUuid,
    /// An LV's dm uuid.
    LvmLvUuid,
    /// An md array's uuid.
    MdUuid,
    /// The file behind a loop device.
    LoopFile,
    /// The device's name: no id at all, for devices that have none.
    DevName,
    /// A SCSI disk's NAA name.
    WwidNaa,
    /// A SCSI disk's EUI name.
    WwidEui,
    /// A SCSI disk's T10 name.
    WwidT10,
    /// An NVMe name space's EUI-64.
    NvmeEui64,
    /// An NVMe name space's globally unique id.
    NvmeNguid,
    /// An NVMe name space's uuid.
    NvmeUuid,
}

const KINDS: [(IdKind, &str); 14] = [
    (IdKind::SysWwid, "sys_wwid"),
    (IdKind::SysSerial, "sys_serial"),
    (IdKind::MpathUuid, "mpath_uuid"),
    (IdKind::CryptUuid, "crypt_uuid"),
    (IdKind::LvmLvUuid, "lvmlv_uuid"),
    (IdKind::MdUuid, "md_uuid"),
    (IdKind::LoopFile, "loop_file"),
    (IdKind::DevName, "devname"),
    (IdKind::WwidNaa, "wwid_naa"),
    (IdKind::WwidEui, "wwid_eui"),
    (IdKind::WwidT10, "wwid_t10"),
    (IdKind::NvmeEui64, "nvme_eui64"),
    (IdKind::NvmeNguid, "nvme_nguid"),
    (IdKind::NvmeUuid, "nvme_uuid"),
];

impl IdKind {
    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        KINDS.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// All of them, in LVM2's order.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.iter().map(|row| row.0)
    }

    /// As the file spells it.
    pub fn name(self) -> &'static str {
        KINDS.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// Whether devices of that driver (`device-mapper`, `md`, `loop`, ...) can have such an id.
    pub(super) fn fits(self, driver: &str) -> bool {
        match self {
            Self::DevName => true,
            Self::MpathUuid | Self::CryptUuid | Self::LvmLvUuid => driver == "device-mapper",
            Self::MdUuid => matches!(driver, "md" | "mdp"),
            Self::LoopFile => driver == "loop",
            Self::SysWwid
            | Self::SysSerial
            | Self::WwidNaa
            | Self::WwidEui
            | Self::WwidT10
            | Self::NvmeEui64
            | Self::NvmeNguid
            | Self::NvmeUuid => !matches!(driver, "device-mapper" | "md" | "mdp" | "loop"),
        }
    }
}

/// The id of that kind that a device has, as far as the kernel says. A partition has its disk's.
pub fn id_of(kind: IdKind, device: &HostDevice, names: &[PathBuf]) -> Option<String> {
    let dm_uuid = |prefix: &str| {
        let uuid = device.dm_uuid()?;
        uuid.starts_with(prefix).then(|| replaced(&uuid))
    };
    let id = match kind {
        IdKind::SysWwid => sys_wwid(device)?,
        IdKind::SysSerial => sys_serial(device)?,
        IdKind::MpathUuid => dm_uuid("mpath-")?,
        IdKind::CryptUuid => dm_uuid("CRYPT-")?,
        IdKind::LvmLvUuid => dm_uuid("LVM-")?,
        IdKind::MdUuid => replaced(&of_disk(device, "md/uuid")?),
        IdKind::LoopFile => {
            let file = of_disk(device, "loop/backing_file")?;
            if file.contains("(deleted)") {
                return None;
            }
            replaced(&file)
        }
        IdKind::DevName => names.first()?.to_str()?.to_owned(),
        IdKind::WwidNaa => wwids(device).into_iter().find(|id| id.starts_with("naa."))?,
        IdKind::WwidEui => wwids(device).into_iter().find(|id| id.starts_with("eui."))?,
        IdKind::WwidT10 => wwids(device).into_iter().find(|id| id.starts_with("t10."))?,
        IdKind::NvmeEui64 => nvme_hex(device, "eui", 16)?,
        IdKind::NvmeNguid => nvme_hex(device, "nguid", 32)?,
        IdKind::NvmeUuid => format!("uuid.{}", of_disk(device, "uuid").filter(|_| device.is_nvme())?),
    };
    Some(id).filter(|id| !id.is_empty())
}

/// The kind of id that LVM2 chooses for a device that becomes a PV, and the id.
pub fn preferred_id(device: &HostDevice, names: &[PathBuf], types: &DeviceTypes) -> (IdKind, String) {
    let kinds: &[IdKind] = match types.name(device.number().major).unwrap_or_default() {
        "device-mapper" => &[IdKind::MpathUuid, IdKind::CryptUuid, IdKind::LvmLvUuid],
        "loop" => &[IdKind::LoopFile],
        "md" | "mdp" => &[IdKind::MdUuid],
        "drbd" => &[],
        _ => &[IdKind::SysWwid, IdKind::WwidNaa, IdKind::WwidEui, IdKind::WwidT10, IdKind::SysSerial],
    };
    let found = kinds.iter().find_map(|kind| Some((*kind, id_of(*kind, device, names)?)));
    let name = names.first().map(|name| name.to_string_lossy().into_owned());
    found.unwrap_or((IdKind::DevName, name.unwrap_or_default()))
}

/// A file of the device, or else of the disk that it is a partition of.
fn of_disk(device: &HostDevice, file: &str) -> Option<String> {
    let text = |device: &HostDevice| device.text(file).filter(|text| !text.is_empty());
    text(device).or_else(|| text(&device.whole_disk()?))
}

fn bytes_of_disk(device: &HostDevice, file: &str) -> Option<Vec<u8>> {
    device.bytes(file).or_else(|| device.whole_disk()?.bytes(file))
}

fn sys_wwid(device: &HostDevice) -> Option<String> {
    let raw = of_disk(device, "device/wwid").or_else(|| of_disk(device, "wwid"))?;
    let spelled =
        if raw.starts_with("t10") { one_word(&raw, Runs::Joined) } else { one_word(&raw, Runs::Kept) };
    Some(cleaned(IdKind::SysWwid, &spelled))
}

fn sys_serial(device: &HostDevice) -> Option<String> {
    let plain = of_disk(device, "device/serial");
    let page = || {
        let page = bytes_of_disk(device, "device/vpd_pg80")?;
        let len = usize::from(u16::from_be_bytes([*page.get(2)?, *page.get(3)?]));
        Some(String::from_utf8_lossy(page.get(4..4 + len)?).into_owned())
    };
    // Virtio disks have it in the disk's own folder.
    let virtio = || {
        let name = device.kernel_name().to_str()?;
        name.starts_with("vd").then(|| of_disk(device, "serial"))?
    };
    let raw = plain.or_else(page).or_else(virtio)?;
    Some(cleaned(IdKind::SysSerial, &one_word(&raw, Runs::Kept))).filter(|id| !id.is_empty())
}

/// The disk's names in its SCSI page 0x83.
fn wwids(device: &HostDevice) -> Vec<String> {
    let page = bytes_of_disk(device, "device/vpd_pg83").unwrap_or_default();
    let (mut found, mut at) = (Vec::new(), 4);
    while let Some(&[_, kind, _, len]) = page.get(at..).and_then(<[u8]>::first_chunk::<4>) {
        let Some(id) = page.get(at + 4..at + 4 + usize::from(len)) else { break };
        at += 4 + usize::from(len);
        // Names of the port or target are not the disk's.
        if kind & 0x30 == 0 {
            found.extend(designator(kind & 0xf, id));
        }
    }
    found
}

fn designator(kind: u8, id: &[u8]) -> Option<String> {
    match (kind, id.len()) {
        (1, _) => Some(format!("t10.{}", one_word(&String::from_utf8_lossy(id), Runs::Joined))),
        (2, 8 | 12 | 16) => Some(format!("eui.{}", hex(id))),
        (3, 8 | 16) => Some(format!("naa.{}", hex(id))),
        _ => None,
    }
}

/// Other names by which a disk may have been entered as `sys_wwid`.
pub(super) fn other_wwids(device: &HostDevice) -> Vec<String> {
    if !device.is_nvme() {
        return wwids(device);
    }
    let kinds = [IdKind::NvmeEui64, IdKind::NvmeNguid, IdKind::NvmeUuid];
    kinds.into_iter().filter_map(|kind| id_of(kind, device, &[])).collect()
}

fn nvme_hex(device: &HostDevice, file: &str, digits: usize) -> Option<String> {
    let text = of_disk(device, file).filter(|_| device.is_nvme())?;
    let hex: String = text.chars().filter(char::is_ascii_hexdigit).collect();
    (hex.len() == digits && hex.bytes().any(|digit| digit != b'0')).then(|| format!("eui.{hex}"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What becomes of several spaces in a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Runs {
    /// As many underscores.
    Kept,
    /// One underscore.
    Joined,
}

/// Printable characters but quotes; spaces inside become underscores.
fn one_word(raw: &str, runs: Runs) -> String {
    let ended = raw.split('\0').next().unwrap_or_default();
    let printable = ended.chars().filter(|c| matches!(c, ' '..='~') && *c != '"');
    let mut word = String::new();
    for c in printable.collect::<String>().trim_matches(' ').chars() {
        match c {
            ' ' if runs == Runs::Joined && word.ends_with('_') => {}
            ' ' => word.push('_'),
            other => word.push(other),
        }
    }
    word
}

/// Spaces, quotes and control characters become underscores.
fn replaced(raw: &str) -> String {
    raw.chars().map(|c| if c == '"' || c.is_whitespace() || c.is_control() { '_' } else { c }).collect()
}

/// Earlier LVM2s made underscores of spaces around an id, and of each space in a T10 name.
pub(super) fn cleaned(kind: IdKind, id: &str) -> String {
    if !matches!(kind, IdKind::SysWwid | IdKind::SysSerial) {
        return id.to_owned();
    }
    let id = id.trim_matches('_');
    if kind == IdKind::SysSerial || !id.starts_with("t10") {
        return id.to_owned();
    }
    let mut joined = String::new();
    for c in id.chars() {
        if !(c == '_' && joined.ends_with('_')) {
            joined.push(c);
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_become_underscores_in_each_kinds_own_way() {
        assert_eq!(one_word("  t10.ATA   disk  1 ", Runs::Joined), "t10.ATA_disk_1");
        assert_eq!(one_word(" a  b\0rest", Runs::Kept), "a__b");
        assert_eq!(cleaned(IdKind::SysWwid, "__t10.123__456__"), "t10.123_456");
        assert_eq!(cleaned(IdKind::SysSerial, "_a__b_"), "a__b");
        assert_eq!(replaced("/a b/\"c\".img"), "/a_b/_c_.img");
    }

    #[test]
    fn designators_of_the_disk_itself_are_spelled_as_lvm2_does() {
        assert_eq!(designator(3, &[0x50, 1, 2, 3, 4, 5, 6, 7]).unwrap(), "naa.5001020304050607");
        assert_eq!(designator(1, b"ATA     disk ").unwrap(), "t10.ATA_disk");
        assert_eq!(designator(3, &[1]), None);
    }
}
