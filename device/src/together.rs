//! The same work on many disks at once.
//!
//! A read past the page cache takes as long as the medium does, so each one gets a thread and all of them
//! take as long as the slowest. A read of an image file mostly comes from the page cache, in less time
//! than a thread takes to start: these are done one after the other by the calling thread, until one of
//! them turns out to be slow.

use crate::disk::{Disk, Identity};
use crate::error::DiskError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::{Builder, Scope, scope};
use std::time::{Duration, Instant};
use units::Bytes;

/// Threads at one time. More disks than that take turns.
const MAX_THREADS: usize = 256;
/// A request that takes longer was not served from memory. A thread starts in 20 to 50 µs.
const SLOW: Duration = Duration::from_micros(150);
/// No worker needs more stack: they call one disk method each.
const STACK: usize = 128 * 1024;

/// One range to be written.
#[derive(Clone, Copy, Debug)]
pub struct Write<'a> {
    /// Where.
    pub disk: &'a dyn Disk,
    /// From which byte on.
    pub offset: Bytes,
    /// What.
    pub bytes: &'a [u8],
}

/// What follows the writes of [`write_all_parallel`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Each write is followed by a flush of its disk, in the same thread.
    Flushed,
    /// Nothing: the bytes may stay in a cache for now.
    Cached,
}

/// Reads the same range of all disks; of a disk that ends before, what it has. Results stand in the order
/// of the disks.
pub fn read_all_parallel(disks: &[&dyn Disk], offset: Bytes, len: Bytes) -> Vec<Result<Vec<u8>, DiskError>> {
    each(
        disks,
        |disk| is_slow(*disk),
        |disk| {
            let there = disk.len().saturating_sub(offset).min(len);
            let mut buf = vec![0; usize::try_from(there.get()).unwrap_or(usize::MAX)];
            if !buf.is_empty() {
                disk.read_at(&mut buf, offset)?;
            }
            Ok(buf)
        },
    )
}

/// Writes to many disks, and flushes them if asked. Results stand in the order of the writes. Several
/// writes to one disk may be carried out in any order.
pub fn write_all_parallel(writes: &[Write<'_>], durability: Durability) -> Vec<Result<(), DiskError>> {
    // A flush waits for the medium whatever the disk is.
    let slow = |write: &Write<'_>| durability == Durability::Flushed || is_slow(write.disk);
    each(writes, slow, |write| {
        write.disk.write_at(write.bytes, write.offset)?;
        match durability {
            Durability::Flushed => write.disk.flush(),
            Durability::Cached => Ok(()),
        }
    })
}

/// Flushes many disks.
pub fn flush_all_parallel(disks: &[&dyn Disk]) -> Vec<Result<(), DiskError>> {
    each(disks, |_| true, |disk| disk.flush())
}

/// Whether requests to a disk wait for a medium.
pub(crate) fn is_slow(disk: &dyn Disk) -> bool {
    matches!(disk.identity(), Identity::Device { .. })
}

/// Does `work` for each item, at once for those that are `slow`. Results stand in the order of the items.
/// A panic in one is passed on when all have ended.
pub fn each<T: Sync, R: Send>(
    items: &[T],
    slow: impl Fn(&T) -> bool,
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    // Slow items first: the calling thread reaches the quick ones when all slow ones are under way.
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|i| !slow(&items[*i]));
    let slow_items = order.iter().filter(|i| slow(&items[**i])).count();
    let queue = Queue {
        items,
        order,
        next: AtomicUsize::new(0),
        done: items.iter().map(|_| Mutex::new(None)).collect(),
        work,
    };
    scope(|scope| {
        let mut threads = 0;
        queue.start(scope, &mut threads, slow_items.saturating_sub(1));
        while let Some(took) = queue.step() {
            if took > SLOW {
                queue.start(scope, &mut threads, queue.left());
            }
        }
    });
    let done = queue.done.into_iter();
    done.map(|slot| slot.into_inner().unwrap_or_else(PoisonError::into_inner).expect("every item is taken"))
        .collect()
}

