//! The top of a mapping: who it is, what it recognises, how it opens files.

use std::collections::{BTreeMap, BTreeSet};

use super::node::{self, Parsed, Table, Value};
use super::{
    CellTest, CellType, Check, CheckKind, ColumnAt, ColumnId, ColumnRef, ColumnSpec, Consequence, Delimiter,
    Encoding, Mapping, Meaning, Open, Preamble, PreambleKind, Recognise, Sheets, idle, parse_region,
};

/// Collects every column that is mentioned, so that a header is bound once and rules read positions.
#[derive(Default)]
pub(super) struct Columns {
    pub all: Vec<ColumnRef>,
}

pub(super) fn mapping(text: &str, name: &str) -> Parsed<Mapping> {
    let root = node::read(text, name)?;
    let top = Table::open(name, "", &root)?;
    let mut columns = Columns::default();
    let (mut regions, mut kinds) = (Vec::new(), Vec::new());
    for (index, table) in top.tables("region", "region")?.into_iter().enumerate() {
        let title = table.text("name")?.unwrap_or_else(|| format!("region {}", index + 1));
        let (region, kind) = parse_region::region(table.inheriting(top), title, &mut columns)?;
        regions.push(region);
        kinds.push(kind);
    }
    if regions.is_empty() {
        regions.push(parse_region::region(top, "readings".to_owned(), &mut columns)?.0);
    } else {
        idle::inherited(top, &kinds)?;
    }
    Ok(Mapping {
        name: top.required("name")?,
        version: version(top)?,
        instrument: top.required("instrument")?,
        description: top.text("description")?.unwrap_or_default(),
        recognise: recognise(top)?,
        open: open(top)?,
        preamble: top.tables("preamble", "preamble")?.into_iter().map(preamble).collect::<Parsed<_>>()?,
        checks: top.tables("check", "check")?.into_iter().map(check).collect::<Parsed<_>>()?,
        meanings: top.tables("meaning", "meaning")?.into_iter().map(meaning).collect::<Parsed<_>>()?,
        regions,
        columns: columns.all,
    })
}

/// A version may be written as a number or as a text.
fn version(top: Table<'_>) -> Parsed<String> {
    match top.node("version").map(|node| &node.value) {
        Some(Value::Integer(number)) => Ok(number.to_string()),
        _ => top.required("version"),
    }
}

fn recognise(top: Table<'_>) -> Parsed<Recognise> {
    let Some(table) = top.table("recognise", "recognise")? else { return Ok(Recognise::default()) };
    let exact = table.count("columns")?;
    let kinds = [
        ("any", CellType::Any),
        ("text", CellType::Text),
        ("number", CellType::Number),
        ("time", CellType::Time),
        ("empty", CellType::Empty),
    ];
    let mut column_types = Vec::new();
    for word in table.texts("column_types")? {
        let Some((_, kind)) = kinds.iter().find(|(name, _)| *name == word) else {
            let problem = format!("`{word}` is not a column type");
            return Err(table.fail("column_types", problem, "Choose from: any, text, number, time, empty"));
        };
        column_types.push(*kind);
    }
    Ok(Recognise {
        file_name: table.regex("file_name")?,
        workbook: table.choice("content", &[("text", false), ("workbook", true)])?,
        sheets: table.texts("sheets")?,
        lines: table.regexes("lines")?,
        within: table.count("within")?.unwrap_or(30),
        header: table.texts("header")?,
        cells: table.tables("cell", "recognise.cell")?.into_iter().map(cell_test).collect::<Parsed<_>>()?,
        columns_min: table.count("columns_min")?.or(exact),
        columns_max: table.count("columns_max")?.or(exact),
        column_types,
    })
}

fn cell_test(table: Table<'_>) -> Parsed<CellTest> {
    let (equals, matches) = (table.text("equals")?, table.regex("matches")?);
    if equals.is_none() && matches.is_none() {
        return Err(table.fail("equals", "the cell is not compared with anything", "Add equals or matches"));
    }
    Ok(CellTest {
        sheet: table.text("sheet")?,
        row: table.count("row")?.unwrap_or(1),
        column: table.count("column")?.unwrap_or(1),
        equals,
        matches,
    })
}

