//! The ledger as the store keeps it: rows are the truth; tiles and checkpoints are published from them.

use std::path::{Path, PathBuf};

use kernel::Ref;
use ledger::{Checkpoint, Digest, Memory, Proof, Record, RecordError, SigningKey, VerifierKey};

use crate::{AnyFact, Db, StoreError, files, params};

/// The tree over all committed entries, its key, and what has been published of it.
pub(crate) struct Log {
    folder: PathBuf,
    key: SigningKey,
    memory: Memory,
    published: u64,
    checkpoint: String,
}

/// A new entry as it goes into its row.
pub(crate) struct NewEntry {
    pub seq: u64,
    pub kind: &'static str,
    /// The canonical text.
    pub record: String,
    pub leaf: Digest,
    pub salt: [u8; 16],
    pub payload: String,
    pub subjects: Vec<Ref>,
}

impl NewEntry {
    /// Writes and hashes what a fact becomes. `act` is everything but the fact.
    pub(crate) fn write(
        act: &Record,
        fact: &dyn AnyFact,
        seq: u64,
        salt: [u8; 16],
    ) -> Result<Self, StoreError> {
        let (payload, subjects, kind) = (fact.payload()?, fact.subjects(), fact.kind());
        let record = Record {
            seq,
            kind: kind.to_owned(),
            version: fact.version(),
            subjects: subjects.iter().map(ToString::to_string).collect(),
            payload: ledger::payload_digest(&salt, payload.as_bytes()),
            ..act.clone()
        };
        let record = record.encode().map_err(|why| match why {
            RecordError::TooLong { bytes } => {
                StoreError::TooMuch { kind, bytes, most: ledger::MAX_RECORD_BYTES }
            }
            why => trouble(why),
        })?;
        let leaf = ledger::leaf_hash(&record);
        let record = String::from_utf8(record).map_err(trouble)?;
        Ok(NewEntry { seq, kind, record, leaf, salt, payload, subjects })
    }
}

fn trouble(why: impl ToString) -> StoreError {
    StoreError::Ledger(why.to_string())
}

impl Log {
    /// Reads the leaves back and publishes what a crash left unpublished.
    pub(crate) fn open(folder: &Path, key: SigningKey, db: &mut Db) -> Result<Self, StoreError> {
        let mut leaves = Vec::new();
        db.each("SELECT leaf FROM ledger_entry ORDER BY seq", &[], |row| {
            leaves.push(digest(&row.opt_blob(0)?.unwrap_or_default())?);
            Ok(())
        })?;
        let memory = Memory::from_leaves(leaves);
        let mut log = Log { folder: folder.to_owned(), key, memory, published: 0, checkpoint: String::new() };
        if let Some(note) = log.read("checkpoint") {
            let note = String::from_utf8_lossy(&note).into_owned();
            let old = Checkpoint::open(&note, log.key.verifier()).map_err(trouble)?;
            if old.size > log.memory.tree().size() {
                return Err(StoreError::Ledger(format!(
                    "the signed checkpoint covers {} entries but the database holds {}; restore the database \
                     that belongs to this folder",
                    old.size,
                    log.memory.tree().size()
                )));
            }
            log.published = old.size;
            log.checkpoint = note;
        }
        log.publish(db)?;
        Ok(log)
    }

    /// How many entries are committed.
    pub(crate) fn size(&self) -> u64 {
        self.memory.tree().size()
    }

    /// Takes leaves in, after their rows are committed.
    pub(crate) fn accept(&mut self, leaves: &[Digest]) {
        leaves.iter().for_each(|leaf| self.memory.append(*leaf));
    }

    /// Writes the tiles that have grown, then signs a checkpoint over them.
    pub(crate) fn publish(&mut self, db: &mut Db) -> Result<(), StoreError> {
        let size = self.size();
        if size == self.published && !self.checkpoint.is_empty() {
            return Ok(());
        }
        let folder = &self.folder;
        tiles(db, &self.memory, self.published, size, |tile| {
            files::write_whole(&folder.join(&tile.path), &tile.bytes)
        })?;
        self.checkpoint = Checkpoint::sign(size, self.memory.tree().root(), &self.key);
        files::write_whole(&self.folder.join("checkpoint"), self.checkpoint.as_bytes())?;
        self.published = size;
        Ok(())
    }

