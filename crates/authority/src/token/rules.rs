//! What a token may be, and the refusals. Pure.

use kernel::{Instant, PersonId, Refusal, Refuse, TokenId};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

/// The longest life of a token, in seconds: 366 days.
pub const LONGEST_SECONDS: i64 = 366 * 24 * 60 * 60;

/// The commands a token is limited to; none means that it only reads. Read from a list, or from one text with
/// commas.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct CommandNames(pub Vec<String>);

impl<'de> Deserialize<'de> for CommandNames {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Raw {
            List(Vec<String>),
            Text(String),
        }
        let parts = match Raw::deserialize(from)? {
            Raw::List(parts) => parts,
            Raw::Text(text) => text.split([',', ' ', '\n']).map(str::to_owned).collect(),
        };
        let mut names: Vec<String> =
            parts.iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect();
        names.sort();
        names.dedup();
        let letter = |c: char| c.is_ascii_lowercase() || matches!(c, '.' | '_' | '-');
        match names.iter().find(|name| name.len() > 60 || !name.contains('.') || !name.chars().all(letter)) {
            Some(odd) => {
                Err(serde::de::Error::custom(format!("`{odd}` is no command; write names like lot.receive")))
            }
            None => Ok(CommandNames(names)),
        }
    }
}

impl utoipa::ToSchema for CommandNames {}
impl utoipa::PartialSchema for CommandNames {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        RefOr::T(Schema::Object(text.examples([serde_json::json!("lot.receive, lot.split")]).build()))
    }
}

/// Why a token is not issued or revoked, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenRefusal {
    /// A token makes no tokens.
    ByToken,
    /// The system has none.
    NoPerson,
    /// There is no such token.
    Unknown(TokenId),
    /// It is another person's.
    NotYours(TokenId),
    /// It ends before it begins.
    Past(Instant),
    /// It would live too long.
    TooLong(Instant),
    /// It was revoked.
    RevokedAlready(TokenId),
}

impl Refuse for TokenRefusal {
    fn refusal(&self) -> Refusal {
        let new = |code| Refusal::new(code, "NIST SP 800-63B-4 2.2.3").remedy("token.issue", None);
        match self {
            TokenRefusal::ByToken => new("token-by-token"),
            TokenRefusal::NoPerson => new("token-no-person"),
            TokenRefusal::Unknown(token) => new("token-unknown").with("token", token),
            TokenRefusal::NotYours(token) => new("token-not-yours").with("token", token),
            TokenRefusal::Past(until) => new("token-past").with("until", until),
            TokenRefusal::TooLong(longest) => new("token-too-long").with("longest", longest),
            TokenRefusal::RevokedAlready(token) => new("token-revoked").with("token", token),
        }
    }
}

/// Whether a token may be issued now to end then; gives for whom.
pub fn may_issue(
    by: Option<PersonId>,
    by_token: bool,
    now: Instant,
    until: Instant,
) -> Result<PersonId, TokenRefusal> {
    if by_token {
        return Err(TokenRefusal::ByToken);
    }
    let Some(person) = by else { return Err(TokenRefusal::NoPerson) };
    let longest = now.plus_seconds(LONGEST_SECONDS);
    match until {
        _ if until <= now => Err(TokenRefusal::Past(until)),
        _ if until > longest => Err(TokenRefusal::TooLong(longest)),
        _ => Ok(person),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_a_persons_and_lives_at_most_a_year() {
        let (now, a) = (Instant::from_micros(0), Some(PersonId(1)));
        let (year, second) = (now.plus_seconds(LONGEST_SECONDS), now.plus_seconds(1));
        for (by, by_token, until, expected) in [
            (None, true, now, Err(TokenRefusal::ByToken)),
            (None, false, now, Err(TokenRefusal::NoPerson)),
            (a, false, now, Err(TokenRefusal::Past(now))),
            (a, false, second, Ok(PersonId(1))),
            (a, false, year, Ok(PersonId(1))),
            (a, false, year.plus_seconds(1), Err(TokenRefusal::TooLong(year))),
        ] {
            assert_eq!(may_issue(by, by_token, now, until), expected);
        }
    }

    #[test]
    fn command_names_are_read_from_a_list_or_a_line() {
        let read = |json: &str| serde_json::from_str::<CommandNames>(json);
        let both = ["lot.receive", "lot.split"];
        assert_eq!(read(r#"["lot.split","lot.receive"]"#).unwrap().0, both);
        assert_eq!(read(r#""lot.split, lot.receive,""#).unwrap().0, both);
        assert!(read(r#""""#).unwrap().0.is_empty());
        assert!(read(r#""everything""#).is_err() && read(r#""Lot.Receive""#).is_err());
    }
}
