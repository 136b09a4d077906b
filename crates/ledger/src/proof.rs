//! The proof that one record is in the log, as a text file a stranger can check offline (C2SP tlog-proof).
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra <base64>              (optional, not authenticated)
//! index <zero-based index>
//! <base64 hash>               (the audit path, leaf's sibling first)
//!
//! <signed checkpoint>
//! ```

use std::fmt;
use std::str::FromStr;

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::digest::{Digest, leaf_hash};
use crate::key::VerifierKey;
use crate::tree::{HashReader, TreeError, prove_inclusion, verify_inclusion};

const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// What C2SP suggests for the file's name.
pub const FILE_EXTENSION: &str = "tlog-proof";

/// A parsed or new proof. `Display` and `FromStr` are the file's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Opaque and NOT authenticated.
    pub extra: Option<Vec<u8>>,
    /// Zero-based index of the entry, its `seq`.
    pub index: u64,
    /// The audit path of RFC 6962 §2.1.1.
    pub path: Vec<Digest>,
    /// The signed note, verbatim.
    pub checkpoint: String,
}

/// Why a proof does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    #[error("line {line} of the proof is not {wanted}")]
    Malformed { line: usize, wanted: &'static str },
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    #[error(transparent)]
    Tree(#[from] TreeError),
}

impl Proof {
    /// The proof of entry `index` under a signed checkpoint of a tree whose nodes `reader` holds.
    pub fn make<R: HashReader>(index: u64, checkpoint: &str, reader: &R) -> Result<Self, ProofError> {
        let size = Checkpoint::read_unverified(checkpoint)?.size;
        let path = prove_inclusion(size, index, reader)?;
        Ok(Self { extra: None, index, path, checkpoint: checkpoint.to_owned() })
    }

    /// Checks that exactly these record bytes are entry `index` of the log that `key` signs.
    pub fn verify(&self, record: &[u8], key: &VerifierKey) -> Result<Checkpoint, ProofError> {
        let checkpoint = Checkpoint::open(&self.checkpoint, key)?;
        verify_inclusion(&self.path, checkpoint.size, checkpoint.root, self.index, leaf_hash(record))?;
        Ok(checkpoint)
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", BASE64_STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        for node in &self.path {
            writeln!(f, "{}", node.to_base64())?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for Proof {
    type Err = ProofError;

    fn from_str(text: &str) -> Result<Self, ProofError> {
        let wrong = |line: usize, wanted| ProofError::Malformed { line, wanted };
        let (head, checkpoint) = text.split_once("\n\n").ok_or(wrong(1, "followed by a checkpoint"))?;
        let mut lines = head.split('\n').zip(1..).peekable();
        if lines.next().is_none_or(|(line, _)| line != HEADER) {
            return Err(wrong(1, HEADER));
        }
        let extra = lines.next_if(|(line, _)| line.starts_with("extra "));
        let extra = extra.map(|(line, at)| {
            BASE64_STANDARD.decode(&line[6..]).map_err(|_| wrong(at, "`extra` and base64"))
        });
        let extra = extra.transpose()?;
        let (line, at) = lines.next().ok_or(wrong(2, "`index` and a number"))?;
        let index = line.strip_prefix("index ").and_then(decimal).ok_or(wrong(at, "`index` and a number"))?;
        let node = |(line, at)| Digest::from_base64(line).map_err(|_| wrong(at, "a SHA-256 hash in base64"));
        let path = lines.map(node).collect::<Result<_, _>>()?;
        Checkpoint::read_unverified(checkpoint)?;
        Ok(Self { extra, index, path, checkpoint: checkpoint.to_owned() })
    }
}

/// A decimal without sign or leading zeroes.
fn decimal(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number: &u64| number.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoint::tests::key;
    use crate::record::tests::sample;
    use crate::tree::Memory;

    fn log(size: u64) -> (Memory, String) {
        let memory = Memory::from_leaves((0..size).map(|seq| sample(seq).leaf()));
        let checkpoint = Checkpoint::sign(size, memory.tree().root(), &key("orepass.example/plant", 7));
        (memory, checkpoint)
    }

    #[test]
    fn the_text_is_fixed_for_ever() {
        let (memory, checkpoint) = log(3);
        let mut proof = Proof::make(2, &checkpoint, &memory).unwrap();
        proof.extra = Some(b"lot-12".to_vec());
        let golden = "c2sp.org/tlog-proof@v1\nextra bG90LTEy\nindex 2\n\
            0ZHl3hGDjl/qMnmoyDUal4NDCPzAVlKEERWJUpRRHMM=\n\n\
            orepass.example/plant\n3\nQwPrJ4bj2h0PzIlZ1Oc6d00D/kPz2T2SVpf/Btiu5mA=\n\n\
            — orepass.example/plant \
            caA21eA138tY3KcY8G5OGjzpnJYsQn4she0kigO+BHFXIF0jzAPV5suV7ToxyJd2AEa9t89fnASCt6KEMEVDww/3lA0=\n";
        assert_eq!(proof.to_string(), golden);
        assert_eq!(golden.parse(), Ok(proof));
    }

    #[test]
    fn every_entry_of_every_size_proves_itself_and_nothing_else() {
        let public = key("orepass.example/plant", 7);
        for size in 1..=9 {
            let (memory, checkpoint) = log(size);
            for index in 0..size {
                let text = Proof::make(index, &checkpoint, &memory).unwrap().to_string();
                let proof: Proof = text.parse().unwrap();
                let record = sample(index).canonical().into_bytes();
                let head = proof.verify(&record, public.verifier()).unwrap();
                assert_eq!((head.size, head.root), (size, memory.tree().root()));
                let other = sample(index + 1).canonical();
                let error = proof.verify(other.as_bytes(), public.verifier()).unwrap_err();
                assert_eq!(error, ProofError::Tree(TreeError::WrongInclusion { index, size }));
            }
            let error = Proof::make(size, &checkpoint, &memory).unwrap_err();
            assert_eq!(error, ProofError::Tree(TreeError::NotInTree { index: size, size }));
        }
    }

    #[test]
    fn any_flipped_bit_of_text_or_record_fails() {
        let (memory, checkpoint) = log(5);
        let (text, record) =
            (Proof::make(3, &checkpoint, &memory).unwrap().to_string(), sample(3).canonical());
        let public = key("orepass.example/plant", 7);
        let holds = |text: Vec<u8>, record: &[u8]| {
            let proof = String::from_utf8(text).ok().and_then(|text| text.parse::<Proof>().ok());
            proof.is_some_and(|proof| proof.verify(record, public.verifier()).is_ok())
        };
        assert!(holds(text.clone().into_bytes(), record.as_bytes()));
        for place in 0..text.len() * 8 {
            let mut bytes = text.clone().into_bytes();
            bytes[place / 8] ^= 1 << (place % 8);
            assert!(!holds(bytes, record.as_bytes()), "bit {place} of the proof");
        }
        for place in 0..record.len() * 8 {
            let mut bytes = record.clone().into_bytes();
            bytes[place / 8] ^= 1 << (place % 8);
            assert!(!holds(text.clone().into_bytes(), &bytes), "bit {place} of the record");
        }
    }

    #[test]
    fn a_malformed_line_is_named() {
        let (memory, checkpoint) = log(3);
        let text = Proof::make(1, &checkpoint, &memory).unwrap().to_string();
        let line = |from: &str, to: &str| text.replacen(from, to, 1).parse::<Proof>().unwrap_err();
        assert!(matches!(line("@v1", "@v2"), ProofError::Malformed { line: 1, .. }));
        assert!(matches!(line("index 1", "index 01"), ProofError::Malformed { line: 2, .. }));
        assert!(matches!(line("index 1", "extra ?\nindex 1"), ProofError::Malformed { line: 2, .. }));
        assert!(matches!(line("index 1\n", "index 1\nx\n"), ProofError::Malformed { line: 3, .. }));
        assert!(matches!(line("\n3\n", "\n\n"), ProofError::Checkpoint(CheckpointError::Malformed)));
    }
}
