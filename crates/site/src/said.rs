//! Texts of records and refusals, said to a reader: ids by name, instants on the institute's clock, days in
//! the reader's way of writing them. What is stored stays as it is; only pages say it so.

use facts::Cause;
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
    for part in text.split_inclusive(BETWEEN) {
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

/// A record's stored label as a reader is told it: a hold that the system placed by what happened, stored
/// words (an activity, a kind of control, a decision) in the reader's.
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
        return match registry.describe(db, record)?.and_then(|found| found.because) {
            Some(cause) => because(db, registry, words, cause),
            None => Ok(said(db, registry, words, label)?.0),
        };
    }
    let label = match record.kind {
        Kind::Authorisation => scoped(db, registry, label)?,
        _ => label.to_owned(),
    };
    Ok(worded(words, record.kind, &label))
}

/// The label of an authorisation with its scope, a method or a material, by name: authority knows its id.
fn scoped(db: &mut Db, registry: &Registry, label: &str) -> Result<String, StoreError> {
    let Some((before, Ok(scope))) = label.rsplit_once(" · ").map(|(a, b)| (a, b.parse::<Ref>())) else {
        return Ok(label.to_owned());
    };
    let found = registry.describe(db, scope)?.filter(|found| !found.label.is_empty());
    Ok(found.map_or_else(|| label.to_owned(), |found| format!("{before} · {}", found.label)))
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

/// What happened to a record, in a sentence, with the reason that was given for it.
///
/// # Errors
/// The database cannot be read.
pub fn because(db: &mut Db, registry: &Registry, words: &Words, cause: Cause) -> Result<String, StoreError> {
    let found = registry.describe(db, cause.record)?.filter(|found| !found.label.is_empty());
    let field = |key: &str| {
        let fields = found.iter().flat_map(|found| &found.fields);
        fields.into_iter().find(|(name, _)| name == key).map(|(_, text)| text.clone())
    };
    // A decision is called after its lot.
    let lot = field("field-lot").filter(|_| cause.record.kind == Kind::Disposition);
    let what = lot.or_else(|| found.as_ref().map(|found| found.label.clone()));
    let what = what.unwrap_or_else(|| cause.record.to_string());
    let key = format!("hold-because-{}", cause.event);
    let said = words.tv(&key, &[("what", what.as_str().into())]);
    Ok(match field("field-why") {
        Some(why) => words.pair(&said, &why),
        None => said,
    })
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
    fn instants_and_days_are_the_readers() {
        let words = ui::gallery::sample_words(Lang::Zh);
        assert_eq!(time(&words, "2026-03-13T16:05:00Z"), "2026年3月14日 00:05");
        assert_eq!(time(&words, "2026-03-14"), "2026年3月14日");
        for plain in ["GB/T", "12.5", "lot", "2026", "MS-260314-02"] {
            assert_eq!(time(&words, plain), plain);
        }
    }
}
