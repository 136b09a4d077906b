//! Office Open XML workbooks (ECMA-376, parts 1 and 18): what a cell holds, what it shows, and what the sheet
//! hides; stated dimensions are ignored.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::code::Code;
use super::number::{self, Style};
use super::rich::{Runs, Text, decode, script_of};
use super::zipped::{Mark, Parts, Xml, damaged};
use super::{CellFormat, Grid, Hiding, Script, check_cell};
use crate::error::{IntakeError, Trouble};

pub(super) fn read(parts: &mut Parts<'_>, limits: &crate::Limits) -> Result<Vec<Grid>, IntakeError> {
    if !parts.has("xl/workbook.xml") {
        let binary = parts.has("xl/workbook.bin");
        let problem =
            if binary { "this is a binary workbook (.xlsb)" } else { "this archive is no workbook" };
        let error = IntakeError::new(Trouble::Malformed, problem, "Export it as .xlsx, .xls, .ods or text");
        return Err(error.code("no-workbook"));
    }
    let targets = relations(parts, "xl/workbook.xml")?;
    let (sheets, from_1904) = parts.with("xl/workbook.xml", workbook)?;
    let styles = if parts.has("xl/styles.xml") { parts.with("xl/styles.xml", styles)? } else { Vec::new() };
    let strings = match parts.has("xl/sharedStrings.xml") {
        true => parts.with("xl/sharedStrings.xml", shared_strings)?,
        false => Vec::new(),
    };
    let mut cells = 0;
    let mut grids = Vec::new();
    for sheet in sheets {
        let Some(relation) = targets.get(&sheet.id) else { continue };
        if !relation.target.contains("worksheets") {
            continue;
        }
        let bounded = crate::Limits { cells: limits.cells.saturating_sub(cells), ..limits.clone() };
        let look = Look { strings: &strings, styles: &styles, from_1904, limits: &bounded };
        let in_sheet = |error: IntakeError| error.sheet(&sheet.name);
        let read = |xml: &mut Xml<'_>| cells_of(xml, &sheet.name, &look);
        let mut grid = parts.with(&relation.target, read).map_err(in_sheet)?;
        grid.hiding = sheet.hiding;
        comments(parts, &relation.target, &mut grid).map_err(in_sheet)?;
        cells += grid.cell_count();
        grids.push(grid);
    }
    Ok(grids)
}

struct Relation {
    kind: String,
    /// Path of the part in the archive.
    target: String,
}

/// What a part is connected with, by id.
fn relations(parts: &mut Parts<'_>, of: &str) -> Result<BTreeMap<String, Relation>, IntakeError> {
    let (folder, name) = of.rsplit_once('/').unwrap_or(("", of));
    let path = format!("{folder}/_rels/{name}.rels");
    parts.with(&path, |xml| {
        let mut found = BTreeMap::new();
        let mut pending = None;
        loop {
            match xml.next(&mut pending, &["Relationship"])? {
                Mark::Open(name, mut attributes) if name == "Relationship" => {
                    if let (Some(id), Some(target)) = (attributes.remove("Id"), attributes.remove("Target")) {
                        let kind = attributes.remove("Type").unwrap_or_default();
                        found.insert(id, Relation { kind, target: resolve(folder, &target) });
                    }
                }
                Mark::End => return Ok(found),
                _ => {}
            }
        }
    })
}

/// A target as a path of the archive: `../comments1.xml` beside `xl/worksheets` is `xl/comments1.xml`.
fn resolve(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').collect();
    for step in target.split('/') {
        match step {
            ".." => drop(path.pop()),
            "." => {}
            step => path.push(step),
        }
    }
    path.join("/")
}

struct Listed {
    name: String,
    id: String,
    hiding: Hiding,
}

fn workbook(xml: &mut Xml<'_>) -> Result<(Vec<Listed>, bool), IntakeError> {
    let (mut sheets, mut from_1904, mut pending) = (Vec::new(), false, None);
    loop {
        match xml.next(&mut pending, &["sheet", "workbookPr"])? {
            Mark::Open(name, mut attributes) if name == "sheet" => {
                let shown = attributes.get("state").is_none_or(|state| state == "visible");
                let hiding = if shown { Hiding::Shown } else { Hiding::Hidden };
                if let (Some(title), Some(id)) = (attributes.remove("name"), attributes.remove("id")) {
                    sheets.push(Listed { name: decode(&title), id, hiding });
                }
            }
            Mark::Open(name, attributes) if name == "workbookPr" => {
                from_1904 = is_true(attributes.get("date1904"));
            }
            Mark::End => return Ok((sheets, from_1904)),
            _ => {}
        }
    }
}

