//! The part of Markdown that the commands' pages use: paragraphs, `##` headings, `-` items, indented
//! examples, `code` and *emphasis*.

use crate::roff::{Roff, bold, escape, italic};

/// Adds `text` to the page.
pub(crate) fn render(roff: &mut Roff, text: &str) {
    let mut lines = text.lines().peekable();
    let mut in_paragraph = false;
    while let Some(line) = lines.next() {
        if line.trim().is_empty() {
            in_paragraph = false;
        } else if let Some(title) = line.strip_prefix("## ") {
            roff.section(title);
            in_paragraph = true;
        } else if let Some(first) = line.strip_prefix("    ").filter(|_| !in_paragraph) {
            let mut example = vec![first];
            while let Some(more) = lines.peek().and_then(|line| line.strip_prefix("    ")) {
                example.push(more);
                lines.next();
            }
            roff.example(&example);
        } else {
            let item = line.strip_prefix("- ");
            if item.is_some() {
                roff.bullet();
            } else if !in_paragraph {
                roff.paragraph();
            }
            in_paragraph = true;
            roff.line(&inline(item.unwrap_or(line).trim_start()));
        }
    }
}

/// `code` and *emphasis* within a line.
fn inline(line: &str) -> String {
    let mut shown = String::new();
    for (index, part) in line.split('`').enumerate() {
        if index % 2 == 1 {
            shown.push_str(&bold(part));
            continue;
        }
        for (index, part) in part.split('*').enumerate() {
            shown.push_str(&if index % 2 == 1 { italic(part) } else { escape(part) });
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::render;
    use crate::roff::Roff;

    #[test]
    fn paragraphs_items_and_examples_come_out_as_such() {
        let mut roff = Roff::new("x");
        render(&mut roff, "One `a-b`\ntwo *c*.\n\n    cmd -x\n    cmd\n\n- item\n  more\n");
        let text = roff.finish();
        let body = text.split_once(".ad l\n").unwrap().1;
        let wanted = ".PP\nOne \\fBa\\-b\\fR\ntwo \\fIc\\fR.\n.PP\n.RS 4\n.nf\ncmd \\-x\ncmd\n.fi\n.RE\n\
                      .IP \\(bu 2\nitem\nmore\n";
        assert_eq!(body, wanted);
    }
}
