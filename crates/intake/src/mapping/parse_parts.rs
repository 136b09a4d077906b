//! Where a text comes from, and the tables of columns: values, wide columns, replicates.

use std::collections::BTreeMap;

use regex::Regex;

use super::idle;
use super::node::{Parsed, Table, Value};
use super::parse::Columns as ColumnList;
use super::parse_rules::when;
use super::{
    ColumnId, ColumnSet, Columns, Companion, Empty, Extract, ReplicateRows, Replicates, Source, Time,
    ValueEntry,
};

/// A source with its pattern; `None` when the table names no source.
pub(super) fn extract(table: Table<'_>, keys: &[&str], columns: &mut ColumnList) -> Parsed<Option<Extract>> {
    let has = |key: &str| keys.contains(&key) && table.has(key);
    let mut sources = Vec::new();
    if has("column") {
        sources.extend(columns.one(table, "column")?.map(|id| Source::Columns(vec![id])));
    }
    if has("columns") {
        sources.push(Source::Columns(columns.several(table, "columns")?));
    }
    if has("attribute") {
        sources.extend(table.text("attribute")?.map(Source::Attribute));
    }
    if has("constant") {
        sources.extend(table.text("constant")?.map(Source::Constant));
    }
    for (key, source) in
        [("file_name", Source::FileName), ("sheet", Source::Sheet), ("operator", Source::Operator)]
    {
        if has(key) && table.flag(key)? == Some(true) {
            sources.push(source);
        }
    }
    if sources.len() > 1 {
        let remedy = format!("Give exactly one of {}", keys.join(", "));
        return Err(table.fail(keys[0], "two sources are named", remedy));
    }
    let pattern = table.regex_if("pattern", keys)?;
    Ok(sources.pop().map(|source| Extract { source, pattern }))
}

impl Table<'_> {
    /// The pattern, where this kind of table has one.
    fn regex_if(&self, key: &str, keys: &[&str]) -> Parsed<Option<Regex>> {
        if keys.contains(&key) { self.regex(key) } else { Ok(None) }
    }
}

/// A character that separates thousands or decimals; `""` means there is none.
pub(super) fn separator(table: Table<'_>, key: &str) -> Parsed<Option<Option<char>>> {
    let Some(text) = table.text(key)? else { return Ok(None) };
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (first, None) if first.is_none_or(|one| !one.is_ascii_digit()) => Ok(Some(first)),
        _ => Err(table.fail(
            key,
            format!("`{text}` is not one character"),
            "Give one character, or \"\" for none",
        )),
    }
}

pub(super) fn decimal(table: Table<'_>, key: &str) -> Parsed<Option<char>> {
    match separator(table, key)? {
        None => Ok(None),
        Some(Some(mark)) => Ok(Some(mark)),
        Some(None) => Err(table.fail(key, "is empty", "Give \".\" or \",\"")),
    }
}

fn companion(word: &str) -> Companion {
    match word {
        "unit" => Companion::Unit,
        "flag" => Companion::Flag,
        "ignore" | "empty" => Companion::Ignore,
        name => Companion::Attribute(name.to_owned()),
    }
}

pub(super) fn wide(table: Table<'_>, columns: &mut ColumnList) -> Parsed<Columns> {
    let companions: Vec<Companion> = table.texts("companions")?.iter().map(|word| companion(word)).collect();
    let step = table.count("step")?;
    if step.is_some_and(|step| companions.len() >= step) {
        let remedy = "step counts the value column and its companions";
        return Err(table.fail("step", "is too small for the companions", remedy));
    }
    let mut beside = Vec::new();
    for rule in table.tables("beside", "columns.beside")? {
        let Some(pattern) = rule.regex("pattern")? else {
            return Err(rule.fail("pattern", "this key is missing", "Add a pattern with a group `analyte`"));
        };
        if !pattern.capture_names().flatten().any(|name| name == "analyte") {
            return Err(rule.fail(
                "pattern",
                "has no group `analyte`",
                "Write (?<analyte>…) around the name",
            ));
        }
        beside.push((pattern, companion(&rule.required("as")?)));
    }
    Ok(Columns {
        from: columns.one(table, "from")?,
        to: columns.one(table, "to")?,
        step,
        companions,
        matches: table.regex("matches")?,
        except: table.texts("except")?,
        beside,
        set: table.tables("set", "columns.set")?.into_iter().map(column_set).collect::<Parsed<_>>()?,
    })
}

fn column_set(table: Table<'_>) -> Parsed<ColumnSet> {
    let (names, matches) = (table.texts("name")?, table.regex("matches")?);
    if names.is_empty() && matches.is_none() {
        return Err(table.fail("name", "it is not clear which columns are meant", "Give name or matches"));
    }
    if table.flag("ignore")? == Some(true) {
        let one = "A column that is ignored gives no reading";
        let keys = ["analyte", "channel", "unit", "basis", "mark", "decimal", "thousands"];
        idle::beside(table, &keys.map(|key| (key, &["ignore"][..], one)))?;
    }
    Ok(ColumnSet {
        names,
        matches,
        analyte: table.text("analyte")?,
        channel: table.text("channel")?,
        unit: table.text("unit")?,
        basis: table.text("basis")?.map(|word| basis_word(table, "basis", &word)).transpose()?,
        mark: table.text("mark")?,
        decimal: decimal(table, "decimal")?,
        thousands: separator(table, "thousands")?,
        ignore: table.flag("ignore")?.unwrap_or(false),
    })
}

