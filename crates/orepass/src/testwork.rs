//! `orepass testwork`: formulae of test work on a file. No data folder, nothing stored.

use std::io::Read as _;

use anyhow::{Context, Result};
use balance::formulae::reading::Sheet;
use balance::formulae::registry::{self, Formula};
use balance::formulae::{Fault, Problem};
use clap::{Arg, ArgMatches, Command};
use serde_json::{Map, Value, json};

use crate::exit::Exit;
use crate::print;

/// A sheet larger than this is no test work.
const MOST_BYTES: u64 = 16 << 20;

/// Its arguments.
pub fn command() -> Command {
    let file = || {
        Arg::new("file").value_name("FILE").required(true).help(
            "JSON (fields, or a case with `kind` and `inputs`), a table with a header row, or - to read it",
        )
    };
    let of = |formula: &Formula| {
        Command::new(formula.name)
            .aliases(formula.aliases.iter().copied())
            .about(formula.about)
            .arg(file())
            .after_help(format!("Keys and units: docs/testwork.md.\n\nExample:\n{}", shell(formula)))
    };
    Command::new("testwork")
        .about("Formulae of test work and metal accounting; needs no data folder")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(Command::new("run").about("The formula that the file names by its `kind`").arg(file()))
        .subcommands(registry::ALL.iter().map(of))
}

/// Works the file out and prints the answer.
pub fn run(own: &ArgMatches) -> Result<Exit> {
    let Some((name, own)) = own.subcommand() else { return Ok(Exit::Usage) };
    let json = own.get_one::<String>("format").is_some_and(|format| format == "json");
    let path = own.get_one::<String>("file").cloned().unwrap_or_default();
    let text = match read(&path)? {
        Ok(text) => text,
        Err(problem) => return Ok(refuse(&problem, json)),
    };
    let answered = Sheet::parse(&text).and_then(|sheet| {
        let formula = match registry::named(name) {
            Some(formula) => formula,
            None => registry::of_kind(&sheet)?,
        };
        formula.answer(&sheet)
    });
    match answered {
        Ok(answer) if json => print::say(&serde_json::to_string_pretty(&answer)?),
        Ok(answer) => print::say(shown(&answer, "").trim_end()),
        Err(problem) => return Ok(refuse(&problem, json)),
    }
    Ok(Exit::Ok)
}

/// The text of a file, or of standard input; or why it is no text.
fn read(path: &str) -> Result<Result<String, Problem>> {
    let mut bytes = Vec::new();
    if path == "-" {
        std::io::stdin().take(MOST_BYTES + 1).read_to_end(&mut bytes).context("read standard input")?;
    } else {
        let file = std::fs::File::open(path).with_context(|| format!("read {path}"))?;
        file.take(MOST_BYTES + 1).read_to_end(&mut bytes).with_context(|| format!("read {path}"))?;
    }
    let problem = |why: String| Problem { field: "input".to_owned(), fault: Fault::Unreadable(why) };
    if bytes.len() as u64 > MOST_BYTES {
        return Ok(Err(problem(format!("has more than {MOST_BYTES} bytes; give one test at a time"))));
    }
    Ok(String::from_utf8(bytes).map_err(|error| problem(format!("is not UTF-8 ({error}); save it as UTF-8"))))
}

fn refuse(problem: &Problem, json: bool) -> Exit {
    if json {
        let told = json!({ "title": "fields", "errors": [
            { "field": problem.field, "message": problem.fault.to_string() }
        ]});
        print::say(&serde_json::to_string_pretty(&told).unwrap_or_default());
    }
    eprintln!("orepass: {problem}");
    Exit::Usage
}

fn shell(formula: &Formula) -> String {
    format!("  orepass testwork {} - <<'END'\n{}\nEND", formula.name, formula.example)
}

