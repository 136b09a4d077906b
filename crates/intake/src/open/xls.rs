//! Legacy workbooks (BIFF) through `calamine`. It does not tell number formats, so a numeric cell is marked as
//! one whose format is not known, and the file carries a warning.

use std::io::Cursor;

use calamine::{Data, Reader, Xls};

use super::{CellFormat, Grid, check_cell};
use crate::error::{IntakeError, Limits};
use crate::open::zipped::damaged;

pub(super) fn read(
    bytes: &[u8],
    limits: &Limits,
    warnings: &mut Vec<String>,
) -> Result<Vec<Grid>, IntakeError> {
    let mut book = Xls::new(Cursor::new(bytes)).map_err(|error| damaged("its structure", error))?;
    let mut grids = Vec::new();
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(|error| damaged(&name, error).sheet(&name))?;
        let mut grid = Grid::new(&name);
        let (top, left) = range.start().unwrap_or((0, 0));
        for (index, row) in range.rows().enumerate() {
            if row.iter().all(|cell| matches!(cell, Data::Empty)) {
                continue;
            }
            let number = u64::from(top) + index as u64 + 1;
            grid.start_row(number);
            for _ in 0..left {
                grid.push("");
            }
            for cell in row {
                put(&mut grid, cell);
            }
            check_cell(&grid, limits, number)?;
        }
        grids.push(grid);
    }
    warnings.push(
        "a legacy .xls workbook does not tell this reader which cells are percentages; check the units, \
         or save it as .xlsx"
            .to_owned(),
    );
    Ok(grids)
}

fn put(grid: &mut Grid, cell: &Data) {
    match cell {
        Data::Empty => grid.push(""),
        Data::Float(number) => {
            grid.push(&number.to_string());
            grid.set_format(CellFormat::Number);
        }
        Data::Int(number) => grid.push(&number.to_string()),
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
