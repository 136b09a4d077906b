//! Conditions and the rules that use them.

use super::node::{Parsed, Table, Value};
use super::parse::Columns;
use super::{
    ClassRule, ColumnAt, ColumnSpec, Condition, Field, FlagSource, Heading, MarkRule, QualifierRule, Skip,
    Split, Subject, Test, When,
};
use crate::reading::{Class, Qualifier};

const FIELDS: &[(&str, Field)] = &[
    ("sample_id", Field::SampleId),
    ("analyte", Field::Analyte),
    ("channel", Field::Channel),
    ("unit", Field::Unit),
    ("value", Field::Value),
    ("flags", Field::Flags),
    ("class", Field::Class),
    ("file_name", Field::FileName),
    ("sheet", Field::Sheet),
    ("region", Field::Region),
    ("line", Field::Line),
];

/// The conditions under `key`: one table or a list of tables that must all hold.
pub(super) fn when(table: Table<'_>, key: &str, columns: &mut Columns) -> Parsed<Option<When>> {
    let Some(node) = table.node(key) else { return Ok(None) };
    let parts = match &node.value {
        Value::List(_) | Value::Table(_) => table.tables(key, "when")?,
        _ => {
            return Err(table.fail(
                key,
                "a condition is a table",
                "when = { column = \"Type\", equals = \"Blk\" }",
            ));
        }
    };
    if parts.is_empty() {
        return Err(table.fail(key, "there is no condition", "Give at least one"));
    }
    parts.into_iter().map(|part| condition(part, columns)).collect::<Parsed<When>>().map(Some)
}

pub(super) fn required_when(table: Table<'_>, columns: &mut Columns) -> Parsed<When> {
    when(table, "when", columns)?
        .ok_or_else(|| table.fail("when", "this key is missing", "Say when the rule holds"))
}

fn condition(table: Table<'_>, columns: &mut Columns) -> Parsed<Condition> {
    let column = columns.one(table, "column")?;
    let field = table.choice("field", FIELDS)?;
    let subject = match (column, field, table.text("attribute")?) {
        (Some(column), None, None) => Subject::Column(column),
        (None, Some(field), None) => Subject::Field(field),
        (None, None, Some(name)) => Subject::Attribute(name),
        _ => {
            let problem = "it is not clear what is looked at";
            return Err(table.fail("column", problem, "Give exactly one of column, field, attribute"));
        }
    };
    let equals = table.texts("equals")?;
    let register = table.choice("register", &[("reference_materials", ())])?;
    let test = match (equals.is_empty(), table.regex("matches")?, table.flag("empty")?, register) {
        (false, None, None, None) => Test::Equals(equals),
        (true, Some(pattern), None, None) => Test::Matches(pattern),
        (true, None, Some(empty), None) => Test::Empty(empty),
        (true, None, None, Some(())) => Test::Register,
        _ => {
            let problem = "it is not clear what is asked";
            return Err(table.fail(
                "equals",
                problem,
                "Give exactly one of equals, matches, empty, register",
            ));
        }
    };
    Ok(Condition { subject, test, not: table.flag("not")?.unwrap_or(false) })
}

/// Whether a condition looks at a column by its name, which only rows of data have.
pub(super) fn names_a_column(when: &When, columns: &Columns) -> bool {
    let by_name = |spec: &ColumnSpec| !matches!(spec.at, ColumnAt::Position(_));
    when.iter().any(|condition| match &condition.subject {
        Subject::Column(id) => columns.all[id.0].alternatives.iter().all(by_name),
        Subject::Attribute(_) | Subject::Field(_) => false,
    })
}

/// Rules about rows are asked before the row is taken apart: what a reading says is not known yet.
pub(super) fn known_of_a_row(table: Table<'_>, when: &When) -> Parsed<()> {
    let later =
        |field: &Field| !matches!(field, Field::Line | Field::FileName | Field::Sheet | Field::Region);
    let hit = when.iter().find_map(|condition| match &condition.subject {
        Subject::Field(field) if later(field) => FIELDS.iter().find(|(_, one)| one == field),
        _ => None,
    });
    match hit {
        None => Ok(()),
        Some((name, _)) => {
            let problem = format!("the field `{name}` is not known yet when a rule about rows is asked");
            Err(table.fail("field", problem, "Use column = …, or field = \"line\""))
        }
    }
}

/// Conditions that find a header or a region: no names of columns are known before it.
pub(super) fn before_header(table: Table<'_>, when: Option<&When>, columns: &Columns) -> Parsed<()> {
    let Some(when) = when else { return Ok(()) };
    known_of_a_row(table, when)?;
    if names_a_column(when, columns) {
        let problem = "a column is named here, but names are known only once the header is found";
        return Err(table.fail("column", problem, "Use its position (column = 1), or field = \"line\""));
    }
    Ok(())
}

