//! What happened to a record: its ledger entries, who gave them, when and why.

use kernel::Ref;
use serde::Serialize;
use serde_json::Value;
use store::StoreError;
use store::log::StoredEntry;

use super::Asker;

/// One entry about a record.
#[derive(Debug, Clone, Serialize)]
pub struct Event {
    /// Its place in the ledger.
    pub entry: u64,
    /// When, in UTC.
    pub at: String,
    /// What happened: the kind of fact.
    pub kind: String,
    /// By which command.
    pub command: String,
    /// Who, by name.
    pub by: String,
    /// Who, by id.
    pub actor: String,
    /// Why, in their words.
    pub reason: Option<String>,
    /// The records it is about.
    pub subjects: Vec<String>,
    /// What was recorded; none when it was erased.
    pub payload: Option<Value>,
}

/// All entries about a record, oldest first.
pub fn history(ask: &mut Asker<'_>, record: Ref) -> Result<Vec<Event>, StoreError> {
    let entries = store::log::history(ask.db, record)?;
    entries.into_iter().map(|entry| event(ask, entry)).collect()
}

/// An entry with its people named.
pub fn event(ask: &mut Asker<'_>, entry: StoredEntry) -> Result<Event, StoreError> {
    let by = ask.actor(&entry.record)?;
    let payload = entry.payload.and_then(|payload| serde_json::from_str(&payload).ok()).map(without_secrets);
    let ledger::Record { seq, at, kind, command, actor, reason, subjects, .. } = entry.record;
    Ok(Event { entry: seq, at, kind, command, by, actor, reason, subjects, payload })
}

/// A payload as people may see it: hashes of passwords and tokens are left out, wherever they stand.
fn without_secrets(payload: Value) -> Value {
    match payload {
        Value::Object(map) => {
            let open = map.into_iter().filter(|(name, _)| !authority::SECRET_FIELDS.contains(&name.as_str()));
            Value::Object(open.map(|(name, value)| (name, without_secrets(value))).collect())
        }
        Value::Array(all) => all.into_iter().map(without_secrets).collect(),
        plain => plain,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn hashes_of_secrets_are_never_shown() {
        let payload =
            json!({"person": "person-1", "password_hash": "x", "in": [{"secret_sha256": "y", "a": 1}]});
        assert_eq!(without_secrets(payload), json!({"person": "person-1", "in": [{"a": 1}]}));
    }
}
