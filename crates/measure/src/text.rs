//! Reading cells: look-alike characters, numbers in the separators of the source, qualifier words.
//!
//! The reader never guesses. Separators come from the mapping ([`NumberFormat`]), a word that is not listed
//! is refused with the word named, and nothing left over after number, unit and mark is dropped.

use crate::{DecimalError, DecimalText, Qualifier, Unit, UnitError};

/// The separators of numbers in a source. Stated by the mapping, never guessed from a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberFormat {
    decimal: char,
    thousands: Option<char>,
}

/// What one cell says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Value, below, above, not detected and so on.
    pub qualifier: Qualifier,
    /// The value, or the printed limit. Digits as in the source, with a decimal point and `E` for `×10`.
    pub number: Option<DecimalText>,
    /// The unit, if the cell names one.
    pub unit: Option<Unit>,
    /// A single trailing `+ - * ! ? #`, which is a mark of the instrument and not a sign.
    pub trailing_mark: Option<char>,
}

/// Why a cell was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Neither a number nor a known word.
    #[error("{0:?} is neither a number nor a known word; say in the mapping what it means")]
    NotUnderstood(String),
    /// Digits and separators that make no number in the stated format.
    #[error("{token:?} is not a number with decimal {decimal:?} and {thousands}")]
    NotANumber {
        /// The digits as written.
        token: String,
        /// The decimal separator of the mapping.
        decimal: char,
        /// The thousands separator of the mapping, in words.
        thousands: String,
    },
    /// A number that cannot be kept.
    #[error(transparent)]
    Decimal(#[from] DecimalError),
    /// What follows the number is no unit.
    #[error("after the number in {cell:?}: {error}")]
    Unit {
        /// The cell.
        cell: String,
        /// What is wrong with the unit.
        error: UnitError,
    },
    /// `<-0.5`.
    #[error("{0:?} states a negative limit")]
    NegativeLimit(String),
    /// Separators that contradict each other.
    #[error("decimal {decimal:?} and thousands {thousands:?} cannot be told apart or are not allowed")]
    Separators {
        /// The decimal separator.
        decimal: char,
        /// The thousands separator.
        thousands: Option<char>,
    },
}

impl Default for NumberFormat {
    /// A decimal point and no thousands separator.
    fn default() -> Self {
        Self { decimal: '.', thousands: None }
    }
}

impl NumberFormat {
    /// Decimal `.` or `,`; thousands one of `. , ' blank`, another than the decimal.
    ///
    /// # Errors
    /// Any other separators.
    pub fn new(decimal: char, thousands: Option<char>) -> Result<Self, TextError> {
        let known = thousands.is_none_or(|separator| ".,' ".contains(separator) && separator != decimal);
        if !".,".contains(decimal) || !known {
            return Err(TextError::Separators { decimal, thousands });
        }
        Ok(Self { decimal, thousands })
    }

    /// The decimal separator.
    pub fn decimal(self) -> char {
        self.decimal
    }

    /// The thousands separator.
    pub fn thousands(self) -> Option<char> {
        self.thousands
    }
}

