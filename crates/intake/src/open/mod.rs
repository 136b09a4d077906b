//! Bytes to grids of cells. A grid keeps every character of the file; nothing is interpreted here except
//! what the container says itself (a workbook's number format, what it hides, merges, raises).

mod biff;
mod code;
pub(crate) mod decode;
pub(crate) mod delimited;
mod grid;
mod number;
mod ods;
mod rich;
mod xls;
mod xlsx;
mod zipped;

use crate::error::{IntakeError, Limits, Trouble};
use crate::mapping::{Open, Sheets};
pub(crate) use grid::{CellFormat, Grid, Hiding, Merge, Note, Row, Script, column_name};

/// A file, opened.
#[derive(Debug)]
pub(crate) struct Book {
    pub grids: Vec<Grid>,
    /// Encoding of text, or `workbook`.
    pub encoding: String,
    pub workbook: bool,
    pub warnings: Vec<String>,
    /// What to ask about each text beyond ASCII.
    pub misread: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Container {
    Zip,
    Ole,
    Text,
}

fn container(bytes: &[u8]) -> Container {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        Container::Zip
    } else if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        Container::Ole
    } else {
        Container::Text
    }
}

pub(crate) fn is_workbook(bytes: &[u8]) -> bool {
    container(bytes) != Container::Text
}

/// Opens a file as the mapping says. All sheets are read; which of them count is decided by [`choose`].
pub(crate) fn open(bytes: &[u8], how: &Open, limits: &Limits) -> Result<Book, IntakeError> {
    match container(bytes) {
        Container::Text => {
            let (text, encoding, notes) = decode::text(bytes, &how.encodings)?;
            let grid = delimited::split(&text, how, limits)?;
            Ok(Book {
                grids: vec![grid],
                encoding: encoding.to_owned(),
                workbook: false,
                warnings: notes.warnings,
                misread: notes.doubt,
            })
        }
        kind => workbook(bytes, kind == Container::Ole, limits),
    }
}

/// Opens a workbook; none when it is a text file or cannot be read.
pub(crate) fn open_workbook(bytes: &[u8], limits: &Limits) -> Option<Book> {
    let kind = container(bytes);
    (kind != Container::Text).then(|| workbook(bytes, kind == Container::Ole, limits).ok()).flatten()
}

fn workbook(bytes: &[u8], ole: bool, limits: &Limits) -> Result<Book, IntakeError> {
    let mut grids = if ole {
        xls::read(bytes, limits)?
    } else {
        let mut parts = zipped::Parts::open(bytes, limits)?;
        if parts.has("content.xml") {
            ods::read(&mut parts, limits)?
        } else {
            xlsx::read(&mut parts, limits)?
        }
    };
    for grid in &mut grids {
        grid.trim_end();
    }
    let encoding = "workbook".to_owned();
    Ok(Book { grids, encoding, workbook: true, warnings: Vec::new(), misread: None })
}

/// The sheets a mapping reads, as positions in the book. A hidden sheet is read only if it is named, by its
/// name or its place, and then asks.
pub(crate) fn choose(book: &Book, sheets: &Sheets) -> Result<Vec<usize>, IntakeError> {
    if !book.workbook {
        return Ok(vec![0]);
    }
    let having = |test: &dyn Fn(usize, &Grid) -> bool| -> Vec<usize> {
        book.grids
            .iter()
            .enumerate()
            .filter(|(index, grid)| test(*index, grid))
            .map(|(index, _)| index)
            .collect()
    };
    let seen = |grid: &Grid| grid.hiding == Hiding::Shown && grid.has_content();
    let (chosen, wanted) = match sheets {
        Sheets::Named(names) => (having(&|_, grid| names.contains(&grid.name)), names.join(", ")),
        Sheets::Pattern(pattern) => {
            (having(&|_, grid| pattern.is_match(&grid.name) && seen(grid)), format!("/{pattern}/"))
        }
        Sheets::Position(position) => {
            (having(&|index, _| index == *position), format!("number {}", position + 1))
        }
        Sheets::AllWithContent => (having(&|_, grid| seen(grid)), "with content".to_owned()),
        Sheets::FirstWithContent => {
            let mut found = having(&|_, grid| seen(grid));
            found.truncate(1);
            (found, "with content".to_owned())
        }
    };
    if chosen.is_empty() {
        let name = |grid: &Grid| match grid.hiding {
            Hiding::Shown => grid.name.clone(),
            Hiding::Hidden => format!("{} (hidden)", grid.name),
        };
        let names: Vec<String> = book.grids.iter().map(name).collect();
        let problem = format!("there is no sheet {wanted}; the workbook has: {}", names.join(", "));
        let error = IntakeError::new(Trouble::Mismatch, problem, "Change [open] sheet in the mapping");
        return Err(error.code("no-sheet").fact("wanted", wanted).fact("sheets", names.join(", ")));
    }
    Ok(chosen)
}

/// Says which sheets with content are left out: hidden ones always, others where the mapping does not say
/// which sheets it means.
pub(crate) fn unread(book: &Book, sheets: &Sheets, chosen: &[usize]) -> Vec<String> {
    let left = |hiding: Hiding| {
        let own =
            book.grids.iter().enumerate().filter(move |(at, grid)| {
                grid.hiding == hiding && grid.has_content() && !chosen.contains(at)
            });
        own.map(|(_, grid)| grid.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let mut said = Vec::new();
    let others = left(Hiding::Shown);
    if matches!(sheets, Sheets::FirstWithContent) && !others.is_empty() {
        said.push(format!("other sheets have content and are not read: {others}; see [open] sheet"));
    }
    let hidden = left(Hiding::Hidden);
    if book.workbook && !hidden.is_empty() {
        said.push(format!("hidden sheets have content and are not read: {hidden}"));
    }
    said
}

/// Bytes of what a sheet may say beside its cells: stored digits, questions.
const BESIDE: usize = 512 << 20;

/// Bounds that hold for every kind of file while its cells are read.
pub(crate) fn check_cell(grid: &Grid, limits: &Limits, row: u64) -> Result<(), IntakeError> {
    let columns = grid.open_row_len();
    if columns > limits.columns {
        let problem = format!("the row has more than {} columns", limits.columns);
        let remedy = "This is no instrument export; check the file and the delimiter";
        return Err(IntakeError::new(Trouble::TooLarge, problem, remedy)
            .code("columns")
            .fact("limit", limits.columns)
            .at(row, columns as u64)
            .sheet(&grid.name));
    }
    if grid.cell_count() > limits.cells || grid.len() > limits.rows || grid.beside() > BESIDE {
        let problem = format!("the file has more than {} cells or {} rows", limits.cells, limits.rows);
        let remedy = "Split it, or raise the limit";
        return Err(IntakeError::new(Trouble::TooLarge, problem, remedy)
            .code("cells")
            .fact("cells", limits.cells)
            .fact("rows", limits.rows)
            .at(row, columns as u64)
            .sheet(&grid.name));
    }
    Ok(())
}
