//! Pairs of label and value around the tables: they become attributes of the file.

use crate::bind::{self, Target};
use crate::cell;
use crate::engine::{Active, Sheet, Walk};
use crate::mapping::{Preamble, PreambleKind, Region};
use crate::open::{Grid, Row};
use crate::reading::Outcome;
use crate::scene::Attributes;
use crate::text::same_label;

impl<'a> Walk<'a> {
    /// Pairs of label and value, wherever they stand; `any` only while no table is being read.
    pub(crate) fn preamble(&mut self, sheet: &Sheet<'a>, row: Row<'a>) -> Option<Outcome> {
        let mapping = self.mapping;
        if mapping.preamble.is_empty() {
            return None;
        }
        let outside = self.outside_tables(sheet, row);
        let pairs = mapping.preamble.iter().find_map(|rule| {
            if matches!(rule.kind, PreambleKind::Any) && !outside {
                return None;
            }
            pairs(rule, row)
        })?;
        self.file.extend(pairs);
        if let Some(active) = &sheet.active {
            self.doubt(active, row, "[[preamble]]");
        }
        Some(Outcome::Attribute)
    }

    /// Says so when a rule for lines around the data takes a row that looks like data.
    pub(crate) fn doubt(&mut self, active: &Active<'a>, row: Row<'a>, rule: &str) {
        let filled = row.cells().filter(|cell| !cell.trim().is_empty()).take(3).count();
        let Some(binding) = active.binding.as_ref().filter(|_| filled == 3) else { return };
        let number = |target: &Target| cell::is_number(row.cell(target.column), target.format);
        if binding.targets.iter().all(number) && self.seen.insert(rule.to_owned()) {
            let text = "looks like data, but a rule takes it; let its pattern begin with ^ and say more";
            self.warn(format!("row {} {text}: {rule}", row.label()));
        }
    }

    /// Whether no table is being read and none begins at this row.
    fn outside_tables(&self, sheet: &Sheet<'a>, row: Row<'a>) -> bool {
        match &sheet.active {
            Some(active) => active.waiting() && !self.is_header(active, row, sheet.grid),
            // a region that starts at once has not been entered yet; its header may be this very row
            None => self.at_once(sheet).is_none_or(|index| {
                let region = &self.mapping.regions[index];
                match (&region.header.when, region.header.row) {
                    (Some(_), _) => !self.announces(region, row, sheet.grid),
                    (None, Some(first)) => row.number() < first,
                    (None, None) => false,
                }
            }),
        }
    }

    /// Whether this row is the header of a region that has not been entered.
    fn announces(&self, region: &'a Region, row: Row<'a>, grid: &Grid) -> bool {
        let early = bind::positions(self.mapping, region, region.header.names.as_deref().unwrap_or_default());
        let nothing = Attributes::new();
        let scene = self.scene(row, region, &early, &nothing, &grid.name);
        region.header.when.as_ref().is_some_and(|when| scene.holds(when))
    }
}

fn pairs(rule: &Preamble, row: Row<'_>) -> Option<Vec<(String, String)>> {
    let label = row.cell(rule.cell).trim();
    if let PreambleKind::Pattern(pattern) = &rule.kind {
        let line = row.line();
        let found = pattern.captures(&line)?;
        let part =
            |name: &str| found.name(name).map_or(String::new(), |part| part.as_str().trim().to_owned());
        return Some(pattern.capture_names().flatten().map(|name| (name.to_owned(), part(name))).collect());
    }
    let (label, value) = match &rule.separator {
        Some(separator) => {
            let (label, value) = label.split_once(separator.as_str())?;
            (label.trim(), value.trim())
        }
        None => {
            let first = rule.value_cell.unwrap_or_else(|| {
                (rule.cell + 1..row.len())
                    .find(|cell| !row.cell(*cell).trim().is_empty())
                    .unwrap_or(usize::MAX)
            });
            (label, row.cell(first).trim())
        }
    };
    match &rule.kind {
        PreambleKind::Label(labels) => {
            let known = labels.iter().find(|known| same_label(known, label))?;
            Some(vec![(rule.name.clone().unwrap_or_else(|| known.clone()), value.to_owned())])
        }
        _ => (!label.is_empty()).then(|| vec![(label.to_owned(), value.to_owned())]),
    }
}
