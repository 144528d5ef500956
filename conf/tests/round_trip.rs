//! Whatever tree there is, its text reads back as that tree; whatever bytes there are, reading ends with a
//! tree or an error.

use conf::settings::{Layer, Origin};
use conf::{Body, Node, Section, Spacing, Span, Str, Style, Value, Writer, parse};
use proptest::prelude::*;

const VG_TEXT: &[u8] = include_bytes!("data/file.vg");

fn name() -> impl Strategy<Value = Str<'static>> {
    // A slash would make it a path, a NUL would end the text.
    let any = prop::collection::vec(any::<u8>().prop_filter("", |b| !matches!(b, 0 | b'/')), 1..12);
    prop_oneof![
        "[a-z_][a-z0-9_.+-]{0,12}".prop_map(Str::from),
        "[#\"'!=\\[\\]{},@ \\\\a-z0-9.-]{1,6}".prop_map(Str::from),
        any.prop_map(Str::from)
    ]
}

fn scalar() -> impl Strategy<Value = Value<'static>> {
    let bytes = prop::collection::vec(1u8.., 0..20).prop_map(|bytes| Value::Str(bytes.into()));
    prop_oneof![
        any::<i64>().prop_map(Value::Int),
        // Six decimals are printed.
        (-1_000_000i32..1_000_000).prop_map(|n| Value::Float(f64::from(n) / 64.0)),
        "[\"\\\\ a-z#{}]{0,12}".prop_map(|text| Value::Str(text.into())),
        bytes
    ]
}

fn value() -> impl Strategy<Value = Value<'static>> {
    let array = prop::collection::vec(scalar(), 0..6).prop_map(|items| Value::Array(items.into()));
    prop_oneof![3 => scalar(), 1 => array]
}

fn section() -> impl Strategy<Value = Section<'static>> {
    let leaf = (name(), value()).prop_map(|(key, value)| Node::value(key, value));
    let nodes = leaf.prop_recursive(5, 64, 8, |inner| {
        let section = prop::collection::vec(inner, 0..8).prop_map(Section::from);
        (name(), section).prop_map(|(key, section)| Node::section(key, section))
    });
    prop::collection::vec(nodes, 0..8).prop_map(Section::from)
}

fn without_spans(mut section: Section<'_>) -> Section<'_> {
    for node in section.nodes_mut() {
        node.span = Span::default();
        if let Body::Section(inner) = &mut node.body {
            *inner = without_spans(std::mem::take(inner));
        }
    }
    section
}

proptest! {
    #[test]
    fn a_tree_survives_its_text(section in section(), wide in any::<bool>()) {
        let text = section.to_text(if wide { Spacing::Wide } else { Spacing::Tight });
        let read = parse(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(without_spans(read.root), section);
    }

    #[test]
    fn a_merged_tree_has_each_name_once_and_stays_as_it_is(section in section()) {
        let (merged, _) = section.merged();
        let (again, overridden) = merged.clone().merged();
        prop_assert_eq!(overridden, Vec::<String>::new());
        prop_assert_eq!(again, merged);
    }

    #[test]
    fn a_written_line_reads_back(key in "[a-z_]{1,40}", value in value(), note in "# [a-z]{0,9}") {
        for style in [Style::Disk, Style::File] {
            let mut w = Writer::new(style);
            w.begin("vg");
            w.key(&key).note(&note).value(&value);
            w.key("after").comment(&note).int(1);
            w.end();
            let text = w.finish();
            let tree = parse(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
            let vg = tree.root.section("vg").unwrap();
            prop_assert_eq!(vg.nodes()[0].as_value(), Some(&value));
            prop_assert_eq!(tree.trailing_comment(&vg.nodes()[1]).unwrap().text.to_string(), note.as_str());
            prop_assert_eq!(tree.trailing_comment(&vg.nodes()[0]).is_some(), style == Style::File);
        }
    }

    #[test]
    fn any_bytes_end_in_a_tree_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_all(&bytes);
    }

    #[test]
    fn any_heap_of_tokens_ends_in_a_tree_or_an_error(
        text in prop::collection::vec(
            prop::sample::select(vec!["a", "b/c", "{", "}", "=", "[", "]", ",", "\"", "'", "\\", "#", "\n", " ", "1", ".", "-", "0", "\0"]),
            0..60,
        )
    ) {
        read_all(text.concat().as_bytes());
    }

    #[test]
    fn a_damaged_vg_text_ends_in_a_tree_or_an_error(
        damage in prop::collection::vec((0..VG_TEXT.len(), any::<u8>(), 0u8..4), 1..6)
    ) {
        read_all(&damaged(&damage));
    }
}

/// A VG text with bytes changed, put in, taken out, or cut off at a place.
fn damaged(damage: &[(usize, u8, u8)]) -> Vec<u8> {
    let mut text = VG_TEXT.to_vec();
    for &(place, byte, kind) in damage {
        let place = place.min(text.len().saturating_sub(1));
        match kind {
            0 if !text.is_empty() => text[place] = byte,
            1 => text.insert(place, byte),
            2 if !text.is_empty() => drop(text.remove(place)),
            _ => text.truncate(place),
        }
    }
    text
}

/// Reads as VG text and as settings; what was read is written and read again.
fn read_all(bytes: &[u8]) {
    let _ = Layer::read(Origin::CommandLine, bytes);
    match parse(bytes) {
        Ok(tree) => {
            let text = tree.root.to_text(Spacing::Tight);
            let again = parse(&text).expect("what was printed is in the grammar");
            assert_eq!(again.root.to_text(Spacing::Tight), text);
            let offsets: Vec<u32> = tree.comments.iter().map(|comment| comment.offset).collect();
            assert!(offsets.is_sorted());
        }
        Err(error) => {
            assert!(error.offset <= bytes.len() && error.line >= 1 && error.column >= 1);
            assert!(!error.to_string().is_empty());
        }
    }
}
