//! Lists, records and the four questions.

use anyhow::Result;
use clap::ArgMatches;
use serde_json::Value;

use crate::config::Settings;
use crate::exit::Exit;
use crate::face::{Ask, Face};
use crate::print;

/// Asks and prints.
pub fn run(name: &str, own: &ArgMatches, settings: &Settings) -> Result<Exit> {
    if name == "openapi" && settings.server.is_none() {
        print::say(&serde_json::to_string_pretty(&server::openapi())?);
        return Ok(Exit::Ok);
    }
    let face = Face::open(settings, false)?;
    let record = || own.get_one::<String>("record").cloned().unwrap_or_default();
    let told = match name {
        "list" => return list(&face, own, settings),
        "show" => face.ask(Ask::get(format!("/records/{}", record())))?,
        "search" => {
            let words: Vec<String> = own.get_many::<String>("query").into_iter().flatten().cloned().collect();
            face.ask(Ask { query: vec![("q".to_owned(), words.join(" "))], ..Ask::get("/search") })?
        }
        "openapi" => {
            let told = face.ask(Ask::get("/openapi.json"))?;
            return Ok(print::answer(&told, true, print::tree));
        }
        "commands" => face.ask(Ask::get("/commands"))?,
        question => face.ask(Ask::get(format!("/{question}/{}", record())))?,
    };
    let draw = match name {
        "explain" => print::explanation,
        "trace" => print::trace,
        "impact" => print::impact,
        "show" => print::record,
        "search" => |body: &Value| print::rows(&body["records"], &["label", "kind", "record"]),
        "commands" => |body: &Value| print::rows(body, &["name", "summary"]),
        "history" => |body: &Value| print::rows(body, &["entry", "at", "kind", "by", "reason"]),
        _ => print::tree,
    };
    Ok(print::answer(&told, settings.json, draw))
}

fn list(face: &Face, own: &ArgMatches, settings: &Settings) -> Result<Exit> {
    let lists = face.ask(Ask::get("/lists"))?;
    let Some(name) = own.get_one::<String>("name") else {
        return Ok(print::answer(&lists, settings.json, |body| print::rows(body, &["name", "path"])));
    };
    let all = lists.body.as_array().cloned().unwrap_or_default();
    let Some(path) =
        all.iter().find(|list| list["name"] == name.as_str()).and_then(|list| list["path"].as_str())
    else {
        eprintln!("orepass: there is no list `{name}`; `orepass list` names them");
        return Ok(Exit::Usage);
    };
    let flags = [("filter", "filter"), ("sort", "sort"), ("page", "page"), ("page-size", "page_size")];
    let mut query: Vec<(String, String)> = flags
        .iter()
        .filter_map(|(flag, name)| Some(((*name).to_owned(), own.get_one::<String>(flag)?.clone())))
        .collect();
    let facets = own.get_many::<String>("where").into_iter().flatten();
    query.extend(facets.filter_map(|pair| pair.split_once('=')).map(|(n, v)| (n.to_owned(), v.to_owned())));
    let told = face.ask(Ask { query, ..Ask::get(path) })?;
    Ok(print::answer(&told, settings.json, print::listing))
}
