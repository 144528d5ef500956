//! VG text, written line by line as LVM2's lib/format_text/export.c lays it out.
//!
//! On disk ([`Style::Disk`]) there is no indentation and no explaining comment, but the blank lines are the
//! same; in backup and archive files ([`Style::File`]) lines are indented with tabs and comments stand in a
//! column of their own where they can.

use std::fmt::{self, Display};
use std::io::Write;

use units::Sectors;

use crate::number;
use crate::print;
use crate::quote;
use crate::tree::{Node, Value};

/// Which of LVM2's two layouts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Metadata areas: no indentation, no explaining comments.
    Disk,
    /// Backup and archive files: tabs and comments.
    File,
}

/// LVM2 indents no deeper than this.
const DEEPEST_INDENT: usize = 5;
/// The tab stop at which explaining comments begin where the line is short enough.
const COMMENT_TAB: usize = 6;

/// Builds a text. Each method writes one line (or opens one that the next call ends).
#[derive(Clone, Debug)]
pub struct Writer {
    out: Vec<u8>,
    style: Style,
    indent: usize,
}

impl Writer {
    /// An empty text.
    pub fn new(style: Style) -> Self {
        Self::with_capacity(style, 0)
    }

    /// An empty text with room for that many bytes.
    pub fn with_capacity(style: Style, bytes: usize) -> Self {
        Self { out: Vec::with_capacity(bytes), style, indent: 0 }
    }

    /// The style it was made with.
    pub fn style(&self) -> Style {
        self.style
    }

    /// The text so far.
    pub fn as_bytes(&self) -> &[u8] {
        &self.out
    }

    /// The finished text. No NUL at the end: that belongs to the metadata area.
    pub fn finish(self) -> Vec<u8> {
        self.out
    }

    /// `name {`
    pub fn begin(&mut self, name: &str) {
        self.open(name, " {");
    }

    /// `}`
    pub fn end(&mut self) {
        self.close("}");
    }

    /// `key = [`, whose items stand on lines of their own, as the areas of a segment do.
    pub fn begin_array(&mut self, key: &str) {
        self.open(key, " = [");
    }

