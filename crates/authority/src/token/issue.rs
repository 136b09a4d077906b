//! Issue a token to oneself.

use kernel::{Code, Instant, PersonId, Ref, Role, TokenId};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::{self, CommandNames};
use crate::secret::NewSecret;
use crate::text::Sha256Hex;

/// Issue a token, with which a program acts for you. Its secret is shown once.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueToken {
    /// What it is for.
    pub name: Code,
    /// The commands it is limited to, with commas between; none to read only.
    #[serde(default)]
    pub commands: CommandNames,
    /// Good until this instant, at most 366 days from now.
    pub expires_at: Instant,
    /// The SHA-256 of the secret. Left out on a page or the command line, where the secret is made and shown
    /// once.
    pub secret_sha256: Sha256Hex,
}

/// At the rim: when `json` is the input of `token.issue` without a secret's hash, makes a secret, puts its
/// hash in and gives the clear text, to be shown once after the command succeeded. Does nothing for any other
/// command.
pub fn prepare(command: &str, json: &mut serde_json::Value) -> Result<Option<String>, StoreError> {
    let Some(fields) = json.as_object_mut().filter(|_| command == IssueToken::NAME) else { return Ok(None) };
    if fields.contains_key("secret_sha256") {
        return Ok(None);
    }
    let secret = NewSecret::make()?;
    fields.insert("secret_sha256".to_owned(), secret.sha256.as_str().into());
    Ok(Some(secret.clear))
}

impl Command for IssueToken {
    const NAME: &'static str = "token.issue";
    const ROLES: &'static [Role] = Role::ALL;
    const EXAMPLE: &'static str = r#"{"name":"balance export","commands":"lot.receive, lot.split",
        "expires_at":"2026-12-31T00:00:00Z",
        "secret_sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}"#;

    fn handle(&self, _: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let by = cx.actor.person();
        let person = rules::may_issue(by, cx.actor.only.is_some(), cx.at, self.expires_at)?;
        Ok(Facts::one(TokenIssued {
            token: TokenId::next(cx.numbers),
            person,
            name: self.name.as_str().to_owned(),
            commands: self.commands.clone(),
            expires_at: self.expires_at,
            secret_sha256: self.secret_sha256.clone(),
        }))
    }
}

/// A token was issued.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TokenIssued {
    /// The token.
    pub token: TokenId,
    /// For whom it acts.
    pub person: PersonId,
    /// What it is for.
    pub name: String,
    /// What it is limited to.
    pub commands: CommandNames,
    /// Until when.
    pub expires_at: Instant,
    /// The hash of its secret. Never shown: see [`crate::SECRET_FIELDS`].
    pub secret_sha256: Sha256Hex,
}

impl Fact for TokenIssued {
    const KIND: &'static str = "token.issued";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.token.into(), self.person.into()]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::insert(db, self, applied.at)
    }

    fn samples() -> Vec<Self> {
        vec![TokenIssued {
            token: TokenId(61),
            person: PersonId(12),
            name: "balance export".into(),
            commands: CommandNames(vec!["lot.receive".into()]),
            expires_at: Instant::from_micros(1_803_945_600_000_000),
            secret_sha256: crate::secret::digest("sample"),
        }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rim_makes_a_secret_only_where_it_is_missing() {
        let mut json = serde_json::json!({"name": "t"});
        let clear = prepare("token.issue", &mut json).unwrap().unwrap();
        assert_eq!(json["secret_sha256"], crate::secret::digest(&clear).as_str());
        assert!(prepare("token.issue", &mut json).unwrap().is_none(), "a given hash is kept");
        assert!(prepare("lot.split", &mut serde_json::json!({})).unwrap().is_none());
    }
}
