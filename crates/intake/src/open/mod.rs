//! Bytes to grids of cells. A grid keeps every character of the file; nothing is interpreted here except
//! what the container says itself (a workbook's number format).

mod biff;
pub(crate) mod decode;
pub(crate) mod delimited;
mod ods;
mod xls;
mod xlsx;
mod zipped;

use std::borrow::Cow;

use crate::error::{IntakeError, Limits, Trouble};
use crate::mapping::{Open, Sheets};

/// What a workbook says about a cell beside its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CellFormat {
    /// The stored number is a fraction shown as a percentage.
    Percent,
    /// The stored number is a day count; the text here is already a date.
    Date,
    /// An error such as #N/A.
    Error,
    /// A number, stored with a decimal point whatever the mapping says about text.
    Number,
}

/// Cells of one sheet or text file, in one buffer.
#[derive(Debug, Default)]
pub(crate) struct Grid {
    /// Sheet name; empty for text.
    pub name: String,
    text: String,
    ends: Vec<usize>,
    rows: Vec<RowSpan>,
    /// Beside each cell, what the workbook says about it.
    formats: Vec<Option<CellFormat>>,
    /// For fixed widths, where headings do not keep to the columns: the lines as they stand, one per row.
    lines: Vec<String>,
}

#[derive(Debug, Clone, Copy)]
struct RowSpan {
    first_cell: usize,
    number: u64,
    /// Rows this entry stands for: more than one only for a gap of empty workbook rows.
    span: u32,
}

impl Grid {
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Starts row `number` (1-based). A gap before it becomes one entry of empty rows.
    pub fn start_row(&mut self, number: u64) {
        let next = self.rows.last().map_or(1, |row| row.number + u64::from(row.span));
        if number > next {
            let span = u32::try_from(number - next).unwrap_or(u32::MAX);
            self.rows.push(RowSpan { first_cell: self.ends.len(), number: next, span });
        }
        self.rows.push(RowSpan { first_cell: self.ends.len(), number, span: 1 });
    }

    /// Starts row `number` of a text file, where numbers that are left out belong to cells of several lines.
    pub fn start_line(&mut self, number: u64) {
        self.rows.push(RowSpan { first_cell: self.ends.len(), number, span: 1 });
    }

    /// Adds the next cell of the current row.
    pub fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.end_cell();
    }

    pub fn push_char(&mut self, letter: char) {
        self.text.push(letter);
    }

    pub fn push_str(&mut self, part: &str) {
        self.text.push_str(part);
    }

    pub fn end_cell(&mut self) {
        self.ends.push(self.text.len());
        self.formats.push(None);
    }

    /// Keeps the whole line of the row that is being written.
    pub fn keep_line(&mut self, line: &str) {
        self.lines.push(line.trim().to_owned());
    }

    /// Bytes of the cell that is being written.
    pub fn open_cell_len(&self) -> usize {
        self.text.len() - self.ends.last().copied().unwrap_or(0)
    }

    /// Cells of the row that is being written.
    pub fn open_row_len(&self) -> usize {
        self.ends.len() - self.rows.last().map_or(0, |row| row.first_cell)
    }

    pub fn cell_count(&self) -> usize {
        self.ends.len()
    }

    /// Says that the cell pushed last has a format.
    pub fn set_format(&mut self, format: CellFormat) {
        if let Some(last) = self.formats.last_mut() {
            *last = Some(format);
        }
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn row(&self, index: usize) -> Row<'_> {
        Row { grid: self, index }
    }

    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.len()).map(|index| self.row(index))
    }

    pub fn has_content(&self) -> bool {
        self.rows().any(|row| !row.is_blank())
    }

    /// Forgets blank rows at the end of a sheet, which are styling, not content.
    pub fn trim_end(&mut self) {
        while self.rows.last().is_some() && self.row(self.len() - 1).is_blank() {
            if let Some(row) = self.rows.pop() {
                self.ends.truncate(row.first_cell);
                self.formats.truncate(row.first_cell);
            }
        }
    }
}

/// One row of a grid.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    grid: &'a Grid,
    index: usize,
}

impl<'a> Row<'a> {
    /// 1-based, as an editor or the sheet shows it.
    pub fn number(&self) -> u64 {
        self.grid.rows[self.index].number
    }

    pub fn span(&self) -> u32 {
        self.grid.rows[self.index].span
    }

    fn bounds(&self) -> (usize, usize) {
        let first = self.grid.rows[self.index].first_cell;
        let end = self.grid.rows.get(self.index + 1).map_or(self.grid.ends.len(), |row| row.first_cell);
        (first, end)
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        let (first, end) = self.bounds();
        end - first
    }

