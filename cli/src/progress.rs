//! How far a long copy is: a bar where a person looks, and an end where one asks for it.

use crate::world::World;
use engine::copy::CopyError;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Of one copy.
pub(crate) struct Progress {
    bar: ProgressBar,
    interrupted: Option<Arc<AtomicBool>>,
}

impl Progress {
    /// Shown on standard error, if that is a terminal and nothing said to be quiet. `bytes`: how many there
    /// will be, where that is known.
    pub(crate) fn new(world: &mut World, what: &str, bytes: Option<u64>) -> Self {
        world.watch_signals();
        let shown = world.terminal.shows_progress() && !world.out.level.silent;
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let template = match bytes {
            Some(_) => "  {msg} {bar:30} {percent}% {bytes}/{total_bytes} {bytes_per_sec} {eta}",
            None => "  {msg} {bytes} {bytes_per_sec}",
        };
        let style = ProgressStyle::with_template(template);
        let bar = ProgressBar::with_draw_target(bytes, target)
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar: bar.with_message(what.to_owned()), interrupted: world.interrupted.clone() }
    }

    /// So many bytes are done. Gives whether to go on.
    pub(crate) fn at(&self, bytes: u64) -> bool {
        self.bar.set_position(bytes);
        !self.interrupted.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed))
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Waiting that a signal ended is no failure to read or write.
pub(crate) fn interrupted(world: &World, error: CopyError) -> CopyError {
    match error {
        CopyError::Read { done, .. } | CopyError::Write { done, .. } if world.is_interrupted() => {
            CopyError::Interrupted { done }
        }
        error => error,
    }
}
