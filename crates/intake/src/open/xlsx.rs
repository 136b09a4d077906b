//! Office Open XML workbooks (ECMA-376, parts 1 and 18): numbers keep the digits of the file, cell formats
//! that change the meaning are kept beside the cell, and stated dimensions are ignored.

use std::collections::BTreeMap;

use super::zipped::{Mark, Parts, Xml, damaged};
use super::{CellFormat, Grid, check_cell};
use crate::error::{IntakeError, Trouble};
use crate::time::serial_date;

pub(super) fn read(parts: &mut Parts<'_>, limits: &crate::Limits) -> Result<Vec<Grid>, IntakeError> {
    if !parts.has("xl/workbook.xml") {
        let remedy = "Export it as .xlsx, .xls, .ods or text";
        let error = IntakeError::new(Trouble::Malformed, "this archive is no workbook", remedy);
        return Err(error.code("no-workbook"));
    }
    let targets = relations(parts)?;
    let (sheets, from_1904) = parts.with("xl/workbook.xml", workbook)?;
    let formats = if parts.has("xl/styles.xml") { parts.with("xl/styles.xml", styles)? } else { Vec::new() };
    let strings = match parts.has("xl/sharedStrings.xml") {
        true => parts.with("xl/sharedStrings.xml", shared_strings)?,
        false => Vec::new(),
    };
    let mut cells = 0;
    let mut grids = Vec::new();
    for (name, id) in sheets {
        let Some(target) = targets.get(&id) else { continue };
        if !target.contains("worksheets") {
            continue;
        }
        let bounded = crate::Limits { cells: limits.cells.saturating_sub(cells), ..limits.clone() };
        let look = Look { strings: &strings, formats: &formats, from_1904, limits: &bounded };
        let grid = parts.with(target, |xml| sheet(xml, &name, &look)).map_err(|error| error.sheet(&name))?;
        cells += grid.cell_count();
        grids.push(grid);
    }
    Ok(grids)
}

fn relations(parts: &mut Parts<'_>) -> Result<BTreeMap<String, String>, IntakeError> {
    parts.with("xl/_rels/workbook.xml.rels", |xml| {
        let mut targets = BTreeMap::new();
        let mut pending = None;
        loop {
            match xml.next(&mut pending, &["Relationship"])? {
                Mark::Open(name, mut attributes) if name == "Relationship" => {
                    if let (Some(id), Some(target)) = (attributes.remove("Id"), attributes.remove("Target")) {
                        let path = match target.strip_prefix('/') {
                            Some(absolute) => absolute.to_owned(),
                            None => format!("xl/{target}"),
                        };
                        targets.insert(id, path);
                    }
                }
                Mark::End => return Ok(targets),
                _ => {}
            }
        }
    })
}

type SheetList = (Vec<(String, String)>, bool);

fn workbook(xml: &mut Xml<'_>) -> Result<SheetList, IntakeError> {
    let (mut sheets, mut from_1904, mut pending) = (Vec::new(), false, None);
    loop {
        match xml.next(&mut pending, &["sheet", "workbookPr"])? {
            Mark::Open(name, mut attributes) if name == "sheet" => {
                if let (Some(title), Some(id)) = (attributes.remove("name"), attributes.remove("id")) {
                    sheets.push((title, id));
                }
            }
            Mark::Open(name, attributes) if name == "workbookPr" => {
                from_1904 = attributes.get("date1904").is_some_and(|flag| flag == "1" || flag == "true");
            }
            Mark::End => return Ok((sheets, from_1904)),
            _ => {}
        }
    }
}