fn open(top: Table<'_>) -> Parsed<Open> {
    let mut open = Open {
        encodings: vec![Encoding::Auto],
        delimiter: Delimiter::Auto,
        quote: Some('"'),
        sheets: Sheets::FirstWithContent,
    };
    let Some(table) = top.table("open", "open")? else { return Ok(open) };
    if table.has("encoding") {
        open.encodings =
            table.texts("encoding")?.iter().map(|word| encoding(table, word)).collect::<Parsed<_>>()?;
    }
    if let Some(quote) = table.text("quote")? {
        open.quote = single(table, "quote", &quote)?;
    }
    let one = "Give one of line_pattern, widths, delimiter";
    let sheet = "Give one of sheet, sheet_pattern, sheet_position, sheets";
    idle::beside(
        table,
        &[
            ("delimiter", &["line_pattern"], one),
            ("widths", &["line_pattern"], one),
            ("sheet_pattern", &["sheet"], sheet),
            ("sheet_position", &["sheet", "sheet_pattern"], sheet),
            ("sheets", &["sheet", "sheet_pattern", "sheet_position"], sheet),
        ],
    )?;
    if table.has("widths") && table.text("delimiter")?.is_some_and(|word| word != "fixed") {
        return Err(table.fail("widths", "does nothing beside this `delimiter`", one));
    }
    open.delimiter = delimiter(table)?;
    open.sheets = sheets(table)?;
    Ok(open)
}

fn encoding(table: Table<'_>, word: &str) -> Parsed<Encoding> {
    Ok(match word.to_lowercase().as_str() {
        "auto" => Encoding::Auto,
        "ascii" => Encoding::Ascii,
        "utf-8" | "utf8" => Encoding::Utf8,
        "utf-16le" => Encoding::Utf16Le,
        "utf-16be" => Encoding::Utf16Be,
        "gb18030" | "gbk" | "gb2312" => Encoding::Gb18030,
        "windows-1251" | "cp1251" => Encoding::Windows1251,
        "latin-1" | "latin1" | "windows-1252" | "iso-8859-1" => Encoding::Latin1,
        _ => {
            let remedy =
                "Choose from: auto, ascii, utf-8, utf-16le, utf-16be, gb18030, windows-1251, latin-1";
            return Err(table.fail("encoding", format!("`{word}` is not an encoding"), remedy));
        }
    })
}

fn single(table: Table<'_>, key: &str, text: &str) -> Parsed<Option<char>> {
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (first, None) => Ok(first),
        _ => Err(table.fail(
            key,
            format!("`{text}` is more than one character"),
            "Give one character, or \"\"",
        )),
    }
}

fn delimiter(table: Table<'_>) -> Parsed<Delimiter> {
    let widths = match table.node("widths").map(|node| &node.value) {
        None => Vec::new(),
        Some(Value::List(items)) => items
            .iter()
            .filter_map(|item| {
                if let Value::Integer(width) = item.value { usize::try_from(width).ok() } else { None }
            })
            .collect(),
        Some(_) => {
            return Err(table.fail("widths", "a list of whole numbers is expected", "widths = [10, 8, 8]"));
        }
    };
    if let Some(pattern) = table.regex("line_pattern")? {
        return Ok(Delimiter::Pattern(pattern));
    }
    let word =
        table.text("delimiter")?.unwrap_or_else(|| if widths.is_empty() { "auto" } else { "fixed" }.into());
    Ok(match word.as_str() {
        "auto" => Delimiter::Auto,
        "tab" => Delimiter::Character('\t'),
        "comma" => Delimiter::Character(','),
        "semicolon" => Delimiter::Character(';'),
        "none" => Delimiter::Whole,
        "blanks" => Delimiter::Blanks(1),
        "blanks2" => Delimiter::Blanks(2),
        "fixed" if widths.is_empty() => {
            return Err(table.fail("delimiter", "fixed columns need widths", "Add widths = [10, 8, 8]"));
        }
        "fixed" => Delimiter::Fixed(widths),
        other => match single(table, "delimiter", other)? {
            Some(one) => Delimiter::Character(one),
            None => return Err(table.fail("delimiter", "is empty", "Give one character or a word")),
        },
    })
}

fn sheets(table: Table<'_>) -> Parsed<Sheets> {
    let named = table.texts("sheet")?;
    if !named.is_empty() {
        return Ok(Sheets::Named(named));
    }
    if let Some(pattern) = table.regex("sheet_pattern")? {
        return Ok(Sheets::Pattern(pattern));
    }
    if let Some(position) = table.count("sheet_position")? {
        return Ok(Sheets::Position(position - 1));
    }
    let words = [("first_with_content", false), ("all_with_content", true)];
    let all = table.choice("sheets", &words)?.unwrap_or(false);
    Ok(if all { Sheets::AllWithContent } else { Sheets::FirstWithContent })
}

