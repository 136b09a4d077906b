//! One region: its bounds, its header, and what its rows and columns mean.

use std::collections::BTreeMap;

use super::idle::{self, Kind};
use super::node::{Parsed, Table};
use super::parse::Columns as ColumnList;
use super::parse_parts::{
    basis_word, decimal, extract, replicate_rows, replicates, separator, time_rule, value, wide,
};
use super::parse_rules::{
    before_header, class_word, classes, flags, headings, marks, qualifiers, skips, tokens, when,
};
use super::{
    Analyte, AnalyteList, Empty, End, Extract, Header, HeaderRole, Ranges, Region, Repeat, Role, Sample,
    Source, Start, ValueEntry,
};
use crate::cell::NumberFormat;
use crate::reading::Class;

/// What a region may be for.
const ROLES: &[(&str, Role)] = &[
    ("result", Role::Result),
    ("intensity", Role::Intensity),
    ("statistics", Role::Statistics),
    ("ignore", Role::Ignore),
];

pub(super) fn region(table: Table<'_>, name: String, columns: &mut ColumnList) -> Parsed<(Region, Kind)> {
    let first_column = columns.all.len();
    let role = table.choice("role", ROLES)?.unwrap_or(Role::Result);
    let layouts = [("long", Layout::Long), ("wide", Layout::Wide), ("transposed", Layout::Transposed)];
    let default = if table.has("columns") { Layout::Wide } else { Layout::Long };
    let layout = table.choice("layout", &layouts)?.unwrap_or(default);
    let is_wide = layout != Layout::Long;
    if layout == Layout::Transposed {
        samples_above(table)?;
    }
    let kind = kind_of(table, role, layout)?;
    let values = values(table, is_wide, role, columns)?;
    let (unit, unit_alias) = unit(table, columns)?;
    let (basis, basis_tokens) = basis(table, columns)?;
    let region = Region {
        attribute_name: table.text("as")?.unwrap_or_else(|| "intensity".to_owned()),
        sheet: if table.has("sheet") { Some(table.texts("sheet")?) } else { None },
        start: start(table, columns)?,
        end: end(table, columns)?,
        repeat: table.flag("repeat")?.unwrap_or(false),
        header: header(table, layout, columns)?,
        transposed: layout == Layout::Transposed,
        columns: match (is_wide, table.table("columns", "columns")?) {
            (true, Some(part)) => Some(wide(part, columns)?),
            (true, None) => {
                return Err(table.fail(
                    "layout",
                    "this layout needs [columns]",
                    "Add an empty [columns] table",
                ));
            }
            (false, _) => None,
        },
        headings: headings(table, columns)?,
        skips: skips(table, columns)?,
        sample: sample(table, columns)?,
        analyte: analyte(table, columns)?,
        channel: channel(table, columns)?,
        values,
        unit,
        unit_alias,
        basis,
        basis_tokens,
        number: number(table)?,
        tokens: tokens(table)?,
        qualifiers: qualifiers(table, columns)?,
        flags: flags(table, columns)?,
        classes: classes(table, columns)?,
        class_default: class_default(table)?,
        attributes: attributes(table, columns)?,
        replicates: table
            .table("replicates", "replicates")?
            .map(|part| replicates(part, columns))
            .transpose()?,
        replicate_rows: table
            .table("replicate_rows", "replicate_rows")?
            .map(|part| replicate_rows(part, columns))
            .transpose()?,
        ranges: table.table("ranges", "ranges")?.map(ranges).transpose()?,
        time: table.table("time", "time")?.map(|part| time_rule(part, columns)).transpose()?,
        marks: marks(table, columns)?,
        own_columns: first_column..columns.all.len(),
        name,
        role,
    };
    Ok((region, kind))
}

/// What a row is where nothing says it.
fn class_default(table: Table<'_>) -> Parsed<Class> {
    let word = table.text("class_default")?;
    word.map_or(Ok(Class::Unknown), |word| class_word(table, "class_default", &word))
}

fn ranges(part: Table<'_>) -> Parsed<Ranges> {
    Ok(Ranges { order: part.regexes("order")? })
}

/// How the region is read, once the keys that do nothing in it are refused.
fn kind_of(table: Table<'_>, role: Role, layout: Layout) -> Parsed<Kind> {
    let kind = match (role, layout) {
        (Role::Ignore, _) => Kind::Ignored,
        (_, Layout::Long) => Kind::Long,
        (_, Layout::Wide) => Kind::Wide,
        (_, Layout::Transposed) => Kind::Transposed,
    };
    idle::own(table, kind)?;
    if table.has_own("as") && role != Role::Intensity {
        return Err(table.fail("as", "does nothing without role = \"intensity\"", "Leave it out"));
    }
    Ok(kind)
}

fn channel(table: Table<'_>, columns: &mut ColumnList) -> Parsed<Option<Extract>> {
    let Some(part) = table.table("channel", "channel")? else { return Ok(None) };
    idle::without(part, &[("pattern", &["column", "attribute", "constant"])])?;
    extract(part, &["column", "attribute", "constant", "pattern"], columns)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    Long,
    Wide,
    Transposed,
}

