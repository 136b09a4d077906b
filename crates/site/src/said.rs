//! Texts of records and refusals, said to a reader: ids by name, instants on the institute's clock, days in
//! the reader's way of writing them. What is stored stays as it is; only pages say it so.

use kernel::{Day, Instant, Ref};
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
                    out.push_str(&found.label);
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