struct Queue<'a, T, R, W> {
    items: &'a [T],
    order: Vec<usize>,
    next: AtomicUsize,
    done: Vec<Mutex<Option<R>>>,
    work: W,
}

impl<T: Sync, R: Send, W: Fn(&T) -> R + Sync> Queue<'_, T, R, W> {
    /// Takes the next item, if there is one, and says how long it took.
    fn step(&self) -> Option<Duration> {
        let item = *self.order.get(self.next.fetch_add(1, Ordering::Relaxed))?;
        let start = Instant::now();
        let result = (self.work)(&self.items[item]);
        *self.done[item].lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
        Some(start.elapsed())
    }

    fn left(&self) -> usize {
        self.order.len().saturating_sub(self.next.load(Ordering::Relaxed))
    }

    /// Starts that many more threads as far as there is room and work for them. Where the system gives
    /// no more, those that run do the work.
    fn start<'scope>(&'scope self, scope: &'scope Scope<'scope, '_>, threads: &mut usize, wanted: usize) {
        let wanted = wanted.min(MAX_THREADS.saturating_sub(*threads));
        for _ in 0..wanted {
            if self.left() == 0 {
                return;
            }
            let worker = || while self.step().is_some() {};
            let Ok(_) = Builder::new().stack_size(STACK).spawn_scoped(scope, worker) else { return };
            *threads += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ram::{Faults, RamDisk};
    use std::thread::sleep;

    #[test]
    fn results_stand_in_the_order_of_the_disks() {
        let disks: Vec<RamDisk> =
            (0..20).map(|n| RamDisk::new(format!("ram{n}"), n, Bytes::new(4096 * (n % 3)))).collect();
        let all: Vec<&dyn Disk> = disks.iter().map(|d| d as &dyn Disk).collect();
        disks[4].set_faults(Faults::default().with_bad_reads(0..512));
        disks[2].write_at(&[7; 4096], Bytes::new(4096)).unwrap();
        let read = read_all_parallel(&all, Bytes::new(0), Bytes::new(8192));
        for (n, result) in read.iter().enumerate() {
            match n {
                4 => assert!(result.is_err()),
                2 => assert_eq!(result.as_ref().unwrap()[4096], 7),
                _ => assert_eq!(result.as_ref().unwrap().len(), 4096 * (n % 3)),
            }
        }
    }

    #[test]
    fn writes_go_to_their_disks_and_are_flushed() {
        let disks: Vec<RamDisk> = (0..5).map(|n| RamDisk::new("ram", n, Bytes::new(4096))).collect();
        disks[3].set_faults(Faults { read_only: true, ..Faults::default() });
        let bytes: Vec<[u8; 512]> = (0..5).map(|n| [n + 1; 512]).collect();
        let writes: Vec<Write<'_>> = disks
            .iter()
            .zip(&bytes)
            .map(|(disk, bytes)| Write { disk, offset: Bytes::new(512), bytes })
            .collect();
        let results = write_all_parallel(&writes, Durability::Flushed);
        assert_eq!(results.iter().filter(|r| r.is_err()).count(), 1);
        assert_eq!(disks[4].content().to_vec()[512], 5);
        assert_eq!((disks[4].requests(), disks[3].requests()), (2, 0));
    }

    #[test]
    fn slow_work_is_done_at_once_and_so_is_what_turns_out_to_be_slow() {
        let nap = Duration::from_millis(20);
        let items: Vec<u32> = (0..100).collect();
        for slow in [true, false] {
            let start = Instant::now();
            let results = each(
                &items,
                |_| slow,
                |n| {
                    sleep(nap);
                    n * 2
                },
            );
            assert!(start.elapsed() < nap * 20, "{:?}", start.elapsed());
            assert!(results.iter().enumerate().all(|(i, r)| *r == 2 * i as u32));
        }
        assert!(each(&[] as &[u32], |_| true, |n| *n).is_empty());
    }

    #[test]
    fn quick_work_starts_no_thread() {
        let here = std::thread::current().id();
        let items = [0; 50];
        let threads = each(&items, |_| false, |_| std::thread::current().id());
        // A pause of the whole machine may look like a slow item: most is enough.
        assert!(threads[0] == here);
    }
}
