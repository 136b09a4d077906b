//! `backup` and `restore`: one folder out, one folder in, checked on the way.

use std::fs;
use std::path::Path;

use crate::{Store, StoreError};

/// Copies a consistent state of database, files, ledger and keys into an empty or new folder, while others
/// go on working. The database is copied first, so that every file it speaks of is already kept.
pub fn backup(store: &Store, to: &Path) -> Result<(), StoreError> {
    let occupied = fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some());
    if occupied {
        let to = to.display();
        return Err(StoreError::Configuration(format!(
            "{to} is not empty; give a new folder for the backup"
        )));
    }
    fs::create_dir_all(to).map_err(StoreError::io(format!("make {}", to.display())))?;
    store.publish()?;
    copy_tree(&store.folder().join("keys"), &to.join("keys"))?;
    copy_tree(&store.folder().join("ledger"), &to.join("ledger"))?;
    let database = to.join("orepass.db");
    store.read(|db| db.copy_to(&database))?;
    copy_tree(&store.folder().join("files"), &to.join("files"))
}

/// Copies a backup into a new data folder. Open and verify it afterwards.
pub fn restore(from: &Path, to: &Path) -> Result<(), StoreError> {
    if !from.join("orepass.db").exists() {
        let from = from.display();
        return Err(StoreError::Configuration(format!("{from} holds no orepass.db; it is no backup")));
    }
    if to.join("orepass.db").exists() {
        let to = to.display();
        return Err(StoreError::Configuration(format!(
            "{to} is a data folder already; restore into a new one, nothing is overwritten"
        )));
    }
    copy_tree(from, to)
}

fn copy_tree(from: &Path, to: &Path) -> Result<(), StoreError> {
    let failed = |path: &Path| StoreError::io(format!("copy {}", path.display()));
    fs::create_dir_all(to).map_err(failed(to))?;
    for entry in fs::read_dir(from).map_err(failed(from))? {
        let path = entry.map_err(failed(from))?.path();
        let Some(name) = path.file_name() else { continue };
        let target = to.join(name);
        if path.is_dir() {
            copy_tree(&path, &target)?;
        } else if name != "lock" && !name.to_string_lossy().contains(".part") {
            fs::copy(&path, &target).map_err(failed(&path))?;
        }
    }
    Ok(())
}
