//! A header read once: which column each rule means, and which columns hold values.

use std::collections::BTreeSet;

use crate::analyte::Named;
use crate::cell::NumberFormat;
use crate::lineup;
use crate::mapping::{
    ColumnAt, ColumnId, ColumnRef, ColumnSpec, Delimiter, HeaderRole, Mapping, Region, Replicates, Source,
    ValueEntry,
};
use crate::open::Row;
use crate::over::{no_concentration, said};
use crate::text::{same_label, short};

/// Header rows as collected: each with its role.
pub(crate) type HeaderRows = Vec<(HeaderRole, Vec<String>)>;

/// One column of values.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub column: usize,
    pub header: String,
    /// Which `[[value]]` entry.
    pub entry: usize,
    pub named: Option<Named>,
    /// The sample id above the column, in the transposed layout.
    pub sample: Option<String>,
    /// Where the row names the analyte and the channel of this value.
    pub analyte_column: Option<usize>,
    pub channel_column: Option<usize>,
    pub channel: Option<String>,
    pub unit: Option<String>,
    /// The unit is a constant of the mapping, not of the file.
    pub unit_from_mapping: bool,
    pub basis: Option<String>,
    pub mark: Option<String>,
    pub format: NumberFormat,
    pub unit_column: Option<usize>,
    pub flag_columns: Vec<usize>,
    pub attribute_columns: Vec<(String, usize)>,
    pub attributes: Vec<(String, String)>,
    /// Columns beside the value that the mapping leaves out.
    pub ignored: Vec<usize>,
    /// The unit that the header names over the column, beside or against what the mapping says.
    pub over: Option<String>,
    /// The name over the column says that it holds no concentrations.
    pub doubt: Option<String>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Binding {
    /// By [`ColumnId`].
    pub positions: Vec<Option<usize>>,
    pub targets: Vec<Target>,
    pub replicates: Vec<usize>,
    /// Columns of the header; `None` where rows may go on beyond it.
    pub width: Option<usize>,
    /// Rows with fewer cells are doubtful too: an empty cell is not to be seen, or only places name columns.
    pub least: Option<usize>,
    /// Columns of values and of what stands beside each.
    pub beside_values: BTreeSet<i64>,
    /// Columns that some rule reads, or leaves out by name.
    pub known: BTreeSet<usize>,
    /// What the header says over each column of data; `None` where the file has no header.
    pub titles: Option<Vec<String>>,
    /// Why every reading of the table is a question.
    pub questions: Vec<String>,
    /// Sets of the mapping that fit no column of this header.
    pub unfitting: Vec<String>,
    pub warnings: Vec<String>,
}

/// Binds a region to header rows. The error says which column is not there.
pub(crate) fn bind(mapping: &Mapping, region: &Region, rows: &HeaderRows) -> Result<Binding, String> {
    let names = names_of(region, rows);
    let positions = positions(mapping, region, &names);
    let mut binding = Binding { positions, ..Binding::default() };
    required(mapping, region, &binding.positions, &names)?;
    optional(mapping, region, &mut binding);
    binding.replicates = replicate_columns(region, &binding.positions, &names);
    let maker = Maker { region, rows, names: &names, positions: &binding.positions };
    let made = match &region.columns {
        None => Made { targets: maker.long(mapping), ..Made::default() },
        Some(columns) => maker.wide(columns, &binding.replicates),
    };
    if made.targets.is_empty() {
        return Err(format!("no column holds values; the header has: {}", listed(&names)));
    }
    lineup::units_are_units(region, rows, &made.targets)?;
    lineup::units_stand_under_names(region, rows, &made.targets)?;
    lineup::names_are_names(region, &made.targets)?;
    binding.width = width(region, rows, &binding.positions);
    binding.least = match mapping.open.delimiter {
        Delimiter::Blanks(_) => binding.width,
        Delimiter::Character(_) | Delimiter::Auto if rows.is_empty() => binding.width,
        _ => None,
    };
    binding.titles = lineup::titles(region, rows);
    binding.questions = lineup::missing_rules(mapping, region, &binding.positions);
    binding.unfitting.clone_from(&made.unfitting);
    binding.questions.extend(lineup::second_table(mapping, region, &binding, &made));
    binding.questions.extend(lineup::replicates_in_another_unit(region, &binding, &made));
    binding.known = lineup::known(region, rows, &binding, &made);
    binding.beside_values = made.beside_values();
    binding.targets = made.targets;
    binding.warnings.extend(made.warnings);
    Ok(binding)
}

