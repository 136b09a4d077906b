//! Keys that a mapping states and that do nothing: in the layout of the region, or beside another key. They
//! are refused by name, because whoever wrote one believes that it is read.

use super::ValueEntry;
use super::node::{Parsed, Table};
use crate::error::MappingError;

/// How the rows of a region are read, as far as keys depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Long,
    Wide,
    Transposed,
    /// Its rows are skipped.
    Ignored,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Long => "layout long",
            Kind::Wide => "layout wide",
            Kind::Transposed => "layout transposed",
            Kind::Ignored => "role ignore",
        }
    }
}

/// Section, key, the kinds of region in which it does nothing, what to do instead. An empty section stands
/// for the region itself.
type Idle = (&'static str, &'static str, &'static [Kind], &'static str);

use Kind::{Ignored, Long, Transposed, Wide};

const OWN_ROW: &str = "In this layout [columns] holds the values; read another column with [[attribute]]";
const ABOVE: &str =
    "In this layout the analyte stands above each column; see [analyte] pattern, [[columns.set]]";
const READ: &str = "Leave it out, or give the region another role";

const KEYS: &[Idle] = &[
    ("", "columns", &[Long], "Leave it out, or write layout = \"wide\""),
    ("value", "column", &[Wide, Transposed], OWN_ROW),
    ("value", "analyte", &[Wide, Transposed], ABOVE),
    ("value", "analyte_column", &[Wide], ABOVE),
    ("analyte", "column", &[Wide], ABOVE),
    ("analyte", "attribute", &[Wide], ABOVE),
    ("analyte", "constant", &[Wide], ABOVE),
    ("", "replicates", &[Wide, Transposed], "Each column of [columns] is a value; see [replicate_rows]"),
    ("", "replicate_rows", &[Transposed], "Leave it out: each column is a sample of its own"),
    ("", "value", &[Ignored], READ),
    ("", "columns", &[Ignored], READ),
    ("", "sample", &[Ignored], READ),
    ("", "analyte", &[Ignored], READ),
    ("", "channel", &[Ignored], READ),
    ("", "unit", &[Ignored], READ),
    ("", "basis", &[Ignored], READ),
    ("", "number", &[Ignored], READ),
    ("", "tokens", &[Ignored], READ),
    ("", "qualifier", &[Ignored], READ),
    ("", "flag", &[Ignored], READ),
    ("", "class", &[Ignored], READ),
    ("", "class_default", &[Ignored], READ),
    ("", "attribute", &[Ignored], READ),
    ("", "replicates", &[Ignored], READ),
    ("", "replicate_rows", &[Ignored], READ),
    ("", "ranges", &[Ignored], READ),
    ("", "time", &[Ignored], READ),
    ("", "mark", &[Ignored], READ),
    ("", "marks", &[Ignored], READ),
    ("", "header", &[Ignored], READ),
    ("", "heading", &[Ignored], READ),
];

/// Refuses keys of the region itself that do nothing in it. Keys that it inherits are judged by
/// [`inherited`], because another region may need them.
pub(super) fn own(table: Table<'_>, kind: Kind) -> Parsed<()> {
    match find(table, kind, &|table, key| table.has_own(key))? {
        None => Ok(()),
        Some(error) => Err(error),
    }
}

/// Refuses keys at the top level that do nothing in any region.
pub(super) fn inherited(top: Table<'_>, kinds: &[Kind]) -> Parsed<()> {
    let mut all = kinds.iter().filter(|kind| **kind != Kind::Ignored);
    let Some(first) = all.next() else { return Ok(()) };
    if all.any(|kind| kind != first) {
        return Ok(());
    }
    match find(top, *first, &|table, key| table.has_own(key))? {
        None => Ok(()),
        Some(error) => Err(error),
    }
}