    /// Text of a cell by 0-based column; empty beyond the end.
    pub fn cell(&self, column: usize) -> &'a str {
        let (first, end) = self.bounds();
        let Some(at) = first.checked_add(column).filter(|at| *at < end) else { return "" };
        let from = if at == 0 { 0 } else { self.grid.ends[at - 1] };
        &self.grid.text[from..self.grid.ends[at]]
    }

    pub fn cells(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let row = *self;
        (0..row.len()).map(move |column| row.cell(column))
    }

    pub fn is_blank(&self) -> bool {
        let (first, end) = self.bounds();
        let from = if first == 0 { 0 } else { self.grid.ends[first - 1] };
        let to = if end == 0 { 0 } else { self.grid.ends[end - 1] };
        from >= to || self.grid.text[from..to].trim().is_empty()
    }

    pub fn format(&self, column: usize) -> Option<CellFormat> {
        let (first, end) = self.bounds();
        let at = first.checked_add(column).filter(|at| *at < end)?;
        self.grid.formats[at]
    }

    /// The whole line: trimmed cells joined by tabs, without empty cells at the end; the line as it stands
    /// where columns have fixed widths.
    pub fn line(&self) -> Cow<'a, str> {
        if let Some(line) = self.grid.lines.get(self.index) {
            return Cow::Borrowed(line);
        }
        let last = (0..self.len()).rev().find(|column| !self.cell(*column).trim().is_empty());
        match last {
            None => Cow::Borrowed(""),
            Some(0) => Cow::Borrowed(self.cell(0).trim()),
            Some(last) => {
                Cow::Owned((0..=last).map(|column| self.cell(column).trim()).collect::<Vec<_>>().join("\t"))
            }
        }
    }

    /// `12` or `Sheet!12`.
    pub fn label(&self) -> String {
        if self.grid.name.is_empty() {
            self.number().to_string()
        } else {
            format!("{}!{}", self.grid.name, self.number())
        }
    }
}

/// A file, opened.
#[derive(Debug)]
pub(crate) struct Book {
    pub grids: Vec<Grid>,
    /// Encoding of text, or `workbook`.
    pub encoding: String,
    pub workbook: bool,
    pub warnings: Vec<String>,
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
            let (text, encoding, warnings) = decode::text(bytes, &how.encodings)?;
            let grid = delimited::split(&text, how, limits)?;
            Ok(Book { grids: vec![grid], encoding: encoding.to_owned(), workbook: false, warnings })
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
    Ok(Book { grids, encoding: "workbook".to_owned(), workbook: true, warnings: Vec::new() })
}

/// The sheets a mapping reads, as positions in the book.
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
    let (chosen, wanted) = match sheets {
        Sheets::Named(names) => (having(&|_, grid| names.contains(&grid.name)), names.join(", ")),
        Sheets::Pattern(pattern) => {
            (having(&|_, grid| pattern.is_match(&grid.name) && grid.has_content()), format!("/{pattern}/"))
        }
        Sheets::Position(position) => {
            (having(&|index, _| index == *position), format!("number {}", position + 1))
        }
        Sheets::AllWithContent => (having(&|_, grid| grid.has_content()), "with content".to_owned()),
        Sheets::FirstWithContent => {
            let mut found = having(&|_, grid| grid.has_content());
            found.truncate(1);
            (found, "with content".to_owned())
        }
    };
    if chosen.is_empty() {
        let names: Vec<&str> = book.grids.iter().map(|grid| grid.name.as_str()).collect();
        let problem = format!("there is no sheet {wanted}; the workbook has: {}", names.join(", "));
        let error = IntakeError::new(Trouble::Mismatch, problem, "Change [open] sheet in the mapping");
        return Err(error.code("no-sheet").fact("wanted", wanted).fact("sheets", names.join(", ")));
    }
    Ok(chosen)
}

/// Says which sheets with content are left out where the mapping does not say which sheets it means.
pub(crate) fn unread(book: &Book, sheets: &Sheets) -> Option<String> {
    if !matches!(sheets, Sheets::FirstWithContent) {
        return None;
    }
    let names = book.grids.iter().filter(|grid| grid.has_content()).map(|grid| grid.name.as_str());
    let left: Vec<&str> = names.skip(1).collect();
    let names = left.join(", ");
    (!left.is_empty())
        .then(|| format!("other sheets have content and are not read: {names}; see [open] sheet"))
}

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
    if grid.cell_count() > limits.cells || grid.len() > limits.rows {
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