/// The columns of values, what is left out beside them, and what is odd.
#[derive(Debug, Default)]
pub(crate) struct Made {
    pub targets: Vec<Target>,
    /// Columns that the mapping leaves out by name, or that a warning names already.
    pub left: Vec<usize>,
    /// Columns beside the values, those that are ignored included.
    pub companions: Vec<usize>,
    pub warnings: Vec<String>,
    /// Sets of the mapping that fit no column.
    pub unfitting: Vec<String>,
}

impl Made {
    fn beside_values(&self) -> BTreeSet<i64> {
        let own = self.targets.iter().flat_map(Target::columns);
        own.chain(self.companions.iter().copied()).filter_map(|at| i64::try_from(at).ok()).collect()
    }
}

/// Positions that need no header, for rules that look at rows before it.
pub(crate) fn positions(mapping: &Mapping, region: &Region, names: &[String]) -> Vec<Option<usize>> {
    let offset = region.header.offset;
    let find = |(index, column): (usize, &ColumnRef)| {
        if !region.own_columns.contains(&index) {
            return None;
        }
        column.alternatives.iter().find_map(|spec| {
            let (found, shift) = match &spec.at {
                ColumnAt::Position(position) => (Some(*position), spec.offset),
                ColumnAt::Name { name, occurrence } => {
                    (nth_name(names, name, *occurrence), spec.offset + offset)
                }
                ColumnAt::Pattern { pattern, occurrence } => {
                    let hits = names.iter().enumerate().filter(|(_, name)| pattern.is_match(name.trim()));
                    (hits.map(|(at, _)| at).nth(occurrence - 1), spec.offset + offset)
                }
            };
            let at = found.and_then(|at| usize::try_from(at as i64 + shift).ok())?;
            let called = |must: &String| {
                let over = usize::try_from(at as i64 - offset).ok().and_then(|at| names.get(at));
                over.is_some_and(|name| same_label(name, must))
            };
            spec.must.as_ref().is_none_or(called).then_some(at)
        })
    };
    mapping.columns.iter().enumerate().map(find).collect()
}

/// The n-th column of this name; the exact spelling is preferred to a similar one.
fn nth_name(names: &[String], name: &str, occurrence: usize) -> Option<usize> {
    let exact: Vec<usize> =
        names.iter().enumerate().filter(|(_, one)| one.trim() == name.trim()).map(|(at, _)| at).collect();
    if !exact.is_empty() {
        return exact.get(occurrence - 1).copied();
    }
    let alike = names.iter().enumerate().filter(|(_, one)| same_label(one, name)).map(|(at, _)| at);
    alike.into_iter().nth(occurrence - 1)
}

fn names_of(region: &Region, rows: &HeaderRows) -> Vec<String> {
    if let Some(names) = &region.header.names {
        return names.clone();
    }
    let of =
        |wanted: HeaderRole| rows.iter().find(|(role, _)| *role == wanted).map(|(_, cells)| cells.clone());
    of(HeaderRole::Name)
        .or_else(|| of(HeaderRole::Analyte))
        .or_else(|| of(HeaderRole::Sample))
        .unwrap_or_default()
}

fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names
        .iter()
        .filter(|name| !name.trim().is_empty())
        .take(40)
        .map(|name| format!("{:?}", short(name.trim())))
        .collect();
    if shown.is_empty() { "no names".to_owned() } else { shown.join(", ") }
}

