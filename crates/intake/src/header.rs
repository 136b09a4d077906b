//! Which row is a header, and what a header that comes again does to the table.

use crate::analyte;
use crate::bind::{self, HeaderRows};
use crate::cell;
use crate::engine::{Active, Walk};
use crate::error::{IntakeError, Trouble};
use crate::formula::elements;
use crate::mapping::{HeaderRole, Region};
use crate::open::{Grid, Row};
use crate::reading::Outcome;
use crate::text::{one_line, same_label};

impl<'a> Walk<'a> {
    pub(crate) fn is_header(&self, active: &Active<'a>, row: Row<'a>, grid: &Grid) -> bool {
        let header = &active.region.header;
        if header.rows.is_empty() {
            return false;
        }
        if active.collecting.is_some() {
            return true;
        }
        let told = header.when.as_ref().is_some_and(|when| self.holds(active, row, when, grid));
        match &active.binding {
            None => told || header.when.is_none() && header.row.is_none_or(|first| row.number() >= first),
            Some(_) => {
                let fresh = header.each_block && active.fresh_block;
                told || fresh || active.same_header(row) || active.header_alike(row)
            }
        }
    }

    /// Takes a row as the next row of the header. A header that comes again and cannot be read ends the
    /// table.
    ///
    /// # Errors
    /// When the first header of the region lacks what the mapping needs.
    pub(crate) fn collect(&mut self, active: &mut Active<'a>, row: Row<'a>) -> Result<Outcome, IntakeError> {
        let mut rows = active.collecting.take().unwrap_or_default();
        if rows.is_empty() {
            active.fresh_block = false;
            active.headers += 1;
            active.unseen = None;
            active.same_names = active.same_header(row);
            active.header_cells = row.cells().map(|cell| cell.trim().to_owned()).collect();
        }
        let role = active.region.header.rows.get(rows.len()).cloned().unwrap_or(HeaderRole::Decoration);
        rows.push((role, row.cells().map(one_line).collect()));
        if rows.len() < active.region.header.rows.len() {
            active.collecting = Some(rows);
            return Ok(Outcome::Header);
        }
        self.bind(active, rows, row)
    }

    pub(crate) fn bind(
        &mut self,
        active: &mut Active<'a>,
        rows: HeaderRows,
        row: Row<'a>,
    ) -> Result<Outcome, IntakeError> {
        let region = active.region;
        match bind::bind(self.mapping, region, &rows) {
            Ok(mut binding) => {
                // a header that comes again may have other analytes
                if active.binding.is_none() {
                    binding.questions.append(&mut binding.unfitting);
                }
                for warning in &binding.warnings {
                    self.warn(warning.clone());
                }
                // an id does not hold over a header: what follows may be of another sample
                if active.binding.is_some() {
                    active.carry.clear();
                    active.carry_time = None;
                }
                self.begin_table(active, &binding);
                active.binding = Some(binding);
                active.shape.clear();
                active.found_columns();
                Ok(Outcome::Header)
            }
            Err(problem) => {
                let problem =
                    format!("region {}: {}{problem}", region.name, decided(region, row, rows.len()));
                if active.binding.is_some() {
                    active.lose(row, true);
                    let reason =
                        format!("{problem}; nothing below is read before a header that the mapping knows");
                    return Ok(Outcome::Refused { reason });
                }
                let remedy = "Compare the header with the mapping, or name another mapping";
                let error = IntakeError::new(Trouble::Mismatch, problem.clone(), remedy).at(row.number(), 0);
                Err(error.code("header").fact("problem", problem))
            }
        }
    }
}

/// Which row was taken as the header, and by which key: whoever reads "no column holds values" must see it.
fn decided(region: &Region, row: Row<'_>, rows: usize) -> String {
    let last = row.number();
    let key = match (&region.header.when, region.header.row) {
        _ if rows == 0 => return String::new(),
        (Some(_), _) => "[header] when",
        (None, Some(_)) => "[header] row",
        (None, None) => "it is the first row of the region",
    };
    match rows {
        1 => format!("row {last} is taken as the header ({key}), and "),
        _ => {
            let first = last.saturating_sub(rows as u64 - 1);
            format!("rows {first} to {last} are taken as the header ({key}, [header] rows), and ")
        }
    }
}

impl Active<'_> {
    pub fn positions(&self) -> &[Option<usize>] {
        self.binding.as_ref().map_or(&self.early, |binding| &binding.positions)
    }

    /// Neither a header nor a part of one has been read.
    pub fn waiting(&self) -> bool {
        self.binding.is_none() && self.collecting.is_none()
    }

    /// Where ids do not stand in the rows: the number of the block, and whether its header came twice.
    pub fn block_note(&self) -> (u32, bool) {
        match self.in_rows {
            false => (self.block_number + 1, self.headers > 1),
            true => (0, false),
        }
    }

    /// A header that comes again on a new page without its unit row: the next row is data, not units.
    pub(crate) fn lacks_unit_row(&self, row: Row<'_>) -> bool {
        let (Some(rows), Some(binding)) = (&self.collecting, &self.binding) else { return false };
        self.region.header.rows.get(rows.len()) == Some(&HeaderRole::Unit)
            && self.same_names
            && binding.targets.iter().any(|target| cell::is_number(row.cell(target.column), target.format))
    }

    /// The header comes again, letter by letter.
    pub fn same_header(&self, row: Row<'_>) -> bool {
        self.header_cells.len() == row.len()
            && self.header_cells.iter().enumerate().all(|(column, name)| row.cell(column).trim() == name)
    }

    /// The header comes again with other analytes or in another order: the names of its other columns stand
    /// in the row, and where values should be stand names.
    fn header_alike(&self, row: Row<'_>) -> bool {
        let Some(binding) = &self.binding else { return false };
        let region = self.region;
        let over = |target: &bind::Target| row.cell(target.column).trim();
        let filled: Vec<&bind::Target> =
            binding.targets.iter().filter(|target| !over(target).is_empty()).collect();
        if filled.is_empty() || !region.transposed && filled.iter().any(|one| self.is_token(over(one), one)) {
            return false;
        }
        let offset = region.header.offset;
        let taken = |at: usize| binding.beside_values.contains(&(at as i64 + offset));
        let fixed: Vec<&str> = (self.header_cells.iter().enumerate())
            .filter(|(at, name)| !name.is_empty() && !taken(*at))
            .map(|(_, name)| name.as_str())
            .collect();
        let names = |target: &&bind::Target| {
            let text = over(target);
            let split = analyte::split(&region.analyte, text).is_some();
            let fits = !region.analyte.patterns.is_empty() && split;
            fits || elements(text).is_some() || same_label(text, &target.header)
        };
        let wide = region.columns.is_some() && !region.transposed;
        if fixed.is_empty() {
            let bare = (0..row.len()).all(|at| row.cell(at).trim().is_empty() || taken(at));
            return wide && bare && filled.iter().all(names);
        }
        let hits = row.cells().map(str::trim).filter(|cell| !cell.is_empty());
        let hits = hits.filter(|cell| fixed.iter().any(|name| same_label(name, cell))).count();
        let least = if wide || region.transposed { 1 } else { fixed.len().min(2) };
        hits >= least && hits * 2 >= fixed.len() && (!wide || filled.iter().any(names))
    }
}
