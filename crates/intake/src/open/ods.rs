//! OpenDocument spreadsheets (ISO/IEC 26300-3): values as stored, repetition never expanded beyond content.

use super::zipped::{Mark, Parts, Xml};
use super::{CellFormat, Grid, check_cell};
use crate::error::{IntakeError, Limits};

pub(super) fn read(parts: &mut Parts<'_>, limits: &Limits) -> Result<Vec<Grid>, IntakeError> {
    parts.with("content.xml", |xml| content(xml, limits))
}

#[derive(Default)]
struct State {
    grids: Vec<Grid>,
    row: u64,
    row_repeat: u64,
    /// Columns of the current row so far, empty ones included.
    column: usize,
    cell: Option<Cell>,
    /// Cells with content of the current row, for rows that are repeated.
    cells: Vec<(usize, Cell)>,
    /// Depth of annotations, whose text is no content.
    note: usize,
}

#[derive(Default, Clone)]
struct Cell {
    repeat: usize,
    kind: String,
    value: Option<String>,
    text: String,
    paragraphs: usize,
}

fn content(xml: &mut Xml<'_>, limits: &Limits) -> Result<Vec<Grid>, IntakeError> {
    let mut state = State::default();
    let (mut pending, mut in_paragraph, mut closed) = (None, 0_usize, false);
    loop {
        match xml.next(&mut pending, &["table", "table-row", "table-cell", "covered-table-cell", "s"])? {
            Mark::Open(name, attributes) => match name.as_str() {
                "table" => {
                    state.grids.push(Grid::new(attributes.get("name").map_or("", String::as_str)));
                    state.row = 0;
                }
                "table-row" => {
                    state.row_repeat = number(attributes.get("number-rows-repeated"));
                    state.column = 0;
                    state.cells.clear();
                }
                "table-cell" | "covered-table-cell" => {
                    let value = ["value", "date-value", "time-value", "boolean-value"];
                    state.cell = Some(Cell {
                        repeat: number(attributes.get("number-columns-repeated")) as usize,
                        kind: attributes.get("value-type").cloned().unwrap_or_default(),
                        value: value.iter().find_map(|key| attributes.get(*key)).cloned(),
                        ..Cell::default()
                    });
                }
                "annotation" => state.note += 1,
                "p" if state.note == 0 => {
                    in_paragraph += 1;
                    state.paragraph();
                }
                "s" if in_paragraph > 0 => {
                    state.add(&" ".repeat(number(attributes.get("c")).min(100) as usize))
                }
                "line-break" if in_paragraph > 0 => state.add("\n"),
                "tab" if in_paragraph > 0 => state.add("\t"),
                _ => {}
            },
            Mark::Text(text) if in_paragraph > 0 && state.note == 0 => state.add(&text),
            Mark::Close(name) => match name.as_str() {
                "annotation" => state.note = state.note.saturating_sub(1),
                "p" if state.note == 0 => in_paragraph = in_paragraph.saturating_sub(1),
                "table-cell" | "covered-table-cell" => state.end_cell(),
                "table-row" => state.end_row(limits)?,
                "document-content" => closed = true,
                _ => {}
            },
            Mark::End if closed => return Ok(state.grids),
            Mark::End => return Err(xml.cut_off()),
            Mark::Text(_) => {}
        }
    }
}

fn number(text: Option<&String>) -> u64 {
    text.and_then(|text| text.parse().ok()).unwrap_or(1).clamp(1, 1 << 20)
}

impl State {
    fn paragraph(&mut self) {
        if let Some(cell) = &mut self.cell {
            if cell.paragraphs > 0 {
                cell.text.push('\n');
            }
            cell.paragraphs += 1;
        }
    }

    fn add(&mut self, text: &str) {
        if let Some(cell) = &mut self.cell {
            cell.text.push_str(text);
        }
    }

    fn end_cell(&mut self) {
        let Some(cell) = self.cell.take() else { return };
        let at = self.column;
        self.column = at.saturating_add(cell.repeat);
        if !cell.text.is_empty() || cell.value.is_some() {
            self.cells.push((at, cell));
        }
    }

    fn end_row(&mut self, limits: &Limits) -> Result<(), IntakeError> {
        let first = self.row + 1;
        self.row += self.row_repeat;
        if self.cells.is_empty() {
            return Ok(());
        }
        let Some(grid) = self.grids.last_mut() else { return Ok(()) };
        for row in first..=self.row {
            grid.start_row(row);
            for (at, cell) in &self.cells {
                for place in *at..at + cell.repeat {
                    if place > limits.columns {
                        break;
                    }
                    while grid.open_row_len() < place {
                        grid.push("");
                    }
                    put(grid, cell);
                    check_cell(grid, limits, row)?;
                }
            }
            check_cell(grid, limits, row)?;
        }
        Ok(())
    }
}

fn put(grid: &mut Grid, cell: &Cell) {
    match (cell.kind.as_str(), &cell.value) {
        ("percentage", Some(value)) => {
            grid.push(value);
            grid.set_format(CellFormat::Percent);
        }
        ("float" | "currency", Some(_)) if cell.text.starts_with('#') || cell.text.starts_with("Err:") => {
            grid.push(&cell.text);
            grid.set_format(CellFormat::Error);
        }
        ("float" | "currency", Some(value)) => {
            grid.push(value);
            grid.set_format(CellFormat::Number);
        }
        ("date" | "time", Some(value)) => {
            grid.push(value);
            grid.set_format(CellFormat::Date);
        }
        _ => grid.push(&cell.text),
    }
}
