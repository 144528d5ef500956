//! Text to tree: one pass over the tokens with a stack of its own, so that neither depth nor size of a
//! hostile text can overflow anything.

use nom::Err;

use crate::error::{ConfError, Fault, Position};
use crate::lex::{self, Token, Unterminated};
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
    let longest = limits.bytes.min(u32::MAX as usize);
    if text.len() > longest {
        let what = Fault::TooLong { bytes: text.len(), limit: longest };
        return Err(ConfError::at(text, 0, what));
    }
    let mut parser = Parser::new(text, limits);
    match parser.run() {
        Ok(root) => Ok(Tree { root, comments: parser.comments, oddities: parser.oddities }),
        Err(Stop { offset, fault }) => Err(ConfError::at(text, offset, fault)),
    }
}

/// Where and why reading stopped; lines are counted only once it is known to matter.
struct Stop {
    offset: usize,
    fault: Fault,
}

/// A section whose closing brace is not yet read.
struct Open<'a> {
    /// Its path: one name, or several where the text says `a/b {`.
    path: Path<'a>,
    start: u32,
    /// The first of its nodes on the stack.
    first: usize,
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

struct Parser<'a> {
    text: &'a [u8],
    rest: &'a [u8],
    limits: Limits,
    token: Token,
    /// The bytes of the token.
    word: &'a [u8],
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
}

impl<'a> Parser<'a> {
    fn new(text: &'a [u8], limits: Limits) -> Self {
        Self {
            text,
            rest: text,
            limits,
            token: Token::End,
            word: b"",
            start: 0,
            end: 0,
            nodes: Vec::new(),
            items: Vec::new(),
            open: Vec::new(),
            depth: 0,
            count: 0,
            comments: Vec::new(),
            oddities: Vec::new(),
        }
    }

    fn run(&mut self) -> Result<Section<'a>, Stop> {
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
            Some(open) => Err(Stop {
                offset: open.start as usize,
                fault: Fault::UnclosedSection { name: open.path.last.to_string() },
            }),
        }
    }

    fn fail<T>(&self, fault: Fault) -> Result<T, Stop> {
        Err(Stop { offset: self.start, fault })
    }

    fn offset(&self) -> usize {
        self.text.len() - self.rest.len()
    }

    /// What stands between the quotes of the token.
    fn inner(&self) -> &'a [u8] {
        &self.word[1..self.word.len() - 1]
    }

    fn digits(&self) -> String {
        String::from_utf8_lossy(self.word).into_owned()
    }

    /// Goes on to the next token; `value_due` says whether it stands where a value can.
    fn advance(&mut self, value_due: bool) -> Result<(), Stop> {
        self.skip_blank()?;
        self.start = self.offset();
        match lex::token(self.rest, value_due) {
            Ok((rest, token)) => {
                self.end = self.text.len() - rest.len();
                self.word = &self.rest[..self.end - self.start];
                self.rest = rest;
                self.token = token;
                Ok(())
            }
            Err(Err::Error(Unterminated) | Err::Failure(Unterminated) | Err::Incomplete(_)) => {
                self.fail(Fault::UnterminatedString)
            }
        }
    }

    /// Skips white space, keeps comments.
    fn skip_blank(&mut self) -> Result<(), Stop> {
        let after = self.end;
        let mut trailing = after > 0;
        while let Ok((rest, blank)) = lex::space(self.rest) {
            self.rest = rest;
            if rest.first() != Some(&b'#') {
                break;
            }
            self.start = self.offset();
            self.count_items(1)?;
            trailing = trailing && !blank.contains(&b'\n');
            let Ok((rest, text)) = lex::comment(self.rest) else { break };
            self.comments.push(Comment {
                text: text.into(),
                offset: small(self.offset()),
                after: small(after),
                trailing,
            });
            self.rest = rest;
            trailing = false;
        }
        Ok(())
    }

    /// `name {` or `name = value`.
    fn entry(&mut self) -> Result<(), Stop> {
        let start = self.start;
        let path = self.path()?;
        self.advance(false)?;
        self.count_items(path.depth())?;
        if self.depth + path.depth() > self.limits.depth {
            return Err(Stop { offset: start, fault: Fault::TooDeep { limit: self.limits.depth } });
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
                self.push(path, Body::Value(value), span);
                self.advance(false)
            }
            _ => self.fail(Fault::ExpectedAssignment { name: path.last.to_string() }),
        }
    }

    /// The name at the token, cut at its slashes. Leading and doubled slashes count for nothing.
    fn path(&self) -> Result<Path<'a>, Stop> {
        let name = match self.token {
            Token::Name => Str::from(self.word),
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

    fn close_section(&mut self) -> Result<(), Stop> {
        let Some(Open { path, start, first }) = self.open.pop() else {
            return self.fail(Fault::ExpectedName);
        };
        self.depth -= path.depth();
        let nodes: Vec<Node<'a>> = self.nodes.drain(first..).collect();
        let span = Span { start, end: small(self.end) };
        self.push(path, Body::Section(Section::from(nodes)), span);
        self.advance(false)
    }

    /// Puts a node, within the sections of its path, on the stack.
    fn push(&mut self, path: Path<'a>, body: Body<'a>, span: Span) {
        let mut node = Node { key: path.last, body, span };
        for key in path.outer.into_iter().rev() {
            node = Node { key, body: Body::Section(Section::from(vec![node])), span };
        }
        self.nodes.push(node);
    }

    fn count_items(&mut self, more: usize) -> Result<(), Stop> {
        self.count += more;
        if self.count > self.limits.items {
            return self.fail(Fault::TooMany { limit: self.limits.items });
        }
        Ok(())
    }

    /// The value at the token; leaves its last token as the current one.
    fn value(&mut self, key: &Str<'a>) -> Result<Value<'a>, Stop> {
        if self.token != Token::ArrayOpen {
            return self.scalar(key);
        }
        let start = self.start;
        self.advance(true)?;
        while self.token != Token::ArrayClose {
            if self.token == Token::End {
                return Err(Stop { offset: start, fault: Fault::UnclosedArray });
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

    fn scalar(&mut self, key: &Str<'a>) -> Result<Value<'a>, Stop> {
        match self.token {
            Token::Int => match number::int(self.word) {
                Ok(n) => Ok(Value::Int(n)),
                Err(number::IntError::Range) if *key == "creation_time" => {
                    let at = Position::of(self.text, self.start);
                    self.oddities.push(Oddity::CreationTime { at });
                    Ok(Value::Int(REPAIRED_CREATION_TIME))
                }
                Err(_) => self.fail(Fault::BadInt { digits: self.digits() }),
            },
            Token::Float => match number::float(self.word) {
                Some(n) => Ok(Value::Float(n)),
                None => self.fail(Fault::BadFloat { digits: self.digits() }),
            },
            Token::Bare => Ok(Value::Str(self.word.into())),
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
