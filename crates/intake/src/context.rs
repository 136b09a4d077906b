//! What stood above a row and still holds: a header, a heading. A row that is not understood ends it, because
//! it may be the header of another table or the heading of another sample.

use crate::analyte;
use crate::bind::{Binding, Target};
use crate::cell::{self, NumberFormat, Reader};
use crate::engine::Active;
use crate::formula::elements;
use crate::mapping::{Region, Source};
use crate::open::Row;
use crate::over::{is_harmless, is_unit, speaks_of_quantity};
use crate::text::{same_label, short};
use crate::unit;

/// A context that ended at a row that nothing explains.
#[derive(Debug, Clone)]
pub(crate) struct Lost {
    row: String,
    said: String,
    /// A header must come before columns mean anything again.
    columns: bool,
    /// A heading must come before it is known whose readings these are.
    block: bool,
    /// The row is plainly the header of a table that the mapping does not know.
    table: bool,
    /// The row may be a title that says what quantity or unit stands below it: no header takes that back.
    title: bool,
}

impl Lost {
    /// Whether it outlives the region in which it stood.
    pub fn is_title(&self) -> bool {
        self.title
    }
}

/// Whether a row that nobody understands is perhaps a title of other quantities: one or two cells that name
/// more than a page, a batch or a day; or any row that speaks of a unit, a limit, a statistic.
fn is_title(row: Row<'_>, block: bool) -> bool {
    let cells: Vec<&str> = row.cells().map(str::trim).filter(|cell| !cell.is_empty()).collect();
    let speaks = cells.iter().any(|cell| speaks_of_quantity(cell)) || speaks_of_quantity(&cells.join(" "));
    // a heading that starts a block says whose readings follow
    speaks || !block && cells.len() <= 2 && !cells.iter().all(|cell| is_harmless(cell))
}

/// Whether each row says by itself which sample and analyte it is about.
pub(crate) fn in_rows(region: &Region) -> (bool, bool) {
    let column = |source: Option<&Source>| matches!(source, Some(Source::Columns(_)));
    let sample = column(region.sample.from.as_ref().map(|from| &from.source)) || region.transposed;
    let told = |value: &crate::mapping::ValueEntry| value.analyte.is_some() || value.analyte_column.is_some();
    let wide = region.columns.is_some() && !region.transposed;
    let constant = matches!(region.analyte.from.as_ref().map(|from| &from.source), Some(Source::Constant(_)));
    let analyte = column(region.analyte.from.as_ref().map(|from| &from.source));
    (sample, wide || analyte || constant || region.values.iter().all(told))
}

