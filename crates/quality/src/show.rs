//! Small parts that several pages here share.

use kernel::{Names, PersonId};
use site::Visit;
use store::StoreError;
use ui::kit::form::{Field, FieldKind};
use ui::{Badge, State, Words};

use crate::view_rows;

/// The reader's side of a pair of names.
pub(crate) fn pick(words: &Words, names: &Names) -> String {
    words.pick(&names.en, &names.zh).to_owned()
}

/// What an analyte is called on a certificate, in the reader's language, with its formula if it has one.
pub(crate) fn analyte(words: &Words, written: &str) -> String {
    called(words, &crate::certificate::analytes::name(written))
}

/// The same of an analyte that a certificate has named.
pub(crate) fn called(words: &Words, of: &publish::certificate::Analyte) -> String {
    let name = words.pick(&of.name.en, &of.name.zh);
    match of.formula.as_deref().filter(|formula| *formula != name) {
        Some(formula) => format!("{name} ({formula})"),
        None => name.to_owned(),
    }
}

/// A date that was written as `2026-03-14`, as the reader writes dates; what is no date stays as it is.
pub(crate) fn day(words: &Words, written: &str) -> String {
    written.parse().map_or_else(|_| written.to_owned(), |date| words.date(date))
}

/// A person's name in the reader's language.
pub(crate) fn person(visit: &mut Visit<'_>, person: Option<PersonId>) -> Result<String, StoreError> {
    match person {
        None => Ok(String::new()),
        Some(person) => Ok(pick(visit.words, &view_rows::person(visit.db, person)?)),
    }
}

/// A field with the words of its name.
pub(crate) fn field(words: &Words, name: &str, kind: FieldKind) -> Field {
    Field::new(name, words.t(&site::word("field", name)), kind)
}

/// How a decision is shown.
pub(crate) fn decision(words: &Words, decision: &str) -> Badge {
    let state = match decision {
        "released" => State::Pass,
        "rejected" => State::Fail,
        "concession" => State::Warning,
        _ => State::Neutral,
    };
    Badge::new(state, words.t(&format!("state-decision-{decision}")))
}
