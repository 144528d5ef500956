//! Times as texts show them.

use chrono::{DateTime, FixedOffset, TimeZone};

/// How far the clocks were ahead of UTC at a time (seconds since the epoch): local time, or UTC in tests.
pub type Zone<'z> = &'z dyn Fn(i64) -> FixedOffset;

fn local(time: i64, zone: Zone<'_>) -> Option<DateTime<FixedOffset>> {
    zone(time).timestamp_opt(time, 0).single()
}

/// The time in the form of C's ctime, without its line feed: `Thu Jan  1 00:00:00 1970`.
pub fn ctime(time: i64, zone: Zone<'_>) -> String {
    local(time, zone).map_or(String::new(), |time| time.format("%a %b %e %H:%M:%S %Y").to_string())
}

/// The comment beside a time in files: `# 1970-01-01 00:00:00 +0000`.
pub(super) fn note(time: i64, zone: Zone<'_>) -> String {
    local(time, zone).map_or(String::new(), |time| time.format("# %Y-%m-%d %H:%M:%S %z").to_string())
}
