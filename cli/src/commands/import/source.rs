//! Where the bytes come from.

use crate::change::Refusal;
use crate::session::Session;
use crate::waiting::{self, Waiting};
use crate::world::World;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

/// A file, a device or a pipe.
pub(super) struct Source {
    /// What it is called.
    pub(super) name: String,
    /// The bytes, from the first.
    pub(super) reader: Box<dyn Bytes>,
    /// How many there are, where that is known.
    pub(super) len: Option<u64>,
    /// Whether they can be read again.
    pub(super) rewinds: bool,
    /// Whether answers cannot come from standard input, since the bytes do.
    pub(super) is_standard_input: bool,
}

/// Bytes that can be read, and perhaps again.
pub(super) trait Bytes: Read {
    /// Back to the first byte.
    fn rewind(&mut self) -> io::Result<()>;
}

impl Bytes for File {
    fn rewind(&mut self) -> io::Result<()> {
        Seek::rewind(self)
    }
}

impl Bytes for Waiting {
    fn rewind(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::NotSeekable.into())
    }
}

impl Source {
    /// Opens what the word names.
    pub(super) fn open(world: &mut World, session: &Session, word: &OsStr) -> Result<Self, Refusal> {
        if word == OsStr::new("-") {
            world.watch_signals();
            let name = "standard input".to_owned();
            let stdin = waiting::stdin(world.interrupted.clone());
            let wrong = |error: io::Error| Refusal::words(format!("Cannot read {name}: {error}."));
            return Ok(Self {
                reader: Box::new(stdin.map_err(wrong)?),
                name,
                len: None,
                rewinds: false,
                is_standard_input: true,
            });
        }
        let path = Path::new(word);
        let name = path.display().to_string();
        if session.found().disks.find(path).is_some() {
            return Err(Refusal::words(format!("{name} may hold a PV, and is not read as a file.")));
        }
        let wrong = |error: io::Error| Refusal::words(format!("Cannot read {name}: {error}."));
        let mut file = File::open(path).map_err(wrong)?;
        let stat = file.metadata().map_err(wrong)?;
        if stat.is_dir() {
            return Err(Refusal::words(format!("{name} is a directory.")));
        }
        let rewinds = stat.is_file() || stat.file_type().is_block_device();
        let len = match rewinds {
            true => Some(file.seek(SeekFrom::End(0)).and_then(|len| Seek::rewind(&mut file).map(|()| len)))
                .transpose()
                .map_err(wrong)?,
            false => None,
        };
        let reader: Box<dyn Bytes> = match waiting::may_wait(&file) {
            true => {
                world.watch_signals();
                Box::new(Waiting::new(file, world.interrupted.clone()))
            }
            false => Box::new(file),
        };
        Ok(Self { name, reader, len, rewinds, is_standard_input: false })
    }

    /// Back to the first byte.
    pub(super) fn rewind(&mut self) -> Result<(), Refusal> {
        let name = &self.name;
        self.reader.rewind().map_err(|error| Refusal::words(format!("Cannot read {name}: {error}.")))
    }
}
