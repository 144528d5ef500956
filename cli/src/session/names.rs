//! How users name VGs, LVs and disks, and how refusals name disks.

use crate::world::World;
use device::Rejected;
use std::path::Path;

/// `vg/lv`, or the one of the two that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LvName {
    /// The VG.
    pub(crate) vg: String,
    /// The LV; none: all of the VG.
    pub(crate) lv: Option<String>,
}

/// What a name is within the device folder (`devices/dir`), if it is in there.
pub(crate) fn within_dev<'a>(text: &'a str, dev: &Path) -> Option<&'a str> {
    let slashes = text.len() - text.trim_start_matches('/').len();
    let text = &text[slashes.saturating_sub(1)..];
    let rest = text.strip_prefix(dev.to_str()?.trim_end_matches('/'))?;
    rest.starts_with('/').then(|| rest.trim_start_matches('/'))
}

/// A name as LVM2 reads it: without the device folder `dev`, and a dm name in its `mapper/` as `vg` or `vg/lv`
/// (2.03.40: tools/toollib.c, skip_dev_dir). A slash that is left at its start means no VG.
pub(crate) fn bare_name(text: &str, dev: &Path) -> String {
    let Some(within) = within_dev(text, dev) else { return text.to_owned() };
    let Some(dm) = within.strip_prefix("mapper/").map(|dm| dm.trim_start_matches('/')) else {
        return within.to_owned();
    };
    match dm::split(dm).as_slice() {
        [vg] => vg.clone(),
        [vg, lv] => format!("{vg}/{lv}"),
        // A layer of an LV is neither.
        _ => text.to_owned(),
    }
}

/// Splits the bare name at its slashes. None: too many parts, or no VG. The LV's may be empty: `vg/` is not all of
/// the VG.
pub(crate) fn split_lv(text: &str, dev: &Path) -> Option<LvName> {
    let bare = bare_name(text, dev);
    let (vg, lv) = match bare.split_once('/') {
        None => (bare.as_str(), None),
        Some((vg, lv)) => (vg, Some(lv.trim_start_matches('/'))),
    };
    let sound = !vg.is_empty() && lv.is_none_or(|lv| !lv.contains('/'));
    sound.then(|| LvName { vg: vg.to_owned(), lv: lv.map(str::to_owned) })
}

/// The VG that `LVM_VG_NAME` names, for commands that were given none.
pub(crate) fn default_vg(world: &World) -> Option<String> {
    world.env.get("LVM_VG_NAME").filter(|name| !name.is_empty()).map(str::to_owned)
}

/// Why a disk may not be used, to follow `Cannot use X: `.
pub(crate) fn why(reason: &Rejected) -> String {
    match reason {
        Rejected::Filter => "device is rejected by filter config".to_owned(),
        Rejected::NotListed => "device is not in devices file".to_owned(),
        Rejected::UnsupportedType { .. } => "device type is unknown".to_owned(),
        Rejected::NoSysfs => "device is missing from sysfs".to_owned(),
        Rejected::Suspended => "device is suspended".to_owned(),
        Rejected::PrivateDm { uuid, .. } if uuid.starts_with("LVM-") => "device is an LV".to_owned(),
        Rejected::PrivateDm { .. } => "device is not in a usable state".to_owned(),
        Rejected::TooSmall { .. } => "device is too small (pv_min_size)".to_owned(),
        Rejected::MultipathComponent { .. } => "device is a multipath component".to_owned(),
        Rejected::Partitioned { .. } => "device is partitioned".to_owned(),
        Rejected::MdComponent { .. } => "device is an md component".to_owned(),
        Rejected::Unusable(error) => match std::error::Error::source(&**error) {
            Some(cause) => format!("{error}: {cause}"),
            None => error.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_with_and_without_folders() {
        let lv = |vg: &str, lv: Option<&str>| Some(LvName { vg: vg.into(), lv: lv.map(Into::into) });
        let split_lv = |text| split_lv(text, Path::new("/dev"));
        assert_eq!(split_lv("vg/lv"), lv("vg", Some("lv")));
        assert_eq!(split_lv("/dev/vg/lv"), lv("vg", Some("lv")));
        assert_eq!(split_lv("/dev/mapper/my--vg-l--v"), lv("my-vg", Some("l-v")));
        assert_eq!(split_lv("//dev//vg/lv"), lv("vg", Some("lv")));
        assert_eq!(split_lv("vg"), lv("vg", None));
        assert_eq!(split_lv("/dev/mapper/my--vg"), lv("my-vg", None));
        assert_eq!(split_lv("vg//lv"), lv("vg", Some("lv")));
        assert_eq!(split_lv("vg/"), lv("vg", Some("")));
        assert_eq!(split_lv("/dev/mapper/vg-lv-real"), None);
        assert_eq!(split_lv("/vg"), None);
        assert_eq!(split_lv("/vg/lv"), None);
        assert_eq!(split_lv("vg/lv/"), None);
        assert_eq!(split_lv("a/b/c"), None);
        assert_eq!(split_lv(""), None);
    }

    #[test]
    fn the_device_folder_may_be_another() {
        let dev = Path::new("/tmp/dev/");
        assert_eq!(within_dev("/tmp/dev/vg/lv", dev), Some("vg/lv"));
        assert_eq!(within_dev("/dev/vg/lv", dev), None);
        assert_eq!(within_dev("/tmp/devices/vg", dev), None);
        assert_eq!(within_dev("vg", dev), None);
    }
}
