//! Changes of what runs.

use crate::lab::{lv, lv_id, segments};
use crate::site::{Site, all, sh};
use activate::Wish;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

pub(crate) fn grows() {
    let site = Site::new(2, 64);
    let loops = site.loops();
    let lab = site.lab(&loops);
    let (one, other) = (lab.pv(0), lab.pv(1));
    let mut lab = lab.with_lvs(vec![lv(1, "data", one, &[(0, 80)])]);
    let device = Path::new("/dev/vg/data");
    sh("mkfs.ext4", ["-q", "/dev/vg/data"]);
    let mnt = site.mount(device);
    let stop = AtomicBool::new(false);
    let written = thread::scope(|scope| {
        let writer = scope.spawn(|| write_until(&mnt.join("data"), &stop));
        for round in 0..10 {
            let mut grown = lab.vg().lvs.get(lv_id(1)).unwrap().clone();
            let mut more = segments(other, &[(round * 2, 2)]);
            more[0].start = units::Le::new(grown.extents().get());
            grown.segments.extend(more);
            let next = lab.next(|vg| *vg.lvs.get_mut(lv_id(1)).unwrap() = grown);
            lab.change(&next, &[]).unwrap();
            assert!(lab.live().of(lv_id(1)).is_some_and(|live| !live.suspended && !live.inactive_table));
        }
        stop.store(true, Ordering::Relaxed);
        writer.join().unwrap()
    });
    assert!(written > 0);
    let sectors = sh("blockdev", ["--getsz", "/dev/vg/data"]);
    assert_eq!(sectors, (100 * crate::lab::EXTENT).to_string());
    sh("resize2fs", ["/dev/vg/data"]);
    assert_pattern(&mnt.join("data"), written);
    sh("umount", [&mnt]);
    sh("e2fsck", ["-fn", "/dev/vg/data"]);
    lab.wish(&all(1, Wish::Deactivate)).unwrap();
}

fn write_until(path: &Path, stop: &AtomicBool) -> u64 {
    let mut file = File::create(path).unwrap();
    let mut count = 0;
    while !stop.load(Ordering::Relaxed) && count < 2000 {
        file.write_all(&[(count % 251) as u8; 4096]).unwrap();
        if count % 16 == 0 {
            file.sync_data().unwrap();
        }
        count += 1;
    }
    file.sync_all().unwrap();
    count
}

fn assert_pattern(path: &Path, blocks: u64) {
    let bytes = fs::read(path).unwrap();
    assert_eq!(bytes.len() as u64, blocks * 4096);
    let wrong =
        bytes.chunks(4096).zip(0u64..).find(|(block, at)| block.iter().any(|b| u64::from(*b) != at % 251));
    assert!(wrong.is_none());
}

pub(crate) fn is_renamed() {
    let site = Site::new(1, 64);
    let loops = site.loops();
    let lab = site.lab(&loops);
    let pv = lab.pv(0);
    let mut lab = lab.with_lvs(vec![lv(1, "old-name", pv, &[(0, 80)])]);
    sh("mkfs.ext4", ["-q", "/dev/vg/old-name"]);
    let mnt = site.mount(Path::new("/dev/vg/old-name"));
    fs::write(mnt.join("file"), "content").unwrap();
    let next = lab.next(|vg| vg.lvs.get_mut(lv_id(1)).unwrap().name = "new-name".to_owned());
    lab.change(&next, &[]).unwrap();
    assert!(Path::new("/dev/vg/new-name").exists() && !Path::new("/dev/vg/old-name").exists());
    let next = lab.next(|vg| vg.name = "vg-2".to_owned());
    lab.change(&next, &[]).unwrap();
    assert!(Path::new("/dev/vg-2/new-name").exists() && !Path::new("/dev/vg").exists());
    assert!(Path::new("/dev/mapper/vg--2-new--name").exists());
    fs::write(mnt.join("more"), "content").unwrap();
    let busy = lab.wish(&all(1, Wish::Deactivate)).unwrap_err();
    let why = std::error::Error::source(&busy.problems[0]).map(ToString::to_string).unwrap_or_default();
    assert!(busy.to_string().contains("contains a filesystem in use"), "{busy}");
    assert!(why.contains(&mnt.display().to_string()), "{why}");
    sh("umount", [&mnt]);
    lab.wish(&all(1, Wish::Deactivate)).unwrap();
    assert!(!Path::new("/dev/vg-2").exists());
}

pub(crate) fn hundred() {
    let site = Site::new(1, 64);
    let loops = site.loops();
    let mut lab = site.lab(&loops);
    let pv = lab.pv(0);
    let lvs = (1..=100).map(|number| lv(number, &format!("lv{number}"), pv, &[(u64::from(number), 1)]));
    let next = lab.next(|vg| lvs.for_each(|lv| vg.lvs.push(lv).unwrap()));
    lab.change(&next, &all(100, Wish::Activate)).unwrap();
    assert_eq!(fs::read_dir("/dev/vg").unwrap().count(), 100);
    let start = std::time::Instant::now();
    lab.wish(&all(100, Wish::Deactivate)).unwrap();
    println!("    100 LVs stopped in {:?}", start.elapsed());
    assert!(lab.live().lvs.is_empty() && !Path::new("/dev/vg").exists());
}
