//! The ledger: an append-only record of every change, which a stranger can check with no server.
//!
//! Each event becomes one [`Record`], written as RFC 8785 canonical JSON. Its hash is a leaf of an
//! RFC 6962 Merkle [`tree`]; the tree is published as C2SP [`tiles`], its head as a signed
//! [`checkpoint`], and any single entry as a self-contained [`proof`] file. The payload of an event
//! lies beside the log: the record holds only a salted [`Digest`], so salt and payload can be
//! erased later and every proof stays valid ([`verify`]).
//!
//! This crate is pure: bytes in, bytes out. Salts, seeds and times are given by the caller.

pub mod checkpoint;
pub mod digest;
pub mod key;
pub mod note;
pub mod proof;
pub mod record;
pub mod tiles;
pub mod tree;
pub mod verify;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use digest::{Digest, DigestError, leaf_hash, payload_digest};
pub use key::{KeyError, SigningKey, VerifierKey};
pub use note::NoteError;
pub use proof::{Proof, ProofError};
pub use record::{MAX_RECORD_BYTES, Record, RecordError};
pub use tiles::{TileError, TileFile, TileFiles, entry_tiles, hash_tiles, read_entries, read_leaves};
pub use tree::{HashReader, Memory, Tree, TreeError};
pub use tree::{prove_consistency, prove_inclusion, verify_consistency, verify_inclusion};
pub use verify::{Entry, FirstWrong, LogVerifier, Payload, Verified, Wrong, verify_log};