fn is_true(flag: Option<&String>) -> bool {
    flag.is_some_and(|flag| flag == "1" || flag == "true" || flag == "on")
}

/// Looks of each cell style, by index of `cellXfs`.
fn styles(xml: &mut Xml<'_>) -> Result<Vec<Style>, IntakeError> {
    let (mut own, mut fonts, mut styles) = (BTreeMap::new(), Vec::<Option<Script>>::new(), Vec::new());
    let (mut in_styles, mut in_fonts, mut pending) = (false, false, None);
    loop {
        match xml.next(&mut pending, &["numFmt", "xf", "vertAlign"])? {
            Mark::Open(name, mut attributes) => match name.as_str() {
                "numFmt" => {
                    if let (Some(id), Some(code)) =
                        (attributes.remove("numFmtId"), attributes.remove("formatCode"))
                    {
                        own.insert(id, Rc::new(Code::parse(&decode(&code))));
                    }
                }
                "fonts" => in_fonts = true,
                "font" if in_fonts => fonts.push(None),
                "vertAlign" if in_fonts => {
                    fonts.iter_mut().last().into_iter().for_each(|font| {
                        *font = script_of(attributes.get("val"));
                    });
                }
                "cellXfs" => in_styles = true,
                "xf" if in_styles => styles.push(style(&attributes, &mut own, &fonts)),
                _ => {}
            },
            Mark::Close(name) if name == "cellXfs" => in_styles = false,
            Mark::Close(name) if name == "fonts" => in_fonts = false,
            Mark::End => return Ok(styles),
            _ => {}
        }
    }
}

fn style(
    attributes: &BTreeMap<String, String>,
    own: &mut BTreeMap<String, Rc<Code>>,
    fonts: &[Option<Script>],
) -> Style {
    let number = |name: &str| attributes.get(name).and_then(|text| text.parse::<u32>().ok());
    let id = number("numFmtId").unwrap_or(0);
    let code = match own.get(&id.to_string()) {
        Some(code) => Some(Rc::clone(code)),
        None => (id > 0).then(|| {
            let code = Rc::new(Code::built_in(id));
            own.insert(id.to_string(), Rc::clone(&code));
            code
        }),
    };
    let font = number("fontId").and_then(|font| fonts.get(font as usize).copied().flatten());
    Style { code, script: font }
}

fn shared_strings(xml: &mut Xml<'_>) -> Result<Vec<Text>, IntakeError> {
    let (mut strings, mut runs, mut pending) = (Vec::new(), Runs::default(), None);
    loop {
        match xml.next(&mut pending, &["vertAlign"])? {
            Mark::Open(name, attributes) => runs.open(&name, &attributes),
            Mark::Text(text) => runs.text(&text),
            Mark::Close(name) if name == "si" => strings.push(runs.take()),
            Mark::Close(name) => runs.close(&name),
            Mark::End => return Ok(strings),
        }
        if strings.len() > xml.limits.cells {
            return Err(damaged("shared strings", "there are too many"));
        }
    }
}

struct Look<'a> {
    strings: &'a [Text],
    styles: &'a [Style],
    from_1904: bool,
    limits: &'a crate::Limits,
}

#[derive(Default)]
struct OpenCell {
    column: usize,
    style: usize,
    kind: String,
    /// Of the element `v`.
    value: String,
    /// Of the element `is`.
    runs: Runs,
    formula: Option<String>,
}

impl OpenCell {
    /// A formula that no program has computed has no value: it stands for itself and fits no number. One that
    /// gives an empty text has type `str`.
    fn close(&mut self) {
        if let Some(formula) = self.formula.take()
            && self.is_empty()
            && self.kind != "str"
        {
            self.kind = "str".to_owned();
            self.value = format!("={formula}");
        }
    }

    fn is_empty(&self) -> bool {
        self.value.is_empty() && self.runs.len() == 0
    }
}

/// The walk through the part of a sheet.
struct Walk<'a> {
    grid: Grid,
    look: &'a Look<'a>,
    row: u64,
    /// The row has been begun in the grid.
    started: bool,
    row_hidden: bool,
    in_value: bool,
    in_formula: bool,
    in_inline: bool,
    finished: bool,
    cell: OpenCell,
}

