//! Keys of the log: Ed25519, named and numbered as C2SP signed-note asks.
//!
//! The note's syntax and key ids come from `signed_note`; signing and strict verification from
//! `ed25519-dalek`, because the former would accept a private key only as text.

use std::fmt;
use std::str::FromStr;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ed25519_dalek::{Signature, Signer as _};

/// The algorithm byte of Ed25519 in a signed-note public key.
const ED25519: u8 = 1;

/// The text is not a verifier key, or the name cannot be a key name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("{0:?} cannot name a key: it is empty or has a space, a control character or a plus sign")]
    Name(String),
    #[error("not a verifier key of the form name+hash+base64: {0:?}")]
    Format(String),
    #[error("the verifier key {0:?} is not for Ed25519")]
    Algorithm(String),
    #[error("the hash in the verifier key {0:?} is not that of its name and key")]
    Hash(String),
}

/// The log's private key. It never appears in `Debug` output.
pub struct SigningKey {
    key: ed25519_dalek::SigningKey,
    verifier: VerifierKey,
}

impl SigningKey {
    /// The key of the log named `name` (its origin line) from 32 secret random bytes.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let verifier = VerifierKey::new(name, key.verifying_key())?;
        Ok(Self { key, verifier })
    }

    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    pub(crate) fn sign(&self, text: &[u8]) -> Vec<u8> {
        self.key.sign(text).to_bytes().to_vec()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey(private key of {})", self.verifier)
    }
}

/// The log's public key; its text `name+hash+base64` is what a verifier must know beforehand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: u32,
    key: ed25519_dalek::VerifyingKey,
}

impl VerifierKey {
    fn new(name: &str, key: ed25519_dalek::VerifyingKey) -> Result<Self, KeyError> {
        if !signed_note::is_key_name_valid(name) || name.chars().any(char::is_control) {
            return Err(KeyError::Name(name.to_owned()));
        }
        let id = signed_note::key_id(name, &encoded(&key));
        Ok(Self { name: name.to_owned(), id, key })
    }

    /// The key's name, equal to the origin line of the checkpoints it signs.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four bytes of SHA-256(name ‖ "\n" ‖ algorithm ‖ key), by which a signature line
    /// names its key.
    pub fn id(&self) -> u32 {
        self.id
    }
}

impl signed_note::Verifier for VerifierKey {
    fn name(&self) -> &str {
        &self.name
    }

    fn key_id(&self) -> u32 {
        self.id
    }

    fn verify(&self, text: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(text, &signature).is_ok())
    }
}

fn encoded(key: &ed25519_dalek::VerifyingKey) -> Vec<u8> {
    [&[ED25519], key.as_bytes().as_slice()].concat()
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{:08x}+{}", self.name, self.id, BASE64_STANDARD.encode(encoded(&self.key)))
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let format = || KeyError::Format(text.to_owned());
        let (name, rest) = text.split_once('+').ok_or_else(format)?;
        let (hash, key) = rest.split_once('+').ok_or_else(format)?;
        let key = BASE64_STANDARD.decode(key).map_err(|_| format())?;
        let (algorithm, key) = key.split_first().ok_or_else(format)?;
        if *algorithm != ED25519 {
            return Err(KeyError::Algorithm(text.to_owned()));
        }
        let key = key.try_into().map_err(|_| format())?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(key).map_err(|_| format())?;
        let verifier = Self::new(name, key)?;
        if hash != format!("{:08x}", verifier.id) {
            return Err(KeyError::Hash(text.to_owned()));
        }
        Ok(verifier)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of the signed-note documentation.
    const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    #[test]
    fn published_key_and_signature_are_accepted() {
        let key: VerifierKey = PETER.parse().unwrap();
        assert_eq!((key.name(), key.id(), key.to_string().as_str()), ("PeterNeumann", 0xc74f_20a3, PETER));
        let note = "If you think cryptography is the answer to your problem,\n\
            then you don't know what your problem is.\n\n\
            — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2p\
            ZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
        let note = signed_note::Note::from_bytes(note.as_bytes()).unwrap();
        let list = signed_note::VerifierList::new(vec![Box::new(key)]);
        assert_eq!(note.verify(&list).unwrap().0.len(), 1);
    }

    #[test]
    fn public_key_is_that_of_rfc_8032() {
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let key = SigningKey::from_seed("x", &hex::decode(seed).unwrap().try_into().unwrap()).unwrap();
        let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        assert_eq!(hex::encode(key.verifier().key.as_bytes()), public);
        let signature = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155\
            5fb8821590a33bacc61e39701c\
            f9b46bd25bf5f0595bbe24655141438e7a100b";
        assert_eq!(hex::encode(key.sign(b"")), signature);
        assert!(!format!("{key:?}").contains(seed));
    }

    #[test]
    fn a_wrong_key_text_says_what_is_wrong() {
        let text = |from: &str, to: &str| PETER.replace(from, to).parse::<VerifierKey>().unwrap_err();
        assert!(matches!(text("c74f20a3", "c74f20a4"), KeyError::Hash(_)));
        assert!(matches!(text("PeterNeumann", "Peter Neumann"), KeyError::Name(_)));
        assert!(matches!(text("PeterNeumann", "PaulNeumann"), KeyError::Hash(_)));
        assert!(matches!(text("+ARpc", "+AhpC"), KeyError::Algorithm(_)));
        assert!(matches!(text("10TW", ""), KeyError::Format(_)));
        assert!(matches!(text("+", "-"), KeyError::Format(_)));
    }
}
