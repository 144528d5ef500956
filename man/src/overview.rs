//! rlvm.8: what holds for all commands.

use crate::command::options;
use crate::markdown::render;
use crate::roff::{Roff, bold, escape};

const STATUSES: &[(&str, &str)] = &[
    ("0", "All went well. A report without a row is no error."),
    ("2", "There is no command of that name."),
    ("3", "The command line makes no sense."),
    ("4", "The program could not start its work."),
    ("5", "The work failed, in whole or in part, or asks for what this version of rlvm does not have."),
    ("141", "Nobody reads standard output any more. What was to be changed has been changed."),
];

const VARIABLES: &[(&str, &str)] = &[
    ("RLVM_DEVICES", "The devices and image files that exist, as with --devices."),
    ("LVM_SYSTEM_DIR", "Where lvm.conf, archive and backup are, in place of /etc/lvm."),
    ("LVM_VG_NAME", "The VG for lvcreate, where none is named."),
    ("XDG_STATE_HOME", "Where archive and backup go when only image files are in use, below rlvm."),
];

/// Renders it.
pub(crate) fn page() -> String {
    let mut roff = Roff::new("rlvm");
    roff.section("name");
    roff.line("rlvm \\- manage PVs, VGs and LVs, on devices and in image files");
    roff.section("synopsis");
    roff.line("\\fBrlvm\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR ...] [\\fIARGUMENT\\fR ...]");
    roff.section("description");
    render(&mut roff, cli::page::OVERVIEW);
    roff.section("commands");
    for page in cli::page::pages() {
        roff.item(&format!("{}(8)", bold(&format!("rlvm-{}", page.name))));
        roff.line(&format!("{}.", escape(page.about)));
    }
    let to_come = cli::page::commands_to_come();
    if !to_come.is_empty() {
        roff.paragraph();
        roff.line(&format!("Known, and refused until a later version has them: {}.", to_come.join(", ")));
    }
    roff.section("options of every command");
    options(&mut roff, &cli::page::common_options());
    list(&mut roff, "exit status", STATUSES);
    list(&mut roff, "environment", VARIABLES);
    roff.finish()
}

fn list(roff: &mut Roff, title: &str, items: &[(&str, &str)]) {
    roff.section(title);
    for (head, text) in items {
        roff.item(&bold(head));
        roff.line(&escape(text));
    }
}
