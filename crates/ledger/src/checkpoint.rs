//! Checkpoints: the log's name, size and root, signed (C2SP tlog-checkpoint in a C2SP signed-note).

use signed_note::{Note, NoteError, Signature, VerifierList};

use crate::digest::Digest;
use crate::key::{SigningKey, VerifierKey};

/// A tree head. The note's text is these three lines: origin, size, base64 of the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name, equal to the name of its key.
    pub origin: String,
    pub size: u64,
    pub root: Digest,
}

/// Why a checkpoint is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    #[error("the checkpoint is not a signed note of origin, size and root")]
    Malformed,
    #[error("the checkpoint is signed by {found}, not by the key {wanted} of this log")]
    ForeignKey { wanted: String, found: String },
    #[error("the signature of {key} does not fit the checkpoint: its text or the signature was changed")]
    BadSignature { key: String },
    #[error("the checkpoint is of the log {found:?}, not of {wanted:?}")]
    ForeignOrigin { wanted: String, found: String },
}

impl Checkpoint {
    /// The signed note. The origin is the key's name.
    pub fn sign(size: u64, root: Digest, key: &SigningKey) -> String {
        let origin = key.verifier().name();
        let text = format!("{origin}\n{size}\n{}\n", root.to_base64());
        let signature = Signature::new(origin.to_owned(), key.verifier().id(), key.sign(text.as_bytes()));
        let signature = signature.expect("the name was checked when the key was made");
        let note = Note::new(text.as_bytes(), &[signature]).expect("three printable lines make a note");
        String::from_utf8(note.to_bytes()).expect("notes are UTF-8")
    }

    /// Reads a signed note and checks that `key` signed it. Signatures of other keys (witnesses)
    /// may stand beside it.
    pub fn open(note: &str, key: &VerifierKey) -> Result<Self, CheckpointError> {
        let parsed = Note::from_bytes(note.as_bytes()).map_err(|_| CheckpointError::Malformed)?;
        let list = VerifierList::new(vec![Box::new(key.clone())]);
        match parsed.verify(&list) {
            Ok(_) => (),
            Err(NoteError::InvalidSignature { .. }) => {
                return Err(CheckpointError::BadSignature { key: key.to_string() });
            }
            Err(NoteError::UnverifiedNote) => {
                return Err(CheckpointError::ForeignKey { wanted: key.to_string(), found: signers(note) });
            }
            Err(_) => return Err(CheckpointError::Malformed),
        }
        let checkpoint = Self::unchecked(&parsed)?;
        if checkpoint.origin != key.name() {
            return Err(CheckpointError::ForeignOrigin {
                wanted: key.name().to_owned(),
                found: checkpoint.origin,
            });
        }
        Ok(checkpoint)
    }

    /// Reads a signed note without knowing its key: only to show what it claims.
    pub fn read_unverified(note: &str) -> Result<Self, CheckpointError> {
        Self::unchecked(&Note::from_bytes(note.as_bytes()).map_err(|_| CheckpointError::Malformed)?)
    }

    fn unchecked(note: &Note) -> Result<Self, CheckpointError> {
        let checkpoint =
            tlog_tiles::Checkpoint::from_bytes(note.text()).map_err(|_| CheckpointError::Malformed)?;
        Ok(Self {
            origin: checkpoint.origin().to_owned(),
            size: checkpoint.size(),
            root: (*checkpoint.hash()).into(),
        })
    }
}

/// The names and ids on the note's signature lines, like `plant+c74f20a3`.
fn signers(note: &str) -> String {
    let lines = note.rsplit_once("\n\n").map_or("", |(_, signatures)| signatures).lines();
    let parsed = lines.filter_map(|line| Signature::from_bytes(line.as_bytes()).ok());
    parsed.map(|line| format!("{}+{:08x}", line.name(), line.id())).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn key(name: &str, seed: u8) -> SigningKey {
        SigningKey::from_seed(name, &[seed; 32]).unwrap()
    }

    fn sample() -> String {
        Checkpoint::sign(3, Digest::of(b"root"), &key("orepass.example/plant", 7))
    }

    #[test]
    fn the_text_is_fixed_for_ever() {
        let golden = "orepass.example/plant\n3\nSBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I=\n\n\
            — orepass.example/plant \
            caA21cZ/uhGcTf9Bku1W5+cqg5fc1aJMqSuyDr7yRJf2XAMXBJdcwMiqZMh8yPYQ7aCUwrap1cw0mKTvOxu8X8HjvQ0=\n";
        assert_eq!(sample(), golden);
    }

    #[test]
    fn only_the_right_key_opens_it() {
        let (note, right) = (sample(), key("orepass.example/plant", 7));
        let opened = Checkpoint::open(&note, right.verifier()).unwrap();
        assert_eq!((opened.size, opened.root), (3, Digest::of(b"root")));
        assert_eq!(Checkpoint::read_unverified(&note), Ok(opened));
        let foreign = key("orepass.example/plant", 8);
        let error = Checkpoint::open(&note, foreign.verifier()).unwrap_err();
        assert!(matches!(&error, CheckpointError::ForeignKey { found, .. }
                if found.starts_with("orepass.example")));
        let changed = note.replacen("\n3\n", "\n4\n", 1);
        let error = Checkpoint::open(&changed, right.verifier()).unwrap_err();
        assert!(matches!(error, CheckpointError::BadSignature { .. }));
        assert_eq!(Checkpoint::open("", right.verifier()), Err(CheckpointError::Malformed));
    }

    #[test]
    fn a_signed_note_of_another_origin_is_refused() {
        let right = key("plant", 7);
        let text = format!("mill\n3\n{}\n", Digest::of(b"root").to_base64());
        let line =
            Signature::new("plant".into(), right.verifier().id(), right.sign(text.as_bytes())).unwrap();
        let note = Note::new(text.as_bytes(), &[line]).unwrap().to_bytes();
        let error = Checkpoint::open(std::str::from_utf8(&note).unwrap(), right.verifier()).unwrap_err();
        assert!(matches!(error, CheckpointError::ForeignOrigin { .. }));
    }

    #[test]
    fn any_flipped_bit_fails() {
        let (note, right) = (sample(), key("orepass.example/plant", 7));
        for place in 0..note.len() * 8 {
            let mut bytes = note.clone().into_bytes();
            bytes[place / 8] ^= 1 << (place % 8);
            let Ok(text) = String::from_utf8(bytes) else { continue };
            assert!(Checkpoint::open(&text, right.verifier()).is_err(), "bit {place}");
        }
    }

    #[test]
    fn a_witness_may_sign_too() {
        let note = sample();
        let (text, _) = note.split_once("\n\n").unwrap();
        let witness = key("witness.example", 9);
        let line = witness.sign(format!("{text}\n").as_bytes());
        let line =
            Signature::new("witness.example".into(), witness.verifier().id(), line).unwrap().to_bytes();
        let both = note.clone() + std::str::from_utf8(&line).unwrap();
        assert!(Checkpoint::open(&both, key("orepass.example/plant", 7).verifier()).is_ok());
    }
}
