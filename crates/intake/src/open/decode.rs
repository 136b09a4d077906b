//! Bytes to text: named or detected, never repaired silently.

use std::borrow::Cow;

use encoding_rs::{GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251, WINDOWS_1252};

use crate::error::{IntakeError, Trouble};
use crate::mapping::Encoding;

pub(crate) type Decoded<'a> = (Cow<'a, str>, &'static str, Notes);

/// What is odd about how a text was decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Notes {
    pub warnings: Vec<String>,
    /// What to ask about each text beyond ASCII: it may say something else.
    pub doubt: Option<String>,
}

/// Decodes by byte-order mark if there is one, else by the first encoding of the list that fits.
pub(crate) fn text<'a>(bytes: &'a [u8], encodings: &[Encoding]) -> Result<Decoded<'a>, IntakeError> {
    if let Some((encoding, length)) = encoding_rs::Encoding::for_bom(bytes) {
        let body = &bytes[length..];
        let name = match encoding.name() {
            "UTF-8" => "utf-8 with mark",
            "UTF-16LE" => "utf-16le",
            _ => "utf-16be",
        };
        if encoding != UTF_8 && body.len() % 2 == 1 {
            return Err(odd_end(body.len() + length));
        }
        return strict(body, encoding)
            .map(|text| (text, name, Notes::default()))
            .ok_or_else(|| bad(body, encoding, name));
    }
    let mut last = None;
    for (turn, encoding) in encodings.iter().enumerate() {
        match one(bytes, *encoding) {
            Ok(decoded) if turn > 0 => return Ok(fallback(decoded, bytes)),
            Ok(decoded) => return Ok(decoded),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| bad(bytes, UTF_8, "utf-8")))
}

fn one(bytes: &[u8], encoding: Encoding) -> Result<Decoded<'_>, IntakeError> {
    let (how, name) = match encoding {
        Encoding::Auto => return auto(bytes),
        Encoding::Ascii => {
            return match std::str::from_utf8(bytes) {
                Ok(text) if text.is_ascii() => Ok((Cow::Borrowed(text), "ascii", Notes::default())),
                _ => Err(bad(bytes, UTF_8, "ascii")),
            };
        }
        Encoding::Utf8 => (UTF_8, "utf-8"),
        Encoding::Utf16Le => (UTF_16LE, "utf-16le"),
        Encoding::Utf16Be => (UTF_16BE, "utf-16be"),
        Encoding::Gb18030 => (GB18030, "gb18030"),
        Encoding::Windows1251 => (WINDOWS_1251, CYRILLIC),
        Encoding::Latin1 => (WINDOWS_1252, "latin-1"),
    };
    refuse_binary(bytes, how == UTF_16LE || how == UTF_16BE)?;
    let text = strict(bytes, how).ok_or_else(|| bad(bytes, how, name))?;
    let warnings = also_utf_8(bytes, how, name).into_iter().collect();
    Ok((text, name, Notes { warnings, doubt: None }))
}

/// A text that only a later encoding of the list fits. One that fits any bytes proves nothing: what it makes
/// of bytes beyond ASCII is told, and asked where another encoding is as likely or the text looks destroyed.
fn fallback<'a>((text, name, mut notes): Decoded<'a>, bytes: &[u8]) -> Decoded<'a> {
    if text.is_ascii() || name == "utf-8" || name == "ascii" {
        return (text, name, notes);
    }
    notes.warnings.push(format!(
        "the text was read as {name}, because the encodings before it do not fit; look at letters beyond \
         ASCII"
    ));
    let odd = match name {
        "latin-1" => plainly_chinese(bytes) || russian(bytes).is_some() || looks_destroyed(&text),
        "gb18030" => !commonly_chinese(bytes),
        CYRILLIC => russian(bytes).is_none(),
        _ => false,
    };
    if odd {
        notes.doubt = Some(doubt(name));
    }
    (text, name, notes)
}

fn doubt(name: &str) -> String {
    format!(
        "was read as {name}, which may be wrong; state the encoding in [open] or export the file as UTF-8"
    )
}

