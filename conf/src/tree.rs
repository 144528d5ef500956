//! What a text says: sections of settings, in order, each with its place in the text.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use crate::error::Position;

/// A string of the text: bytes, since LVM2 lets any byte but NUL stand in names of devices and in
/// descriptions. Borrows from the text unless escapes had to be resolved.
#[derive(Clone)]
pub struct Str<'a>(Bytes<'a>);

/// Two words in either form (the box within the box sees to that), since trees are made of these.
#[derive(Clone)]
enum Bytes<'a> {
    Borrowed(&'a [u8]),
    Owned(Box<Box<[u8]>>),
}

impl<'a> Str<'a> {
    /// The bytes.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Bytes::Borrowed(bytes) => bytes,
            Bytes::Owned(bytes) => bytes,
        }
    }

    /// The bytes as they stand in the text; none where escapes had to be resolved.
    pub fn in_text(&self) -> Option<&'a [u8]> {
        match &self.0 {
            Bytes::Borrowed(bytes) => Some(bytes),
            Bytes::Owned(_) => None,
        }
    }

    /// The string, where it is UTF-8.
    pub fn to_str(&self) -> Option<&str> {
        std::str::from_utf8(self.as_bytes()).ok()
    }

    /// Whether it has no bytes.
    pub fn is_empty(&self) -> bool {
        self.as_bytes().is_empty()
    }

    /// A copy that borrows nothing.
    pub fn into_owned(self) -> Str<'static> {
        match self.0 {
            Bytes::Borrowed(bytes) => Str::from(bytes.to_vec()),
            Bytes::Owned(bytes) => Str(Bytes::Owned(bytes)),
        }
    }
}

impl Default for Str<'_> {
    fn default() -> Self {
        Self(Bytes::Borrowed(b""))
    }
}

impl<'a> From<&'a [u8]> for Str<'a> {
    #[inline]
    fn from(bytes: &'a [u8]) -> Self {
        Self(Bytes::Borrowed(bytes))
    }
}

impl<'a> From<&'a str> for Str<'a> {
    fn from(text: &'a str) -> Self {
        Self(Bytes::Borrowed(text.as_bytes()))
    }
}

impl From<Vec<u8>> for Str<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Bytes::Owned(Box::new(bytes.into_boxed_slice())))
    }
}

impl From<String> for Str<'_> {
    fn from(text: String) -> Self {
        Self::from(text.into_bytes())
    }
}

impl PartialEq for Str<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Str<'_> {}

impl PartialOrd for Str<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Str<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl Hash for Str<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl PartialEq<str> for Str<'_> {
    fn eq(&self, other: &str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl PartialEq<&str> for Str<'_> {
    fn eq(&self, other: &&str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

/// Lossy where it is not UTF-8.
impl fmt::Display for Str<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        String::from_utf8_lossy(self.as_bytes()).fmt(f)
    }
}

impl fmt::Debug for Str<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&String::from_utf8_lossy(self.as_bytes()), f)
    }
}

/// The value of a setting.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// A whole number; a leading zero in the text means octal.
    Int(i64),
    /// A number with a dot.
    Float(f64),
    /// A string, however it was quoted.
    Str(Str<'a>),
    /// `[...]`. Arrays do not nest: no item is an array.
    Array(Box<[Value<'a>]>),
}

impl<'a> Value<'a> {
    /// The whole number.
    pub fn int(&self) -> Option<i64> {
        if let Self::Int(n) = self { Some(*n) } else { None }
    }

    /// The whole number, where it is not negative.
    pub fn uint(&self) -> Option<u64> {
        self.int().and_then(|n| u64::try_from(n).ok())
    }

    /// The string.
    pub fn str(&self) -> Option<&Str<'a>> {
        if let Self::Str(s) = self { Some(s) } else { None }
    }

    /// The items of an array; a lone value counts as an array of one, as it does in LVM2.
    pub fn items(&self) -> &[Value<'a>] {
        match self {
            Self::Array(items) => items,
            Self::Int(_) | Self::Float(_) | Self::Str(_) => std::slice::from_ref(self),
        }
    }

    /// A word for what it is, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Int(_) => "an integer",
            Self::Float(_) => "a number with a fraction",
            Self::Str(_) => "a string",
            Self::Array(_) => "an array",
        }
    }

    /// A copy that borrows nothing.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Int(n) => Value::Int(n),
            Self::Float(n) => Value::Float(n),
            Self::Str(s) => Value::Str(s.into_owned()),
            Self::Array(items) => Value::Array(items.into_iter().map(Value::into_owned).collect()),
        }
    }
}

/// What stands behind a name.
#[derive(Clone, Debug, PartialEq)]
pub enum Body<'a> {
    /// `name = value`
    Value(Value<'a>),
    /// `name { ... }`
    Section(Section<'a>),
}

/// Bytes of the text, from `start` up to but not including `end`. Zero for a node made by hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// A name and what stands behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'a> {
    /// The name; never has a slash after parsing, since `a/b = 1` is read as `a { b = 1 }`.
    pub key: Str<'a>,
    /// The value or the section.
    pub body: Body<'a>,
    /// Where it stands, from the name to the end of the value or the closing brace.
    pub span: Span,
}

