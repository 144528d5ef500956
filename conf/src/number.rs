//! Numbers as C's `strtoll(..., 0)` and `strtod` read them, without the forms the lexer lets through
//! nowhere (hexadecimal, exponents).

/// Why digits are no integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IntError {
    /// Not digits of its base: `+`, `08`.
    Digits,
    /// Beyond 64 bits with sign.
    Range,
}

/// Sign and digits; a leading zero means octal.
pub(crate) fn int(text: &[u8]) -> Result<i64, IntError> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    let base: i64 = if digits.len() > 1 && digits[0] == b'0' { 8 } else { 10 };
    if digits.is_empty() || digits.iter().any(|&b| i64::from(b.wrapping_sub(b'0')) >= base) {
        return Err(IntError::Digits);
    }
    // Counted downwards, for the lowest number has no positive twin.
    let mut total = 0i64;
    for &digit in digits {
        let digit = i64::from(digit - b'0');
        total = total.checked_mul(base).and_then(|n| n.checked_sub(digit)).ok_or(IntError::Range)?;
    }
    if negative { Ok(total) } else { total.checked_neg().ok_or(IntError::Range) }
}

/// Sign, digits, dot, digits. A dot alone is zero, as in C. `None` beyond the range.
pub(crate) fn float(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?;
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return Some(0.0);
    }
    text.parse::<f64>().ok().filter(|n| n.is_finite())
}

/// Appends the digits of a whole number. A VG's text has some for every line, so formatting, which does more, is kept for
/// numbers beyond 64 bits.
pub(crate) fn push(out: &mut Vec<u8>, number: i128) {
    let Ok(mut left) = u64::try_from(number.unsigned_abs()) else {
        return out.extend_from_slice(number.to_string().as_bytes());
    };
    // As many as `u64::MAX` has.
    let mut digits = [0; 20];
    let mut first = digits.len();
    loop {
        first -= 1;
        digits[first] = b'0' + (left % 10) as u8;
        left /= 10;
        if left == 0 {
            break;
        }
    }
    if number < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[first..]);
}

/// A number as C's `%g` prints it: six significant digits, no trailing zeros, an exponent outside 1e-4..1e6.
pub(crate) fn general(number: f64) -> String {
    if number == 0.0 || !number.is_finite() {
        return format!("{number}");
    }
    let scientific = format!("{number:.5e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    let Ok(power) = exponent.parse::<i32>() else { return scientific };
    let trimmed = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    match usize::try_from(5 - power) {
        Ok(decimals) if power >= -4 => trimmed(&format!("{number:.decimals$}")),
        _ => format!("{}e{}{:02}", trimmed(digits), if power < 0 { '-' } else { '+' }, power.abs()),
    }
}

#[cfg(test)]
mod tests {
    use super::{general, push};

    #[test]
    fn digits_are_those_of_formatting() {
        for number in
            [0, 7, -7, 10, 4096, i64::MIN.into(), i64::MAX.into(), u64::MAX.into(), i128::MIN, i128::MAX]
        {
            let mut out = Vec::new();
            push(&mut out, number);
            assert_eq!(String::from_utf8(out).unwrap(), number.to_string());
        }
    }

    #[test]
    fn sizes_are_shown_as_printf_shows_them_with_percent_g() {
        for (number, shown) in [
            (0.0, "0"),
            (4.0, "4"),
            (1.5, "1.5"),
            (0.5, "0.5"),
            (1023.99609375, "1024"),
            (1024.0, "1024"),
            (999999.5, "1e+06"),
            (999999.4, "999999"),
            (123456789.0, "1.23457e+08"),
            (0.0001, "0.0001"),
            (0.00001234, "1.234e-05"),
            (57.9960938, "57.9961"),
        ] {
            assert_eq!(general(number), shown);
        }
    }
}
