//! The questions that can be asked of any record, answered as data: explain, trace, impact, history. Pages
//! draw these, the programming interface and the command line print them.

mod excerpt;
mod explain;
mod history;
mod impact;
mod trace;

pub use excerpt::{Excerpt, Line};
pub use explain::{Explanation, explain};
pub use history::{Event, event, history};
pub use impact::{Affected, Impact, impact};
pub use trace::{Kin, Trace, trace};

use std::collections::BTreeMap;

use kernel::{PersonId, Ref};
use serde::Serialize;
use store::{Db, Described, Store, StoreError};

/// A record, named.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Named {
    /// `lot-12`.
    pub record: Ref,
    /// `lot`.
    pub kind: &'static str,
    /// Its short name.
    pub label: String,
    /// Its page.
    pub url: String,
}

/// Describes records and remembers who is who, within one answer.
pub struct Asker<'a> {
    /// The store.
    pub store: &'a Store,
    /// One state of the database.
    pub db: &'a mut Db,
    people: BTreeMap<PersonId, String>,
}

impl<'a> Asker<'a> {
    /// An asker over one state of the database.
    pub fn new(store: &'a Store, db: &'a mut Db) -> Self {
        Asker { store, db, people: BTreeMap::new() }
    }

    /// What a record is; its bare id when no area knows it.
    pub fn describe(&mut self, record: Ref) -> Result<Described, StoreError> {
        let found = self.store.registry().describe(self.db, record)?;
        Ok(found.unwrap_or_else(|| Described { label: record.to_string(), ..Described::default() }))
    }

    /// Its name and page.
    pub fn name(&mut self, record: Ref) -> Result<Named, StoreError> {
        let Described { label, url, .. } = self.describe(record)?;
        Ok(named(record, label, url))
    }

    /// Who acted, by name: a person, or the system for a person.
    pub fn actor(&mut self, record: &ledger::Record) -> Result<String, StoreError> {
        let who = self.person(&record.actor)?;
        match &record.on_behalf_of {
            Some(person) => Ok(format!("{who} ← {}", self.person(person)?)),
            None => Ok(who),
        }
    }

    fn person(&mut self, text: &str) -> Result<String, StoreError> {
        let Ok(person) = text.parse::<PersonId>() else { return Ok(text.to_owned()) };
        if let Some(name) = self.people.get(&person) {
            return Ok(name.clone());
        }
        let name = self.describe(person.into())?.label;
        self.people.insert(person, name.clone());
        Ok(name)
    }
}

fn named(record: Ref, label: String, url: String) -> Named {
    let url = if url.is_empty() { format!("/history/{record}") } else { url };
    Named { record, kind: record.kind.word(), label, url }
}
