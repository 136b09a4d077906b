//! Small parts that several pages here share.

use kernel::{Names, PersonId};
use site::Visit;
use store::StoreError;
use ui::{Badge, State, Words};

use crate::flowsheet::rules::FLOW;
use crate::flowsheet::{Node, Stream};
use crate::view_rows;

/// The reader's side of a pair of names.
pub(crate) fn pick(words: &Words, names: &Names) -> String {
    words.pick(&names.en, &names.zh).to_owned()
}

/// A person's name in the reader's language.
pub(crate) fn person(visit: &mut Visit<'_>, person: Option<PersonId>) -> Result<String, StoreError> {
    match person {
        None => Ok(String::new()),
        Some(person) => Ok(pick(visit.words, &view_rows::person(visit.db, person)?)),
    }
}

/// What a stream is called: its label in the reader's language, else its name.
pub(crate) fn stream(words: &Words, of: &Stream) -> String {
    label(words, &of.label_en, &of.label_zh).unwrap_or_else(|| of.name.to_string())
}

/// What a node is called.
pub(crate) fn node(words: &Words, of: &Node) -> String {
    label(words, &of.label_en, &of.label_zh).unwrap_or_else(|| of.name.to_string())
}

fn label(words: &Words, en: &Option<kernel::Code>, zh: &Option<kernel::Code>) -> Option<String> {
    let text = |code: &Option<kernel::Code>| code.as_ref().map(ToString::to_string);
    let (en, zh) = (text(en).or_else(|| text(zh))?, text(zh).or_else(|| text(en))?);
    Some(words.pick(&en, &zh).to_owned())
}

/// What a quantity is called: the flow and the parts of a slurry in words, any other component by its name.
pub(crate) fn quantity(words: &Words, of: &str) -> String {
    match of {
        FLOW => words.t("quantity-flow"),
        "solids" => words.t("quantity-solids"),
        "water" => words.t("quantity-water"),
        name => name.to_owned(),
    }
}

/// Whether a balance is closed, and whether something below it changed.
pub(crate) fn state(words: &Words, is_final: bool, stale: bool) -> Vec<Badge> {
    let first = if is_final {
        Badge::new(State::Pass, words.t("state-balance-final"))
    } else {
        Badge::new(State::Neutral, words.t("state-balance-provisional"))
    };
    let second = stale.then(|| Badge::new(State::Fail, words.t("state-balance-stale")));
    std::iter::once(first).chain(second).collect()
}
