//! All cells of a file as text, for readers that have a layout of their own and need no mapping.

use crate::cell::percent_of;
use crate::error::{IntakeError, Limits};
use crate::excerpt::SheetRow;
use crate::mapping::{Delimiter, Encoding, Open, Sheets};
use crate::open::{self, CellFormat};
use crate::workbook;

/// One sheet of a workbook, or a text file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its name; empty for a text file.
    pub name: String,
    /// Its rows, blank ones left out.
    pub rows: Vec<SheetRow>,
    /// What of it is hidden and holds something, in words: `rows 3, 5-8`, `columns C`.
    pub hidden: Vec<String>,
}

/// The sheets with content that are shown, with their hidden rows and columns. A number that the workbook
/// shows as a percentage is given as one: `5 %`.
///
/// # Errors
/// [`IntakeError`] when the file is neither text nor a workbook that can be read, or too large.
pub fn sheets(name: &str, bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, IntakeError> {
    let how = Open {
        encodings: vec![Encoding::Auto],
        delimiter: Delimiter::Auto,
        quote: Some('"'),
        sheets: Sheets::AllWithContent,
    };
    let named = |mut error: IntakeError| {
        error.file = name.to_owned();
        error
    };
    let book = open::open(bytes, &how, limits).map_err(named)?;
    let full = book.grids.iter().filter(|grid| grid.has_content() && grid.hiding == open::Hiding::Shown);
    let sheet = |grid: &open::Grid| Sheet {
        name: grid.name.clone(),
        rows: (grid.rows().filter(|row| !row.is_blank()))
            .map(|row| {
                let cells = (0..row.len()).map(|at| shown(row, at)).collect();
                SheetRow { number: row.number(), cells }
            })
            .collect(),
        hidden: workbook::hidden_parts(grid),
    };
    Ok(full.map(sheet).collect())
}

fn shown(row: open::Row<'_>, at: usize) -> String {
    let text = row.cell(at).trim();
    match row.format(at) {
        Some(CellFormat::Percent) => {
            percent_of(text).map_or_else(|| text.to_owned(), |number| format!("{number} %"))
        }
        // an id keeps the zeros that its format shows; a number leaves the words that a format adds
        Some(CellFormat::Number) if !text.bytes().all(|byte| byte.is_ascii_digit()) => {
            row.value(at).to_owned()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_one_sheet_and_percentages_stay_percentages() {
        let found = sheets("a.csv", "a;b\n\n1;2\n".as_bytes(), &Limits::default()).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].rows[1], SheetRow { number: 3, cells: vec!["1".to_owned(), "2".to_owned()] });
        assert!(sheets("a.xlsx", b"PK\x03\x04junk", &Limits::default()).is_err());
    }
}