/// Columns without which nothing can be read.
fn required(
    mapping: &Mapping,
    region: &Region,
    positions: &[Option<usize>],
    names: &[String],
) -> Result<(), String> {
    let named = |entry: &ValueEntry| entry.column.into_iter().chain(entry.analyte_column);
    let mut needed: Vec<ColumnId> = region.values.iter().flat_map(named).collect();
    for extract in [&region.sample.from, &region.analyte.from].into_iter().flatten() {
        if let Source::Columns(ids) = &extract.source {
            needed.extend(ids);
        }
    }
    if let Some(columns) = &region.columns {
        needed.extend(columns.from.iter().chain(&columns.to));
    }
    match needed.iter().find(|id| positions[id.0].is_none()) {
        None => Ok(()),
        Some(id) => {
            let written = &mapping.columns[id.0].written;
            Err(format!("there is no column {written}; the header has: {}", listed(names)))
        }
    }
}

/// Every other column a rule mentions: its absence is a warning.
fn optional(mapping: &Mapping, region: &Region, binding: &mut Binding) {
    for index in region.own_columns.clone() {
        if binding.positions[index].is_none() {
            let written = &mapping.columns[index].written;
            binding.warnings.push(format!("{}: there is no column {written}", region.name));
        }
    }
}

/// Columns that the header and the mapping know. Replicates and shifted data may stand beyond it.
fn width(region: &Region, rows: &HeaderRows, positions: &[Option<usize>]) -> Option<usize> {
    let endless = |rule: &Replicates| rule.matches.is_none() && rule.to.is_none();
    if region.replicates.as_ref().is_some_and(endless) || region.header.offset != 0 {
        return None;
    }
    let named = region.header.names.as_ref().map(Vec::len).filter(|_| rows.is_empty());
    let header = rows.iter().map(|(_, cells)| cells.len()).max().or(named)?;
    positions.iter().flatten().map(|at| at + 1).max().max(Some(header))
}

impl Binding {
    /// A row with more cells than its header: perhaps a delimiter inside a number has moved the columns.
    /// Where blanks part the columns an empty cell is not to be seen, so a row with fewer cells is doubtful
    /// too.
    pub fn misfit(&self, row: Row<'_>, text: bool) -> Option<String> {
        let width = self.width?;
        // rows of a workbook end where their content does, which says nothing
        if text && self.least.is_some_and(|least| row.len() < least) {
            let cells = row.len();
            return Some(match self.titles {
                Some(_) => format!(
                    "the header has {width} columns, the row {cells}; an empty cell cannot be seen between \
                     blanks, so use widths"
                ),
                None => format!(
                    "the mapping names {width} columns, the row has {cells}; is a column missing? The file \
                     has no header to tell"
                ),
            });
        }
        let beyond = (width..row.len()).find(|column| !row.cell(*column).trim().is_empty())?;
        let text = short(row.cell(beyond).trim());
        Some(format!(
            "the header has {width} columns, but column {} holds {text:?}; is a delimiter inside a value?",
            beyond + 1
        ))
    }
}

fn replicate_columns(region: &Region, positions: &[Option<usize>], names: &[String]) -> Vec<usize> {
    let Some(rule) = &region.replicates else { return Vec::new() };
    if let Some(pattern) = &rule.matches {
        let hits = names.iter().enumerate().filter(|(_, name)| pattern.is_match(name.trim()));
        return hits.map(|(at, _)| at).collect();
    }
    let Some(from) = rule.from.and_then(|id| positions[id.0]) else { return Vec::new() };
    let to = rule.to.and_then(|id| positions[id.0]).unwrap_or(usize::MAX);
    let last = to.min(from + 400 * rule.step);
    (from..=last).step_by(rule.step).collect()
}

impl Binding {
    /// Whether a column holds values.
    pub fn is_target(&self, column: usize) -> bool {
        self.targets.iter().any(|target| target.column == column)
    }
}

