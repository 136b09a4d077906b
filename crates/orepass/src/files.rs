//! Serving a data folder, and copying it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::ArgMatches;
use server::App;

use crate::config::Settings;
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

/// `orepass backup`: copies, whether or not a server has the folder in use, and verifies the copy. From a
/// server it is fetched.
pub fn backup(own: &ArgMatches, settings: &Settings) -> Result<Exit> {
    let to = path(own, "to");
    if settings.server.is_some() {
        crate::fetch::backup(settings, &to)?;
    } else {
        settings.must_be_there()?;
        let (database, registry) = (settings.file.database.as_deref(), server::registry()?);
        store::backup_folder(&settings.data, database, &to, &registry)
            .with_context(|| format!("copy {}", settings.data.display()))?;
    }
    let done = verified(&to, None, "backup")?;
    if done == Exit::Ok && !to.join("keys/ledger.seed").exists() {
        println!(
            "the signing key is not in it: keep keys/ledger.seed of the data folder apart (docs/backup.md)"
        );
    }
    Ok(done)
}

/// `orepass restore`: into a new folder, and into an empty PostgreSQL database when one is configured; or, as
/// a drill, into a folder that is gone afterwards.
pub fn restore(own: &ArgMatches, settings: &Settings) -> Result<Exit> {
    let (from, drill) = (path(own, "from"), own.get_flag("drill"));
    let Some(to) = own.get_one::<String>("to").map(PathBuf::from) else {
        return if drill { self::drill(&from) } else { Ok(Exit::Usage) };
    };
    let (database, registry) = (settings.file.database.as_deref(), server::registry()?);
    store::restore(&from, &to, database, &registry)?;
    let done = verified(&to, database, "restored")?;
    if done == Exit::Ok && !to.join("keys/ledger.seed").exists() {
        println!("before it is served: put keys/ledger.seed into {}", to.join("keys").display());
    }
    Ok(done)
}

/// Restores a backup as if it were needed, verifies what came of it and lets it go again.
fn drill(from: &Path) -> Result<Exit> {
    let to = Temporary(std::env::temp_dir().join(format!("orepass-drill-{}", std::process::id())));
    let begun = std::time::Instant::now();
    let registry = server::registry()?;
    store::restore(from, &to.0, None, &registry)?;
    let copied = begun.elapsed();
    let done = verified(&to.0, None, "drill")?;
    let (copied, all) = (copied.as_secs_f64(), begun.elapsed().as_secs_f64());
    println!(
        "restored in {copied:.1} s, verified in {:.1} s; the restored folder is gone again",
        all - copied
    );
    Ok(done)
}

/// A folder that is gone when it is dropped.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn verified(folder: &Path, database: Option<&str>, word: &str) -> Result<Exit> {
    let registry = server::registry()?;
    match store::verify_folder(folder, database, &registry, true) {
        Ok(report) => {
            let folder = folder.display();
            println!(
                "{word}: {folder}: {} entries, {} tiles, {} rows, {} files verified",
                report.entries, report.tiles, report.rows, report.files
            );
            Ok(Exit::Ok)
        }
        Err(wrong) => {
            eprintln!("orepass: {}: {wrong}", folder.display());
            Ok(Exit::Wrong)
        }
    }
}