fn cells_of(xml: &mut Xml<'_>, name: &str, look: &Look<'_>) -> Result<Grid, IntakeError> {
    const WANTED: &[&str] = &["row", "c", "col", "mergeCell", "vertAlign", "sheetView"];
    let mut walk = Walk {
        grid: Grid::new(name),
        look,
        row: 0,
        started: false,
        row_hidden: false,
        in_value: false,
        in_formula: false,
        in_inline: false,
        finished: false,
        cell: OpenCell::default(),
    };
    let mut pending = None;
    loop {
        match xml.next(&mut pending, WANTED)? {
            Mark::Open(name, attributes) => walk.open(&name, &attributes)?,
            Mark::Text(text) => walk.text(&text),
            Mark::Close(name) => walk.close(&name)?,
            Mark::End if walk.finished => {
                walk.grid.merged();
                return Ok(walk.grid);
            }
            Mark::End => return Err(xml.cut_off()),
        }
    }
}

impl Walk<'_> {
    fn open(&mut self, name: &str, attributes: &BTreeMap<String, String>) -> Result<(), IntakeError> {
        match name {
            "row" => {
                self.row = row_number(attributes.get("r"), self.row, self.look)?;
                self.started = false;
                self.row_hidden = is_true(attributes.get("hidden")) || is_zero(attributes.get("ht"));
                self.cell.column = 0;
            }
            "c" => {
                let place = attributes.get("r").and_then(|place| column_of(place));
                self.cell = OpenCell {
                    column: place.unwrap_or(self.cell.column + 1),
                    style: attributes.get("s").and_then(|style| style.parse().ok()).unwrap_or(0),
                    kind: attributes.get("t").cloned().unwrap_or_default(),
                    ..OpenCell::default()
                };
            }
            "v" => self.in_value = true,
            "is" => self.in_inline = true,
            "f" => {
                self.in_formula = true;
                self.cell.formula = Some(String::new());
            }
            "col" if is_true(attributes.get("hidden")) || is_zero(attributes.get("width")) => {
                let at = |key: &str| attributes.get(key)?.parse::<usize>().ok()?.checked_sub(1);
                if let (Some(first), Some(last)) = (at("min"), at("max")) {
                    self.grid.hide_columns(first, last, self.look.limits.columns);
                }
            }
            "mergeCell" => self.merge(attributes.get("ref").map_or("", String::as_str))?,
            "sheetView" => {
                let shown = attributes.get("showZeros").is_none_or(|flag| is_true(Some(flag)));
                self.grid.hides_zeros |= !shown;
            }
            // a column with a criterion: the filter leaves rows out
            "filterColumn" => self.grid.filtered = true,
            other if self.in_inline => self.cell.runs.open(other, attributes),
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if self.in_value {
            self.cell.value.push_str(text);
        } else if self.in_formula {
            self.cell.formula.iter_mut().for_each(|one| one.push_str(text));
        } else if self.in_inline {
            self.cell.runs.text(text);
        }
    }

    fn close(&mut self, name: &str) -> Result<(), IntakeError> {
        match name {
            "v" => self.in_value = false,
            "f" => self.in_formula = false,
            "is" => self.in_inline = false,
            "c" => {
                self.cell.close();
                if !self.cell.is_empty() {
                    self.put()?;
                }
            }
            "sheetData" => self.finished = true,
            other if self.in_inline => self.cell.runs.close(other),
            _ => {}
        }
        Ok(())
    }

    fn put(&mut self) -> Result<(), IntakeError> {
        if !self.started {
            self.grid.start_row(self.row);
            self.started = true;
            if self.row_hidden {
                self.grid.hide_row();
            }
        }
        let cell = std::mem::take(&mut self.cell);
        let column = cell.column;
        let outcome = put(&mut self.grid, cell, self.row, self.look);
        self.cell.column = column;
        outcome
    }

    fn merge(&mut self, area: &str) -> Result<(), IntakeError> {
        let (first, last) = area.split_once(':').unwrap_or((area, area));
        let place = |text: &str| Some((row_of(text)?, column_of(text)?.checked_sub(1)?));
        let (Some((top, left)), Some((bottom, right))) = (place(first), place(last)) else { return Ok(()) };
        match self.grid.merge(top, bottom, left, right) {
            true => Ok(()),
            false => Err(damaged("a sheet", "it has too many merged areas")),
        }
    }
}

