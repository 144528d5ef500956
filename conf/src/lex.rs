//! Tokens. The grammar is that of LVM2's libdm/libdm-config.c, which reads both lvm.conf and VG text.
//!
//! A token depends on the one before it: digits and bare words are values only straight after `=`,
//! `[` or `,`; elsewhere they are names. A NUL ends the text wherever it stands.

use memchr::{memchr2, memchr3};
use nom::Parser;
use nom::bytes::complete::{take_till, take_while};
use nom::character::complete::{char, one_of};
use nom::combinator::{opt, recognize};
use nom::error::{ErrorKind, ParseError};
use nom::{Err, IResult};

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

/// The one way in which a token can be wrong: a quote that nothing closes. Of no size, since it rides on
/// every result.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unterminated;

impl<'a> ParseError<&'a [u8]> for Unterminated {
    fn from_error_kind(_: &'a [u8], _: ErrorKind) -> Self {
        Self
    }

    fn append(_: &'a [u8], _: ErrorKind, other: Self) -> Self {
        other
    }
}

type Lexed<'a, T> = IResult<&'a [u8], T, Unterminated>;

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

fn is_space(byte: u8) -> bool {
    CLASS[usize::from(byte)] & SPACE != 0
}

fn is_digit(byte: u8) -> bool {
    CLASS[usize::from(byte)] & DIGIT != 0
}

/// Whether a word can go on with this byte.
pub(crate) fn is_word(byte: u8) -> bool {
    CLASS[usize::from(byte)] & WORD != 0
}

/// White space up to the next token or comment.
#[inline]
pub(crate) fn space(input: &[u8]) -> Lexed<'_, &[u8]> {
    take_while(is_space).parse(input)
}

/// A comment from `#` up to, not including, the end of its line.
pub(crate) fn comment(input: &[u8]) -> Lexed<'_, &[u8]> {
    recognize((char('#'), take_till(|b| b == b'\n' || b == 0))).parse(input)
}

/// The token at the start of `input`, where neither space nor a comment stands.
#[inline(always)]
pub(crate) fn token(input: &[u8], value_due: bool) -> Lexed<'_, Token> {
    let single = |token| Ok((&input[1..], token));
    match input.first() {
        None | Some(0) => Ok((input, Token::End)),
        Some(b'{') => single(Token::Open),
        Some(b'}') => single(Token::Close),
        Some(b'[') => single(Token::ArrayOpen),
        Some(b']') => single(Token::ArrayClose),
        Some(b',') => single(Token::Comma),
        Some(b'=') => single(Token::Equals),
        Some(b'"') => double_quoted(input),
        Some(b'\'') => single_quoted(input),
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') if value_due => number(input),
        Some(_) if value_due => word(input, Token::Bare),
        Some(_) => word(input, Token::Name),
    }
}

/// One byte of any kind and then what a word can go on with.
#[inline]
fn word(input: &[u8], kind: Token) -> Lexed<'_, Token> {
    let (rest, _) = take_while(is_word).parse(&input[1..])?;
    Ok((rest, kind))
}

#[inline]
fn number(input: &[u8]) -> Lexed<'_, Token> {
    let sign = opt(one_of("+-"));
    let (rest, _) = (sign, take_while(is_digit)).parse(input)?;
    let (rest, fraction) = opt((char('.'), take_while(is_digit))).parse(rest)?;
    Ok((rest, if fraction.is_some() { Token::Float } else { Token::Int }))
}

#[inline]
fn single_quoted(input: &[u8]) -> Lexed<'_, Token> {
    let inner = &input[1..];
    match memchr2(b'\'', 0, inner) {
        Some(end) if inner[end] == b'\'' => Ok((&inner[end + 1..], Token::Single)),
        _ => Err(Err::Failure(Unterminated)),
    }
}

#[inline]
fn double_quoted(input: &[u8]) -> Lexed<'_, Token> {
    let mut rest = &input[1..];
    loop {
        // Most of a VG's text stands between quotes.
        match memchr3(b'"', b'\\', 0, rest).map(|end| &rest[end..]) {
            Some([b'"', after @ ..]) => return Ok((after, Token::Double)),
            Some([b'\\', escaped, after @ ..]) if *escaped != 0 => rest = after,
            _ => return Err(Err::Failure(Unterminated)),
        }
    }
}
