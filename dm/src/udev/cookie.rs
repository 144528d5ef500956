//! The cookie: a semaphore that starts at 1, counts one more for every event to come, and is brought down by
//! udev's rules (`dmsetup udevcomplete`) one by one. Zero, its own 1 taken back, is the end.
//! [L libdm-common.c:2471-2894]

use super::{Event, Udev, UdevFlags};
use crate::sys::sem;
use nix::errno::Errno;
use std::fs::File;
use std::io::Read;
use std::time::{Duration, Instant};
use thiserror::Error;

/// The upper half of every cookie's key.
const MAGIC: u32 = 0x0d4d;
/// The most events one cookie counts: the kernel's limit of a semaphore's value (SEMVMX), less the own 1.
const MOST: u32 = 32_766;
/// How many random keys are tried before the table of semaphores is held for full.
const TRIES: u32 = 1000;

/// Why there is no cookie, or no end to be awaited.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CookieError {
    /// No semaphore could be made; ENOSPC means that the limit in `/proc/sys/kernel/sem` is reached.
    #[error("no semaphore for udev to answer by: {0}")]
    Create(Errno),
    /// No random number for its key.
    #[error("no random number for a udev cookie: {0}")]
    Random(Errno),
    /// Not a cookie of device-mapper.
    #[error("{0:#x} is no udev cookie of device-mapper")]
    Prefix(u32),
    /// The semaphore is gone, or another's.
    #[error("the semaphore of udev cookie {key:#x}: {errno}")]
    Semaphore {
        /// Whose.
        key: u32,
        /// What the kernel answered.
        errno: Errno,
    },
}

/// How waiting for udev ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// All events are dealt with.
    Done,
    /// The time is over; that many events are not. The semaphore is gone, nobody waits any more.
    TimedOut {
        /// Events that udev has not answered.
        left: u32,
    },
    /// Whoever was asked at a signal whether to go on said no. The rest as above.
    Interrupted {
        /// Events that udev has not answered.
        left: u32,
    },
}

/// A cookie, gone when dropped. It counts in one semaphore what one command sends.
#[derive(Debug)]
pub struct Cookie {
    key: u32,
    id: i32,
    /// Events counted into the semaphore and not yet sent.
    spare: u32,
}

impl Cookie {
    /// The most events that [`Self::reserve`] can count.
    pub const MOST: u32 = MOST;

    /// Makes a semaphore under a random key that is free.
    pub fn create() -> Result<Self, CookieError> {
        let random = |error: std::io::Error| {
            CookieError::Random(Errno::from_raw(error.raw_os_error().unwrap_or(libc::EIO)))
        };
        let mut source = File::open("/dev/urandom").map_err(random)?;
        for _ in 0..TRIES {
            let mut low = [0; 2];
            source.read_exact(&mut low).map_err(random)?;
            let key = MAGIC << 16 | u32::from(u16::from_ne_bytes(low));
            if key & 0xffff == 0 {
                continue;
            }
            match sem::get(key, true) {
                Ok(id) => {
                    let cookie = Self { key, id, spare: 0 };
                    sem::set_value(id, 1).map_err(CookieError::Create)?;
                    return Ok(cookie);
                }
                Err(Errno::EEXIST) => {}
                Err(errno) => return Err(CookieError::Create(errno)),
            }
        }
        Err(CookieError::Create(Errno::ENOSPC))
    }

    /// The semaphore's key, which is what udev's rules see as the cookie (with flags instead of the magic).
    pub fn key(&self) -> u32 {
        self.key
    }

    /// Counts `events` in, before they are sent: afterwards [`Self::event`] cannot fail.
    pub fn reserve(&mut self, events: u32) -> Result<(), CookieError> {
        let amount = i16::try_from(events).map_err(|_| self.error(Errno::ERANGE))?;
        if amount > 0 {
            sem::add(self.id, amount).map_err(|errno| self.error(errno))?;
        }
        self.spare += events;
        Ok(())
    }

