//! Small parts that several pages here share.

use std::collections::BTreeMap;

use kernel::{Names, PersonId, Ref, Role};
use site::{Miss, Named, Visit};
use ui::kit::form::{Field, FieldKind};
use ui::{Link, Words};

/// Names records by asking the areas; each once.
pub(crate) fn name_all(
    visit: &mut Visit<'_>,
    records: impl IntoIterator<Item = Ref>,
) -> Result<BTreeMap<Ref, Named>, Miss> {
    let mut named = BTreeMap::new();
    for record in records {
        if named.contains_key(&record) {
            continue;
        }
        named.insert(record, visit.name(record)?);
    }
    Ok(named)
}

/// A person's name in the reader's language; the number when it was erased.
pub(crate) fn person_name(words: &Words, person: PersonId, names: &Names) -> String {
    let name = words.pick(&names.en, &names.zh);
    if name.is_empty() { person.to_string() } else { name.to_owned() }
}

/// The address of a person's page.
pub(crate) fn person_path(person: PersonId) -> String {
    format!("/people/{person}")
}

/// A link to a person.
pub(crate) fn person_link(words: &Words, person: PersonId, names: &Names) -> Link {
    Link::new(person_name(words, person, names), person_path(person))
}

/// Roles in words.
pub(crate) fn roles_text(words: &Words, roles: &[Role]) -> String {
    let names: Vec<String> = roles.iter().map(|role| words.t(&format!("role-{role}"))).collect();
    names.join(words.t("authority-separator").as_str())
}

/// A field of a form, labelled by its shared words.
pub(crate) fn field(words: &Words, name: &str, kind: FieldKind) -> Field {
    Field::new(name, words.t(&site::word("field", name)), kind)
}

/// Choices from words with a common prefix.
pub(crate) fn choices<'a>(
    words: &Words,
    prefix: &str,
    all: impl IntoIterator<Item = &'a str>,
) -> Vec<(String, String)> {
    all.into_iter().map(|word| (word.to_owned(), words.t(&format!("{prefix}-{word}")))).collect()
}
