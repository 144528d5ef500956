//! Names and uuids of maps, as kpartx has them.

use dm::{DevNo, DmName, DmUuid, MangleError, Mangling, NameError, mangle, unmangle};

/// The disk whose partitions are mapped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its number.
    pub number: DevNo,
    /// What its maps are called after: its dm name, or the last part of its path.
    pub name: String,
    /// Its dm uuid, or [`Source::device_uuid`] where it has none.
    pub uuid: String,
    /// Other devices that show the same disk, as a sparse image needs.
    pub others: Vec<DevNo>,
}

impl Source {
    /// A device without a dm uuid, its name the last part of its path.
    pub fn of_device(number: DevNo, name: String) -> Self {
        Self { number, name, uuid: Self::device_uuid(number), others: Vec::new() }
    }

    /// Whether a device shows the disk.
    pub(crate) fn is_shown_by(&self, number: DevNo) -> bool {
        self.number == number || self.others.contains(&number)
    }

    /// What stands for the dm uuid of a device that has none.
    pub fn device_uuid(number: DevNo) -> String {
        format!("devnode_{number}_Wh5pYvM")
    }

    /// The name of a partition's map as people write it: `loop0p1`. Slashes, but for a leading one, become `!`.
    pub fn map_name(&self, delimiter: &str, partition: u32) -> String {
        let name = format!("{}{delimiter}{partition}", self.name);
        let first = name.chars().next().map_or(0, char::len_utf8);
        format!("{}{}", &name[..first], name[first..].replace('/', "!"))
    }

    /// That name as the kernel gets it.
    pub(crate) fn dm_name(&self, delimiter: &str, partition: u32) -> Result<DmName, MangleError> {
        mangle(&self.map_name(delimiter, partition), Mangling::Auto)
    }

    /// The uuid of a partition's map.
    pub fn map_uuid(&self, partition: u32) -> Result<DmUuid, NameError> {
        DmUuid::new(format!("part{partition}-{}", self.uuid))
    }

    /// The partition of that number as a disk whose partitions are mapped. Their maps stand on the same device,
    /// and are called as if they stood on its map.
    #[must_use]
    pub fn inside(&self, delimiter: &str, partition: u32) -> Self {
        let uuid = format!("part{partition}-{}", self.uuid);
        Self { name: self.map_name(delimiter, partition), uuid, ..self.clone() }
    }

    /// Whether a uuid is that of a map of a partition that lies in one of this disk's.
    pub fn is_inner(&self, uuid: &DmUuid) -> bool {
        let (mut rest, mut depth) = (uuid.as_str(), 0);
        while rest != self.uuid {
            let Some(inner) = after_part(rest) else { return false };
            (rest, depth) = (inner, depth + 1);
        }
        depth > 1
    }

    /// The device without a dm uuid on whose partitions, or on partitions in them, the map of that uuid stands.
    pub fn device_of(uuid: &DmUuid) -> Option<DevNo> {
        let mut rest = after_part(uuid.as_str())?;
        while let Some(inner) = after_part(rest) {
            rest = inner;
        }
        let number: DevNo = rest.strip_prefix("devnode_")?.strip_suffix("_Wh5pYvM")?.parse().ok()?;
        (Self::device_uuid(number) == rest).then_some(number)
    }

    /// The partition whose map has that uuid; none where it is no map of this disk.
    pub fn partition_of(&self, uuid: &DmUuid) -> Option<u32> {
        let (number, rest) = uuid.as_str().strip_prefix("part")?.split_once('-')?;
        let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        (digits && rest == self.uuid).then(|| number.parse().ok()).flatten()
    }
}

/// What follows the `partN-` that a map's uuid begins with.
fn after_part(uuid: &str) -> Option<&str> {
    let (number, rest) = uuid.strip_prefix("part")?.split_once('-')?;
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(rest)
}

/// A name of the kernel's as people write it.
pub fn shown(name: &DmName) -> String {
    unmangle(name.as_str(), Mangling::Auto).unwrap_or_else(|_| name.to_string())
}

/// What stands between name and number unless somebody says otherwise: `p` after a digit.
pub fn default_delimiter(name: &str) -> &'static str {
    match name.ends_with(|last: char| last.is_ascii_digit()) {
        true => "p",
        false => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str) -> Source {
        let number = DevNo::new(7, 1);
        Source::of_device(number, name.to_owned())
    }

    #[test]
    fn names_have_a_delimiter_after_digits_and_no_slashes() {
        assert_eq!(source("loop1").map_name(default_delimiter("loop1"), 2), "loop1p2");
        assert_eq!(source("sda").map_name(default_delimiter("sda"), 2), "sda2");
        assert_eq!(source("a/b").map_name("-part/", 1), "a!b-part!1");
        let name = source("mpath a").dm_name("", 1).unwrap();
        assert_eq!((name.as_str(), shown(&name).as_str()), ("mpath\\x20a1", "mpath a1"));
    }

    #[test]
    fn a_uuid_tells_the_partition_of_its_own_disk_only() {
        let (one, other) = (source("loop1"), DmUuid::new("part1-devnode_7:10_Wh5pYvM").unwrap());
        assert_eq!(one.map_uuid(12).unwrap().as_str(), "part12-devnode_7:1_Wh5pYvM");
        assert_eq!(one.partition_of(&one.map_uuid(12).unwrap()), Some(12));
        assert_eq!(one.partition_of(&other), None);
        let inner = one.inside("p", 12);
        assert_eq!(inner.name, "loop1p12");
        assert_eq!(inner.map_uuid(3).unwrap().as_str(), "part3-part12-devnode_7:1_Wh5pYvM");
        assert!(
            one.is_inner(&inner.map_uuid(3).unwrap())
                && inner.partition_of(&inner.map_uuid(3).unwrap()) == Some(3)
        );
        assert!(!one.is_inner(&one.map_uuid(12).unwrap()) && !one.is_inner(&other));
        for text in ["part-devnode_7:1_Wh5pYvM", "part+1-devnode_7:1_Wh5pYvM", "LVM-abc"] {
            assert_eq!(one.partition_of(&DmUuid::new(text).unwrap()), None, "{text}");
        }
    }
}
