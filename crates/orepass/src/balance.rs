//! `orepass balance`: a flowsheet and its measurements, reconciled and judged; what trials and signals say.

mod explain;
mod identify;
mod sets;
mod steady;
mod target;

use std::path::Path;

use anyhow::{Context, Result};
use balance::{Answer, Case, Given, Reconciled, Target, Wrong, sheet};
use clap::{Arg, ArgAction, ArgMatches, Command};
use intake::Limits;
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::print;

/// Which of its subcommands need no data folder.
pub const ALONE: [&str; 3] = ["solve", "identify", "steady"];

/// Its arguments.
pub fn command() -> Command {
    let solve = Command::new("solve")
        .about("Reconcile the measurements of a flowsheet and judge them; needs no data folder")
        .arg(file())
        .arg(
            Arg::new("explain")
                .long("explain")
                .action(ArgAction::SetTrue)
                .help("Where it does not close, the fewest faults that together explain it"),
        );
    Command::new("balance")
        .about("Metal balances: reconcile a flowsheet, find what breaks it")
        .subcommand_required(true)
        .subcommand(target::arguments(solve))
        .subcommand(identify::command())
        .subcommand(steady::command())
}

fn file() -> Arg {
    Arg::new("file")
        .value_name("FILE")
        .num_args(1..)
        .required(true)
        .help("JSON, a workbook, text files, or a folder of text files: docs/balance.md; - is standard input")
}

/// Answers what needs no data folder.
pub fn run(own: &ArgMatches) -> Result<Exit> {
    let Some((name, own)) = own.subcommand() else { return Ok(Exit::Usage) };
    let json = own.get_one::<String>("format").is_some_and(|format| format == "json");
    match name {
        "solve" => solve(own, json),
        "identify" => identify::run(own, json),
        "steady" => steady::run(own, json),
        _ => Ok(Exit::Usage),
    }
}

/// Solves what a file holds.
fn solve(own: &ArgMatches, as_json: bool) -> Result<Exit> {
    let ((paths, given), asked) = match read(own).and_then(|read| Ok((read, Asked::read(own)?))) {
        Ok(asked) => asked,
        Err(error) => return Ok(refuse(&format!("{error:#}"), as_json)),
    };
    let answered = if given.sets.is_empty() {
        balance::reconcile(&given).and_then(|reconciled| one(&reconciled, &asked))
    } else {
        sets::answer(&given, &asked)
    };
    let (value, text) = match answered {
        Ok(answered) => answered,
        Err(wrong) => return Ok(refuse(&confused(&paths, &wrong), as_json)),
    };
    if as_json {
        print::say(&serde_json::to_string_pretty(&value)?);
    } else {
        print::say(text.trim_end());
    }
    Ok(Exit::Ok)
}

/// What is asked beside the answer.
struct Asked {
    targets: Vec<Target>,
    /// Of a further measurement, where none is known.
    relative: f64,
    explain: bool,
}

impl Asked {
    fn read(own: &ArgMatches) -> Result<Self> {
        let (targets, relative) = target::targets(own)?;
        Ok(Asked { targets, relative, explain: own.get_flag("explain") })
    }
}

/// One balance as JSON, and set for reading.
fn one(reconciled: &Reconciled, asked: &Asked) -> Result<(Value, String), Wrong> {
    let answer = reconciled.answer();
    let mut value = json!(answer);
    value["recoveries"] = json!(reconciled.recoveries());
    if !asked.targets.is_empty() {
        let (influence, next) = target::answer(reconciled, &asked.targets, asked.relative)?;
        (value["influence"], value["next_measurement"]) = (influence, next);
    }
    let mut text = table(&answer, &value);
    if asked.explain {
        let explained = reconciled.explain(&explain::alike);
        value["explanations"] = json!(explained.explanations);
        value["explanations_cut"] = json!(explained.cut);
        text.push_str(&explain::table(&answer, &explained));
    }
    Ok((value, text))
}

/// Says what cannot be right.
fn refuse(problem: &str, as_json: bool) -> Exit {
    if as_json {
        print::say(&serde_json::to_string_pretty(&json!({ "error": problem })).unwrap_or_default());
    }
    eprintln!("orepass: {problem}");
    Exit::Usage
}

fn confused(paths: &[String], wrong: &Wrong) -> String {
    format!("{}: {wrong}", paths.join(", "))
}

/// The files that are named, and the balance that they hold.
fn read(own: &ArgMatches) -> Result<(Vec<String>, Given)> {
    let paths: Vec<String> = own.get_many::<String>("file").into_iter().flatten().cloned().collect();
    let given = given(&paths)?;
    Ok((paths, given))
}

/// The balance that files hold.
fn given(paths: &[String]) -> Result<Given> {
    let mut rows = Vec::new();
    for path in paths {
        for (name, bytes) in files(path)? {
            let first =
                bytes.iter().find(|byte| !byte.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(byte));
            if first == Some(&b'{') {
                anyhow::ensure!(paths.len() == 1, "{name} is JSON and holds a whole balance; give it alone");
                return parsed(&name, &bytes);
            }
            let sheets = intake::sheets(&name, &bytes, &Limits::default()).map_err(anyhow::Error::new)?;
            sheets.iter().try_for_each(|found| all_seen(&name, found))?;
            rows.extend(sheets.into_iter().map(|found| sheet::Rows {
                file: name.clone(),
                sheet: found.name,
                rows: found.rows.into_iter().map(|row| (row.number, row.cells)).collect(),
            }));
        }
    }
    Ok(sheet::read(&rows)?)
}

