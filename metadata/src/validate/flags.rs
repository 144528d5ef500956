//! Flags, policies and lock data that go together.

use super::{Named, Violation};
use crate::model::{AllocPolicy, LvFlag, Vg, VgFlag};

pub(super) fn check(vg: &Vg, found: &mut Vec<Violation>) {
    let who = || Named::Vg(vg.name.clone());
    if matches!(vg.alloc, AllocPolicy::Inherit | AllocPolicy::ClingByTags) {
        found.push(Violation::Policy { who: who(), policy: vg.alloc.name() });
    }
    let mut lock = |what| found.push(Violation::Lock { who: who(), what });
    if vg.is_shared() {
        let lock_type = vg.lock_type.as_ref();
        if lock_type.is_none_or(|lock| lock.args.is_none()) {
            lock("a shared VG without lock_args");
        }
        if vg.system_id.as_ref().is_some_and(|id| !id.is_empty()) {
            lock("a shared VG with a system id");
        }
        if vg.flags.has(VgFlag::Clustered) {
            lock("a shared VG that is clustered, too");
        }
    } else if vg.lock_type.as_ref().is_some_and(|lock| lock.args.is_some()) {
        lock("lock_args although nothing is shared");
    }
    for lv in &vg.lvs {
        let who = || Named::Lv(lv.name.clone());
        if lv.alloc == AllocPolicy::ClingByTags {
            found.push(Violation::Policy { who: who(), policy: lv.alloc.name() });
        }
        if lv.flags.has(LvFlag::FixedMinor) && lv.minor.is_none() {
            found.push(Violation::FixedMinor { who: who() });
        }
        if lv.lock_args.is_some() && !vg.is_shared() {
            found.push(Violation::Lock { who: who(), what: "lock_args in a VG that is not shared" });
        }
    }
}
