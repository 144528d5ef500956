//! What a change of a VG, or a wish, means for its devices. Pure: nothing is asked and nothing is done.

mod activation;

pub(crate) use activation::LinkChanges;
pub use activation::{Activation, NodeChange, PlanError, When, Wish};

use crate::apply::run::{rename, without};
use crate::policy::Policy;
use crate::want::{self, Devices, LvNode, WantError};
use dm::tree::{Gone, Have, Hold, Key, Node, Phase, Plan, Present, Want};
use dm::{Access, DevNo, DevRef, DmName, DmUuid, Info, Listed, Removal, Table, UdevFlags};
use metadata::live::{Live, LvLive};
use metadata::model::names::{self, NameError};
use metadata::model::{Lv, Vg};
use std::collections::{HashMap, HashSet};
use units::{Id, Sectors};

/// Plans what the devices need when `prev` becomes `next`, and what `wishes` ask for. LVs that run and are not
/// mentioned go on running, with their new names and tables; those that are not in `next` any more go. For a
/// wish without a change of the metadata `prev` and `next` are the same. `find` gives the device of a PV, by its
/// path; none where it is missing.
pub fn plan(
    prev: Option<&Vg>,
    next: &Vg,
    live: &Live,
    wishes: &[(Id, Wish)],
    policy: &Policy,
    find: &dyn Fn(Id) -> Option<DevRef>,
) -> Result<Activation, PlanError> {
    let asks = |wish: &(Id, Wish)| wish.1 != Wish::Keep;
    if !live.known && wishes.iter().any(asks) {
        return Err(PlanError::Unknown { vg: next.name.clone() });
    }
    let same_vg = prev.is_some_and(|prev| is_same_ground(prev, next));
    let mut planner = Planner { prev, next, same_vg, live, policy, find, plan: Activation::default() };
    let wishes: HashMap<Id, Wish> = wishes.iter().copied().collect();
    for lv in &next.lvs {
        planner.lv(lv, wishes.get(&lv.id).copied().unwrap_or(Wish::Keep))?;
    }
    for lv in prev.into_iter().flat_map(|prev| &prev.lvs).filter(|lv| !next.lvs.contains(lv.id)) {
        planner.stop(lv);
    }
    planner.finish()
}

/// Whether names, extents and PVs are where they were.
fn is_same_ground(prev: &Vg, next: &Vg) -> bool {
    let places = |vg: &Vg| vg.pvs.iter().map(|pv| (pv.id, pv.pe_start)).collect::<HashMap<_, _>>();
    // PVs that join or leave are under no LV that stays the same.
    let (before, after) = (places(prev), places(next));
    let moved = |(id, start): (&Id, &Sectors)| before.get(id).is_some_and(|old| old != start);
    prev.name == next.name && prev.extent_size == next.extent_size && !after.iter().any(moved)
}

struct Planner<'a> {
    prev: Option<&'a Vg>,
    next: &'a Vg,
    /// Whether LVs that are the same have the same devices.
    same_vg: bool,
    live: &'a Live,
    policy: &'a Policy,
    find: &'a dyn Fn(Id) -> Option<DevRef>,
    plan: Activation,
}

impl<'a> Planner<'a> {
    fn lv(&mut self, lv: &Lv, wish: Wish) -> Result<(), PlanError> {
        let running = self.live.is_active(lv.id);
        match wish {
            Wish::Activate => match self.policy.skips(self.next, lv) {
                Some(skip) => self.plan.passed_over.push((lv.id, skip)),
                None => return self.start(lv, running),
            },
            Wish::Deactivate if running => {
                self.stop(lv);
                return Ok(());
            }
            Wish::Refresh if running => return self.refresh(lv),
            Wish::Deactivate | Wish::Keep | Wish::Refresh => {}
        }
        if running { self.keep(lv) } else { Ok(()) }
    }

    /// The LV as it was.
    fn old(&self, lv: Id) -> Option<(&'a Vg, &'a Lv)> {
        let prev = self.prev?;
        Some((prev, prev.lvs.get(lv)?))
    }

    /// The devices of an LV as it was; what is missing does not matter any more.
    fn old_nodes(&self, lv: Id) -> Vec<LvNode> {
        let Some((vg, lv)) = self.old(lv) else { return Vec::new() };
        let devices = Devices { find: self.find, partial: true };
        want::nodes(vg, lv, self.access(vg, lv), &devices).unwrap_or_default()
    }

    fn new_nodes(&self, lv: &Lv) -> Result<Vec<LvNode>, WantError> {
        let devices = Devices { find: self.find, partial: self.policy.partial };
        want::nodes(self.next, lv, self.access(self.next, lv), &devices)
    }

    fn access(&self, vg: &Vg, lv: &Lv) -> Access {
        if self.policy.is_read_only(vg, lv) { Access::ReadOnly } else { Access::ReadWrite }
    }

