//! Units that a row tells beside its values, where no rule reads them: in a column called `Unit`, in a
//! remark; and rows of units below the header.

use crate::bind::Binding;
use crate::context::analyte_column;
use crate::engine::{Active, Walk};
use crate::mapping::{Region, Source};
use crate::open::Row;
use crate::over::{alike, is_unit, no_concentration};
use crate::telling::{is_unit_title, told};
use crate::text::short;
use crate::unit;

/// A unit beside the values.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    pub column: usize,
    pub unit: String,
    pub said: String,
}

/// How many different texts are remembered.
const MOST: usize = 10_000;

impl<'a> Walk<'a> {
    /// What the cells beside the values say of units. Times, ids, analytes and what belongs to a single value
    /// (its deviation, its limit) say nothing of that kind.
    pub(crate) fn claims(&mut self, active: &Active<'a>, binding: &Binding, row: Row<'a>) -> Vec<Claim> {
        let region = active.region;
        let from = [
            region.sample.from.as_ref(),
            region.time.as_ref().map(|time| &time.from),
            region.channel.as_ref(),
        ];
        let read = from.into_iter().flatten().flat_map(|from| from.source.columns());
        let read: Vec<usize> = read.filter_map(|id| binding.positions[id.0]).collect();
        let titles = binding.titles.as_ref().or(region.header.names.as_ref());
        let analyte = analyte_column(region, binding);
        let mut found = Vec::new();
        for at in 0..row.len() {
            let text = row.cell(at).trim();
            let beside = i64::try_from(at).is_ok_and(|at| binding.beside_values.contains(&at));
            if text.is_empty() || text.len() > 120 || beside || read.contains(&at) || analyte == Some(at) {
                continue;
            }
            if binding.replicates.contains(&at) || text.starts_with(|one: char| one.is_ascii_digit()) {
                continue;
            }
            let title = titles.and_then(|titles| titles.get(at)).map_or("", |title| title.trim());
            if let Some(unit) = self.claim(title, text) {
                found.push(Claim { column: at, unit, said: short(text).into_owned() });
            }
        }
        found
    }

    fn claim(&mut self, title: &str, text: &str) -> Option<String> {
        let key = (title.to_owned(), text.to_owned());
        if let Some(known) = self.told.get(&key) {
            return known.clone();
        }
        let answer = match is_unit_title(title) {
            true if unit::is_placeholder(text) => None,
            true if unit::known(text) || unit::can_be(text) => Some(text.to_owned()),
            // the limit, the deviation or the weight of something has units of its own
            false if no_concentration(title) || unit::weighs(title) => None,
            _ => told(text),
        };
        if self.told.len() < MOST {
            self.told.insert(key, answer.clone());
        }
        answer
    }
}

/// Whether a row holds nothing but the units that the values are read with anyway.
pub(crate) fn agrees(region: &Region, binding: &Binding, row: Row<'_>) -> bool {
    let constant = match region.unit.as_ref().map(|unit| &unit.source) {
        Some(Source::Constant(unit)) => Some(unit),
        _ => None,
    };
    if region.columns.is_none() || region.transposed {
        return false;
    }
    let mut units = 0;
    let all = (0..row.len()).all(|at| {
        let text = row.cell(at).trim();
        let Some(target) = binding.targets.iter().find(|target| target.column == at) else {
            return text.is_empty() || is_unit_title(text.trim_end_matches([':', '：'])) || is_unit(text);
        };
        let named = || target.named.as_ref().and_then(|named| named.unit.as_ref());
        let own = target.unit.as_ref().or_else(named).or(constant).or(target.over.as_ref());
        units += usize::from(!text.is_empty());
        text.is_empty() || is_unit(text) && own.is_some_and(|own| alike(text, own, &region.unit_alias))
    });
    all && units > 0
}
