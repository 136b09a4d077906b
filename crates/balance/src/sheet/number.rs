//! Cells that hold numbers. A token is read whole or not at all.

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token {
    Blank,
    Value(f64),
    Below(f64),
    Above(f64),
}

/// Reads a cell.
pub(super) fn token(cell: &str) -> Result<Token, String> {
    let text = half_width(cell);
    let text = text.trim();
    if text.is_empty() {
        return Ok(Token::Blank);
    }
    let limit = |text: &str| plain(text.trim_start_matches('=').trim());
    match text.chars().next() {
        Some('<') => limit(&text[1..]).map(Token::Below),
        Some('>') => limit(&text[1..]).map(Token::Above),
        _ => plain(text.strip_suffix('%').map_or(text, str::trim_end)).map(Token::Value),
    }
}

/// A standard deviation: a number, or a percentage of the value.
pub(super) fn deviation(cell: &str, value: f64, percent: bool) -> Result<f64, String> {
    let text = half_width(cell);
    let text = text.trim();
    let relative = text.strip_suffix('%');
    let number = plain(relative.unwrap_or(text).trim())?;
    let sd = if relative.is_some() || percent { number / 100.0 * value.abs() } else { number };
    if sd > 0.0 {
        return Ok(sd);
    }
    let of_zero = value == 0.0 && number > 0.0;
    Err(if of_zero {
        "a percentage of a value of 0 is no deviation; write it as a number".to_owned()
    } else {
        "a standard deviation must be above zero; write `exact` for what is known without error".to_owned()
    })
}

fn plain(text: &str) -> Result<f64, String> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    match text.parse::<f64>() {
        Ok(number) if digits && number.is_finite() => Ok(number),
        _ => {
            Err("it is no number; write digits with a decimal point, `<limit`, `>limit`, or leave the cell \
                  empty for what was not measured"
                .to_owned())
        }
    }
}

/// Full-width digits and signs as plain ones.
fn half_width(text: &str) -> String {
    let narrow = |letter: char| match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(letter as u32 - 0xfee0).unwrap_or(letter),
        '\u{2212}' => '-',
        '\u{a0}' | '\u{202f}' | '\u{3000}' => ' ',
        other => other,
    };
    text.chars().map(narrow).collect()
}
