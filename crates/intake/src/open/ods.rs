//! OpenDocument spreadsheets (ISO/IEC 26300-3): values as stored and as shown, repetition never expanded
//! beyond content.

use std::collections::BTreeMap;

use super::number::{Style, put as put_number, shortest};
use super::rich::Text;
use super::zipped::{Mark, Parts, Xml};
use super::{CellFormat, Grid, Hiding, Note, Script, check_cell};
use crate::error::{IntakeError, Limits};

pub(super) fn read(parts: &mut Parts<'_>, limits: &Limits) -> Result<Vec<Grid>, IntakeError> {
    let mut looks = Looks::default();
    // styles that people name stand in a part of their own
    if parts.has("styles.xml") {
        parts.with("styles.xml", |xml| looks.read(xml))?;
    }
    parts.with("content.xml", |xml| content(xml, limits, looks))
}

/// What styles say that matters here, by family and name.
#[derive(Default)]
struct Looks {
    /// Styles of sheets that are not displayed.
    hidden: Vec<String>,
    /// Raised and lowered styles of texts and cells.
    scripts: BTreeMap<(String, String), Script>,
    /// Family and name of the style that is being read.
    open: Option<(String, String)>,
}

/// Most styles that are kept.
const STYLES: usize = 100_000;

impl Looks {
    fn read(&mut self, xml: &mut Xml<'_>) -> Result<(), IntakeError> {
        let mut pending = None;
        loop {
            match xml.next(&mut pending, WANTED)? {
                Mark::Open(name, attributes) => self.take(&name, &attributes),
                Mark::Close(name) if name == "style" => self.open = None,
                Mark::End => return Ok(()),
                _ => {}
            }
        }
    }

    fn take(&mut self, element: &str, attributes: &BTreeMap<String, String>) {
        let own = |key: &str| attributes.get(key).map_or("", String::as_str);
        match element {
            "style" => {
                let (family, name) = (own("family").to_owned(), own("name").to_owned());
                let parent = (family.clone(), own("parent-style-name").to_owned());
                if let Some(script) = self.scripts.get(&parent).copied() {
                    self.scripts.insert((family.clone(), name.clone()), script);
                }
                self.open = Some((family, name)).filter(|_| self.scripts.len() < STYLES);
            }
            "table-properties" if own("display") == "false" && self.hidden.len() < STYLES => {
                self.hidden.extend(self.open.iter().map(|(_, name)| name.clone()));
            }
            "text-properties" => {
                if let (Some(style), Some(script)) = (&self.open, position(own("text-position"))) {
                    self.scripts.insert(style.clone(), script);
                }
            }
            _ => {}
        }
    }

    fn script(&self, family: &str, name: Option<&String>) -> Option<Script> {
        self.scripts.get(&(family.to_owned(), name?.clone())).copied()
    }
}

/// `super 58%`, `sub`, `33% 58%`.
fn position(text: &str) -> Option<Script> {
    let first = text.split_whitespace().next()?;
    match first {
        "super" => Some(Script::Superscript),
        "sub" => Some(Script::Subscript),
        share => {
            let share: f64 = share.strip_suffix('%')?.parse().ok()?;
            match share {
                up if up > 0.0 => Some(Script::Superscript),
                down if down < 0.0 => Some(Script::Subscript),
                _ => None,
            }
        }
    }
}

#[derive(Default)]
struct State {
    looks: Looks,
    grids: Vec<Grid>,
    row: u64,
    row_repeat: u64,
    row_hidden: bool,
    /// Columns of the sheet so far, as its column elements count them.
    columns: usize,
    /// Columns of the current row so far, empty ones included.
    column: usize,
    cell: Option<Cell>,
    /// Cells with content of the current row, for rows that are repeated.
    cells: Vec<(usize, Cell)>,
    /// Depth of annotations, whose text is no content.
    note: usize,
    comment: String,
    paragraph: usize,
    /// Paragraphs of an annotation; its author and date stand outside them.
    note_paragraph: usize,
    /// Script of each open span.
    spans: Vec<Option<Script>>,
}

#[derive(Default, Clone)]
struct Cell {
    repeat: usize,
    kind: String,
    value: Option<String>,
    text: Text,
    paragraphs: usize,
    /// Rows and columns it covers.
    area: (u64, usize),
    script: Option<Script>,
    comment: String,
}

const WANTED: &[&str] = &[
    "style",
    "table-properties",
    "text-properties",
    "table",
    "table-column",
    "table-row",
    "table-cell",
    "covered-table-cell",
    "s",
    "span",
];