/// Refuses a sheet that hides rows or columns: what nobody saw is no figure, and leaving it out is no answer.
fn all_seen(file: &str, sheet: &intake::Sheet) -> Result<()> {
    anyhow::ensure!(
        sheet.hidden.is_empty(),
        "{file}, sheet {}: {} are hidden in the workbook; show or delete them, and save it again",
        sheet.name,
        sheet.hidden.join(", ")
    );
    Ok(())
}

fn files(path: &str) -> Result<Vec<(String, Vec<u8>)>> {
    if path == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes)
            .context("read standard input")?;
        return Ok(vec![("standard input".to_owned(), bytes)]);
    }
    let read = |path: &Path| {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let bytes = std::fs::read(path).with_context(|| format!("read {}", path.display()))?;
        Ok((name, bytes))
    };
    if !Path::new(path).is_dir() {
        return Ok(vec![read(Path::new(path))?]);
    }
    let entries = std::fs::read_dir(path).with_context(|| format!("read the folder {path}"))?;
    let mut inside: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    inside.retain(|path| path.extension().is_some_and(|end| end == "csv" || end == "txt" || end == "tsv"));
    inside.sort();
    anyhow::ensure!(!inside.is_empty(), "the folder {path} holds no .csv, .tsv or .txt file");
    inside.iter().map(|path| read(path)).collect()
}

/// A balance in JSON, or a case of the literature.
fn parsed(name: &str, bytes: &[u8]) -> Result<Given> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let value: Value = serde_json::from_slice(bytes).with_context(|| format!("{name} is no JSON"))?;
    if value.get("kind").is_some() && value.get("inputs").is_some() {
        let case: Case = serde_json::from_value(value).with_context(|| format!("{name}: read the case"))?;
        return case.given().with_context(|| name.to_owned());
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let (path, inner) = (error.path().to_string(), error.inner().to_string());
        anyhow::anyhow!("{name}: `{path}`: {inner}")
    })
}

fn table(answer: &Answer, value: &Value) -> String {
    let values = ["stream", "of", "measured", "measured_sd", "value", "sd", "lower", "upper", "adjustment"];
    let names: Vec<&str> = values.into_iter().chain(["measurement_test", "detectability", "class"]).collect();
    let mut out = print::rows(&rounded(&value["values"]), &names);
    out.push('\n');
    let names = ["node", "of", "imbalance", "nodal_test", "glr_leak", "leak_estimate"];
    out.push_str(&print::rows(&rounded(&value["nodes"]), &names));
    let names = ["stream", "of", "amount", "amount_sd", "recovery", "sd", "lower", "upper"];
    out.push_str(&format!("\nrecoveries\n{}", print::rows(&rounded(&value["recoveries"]), &names)));
    out.push_str(&target::table(value));
    out.push_str(&closes(value));
    if let Some(limit) = answer.measurement_test_critical {
        out.push_str(&format!("a measurement test above {} is suspect\n", short(limit)));
    }
    for suspect in &answer.suspects {
        let what = blamed(&suspect.what);
        let ties: Vec<String> = suspect.ties.iter().map(blamed).collect();
        let ties =
            if ties.is_empty() { String::new() } else { format!("; just as well: {}", ties.join(", ")) };
        out.push_str(&format!(
            "suspect {}: {what}, test {}; without it χ² is {} with {} degrees of freedom{ties}\n",
            suspect.rank,
            short(suspect.statistic),
            short(suspect.objective_after),
            suspect.dof_after
        ));
    }
    if !answer.converged {
        out.push_str("NOT CONVERGED: do not use these figures\n");
    }
    for note in &answer.notes {
        out.push_str(&format!("note: {}\n", note.message));
    }
    out
}

/// The global test in words.
fn closes(value: &Value) -> String {
    let number = |key: &str| value[key].as_f64().map_or_else(|| "–".to_owned(), short);
    let (objective, limit) = (number("objective"), number("chi2_critical"));
    let verdict = value["global_test"].as_str().unwrap_or_default();
    let dof = &value["dof"];
    format!("\nχ² {objective} with {dof} degrees of freedom, critical {limit}: {verdict}\n")
}

fn blamed(what: &balance::Blamed) -> String {
    match what {
        balance::Blamed::Bias { stream, of } => format!("{of} of {stream}"),
        balance::Blamed::Leak { node, of } => format!("a leak of {of} at {node}"),
    }
}

/// Numbers to six significant digits, for reading.
fn rounded(rows: &Value) -> Value {
    let cell = |value: &Value| match value.as_f64() {
        Some(number) => Value::String(short(number)),
        None => value.clone(),
    };
    let row = |row: &Value| match row.as_object() {
        Some(map) => Value::Object(map.iter().map(|(key, value)| (key.clone(), cell(value))).collect()),
        None => row.clone(),
    };
    Value::Array(rows.as_array().into_iter().flatten().map(row).collect())
}

fn short(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let digits = 5 - number.abs().log10().floor() as i32;
    if (0..12).contains(&digits) {
        let text = format!("{number:.*}", digits as usize);
        let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
        return text.to_owned();
    }
    if digits < 0 && digits > -10 { format!("{number:.0}") } else { format!("{number:.5e}") }
}
