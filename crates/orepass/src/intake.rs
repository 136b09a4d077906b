//! `orepass intake`: files read by mappings, to be looked at or taken in.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use clap::{Arg, ArgAction, ArgMatches, Command};
use intake::{DateOrder, Limits, Mapping, Options, Recognition};

use crate::config::Settings;
use crate::exit::Exit;
use crate::face::{Ask, Face};
use crate::{preview, print};

/// Its arguments.
pub fn command() -> Command {
    let file = || Arg::new("file").value_name("FILE").num_args(1..);
    let mapping = Arg::new("mapping")
        .long("mapping")
        .value_name("FILE|NAME")
        .help("A TOML file, or the name of a mapping that comes with the program; left out, it is found");
    let said = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    Command::new("intake")
        .about("Take in instrument files, or look at what they would give")
        .args_conflicts_with_subcommands(true)
        .subcommand_negates_reqs(true)
        .arg(file().required(true).help("Files to take in"))
        .arg(said("method", "METHOD-ID", "The method they were measured by; left out, the worksheet's"))
        .arg(said("worksheet", "WORKSHEET-ID", "The worksheet whose rack was measured"))
        .arg(said("instrument", "INSTRUMENT-ID", "The instrument they were measured on"))
        .arg(said("zone", "ZONE", "The time zone of the instrument's clock; left out, the institute's"))
        .arg(said("with", "MAPPING", "The mapping; left out, it is found"))
        .arg(order())
        .subcommand(
            Command::new("preview")
                .about("Print every reading of a file; needs no data folder")
                .arg(file().required(true).action(ArgAction::Append).help("The file").num_args(1))
                .arg(mapping)
                .arg(order()),
        )
}

fn order() -> Arg {
    let words = DateOrder::ALL.iter().map(|order| order.as_str().replace('_', "-"));
    let words: Vec<String> = words.collect();
    Arg::new("date-order").long("date-order").value_name("ORDER").value_parser(words).help(
        "How dates name day and month, where the file does not tell; left out, such a file asks and nothing \
         of it is recorded",
    )
}

/// Prints what a file gives. Nothing is stored.
pub fn preview(own: &ArgMatches) -> Result<Exit> {
    let Some(("preview", own)) = own.subcommand() else { return Ok(Exit::Usage) };
    let json = own.get_one::<String>("format").is_some_and(|format| format == "json");
    let path = own.get_one::<String>("file").cloned().unwrap_or_default();
    let bytes = read(&path)?;
    let name = base(&path);
    let mapping = match own.get_one::<String>("mapping") {
        Some(text) => named(text)?,
        None => match found(&name, &bytes) {
            Ok(mapping) => mapping,
            Err(why) => {
                eprintln!("orepass: {name}: {why}");
                return Ok(Exit::Usage);
            }
        },
    };
    let date_order = own.get_one::<String>("date-order").and_then(|word| DateOrder::from_word(word));
    let options = Options { date_order, ..Options::default() };
    let import = match intake::read_with(&name, &bytes, &mapping, &options, &mut |_| {}) {
        Ok(import) => import,
        Err(error) => {
            eprintln!("orepass: {error}");
            return Ok(Exit::Failed);
        }
    };
    if json {
        print::say(&serde_json::to_string_pretty(&import)?);
    } else {
        print::say(&preview::table(&import));
    }
    Ok(Exit::Ok)
}

/// A file within the limits. A pipe or a device that gives more is not read to its end.
fn read(path: &str) -> Result<Vec<u8>> {
    let limit = Limits::default().bytes;
    let file = std::fs::File::open(path).with_context(|| format!("read {path}"))?;
    let about = file.metadata().with_context(|| format!("read {path}"))?;
    anyhow::ensure!(!about.is_dir(), "{path} is a folder; name the files in it");
    let size = about.len();
    anyhow::ensure!(size <= limit, "{path} has {size} bytes; at most {limit} are taken; split it");
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).with_context(|| format!("read {path}"))?;
    anyhow::ensure!(bytes.len() as u64 <= limit, "{path} has more than {limit} bytes; split it");
    Ok(bytes)
}

fn base(path: &str) -> String {
    Path::new(path).file_name().map_or_else(|| path.to_owned(), |name| name.to_string_lossy().into_owned())
}

fn named(text: &str) -> Result<Mapping> {
    if let Some(mapping) = intake::shipped().into_iter().find(|mapping| mapping.name == text) {
        return Ok(mapping);
    }
    let toml = std::fs::read_to_string(text)
        .with_context(|| format!("`{text}` is no mapping of ours and no file"))?;
    Mapping::parse(&toml, &base(text)).with_context(|| format!("read the mapping {text}"))
}