    fn start(&mut self, lv: &Lv, running: bool) -> Result<(), PlanError> {
        if let Some(device) = self.live.taken.get(&lv.id) {
            let (vg, name, device) = (self.next.name.clone(), lv.name.clone(), device.clone());
            self.plan.refused.push((lv.id, WantError::Taken { vg, lv: name, device }));
            return Ok(());
        }
        let nodes = match self.new_nodes(lv) {
            Ok(nodes) => nodes,
            Err(error) => {
                self.plan.refused.push((lv.id, error));
                return Ok(());
            }
        };
        if running {
            self.change(lv, nodes, Hold::IfChanged);
            return Ok(());
        }
        for node in nodes {
            self.show(lv, None, Some(&node));
            self.link(lv, &node);
            self.plan.starting.push((lv.id, tree_node(lv, node)));
        }
        Ok(())
    }

    /// The table is loaded again, whatever is loaded.
    fn refresh(&mut self, lv: &Lv) -> Result<(), PlanError> {
        match self.new_nodes(lv) {
            Ok(nodes) => self.change(lv, nodes, Hold::Always),
            Err(error) => self.plan.refused.push((lv.id, error)),
        }
        Ok(())
    }

    /// An LV that runs goes on running.
    fn keep(&mut self, lv: &Lv) -> Result<(), PlanError> {
        if self.same_vg && self.old(lv.id).is_some_and(|(_, old)| old == lv) {
            return Ok(());
        }
        let (old, new) = (self.old_nodes(lv.id), self.new_nodes(lv));
        match new {
            Ok(new) if !same_devices(&old, &new) => {
                // Read-ahead is set as a device is resumed.
                let resumed = old.iter().zip(&new).any(|(old, new)| old.read_ahead != new.read_ahead);
                self.change(lv, new, if resumed { Hold::Always } else { Hold::IfChanged });
            }
            Ok(_) => {}
            // Whatever it is made of, that did not change, and neither did its name.
            Err(WantError::Unsupported { .. } | WantError::Unrecognised { .. })
                if self.same_vg && self.is_as_it_was(lv) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn is_as_it_was(&self, lv: &Lv) -> bool {
        self.old(lv.id).is_some_and(|(_, old)| old.name == lv.name && old.segments == lv.segments)
    }

    fn change(&mut self, lv: &Lv, nodes: Vec<LvNode>, hold: Hold) {
        let old = self.old_nodes(lv.id);
        let old_name = self.old(lv.id).map(|(vg, lv)| (vg.name.clone(), lv.name.clone()));
        for node in nodes {
            let before = old.iter().find(|before| before.uuid == node.uuid);
            self.show(lv, before, Some(&node));
            if let Some((vg, old)) = old_name.as_ref().filter(|_| lv.is_visible())
                && (*vg != self.next.name || *old != lv.name)
            {
                self.plan.links.gone.push((vg.clone(), old.clone(), node.uuid.clone()));
            }
            self.link(lv, &node);
            self.plan.changing.push((lv.id, Node { hold, ..tree_node(lv, node) }));
        }
    }

    /// The devices go, where there are any.
    fn stop(&mut self, lv: &Lv) {
        if !self.live.is_active(lv.id) {
            return;
        }
        let old = self.old_nodes(lv.id);
        for node in &old {
            self.show(lv, Some(node), None);
        }
        let vg = self.prev.unwrap_or(self.next);
        // Of an LV that cannot be taken apart its own device is known all the same.
        let own = || DmUuid::new(names::dm_uuid(vg.id, lv.id, "")).ok().into_iter().collect();
        let uuids: Vec<DmUuid> =
            if old.is_empty() { own() } else { old.into_iter().map(|node| node.uuid).collect() };
        let old_name = self.old(lv.id).map_or(lv.name.as_str(), |(_, old)| old.name.as_str()).to_owned();
        for uuid in uuids {
            if lv.is_visible() {
                self.plan.links.gone.push((vg.name.clone(), old_name.clone(), uuid.clone()));
            }
            let (key, udev, how) = (Key::Uuid(uuid), udev_flags(lv), Removal::RETRY);
            self.plan.gone.push((lv.id, Gone { key, udev, how }));
        }
    }

    fn link(&mut self, lv: &Lv, node: &LvNode) {
        if lv.is_visible() {
            let (vg, lv) = (self.next.name.clone(), lv.name.clone());
            self.plan.links.there.push((vg, lv, node.name.clone(), node.uuid.clone()));
        }
    }

    fn show(&mut self, lv: &Lv, before: Option<&LvNode>, after: Option<&LvNode>) {
        let vg = if after.is_some() { self.next } else { self.prev.unwrap_or(self.next) };
        let running = self.live.of(lv.id).and_then(|live| DmName::new(live.name.clone()).ok());
        self.plan.nodes.push(NodeChange {
            lv: lv.id,
            lv_name: format!("{}/{}", vg.name, lv.name),
            name_before: running.or_else(|| before.map(|node| node.name.clone())),
            name_after: after.map(|node| node.name.clone()),
            before: before.map(|node| node.table.clone()),
            after: after.map(|node| node.table.clone()),
            read_only: after.is_some_and(|node| node.access == Access::ReadOnly),
        });
    }

    /// The steps, against what should be there by metadata and [`Live`].
    fn finish(mut self) -> Result<Activation, PlanError> {
        let mut have = self.have();
        let gone: Vec<Gone> = self.plan.gone.iter().map(|(_, gone)| gone.clone()).collect();
        // What goes makes room for names, and so does what gets another one.
        let (_, going) = without(&mut have, &gone);
        let changing = have.clone();
        rename(&mut have, &self.plan.changing);
        let nodes = |list: &[(Id, Node)]| list.iter().map(|(_, node)| node.clone()).collect();
        let stages = [
            (Want { nodes: Vec::new(), gone }, &going, [When::Before; 4]),
            (
                Want { nodes: nodes(&self.plan.changing), gone: Vec::new() },
                &changing,
                [When::Before, When::Suspend, When::Resume, When::After],
            ),
            (Want { nodes: nodes(&self.plan.starting), gone: Vec::new() }, &have, [When::After; 4]),
        ];
        for (want, have, when) in stages {
            if want.nodes.is_empty() && want.gone.is_empty() {
                continue;
            }
            let steps = Plan::new(want, have)?.steps();
            self.plan.steps.extend(steps.into_iter().map(|(phase, step)| (when[place(phase)], step)));
        }
        Ok(self.plan)
    }

    fn have(&self) -> Have {
        let mut have = Have::default();
        let touched: HashSet<Id> =
            self.plan.changing.iter().map(|(lv, _)| *lv).chain(self.plan.stopping()).collect();
        for (&id, live) in &self.live.lvs {
            let vg = self.prev.unwrap_or(self.next);
            let (Ok(name), Ok(uuid)) =
                (DmName::new(live.name.clone()), DmUuid::new(names::dm_uuid(vg.id, id, "")))
            else {
                continue;
            };
            let number = DevNo::new(live.major, live.minor);
            let listed = Listed { name, uuid: Some(uuid), number, event_nr: None };
            if touched.contains(&id) {
                let table = self.old_nodes(id).into_iter().next().map(|node| node.table).unwrap_or_default();
                have.present.push(present(&listed, live, table));
            }
            have.listed.push(listed);
        }
        have.listed.sort_by_key(|listed| listed.number);
        have
    }
}

/// Whether running devices are as wanted. A persistent number counts when they are made, not before.
fn same_devices(old: &[LvNode], new: &[LvNode]) -> bool {
    let number = new.first().and_then(|node| node.number);
    let mut old = old.to_vec();
    old.iter_mut().for_each(|node| node.number = number);
    old == new
}

const fn place(phase: Phase) -> usize {
    match phase {
        Phase::Preload => 0,
        Phase::Suspend => 1,
        Phase::Resume => 2,
        Phase::Finish => 3,
    }
}

fn present(listed: &Listed, live: &LvLive, table: Table) -> Present {
    let info = Info {
        name: listed.name.clone(),
        uuid: listed.uuid.clone(),
        number: listed.number,
        open_count: live.open_count,
        event_nr: 0,
        target_count: u32::try_from(table.targets.len()).unwrap_or(u32::MAX),
        access: if live.read_only { Access::ReadOnly } else { Access::ReadWrite },
        suspended: live.suspended,
        internally_suspended: false,
        live_table: live.live_table,
        inactive_table: live.inactive_table,
        deferred_remove: false,
        uevent: false,
    };
    let deps = table.numbers();
    Present { info, table, deps }
}

fn tree_node(lv: &Lv, node: LvNode) -> Node {
    Node {
        access: node.access,
        read_ahead: node.read_ahead,
        udev: udev_flags(lv),
        number: node.number,
        ..Node::new(node.name, Some(node.uuid), node.table)
    }
}

/// What udev's rules leave out, as LVM2 has it (2.03.40: dev_manager.c, _get_udev_flags).
fn udev_flags(lv: &Lv) -> UdevFlags {
    match names::check_lv_name(&lv.name) {
        _ if !lv.is_visible() => UdevFlags::INTERNAL,
        Err(NameError::ReservedPrefix(_) | NameError::ReservedPart(_)) => {
            UdevFlags::DISABLE_DISK | UdevFlags::DISABLE_OTHER
        }
        Ok(()) | Err(_) => UdevFlags::NONE,
    }
}