/// Windows-1252 text that no Western European language writes: letters beyond ASCII in a row, letters in
/// lower case between capitals, signs of other encodings.
fn looks_destroyed(text: &str) -> bool {
    const PAIRS: &[&str] =
        &["öß", "üß", "äß", "éé", "éè", "ïé", "äü", "öü", "üö", "éï", "ôé", "îé", "çã", "çõ", "ñó"];
    let strange = |one: char| ('\u{80}'..='\u{9F}').contains(&one) || "ƒ‚„†‡ˆ‹›".contains(one);
    if text.contains(strange) {
        return true;
    }
    let letter = |one: char| !one.is_ascii() && one.is_alphabetic();
    text.split(|one: char| !letter(one)).any(|run| match run.chars().count() {
        0 | 1 => false,
        2 => !PAIRS.contains(&run.to_lowercase().as_str()),
        _ => true,
    }) || text.split(|one: char| one.is_ascii()).any(|run| run.contains(letter) && run.chars().count() > 2)
}

/// Whether bytes read as GB18030 are what Chinese texts are made of: whole pairs of GB 2312, most of them of
/// its first level (3755 characters by use) or its signs. Other encodings of two bytes fill the rest.
fn commonly_chinese(bytes: &[u8]) -> bool {
    let (mut all, mut common) = (0, 0);
    for run in bytes.split(u8::is_ascii).filter(|run| !run.is_empty()) {
        let whole = run.len() % 2 == 0
            && run.chunks_exact(2).all(|pair| (0xA1..=0xF7).contains(&pair[0]) && pair[1] >= 0xA1);
        if !whole {
            return false;
        }
        all += run.len() / 2;
        // symbols, Greek and full-width forms; level one. Kana (A4, A5) and Cyrillic (A7) are no Chinese
        let usual = |pair: &&[u8]| matches!(pair[0], 0xA1..=0xA3 | 0xA6 | 0xB0..=0xD7);
        common += run.chunks_exact(2).filter(usual).count();
    }
    common * 2 >= all
}

/// Bytes beyond ASCII that happen to be whole UTF-8 hardly ever are anything else; the mapping still decides.
fn also_utf_8(bytes: &[u8], how: &'static encoding_rs::Encoding, name: &str) -> Option<String> {
    let fits = (how == WINDOWS_1252 || how == GB18030 || how == WINDOWS_1251)
        && std::str::from_utf8(bytes).is_ok_and(|text| !text.is_ascii());
    let remedy = format!("encoding = [\"utf-8\", \"{name}\"] in [open] reads both");
    fits.then(|| format!("the text was read as {name}, as the mapping says, but it is UTF-8 too; {remedy}"))
}

fn auto(bytes: &[u8]) -> Result<Decoded<'_>, IntakeError> {
    refuse_binary(bytes, false)?;
    if let Ok(text) = std::str::from_utf8(bytes) {
        let name = if text.is_ascii() { "ascii" } else { "utf-8" };
        return Ok((Cow::Borrowed(text), name, Notes::default()));
    }
    let russian = russian(bytes);
    if let Some(text) = russian.clone().filter(|_| !commonly_chinese(bytes)) {
        let warning = "the text was read as windows-1251 (Russian), which was detected; say \
                       encoding = \"windows-1251\" to be sure";
        // whole pairs of bytes may be Chinese letters too
        let doubt = plainly_chinese(bytes).then(|| doubt(CYRILLIC));
        return Ok((Cow::Owned(text), CYRILLIC, Notes { warnings: vec![warning.to_owned()], doubt }));
    }
    if plainly_chinese(bytes)
        && let Some(text) = strict(bytes, GB18030)
    {
        let warning =
            "the text was read as GB18030, which was detected; say encoding = \"gb18030\" to be sure";
        let doubt = (russian.is_some() || !commonly_chinese(bytes)).then(|| doubt("gb18030"));
        return Ok((text, "gb18030", Notes { warnings: vec![warning.to_owned()], doubt }));
    }
    Err(bad(bytes, UTF_8, "utf-8"))
}

const CYRILLIC: &str = "windows-1251";

