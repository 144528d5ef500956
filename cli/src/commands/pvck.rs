//! `pvck`: what stands in the headers and metadata areas of a PV, sound or not, and putting it right.

mod backup;
mod found;
mod headers;
mod repair;
mod search;
mod settings;
mod source;
mod text;

use crate::change::Refusal;
use crate::exit::Exit;
use crate::forms::FormId;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;
use headers::{Areas, Fields};
use settings::Settings;
use source::Source;
use std::path::{Path, PathBuf};

/// What came of a dump: whether everything was in order.
type Sound = Result<bool, Refusal>;

/// The sector of the label where nothing else is said.
const LABEL_SECTOR: u64 = 1;

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    let done = match parsed.form() {
        FormId::PvckDump => dump(parsed, world),
        FormId::PvckRepair | FormId::PvckRepairType => repair::run(parsed, world),
        _ => found::run(parsed, world),
    };
    done.unwrap_or_else(|exit| exit)
}

fn label_sector(parsed: &Parsed) -> u64 {
    parsed.number(Opt::Labelsector).unwrap_or(LABEL_SECTOR)
}

fn dump(parsed: &Parsed, world: &mut World) -> Result<Exit, Exit> {
    let word = &parsed.words()[0];
    let source = source(parsed, world, word)?;
    let settings = Settings::read(parsed).map_err(|refusal| refusal.tell(world))?;
    let file = parsed.os(Opt::File).map(PathBuf::from);
    let dump = Dump { parsed, source: &source, settings: &settings, file: file.as_deref() };
    let sound = match parsed.str(Opt::Dump).unwrap_or_default() {
        "headers" => dump.headers(world),
        "metadata" => dump.metadata(world, What::Current),
        "metadata_all" => dump.metadata(world, What::All),
        "metadata_area" => dump.metadata(world, What::Area),
        "metadata_search" => search::run(&dump, world),
        _ => backup::run(&dump, world),
    };
    match sound {
        Ok(true) => Ok(Exit::OK),
        Ok(false) => {
            world.error("Found bad header or metadata values.");
            Ok(Exit::FAILED)
        }
        Err(refusal) => Ok(refusal.tell(world)),
    }
}

/// What is read: a regular file as it stands, which may be a part of a disk; or a device that may be used.
fn source(parsed: &Parsed, world: &mut World, word: &str) -> Result<Source, Exit> {
    let path = Path::new(word);
    let Ok(meta) = std::fs::metadata(path) else {
        world.error(format_args!("Cannot access {word}."));
        return Err(Exit::FAILED);
    };
    if meta.is_file() {
        return Source::file(path).map_err(|error| {
            world.error(format_args!("Cannot use {word}: {error}"));
            Exit::FAILED
        });
    }
    let session = Session::open(parsed, world)?;
    match session.found().disks.find(path) {
        Some(entry) => Ok(Source::disk(entry.disk())),
        None => {
            world.error(format_args!("Cannot use {word}: {}.", session.why_not(path)));
            Err(Exit::FAILED)
        }
    }
}

/// What is dumped of a metadata area.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Current,
    All,
    Area,
}

/// A dump, as it was asked for.
struct Dump<'a> {
    parsed: &'a Parsed,
    source: &'a Source,
    settings: &'a Settings,
    file: Option<&'a Path>,
}

impl Dump<'_> {
    /// The number of the metadata area that is meant, where one is named.
    fn area_number(&self) -> Option<u64> {
        self.settings.mda_num.or_else(|| self.parsed.number(Opt::Pvmetadatacopies))
    }

    fn label(&self, world: &mut World, fields: Fields) -> (bool, Areas) {
        headers::label(world, self.source, label_sector(self.parsed), fields)
    }

    fn headers(&self, world: &mut World) -> Sound {
        let (mut sound, areas) = self.label(world, Fields::Shown);
        if areas.areas.is_empty() {
            world.print("zero metadata copies");
            return Ok(true);
        }
        let mut checksums = Vec::new();
        for area in areas.areas.iter().take(2) {
            let header = headers::area(world, self.source, *area, Fields::Shown);
            sound &= header.sound;
            if let Some(locn) = header.text {
                sound &= text::current(world, self.source, *area, locn, Fields::Shown)?.sound;
            }
            checksums.extend(header.checksum.filter(|sum| *sum != 0));
        }
        if let [first, second] = checksums.as_slice()
            && first != second
        {
            world.print("CHECK: mdas have different raw_locn[0].checksum values");
        }
        Ok(sound)
    }

    fn metadata(&self, world: &mut World, what: What) -> Sound {
        if self.file.is_some_and(Path::exists) {
            return Err(Refusal::words("File already exists."));
        }
        let (mut sound, areas) = self.label(world, Fields::Hidden);
        if areas.areas.is_empty() {
            world.print("zero metadata copies");
            return Ok(true);
        }
        let number = self.area_number().unwrap_or(1);
        let area = match (number, areas.areas.as_slice()) {
            (1, [first, ..]) => *first,
            (2, [_, second, ..]) => *second,
            (2, _) => {
                world.print("CHECK: second mda not found");
                return Ok(false);
            }
            _ => return Ok(sound),
        };
        let header = headers::area(world, self.source, area, Fields::Hidden);
        sound &= header.sound;
        if what == What::Area {
            return Ok(sound & text::area(world, self.source, area, self.file)?);
        }
        let Some(locn) = header.text else { return Ok(sound) };
        if what == What::All {
            let Some(bytes) = self.source.read(area.offset, area.size) else {
                world.print(text::unreadable(area));
                return Ok(false);
            };
            search::all(self, world, area, &bytes)?;
            return Ok(sound);
        }
        let current = text::current(world, self.source, area, locn, Fields::Hidden)?;
        world.print(current.line());
        text::give(world, self.file, current.text())?;
        Ok(sound & current.sound)
    }
}