fn content(xml: &mut Xml<'_>, limits: &Limits, looks: Looks) -> Result<Vec<Grid>, IntakeError> {
    let mut state = State { looks, ..State::default() };
    let (mut pending, mut closed) = (None, false);
    loop {
        match xml.next(&mut pending, WANTED)? {
            Mark::Open(name, attributes) => state.open(&name, &attributes, limits),
            Mark::Text(text) => state.add(&text),
            Mark::Close(name) if name == "document-content" => closed = true,
            Mark::Close(name) => state.close(&name, limits)?,
            Mark::End if closed => {
                state.grids.iter_mut().for_each(Grid::merged);
                return Ok(state.grids);
            }
            Mark::End => return Err(xml.cut_off()),
        }
    }
}

fn number(text: Option<&String>) -> u64 {
    text.and_then(|text| text.parse().ok()).unwrap_or(1).clamp(1, 1 << 20)
}

fn is_hidden(attributes: &BTreeMap<String, String>) -> bool {
    attributes.get("visibility").is_some_and(|how| how == "collapse" || how == "filter")
}

impl State {
    fn open(&mut self, name: &str, attributes: &BTreeMap<String, String>, limits: &Limits) {
        match name {
            "table" => self.sheet(attributes),
            "table-column" => {
                let count = number(attributes.get("number-columns-repeated")) as usize;
                let first = self.columns;
                self.columns = first.saturating_add(count);
                if let Some(grid) = self.grids.last_mut().filter(|_| is_hidden(attributes)) {
                    grid.hide_columns(first, self.columns - 1, limits.columns);
                }
            }
            "table-row" => {
                self.row_repeat = number(attributes.get("number-rows-repeated"));
                self.row_hidden = is_hidden(attributes);
                let filtered = attributes.get("visibility").is_some_and(|how| how == "filter");
                self.grids.last_mut().into_iter().for_each(|grid| grid.filtered |= filtered);
                self.column = 0;
                self.cells.clear();
            }
            "table-cell" | "covered-table-cell" => self.cell = Some(self.begin(attributes)),
            "annotation" => self.note += 1,
            "p" if self.note == 0 => {
                self.paragraph += 1;
                self.new_paragraph();
            }
            "p" => self.note_paragraph += 1,
            "span" => self.spans.push(self.looks.script("text", attributes.get("style-name"))),
            "s" => self.add(&" ".repeat(number(attributes.get("c")).min(100) as usize)),
            "line-break" => self.add("\n"),
            "tab" => self.add("\t"),
            other => self.looks.take(other, attributes),
        }
    }

    fn close(&mut self, name: &str, limits: &Limits) -> Result<(), IntakeError> {
        match name {
            "annotation" => self.note = self.note.saturating_sub(1),
            "p" if self.note == 0 => self.paragraph = self.paragraph.saturating_sub(1),
            "p" => {
                self.note_paragraph = self.note_paragraph.saturating_sub(1);
                self.comment.push(' ');
            }
            "span" => drop(self.spans.pop()),
            "table-cell" | "covered-table-cell" => self.end_cell(),
            "table-row" => self.end_row(limits)?,
            "style" => self.looks.open = None,
            _ => {}
        }
        Ok(())
    }

    fn sheet(&mut self, attributes: &BTreeMap<String, String>) {
        let mut grid = Grid::new(attributes.get("name").map_or("", String::as_str));
        if attributes.get("style-name").is_some_and(|style| self.looks.hidden.contains(style)) {
            grid.hiding = Hiding::Hidden;
        }
        self.grids.push(grid);
        (self.row, self.columns) = (0, 0);
    }

    fn begin(&self, attributes: &BTreeMap<String, String>) -> Cell {
        let value = ["value", "date-value", "time-value", "boolean-value"];
        Cell {
            repeat: number(attributes.get("number-columns-repeated")) as usize,
            kind: attributes.get("value-type").cloned().unwrap_or_default(),
            value: value.iter().find_map(|key| attributes.get(*key)).cloned(),
            area: (
                number(attributes.get("number-rows-spanned")),
                number(attributes.get("number-columns-spanned")) as usize,
            ),
            script: self.looks.script("table-cell", attributes.get("style-name")),
            ..Cell::default()
        }
    }

    fn new_paragraph(&mut self) {
        if let Some(cell) = &mut self.cell {
            if cell.paragraphs > 0 {
                cell.text.text.push('\n');
            }
            cell.paragraphs += 1;
        }
    }

