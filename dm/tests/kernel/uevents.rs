//! A udevd of the least: it hears the kernel's uevents and completes the cookies they carry.

use dm::tree::{Have, Node, Plan, Settings, Want, apply};
use dm::{Settled, Udev, UdevFlags};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{JoinHandle, spawn};
use std::time::Duration;

use crate::disks::Loop;
use crate::{kernel, name, table, uuid};

/// It, and the events it has heard: action, name, flags.
struct FakeUdev {
    heard: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

fn socket() -> OwnedFd {
    // SAFETY: plain numbers in; the descriptor that comes out is checked and owned here alone.
    let fd = unsafe { libc::socket(libc::AF_NETLINK, libc::SOCK_DGRAM | libc::SOCK_CLOEXEC, 15) };
    assert!(fd >= 0, "no uevent socket");
    // SAFETY: just opened.
    let socket = unsafe { OwnedFd::from_raw_fd(fd) };
    // SAFETY: all zeros is a valid sockaddr_nl.
    let mut address: libc::sockaddr_nl = unsafe { std::mem::zeroed() };
    address.nl_family = libc::AF_NETLINK as u16;
    address.nl_groups = 1;
    let timeout = libc::timeval { tv_sec: 0, tv_usec: 100_000 };
    // SAFETY: both pointers are to live values of the lengths given.
    unsafe {
        let len = size_of_val(&address) as libc::socklen_t;
        assert_eq!(libc::bind(socket.as_raw_fd(), (&raw const address).cast(), len), 0);
        let len = size_of_val(&timeout) as libc::socklen_t;
        let (level, option) = (libc::SOL_SOCKET, libc::SO_RCVTIMEO);
        libc::setsockopt(socket.as_raw_fd(), level, option, (&raw const timeout).cast(), len);
    }
    socket
}

impl FakeUdev {
    fn start() -> Self {
        let (socket, heard, stop) = (socket(), Arc::default(), Arc::new(AtomicBool::new(false)));
        let (log, end) = (Arc::clone(&heard), Arc::clone(&stop));
        let thread = spawn(move || {
            let mut buffer = [0u8; 8192];
            while !end.load(Ordering::Relaxed) {
                // SAFETY: the buffer is live and as long as said.
                let got =
                    unsafe { libc::recv(socket.as_raw_fd(), buffer.as_mut_ptr().cast(), buffer.len(), 0) };
                if got > 0 {
                    hear(&buffer[..got as usize], &log);
                }
            }
        });
        Self { heard, stop, thread: Some(thread) }
    }

    fn stop(mut self) -> Vec<String> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.take().unwrap().join().unwrap();
        self.heard.lock().unwrap().clone()
    }
}

fn hear(message: &[u8], log: &Mutex<Vec<String>>) {
    let text = String::from_utf8_lossy(message);
    let field = |key: &str| text.split('\0').find_map(|pair| pair.strip_prefix(key)).map(str::to_owned);
    let Some(cookie) = field("DM_COOKIE=").and_then(|cookie| cookie.parse::<u32>().ok()) else { return };
    let (action, number) = (field("ACTION=").unwrap(), field("MINOR=").unwrap());
    log.lock().unwrap().push(format!("{action} {number} {:#x}", cookie >> 16));
    if cookie & 0xffff != 0 {
        // The upper half carries flags; the semaphore's key has the magic there.
        let _ = dm::complete(0x0d4d_0000 | cookie & 0xffff);
    }
}

#[test]
fn the_real_udev_makes_nodes_and_answers_cookies() {
    let Some(kernel) = kernel() else { return };
    if Udev::detect("/run".as_ref(), false) != Udev::Running {
        return println!("skipped: udevd does not run");
    }
    let (disk, text) = (Loop::new(2), "rlvmtest-udev");
    let path = std::path::Path::new("/dev/mapper").join(text);
    let lines = table(&format!("0 2048 linear {} 0", disk.number));
    let node = Node::new(name(text), Some(uuid(text)), lines);
    let run = |want: Want| {
        let have = Have::observe(&kernel, &want).unwrap();
        let plan = Plan::new(want, &have).unwrap();
        let settings = Settings { timeout: Duration::from_secs(20), ..Settings::new(Udev::Running, None) };
        apply(&kernel, plan, settings, &|| true).unwrap()
    };
    let made = run(Want { nodes: vec![node.clone()], gone: Vec::new() });
    assert_eq!((made.settled, path.exists()), (Settled::Done, true));
    let renamed = Node { name: name("rlvmtest-udev2"), ..node };
    let moved = run(Want { nodes: vec![renamed.clone()], gone: Vec::new() });
    let grown = Node { table: table(&format!("0 4096 linear {} 0", disk.number)), ..renamed };
    assert_eq!(run(Want { nodes: vec![grown], gone: Vec::new() }).settled, Settled::Done);
    let other = path.with_file_name("rlvmtest-udev2");
    assert_eq!((moved.settled, path.exists(), other.exists()), (Settled::Done, false, true));
    let gone = run(Want { nodes: Vec::new(), gone: vec![crate::trees::gone(uuid(text))] });
    assert_eq!((gone.settled, other.exists()), (Settled::Done, false));
}

#[test]
fn cookies_settle_when_udev_has_answered_each_event() {
    let Some(kernel) = kernel() else { return };
    if Udev::detect("/run".as_ref(), false) == Udev::Running {
        return println!("skipped: udevd runs and would answer too");
    }
    let disk = Loop::new(2);
    let udev = FakeUdev::start();
    let nodes: Vec<Node> = (0..3)
        .map(|index| {
            let text = format!("rlvmtest-cookie{index}");
            let lines = table(&format!("0 8 linear {} {}", disk.number, index * 8));
            Node { udev: UdevFlags::INTERNAL, ..Node::new(name(&text), Some(uuid(&text)), lines) }
        })
        .collect();
    let run = |want: Want| {
        let have = Have::observe(&kernel, &want).unwrap();
        let plan = Plan::new(want, &have).unwrap();
        apply(&kernel, plan, Settings::new(Udev::Running, None), &|| true).unwrap()
    };
    let made = run(Want { nodes: nodes.clone(), gone: Vec::new() });
    assert_eq!(made.settled, Settled::Done);
    let mut renamed = nodes.clone();
    renamed[0].name = name("rlvmtest-cookie-renamed");
    assert_eq!(run(Want { nodes: renamed, gone: Vec::new() }).settled, Settled::Done);
    let gone = nodes.iter().map(|node| crate::trees::gone(node.uuid.clone().unwrap())).collect();
    assert_eq!(run(Want { nodes: Vec::new(), gone }).settled, Settled::Done);
    let heard = udev.stop();
    let count = |action: &str, flags: &str| {
        heard.iter().filter(|line| line.starts_with(action) && line.ends_with(flags)).count()
    };
    assert_eq!((count("change", " 0x4e"), count("remove", " 0x40")), (4, 3), "{heard:?}");
}