    /// The latest signed checkpoint.
    pub(crate) fn checkpoint(&self) -> &str {
        &self.checkpoint
    }

    /// With which key checkpoints are signed.
    pub(crate) fn key(&self) -> &SigningKey {
        &self.key
    }

    /// The proof that an entry is in the log, under the latest checkpoint.
    pub(crate) fn prove(&self, seq: u64) -> Result<Proof, StoreError> {
        Proof::make(seq, &self.checkpoint, &self.memory).map_err(trouble)
    }

    fn read(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(self.folder.join(path)).ok()
    }
}

/// Hands over every tile that the log has when it has grown from `from` to `to` entries: of hashes, then of
/// records, these in steps, so that memory stays bounded.
pub(crate) fn tiles<E: From<StoreError>>(
    db: &mut Db,
    memory: &Memory,
    mut from: u64,
    to: u64,
    mut take: impl FnMut(ledger::TileFile) -> Result<(), E>,
) -> Result<(), E> {
    for tile in ledger::hash_tiles(from, to, memory).map_err(trouble)? {
        take(tile)?;
    }
    while from < to {
        let end = to.min((from / 256 + 64) * 256);
        let first = from / 256 * 256;
        let records = read_records(db, first, end)?;
        let record =
            |seq: u64| records.get((seq - first) as usize).cloned().ok_or_else(|| format!("no entry {seq}"));
        for tile in ledger::entry_tiles(from, end, record).map_err(trouble)? {
            take(tile)?;
        }
        from = end;
    }
    Ok(())
}

/// Writes an entry's rows.
pub(crate) fn insert(db: &mut Db, entry: &NewEntry) -> Result<(), StoreError> {
    let sql = "INSERT INTO ledger_entry (seq, record, leaf, kind, salt, payload)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let leaf = entry.leaf.as_bytes();
    db.execute(sql, params![entry.seq, &entry.record, leaf, entry.kind, &entry.salt, &entry.payload])?;
    for subject in &entry.subjects {
        let sql = "INSERT INTO ledger_subject (number, seq) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        db.execute(sql, params![subject.number, entry.seq])?;
    }
    Ok(())
}

/// A stored entry as a reader gets it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct StoredEntry {
    /// The record, parsed.
    pub record: Record,
    /// Its canonical text, whose hash is the leaf.
    pub canonical: String,
    /// The salt of its payload's digest, unless erased.
    #[serde(skip)]
    pub salt: Option<[u8; 16]>,
    /// Its payload, unless erased.
    pub payload: Option<String>,
}

fn stored(row: &crate::Row<'_>) -> Result<StoredEntry, StoreError> {
    let canonical = row.text(0)?;
    let record = Record::parse(canonical.as_bytes()).map_err(trouble)?;
    let salt = row.opt_blob(1)?.and_then(|salt| salt.try_into().ok());
    Ok(StoredEntry { record, canonical, salt, payload: row.opt_text(2)? })
}

/// One entry.
pub fn entry(db: &mut Db, seq: u64) -> Result<Option<StoredEntry>, StoreError> {
    db.maybe("SELECT record, salt, payload FROM ledger_entry WHERE seq = ?1", params![seq], stored)
}

/// Entries newest first, before `before`, at most `limit`.
pub fn entries(db: &mut Db, before: u64, limit: u32) -> Result<Vec<StoredEntry>, StoreError> {
    let sql = "SELECT record, salt, payload FROM ledger_entry WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2";
    db.query(sql, params![before, limit], stored)
}

/// The entries about a record, oldest first.
pub fn history(db: &mut Db, about: Ref) -> Result<Vec<StoredEntry>, StoreError> {
    let sql = "SELECT e.record, e.salt, e.payload FROM ledger_subject s JOIN ledger_entry e ON e.seq = s.seq
               WHERE s.number = ?1 ORDER BY s.seq";
    db.query(sql, params![about.number], stored)
}

/// The entry in which a record first stands: who made it, and when.
pub fn origin(db: &mut Db, about: Ref) -> Result<Option<StoredEntry>, StoreError> {
    let sql = "SELECT e.record, e.salt, e.payload FROM ledger_subject s JOIN ledger_entry e ON e.seq = s.seq
               WHERE s.number = ?1 ORDER BY s.seq LIMIT 1";
    db.maybe(sql, params![about.number], stored)
}

