//! The walk through the rows: which region a row belongs to, whether it is a header, a heading, an attribute
//! or data. Every row leaves with exactly one outcome.

use std::collections::{BTreeMap, BTreeSet};

use crate::Lookup;
use crate::above::Above;
use crate::bind::{self, Binding, HeaderRows};
use crate::context::{Lost, in_rows};
use crate::error::IntakeError;
use crate::mapping::{HeaderRole, Mapping, Region, Role, Start, When};
use crate::open::{Grid, Row};
use crate::ragged::Table;
use crate::reading::{Outcome, Reading, Refusal, RowOutcome};
use crate::scene::{Attributes, Facts, Scene};
use crate::time::{DateOrder, Dates, Time};
use crate::workbook;

/// What the caller knows beside the file.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Bounds.
    pub limits: crate::Limits,
    /// Sample id given by the operator, for mappings that ask for it.
    pub operator_sample_id: Option<String>,
    /// Ids of the laboratory's reference materials, for `register = "reference_materials"`.
    pub reference_materials: BTreeSet<String>,
    /// The order of day and month that a person stated for this file, where the mapping states several.
    pub date_order: Option<DateOrder>,
}

/// Where a reading comes from, beside what it says itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Note {
    pub region: usize,
    /// Position in [`Walk::rows`].
    pub row: usize,
    /// Group of replicate rows; 0 for none.
    pub group: u32,
    /// Block of a region whose ids stand in headings; 0 for none.
    pub block: u32,
    /// The header came again since the heading: perhaps a heading was missed.
    pub again: bool,
}

/// A reading that is not one by itself: a replicate, a statistic of replicates, an intensity.
#[derive(Debug)]
pub(crate) struct Extra {
    pub reading: Reading,
    pub note: Note,
    pub part: Part,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Replicate,
    Attribute(String),
}

/// A replicate that could not be read.
#[derive(Debug)]
pub(crate) struct Gap {
    pub region: usize,
    pub group: u32,
    /// Analyte and channel; none where nothing of the row is known.
    pub named: Option<(String, String)>,
    pub token: String,
}

pub(crate) struct Walk<'a> {
    pub mapping: &'a Mapping,
    pub options: &'a Options,
    pub file_name: &'a str,
    pub file: Attributes,
    pub readings: Vec<Reading>,
    pub notes: Vec<Note>,
    pub extras: Vec<Extra>,
    pub gaps: Vec<Gap>,
    /// What to ask about texts beyond ASCII, where they may be decoded wrongly.
    pub misread: Option<String>,
    pub rows: Vec<RowOutcome>,
    pub refusals: Vec<Refusal>,
    pub warnings: Vec<String>,
    pub seen: BTreeSet<String>,
    pub groups: u32,
    pub times: Lookup<String, Time>,
    /// What is asked about the order of day and month.
    pub dates: Dates,
    /// The tables of the sheet that is being read, with their rows.
    pub tables: Vec<Table>,
    /// What cells beside the values say of units, by the name of their column.
    pub told: Lookup<(String, String), Option<String>>,
    /// Position in `rows` of the first row of the sheet.
    pub first_row: usize,
}

/// The region a row is in, with what has been learnt about it.
pub(crate) struct Active<'a> {
    pub index: usize,
    pub region: &'a Region,
    pub binding: Option<Binding>,
    /// Positions before a header is read.
    pub early: Vec<Option<usize>>,
    pub collecting: Option<HeaderRows>,
    pub header_cells: Vec<String>,
    /// The header that is being read began as the one before.
    pub same_names: bool,
    pub block: Attributes,
    pub block_number: u32,
    blanks: usize,
    pub carry: String,
    /// Time of the row that gave the carried id.
    pub carry_time: Option<String>,
    pub fresh_block: bool,
    /// Headers since the last heading that starts a block.
    pub headers: u32,
    /// A row that says what stands below it, and that is hidden.
    pub unseen: Option<u64>,
    /// Each row says which sample it is about.
    pub in_rows: bool,
    /// A row that was not understood ended what stood above.
    pub lost: Option<Lost>,
    /// What lines above the header say of everything below them.
    pub above: Vec<Above>,
    /// How ids of the table are made (`S#`).
    pub makes: BTreeSet<String>,
    /// Columns beside the values that the last row of data filled.
    pub shape: Vec<usize>,
    /// Columns that something stands in and nothing reads, once told.
    pub unread: BTreeSet<usize>,
    /// Labels seen in the current group of replicate rows.
    pub labels: BTreeSet<String>,
    pub group_of: String,
}