/// Format of each cell style, by index of `cellXfs`.
fn styles(xml: &mut Xml<'_>) -> Result<Vec<Option<CellFormat>>, IntakeError> {
    let (mut own, mut styles, mut inside, mut pending) = (BTreeMap::new(), Vec::new(), false, None);
    loop {
        match xml.next(&mut pending, &["numFmt", "xf"])? {
            Mark::Open(name, mut attributes) if name == "numFmt" => {
                if let (Some(id), Some(code)) =
                    (attributes.remove("numFmtId"), attributes.remove("formatCode"))
                {
                    own.insert(id, code);
                }
            }
            Mark::Open(name, _) if name == "cellXfs" => inside = true,
            Mark::Close(name) if name == "cellXfs" => inside = false,
            Mark::Open(name, attributes) if name == "xf" && inside => {
                let id = attributes.get("numFmtId").map_or("0", String::as_str);
                styles.push(match own.get(id) {
                    Some(code) => format_of_code(code),
                    None => format_of_id(id.parse().unwrap_or(0)),
                });
            }
            Mark::End => return Ok(styles),
            _ => {}
        }
    }
}

/// Built-in formats (ECMA-376-1, 18.8.30).
pub(super) fn format_of_id(id: u32) -> Option<CellFormat> {
    match id {
        9 | 10 => Some(CellFormat::Percent),
        14..=22 | 27..=36 | 45..=47 | 50..=58 => Some(CellFormat::Date),
        _ => None,
    }
}

/// Meaning of a format code: percent or date signs outside quotes, escapes and colour brackets.
pub(super) fn format_of_code(code: &str) -> Option<CellFormat> {
    let (mut quoted, mut bracket, mut escaped) = (false, false, false);
    let mut date = false;
    for letter in code.split(';').next().unwrap_or("").chars() {
        if escaped {
            escaped = false;
            continue;
        }
        match letter {
            '\\' | '_' | '*' => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '[' => bracket = true,
            ']' => bracket = false,
            _ if bracket => {}
            '%' => return Some(CellFormat::Percent),
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => date = true,
            _ => {}
        }
    }
    (date && !code.eq_ignore_ascii_case("general")).then_some(CellFormat::Date)
}

fn shared_strings(xml: &mut Xml<'_>) -> Result<Vec<String>, IntakeError> {
    let (mut strings, mut current, mut in_text, mut phonetic, mut pending) =
        (Vec::new(), String::new(), false, false, None);
    loop {
        match xml.next(&mut pending, &[])? {
            Mark::Open(name, _) if name == "si" => current.clear(),
            Mark::Open(name, _) if name == "rPh" => phonetic = true,
            Mark::Close(name) if name == "rPh" => phonetic = false,
            Mark::Open(name, _) if name == "t" => in_text = !phonetic,
            Mark::Close(name) if name == "t" => in_text = false,
            Mark::Text(text) if in_text => current.push_str(&text),
            Mark::Close(name) if name == "si" => strings.push(std::mem::take(&mut current)),
            Mark::End => return Ok(strings),
            _ => {}
        }
        if strings.len() > xml.limits.cells {
            return Err(damaged("shared strings", "there are too many"));
        }
    }
}

struct Look<'a> {
    strings: &'a [String],
    formats: &'a [Option<CellFormat>],
    from_1904: bool,
    limits: &'a crate::Limits,
}

#[derive(Default)]
struct OpenCell {
    column: usize,
    style: usize,
    kind: String,
    text: String,
    formula: Option<String>,
}

impl OpenCell {
    /// A formula that no program has computed has no value: it stands for itself and fits no number. One that
    /// gives an empty text has type `str`.
    fn close(&mut self) {
        if let Some(formula) = self.formula.take()
            && self.text.is_empty()
            && self.kind != "str"
        {
            self.kind = "str".to_owned();
            self.text = format!("={formula}");
        }
    }
}

