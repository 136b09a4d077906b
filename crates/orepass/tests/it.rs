//! What holds for the whole product: every command on all three faces, who may give it, every fact's stored
//! form, every word in both languages, every statement on both databases, the documents as the program has
//! them.

#![allow(clippy::unwrap_used)]

#[path = "it/balance.rs"]
mod balance;
#[path = "it/chronology.rs"]
mod chronology;
#[path = "it/demo.rs"]
mod demo;
#[path = "it/document.rs"]
mod document;
#[path = "it/faults/mod.rs"]
mod faults;
#[path = "it/folder.rs"]
mod folder;
#[path = "it/kill.rs"]
mod kill;
#[path = "it/lists.rs"]
mod lists;
#[path = "it/scenario.rs"]
mod scenario;
#[path = "it/season.rs"]
mod season;
#[path = "it/stored.rs"]
mod stored;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use kernel::Role;
use server::call::{Body, Call, Method};
use server::{App, Settings, schema};
use store::CommandKind;
use testkit::{World, each_database, golden};

fn commands() -> Vec<CommandKind> {
    let mut all: Vec<CommandKind> = server::areas().iter().flat_map(|area| (area.commands)()).collect();
    all.sort_by_key(|kind| kind.name);
    all
}

fn given_by_people() -> Vec<CommandKind> {
    commands().into_iter().filter(|kind| !kind.roles.is_empty()).collect()
}

fn world() -> World {
    World::new(server::areas(), authority::authorise)
}

#[test]
fn every_command_is_on_the_page_in_the_interface_and_on_the_command_line() {
    let world = world();
    let app = App::new(world.store.clone(), Settings::default());
    let auditor = server::api::as_actor(world.actor(&[Role::Auditor]), server::Lang::En);
    let ask = |path: &str| {
        let call = server::api::local(server::api::ApiMethod::Get, path, vec![], None);
        serde_json::from_slice::<serde_json::Value>(&server::api::answer(&app, &auditor, &call).body).unwrap()
    };
    let document = ask("/openapi.json");
    let line = orepass::command_line();
    let words = server::catalogue().words(server::Lang::En, jiff::tz::TimeZone::UTC);
    for kind in given_by_people() {
        let name = kind.name;
        let operation = &document["paths"][format!("/api/v1/commands/{name}")]["post"];
        assert_eq!(operation["operationId"], name, "the interface lacks {name}");
        assert!(
            operation["requestBody"]["content"]["application/json"]["example"].is_object(),
            "{name} has no example"
        );
        let (group, verb) = name.split_once('.').unwrap_or((name, ""));
        let sub = line
            .find_subcommand(group)
            .and_then(|group| group.find_subcommand(verb.replace(['.', '_'], "-")));
        assert!(sub.is_some(), "the command line lacks {name}");
        assert!(
            words.has(&site::word("command", name)),
            "the page of {name} has no title: {}",
            site::word("command", name)
        );
    }
    let references: BTreeSet<String> = document
        .to_string()
        .split("#/components/schemas/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next().map(str::to_owned))
        .collect();
    for name in references {
        assert!(
            document["components"]["schemas"][&name].is_object(),
            "the document refers to {name}, which it lacks"
        );
    }
}

#[test]
fn every_example_is_a_command_and_says_what_it_does() {
    for kind in commands() {
        if let Err(error) = (kind.parse)(kind.example) {
            panic!("the example of {}: {error:?}\n{}", kind.name, kind.example);
        }
        if !kind.roles.is_empty() {
            assert!(!schema::summary(&kind).is_empty(), "{} has no doc comment", kind.name);
        }
    }
}

#[test]
fn who_reads_what_is_as_agreed() {
    let world = world();
    let app = App::new(world.store.clone(), Settings::default());
    let get = |roles: &[Role], path: &str| {
        let reader = server::api::as_actor(world.actor(roles), server::Lang::En);
        server::api::answer(
            &app,
            &reader,
            &server::api::local(server::api::ApiMethod::Get, path, vec![], None),
        )
    };
    let document = get(&[Role::Auditor], "/openapi.json").body;
    let document: serde_json::Value = serde_json::from_slice(&document).unwrap();
    let mut answers: BTreeSet<String> = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        answers.extend(methods.get("get").map(|_| path.trim_start_matches("/api/v1").to_owned()));
    }
    let mut pages: BTreeSet<String> = BTreeSet::new();
    for site in server::sites() {
        pages.extend((site.pages)().iter().map(|page| page.path.to_owned()));
        pages.extend((site.listings)().iter().map(|list| list.path.to_owned()));
        pages.extend((site.downloads)().iter().map(|file| file.path.to_owned()));
    }
    // What somebody gets who is not signed in, of the page or of the interface.
    let stranger = |path: String| {
        let headers = [("host".to_owned(), "lab".to_owned())].into();
        let (method, here, body) = (Method::Get, path.clone(), Body::None);
        let call = Call { method, path, query: vec![], here, headers, body };
        matches!(server::respond(&app, &call).0.status, 200 | 404)
    };
    let mut text = String::from("read | not signed in");
    for role in Role::ALL {
        let _ = write!(text, " | {role}");
    }
    text.push('\n');
    for path in pages.union(&answers) {
        text.push_str(path);
        // Permission comes before anything is looked for: an id of nothing is refused or not found.
        let asked: Vec<String> = path
            .split('/')
            .map(|part| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                Some(name) => format!("{}-999999", name.replace('_', "-")),
                None => part.to_owned(),
            })
            .collect();
        let asked = asked.join("/");
        let open = pages.contains(path) && stranger(asked.clone())
            || answers.contains(path) && stranger(format!("/api/v1{asked}"));
        let _ = write!(text, " | {}", if open { "yes" } else { "-" });
        for role in Role::ALL {
            let status = get(&[*role], &asked).status;
            assert!(status < 500, "{path} as {role}: {status}");
            let _ = write!(text, " | {}", if status == 403 { "-" } else { "yes" });
        }
        text.push('\n');
    }
    golden("tests/golden/readers.txt", &text);
}

