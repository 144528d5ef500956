//! Want and have, made into steps. Pure: nothing is asked and nothing is done.

use super::have::Index;
use super::{Gone, Have, Hold, Node, Phase, Present, ReadAhead, Step, TreeError, Want, order};
use crate::{DevNo, DevRef, DmName, Listed, Table};
use std::collections::{HashMap, HashSet};

/// When a node is resumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resume {
    /// Not at all: it runs as it is wanted, or does so from the preload on.
    Never,
    /// After the caller's commit, with all that is suspended.
    InWindow,
    /// After that: it is new, and nothing stands on it.
    Last,
}

/// A wanted node, and what is to be done to it.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub(super) node: Node,
    pub(super) present: Option<Present>,
    pub(super) load: bool,
    pub(super) clear: bool,
    /// Resumed as soon as it is loaded, because tables above it cannot be loaded before.
    pub(super) early: bool,
    pub(super) suspend: bool,
    pub(super) resume: Resume,
}

impl Planned {
    /// The name it has until it is renamed.
    pub(super) fn present_name(&self) -> &DmName {
        self.present.as_ref().map_or(&self.node.name, |present| &present.info.name)
    }

    pub(super) fn renames(&self) -> bool {
        self.present_name() != &self.node.name
    }

    pub(super) fn is_new(&self) -> bool {
        self.present.is_none()
    }

    /// Whether it is resumed at any time.
    pub(super) fn runs_anew(&self) -> bool {
        self.early || self.resume != Resume::Never
    }

    /// Whether the live table and the wanted one say the same of all they have in common.
    pub(super) fn old_will_do(&self) -> bool {
        let Some(old) = self.present.as_ref().map(|present| &present.table) else { return false };
        let new = &self.node.table;
        let common = old.targets.len().min(new.targets.len());
        common > 0
            && old.targets.iter().zip(&new.targets).enumerate().all(|(index, (old, new))| {
                let same_len = old.len == new.len || index + 1 == common;
                old.start == new.start && old.kind == new.kind && same_len
            })
    }

    fn old_len(&self) -> units::Sectors {
        self.present.as_ref().map_or(units::Sectors::ZERO, |present| present.table.len())
    }
}

/// A device to go.
#[derive(Clone, Debug)]
pub(super) struct Leaving {
    pub(super) gone: Gone,
    pub(super) name: DmName,
    pub(super) number: DevNo,
}

/// What is to be done, in order.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Bottom-up.
    pub(super) nodes: Vec<Planned>,
    /// Indexes of those to be renamed, each after the one that holds its new name.
    pub(super) renames: Vec<usize>,
    /// Top-down: a level after all that could use it.
    pub(super) leaving: Vec<Vec<Leaving>>,
    /// Numbers of nodes that are there and not wanted, by name, for tables that name them.
    pub(super) others: HashMap<DmName, DevNo>,
}

impl Plan {
    /// Plans. A new node cannot have the name of one that is to be renamed: that takes two plans.
    pub fn new(want: Want, have: &Have) -> Result<Self, TreeError> {
        let index = Index::new(&have.listed);
        let present = have.by_number();
        let found: Vec<Option<&Listed>> =
            want.nodes.iter().map(|node| index.of(node.uuid.as_ref(), &node.name)).collect();
        check_names(&want.nodes, &found, &index)?;
        let numbers: HashMap<DevNo, usize> = found
            .iter()
            .enumerate()
            .filter_map(|(node, device)| Some((device.as_ref()?.number, node)))
            .collect();
        let others = other_nodes(&want.nodes, &index)?;
        let children = order::children(&want.nodes, &numbers);
        let order = order::bottom_up(&want.nodes, &children)?;
        let known: HashMap<&DmName, DevNo> = want
            .nodes
            .iter()
            .zip(&found)
            .filter_map(|(node, device)| Some((&node.name, device.as_ref()?.number)))
            .chain(others.iter().map(|(name, number)| (name, *number)))
            .collect();
        let mut planned: Vec<Planned> = want
            .nodes
            .iter()
            .zip(&found)
            .map(|(node, device)| {
                let present = device.as_ref().and_then(|device| present.get(&device.number).copied());
                first_look(node, present, &known)
            })
            .collect();
        decide(&mut planned, &children, &order);
        let leaving = leaving(&want.gone, &index, &present, &planned)?;
        let planned = in_order(planned, &order);
        let renames = rename_order(&planned, &index)?;
        Ok(Self { nodes: planned, renames, leaving, others })
    }

