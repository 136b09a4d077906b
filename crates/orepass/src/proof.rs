//! Proofs: a dossier checked offline, the ledger of a data folder verified.

use anyhow::{Context, Result};
use clap::ArgMatches;
use ledger::VerifierKey;
use serde_json::json;

use crate::config::Settings;
use crate::exit::Exit;
use crate::print;

/// `orepass verify dossier.zip`.
pub fn verify_dossier(own: &ArgMatches, root: &ArgMatches) -> Result<Exit> {
    let json = root.get_one::<String>("format").is_some_and(|format| format == "json");
    let chinese = root.get_one::<String>("lang").is_some_and(|lang| lang == "zh");
    let path = own.get_one::<String>("dossier").cloned().unwrap_or_default();
    let bytes = std::fs::read(&path).with_context(|| format!("read {path}"))?;
    let keys: Vec<VerifierKey> =
        own.get_many::<String>("key").into_iter().flatten().map(|text| key(text)).collect::<Result<_>>()?;
    let say = |names: &publish::Names| if chinese { names.zh.clone() } else { names.en.clone() };
    match publish::dossier::verify(&bytes, &keys) {
        Ok(found) => {
            let (proved, warnings): (Vec<String>, Vec<String>) =
                (found.proved.iter().map(say).collect(), found.warnings.iter().map(say).collect());
            let number = &found.document.number;
            if json {
                let told = json!({ "ok": true, "certificate": number, "as_of": found.status.as_of,
                                   "key": found.key.to_string(),
                                   "key_was_given": found.key_was_given, "proved": proved,
                                   "warnings": warnings });
                print::say(&serde_json::to_string_pretty(&told)?);
            } else {
                print::say(&format!("OK: {number}"));
                proved.iter().for_each(|line| print::say(&format!("  proved: {line}")));
                warnings.iter().for_each(|line| print::say(&format!("  note: {line}")));
            }
            Ok(Exit::Ok)
        }
        Err(wrong) => {
            if json {
                let told = json!({ "ok": false, "clause": format!("{:?}", wrong.clause), "place": wrong.place,
                                   "expected": wrong.expected, "found": wrong.found });
                print::say(&serde_json::to_string_pretty(&told)?);
            }
            eprintln!("WRONG: {wrong}");
            Ok(Exit::Wrong)
        }
    }
}

/// `orepass ledger verify`: only reads, also while a server has the folder in use.
fn verify(settings: &Settings, rows: bool) -> Result<Exit> {
    settings.must_be_there()?;
    let (database, registry) = (settings.file.database.as_deref(), server::registry()?);
    match store::verify_folder(&settings.data, database, &registry, rows) {
        Ok(report) if settings.json => print::say(&serde_json::to_string_pretty(&report)?),
        Ok(report) => {
            print::say(&format!(
                "OK: {} entries under root {}; {} erased; {} tiles, {} rows and {} files compared",
                report.entries, report.root, report.erased, report.tiles, report.rows, report.files
            ));
            if report.unsigned > 0 {
                let unsigned = report.unsigned;
                print::say(&format!(
                    "  note: {unsigned} entries after these are not signed yet; a server does"
                ));
            }
        }
        Err(wrong) => {
            eprintln!("WRONG: {wrong}");
            return Ok(Exit::Wrong);
        }
    }
    Ok(Exit::Ok)
}

/// A key by its text, or by a file that holds it.
fn key(text: &str) -> Result<VerifierKey> {
    let text = match text.trim().parse::<VerifierKey>() {
        Ok(key) => return Ok(key),
        Err(_) => {
            std::fs::read_to_string(text).with_context(|| format!("`{text}` is no key and no file of one"))?
        }
    };
    text.trim().parse().context("the file holds no key")
}

/// `orepass ledger …`.
pub fn ledger(own: &ArgMatches, settings: &Settings) -> Result<Exit> {
    if let Some(("verify", flags)) = own.subcommand() {
        return verify(settings, !flags.get_flag("tree-only"));
    }
    let store = settings.open_existing()?;
    match own.subcommand() {
        Some(("checkpoint", _)) => print::say(store.prove(&[])?.0.trim_end()),
        Some(("key", _)) => print::say(&store.verifier()?.to_string()),
        Some(("prove", flags)) => {
            let text = flags.get_one::<String>("entry").cloned().unwrap_or_default();
            let entry: u64 = text.parse().with_context(|| format!("`{text}` is no number of an entry"))?;
            let (_, proofs) = store.prove(&[entry])?;
            proofs.first().iter().for_each(|proof| print::say(proof.to_string().trim_end()));
        }
        _ => return Ok(Exit::Usage),
    }
    Ok(Exit::Ok)
}
