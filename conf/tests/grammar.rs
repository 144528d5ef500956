//! What is in the grammar, what is not, and what is made of it. Facts: LVM2's libdm/libdm-config.c.

use conf::{
    Body, ConfError, Fault, Limits, REPAIRED_CREATION_TIME, Spacing, Tree, Value, parse, parse_within,
};

fn read(text: &str) -> Tree<'_> {
    parse(text.as_bytes()).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

fn value<'a>(text: &'a str, path: &str) -> Value<'a> {
    read(text).root.find(path).and_then(|node| node.as_value().cloned()).expect(path)
}

fn fault(text: &str) -> Fault {
    parse(text.as_bytes()).expect_err(text).what
}

fn strings(value: &Value<'_>) -> Vec<String> {
    value.items().iter().map(|item| item.str().unwrap().to_string()).collect()
}

#[test]
fn sections_and_values_of_every_kind_are_read() {
    let text = "a { b = 1 c { d = \"x\" e = 'y\\' } f = [1, \"two\", 3.5,] g = [] h=yes # note\n} i = 0.25";
    assert_eq!(value(text, "a/b"), Value::Int(1));
    assert_eq!(value(text, "a/c/d").str().unwrap(), &"x");
    assert_eq!(value(text, "a/c/e").str().unwrap(), &"y\\");
    assert_eq!(value(text, "a/f").items().len(), 3);
    assert_eq!(value(text, "a/g"), Value::Array(Box::default()));
    assert_eq!(value(text, "a/h").str().unwrap(), &"yes");
    assert_eq!(value(text, "i"), Value::Float(0.25));
    assert_eq!(read(text).comments[0].text, "# note");
}

#[test]
fn numbers_are_those_of_strtoll_and_strtod() {
    for (text, number) in [
        ("0", 0),
        ("+5", 5),
        ("-1", -1),
        ("0177", 127),
        ("-010", -8),
        ("9223372036854775807", i64::MAX),
        ("-9223372036854775808", i64::MIN),
    ] {
        assert_eq!(value(&format!("a={text}"), "a"), Value::Int(number), "{text}");
    }
    for (text, number) in [(".5", 0.5), ("-2.", -2.0), (".", 0.0), ("+.25", 0.25)] {
        assert_eq!(value(&format!("a={text}"), "a"), Value::Float(number), "{text}");
    }
    for text in ["-", "+", "08", "9223372036854775808", "01777777777777777777777"] {
        assert_eq!(fault(&format!("a={text}")), Fault::BadInt { digits: text.into() });
    }
    let huge = format!("{}.0", "9".repeat(400));
    assert_eq!(fault(&format!("a={huge}")), Fault::BadFloat { digits: huge });
    // Hexadecimal digits and exponents are no part of a number token.
    assert!(matches!(fault("a=0x10"), Fault::ExpectedAssignment { .. }));
    assert!(matches!(fault("a=1.5e3"), Fault::ExpectedAssignment { .. }));
}

#[test]
fn an_unreadable_creation_time_is_repaired_and_reported() {
    let tree = read("creation_time = 18446744073709551615");
    assert_eq!(tree.root.value("creation_time"), Some(&Value::Int(REPAIRED_CREATION_TIME)));
    assert_eq!(tree.oddities.len(), 1);
    assert!(matches!(fault("other = 18446744073709551615"), Fault::BadInt { .. }));
}

