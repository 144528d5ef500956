//! The text grammar that lvm.conf, profiles, VG metadata and its backups share, and LVM2's settings.
//!
//! Owns: tokens, trees, errors with line and column, the two layouts LVM2 writes, the table of settings
//! and their cascade. May not touch: files, the environment, clocks, printing; what a VG is.
//! Begin with [`parse`], [`Tree`] and [`Writer`], or with [`settings`].
#![forbid(unsafe_code)]

mod error;
mod lex;
mod merge;
mod number;
mod parse;
mod print;
mod quote;
pub mod settings;
mod tree;
mod write;

pub use error::{ConfError, Fault, Position};
pub use parse::{Around, Limits, Taker, parse, parse_taking, parse_within};
pub use print::Spacing;
pub use tree::{Body, Comment, Node, Oddity, REPAIRED_CREATION_TIME, Section, Span, Str, Tree, Value};
pub use write::{Entry, Style, Writer};