    /// Whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.steps().is_empty()
    }

    /// Whether devices that exist are suspended, so that a guardian is called for.
    pub fn suspends(&self) -> bool {
        self.nodes.iter().any(|planned| planned.suspend)
    }

    /// What is to be done, in order. Numbers that are not known yet stand as nodes in tables.
    pub fn steps(&self) -> Vec<(Phase, Step)> {
        let mut steps = Vec::new();
        for planned in &self.nodes {
            steps.extend(preload_steps(planned).into_iter().map(|step| (Phase::Preload, step)));
        }
        let suspended = self.nodes.iter().rev().filter(|planned| planned.suspend);
        steps.extend(suspended.map(|planned| {
            let name = planned.present_name().clone();
            (Phase::Suspend, Step::Suspend { name, how: planned.node.suspend })
        }));
        steps.extend(self.renames.iter().map(|&index| {
            let planned = &self.nodes[index];
            let (from, to) = (planned.present_name().clone(), planned.node.name.clone());
            (Phase::Resume, Step::Rename { from, to })
        }));
        for (resume, phase) in [(Resume::InWindow, Phase::Resume), (Resume::Last, Phase::Finish)] {
            let due = self.nodes.iter().filter(|planned| planned.resume == resume);
            steps.extend(due.map(|planned| (phase, Step::Resume { name: planned.node.name.clone() })));
        }
        let leaving = self.leaving.iter().flatten();
        steps.extend(leaving.map(|leaving| (Phase::Finish, Step::Remove { name: leaving.name.clone() })));
        steps.extend(self.nodes.iter().filter_map(read_ahead_step).map(|step| (Phase::Finish, step)));
        steps
    }
}

fn preload_steps(planned: &Planned) -> Vec<Step> {
    let (node, name) = (&planned.node, planned.present_name());
    let mut steps = Vec::new();
    if planned.is_new() {
        let (uuid, number) = (node.uuid.clone(), node.number);
        steps.push(Step::Create { name: name.clone(), uuid, number });
    }
    if planned.load {
        steps.push(Step::Load {
            name: name.clone(),
            before: planned.present.as_ref().map(|present| present.table.clone()).unwrap_or_default(),
            table: node.table.clone(),
            access: node.access,
        });
    }
    if planned.clear {
        steps.push(Step::Clear { name: name.clone() });
    }
    if planned.early {
        steps.push(Step::Resume { name: name.clone() });
    }
    steps
}

fn read_ahead_step(planned: &Planned) -> Option<Step> {
    let name = planned.node.name.clone();
    match planned.node.read_ahead {
        _ if !planned.runs_anew() => None,
        ReadAhead::Auto => None,
        ReadAhead::Exactly(amount) | ReadAhead::AtLeast(amount) => Some(Step::ReadAhead { name, amount }),
    }
}

/// No name or uuid twice, no new node under a name that is taken.
fn check_names(nodes: &[Node], found: &[Option<&Listed>], index: &Index<'_>) -> Result<(), TreeError> {
    let (mut names, mut uuids) = (HashSet::new(), HashSet::new());
    for (node, device) in nodes.iter().zip(found) {
        if !names.insert(&node.name) {
            return Err(TreeError::Duplicate(node.name.to_string()));
        }
        if node.uuid.as_ref().is_some_and(|uuid| !uuids.insert(uuid)) {
            return Err(TreeError::Duplicate(
                node.uuid.as_ref().map(ToString::to_string).unwrap_or_default(),
            ));
        }
        if let (None, Some(holder)) = (device, index.named(&node.name)) {
            return Err(TreeError::NameHeld { name: node.name.clone(), by: holder.number });
        }
    }
    Ok(())
}

/// The nodes that tables name and nobody wants, which must be there.
fn other_nodes(nodes: &[Node], index: &Index<'_>) -> Result<HashMap<DmName, DevNo>, TreeError> {
    let wanted: HashSet<&DmName> = nodes.iter().map(|node| &node.name).collect();
    let mut others = HashMap::new();
    for node in nodes {
        for device in node.table.devices() {
            let DevRef::Node(name) = device else { continue };
            if wanted.contains(name) {
                continue;
            }
            let Some(there) = index.named(name) else {
                return Err(TreeError::Missing { node: node.name.clone(), missing: name.clone() });
            };
            others.insert(name.clone(), there.number);
        }
    }
    Ok(others)
}

/// The table with nodes turned into numbers as far as those are known.
pub(super) fn resolve(table: &Table, known: &dyn Fn(&DmName) -> Option<DevNo>) -> Table {
    let mut resolved = table.clone();
    for device in resolved.devices_mut() {
        if let DevRef::Node(name) = device
            && let Some(number) = known(name)
        {
            *device = DevRef::Number(number);
        }
    }
    resolved
}