#[test]
fn escapes_are_those_of_quote_and_backslash_only() {
    assert_eq!(value(r#"a="\"\\\n\\\"""#, "a").str().unwrap(), &r#""\\n\""#);
    assert_eq!(value(r"a='\\'", "a").str().unwrap(), &r"\\");
    assert_eq!(value("a=\"two\nlines\"", "a").str().unwrap(), &"two\nlines");
    assert_eq!(
        parse(b"a=\"\xff\xfe\"").unwrap().root.value("a").unwrap().str().unwrap().as_bytes(),
        b"\xff\xfe"
    );
}

#[test]
fn paths_and_quoted_names_name_sections() {
    let text = "devices/filter = [ 'a' ] /global//units=\"h\" \"activation/x y\" { z = 1 } 'q' = 2";
    assert_eq!(strings(&value(text, "devices/filter")), ["a"]);
    assert_eq!(value(text, "global/units").str().unwrap(), &"h");
    assert_eq!(value(text, "activation/x y/z"), Value::Int(1));
    assert_eq!(value(text, "q"), Value::Int(2));
    assert_eq!(fault("\"\" = 1"), Fault::EmptyName);
    assert_eq!(fault("a/ = 1"), Fault::EmptyName);
    assert_eq!(fault("/ { }"), Fault::EmptyName);
}

#[test]
fn bare_words_are_values_and_take_brackets_and_commas_with_them() {
    assert_eq!(value("a=@tag b=1", "a").str().unwrap(), &"@tag");
    assert_eq!(strings(&value("a=[ @one ]", "a")), ["@one"]);
    assert_eq!(fault("a=[@one]"), Fault::UnclosedArray);
    // After a comma a word is a value again; without the comma only quotes make one.
    assert_eq!(strings(&value("a=[ \"b\" \"c\" ]", "a")), ["b", "c"]);
    assert_eq!(fault("a=[ 1 2 ]"), Fault::ExpectedValue);
    assert_eq!(fault("a=[,]"), Fault::ExpectedValue);
    assert_eq!(fault("a=[1,,2]"), Fault::ExpectedValue);
}

#[test]
fn a_nul_ends_the_text_outside_strings() {
    let tree = parse(b"a = 1\n\0 } garbage").unwrap();
    assert_eq!(tree.root.nodes().len(), 1);
    assert_eq!(parse(b"a = \"x\0y\"").unwrap_err().what, Fault::UnterminatedString);
    assert_eq!(parse(b"# x\0\n }").unwrap().root.nodes().len(), 0);
    assert_eq!(parse(b"").unwrap(), Tree::default());
}

#[test]
fn faults_say_where_and_what() {
    for (text, line, column, what) in [
        ("a {\n  b 1\n}", 2, 5, Fault::ExpectedAssignment { name: "b".into() }),
        ("a { b = }", 1, 9, Fault::ExpectedValue),
        ("a = 1\n}", 2, 1, Fault::ExpectedName),
        ("a = 1\n\n= 2", 3, 1, Fault::ExpectedName),
        ("x { a {\n", 1, 5, Fault::UnclosedSection { name: "a".into() }),
        ("a = \"b", 1, 5, Fault::UnterminatedString),
        ("a = \"b\\", 1, 5, Fault::UnterminatedString),
        ("a = 'b", 1, 5, Fault::UnterminatedString),
        ("a = [ 1,\n", 1, 5, Fault::UnclosedArray),
        ("a", 1, 2, Fault::ExpectedAssignment { name: "a".into() }),
    ] {
        let ConfError { line: l, column: c, what: w, .. } = parse(text.as_bytes()).expect_err(text);
        assert_eq!((l, c, w), (line, column, what), "{text:?}");
    }
    let shown = parse(b"a {\n b 1\n}").unwrap_err().to_string();
    assert_eq!(shown, "line 2, column 4: expected '=' or '{' after 'b'");
}

#[test]
fn limits_hold_for_depth_length_and_number() {
    let deep = |n: usize| format!("{}{}", "a{".repeat(n), "}".repeat(n));
    assert!(parse(deep(64).as_bytes()).is_ok());
    assert_eq!(fault(&deep(65)), Fault::TooDeep { limit: 64 });
    assert_eq!(fault(&"a{".repeat(1_000)), Fault::TooDeep { limit: 64 });
    assert_eq!(fault(&format!("{}b=1", "a/".repeat(64))), Fault::TooDeep { limit: 64 });
    let few = Limits { bytes: 20, depth: 2, items: 3, name: 4 };
    assert_eq!(parse_within(b"a=[1,2]", few).map(|t| t.root.nodes().len()), Ok(1));
    assert_eq!(parse_within(b"a=[1,2,3]", few).unwrap_err().what, Fault::TooMany { limit: 3 });
    assert_eq!(parse_within(b"#\n#\n#\n#", few).unwrap_err().what, Fault::TooMany { limit: 3 });
    assert_eq!(parse_within(b"abcde=1", few).unwrap_err().what, Fault::LongName { bytes: 5, limit: 4 });
    let long = vec![b' '; 21];
    assert_eq!(parse_within(&long, few).unwrap_err().what, Fault::TooLong { bytes: 21, limit: 20 });
}

#[test]
fn large_hostile_texts_end_in_an_error() {
    let mebibyte = |unit: &str| unit.repeat((1 << 20) / unit.len());
    let limits = Limits { items: 1 << 16, ..Limits::default() };
    let fault = |text: &str| parse_within(text.as_bytes(), limits).expect_err("hostile").what;
    assert_eq!(fault(&mebibyte("\"")), Fault::EmptyName);
    assert_eq!(fault(&mebibyte("a{")), Fault::TooDeep { limit: 64 });
    assert_eq!(fault(&mebibyte("}")), Fault::ExpectedName);
    assert_eq!(fault(&mebibyte("#\n")), Fault::TooMany { limit: 1 << 16 });
    assert_eq!(fault(&mebibyte("a=1 ")), Fault::TooMany { limit: 1 << 16 });
    assert_eq!(fault(&format!("a=[{}", mebibyte("1,"))), Fault::TooMany { limit: 1 << 16 });
    assert_eq!(fault(&format!("a=\"{}", mebibyte("\\\""))), Fault::UnterminatedString);
    assert!(matches!(fault(&" ".repeat(100 << 20)), Fault::TooLong { .. }));
}

#[test]
fn equal_names_stay_apart_until_merged() {
    let tree = read("a { x = 1 y = 1 } b = 1 a { y = 2 z { p = 1 } } a/z/q = 2 b = 2");
    assert_eq!(tree.root.nodes().len(), 5);
    assert_eq!(tree.root.find("a/y").unwrap().as_value(), Some(&Value::Int(1)));
    let (merged, overridden) = tree.root.merged();
    let text = String::from_utf8(merged.to_text(Spacing::Tight)).unwrap();
    assert_eq!(text, "a {\n\tx=1\n\ty=2\n\tz {\n\t\tp=1\n\t\tq=2\n\t}\n}\nb=2\n");
    assert_eq!(overridden, ["b", "a/y"]);
}

#[test]
fn spans_cover_the_node_and_nothing_else() {
    let text = "  a { b = [ 1 ] } # c\n";
    let tree = read(text);
    let node = &tree.root.nodes()[0];
    assert_eq!(&text[node.span.start as usize..node.span.end as usize], "a { b = [ 1 ] }");
    let Body::Section(inner) = &node.body else { panic!("a section") };
    let inner = &inner.nodes()[0];
    assert_eq!(&text[inner.span.start as usize..inner.span.end as usize], "b = [ 1 ]");
    assert_eq!(tree.trailing_comment(node).unwrap().text, "# c");
    assert_eq!(tree.trailing_comment(inner), None);
}

#[test]
fn wide_and_tight_print_as_lvmconfig_does() {
    let tree = read("a { b=[1,'x'] c=[] d=1.5 'e#f' { } }");
    let text = |spacing| String::from_utf8(tree.root.to_text(spacing)).unwrap();
    assert_eq!(text(Spacing::Tight), "a {\n\tb=[1,\"x\"]\n\tc=[]\n\td=1.500000\n\t\"e#f\" {\n\t}\n}\n");
    assert_eq!(
        text(Spacing::Wide),
        "a {\n\tb = [ 1, \"x\" ]\n\tc = [ ]\n\td = 1.500000\n\t\"e#f\" {\n\t}\n}\n"
    );
}