/// Words that stand where a number would. Matched whole, upper and lower case alike.
const WORDS: &[(&str, Qualifier)] = &[
    ("ND", Qualifier::NotDetected),
    ("N.D.", Qualifier::NotDetected),
    ("N.D", Qualifier::NotDetected),
    ("NOT DETECTED", Qualifier::NotDetected),
    ("<LOD", Qualifier::NotDetected),
    ("<DL", Qualifier::NotDetected),
    ("BDL", Qualifier::NotDetected),
    ("未检出", Qualifier::NotDetected),
    ("未檢出", Qualifier::NotDetected),
    ("<LOQ", Qualifier::Below),
    ("BLQ", Qualifier::Below),
    ("UNDER", Qualifier::Below),
    ("UNDER RANGE", Qualifier::Below),
    ("OVER", Qualifier::Above),
    ("OVER RANGE", Qualifier::Above),
    ("OVERRANGE", Qualifier::Above),
    ("超量程", Qualifier::Above),
    ("超出量程", Qualifier::Above),
    ("/", Qualifier::NotAnalysed),
    ("NA", Qualifier::NotAnalysed),
    ("N/A", Qualifier::NotAnalysed),
    ("NOT ANALYSED", Qualifier::NotAnalysed),
    ("NOT ANALYZED", Qualifier::NotAnalysed),
    ("未检测", Qualifier::NotAnalysed),
    ("未分析", Qualifier::NotAnalysed),
    ("INSUFFICIENT SAMPLE", Qualifier::InsufficientSample),
    ("I.S.", Qualifier::InsufficientSample),
    ("样品不足", Qualifier::InsufficientSample),
    ("试样不足", Qualifier::InsufficientSample),
    ("LISTED NOT RECEIVED", Qualifier::ListedNotReceived),
    ("LNR", Qualifier::ListedNotReceived),
    ("L.N.R.", Qualifier::ListedNotReceived),
    ("未收到", Qualifier::ListedNotReceived),
    ("NAN", Qualifier::Invalid),
    ("INF", Qualifier::Invalid),
    ("+INF", Qualifier::Invalid),
    ("-INF", Qualifier::Invalid),
    ("#N/A", Qualifier::Invalid),
    ("#DIV/0!", Qualifier::Invalid),
    ("#VALUE!", Qualifier::Invalid),
    ("#REF!", Qualifier::Invalid),
    ("#NUM!", Qualifier::Invalid),
    ("#NAME?", Qualifier::Invalid),
    ("#NULL!", Qualifier::Invalid),
    ("INVALID", Qualifier::Invalid),
    ("无效", Qualifier::Invalid),
];

const MARKS: &str = "+-*!?#";
/// Longest cell taken for a number; longer ones are prose.
const MAX_CELL: usize = 200;

/// Reads one cell: `28.8 % -`, `231 PPM`, `＜0.05`, `ND`, `1.2×10⁻⁶`, blank.
///
/// # Errors
/// Anything not understood completely; the error names the token.
pub fn read(cell: &str, format: NumberFormat) -> Result<Token, TextError> {
    let text = plain(cell);
    let text = text.trim();
    if text.is_empty() {
        return Ok(bare(Qualifier::Missing));
    }
    if text.len() > MAX_CELL {
        return Err(not_understood(cell));
    }
    if let Some(qualifier) = word(text) {
        return Ok(bare(qualifier));
    }
    if let Some(limit) = not_detected_below(text) {
        let token = read_number(cell, limit, format)?;
        return limited(cell, Qualifier::NotDetected, token);
    }
    match text.chars().next() {
        Some('<') => limited(cell, Qualifier::Below, read_number(cell, &text[1..], format)?),
        Some('>') => limited(cell, Qualifier::Above, read_number(cell, &text[1..], format)?),
        _ => read_number(cell, text, format),
    }
}

/// What a word means that stands where a number would, such as `ND` or 未检出; `None` for any other text.
pub fn word(text: &str) -> Option<Qualifier> {
    let plain = plain(text).trim().to_uppercase();
    WORDS.iter().find(|(known, _)| *known == plain).map(|(_, qualifier)| *qualifier)
}

/// One character for signs that look alike: full-width forms become ASCII, the minus signs `-`, odd blanks a
/// blank, superscripts `^` and digits (`10⁻⁶` is `10^-6`); marks of no width go.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut raised = false;
    for c in text.chars() {
        let superscript = match c {
            '¹' => Some('1'),
            '²' => Some('2'),
            '³' => Some('3'),
            '⁰' | '⁴'..='⁹' => char::from_digit(c as u32 - '⁰' as u32, 10),
            '⁺' => Some('+'),
            '⁻' => Some('-'),
            _ => None,
        };
        if superscript.is_some() && !raised {
            out.push('^');
        }
        raised = superscript.is_some();
        match superscript.unwrap_or(c) {
            '\u{ff01}'..='\u{ff5e}' => out.extend(char::from_u32(c as u32 - 0xfee0)),
            '\u{3000}' | '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}' => out.push(' '),
            '\u{2212}' | '\u{fe63}' | '\u{2010}' | '\u{2011}' | '\u{2013}' => out.push('-'),
            '\u{fe64}' => out.push('<'),
            '\u{fe65}' => out.push('>'),
            '\u{feff}' | '\u{200b}' => {}
            other => out.push(other),
        }
    }
    out
}

