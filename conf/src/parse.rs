//! Text to tree: one pass over the tokens with a stack of its own, so that neither depth nor size of a
//! hostile text can overflow anything.

use crate::error::{ConfError, Fault, Position};
use crate::lex::{self, Token};
use crate::number;
use crate::quote;
use crate::tree::{Body, Comment, Node, Oddity, REPAIRED_CREATION_TIME, Section, Span, Str, Tree, Value};

/// How much of a text is read before it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of text; more than `u32::MAX` counts as that.
    pub bytes: usize,
    /// Sections within sections. LVM2 writes five.
    pub depth: usize,
    /// Names, values and comments together.
    pub items: usize,
    /// Bytes of a name.
    pub name: usize,
}

impl Default for Limits {
    /// For VG text: 64 MiB, 64 levels, 4 Mi names, values and comments; ten times what LVM2 handles in a
    /// minute.
    fn default() -> Self {
        Self { bytes: 64 << 20, depth: 64, items: 4 << 20, name: 64 << 20 }
    }
}

/// Reads a text, up to its end or its first NUL. Nodes keep their order; equal names stay apart.
///
/// # Errors
/// The first place that is not in the grammar, or a limit of [`Limits::default`].
pub fn parse(text: &[u8]) -> Result<Tree<'_>, ConfError> {
    parse_within(text, Limits::default())
}

/// [`parse`] with limits of one's own.
///
/// # Errors
/// The first place that is not in the grammar, or a limit.
pub fn parse_within(text: &[u8], limits: Limits) -> Result<Tree<'_>, ConfError> {
    parse_taking(text, limits, &mut |_, _| false)
}

/// Gets each section when its closing brace was read, and what stands around it. True: it has taken what it needs, and
/// the tree keeps of the section its name and place, but nothing that it holds.
pub type Taker<'t, 'a> = &'t mut dyn FnMut(&Around<'_, 'a>, &Node<'a>) -> bool;

/// [`parse_within`], with sections taken out as soon as they were read: a text of many thousand sections alike never
/// stands in memory as a tree.
///
/// # Errors
/// The first place that is not in the grammar, or a limit; something may have been taken by then.
pub fn parse_taking<'a>(text: &'a [u8], limits: Limits, taker: Taker<'_, 'a>) -> Result<Tree<'a>, ConfError> {
    let longest = limits.bytes.min(u32::MAX as usize);
    if text.len() > longest {
        let what = Fault::TooLong { bytes: text.len(), limit: longest };
        return Err(ConfError::at(text, 0, what));
    }
    let mut parser = Parser::new(text, limits, taker);
    match parser.run() {
        Ok(root) => Ok(Tree { root, comments: parser.comments, oddities: parser.oddities }),
        Err(stop) => Err(ConfError::at(text, stop.offset, stop.fault)),
    }
}

/// Where and why reading stopped; lines are counted only once it is known to matter.
struct Stop {
    offset: usize,
    fault: Fault,
}

/// In a box: results are handed on for every token.
#[cold]
fn stop<T>(offset: usize, fault: Fault) -> Result<T, Box<Stop>> {
    Err(Box::new(Stop { offset, fault }))
}

/// A section whose closing brace is not yet read.
struct Open<'a> {
    /// Its path: one name, or several where the text says `a/b {`.
    path: Path<'a>,
    start: u32,
    /// The first of its nodes on the stack.
    first: usize,
}

/// What stands around a section that was just read: the sections it is in, as far as they were read.
pub struct Around<'p, 'a> {
    open: &'p [Open<'a>],
    nodes: &'p [Node<'a>],
}

impl<'p, 'a> Around<'p, 'a> {
    /// How many sections it is in.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// The name of the outermost of these (0), or of one further in; none where the text names several at once
    /// (`a/b {`).
    pub fn name(&self, level: usize) -> Option<&'p Str<'a>> {
        self.open.get(level).filter(|open| open.path.outer.is_empty()).map(|open| &open.path.last)
    }

    /// What was read so far of the outermost of these (0), or of one further in, without those that are still open.
    pub fn nodes(&self, level: usize) -> &'p [Node<'a>] {
        let Some(open) = self.open.get(level) else { return &[] };
        let end = self.open.get(level + 1).map_or(self.nodes.len(), |inner| inner.first);
        &self.nodes[open.first..end]
    }
}

