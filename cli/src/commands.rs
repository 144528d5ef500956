//! The commands: a name, a function and a page each.

mod batch;
mod completion;
mod devtypes;
mod each;
mod export;
mod formats;
mod fullreport;
pub mod help;
mod import;
mod kpartx;
mod lastlog;
mod lvchange;
mod lvcreate;
mod lvdisplay;
mod lvextend;
mod lvmconfig;
mod lvmdevices;
mod lvmdiskscan;
mod lvreduce;
mod lvremove;
mod lvrename;
mod lvresize;
mod lvs;
mod lvscan;
mod name;
mod pvchange;
mod pvck;
mod pvcreate;
mod pvdisplay;
mod pvremove;
mod pvresize;
mod pvs;
mod pvscan;
mod segtypes;
pub(crate) mod supported;
mod systemid;
mod tags;
pub mod version;
mod vgcfgbackup;
mod vgcfgrestore;
mod vgchange;
mod vgck;
mod vgconvert;
mod vgcreate;
mod vgdisplay;
mod vgexport;
mod vgextend;
mod vgimport;
mod vgimportclone;
mod vgimportdevices;
mod vgmerge;
mod vgmknodes;
mod vgreduce;
mod vgremove;
mod vgrename;
mod vgs;
mod vgscan;
mod vgsplit;

pub use name::Name;
pub use supported::form as is_supported;

use crate::exit::Exit;
use crate::page::Page;
use crate::parsed::Parsed;
use crate::session::bare_name;
use crate::world::World;
use std::ffi::OsString;

/// What runs a command.
pub type Handler = fn(&Parsed, &mut World) -> Exit;

/// What runs `name`; `None` where a later version of rlvm will have it.
pub fn handler(name: Name) -> Option<Handler> {
    Some(match name {
        Name::Batch => batch::run,
        Name::Completion => completion::run,
        Name::Lastlog => lastlog::run,
        Name::Devtypes => devtypes::run,
        Name::Formats => formats::run,
        Name::Fullreport => fullreport::run,
        Name::Segtypes => segtypes::run,
        Name::Systemid => systemid::run,
        Name::Tags => tags::run,
        Name::Lvchange => lvchange::run,
        Name::Vgchange => vgchange::run,
        Name::Vgscan => vgscan::run,
        Name::Vgdisplay => vgdisplay::run,
        Name::Pvscan => pvscan::run,
        Name::Pvdisplay => pvdisplay::run,
        Name::Lvscan => lvscan::run,
        Name::Lvdisplay => lvdisplay::run,
        Name::Export => export::run,
        Name::Help => help::run,
        Name::Import => import::run,
        Name::Lvcreate => lvcreate::run,
        Name::Lvextend => lvextend::run,
        Name::Config | Name::Dumpconfig | Name::Lvmconfig => lvmconfig::run,
        Name::Lvmdevices => lvmdevices::run,
        Name::Lvmdiskscan => lvmdiskscan::run,
        Name::Lvreduce => lvreduce::run,
        Name::Lvremove => lvremove::run,
        Name::Lvrename => lvrename::run,
        Name::Lvresize => lvresize::run,
        Name::Lvs => lvs::run,
        Name::Pvchange => pvchange::run,
        Name::Pvck => pvck::run,
        Name::Pvcreate => pvcreate::run,
        Name::Pvremove => pvremove::run,
        Name::Pvresize => pvresize::run,
        Name::Pvs => pvs::run,
        Name::Version => version::run,
        Name::Vgcreate => vgcreate::run,
        Name::Vgcfgbackup => vgcfgbackup::run,
        Name::Vgcfgrestore => vgcfgrestore::run,
        Name::Vgck => vgck::run,
        Name::Vgconvert => vgconvert::run,
        Name::Vgexport => vgexport::run,
        Name::Vgextend => vgextend::run,
        Name::Vgimport => vgimport::run,
        Name::Vgimportclone => vgimportclone::run,
        Name::Vgmerge => vgmerge::run,
        Name::Vgmknodes => vgmknodes::run,
        Name::Vgimportdevices => vgimportdevices::run,
        Name::Vgreduce => vgreduce::run,
        Name::Vgremove => vgremove::run,
        Name::Vgrename => vgrename::run,
        Name::Vgs => vgs::run,
        Name::Vgsplit => vgsplit::run,
        _ => return None,
    })
}

/// What runs a command that has a grammar of its own.
pub(crate) type OwnHandler = fn(&[OsString], &mut World) -> Exit;

