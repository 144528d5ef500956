//! A line as words: of a script, of the shell, of a batch.

use std::ffi::OsString;

/// The words of a line, as LVM2 splits it (2.03.40: tools/lvmcmdline.c, lvm_split): blanks separate them; one
/// that begins with a quote ends at the next, blanks and all, and may be empty. A line that begins with `#` has
/// none.
pub(crate) fn split(line: &str) -> Vec<OsString> {
    let mut words: Vec<OsString> = Vec::new();
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next() {
        if words.is_empty() && first == '#' {
            break;
        }
        let (word, after) = match first {
            '\'' | '"' => rest[1..].split_once(first).unwrap_or((&rest[1..], "")),
            _ => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        words.push(word.into());
        rest = after.trim_start();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn words_are_split_at_blanks_outside_quotes() {
        assert_eq!(
            split("  lvs -o\t'lv name' \"a 'b'\" x=\"y z\" # c\n"),
            ["lvs", "-o", "lv name", "a 'b'", "x=\"y", "z\"", "#", "c"]
        );
        assert_eq!(split("lvcreate --addtag \"\" 'open end"), ["lvcreate", "--addtag", "", "open end"]);
        assert!(split("  # nothing").is_empty() && split("\t \n").is_empty());
    }
}
