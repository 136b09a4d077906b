//! What the pages of lots and moves read from the database.

use store::{Db, StoreError};

store::statements! {
    LOT_SHOWN = "SELECT l.code, l.material, m.code, m.name_en, m.name_zh, l.state, l.custody, l.mass_kg_wet,
        l.moisture_percent, l.mass_kg_dry, l.first_kg_wet, l.first_kg_dry, l.origin_party, o.code,
        l.shipped_to, t.code,
        l.shipped_at, l.produced_on, l.packages, l.mass_kg_gross, l.location, l.made_at
        FROM lot l JOIN material m ON m.number = l.material LEFT JOIN party o ON o.number = l.origin_party
        LEFT JOIN party t ON t.number = l.shipped_to WHERE l.number = ?1";
    LOT_POSTINGS = "SELECT p.move, v.kind, v.at, v.person, p.kg_wet, p.kg_dry, v.reason
        FROM posting p JOIN lot_move v ON v.number = p.move WHERE p.lot = ?1 ORDER BY p.move, p.line LIMIT
        500";
    LOT_SAMPLES = "SELECT number, code, purpose, taken_at, mass_kg_wet FROM sample WHERE lot = ?1
        ORDER BY number DESC LIMIT 200";
    LOT_LOCATIONS = "SELECT at, person, came_from, location, reason FROM lot_location WHERE lot = ?1
        ORDER BY entry DESC LIMIT 200";
    PLACES = "SELECT DISTINCT location FROM lot WHERE location IS NOT NULL ORDER BY location LIMIT 200";
    MOVE_SHOWN = "SELECT kind, at, person, party, stage, reason, taken_kg_wet, taken_kg_dry, outside_kg_wet,
        outside_kg_dry, water_kg, made_kg_wet, made_kg_dry, loss_kg_wet, loss_kg_dry, unaccounted_kg_wet,
        unaccounted_kg_dry, tolerance_kg FROM lot_move WHERE number = ?1";
    MOVE_POSTINGS = "SELECT p.lot, p.sample, l.code, s.code, p.kg_wet, p.kg_dry FROM posting p
        LEFT JOIN lot l ON l.number = p.lot LEFT JOIN sample s ON s.number = p.sample
        WHERE p.move = ?1 ORDER BY p.line";
}

/// The places where lots lie, each once.
pub(super) fn places(db: &mut Db) -> Result<Vec<String>, StoreError> {
    db.query(PLACES, &[], |row| row.text(0))
}
