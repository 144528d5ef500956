//! A second process for the time in which I/O is held back: should the command die there, this one lets it
//! through again.
//!
//! ```text
//! command                                   guardian (this program again, its memory locked,
//!                                                     holding the VG's lock too)
//! spawn ----------------------------------> reads
//! cookie lines, as soon as there are any -> remembers
//! node and mark lines, `watch` -----------> opens the disks, reads the marks once, locks its memory
//!                        <----------------- `ready`, or why it cannot serve
//! suspend, commit, resume, settle udev
//! `done` ---------------------------------> exits
//! (dies) ---------------------------------> reads the marks: committed = resume, else clear and resume;
//!                                           takes the cookies away
//! ```

mod keep;
mod list;
mod spawn;

pub use keep::{KeepError, Open, Outcome, run};
pub use list::{Duties, ListError};
pub use spawn::{Guardian, GuardianError, Spawn};
