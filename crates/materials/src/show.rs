//! Small parts that several pages here share.

use kernel::Ref;
use store::{Db, Row, StoreError, params};
use ui::kit::form::{Field, FieldKind};
use ui::kit::number::Number;
use ui::kit::table::Cell;
use ui::{Badge, State, Words};

use crate::rows;

/// A mass in kg that is explained by the record that holds it.
pub(crate) fn kg(text: &str, of: Ref) -> Number {
    Number::new(text).unit("kg").explained(format!("/explain/{of}"))
}

/// A cell with words, or nothing.
pub(crate) fn opt(text: Option<&str>) -> Cell {
    text.map_or(Cell::Blank, |text| Cell::Text(text.to_owned()))
}

/// A lot's state as a badge.
pub(crate) fn lot_state(words: &Words, state: &str) -> Badge {
    let meaning = match state {
        "in-stock" => State::Pass,
        "lost" => State::Warning,
        _ => State::Neutral,
    };
    Badge::new(meaning, words.t(&format!("choice-state-{state}")))
}

/// A field with its shared label.
pub(crate) fn field(words: &Words, name: &str, kind: FieldKind) -> Field {
    let last = name.rsplit('.').next().unwrap_or(name);
    let field = Field::new(name, words.t(&site::word("field", last)), kind);
    if last.contains("_kg") { field.unit("kg") } else { field }
}

/// The choices of a field whose words are `choice-FIELD-VALUE`.
pub(crate) fn choices(words: &Words, field: &str, values: &[&str]) -> FieldKind {
    let text = |value: &&str| ((*value).to_owned(), words.t(&format!("choice-{field}-{value}")));
    FieldKind::Select(values.iter().map(text).collect())
}

/// Parties to choose from.
pub(crate) fn parties(db: &mut Db, words: &Words) -> Result<FieldKind, StoreError> {
    let all = db.query(rows::PARTIES_TO_CHOOSE, params![], |row| chosen(words, row))?;
    Ok(FieldKind::Select(all))
}

fn chosen(words: &Words, row: &Row<'_>) -> Result<(String, String), StoreError> {
    let record = kernel::PartyId(row.number(0)?);
    let (code, en, zh) = (row.text(1)?, row.text(2)?, row.text(3)?);
    Ok((record.to_string(), format!("{code} · {}", words.pick(&en, &zh))))
}
