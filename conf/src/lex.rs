//! Tokens. The grammar is that of LVM2's libdm/libdm-config.c, which reads both lvm.conf and VG text.
//!
//! A token depends on the one before it: digits and bare words are values only straight after `=`,
//! `[` or `,`; elsewhere they are names. A NUL ends the text wherever it stands.

use memchr::{memchr2, memchr3};
use nom::bytes::complete::{take_till, take_while};
use nom::character::complete::{char, one_of};
use nom::combinator::{opt, recognize, value};
use nom::{IResult, Parser};

/// What a token is; what it says is the bytes it was read from. A plain byte, kept apart from them, since
/// a token is made every few bytes of text and should stay in registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// A word where a name can stand.
    Name,
    /// A word without quotes where a value can stand.
    Bare,
    /// Sign and digits.
    Int,
    /// Sign, digits, a dot, digits; each may be missing but the dot.
    Float,
    /// Double quotes and what is between them, escapes not yet resolved.
    Double,
    /// Single quotes and what is between them, where nothing is special.
    Single,
    Equals,
    Open,
    Close,
    ArrayOpen,
    ArrayClose,
    Comma,
    End,
}

const SPACE: u8 = 1;
const WORD: u8 = 2;
const DIGIT: u8 = 4;

/// What each byte can be part of.
const CLASS: [u8; 256] = {
    let mut class = [WORD; 256];
    let mut byte = 0;
    while byte < 256 {
        match byte as u8 {
            // The C locale's isspace.
            b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r' => class[byte] = SPACE,
            0 | b'#' | b'=' | b'{' | b'}' => class[byte] = 0,
            b'0'..=b'9' => class[byte] = WORD | DIGIT,
            _ => {}
        }
        byte += 1;
    }
    class
};

/// Whether a word can go on with this byte.
pub(crate) fn is_word(byte: u8) -> bool {
    CLASS[usize::from(byte)] & WORD != 0
}

/// Where the bytes of a class end that begin at `from`.
#[inline(always)]
fn run(text: &[u8], from: usize, class: u8) -> usize {
    let mut end = from;
    while end < text.len() && CLASS[usize::from(text[end])] & class != 0 {
        end += 1;
    }
    end
}

/// Where the white space ends that begins at `from`.
#[inline(always)]
pub(crate) fn space(text: &[u8], from: usize) -> usize {
    run(text, from, SPACE)
}

/// Where the comment ends whose `#` stands at `from`: at the end of its line.
pub(crate) fn comment(text: &[u8], from: usize) -> usize {
    let line: IResult<&[u8], &[u8]> =
        recognize((char('#'), take_till(|b| b == b'\n' || b == 0))).parse(&text[from..]);
    line.map_or(from, |(_, comment)| from + comment.len())
}

/// The token that begins at `at`, where neither space nor a comment stands, and where it ends. None: a quote that nothing closes, the
/// one way in which a token can be wrong.
///
/// Places and no slices go in and out, and words have no combinators: there is a token every few bytes of a text, and what is
/// handed around for each was most of what reading cost.
#[inline(always)]
pub(crate) fn token(text: &[u8], at: usize, value_due: bool) -> Option<(Token, usize)> {
    let single = |token| Some((token, at + 1));
    match text.get(at) {
        None | Some(0) => Some((Token::End, at)),
        Some(b'{') => single(Token::Open),
        Some(b'}') => single(Token::Close),
        Some(b'[') => single(Token::ArrayOpen),
        Some(b']') => single(Token::ArrayClose),
        Some(b',') => single(Token::Comma),
        Some(b'=') => single(Token::Equals),
        Some(b'"') => Some((Token::Double, double_quoted(text, at + 1)?)),
        Some(b'\'') => Some((Token::Single, single_quoted(text, at + 1)?)),
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') if value_due => Some(number(text, at)),
        // One byte of any kind and then what a word can go on with.
        Some(_) => Some((if value_due { Token::Bare } else { Token::Name }, run(text, at + 1, WORD))),
    }
}

#[inline]
fn number(text: &[u8], at: usize) -> (Token, usize) {
    let digits = || take_while(|b| CLASS[usize::from(b)] & DIGIT != 0);
    let fraction = value(Token::Float, (char('.'), digits()));
    let kind = opt(fraction).map(|float| float.unwrap_or(Token::Int));
    let read: IResult<&[u8], Token> =
        (opt(one_of("+-")), digits(), kind).map(|(_, _, kind)| kind).parse(&text[at..]);
    read.map_or((Token::Int, at), |(rest, kind)| (kind, text.len() - rest.len()))
}

/// Where the string ends whose first byte stands at `at`, with its closing quote.
fn single_quoted(text: &[u8], at: usize) -> Option<usize> {
    let end = at + memchr2(b'\'', 0, &text[at..])?;
    (text[end] == b'\'').then_some(end + 1)
}

/// [`single_quoted`], with a backslash before what does not close it.
fn double_quoted(text: &[u8], at: usize) -> Option<usize> {
    let mut from = at;
    loop {
        // Most of a VG's text stands between quotes.
        let end = from + memchr3(b'"', b'\\', 0, &text[from..])?;
        match text[end] {
            b'"' => return Some(end + 1),
            b'\\' if text.get(end + 1).is_some_and(|&escaped| escaped != 0) => from = end + 2,
            _ => return None,
        }
    }
}