impl<'a> Node<'a> {
    /// A setting that stands in no text.
    pub fn value(key: impl Into<Str<'a>>, value: Value<'a>) -> Self {
        Self { key: key.into(), body: Body::Value(value), span: Span::default() }
    }

    /// A section that stands in no text.
    pub fn section(key: impl Into<Str<'a>>, section: Section<'a>) -> Self {
        Self { key: key.into(), body: Body::Section(section), span: Span::default() }
    }

    /// The value, unless it is a section.
    pub fn as_value(&self) -> Option<&Value<'a>> {
        if let Body::Value(value) = &self.body { Some(value) } else { None }
    }

    /// The section, unless it is a value.
    pub fn as_section(&self) -> Option<&Section<'a>> {
        if let Body::Section(section) = &self.body { Some(section) } else { None }
    }

    /// A copy that borrows nothing.
    pub fn into_owned(self) -> Node<'static> {
        let body = match self.body {
            Body::Value(value) => Body::Value(value.into_owned()),
            Body::Section(section) => Body::Section(section.into_owned()),
        };
        Node { key: self.key.into_owned(), body, span: self.span }
    }
}

/// Settings and sections in the order of the text. A name may occur twice: look-ups find the first,
/// as in LVM2's VG text; [`Section::merged`] makes one of them, as in its configuration files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section<'a> {
    nodes: Box<[Node<'a>]>,
}

impl<'a> From<Vec<Node<'a>>> for Section<'a> {
    fn from(nodes: Vec<Node<'a>>) -> Self {
        Self { nodes: nodes.into_boxed_slice() }
    }
}

impl<'a> Section<'a> {
    /// What it holds, in order.
    pub fn nodes(&self) -> &[Node<'a>] {
        &self.nodes
    }

    /// The same, to change in place.
    pub fn nodes_mut(&mut self) -> &mut [Node<'a>] {
        &mut self.nodes
    }

    /// The same, to keep or to put together anew.
    pub fn into_nodes(self) -> Vec<Node<'a>> {
        self.nodes.into_vec()
    }

    /// The first node of that name in this section. Linear: do not call it once per name on large sections.
    pub fn get(&self, key: &str) -> Option<&Node<'a>> {
        self.nodes.iter().find(|node| node.key == *key)
    }

    /// The node at a path of names with slashes between.
    pub fn find(&self, path: &str) -> Option<&Node<'a>> {
        let mut section = self;
        let mut parts = path.split('/').filter(|part| !part.is_empty()).peekable();
        while let Some(part) = parts.next() {
            let node = section.get(part)?;
            if parts.peek().is_none() {
                return Some(node);
            }
            section = node.as_section()?;
        }
        None
    }

    /// The value of that name in this section.
    pub fn value(&self, key: &str) -> Option<&Value<'a>> {
        self.get(key).and_then(Node::as_value)
    }

    /// The section of that name in this section.
    pub fn section(&self, key: &str) -> Option<&Section<'a>> {
        self.get(key).and_then(Node::as_section)
    }

    /// A copy that borrows nothing.
    pub fn into_owned(self) -> Section<'static> {
        Section { nodes: self.nodes.into_iter().map(Node::into_owned).collect() }
    }
}

/// A comment of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment<'a> {
    /// From the `#` up to the end of the line, without the line feed.
    pub text: Str<'a>,
    /// Offset of the `#` in the text.
    pub offset: u32,
    /// Offset of the byte after the last token before it.
    pub after: u32,
    /// Whether that token ends on the same line.
    pub trailing: bool,
}

/// Something odd that was read all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// A `creation_time` that does not fit 64 bits, written by 32-bit builds of LVM2 before 2.02.169;
    /// read as [`REPAIRED_CREATION_TIME`], as LVM2 does.
    CreationTime {
        /// Where.
        at: Position,
    },
}

/// What LVM2 takes in place of an unreadable `creation_time` (libdm/libdm-config.c).
pub const REPAIRED_CREATION_TIME: i64 = 1_527_120_000;

/// A whole text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree<'a> {
    /// The outermost level.
    pub root: Section<'a>,
    /// All comments, in order.
    pub comments: Vec<Comment<'a>>,
    /// What was odd.
    pub oddities: Vec<Oddity>,
}

impl<'a> Tree<'a> {
    /// The comment on the same line right after a node of this tree.
    pub fn trailing_comment(&self, node: &Node<'a>) -> Option<&Comment<'a>> {
        let next = self.comments.partition_point(|comment| comment.offset < node.span.end);
        let comment = self.comments.get(next).filter(|comment| comment.trailing)?;
        (comment.after == node.span.end).then_some(comment)
    }

    /// A copy that borrows nothing.
    pub fn into_owned(self) -> Tree<'static> {
        let comments = self.comments.into_iter();
        let comments = comments
            .map(|Comment { text, offset, after, trailing }| Comment {
                text: text.into_owned(),
                offset,
                after,
                trailing,
            })
            .collect();
        Tree { root: self.root.into_owned(), comments, oddities: self.oddities }
    }
}
