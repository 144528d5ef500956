//! Several names in one: joined by a dash, their own dashes doubled.

/// Joins parts with `-`, doubling every dash in a part. A part that begins with `_` follows without a dash
/// (`vg-lv` and `_rimage_0` give `vg-lv_rimage_0`). [L libdm-string.c]
pub fn join(parts: &[&str]) -> String {
    let mut name = String::with_capacity(parts.iter().map(|part| part.len() + 2).sum());
    for (index, part) in parts.iter().enumerate() {
        if index > 0 && !part.starts_with('_') {
            name.push('-');
        }
        for c in part.chars() {
            if c == '-' {
                name.push('-');
            }
            name.push(c);
        }
    }
    name
}

/// Takes apart what [`join`] made: a single dash divides, two are one. The parts that began with `_` stay
/// with the part before.
pub fn split(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '-' && chars.next_if_eq(&'-').is_none() {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{ProptestConfig, prop, prop_assert_eq, proptest};

    #[test]
    fn dashes_double_and_come_back() {
        assert_eq!(join(&["vg", "lv"]), "vg-lv");
        assert_eq!(join(&["v-g", "l--v", "real"]), "v--g-l----v-real");
        assert_eq!(join(&["vg", "lv", "_rimage_0"]), "vg-lv_rimage_0");
        assert_eq!(split("v--g-l----v-real"), ["v-g", "l--v", "real"]);
        assert_eq!(split("plain"), ["plain"]);
        assert_eq!(split(""), [""]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn splitting_undoes_joining(parts in prop::collection::vec("[a-z.+][a-z.+_]{0,3}(-[a-z.+]{1,3}){0,3}", 1..4)) {
            let borrowed: Vec<&str> = parts.iter().map(String::as_str).collect();
            prop_assert_eq!(split(&join(&borrowed)), parts);
        }
    }
}
