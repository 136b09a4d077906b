//! How the input of a formula comes in: JSON or a table, bare or inside a case.
//!
//! Keys are read without regard to case, with blanks and dashes as underscores. What describes a problem
//! and is no figure of it (`id`, `kind`, `title`, `note`, …) is left alone. Nothing that is not a number
//! becomes one.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::measured;
use super::problem::{Fault, Problem};

/// Named fields, as they were written.
pub type Fields = Map<String, Value>;

/// The input of one problem.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Which formula, where the file says so.
    pub kind: Option<String>,
    /// The fields.
    pub fields: Fields,
    /// The rest of a case file.
    pub case: Fields,
    /// Whether it came as a table: then every field is a column.
    pub table: bool,
}

/// What describes a problem.
const WORDS: [&str; 13] = [
    "id",
    "kind",
    "title",
    "source",
    "provenance",
    "published",
    "expected",
    "tolerance",
    "note",
    "notes",
    "comment",
    "description",
    "$schema",
];

impl Sheet {
    /// Reads JSON (an object of fields, or a case with `inputs`) or a table with a row of names.
    pub fn parse(text: &str) -> Result<Sheet, Problem> {
        let text = text.trim_start_matches('\u{feff}');
        match text.trim_start().chars().next() {
            None => Err(Problem::unreadable(
                "input",
                "is empty; give a JSON object, or a table with a header row",
            )),
            Some('{' | '[') => json(text),
            Some(_) => table(text),
        }
    }
}

fn json(text: &str) -> Result<Sheet, Problem> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        Problem::unreadable("input", format!("is no JSON: {error}; NaN is no number in JSON"))
    })?;
    let Value::Object(mut whole) = value else {
        return Err(Problem::unreadable("input", "is a list; give an object with named fields"));
    };
    let kind = whole.get("kind").and_then(Value::as_str).map(str::to_owned);
    if let Some(Value::Object(fields)) = whole.remove("inputs") {
        return Ok(Sheet { kind, fields, case: whole, table: false });
    }
    let fields = whole.into_iter().filter(|(key, _)| !WORDS.contains(&key.as_str())).collect();
    Ok(Sheet { kind, fields, case: Map::new(), table: false })
}

/// A table: comma, semicolon or tab between the cells, names in the first row. `c_sd` beside `c` is its
/// standard deviation.
fn table(text: &str) -> Result<Sheet, Problem> {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let delimiter =
        *[b'\t', b';', b','].iter().max_by_key(|one| header.matches(**one as char).count()).unwrap_or(&b',');
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(text.as_bytes());
    let wrong = |error: csv::Error| Problem::unreadable("input", format!("is no JSON and no table: {error}"));
    let names: Vec<String> = reader.headers().map_err(wrong)?.iter().map(str::to_owned).collect();
    let mut columns: Vec<Vec<Value>> = vec![Vec::new(); names.len()];
    for row in reader.records() {
        for (at, cell) in row.map_err(wrong)?.iter().enumerate() {
            columns[at].push(cell_value(cell));
        }
    }
    if columns.first().is_none_or(Vec::is_empty) {
        return Err(Problem::unreadable("input", "has no row below the names; a JSON object begins with {"));
    }
    let mut fields = Map::new();
    for (name, column) in names.iter().zip(columns) {
        if name.is_empty() {
            return Err(Problem::unreadable("input", "has a column without a name; name it or leave it out"));
        }
        if fields.insert(name.clone(), Value::Array(column)).is_some() {
            return Err(Problem::unreadable(name, "is the name of two columns; give each its own"));
        }
    }
    pair(&mut fields);
    Ok(Sheet { kind: None, fields, case: Map::new(), table: true })
}

fn cell_value(cell: &str) -> Value {
    let plain = cell.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E'));
    let number = cell.parse::<f64>().ok().filter(|number| plain && number.is_finite());
    match number.and_then(serde_json::Number::from_f64) {
        Some(number) => Value::Number(number),
        None if cell.is_empty() => Value::Null,
        None => Value::String(cell.to_owned()),
    }
}

fn pair(fields: &mut Fields) {
    let with_sd: Vec<String> =
        fields.keys().filter(|key| fields.contains_key(&format!("{key}_sd"))).cloned().collect();
    for name in with_sd {
        let Some(Value::Array(sds)) = fields.shift_remove(&format!("{name}_sd")) else { continue };
        if let Some(Value::Array(values)) = fields.get_mut(&name) {
            for (value, sd) in values.iter_mut().zip(sds) {
                if !(value.is_null() && sd.is_null()) {
                    *value = Value::Array(vec![value.take(), sd]);
                }
            }
        }
    }
}