#[test]
fn the_permission_matrix_is_as_agreed() {
    let mut text = String::from("command");
    for role in Role::ALL {
        let _ = write!(text, " | {role}");
    }
    text.push_str(" | signs\n");
    for kind in commands() {
        text.push_str(kind.name);
        for role in Role::ALL {
            let _ = write!(text, " | {}", if kind.allowed(&[*role]) { "yes" } else { "-" });
        }
        let _ = writeln!(text, " | {}", kind.signs.map_or("-", |meaning| meaning.word()));
    }
    golden("tests/golden/permissions.txt", &text);
}

#[test]
fn whoever_lacks_the_role_is_refused_each_command() {
    let world = world();
    let mut refused = 0;
    for kind in commands() {
        for role in Role::ALL.iter().filter(|role| !kind.allowed(&[**role])) {
            let command = (kind.parse)(kind.example).expect("examples parse");
            let actor = world.actor(&[*role]);
            let answer = world.store.request(store::Request { actor, command, reason: None, key: None });
            match answer {
                Err(store::Stop::Refused(refusal)) => {
                    assert_eq!(refusal.code, "permission-role", "{}", kind.name)
                }
                other => panic!("{} as {role}: {other:?}", kind.name),
            }
            refused += 1;
        }
    }
    let sql = "SELECT COUNT(*) FROM refusal";
    let recorded = world.store.read(|db| db.one("refusals", sql, &[], |row| row.int(0))).unwrap();
    assert_eq!(recorded, refused, "every refusal is a record");
}

#[test]
fn every_statement_runs_on_both_databases() {
    each_database(server::areas, authority::authorise, |world| {
        for area in server::areas() {
            for (name, sql) in (area.statements)() {
                if let Err(error) = world.store.read(|db| db.prepare(sql)) {
                    panic!("{}: {name}: {error}", area.name);
                }
            }
        }
        let report = store::verify(&world.store, true).unwrap();
        assert_eq!(report.entries, 0);
    });
}

