//! Configuration: flags, then `OREPASS_*` variables, then `orepass.toml`, then defaults.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::ArgMatches;
use serde::Deserialize;
use server::Settings as Site;
use store::{Options, Store};

use crate::system;

/// `orepass.toml`: every key may be left out.
#[derive(Debug, Clone, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
pub struct FileSettings {
    /// The address to listen on: `127.0.0.1:8480`.
    pub listen: Option<String>,
    /// A PostgreSQL URL; the embedded database when left out.
    pub database: Option<String>,
    /// The address people use: `https://lab.example.org`.
    pub public_url: Option<String>,
    /// The name the ledger signs under, taken when it is made: `lab.example.org/ledger`.
    pub origin: Option<String>,
    /// What is logged: `info`, `warn`, `server=debug`.
    pub log: Option<String>,
    /// `text` or `json`.
    pub log_format: Option<String>,
    /// A folder of fonts for scripts that the embedded ones lack, beside `fonts/` of the data folder:
    /// `/usr/share/fonts/truetype/noto`.
    pub fonts: Option<PathBuf>,
}

/// All settings, resolved.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The data folder.
    pub data: PathBuf,
    /// Whether a data folder was named, rather than assumed.
    pub file: FileSettings,
    /// The server to ask instead of a data folder.
    pub server: Option<String>,
    /// A bearer token.
    pub token: Option<String>,
    /// As whom to act, with a password.
    pub login: Option<String>,
    /// Print JSON rather than tables.
    pub json: bool,
    /// The language of messages.
    pub chinese: bool,
}

/// Where the server listens unless told otherwise.
pub const LISTEN: &str = "127.0.0.1:8480";

impl Settings {
    /// Resolves flags and variables (which clap has read) over the file.
    pub fn read(matches: &ArgMatches) -> Result<Self> {
        let text = |name: &str| matches.get_one::<String>(name).cloned();
        let data = PathBuf::from(text("data").unwrap_or_else(|| "orepass-data".to_owned()));
        let named = text("config").map(PathBuf::from);
        let mut file = FileSettings::load(named.as_deref(), &data.join("orepass.toml"))?;
        file.database = text("database").or(file.database);
        Ok(Settings {
            data,
            file,
            server: text("server"),
            token: text("token"),
            login: text("as"),
            json: text("format").as_deref() == Some("json"),
            chinese: text("lang").as_deref() == Some("zh"),
        })
    }

    /// Opens the store of the data folder.
    pub fn open(&self) -> Result<Arc<Store>> {
        publish::fonts::also_from(&self.data.join("fonts"));
        self.file.fonts.iter().for_each(|folder| publish::fonts::also_from(folder));
        let origin = self.file.origin.clone().unwrap_or_else(|| "orepass.local/ledger".to_owned());
        let options = Options {
            folder: self.data.clone(),
            database: self.file.database.clone(),
            origin,
            clock: Arc::new(system::SystemClock),
            entropy: system::entropy(),
            registry: server::registry()?,
        };
        let store = Store::open(options).with_context(|| format!("open {}", self.data.display()))?;
        Ok(Arc::new(store))
    }

    /// Opens the store of a data folder that must be there already.
    pub fn open_existing(&self) -> Result<Arc<Store>> {
        self.must_be_there()?;
        self.open()
    }

    /// Whether the data folder is one: something of it is there. What of it is missing is said by whoever
    /// opens it.
    pub fn must_be_there(&self) -> Result<()> {
        let parts = ["orepass.db", "keys", "ledger", "files"];
        anyhow::ensure!(
            parts.iter().any(|part| self.data.join(part).exists()),
            "{} is no data folder; make one with `orepass init --data {0}`, or name another with --data",
            self.data.display()
        );
        Ok(())
    }

    /// What the server needs to know.
    pub fn site(&self) -> Site {
        Site { public_url: self.file.public_url.clone().unwrap_or_default() }
    }

    /// The address to listen on.
    pub fn listen(&self, flag: Option<&String>) -> Result<SocketAddr> {
        let text = flag.or(self.file.listen.as_ref()).map_or(LISTEN, String::as_str);
        text.parse().with_context(|| format!("`{text}` is no address; write it like {LISTEN}"))
    }

    /// Starts the log on standard error.
    pub fn start_log(&self) {
        let filter = self.file.log.clone().or_else(|| std::env::var("OREPASS_LOG").ok());
        let filter = tracing_subscriber::EnvFilter::new(filter.unwrap_or_else(|| "info".to_owned()));
        let log =
            tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false);
        let json = self.file.log_format.as_deref() == Some("json")
            || std::env::var("OREPASS_LOG_FORMAT").is_ok_and(|format| format == "json");
        let started = if json { log.json().try_init() } else { log.try_init() };
        if let Err(error) = started {
            eprintln!("orepass: the log is started already: {error}");
        }
    }
}

impl FileSettings {
    fn load(named: Option<&Path>, usual: &Path) -> Result<Self> {
        let path = match named {
            Some(path) => path,
            None if usual.exists() => usual,
            None => return Ok(FileSettings::default()),
        };
        let text = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("read {}", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_not_known_is_named() {
        let read: Result<FileSettings, _> = toml::from_str("listen = '127.0.0.1:1'\nlisten_on = 2");
        assert!(read.unwrap_err().to_string().contains("listen_on"));
        let read: FileSettings = toml::from_str("log = 'warn'").unwrap();
        assert_eq!(read.log.as_deref(), Some("warn"));
    }
}
