//! One VG across its PVs: which copy of its text is the truth, and how the next one becomes it.
//!
//! Owns: reading ([`scan`], [`read_vg`]), the two-phase commit ([`Change`]), removing a VG ([`remove`]), locks
//! ([`lock()`]), backup and archive files. May not touch: device-mapper. Begin with
//! [`VgOnDisk`] and [`Change::stage`].
#![forbid(unsafe_code)]

mod backup;
mod commit;
mod file;
mod lock;
mod read;
mod state;
mod text;

pub use backup::{
    ArchiveFile, Archived, Backup, BackupError, archive, archives, backup, backup_to, description_after,
    description_before, read_backup, remove_backup,
};
pub use commit::{
    AreaError, AreaFailure, Change, CommitError, Committed, Finished, LabelError, Mark, MarkError, Mend,
    Pointed, RemoveError, StageError, Staged, Trouble, check_writable, remake, remove,
};
pub use file::FileError;
pub use lock::{Held, LockRequest, LockScope, lock};
pub use read::{Merits, ReadError, ReadOptions, Reason, read_vg, scan};
pub use state::{AreaOnDisk, Astray, DuplicatePv, Finding, Holds, PvOnDisk, Scan, VgOnDisk};
