//! A backup fetched from a running server, piece by piece.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Component, Path};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::client::Client;
use crate::config::Settings;
use crate::face::Ask;
use crate::system;

/// What the server has set aside.
#[derive(Deserialize)]
struct Aside {
    id: String,
    files: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    path: String,
    bytes: u64,
}

/// Fetches a backup into a new folder. Whoever takes one gives login and password; a token is not enough.
pub fn backup(settings: &Settings, to: &Path) -> Result<()> {
    let url = settings.server.as_deref().unwrap_or_default();
    let login = settings.login.as_deref().context(
        "who are you? a backup over the network is taken by an administrator with --as LOGIN and \
         OREPASS_PASSWORD; a token cannot take one",
    )?;
    let occupied = fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some());
    ensure!(!occupied, "{} is not empty; give a new folder for the backup", to.display());
    let client = Client::new(url, None, None)?;
    let asked = serde_json::json!({ "login": login, "password": system::password(login)? });
    let path = "/backup".to_owned();
    let told = client.ask(&Ask { path, body: Some(asked.to_string()), ..Ask::default() })?;
    if told.status != 200 {
        bail!(
            "the server gives no backup ({}): {}",
            told.status,
            told.body["detail"].as_str().unwrap_or("?")
        );
    }
    let aside: Aside = serde_json::from_value(told.body).context("the server's answer cannot be read")?;
    let fetched =
        aside.files.iter().enumerate().try_for_each(|(at, file)| fetch(&client, &aside, at, file, to));
    let path = format!("/backup/{}/done", aside.id);
    let let_go = client.ask(&Ask { path, body: Some("{}".to_owned()), ..Ask::default() });
    fetched?;
    let_go.map(|_| ())
}

fn fetch(client: &Client, aside: &Aside, at: usize, file: &Listed, to: &Path) -> Result<()> {
    let name = Path::new(&file.path);
    let plain = name.components().all(|part| matches!(part, Component::Normal(_)));
    ensure!(plain, "the server names a file outside the backup: {}", file.path);
    let path = to.join(name);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("make {}", folder.display()))?;
    }
    let mut out = File::create(&path).with_context(|| format!("write {}", path.display()))?;
    let mut have = 0;
    while have < file.bytes {
        let query = vec![("from".to_owned(), have.to_string())];
        let ask = Ask { query, ..Ask::get(format!("/backup/{}/{at}", aside.id)) };
        let (status, piece) = client.send(&ask)?;
        ensure!(status == 200, "{}: the server answered {status}; take the backup again", file.path);
        ensure!(!piece.is_empty(), "{}: the server has less of it than it said", file.path);
        out.write_all(&piece).with_context(|| format!("write {}", path.display()))?;
        have += piece.len() as u64;
    }
    out.sync_all().with_context(|| format!("write {}", path.display()))
}
