//! The names of all commands: LVM2's, in its order, then those only rlvm has.

macro_rules! names {
    ($($name:ident $text:literal $read_only:ident $kind:ident, $about:literal;)*) => {
        /// A command.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "each is the command of that name")]
        pub enum Name { $($name,)* }

        const TABLE: &[Row] = &[$(
            Row { name: Name::$name, text: $text, read_only: ReadOnly::$read_only, kind: Kind::$kind,
                  about: $about },
        )*];
    };
}

struct Row {
    name: Name,
    text: &'static str,
    read_only: ReadOnly,
    kind: Kind,
    about: &'static str,
}

/// Whether `--readonly` (and settings to that effect) let the command run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ReadOnly {
    Allowed,
    Refused,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Changes PVs, VGs or LVs, and so takes `--plan`.
    Change,
    /// Writes reports, as text or as JSON.
    Report,
    /// Writes text for people or shells only.
    Text,
    Other,
}

names! {
    Config "config" Allowed Other, "Show and check settings";
    Devtypes "devtypes" Allowed Report, "List the kinds of block devices that are known";
    Dumpconfig "dumpconfig" Allowed Other, "Show and check settings";
    Formats "formats" Allowed Other, "List the metadata formats that are known";
    Fullreport "fullreport" Allowed Report, "Report on PVs, VGs, LVs and segments at once";
    Help "help" Allowed Text, "Show help on commands";
    Lastlog "lastlog" Allowed Report, "Show the log of the last command";
    Lvchange "lvchange" Allowed Change, "Change the attributes of LVs, or activate them";
    Lvconvert "lvconvert" Refused Change, "Change the layout of an LV";
    Lvcreate "lvcreate" Refused Change, "Create an LV";
    Lvdisplay "lvdisplay" Allowed Other, "Show LVs, one field to a line";
    Lvextend "lvextend" Refused Change, "Make an LV larger";
    Lvmchange "lvmchange" Refused Other, "Does nothing; kept for old scripts";
    Lvmconfig "lvmconfig" Allowed Other, "Show and check settings";
    Lvmdevices "lvmdevices" Refused Other, "Edit the devices file";
    Lvmdiskscan "lvmdiskscan" Allowed Other, "List the devices that could be PVs";
    Lvmsadc "lvmsadc" Refused Other, "Does nothing; kept for old scripts";
    Lvmsar "lvmsar" Refused Other, "Does nothing; kept for old scripts";
    Lvpoll "lvpoll" Refused Other, "Go on with a conversion or move that was begun";
    Lvreduce "lvreduce" Refused Change, "Make an LV smaller";
    Lvremove "lvremove" Refused Change, "Remove LVs";
    Lvrename "lvrename" Refused Change, "Rename an LV";
    Lvresize "lvresize" Refused Change, "Change the size of an LV";
    Lvs "lvs" Allowed Report, "Report on LVs";
    Lvscan "lvscan" Allowed Other, "List all LVs with their state";
    Pvchange "pvchange" Refused Change, "Change the attributes of PVs";
    Pvck "pvck" Refused Change, "Check and repair metadata on PVs";
    Pvcreate "pvcreate" Refused Change, "Make PVs out of devices or image files";
    Pvdata "pvdata" Refused Other, "Does nothing; kept for old scripts";
    Pvdisplay "pvdisplay" Allowed Other, "Show PVs, one field to a line";
    Pvmove "pvmove" Refused Change, "Move extents from one PV to another";
    Pvremove "pvremove" Refused Change, "Make PVs into plain devices again";
    Pvresize "pvresize" Refused Change, "Follow a change in the size of a device";
    Pvs "pvs" Allowed Report, "Report on PVs";
    Pvscan "pvscan" Allowed Other, "List all PVs";
    Segtypes "segtypes" Allowed Other, "List the segment types that are known";
    Systemid "systemid" Allowed Other, "Show the system ID of this host";
    Tags "tags" Allowed Other, "List the tags of this host";
    Version "version" Allowed Other, "Show the versions of rlvm, of the LVM2 it follows, and of the kernel's driver";
    Vgcfgbackup "vgcfgbackup" Allowed Other, "Write backup files of VG metadata";
    Vgcfgrestore "vgcfgrestore" Refused Change, "Put VG metadata from a file back on the PVs";
    Vgchange "vgchange" Allowed Change, "Change the attributes of VGs, or activate their LVs";
    Vgck "vgck" Refused Change, "Check the metadata of VGs";
    Vgconvert "vgconvert" Refused Other, "Does nothing; kept for old scripts";
    Vgcreate "vgcreate" Refused Change, "Create a VG out of PVs";
    Vgdisplay "vgdisplay" Allowed Other, "Show VGs, one field to a line";
    Vgexport "vgexport" Refused Change, "Make a VG unknown to this host";
    Vgextend "vgextend" Refused Change, "Add PVs to a VG";
    Vgimport "vgimport" Refused Change, "Make an exported VG known to this host";
    Vgimportclone "vgimportclone" Refused Change, "Give the VG of copied PVs a name and ids of its own";
    Vgimportdevices "vgimportdevices" Refused Other, "Add the PVs of VGs to the devices file";
    Vgmerge "vgmerge" Refused Change, "Merge two VGs into one";
    Vgmknodes "vgmknodes" Refused Other, "Make the nodes of active LVs in /dev";
    Vgreduce "vgreduce" Refused Change, "Take PVs out of a VG";
    Vgremove "vgremove" Refused Change, "Remove VGs";
    Vgrename "vgrename" Refused Change, "Rename a VG";
    Vgs "vgs" Allowed Report, "Report on VGs";
    Vgscan "vgscan" Allowed Other, "List all VGs";
    Vgsplit "vgsplit" Refused Change, "Move PVs from one VG into another";
    Batch "batch" Refused Change, "Make several changes of a VG as one";
    Export "export" Allowed Other, "Copy the content of an LV into a file";
    Import "import" Refused Change, "Copy a file into an LV";
    Kpartx "kpartx" Allowed Other, "Map the partitions of disks and images";
    Completion "completion" Allowed Text, "Write a shell's completion script";
}

