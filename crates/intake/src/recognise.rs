//! Which mapping a file was written for. Two that fit are a question, never a choice.

use crate::cell::{NumberFormat, is_number};
use crate::error::Limits;
use crate::mapping::{CellType, Mapping};
use crate::open::{self, Book, Grid};
use crate::scene::stem;
use crate::text::{same_label, short};

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recognition {
    /// Exactly one mapping fits.
    One(String),
    /// Several fit: a person must name one.
    Several(Vec<String>),
    /// None fits; for each mapping the first thing that does not.
    None(Vec<(String, String)>),
}

/// Bytes of a text file that are looked at.
const HEAD: usize = 1 << 18;

/// Tries every mapping on the beginning of the file.
pub fn recognise(file_name: &str, bytes: &[u8], mappings: &[Mapping]) -> Recognition {
    let limits = Limits { cells: 4_000_000, inflated: 128 << 20, ..Limits::default() };
    let head = head(bytes);
    let (mut fits, mut reasons) = (Vec::new(), Vec::new());
    let mut workbook: Option<Result<Book, String>> = None;
    for mapping in mappings {
        let opened;
        let book = if open::is_workbook(bytes) {
            workbook
                .get_or_insert_with(|| {
                    open::open(bytes, &mapping.open, &limits).map_err(|error| error.to_string())
                })
                .as_ref()
        } else {
            opened = open::open(head, &mapping.open, &limits).map_err(|error| error.to_string());
            opened.as_ref()
        };
        let verdict = match book {
            Ok(book) => verdict(file_name, book, mapping),
            Err(error) => Err(format!("it does not open: {error}")),
        };
        match verdict {
            Ok(()) => fits.push(mapping.name.clone()),
            Err(reason) => reasons.push((mapping.name.clone(), reason)),
        }
    }
    match fits.len() {
        0 => Recognition::None(reasons),
        1 => Recognition::One(fits.remove(0)),
        _ => Recognition::Several(fits),
    }
}

/// The first whole lines of a large text file.
fn head(bytes: &[u8]) -> &[u8] {
    if bytes.len() <= HEAD || open::is_workbook(bytes) {
        return bytes;
    }
    let wide = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    let cut = bytes[..HEAD].iter().rposition(|byte| *byte == b'\n').map_or(HEAD, |at| at + 1);
    if !wide {
        return &bytes[..cut];
    }
    // in UTF-16LE the zero byte of the line feed follows it
    let even = cut + usize::from(bytes.starts_with(&[0xFF, 0xFE]) && cut % 2 == 1);
    &bytes[..even.min(HEAD) & !1]
}

fn verdict(file_name: &str, book: &Book, mapping: &Mapping) -> Result<(), String> {
    let rule = &mapping.recognise;
    let nothing = rule.lines.is_empty()
        && rule.header.is_empty()
        && rule.cells.is_empty()
        && rule.column_types.is_empty()
        && rule.sheets.is_empty()
        && rule.file_name.is_none();
    if nothing {
        return Err("the mapping has no [recognise]; it must be named".to_owned());
    }
    if rule.file_name.as_ref().is_some_and(|pattern| !pattern.is_match(stem_and_ending(file_name))) {
        return Err(format!("the file name {file_name:?} does not fit"));
    }
    if rule.workbook.is_some_and(|workbook| workbook != book.workbook) {
        return Err(if book.workbook { "it is a workbook" } else { "it is no workbook" }.to_owned());
    }
    for name in &rule.sheets {
        if !book.grids.iter().any(|grid| grid.name == *name) {
            return Err(format!("there is no sheet {name:?}"));
        }
    }
    let chosen = open::choose(book, &mapping.open.sheets).map_err(|error| error.problem)?;
    let Some(grid) = chosen.first().map(|at| &book.grids[*at]) else {
        return Err("there is no sheet".to_owned());
    };
    cells(book, grid, mapping)?;
    lines(grid, mapping)?;
    header(grid, mapping)?;
    columns(grid, mapping)
}

fn stem_and_ending(file_name: &str) -> &str {
    let at = file_name.len() - file_name.rsplit(['/', '\\']).next().map_or(0, str::len);
    debug_assert!(stem(file_name).len() <= file_name.len());
    &file_name[at..]
}

fn cells(book: &Book, first: &Grid, mapping: &Mapping) -> Result<(), String> {
    for test in &mapping.recognise.cells {
        let grid = match &test.sheet {
            None => first,
            Some(name) => {
                let found = book.grids.iter().find(|grid| grid.name == *name);
                found.ok_or_else(|| format!("there is no sheet {name:?}"))?
            }
        };
        let row = grid.rows().find(|row| row.number() == test.row as u64);
        let text = row.map_or("", |row| row.cell(test.column - 1).trim());
        let fits = test.equals.as_ref().is_none_or(|wanted| same_label(wanted, text))
            && test.matches.as_ref().is_none_or(|pattern| pattern.is_match(text));
        if !fits {
            return Err(format!("row {}, column {} holds {:?}", test.row, test.column, short(text)));
        }
    }
    Ok(())
}

fn lines(grid: &Grid, mapping: &Mapping) -> Result<(), String> {
    for pattern in &mapping.recognise.lines {
        if !grid.rows().take(mapping.recognise.within).any(|row| pattern.is_match(&row.line())) {
            return Err(format!("no line among the first {} fits /{pattern}/", mapping.recognise.within));
        }
    }
    Ok(())
}

/// The names stand in one row, in this order; others may stand between.
fn header(grid: &Grid, mapping: &Mapping) -> Result<(), String> {
    let wanted = &mapping.recognise.header;
    if wanted.is_empty() {
        return Ok(());
    }
    let found = grid.rows().take(mapping.recognise.within).any(|row| {
        let mut cells = row.cells();
        wanted.iter().all(|name| cells.any(|cell| same_label(name, cell)))
    });
    found.then_some(()).ok_or_else(|| format!("no row has the header {}", wanted.join(", ")))
}

fn columns(grid: &Grid, mapping: &Mapping) -> Result<(), String> {
    let rule = &mapping.recognise;
    let rows = grid.rows().filter(|row| !row.is_blank()).take(rule.within);
    let format = mapping.regions.first().map_or(NumberFormat::default(), |region| region.number);
    for row in rows {
        let (count, number) = (row.len(), row.number());
        let few = rule.columns_min.is_some_and(|least| count < least);
        if few || rule.columns_max.is_some_and(|most| count > most) {
            return Err(format!("row {number} has {count} columns"));
        }
        for (column, kind) in rule.column_types.iter().enumerate() {
            let text = row.cell(column).trim();
            if !is_type(text, *kind, format) {
                return Err(format!("row {number}, column {} holds {:?}", column + 1, short(text)));
            }
        }
    }
    if grid.rows().all(|row| row.is_blank()) {
        return Err("it is empty".to_owned());
    }
    Ok(())
}

pub(crate) fn is_type(text: &str, kind: CellType, format: NumberFormat) -> bool {
    // numbers as the mapping writes them; those of a workbook have a point
    let number = |text: &str| is_number(text, format) || is_number(text, NumberFormat::default());
    match kind {
        CellType::Any => true,
        CellType::Empty => text.is_empty(),
        CellType::Number => text.eq_ignore_ascii_case("nan") || number(text),
        CellType::Text => !text.is_empty() && !number(text),
        CellType::Time => {
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
            digits >= 3 && text.contains(['/', '-', '.', ':', '年'])
        }
    }
}
