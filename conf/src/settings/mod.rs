//! LVM2's settings: what each is, and what it is now.
//!
//! [`TABLE`] has one [`Row`] per setting of LVM2 2.03.40. A [`Layer`] is one place where settings are made
//! (a file, a profile, `--config`), read and checked against the table; [`Settings`] looks them up, the
//! strongest layer first, the table's default last.

mod about;
mod cascade;
mod check;
mod files;
mod layer;
mod nest;
mod row;
mod show;
mod table;

pub use about::about;
pub use cascade::{Found, SettingError, Settings};
pub use check::{Problem, ProblemKind};
pub use files::merge_files;
pub use layer::{Layer, Origin, Place, Rank, ReadError};
pub use row::{Default, Flags, Honoured, Kind, Row, Version};
pub use show::{Show, Shown, Which, With, Without};
pub use table::{TABLE, row_of};
