//! What this host calls itself in VGs: its system id, by `global/system_id_source`.
//!
//! Facts: LVM2 2.03.40 lib/commands/toolcontext.c; systemd's sd_id128_get_machine_app_specific(3).

use crate::world::World;
use conf::settings::Settings;
use sha2::{Digest, Sha256};
use std::path::Path;

/// What LVM2 is called where ids of applications are made from a machine's.
const APPLICATION: [u8; 16] =
    [0xf6, 0x44, 0x06, 0x83, 0x2c, 0x21, 0x40, 0xe8, 0xac, 0x54, 0x22, 0xd1, 0x08, 0x9a, 0xae, 0x03];

/// A system id out of any text: characters that ids do not have are left out. None where nothing of use is left.
pub(crate) fn from_text(text: &str) -> Option<String> {
    let start = text.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    let id: String =
        start.chars().filter(|&c| c.is_ascii_alphanumeric() || "_.+-".contains(c)).take(128).collect();
    (!id.is_empty() && !id.starts_with("localhost")).then_some(id)
}

/// The host's system id by its source; tells why there is none where one was to be.
pub(super) fn of_host(settings: &Settings, world: &mut World) -> Option<String> {
    let source = settings.str("global/system_id_source").to_owned();
    let id = match source.to_ascii_lowercase().as_str() {
        "none" => return None,
        "lvmlocal" => settings.opt_str("local/system_id").and_then(from_text),
        "uname" => from_text(&world.host.name),
        "machineid" | "machine-id" => {
            from_file(world, &Path::new(settings.str("global/etc")).join("machine-id"))
        }
        "appmachineid" => {
            let machine = std::fs::read_to_string("/etc/machine-id").ok();
            machine.and_then(|text| of_application(text.trim()))
        }
        "file" => {
            let path = settings.opt_str("global/system_id_file").unwrap_or_default().to_owned();
            from_file(world, Path::new(&path))
        }
        _ => None,
    };
    if id.is_none() {
        world.warn(format_args!("WARNING: No system ID found from system_id_source {source}."));
    }
    id
}

/// The first line of a file that says something; a `#` begins a comment.
fn from_file(world: &mut World, path: &Path) -> Option<String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| {
            world.warn(format_args!("WARNING: {}: {error}", path.display()));
        })
        .ok()?;
    let says = |line: &str| line.split('#').next().unwrap_or_default().trim().to_owned();
    let mut lines = text.lines().map(says).filter(|line| !line.is_empty());
    let first = lines.next()?;
    if lines.next().is_some() {
        world.warn(format_args!("WARNING: Ignoring extra line(s) in system ID file {}.", path.display()));
    }
    from_text(&first)
}

/// The machine's id as LVM2 alone is to see it: a keyed hash (HMAC with SHA-256) in the form of a random UUID.
fn of_application(machine: &str) -> Option<String> {
    let digits: Vec<u8> = machine.chars().filter_map(|c| u8::try_from(c.to_digit(16)?).ok()).collect();
    let key: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    if key.len() != 16 || digits.len() != machine.len() {
        return None;
    }
    let padded = |with: u8| -> [u8; 64] {
        std::array::from_fn(|place| key.get(place).copied().unwrap_or_default() ^ with)
    };
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(APPLICATION).finalize();
    let mut id = Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize();
    id[6] = id[6] & 0x0f | 0x40;
    id[8] = id[8] & 0x3f | 0x80;
    Some(id[..16].iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_an_application_is_the_one_systemd_makes() {
        // systemd-id128 machine-id --app-specific=f64406832c2140e8ac5422d1089aae03
        let id = of_application("3d1219c7c4c5404aaa1f6d2a48adfda4");
        assert_eq!(id.unwrap(), "8904c2aa8c6a4e68973b69d39b56789b");
        assert_eq!(of_application("3d1219"), None);
        assert_eq!(of_application("x"), None);
    }

    #[test]
    fn a_text_loses_what_ids_do_not_have() {
        assert_eq!(from_text("  .host name/1\n").unwrap(), "hostname1");
        assert_eq!(from_text("localhost7"), None);
        assert_eq!(from_text("--"), None);
        assert_eq!(from_text(&"a".repeat(129)).unwrap().len(), 128);
    }
}
