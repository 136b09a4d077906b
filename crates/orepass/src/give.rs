//! Commands of the areas, given by argument.

use std::io::Read;

use anyhow::{Context, Result};
use clap::ArgMatches;
use serde_json::{Map, Value};
use server::clock;
use server::schema::{self, Field, Shape};
use server::sent;
use store::CommandKind;

use crate::cli;
use crate::config::Settings;
use crate::exit::Exit;
use crate::face::{Ask, Face};
use crate::print;

/// `orepass lot receive …`.
pub fn grouped(group: &str, own: &ArgMatches, settings: &Settings) -> Result<Exit> {
    let Some((verb, given)) = own.subcommand() else { return Ok(Exit::Usage) };
    let kinds = cli::groups().remove(group).unwrap_or_default();
    let Some(kind) = kinds.into_iter().find(|kind| cli::verb(kind) == verb) else { return Ok(Exit::Usage) };
    let mut sent = Vec::new();
    for (_, field) in cli::flags(&kind) {
        for (at, text) in given.get_many::<String>(&cli::id(&field.name)).into_iter().flatten().enumerate() {
            sent.extend(entries(&field, at, text));
        }
    }
    give(&kind, &sent, given, settings)
}

/// `orepass do lot.receive --field code=…`.
pub fn named(own: &ArgMatches, settings: &Settings) -> Result<Exit> {
    let name = own.get_one::<String>("name").cloned().unwrap_or_default();
    let Some(kind) = cli::kinds().into_iter().find(|kind| kind.name == name) else {
        eprintln!("orepass: there is no command `{name}`; `orepass commands` lists them");
        return Ok(Exit::Usage);
    };
    let fields = own.get_many::<String>("field").into_iter().flatten();
    let sent: Vec<(String, String)> =
        fields.filter_map(|pair| pair.split_once('=')).map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
    give(&kind, &sent, own, settings)
}

/// What one argument says, as fields of a form: `mass_kg=1.5,code=A` of the second `--outputs` becomes
/// `outputs[1].mass_kg` and `outputs[1].code`.
fn entries(field: &Field, at: usize, text: &str) -> Vec<(String, String)> {
    let is_json = text.trim_start().starts_with(['{', '[']);
    match &field.shape {
        Shape::Lines(parts) if !is_json => {
            let known = |name: &str| {
                parts.iter().any(|part| part.name == name || name.starts_with(&format!("{}.", part.name)))
            };
            let mut found: Vec<(String, String)> = Vec::new();
            for part in text.split(',') {
                match part.split_once('=').filter(|(name, _)| known(name.trim())) {
                    Some((name, value)) => {
                        found.push((format!("{}[{at}].{}", field.name, name.trim()), value.to_owned()));
                    }
                    None => {
                        if let Some((_, value)) = found.last_mut() {
                            value.push(',');
                            value.push_str(part);
                        }
                    }
                }
            }
            found
        }
        _ => vec![(field.name.clone(), text.to_owned())],
    }
}

fn give(
    kind: &CommandKind,
    sent: &[(String, String)],
    given: &ArgMatches,
    settings: &Settings,
) -> Result<Exit> {
    let text = |name: &str| given.get_one::<String>(name).map(String::as_str);
    let fields = schema::fields(kind);
    // What is no field is said before anybody is asked anything.
    if let Err(wrong) = sent::to_json(&fields, sent) {
        wrong.iter().for_each(|error| eprintln!("orepass: {}: {}", error.field, error.message));
        return Ok(Exit::Usage);
    }
    let face = Face::open(settings, true)?;
    let mut sent = sent.to_vec();
    if sent.iter().any(|(name, text)| clock::is_local(&fields, name, text)) {
        sent = clock::clocked(&face.zone()?, sent, &fields);
    }
    let mut json = sent::to_json(&fields, &sent).unwrap_or_default();
    if let Some(whole) = text("json") {
        json = merged(read_json(whole)?, json);
    }
    if let (Some(why), Value::Object(given)) = (text(cli::WHY), &mut json) {
        let own =
            fields.iter().map(|field| field.name.as_str()).find(|name| [cli::WHY, "reason"].contains(name));
        own.map(|name| given.entry(name).or_insert_with(|| why.into()));
    }
    let mut headers = Vec::new();
    let reason = text("why").map(str::to_owned).or_else(|| json.get("reason")?.as_str().map(str::to_owned));
    if let Some(reason) = reason {
        let coded = percent_encoding::utf8_percent_encode(&reason, percent_encoding::NON_ALPHANUMERIC);
        headers.push(("x-orepass-reason", coded.to_string()));
    }
    headers.extend(text("key").map(|key| ("idempotency-key", key.to_owned())));
    let path = format!("/commands/{}", kind.name);
    let told = face.ask(Ask { path, body: Some(json.to_string()), headers, ..Ask::default() })?;
    let exit = print::receipt(&told, settings.json);
    if exit == Exit::Ok { face.finish(exit) } else { Ok(exit) }
}

/// Single fields over the whole.
fn merged(mut whole: Value, single: Value) -> Value {
    if let (Value::Object(whole), Value::Object(single)) = (&mut whole, single) {
        let single: Map<String, Value> = single;
        whole.extend(single);
    }
    whole
}

fn read_json(text: &str) -> Result<Value> {
    let read = match text.strip_prefix('@') {
        Some(path) => std::fs::read_to_string(path).with_context(|| format!("read {path}"))?,
        None if text == "-" => {
            let mut read = String::new();
            std::io::stdin().read_to_string(&mut read).context("read standard input")?;
            read
        }
        None => text.to_owned(),
    };
    serde_json::from_str(&read).context("--json is no JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, shape: Shape) -> Field {
        Field { name: name.into(), required: false, doc: String::new(), shape }
    }

    #[test]
    fn repeated_arguments_become_lines() {
        let outputs =
            field("outputs", Shape::Lines(vec![field("code", Shape::Text), field("mass_kg", Shape::Text)]));
        let mut sent = entries(&outputs, 0, "mass_kg=1.5,code=A, first");
        sent.extend(entries(&outputs, 1, "mass_kg=2"));
        let json = sent::to_json(&[outputs], &sent).unwrap();
        assert_eq!(json.to_string(), r#"{"outputs":[{"code":"A, first","mass_kg":"1.5"},{"mass_kg":"2"}]}"#);
    }
}