    /// One of the events counted in.
    pub fn event(&mut self, flags: UdevFlags) -> Event {
        debug_assert!(self.spare > 0, "more events than were reserved");
        self.spare = self.spare.saturating_sub(1);
        Event { flags, cookie: (self.key & 0xffff) as u16 }
    }

    /// Takes one back that was to be sent and made no uevent.
    pub fn unsent(&mut self) {
        self.spare += 1;
    }

    /// Waits until udev has answered all that was sent, at most `timeout`. At a signal `go_on` is asked.
    pub fn settle(mut self, timeout: Duration, go_on: &dyn Fn() -> bool) -> Result<Settled, CookieError> {
        let own = i16::try_from(self.spare + 1).map_err(|_| self.error(Errno::ERANGE))?;
        self.spare = 0;
        sem::add(self.id, -own).map_err(|errno| self.error(errno))?;
        let end = Instant::now() + timeout;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match sem::wait_zero(self.id, left) {
                Ok(()) => return Ok(Settled::Done),
                // Someone took it away, as `dmsetup udevcomplete_all` does: an administrator's way out.
                Err(Errno::EIDRM | Errno::EINVAL) => return Ok(Settled::Done),
                Err(Errno::EAGAIN) => return Ok(Settled::TimedOut { left: self.left() }),
                Err(Errno::EINTR) if go_on() => {}
                Err(Errno::EINTR) => return Ok(Settled::Interrupted { left: self.left() }),
                Err(errno) => return Err(self.error(errno)),
            }
        }
    }

    fn left(&self) -> u32 {
        sem::value(self.id).ok().and_then(|value| u32::try_from(value).ok()).unwrap_or(0)
    }

    fn error(&self, errno: Errno) -> CookieError {
        CookieError::Semaphore { key: self.key, errno }
    }
}

impl Drop for Cookie {
    fn drop(&mut self) {
        let _ = sem::destroy(self.id);
    }
}

/// As many cookies as a command's events need, which is one unless they are more than a semaphore counts;
/// none where udev is not waited for.
#[derive(Debug)]
pub(crate) struct Cookies {
    udev: Udev,
    list: Vec<Cookie>,
}

impl Cookies {
    /// Counts `events` in.
    pub(crate) fn reserve(udev: Udev, events: usize) -> Result<Self, CookieError> {
        let (mut list, mut left) = (Vec::new(), events);
        while left > 0 && udev == Udev::Running {
            let share = left.min(MOST as usize);
            let mut cookie = Cookie::create()?;
            cookie.reserve(share as u32)?;
            list.push(cookie);
            left -= share;
        }
        Ok(Self { udev, list })
    }

    /// Their keys.
    pub(crate) fn keys(&self) -> Vec<u32> {
        self.list.iter().map(Cookie::key).collect()
    }

    /// The next event; without a cookie where none is left. Allocates nothing.
    pub(crate) fn event(&mut self, flags: UdevFlags) -> Event {
        let flags = self.udev.flags(flags);
        match self.list.iter_mut().find(|cookie| cookie.spare > 0) {
            Some(cookie) => cookie.event(flags),
            None => Event::flags(flags),
        }
    }

    /// Takes one back that made no uevent. Allocates nothing.
    pub(crate) fn unsent(&mut self, event: Event) {
        let low = u32::from(event.cookie);
        if let Some(cookie) = self.list.iter_mut().find(|cookie| cookie.key & 0xffff == low) {
            cookie.unsent();
        }
    }

    /// One that was taken back has made a uevent after all. Allocates nothing.
    pub(crate) fn sent(&mut self, event: Event) {
        let low = u32::from(event.cookie);
        if let Some(cookie) = self.list.iter_mut().find(|cookie| cookie.key & 0xffff == low) {
            cookie.spare = cookie.spare.saturating_sub(1);
        }
    }

