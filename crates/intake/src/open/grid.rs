//! Cells of a sheet or a text file, and what a workbook says beside them.

use std::borrow::Cow;
use std::collections::BTreeMap;

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
    /// What there is to say beside few cells: position, kind and end in `notes_text`, by position.
    notes: Vec<(u32, Note, u32)>,
    notes_text: String,
    /// Whether the sheet itself is shown.
    pub hiding: Hiding,
    /// Columns that are hidden, by 0-based position.
    hidden_columns: Vec<bool>,
    /// By column and first row.
    merges: Vec<Merge>,
    /// Comments on cells, by row (1-based) and column (0-based). They are no content.
    pub comments: BTreeMap<(u64, usize), String>,
    /// Zeros are not shown on the sheet.
    pub hides_zeros: bool,
    /// A filter is set on the sheet.
    pub filtered: bool,
    /// For fixed widths, where headings do not keep to the columns: the lines as they stand, one per row.
    lines: Vec<String>,
}

#[derive(Debug, Clone, Copy)]
struct RowSpan {
    first_cell: usize,
    number: u64,
    /// Rows this entry stands for: more than one only for a gap of empty workbook rows.
    span: u32,
    hidden: bool,
}

/// Something a workbook says beside a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Note {
    /// The text as stored, where the cell's text is another.
    Stored,
    /// The number, where the cell's text is how it is shown: 123 for `00123`.
    Number,
    /// The unit that the number format shows.
    Unit,
    /// What is raised or lowered in the cell.
    Script,
    /// A question about the cell as a value.
    Ask,
    /// A question about the cell as an id.
    AskId,
}

/// Raised or lowered text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    Superscript,
    Subscript,
}

impl Script {
    pub fn name(self, text: &str) -> String {
        let kind = match self {
            Script::Superscript => "superscript",
            Script::Subscript => "subscript",
        };
        format!("{kind} {text:?}")
    }

    pub fn word(self) -> &'static str {
        match self {
            Script::Superscript => "superscript",
            Script::Subscript => "subscript",
        }
    }
}

/// Whether a sheet is to be seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Hiding {
    #[default]
    Shown,
    /// Hidden, in whatever way its program knows (Excel's "very hidden" too).
    Hidden,
}

/// One column of a merged area; rows are 1-based, columns 0-based.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Merge {
    pub column: usize,
    pub top: u64,
    pub bottom: u64,
    pub left: usize,
    pub right: usize,
}

/// Columns of merged areas that one sheet may have; more of them are no instrument export.
const MERGES: usize = 500_000;

