//! The rows of a workbook around one, as they stand, for whoever explains a reading. Text files need no
//! mapping to be shown, so they are not opened here.

use crate::error::Limits;
use crate::open;

/// One row of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// As the sheet numbers it, from 1.
    pub number: u64,
    /// The text of its cells, from the first column.
    pub cells: Vec<String>,
}

/// The rows around `row` (`12`, or `Sheet!12`), `around` before and after it. None for a text file, or when
/// the workbook has no such row.
pub fn rows_around(bytes: &[u8], row: &str, around: u64, limits: &Limits) -> Option<Vec<SheetRow>> {
    let (sheet, number) = row.rsplit_once('!').map_or((None, row), |(sheet, number)| (Some(sheet), number));
    let number: u64 = number.parse().ok()?;
    let book = open::open_workbook(bytes, limits)?;
    let grid = book.grids.iter().find(|grid| sheet.is_none_or(|sheet| grid.name == sheet))?;
    let wanted = number.saturating_sub(around)..=number.saturating_add(around);
    let near = grid.rows().filter(|row| wanted.contains(&row.number()));
    let rows: Vec<SheetRow> = near
        .map(|row| SheetRow {
            number: row.number(),
            cells: (0..row.len()).map(|at| row.stored(at).to_owned()).collect(),
        })
        .collect();
    rows.iter().any(|row| row.number == number).then_some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_junk_have_no_sheet_rows() {
        for bytes in [&b"a,b\n1,2\n"[..], b"PK\x03\x04junk", b""] {
            assert_eq!(rows_around(bytes, "1", 5, &Limits::default()), None);
        }
    }
}