pub(super) fn skips(table: Table<'_>, columns: &mut Columns) -> Parsed<Vec<Skip>> {
    let rules = table.tables("skip", "skip")?.into_iter().enumerate();
    rules
        .map(|(index, rule)| {
            let reason = rule.text("reason")?.unwrap_or_else(|| format!("skip rule {}", index + 1));
            let when = required_when(rule, columns)?;
            known_of_a_row(rule, &when)?;
            let of_data = names_a_column(&when, columns);
            Ok(Skip { when, reason, of_data })
        })
        .collect()
}

fn heading_when(rule: Table<'_>, columns: &mut Columns) -> Parsed<When> {
    let when = when(rule, "when", columns)?.unwrap_or_default();
    known_of_a_row(rule, &when)?;
    Ok(when)
}

pub(super) fn headings(table: Table<'_>, columns: &mut Columns) -> Parsed<Vec<Heading>> {
    let mut headings = Vec::new();
    for (index, rule) in table.tables("heading", "heading")?.into_iter().enumerate() {
        let Some(pattern) = rule.regex("pattern")? else {
            return Err(rule.fail("pattern", "this key is missing", "Add a pattern with named groups"));
        };
        headings.push(Heading {
            when: heading_when(rule, columns)?,
            cell: rule.count("cell")?.map(|cell| cell - 1),
            pattern,
            block: rule.flag("block")?.unwrap_or(index == 0),
        });
    }
    Ok(headings)
}

pub(super) fn qualifier_word(table: Table<'_>, key: &str, word: &str) -> Parsed<Qualifier> {
    Qualifier::from_word(word).ok_or_else(|| {
        let all: Vec<&str> = Qualifier::ALL.iter().map(|one| one.as_str()).collect();
        table.fail(key, format!("`{word}` is not a qualifier"), format!("Choose from: {}", all.join(", ")))
    })
}

pub(super) fn tokens(table: Table<'_>) -> Parsed<Vec<(String, Qualifier)>> {
    let entries = table.dictionary("tokens")?;
    entries.into_iter().map(|(token, word)| Ok((token, qualifier_word(table, "tokens", &word)?))).collect()
}

pub(super) fn qualifiers(table: Table<'_>, columns: &mut Columns) -> Parsed<Vec<QualifierRule>> {
    let rules = table.tables("qualifier", "qualifier")?.into_iter();
    rules
        .map(|rule| {
            Ok(QualifierRule {
                when: required_when(rule, columns)?,
                is: qualifier_word(rule, "is", &rule.required("is")?)?,
                limit_printed: rule.choice("limit", &[("printed", true), ("none", false)])?.unwrap_or(true),
            })
        })
        .collect()
}

pub(super) fn class_word(table: Table<'_>, key: &str, word: &str) -> Parsed<Class> {
    Class::from_word(word).ok_or_else(|| {
        let all: Vec<&str> = Class::ALL.iter().map(|one| one.as_str()).collect();
        table.fail(key, format!("`{word}` is not a class"), format!("Choose from: {}", all.join(", ")))
    })
}

pub(super) fn classes(table: Table<'_>, columns: &mut Columns) -> Parsed<Vec<ClassRule>> {
    let rules = table.tables("class", "class")?.into_iter();
    rules
        .map(|rule| {
            let is = class_word(rule, "is", &rule.required("is")?)?;
            if rule.has("unit") && is != Class::Statistics {
                let problem = format!("does nothing for class {}", is.as_str());
                let remedy = "Only statistics have a unit of their own; see [unit], [[columns.set]]";
                return Err(rule.fail("unit", problem, remedy));
            }
            Ok(ClassRule { when: required_when(rule, columns)?, is, unit: rule.text("unit")? })
        })
        .collect()
}

pub(super) fn flags(table: Table<'_>, columns: &mut Columns) -> Parsed<Vec<FlagSource>> {
    let mut flags = Vec::new();
    for rule in table.tables("flag", "flag")? {
        let Some(column) = columns.one(rule, "column")? else {
            return Err(rule.fail("column", "this key is missing", "Say which column holds the flags"));
        };
        let split = match rule.text("split")?.as_deref() {
            None | Some("") => Split::No,
            Some("characters") => Split::Characters,
            Some(separator) => Split::At(separator.to_owned()),
        };
        let one = "`only` leaves all others out; give one of the two";
        super::idle::beside(rule, &[("ignore", &["only"], one)])?;
        let only = if rule.has("only") { Some(rule.texts("only")?) } else { None };
        let known = rule.regexes("known")?;
        flags.push(FlagSource { column, split, ignore: rule.texts("ignore")?, only, known });
    }
    Ok(flags)
}

/// The rules under `mark`, and the constant `marks`.
pub(super) fn marks(table: Table<'_>, columns: &mut Columns) -> Parsed<Vec<MarkRule>> {
    let mut marks: Vec<MarkRule> =
        table.texts("marks")?.into_iter().map(|mark| MarkRule { when: Vec::new(), mark }).collect();
    for rule in table.tables("mark", "mark")? {
        marks.push(MarkRule { when: required_when(rule, columns)?, mark: rule.required("mark")? });
    }
    Ok(marks)
}
