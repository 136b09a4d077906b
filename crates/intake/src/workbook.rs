//! What a workbook says beside its cells: hidden rows and columns, merged areas, raised text, comments. What
//! an analyst did not see is never read in silence, and never preferred to what was seen.

use crate::bind::Target;
use crate::cell::Token;
use crate::engine::{Active, Sheet, Walk};
use crate::mapping::{Extract, Source};
use crate::open::{CellFormat, Grid, Hiding, Merge, Note, Row, column_name};
use crate::scene::{Attributes, Scene};
use crate::text::short;

/// Why rows are left out.
pub(crate) const HIDDEN_ROW: &str = "the row is hidden in the workbook";

impl<'a> Walk<'a> {
    /// Whether a hidden row is read all the same: as the header that the mapping names by its number, or as a
    /// further row of a header that has begun. Of what else it could be, the rows below it know only that
    /// they do not know.
    pub(crate) fn shows_header(&mut self, sheet: &mut Sheet<'a>, row: Row<'a>) -> bool {
        let waiting = sheet.active.as_ref().is_none_or(Active::waiting);
        let active = sheet.active.as_ref();
        let region = match active {
            Some(active) => Some(active.region),
            None => self.at_once(sheet).map(|index| &self.mapping.regions[index]),
        };
        let Some(region) = region else { return false };
        let named = waiting && !region.header.rows.is_empty() && region.header.row == Some(row.number());
        if named || active.is_some_and(|active| active.collecting.is_some()) {
            self.warn(format!("row {} is hidden in the workbook; it is read as header", row.label()));
            return true;
        }
        let structure = active.is_some_and(|active| self.is_structure(sheet, active, row));
        let id = active.and_then(|active| self.hidden_id(active, row));
        if let Some(active) = sheet.active.as_mut() {
            active.unseen = if structure { Some(row.number()) } else { active.unseen };
            // an id that nobody saw stands between the rows below and the id above
            if id.is_some_and(|id| !id.trim().is_empty()) {
                active.carry.clear();
            }
        }
        if waiting && !structure && region.header.when.is_none() && region.header.row.is_none() {
            let label = row.label();
            self.warn(format!("row {label} is hidden in the workbook; the header is looked for below it"));
        }
        false
    }

    /// The id of a hidden row, where rows without an id take that of the row above.
    fn hidden_id(&self, active: &Active<'a>, row: Row<'a>) -> Option<String> {
        let from = active.region.sample.from.as_ref().filter(|_| active.region.sample.carry)?;
        let Source::Columns(ids) = &from.source else { return None };
        let at = ids.iter().filter_map(|id| active.positions().get(id.0).copied().flatten());
        Some(at.map(|column| row.cell(column)).collect())
    }

    /// A heading, another header, or the beginning of another region.
    fn is_structure(&self, sheet: &Sheet<'a>, active: &Active<'a>, row: Row<'a>) -> bool {
        let holds = |when| self.holds(active, row, when, sheet.grid);
        let heading = active.region.headings.iter().any(|rule| {
            let line = row.line();
            let text = rule.cell.map_or(line.as_ref(), |cell| row.cell(cell).trim());
            holds(&rule.when) && rule.pattern.is_match(text)
        });
        let header = active.binding.is_some()
            && !active.same_header(row)
            && active.region.header.when.as_ref().is_some_and(holds);
        heading || header || self.starting(sheet, row).is_some()
    }
}

impl Active<'_> {
    /// What rows below a hidden heading or header have to ask.
    pub(crate) fn unseen_question(&self) -> Option<String> {
        self.unseen
            .map(|row| format!("row {row}, which is hidden in the workbook, says what stands below it"))
    }
}

/// What the cell of a value, and those beside it, ask by the way they are written.
pub(crate) fn of_cell(row: Row<'_>, target: &Target, token: Option<&Token>) -> Vec<String> {
    let mut questions: Vec<String> = Vec::new();
    questions.extend(value_questions(row, target.column));
    questions.extend(beside_questions(row, target));
    questions.extend(token.and_then(|token| token.script.clone()));
    questions
}

/// Questions about a cell that is read as a value.
pub(crate) fn value_questions(row: Row<'_>, column: usize) -> Vec<String> {
    let mut questions = Vec::new();
    questions.extend(hidden_column(row, column, "value"));
    questions.extend(row.note(column, Note::Ask).map(str::to_owned));
    if let Some(area) = row.covering(column) {
        let place = row.place(column);
        let area = area_name(area);
        questions.push(match row.cell(column).trim().is_empty() {
            true => {
                format!("{place} belongs to the merged cells {area}, whose value counts for the first only")
            }
            false => format!("{place} is covered by the merged cells {area}: what it holds is not shown"),
        });
    } else if let Some(area) = row.merged(column).filter(|area| area.bottom > area.top) {
        let area = area_name(area);
        questions.push(format!("the value stands in the merged cells {area}: is it of each of their rows?"));
    }
    questions
}

