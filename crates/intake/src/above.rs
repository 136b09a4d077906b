//! Lines above a table that say what stands below: another unit, another quantity, a row of units.

use std::collections::BTreeMap;

use crate::bind::Target;
use crate::engine::Active;
use crate::lineup::header_column;
use crate::open::Row;
use crate::over::{alike, is_other, is_unit, no_concentration};
use crate::statistic::{Likeness, is_statistic, likeness};
use crate::telling::{all_told, is_scaled, is_unit_title, told};
use crate::text::short;

/// A line above a table that names units, or another quantity than a concentration.
#[derive(Debug, Clone)]
pub(crate) struct Above {
    row: String,
    said: String,
    unit: Option<String>,
    /// Further units of the same line.
    others: Vec<String>,
    /// It says that other quantities follow.
    other: bool,
    /// The units of a row of units, by column.
    columns: BTreeMap<usize, String>,
}

/// How many such lines are kept.
const MOST: usize = 16;

impl Above {
    /// What a line that no rule takes says.
    pub fn of(row: Row<'_>) -> Option<Self> {
        let cells: Vec<&str> = row.cells().map(str::trim).filter(|cell| !cell.is_empty()).collect();
        let told = Self::of_unit(row);
        let line = cells.join(" ");
        let short = line.split_whitespace().count() <= 4;
        // `Uncertainty, k=2`: a label with its value says something of its own
        let whole = || likeness(&line).is_some_and(|found| found != Likeness::Beside);
        let counted = line.bytes().filter(u8::is_ascii_digit).count() <= usize::from(line.contains('='));
        let other = match cells.len() {
            1 if told.is_some() => is_other(&line),
            1 => short && no_concentration(&line) || is_scaled(&line),
            2 => short && counted && whole(),
            _ => false,
        };
        match told {
            Some(told) => Some(Self { other, ..told }),
            None => other.then(|| Self { other, ..Self::new(row, None, BTreeMap::new()) }),
        }
    }

    /// What a line says that a rule for any label takes: its units, and whether it is a title of other
    /// quantities.
    pub fn of_label(row: Row<'_>) -> Option<Self> {
        let told = Self::of_unit(row);
        let mut cells = row.cells().map(str::trim).filter(|cell| !cell.is_empty());
        let title =
            cells.next().filter(|_| cells.next().is_none()).filter(|line| !line.ends_with([':', '：', '=']));
        let other = title.is_some_and(|line| is_scaled(line) || is_statistic(line));
        match told {
            Some(told) => Some(Self { other, ..told }),
            None => other.then(|| Self { other, ..Self::new(row, None, BTreeMap::new()) }),
        }
    }

    /// What any line says of units.
    fn of_unit(row: Row<'_>) -> Option<Self> {
        let filled =
            || (0..row.len()).map(|at| (at, row.cell(at).trim())).filter(|(_, cell)| !cell.is_empty());
        let units: BTreeMap<usize, String> =
            filled().filter(|(_, cell)| is_unit(cell)).map(|(at, cell)| (at, cell.to_owned())).collect();
        // below the names of columns stand their units, left of them at most what they are
        let others = filled().filter(|(at, _)| !units.contains_key(at)).count();
        let first = units.keys().next().copied().unwrap_or(0);
        if units.len() > 1 && others <= filled().filter(|(at, _)| *at < first).count() {
            return Some(Self::new(row, None, units));
        }
        let cells: Vec<&str> = filled().map(|(_, cell)| cell).collect();
        let pair = cells.windows(2).find(|pair| is_unit_title(pair[0].trim_end_matches([':', '：', '='])));
        let unit = pair.and_then(|pair| told(pair[1]));
        let line = cells.join(" ");
        let unit = unit.or_else(|| told(&line).filter(|_| cells.len() <= 3))?;
        let others = all_told(&line).into_iter().filter(|other| *other != unit);
        Some(Self { others: others.collect(), ..Self::new(row, Some(unit), BTreeMap::new()) })
    }

    fn new(row: Row<'_>, unit: Option<String>, columns: BTreeMap<usize, String>) -> Self {
        let cells: Vec<&str> = row.cells().map(str::trim).filter(|cell| !cell.is_empty()).collect();
        Self {
            row: row.label(),
            said: short(&cells.join(" ")).into_owned(),
            unit,
            others: Vec::new(),
            other: false,
            columns,
        }
    }

    /// Keeps a line beside those that stand above it.
    pub fn keep(self, all: &mut Vec<Self>) {
        if all.len() < MOST {
            all.push(self);
        }
    }
}

impl Active<'_> {
    /// What a line above the header says of another quantity.
    pub fn above_question(&self) -> Option<String> {
        let above = self.above.iter().find(|above| above.other)?;
        Some(format!(
            "row {} ({:?}) stands above the table and is not understood; does it say what these values are?",
            above.row, above.said
        ))
    }

    /// Another unit in a line above the header than the mapping states.
    pub fn unit_above(&self, unit: &str, target: &Target) -> Option<String> {
        let at = header_column(self.region, target);
        let other = |above: &Above| {
            let mut told = above.unit.iter().chain(&above.others).chain(above.columns.get(&at));
            let told = told.find(|told| !alike(told, unit, &self.region.unit_alias))?;
            Some(format!("row {} ({:?}) says {told}, the mapping says {unit}", above.row, above.said))
        };
        self.above.iter().find_map(other)
    }
}
