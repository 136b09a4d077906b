//! Sheets that metallurgists make: a head row of known names, then one row for each thing. Heads may be in
//! English or Chinese; columns nobody knows are refused by name rather than left out in silence. Pure.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// A row with its number in the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// As the sheet counts, from 1; with the sheet's name where there is one.
    pub place: String,
    /// Cells that are not empty, by the name of their column.
    pub cells: BTreeMap<&'static str, String>,
}

impl Line {
    /// The row as JSON: every cell as text, which commands parse themselves.
    pub fn json(&self) -> Value {
        let cells = self.cells.iter().map(|(key, text)| ((*key).to_owned(), Value::String(text.clone())));
        Value::Object(cells.collect::<Map<String, Value>>())
    }
}

/// A column: its name in commands, and what heads call it.
pub type Column = (&'static str, &'static [&'static str]);

/// Why a sheet cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// The file cannot be opened.
    #[error("{0}")]
    Closed(String),
    /// No row names the columns.
    #[error("no row of the file names the columns {0}; write them into the first row")]
    NoHead(String),
    /// A column that is not known.
    #[error("row {place}: the column `{name}` is not known; known are {known}")]
    UnknownColumn {
        /// Where.
        place: String,
        /// The head.
        name: String,
        /// What would do.
        known: String,
    },
    /// Rows or columns that nobody sees.
    #[error("sheet {sheet}: {what} are hidden in the workbook; show or delete them, and save it again")]
    Hidden {
        /// Its name.
        sheet: String,
        /// Which: `rows 3, 5-8`.
        what: String,
    },
    /// A head and nothing below.
    #[error("the file has no row below its head")]
    Empty,
}

/// Reads a file by columns; `needed` must be in the head. Of a workbook, every sheet with such a head.
///
/// # Errors
/// A file without such a head, with a column that is not known, with hidden rows or columns, or without rows.
pub fn read(
    file_name: &str,
    bytes: &[u8],
    columns: &[Column],
    needed: &[&str],
) -> Result<Vec<Line>, SheetError> {
    let sheets = intake::sheets(file_name, bytes, &intake::Limits::default())
        .map_err(|why| SheetError::Closed(why.to_string()))?;
    let mut lines = Vec::new();
    let mut headed = false;
    for sheet in sheets {
        let named = |number: u64| match sheet.name.as_str() {
            "" => number.to_string(),
            name => format!("{name}!{number}"),
        };
        let heads = |cells: &[String]| -> Vec<Option<&'static str>> {
            cells.iter().map(|cell| known(columns, cell)).collect()
        };
        let first = sheet.rows.iter().position(|row| {
            let found = heads(&row.cells);
            needed.iter().all(|name| found.contains(&Some(*name)))
        });
        let Some(first) = first else { continue };
        headed = true;
        if !sheet.hidden.is_empty() {
            return Err(SheetError::Hidden { sheet: sheet.name.clone(), what: sheet.hidden.join(", ") });
        }
        let head = &sheet.rows[first];
        let found = heads(&head.cells);
        let strange =
            found.iter().zip(&head.cells).find(|(known, cell)| known.is_none() && !cell.trim().is_empty());
        if let Some((_, cell)) = strange {
            let known: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
            let (place, name) = (named(head.number), cell.trim().to_owned());
            return Err(SheetError::UnknownColumn { place, name, known: known.join(", ") });
        }
        for row in &sheet.rows[first + 1..] {
            let cells = found.iter().zip(&row.cells).filter_map(|(column, cell)| {
                let text = cell.trim();
                (!text.is_empty()).then_some(((*column)?, text.to_owned()))
            });
            lines.push(Line { place: named(row.number), cells: cells.collect() });
        }
    }
    match (headed, lines.is_empty()) {
        (false, _) => Err(SheetError::NoHead(needed.join(", "))),
        (true, true) => Err(SheetError::Empty),
        (true, false) => Ok(lines),
    }
}

fn known(columns: &[Column], cell: &str) -> Option<&'static str> {
    let plain = |text: &str| text.trim().to_lowercase().replace([' ', '-', '.'], "_");
    let cell = plain(cell);
    let fits = |(name, others): &&Column| *name == cell || others.iter().any(|other| plain(other) == cell);
    columns.iter().find(fits).map(|(name, _)| *name)
}

/// What a command said of one line, with the row it stands in: `lines[2].unit` is the third row.
pub fn placed(lines: &[Line], field: &str, message: &str) -> String {
    let index = field.split_once('[').and_then(|(_, rest)| rest.split_once(']'));
    let at = index.and_then(|(number, rest)| Some((lines.get(number.parse::<usize>().ok()?)?, rest)));
    match at {
        Some((line, rest)) => format!("row {}, {}: {message}", line.place, rest.trim_start_matches('.')),
        None if field.is_empty() => message.to_owned(),
        None => format!("{field}: {message}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[("name", &["stream", "流股"]), ("from", &["起点"]), ("to", &["终点"])];

    #[test]
    fn heads_are_read_in_both_languages_and_strange_ones_refused() {
        let zh =
            read("a.csv", "合成数据\n流股,起点,终点\n原矿,,浸出\n".as_bytes(), COLUMNS, &["name"]).unwrap();
        assert_eq!(zh[0].place, "3");
        assert_eq!(zh[0].json(), serde_json::json!({"name": "原矿", "to": "浸出"}));
        let error = read("a.csv", b"Stream,From,Colour\nf,,a\n", COLUMNS, &["name"]).unwrap_err();
        assert!(error.to_string().contains("`Colour` is not known"), "{error}");
        let error = read("a.csv", b"a,b\n1,2\n", COLUMNS, &["name"]).unwrap_err();
        assert_eq!(error, SheetError::NoHead("name".into()));
        assert_eq!(placed(&zh, "streams[0].to", "no"), "row 3, to: no");
    }
}