#[test]
fn every_word_is_in_both_languages_with_the_same_variables() {
    let problems = server::catalogue().problems();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_field_of_every_command_has_a_label() {
    let words = server::catalogue().words(server::Lang::En, jiff::tz::TimeZone::UTC);
    let lacking: Vec<String> =
        given_by_people().iter().flat_map(|kind| server::unlabelled(&words, kind)).collect();
    assert!(lacking.is_empty(), "{} without a label:\n{}", lacking.len(), lacking.join("\n"));
}

#[test]
fn every_choice_of_every_form_has_words() {
    let words = server::catalogue().words(server::Lang::Zh, jiff::tz::TimeZone::UTC);
    let lacking: Vec<String> =
        given_by_people().iter().flat_map(|kind| server::unworded(&words, kind)).collect();
    assert!(lacking.is_empty(), "{} without words:\n{}", lacking.len(), lacking.join("\n"));
}

#[test]
fn what_the_program_says_of_a_field_the_form_says_in_both_languages() {
    let words = server::catalogue().words(server::Lang::Zh, jiff::tz::TimeZone::UTC);
    let lacking: Vec<String> =
        given_by_people().iter().flat_map(|kind| server::unhinted(&words, kind)).collect();
    assert!(lacking.is_empty(), "{} without a hint:\n{}", lacking.len(), lacking.join("\n"));
}

#[test]
fn every_rail_entry_list_and_work_has_words() {
    let words = server::catalogue().words(server::Lang::En, jiff::tz::TimeZone::UTC);
    let mut keys = BTreeSet::new();
    for site in server::sites() {
        keys.extend(site.rail.iter().map(|(key, ..)| site::word("rail", key)));
        keys.extend((site.listings)().iter().map(|list| site::word("list", list.name)));
    }
    keys.extend(Role::ALL.iter().map(|role| site::word("role", role.word())));
    keys.extend(kernel::Kind::ALL.iter().map(|kind| site::word("kind", kind.word())));
    keys.extend(kernel::EdgeRole::ALL.iter().map(|role| site::word("edge", role.word())));
    keys.extend(kernel::Meaning::ALL.iter().map(|meaning| site::word("meaning", meaning.word())));
    keys.extend(kernel::Activity::ALL.iter().map(|activity| site::word("activity", activity.word())));
    let lacking: Vec<&String> = keys.iter().filter(|key| !words.has(key)).collect();
    assert!(lacking.is_empty(), "{lacking:?}");
}

#[test]
fn every_refusal_has_words_a_rule_and_a_remedy() {
    let words = server::catalogue().words(server::Lang::En, jiff::tz::TimeZone::UTC);
    let mut lacking = Vec::new();
    let mut codes = BTreeMap::new();
    let folders = server::areas().into_iter().map(|area| root().join("crates").join(area.name));
    for file in folders.flat_map(|folder| sources(&folder)) {
        let text = std::fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for part in code.split("Refusal::new(").skip(1) {
            if let Some(code) = part.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next()) {
                codes.entry(code.to_owned()).or_insert(file.clone());
            }
        }
    }
    for code in ["permission-role", "permission-token", "signature-password"] {
        codes.entry(code.to_owned()).or_insert_with(root);
    }
    assert!(codes.len() > 10, "{codes:?}");
    for (code, file) in codes {
        for key in
            [format!("refusal-{code}"), format!("refusal-{code}.rule"), format!("refusal-{code}.remedy")]
        {
            if !words.has(&key) {
                lacking.push(format!("{key} ({})", file.display()));
            }
        }
    }
    assert!(lacking.is_empty(), "{}", lacking.join("\n"));
}

#[test]
fn no_two_sites_claim_an_address() {
    let world = world();
    let app = App::new(world.store.clone(), Settings::default());
    assert_eq!(app.doubles(), Vec::<&str>::new());
}

#[test]
fn the_gallery_shows_every_page_in_both_languages() {
    for lang in [server::Lang::En, server::Lang::Zh] {
        let words = server::catalogue().words(lang, jiff::tz::TimeZone::UTC);
        for entry in server::gallery() {
            for (sample, body) in (entry.render)(&words) {
                let text = body.into_string();
                assert!(!text.contains('⟦'), "{} · {sample}: {text}", entry.name);
            }
        }
    }
}

#[test]
fn the_reference_of_the_command_line_is_up_to_date() {
    golden("../../docs/cli.md", &orepass::reference());
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("target") && !path.ends_with("tests") {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}
