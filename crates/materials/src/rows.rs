//! What the whole area reads: what its records are in a line (for explain trees, search answers and links),
//! choices for forms, and the counts of the page of today.

use kernel::{Kind, Ref};
use store::{Db, Described, Row, StoreError, params};

store::statements! {
    /// For choosing in forms; more than these are found by typing an id into the command's own page.
    PARTIES_TO_CHOOSE = "SELECT number, code, name_en, name_zh FROM party ORDER BY code LIMIT 500";
    LOTS_WITHOUT_SAMPLE = "SELECT COUNT(*) FROM lot l WHERE l.made_at >= ?1 AND l.state = 'in-stock'
        AND NOT EXISTS (SELECT 1 FROM sample s WHERE s.lot = l.number)";
    LOT_STATE = "SELECT state FROM lot WHERE number = ?1";
    DESCRIBE_LOT = "SELECT l.code, m.code, l.state, l.mass_kg_wet, l.moisture_percent, l.mass_kg_dry,
        l.custody
        FROM lot l JOIN material m ON m.number = l.material WHERE l.number = ?1";
    DESCRIBE_SAMPLE = "SELECT s.code, m.code, l.code, s.purpose, s.taken_at, s.mass_kg_wet, s.plan FROM
        sample s
        LEFT JOIN material m ON m.number = s.material LEFT JOIN lot l ON l.number = s.lot WHERE s.number =
        ?1";
    DESCRIBE_MATERIAL = "SELECT code, name_en, name_zh, kind, formula FROM material WHERE number = ?1";
    DESCRIBE_PARTY = "SELECT code, name_en, name_zh, kind, address FROM party WHERE number = ?1";
    DESCRIBE_MOVE = "SELECT kind, stage, at, reason, taken_kg_dry, made_kg_dry, loss_kg_dry,
        unaccounted_kg_dry
        FROM lot_move WHERE number = ?1";
}

/// A field of the answer: key, text, in the order of the statement's columns after the label.
type Keys = &'static [&'static str];

pub(crate) fn describe(db: &mut Db, record: Ref) -> Result<Option<Described>, StoreError> {
    let (sql, page, keys): (&str, &str, Keys) = match record.kind {
        Kind::Lot => (
            DESCRIBE_LOT,
            "lots",
            &["material", "state", "mass-kg-wet", "moisture-percent", "mass-kg-dry", "custody"],
        ),
        Kind::Sample => {
            (DESCRIBE_SAMPLE, "samples", &["material", "lot", "purpose", "taken-at", "mass-kg-wet", "plan"])
        }
        Kind::Material => (DESCRIBE_MATERIAL, "materials", &["name-en", "name-zh", "kind", "formula"]),
        Kind::Party => (DESCRIBE_PARTY, "parties", &["name-en", "name-zh", "kind", "address"]),
        Kind::Move => (
            DESCRIBE_MOVE,
            "moves",
            &["stage", "at", "reason", "taken-kg-dry", "made-kg-dry", "loss-kg-dry", "unaccounted-kg-dry"],
        ),
        _ => return Ok(None),
    };
    db.maybe(sql, params![record.number], |row| {
        let label = match record.kind {
            Kind::Move => format!("{} {}", row.text(0)?, record.number),
            _ => row.text(0)?,
        };
        Ok(Described {
            label,
            url: format!("/{page}/{record}"),
            fields: fields(row, keys)?,
            raw: None,
            because: None,
        })
    })
}

fn fields(row: &Row<'_>, keys: Keys) -> Result<Vec<(String, String)>, StoreError> {
    let mut all = Vec::new();
    for (at, key) in keys.iter().enumerate() {
        if let Some(text) = row.opt_text(at + 1)? {
            let unit = match *key {
                "moisture-percent" => " %",
                key if key.contains("-kg") => " kg",
                _ => "",
            };
            all.push((format!("field-{key}"), format!("{text}{unit}")));
        }
    }
    Ok(all)
}
