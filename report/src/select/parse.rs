//! The selection grammar, LVM2's (2.03.40: libdm-report.c, _parse_or_ex and below):
//! `or := and (('||'|'#') and)*`, `and := item (('&&'|',') item)*`,
//! `item := '!' '(' or ')' | '(' or ')' | field operator value`.

use super::SelectError;
use super::list::{Item, List};
use super::regular::regex;
use super::time::{self, Span};
use super::words::{Meaning, meaning};
use crate::field::{self, Field, FieldId, Kind};
use crate::value::Type;
use chrono::Local;
use regex::Regex;

/// How deep parentheses may nest.
const MAX_DEPTH: usize = 200;

#[derive(Debug)]
pub(super) enum Node {
    Everything,
    Not(Box<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
    Test(Test),
}

/// One comparison.
#[derive(Debug)]
pub(super) struct Test {
    pub(super) field: FieldId,
    pub(super) operator: Operator,
    /// `!=` and `!~`.
    pub(super) negated: bool,
    pub(super) wanted: Wanted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    Match,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

#[derive(Debug)]
pub(super) enum Wanted {
    Text(String),
    Number(f64),
    /// No value at all.
    Nothing,
    Time(Span),
    Regex(Regex),
    List(List),
}

impl Node {
    pub(super) fn fields(&self, each: &mut dyn FnMut(FieldId)) {
        match self {
            Self::Everything => (),
            Self::Not(inner) => inner.fields(each),
            Self::All(nodes) | Self::Any(nodes) => nodes.iter().for_each(|node| node.fields(each)),
            Self::Test(test) => each(test.field),
        }
    }
}

struct Parser<'t> {
    rest: &'t str,
    base: Kind,
    depth: usize,
}

pub(super) fn parse(text: &str, base: Kind) -> Result<Node, SelectError> {
    if text.is_empty() || text.eq_ignore_ascii_case("all") {
        return Ok(Node::Everything);
    }
    let mut parser = Parser { rest: text, base, depth: 0 };
    let node = parser.or()?;
    parser.skip();
    if parser.rest.is_empty() { Ok(node) } else { Err(SelectError::NoLogic(parser.rest.to_owned())) }
}

impl<'t> Parser<'t> {
    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn eat(&mut self, tokens: &[&str]) -> bool {
        let rest = self.rest.trim_start();
        let after = tokens.iter().find_map(|token| rest.strip_prefix(token));
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn or(&mut self) -> Result<Node, SelectError> {
        let mut nodes = vec![self.and()?];
        while self.eat(&["||", "#"]) {
            nodes.push(self.and()?);
        }
        Ok(if nodes.len() == 1 { nodes.remove(0) } else { Node::Any(nodes) })
    }

    fn and(&mut self) -> Result<Node, SelectError> {
        let mut nodes = vec![self.item()?];
        while self.eat(&["&&", ","]) {
            nodes.push(self.item()?);
        }
        Ok(if nodes.len() == 1 { nodes.remove(0) } else { Node::All(nodes) })
    }

    fn item(&mut self) -> Result<Node, SelectError> {
        if self.eat(&["!"]) {
            return Ok(Node::Not(Box::new(self.parenthesis()?)));
        }
        if self.rest.trim_start().starts_with('(') {
            return self.parenthesis();
        }
        self.test()
    }

    fn parenthesis(&mut self) -> Result<Node, SelectError> {
        let missing = |which, rest: &str| SelectError::Parenthesis { which, at: rest.to_owned() };
        if !self.eat(&["("]) {
            return Err(missing("left", self.rest));
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(SelectError::Depth);
        }
        let inner = self.or()?;
        self.depth -= 1;
        if self.eat(&[")"]) { Ok(inner) } else { Err(missing("right", self.rest)) }
    }

    fn test(&mut self) -> Result<Node, SelectError> {
        self.skip();
        let part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let end = self.rest.find(|c: char| !part(c)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        if name.is_empty() {
            return Err(SelectError::NoField);
        }
        let unknown = || SelectError::UnknownField(name.to_owned());
        let id = field::find(name, self.base).ok_or_else(unknown)?;
        let field = &field::all()[id];
        self.rest = rest;
        let (operator, negated) = self.operator(field)?;
        self.skip();
        let wanted = self.wanted(field, operator)?;
        Ok(Node::Test(Test { field: id, operator, negated, wanted }))
    }

    fn operator(&mut self, field: &'static Field) -> Result<(Operator, bool), SelectError> {
        const OPERATORS: [(&str, Operator, bool); 12] = [
            ("=~", Operator::Match, false),
            ("!~", Operator::Match, true),
            ("=", Operator::Equal, false),
            ("!=", Operator::Equal, true),
            (">=", Operator::GreaterEqual, false),
            (">", Operator::Greater, false),
            ("<=", Operator::LessEqual, false),
            ("<", Operator::Less, false),
            ("since", Operator::GreaterEqual, false),
            ("after", Operator::Greater, false),
            ("until", Operator::LessEqual, false),
            ("before", Operator::Less, false),
        ];
        self.skip();
        let found = OPERATORS.iter().find(|row| self.rest.starts_with(row.0));
        let Some(&(spelled, operator, negated)) = found else {
            return Err(SelectError::Operator(self.rest.to_owned()));
        };
        self.rest = &self.rest[spelled.len()..];
        let word = spelled.starts_with(|c: char| c.is_ascii_alphabetic());
        let (fits, fitting) = match (operator, field.value_type) {
            (Operator::Equal, _) => (true, ""),
            (Operator::Match, kind) => (matches!(kind, Type::Text | Type::List), "string or string list"),
            (_, kind) if word => (kind == Type::Time, "time"),
            (_, kind) => (!matches!(kind, Type::Text | Type::List), "number, size, time or percent"),
        };
        if fits {
            Ok((operator, negated))
        } else {
            Err(SelectError::WrongOperator { operator: spelled, fitting, field: field.name })
        }
    }

    fn wanted(&mut self, field: &'static Field, operator: Operator) -> Result<Wanted, SelectError> {
        if operator == Operator::Match {
            return match field.value_type {
                Type::List => self.list(field, true).map(Wanted::List),
                _ => self.pattern(field).map(Wanted::Regex),
            };
        }
        if field.value_type != Type::List
            && let Some(found) = self.word(field)
        {
            return Ok(found);
        }
        match field.value_type {
            Type::Text => self.string(field).map(|text| Wanted::Text(text.to_owned())),
            Type::List => self.list(field, false).map(Wanted::List),
            Type::Time => self.time(field),
            Type::Number | Type::Binary | Type::Size | Type::Percent => {
                self.number(field).map(Wanted::Number)
            }
        }
    }

    /// A word that means something in the place of a value.
    fn word(&mut self, field: &'static Field) -> Option<Wanted> {
        let before = self.rest;
        let found = self.string(field).ok().and_then(|word| meaning(field.name, field.value_type, word));
        if found.is_none() {
            self.rest = before;
        }
        Some(match found? {
            Meaning::Number(number) => Wanted::Number(number),
            Meaning::Nothing => Wanted::Nothing,
            Meaning::Text(text) => Wanted::Text(text.to_owned()),
        })
    }

    fn wrong(&self, field: &'static Field) -> SelectError {
        let value_type = match field.value_type {
            Type::Number | Type::Binary | Type::Size | Type::Percent => "numeric",
            other => other.name(),
        };
        SelectError::Value { at: self.rest.to_owned(), value_type, field: field.name }
    }

    /// A string in quotes, or up to a blank or an operator.
    fn string(&mut self, field: &'static Field) -> Result<&'t str, SelectError> {
        match self.rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            Some(quote) => self.quoted(1, quote, field),
            None => Ok(self.unquoted(&["&&", ",", "||", "#", ")"])),
        }
    }

    fn quoted(&mut self, skip: usize, quote: char, field: &'static Field) -> Result<&'t str, SelectError> {
        let inner = &self.rest[skip..];
        let end = inner.find(quote).ok_or_else(|| self.wrong(field))?;
        self.rest = &inner[end + quote.len_utf8()..];
        Ok(&inner[..end])
    }

    fn unquoted(&mut self, stops: &[&str]) -> &'t str {
        let text = self.rest;
        let stop =
            |&(at, c): &(usize, char)| c == ' ' || stops.iter().any(|stop| text[at..].starts_with(stop));
        let end = text.char_indices().find(stop).map_or(text.len(), |(at, _)| at);
        self.rest = &text[end..];
        &text[..end]
    }

    fn pattern(&mut self, field: &'static Field) -> Result<Regex, SelectError> {
        let close = match self.rest.chars().next() {
            None => return Err(self.wrong(field)),
            Some('(') => Some(')'),
            Some('{') => Some('}'),
            Some('[') => Some(']'),
            Some(quote @ ('"' | '\'')) => Some(quote),
            Some(_) => None,
        };
        let pattern = match close {
            Some(close) => self.quoted(1, close, field)?,
            None => self.unquoted(&["&&", ",", "||", "#", ")"]),
        };
        regex(pattern)
    }

    fn number(&mut self, field: &'static Field) -> Result<f64, SelectError> {
        let mut points = 0;
        let end = self.rest.find(|c: char| {
            points += usize::from(c == '.');
            !(c.is_ascii_digit() || (c == '.' && points == 1))
        });
        let (digits, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        if digits.is_empty() {
            return Err(self.wrong(field));
        }
        let percent = rest.strip_prefix('%');
        let factor = rest.chars().next().and_then(crate::display::factor);
        let fits = match field.value_type {
            Type::Percent => factor.is_none() || percent.is_some(),
            Type::Size => percent.is_none(),
            _ => percent.is_none() && factor.is_none(),
        };
        if !fits {
            return Err(self.wrong(field));
        }
        let out_of_range = || SelectError::Range { value: digits.to_owned(), field: field.name };
        let whole = || digits.split('.').next().filter(|whole| !whole.is_empty()).unwrap_or("0");
        let number: f64 = match field.value_type {
            Type::Number | Type::Binary => match whole().parse::<u64>().map_err(|_| out_of_range())? {
                // LVM2's own number for what has no value.
                u64::MAX => return Err(SelectError::Reserved(u64::MAX)),
                number => number as f64,
            },
            _ => format!("0{digits}").parse().map_err(|_| out_of_range())?,
        };
        self.rest = percent.unwrap_or(rest);
        match field.value_type {
            Type::Size => {
                if factor.is_some() {
                    self.rest = &rest[1..];
                }
                Ok(number * factor.unwrap_or(1024.0 * 1024.0) / units::Sectors::BYTES as f64)
            }
            Type::Percent if number > 100.0 => Err(out_of_range()),
            _ => Ok(number),
        }
    }

    fn time(&mut self, field: &'static Field) -> Result<Wanted, SelectError> {
        if let Some(rest) = self.rest.strip_prefix('@') {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let second = rest[..end].parse().map_err(|_| self.wrong(field))?;
            self.rest = &rest[end..];
            return Ok(Wanted::Time(Span::second(second)));
        }
        let text = self.string(field)?;
        time::parse(text, Local::now()).map(Wanted::Time).ok_or(SelectError::Value {
            at: text.to_owned(),
            value_type: "time",
            field: field.name,
        })
    }

    fn list(&mut self, field: &'static Field, regular: bool) -> Result<List, SelectError> {
        let item = |text: &str| match regular {
            true => regex(text).map(Item::Regex),
            false => Ok(Item::Text(text.to_owned())),
        };
        let fault = |fault| SelectError::List { fault, field: field.name };
        let (close, subset) = if self.eat(&["["]) {
            ("]", false)
        } else if self.eat(&["{"]) {
            ("}", true)
        } else {
            return Ok(List { items: vec![item(self.string(field)?)?], all: false, subset: true });
        };
        let mut items = Vec::new();
        let mut all = None;
        loop {
            self.skip();
            if self.rest.is_empty() {
                return Err(fault("The end is missing"));
            }
            let text = match self.rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
                Some(quote) => self.quoted(1, quote, field)?,
                None => self.unquoted(&["&&", ",", "||", "#", "]", "}"]),
            };
            items.push(item(text)?);
            if self.eat(&[close]) {
                // Of one item, and by default: all of [], any of {}.
                return Ok(List { items, all: all.unwrap_or(!subset), subset });
            }
            let and = if self.eat(&["&&", ","]) {
                true
            } else if self.eat(&["||", "#"]) {
                false
            } else {
                return Err(fault("There is a wrong operator or end"));
            };
            if all.is_some_and(|before| before != and) {
                return Err(fault("There are two kinds of operators"));
            }
            all = Some(and);
        }
    }
}
