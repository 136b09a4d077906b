//! Checking a whole log: every record, every payload that is still kept, and the signed head.

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::digest::{Digest, leaf_hash, payload_digest};
use crate::key::VerifierKey;
use crate::record::{Record, RecordError};
use crate::tree::Tree;

/// An entry as found in storage.
#[derive(Debug, Clone)]
pub struct Entry<B> {
    /// The canonical bytes.
    pub record: B,
    pub payload: Payload<B>,
    /// The leaf hash as kept elsewhere (a column, or [`crate::read_leaves`]): with it a record that
    /// was changed together with its payload is named, where the root could only say that something
    /// differs.
    pub leaf: Option<Digest>,
}

/// What lies beside the record.
#[derive(Debug, Clone)]
pub enum Payload<B> {
    Kept {
        salt: [u8; 16],
        bytes: B,
    },
    /// Salt and bytes were erased; the record and its proofs stay valid.
    Erased,
}

/// What was proved: the first `size` entries are exactly those that the key's owner signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub size: u64,
    pub root: Digest,
    /// Entries whose payload is erased; of these the record is proved, not the content.
    pub erased: u64,
    /// Well-formed entries after the checkpoint, which no signature covers yet.
    pub unsigned: u64,
}

/// The first thing that is wrong, in the order of the log; the head comes after the entries.
#[derive(Debug, thiserror::Error)]
#[error("{}{what}", seq.map(|seq| format!("entry {seq}: ")).unwrap_or_default())]
pub struct FirstWrong {
    /// The entry concerned, or none if it is the log as a whole.
    pub seq: Option<u64>,
    pub what: Wrong,
}

#[derive(Debug, thiserror::Error)]
pub enum Wrong {
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error("the record says it is entry {found}: an entry is missing, repeated or out of place")]
    OutOfPlace { found: u64 },
    #[error("the payload does not have the digest {wanted} that the record gives")]
    Payload { wanted: Digest },
    #[error("the record's hash is {found}, but {wanted} was logged: the record was changed")]
    Leaf { wanted: Digest, found: Digest },
    #[error("the checkpoint covers {wanted} entries, but the log has only {found}")]
    Truncated { wanted: u64, found: u64 },
    #[error("the root over {size} entries is {found}, but {wanted} was signed")]
    Root { size: u64, wanted: Digest, found: Digest },
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

/// Checks a log against a signed checkpoint, entry by entry in one pass. Trust in the result is
/// trust in `key` alone.
pub fn verify_log<B: AsRef<[u8]>>(
    entries: impl IntoIterator<Item = Entry<B>>,
    checkpoint: &str,
    key: &VerifierKey,
) -> Result<Verified, FirstWrong> {
    let mut verifier = LogVerifier::new(checkpoint, key)?;
    for entry in entries {
        verifier.entry(&entry)?;
    }
    verifier.finish()
}

/// [`verify_log`] for callers that bring the entries themselves, for instance to fold the events in
/// the same pass.
#[derive(Debug)]
pub struct LogVerifier {
    checkpoint: Checkpoint,
    tree: Tree,
    root: Option<Digest>,
    erased: u64,
}

impl LogVerifier {
    pub fn new(checkpoint: &str, key: &VerifierKey) -> Result<Self, FirstWrong> {
        let checkpoint = Checkpoint::open(checkpoint, key).map_err(|e| whole(e.into()))?;
        Ok(Self { checkpoint, tree: Tree::new(), root: None, erased: 0 })
    }

    /// Checks the next entry by itself and returns its record.
    pub fn entry<B: AsRef<[u8]>>(&mut self, entry: &Entry<B>) -> Result<Record, FirstWrong> {
        let seq = self.tree.size();
        let wrong = |what| FirstWrong { seq: Some(seq), what };
        let bytes = entry.record.as_ref();
        let found = leaf_hash(bytes);
        if let Some(wanted) = entry.leaf.filter(|&wanted| wanted != found) {
            return Err(wrong(Wrong::Leaf { wanted, found }));
        }
        let record = Record::parse(bytes).map_err(|e| wrong(e.into()))?;
        if record.seq != seq {
            return Err(wrong(Wrong::OutOfPlace { found: record.seq }));
        }
        match &entry.payload {
            Payload::Erased => self.erased += 1,
            Payload::Kept { salt, bytes } if payload_digest(salt, bytes.as_ref()) == record.payload => (),
            Payload::Kept { .. } => return Err(wrong(Wrong::Payload { wanted: record.payload })),
        }
        self.note_root();
        self.tree.append(found);
        Ok(record)
    }

    /// Checks the entries together against the checkpoint.
    pub fn finish(mut self) -> Result<Verified, FirstWrong> {
        self.note_root();
        let Checkpoint { size, root: wanted, .. } = self.checkpoint;
        let Some(found) = self.root else {
            return Err(whole(Wrong::Truncated { wanted: size, found: self.tree.size() }));
        };
        if found != wanted {
            return Err(whole(Wrong::Root { size, wanted, found }));
        }
        Ok(Verified { size, root: wanted, erased: self.erased, unsigned: self.tree.size() - size })
    }

