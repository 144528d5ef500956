//! Questions, asked and answered as LVM2's users and scripts expect.

use crate::options::Opt;
use crate::parsed::Parsed;
use crate::world::World;

impl World {
    /// Asks unless `-y` was given, which answers yes in silence. `question` ends without the choices, which
    /// are added: `Do you really want to remove ...?`. No input, `-qq` and an interrupt answer no.
    pub fn confirm(&mut self, parsed: &Parsed, question: &str) -> bool {
        parsed.flag(Opt::Yes) || self.ask(question)
    }

    /// Asks, whatever the options say.
    pub fn ask(&mut self, question: &str) -> bool {
        // From now on a signal is an answer: no.
        self.watch_signals();
        loop {
            self.out.err_bytes(format!("{question} [y/n]: ").as_bytes());
            let stop = self.interrupted.clone();
            let silent = self.out.level.silent;
            let line = if silent { None } else { self.terminal.read_line(stop).unwrap_or(None) };
            if self.is_interrupted() {
                self.out.err_bytes(b"\n");
                self.error("Interrupted.");
                return false;
            }
            let Some(line) = line else {
                self.out.err_bytes(b"[n]\n");
                return false;
            };
            match line.trim().to_ascii_lowercase().as_str() {
                "y" | "ye" | "yes" => return true,
                "n" | "no" => return false,
                _ => self.warn(format_args!("WARNING: Invalid input '{}'.", shortened(&line))),
            }
        }
    }
}

/// What was typed, cut where it grows long.
fn shortened(line: &str) -> String {
    let shown: String = line.chars().filter(|c| !c.is_control()).collect();
    match shown.char_indices().nth(8) {
        Some((end, _)) => format!("{}...", &shown[..end]),
        None => shown,
    }
}