    /// A line of such an array: values with `, ` between and a comma at the end unless it is the last line.
    pub fn array_line(&mut self, values: &[Value<'_>], last: bool) {
        self.start_line();
        print::push_values(&mut self.out, values, ", ");
        if !last {
            self.out.push(b',');
        }
        self.out.push(b'\n');
    }

    /// `]`
    pub fn end_array(&mut self) {
        self.close("]");
    }

    /// An empty line, in both styles.
    pub fn blank(&mut self) {
        self.out.push(b'\n');
    }

    /// A line as it is: a comment, or a line in a form that nothing here writes. No escaping is done.
    pub fn line(&mut self, line: impl AsRef<[u8]>) {
        self.start_line();
        self.out.extend_from_slice(line.as_ref());
        self.out.push(b'\n');
    }

    /// Begins `key = `; the value follows with a method of [`Entry`].
    pub fn key<'w>(&'w mut self, key: &'w str) -> Entry<'w> {
        Entry { writer: self, key, note: Note::None }
    }

    /// `key = number`, for [`Entry::int`] without a comment.
    pub fn int(&mut self, key: &str, number: impl Into<i128>) {
        self.key(key).int(number);
    }

    /// `key = "text"`, for [`Entry::str`] without a comment.
    pub fn str(&mut self, key: &str, text: impl AsRef<[u8]>) {
        self.key(key).str(text);
    }

    /// `key = ["a", "b"]` or `key = []`, for [`Entry::strs`] without a comment.
    pub fn strs<S: AsRef<[u8]>>(&mut self, key: &str, texts: impl IntoIterator<Item = S>) {
        self.key(key).strs(texts);
    }

    /// Nodes in the layout of libdm's dm_config_write_node, which LVM2 uses for what it keeps without
    /// knowing it: `key=value`, with tabs of its own from the second level on, in both styles.
    pub fn nodes(&mut self, nodes: &[Node<'_>]) {
        let mut text = Vec::new();
        print::push_nodes(&mut text, nodes, print::Spacing::Tight);
        for line in text.strip_suffix(b"\n").into_iter().flat_map(|text| text.split(|&b| b == b'\n')) {
            self.line(line);
        }
    }

    fn open(&mut self, name: &str, bracket: &str) {
        self.start_line();
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(bracket.as_bytes());
        self.out.push(b'\n');
        self.indent += 1;
    }

    fn close(&mut self, bracket: &str) {
        self.indent = self.indent.saturating_sub(1);
        self.line(bracket);
    }

    fn start_line(&mut self) {
        if self.style == Style::File {
            let tabs = self.indent.min(DEEPEST_INDENT);
            self.out.extend(std::iter::repeat_n(b'\t', tabs));
        }
    }

    fn push(&mut self, text: fmt::Arguments<'_>) {
        // Writing to a Vec cannot fail.
        let _ = self.out.write_fmt(text);
    }

    /// Tabs up to the column of comments, at least one, given the length of the line without its indent.
    fn align(&mut self, line_len: usize) {
        let stop = line_len / 8 + self.indent.min(DEEPEST_INDENT) + 1;
        let tabs = COMMENT_TAB.saturating_sub(stop).max(1);
        self.out.extend(std::iter::repeat_n(b'\t', tabs));
    }
}

/// What follows a value on its line.
#[derive(Clone, Copy, Debug)]
enum Note<'w> {
    None,
    /// Aligned, in files only.
    Aligned(&'w str),
    /// Aligned, in files only: a size.
    Size(Sectors),
    /// After one tab, in both styles.
    Always(&'w [u8]),
}

/// A key whose value is about to be written.
#[derive(Debug)]
#[must_use = "nothing is written before the value"]
pub struct Entry<'w> {
    writer: &'w mut Writer,
    key: &'w str,
    note: Note<'w>,
}

impl<'w> Entry<'w> {
    /// Adds an explaining comment (`# Hint only`), which only files get. The `#` is the caller's.
    pub fn note(mut self, comment: &'w str) -> Self {
        self.note = Note::Aligned(comment);
        self
    }

    /// Adds the size in a readable unit (`# 4 Megabytes`), which only files get.
    pub fn size(mut self, size: Sectors) -> Self {
        self.note = Note::Size(size);
        self
    }

    /// Adds a comment that both styles get, after one tab, as on `creation_time`. The `#` is the caller's.
    pub fn comment(mut self, comment: &'w (impl AsRef<[u8]> + ?Sized)) -> Self {
        self.note = Note::Always(comment.as_ref());
        self
    }

    /// A whole number.
    pub fn int(self, number: impl Into<i128>) {
        let number = number.into();
        self.written(|writer| number::push(&mut writer.out, number));
    }

    /// A string, quoted and escaped.
    pub fn str(self, text: impl AsRef<[u8]>) {
        self.written(|writer| quote::push_quoted(&mut writer.out, text.as_ref()));
    }

    /// An array of strings on one line.
    pub fn strs<S: AsRef<[u8]>>(self, texts: impl IntoIterator<Item = S>) {
        self.written(|writer| {
            writer.out.push(b'[');
            for (n, text) in texts.into_iter().enumerate() {
                if n > 0 {
                    writer.out.extend_from_slice(b", ");
                }
                quote::push_quoted(&mut writer.out, text.as_ref());
            }
            writer.out.push(b']');
        });
    }

    /// Any value on one line.
    pub fn value(self, value: &Value<'_>) {
        self.written(|writer| print::push_value(&mut writer.out, value, ", "));
    }

    fn written(self, value: impl FnOnce(&mut Writer)) {
        let Self { writer, key, note } = self;
        writer.start_line();
        let start = writer.out.len();
        writer.out.extend_from_slice(key.as_bytes());
        writer.out.extend_from_slice(b" = ");
        value(writer);
        let len = writer.out.len() - start;
        match (note, writer.style) {
            (Note::Aligned(comment), Style::File) => {
                writer.align(len);
                writer.out.extend_from_slice(comment.as_bytes());
            }
            (Note::Size(size), Style::File) => {
                writer.align(len);
                writer.push(format_args!("{}", SizeNote(size)));
            }
            (Note::Always(comment), _) => {
                writer.out.push(b'\t');
                writer.out.extend_from_slice(comment);
            }
            (Note::None, _) | (Note::Aligned(_) | Note::Size(_), Style::Disk) => {}
        }
        writer.out.push(b'\n');
    }
}

/// A size as LVM2's files explain it: `# 1.5 Gigabytes`; the unit goes up once there are more than 1024.
struct SizeNote(Sectors);

impl Display for SizeNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [&str; 6] =
            ["Kilobytes", "Megabytes", "Gigabytes", "Terabytes", "Petabytes", "Exabytes"];
        let mut size = self.0.get() as f64 / 2.0;
        let mut unit = 0;
        while size > 1024.0 && unit < UNITS.len() - 1 {
            size /= 1024.0;
            unit += 1;
        }
        write!(f, "# {} {}", number::general(size), UNITS[unit])
    }
}
