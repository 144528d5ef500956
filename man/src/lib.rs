//! The manual pages, rendered from what the command line knows of itself.
//!
//! Owns: roff, and which pages there are. Knows no command. Begin with [`all`].
#![forbid(unsafe_code)]

mod command;
mod markdown;
mod overview;
mod roff;

/// A page as it is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManPage {
    /// The file's name: `rlvm-lvcreate.8`.
    pub file: String,
    /// The file's content.
    pub roff: String,
}

/// All pages: rlvm.8, and one for each command that is done.
pub fn all() -> Vec<ManPage> {
    let mut pages = vec![ManPage { file: "rlvm.8".into(), roff: overview::page() }];
    for page in cli::page::pages() {
        pages.push(ManPage { file: format!("rlvm-{}.8", page.name), roff: command::page(&page) });
    }
    pages
}

#[cfg(test)]
mod tests {
    use super::all;
    use crate::markdown::render;
    use crate::roff::Roff;
    use cli::Name;

    const REQUESTS: &[&str] = &[".TH", ".SH", ".PP", ".TP", ".IP", ".RS", ".RE", ".nf", ".fi", ".nh", ".ad"];

    fn check(page: &str) {
        for line in page.lines() {
            let request = line.split(' ').next().unwrap_or_default();
            let plain = !line.starts_with(['.', '\'']);
            assert!(plain || REQUESTS.contains(&request), "{line}");
            assert!(!line.contains('`') && !line.starts_with('#'), "{line}");
        }
    }

    #[test]
    fn every_page_is_made_of_known_requests_and_has_its_sections() {
        let pages = all();
        assert!(pages.iter().any(|page| page.file == "rlvm.8"));
        for page in pages {
            check(&page.roff);
            assert!(
                page.roff.contains(".SH NAME\n") && page.roff.contains(".SH SYNOPSIS\n"),
                "{}",
                page.file
            );
        }
    }

    #[test]
    fn every_body_leaves_no_markdown_behind() {
        for body in Name::all().filter_map(cli::commands::page) {
            let mut roff = Roff::new("x");
            render(&mut roff, body);
            check(&roff.finish());
        }
    }
}