/// `ND(<0.05)` and `未检出<0.05`: the part after the sign, without brackets.
fn not_detected_below(text: &str) -> Option<&str> {
    let rest = ["ND", "nd", "N.D.", "未检出"].iter().find_map(|word| text.strip_prefix(word))?.trim_start();
    let inner = match rest.strip_prefix('(') {
        Some(open) => open.strip_suffix(')')?,
        None => rest,
    };
    inner.trim().strip_prefix('<')
}

fn limited(cell: &str, qualifier: Qualifier, token: Token) -> Result<Token, TextError> {
    let negative = token.number.as_ref().is_some_and(|limit| limit.as_str().starts_with('-'));
    if negative { Err(TextError::NegativeLimit(clip(cell))) } else { Ok(Token { qualifier, ..token }) }
}

fn read_number(cell: &str, text: &str, format: NumberFormat) -> Result<Token, TextError> {
    let text = text.trim();
    let (sign, unsigned) = match text.chars().next() {
        Some(sign @ ('-' | '+')) => (&text[..sign.len_utf8()], &text[1..]),
        _ => ("", text),
    };
    let end = number_end(unsigned, format);
    let (digits, rest) = unsigned.split_at(end);
    if !digits.bytes().any(|byte| byte.is_ascii_digit()) {
        return Err(not_understood(cell));
    }
    let mantissa = to_point(digits, format).ok_or_else(|| TextError::NotANumber {
        token: digits.to_owned(),
        decimal: format.decimal,
        thousands: format
            .thousands
            .map_or("no thousands separator".to_owned(), |c| format!("thousands {c:?}")),
    })?;
    let (power, rest) = exponent(rest);
    let number = DecimalText::parse(&format!("{sign}{mantissa}{power}"))?;
    let (unit, trailing_mark) = unit_and_mark(cell, rest.trim())?;
    Ok(Token { qualifier: Qualifier::Value, number: Some(number), unit, trailing_mark })
}

/// Where digits and separators end. All separators are taken, also wrong ones, so that `1.2.3` is refused
/// as a whole and not read as 1.2 with something after it.
fn number_end(text: &str, format: NumberFormat) -> usize {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let part = |at: usize| match bytes[at] {
        b'0'..=b'9' | b'.' | b',' => true,
        b'\'' => format.thousands == Some('\'') && digit(at + 1),
        b' ' => format.thousands == Some(' ') && at > 0 && digit(at - 1) && digit(at + 1),
        _ => false,
    };
    (0..bytes.len()).find(|at| !part(*at)).unwrap_or(bytes.len())
}

/// Digits with a decimal point and no thousands separators; `None` when the separators do not fit.
fn to_point(digits: &str, format: NumberFormat) -> Option<String> {
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = match digits.split_once(format.decimal) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    if !fraction.is_none_or(all_digits) {
        return None;
    }
    let whole = match format.thousands {
        Some(separator) if whole.contains(separator) => {
            let groups: Vec<&str> = whole.split(separator).collect();
            let sizes_fit =
                (1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|group| group.len() == 3);
            if !sizes_fit || groups[0].starts_with('0') {
                return None;
            }
            groups.concat()
        }
        _ => whole.to_owned(),
    };
    if !all_digits(&whole) {
        return None;
    }
    Some(fraction.map_or(whole.clone(), |fraction| format!("{whole}.{fraction}")))
}

