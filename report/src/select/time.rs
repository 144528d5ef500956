//! Times in selections: `@SECONDS`, or a date with as much of a time as is known, which stands for all of the
//! year, month, day, hour, minute or second that it names; and a few words.

use chrono::{
    DateTime, Datelike, Days, Local, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone,
};

/// From the first second to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) first: i64,
    pub(super) last: i64,
}

impl Span {
    pub(super) fn second(second: i64) -> Self {
        Self { first: second, last: second }
    }
}

#[derive(Clone, Copy)]
enum Grain {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

/// Reads `YYYY[-MM[-DD]]` or `YYYYMMDD`, then perhaps `hh[:mm[:ss]]` or `hhmmss`, then perhaps `+hh:mm`; or
/// `today`, `yesterday`, a weekday's name, `N days ago`.
pub(super) fn parse(text: &str, now: DateTime<Local>) -> Option<Span> {
    let text = text.trim();
    if let Some(span) = word(text, now) {
        return Some(span);
    }
    let (date, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let (day, grain) = read_date(date)?;
    let rest = rest.trim();
    let at = rest.find(['+', '-']).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(at);
    let (time, grain) = match clock.trim() {
        "" => (NaiveTime::MIN, grain),
        clock if matches!(grain, Grain::Day) => read_clock(clock)?,
        _ => return None,
    };
    let offset = if zone.is_empty() { None } else { Some(read_zone(zone)?) };
    let first = day.and_time(time);
    let next = match grain {
        Grain::Year => first.checked_add_months(Months::new(12))?,
        Grain::Month => first.checked_add_months(Months::new(1))?,
        Grain::Day => first.checked_add_days(Days::new(1))?,
        Grain::Hour => first.checked_add_signed(TimeDelta::hours(1))?,
        Grain::Minute => first.checked_add_signed(TimeDelta::minutes(1))?,
        Grain::Second => first.checked_add_signed(TimeDelta::seconds(1))?,
    };
    Some(Span { first: seconds(first, offset)?, last: seconds(next, offset)? - 1 })
}

fn seconds(time: NaiveDateTime, offset: Option<i64>) -> Option<i64> {
    match offset {
        Some(offset) => Some(time.and_utc().timestamp() - offset),
        None => Local.from_local_datetime(&time).earliest().map(|time| time.timestamp()),
    }
}

fn word(text: &str, now: DateTime<Local>) -> Option<Span> {
    const WEEKDAYS: [&str; 7] =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let today = now.date_naive();
    let lower = text.to_ascii_lowercase();
    let back = match lower.as_str() {
        "today" => 0,
        "yesterday" => 1,
        _ => match WEEKDAYS.iter().position(|day| *day == lower || day[..3] == lower) {
            Some(wanted) => (u64::from(today.weekday().num_days_from_monday()) + 7 - wanted as u64) % 7,
            None => {
                let (count, rest) = lower.split_once(' ')?;
                let count: u64 = count.parse().ok()?;
                match rest.trim() {
                    "day ago" | "days ago" => count,
                    "week ago" | "weeks ago" => count.checked_mul(7)?,
                    _ => return None,
                }
            }
        },
    };
    let day = today.checked_sub_days(Days::new(back))?.and_time(NaiveTime::MIN);
    Some(Span { first: seconds(day, None)?, last: seconds(day.checked_add_days(Days::new(1))?, None)? - 1 })
}

fn read_date(text: &str) -> Option<(NaiveDate, Grain)> {
    let digits: String = text.chars().filter(|&c| c != '-').collect();
    let dashes = text.bytes().filter(|&byte| byte == b'-').count();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let shape = match digits.len() {
        4 => (Grain::Year, 0),
        6 => (Grain::Month, 1),
        8 => (Grain::Day, 2),
        _ => return None,
    };
    if dashes != 0 && (dashes != shape.1 || text.as_bytes()[4] != b'-') {
        return None;
    }
    let number =
        |from: usize, to: usize| digits.get(from..to).map_or(Some(1), |part| part.parse::<u32>().ok());
    let year = digits[..4].parse::<i32>().ok().filter(|&year| year > 1900)?;
    Some((NaiveDate::from_ymd_opt(year, number(4, 6)?, number(6, 8)?)?, shape.0))
}

fn read_clock(text: &str) -> Option<(NaiveTime, Grain)> {
    let digits: String = text.chars().filter(|&c| c != ':').collect();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let grain = match digits.len() {
        2 => Grain::Hour,
        4 => Grain::Minute,
        6 => Grain::Second,
        _ => return None,
    };
    let number =
        |from: usize, to: usize| digits.get(from..to).map_or(Some(0), |part| part.parse::<u32>().ok());
    Some((NaiveTime::from_hms_opt(number(0, 2)?, number(2, 4)?, number(4, 6)?)?, grain))
}

/// Seconds east of Greenwich.
fn read_zone(text: &str) -> Option<i64> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits: String = text[1..].chars().filter(|&c| c != ':').collect();
    let number =
        |from: usize, to: usize| digits.get(from..to).map_or(Some(0), |part| part.parse::<i64>().ok());
    let (hours, minutes) = (number(0, 2)?, number(2, 4)?);
    (matches!(digits.len(), 2 | 4) && hours <= 14 && minutes < 60)
        .then_some(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str) -> Option<i64> {
        parse(text, Local::now()).map(|span| span.last - span.first + 1)
    }

    #[test]
    fn a_date_stands_for_all_of_what_it_names() {
        assert_eq!(span("2023"), Some(365 * 86400));
        assert_eq!(span("2024-02"), Some(29 * 86400));
        assert_eq!(span("20240229"), Some(86400));
        assert_eq!(span("2024-02-29 12"), Some(3600));
        assert_eq!(span("2024-02-29 12:30"), Some(60));
        assert_eq!(span("2024-02-29 12:30:00 +02:00"), Some(1));
        for wrong in ["", "24", "2023-02-29", "2024-1-1", "2024-02 12:00", "12:30", "2024-02-29 25", "soon"] {
            assert_eq!(span(wrong), None, "{wrong}");
        }
        let first = |text| parse(text, Local::now()).map(|span| span.first);
        assert_eq!(first("1970-01-02 02:00 +02:00"), Some(86400));
        assert_eq!(span("yesterday"), span("3 days ago"));
    }
}