/// A command with a grammar of its own: what runs it, its help, its page, and what clap knows of it.
pub(crate) struct Own {
    /// Runs the words behind its name.
    pub(crate) run: OwnHandler,
    /// What `help` shows.
    pub(crate) help: fn() -> String,
    /// Its page, from its name, what it does, and the body.
    pub(crate) page: fn(&'static str, &'static str, &'static str) -> Page,
    /// For completion.
    pub(crate) clap: fn() -> clap::Command,
}

/// The grammar of a command that has its own.
pub(crate) fn own(name: Name) -> Option<Own> {
    match name {
        Name::Kpartx => {
            Some(Own { run: kpartx::run, help: kpartx::help, page: kpartx::page, clap: kpartx::clap_command })
        }
        _ => None,
    }
}

/// A VG's name, without the folder of its LVs' nodes.
fn vg_word(world: &World, word: &str) -> String {
    bare_name(word, &world.dev_dir)
}

/// Words that name devices.
fn pv_words(words: &[OsString]) -> Vec<String> {
    words.iter().map(|word| word.to_string_lossy().into_owned()).collect()
}

/// The body of the command's man page, in Markdown: what the forms table cannot say.
pub fn page(name: Name) -> Option<&'static str> {
    Some(match name {
        Name::Batch => include_str!("commands/batch.md"),
        Name::Completion => include_str!("commands/completion.md"),
        Name::Devtypes => include_str!("commands/devtypes.md"),
        Name::Formats => include_str!("commands/formats.md"),
        Name::Fullreport => include_str!("commands/fullreport.md"),
        Name::Segtypes => include_str!("commands/segtypes.md"),
        Name::Systemid => include_str!("commands/systemid.md"),
        Name::Tags => include_str!("commands/tags.md"),
        Name::Export => include_str!("commands/export.md"),
        Name::Help => include_str!("commands/help.md"),
        Name::Import => include_str!("commands/import.md"),
        Name::Kpartx => include_str!("commands/kpartx.md"),
        Name::Lastlog => include_str!("commands/lastlog.md"),
        Name::Lvchange => include_str!("commands/lvchange.md"),
        Name::Lvcreate => include_str!("commands/lvcreate.md"),
        Name::Lvdisplay => include_str!("commands/lvdisplay.md"),
        Name::Lvextend => include_str!("commands/lvextend.md"),
        Name::Lvmdevices => include_str!("commands/lvmdevices.md"),
        Name::Lvmdiskscan => include_str!("commands/lvmdiskscan.md"),
        Name::Config | Name::Dumpconfig | Name::Lvmconfig => include_str!("commands/lvmconfig.md"),
        Name::Lvreduce => include_str!("commands/lvreduce.md"),
        Name::Lvremove => include_str!("commands/lvremove.md"),
        Name::Lvrename => include_str!("commands/lvrename.md"),
        Name::Lvresize => include_str!("commands/lvresize.md"),
        Name::Lvs => include_str!("commands/lvs.md"),
        Name::Lvscan => include_str!("commands/lvscan.md"),
        Name::Pvchange => include_str!("commands/pvchange.md"),
        Name::Pvck => include_str!("commands/pvck.md"),
        Name::Pvcreate => include_str!("commands/pvcreate.md"),
        Name::Pvdisplay => include_str!("commands/pvdisplay.md"),
        Name::Pvremove => include_str!("commands/pvremove.md"),
        Name::Pvresize => include_str!("commands/pvresize.md"),
        Name::Pvs => include_str!("commands/pvs.md"),
        Name::Pvscan => include_str!("commands/pvscan.md"),
        Name::Version => include_str!("commands/version.md"),
        Name::Vgcfgbackup => include_str!("commands/vgcfgbackup.md"),
        Name::Vgchange => include_str!("commands/vgchange.md"),
        Name::Vgcfgrestore => include_str!("commands/vgcfgrestore.md"),
        Name::Vgck => include_str!("commands/vgck.md"),
        Name::Vgcreate => include_str!("commands/vgcreate.md"),
        Name::Vgdisplay => include_str!("commands/vgdisplay.md"),
        Name::Vgconvert => include_str!("commands/vgconvert.md"),
        Name::Vgexport => include_str!("commands/vgexport.md"),
        Name::Vgextend => include_str!("commands/vgextend.md"),
        Name::Vgimport => include_str!("commands/vgimport.md"),
        Name::Vgimportclone => include_str!("commands/vgimportclone.md"),
        Name::Vgmerge => include_str!("commands/vgmerge.md"),
        Name::Vgmknodes => include_str!("commands/vgmknodes.md"),
        Name::Vgimportdevices => include_str!("commands/vgimportdevices.md"),
        Name::Vgreduce => include_str!("commands/vgreduce.md"),
        Name::Vgremove => include_str!("commands/vgremove.md"),
        Name::Vgrename => include_str!("commands/vgrename.md"),
        Name::Vgs => include_str!("commands/vgs.md"),
        Name::Vgscan => include_str!("commands/vgscan.md"),
        Name::Vgsplit => include_str!("commands/vgsplit.md"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Name, handler, page, supported};

    #[test]
    fn a_command_that_is_done_has_a_page() {
        for name in Name::all().filter(|&name| supported::command(name)) {
            assert!(
                page(name).is_some_and(|page| page.ends_with(".\n") || page.contains("    ")),
                "{name:?}"
            );
        }
    }

    #[test]
    fn what_runs_is_listed_as_done() {
        for name in Name::all().filter(|&name| handler(name).is_some()) {
            assert!(supported::command(name), "{name:?}");
        }
    }
}
