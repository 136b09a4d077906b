//! A backup over the network: an administrator who gives login and password has a state set aside, and
//! fetches it piece by piece. The signing key is never in it: whoever steals it could sign in the
//! institute's name.
//!
//! Fetching needs nothing but the id, 128 bits that nobody can guess and that hold until the backup is
//! let go, another begins, or the server ends.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use kernel::{Role, Via};
use serde::Deserialize;
use serde_json::{Value, json};
use site::Miss;
use store::StoreError;

use crate::app::App;
use crate::call::{Body, Call, Method, Reply};
use crate::door;

/// How many bytes a piece has at most.
pub const PIECE: u64 = 4 * 1024 * 1024;
/// Who may take one.
pub const TAKERS: &[Role] = &[Role::Administrator];

/// The backup that is set aside, one at a time.
#[derive(Default)]
pub struct Aside(Mutex<Option<Staged>>);

struct Staged {
    id: String,
    folder: PathBuf,
    /// Paths within the folder, with their sizes.
    files: Vec<(String, u64)>,
}

impl Drop for Staged {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Who asks for one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    login: String,
    password: String,
}

/// Why there is none.
pub enum NoBackup {
    /// The request cannot be read.
    Unclear(String),
    /// Login or password is wrong, or the account is locked.
    Unknown(String),
    /// As anywhere.
    Miss(Miss),
}

impl From<StoreError> for NoBackup {
    fn from(error: StoreError) -> Self {
        NoBackup::Miss(error.into())
    }
}

/// Answers below `/backup`; nothing for any other path.
pub fn answer(app: &App, call: &Call, path: &str) -> Option<Result<Reply, NoBackup>> {
    let rest = path.strip_prefix("/backup")?;
    let parts: Vec<&str> = rest.split('/').skip(1).collect();
    match (call.method, rest, &parts[..]) {
        (Method::Post, "", _) => Some(begin(app, call)),
        (Method::Get, _, [id, number]) => Some(piece(app, call, id, number)),
        (Method::Post, _, [id, "done"]) => Some(done(app, id)),
        _ => None,
    }
}

fn begin(app: &App, call: &Call) -> Result<Reply, NoBackup> {
    let Body::Text(text) = &call.body else {
        let how = "send {\"login\": …, \"password\": …} as application/json";
        return Err(NoBackup::Unclear(how.to_owned()));
    };
    let asked: Asked = serde_json::from_str(text).map_err(|why| NoBackup::Unclear(why.to_string()))?;
    let known = match authority::authenticate(&app.store, &asked.login, &asked.password, Via::Api) {
        Ok(known) => known,
        Err(authority::SignInError::Store(error)) => return Err(error.into()),
        Err(error) => return Err(NoBackup::Unknown(error.to_string())),
    };
    if !known.actor.has_any(TAKERS) {
        return Err(NoBackup::Miss(Miss::NotAllowed));
    }
    let mut aside = app.backups.0.lock().map_err(|_| StoreError::Closed)?;
    *aside = None;
    let all = app.store.folder().join("staging");
    let _ = fs::remove_dir_all(&all); // what a server that was killed left behind
    let id = door::secret();
    let mut staged = Staged { folder: all.join(&id), id, files: Vec::new() };
    store::set_aside(&app.store, &staged.folder)?;
    list(&staged.folder, &staged.folder, &mut staged.files)?;
    let files: Vec<Value> =
        staged.files.iter().map(|(path, bytes)| json!({ "path": path, "bytes": bytes })).collect();
    tracing::warn!(person = %known.person, files = files.len(), "a backup is taken over the network");
    let told = json!({ "id": staged.id, "piece": PIECE, "files": files });
    *aside = Some(staged);
    Ok(Reply::json(200, &told))
}

fn list(top: &Path, folder: &Path, into: &mut Vec<(String, u64)>) -> Result<(), StoreError> {
    let failed = |path: &Path| StoreError::io(format!("list {}", path.display()));
    for entry in fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        if path.is_dir() {
            list(top, &path, into)?;
        } else {
            let bytes = fs::metadata(&path).map_err(failed(&path))?.len();
            let name = path.strip_prefix(top).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            into.push((name, bytes));
        }
    }
    into.sort();
    Ok(())
}

fn piece(app: &App, call: &Call, id: &str, number: &str) -> Result<Reply, NoBackup> {
    let none = || NoBackup::Miss(Miss::NoSuch(call.path.clone()));
    let aside = app.backups.0.lock().map_err(|_| StoreError::Closed)?;
    let staged = aside.as_ref().filter(|staged| staged.id == id).ok_or_else(none)?;
    let number: usize = number.parse().map_err(|_| none())?;
    let (path, bytes) = staged.files.get(number).ok_or_else(none)?;
    let from: u64 = Some(call.asked("from"))
        .filter(|text| !text.is_empty())
        .unwrap_or("0")
        .parse()
        .map_err(|_| NoBackup::Unclear(format!("`from` is no place in the file, a number to {bytes}")))?;
    let path = staged.folder.join(path);
    drop(aside);
    let failed = || StoreError::io(format!("read {}", path.display()));
    let mut file = File::open(&path).map_err(failed())?;
    file.seek(SeekFrom::Start(from)).map_err(failed())?;
    let mut piece = Vec::new();
    file.take(PIECE).read_to_end(&mut piece).map_err(failed())?;
    Ok(Reply::new(200, "application/octet-stream", piece))
}

fn done(app: &App, id: &str) -> Result<Reply, NoBackup> {
    let mut aside = app.backups.0.lock().map_err(|_| StoreError::Closed)?;
    if aside.as_ref().is_none_or(|staged| staged.id != id) {
        return Err(NoBackup::Miss(Miss::NoSuch("backup".to_owned())));
    }
    *aside = None;
    Ok(Reply::json(200, &json!({})))
}