fn preamble(table: Table<'_>) -> Parsed<Preamble> {
    let (labels, pattern, any) = (table.texts("label")?, table.regex("pattern")?, table.flag("any")?);
    let kind = match (labels.is_empty(), pattern, any) {
        (false, None, None) => PreambleKind::Label(labels),
        (true, Some(pattern), None) => PreambleKind::Pattern(pattern),
        (true, None, Some(true)) => PreambleKind::Any,
        _ => {
            let remedy = "Give exactly one of label, pattern, any = true";
            return Err(table.fail("label", "it is not clear which rows are meant", remedy));
        }
    };
    let label = "The pattern is found in the line and names what it takes";
    idle::beside(
        table,
        &[
            ("cell", &["pattern"], label),
            ("value_cell", &["pattern"], label),
            ("separator", &["pattern"], label),
            ("name", &["pattern"], label),
            ("value_cell", &["separator"], "With a separator, label and value stand in one cell"),
            ("name", &["any"], "With any = true each row is called by its own label"),
        ],
    )?;
    Ok(Preamble {
        kind,
        cell: table.count("cell")?.unwrap_or(1) - 1,
        value_cell: table.count("value_cell")?.map(|cell| cell - 1),
        separator: table.text("separator")?,
        name: table.text("name")?,
    })
}

fn meaning(table: Table<'_>) -> Parsed<Meaning> {
    let words = [
        ("information", Consequence::Information),
        ("hold", Consequence::Hold),
        ("refuse", Consequence::Refuse),
    ];
    Ok(Meaning {
        flag: table.required("flag")?,
        text: table.text("text")?.unwrap_or_default(),
        consequence: table.choice("consequence", &words)?.unwrap_or(Consequence::Information),
    })
}

fn check(table: Table<'_>) -> Parsed<Check> {
    let kinds = [
        ("atomic_number", CheckKind::AtomicNumber),
        ("line_element", CheckKind::LineElement),
        ("detection_limit", CheckKind::DetectionLimit),
        ("sum", CheckKind::Sum),
        ("lines", CheckKind::Lines),
        ("element_oxide", CheckKind::ElementOxide),
        ("repeats", CheckKind::Repeats),
        ("count", CheckKind::Count),
        ("expected", CheckKind::Expected),
        ("statistics", CheckKind::Statistics),
    ];
    let Some(kind) = table.choice("kind", &kinds)? else {
        return Err(table.fail("kind", "this key is missing", "Add kind = \"…\""));
    };
    let used: &[(&str, &[CheckKind])] = &[
        (
            "attribute",
            &[
                CheckKind::AtomicNumber,
                CheckKind::LineElement,
                CheckKind::DetectionLimit,
                CheckKind::Repeats,
                CheckKind::Count,
            ],
        ),
        ("of", &[CheckKind::Count]),
        ("analytes", &[CheckKind::Sum, CheckKind::Expected, CheckKind::Repeats]),
        ("min", &[CheckKind::Sum]),
        ("max", &[CheckKind::Sum]),
        ("relative", &[CheckKind::Lines]),
        ("labels", &[CheckKind::Statistics]),
    ];
    if let Some((key, _)) = used.iter().find(|(key, kinds)| table.has(key) && !kinds.contains(&kind)) {
        return Err(table.fail(
            key,
            "does nothing in a check of this kind",
            "See [check] for what each kind reads",
        ));
    }
    let number = |key: &str| -> Parsed<Option<f64>> {
        match table.node(key).map(|node| &node.value) {
            None => Ok(None),
            Some(Value::Integer(number)) => Ok(Some(*number as f64)),
            Some(Value::Text(text)) => text
                .parse()
                .map(Some)
                .map_err(|_| table.fail(key, format!("`{text}` is no number"), "Write \"0.2\"")),
            Some(_) => Err(table.fail(key, "a number is expected", "Write it in quotes: \"0.2\"")),
        }
    };
    Ok(Check {
        kind,
        attribute: table.text("attribute")?,
        of: table.text("of")?,
        analytes: table.texts("analytes")?.into_iter().collect::<BTreeSet<_>>(),
        min: number("min")?,
        max: number("max")?,
        relative: number("relative")?,
        labels: if table.has("labels") { table.dictionary("labels")? } else { BTreeMap::new() },
    })
}