/// `E-5`, `e-003` or `×10^-6` at the start of `text` as the exponent of a decimal text, and what follows.
fn exponent(text: &str) -> (String, &str) {
    let signed_digits = |from: &str| {
        let sign = usize::from(from.starts_with(['-', '+']));
        let digits = from[sign..].bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 { 0 } else { sign + digits }
    };
    if let Some(power) = text.strip_prefix(['e', 'E']) {
        let length = signed_digits(power);
        if length > 0 {
            return (text[..=length].to_owned(), &power[length..]);
        }
    }
    let times = text.trim_start().strip_prefix(['×', 'x', 'X', '*', '·']).map(str::trim_start);
    if let Some(power) = times.and_then(|ten| ten.strip_prefix("10^")) {
        let length = signed_digits(power);
        if length > 0 {
            return (format!("E{}", &power[..length]), &power[length..]);
        }
    }
    (String::new(), text)
}

fn unit_and_mark(cell: &str, rest: &str) -> Result<(Option<Unit>, Option<char>), TextError> {
    if rest.is_empty() {
        return Ok((None, None));
    }
    // A digit after the number would be a second number; only `10^-6` is a unit that begins with one.
    let unit = |text: &str| match text.starts_with(|c: char| c.is_ascii_digit()) && !text.starts_with("10^") {
        true => Err(UnitError::Unknown(text.to_owned())),
        false => Unit::parse(text),
    };
    let error = match unit(rest) {
        Ok(unit) => return Ok((Some(unit), None)),
        Err(error) => error,
    };
    let mark = rest.chars().last().filter(|mark| MARKS.contains(*mark));
    match mark.map(|mark| (mark, rest[..rest.len() - 1].trim_end())) {
        Some((mark, "")) => Ok((None, Some(mark))),
        Some((mark, before)) => match unit(before) {
            Ok(unit) => Ok((Some(unit), Some(mark))),
            Err(error) => Err(TextError::Unit { cell: clip(cell), error }),
        },
        None => Err(TextError::Unit { cell: clip(cell), error }),
    }
}

fn bare(qualifier: Qualifier) -> Token {
    Token { qualifier, number: None, unit: None, trailing_mark: None }
}

fn not_understood(cell: &str) -> TextError {
    TextError::NotUnderstood(clip(cell))
}

