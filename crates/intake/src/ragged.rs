//! Rows of a text file with another number of cells than their header. A separator that was lost or written
//! too many moves everything behind it; a program that leaves out empty cells at the end of a row moves
//! nothing. Which of the two a row is can only be told beside the other rows of its table.

use std::collections::BTreeMap;

use crate::bind::{Binding, Target};
use crate::context::{is_count, is_token};
use crate::engine::{Active, Walk};
use crate::mapping::{Delimiter, Mapping, Region};
use crate::open::{Grid, Row};
use crate::over::is_unit;
use crate::reading::Class;
use crate::text::{fold, short};
use crate::unit;

/// The rows of data below one header.
#[derive(Debug)]
pub(crate) struct Table {
    region: usize,
    /// Positions of rows in the grid.
    rows: Vec<u32>,
    /// Cells of the header.
    full: usize,
    /// Columns up to the last one that has a name or holds values.
    named: usize,
    /// The last column that makes a value what it is: itself, its analyte, its unit, a flag, the id.
    last: usize,
    titles: Vec<String>,
    values: Vec<Target>,
    /// Replicates go on to the end of the row, in steps of so many columns.
    step: Option<usize>,
}

/// What the rows of a table hold in a column.
#[derive(Debug, Default, Clone, Copy)]
struct Held {
    numbers: u32,
    units: u32,
    texts: u32,
}

impl Held {
    /// Whether so many of its cells are no exception: a row that moved puts a number where words stand.
    fn often(self, count: u32) -> bool {
        count > 0 && u64::from(count) * 4 >= u64::from(self.numbers + self.units + self.texts)
    }

    fn nothing(self) -> bool {
        self.numbers + self.units + self.texts == 0
    }

    /// Words stand here, and hardly ever a number.
    fn words(self) -> bool {
        self.texts > 1 && !self.often(self.numbers)
    }
}

impl Table {
    /// The table below a header; none where cells are not parted by a character.
    pub fn of(mapping: &Mapping, region: &Region, index: usize, binding: &Binding) -> Option<Self> {
        let parted = matches!(mapping.open.delimiter, Delimiter::Auto | Delimiter::Character(_));
        let titles = binding.titles.as_ref().or(region.header.names.as_ref()).filter(|_| parted)?;
        let ids = region.sample.from.iter().flat_map(|from| from.source.columns());
        let ids = ids.filter_map(|id| binding.positions[id.0]);
        let own = binding.targets.iter().flat_map(|target| {
            let beside =
                [target.analyte_column, target.channel_column, target.unit_column].into_iter().flatten();
            let flags = target.flag_columns.iter().copied();
            std::iter::once(target.column).chain(beside).chain(flags).collect::<Vec<_>>()
        });
        let last = own.chain(ids).filter(|at| *at < usize::MAX).max()?;
        let endless = region.replicates.as_ref().filter(|rule| rule.matches.is_none() && rule.to.is_none());
        let titled = titles.iter().rposition(|title| !title.trim().is_empty()).map_or(0, |at| at + 1);
        // data beside their names: which name stands over a column is known for values only
        let shift = usize::try_from(region.header.offset.unsigned_abs()).unwrap_or(0);
        let named = if shift == 0 { titled.max(last + 1) } else { last + 1 };
        Some(Self {
            region: index,
            rows: Vec::new(),
            full: binding.width.unwrap_or(titles.len().saturating_sub(shift)).max(named),
            named,
            last,
            titles: titles.clone(),
            values: binding.targets.clone(),
            step: endless.map(|rule| rule.step),
        })
    }

    /// The number of cells that most rows have, where there are several; else that of the header.
    fn usual(&self, grid: &Grid) -> usize {
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for at in &self.rows {
            *counts.entry(grid.row(*at as usize).len()).or_default() += 1;
        }
        let most = counts.iter().max_by_key(|(_, count)| **count);
        let usual = most.filter(|(_, count)| **count > 1 && **count * 2 > self.rows.len());
        usual.map_or(self.full, |(cells, _)| *cells)
    }

    /// Why readings of a row are doubtful, by the number of its cells and what stands behind its values.
    fn question(&self, region: &Region, row: Row<'_>, usual: usize, held: &[Held]) -> Option<String> {
        let cells = row.len();
        let ends_empty = row.cell(cells.saturating_sub(1)).trim().is_empty();
        let odd = match self.step {
            Some(step) => {
                cells < usual.min(self.full)
                    && (cells <= self.last + 1 || !(self.full - cells).is_multiple_of(step))
            }
            None if cells > self.full => cells != usual && !self.kept_its_place(region, row, held),
            None if cells < self.named => {
                cells <= self.last || ends_empty || !self.kept_its_place(region, row, held)
            }
            None => cells < usual && ends_empty,
        };
        let width = if cells > self.full || self.step.is_some() { usual } else { self.named };
        let count = format!(
            "the row has {cells} cells, its table {width}; was a separator lost, or is there one too many?"
        );
        odd.then_some(count).or_else(|| self.moved(row, held))
    }