    /// Waits until udev has answered all of them, at most `timeout` in all.
    pub(crate) fn settle(self, timeout: Duration, go_on: &dyn Fn() -> bool) -> Result<Settled, CookieError> {
        let end = Instant::now() + timeout;
        let mut settled = Settled::Done;
        for cookie in self.list {
            match cookie.settle(end.saturating_duration_since(Instant::now()), go_on)? {
                Settled::Done => {}
                other => settled = other,
            }
        }
        Ok(settled)
    }
}

/// Takes away the semaphore of a cookie whose owner has died. Nothing where it is gone. `cookie` is the
/// semaphore's whole key.
pub fn abandon(cookie: u32) -> Result<(), CookieError> {
    if cookie >> 16 != MAGIC {
        return Err(CookieError::Prefix(cookie));
    }
    let error = |errno| CookieError::Semaphore { key: cookie, errno };
    match sem::get(cookie, false) {
        Ok(id) => sem::destroy(id).map_err(error),
        Err(Errno::ENOENT) => Ok(()),
        Err(errno) => Err(error(errno)),
    }
}

/// What udev's rules call for each event: one less to wait for. `cookie` is the semaphore's whole key.
pub fn complete(cookie: u32) -> Result<(), CookieError> {
    if cookie >> 16 != MAGIC {
        return Err(CookieError::Prefix(cookie));
    }
    let error = |errno| CookieError::Semaphore { key: cookie, errno };
    let id = sem::get(cookie, false).map_err(error)?;
    sem::add(id, -1).map_err(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    const SOON: Duration = Duration::from_secs(5);

    #[test]
    fn it_settles_when_every_event_is_completed() {
        let mut cookie = Cookie::create().unwrap();
        let key = cookie.key();
        assert_eq!(key >> 16, 0x0d4d);
        cookie.reserve(3).unwrap();
        let event = cookie.event(UdevFlags::INTERNAL);
        assert_eq!(event.number(), 0x004e_0000 | (key & 0xffff));
        cookie.event(UdevFlags::NONE);
        let udev = thread::spawn(move || {
            thread::sleep(Duration::from_millis(20));
            complete(key).unwrap();
            complete(key).unwrap();
        });
        assert_eq!(cookie.settle(SOON, &|| true).unwrap(), Settled::Done);
        udev.join().unwrap();
        assert!(complete(key).is_err(), "the semaphore is gone");
    }

    #[test]
    fn it_gives_up_in_time_and_says_what_is_left() {
        let mut cookie = Cookie::create().unwrap();
        cookie.reserve(2).unwrap();
        cookie.event(UdevFlags::NONE);
        cookie.event(UdevFlags::NONE);
        let settled = cookie.settle(Duration::from_millis(10), &|| true).unwrap();
        assert_eq!(settled, Settled::TimedOut { left: 2 });
    }

    #[test]
    fn events_that_never_were_are_not_awaited() {
        let mut cookie = Cookie::create().unwrap();
        cookie.reserve(5).unwrap();
        cookie.event(UdevFlags::NONE);
        cookie.unsent();
        assert_eq!(cookie.settle(SOON, &|| true).unwrap(), Settled::Done);
    }

    #[test]
    fn too_many_events_are_refused_before_any_is_sent() {
        let mut cookie = Cookie::create().unwrap();
        cookie.reserve(Cookie::MOST).unwrap();
        assert!(cookie.reserve(1).is_err());
        assert!(Cookie::create().unwrap().reserve(40_000).is_err());
    }

    #[test]
    fn an_abandoned_cookie_is_taken_away_once() {
        let cookie = Cookie::create().unwrap();
        abandon(cookie.key()).unwrap();
        abandon(cookie.key()).unwrap();
        assert!(complete(cookie.key()).is_err());
    }

    #[test]
    fn a_number_that_is_no_cookie_is_refused() {
        assert_eq!(abandon(0x1234_0001), Err(CookieError::Prefix(0x1234_0001)));
        assert_eq!(complete(0x1234_0001), Err(CookieError::Prefix(0x1234_0001)));
    }
}