/// An answer set for reading: single figures first, then columns side by side, then what lies deeper.
fn shown(value: &Value, heading: &str) -> String {
    let Value::Object(fields) = value else { return format!("{heading}: {}\n", figure(value)) };
    let mut out = String::new();
    if !heading.is_empty() {
        out.push_str(&format!("\n{heading}\n"));
    }
    let indent = if heading.is_empty() { "" } else { "  " };
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_object() && !value.is_array()) {
        out.push_str(&format!("{indent}{name}: {}\n", figure(value)));
    }
    for (name, value) in fields.iter().filter(|(_, value)| interval(value).is_some()) {
        out.push_str(&format!("{indent}{name}: {}\n", interval(value).unwrap_or_default()));
    }
    out.push_str(&columns(fields));
    for (name, value) in fields {
        let inside = if heading.is_empty() { name.clone() } else { format!("{heading} · {name}") };
        match value {
            Value::Object(_) if interval(value).is_none() => out.push_str(&shown(value, &inside)),
            Value::Array(rows) if rows.first().is_some_and(Value::is_object) => {
                let mut names: Vec<&str> = Vec::new();
                for key in rows.iter().filter_map(Value::as_object).flat_map(Map::keys) {
                    if !names.contains(&key.as_str()) {
                        names.push(key);
                    }
                }
                let set: Vec<Value> = rows.iter().map(rounded).collect();
                out.push_str(&format!("\n{inside}\n{}", print::rows(&Value::Array(set), &names)));
            }
            _ => {}
        }
    }
    out
}

/// Lists of plain figures: those of one length side by side.
fn columns(fields: &Map<String, Value>) -> String {
    let plain = |value: &Value| match value {
        Value::Array(list) => !list.is_empty() && !list.iter().any(Value::is_object),
        _ => false,
    };
    let lists: Vec<(&String, &Vec<Value>)> = fields
        .iter()
        .filter(|(_, value)| plain(value))
        .filter_map(|(name, value)| value.as_array().map(|list| (name, list)))
        .collect();
    let mut lengths: Vec<usize> = Vec::new();
    lists.iter().for_each(|(_, list)| {
        if !lengths.contains(&list.len()) {
            lengths.push(list.len());
        }
    });
    let mut out = String::new();
    for length in lengths {
        let these: Vec<_> = lists.iter().filter(|(_, list)| list.len() == length).collect();
        let names: Vec<&str> = these.iter().map(|(name, _)| name.as_str()).collect();
        let row = |at: usize| {
            let cell =
                |(name, list): &&(&String, &Vec<Value>)| ((*name).clone(), Value::from(figure(&list[at])));
            Value::Object(these.iter().map(cell).collect())
        };
        let rows: Vec<Value> = (0..length).map(row).collect();
        out.push_str(&format!("\n{}", print::rows(&Value::Array(rows), &names)));
    }
    out
}

fn rounded(row: &Value) -> Value {
    let Value::Object(fields) = row else { return row.clone() };
    let cell = |value: &Value| interval(value).unwrap_or_else(|| figure(value));
    Value::Object(fields.iter().map(|(name, value)| (name.clone(), Value::from(cell(value)))).collect())
}

/// `1.2 to 3.4` of an interval.
fn interval(value: &Value) -> Option<String> {
    let map = value.as_object().filter(|map| map.len() == 2)?;
    Some(format!("{} to {}", figure(map.get("low")?), figure(map.get("high")?)))
}

/// Six significant digits: a table is read, JSON holds them all.
fn figure(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(figure).collect::<Vec<_>>().join(" · "),
        Value::Object(map) => map
            .iter()
            .map(|(name, value)| format!("{name} {}", figure(value)))
            .collect::<Vec<_>>()
            .join(" · "),
        Value::Number(number) if number.is_f64() => significant(number.as_f64().unwrap_or(f64::NAN)),
        other => other.to_string(),
    }
}

fn significant(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let power = number.abs().log10().floor();
    if !(-5.0..15.0).contains(&power) {
        return format!("{number:.5e}");
    }
    let places = (5.0 - power).max(0.0) as usize;
    let text = format!("{number:.places$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_six_digits_and_no_tail_of_zeros() {
        for (number, want) in
            [(92.015_557_5, "92.0156"), (0.5, "0.5"), (1_369_631.59, "1369632"), (2e-9, "2.00000e-9")]
        {
            assert_eq!(significant(number), want);
        }
    }

    #[test]
    fn every_answer_can_be_shown() {
        for formula in registry::ALL {
            let sheet = Sheet::parse(formula.example).unwrap();
            let text = shown(&formula.answer(&sheet).unwrap(), "");
            assert!(text.lines().count() > 3, "{}: {text}", formula.name);
        }
    }
}
