//! Serving a data folder, and copying it.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::ArgMatches;
use server::App;

use crate::config::{FileSettings, Settings};
use crate::exit::Exit;

/// `orepass serve`.
pub fn serve(own: &ArgMatches, settings: &Settings) -> Result<Exit> {
    settings.start_log();
    let address = settings.listen(own.get_one::<String>("listen"))?;
    let store = settings.open_existing()?;
    let app = Arc::new(App::new(store, settings.site()));
    server::run(app, address, |address| println!("Orepass listens on http://{address}"))?;
    Ok(Exit::Ok)
}

fn path(own: &ArgMatches, name: &str) -> PathBuf {
    PathBuf::from(own.get_one::<String>(name).cloned().unwrap_or_default())
}

/// `orepass backup`: copies, then opens the copy and verifies it.
pub fn backup(own: &ArgMatches, settings: &Settings) -> Result<Exit> {
    let to = path(own, "to");
    let store = settings.open_existing()?;
    store::backup(&store, &to)?;
    drop(store);
    verified(&to, None, "backup")
}

/// `orepass restore`: into a new folder, and into an empty PostgreSQL database when one is configured.
pub fn restore(own: &ArgMatches, settings: &Settings) -> Result<Exit> {
    let (from, to) = (path(own, "from"), path(own, "to"));
    let database = settings.file.database.as_deref();
    let registry = server::registry()?;
    store::restore(&from, &to, database, &registry)?;
    verified(&to, database, "restored")
}

fn verified(folder: &std::path::Path, database: Option<&str>, word: &str) -> Result<Exit> {
    let settings = Settings {
        data: folder.to_owned(),
        file: FileSettings { database: database.map(str::to_owned), ..FileSettings::default() },
        server: None,
        token: None,
        login: None,
        json: false,
        chinese: false,
    };
    let store = settings.open().with_context(|| format!("open {}", folder.display()))?;
    match store::verify(&store, true) {
        Ok(report) => {
            let folder = folder.display();
            println!(
                "{word}: {folder}: {} entries, {} rows, {} files verified",
                report.entries, report.rows, report.files
            );
            Ok(Exit::Ok)
        }
        Err(wrong) => {
            eprintln!("orepass: {}: {wrong}", folder.display());
            Ok(Exit::Wrong)
        }
    }
}
