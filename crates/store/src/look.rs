//! A data folder as it lies, opened only to be read: nothing in it is made, changed or signed, whether or not
//! a server has it in use.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::{Db, StoreError, log};

/// What a data folder consists of, beside the embedded database.
pub const PARTS: [&str; 3] = ["keys", "ledger", "files"];
/// Stands in `keys/` where the signing key was left out on purpose: in a backup that came over the network.
pub const ELSEWHERE: &str = "ledger.seed.elsewhere";

/// Something that belongs to a data folder and is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} is missing: {remedy}")]
pub struct Missing {
    /// What, by its path or name.
    pub what: String,
    /// What to do.
    pub remedy: &'static str,
}

impl Missing {
    pub(crate) fn new(what: impl ToString, remedy: &'static str) -> Self {
        Missing { what: what.to_string(), remedy }
    }
}

const KEYS: &str = "put it back from a backup; keys are made by `orepass init` alone";
const HEAD: &str = "the signed head of the ledger was there; put `ledger/` back from a backup";
const FILES: &str = "kept files lie in it; put it back from a backup";
const DATABASE: &str = "the ledger's rows are in it; put it back from a backup";
const SEED: &str = "without it nothing can be signed; put it back from where it is kept (a backup that came \
                    over the network holds no signing key)";

/// The parts that must be in a data folder that has been used.
///
/// # Errors
/// The first that is missing.
pub fn whole(folder: &Path, embedded: bool) -> Result<(), Missing> {
    let keys = folder.join("keys");
    let seed = keys.join("ledger.seed");
    let wanted = [
        (keys.clone(), KEYS, true),
        (keys.join("ledger.vkey"), KEYS, true),
        (seed, SEED, !keys.join(ELSEWHERE).is_file()),
        (folder.join("ledger"), HEAD, true),
        (folder.join("ledger/checkpoint"), HEAD, true),
        (folder.join("files"), FILES, true),
        (folder.join("orepass.db"), DATABASE, embedded),
    ];
    let missing = wanted.into_iter().find(|(path, _, needed)| *needed && !path.exists());
    missing.map_or(Ok(()), |(path, remedy, _)| Err(Missing::new(path.display(), remedy)))
}

/// What must be there before a folder that holds entries is opened to go on with.
///
/// # Errors
/// The first that is missing.
pub(crate) fn to_go_on(folder: &Path) -> Result<(), Missing> {
    let wanted = [("keys/ledger.seed", SEED), ("ledger/checkpoint", HEAD), ("files", FILES)];
    let missing = wanted.into_iter().find(|(part, _)| !folder.join(part).exists());
    missing.map_or(Ok(()), |(part, remedy)| Err(Missing::new(folder.join(part).display(), remedy)))
}

/// A database that is read only, in one state.
pub(crate) struct Look {
    pub(crate) db: Db,
    _copy: Option<Copied>,
    _lock: Option<File>,
}

static LOOKS: AtomicU64 = AtomicU64::new(0);

impl Look {
    /// Opens the database of a folder, or the server's that is named.
    pub(crate) fn open(folder: &Path, database: Option<&str>) -> Result<Self, StoreError> {
        if let Some(url) = database {
            return Look::begun(Db::postgres(url)?, None, None);
        }
        let path = folder.join("orepass.db");
        // Shared with other readers; a server holds it alone, and then its own files beside the database
        // are there to read by.
        let lock = File::open(folder.join("lock")).ok();
        let in_use = lock.as_ref().is_some_and(|lock| lock.try_lock_shared().is_err());
        if in_use {
            return Look::begun(Db::sqlite_to_read(&path, false)?, None, None);
        }
        let unfinished = fs::metadata(folder.join("orepass.db-wal")).is_ok_and(|wal| wal.len() > 0);
        if !unfinished {
            return Look::begun(Db::sqlite_to_read(&path, true)?, None, lock);
        }
        // A process was killed and left its log of changes. Reading that would write beside it, so a copy
        // is read.
        let copy = Copied::of(folder)?;
        let db = Db::sqlite_to_read(&copy.0.join("orepass.db"), false)?;
        Look::begun(db, Some(copy), lock)
    }

    fn begun(mut db: Db, copy: Option<Copied>, lock: Option<File>) -> Result<Self, StoreError> {
        db.begin_reading()?;
        log::count(&mut db)?; // from here on it is one state
        Ok(Look { db, _copy: copy, _lock: lock })
    }
}

/// A copy of the embedded database that is gone when it is dropped.
struct Copied(PathBuf);

impl Copied {
    fn of(folder: &Path) -> Result<Self, StoreError> {
        let number = LOOKS.fetch_add(1, Ordering::SeqCst);
        let to = std::env::temp_dir().join(format!("orepass-look-{}-{number}", std::process::id()));
        let failed = |path: &Path| StoreError::io(format!("copy {}", path.display()));
        fs::create_dir_all(&to).map_err(failed(&to))?;
        let copy = Copied(to);
        for name in ["orepass.db", "orepass.db-wal"] {
            let from = folder.join(name);
            fs::copy(&from, copy.0.join(name)).map_err(failed(&from))?;
        }
        Ok(copy)
    }
}

impl Drop for Copied {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