/// How many entries are committed.
pub fn count(db: &mut Db) -> Result<u64, StoreError> {
    db.one("ledger", "SELECT COUNT(*) FROM ledger_entry", &[], |row| row.number(0))
}

/// Erases the payloads of all entries about a record whose kind starts with `prefix`. Proofs stay valid.
pub fn erase_payloads(db: &mut Db, about: Ref, prefix: &str) -> Result<u64, StoreError> {
    let sql = "UPDATE ledger_entry SET payload = NULL, salt = NULL
               WHERE kind LIKE ?2 AND seq IN (SELECT seq FROM ledger_subject WHERE number = ?1)";
    db.execute(sql, params![about.number, format!("{prefix}%")])
}

/// Erases the payload of one entry. Its proof stays valid.
pub fn erase_payload(db: &mut Db, seq: u64) -> Result<(), StoreError> {
    let sql = "UPDATE ledger_entry SET payload = NULL, salt = NULL WHERE seq = ?1";
    db.execute(sql, params![seq]).map(|_| ())
}

/// Every refused command that is still kept, with its entry, oldest first.
pub fn refused(db: &mut Db) -> Result<Vec<(u64, crate::Refused)>, StoreError> {
    let sql = "SELECT e.seq, e.payload FROM refusal r JOIN ledger_entry e ON e.seq = r.seq
               WHERE e.payload IS NOT NULL ORDER BY e.seq";
    db.query(sql, &[], |row| {
        let payload = row.text(1)?;
        let refused = serde_json::from_str(&payload).map_err(|why| StoreError::stored("a refusal", why))?;
        Ok((row.number(0)?, refused))
    })
}

fn read_records(db: &mut Db, from: u64, to: u64) -> Result<Vec<Vec<u8>>, StoreError> {
    let sql = "SELECT record FROM ledger_entry WHERE seq >= ?1 AND seq < ?2 ORDER BY seq";
    db.query(sql, params![from, to], |row| Ok(row.text(0)?.into_bytes()))
}

pub(crate) fn digest(bytes: &[u8]) -> Result<Digest, StoreError> {
    let bytes: [u8; 32] = bytes.try_into().map_err(|_| trouble("a stored leaf is not 32 bytes long"))?;
    Ok(Digest::from_bytes(bytes))
}

/// Reads the signing key of a data folder, or, in one without entries, makes it (mode 0600). Its public half
/// is written beside it.
pub(crate) fn key(
    folder: &Path,
    name: &str,
    entropy: &mut dyn FnMut(&mut [u8]),
) -> Result<SigningKey, StoreError> {
    if seed(folder)?.is_none() {
        let mut bytes = [0; 32];
        entropy(&mut bytes);
        let text = format!("{name}\n{}\n", hex::encode(bytes));
        files::write_secret(&folder.join("ledger.seed"), text.as_bytes())?;
    }
    let key = seed(folder)?.ok_or_else(|| trouble("the seed that was just written cannot be read"))?;
    files::write_whole(&folder.join("ledger.vkey"), format!("{}\n", key.verifier()).as_bytes())?;
    Ok(key)
}

/// The signing key of a data folder, when it is there.
pub(crate) fn seed(folder: &Path) -> Result<Option<SigningKey>, StoreError> {
    let path = folder.join("ledger.seed");
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(why) => return Err(StoreError::io(format!("read {}", path.display()))(why)),
    };
    let mut lines = text.lines();
    let (name, digits) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let mut bytes = [0; 32];
    hex::decode_to_slice(digits, &mut bytes)
        .map_err(|why| trouble(format!("{} is no ledger seed: {why}", path.display())))?;
    SigningKey::from_seed(name, &bytes).map_err(trouble).map(Some)
}

/// The public key of a data folder.
pub fn verifier(folder: &Path) -> Result<VerifierKey, StoreError> {
    let path = folder.join("ledger.vkey");
    let text = std::fs::read_to_string(&path).map_err(StoreError::io(format!("read {}", path.display())))?;
    text.trim().parse().map_err(trouble)
}
