//! Short statements signed with the log's key (C2SP signed-note), beside its checkpoints.
//!
//! The text must not be one that could be read as a checkpoint: begin it with a line that names its own
//! format and let the second line be no number.

use signed_note::{Note, NoteError as Unreadable, Signature, VerifierList};

use crate::key::{SigningKey, VerifierKey};

/// Why a signed statement is not made or not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    #[error("not a signed note: lines of text, an empty line, signature lines")]
    Malformed,
    #[error("the note is not signed by {wanted}")]
    ForeignKey { wanted: String },
    #[error("the signature of {key} does not fit the note: its text or the signature was changed")]
    BadSignature { key: String },
}

/// Signs `text`, which ends in a line feed and has no empty line that could end it early.
pub fn sign(text: &str, key: &SigningKey) -> Result<String, NoteError> {
    let name = key.verifier().name().to_owned();
    let signature = Signature::new(name, key.verifier().id(), key.sign(text.as_bytes()));
    let signature = signature.map_err(|_| NoteError::Malformed)?;
    let note = Note::new(text.as_bytes(), &[signature]).map_err(|_| NoteError::Malformed)?;
    String::from_utf8(note.to_bytes()).map_err(|_| NoteError::Malformed)
}

/// The text of a note that `key` signed.
pub fn open(note: &str, key: &VerifierKey) -> Result<String, NoteError> {
    let parsed = Note::from_bytes(note.as_bytes()).map_err(|_| NoteError::Malformed)?;
    match parsed.verify(&VerifierList::new(vec![Box::new(key.clone())])) {
        Ok(_) => read_unverified(note),
        Err(Unreadable::InvalidSignature { .. }) => Err(NoteError::BadSignature { key: key.to_string() }),
        Err(Unreadable::UnverifiedNote) => Err(NoteError::ForeignKey { wanted: key.to_string() }),
        Err(_) => Err(NoteError::Malformed),
    }
}

/// The text of a note whoever signed it: only to show what it claims.
pub fn read_unverified(note: &str) -> Result<String, NoteError> {
    let parsed = Note::from_bytes(note.as_bytes()).map_err(|_| NoteError::Malformed)?;
    String::from_utf8(parsed.text().to_vec()).map_err(|_| NoteError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_key_and_the_text_that_were_signed_open() {
        let key = SigningKey::from_seed("plant.example", &[7; 32]).unwrap();
        let other = SigningKey::from_seed("plant.example", &[8; 32]).unwrap();
        let note = sign("orepass-status/1\n{}\n", &key).unwrap();
        assert_eq!(open(&note, key.verifier()).unwrap(), "orepass-status/1\n{}\n");
        assert!(matches!(open(&note, other.verifier()), Err(NoteError::ForeignKey { .. })));
        let changed = note.replacen("{}", "[]", 1);
        assert!(matches!(open(&changed, key.verifier()), Err(NoteError::BadSignature { .. })));
        assert_eq!(sign("no line feed", &key), Err(NoteError::Malformed));
    }
}
