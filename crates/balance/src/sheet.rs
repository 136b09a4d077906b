//! A flowsheet and its measurements from rows of text, as metallurgists write them. The layout is described
//! in `docs/balance.md`; where the rows come from (a workbook, text files) is not known here.

// an error is made at most once per file and carries everything a person needs to find the place
#![allow(clippy::result_large_err)]

mod columns;
mod equation;
mod further;
mod number;

use crate::{Bound, Component, Fixed, Given, Measurement, Name, Of, Stream};

use columns::{Heading, Role, heading};
use number::{Token, deviation, token};

/// Rows of one sheet: the number a person sees, and the cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// The file.
    pub file: String,
    /// The sheet; empty for a text file.
    pub sheet: String,
    /// Number and cells of each row that is not blank.
    pub rows: Vec<(u64, Vec<String>)>,
}

/// What in a sheet cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}{sheet}, row {row}, column {column} (`{token}`): {problem}", sheet_word(sheet))]
pub struct SheetError {
    /// The file.
    pub file: String,
    /// The sheet.
    pub sheet: String,
    /// The row, as the sheet numbers it.
    pub row: u64,
    /// The column's letter.
    pub column: String,
    /// What stands there.
    pub token: String,
    /// What is wrong, and what to do.
    pub problem: String,
}

/// Reads sheets into a balance.
///
/// # Errors
/// [`SheetError`] with file, sheet, row, column and token.
pub fn read(sheets: &[Rows]) -> Result<Given, SheetError> {
    let mut given = Given::default();
    let mut flowsheets = 0;
    for sheet in sheets {
        let Some((number, head)) = sheet.rows.first() else { continue };
        let reader = Reader { sheet, head: heading(head) };
        match reader.head.role {
            Role::Streams => {
                flowsheets += 1;
                reader.streams(&mut given)?;
            }
            Role::Measurements => reader.measurements(&mut given)?,
            Role::Inventory => reader.inventory(&mut given)?,
            Role::Sums => reader.sums(&mut given)?,
            Role::Components => reader.components(&mut given)?,
            Role::Totals => reader.totals(&mut given)?,
            Role::Constraints => reader.constraints(&mut given)?,
            Role::Unknown => {
                let problem = "the headings are those of no sheet of a balance: a flowsheet has `stream`, \
                               `from` and `to` (docs/balance.md)";
                return Err(reader.error(*number, 0, problem.to_owned()));
            }
        }
    }
    if flowsheets == 0 {
        let (file, sheet) =
            sheets.first().map_or_else(Default::default, |s| (s.file.clone(), s.sheet.clone()));
        let problem = "no sheet has the headings `stream`, `from` and `to`; add the flowsheet".to_owned();
        return Err(SheetError {
            file,
            sheet,
            row: 1,
            column: "A".to_owned(),
            token: String::new(),
            problem,
        });
    }
    Ok(given)
}

struct Reader<'a> {
    sheet: &'a Rows,
    head: Heading,
}

