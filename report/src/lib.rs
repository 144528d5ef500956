//! Reports: which columns there are, what they hold, which rows are wanted, in which order and shape.
//!
//! Owns: the table of fields (one row per column), values and their text, units of display, selection,
//! sorting, the text and JSON layouts. Reads plain data ([`subject`]); prints nothing itself. Begin with
//! [`field::Field`] and [`request::Request`].
#![forbid(unsafe_code)]

pub mod display;
pub mod field;
mod fields;
pub mod history;
pub mod inspect;
pub mod json;
pub mod layout;
pub mod parts;
pub mod request;
pub mod select;
pub mod subject;
pub mod value;
