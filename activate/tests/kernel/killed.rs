//! Commands that die with devices suspended.

use crate::lab::{Lab, lv, lv_id, segments, this_program};
use crate::site::{Site, all, open_all, settings, sh};
use activate::{HostLoops, Wish, rescue};
use device::{Host, Priority, Wait};
use dm::{Absence, Control, DevNo, Errno, Kernel, Request, Udev, Verb};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;
use store::{LockRequest, LockScope};
use units::Sectors;

/// Where a victim dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Point {
    /// Suspended, and nothing committed.
    Suspended,
    /// Committed, and still suspended.
    Committed,
}

/// The kernel, for a command that dies at a point; its guardian too, if so wished.
#[derive(Debug)]
struct Deadly {
    kernel: Kernel,
    point: Point,
    guardian_too: bool,
}

impl Deadly {
    fn die(&self) {
        if self.guardian_too {
            let own = format!("/proc/self/task/{}/children", std::process::id());
            for child in fs::read_to_string(own).unwrap_or_default().split_whitespace() {
                let _ = kill(Pid::from_raw(child.parse().unwrap()), Signal::SIGKILL);
            }
        }
        let _ = kill(Pid::this(), Signal::SIGKILL);
    }
}

impl Control for Deadly {
    fn usable(&self) -> Result<(), Absence> {
        self.kernel.usable()
    }

    fn submit(&self, request: &mut Request) -> Result<(), Errno> {
        if self.point == Point::Committed && request.verb() == Verb::Resume {
            self.die();
        }
        let done = self.kernel.submit(request);
        if self.point == Point::Suspended && request.verb() == Verb::Suspend {
            self.die();
        }
        done
    }

    fn read_ahead(&self, device: DevNo) -> Result<Sectors, Errno> {
        self.kernel.read_ahead(device)
    }

    fn set_read_ahead(&self, device: DevNo, amount: Sectors) -> Result<(), Errno> {
        self.kernel.set_read_ahead(device, amount)
    }
}

fn scope(folder: &Path) -> LockScope {
    LockScope { folder: Some(folder.to_owned()), images: Vec::new() }
}

/// `victim POINT both|one LOCKS NODE...`: grows LV 1 and renames LV 2 on the way, and does not live to see it.
pub(crate) fn victim(words: &[String]) -> ExitCode {
    let point = if words[0] == "suspended" { Point::Suspended } else { Point::Committed };
    let control = Deadly { kernel: Kernel::new(), point, guardian_too: words[1] == "both" };
    let nodes: Vec<PathBuf> = words[3..].iter().map(PathBuf::from).collect();
    let host = Host::default();
    let loops = HostLoops { host: &host };
    let request = LockRequest::change_vg("vg");
    let held = store::lock(&scope(Path::new(&words[2])), &request, Wait::NO, Priority::Writers).unwrap();
    let mut lab = Lab::open(open_all(&nodes), &control, &loops, settings());
    let mut guardian = this_program("guardian");
    guardian.locks = held.fds().collect();
    lab.guardian = Some(guardian);
    let next = lab.next(|vg| {
        let pv = vg.pvs.iter().next().unwrap().id;
        vg.lvs.get_mut(lv_id(1)).unwrap().segments = segments(pv, &[(0, 80), (120, 8)]);
        vg.lvs.get_mut(lv_id(2)).unwrap().name = "renamed".to_owned();
    });
    let _ = lab.change(&next, &[]);
    ExitCode::FAILURE
}

/// Lets a victim die over a mounted file system, and waits for the lock that its guardian holds on to.
fn let_die(site: &Site, point: Point, who: &str, after_lock: impl FnOnce(&mut Lab<'_>)) {
    let loops = site.loops();
    let lab = site.lab(&loops);
    let pv = lab.pv(0);
    let mut lab = lab.with_lvs(vec![lv(1, "data", pv, &[(0, 80)]), lv(2, "other", pv, &[(100, 4)])]);
    let seqno = lab.vg().seqno;
    sh("mkfs.ext4", ["-q", "/dev/vg/data"]);
    let mnt = site.mount(Path::new("/dev/vg/data"));
    fs::write(mnt.join("file"), vec![7; 1 << 20]).unwrap();
    let locks = site.folder.path().join("locks");
    let mut command = Command::new("/proc/self/exe");
    command.arg("victim").arg(if point == Point::Suspended { "suspended" } else { "committed" });
    let status = command.arg(who).arg(&locks).args(&site.nodes).status().unwrap();
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(9), "{status}");
    let wait = Wait::at_most(Duration::from_secs(20));
    let held = store::lock(&scope(&locks), &LockRequest::change_vg("vg"), wait, Priority::Writers).unwrap();
    lab.reread();
    let committed = point == Point::Committed;
    assert_eq!(lab.vg().seqno, seqno + u32::from(committed));
    after_lock(&mut lab);
    let live = lab.live();
    assert!(live.lvs.values().all(|lv| !lv.suspended && !lv.inactive_table), "{live:?}");
    let other = &live.of(lv_id(2)).unwrap().name;
    assert_eq!(other, if committed { "vg-renamed" } else { "vg-other" });
    let extents: u64 = if committed { 88 } else { 80 };
    assert_eq!(sh("blockdev", ["--getsz", "/dev/vg/data"]), (extents * crate::lab::EXTENT).to_string());
    if settings().udev == Udev::Running {
        sh("udevadm", ["settle"]);
    }
    let (name, other) = if committed { ("renamed", "other") } else { ("other", "renamed") };
    assert!(Path::new("/dev/vg").join(name).exists(), "{name} has no node");
    assert!(!Path::new("/dev/vg").join(other).is_symlink(), "{other} is still linked");
    fs::write(mnt.join("more"), vec![8; 1 << 20]).unwrap();
    sh("sync", ["-f", &mnt.display().to_string()]);
    sh("umount", [&mnt]);
    sh("e2fsck", ["-fn", "/dev/vg/data"]);
    lab.wish(&all(2, Wish::Deactivate)).unwrap();
    assert!(!Path::new("/dev/vg").exists());
    drop(held);
    let cookies = fs::read_to_string("/proc/sysvipc/sem").unwrap_or_default();
    let keys = cookies.lines().skip(1).filter_map(|line| line.split_whitespace().next()?.parse::<i64>().ok());
    let left: Vec<i64> = keys.filter(|key| (*key as u32) >> 16 == 0x0d4d).collect();
    assert!(who == "both" || left.is_empty(), "cookies left: {left:x?}");
}

pub(crate) fn by_the_guardian() {
    for point in [Point::Suspended, Point::Committed] {
        let site = Site::new(1, 64);
        let_die(&site, point, "one", |lab| {
            let find = lab.find();
            let rescued = rescue(&lab.machine(), lab.vg(), &lab.live(), &lab.policy, &find).unwrap();
            assert!(rescued.is_empty(), "the guardian has left something: {rescued:?}");
        });
    }
}

pub(crate) fn by_the_next_command() {
    for point in [Point::Suspended, Point::Committed] {
        let site = Site::new(1, 64);
        let_die(&site, point, "both", |lab| {
            assert!(lab.live().of(lv_id(1)).unwrap().suspended);
            let find = lab.find();
            let rescued = rescue(&lab.machine(), lab.vg(), &lab.live(), &lab.policy, &find).unwrap();
            assert!(!rescued.is_empty());
        });
    }
}