fn find(
    table: Table<'_>,
    kind: Kind,
    has: &dyn Fn(&Table<'_>, &str) -> bool,
) -> Parsed<Option<MappingError>> {
    for (section, key, _, remedy) in KEYS.iter().filter(|(_, _, kinds, _)| kinds.contains(&kind)) {
        let problem = format!("does nothing in {}", kind.word());
        if section.is_empty() {
            if has(&table, key) {
                return Ok(Some(table.fail(key, problem, remedy)));
            }
            continue;
        }
        if !has(&table, section) {
            continue;
        }
        for part in table.tables(section, section)? {
            if part.has(key) {
                return Ok(Some(part.fail(key, problem, remedy)));
            }
        }
    }
    if kind == Kind::Wide && has(&table, "value") {
        let parts = table.tables("value", "value")?;
        if let Some(second) = parts.get(1) {
            let remedy =
                "Write one [value] for all columns, and [[columns.set]] for what is special about one";
            let problem = format!("a second one does nothing in {}", kind.word());
            return Ok(Some(second.fail("", problem, remedy)));
        }
    }
    if has(&table, "analyte")
        && kind == Kind::Wide
        && let Some(part) = table.table("analyte", "analyte")?
        && let Some(list) = part.table("list", "analyte.list")?
        && list.text("use")?.as_deref() == Some("source")
    {
        let remedy = "In this layout the analyte stands above each column; use = \"check\" compares the two";
        return Ok(Some(list.fail("use", format!("`source` does nothing in {}", kind.word()), remedy)));
    }
    header(table, kind, has)
}

/// Keys of the header that need a row of a kind that the header does not have.
fn header(
    table: Table<'_>,
    kind: Kind,
    has: &dyn Fn(&Table<'_>, &str) -> bool,
) -> Parsed<Option<MappingError>> {
    if !has(&table, "header") || kind == Kind::Ignored {
        return Ok(None);
    }
    let Some(part) = table.table("header", "header")? else { return Ok(None) };
    let rows = if part.has("rows") { part.texts("rows")? } else { vec!["name".to_owned()] };
    let bare = part.has("names") && !part.has("rows");
    let any = table.preamble_takes_any()?;
    for key in ["when", "row", "unit_pattern", "each_block"] {
        let needed = any && ["when", "row"].contains(&key);
        if bare && part.has(key) && !needed {
            let remedy =
                "With names and no rows there is no header row; add rows = [\"name\"] if there is one";
            return Ok(Some(part.fail(
                key,
                "does nothing: `names` says that there is no header row",
                remedy,
            )));
        }
    }
    if part.has("when") && part.has("row") {
        let remedy = "Give row or when; [start] row says where a region begins";
        return Ok(Some(part.fail("row", "does nothing beside `when`", remedy)));
    }
    if part.flag("each_block")? == Some(true) && !table.has("heading") {
        return Ok(Some(part.fail("each_block", "does nothing without [[heading]]", "Add [[heading]]")));
    }
    let row = |word: &str| rows.iter().any(|one| one == word);
    if part.has("unit_pattern") && !row("unit") && !(kind == Kind::Wide && row("analyte") && row("name")) {
        let remedy = "It needs a row `unit`, or a row `name` under a row `analyte`";
        return Ok(Some(part.fail(
            "unit_pattern",
            format!("does nothing in {} with these rows", kind.word()),
            remedy,
        )));
    }
    let plain = ["name", "unit", "decoration", "blank"];
    if kind == Kind::Long
        && let Some(word) = rows.iter().find(|word| !plain.contains(&word.as_str()))
    {
        // a row of names may be called analyte where there is no other
        if word == "analyte" && !row("name") && rows.iter().filter(|one| *one == word).count() == 1 {
            return Ok(None);
        }
        let remedy =
            "In this layout use name, unit, decoration, blank; [analyte] and [channel] name a column";
        return Ok(Some(part.fail("rows", format!("`{word}` does nothing in {}", kind.word()), remedy)));
    }
    Ok(None)
}

/// A section of the region, and whether a value tells the same by itself.
type Told = (&'static str, fn(&ValueEntry) -> bool);

/// Sources of the region that no value asks, because each value says the same by itself.
pub(super) fn told_by_values(table: Table<'_>, values: &[ValueEntry]) -> Parsed<()> {
    let told: [Told; 4] = [
        ("analyte", |value| value.analyte.is_some() || value.analyte_column.is_some()),
        ("channel", |value| value.channel.is_some()),
        ("unit", |value| value.unit.is_some()),
        ("basis", |value| value.basis.is_some()),
    ];
    let idle = told.iter().filter(|(key, told)| table.has_own(key) && values.iter().all(told));
    for (section, _) in idle {
        let Some(part) = table.table(section, section)? else { continue };
        for key in ["column", "attribute", "constant"] {
            if part.has(key) && (*section != "unit" || key == "constant") {
                let problem = format!("does nothing: each [value] states its {section}");
                let remedy = format!("Leave it out, or take `{section}` out of [value]");
                return Err(part.fail(key, problem, remedy));
            }
        }
    }
    Ok(())
}

/// Keys that another key of the same table makes idle, or that need one.
pub(super) fn beside(table: Table<'_>, rules: &[(&str, &[&str], &str)]) -> Parsed<()> {
    for (key, against, remedy) in rules {
        if let Some(other) = against.iter().find(|other| table.has(key) && table.has(other)) {
            return Err(table.fail(key, format!("does nothing beside `{other}`"), remedy));
        }
    }
    Ok(())
}

/// Keys that do nothing without one of some others.
pub(super) fn without(table: Table<'_>, rules: &[(&str, &[&str])]) -> Parsed<()> {
    for (key, needs) in rules {
        if table.has(key) && !needs.iter().any(|need| table.has(need)) {
            let remedy = format!("Add one of {}", needs.join(", "));
            return Err(table.fail(key, "does nothing alone: no source is named", remedy));
        }
    }
    Ok(())
}
