//! A VG as text, and text as a VG.
//!
//! There are two layouts: on disk, without indentation or explanations and with the provenance last; and in
//! backup and archive files, with both, and the provenance first. [`parse`] reads either. What it does not know
//! it keeps, with its place; a text that LVM2 wrote comes back byte for byte where nothing was changed.

mod early;
mod error;
mod extras;
mod fields;
mod flags;
mod lv;
mod names;
mod provenance;
mod pv;
mod raw;
mod read;
mod same;
mod segtype;
mod time;
mod write;

pub use error::{At, TextError, WriteError};
pub use same::says;
pub use time::{Zone, ctime};

use crate::model::{Provenance, Vg};
use conf::{Limits, Oddity, Tree};
use early::{Early, Ready};
use fields::Fields;
use read::Title;

/// What a text says.
#[derive(Clone, Debug, PartialEq)]
pub struct VgText {
    /// The VG.
    pub vg: Vg,
    /// Who wrote it down, when and why.
    pub provenance: Provenance,
    /// Whether a creation time was too large to be one, and another one is taken in its place
    /// ([`conf::Oddity::CreationTime`]).
    pub repaired_time: bool,
}

/// Reads a text of either layout, up to its end or its first NUL.
///
/// What it says is taken as it is: whether it makes sense is for [`crate::validate`] to say.
///
/// # Errors
/// The first thing that is not a VG's text, with its line.
pub fn parse(text: &[u8]) -> Result<VgText, TextError> {
    let mut early = Early::new(text, None);
    let tree = conf::parse_taking(text, Limits::default(), &mut |around, node| early.take(around, node))?;
    read_tree(text, &tree, early.ready())
}

/// Reads a text's tree, some of whose LVs are ready.
fn read_tree<'a>(text: &'a [u8], tree: &Tree<'a>, ready: Ready) -> Result<VgText, TextError> {
    let mut fields = Fields::new(text, &Title::Text, 0, &tree.root);
    let provenance = provenance::read(tree, &mut fields)?;
    let mut sections = tree.root.nodes().iter().filter_map(|node| Some((node, node.as_section()?)));
    let (node, section) = sections.next().ok_or(TextError::NoVg)?;
    if let Some((second, _)) = sections.next() {
        return Err(TextError::SecondVg { at: fields.at(second) });
    }
    let is_time = |oddity: &Oddity| matches!(oddity, Oddity::CreationTime { .. });
    let repaired_time = tree.oddities.iter().any(is_time);
    Ok(VgText { vg: read::vg(text, node, section, ready)?, provenance, repaired_time })
}

/// The text as it stands in a metadata area, its NUL included.
///
/// # Errors
/// A reference to something that the VG does not have, or a name that would break the text.
pub fn to_disk(vg: &Vg, provenance: &Provenance) -> Result<Vec<u8>, WriteError> {
    let mut text = write::text(vg, provenance, None)?;
    text.push(0);
    Ok(text)
}

/// The text as it stands in backup and archive files. LVs' times are shown in `zone`.
///
/// # Errors
/// A reference to something that the VG does not have, or a name that would break the text.
pub fn to_file(vg: &Vg, provenance: &Provenance, zone: Zone<'_>) -> Result<Vec<u8>, WriteError> {
    write::text(vg, provenance, Some(zone))
}