impl Target {
    /// Every column that belongs to this value.
    pub fn columns(&self) -> impl Iterator<Item = usize> + '_ {
        let beside = [self.analyte_column, self.channel_column, self.unit_column].into_iter().flatten();
        let more = self.flag_columns.iter().copied().chain(self.attribute_columns.iter().map(|one| one.1));
        std::iter::once(self.column).chain(beside).chain(more)
    }

    pub fn own_channel(&self) -> &str {
        let named = self.named.as_ref().and_then(|named| named.channel.as_deref());
        self.channel.as_deref().or(named).unwrap_or("")
    }

    pub fn same_name(&self, other: &Self) -> bool {
        let analyte = |one: &Self| one.named.as_ref().map(|named| named.analyte.clone());
        analyte(self) == analyte(other) && self.own_channel() == other.own_channel()
    }

    /// A unit that stands in the file outranks the mapping's own.
    pub fn read_unit(&mut self, unit: Option<String>) {
        if unit.is_some() {
            self.unit = unit;
            self.unit_from_mapping = false;
        }
    }
}

/// What a header is read with: makes a [`Target`] of each column of values.
pub(crate) struct Maker<'a> {
    pub region: &'a Region,
    pub rows: &'a HeaderRows,
    pub names: &'a [String],
    pub positions: &'a [Option<usize>],
}

impl Maker<'_> {
    pub fn base(&self, entry: usize, column: usize, header: &str) -> Target {
        let value = &self.region.values[entry];
        Target {
            column,
            header: header.trim().to_owned(),
            entry,
            named: None,
            sample: None,
            analyte_column: value.analyte_column.and_then(|id| self.positions[id.0]),
            channel_column: value.channel_column.and_then(|id| self.positions[id.0]),
            channel: value.channel.clone(),
            unit: value.unit.clone(),
            unit_from_mapping: value.unit.is_some(),
            basis: value.basis.clone(),
            mark: value.mark.clone(),
            format: NumberFormat {
                decimal: value.decimal.unwrap_or(self.region.number.decimal),
                thousands: value.thousands.unwrap_or(self.region.number.thousands),
            },
            unit_column: value.unit_column.and_then(|id| self.positions[id.0]),
            flag_columns: value.flag_column.and_then(|id| self.positions[id.0]).into_iter().collect(),
            attribute_columns: self.attribute_columns(value),
            attributes: Vec::new(),
            ignored: Vec::new(),
            over: None,
            doubt: None,
        }
    }

    fn attribute_columns(&self, value: &ValueEntry) -> Vec<(String, usize)> {
        let columns = value.attributes.iter();
        columns.filter_map(|(name, id)| self.positions[id.0].map(|at| (name.clone(), at))).collect()
    }

    fn long(&self, mapping: &Mapping) -> Vec<Target> {
        let mut targets = Vec::new();
        for (entry, value) in self.region.values.iter().enumerate() {
            // without a column the value is computed from replicates
            let column = value.column.and_then(|id| self.positions[id.0]).unwrap_or(usize::MAX);
            let header = self.names.get(column).map_or("", String::as_str);
            let mut target = self.base(entry, column, header);
            target.named =
                value.analyte.as_ref().map(|analyte| Named { analyte: analyte.clone(), ..Named::default() });
            let above = usize::try_from(column as i64 - self.region.header.offset).unwrap_or(usize::MAX);
            for (_, cells) in self.rows.iter().filter(|(role, _)| *role == HeaderRole::Unit) {
                let text = cells.get(above).map(|text| text.trim()).filter(|text| !text.is_empty());
                target.read_unit(text.and_then(|text| self.unit_part(text)));
            }
            target.over = said(header);
            let by_place = |spec: &ColumnSpec| matches!(spec.at, ColumnAt::Position(_));
            let placed =
                value.column.is_some_and(|id| mapping.columns[id.0].alternatives.iter().any(by_place));
            let odd = placed && self.region.header.names.is_none() && no_concentration(header);
            target.doubt = odd.then(|| header.trim().to_owned());
            targets.push(target);
        }
        targets
    }

    pub fn unit_part(&self, text: &str) -> Option<String> {
        let Some(pattern) = &self.region.header.unit_pattern else { return Some(text.to_owned()) };
        let found = pattern.captures(text)?;
        let part = found.name("unit").or_else(|| found.get(1)).or_else(|| found.get(0))?;
        Some(part.as_str().trim().to_owned())
    }
}