pub(super) fn basis_word(table: Table<'_>, key: &str, word: &str) -> Parsed<String> {
    if ["dry", "as_received", "calcined", "not_stated"].contains(&word) {
        return Ok(word.to_owned());
    }
    let remedy = "Choose from: dry, as_received, calcined, not_stated";
    Err(table.fail(key, format!("`{word}` is not a basis"), remedy))
}

pub(super) fn value(table: Table<'_>, columns: &mut ColumnList) -> Parsed<ValueEntry> {
    idle::beside(table, &[("marks", &["pattern"], "Write (?<mark>…) into the pattern")])?;
    let pattern = table.regex("pattern")?;
    if let Some(pattern) = &pattern
        && !pattern.capture_names().flatten().any(|name| name == "number")
    {
        return Err(table.fail("pattern", "has no group `number`", "Write (?<number>…) around the number"));
    }
    let mut attributes = Vec::new();
    if let Some(node) = table.node("attributes") {
        let Value::Table(items) = &node.value else {
            return Err(table.fail("attributes", "a table is expected", "attributes = { sd = \"SD\" }"));
        };
        for (name, item) in items {
            attributes.push((name.clone(), columns.add(table, "attributes", &[item])?));
        }
    }
    for (text, column) in [("analyte", "analyte_column"), ("channel", "channel_column")] {
        if table.has(text) && table.has(column) {
            let remedy = format!("Give {text} or {column}");
            return Err(table.fail(column, "two sources are named", remedy));
        }
    }
    Ok(ValueEntry {
        column: columns.one(table, "column")?,
        analyte: table.text("analyte")?,
        channel: table.text("channel")?,
        analyte_column: columns.one(table, "analyte_column")?,
        channel_column: columns.one(table, "channel_column")?,
        unit: table.text("unit")?,
        unit_column: columns.one(table, "unit_column")?,
        flag_column: columns.one(table, "flag_column")?,
        basis: table.text("basis")?.map(|word| basis_word(table, "basis", &word)).transpose()?,
        pattern,
        decimal: decimal(table, "decimal")?,
        thousands: separator(table, "thousands")?,
        marks: table.texts("marks")?,
        empty: table
            .choice("empty", &[("missing", Empty::Missing), ("skip", Empty::Skip)])?
            .unwrap_or(Empty::Missing),
        reported_when: when(table, "reported_when", columns)?,
        attributes,
        mark: table.text("mark")?,
    })
}

pub(super) fn replicates(table: Table<'_>, columns: &mut ColumnList) -> Parsed<Replicates> {
    let one = "Give matches, or from with to and step";
    idle::beside(
        table,
        &[("from", &["matches"], one), ("to", &["matches"], one), ("step", &["matches"], one)],
    )?;
    let companions = table.texts("companions")?;
    Ok(Replicates {
        from: columns.one(table, "from")?,
        to: columns.one(table, "to")?,
        step: table.count("step")?.unwrap_or(companions.len() + 1),
        flag_beside: companions.iter().position(|word| word == "flag").map(|place| place + 1),
        matches: table.regex("matches")?,
        compute: table.choice("compute", &[("mean", true), ("no", false)])?.unwrap_or(false),
    })
}

pub(super) fn replicate_rows(table: Table<'_>, columns: &mut ColumnList) -> Parsed<ReplicateRows> {
    let Some(column) = columns.one(table, "column")? else {
        return Err(table.fail("column", "this key is missing", "Say which column labels the rows"));
    };
    let (reading, compute) =
        (table.texts("reading")?, table.choice("compute", &[("mean", true), ("no", false)])?);
    if reading.is_empty() && compute != Some(true) {
        let remedy = "Name the label of the row that is the reading, or compute = \"mean\"";
        return Err(table.fail("reading", "no row is the reading", remedy));
    }
    Ok(ReplicateRows {
        column,
        reading,
        replicate: table.regex("replicate")?,
        attributes: if table.has("attributes") { table.dictionary("attributes")? } else { BTreeMap::new() },
        compute: compute.unwrap_or(false),
    })
}

pub(super) fn time_rule(table: Table<'_>, columns: &mut ColumnList) -> Parsed<Time> {
    let keys = ["column", "columns", "attribute", "constant", "pattern"];
    let formats = table.texts("format")?;
    if formats.is_empty() {
        return Err(table.fail(
            "format",
            "this key is missing",
            "State the order, e.g. \"%d/%m/%Y %H:%M:%S\"",
        ));
    }
    if let Some(format) = formats.iter().find(|format| !crate::time::tells_a_day(format)) {
        let problem = format!("`{format}` does not tell year, month and day");
        return Err(table.fail("format", problem, "Write it with %Y (or %y), %m (or %b) and %d"));
    }
    let zone = table.text("zone")?;
    if let Some(zone) = zone.as_deref().filter(|zone| !crate::time::is_zone(zone)) {
        let problem = format!("`{zone}` is no zone");
        return Err(table.fail("zone", problem, "Write local, UTC, or an offset as +08:00"));
    }
    let attributes = table.texts("attribute")?;
    let beside = table.has("column") || table.has("columns");
    let from = if attributes.len() > 1 || !attributes.is_empty() && beside {
        let mut ids: Vec<ColumnId> = columns.one(table, "column")?.into_iter().collect();
        ids.extend(columns.several(table, "columns")?);
        Extract { source: Source::Joined(attributes, ids), pattern: table.regex("pattern")? }
    } else {
        let source = Source::Attribute("time".to_owned());
        let otherwise = Extract { source, pattern: table.regex("pattern")? };
        extract(table, &keys, columns)?.unwrap_or(otherwise)
    };
    Ok(Time { from, formats, zone })
}
