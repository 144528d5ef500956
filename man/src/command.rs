//! The page of one command.

use crate::markdown::render;
use crate::roff::{Roff, bold, call, escape};
use cli::page::{OptionText, Page};

/// Renders it.
pub(crate) fn page(page: &Page) -> String {
    let title = format!("rlvm-{}", page.name);
    let mut roff = Roff::new(&title);
    roff.section("name");
    roff.line(&format!("{} \\- {}", escape(&title), escape(&lower_first(page.about))));
    roff.section("synopsis");
    for form in &page.forms {
        if !form.about.is_empty() {
            roff.paragraph();
            roff.line(&format!("{}:", escape(form.about)));
        }
        roff.paragraph();
        roff.line(&format!("{} {}", bold("rlvm"), call(&form.call)));
    }
    if !page.body.is_empty() {
        roff.section("description");
        render(&mut roff, page.body);
    }
    if !page.options.is_empty() {
        roff.section("options");
        options(&mut roff, &page.options);
    }
    roff.section("see also");
    roff.line(&format!(
        "{}(8): names, sizes, the options of every command, exit statuses, files.",
        bold("rlvm")
    ));
    roff.finish()
}

/// A list of options.
pub(crate) fn options(roff: &mut Roff, options: &[OptionText]) {
    for option in options {
        roff.item(&call(&option.shown));
        roff.line(&format!("{}.", escape(option.about)));
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), text.chars().nth(1)) {
        // Names such as `VG` keep their capitals.
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}