fn clip(cell: &str) -> String {
    cell.chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn show(cell: &str, format: NumberFormat) -> String {
        match read(cell, format) {
            Ok(token) => {
                let number = token.number.map_or(String::new(), |number| format!(" {number}"));
                let unit = token.unit.map_or(String::new(), |unit| format!(" {unit}"));
                let mark = token.trailing_mark.map_or(String::new(), |mark| format!(" [{mark}]"));
                format!("{}{number}{unit}{mark}", token.qualifier)
            }
            Err(_) => "refused".to_owned(),
        }
    }

    #[test]
    fn reads_the_cells_of_real_files() {
        let table = [
            ("28.8 % -", "value 28.8 % [-]"),
            ("111.8 % +", "value 111.8 % [+]"),
            ("231 PPM", "value 231 ppm"),
            ("231PPM", "value 231 ppm"),
            ("19.847", "value 19.847"),
            ("  0.0010 ", "value 0.0010"),
            ("-0.000", "value -0.000"),
            ("−0.5", "value -0.5"),
            ("-2.83538E-5", "value -2.83538E-5"),
            ("1.5e-003 mg/L", "value 1.5e-003 mg/L"),
            ("1.327349455476223E-14", "value 1.327349455476223E-14"),
            ("1.", "value 1."),
            (".5", "value .5"),
            ("<0.001", "below 0.001"),
            ("＜0.05", "below 0.05"),
            ("< 0.05 mg/L", "below 0.05 mg/L"),
            ("＞１０．５％", "above 10.5 %"),
            (">10", "above 10"),
            ("OVER", "above"),
            ("ND", "not_detected"),
            ("n.d.", "not_detected"),
            ("未检出", "not_detected"),
            ("ND(<0.05)", "not_detected 0.05"),
            ("未检出（＜0.05）", "not_detected 0.05"),
            ("/", "not_analysed"),
            ("NA", "not_analysed"),
            ("NaN", "invalid"),
            ("#N/A", "invalid"),
            ("", "missing"),
            ("\u{3000}", "missing"),
            ("1.2×10⁻⁶", "value 1.2E-6"),
            ("1.2 x 10^-6 g/g", "value 1.2E-6 1"),
            ("53 10⁻⁶", "value 53 10⁻⁶"),
            ("0.5 *", "value 0.5 [*]"),
            ("28.8-", "value 28.8 [-]"),
        ];
        for (cell, expected) in table {
            assert_eq!(show(cell, NumberFormat::default()), expected, "{cell}");
        }
    }

    #[test]
    fn refuses_what_it_does_not_understand() {
        let cells = [
            "1.2.3",
            "1,234.5",
            "1,5",
            "1 234",
            "12 1",
            "5-10",
            "12/05/2020",
            "abc",
            "-",
            "--",
            "<",
            "<<1",
            "≤0.05",
            "<=0.05",
            "<-1",
            "- 5",
            "--5",
            "1E",
            "1e5e5",
            "0x1F",
            "5 apples",
            "5 ton",
            "(0.5)",
            "10^-6",
            "TRUE",
            "+",
            ".",
            ",",
            "1'000",
            "1.5E-5E",
            "ND 0.5",
            "NDx",
            "5 mg/L mg/L",
            "1..5",
        ];
        for cell in cells {
            assert_eq!(show(cell, NumberFormat::default()), "refused", "{cell}");
        }
        let error = read("1.2.3", NumberFormat::default()).unwrap_err();
        assert!(error.to_string().contains("1.2.3"), "{error}");
    }

    #[test]
    fn separators_come_from_the_mapping() {
        let format = |decimal, thousands| NumberFormat::new(decimal, thousands).unwrap();
        let table = [
            ("1,234.5", '.', Some(','), "value 1234.5"),
            ("1.234,5", ',', Some('.'), "value 1234.5"),
            ("1,5", ',', None, "value 1.5"),
            ("1.5", ',', None, "refused"),
            ("1 234 567,50 mg/L", ',', Some(' '), "value 1234567.50 mg/L"),
            ("1\u{202f}234,5", ',', Some(' '), "value 1234.5"),
            ("1'234.5", '.', Some('\''), "value 1234.5"),
            ("12,34.5", '.', Some(','), "refused"),
            ("1,2345", '.', Some(','), "refused"),
            ("0,123", '.', Some(','), "refused"),
            ("1234.5", '.', Some(','), "value 1234.5"),
            ("1,234,567", '.', Some(','), "value 1234567"),
            ("1.234.5", '.', Some(','), "refused"),
        ];
        for (cell, decimal, thousands, expected) in table {
            assert_eq!(show(cell, format(decimal, thousands)), expected, "{cell}");
        }
        assert!(NumberFormat::new('.', Some('.')).is_err() && NumberFormat::new(';', None).is_err());
    }

    proptest! {
        #[test]
        fn never_panics(cell in "\\PC{0,40}") {
            let _ = read(&cell, NumberFormat::default());
        }

        /// A cell made of the signs of numbers is read with all its digits, or refused.
        #[test]
        fn no_digit_is_lost(cell in "[<>]?[-+]?[0-9.,]{1,8}[eE×x^ ]?[-⁻+]?[0-9⁶.,]{0,3}[ %*/-]{0,2}") {
            if let Ok(token) = read(&cell, NumberFormat::default()) {
                let count = |text: &str| text.chars().filter(char::is_ascii_digit).count();
                let number = token.number.map_or(String::new(), |number| number.to_string());
                prop_assert_eq!(count(&number), count(&plain(&cell)), "{}", cell);
            }
        }

        #[test]
        fn every_plain_number_keeps_its_digits(text in "-?[0-9]{1,9}(\\.[0-9]{1,9})?(E-?[0-9])?") {
            let number = read(&text, NumberFormat::default()).unwrap().number.unwrap();
            prop_assert_eq!(number.as_str(), text.as_str());
        }
    }
}