/// A name as it is compared: in small letters, with underscores.
pub fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}

/// All keys as they are compared. Two that become one are refused.
pub fn plain_keys(fields: Fields) -> Result<Fields, Problem> {
    let mut all = Map::new();
    for (key, value) in fields {
        if all.insert(plain(&key), value).is_some() {
            return Err(Problem::unreadable(key, "is there twice; give it once"));
        }
    }
    Ok(all)
}

/// Columns of a table that are to be one figure become it: the same in every row, or written once.
pub fn single(fields: &mut Fields, is_column: fn(&str) -> bool) -> Result<(), Problem> {
    for (name, value) in fields.iter_mut().filter(|(name, _)| !is_column(&plain(name))) {
        let Value::Array(cells) = value else { continue };
        let mut said = cells.iter().enumerate().filter(|(_, cell)| !cell.is_null());
        let first = said.next().map_or(Value::Null, |(_, cell)| cell.clone());
        if let Some((row, other)) = said.find(|(_, cell)| **cell != first) {
            let why =
                format!("holds {first} and in row {} {other}; it is one figure for the whole table", row + 1);
            return Err(Problem::unreadable(name, why));
        }
        *value = first;
    }
    Ok(())
}

/// The typed input, or the field that cannot be read and what stands there.
pub fn typed<T: DeserializeOwned>(fields: Fields) -> Result<T, Problem> {
    let whole = Value::Object(fields);
    serde_path_to_error::deserialize(&whole).map_err(|error| {
        let path = error.path().clone();
        let place = place(&path);
        let words = error.into_inner().to_string();
        let inside = |name: &str| if place == "." { name.to_owned() } else { format!("{place}.{name}") };
        let quoted = words.split('`').nth(1).unwrap_or_default();
        if words.starts_with("missing field") {
            return Problem::missing(
                inside(quoted),
                "its value; docs/testwork.md lists the keys and their units",
            );
        }
        if words.starts_with("unknown field") {
            let known = words.split_once("expected").map(|(_, known)| known.trim()).unwrap_or_default();
            let known = known.trim_start_matches("one of ");
            let name = place.rsplit('.').next().unwrap_or_default();
            let field = if name == quoted { place.clone() } else { inside(quoted) };
            return Problem::unreadable(field, format!("is not read here; known are {known}"));
        }
        match at(&whole, &path) {
            Some(value @ (Value::Null | Value::String(_) | Value::Bool(_)))
                if words.contains("expected f64") =>
            {
                let fault = measured::number(value).err().unwrap_or(Fault::Blank);
                Problem::new(place, fault)
            }
            _ => Problem::unreadable(place, words),
        }
    })
}

/// The path with rows from 1.
fn place(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut text = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => text.push_str(&format!("[{}]", index + 1)),
            Segment::Map { key } | Segment::Enum { variant: key } => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(key);
            }
            Segment::Unknown => {}
        }
    }
    if text.is_empty() { ".".to_owned() } else { text }
}

fn at<'a>(whole: &'a Value, path: &serde_path_to_error::Path) -> Option<&'a Value> {
    use serde_path_to_error::Segment;
    path.iter().try_fold(whole, |value, segment| match segment {
        Segment::Seq { index } => value.get(index),
        Segment::Map { key } => value.get(key),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_keeps_words_and_blanks_for_what_they_are() {
        let sheet = Sheet::parse("time_min;recovery_pct\n0.5;33.1\n1;<50\n2;\n").unwrap();
        assert_eq!(sheet.fields["time_min"], serde_json::json!([0.5, 1.0, 2.0]));
        assert_eq!(sheet.fields["recovery_pct"], serde_json::json!([33.1, "<50", null]));
    }

    #[test]
    fn standard_deviations_stand_beside_their_values() {
        let sheet = Sheet::parse("a,a_sd,b\n1,0.1,7\n2,0.2,7\n").unwrap();
        assert_eq!(sheet.fields["a"], serde_json::json!([[1.0, 0.1], [2.0, 0.2]]));
        assert!(!sheet.fields.contains_key("a_sd"));
    }

    #[test]
    fn what_is_no_input_is_said() {
        for text in ["", "  \n", "[1, 2]", "{\"a\": NaN}", "{", "a,b\n", "a,a\n1,2\n", "a,b\n1,2,3\n"] {
            assert!(Sheet::parse(text).is_err(), "{text:?}");
        }
    }
}
