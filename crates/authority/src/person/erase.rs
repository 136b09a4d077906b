//! Erase what is personal about a person, and keep what they did.

use kernel::{Instant, PersonId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Refused, Stop, StoreError, log};

use super::rows;
use super::rules::{self, PersonRefusal};

/// Erase a person's names, code and login, in the records and in the ledger's payloads, those of refused
/// commands that name the person too. Their acts, and the proofs of all entries, stay. Roles, tokens,
/// sessions and the account end. It cannot be undone.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ErasePerson {
    /// Whose data.
    pub person: PersonId,
}

impl Command for ErasePerson {
    const NAME: &'static str = "person.erase";
    const ROLES: &'static [Role] = &[Role::Administrator];
    const EXAMPLE: &'static str = r#"{"person":"person-12"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let person = rules::present(rows::find(db, self.person)?, self.person)?.id;
        if cx.actor.person() == Some(person) {
            return Err(PersonRefusal::OwnErasure(person).into());
        }
        rules::leaves_a_keeper(person, &rows::keepers(db)?)?;
        let registered_at = rows::registered_at(db, person)?;
        let account_opened_at = crate::account::rows::opened_at(db, person)?;
        let known = known_as(db, person)?;
        let holds = |refused: &Refused| {
            let said = serde_json::json!(refused.refusal.args);
            known.are_in(&refused.command, &refused.given) || known.are_in(&refused.command, &said)
        };
        let refused = log::refused(db)?.into_iter().filter(|(_, refused)| holds(refused));
        let refused = refused.map(|(seq, _)| seq).collect();
        Ok(Facts::one(PersonErased { person, registered_at, account_opened_at, refused }))
    }
}

/// A person's data were erased. It says what is left of them, because the facts that made those rows can no
/// longer be folded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PersonErased {
    /// Whose.
    pub person: PersonId,
    /// When the person had been registered.
    pub registered_at: Instant,
    /// When the account had been opened, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_opened_at: Option<Instant>,
    /// Entries of refused commands in which the person was named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<u64>,
}

/// The kinds of fact that hold something personal. Acts such as grants and sign-ins name only the number.
const PERSONAL: &[&str] =
    &["person.registered", "person.renamed", "account.opened", "account.password_changed"];

/// Everything a person was ever called here.
#[derive(Default)]
struct KnownAs {
    /// Names, in small letters: looked for within any text of any command.
    names: Vec<String>,
    /// Codes and logins: looked for as whole texts of commands about people and accounts.
    codes: Vec<String>,
}

/// Reads it from the facts about the person, so that names of the past are known too.
fn known_as(db: &mut Db, person: PersonId) -> Result<KnownAs, StoreError> {
    let mut known = KnownAs::default();
    for entry in log::history(db, person.into())? {
        let Some(payload) = entry.payload.filter(|_| PERSONAL.contains(&entry.record.kind.as_str())) else {
            continue;
        };
        let fact: serde_json::Value =
            serde_json::from_str(&payload).map_err(|why| StoreError::stored(&entry.record.kind, why))?;
        let text = |value: &serde_json::Value| value.as_str().map(str::to_lowercase);
        known.names.extend([&fact["names"]["en"], &fact["names"]["zh"]].into_iter().filter_map(text));
        known.codes.extend([&fact["code"], &fact["login"]].into_iter().filter_map(text));
    }
    known.names.retain(|name| !name.trim().is_empty());
    Ok(known)
}

impl KnownAs {
    fn are_in(&self, command: &str, given: &serde_json::Value) -> bool {
        use serde_json::Value;
        match given {
            Value::String(text) => {
                let text = text.to_lowercase();
                let about_people = command.starts_with("person.") || command.starts_with("account.");
                self.names.iter().any(|name| text.contains(name.as_str()))
                    || (about_people && self.codes.contains(&text))
            }
            Value::Array(all) => all.iter().any(|one| self.are_in(command, one)),
            Value::Object(all) => all.values().any(|one| self.are_in(command, one)),
            _ => false,
        }
    }
}

impl Fact for PersonErased {
    const KIND: &'static str = "person.erased";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.person.into()]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        for kind in PERSONAL {
            log::erase_payloads(db, self.person.into(), kind)?;
        }
        for seq in &self.refused {
            log::erase_payload(db, *seq)?;
        }
        rows::erase(db, self.person, self.registered_at, applied.at)?;
        if let Some(opened_at) = self.account_opened_at {
            crate::account::rows::erase(db, self.person, opened_at, applied.at)?;
        }
        crate::role::rows::withdraw_all(db, self.person)?;
        crate::session::rows::close_all(db, self.person, applied.at)?;
        crate::token::rows::revoke_all(db, self.person, applied.at)
    }

    fn samples() -> Vec<Self> {
        let (person, at) = (PersonId(12), Instant::from_micros(1_767_225_600_000_000));
        let left = |account_opened_at, refused| PersonErased {
            person,
            registered_at: at,
            account_opened_at,
            refused,
        };
        vec![left(Some(at), vec![31]), left(None, Vec::new())]
    }
}