/// The transposed layout has its ids in the header: what says otherwise is a slip.
fn samples_above(table: Table<'_>) -> Parsed<()> {
    for key in ["replicates", "replicate_rows"] {
        if table.has(key) {
            let remedy = "Leave it out: each column is a sample of its own";
            return Err(table.fail(key, "does not go with layout transposed", remedy));
        }
    }
    let Some(part) = table.table("sample", "sample")? else { return Ok(()) };
    for key in ["column", "attribute", "file_name", "sheet", "operator", "constant", "carry"] {
        if part.has(key) {
            let remedy = "In layout transposed the id stands above each column; only pattern is left to say";
            return Err(part.fail(key, "the id has two sources", remedy));
        }
    }
    Ok(())
}

fn values(table: Table<'_>, is_wide: bool, role: Role, columns: &mut ColumnList) -> Parsed<Vec<ValueEntry>> {
    let mut values = Vec::new();
    for part in table.tables("value", "value")? {
        let entry = value(part, columns)?;
        if entry.column.is_none() && !is_wide && !table.has("replicates") {
            return Err(part.fail("column", "this key is missing", "Say which column holds the value"));
        }
        values.push(entry);
    }
    if values.is_empty() {
        if !is_wide && role != Role::Ignore && !table.has("replicates") {
            return Err(table.fail("value", "this table is missing", "Add [value] with column = …"));
        }
        values.push(ValueEntry::plain());
    }
    if !is_wide && role != Role::Ignore {
        idle::told_by_values(table, &values)?;
    }
    Ok(values)
}

impl ValueEntry {
    fn plain() -> Self {
        Self {
            column: None,
            analyte: None,
            channel: None,
            analyte_column: None,
            channel_column: None,
            unit: None,
            unit_column: None,
            flag_column: None,
            basis: None,
            pattern: None,
            decimal: None,
            thousands: None,
            marks: Vec::new(),
            empty: Empty::Missing,
            reported_when: None,
            attributes: Vec::new(),
            mark: None,
        }
    }
}

fn start(table: Table<'_>, columns: &mut ColumnList) -> Parsed<Start> {
    let Some(part) = table.table("start", "start")? else { return Ok(Start::AtOnce) };
    let (at, after) = (when(part, "at", columns)?, when(part, "after", columns)?);
    before_header(part, at.as_ref().or(after.as_ref()), columns)?;
    match (part.count("row")?, at, after) {
        (Some(row), None, None) => Ok(Start::Row(row as u64)),
        (None, Some(at), None) => Ok(Start::At(at)),
        (None, None, Some(after)) => Ok(Start::After(after)),
        _ => Err(part.fail("row", "it is not clear where the region starts", "Give one of row, at, after")),
    }
}

fn end(table: Table<'_>, columns: &mut ColumnList) -> Parsed<End> {
    let Some(part) = table.table("end", "end")? else { return Ok(End::default()) };
    Ok(End {
        row: part.count("row")?.map(|row| row as u64),
        before: when(part, "before", columns)?,
        after: when(part, "after", columns)?,
        blank: part.count("blank")?,
    })
}

fn header(table: Table<'_>, layout: Layout, columns: &mut ColumnList) -> Parsed<Header> {
    let mut header = Header {
        row: None,
        rows: vec![HeaderRole::Name],
        when: None,
        names: None,
        unit_pattern: None,
        offset: 0,
        each_block: false,
    };
    let Some(part) = table.table("header", "header")? else { return Ok(header) };
    if part.has("names") {
        header.names = Some(part.texts("names")?);
        header.rows.clear();
    }
    if part.has("rows") {
        header.rows = part.texts("rows")?.iter().map(|word| header_role(word)).collect();
        let foreign = match layout {
            Layout::Transposed => ("analyte", HeaderRole::Analyte),
            Layout::Long | Layout::Wide => ("sample", HeaderRole::Sample),
        };
        if header.rows.contains(&foreign.1) {
            let problem = format!("`{}` is no row of this layout", foreign.0);
            let remedy = "Rows of analytes belong to layout wide, rows of samples to layout transposed";
            return Err(part.fail("rows", problem, remedy));
        }
    }
    header.unit_pattern = part.regex("unit_pattern")?;
    header.row = part.count("row")?.map(|row| row as u64);
    header.when = when(part, "when", columns)?;
    if header.names.is_none() {
        before_header(part, header.when.as_ref(), columns)?;
    }
    header.offset = part.integer("offset")?.unwrap_or(0);
    header.each_block = part.flag("each_block")?.unwrap_or(false);
    Ok(header)
}

fn header_role(word: &str) -> HeaderRole {
    match word {
        "name" => HeaderRole::Name,
        "analyte" => HeaderRole::Analyte,
        "sample" => HeaderRole::Sample,
        "channel" | "second" => HeaderRole::Channel,
        "unit" => HeaderRole::Unit,
        "decoration" => HeaderRole::Decoration,
        "blank" => HeaderRole::Blank,
        other => HeaderRole::Attribute(other.to_owned()),
    }
}

