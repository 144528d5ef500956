//! What users have to agree to, as questions.

use super::Sizes;
use crate::commands::Name;
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;
use metadata::plan::Consent;

/// What a VG is called whose metadata are missing.
const UNKNOWN: &str = "<unknown>";

/// Whether the command line agrees: `--yes`, or `--force` where what is forced is no more than that.
pub(crate) fn is_given(parsed: &Parsed, consent: &Consent) -> bool {
    let forced = match consent {
        Consent::InitialisePv { .. }
        | Consent::WipePv { .. }
        | Consent::PretendSize { .. }
        | Consent::ResizePv { .. }
        | Consent::RestoreActive { .. }
        | Consent::ChangeOwner { .. }
        | Consent::FileSystemSteps { .. } => false,
        // vgextend goes on as if it had not been forced (2.03.40: tools/vgextend.c).
        Consent::Wipe { .. } | Consent::ChangeCopies { .. } => parsed.name() != Name::Vgextend,
        Consent::Shrink { .. } | Consent::RemoveLv { .. } | Consent::RemoveVg { .. } => true,
    };
    parsed.flag(Opt::Yes) || (forced && parsed.flag(Opt::Force))
}

/// Warns of what is agreed to, also where nobody is asked.
pub(crate) fn warn(world: &mut World, session: &Session, consent: &Consent) {
    match consent {
        Consent::Shrink { to, active, open, .. } => {
            let state = match (active, open) {
                (true, true) => "active and open ",
                (true, false) => "active ",
                (false, _) => "",
            };
            let to = Sizes::new(session).show(*to);
            world.warn(format_args!("WARNING: Reducing {state}logical volume to {to}."));
            world.warn("THIS MAY DESTROY YOUR DATA (filesystem etc.)");
        }
        Consent::WipePv { device, vg } => {
            let vg = vg.as_deref().unwrap_or(UNKNOWN);
            world.warn(format_args!("WARNING: PV {device} is used by VG {vg}."));
        }
        Consent::ChangeCopies { vg, from, to } => world.warn(format_args!(
            "WARNING: Changing preferred number of copies of VG {vg} metadata from {from} to {to}"
        )),
        Consent::ResizePv { device, size, pretended } if pretended > size => world.warn(format_args!(
            "WARNING: {device}: Overriding real size {}. You could lose data.",
            Sizes::new(session).show(*size)
        )),
        Consent::ChangeOwner { to: None, .. } => {
            world.warn("WARNING: Removing the system ID allows unsafe access from other hosts.");
        }
        Consent::ChangeOwner { vg, to: Some(to), own, .. } => {
            match own {
                Some(own) => world.warn(format_args!(
                    "WARNING: Requested system ID {to} does not match local system ID {own}."
                )),
                None => world.warn("WARNING: No local system ID is set."),
            }
            world.warn(format_args!(
                "WARNING: Volume group {vg} might become inaccessible from this machine."
            ));
        }
        Consent::FileSystemSteps { .. }
        | Consent::Wipe { .. }
        | Consent::RestoreActive { .. }
        | Consent::ResizePv { .. }
        | Consent::InitialisePv { .. }
        | Consent::PretendSize { .. }
        | Consent::RemoveLv { .. }
        | Consent::RemoveVg { .. } => {}
    }
}

/// Asks. A no ends the command with status 5.
pub(crate) fn ask(
    world: &mut World,
    session: &Session,
    parsed: &Parsed,
    consent: &Consent,
) -> Result<(), Exit> {
    warn(world, session, consent);
    let sizes = Sizes::new(session);
    let (question, refusal) = match consent {
        Consent::Shrink { lv, .. } => {
            (format!("Do you really want to reduce {lv}?"), format!("Logical volume {lv} NOT reduced."))
        }
        Consent::FileSystemSteps { name, grows, steps } => {
            let (what, past) = if *grows { ("extend", "extended") } else { ("reduce", "reduced") };
            (
                format!("Continue with {name} file system {what} steps: {steps}?"),
                format!("File system not {past}."),
            )
        }
        Consent::Wipe { device, signature, offset } => (
            format!("WARNING: {signature} signature detected on {device} at offset {offset}. Wipe it?"),
            format!("Aborted wiping of {signature}."),
        ),
        Consent::InitialisePv { device, vg } => (
            format!(
                "Really INITIALIZE physical volume \"{device}\" of volume group \"{}\"",
                vg.as_deref().unwrap_or(UNKNOWN)
            ),
            format!("{device}: physical volume not initialized."),
        ),
        Consent::WipePv { device, vg } => {
            let vg = vg.as_deref().unwrap_or(UNKNOWN);
            (
                format!("Really WIPE LABELS from physical volume \"{device}\" of volume group \"{vg}\""),
                format!("{device}: physical volume label not removed."),
            )
        }
        Consent::PretendSize { device, size, pretended } => (
            format!(
                "WARNING: {device}: device size {} does not match requested size {}. Proceed?",
                sizes.show(*size),
                sizes.show(*pretended)
            ),
            format!("{device}: physical volume not initialized."),
        ),
        Consent::ResizePv { device, size, pretended } => {
            let compared = if pretended > size { "exceeds" } else { "is less than" };
            (
                format!(
                    "{device}: Requested size {} {compared} real size {}. Proceed? ",
                    sizes.show(*pretended),
                    sizes.show(*size)
                ),
                format!("Physical Volume {device} not resized."),
            )
        }
        Consent::ChangeCopies { vg, .. } => (
            format!("Override preferred number of copies of VG {vg} metadata?"),
            format!("Volume group {vg} not changed"),
        ),
        Consent::RestoreActive { vg, active } => (
            format!(
                "Do you really want to proceed with restore of volume group \"{vg}\", while {active} volume(s) \
                 are active?"
            ),
            "Restore aborted.".to_owned(),
        ),
        Consent::ChangeOwner { vg, from, to, .. } => (
            match to {
                Some(to) => format!("Set foreign system ID {to} on volume group {vg}?"),
                None => {
                    let from = from.as_deref().unwrap_or_default();
                    format!("Remove system ID {from} from volume group {vg}?")
                }
            },
            format!("Volume group {vg} system ID not changed."),
        ),
        Consent::RemoveLv { lv, active, discard } => {
            let state = if *active { "active " } else { "" };
            let discard = if *discard { "and DISCARD " } else { "" };
            (
                format!("Do you really want to remove {discard}{state}logical volume {lv}?"),
                format!("Logical volume {lv} not removed."),
            )
        }
        Consent::RemoveVg { vg, lvs } => (
            format!("Do you really want to remove volume group \"{vg}\" containing {lvs} logical volumes?"),
            format!("Volume group \"{vg}\" not removed"),
        ),
    };
    if world.confirm(parsed, &question) {
        return Ok(());
    }
    world.error(refusal);
    Err(Exit::FAILED)
}