fn is_zero(size: Option<&String>) -> bool {
    size.and_then(|size| size.trim().parse::<f64>().ok()) == Some(0.0)
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
    let letters = place.bytes().filter(|byte| *byte != b'$').take_while(u8::is_ascii_alphabetic);
    let column =
        letters.take(4).fold(0, |sum, letter| sum * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1);
    (column > 0).then_some(column)
}

/// `AB12` is row 12.
fn row_of(place: &str) -> Option<u64> {
    place.trim_start_matches(|letter: char| !letter.is_ascii_digit()).parse().ok()
}

fn put(grid: &mut Grid, cell: OpenCell, row: u64, look: &Look<'_>) -> Result<(), IntakeError> {
    if cell.column > look.limits.columns || cell.column <= grid.open_row_len() {
        let problem = format!("column {} after {}", cell.column, grid.open_row_len());
        return Err(damaged("a row", problem).at(row, cell.column as u64));
    }
    while grid.open_row_len() + 1 < cell.column {
        grid.push("");
    }
    let plain = Style::default();
    let style = look.styles.get(cell.style).unwrap_or(&plain);
    match cell.kind.as_str() {
        "s" => {
            let text = cell.value.trim().parse::<usize>().ok().and_then(|index| look.strings.get(index));
            let Some(text) = text else {
                return Err(
                    damaged("a cell", "it names a text that is not there").at(row, cell.column as u64)
                );
            };
            text.put_styled(grid, style.script);
        }
        "inlineStr" => {
            let mut runs = cell.runs;
            runs.take().put_styled(grid, style.script);
        }
        "str" | "d" => {
            Text { text: decode(&cell.value), ..Text::default() }.put_styled(grid, style.script);
        }
        "e" => {
            grid.push(&cell.value);
            grid.set_format(CellFormat::Error);
        }
        "b" => grid.push(if cell.value.trim() == "1" { "TRUE" } else { "FALSE" }),
        _ => number::put(grid, &cell.value, style, look.from_1904),
    }
    check_cell(grid, look.limits, row)
}

/// Most comments of a sheet that are kept, and most characters of each.
const COMMENTS: (usize, usize) = (10_000, 500);

/// Comments on the cells of a sheet, from the part its relations name.
fn comments(parts: &mut Parts<'_>, sheet: &str, grid: &mut Grid) -> Result<(), IntakeError> {
    let (folder, name) = sheet.rsplit_once('/').unwrap_or(("", sheet));
    if !parts.has(&format!("{folder}/_rels/{name}.rels")) {
        return Ok(());
    }
    let own = relations(parts, sheet)?;
    let own = own.into_values().filter(|relation| relation.kind.ends_with("/comments"));
    for relation in own.filter(|relation| parts.has(&relation.target)).collect::<Vec<_>>() {
        let found = parts.with(&relation.target, comments_of)?;
        grid.comments.extend(found);
    }
    Ok(())
}

type Comments = Vec<((u64, usize), String)>;

fn comments_of(xml: &mut Xml<'_>) -> Result<Comments, IntakeError> {
    let (mut found, mut runs, mut place, mut pending) = (Vec::new(), Runs::default(), None, None);
    loop {
        match xml.next(&mut pending, &["comment"])? {
            Mark::Open(name, attributes) if name == "comment" => {
                let at = attributes.get("ref").map_or("", String::as_str);
                place = row_of(at).zip(column_of(at).and_then(|column| column.checked_sub(1)));
                runs.take();
            }
            Mark::Open(name, attributes) => runs.open(&name, &attributes),
            Mark::Text(text) if runs.len() < 4 * COMMENTS.1 => runs.text(&text),
            Mark::Close(name) if name == "comment" => {
                let text = runs.take().text.split_whitespace().collect::<Vec<_>>().join(" ");
                let text = text.chars().take(COMMENTS.1).collect::<String>();
                if let Some(place) = place.take().filter(|_| found.len() < COMMENTS.0) {
                    found.push((place, text));
                }
            }
            Mark::Close(name) => runs.close(&name),
            Mark::End => return Ok(found),
            Mark::Text(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        assert_eq!(column_of("AB12"), Some(28));
        assert_eq!(column_of("$B$7"), Some(2));
        assert_eq!(column_of("12"), None);
        assert_eq!((row_of("AB12"), row_of("$B$7"), row_of("B")), (Some(12), Some(7), None));
        assert_eq!(resolve("xl/worksheets", "../comments1.xml"), "xl/comments1.xml");
        assert_eq!(resolve("xl", "/xl/worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
    }
}
