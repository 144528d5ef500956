//! Normal: anywhere, parallel stripes on different PVs.

use super::attempt::Rules;

/// The rules of this policy: first where extents were found already.
pub(super) fn set(rules: &mut Rules, maximise: bool) {
    rules.with_found = maximise;
}

/// Looks everywhere once the PVs in use give no more, and then prefers those that came to be in use.
pub(super) fn go_on(rules: &mut Rules, maximise: bool, progress: bool) -> bool {
    match (progress, rules.with_found) {
        (false, true) => {
            rules.with_found = false;
            true
        }
        (false, false) => false,
        (true, _) => {
            rules.with_found |= maximise;
            true
        }
    }
}
