//! `orepass init`: the data folder, its key, the institute, the first administrator.

use anyhow::{Result, ensure};
use clap::ArgMatches;
use serde_json::json;

use crate::config::Settings;
use crate::exit::Exit;
use crate::system;

/// Makes what is missing. An institute that was founded already is not founded again.
pub fn run(own: &ArgMatches, settings: &Settings) -> Result<Exit> {
    let text = |name: &str| own.get_one::<String>(name).cloned().unwrap_or_default();
    let login = text("login");
    ensure!(
        !settings.data.join("orepass.db").exists(),
        "{} is a data folder already",
        settings.data.display()
    );
    let password = system::password(&login)?;
    let mut settings = settings.clone();
    settings.file.origin.get_or_insert_with(|| text("origin"));
    let foundation = json!({
        "institute": {
            "names": { "en": text("name-en"), "zh": text("name-zh") },
            "address": { "en": text("address-en"), "zh": text("address-zh") },
            "time_zone": text("zone"),
        },
        "code": text("admin-code"),
        "names": { "en": text("admin-en"), "zh": text("admin-zh") },
        "login": login,
        "password": password,
    });
    let foundation: authority::Foundation = match serde_json::from_value(foundation) {
        Ok(foundation) => foundation,
        Err(wrong) => {
            eprintln!("orepass: {wrong}");
            return Ok(Exit::Usage);
        }
    };
    let store = settings.open()?;
    match authority::found(&store, foundation) {
        Ok(person) => {
            let key = store.verifier()?;
            println!("{}: founded; {person} is its administrator ({login})", settings.data.display());
            println!("public key: {key}");
            println!("next: orepass serve --data {}", settings.data.display());
            Ok(Exit::Ok)
        }
        Err(store::Stop::Refused(refusal)) => {
            eprintln!("orepass: refused: {} ({})", refusal.code, refusal.clause);
            Ok(Exit::Refused)
        }
        Err(store::Stop::Failed(error)) => Err(error.into()),
    }
}