    /// A number where the other rows have words, in a row with an empty cell or a value without decimals: one
    /// more separator, or a decimal comma, has moved what stands behind it.
    fn moved(&self, row: Row<'_>, held: &[Held]) -> Option<String> {
        let number = |at: &usize| held[*at].words() && is_count(row.cell(*at).trim());
        let at = (self.last + 1..self.named.min(row.len())).find(number)?;
        let gap = (0..=self.last).any(|at| row.cell(at).trim().is_empty());
        let whole = |target: &Target| {
            let text = row.cell(target.column).trim();
            !text.is_empty() && text.bytes().all(|one| one.is_ascii_digit())
        };
        (gap || self.values.iter().any(whole)).then(|| {
            let text = short(row.cell(at).trim()).into_owned();
            format!("column {} holds {text:?}, where other rows have words; have cells moved?", at + 1)
        })
    }

    /// What the rows of the table hold in each column behind the values.
    fn held(&self, grid: &Grid) -> Vec<Held> {
        let mut held = vec![Held::default(); self.named];
        if self.step.is_some() || self.last + 1 >= self.named {
            return held;
        }
        for row in self.rows.iter().map(|at| grid.row(*at as usize)) {
            for (at, one) in held.iter_mut().enumerate().skip(self.last + 1) {
                match row.cell(at).trim() {
                    "" => {}
                    text if is_count(text) => one.numbers += 1,
                    text if is_unit(text) => one.units += 1,
                    _ => one.texts += 1,
                }
            }
        }
        held
    }

    /// Whether a cell at or behind the last value can belong to no column further right (or left, where there
    /// are too many cells): then nothing before it has moved, and only empty cells at the end differ.
    fn kept_its_place(&self, region: &Region, row: Row<'_>, held: &[Held]) -> bool {
        let end = row.len().min(self.named);
        let (less, more) = (self.named.saturating_sub(row.len()), row.len().saturating_sub(self.full));
        (self.last..end).any(|at| {
            let text = row.cell(at).trim();
            let others = (at.saturating_sub(more)..at).chain(at + 1..=at + less);
            !others.into_iter().any(|column| self.fits(region, text, column, held[column]))
        })
    }

    /// Whether a text may be what a column holds.
    fn fits(&self, region: &Region, text: &str, column: usize, held: Held) -> bool {
        if text.is_empty() {
            return true;
        }
        if let Some(target) = self.values.iter().find(|target| target.column == column) {
            return is_token(region, target.format, text);
        }
        let title = self.titles.get(column).map_or("", String::as_str);
        if is_count(text) {
            held.often(held.numbers) || held.nothing() && !is_remark(title)
        } else if is_unit(text) || unit::known(text) {
            held.often(held.units) || held.nothing() && says_unit(title)
        } else {
            held.often(held.texts) || held.nothing()
        }
    }
}

/// Whether a column is called like one for words, not numbers.
fn is_remark(title: &str) -> bool {
    const WORDS: &[&str] = &[
        "remark",
        "comment",
        "note",
        "notiz",
        "bemerk",
        "kommentar",
        "anmerk",
        "observ",
        "coment",
        "nota",
        "flag",
        "operator",
        "analyst",
        "bediener",
        "operateur",
        "analista",
        "status",
        "type",
        "name",
        "method",
        "备注",
        "说明",
        "注释",
        "操作",
        "状态",
        "類型",
        "备考",
        "примеч",
        "коммент",
        "оператор",
        "備考",
    ];
    let title = fold(title);
    WORDS.iter().any(|word| title.contains(word))
}

fn says_unit(title: &str) -> bool {
    let title = fold(title);
    ["unit", "einheit", "unid", "单位", "單位", "単位", "ед"].iter().any(|word| title.contains(word))
}

impl<'a> Walk<'a> {
    /// Takes note of the table below a header.
    pub(crate) fn begin_table(&mut self, active: &Active<'a>, binding: &Binding) {
        self.tables.extend(Table::of(self.mapping, active.region, active.index, binding));
    }

    /// Takes note of a row of data. Rows of a workbook end where their content does, which says nothing.
    pub(crate) fn see_row(&mut self, active: &Active<'a>, grid: &Grid) {
        let at = self.rows.len() - self.first_row;
        let table =
            self.tables.last_mut().filter(|table| table.region == active.index && grid.name.is_empty());
        if let (Some(table), Ok(at)) = (table, u32::try_from(at)) {
            table.rows.push(at);
        }
    }

    /// At the end of a sheet: rows whose cells may have moved ask.
    pub(crate) fn ask_about_lengths(&mut self, grid: &Grid) {
        let mut asked: BTreeMap<usize, String> = BTreeMap::new();
        for table in std::mem::take(&mut self.tables) {
            let (usual, held) = (table.usual(grid), table.held(grid));
            let region = &self.mapping.regions[table.region];
            for at in table.rows.iter().map(|at| *at as usize) {
                let question = table.question(region, grid.row(at), usual, &held);
                asked.extend(question.map(|question| (at + self.first_row, question)));
            }
        }
        let own = self.readings.iter_mut().zip(&self.notes).map(|(reading, note)| (reading, note.row));
        let extras = self.extras.iter_mut().map(|extra| (&mut extra.reading, extra.note.row));
        for (reading, row) in own.chain(extras).filter(|(reading, _)| reading.class != Class::Statistics) {
            if let Some(question) = asked.get(&row) {
                reading.ask(question);
            }
        }
    }
}
