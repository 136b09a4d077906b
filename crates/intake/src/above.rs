//! Lines above a table that no rule takes and that say what stands below: another unit, another quantity.

use crate::engine::Active;
use crate::open::Row;
use crate::over::{alike, no_concentration, told_above};
use crate::text::short;

/// A line above a table that names a unit, or another quantity than a concentration.
#[derive(Debug, Clone)]
pub(crate) struct Above {
    pub row: String,
    pub said: String,
    pub unit: Option<String>,
}

impl Above {
    pub fn of(row: Row<'_>) -> Option<Self> {
        let cells: Vec<&str> = row.cells().map(str::trim).filter(|cell| !cell.is_empty()).collect();
        if cells.len() > 3 {
            return None;
        }
        let line = cells.join(" ");
        let unit = told_above(&line);
        let other = cells.len() == 1 && line.split_whitespace().count() <= 4 && no_concentration(&line);
        (unit.is_some() || other).then(|| Self { row: row.label(), said: short(&line).into_owned(), unit })
    }
}

impl Active<'_> {
    /// What a line above the header says of another quantity.
    pub fn above_question(&self) -> Option<String> {
        let above = self.above.as_ref().filter(|above| above.unit.is_none())?;
        Some(format!(
            "row {} ({:?}) stands above the table and is not understood; does it say what these values are?",
            above.row, above.said
        ))
    }

    /// Another unit in a line above the header than the mapping states.
    pub fn unit_above(&self, unit: &str) -> Option<String> {
        let above = self.above.as_ref()?;
        let other = above.unit.as_ref().filter(|other| !alike(other, unit, &self.region.unit_alias))?;
        Some(format!("row {} ({:?}) says {other}, the mapping says {unit}", above.row, above.said))
    }
}
