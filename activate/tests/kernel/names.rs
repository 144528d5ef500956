//! Names below `/dev`, whoever makes them.

use crate::lab::{lv, lv_id};
use crate::site::{Site, all};
use activate::Wish;
use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

fn same_device(one: &str, other: &str) -> bool {
    let device = |path: &str| {
        let found = fs::metadata(path).ok().filter(|found| found.file_type().is_block_device());
        found.map(|found| found.rdev())
    };
    device(one).is_some() && device(one) == device(other)
}

pub(crate) fn follow() {
    for verify in [false, true] {
        let site = Site::new(1, 64);
        let loops = site.loops();
        let mut lab = site.lab(&loops);
        lab.settings.verify_udev = verify;
        let pv = lab.pv(0);
        let mut lab = lab.with_lvs(vec![lv(1, "a-b", pv, &[(0, 4)]), lv(2, "c", pv, &[(4, 4)])]);
        assert!(same_device("/dev/vg/a-b", "/dev/mapper/vg-a--b"));
        assert!(same_device("/dev/vg/c", "/dev/mapper/vg-c"));
        assert!(Path::new("/dev/vg/c").is_symlink());
        let next = lab.next(|vg| vg.lvs.get_mut(lv_id(1)).unwrap().name = "d".to_owned());
        let done = lab.change(&next, &[(lv_id(2), Wish::Deactivate)]).unwrap();
        assert!(done.warnings.is_empty(), "{:?}", done.warnings);
        assert!(same_device("/dev/vg/d", "/dev/mapper/vg-d"));
        for gone in ["/dev/vg/a-b", "/dev/mapper/vg-a--b", "/dev/vg/c", "/dev/mapper/vg-c"] {
            assert!(fs::symlink_metadata(gone).is_err(), "{gone}");
        }
        // An LV that is dropped takes its names along.
        let next = lab.next(|vg| {
            vg.lvs.remove(lv_id(1));
            vg.lvs.reindex();
        });
        lab.change(&next, &[]).unwrap();
        assert!(!Path::new("/dev/vg").exists() && !Path::new("/dev/mapper/vg-d").exists());
        lab.wish(&all(1, Wish::Keep)).unwrap();
    }
}
