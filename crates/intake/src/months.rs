//! Months called by their names in other languages than English: `14-Mär-2024`, `14 мая 2024`.
//! A date that names its month and has four digits of a year says one thing only, in whatever order.

use crate::text::fold;

/// English name, then the names and abbreviations elsewhere (German, French, Spanish, Portuguese, Italian,
/// Dutch, Russian), folded. None of them is a month of another number in another of these languages.
const MONTHS: &[(&str, &str)] = &[
    (
        "January",
        "jan january januar janner jaen jaenner janvier janv enero ene janeiro gennaio \
         gen januari январь января янв",
    ),
    (
        "February",
        "feb february februar feber fevrier fevr fev febrero fevereiro febbraio \
         februari февраль февраля фев февр",
    ),
    ("March", "mar march marz maerz mrz mars marzo marco maart mrt март марта мар"),
    ("April", "apr april avril avr abril abr aprile апрель апреля апр"),
    ("May", "may mai mayo maio maggio mag mei май мая"),
    ("June", "jun june juni juin junio junho giugno giu июнь июня июн"),
    ("July", "jul july juli juillet juil julio julho luglio lug июль июля июл"),
    ("August", "aug august aout agosto ago augustus август августа авг"),
    (
        "September",
        "sep sept september septembre septiembre setiembre setembro settembre set сентябрь сентября сен сент",
    ),
    ("October", "oct october oktober okt octobre octubre outubro out ottobre ott октябрь октября окт"),
    ("November", "nov november novembre noviembre novembro ноябрь ноября ноя нояб"),
    ("December", "dec december dezember dez decembre diciembre dic dezembro dicembre декабрь декабря дек"),
];

/// Words that stand around the parts of a date and say nothing, weekdays among them, folded.
const AROUND: &[&str] = &[
    "de",
    "del",
    "le",
    "den",
    "der",
    "am",
    "um",
    "uhr",
    "a",
    "г",
    "года",
    "год",
    "в",
    "h",
    "of",
    "on",
    "at",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonntag",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "lunes",
    "martes",
    "miercoles",
    "jueves",
    "viernes",
    "sabado",
    "domingo",
    "понедельник",
    "вторник",
    "среда",
    "четверг",
    "пятница",
    "суббота",
    "воскресенье",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

fn english(word: &str) -> Option<&'static str> {
    let folded = fold(word);
    MONTHS.iter().find(|(_, names)| names.split(' ').any(|name| name == folded)).map(|(english, _)| *english)
}

/// The text with its month in English, short and whole, with and without the dot behind it; nothing where no
/// month is named.
pub(crate) fn in_english(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(from) = text[start..].find(char::is_alphabetic).map(|at| start + at) {
        let end = text[from..].find(|one: char| !part_of_word(one)).map_or(text.len(), |at| from + at);
        if let Some(name) = english(&text[from..end]) {
            let tail = &text[end..];
            let bare = tail.strip_prefix('.').unwrap_or(tail);
            for (name, tail) in [(&name[..3], tail), (name, tail), (&name[..3], bare), (name, bare)] {
                found.push(format!("{}{name}{tail}", &text[..from]));
            }
            break;
        }
        start = end;
    }
    found.dedup();
    found
}

fn part_of_word(one: char) -> bool {
    one.is_alphabetic() || ('\u{300}'..='\u{36F}').contains(&one)
}

/// The formats of a date that names its month, once it is written plainly.
pub(crate) const PLAIN: &[&str] = &[
    "%d %b %Y",
    "%b %d %Y",
    "%Y %b %d",
    "%d %b %Y %H:%M",
    "%b %d %Y %H:%M",
    "%Y %b %d %H:%M",
    "%d %b %Y %H:%M:%S",
    "%b %d %Y %H:%M:%S",
    "%Y %b %d %H:%M:%S",
];

/// A date that names its month, as three words and perhaps a time: `14 Mar 2024 16:05`. Nothing where a part
/// is missing or something else stands beside them.
pub(crate) fn plainly(text: &str) -> Option<String> {
    let apart = |one: char| one.is_whitespace() || matches!(one, ',' | '/' | '-' | '.' | '\u{2013}');
    let mut parts: Vec<String> = Vec::new();
    let (mut months, mut years) = (0, 0);
    for word in text.split(apart).filter(|word| !word.is_empty()) {
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        let behind = fold(&word[digits..]);
        // `12:30 AM` is no `am 14. März`
        let behind_time = ["uhr", "г", "года", "год", "h"];
        let folded = fold(word);
        if AROUND.contains(&folded.as_str()) && (parts.len() < 4 || behind_time.contains(&folded.as_str())) {
            continue;
        }
        if let Some(name) = english(word) {
            months += 1;
            parts.push(name[..3].to_owned());
        } else if digits == 4 && behind.is_empty() {
            years += 1;
            parts.push(word.to_owned());
        } else if (1..=2).contains(&digits)
            && ["", "er", "st", "nd", "rd", "th", "º", "ª", "°"].contains(&behind.as_str())
        {
            parts.push(word[..digits].to_owned());
        } else if word.contains(':') && parts.len() == 3 {
            parts.push(word.to_owned());
        } else {
            return None;
        }
    }
    (months == 1 && years == 1 && (3..=4).contains(&parts.len())).then(|| parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_of_two_months() {
        let mut all: Vec<&str> = MONTHS.iter().flat_map(|(_, names)| names.split(' ')).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn dates_that_name_their_month() {
        for (text, plain) in [
            ("14-Mär-2024", Some("14 Mar 2024")),
            ("14. März 2024", Some("14 Mar 2024")),
            ("1er mars 2024 16:05", Some("1 Mar 2024 16:05")),
            ("Donnerstag, 14. März 2024 um 16:05 Uhr", Some("14 Mar 2024 16:05")),
            ("14 de marzo de 2024", Some("14 Mar 2024")),
            ("14 мая 2024 г.", Some("14 May 2024")),
            ("2024-mai-14", Some("2024 May 14")),
            ("March 14, 2024", Some("Mar 14 2024")),
            ("14 mars 24", None),
            ("mars 2024", None),
            ("14 mars avril 2024", None),
            ("14 foo 2024", None),
            ("14/03/2024", None),
            ("14 mars 2024 PM", None),
            ("14 mars 2024 12:30 AM", None),
            ("am 14. März 2024 12:30 Uhr", Some("14 Mar 2024 12:30")),
        ] {
            assert_eq!(plainly(text).as_deref(), plain, "{text}");
        }
        assert_eq!(in_english("14. févr. 2024")[0], "14. Feb. 2024");
        assert!(in_english("14 foo 2024").is_empty() && in_english("").is_empty());
    }
}