impl Reader<'_> {
    fn error(&self, row: u64, column: usize, problem: String) -> SheetError {
        let cells = self.sheet.rows.iter().find(|(number, _)| *number == row).map(|(_, cells)| cells);
        let token = cells.and_then(|cells| cells.get(column)).cloned().unwrap_or_default();
        let (file, sheet) = (self.sheet.file.clone(), self.sheet.sheet.clone());
        SheetError { file, sheet, row, column: letter(column), token, problem }
    }

    fn rows(&self) -> impl Iterator<Item = (u64, &[String])> {
        self.sheet.rows.iter().skip(1).map(|(number, cells)| (*number, cells.as_slice()))
    }

    fn text(&self, row: u64, cells: &[String], column: usize) -> Result<Name, SheetError> {
        let text = cells.get(column).map_or("", |cell| cell.trim());
        if text.is_empty() {
            return Err(self.error(row, column, "it is empty; a name is needed here".to_owned()));
        }
        Ok(Name(text.to_owned()))
    }

    fn number(&self, row: u64, cells: &[String], column: usize) -> Result<Token, SheetError> {
        token(cells.get(column).map_or("", String::as_str))
            .map_err(|problem| self.error(row, column, problem))
    }

    fn streams(&self, given: &mut Given) -> Result<(), SheetError> {
        for quantity in &self.head.quantities {
            if quantity.name != "flow" && !given.components.iter().any(|known| known.name.0 == quantity.name)
            {
                given.components.push(Component::named(Name(quantity.name.clone())));
            }
        }
        for (row, cells) in self.rows() {
            let name = self.text(row, cells, self.head.stream)?;
            let end = |column: usize| {
                let text = cells.get(column).map_or("", |cell| cell.trim());
                let outside = ["", "-", "–", "—", "/"].contains(&text);
                (!outside).then(|| Name(text.to_owned()))
            };
            let (from, to) = (end(self.head.from), end(self.head.to));
            if from.is_none() && to.is_none() {
                let problem =
                    "`from` and `to` are both empty; a feed has a `to`, a product a `from`".to_owned();
                return Err(self.error(row, self.head.from, problem));
            }
            given.streams.push(Stream { name: name.clone(), from, to });
            for quantity in &self.head.quantities {
                let of = Of::from(quantity.name.as_str());
                self.quantity(row, cells, (name.clone(), of), (quantity.value, quantity.sd), given)?;
                self.bounds(row, cells, &name, quantity, given)?;
            }
        }
        Ok(())
    }

    fn bounds(
        &self,
        row: u64,
        cells: &[String],
        stream: &Name,
        quantity: &columns::Quantity,
        given: &mut Given,
    ) -> Result<(), SheetError> {
        let mut limits = [None, None];
        for (limit, column) in limits.iter_mut().zip([quantity.min, quantity.max]) {
            let Some(column) = column else { continue };
            *limit = match self.number(row, cells, column)? {
                Token::Blank => None,
                Token::Value(value) => Some(value),
                _ => return Err(self.error(row, column, "a bound is a plain number".to_owned())),
            };
        }
        let [lower, upper] = limits;
        if lower.is_some() || upper.is_some() {
            let of = Of::from(quantity.name.as_str());
            given.bounds.push(Bound { stream: stream.clone(), of, lower, upper });
        }
        Ok(())
    }

    /// A value with its deviation: measured, censored, exact, or blank.
    fn quantity(
        &self,
        row: u64,
        cells: &[String],
        (stream, of): (Name, Of),
        (value, sd): (Option<usize>, Option<usize>),
        given: &mut Given,
    ) -> Result<(), SheetError> {
        let Some(column) = value else { return Ok(()) };
        let mut measurement = Measurement { stream, of, value: None, sd: None, below: None, above: None };
        match self.number(row, cells, column)? {
            Token::Blank => return Ok(()),
            Token::Below(limit) => measurement.below = Some(limit),
            Token::Above(limit) => measurement.above = Some(limit),
            Token::Value(value) => {
                let sd_text = sd.and_then(|sd| cells.get(sd)).map_or("", String::as_str);
                let Some(sd) = sd.filter(|_| !sd_text.trim().is_empty()) else {
                    let problem = "it has no standard deviation; write one in its `sd` column: 0.2, 5 % or \
                                   `exact`";
                    return Err(self.error(row, sd.unwrap_or(column), problem.to_owned()));
                };
                if ["exact", "fixed", "准确"].contains(&sd_text.trim().to_lowercase().as_str()) {
                    let (stream, of) = (measurement.stream, measurement.of);
                    given.fixed.push(Fixed { stream, of, value });
                    return Ok(());
                }
                let percent = self.head.percent.contains(&sd);
                let sd = deviation(sd_text, value, percent).map_err(|why| self.error(row, sd, why))?;
                (measurement.value, measurement.sd) = (Some(value), Some(sd));
            }
        }
        given.measurements.push(measurement);
        Ok(())
    }

    fn measurements(&self, given: &mut Given) -> Result<(), SheetError> {
        for (row, cells) in self.rows() {
            let stream = self.text(row, cells, self.head.stream)?;
            let of = Of::from(self.text(row, cells, self.head.of)?.0.as_str());
            if let Of::Component(name) = &of
                && !given.components.iter().any(|known| known.name == *name)
            {
                given.components.push(Component::named(name.clone()));
            }
            let columns = (self.head.value, self.head.sd);
            let mut of_row = Given::default();
            self.quantity(row, cells, (stream, of), columns, &mut of_row)?;
            let (measurements, fixed) = match self.of_set(row, cells, given)? {
                Some(set) => (&mut set.measurements, &mut set.fixed),
                None => (&mut given.measurements, &mut given.fixed),
            };
            measurements.append(&mut of_row.measurements);
            fixed.append(&mut of_row.fixed);
        }
        Ok(())
    }
}

fn sheet_word(sheet: &str) -> &'static str {
    if sheet.is_empty() { "" } else { ", sheet " }
}

/// A, B … Z, AA …
fn letter(column: usize) -> String {
    let (mut number, mut letters) = (column + 1, Vec::new());
    while number > 0 {
        letters.push(b'A' + ((number - 1) % 26) as u8);
        number = (number - 1) / 26;
    }
    letters.iter().rev().map(|&byte| char::from(byte)).collect()
}