impl Active<'_> {
    /// The row is not understood: nothing below it is taken with the columns or the block that were known.
    pub fn lose(&mut self, row: Row<'_>, table: bool) {
        let (sample, analyte) = in_rows(self.region);
        let block = !sample || !analyte;
        let columns = !self.region.header.rows.is_empty() || !block;
        let line = row.cells().map(str::trim).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" ");
        let title = !table && is_title(row, block);
        let table = table || self.lost.as_ref().is_some_and(|lost| lost.table);
        let now = Lost { row: row.label(), said: short(&line).into_owned(), columns, block, table, title };
        self.lost = Some(match self.lost.take() {
            // what the first title says is asked until the end
            Some(before) if before.title => Lost { row: before.row, said: before.said, title: true, ..now },
            _ => now,
        });
        self.carry.clear();
        self.carry_time = None;
    }

    /// A header was read: its columns are known again, and nothing more.
    pub fn found_columns(&mut self) {
        if let Some(lost) = &mut self.lost {
            (lost.columns, lost.table) = (false, false);
        }
        self.lost.take_if(|lost| !lost.block && !lost.columns && !lost.title);
    }

    /// A heading that starts a block was read.
    pub fn found_block(&mut self) {
        if let Some(lost) = &mut self.lost {
            lost.block = false;
        }
        self.lost.take_if(|lost| !lost.columns && !lost.title);
    }

    /// Why readings of this row are a question.
    pub fn lost_question(&self) -> Option<String> {
        self.lost.as_ref().map(|lost| {
            format!(
                "row {} ({:?}) is not understood; what stands below it may be of another table, sample, \
                 analyte or unit",
                lost.row, lost.said
            )
        })
    }

    /// Why a row below the header of an unknown table is not read.
    pub fn other_table(&self) -> Option<String> {
        self.lost.as_ref().filter(|lost| lost.table).map(|lost| {
            format!(
                "row {} ({:?}) begins a table that the mapping does not know; see [header] when, [[region]]",
                lost.row, lost.said
            )
        })
    }

    /// Whether a value cell says something that is known without a question: a number, a sign, a token.
    pub fn is_token(&self, text: &str, target: &Target) -> bool {
        is_token(self.region, target.format, text)
    }

    /// Whether a row that gave no value is a row of data all the same: another cell of it says so.
    pub fn data_like(&self, binding: &Binding, row: Row<'_>) -> bool {
        let region = self.region;
        let filled = |at: &usize| !row.cell(*at).trim().is_empty();
        let fixed = (0..row.len()).filter(filled).filter(|at| !binding.is_target(*at));
        let shape: Vec<usize> = fixed.collect();
        let id = region.sample.from.as_ref().and_then(|from| match &from.source {
            Source::Columns(ids) => ids.first().and_then(|id| binding.positions[id.0]),
            _ => None,
        });
        let named = analyte_column(region, binding);
        let unit = |target: &Target| {
            target.unit_column.is_some_and(|at| {
                let text = row.cell(at).trim();
                let rate =
                    ["cps", "kcps", "counts"].contains(&unit::normal(text, &region.unit_alias).as_str());
                unit::known(text) && elements(text).is_none() && !rate
            })
        };
        let evident = |at: &&usize| {
            let text = row.cell(**at).trim();
            Some(**at) != id && Some(**at) != named && (is_count(text) || is_time(text))
        };
        let whole = [id, named].into_iter().flatten().all(|at| filled(&at));
        if shape.iter().any(|at| evident(&at)) || whole && binding.targets.iter().any(unit) {
            return true;
        }
        if named.is_some_and(|at| self.is_analyte(row.cell(at).trim())) {
            return true;
        }
        let values = binding.targets.iter().map(|target| (target, row.cell(target.column).trim()));
        let mut values = values.filter(|(_, text)| !text.is_empty()).peekable();
        if values.peek().is_none() {
            return shape.len() > 1 && shape == self.shape || self.is_empty_sample(binding, row);
        }
        region.columns.is_some() && values.any(|(target, text)| self.is_token(text, target))
            || id.is_some_and(|at| self.makes.contains(&make(row.cell(at)))) && !says_words(binding, row)
    }

    /// Whether a row with all its separators names a sample as the rows above do, and nothing was measured.
    pub fn is_empty_sample(&self, binding: &Binding, row: Row<'_>) -> bool {
        let ids = self.region.sample.from.as_ref().map_or(&[][..], |from| from.source.columns());
        let at = ids.first().and_then(|id| binding.positions[id.0]);
        let whole = self.in_rows && row.len() > 1 && row.len() == self.header_cells.len();
        whole && at.is_some_and(|at| self.makes.contains(&make(row.cell(at))))
    }

    /// Takes note of how the ids of the table are made.
    pub fn see_id(&mut self, id: &str) {
        let make = make(id);
        if make.contains('#') && self.makes.len() < 64 {
            self.makes.insert(make);
        }
    }

    fn is_analyte(&self, text: &str) -> bool {
        let spec = &self.region.analyte;
        let named = |named: analyte::Named| {
            let own = |one: &String| same_label(one, &named.analyte);
            elements(&named.analyte).is_some() || spec.known.iter().any(own) || named.analyte != text.trim()
        };
        let fits = || !spec.patterns.is_empty() && analyte::split(spec, text).is_some_and(named);
        elements(text).is_some()
            || analyte::alias(spec, text).is_some()
            || spec.known.iter().any(|one| same_label(one, text))
            || fits()
    }
}

/// An id with each run of its digits as one sign: `S1` and `S12` are made alike.
fn make(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for letter in id.trim().chars() {
        let letter = if letter.is_ascii_digit() { '#' } else { letter };
        if letter != '#' || !out.ends_with('#') {
            out.push(letter);
        }
    }
    out
}

/// Whether units, names of analytes or several words stand where values should: no unknown token of data.
fn says_words(binding: &Binding, row: Row<'_>) -> bool {
    binding.targets.iter().any(|target| {
        let text = row.cell(target.column).trim();
        is_unit(text) || elements(text).is_some() || speaks_of_quantity(text) || text.contains(' ')
    })
}

/// Where each row names its analyte.
pub(crate) fn analyte_column(region: &Region, binding: &Binding) -> Option<usize> {
    if region.columns.is_some() && !region.transposed {
        return None;
    }
    match &region.analyte.from.as_ref()?.source {
        Source::Columns(ids) => ids.first().and_then(|id| binding.positions[id.0]),
        _ => None,
    }
}

/// Whether a cell is a number, a sign with a number, or a token that the mapping or everybody knows.
pub(crate) fn is_token(region: &Region, format: NumberFormat, text: &str) -> bool {
    let marks: Vec<String> = region.values.iter().flat_map(|value| value.marks.clone()).collect();
    let reader = Reader { format, pattern: None, marks: &marks, aliases: &region.unit_alias };
    let patterns = region.values.iter().filter_map(|value| value.pattern.as_ref());
    region.tokens.iter().any(|(token, _)| same_label(token, text))
        || reader.read(text).is_some()
        || patterns
            .into_iter()
            .any(|pattern| Reader { pattern: Some(pattern), ..reader }.read(text).is_some())
}

/// A number as it stands beside values: in any spelling.
pub(crate) fn is_count(text: &str) -> bool {
    cell::is_number(text, NumberFormat::default())
        || cell::is_number(text, NumberFormat { decimal: ',', thousands: Some('.') })
}

pub(crate) fn is_time(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let begins = text.starts_with(|first: char| first.is_ascii_digit());
    begins && digits >= 4 && text.contains(['/', '-', '.', ':', '年']) && text.chars().count() <= 40
}

/// A cell that announces what follows instead of naming a sample or an analyte: `Sample:`.
pub(crate) fn is_label(text: &str) -> bool {
    text.trim_end().ends_with([':', '：', '='])
}