fn found(name: &str, bytes: &[u8]) -> Result<Mapping, String> {
    let all = intake::shipped();
    match intake::recognise(name, bytes, &all) {
        Recognition::One(fits) => {
            all.into_iter().find(|mapping| mapping.name == fits).ok_or_else(|| format!("no mapping `{fits}`"))
        }
        Recognition::Several(fit) => {
            Err(format!("several mappings fit ({}); name one with --mapping", fit.join(", ")))
        }
        Recognition::None(reasons) => {
            let why: Vec<String> = reasons.iter().map(|(name, why)| format!("\n  {name}: {why}")).collect();
            Err(format!(
                "no mapping fits; name one with --mapping, or write one (docs/intake.md){}",
                why.concat()
            ))
        }
    }
}

/// Takes files in: each is kept by its hash and becomes an import, whose receipt is printed.
pub fn take(own: &ArgMatches, settings: &Settings) -> Result<Exit> {
    let face = Face::open(settings, true)?;
    let mut exit = Exit::Ok;
    let said = [
        ("method", "method"),
        ("instrument", "instrument"),
        ("worksheet", "worksheet"),
        ("with", "mapping"),
        ("date-order", "date_order"),
        ("zone", "zone"),
    ];
    let fields: Vec<(String, String)> = said
        .iter()
        .filter_map(|(flag, name)| Some(((*name).to_owned(), own.get_one::<String>(flag)?.clone())))
        .collect();
    for path in own.get_many::<String>("file").into_iter().flatten() {
        let file = Some((base(path), read(path)?));
        let told =
            face.ask(Ask { path: "/intake".to_owned(), file, fields: fields.clone(), ..Ask::default() })?;
        let Some(receipt) = told.body["location"].as_str().map(str::to_owned) else {
            exit = print::answer(&told, settings.json, print::tree);
            continue;
        };
        let told = face.imported(&receipt)?;
        let mut ended = Exit::Ok;
        if told.body["import"]["date_question"].is_object() && told.body["import"]["date_order"].is_null() {
            let import = told.body["import"]["id"].as_str().unwrap_or_default();
            eprintln!(
                "orepass: {path} needs a decision: its dates do not tell day from month, and nothing of it \
                 is recorded yet. Say it with `orepass import state-date-order --import {import} --order \
                 day_first` (or month_first)"
            );
            ended = Exit::Unfinished;
        } else if told.status == 200 && told.body["import"]["finished_at"].is_null() {
            eprintln!(
                "orepass: {path}: its readings are not all recorded yet; `orepass show` tells how far it is"
            );
            ended = Exit::Unfinished;
        } else if let Some(left) = left_over(&told.body) {
            eprintln!("orepass: {path}: {left}");
            ended = Exit::Unfinished;
        }
        let shown = match print::answer(&told, settings.json, print::tree) {
            Exit::Ok => ended,
            wrong => wrong,
        };
        exit = if exit == Exit::Ok { shown } else { exit };
    }
    Ok(exit)
}

/// What of a finished import is not among the results: readings that wait for a decision, that were refused,
/// or a file that gave none at all.
fn left_over(receipt: &serde_json::Value) -> Option<String> {
    let import = receipt["import"]["id"].as_str().unwrap_or_default();
    let count = |outcome: &str| receipt["counts"][outcome].as_u64().unwrap_or_default();
    let (asks, refused) = (count("asks"), count("refused"));
    let taken: u64 = ["result", "control", "kept", "ignored"].into_iter().map(count).sum();
    match (asks, refused, taken) {
        (0, 0, 0) => {
            Some(format!("it gave no reading; `orepass show {import}` says what became of each row"))
        }
        (0, 0, _) => None,
        (0, refused, _) => Some(format!("readings refused: {refused}; `orepass show {import}` says why")),
        (asks, refused, _) => Some(format!(
            "readings that wait for a decision: {asks} (`orepass reading decide`, or the page of {import}); \
             refused: {refused}"
        )),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::left_over;

    #[test]
    fn what_is_not_among_the_results_is_told() {
        for (counts, told) in [
            (json!({"result": 3, "control": 1}), None),
            (json!({"result": 3, "asks": 1}), Some("decision: 1")),
            (json!({"result": 3, "refused": 2}), Some("refused: 2")),
            (json!({"asks": 4, "refused": 2}), Some("decision: 4")),
            (json!({}), Some("no reading")),
        ] {
            let found = left_over(&json!({"import": {"id": "import-1"}, "counts": counts}));
            assert!(found.as_deref().zip(told).is_none_or(|(found, told)| found.contains(told)), "{found:?}");
            assert_eq!(found.is_some(), told.is_some());
        }
    }
}
