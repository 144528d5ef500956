//! Who stands on whom.

use super::{Node, TreeError};
use crate::{DevNo, DevRef, DmName};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

/// For each wanted node, the wanted nodes its table names, each once.
pub(super) fn children(nodes: &[Node], numbers: &HashMap<DevNo, usize>) -> Vec<Vec<usize>> {
    let by_name: HashMap<&DmName, usize> =
        nodes.iter().enumerate().map(|(index, node)| (&node.name, index)).collect();
    let child = |device: &DevRef| match device {
        DevRef::Node(name) => by_name.get(name).copied(),
        DevRef::Number(number) => numbers.get(number).copied(),
        DevRef::Path(_) | DevRef::Disk(_) => None,
    };
    nodes
        .iter()
        .map(|node| {
            let mut seen = HashSet::new();
            node.table.devices().filter_map(child).filter(|&index| seen.insert(index)).collect()
        })
        .collect()
}

/// The other way round.
pub(super) fn parents(children: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut parents = vec![Vec::new(); children.len()];
    for (parent, below) in children.iter().enumerate() {
        for &child in below {
            parents[child].push(parent);
        }
    }
    parents
}

/// Children before parents; among those that could come next, by priority and then as they were given.
pub(super) fn bottom_up(nodes: &[Node], children: &[Vec<usize>]) -> Result<Vec<usize>, TreeError> {
    let parents = parents(children);
    let mut waiting: Vec<usize> = children.iter().map(Vec::len).collect();
    let entry = |index: usize| Reverse((nodes[index].priority, index));
    let mut ready: BinaryHeap<_> = (0..nodes.len()).filter(|&index| waiting[index] == 0).map(entry).collect();
    let mut order = Vec::with_capacity(nodes.len());
    while let Some(Reverse((_, index))) = ready.pop() {
        order.push(index);
        for &parent in &parents[index] {
            waiting[parent] -= 1;
            if waiting[parent] == 0 {
                ready.push(entry(parent));
            }
        }
    }
    match waiting.iter().position(|&left| left > 0) {
        Some(stuck) => Err(TreeError::Cycle(nodes[stuck].name.clone())),
        None => Ok(order),
    }
}

/// Levels from the top: each device after all that use it. `users[i]` are the devices that use device `i`.
/// Devices that use each other in a circle, which the kernel does not allow, come last.
pub(super) fn top_down(users: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut waiting: Vec<usize> = users.iter().map(Vec::len).collect();
    let mut uses = vec![Vec::new(); users.len()];
    for (below, above) in users.iter().enumerate() {
        for &user in above {
            uses[user].push(below);
        }
    }
    let mut level: Vec<usize> = (0..users.len()).filter(|&index| waiting[index] == 0).collect();
    let (mut levels, mut placed) = (Vec::new(), 0);
    while !level.is_empty() {
        placed += level.len();
        let mut next = Vec::new();
        for &index in &level {
            for &below in &uses[index] {
                waiting[below] -= 1;
                if waiting[below] == 0 {
                    next.push(below);
                }
            }
        }
        levels.push(std::mem::replace(&mut level, next));
    }
    if placed < users.len() {
        levels.push((0..users.len()).filter(|&index| waiting[index] > 0).collect());
    }
    levels
}