impl Name {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.name)
    }

    /// The command called `text`.
    pub fn find(text: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.text == text).map(|row| row.name)
    }

    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// What it is called.
    pub fn text(self) -> &'static str {
        self.row().text
    }

    /// What it does, in a line.
    pub fn about(self) -> &'static str {
        self.row().about
    }

    /// Whether it may run where nothing may be written.
    pub fn permitted_read_only(self) -> bool {
        self.row().read_only == ReadOnly::Allowed
    }

    /// Whether it changes PVs, VGs or LVs.
    pub fn changes(self) -> bool {
        self.row().kind == Kind::Change
    }

    /// Whether it has a form for programs to read: `--reportformat json`.
    pub fn has_document(self) -> bool {
        self.row().kind != Kind::Text
    }

    /// Whether that document tells what was done and shown, line by line: those that report have their rows instead, and
    /// a batch has its changes.
    pub(crate) fn keeps_journal(self) -> bool {
        matches!(self.row().kind, Kind::Change | Kind::Other) && self != Self::Batch
    }

    /// Whether it keeps a command log and is no report itself: those whose work LVM2 does object by object (2.03.40:
    /// who calls init_processing_handle in its tools).
    pub(crate) fn has_log(self) -> bool {
        let shows = matches!(
            self,
            Self::Lvdisplay
                | Self::Lvscan
                | Self::Pvdisplay
                | Self::Pvscan
                | Self::Vgcfgbackup
                | Self::Vgdisplay
                | Self::Vgimportdevices
                | Self::Vgmknodes
                | Self::Vgscan
        );
        let whole = matches!(
            self,
            Self::Pvck
                | Self::Vgcfgrestore
                | Self::Vgimportclone
                | Self::Vgmerge
                | Self::Vgsplit
                | Self::Batch
                | Self::Import
        );
        shows || (self.changes() && !whole)
    }

    /// Whether LVM2 has it too.
    pub fn is_lvm2(self) -> bool {
        self < Self::Batch
    }

    /// Whether `--profile` means a metadata profile here, and not a command profile.
    pub fn takes_metadata_profile(self) -> bool {
        matches!(self, Self::Lvcreate | Self::Lvconvert | Self::Vgcreate | Self::Lvchange | Self::Vgchange)
    }

    /// Whether `-l EXTENTS` may stand for a required `-L SIZE`.
    pub fn takes_extents_for_size(self) -> bool {
        matches!(self, Self::Lvcreate | Self::Lvextend | Self::Lvreduce | Self::Lvresize)
    }
}

#[cfg(test)]
mod tests {
    use super::{Name, TABLE};

    #[test]
    fn each_row_stands_at_its_commands_number() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.name as usize, index);
            assert_eq!(Name::find(row.text), Some(row.name));
        }
    }
}
