//! Passwords and random secrets. Clear text lives only between the rim and the hash: nothing here can print
//! it, store it or write it into JSON.

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc};
use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type};

use crate::text::Sha256Hex;

/// Memory of Argon2id (RFC 9106) in KiB: 19 MiB, the first of the equivalent settings of the OWASP Password
/// Storage Cheat Sheet, which fits a laboratory's small machine where many sign in at the start of a shift.
pub const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over that memory (the same source).
pub const PASSES: u32 = 2;
/// Lanes (the same source).
pub const LANES: u32 = 1;
/// The fewest characters of a password (NIST SP 800-63B-4, 3.1.1.2 asks 15 of a password that stands alone,
/// 8 of one beside another factor; lockout after five failures stands in between).
pub const SHORTEST: usize = 12;
/// The most characters of a password; more is no password but an attack on the hash.
pub const LONGEST: usize = 256;

/// How dear a guess is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// As in use: [`MEMORY_KIB`], [`PASSES`], [`LANES`].
    Usual,
    /// Next to nothing. Only for tests and invented institutes; it is never chosen by itself.
    Cheap,
}

fn argon2(cost: Cost) -> Argon2<'static> {
    let (memory, passes) = match cost {
        Cost::Usual => (MEMORY_KIB, PASSES),
        Cost::Cheap => (Params::MIN_M_COST, 1),
    };
    let params = Params::new(memory, passes, LANES, None).expect("the constants lie within Argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// A password that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too short or too long.
    #[error("has {0} characters; take {SHORTEST} to {LONGEST}, a sentence is good")]
    Length(usize),
    /// One character again and again.
    #[error("is one character repeated; take a sentence")]
    Repeated,
    /// The machine gave no random salt, or no memory.
    #[error("could not be hashed: {0}")]
    Hash(String),
}

/// A hashed password, as a PHC string (`$argon2id$v=19$m=…`); the parameters stand in it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHash(String);

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

impl PasswordHash {
    pub(crate) fn from_stored(text: String) -> Self {
        PasswordHash(text)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the password. Takes as long as the hash was made to take.
    pub fn fits(&self, clear: &str) -> bool {
        if clear.chars().count() > LONGEST {
            return false;
        }
        let hash = phc::PasswordHash::new(&self.0);
        hash.is_ok_and(|hash| argon2(Cost::Usual).verify_password(clear.as_bytes(), &hash).is_ok())
    }
}

/// Spends the time of one check, so that an unknown login answers no sooner than a wrong password.
pub(crate) fn spend(clear: &str) {
    let clear: String = clear.chars().take(LONGEST).collect();
    let mut out = [0; 32];
    let _ = argon2(Cost::Usual).hash_password_into(clear.as_bytes(), b"no such account", &mut out);
}

/// What JSON and logs show in a secret's place.
const HIDDEN: &str = "***";

fn password_schema() -> RefOr<Schema> {
    let format = Some(SchemaFormat::KnownFormat(KnownFormat::Password));
    let text = ObjectBuilder::new().schema_type(Type::String).format(format);
    RefOr::T(Schema::Object(text.min_length(Some(SHORTEST)).max_length(Some(LONGEST)).build()))
}

/// A password being set. It is hashed while it is read, and shows as `***` ever after.
#[derive(Debug, Clone)]
pub struct NewPassword(PasswordHash);

impl NewPassword {
    /// Hashes a password.
    pub fn new(clear: &str, cost: Cost) -> Result<Self, PasswordError> {
        let length = clear.chars().count();
        if !(SHORTEST..=LONGEST).contains(&length) {
            return Err(PasswordError::Length(length));
        }
        let mut characters = clear.chars();
        let first = characters.next();
        if characters.all(|c| Some(c) == first) {
            return Err(PasswordError::Repeated);
        }
        let hash = argon2(cost).hash_password(clear.as_bytes());
        let hash = hash.map_err(|why| PasswordError::Hash(why.to_string()))?;
        Ok(NewPassword(PasswordHash(hash.to_string())))
    }

    /// Its hash.
    pub fn hash(&self) -> &PasswordHash {
        &self.0
    }
}

impl Serialize for NewPassword {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(HIDDEN)
    }
}

impl<'de> Deserialize<'de> for NewPassword {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let clear = String::deserialize(from)?;
        NewPassword::new(&clear, Cost::Usual).map_err(serde::de::Error::custom)
    }
}

impl utoipa::ToSchema for NewPassword {}
impl utoipa::PartialSchema for NewPassword {
    fn schema() -> RefOr<Schema> {
        password_schema()
    }
}

/// A password given again, to be compared. Shows as `***`.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct GivenPassword(String);

impl GivenPassword {
    /// A password as it was typed.
    pub fn new(clear: impl Into<String>) -> Self {
        GivenPassword(clear.into())
    }

    pub(crate) fn clear(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for GivenPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GivenPassword(…)")
    }
}

impl Serialize for GivenPassword {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(HIDDEN)
    }
}

impl utoipa::ToSchema for GivenPassword {}
impl utoipa::PartialSchema for GivenPassword {
    fn schema() -> RefOr<Schema> {
        password_schema()
    }
}

/// A random secret for a cookie or a token: shown once; only its SHA-256 is stored. With 256 random bits
/// a plain hash is enough, there is nothing to guess.
pub struct NewSecret {
    /// What the bearer keeps: the prefix `orepass_` and 64 hexadecimal digits.
    pub clear: String,
    /// What the store keeps.
    pub sha256: Sha256Hex,
}

impl NewSecret {
    /// Makes one from the system's randomness.
    pub fn make() -> Result<Self, store::StoreError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|why| {
            store::StoreError::Configuration(format!("no randomness from the system: {why}"))
        })?;
        let clear = format!("orepass_{}", hex::encode(bytes));
        let sha256 = digest(&clear);
        Ok(NewSecret { clear, sha256 })
    }
}

/// The stored form of a secret.
pub(crate) fn digest(clear: &str) -> Sha256Hex {
    Sha256Hex::parse(&store::sha256(clear.as_bytes())).expect("the store gives lower-case hexadecimal")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_hashed_when_read_and_never_shown() {
        let read: NewPassword = serde_json::from_str("\"correct horse battery\"").unwrap();
        assert!(read.hash().as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", read.0.as_str());
        assert!(read.hash().fits("correct horse battery") && !read.hash().fits("correct horse batterz"));
        assert_eq!(serde_json::to_string(&read).unwrap(), "\"***\"");
        assert!(!format!("{read:?}").contains("argon2"));
        let given = GivenPassword::new("hunter2");
        assert_eq!(serde_json::to_string(&given).unwrap(), "\"***\"");
        assert!(!format!("{given:?}").contains("hunter2"));
    }

    #[test]
    fn unfit_passwords_are_refused_before_hashing() {
        assert_eq!(NewPassword::new("short", Cost::Cheap).unwrap_err(), PasswordError::Length(5));
        assert_eq!(NewPassword::new("aaaaaaaaaaaaa", Cost::Cheap).unwrap_err(), PasswordError::Repeated);
        assert!(NewPassword::new(&"ab".repeat(200), Cost::Cheap).is_err());
        assert!(!PasswordHash::from_stored("garbage".into()).fits("garbage"));
    }

    #[test]
    fn secrets_differ_and_their_hash_is_of_their_text() {
        let (a, b) = (NewSecret::make().unwrap(), NewSecret::make().unwrap());
        assert_ne!(a.clear, b.clear);
        assert_eq!(a.sha256, digest(&a.clear));
    }
}