/// The text, where it reads as Russian in Windows-1251 and as nothing else: words of several letters beyond
/// ASCII, all Cyrillic, capitals only at their beginning or throughout, with vowels. KOI8-R read so has its
/// capitals the other way round, Western words have one such letter among many.
fn russian(bytes: &[u8]) -> Option<String> {
    let text = strict(bytes, WINDOWS_1251)?;
    let cyrillic = |one: char| matches!(one, 'А'..='я' | 'Ё' | 'ё');
    let sign = |one: char| one.is_ascii() || "№«»–—°±µ·…\u{a0}²³‰×“”„".contains(one) || cyrillic(one);
    if !text.chars().all(sign) {
        return None;
    }
    let mut letters = 0;
    for word in text.split(|one: char| !one.is_alphabetic()).filter(|word| word.contains(cyrillic)) {
        let count = word.chars().count();
        let capitals = word.chars().skip(1).filter(|one| one.is_uppercase()).count();
        let first = word.starts_with(char::is_uppercase);
        let vowels = word.chars().any(|one| "аеёиоуыэюяАЕЁИОУЫЭЮЯ".contains(one));
        let mixed = word.contains(|one: char| one.is_ascii_alphabetic());
        if mixed || capitals > 0 && !(first && capitals + 1 == count) || count > 4 && !vowels {
            return None;
        }
        letters += if count > 2 { count } else { 0 };
    }
    (letters >= 4).then(|| text.into_owned())
}

/// Every run of bytes above 0x7F is made of whole GB 2312 pairs, and at least one run holds two characters.
/// Latin-1 text has single accented letters between ASCII ones, so it does not pass.
fn plainly_chinese(bytes: &[u8]) -> bool {
    let mut longest = 0;
    for run in bytes.split(u8::is_ascii).filter(|run| !run.is_empty()) {
        let pairs = run.len() % 2 == 0
            && run.chunks_exact(2).all(|pair| (0xA1..=0xF7).contains(&pair[0]) && pair[1] >= 0xA1);
        if !pairs {
            return false;
        }
        longest = longest.max(run.len());
    }
    longest >= 4
}

fn strict<'a>(bytes: &'a [u8], encoding: &'static encoding_rs::Encoding) -> Option<Cow<'a, str>> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes)
}

/// NUL bytes never stand in text, except in UTF-16.
fn refuse_binary(bytes: &[u8], wide: bool) -> Result<(), IntakeError> {
    if wide {
        return if bytes.len() % 2 == 1 { Err(odd_end(bytes.len())) } else { Ok(()) };
    }
    let Some(at) = bytes.iter().position(|byte| *byte == 0) else { return Ok(()) };
    let looks_wide = bytes.len() >= 4
        && bytes.iter().take(200).filter(|byte| **byte == 0).count() * 3 > 60.min(bytes.len());
    let remedy = if looks_wide {
        "It may be UTF-16 without a byte-order mark: say encoding = \"utf-16le\" in [open]"
    } else {
        "It is not a text file; export it again as text or as a workbook"
    };
    let (row, column) = place(bytes, at);
    let error = IntakeError::new(Trouble::Encoding, "there is a zero byte", remedy);
    let code = if looks_wide { "zero-byte-wide" } else { "zero-byte" };
    Err(error.code(code).at(row, column).token("\\0"))
}

fn odd_end(length: usize) -> IntakeError {
    let problem = format!("the text is UTF-16 but has an odd number of bytes ({length})");
    let error = IntakeError::new(Trouble::Encoding, problem, "The file is cut off; copy it again");
    error.code("odd-end").fact("bytes", length)
}

/// Row and byte column of an offset.
fn place(bytes: &[u8], at: usize) -> (u64, u64) {
    let before = &bytes[..at.min(bytes.len())];
    let row = before.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    (row, (at - start) as u64 + 1)
}

fn bad(bytes: &[u8], encoding: &'static encoding_rs::Encoding, name: &str) -> IntakeError {
    let at = if encoding == UTF_8 {
        let valid = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
        if name == "ascii" { bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(valid) } else { valid }
    } else {
        first_fault(bytes, encoding)
    };
    let token: String =
        bytes[at.min(bytes.len())..].iter().take(4).map(|byte| format!("\\x{byte:02X}")).collect();
    let (row, column) = place(bytes, at);
    let candidates = "try encoding = \"gb18030\" (Chinese), \"windows-1251\" (Russian) or \"latin-1\" \
                      (Western European) in [open], or export the file as UTF-8";
    IntakeError::new(
        Trouble::Encoding,
        format!("the bytes are not {name} text"),
        format!("Name the encoding: {candidates}"),
    )
    .code("not-encoded")
    .fact("encoding", name)
    .at(row, column)
    .token(&token)
}