fn sheet(xml: &mut Xml<'_>, name: &str, look: &Look<'_>) -> Result<Grid, IntakeError> {
    let mut grid = Grid::new(name);
    let (mut row, mut started, mut in_text, mut pending, mut finished) = (0, false, false, None, false);
    let mut in_formula = false;
    let mut cell = OpenCell::default();
    loop {
        match xml.next(&mut pending, &["row", "c"])? {
            Mark::Open(name, attributes) if name == "row" => {
                row = row_number(attributes.get("r"), row, look)?;
                started = false;
                cell.column = 0;
            }
            Mark::Open(name, attributes) if name == "c" => {
                cell = OpenCell {
                    column: attributes.get("r").and_then(|place| column_of(place)).unwrap_or(cell.column + 1),
                    style: attributes.get("s").and_then(|style| style.parse().ok()).unwrap_or(0),
                    kind: attributes.get("t").cloned().unwrap_or_default(),
                    text: String::new(),
                    formula: None,
                };
            }
            Mark::Open(name, _) if name == "v" || name == "t" => in_text = true,
            Mark::Close(name) if name == "v" || name == "t" => in_text = false,
            Mark::Text(text) if in_text => cell.text.push_str(&text),
            Mark::Open(name, _) if name == "f" => {
                in_formula = true;
                cell.formula = Some(String::new());
            }
            Mark::Close(name) if name == "f" => in_formula = false,
            Mark::Text(text) if in_formula => cell.formula.iter_mut().for_each(|one| one.push_str(&text)),
            Mark::Close(name) if name == "c" => {
                cell.close();
                if cell.text.is_empty() {
                    continue;
                }
                if !started {
                    grid.start_row(row);
                    started = true;
                }
                put(&mut grid, &cell, row, look)?;
            }
            Mark::Close(name) if name == "sheetData" => finished = true,
            Mark::End if finished => return Ok(grid),
            Mark::End => return Err(xml.cut_off()),
            _ => {}
        }
    }
}

/// Rows may leave out their number; they never go backwards, and the sheet has no more than 1,048,576.
fn row_number(stated: Option<&String>, last: u64, look: &Look<'_>) -> Result<u64, IntakeError> {
    let number = stated.and_then(|text| text.parse().ok()).unwrap_or(last + 1);
    if number <= last || number > 1_048_576.max(look.limits.rows as u64) {
        return Err(damaged("a sheet", format!("row number {number} after {last}")));
    }
    Ok(number)
}

/// `AB12` is column 28; at most XFD.
fn column_of(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic);
    let column =
        letters.take(4).fold(0, |sum, letter| sum * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1);
    (column > 0).then_some(column)
}

fn put(grid: &mut Grid, cell: &OpenCell, row: u64, look: &Look<'_>) -> Result<(), IntakeError> {
    if cell.column > look.limits.columns || cell.column <= grid.open_row_len() {
        let problem = format!("column {} after {}", cell.column, grid.open_row_len());
        return Err(damaged("a row", problem).at(row, cell.column as u64));
    }
    while grid.open_row_len() + 1 < cell.column {
        grid.push("");
    }
    let format = look.formats.get(cell.style).copied().flatten();
    match cell.kind.as_str() {
        "s" => {
            let text = cell.text.trim().parse::<usize>().ok().and_then(|index| look.strings.get(index));
            let Some(text) = text else {
                return Err(
                    damaged("a cell", "it names a text that is not there").at(row, cell.column as u64)
                );
            };
            grid.push(text);
        }
        "str" | "inlineStr" | "d" => grid.push(&cell.text),
        "e" => {
            grid.push(&cell.text);
            grid.set_format(CellFormat::Error);
        }
        "b" => grid.push(if cell.text == "1" { "TRUE" } else { "FALSE" }),
        _ => match format {
            Some(CellFormat::Date) => {
                match serial_date(&cell.text, look.from_1904) {
                    Some(date) => grid.push(&date),
                    None => grid.push(&cell.text),
                }
                grid.set_format(CellFormat::Date);
            }
            Some(format) => {
                grid.push(&cell.text);
                grid.set_format(format);
            }
            None => {
                grid.push(&cell.text);
                grid.set_format(CellFormat::Number);
            }
        },
    }
    check_cell(grid, look.limits, row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn format_codes() {
        for (code, expected) in [
            ("0.00%", Some(CellFormat::Percent)),
            ("General", None),
            ("0.00", None),
            ("0.00\"%\"", None),
            ("[Red]0.0", None),
            ("dd/mm/yyyy", Some(CellFormat::Date)),
            ("0.00E+00", None),
        ] {
            assert_eq!(format_of_code(code), expected, "{code}");
        }
        assert_eq!(column_of("AB12"), Some(28));
        assert_eq!(column_of("12"), None);
    }
}
