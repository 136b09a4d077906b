//! Legacy workbooks (BIFF): content through `calamine`; looks, hiding and plausibility through
//! [`super::biff`].

use std::io::Cursor;
use std::panic::catch_unwind;

use calamine::{Data, Range, Reader, Xls};

use super::biff::{self, Look, SheetLook};
use super::code::Kind;
use super::number::{self, Style};
use super::rich::Text;
use super::zipped::damaged;
use super::{CellFormat, Grid, check_cell};
use crate::error::{IntakeError, Limits};

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Grid>, IntakeError> {
    let look = biff::look(bytes, limits)?;
    // the library may panic on damage that the look did not see
    let sheets =
        catch_unwind(|| content(bytes)).map_err(|_| damaged("its structure", "a record is impossible"))??;
    let none = SheetLook::default();
    let mut grids = Vec::new();
    for (at, (name, range)) in sheets.iter().enumerate() {
        grids.push(grid(name, range, &look, look.sheets.get(at).unwrap_or(&none), limits)?);
    }
    Ok(grids)
}

fn content(bytes: &[u8]) -> Result<Vec<(String, Range<Data>)>, IntakeError> {
    let mut book = Xls::new(Cursor::new(bytes)).map_err(|error| damaged("its structure", error))?;
    let names = book.sheet_names();
    let sheet = |name: String| {
        let range = book.worksheet_range(&name).map_err(|error| damaged(&name, error).sheet(&name))?;
        Ok((name, range))
    };
    names.into_iter().map(sheet).collect()
}

fn grid(
    name: &str,
    range: &Range<Data>,
    look: &Look,
    own: &SheetLook,
    limits: &Limits,
) -> Result<Grid, IntakeError> {
    let mut grid = Grid::new(name);
    beside(&mut grid, own, limits);
    let (top, left) = range.start().unwrap_or((0, 0));
    for (index, cells) in range.rows().enumerate() {
        if cells.iter().all(|cell| matches!(cell, Data::Empty)) {
            continue;
        }
        let row = top + index as u32;
        grid.start_row(u64::from(row) + 1);
        if own.hidden_rows.contains(&row) {
            grid.hide_row();
        }
        for _ in 0..left {
            grid.push("");
        }
        for (column, cell) in cells.iter().enumerate() {
            let place = (row, left + column as u32);
            let style = own.styles.get(&place).and_then(|style| look.styles.get(usize::from(*style)));
            let text = own.texts.get(&place).and_then(|text| look.texts.get(text));
            put(&mut grid, cell, style.unwrap_or(&Style::default()), text, look.from_1904);
        }
        check_cell(&grid, limits, u64::from(row) + 1)?;
    }
    Ok(grid)
}

/// What the sheet hides, merges and comments.
fn beside(grid: &mut Grid, own: &SheetLook, limits: &Limits) {
    grid.hiding = own.hiding;
    grid.filtered = own.filtered;
    grid.hides_zeros = own.hides_zeros;
    for (first, last) in &own.hidden_columns {
        grid.hide_columns(usize::from(*first), usize::from(*last), limits.columns);
    }
    for [top, bottom, left, right] in &own.merges {
        let (top, bottom) = (u64::from(*top) + 1, u64::from(*bottom) + 1);
        // an area too many is an area of no meaning here
        let _ = grid.merge(top, bottom, usize::from(*left), usize::from(*right));
    }
    grid.merged();
    for (row, column) in &own.comments {
        grid.comments.insert((u64::from(*row) + 1, *column as usize), String::new());
    }
}

fn put(grid: &mut Grid, cell: &Data, style: &Style, text: Option<&Text>, from_1904: bool) {
    match cell {
        Data::Empty => grid.push(""),
        Data::Float(number) => number::put(grid, &number.to_string(), style, from_1904),
        Data::Int(number) => number::put(grid, &number.to_string(), style, from_1904),
        Data::DateTime(date) if is_date(style, date.as_f64()) => {
            number::put(grid, &date.as_f64().to_string(), style, from_1904);
        }
        Data::DateTime(_) | Data::DateTimeIso(_) | Data::DurationIso(_) => {
            let text = match cell {
                Data::DateTime(date) => crate::time::serial_date(&date.as_f64().to_string(), from_1904),
                _ => None,
            };
            grid.push(&text.unwrap_or_else(|| cell.to_string()));
            grid.set_format(CellFormat::Date);
        }
        Data::Error(error) => {
            grid.push(&error.to_string());
            grid.set_format(CellFormat::Error);
        }
        other => match text {
            Some(text) => text.put(grid),
            None => Text { text: other.to_string(), ..Text::default() }.put_styled(grid, style.script),
        },
    }
}

fn is_date(style: &Style, number: f64) -> bool {
    let code = style.code.as_deref();
    code.is_some_and(|code| matches!(code.section(number).kind(), Kind::Date { .. }))
}