/// Offset of the first line that does not decode.
fn first_fault(bytes: &[u8], encoding: &'static encoding_rs::Encoding) -> usize {
    if encoding == UTF_16LE || encoding == UTF_16BE {
        return 0;
    }
    let mut at = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if strict(line, encoding).is_none() {
            return at;
        }
        at += line.len();
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], encodings: &[Encoding]) -> Result<(String, &'static str), IntakeError> {
        text(bytes, encodings).map(|(text, name, _)| (text.into_owned(), name))
    }

    #[test]
    fn encodings_are_named_or_detected() {
        let chinese = "样品编号,铁\nA1,0.5\n";
        let (gb, _, _) = GB18030.encode(chinese);
        let auto = [Encoding::Auto];
        assert_eq!(read(b"a,b", &auto).unwrap(), ("a,b".into(), "ascii"));
        assert_eq!(read("µ".as_bytes(), &auto).unwrap(), ("µ".into(), "utf-8"));
        assert_eq!(read(b"\xEF\xBB\xBFa", &auto).unwrap(), ("a".into(), "utf-8 with mark"));
        assert_eq!(read(b"\xFF\xFEa\0", &auto).unwrap(), ("a".into(), "utf-16le"));
        assert_eq!(read(b"\xFE\xFF\0a", &auto).unwrap(), ("a".into(), "utf-16be"));
        assert_eq!(read(&gb, &[Encoding::Gb18030]).unwrap(), (chinese.into(), "gb18030"));
        assert_eq!(read(&gb, &auto).unwrap(), (chinese.into(), "gb18030"));
        assert_eq!(read(b"\xB5g/L", &[Encoding::Latin1]).unwrap(), ("µg/L".into(), "latin-1"));
        assert_eq!(read(b"\xB5g/L", &[Encoding::Utf8, Encoding::Latin1]).unwrap().1, "latin-1");
    }

    #[test]
    fn a_fallback_that_took_more_than_ascii_is_told_or_asked() {
        use encoding_rs::{EUC_KR, SHIFT_JIS, WINDOWS_1251};
        let western = [Encoding::Ascii, Encoding::Utf8, Encoding::Latin1];
        let chinese = [Encoding::Ascii, Encoding::Utf8, Encoding::Gb18030];
        let notes = |bytes: &[u8], list: &[Encoding]| text(bytes, list).map(|(_, _, notes)| notes).ok();
        for (words, how) in [
            ("样品1,铁", GB18030),
            ("Проба-1,Fe", WINDOWS_1251),
            ("試料1", SHIFT_JIS),
            ("サンプル", SHIFT_JIS),
            ("시료", EUC_KR),
        ] {
            let asked = notes(&how.encode(words).0, &western).expect("latin-1 fits anything");
            assert!(asked.doubt.is_some() && !asked.warnings.is_empty(), "{words}");
        }
        for words in ["Décharge", "Größe µg/L", "Müller", "45 °C", "±0,5", "créée", "Süßwasser", "Éch. n° 5"]
        {
            let told = notes(&WINDOWS_1252.encode(words).0, &western).expect("latin-1");
            assert!(told.doubt.is_none() && told.warnings.len() == 1, "{words}");
        }
        for (words, how) in [("試料1", SHIFT_JIS), ("サンプル", SHIFT_JIS), ("Müller", WINDOWS_1252)] {
            let found = notes(&how.encode(words).0, &chinese);
            assert!(found.is_none_or(|notes| notes.doubt.is_some()), "{words}");
        }
        let told = notes(&GB18030.encode("样品编号,铁,锰,二氧化硅").0, &chinese).expect("gb18030");
        assert!(told.doubt.is_none() && told.warnings.len() == 1);
        assert_eq!(notes(b"plain", &western), Some(Notes::default()));
    }

    #[test]
    fn wrong_encodings_say_where() {
        let error = read(b"ok\nab\xB5g/L", &[Encoding::Auto]).unwrap_err();
        assert_eq!(
            (error.row, error.column, error.token.as_deref()),
            (Some(2), Some(3), Some("\\xB5\\x67\\x2F\\x4C"))
        );
        assert!(read(b"\xFF\xFEa", &[Encoding::Auto]).is_err());
        assert!(read(b"a\0b", &[Encoding::Auto]).is_err());
        assert!(read(&[0xD8, 0x00, 0x41], &[Encoding::Utf16Le]).is_err());
    }
}
