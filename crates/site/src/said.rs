//! Texts of records and refusals, said to a reader: ids by name, instants on the institute's clock, days in
//! the reader's way of writing them. What is stored stays as it is; only pages say it so.

use std::iter::Peekable;
use std::str::SplitInclusive;

use kernel::{Day, Instant, Kind, Ref};
use store::{Db, Registry, StoreError};
use ui::Words;

use crate::Named;

/// Characters that set one token apart from the next; an instant holds colons and a code may hold a slash.
const BETWEEN: [char; 7] = [' ', ',', ';', '(', ')', '，', '、'];

/// A text with each id, instant and day in it said to the reader, and the records it named, each once.
///
/// # Errors
/// The database cannot be read.
pub fn said(
    db: &mut Db,
    registry: &Registry,
    words: &Words,
    text: &str,
) -> Result<(String, Vec<Named>), StoreError> {
    let mut out = String::with_capacity(text.len());
    let mut named: Vec<Named> = Vec::new();
    let mut parts = text.split_inclusive(BETWEEN).peekable();
    while let Some(part) = parts.next() {
        if let Some((record, kind, count)) =
            cause(part, &parts, |kind| registry.facts.keys().any(|(known, _)| *known == kind))
        {
            let (said, one) = because(db, registry, words, record, kind)?;
            let last = parts.by_ref().take(count).last().unwrap_or_default();
            out.push_str(&said);
            out.push_str(&last[last.trim_end_matches(BETWEEN).len()..]);
            named.extend(one);
            continue;
        }
        let token = part.trim_end_matches(BETWEEN);
        let after = &part[token.len()..];
        match token.parse::<Ref>() {
            Ok(record) => match registry.describe(db, record)?.filter(|found| !found.label.is_empty()) {
                Some(found) => {
                    out.push_str(&called(db, registry, words, record, &found.label)?);
                    if !named.iter().any(|one| one.record == record) {
                        named.push(Named::new(record, found.label, found.url));
                    }
                }
                None => out.push_str(token),
            },
            Err(_) => out.push_str(&time(words, token)),
        }
        out.push_str(after);
    }
    Ok((out, named))
}

/// A record's stored label as a reader is told it: a hold that the program placed by its cause, stored words
/// (an activity, a kind of control, a decision) in the reader's.
///
/// # Errors
/// The database cannot be read.
pub(crate) fn called(
    db: &mut Db,
    registry: &Registry,
    words: &Words,
    record: Ref,
    label: &str,
) -> Result<String, StoreError> {
    if record.kind == Kind::Hold {
        return Ok(said(db, registry, words, label)?.0);
    }
    Ok(worded(words, record.kind, label))
}

/// The parts of a label that are stored words, in the reader's: `Wu Jie · test · ICP-01` with `检测`.
fn worded(words: &Words, kind: Kind, label: &str) -> String {
    let (of, between) = match kind {
        Kind::Authorisation => ("activity", " · "),
        Kind::QcEvent => ("choice-control", " · "),
        Kind::Disposition => ("state-decision", " "),
        Kind::Override => ("gate", " "),
        _ => return label.to_owned(),
    };
    let say = |part: &str| {
        let key = crate::word(of, part);
        if words.has(&key) { words.t(&key) } else { part.to_owned() }
    };
    label.split(between).map(say).collect::<Vec<_>>().join(between)
}