    /// Keeps the root at the signed size, which the log may since have outgrown.
    fn note_root(&mut self) {
        if self.tree.size() == self.checkpoint.size {
            self.root = Some(self.tree.root());
        }
    }
}

fn whole(what: Wrong) -> FirstWrong {
    FirstWrong { seq: None, what }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoint::tests::key;
    use crate::proof::Proof;
    use crate::record::tests::sample;
    use crate::tree::Memory;

    type Log = Vec<Entry<Vec<u8>>>;

    fn log(size: u64) -> (Log, String) {
        let entry = |seq: u64| {
            let (salt, bytes) = ([seq as u8; 16], format!("{{\"copper_pct\":{seq}}}").into_bytes());
            let record = Record { payload: payload_digest(&salt, &bytes), ..sample(seq) };
            Entry { record: record.encode().unwrap(), payload: Payload::Kept { salt, bytes }, leaf: None }
        };
        let entries: Vec<_> = (0..size).map(entry).collect();
        let root = Tree::from_leaves(entries.iter().map(|entry| leaf_hash(&entry.record))).root();
        let checkpoint = Checkpoint::sign(size, root, &key("plant", 7));
        (entries, checkpoint)
    }

    fn first_wrong(entries: Log, checkpoint: &str) -> FirstWrong {
        verify_log(entries, checkpoint, key("plant", 7).verifier()).unwrap_err()
    }

    #[test]
    fn a_whole_log_verifies_also_after_erasure() {
        let (mut entries, checkpoint) = log(50);
        let public = key("plant", 7);
        let memory = Memory::from_leaves(entries.iter().map(|entry| leaf_hash(&entry.record)));
        let proof = Proof::make(20, &checkpoint, &memory).unwrap();
        let whole = verify_log(entries.clone(), &checkpoint, public.verifier()).unwrap();
        assert_eq!((whole.size, whole.erased, whole.unsigned), (50, 0, 0));
        entries[20].payload = Payload::Erased;
        let after = verify_log(entries.clone(), &checkpoint, public.verifier()).unwrap();
        assert_eq!(after, Verified { erased: 1, ..whole.clone() });
        assert!(proof.verify(&entries[20].record, public.verifier()).is_ok());
        // Entries after the checkpoint are counted apart.
        let (longer, _) = log(53);
        let longer = verify_log(longer, &checkpoint, public.verifier()).unwrap();
        assert_eq!(longer, Verified { unsigned: 3, ..whole });
        let empty = Checkpoint::sign(0, Digest::EMPTY_ROOT, &public);
        assert_eq!(verify_log(log(2).0, &empty, public.verifier()).unwrap().unsigned, 2);
    }

    #[test]
    fn the_first_wrong_entry_is_named() {
        let (entries, checkpoint) = log(9);
        let changed = |change: &dyn Fn(&mut Log)| {
            let mut entries = entries.clone();
            change(&mut entries);
            first_wrong(entries, &checkpoint)
        };
        let wrong = changed(&|log| log[4].payload = log[5].payload.clone());
        assert!(matches!(wrong, FirstWrong { seq: Some(4), what: Wrong::Payload { .. } }));
        assert!(wrong.to_string().starts_with("entry 4: the payload does not have the digest "));
        let wrong = changed(&|log| drop(log.remove(3)));
        assert!(matches!(wrong, FirstWrong { seq: Some(3), what: Wrong::OutOfPlace { found: 4 } }));
        let wrong = changed(&|log| log[2].record.push(b' '));
        assert!(matches!(wrong, FirstWrong { seq: Some(2), what: Wrong::Record(RecordError::NotCanonical) }));
        let wrong = changed(&|log| log.truncate(7));
        assert!(matches!(wrong, FirstWrong { seq: None, what: Wrong::Truncated { wanted: 9, found: 7 } }));
        // A forger who changes record and payload together is betrayed by the root, and by the leaf
        // if one is kept.
        let mut forged = entries[6].clone();
        forged.record = String::from_utf8(forged.record).unwrap().replace("lot-12", "lot-13").into_bytes();
        let wrong = changed(&|log| log[6] = forged.clone());
        assert!(matches!(wrong, FirstWrong { seq: None, what: Wrong::Root { size: 9, .. } }));
        let leaf = Some(leaf_hash(&entries[6].record));
        let wrong = changed(&|log| log[6] = Entry { leaf, ..forged.clone() });
        assert!(matches!(wrong, FirstWrong { seq: Some(6), what: Wrong::Leaf { .. } }));
        let error = verify_log(entries.clone(), &checkpoint, key("plant", 8).verifier()).unwrap_err();
        assert!(matches!(error.what, Wrong::Checkpoint(CheckpointError::ForeignKey { .. })));
    }
}