    fn add(&mut self, text: &str) {
        if self.note > 0 {
            // a comment is kept, shortened
            if self.comment.len() < 2000 && self.note_paragraph > 0 {
                self.comment.push_str(text);
            }
        } else if let Some(cell) = self.cell.as_mut().filter(|_| self.paragraph > 0) {
            let script = self.spans.iter().rev().find_map(|script| *script);
            cell.text.add(text, script);
        }
    }

    fn end_cell(&mut self) {
        let Some(mut cell) = self.cell.take() else { return };
        cell.comment = std::mem::take(&mut self.comment);
        let at = self.column;
        self.column = at.saturating_add(cell.repeat);
        if !cell.text.text.is_empty() || cell.value.is_some() || !cell.comment.is_empty() {
            self.cells.push((at, cell));
        }
    }

    fn end_row(&mut self, limits: &Limits) -> Result<(), IntakeError> {
        let first = self.row + 1;
        self.row += self.row_repeat;
        let hidden = self.row_hidden;
        if self.cells.is_empty() {
            return Ok(());
        }
        let Some(grid) = self.grids.last_mut() else { return Ok(()) };
        for row in first..=self.row {
            grid.start_row(row);
            if hidden {
                grid.hide_row();
            }
            for (at, cell) in &self.cells {
                beside(grid, cell, row, *at);
                for place in *at..at + cell.repeat {
                    if place > limits.columns {
                        break;
                    }
                    while grid.open_row_len() < place {
                        grid.push("");
                    }
                    put(grid, cell);
                    check_cell(grid, limits, row)?;
                }
            }
            check_cell(grid, limits, row)?;
        }
        Ok(())
    }
}

/// The area that a cell covers, and its comment.
fn beside(grid: &mut Grid, cell: &Cell, row: u64, column: usize) {
    let (down, right) = cell.area;
    if down > 1 || right > 1 {
        // an area too many is an area of no meaning here
        let _ = grid.merge(row, row + down - 1, column, column + right - 1);
    }
    let comment = cell.comment.split_whitespace().collect::<Vec<_>>().join(" ");
    if !comment.is_empty() && grid.comments.len() < 10_000 {
        grid.comments.insert((row, column), comment.chars().take(500).collect());
    }
}

fn put(grid: &mut Grid, cell: &Cell) {
    let shown = cell.text.text.as_str();
    match (cell.kind.as_str(), &cell.value) {
        ("percentage", Some(value)) => {
            put_number(grid, value, &style(cell), false);
            grid.set_format(CellFormat::Percent);
        }
        ("float" | "currency", Some(_)) if shown.starts_with('#') || shown.starts_with("Err:") => {
            grid.push(shown);
            grid.set_format(CellFormat::Error);
        }
        ("float" | "currency", Some(value)) => {
            let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let plain = shortest(value);
            match plain {
                // as it is shown: 00123 for 123
                Some(plain) if digits(shown) && digits(&plain) && shown.trim_start_matches('0') == plain => {
                    cell.text.put_styled(grid, cell.script);
                    grid.set_format(CellFormat::Number);
                    if shown != plain {
                        grid.note(Note::Number, &plain);
                    }
                    if value != shown {
                        grid.note(Note::Stored, value);
                    }
                }
                _ => {
                    put_number(grid, value, &style(cell), false);
                    doubts(grid, shown, value);
                }
            }
        }
        ("date" | "time", Some(value)) => {
            grid.push(value);
            grid.set_format(CellFormat::Date);
        }
        _ => {
            cell.text.put_styled(grid, cell.script);
        }
    }
}

fn style(cell: &Cell) -> Style {
    Style { code: None, script: cell.script }
}

/// A number that is shown with a sign of comparison or without a digit is not what its reader saw; an id is
/// what is shown.
fn doubts(grid: &mut Grid, shown: &str, value: &str) {
    if shown.is_empty() {
        return;
    }
    let digit = shown.bytes().any(|byte| byte.is_ascii_digit());
    if !digit || shown.contains(['<', '>', '≤', '≥', '~', '≈']) {
        grid.note(Note::Ask, &format!("the workbook shows {shown:?} here, the cell holds {value}"));
    }
    let plain = shortest(value).unwrap_or_default();
    let other = match plain.contains(['.', 'E']) {
        true => shown.replace(',', ".") != plain,
        false => shown.chars().any(char::is_alphabetic),
    };
    if other {
        grid.note(Note::AskId, "the workbook shows this number in another form");
    }
}
