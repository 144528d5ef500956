//! The one LV that an argument names.

use crate::exit::Exit;
use crate::session::{LvName, default_vg, split_lv, within_dev};
use crate::world::World;

/// VG and name of the LV that a word means: with its VG, as a path, or by its name alone where `LVM_VG_NAME`
/// tells the VG. A VG or a tag is refused (LVM2 2.03.40 would apply the size to each LV in turn, adding up).
pub(crate) fn of_word(world: &mut World, word: &str) -> Result<(String, String), Exit> {
    if word.starts_with('@') {
        world.error(format_args!("Logical volume name \"{word}\" is invalid."));
        return Err(Exit::INVALID);
    }
    match split(world, word)? {
        LvName { vg, lv: Some(lv) } => Ok((vg, lv)),
        LvName { lv: None, .. } => {
            world.error("Please specify a logical volume path.");
            Err(Exit::INVALID)
        }
    }
}

/// VG and LV of a word; a name without a slash is an LV's where `LVM_VG_NAME` tells the VG, else a VG's.
pub(crate) fn split(world: &mut World, word: &str) -> Result<LvName, Exit> {
    let in_dev = within_dev(word, &world.dev_dir).is_some();
    let name = split_lv(word, &world.dev_dir).filter(|_| in_dev || !word.starts_with('/'));
    let Some(name) = name else {
        world.error(format_args!("\"{word}\": Invalid path for Logical Volume."));
        return Err(Exit::FAILED);
    };
    match (&name.lv, default_vg(world)) {
        (None, Some(vg)) if !in_dev => Ok(LvName { vg, lv: Some(name.vg) }),
        _ => Ok(name),
    }
}
