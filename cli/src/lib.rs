//! The command line: everything between `main` and the libraries.
//!
//! Owns: the grammar (options, forms, argv), settings, one file per command, and all printing, prompting,
//! environment and exit statuses. May not: hold knowledge of formats, allocation or device-mapper.
//! Begin with [`run`], [`World`] and [`Parsed`]; a command is a row in `commands.rs`.
#![forbid(unsafe_code)]

mod argv;
mod change;
pub mod commands;
mod display;
mod editing;
mod exit;
mod file_system;
pub mod forms;
mod globals;
mod grammar;
mod holders;
mod journal;
mod labels;
mod lv_name;
mod lvs;
mod making;
mod messages;
mod objects;
pub mod options;
mod overwrite;
pub mod page;
mod parse;
mod parsed;
mod part;
mod progress;
mod prompts;
mod refusal;
mod reports;
mod resizing;
mod run;
mod session;
mod shell;
mod shrinking;
mod volume;
mod waiting;
mod wanted;
mod words;
pub mod world;

pub use commands::Name;
pub use exit::Exit;
pub use forms::FormId;
pub use options::Opt;
pub use parse::parse;
pub use parsed::{Occurrence, Parsed};
pub use run::run;
pub use world::World;
