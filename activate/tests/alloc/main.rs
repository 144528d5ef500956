//! Between the first suspend and the last resume nothing allocates: the disk under `/` may be the one that is
//! suspended, and memory may be had from there only.

#[path = "../lab/mod.rs"]
mod lab;

use activate::{NumberedLoops, Settings};
use device::ram::RamDisk;
use device::{Claim, Disk, DiskError, Identity};
use dm::{Absence, Control, DevNo, Errno, Request, Sim, Verb};
use lab::{Lab, lv, lv_id, segments};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use units::{Bytes, Sectors};

/// Counts what all threads ask for while watched, but for what the disks and the device-mapper in memory do.
struct Counting;

static WATCHED: AtomicBool = AtomicBool::new(false);
static COUNT: AtomicU64 = AtomicU64::new(0);

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

fn note() {
    let counts = INSIDE.try_with(|inside| !inside.get()).unwrap_or(false);
    if counts && WATCHED.load(Ordering::SeqCst) {
        COUNT.fetch_add(1, Ordering::SeqCst);
    }
}

// SAFETY: every call is passed on unchanged to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note();
        // SAFETY: the caller keeps the contract, which is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note();
        // SAFETY: as above.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What stands for the kernel may allocate.
fn inside<T>(act: impl FnOnce() -> T) -> T {
    let before = INSIDE.with(|inside| inside.replace(true));
    let result = act();
    INSIDE.with(|inside| inside.set(before));
    result
}

/// Watches from the first suspend to the last resume.
#[derive(Debug)]
struct Watching {
    sim: Sim,
    resumes: AtomicU64,
}

impl Control for Watching {
    fn usable(&self) -> Result<(), Absence> {
        Ok(())
    }

    fn submit(&self, request: &mut Request) -> Result<(), Errno> {
        let verb = request.verb();
        if verb == Verb::Suspend {
            WATCHED.store(true, Ordering::SeqCst);
        }
        let done = inside(|| self.sim.submit(request));
        if verb == Verb::Resume && self.resumes.fetch_sub(1, Ordering::SeqCst) == 1 {
            WATCHED.store(false, Ordering::SeqCst);
        }
        done
    }

    fn read_ahead(&self, device: DevNo) -> Result<Sectors, Errno> {
        self.sim.read_ahead(device)
    }

    fn set_read_ahead(&self, device: DevNo, amount: Sectors) -> Result<(), Errno> {
        self.sim.set_read_ahead(device, amount)
    }
}

/// A RAM disk whose own doings do not count.
#[derive(Debug)]
struct Outside(RamDisk);

impl Disk for Outside {
    fn identity(&self) -> Identity {
        self.0.identity()
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn len(&self) -> Bytes {
        self.0.len()
    }

    fn logical_block(&self) -> u32 {
        self.0.logical_block()
    }

    fn physical_block(&self) -> u32 {
        self.0.physical_block()
    }

    fn read_only(&self) -> bool {
        self.0.read_only()
    }

    fn read_at(&self, buf: &mut [u8], offset: Bytes) -> Result<(), DiskError> {
        inside(|| self.0.read_at(buf, offset))
    }

    fn write_at(&self, buf: &[u8], offset: Bytes) -> Result<(), DiskError> {
        inside(|| self.0.write_at(buf, offset))
    }

    fn flush(&self) -> Result<(), DiskError> {
        inside(|| self.0.flush())
    }

    fn discard(&self, offset: Bytes, len: Bytes) -> Result<(), DiskError> {
        inside(|| self.0.discard(offset, len))
    }

    fn zero(&self, offset: Bytes, len: Bytes) -> Result<(), DiskError> {
        inside(|| self.0.zero(offset, len))
    }

    fn open_exclusive(&self) -> Result<Box<dyn Claim>, DiskError> {
        self.0.open_exclusive()
    }
}

#[test]
fn nothing_is_allocated_from_the_first_suspend_over_the_commit_to_the_last_resume() {
    for count in [1, 5] {
        let control = Watching { sim: Sim::new(), resumes: AtomicU64::new(u64::MAX) };
        let loops = NumberedLoops::default();
        let disk = |n| Arc::new(Outside(RamDisk::new(format!("/dev/ram{n}"), n, Bytes::new(8 << 20)))) as _;
        let lab = Lab::new((0..count).map(disk).collect(), &control, &loops, Settings::without_names());
        let pv = lab.pv(0);
        let lvs = (1..=4).map(|n| lv(n, &format!("lv{n}"), pv, &[(u64::from(n) * 2, 1)])).collect();
        let mut lab = lab.with_lvs(lvs);
        let next = lab.next(|vg| {
            for n in 1..=3 {
                vg.lvs.get_mut(lv_id(n)).unwrap().segments = segments(pv, &[(u64::from(n) * 2, 2)]);
            }
            vg.lvs.get_mut(lv_id(4)).unwrap().name = "renamed".to_owned();
        });
        control.resumes.store(3, Ordering::SeqCst);
        COUNT.store(0, Ordering::SeqCst);
        lab.change(&next, &[]).unwrap();
        assert_eq!(*lab.vg(), next);
        assert_eq!(control.resumes.load(Ordering::SeqCst), 0);
        assert!(!WATCHED.load(Ordering::SeqCst));
        assert_eq!(COUNT.load(Ordering::SeqCst), 0, "{count} disks");
    }
    // The count counts.
    WATCHED.store(true, Ordering::SeqCst);
    drop(vec![0u8; 10]);
    WATCHED.store(false, Ordering::SeqCst);
    assert!(COUNT.load(Ordering::SeqCst) > 0);
}