/// Questions about a cell that is read as an id.
pub(crate) fn id_questions(row: Row<'_>, column: usize) -> Vec<String> {
    let mut questions = Vec::new();
    let text = short(row.described(column).trim()).into_owned();
    match row.format(column) {
        Some(CellFormat::Date) => {
            questions.push(format!("the workbook holds the sample id {text:?} as a date"))
        }
        Some(CellFormat::Error) => {
            questions.push(format!("the workbook has an error ({text}) in place of the sample id"));
        }
        _ => {}
    }
    questions.extend(hidden_column(row, column, "sample id"));
    if let Some(script) = row.note(column, Note::Script) {
        questions.push(format!("the sample id {text:?} has a {script}"));
    }
    if let Some(question) = row.note(column, Note::AskId) {
        questions.push(format!("the sample id {text:?} is a number: {question}"));
    }
    if let Some(area) = row.covering(column).filter(|_| !row.cell(column).trim().is_empty()) {
        let (place, area) = (row.place(column), area_name(area));
        questions.push(format!("{place} is covered by the merged cells {area}: what it holds is not shown"));
    }
    questions
}

/// A question where the unit of a value stands in a hidden column.
pub(crate) fn beside_questions(row: Row<'_>, target: &Target) -> Option<String> {
    target.unit_column.and_then(|column| hidden_column(row, column, "unit"))
}

/// Questions about the cells that name the analyte of a row: what is raised is perhaps a footnote; lowered
/// digits are what formulae have.
pub(crate) fn analyte_questions(scene: &Scene<'_>, active: &Active<'_>, target: &Target) -> Vec<String> {
    let mut columns: Vec<usize> = target.analyte_column.into_iter().collect();
    if let Some(Extract { source: Source::Columns(ids), .. }) = &active.region.analyte.from {
        columns.extend(ids.iter().filter_map(|id| scene.positions[id.0]));
    }
    let mut questions = Vec::new();
    for column in columns.into_iter().filter(|_| target.named.is_none()) {
        let script = scene.row.note(column, Note::Script).filter(|script| script.contains("superscript"));
        questions.extend(script.map(|script| format!("the analyte has a {script}")));
        questions.extend(hidden_column(scene.row, column, "analyte"));
    }
    questions
}

fn hidden_column(row: Row<'_>, column: usize, what: &str) -> Option<String> {
    let told = || {
        let name = column_name(column);
        format!("the {what} stands in column {name}, which is hidden in the workbook")
    };
    row.is_hidden_column(column).then(told)
}

/// The comment on a cell, as an attribute of its reading.
pub(crate) fn comment(row: Row<'_>, column: usize, attributes: &mut Attributes) {
    if let Some(text) = row.comment(column) {
        let text = if text.is_empty() { "(see the workbook)" } else { text };
        attributes.entry("comment".to_owned()).or_insert_with(|| text.to_owned());
    }
}

fn area_name(area: &Merge) -> String {
    format!("{}{}:{}{}", column_name(area.left), area.top, column_name(area.right), area.bottom)
}

/// The question that every reading of a hidden sheet has: a mapping has named it, but nobody has seen it.
pub(crate) fn sheet_question(grid: &Grid) -> Option<String> {
    (grid.hiding == Hiding::Hidden).then(|| format!("the sheet {:?} is hidden in the workbook", grid.name))
}

/// What a sheet hides and what stands beside its cells, in words.
pub(crate) fn warnings(grid: &Grid) -> Vec<String> {
    let sheet = format!("sheet {:?}", grid.name);
    let mut said = Vec::new();
    if grid.hiding == Hiding::Hidden {
        said.push(format!("{sheet} is hidden in the workbook"));
    }
    let rows = hidden_rows(grid);
    if !rows.is_empty() {
        let why = if grid.filtered { " (a filter is set)" } else { "" };
        said.push(format!("{sheet}: {rows} are hidden in the workbook{why} and are not read"));
    } else if grid.filtered {
        said.push(format!("{sheet}: a filter is set, but it hides no row"));
    }
    let columns = hidden_columns(grid);
    if !columns.is_empty() {
        said.push(format!("{sheet}: {columns} are hidden in the workbook; what is read from them asks"));
    }
    if !grid.comments.is_empty() {
        let places: Vec<String> = (grid.comments.keys().take(10))
            .map(|(row, column)| format!("{}{row}", column_name(*column)))
            .collect();
        let more = if grid.comments.len() > 10 { ", …" } else { "" };
        said.push(format!("{sheet}: comments stand on {}{more}; they are no content", places.join(", ")));
    }
    said
}

/// What of a sheet is hidden and holds something.
pub(crate) fn hidden_parts(grid: &Grid) -> Vec<String> {
    [hidden_rows(grid), hidden_columns(grid)].into_iter().filter(|part| !part.is_empty()).collect()
}

fn hidden_rows(grid: &Grid) -> String {
    let hidden = grid.rows().filter(|row| row.is_hidden() && !row.is_blank()).map(|row| row.number());
    let list = ranges(hidden, &|row| row.to_string());
    if list.is_empty() { list } else { format!("rows {list}") }
}

fn hidden_columns(grid: &Grid) -> String {
    let hidden = grid.hidden_columns().into_iter().map(|column| column as u64);
    let list = ranges(hidden, &|column| column_name(column as usize));
    if list.is_empty() { list } else { format!("columns {list}") }
}

/// `2, 5-9`; after ten of them, how it goes on is left out.
fn ranges(numbers: impl Iterator<Item = u64>, name: &dyn Fn(u64) -> String) -> String {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
        if runs.len() > 10 {
            break;
        }
    }
    let shown = runs.iter().take(10).map(|(first, last)| match first == last {
        true => name(*first),
        false => format!("{}-{}", name(*first), name(*last)),
    });
    let shown = shown.collect::<Vec<_>>().join(", ");
    if runs.len() > 10 { shown + ", …" } else { shown }
}
