//! A folder with images, and a host without devices; commands run in it one after the other, in this process.
#![allow(dead_code, reason = "each file of tests uses a part of it")]

use cli::run;
use cli::world::World;
use device::Host;
use std::cell::Cell;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use tempfile::TempDir;

/// Where commands run. All images in it are in scope.
pub(crate) struct Place {
    folder: TempDir,
    host: Host,
    runs: Cell<u64>,
}

/// What a command said. The folder's name is left out.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) exit: u8,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Place {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let nowhere = folder.path().join("nowhere");
        let host = Host {
            sys: nowhere.join("sys"),
            dev: nowhere.join("dev"),
            proc: nowhere.join("proc"),
            ..Host::default()
        };
        Self { folder, host, runs: Cell::new(0) }
    }

    /// A folder with images of 8 MiB of these names, `.img` left out.
    pub(crate) fn with(images: &[&str]) -> Self {
        let place = Self::new();
        images.iter().for_each(|name| place.image(name, 8 << 20));
        place
    }

    /// Another one with the same files.
    pub(crate) fn copy(&self) -> Self {
        let copy = Self::new();
        copy_folder(self.folder.path(), copy.folder.path());
        copy
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Makes an image of zeros.
    pub(crate) fn image(&self, name: &str, len: u64) {
        fs::File::create(self.path(&format!("{name}.img"))).unwrap().set_len(len).unwrap();
    }

    /// Puts bytes into an image.
    pub(crate) fn put(&self, name: &str, at: usize, bytes: &[u8]) {
        let path = self.path(&format!("{name}.img"));
        let mut content = fs::read(&path).unwrap();
        content[at..at + bytes.len()].copy_from_slice(bytes);
        fs::write(path, content).unwrap();
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(&format!("{name}.img"))).unwrap()
    }

    /// Runs a command line. `%x` is the path of an image or a file; words in quotes may have blanks.
    pub(crate) fn run(&self, line: &str) -> Ran {
        self.answer(line, &[])
    }

    /// The same, with answers to questions.
    pub(crate) fn answer(&self, line: &str, answers: &[&str]) -> Ran {
        let images: Vec<String> =
            self.images().iter().map(|name| self.path(name).display().to_string()).collect();
        self.go(line, answers, &images.join(","))
    }

    /// The same, with these images in scope only.
    pub(crate) fn run_among(&self, images: &[&str], line: &str) -> Ran {
        let path = |name: &&str| self.path(&format!("{name}.img")).display().to_string();
        let images: Vec<String> = images.iter().map(path).collect();
        self.go(line, &[], &images.join(","))
    }

    fn go(&self, line: &str, answers: &[&str], devices: &str) -> Ran {
        self.runs.set(self.runs.get() + 1);
        let (mut world, streams) = World::seeded(self.runs.get() * 1000, self.host.clone(), answers);
        world.run_dir = self.path("run");
        world.env.set("RLVM_DEVICES", devices);
        world.env.set("LVM_SYSTEM_DIR", &self.path("etc").display().to_string());
        let mut words: Vec<OsString> = vec!["rlvm".into()];
        words.extend(split(line).into_iter().map(|word| self.filled(&word).into()));
        let exit = run(&words, &mut world).code();
        Ran { exit, out: self.text(&streams.out), err: self.text(&streams.err) }
    }

    /// Runs a command that has to succeed, and gives its standard output.
    pub(crate) fn ok(&self, line: &str) -> String {
        let ran = self.run(line);
        assert_eq!(ran.exit, 0, "{line}: {ran:?}");
        ran.out
    }

    /// Runs a command that has to end with that status, say that on standard error, and change no byte of any
    /// image, backup or archive.
    pub(crate) fn refused(&self, line: &str, exit: u8, says: &str) {
        let before = self.state();
        let ran = self.run(line);
        assert_eq!(ran.exit, exit, "{line}: {ran:?}");
        assert!(ran.err.contains(says), "{line}: {ran:?}");
        assert!(self.state() == before, "{line} changed something");
    }

    /// The host of its commands.
    pub(crate) fn host(&self) -> Host {
        self.host.clone()
    }

    /// Everything that stands in images, backups and archives.
    pub(crate) fn state(&self) -> Vec<(String, Vec<u8>)> {
        let mut files: Vec<PathBuf> = self.images().iter().map(|name| self.path(name)).collect();
        for folder in ["etc/backup", "etc/archive"] {
            let entries = fs::read_dir(self.path(folder)).into_iter().flatten();
            files.extend(entries.map(|entry| entry.unwrap().path()));
        }
        files.sort();
        files.into_iter().map(|path| (path.display().to_string(), fs::read(path).unwrap())).collect()
    }

    fn images(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.filter(|name| name.ends_with(".img")).collect();
        names.sort();
        names
    }

    fn filled(&self, word: &str) -> String {
        let Some((before, name)) = word.split_once('%') else { return word.to_owned() };
        let image = self.path(&format!("{name}.img"));
        let path = if image.exists() { image } else { self.path(name) };
        format!("{before}{}", path.display())
    }

    fn text(&self, stream: &Mutex<Vec<u8>>) -> String {
        let text = String::from_utf8_lossy(&stream.lock().unwrap()).into_owned();
        text.replace(&format!("{}/", self.folder.path().display()), "")
    }
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let (from, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if from.is_dir() {
            fs::create_dir(&to).unwrap();
            copy_folder(&from, &to);
        } else {
            fs::copy(from, to).unwrap();
        }
    }
}

/// The words of a line; what stands in single quotes is one word.
pub(crate) fn split(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), None::<String>, false);
    for c in line.chars() {
        match c {
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' if !quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}
