//! What configuration files make of names that occur twice.

use std::collections::HashMap;

use crate::tree::{Body, Node, Section, Str};

impl<'a> Section<'a> {
    /// One node per name: sections of one name become one, in the place of the first; of two values the
    /// later stands (in the place of the first). Returns the paths of values that were overridden.
    ///
    /// A name that is a value here and a section there becomes what it was last.
    pub fn merged(self) -> (Self, Vec<String>) {
        let mut overridden = Vec::new();
        let section = merge(self, "", &mut overridden);
        (section, overridden)
    }
}

fn merge<'a>(section: Section<'a>, path: &str, overridden: &mut Vec<String>) -> Section<'a> {
    let mut places: HashMap<Str<'a>, usize> = HashMap::with_capacity(section.nodes().len());
    // Each name once, a section's nodes beside it, so that many small sections of one name cost no more
    // than one large one.
    let mut merged: Vec<(Node<'a>, Vec<Node<'a>>)> = Vec::with_capacity(section.nodes().len());
    for mut node in section.into_nodes() {
        let inner = match &mut node.body {
            Body::Section(inner) => std::mem::take(inner).into_nodes(),
            Body::Value(_) => Vec::new(),
        };
        let Some(&place) = places.get(&node.key) else {
            places.insert(node.key.clone(), merged.len());
            merged.push((node, inner));
            continue;
        };
        let (earlier, nodes) = &mut merged[place];
        if earlier.as_section().is_some() && node.as_section().is_some() {
            nodes.extend(inner);
        } else {
            overridden.push(format!("{path}{}", node.key));
            *nodes = inner;
        }
        *earlier = node;
    }
    let finish = |(mut node, nodes): (Node<'a>, Vec<Node<'a>>)| {
        let path = format!("{path}{}/", node.key);
        if let Body::Section(inner) = &mut node.body {
            *inner = merge(Section::from(nodes), &path, overridden);
        }
        node
    };
    Section::from(merged.into_iter().map(finish).collect::<Vec<_>>())
}