/// What a node needs by itself.
fn first_look(node: &Node, present: Option<&Present>, known: &HashMap<&DmName, DevNo>) -> Planned {
    let wanted = resolve(&node.table, &|name| known.get(name).copied());
    let same = present.is_some_and(|present| {
        present.info.live_table && present.table == wanted && present.info.access == node.access
    });
    let inactive = present.is_some_and(|present| present.info.inactive_table);
    Planned {
        node: node.clone(),
        present: present.cloned(),
        load: !same,
        clear: same && inactive,
        early: false,
        suspend: false,
        resume: Resume::Never,
    }
}

/// What nodes need because of each other.
fn decide(planned: &mut [Planned], children: &[Vec<usize>], order: &[usize]) {
    let parents = order::parents(children);
    for &index in order {
        let needed_early = parents[index].iter().any(|&parent| planned[parent].load);
        let node = &planned[index];
        let grows = node.load && node.old_len() < node.node.table.len();
        let live = node.present.as_ref().is_some_and(|present| present.info.live_table);
        // A table is checked against the size of what it names, and some targets read it while they load.
        let early = needed_early && (node.is_new() || grows);
        let below = children[index].iter().any(|&child| planned[child].suspend);
        let held = node.node.hold == Hold::Always || below;
        let left_suspended = node.present.as_ref().is_some_and(|present| present.info.suspended);
        let node = &mut planned[index];
        // I/O that a parent has sent must not be caught below it: parents of what is suspended are, too.
        node.suspend = live && (held || (node.load && !early));
        node.early = early;
        node.resume = match (early, node.is_new()) {
            (false, true) => Resume::Last,
            (false, false) if node.load || left_suspended => Resume::InWindow,
            _ if node.suspend => Resume::InWindow,
            _ => Resume::Never,
        };
    }
}

fn in_order(planned: Vec<Planned>, order: &[usize]) -> Vec<Planned> {
    let mut slots: Vec<Option<Planned>> = planned.into_iter().map(Some).collect();
    order.iter().filter_map(|&index| slots[index].take()).collect()
}

/// Those to be renamed, each after the one that holds its new name. Two that change names with each other
/// cannot.
fn rename_order(planned: &[Planned], index: &Index<'_>) -> Result<Vec<usize>, TreeError> {
    let mut left: Vec<usize> = (0..planned.len()).filter(|&node| planned[node].renames()).collect();
    let mut freed: HashSet<DmName> = HashSet::new();
    let mut order = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let holder = |node: usize| {
            let name = &planned[node].node.name;
            index.named(name).filter(|_| !freed.contains(name))
        };
        let (ready, blocked): (Vec<usize>, Vec<usize>) =
            left.iter().copied().partition(|&node| holder(node).is_none());
        if let (true, Some(by)) = (ready.is_empty(), holder(left[0])) {
            return Err(TreeError::NameHeld { name: planned[left[0]].node.name.clone(), by: by.number });
        }
        freed.extend(ready.iter().map(|&node| planned[node].present_name().clone()));
        order.extend(ready);
        left = blocked;
    }
    Ok(order)
}

/// The devices to go, in levels from the top.
fn leaving(
    gone: &[Gone],
    index: &Index<'_>,
    present: &HashMap<DevNo, &Present>,
    planned: &[Planned],
) -> Result<Vec<Vec<Leaving>>, TreeError> {
    let mut numbers: HashMap<DevNo, usize> = HashMap::new();
    let mut leaving = Vec::new();
    for gone in gone {
        let Some(device) = index.by_key(&gone.key) else { continue };
        if numbers.insert(device.number, leaving.len()).is_some() {
            return Err(TreeError::Duplicate(gone.key.to_string()));
        }
        leaving.push(Leaving { gone: gone.clone(), name: device.name.clone(), number: device.number });
    }
    for node in planned {
        let own = node.present.as_ref().map(|present| present.info.number);
        let used = node.node.table.devices().filter_map(|device| match device {
            DevRef::Number(number) => Some(*number),
            DevRef::Node(name) => index.named(name).map(|device| device.number),
            DevRef::Path(_) | DevRef::Disk(_) => None,
        });
        if let Some(&at) = used.chain(own).find_map(|number| numbers.get(&number)) {
            let (gone, node) = (leaving[at].name.clone(), node.node.name.clone());
            return Err(TreeError::StillUsed { gone, node });
        }
    }
    let mut users = vec![Vec::new(); leaving.len()];
    for (user, device) in leaving.iter().enumerate() {
        let deps = present.get(&device.number).map_or(&[][..], |present| &present.deps);
        for below in deps.iter().filter_map(|number| numbers.get(number)) {
            users[*below].push(user);
        }
    }
    let mut slots: Vec<Option<Leaving>> = leaving.into_iter().map(Some).collect();
    let levels = order::top_down(&users);
    Ok(levels.into_iter().map(|level| level.iter().filter_map(|&at| slots[at].take()).collect()).collect())
}
