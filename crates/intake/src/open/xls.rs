//! Legacy workbooks (BIFF): content through `calamine`, number formats and plausibility through
//! [`super::biff`].

use std::collections::BTreeSet;
use std::io::Cursor;
use std::panic::catch_unwind;

use calamine::{Data, Range, Reader, Xls};

use super::biff;
use super::zipped::damaged;
use super::{CellFormat, Grid, check_cell};
use crate::error::{IntakeError, Limits};

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Grid>, IntakeError> {
    let percent = biff::look(bytes, limits)?;
    // the library may panic on damage that the look did not see
    let sheets =
        catch_unwind(|| content(bytes)).map_err(|_| damaged("its structure", "a record is impossible"))??;
    let none = BTreeSet::new();
    let mut grids = Vec::new();
    for (at, (name, range)) in sheets.iter().enumerate() {
        grids.push(grid(name, range, percent.get(at).unwrap_or(&none), limits)?);
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
    percent: &BTreeSet<(u32, u32)>,
    limits: &Limits,
) -> Result<Grid, IntakeError> {
    let mut grid = Grid::new(name);
    let (top, left) = range.start().unwrap_or((0, 0));
    for (index, cells) in range.rows().enumerate() {
        if cells.iter().all(|cell| matches!(cell, Data::Empty)) {
            continue;
        }
        let row = top + index as u32;
        grid.start_row(u64::from(row) + 1);
        for _ in 0..left {
            grid.push("");
        }
        for (column, cell) in cells.iter().enumerate() {
            put(&mut grid, cell, percent.contains(&(row, left + column as u32)));
        }
        check_cell(&grid, limits, u64::from(row) + 1)?;
    }
    Ok(grid)
}

fn put(grid: &mut Grid, cell: &Data, percent: bool) {
    match cell {
        Data::Empty => grid.push(""),
        Data::Float(number) => {
            grid.push(&number.to_string());
            grid.set_format(if percent { CellFormat::Percent } else { CellFormat::Number });
        }
        Data::Int(number) => {
            grid.push(&number.to_string());
            grid.set_format(if percent { CellFormat::Percent } else { CellFormat::Number });
        }
        Data::DateTime(_) | Data::DateTimeIso(_) | Data::DurationIso(_) => {
            let text = match cell {
                Data::DateTime(date) => crate::time::serial_date(&date.as_f64().to_string(), false),
                _ => None,
            };
            grid.push(&text.unwrap_or_else(|| cell.to_string()));
            grid.set_format(CellFormat::Date);
        }
        Data::Error(error) => {
            grid.push(&error.to_string());
            grid.set_format(CellFormat::Error);
        }
        other => grid.push(&other.to_string()),
    }
}
