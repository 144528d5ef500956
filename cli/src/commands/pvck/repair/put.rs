//! Writing what was repaired, after asking; or showing what would be written.

use super::Repair;
use crate::change::{Refusal, show};
use crate::options::Opt;
use crate::world::World;
use serde::Serialize;
use units::Bytes;

/// What is written on a device, as data.
#[derive(Serialize)]
struct Written<'a> {
    device: &'a str,
    what: &'a str,
    /// The first and the last byte of each place.
    bytes: Vec<(u64, u64)>,
}

impl<'a> Written<'a> {
    fn new(device: &'a str, what: &'a str, writes: &[(u64, &[u8])]) -> Self {
        let bytes = writes.iter().map(|(at, bytes)| (*at, at + bytes.len() as u64 - 1)).collect();
        Self { device, what, bytes }
    }
}

impl Repair<'_> {
    /// Asks whether to write, where only yes leads on.
    pub(super) fn confirm(&self, world: &mut World, question: &str) -> bool {
        self.parsed.flag(Opt::Plan) || world.confirm(self.parsed, question)
    }

    /// Asks, and writes at those places; or only shows that.
    pub(super) fn put(&self, world: &mut World, what: &str, writes: &[(u64, &[u8])]) -> Result<(), Refusal> {
        let question = format!("Write new LVM {what} to {}?", self.name);
        if self.parsed.flag(Opt::Plan) {
            self.show(world, what, writes);
            return Ok(());
        }
        if self.parsed.flag(Opt::Test) {
            world.warn("Skip writing in test mode.");
            return Ok(());
        }
        if !self.confirm(world, &question) {
            return Err(Refusal::words(format!("{} is not repaired.", self.name)));
        }
        for (at, bytes) in writes {
            let written =
                pv::write_in_blocks(&*self.disk, Bytes::new(*at), bytes).and_then(|()| self.disk.flush());
            written
                .map_err(|error| Refusal::failed(&error).line(format!("Failed to write to {}", self.name)))?;
        }
        world.record(|| Written::new(&self.name, what, writes));
        Ok(())
    }

    /// `--plan`.
    fn show(&self, world: &mut World, what: &str, writes: &[(u64, &[u8])]) {
        let written = Written::new(&self.name, what, writes);
        let asks = match self.parsed.flag(Opt::Yes) {
            true => Vec::new(),
            false => vec![format!("whether to write new LVM {what} to {}", self.name)],
        };
        if show::is_json(self.parsed) {
            return world.planned(&written, &asks);
        }
        for (first, last) in &written.bytes {
            world.report(format_args!("DISK  overwrite {} (bytes {first}-{last}): {what}", self.name));
        }
        show::end(world, &asks);
    }
}
