//! Image files as PVs.

use crate::lab::{Lab, lv, lv_id, this_program};
use crate::site::{Site, all, settings, sh};
use activate::Wish;
use device::{Disk, FileDisk, Identity};
use metadata::model::{Area, Segment, SegmentKind};
use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;
use units::{Extents, Le, Pe};

pub(crate) fn are_attached_and_given_back() {
    let site = Site::new(0, 0);
    let loops = site.loops();
    let images: Vec<_> = ["a.img", "b.img"].iter().map(|name| site.folder.path().join(name)).collect();
    for image in &images {
        File::create(image).unwrap().set_len(32 << 20).unwrap();
    }
    let attached = || {
        let find = |image: &std::path::PathBuf| {
            let identity: Identity = FileDisk::open(image).unwrap().identity();
            device::find_loops(&device::Host::default(), identity).len()
        };
        images.iter().map(find).collect::<Vec<_>>()
    };
    let disks = || {
        crate::lab::set(images.iter().map(|path| Arc::new(FileDisk::open(path).unwrap()) as Arc<dyn Disk>))
    };
    let mut lab = Lab::new(disks(), &site.kernel, &loops, settings());
    lab.guardian = Some(this_program("guardian"));
    assert_eq!(attached(), [0, 0]);
    let (one, other) = (lab.pv(0), lab.pv(1));
    let mut lab = lab.with_lvs(vec![lv(1, "data", one, &[(0, 80)])]);
    assert_eq!(attached(), [1, 0]);
    sh("mkfs.ext4", ["-q", "/dev/vg/data"]);
    let mnt = site.mount(Path::new("/dev/vg/data"));
    fs::write(mnt.join("file"), vec![7; 4 << 20]).unwrap();
    // The growth needs the other image; the metadata on both are written with the LV suspended.
    let next = lab.next(|vg| {
        let kind = SegmentKind::linear(Area::Pv { pv: other, start: Pe::new(0) });
        let lv = vg.lvs.get_mut(lv_id(1)).unwrap();
        lv.segments.push(Segment::new(Le::new(80), Extents::new(80), kind));
    });
    lab.change(&next, &[]).unwrap();
    assert_eq!(attached(), [1, 1]);
    sh("resize2fs", ["/dev/vg/data"]);
    fs::write(mnt.join("more"), vec![8; 20 << 20]).unwrap();
    sh("umount", [&mnt]);
    sh("e2fsck", ["-fn", "/dev/vg/data"]);
    lab.wish(&all(1, Wish::Deactivate)).unwrap();
    // As a command does when it ends.
    lab.disks = disks();
    for _ in 0..100 {
        if attached() == [0, 0] {
            break;
        }
        sleep(Duration::from_millis(50));
    }
    assert_eq!(attached(), [0, 0]);
    lab.reread();
    lab.wish(&all(1, Wish::Activate)).unwrap();
    let mnt = site.mount(Path::new("/dev/vg/data"));
    assert_eq!(fs::read(mnt.join("more")).unwrap(), vec![8; 20 << 20]);
    sh("umount", [&mnt]);
    lab.wish(&all(1, Wish::Deactivate)).unwrap();
}