/// A cause as the program writes it, `method-version-22: method_version.voided`, that begins at this part:
/// the record, the kind of the fact, and how many parts after this one belong to it. A code may stand after
/// the id, and the run that was judged after the fact.
fn cause<'a>(
    part: &str,
    rest: &Peekable<SplitInclusive<'a, [char; 7]>>,
    is_fact: impl Fn(&str) -> bool,
) -> Option<(Ref, &'a str, usize)> {
    let known = |part: &'a str| {
        let token = part.trim_end_matches(BETWEEN);
        is_fact(token).then_some(token)
    };
    let head = part.trim_end_matches(BETWEEN);
    let mut rest = rest.clone();
    if let Some(record) = head.strip_suffix(':') {
        let (record, next) = (record.parse().ok()?, rest.next()?);
        let kind = known(next)?;
        // `, worksheet-4`: a part that is a space alone, and the run.
        let run = rest.next().filter(|space| next.ends_with(',') && *space == " ").and_then(|_| rest.next());
        let run = run.is_some_and(|run| run.trim_end_matches(BETWEEN).parse::<Ref>().is_ok());
        return Some((record, kind, if run { 3 } else { 1 }));
    }
    let record = head.parse().ok()?;
    rest.next().filter(|code| code.trim_end_matches(BETWEEN).ends_with(':'))?;
    Some((record, known(rest.next()?)?, 2))
}

/// What became of a record, in a sentence, with the reason that was given for it; and the record.
fn because(
    db: &mut Db,
    registry: &Registry,
    words: &Words,
    record: Ref,
    kind: &str,
) -> Result<(String, Option<Named>), StoreError> {
    let found = registry.describe(db, record)?.filter(|found| !found.label.is_empty());
    let field = |key: &str| {
        let fields = found.iter().flat_map(|found| &found.fields);
        fields.into_iter().find(|(name, _)| name == key).map(|(_, text)| text.clone())
    };
    // A decision is called after its lot, and in words of its own.
    let lot = field("field-lot").filter(|_| record.kind == Kind::Disposition);
    let what = lot.or_else(|| found.as_ref().map(|found| found.label.clone()));
    let what = what.unwrap_or_else(|| record.to_string());
    let (own, fact) = (crate::word("hold-because", kind), crate::word("fact", kind));
    let said = match words.has(&own) {
        true => words.tv(&own, &[("what", what.as_str().into())]),
        false => words.pair(&what, &words.t(&fact)),
    };
    let said = match field("field-why") {
        Some(why) => words.pair(&said, &why),
        None => said,
    };
    Ok((said, found.map(|found| Named::new(record, what, found.url))))
}

/// An instant or a day as the reader writes it; anything else as it is.
fn time(words: &Words, token: &str) -> String {
    if let Ok(at) = token.parse::<Instant>() {
        return words.instant(at.timestamp());
    }
    match token.parse::<Day>() {
        Ok(day) => words.date(day.date()),
        Err(_) => token.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use ui::Lang;

    use super::*;

    #[test]
    fn a_cause_is_a_record_and_a_fact_and_nothing_else_is() {
        let facts = ["method_version.voided", "run.judged", "balance.went_stale"];
        let table = [
            ("method-version-22: method_version.voided", Some(("method-version-22", facts[0], 1))),
            ("result-9: run.judged, worksheet-4", Some(("result-9", facts[1], 3))),
            ("result-9: run.judged, and more", Some(("result-9", facts[1], 1))),
            ("balance-3 BAL-08: balance.went_stale", Some(("balance-3", facts[2], 2))),
            ("method-version-22: wrong factor", None),
            ("Cd: method_version.voided", None),
            ("lot-4 waits for method_version.voided", None),
            ("lot-4", None),
            ("drift", None),
        ];
        for (text, expected) in table {
            let mut parts = text.split_inclusive(BETWEEN).peekable();
            let first = parts.next().unwrap();
            let found = cause(first, &parts, |kind| facts.contains(&kind));
            let found = found.map(|(record, kind, count)| (record.to_string(), kind, count));
            let expected =
                expected.map(|(record, kind, count): (&str, _, _)| (record.to_owned(), kind, count));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn instants_and_days_are_the_readers() {
        let words = ui::gallery::sample_words(Lang::Zh);
        assert_eq!(time(&words, "2026-03-13T16:05:00Z"), "2026年3月14日 00:05");
        assert_eq!(time(&words, "2026-03-14"), "2026年3月14日");
        for plain in ["GB/T", "12.5", "lot", "2026", "MS-260314-02"] {
            assert_eq!(time(&words, plain), plain);
        }
    }
}
