//! `orepass balance identify`: how often a bias in each meter would be found, by seeded trials.

use anyhow::Result;
use balance::{Identification, Quantity, Trials};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde_json::{Value, json};

use super::{confused, refuse, target};
use crate::demo::chance::Chance;
use crate::exit::Exit;
use crate::print;

/// Biases that are tried, in standard deviations of the meter.
const SIZES: [f64; 3] = [3.0, 5.0, 10.0];
/// How many figures are looked at, at the most: some ten seconds.
const MOST: u64 = 10_000_000_000;

/// Its arguments.
pub fn command() -> Command {
    let number = |name: &'static str, value: &'static str, start: &'static str| {
        Arg::new(name).long(name).value_name(value).default_value(start)
    };
    Command::new("identify")
        .about("How often a bias of 3, 5 and 10 standard deviations in each meter would be found, by trials")
        .arg(super::file())
        .arg(
            number("runs", "NUMBER", "1000")
                .value_parser(value_parser!(u32).range(1..=1_000_000))
                .help("Trials of each kind; a large flowsheet is given fewer, and it is said"),
        )
        .arg(
            number("seed", "NUMBER", "1")
                .value_parser(value_parser!(u64))
                .help("Where the chance starts; the same seed gives the same answer"),
        )
        .arg(
            Arg::new("meter")
                .long("meter")
                .value_name("STREAM:OF")
                .action(ArgAction::Append)
                .help("Only this meter, as feed:flow or feed:Cu; may be repeated"),
        )
}

/// Tries and prints.
pub fn run(own: &ArgMatches, json: bool) -> Result<Exit> {
    let (paths, given) = match super::read(own) {
        Ok(read) => read,
        Err(error) => return Ok(refuse(&format!("{error:#}"), json)),
    };
    let only: Vec<Quantity> = match target::quantities(own, "meter") {
        Ok(only) => only,
        Err(error) => return Ok(refuse(&format!("{error:#}"), json)),
    };
    let runs = own.get_one::<u32>("runs").copied().unwrap_or(1000);
    let seed = own.get_one::<u64>("seed").copied().unwrap_or(1);
    let trials = Trials { runs, sizes: SIZES.to_vec(), only, most: MOST };
    let mut chance = Chance::new(seed);
    let found = match balance::identification(&given, &trials, &mut || normal(&mut chance)) {
        Ok(found) => found,
        Err(wrong) => return Ok(refuse(&confused(&paths, &wrong), json)),
    };
    let notes = notes(&found, &trials);
    let mut value = serde_json::to_value(&found)?;
    value["seed"] = json!(seed);
    value["confidence"] = json!(given.options.confidence);
    value["notes"] = json!(notes);
    if json {
        print::say(&serde_json::to_string_pretty(&value)?);
    } else {
        print::say(table(&found, &notes, given.options.confidence).trim_end());
    }
    Ok(Exit::Ok)
}

/// A standard normal number, by Box and Muller.
fn normal(chance: &mut Chance) -> f64 {
    let (a, b) = (1.0 - chance.even(), chance.even());
    (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
}

fn notes(found: &Identification, trials: &Trials) -> Vec<Value> {
    let mut notes = Vec::new();
    let mut note = |code: &str, message: String| notes.push(json!({ "code": code, "message": message }));
    if found.trials < trials.runs {
        let message = format!(
            "{} trials of each kind in place of {}: more would take too long on a flowsheet of this size",
            found.trials, trials.runs
        );
        note("fewer-trials", message);
    }
    if found.left_out > 0 {
        let message = format!(
            "{} meters at the end of the input were not tried: it would take long; ask with --meter",
            found.left_out
        );
        note("meters-left-out", message);
    }
    if found.meters.is_empty() {
        let message = if trials.only.is_empty() {
            "no measurement is redundant: no bias can be found"
        } else {
            "none of the meters asked for is redundant: a bias in them cannot be found"
        };
        note("no-redundancy", message.to_owned());
    }
    notes
}

fn table(found: &Identification, notes: &[Value], confidence: f64) -> String {
    let percent = |part: f64| format!("{:.1} %", 100.0 * part);
    let row = |meter: &balance::Meter| {
        let mut row = json!({ "stream": meter.quantity.stream, "of": meter.quantity.of });
        for rate in &meter.rates {
            row[format!("found {} sd", rate.size)] = json!(percent(rate.identified));
            row[format!("rejected {} sd", rate.size)] = json!(percent(rate.detected));
        }
        row
    };
    let mut names = vec!["stream".to_owned(), "of".to_owned()];
    names.extend(SIZES.iter().map(|size| format!("found {size} sd")));
    names.extend(SIZES.iter().map(|size| format!("rejected {size} sd")));
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut out = print::rows(&Value::Array(found.meters.iter().map(row).collect()), &names);
    out.push_str(&format!(
        "\n{} trials of each kind. With nothing wrong the global test rejected {} (stated: {}); \
         intervals covered the truth {} (stated: {})\n",
        found.trials,
        percent(found.false_alarms),
        percent(1.0 - confidence),
        percent(found.coverage),
        percent(confidence)
    ));
    for note in notes {
        out.push_str(&format!("note: {}\n", note["message"].as_str().unwrap_or_default()));
    }
    out
}
