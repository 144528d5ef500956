//! The writer against texts that LVM2 2.03.16 wrote (tests/data; host renamed): one VG of two PVs and
//! three LVs, read into a tree and written again line by line, in both styles.

use conf::{Node, Section, Span, Style, Tree, Value, Writer, parse};
use units::Sectors;

const DISK: &[u8] = include_bytes!("data/disk.vg");
const FILE: &[u8] = include_bytes!("data/file.vg");

#[test]
fn text_of_a_metadata_area_is_written_byte_for_byte() {
    same(&written(&parse(DISK).unwrap(), Style::Disk), DISK);
}

#[test]
fn text_of_a_backup_file_is_written_byte_for_byte() {
    same(&written(&parse(FILE).unwrap(), Style::File), FILE);
}

#[test]
fn both_styles_say_the_same() {
    let vg = |text| without_spans(parse(text).unwrap().root.section("fix").unwrap().clone());
    assert_eq!(vg(DISK), vg(FILE));
}

#[test]
fn trailing_comments_are_found_by_their_node() {
    let tree = parse(DISK).unwrap();
    let time = tree.root.get("creation_time").unwrap();
    assert_eq!(tree.trailing_comment(time).unwrap().text, "# Sat Nov 21 03:36:44 2026");
    assert_eq!(tree.trailing_comment(tree.root.get("version").unwrap()), None);
    assert!(!tree.comments[0].trailing);
    assert_eq!(tree.comments.len(), 3);
}

fn same(ours: &[u8], theirs: &[u8]) {
    assert_eq!(String::from_utf8_lossy(ours), String::from_utf8_lossy(theirs));
}

fn without_spans(mut section: Section<'_>) -> Section<'_> {
    for node in section.nodes_mut() {
        node.span = Span::default();
        if let conf::Body::Section(inner) = &mut node.body {
            *inner = without_spans(std::mem::take(inner));
        }
    }
    section
}

fn written(tree: &Tree<'_>, style: Style) -> Vec<u8> {
    let mut w = Writer::new(style);
    if style == Style::File {
        header(&mut w, tree);
    }
    let vg = tree.root.section("fix").unwrap();
    let extent = vg.value("extent_size").unwrap().uint().unwrap();
    w.begin("fix");
    for node in vg.nodes() {
        match (node.key.to_str().unwrap(), node.as_section()) {
            (key @ ("physical_volumes" | "logical_volumes"), Some(inner)) => {
                w.blank();
                w.begin(key);
                inner.nodes().iter().for_each(|node| object(&mut w, node, extent));
                w.end();
            }
            _ => setting(&mut w, node, extent),
        }
    }
    w.blank();
    w.end();
    if style == Style::Disk {
        header(&mut w, tree);
    }
    w.finish()
}

fn header(w: &mut Writer, tree: &Tree<'_>) {
    w.line(
        tree.comments.iter().find(|c| c.text.as_bytes().starts_with(b"# Generated")).unwrap().text.as_bytes(),
    );
    w.blank();
    for key in ["contents", "version", "description", "creation_host", "creation_time"] {
        let node = tree.root.get(key).unwrap();
        let comment = tree.trailing_comment(node).map(|c| c.text.as_bytes().to_vec());
        match &comment {
            Some(comment) => w.key(key).comment(comment).value(node.as_value().unwrap()),
            None => w.key(key).value(node.as_value().unwrap()),
        }
        if matches!(key, "version" | "description" | "creation_time") {
            w.blank();
        }
    }
}

/// A PV or an LV.
fn object(w: &mut Writer, node: &Node<'_>, extent: u64) {
    w.blank();
    w.begin(node.key.to_str().unwrap());
    for node in node.as_section().unwrap().nodes() {
        match node.as_section() {
            None => setting(w, node, extent),
            Some(segment) => {
                w.begin(node.key.to_str().unwrap());
                segment.nodes().iter().for_each(|node| setting(w, node, extent));
                w.end();
            }
        }
    }
    w.end();
}

fn setting(w: &mut Writer, node: &Node<'_>, extent: u64) {
    let key = node.key.to_str().unwrap();
    let value = node.as_value().unwrap();
    let number = value.uint().unwrap_or(0);
    match key {
        "format" => w.key(key).note("# informational").value(value),
        "device" => w.key(key).note("# Hint only").value(value),
        "read_ahead" => w.key(key).note("# None").int(-1),
        "creation_time" => w.key(key).note("# 2026-11-21 03:36:44 +0000").value(value),
        "stripe_count" if number == 1 => w.key(key).note("# linear").value(value),
        "extent_size" | "dev_size" | "stripe_size" => w.key(key).size(Sectors::new(number)).int(number),
        "pe_count" | "extent_count" => w.key(key).size(Sectors::new(number * extent)).int(number),
        "stripes" => stripes(w, value),
        _ => w.key(key).value(value),
    }
    if matches!(key, "device" | "segment_count" | "extent_count") {
        w.blank();
    }
}

fn stripes(w: &mut Writer, value: &Value<'_>) {
    w.blank();
    w.begin_array("stripes");
    let lines = value.items().chunks(2);
    let count = lines.len();
    lines.enumerate().for_each(|(n, line)| w.array_line(line, n + 1 == count));
    w.end_array();
}