struct Path<'a> {
    outer: Vec<Str<'a>>,
    last: Str<'a>,
}

impl Path<'_> {
    fn depth(&self) -> usize {
        self.outer.len() + 1
    }
}

struct Parser<'t, 'a> {
    text: &'a [u8],
    limits: Limits,
    token: Token,
    /// First byte of the token.
    start: usize,
    /// Byte after the token.
    end: usize,
    /// Nodes of all open sections, inner ones last.
    nodes: Vec<Node<'a>>,
    /// Items of the array being read.
    items: Vec<Value<'a>>,
    open: Vec<Open<'a>>,
    depth: usize,
    count: usize,
    comments: Vec<Comment<'a>>,
    oddities: Vec<Oddity>,
    taker: Taker<'t, 'a>,
}

impl<'t, 'a> Parser<'t, 'a> {
    fn new(text: &'a [u8], limits: Limits, taker: Taker<'t, 'a>) -> Self {
        Self {
            text,
            limits,
            token: Token::End,
            start: 0,
            end: 0,
            nodes: Vec::new(),
            items: Vec::new(),
            open: Vec::new(),
            depth: 0,
            count: 0,
            comments: Vec::new(),
            oddities: Vec::new(),
            taker,
        }
    }

    fn run(&mut self) -> Result<Section<'a>, Box<Stop>> {
        self.advance(false)?;
        loop {
            match self.token {
                Token::End => break,
                Token::Close => self.close_section()?,
                _ => self.entry()?,
            }
        }
        match self.open.last() {
            None => Ok(Section::from(std::mem::take(&mut self.nodes))),
            Some(open) => {
                stop(open.start as usize, Fault::UnclosedSection { name: open.path.last.to_string() })
            }
        }
    }

    fn fail<T>(&self, fault: Fault) -> Result<T, Box<Stop>> {
        stop(self.start, fault)
    }

    /// The bytes of the token.
    fn word(&self) -> &'a [u8] {
        &self.text[self.start..self.end]
    }

    /// What stands between the quotes of the token.
    fn inner(&self) -> &'a [u8] {
        &self.text[self.start + 1..self.end - 1]
    }

    fn digits(&self) -> String {
        String::from_utf8_lossy(self.word()).into_owned()
    }

    /// Goes on to the next token; `value_due` says whether it stands where a value can. Comments before it are kept.
    fn advance(&mut self, value_due: bool) -> Result<(), Box<Stop>> {
        let mut at = lex::space(self.text, self.end);
        if self.text.get(at) == Some(&b'#') {
            at = self.comments(at)?;
        }
        self.start = at;
        let Some((token, end)) = lex::token(self.text, at, value_due) else {
            return self.fail(Fault::UnterminatedString);
        };
        (self.token, self.end) = (token, end);
        Ok(())
    }

    /// Keeps the comments that stand from a place on, after the last token and some white space. Gives the place of what is
    /// no comment.
    #[cold]
    fn comments(&mut self, mut at: usize) -> Result<usize, Box<Stop>> {
        let after = self.end;
        let mut trailing = after > 0;
        let mut blank = after;
        while self.text.get(at) == Some(&b'#') {
            self.start = at;
            self.count_items(1)?;
            trailing = trailing && !self.text[blank..at].contains(&b'\n');
            let end = lex::comment(self.text, at);
            let text = self.text[at..end].into();
            self.comments.push(Comment { text, offset: small(at), after: small(after), trailing });
            trailing = false;
            (blank, at) = (end, lex::space(self.text, end));
        }
        Ok(at)
    }

    /// `name {` or `name = value`.
    fn entry(&mut self) -> Result<(), Box<Stop>> {
        let start = self.start;
        let path = self.path()?;
        self.advance(false)?;
        self.count_items(path.depth())?;
        if self.depth + path.depth() > self.limits.depth {
            return stop(start, Fault::TooDeep { limit: self.limits.depth });
        }
        match self.token {
            Token::Open => {
                self.depth += path.depth();
                self.open.push(Open { path, start: small(start), first: self.nodes.len() });
                self.advance(false)
            }
            Token::Equals => {
                self.advance(true)?;
                let value = self.value(&path.last)?;
                let span = Span { start: small(start), end: small(self.end) };
                self.push(path.outer, Node { key: path.last, body: Body::Value(value), span });
                self.advance(false)
            }
            _ => self.fail(Fault::ExpectedAssignment { name: path.last.to_string() }),
        }
    }

    /// The name at the token, cut at its slashes. Leading and doubled slashes count for nothing.
    fn path(&self) -> Result<Path<'a>, Box<Stop>> {
        let name = match self.token {
            Token::Name => Str::from(self.word()),
            Token::Double => quote::unescape(self.inner()),
            Token::Single => Str::from(self.inner()),
            _ => return self.fail(Fault::ExpectedName),
        };
        if name.is_empty() {
            return self.fail(Fault::EmptyName);
        }
        let bytes = name.as_bytes().len();
        if bytes > self.limits.name {
            return self.fail(Fault::LongName { bytes, limit: self.limits.name });
        }
        if !name.as_bytes().contains(&b'/') {
            return Ok(Path { outer: Vec::new(), last: name });
        }
        if name.as_bytes().ends_with(b"/") {
            return self.fail(Fault::EmptyName);
        }
        let parts = name.as_bytes().split(|&b| b == b'/').filter(|part| !part.is_empty());
        let mut outer: Vec<Str<'a>> = parts.map(|part| Str::from(part.to_vec())).collect();
        match outer.pop() {
            Some(last) => Ok(Path { outer, last }),
            None => self.fail(Fault::EmptyName),
        }
    }

    fn close_section(&mut self) -> Result<(), Box<Stop>> {
        let Some(Open { path, start, first }) = self.open.pop() else {
            return self.fail(Fault::ExpectedName);
        };
        self.depth -= path.depth();
        let nodes: Vec<Node<'a>> = self.nodes.drain(first..).collect();
        let span = Span { start, end: small(self.end) };
        let mut node = Node { key: path.last, body: Body::Section(Section::from(nodes)), span };
        let around = Around { open: &self.open, nodes: &self.nodes };
        if path.outer.is_empty() && (self.taker)(&around, &node) {
            node.body = Body::Section(Section::default());
        }
        self.push(path.outer, node);
        self.advance(false)
    }

    /// Puts a node, within the other sections of its path, on the stack.
    fn push(&mut self, outer: Vec<Str<'a>>, mut node: Node<'a>) {
        for key in outer.into_iter().rev() {
            let span = node.span;
            node = Node { key, body: Body::Section(Section::from(vec![node])), span };
        }
        self.nodes.push(node);
    }

    fn count_items(&mut self, more: usize) -> Result<(), Box<Stop>> {
        self.count += more;
        if self.count > self.limits.items {
            return self.fail(Fault::TooMany { limit: self.limits.items });
        }
        Ok(())
    }

    /// The value at the token; leaves its last token as the current one.
    fn value(&mut self, key: &Str<'a>) -> Result<Value<'a>, Box<Stop>> {
        if self.token != Token::ArrayOpen {
            return self.scalar(key);
        }
        let start = self.start;
        self.advance(true)?;
        while self.token != Token::ArrayClose {
            if self.token == Token::End {
                return stop(start, Fault::UnclosedArray);
            }
            let item = self.scalar(key)?;
            self.count_items(1)?;
            self.items.push(item);
            self.advance(false)?;
            if self.token == Token::Comma {
                self.advance(true)?;
            }
        }
        Ok(Value::Array(self.items.drain(..).collect()))
    }

    fn scalar(&mut self, key: &Str<'a>) -> Result<Value<'a>, Box<Stop>> {
        match self.token {
            Token::Int => match number::int(self.word()) {
                Ok(n) => Ok(Value::Int(n)),
                Err(number::IntError::Range) if *key == "creation_time" => {
                    let at = Position::of(self.text, self.start);
                    self.oddities.push(Oddity::CreationTime { at });
                    Ok(Value::Int(REPAIRED_CREATION_TIME))
                }
                Err(_) => self.fail(Fault::BadInt { digits: self.digits() }),
            },
            Token::Float => match number::float(self.word()) {
                Some(n) => Ok(Value::Float(n)),
                None => self.fail(Fault::BadFloat { digits: self.digits() }),
            },
            Token::Bare => Ok(Value::Str(self.word().into())),
            Token::Single => Ok(Value::Str(self.inner().into())),
            Token::Double => Ok(Value::Str(quote::unescape(self.inner()))),
            _ => self.fail(Fault::ExpectedValue),
        }
    }
}

/// An offset; texts are no longer than `u32::MAX`, which [`parse_within`] has seen to.
fn small(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