fn sample(table: Table<'_>, columns: &mut ColumnList) -> Parsed<Sample> {
    let mut sample = Sample { from: None, unknown: Vec::new(), repeat: Repeat::Unknown, carry: false };
    let Some(part) = table.table("sample", "sample")? else { return Ok(sample) };
    let keys = ["column", "attribute", "file_name", "sheet", "operator", "constant", "pattern"];
    sample.from = extract(part, &keys, columns)?;
    if sample.from.is_none() && part.has("pattern") {
        let source = Source::Attribute("sample_id".to_owned());
        sample.from = Some(Extract { source, pattern: part.regex("pattern")? });
    }
    if let Some(Extract { pattern: Some(pattern), .. }) = &sample.from
        && !pattern.capture_names().flatten().any(|name| name == "sample_id")
    {
        return Err(part.fail("pattern", "has no group `sample_id`", "Write (?<sample_id>…) around the id"));
    }
    idle::without(part, &[("carry", &["column"])])?;
    sample.unknown = part.texts("unknown")?;
    let repeats = [("unknown", Repeat::Unknown), ("duplicate", Repeat::Duplicate), ("repeat", Repeat::Again)];
    sample.repeat = part.choice("repeat", &repeats)?.unwrap_or(Repeat::Unknown);
    sample.carry = part.flag("carry")?.unwrap_or(false);
    Ok(sample)
}

fn analyte(table: Table<'_>, columns: &mut ColumnList) -> Parsed<Analyte> {
    let mut analyte = Analyte {
        from: None,
        patterns: Vec::new(),
        alias: Vec::new(),
        known: Vec::new(),
        list: None,
        preferred: BTreeMap::new(),
    };
    let Some(part) = table.table("analyte", "analyte")? else { return Ok(analyte) };
    analyte.from = extract(part, &["column", "attribute", "constant"], columns)?;
    analyte.patterns = part.regexes("pattern")?;
    for pattern in &analyte.patterns {
        if !pattern.capture_names().flatten().any(|name| name == "analyte") {
            return Err(part.fail(
                "pattern",
                "has no group `analyte`",
                "Write (?<analyte>…) around the name",
            ));
        }
    }
    analyte.alias = part.dictionary("alias")?.into_iter().collect();
    analyte.known = part.texts("known")?;
    analyte.preferred = part.dictionary("preferred")?;
    if let Some(list) = part.table("list", "analyte.list")? {
        analyte.list = Some(AnalyteList {
            attribute: list.required("attribute")?,
            separator: list.text("separator")?.unwrap_or_else(|| ",".to_owned()),
            source: list.choice("use", &[("check", false), ("source", true)])?.unwrap_or(false),
        });
    }
    Ok(analyte)
}

type WithTable = (Option<Extract>, BTreeMap<String, String>);

fn unit(table: Table<'_>, columns: &mut ColumnList) -> Parsed<WithTable> {
    let Some(part) = table.table("unit", "unit")? else { return Ok((None, BTreeMap::new())) };
    idle::without(part, &[("pattern", &["column", "attribute", "constant"])])?;
    let source = extract(part, &["column", "attribute", "constant", "pattern"], columns)?;
    Ok((source, part.dictionary("alias")?))
}

fn basis(table: Table<'_>, columns: &mut ColumnList) -> Parsed<WithTable> {
    let Some(part) = table.table("basis", "basis")? else { return Ok((None, BTreeMap::new())) };
    idle::without(part, &[("pattern", &["column", "attribute", "constant"])])?;
    let words = part.dictionary("tokens")?;
    for word in words.values() {
        basis_word(part, "tokens", word)?;
    }
    if let Some(word) = part.text("constant")? {
        basis_word(part, "constant", &word)?;
    }
    Ok((extract(part, &["column", "attribute", "constant", "pattern"], columns)?, words))
}

fn number(table: Table<'_>) -> Parsed<NumberFormat> {
    let mut format = NumberFormat::default();
    let Some(part) = table.table("number", "number")? else { return Ok(format) };
    format.decimal = decimal(part, "decimal")?.unwrap_or('.');
    format.thousands = separator(part, "thousands")?.flatten();
    if format.thousands == Some(format.decimal) {
        return Err(part.fail(
            "thousands",
            "is the same as the decimal mark",
            "Give two different characters",
        ));
    }
    Ok(format)
}

fn attributes(table: Table<'_>, columns: &mut ColumnList) -> Parsed<Vec<(String, Extract)>> {
    let keys = ["column", "attribute", "file_name", "sheet", "constant", "pattern"];
    let mut attributes = Vec::new();
    for part in table.tables("attribute", "attribute")? {
        let Some(source) = extract(part, &keys, columns)? else {
            return Err(part.fail("column", "this key is missing", "Say where the attribute stands"));
        };
        attributes.push((part.required("name")?, source));
    }
    Ok(attributes)
}