pub(crate) struct Sheet<'a> {
    pub grid: &'a Grid,
    pub active: Option<Active<'a>>,
    used: Vec<bool>,
    /// Titles that were not understood in a region that may begin again.
    titles: BTreeMap<usize, Lost>,
    /// What a line outside the tables says of what follows.
    above: Vec<Above>,
}

impl<'a> Walk<'a> {
    pub fn new(mapping: &'a Mapping, options: &'a Options, file_name: &'a str) -> Self {
        Self {
            mapping,
            options,
            file_name,
            file: BTreeMap::new(),
            readings: Vec::new(),
            notes: Vec::new(),
            extras: Vec::new(),
            gaps: Vec::new(),
            misread: None,
            rows: Vec::new(),
            refusals: Vec::new(),
            warnings: Vec::new(),
            seen: BTreeSet::new(),
            groups: 0,
            times: Lookup::new(),
            dates: Dates::new(options.date_order),
            tables: Vec::new(),
            told: Lookup::new(),
            first_row: 0,
        }
    }

    /// Reads one sheet from top to bottom.
    pub fn sheet(&mut self, grid: &'a Grid, progress: &mut dyn FnMut(u64)) -> Result<(), IntakeError> {
        let used = vec![false; self.mapping.regions.len()];
        self.first_row = self.rows.len();
        let mut sheet = Sheet { grid, active: None, used, titles: BTreeMap::new(), above: Vec::new() };
        workbook::warnings(grid).into_iter().for_each(|text| self.warn(text));
        for index in 0..grid.len() {
            let row = grid.row(index);
            let outcome = self.row(&mut sheet, row).map_err(|error| error.sheet(&grid.name))?;
            self.rows.push(RowOutcome { row: row.label(), outcome });
            if (index + 1) % 4096 == 0 {
                progress(self.rows.len() as u64);
            }
        }
        if let Some(active) = &sheet.active
            && active.binding.is_none()
            && active.region.role != Role::Ignore
        {
            self.warn(format!(
                "{}: the file ended before a header was found; look at [header] row, when and rows",
                active.region.name
            ));
        }
        self.cut_off(&sheet);
        self.ask_about_lengths(grid);
        progress(self.rows.len() as u64);
        Ok(())
    }

    /// A last row that is shorter than the header and the row before: a copy may have stopped there. Rows of
    /// a workbook end where their content does, which says nothing.
    fn cut_off(&mut self, sheet: &Sheet<'a>) {
        let width = sheet.active.as_ref().and_then(|active| active.binding.as_ref()?.width);
        let before = sheet.grid.len().checked_sub(2).filter(|_| sheet.grid.name.is_empty());
        let (Some(width), Some(before)) = (width, before) else { return };
        let (before, last) = (sheet.grid.row(before), sheet.grid.row(before + 1));
        let read = matches!(self.rows.last(), Some(RowOutcome { outcome: Outcome::Reading { .. }, .. }));
        if read && last.len() < width && before.len() >= width {
            let (row, cells) = (last.label(), last.len());
            self.warn(format!(
                "row {row}, the last, has {cells} cells, the header has {width}; is the file complete?"
            ));
        }
    }

    pub fn warn(&mut self, text: String) {
        if self.warnings.len() < 1000 && self.seen.insert(text.clone()) {
            self.warnings.push(text);
        }
    }

