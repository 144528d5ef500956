//! `batch`: several changes of one VG as one.
//!
//! Every line is understood first; then each is planned on what the lines before it lead to
//! (`change::gather`), under one lock; then everything is carried out in one commit, or nothing is.

mod lines;
mod results;

use crate::change::gather::{self, Gathering};
use crate::change::{self, Begin};
use crate::exit::Exit;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::run::perform;
use crate::session::Session;
use crate::world::{Output, Scripted, Sink, World};
use lines::Line;
use results::{Results, Said};
use std::sync::{Arc, Mutex, PoisonError};
use vg::Purpose;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    let vg = super::vg_word(world, &parsed.words()[0]);
    batch(parsed, world, &vg).unwrap_or_else(|exit| {
        Results::none(&vg, parsed, world, exit);
        exit
    })
}

/// An error where no line was planned.
fn batch(parsed: &Parsed, world: &mut World, vg: &str) -> Result<Exit, Exit> {
    let lines = lines::read(parsed, world)?;
    let session = Session::open(parsed, world)?;
    let begin = match lines.iter().any(Line::regroups) {
        true => Begin::Regrouped(vg, Purpose::ChangeDespiteMissing),
        false => Begin::Existing(vg, Purpose::ChangeDespiteMissing),
    };
    let held = change::lock(world, &session, begin)?;
    let before = change::read(parsed, world, &session, begin)?;
    let before = change::rescue(parsed, world, &session, begin, before, &held)?;
    let Some(on_disk) = before.vg() else { return Err(Exit::FAILED) };
    let mut results = Results::new(vg, on_disk.vg.seqno);
    world.gathering = Some(Box::new(Gathering::new(session.found().clone(), on_disk, before.live())));
    let exit = gather_all(world, &lines, &mut results);
    let Some(gathering) = world.gathering.take() else { return Err(Exit::FAILED) };
    if !exit.is_ok() {
        return Ok(results.end(parsed, world, exit));
    }
    if gathering.is_empty() {
        results.nothing_to_do();
        return Ok(results.end(parsed, world, Exit::OK));
    }
    let whole = gathering.whole();
    results.look(&on_disk.vg, &whole.proposal.next);
    match gather::carry_out(parsed, world, &session, &before, whole, held) {
        Ok(Some(done)) => {
            results.committed();
            Ok(results.end(parsed, world, done.exit))
        }
        Ok(None) if parsed.flag(Opt::Plan) => Ok(Exit::OK),
        Ok(None) => Ok(results.end(parsed, world, Exit::OK)),
        Err(exit) => Ok(results.end(parsed, world, exit)),
    }
}

/// Plans one line after the other, up to the first that fails.
fn gather_all(world: &mut World, lines: &[Line], results: &mut Results) -> Exit {
    for line in lines {
        let (exit, said) = quietly(world, |world| perform(&line.parsed, world));
        let steps = world.gathering.as_mut().map(|gathering| std::mem::take(&mut gathering.steps));
        results.line(line, exit, said, steps.unwrap_or_default());
        if !exit.is_ok() {
            return exit;
        }
    }
    Exit::OK
}

/// Runs something whose words are kept, and which is told no to whatever it asks.
fn quietly(world: &mut World, work: impl FnOnce(&mut World) -> Exit) -> (Exit, Said) {
    let ((out_sink, out), (err_sink, err)) = (Sink::memory(), Sink::memory());
    let mut output = Output::new(out_sink, err_sink);
    output.level = world.out.level;
    let outer = std::mem::replace(&mut world.out, output);
    let terminal = std::mem::replace(&mut world.terminal, Box::new(Scripted::default()));
    let exit = work(world);
    world.out.flush();
    world.out = outer;
    world.terminal = terminal;
    let text = |bytes: &Arc<Mutex<Vec<u8>>>| {
        let bytes = bytes.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    };
    (exit, Said { out: text(&out), err: text(&err) })
}
