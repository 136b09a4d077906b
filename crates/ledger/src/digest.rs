//! SHA-256 digests as the ledger uses them: leaves, nodes, roots and salted payload digests.

use std::fmt;
use std::str::FromStr;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

/// A SHA-256 value. Text and serde form: 64 lower-case hex digits; C2SP files use [`Digest::to_base64`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

/// The text is not a SHA-256 digest in the form that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a SHA-256 digest in {form}: {text:?}")]
pub struct DigestError {
    form: &'static str,
    text: String,
}

impl Digest {
    /// The root of an empty tree: SHA-256 of the empty string (RFC 6962 §2.1).
    pub const EMPTY_ROOT: Digest = Digest(tlog_tiles::EMPTY_HASH.0);

    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Plain SHA-256 of `bytes`, as printed by `sha256sum`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// 64 lower-case hex digits; capitals are refused, so that a digest has one spelling.
    pub fn from_hex(text: &str) -> Result<Self, DigestError> {
        let wrong = || DigestError { form: "lower-case hex", text: shorten(text) };
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(wrong());
        }
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| wrong())?;
        Ok(Self(bytes))
    }

    pub fn to_hex(&self) -> String {
        hex::encode(self.0)
    }

    /// Standard padded base64 (RFC 4648 §4), the form of checkpoints and proofs.
    pub fn from_base64(text: &str) -> Result<Self, DigestError> {
        let wrong = || DigestError { form: "base64", text: shorten(text) };
        let bytes = BASE64_STANDARD.decode(text).map_err(|_| wrong())?;
        Ok(Self(bytes.try_into().map_err(|_| wrong())?))
    }

    pub fn to_base64(&self) -> String {
        BASE64_STANDARD.encode(self.0)
    }

    /// Writes the 64 hex digits at the end of `out` without an allocation; the canonical record's hot path.
    pub(crate) fn push_hex(&self, out: &mut String) {
        let mut digits = [0; 64];
        hex::encode_to_slice(self.0, &mut digits).expect("64 is twice 32");
        out.push_str(std::str::from_utf8(&digits).expect("hex digits are ASCII"));
    }
}

/// The leaf hash of RFC 6962 §2.1: SHA-256(0x00 ‖ record).
pub fn leaf_hash(record: &[u8]) -> Digest {
    Digest(Sha256::new().chain_update([0]).chain_update(record).finalize().into())
}

/// An inner node of RFC 6962 §2.1: SHA-256(0x01 ‖ left ‖ right).
pub(crate) fn node_hash(left: &Digest, right: &Digest) -> Digest {
    let mut node = [1; 65];
    node[1..33].copy_from_slice(&left.0);
    node[33..].copy_from_slice(&right.0);
    Digest(Sha256::digest(node).into())
}

/// SHA-256(salt ‖ payload). Once the salt is erased with the payload, the digest cannot be tried
/// against guesses.
pub fn payload_digest(salt: &[u8; 16], payload: &[u8]) -> Digest {
    Digest(Sha256::new().chain_update(salt).chain_update(payload).finalize().into())
}

fn shorten(text: &str) -> String {
    text.chars().take(80).collect()
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        Self::from_hex(text)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_hex())
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_hex(&text).map_err(de::Error::custom)
    }
}

impl From<tlog_tiles::Hash> for Digest {
    fn from(hash: tlog_tiles::Hash) -> Self {
        Self(hash.0)
    }
}

impl From<Digest> for tlog_tiles::Hash {
    fn from(digest: Digest) -> Self {
        Self(digest.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_published_values() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Digest::EMPTY_ROOT.to_hex(), empty);
        assert_eq!(Digest::of(b""), Digest::EMPTY_ROOT);
        // The leaf of an empty entry, from the Certificate Transparency reference tests.
        let leaf = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
        assert_eq!(leaf_hash(b"").to_hex(), leaf);
        // tlog_tiles computes the same leaf and node by itself.
        assert_eq!(leaf_hash(b"ore"), tlog_tiles::record_hash(b"ore").into());
        let (left, right) = (leaf_hash(b"a"), leaf_hash(b"b"));
        assert_eq!(node_hash(&left, &right), tlog_tiles::node_hash(left.into(), right.into()).into());
        // FIPS 180-4, one block: the salt is simply the first sixteen bytes hashed.
        assert_eq!(
            payload_digest(b"0123456789abcdef", b"Cu 1.24 %"),
            Digest::of(b"0123456789abcdefCu 1.24 %")
        );
    }

    #[test]
    fn text_forms_round_trip_and_have_one_spelling() {
        let digest = Digest::of(b"abc");
        assert_eq!(Digest::from_hex(&digest.to_hex()), Ok(digest));
        assert_eq!(Digest::from_base64(&digest.to_base64()), Ok(digest));
        assert!(Digest::from_hex(&digest.to_hex().to_uppercase()).is_err());
        assert!(Digest::from_hex(&digest.to_hex()[..62]).is_err());
        assert!(Digest::from_base64(digest.to_base64().trim_end_matches('=')).is_err());
        let json = serde_json::to_string(&digest).unwrap();
        assert_eq!(json, format!("\"{digest}\""));
        assert_eq!(serde_json::from_str::<Digest>(&json).unwrap(), digest);
    }
}