    pub fn scene<'s>(
        &'s self,
        row: Row<'s>,
        region: &'s Region,
        positions: &'s [Option<usize>],
        block: &'s Attributes,
        sheet: &'s str,
    ) -> Scene<'s> {
        Scene {
            row,
            positions,
            block,
            file: &self.file,
            file_name: self.file_name,
            sheet,
            region: &region.name,
            register: &self.options.reference_materials,
            operator_id: self.options.operator_sample_id.as_deref(),
            facts: Facts::default(),
        }
    }

    fn row(&mut self, sheet: &mut Sheet<'a>, row: Row<'a>) -> Result<Outcome, IntakeError> {
        if row.is_blank() {
            return self.blank(sheet, row);
        }
        if row.is_hidden() && !self.shows_header(sheet, row) {
            return Ok(skipped(workbook::HIDDEN_ROW));
        }
        self.close(sheet, row);
        if let Some(index) = self.starting(sheet, row) {
            self.open(sheet, index, row)?;
            if matches!(self.mapping.regions[index].start, Start::After(_)) {
                return Ok(Outcome::Header);
            }
        }
        let id = self.file.get("sample_id").cloned();
        if let Some(outcome) = self.preamble(sheet, row) {
            let all = match &mut sheet.active {
                Some(active) => &mut active.above,
                None => &mut sheet.above,
            };
            Above::of_label(row).into_iter().for_each(|above| above.keep(all));
            if let Some(active) = &mut sheet.active
                && id.as_ref() != self.file.get("sample_id")
            {
                // the file goes on to another sample
                active.block_number += 1;
                active.headers = 0;
                active.found_block();
            }
            return Ok(outcome);
        }
        if sheet.active.is_none() {
            match self.at_once(sheet) {
                Some(index) => self.open(sheet, index, row)?,
                None => {
                    let outcome = self.outside(sheet, row);
                    if outcome == skipped(OUTSIDE) {
                        Above::of(row).into_iter().for_each(|above| above.keep(&mut sheet.above));
                    }
                    return Ok(outcome);
                }
            }
        }
        let Some(mut active) = sheet.active.take() else {
            return Ok(skipped(OUTSIDE));
        };
        active.blanks = 0;
        let ends =
            active.region.end.after.as_ref().is_some_and(|when| self.holds(&active, row, when, sheet.grid));
        let outcome = match ends {
            true => Ok(skipped(&format!("it ends region {}", active.region.name))),
            false => self.inside(&mut active, row, sheet.grid),
        };
        if !ends {
            sheet.active = Some(active);
        }
        outcome
    }

    pub(crate) fn holds(&self, active: &Active<'a>, row: Row<'a>, when: &When, grid: &Grid) -> bool {
        self.scene(row, active.region, active.positions(), &active.block, &grid.name).holds(when)
    }

    fn blank(&mut self, sheet: &mut Sheet<'a>, row: Row<'a>) -> Result<Outcome, IntakeError> {
        if let Some(active) = &mut sheet.active {
            let next = active.collecting.as_ref().map(Vec::len);
            if next.and_then(|next| active.region.header.rows.get(next)) == Some(&HeaderRole::Blank) {
                self.collect(active, row)?;
            }
            active.blanks += row.span() as usize;
            if active.region.end.blank.is_some_and(|least| active.blanks >= least) {
                Self::leave(sheet);
            }
        }
        Ok(Outcome::Blank { rows: row.span() })
    }

    /// Leaves the region, and keeps what was asked about it for when it begins again.
    fn leave(sheet: &mut Sheet<'a>) {
        if let Some(active) = sheet.active.take() {
            let lost = active.lost.filter(Lost::is_title);
            sheet.titles.extend(lost.map(|lost| (active.index, lost)));
        }
    }

    /// Leaves the active region if it ends before this row.
    fn close(&self, sheet: &mut Sheet<'a>, row: Row<'a>) {
        let Some(active) = &sheet.active else { return };
        let end = &active.region.end;
        let past = end.row.is_some_and(|last| row.number() > last);
        if past || end.before.as_ref().is_some_and(|when| self.holds(active, row, when, sheet.grid)) {
            Self::leave(sheet);
        }
    }

    fn may_start(&self, sheet: &Sheet<'a>, index: usize) -> bool {
        let region = &self.mapping.regions[index];
        let here = region.sheet.as_ref().is_none_or(|names| names.contains(&sheet.grid.name));
        here && (region.repeat || !sheet.used[index])
    }

    /// The region whose start condition this row meets.
    pub(crate) fn starting(&self, sheet: &Sheet<'a>, row: Row<'a>) -> Option<usize> {
        let active = sheet.active.as_ref().map(|active| active.index);
        self.mapping.regions.iter().enumerate().find_map(|(index, region)| {
            if !self.may_start(sheet, index) || active == Some(index) && !region.repeat {
                return None;
            }
            let starts = match &region.start {
                Start::AtOnce => false,
                Start::Row(first) => row.number() >= *first && !sheet.used[index],
                Start::At(when) | Start::After(when) => {
                    let early = bind::positions(self.mapping, region, &[]);
                    let nothing = Attributes::new();
                    self.scene(row, region, &early, &nothing, &sheet.grid.name).holds(when)
                }
            };
            starts.then_some(index)
        })
    }

    pub(crate) fn at_once(&self, sheet: &Sheet<'a>) -> Option<usize> {
        let regions = self.mapping.regions.iter().enumerate();
        regions
            .filter(|(index, region)| matches!(region.start, Start::AtOnce) && self.may_start(sheet, *index))
            .map(|(index, _)| index)
            .next()
    }

    fn open(&mut self, sheet: &mut Sheet<'a>, index: usize, row: Row<'a>) -> Result<(), IntakeError> {
        let region = &self.mapping.regions[index];
        sheet.used[index] = true;
        Self::leave(sheet);
        let mut active = Active {
            index,
            region,
            binding: None,
            early: bind::positions(self.mapping, region, region.header.names.as_deref().unwrap_or(&[])),
            collecting: None,
            header_cells: Vec::new(),
            same_names: false,
            block: Attributes::new(),
            block_number: 0,
            blanks: 0,
            carry: String::new(),
            carry_time: None,
            fresh_block: false,
            headers: 0,
            unseen: None,
            in_rows: in_rows(region).0,
            lost: sheet.titles.get(&index).cloned(),
            above: sheet.above.clone(),
            makes: BTreeSet::new(),
            shape: Vec::new(),
            unread: BTreeSet::new(),
            labels: BTreeSet::new(),
            group_of: String::new(),
        };
        if region.header.rows.is_empty() && region.role != Role::Ignore {
            self.bind(&mut active, Vec::new(), row)?;
        }
        sheet.active = Some(active);
        Ok(())
    }

    fn outside(&self, sheet: &Sheet<'a>, row: Row<'a>) -> Outcome {
        for region in &self.mapping.regions {
            let early = bind::positions(self.mapping, region, &[]);
            let nothing = Attributes::new();
            let scene = self.scene(row, region, &early, &nothing, &sheet.grid.name);
            if let Some(skip) = region.skips.iter().find(|skip| scene.holds(&skip.when)) {
                return skipped(&skip.reason);
            }
        }
        skipped(OUTSIDE)
    }

    fn inside(
        &mut self,
        active: &mut Active<'a>,
        row: Row<'a>,
        grid: &'a Grid,
    ) -> Result<Outcome, IntakeError> {
        let region = active.region;
        if let Some(outcome) = self.skip(active, row, grid, false) {
            return Ok(outcome);
        }
        if region.role == Role::Ignore {
            return Ok(skipped(&format!("region {} is ignored", region.name)));
        }
        if self.heading(active, row, grid) {
            self.doubt(active, row, "[[heading]]");
            return Ok(Outcome::Attribute);
        }
        if active.lacks_unit_row(row) {
            active.collecting = None;
        }
        if self.is_header(active, row, grid) {
            return self.collect(active, row);
        }
        if let Some(outcome) = self.skip(active, row, grid, true) {
            return Ok(outcome);
        }
        let Some(binding) = active.binding.take() else {
            Above::of(row).into_iter().for_each(|above| above.keep(&mut active.above));
            return Ok(skipped("it stands before the header"));
        };
        let outcome = self.data(active, &binding, row, grid);
        active.binding = Some(binding);
        Ok(outcome)
    }

    /// The first skip rule that fits: those about whole rows, or those about columns of the header.
    fn skip(&self, active: &Active<'a>, row: Row<'a>, grid: &Grid, of_data: bool) -> Option<Outcome> {
        let mut rules = active.region.skips.iter().filter(|skip| skip.of_data == of_data);
        rules.find(|skip| self.holds(active, row, &skip.when, grid)).map(|skip| skipped(&skip.reason))
    }

    fn heading(&self, active: &mut Active<'a>, row: Row<'a>, grid: &Grid) -> bool {
        for rule in &active.region.headings {
            if !self.holds(active, row, &rule.when, grid) {
                continue;
            }
            let line = row.line();
            let text = rule.cell.map_or(line.as_ref(), |cell| row.cell(cell).trim());
            let Some(found) = rule.pattern.captures(text) else { continue };
            if rule.block {
                active.block.clear();
                active.block_number += 1;
                active.carry.clear();
                active.carry_time = None;
                active.fresh_block = true;
                active.headers = 0;
                active.unseen = None;
                active.found_block();
            }
            for name in rule.pattern.capture_names().flatten() {
                // a heading that says nothing takes back what an earlier one said
                match found.name(name).map(|part| part.as_str().trim()) {
                    Some("") => drop(active.block.remove(name)),
                    Some(part) => drop(active.block.insert(name.to_owned(), part.to_owned())),
                    None => {}
                }
            }
            return true;
        }
        false
    }
}

const OUTSIDE: &str = "it stands outside every region";

pub(crate) fn skipped(rule: &str) -> Outcome {
    Outcome::Skipped { rule: rule.to_owned() }
}
