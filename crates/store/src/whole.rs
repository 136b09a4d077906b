//! Whether everything lies where the ledger says: each tile under the signed head, each file that a row or a
//! fact names.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::Path;

use ledger::Memory;

use crate::look::Missing;
use crate::{Db, Files, LedgerWrong, StoreError, log, params};

const TILE: &str = "everybody who follows the ledger reads it; put `ledger/` back from a backup";
const FILE: &str = "a record rests on it; put it back from a backup, it is known by its name";

/// Compares every tile that the first `size` entries have with what the rows give. Gives how many.
pub(crate) fn tiles(db: &mut Db, folder: &Path, size: u64) -> Result<u64, LedgerWrong> {
    let mut leaves = Vec::new();
    db.each("SELECT leaf FROM ledger_entry WHERE seq < ?1 ORDER BY seq", params![size], |row| {
        leaves.push(log::digest(&row.opt_blob(0)?.unwrap_or_default())?);
        Ok(())
    })?;
    let memory = Memory::from_leaves(leaves);
    let mut compared = 0;
    log::tiles(db, &memory, 0, size, |tile| {
        compared += 1;
        let path = folder.join(&tile.path);
        match std::fs::read(&path) {
            Ok(bytes) if bytes == tile.bytes => Ok(()),
            Ok(_) => Err(LedgerWrong::Tile(path.display().to_string())),
            Err(why) if why.kind() == ErrorKind::NotFound => Err(Missing::new(path.display(), TILE).into()),
            Err(why) => Err(StoreError::io(format!("read {}", path.display()))(why).into()),
        }
    })?;
    Ok(compared)
}

/// Reads every kept file: those of rows, those that facts name, and whatever else lies there. Gives how many.
pub(crate) fn files(db: &mut Db, files: &Files, named: &BTreeSet<String>) -> Result<u64, LedgerWrong> {
    let sql = "SELECT sha256, first_name FROM file ORDER BY sha256";
    let rows = db.query(sql, &[], |row| Ok((row.text(0)?, row.text(1)?)))?;
    let mut all: BTreeSet<String> = files.all()?.into_iter().collect();
    let wanted = rows.into_iter().map(|(hash, name)| (hash, format!(" ({name})")));
    for (hash, name) in wanted.chain(named.iter().map(|hash| (hash.clone(), String::new()))) {
        if !all.contains(&hash) && !files.path(&hash).exists() {
            let what = format!("{}{name}", files.path(&hash).display());
            return Err(Missing::new(what, FILE).into());
        }
        all.insert(hash);
    }
    for hash in &all {
        files.read(hash)?;
    }
    Ok(all.len() as u64)
}
