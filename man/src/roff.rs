//! The few requests of man(7) that the pages need.

/// A page being written.
#[derive(Clone, Debug)]
pub(crate) struct Roff(String);

impl Roff {
    /// Begins the page `name` of section 8. Pages carry no date, so that they are the same from each build.
    pub(crate) fn new(name: &str) -> Self {
        let version = env!("CARGO_PKG_VERSION");
        Self(format!(".TH {} 8 \"\" \"rlvm {version}\" \"rlvm\"\n.nh\n.ad l\n", escape(&name.to_uppercase())))
    }

    /// Begins a section.
    pub(crate) fn section(&mut self, title: &str) {
        self.request(&format!(".SH {}", escape(&title.to_uppercase())));
    }

    /// Begins a paragraph.
    pub(crate) fn paragraph(&mut self) {
        self.request(".PP");
    }

    /// Begins an item of a list, indented below `head`, which is roff already.
    pub(crate) fn item(&mut self, head: &str) {
        self.request(".TP");
        self.line(head);
    }

    /// Begins an item with a bullet.
    pub(crate) fn bullet(&mut self) {
        self.request(".IP \\(bu 2");
    }

    /// Lines that keep their breaks and their indentation.
    pub(crate) fn example(&mut self, lines: &[&str]) {
        self.request(".PP\n.RS 4\n.nf");
        for line in lines {
            self.line(&escape(line));
        }
        self.request(".fi\n.RE");
    }

    /// A line of text that is roff already.
    pub(crate) fn line(&mut self, text: &str) {
        // A dot or an apostrophe at the start of a line would make it a request.
        if text.starts_with(['.', '\'']) {
            self.0.push_str("\\&");
        }
        self.0.push_str(text);
        self.0.push('\n');
    }

    fn request(&mut self, request: &str) {
        self.0.push_str(request);
        self.0.push('\n');
    }

    /// The page.
    pub(crate) fn finish(self) -> String {
        self.0
    }
}

/// Text with everything that roff would take for its own made plain.
pub(crate) fn escape(text: &str) -> String {
    text.replace('\\', "\\e").replace('-', "\\-").replace('~', "\\(ti").replace('^', "\\(ha")
}

/// Text in bold: what is typed as it stands.
pub(crate) fn bold(text: &str) -> String {
    format!("\\fB{}\\fR", escape(text))
}

/// Text in italics: what stands for something else.
pub(crate) fn italic(text: &str) -> String {
    format!("\\fI{}\\fR", escape(text))
}

/// A call or an option as pages show it: literal words bold, capitalised ones, which stand for something,
/// in italics.
pub(crate) fn call(text: &str) -> String {
    let mut shown = String::new();
    let mut word = String::new();
    for c in text.chars().chain(std::iter::once(' ')) {
        if c.is_ascii_alphanumeric() || "-_%".contains(c) {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            let stands_for = word.starts_with(|c: char| c.is_ascii_uppercase());
            shown.push_str(&if stands_for { italic(&word) } else { bold(&word) });
            word.clear();
        }
        shown.push_str(&escape(&c.to_string()));
    }
    shown.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Roff, call};

    #[test]
    fn no_line_of_text_becomes_a_request() {
        let mut roff = Roff::new("x");
        roff.line(".conf");
        assert!(roff.finish().ends_with("\n\\&.conf\n"));
    }

    #[test]
    fn what_is_typed_is_bold_and_what_stands_for_something_is_not() {
        assert_eq!(call("-L|--size Size"), "\\fB\\-L\\fR|\\fB\\-\\-size\\fR \\fISize\\fR");
    }
}