/// `AB` for position 27.
pub(crate) fn column_name(column: usize) -> String {
    let (mut name, mut rest) = (Vec::new(), column + 1);
    while rest > 0 {
        name.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    name.iter().rev().map(|letter| char::from(*letter)).collect()
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
            self.rows.push(RowSpan { first_cell: self.ends.len(), number: next, span, hidden: false });
        }
        self.rows.push(RowSpan { first_cell: self.ends.len(), number, span: 1, hidden: false });
    }

    /// Starts row `number` of a text file, where numbers that are left out belong to cells of several lines.
    pub fn start_line(&mut self, number: u64) {
        self.rows.push(RowSpan { first_cell: self.ends.len(), number, span: 1, hidden: false });
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

    /// Says something beside the cell pushed last.
    pub fn note(&mut self, note: Note, text: &str) {
        if let Some(at) = self.ends.len().checked_sub(1) {
            self.notes_text.push_str(text);
            // both stay below the bounds that are checked after each cell
            let (at, end) = (u32::try_from(at), u32::try_from(self.notes_text.len()));
            self.notes.push((at.unwrap_or(u32::MAX), note, end.unwrap_or(u32::MAX)));
        }
    }

    /// Bytes of what is said beside cells.
    pub fn beside(&self) -> usize {
        self.notes_text.len()
    }

    /// Says that the row that is being written is hidden.
    pub fn hide_row(&mut self) {
        if let Some(row) = self.rows.last_mut() {
            row.hidden = true;
        }
    }

    /// Says that columns (0-based, both included) are hidden.
    pub fn hide_columns(&mut self, first: usize, last: usize, most: usize) {
        let last = last.min(most);
        if self.hidden_columns.len() <= last && first <= last {
            self.hidden_columns.resize(last + 1, false);
        }
        if first <= last {
            self.hidden_columns[first..=last].fill(true);
        }
    }

    /// Takes note of a merged area; false when there are too many.
    pub fn merge(&mut self, top: u64, bottom: u64, left: usize, right: usize) -> bool {
        // what lies so far beside its first cell is no table
        let right = right.min(left.saturating_add(1023));
        let wide = right.saturating_sub(left) + 1;
        if self.merges.len() + wide > MERGES {
            return false;
        }
        self.merges.extend((left..=right).map(|column| Merge { column, top, bottom, left, right }));
        true
    }

    /// Puts merged areas into their order, after the last of them.
    pub fn merged(&mut self) {
        self.merges.sort_unstable();
    }

    pub fn is_hidden_column(&self, column: usize) -> bool {
        self.hidden_columns.get(column).copied().unwrap_or(false)
    }

    /// Hidden columns that hold something in a row that is shown.
    pub fn hidden_columns(&self) -> Vec<usize> {
        let mut filled = vec![false; self.hidden_columns.len()];
        if filled.is_empty() {
            return Vec::new();
        }
        for row in self.rows().filter(|row| !row.is_hidden()) {
            for column in 0..row.len().min(filled.len()) {
                filled[column] |= self.hidden_columns[column] && !row.cell(column).trim().is_empty();
            }
        }
        (0..filled.len()).filter(|column| filled[*column]).collect()
    }

    fn merge_over(&self, row: u64, column: usize) -> Option<&Merge> {
        let until = self.merges.partition_point(|one| (one.column, one.top) <= (column, row));
        let found = self.merges.get(until.checked_sub(1)?)?;
        (found.column == column && found.bottom >= row).then_some(found)
    }

    fn by_number(&self, number: u64) -> Option<Row<'_>> {
        let at = self.rows.partition_point(|row| row.number <= number).checked_sub(1)?;
        (self.rows[at].number == number).then(|| self.row(at))
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

    /// Text of a cell as stored in the file.
    pub fn stored(&self, column: usize) -> &'a str {
        self.note(column, Note::Stored).unwrap_or_else(|| self.cell(column))
    }

    /// Text of a cell as a value: the number itself, where its text is how it is shown.
    pub fn value(&self, column: usize) -> &'a str {
        self.note(column, Note::Number).unwrap_or_else(|| self.cell(column))
    }

    /// Text of a cell that describes: what a merged area says counts for each of its cells.
    pub fn described(&self, column: usize) -> &'a str {
        let own = self.cell(column);
        if self.grid.merges.is_empty() || !own.trim().is_empty() {
            return own;
        }
        let Some(area) = self.covering(column) else { return own };
        self.grid.by_number(area.top).map_or(own, |row| row.cell(area.left))
    }

    /// The merged area that covers a cell which is not its first.
    pub fn covering(&self, column: usize) -> Option<&'a Merge> {
        let area = self.grid.merge_over(self.number(), column)?;
        ((area.top, area.left) != (self.number(), column)).then_some(area)
    }

    /// The merged area that begins with a cell.
    pub fn merged(&self, column: usize) -> Option<&'a Merge> {
        let area = self.grid.merge_over(self.number(), column)?;
        ((area.top, area.left) == (self.number(), column)).then_some(area)
    }

    /// What the workbook says beside a cell.
    pub fn note(&self, column: usize, kind: Note) -> Option<&'a str> {
        if self.grid.notes.is_empty() {
            return None;
        }
        let (first, end) = self.bounds();
        let at = first.checked_add(column).filter(|at| *at < end)?;
        let at = u32::try_from(at).ok()?;
        let from = self.grid.notes.partition_point(|(cell, ..)| *cell < at);
        let own = self.grid.notes[from..].iter().take_while(|(cell, ..)| *cell == at);
        let (place, (.., to)) = own.enumerate().find(|(_, (_, note, _))| *note == kind)?;
        let start = (from + place).checked_sub(1).map_or(0, |before| self.grid.notes[before].2);
        self.grid.notes_text.get(start as usize..*to as usize)
    }

    pub fn is_hidden(&self) -> bool {
        self.grid.rows[self.index].hidden
    }

    pub fn is_hidden_column(&self, column: usize) -> bool {
        self.grid.is_hidden_column(column)
    }

    pub fn comment(&self, column: usize) -> Option<&'a str> {
        self.grid.comments.get(&(self.number(), column)).map(String::as_str)
    }

    /// `B7`.
    pub fn place(&self, column: usize) -> String {
        format!("{}{}", column_name(column), self.number())
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
