//! The options of all commands.

mod reading;
mod spec;
mod table;
mod value;

pub use reading::BadValue;
pub use spec::{Repeat, Spec};
pub use table::Opt;
pub use value::{Activation, Copies, Datum, Given, Readahead, Value};