impl Columns {
    /// The column a key names, when it does.
    pub fn one(&mut self, table: Table<'_>, key: &str) -> Parsed<Option<ColumnId>> {
        let Some(node) = table.node(key) else { return Ok(None) };
        let items = match &node.value {
            Value::List(items) => items.iter().collect(),
            _ => vec![node],
        };
        self.add(table, key, &items).map(Some)
    }

    /// Several columns, each its own.
    pub fn several(&mut self, table: Table<'_>, key: &str) -> Parsed<Vec<ColumnId>> {
        let Some(node) = table.node(key) else { return Ok(Vec::new()) };
        match &node.value {
            Value::List(items) => items.iter().map(|item| self.add(table, key, &[item])).collect(),
            _ => Ok(vec![self.add(table, key, &[node])?]),
        }
    }

    pub fn add(&mut self, table: Table<'_>, key: &str, items: &[&node::Node]) -> Parsed<ColumnId> {
        let alternatives: Vec<ColumnSpec> =
            items.iter().map(|item| column_spec(table, key, item)).collect::<Parsed<_>>()?;
        let written = alternatives.iter().map(ColumnSpec::written).collect::<Vec<_>>().join(" or ");
        let alternatives: Vec<ColumnSpec> = items
            .iter()
            .zip(alternatives)
            .flat_map(|(item, spec)| literal(item).into_iter().chain([spec]))
            .collect();
        if alternatives.is_empty() {
            return Err(table.fail(key, "names no column", "Give a name or a position"));
        }
        self.all.push(ColumnRef { alternatives, written });
        Ok(ColumnId(self.all.len() - 1))
    }
}

fn column_spec(table: Table<'_>, key: &str, node: &node::Node) -> Parsed<ColumnSpec> {
    let plain = |at| Ok(ColumnSpec { at, offset: 0, must: None });
    match &node.value {
        Value::Integer(number) if *number >= 1 => plain(ColumnAt::Position(*number as usize - 1)),
        Value::Text(name) => plain(named(name)),
        Value::Table(_) => column_table(Table::open(table.mapping, "column", node)?),
        _ => Err(table.fail(key, "a column is a name, a position from 1, or a table", "See Naming a column")),
    }
}

/// A header may hold the sign itself (`Rep #1`): that name comes before the n-th occurrence of its stem.
fn literal(item: &node::Node) -> Option<ColumnSpec> {
    let Value::Text(name) = &item.value else { return None };
    matches!(named(name), ColumnAt::Name { name: stem, .. } if stem != *name).then(|| ColumnSpec {
        at: ColumnAt::Name { name: name.clone(), occurrence: 1 },
        offset: 0,
        must: None,
    })
}

/// `Units#2` is the second column called `Units`.
fn named(name: &str) -> ColumnAt {
    if let Some((stem, number)) = name.rsplit_once('#')
        && let Ok(occurrence) = number.parse::<usize>()
        && occurrence >= 1
        && !stem.is_empty()
    {
        return ColumnAt::Name { name: stem.to_owned(), occurrence };
    }
    ColumnAt::Name { name: name.to_owned(), occurrence: 1 }
}

fn column_table(table: Table<'_>) -> Parsed<ColumnSpec> {
    let occurrence = table.count("occurrence")?.unwrap_or(1);
    let offset = table.integer("offset")?;
    if let Some(name) = table.text("after")? {
        let must = table.text("name")?;
        return Ok(ColumnSpec { at: ColumnAt::Name { name, occurrence }, offset: offset.unwrap_or(1), must });
    }
    let at = if let Some(position) = table.count("position")? {
        ColumnAt::Position(position - 1)
    } else if let Some(pattern) = table.regex("matches")? {
        ColumnAt::Pattern { pattern, occurrence }
    } else {
        ColumnAt::Name { name: table.required("name")?, occurrence }
    };
    Ok(ColumnSpec { at, offset: offset.unwrap_or(0), must: None })
}

impl ColumnSpec {
    fn written(&self) -> String {
        let mut text = match &self.at {
            ColumnAt::Position(position) => format!("column {}", position + 1),
            ColumnAt::Name { name, occurrence: 1 } => format!("{name:?}"),
            ColumnAt::Name { name, occurrence } => format!("{name:?} (occurrence {occurrence})"),
            ColumnAt::Pattern { pattern, .. } => format!("/{pattern}/"),
        };
        if self.offset != 0 {
            text.push_str(&format!(" {:+}", self.offset));
        }
        if let Some(name) = &self.must {
            text.push_str(&format!(", called {name:?}"));
        }
        text
    }
}
