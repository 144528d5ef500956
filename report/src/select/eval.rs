//! Whether a row meets a selection.

use super::parse::{Node, Operator, Test, Wanted};
use crate::field::{self, FieldId};
use crate::value::{Type, Value, amount, list_items};

pub(super) fn matches(node: &Node, value: &dyn Fn(FieldId) -> Value) -> bool {
    match node {
        Node::Everything => true,
        Node::Not(inner) => !matches(inner, value),
        Node::All(nodes) => nodes.iter().all(|node| matches(node, value)),
        Node::Any(nodes) => nodes.iter().any(|node| matches(node, value)),
        Node::Test(test) => meets(test, &value(test.field)),
    }
}

fn meets(test: &Test, value: &Value) -> bool {
    // What has no percentage is neither equal nor unequal to one.
    if field::all()[test.field].value_type == Type::Percent && amount(value).is_infinite() {
        return false;
    }
    compare(test, value) != test.negated
}

fn compare(test: &Test, value: &Value) -> bool {
    match &test.wanted {
        Wanted::Text(text) => shown(value) == text,
        Wanted::Regex(regex) => regex.is_match(shown(value)),
        Wanted::List(list) => list.matches(&list_items(value)),
        Wanted::Nothing => amount(value).is_infinite() && test.operator == Operator::Equal,
        Wanted::Number(number) => ordered(test.operator, amount(value), *number, *number),
        Wanted::Time(span) => ordered(test.operator, amount(value), span.first as f64, span.last as f64),
    }
}

/// Compares with a range. What has no value is only equal to what has none.
fn ordered(operator: Operator, is: f64, first: f64, last: f64) -> bool {
    if is.is_infinite() {
        return false;
    }
    let equal = |a: f64, b: f64| (a - b).abs() < 1e-9;
    match operator {
        Operator::Equal => (is > first || equal(is, first)) && (is < last || equal(is, last)),
        Operator::Less => is < first && !equal(is, first),
        Operator::LessEqual => is < last || equal(is, last),
        Operator::Greater => is > last && !equal(is, last),
        Operator::GreaterEqual => is > first || equal(is, first),
        Operator::Match => false,
    }
}

/// A text as selections see it: a hidden LV's name without its brackets.
fn shown(value: &Value) -> &str {
    match value {
        Value::Text(text) => text,
        Value::Marked(marked) => &marked.name,
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use crate::field::{self, Kind};
    use crate::select::Selection;
    use crate::value::Value;
    use units::Sectors;

    fn selects(selection: &str) -> bool {
        Selection::parse(selection, Kind::Lv).unwrap().matches_with(&|id| match field::all()[id].name {
            "lv_name" => Value::text("root"),
            "lv_size" => Value::Size(Sectors::new(2048 * 1024)),
            "lv_tags" => Value::set(["a".to_owned(), "b".to_owned()]),
            "lv_active" => Value::Binary(true, "active"),
            "data_percent" => Value::Empty,
            _ => Value::Empty,
        })
    }

    #[test]
    fn fields_are_compared_by_their_type() {
        assert!(selects("lv_name=root"));
        assert!(selects("name =~ ^ro && size >= 1g"));
        assert!(!selects("lv_name != root || size > 1g"));
        assert!(selects("size=1024"));
        assert!(selects("lv_active=active"));
        assert!(selects("!(lv_active=0)"));
        assert!(!selects("data_percent > 5"));
        assert!(selects("(lv_name=x || lv_name=\"root\") && tags={a}"));
    }

    #[test]
    fn lists_match_wholly_partly_or_by_any() {
        assert!(selects("lv_tags=[a,b]"));
        assert!(!selects("lv_tags=[a]"));
        assert!(selects("lv_tags=a"));
        assert!(selects("lv_tags={a}"));
        assert!(selects("lv_tags={a||x}"));
        assert!(selects("lv_tags=[a||b||c]"));
        assert!(!selects("lv_tags={a,x}"));
    }

    #[test]
    fn nonsense_is_an_error() {
        for text in
            ["nosuch=1", "lv_name", "lv_name=", "lv_size=abc", "(lv_name=x", "lv_size=~x", "lv_name>3", "&&"]
        {
            let parsed = Selection::parse(text, Kind::Lv);
            assert!(parsed.is_err() || text == "lv_name=", "{text}");
        }
        assert!(Selection::parse(&"(".repeat(100_000), Kind::Lv).is_err());
    }
}
