//! `orepass balance steady`: are these signals steady?

use anyhow::{Context, Result, bail};
use balance::steady::{Filters, SETTLED, cao_rhinehart, limit, von_neumann};
use clap::{Arg, ArgMatches, Command};
use intake::Limits;
use serde_json::{Value, json};

use super::{refuse, rounded};
use crate::exit::Exit;
use crate::print;

/// Headings of columns that say when, and are no signals.
const WHEN: [&str; 7] = ["time", "date", "timestamp", "when", "时间", "日期", "时刻"];

/// Its arguments.
pub fn command() -> Command {
    Command::new("steady")
        .about("Which signals are steady: Cao and Rhinehart's R and von Neumann's ratio, each judged")
        .arg(
            Arg::new("file").value_name("FILE").required(true).help(
                "Text or a workbook, one signal a column, its name in the first row; - is standard input",
            ),
        )
        .arg(
            Arg::new("confidence")
                .long("confidence")
                .value_name("PART")
                .default_value("0.95")
                .value_parser(["0.9", "0.95", "0.99"])
                .help("How sure it is to be that a signal called unsteady is"),
        )
}

/// One column.
struct Signal {
    name: String,
    samples: Vec<f64>,
    missing: usize,
}

/// Judges and prints.
pub fn run(own: &ArgMatches, json: bool) -> Result<Exit> {
    let path = own.get_one::<String>("file").cloned().unwrap_or_default();
    let confidence =
        own.get_one::<String>("confidence").and_then(|text| text.parse().ok()).unwrap_or(0.95_f64);
    let signals = match signals(&path) {
        Ok(signals) => signals,
        Err(error) => return Ok(refuse(&format!("{error:#}"), json)),
    };
    let series: Vec<Value> = signals.iter().map(|signal| judged(signal, confidence)).collect();
    let value = json!({
        "confidence": confidence, "filters": [0.2, 0.1, 0.1], "r_critical": limit(confidence),
        "series": series
    });
    if json {
        print::say(&serde_json::to_string_pretty(&value)?);
    } else {
        let names = ["name", "n", "missing", "mean", "r", "r_critical", "r_above", "ratio"];
        let names: Vec<&str> = names.into_iter().chain(["ratio_critical", "z", "verdict"]).collect();
        print::say(print::rows(&rounded(&value["series"]), &names).trim_end());
    }
    Ok(Exit::Ok)
}

fn judged(signal: &Signal, confidence: f64) -> Value {
    let samples = &signal.samples;
    let n = samples.len();
    let ratios = cao_rhinehart(samples, Filters::default());
    let critical = limit(confidence);
    let settled: Vec<f64> = ratios.iter().skip(SETTLED - 1).flatten().copied().collect();
    let last = ratios.last().copied().flatten().filter(|_| !settled.is_empty());
    let above = critical
        .filter(|_| !settled.is_empty())
        .map(|limit| settled.iter().filter(|r| **r > limit).count() as f64 / settled.len() as f64);
    let window = von_neumann(samples, confidence);
    let now = last.zip(critical).map(|(r, limit)| r <= limit);
    let constant = n > 1 && samples.iter().all(|x| *x == samples[0]);
    let verdict = match (now, window.map(|window| window.steady)) {
        _ if constant => "constant",
        (_, None) => "too-short",
        (Some(false), _) | (_, Some(false)) => "not-steady",
        (_, Some(true)) => "steady",
    };
    json!({
        "name": signal.name, "n": n, "missing": signal.missing,
        "mean": (n > 0).then(|| samples.iter().sum::<f64>() / n as f64),
        "r": last, "r_critical": critical, "r_above": above, "steady_now": now,
        "ratio": window.map(|w| w.ratio), "ratio_critical": window.map(|w| w.limit), "z": window.map(|w| w.z),
        "steady_window": window.map(|w| w.steady), "verdict": verdict,
    })
}

/// The signals of a file.
fn signals(path: &str) -> Result<Vec<Signal>> {
    let mut files = super::files(path)?;
    if files.len() != 1 {
        bail!("{path} is a folder; give one file of signals");
    }
    let (file, bytes) = files.remove(0);
    let mut sheets = intake::sheets(&file, &bytes, &Limits::default()).map_err(anyhow::Error::new)?;
    if sheets.len() > 1 {
        bail!("{file} has {} sheets with content; give one", sheets.len());
    }
    let sheet = sheets.pop().with_context(|| format!("{file} is empty"))?;
    super::all_seen(&file, &sheet)?;
    let mut rows = sheet.rows.into_iter();
    let headings = rows.next().map(|row| row.cells).unwrap_or_default();
    let rows: Vec<(u64, Vec<String>)> = rows.map(|row| (row.number, row.cells)).collect();
    if rows.is_empty() {
        bail!("{file} has headings and no samples below them");
    }
    let mut found: Vec<Signal> = Vec::new();
    for (at, heading) in headings.iter().enumerate() {
        let name = heading.trim();
        if WHEN.contains(&name.to_lowercase().as_str()) {
            continue;
        }
        let column = at + 1;
        if name.is_empty() {
            if rows.iter().any(|(_, cells)| cells.get(at).is_some_and(|cell| !cell.trim().is_empty())) {
                bail!("{file}: column {column} has samples and no heading; name it in the first row");
            }
            continue;
        }
        if name.parse::<f64>().is_ok() {
            bail!("{file}: column {column} is headed `{name}`, a number; the first row holds names");
        }
        if found.iter().any(|signal| signal.name == name) {
            bail!("{file}: two columns are headed `{name}`; give each a name of its own");
        }
        found.push(signal(&file, name, at, &rows)?);
    }
    if found.is_empty() {
        bail!("{file} has no column of samples");
    }
    Ok(found)
}

fn signal(file: &str, name: &str, at: usize, rows: &[(u64, Vec<String>)]) -> Result<Signal> {
    let (mut samples, mut missing) = (Vec::new(), 0);
    for (row, cells) in rows {
        let text = cells.get(at).map_or("", |cell| cell.trim());
        if text.is_empty() {
            missing += 1;
            continue;
        }
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
        samples.push(number.with_context(|| {
            format!(
                "{file}, row {row}, column `{name}`: `{text}` is no number; write it with a decimal point or \
                 leave the cell empty"
            )
        })?);
    }
    Ok(Signal { name: name.to_owned(), samples, missing })
}
