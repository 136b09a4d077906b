//! One table as a workbook, as CSV or as JSON, with every reported digit kept.
//!
//! Two dangers are closed here for all lists. A number that Excel would store as a binary fraction loses its
//! trailing zeros (`0.0010` becomes `0.001`): it gets a number format with exactly its decimals, and becomes
//! text when it has more digits than a spreadsheet holds. A text that a spreadsheet would run as a formula
//! stays text (OWASP, "CSV injection").

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::names::Names;

/// Significant decimal digits that a spreadsheet keeps (IEEE 754 double).
const SPREADSHEET_DIGITS: usize = 15;

/// A table to hand out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub title: Names,
    pub columns: Vec<Column>,
    /// Each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
}

/// A column's key is its name for machines; the unit is printed in the head of both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    pub key: String,
    pub name: Names,
    /// Unit and basis, such as `% dry`; empty if none.
    pub unit: String,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cell {
    Empty,
    Text(String),
    /// Decimal text as reported (`-0.0010`). What is not plain decimal, such as `<0.001`, is written as text.
    Decimal(String),
}

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    #[error("row {row} of the table has {found} cells where {wanted} columns are declared")]
    Ragged { row: usize, found: usize, wanted: usize },
    #[error("{0:?} is not an RFC 3339 instant, so the workbook cannot be dated")]
    Instant(String),
    #[error("the workbook could not be written: {0}")]
    Xlsx(#[from] XlsxError),
    #[error("the CSV could not be written: {0}")]
    Csv(#[from] csv::Error),
}

impl Column {
    /// The head as printed: both languages and the unit.
    fn head(&self) -> String {
        let unit = if self.unit.is_empty() { String::new() } else { format!(" [{}]", self.unit) };
        format!("{} {}{unit}", self.name.zh, self.name.en)
    }
}

/// An XLSX workbook with a frozen, filtered head. `at` (RFC 3339) dates the file; equal input gives equal
/// bytes.
pub fn xlsx(table: &Table, at: &str) -> Result<Vec<u8>, WorkbookError> {
    book(&table.title, std::slice::from_ref(table), at)
}

/// The same of several tables, each on a sheet of its own, named by its title.
pub fn book(title: &Names, tables: &[Table], at: &str) -> Result<Vec<u8>, WorkbookError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::parse_from_str(at.trim_end_matches('Z'))
        .map_err(|_| WorkbookError::Instant(at.to_owned()))?;
    let properties =
        DocProperties::new().set_title(format!("{} {}", title.zh, title.en)).set_creation_datetime(&created);
    workbook.set_properties(&properties);
    for table in tables {
        check(table)?;
        let sheet = workbook.add_worksheet();
        if tables.len() > 1 {
            sheet.set_name(sheet_name(&table.title))?;
        }
        fill(sheet, table)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// At most 31 characters, none that a spreadsheet forbids.
fn sheet_name(title: &Names) -> String {
    let plain = |c: &char| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\');
    format!("{} {}", title.zh, title.en).chars().filter(plain).take(31).collect()
}

fn fill(sheet: &mut Worksheet, table: &Table) -> Result<(), WorkbookError> {
    let head = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::VerticalCenter);
    for (column, place) in table.columns.iter().zip(0u16..) {
        sheet.write_string_with_format(0, place, column.head(), &head)?;
    }
    for (cells, row) in table.rows.iter().zip(1u32..) {
        for (cell, column) in cells.iter().zip(0u16..) {
            match cell {
                Cell::Empty => {}
                Cell::Decimal(text) => match number(text) {
                    Some((value, format)) => {
                        sheet.write_number_with_format(row, column, value, &format)?;
                    }
                    None => {
                        let right = Format::new().set_align(FormatAlign::Right);
                        sheet.write_string_with_format(row, column, text, &right)?;
                    }
                },
                Cell::Text(text) => {
                    sheet.write_string(row, column, text)?;
                }
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    if let (Ok(last_row), Ok(last_column @ 1..)) =
        (u32::try_from(table.rows.len()), u16::try_from(table.columns.len()))
    {
        sheet.autofilter(0, 0, last_row, last_column - 1)?;
    }
    sheet.autofit();
    Ok(())
}

/// UTF-8 CSV with a byte order mark (Excel reads Chinese only with it), keys in the first line.
pub fn csv(table: &Table) -> Result<Vec<u8>, WorkbookError> {
    check(table)?;
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(table.columns.iter().map(|column| disarmed(&column.key)))?;
    for cells in &table.rows {
        writer.write_record(cells.iter().map(|cell| match cell {
            Cell::Empty => String::new(),
            Cell::Decimal(text) if is_decimal(text) => text.clone(),
            Cell::Decimal(text) | Cell::Text(text) => disarmed(text),
        }))?;
    }
    writer.into_inner().map_err(|error| WorkbookError::Csv(error.into_error().into()))
}

/// JSON: title, columns, and one object a row in column order; decimals stay text, so that no reader drops a
/// digit.
pub fn json(table: &Table) -> Result<Vec<u8>, WorkbookError> {
    check(table)?;
    let rows: Vec<Value> = table
        .rows
        .iter()
        .map(|cells| {
            let members = table.columns.iter().zip(cells).map(|(column, cell)| {
                let value = match cell {
                    Cell::Empty => Value::Null,
                    Cell::Text(text) | Cell::Decimal(text) => Value::from(text.as_str()),
                };
                (column.key.clone(), value)
            });
            Value::Object(members.collect::<Map<_, _>>())
        })
        .collect();
    let whole = json!({ "title": table.title, "columns": table.columns, "rows": rows });
    Ok(serde_json::to_vec_pretty(&whole).expect("texts and nulls are always JSON"))
}

fn check(table: &Table) -> Result<(), WorkbookError> {
    let wanted = table.columns.len();
    match table.rows.iter().position(|cells| cells.len() != wanted) {
        Some(row) => Err(WorkbookError::Ragged { row: row + 1, found: table.rows[row].len(), wanted }),
        None => Ok(()),
    }
}

/// A leading apostrophe keeps a spreadsheet from running the text.
fn disarmed(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    plain(whole) && plain(fraction) && (whole.len() == 1 || !whole.starts_with('0'))
}

/// The value and a format that shows exactly the digits of `text`; `None` if a spreadsheet would lose some.
fn number(text: &str) -> Option<(f64, Format)> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if !is_decimal(text) || digits > SPREADSHEET_DIGITS {
        return None;
    }
    let places = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let format = if places == 0 { "0".to_owned() } else { format!("0.{}", "0".repeat(places)) };
    Some((text.parse().ok()?, Format::new().set_num_format(format)))
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn table(cells: Vec<Cell>) -> Table {
        let columns = (0..cells.len())
            .map(|n| Column { key: format!("c{n}"), name: Names::new("Lead", "铅"), unit: "% dry".into() })
            .collect();
        Table { title: Names::new("Results", "结果"), columns, rows: vec![cells] }
    }

    fn part(workbook: &[u8], name: &str) -> String {
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(workbook)).unwrap();
        let mut text = String::new();
        zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn reported_digits_survive_in_each_form() {
        let long = "0.12345678901234567";
        let cells = ["0.0010", "-0.50", "<0.001", long, "007"].map(|text| Cell::Decimal(text.into()));
        let table = table(cells.to_vec());
        let text = String::from_utf8(csv(&table).unwrap()).unwrap();
        assert_eq!(text, format!("\u{feff}c0,c1,c2,c3,c4\r\n0.0010,-0.50,<0.001,{long},007\r\n"));
        let back: Value = serde_json::from_slice(&json(&table).unwrap()).unwrap();
        assert_eq!(back["rows"][0]["c0"], "0.0010");
        let book = xlsx(&table, "2026-03-14T09:26:53Z").unwrap();
        let sheet = part(&book, "xl/worksheets/sheet1.xml");
        assert!(sheet.contains("<v>0.001</v>") && sheet.contains("<v>-0.5</v>"), "{sheet}");
        let styles = part(&book, "xl/styles.xml");
        assert!(styles.contains("formatCode=\"0.0000\""), "{styles}");
        let strings = part(&book, "xl/sharedStrings.xml");
        for text in ["&lt;0.001", long, "007"] {
            assert!(strings.contains(text), "{text} in {strings}");
        }
    }

    #[test]
    fn nothing_becomes_a_formula() {
        let attacks = ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1"];
        let table = table(attacks.map(|text| Cell::Text(text.into())).to_vec());
        let text = String::from_utf8(csv(&table).unwrap()).unwrap();
        for cell in text.lines().nth(1).unwrap().split(',') {
            assert!(cell.trim_matches('"').starts_with('\''), "{cell}");
        }
        let sheet = part(&xlsx(&table, "2026-03-14T09:26:53Z").unwrap(), "xl/worksheets/sheet1.xml");
        assert!(!sheet.contains("<f>"), "{sheet}");
    }

    #[test]
    fn the_same_table_gives_the_same_workbook() {
        let table = table(vec![Cell::Text("铅".into()), Cell::Empty]);
        let once = xlsx(&table, "2026-03-14T09:26:53Z").unwrap();
        assert_eq!(once, xlsx(&table, "2026-03-14T09:26:53Z").unwrap());
    }

    #[test]
    fn a_ragged_row_is_named() {
        let mut ragged = table(vec![Cell::Empty]);
        ragged.rows.push(Vec::new());
        assert_eq!(
            csv(&ragged).unwrap_err().to_string(),
            "row 2 of the table has 0 cells where 1 columns are declared"
        );
    }
}
