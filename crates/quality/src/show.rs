//! Small parts that several pages here share.

use kernel::{Names, PersonId, Ref};
use site::{Miss, Visit};
use store::StoreError;
use ui::kit::form::{Field, FieldKind};
use ui::kit::table::Cell;
use ui::{Badge, Link, State, Words};

use crate::view_rows;

/// A record as pages name it: label and address.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Named {
    /// The record.
    pub record: Ref,
    /// What it is called.
    pub label: String,
    /// Its page; empty when it has none.
    pub url: String,
}

impl Named {
    /// With its own page.
    pub fn at(record: impl Into<Ref>, label: impl Into<String>, url: impl Into<String>) -> Self {
        Named { record: record.into(), label: label.into(), url: url.into() }
    }

    /// As a link.
    pub fn link(&self) -> Link {
        Link::new(&self.label, &self.url)
    }

    /// As a cell; plain words when it has no page.
    pub fn cell(&self) -> Cell {
        if self.url.is_empty() { Cell::Text(self.label.clone()) } else { Cell::Link(self.link()) }
    }

    /// A lot by its code.
    pub fn lot(lot: kernel::LotId, code: &str) -> Self {
        Named::at(lot, code, format!("/lots/{lot}"))
    }
}

/// Names any record by asking the areas.
pub(crate) fn name(visit: &mut Visit<'_>, record: Ref) -> Result<Named, StoreError> {
    let described = visit.store.registry().describe(visit.db, record)?.unwrap_or_default();
    let label = Some(described.label).filter(|l| !l.is_empty()).unwrap_or_else(|| record.to_string());
    Ok(Named { record, label, url: described.url })
}

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

/// Who may give a command: its roles, and the first people who have them.
pub(crate) fn who(visit: &mut Visit<'_>, command: &str) -> Result<Option<String>, Miss> {
    let Some(kind) = visit.store.registry().commands.get(command) else { return Ok(None) };
    let mut parts = Vec::new();
    for role in kind.roles {
        let people = authority::holders(visit.db, *role)?;
        let names: Vec<String> = people.iter().take(3).map(|(_, names)| pick(visit.words, names)).collect();
        let role = visit.words.t(&format!("role-{role}"));
        parts.push(if names.is_empty() { role } else { format!("{role} ({})", names.join(", ")) });
    }
    Ok(Some(parts.join(" · ")).filter(|text| !text.is_empty()))
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
