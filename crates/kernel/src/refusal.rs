//! A refusal is a record: which rule, which clause, what would make it pass, who can do that.
//!
//! Each record's refusals are an enum in order of precedence, in its `rules.rs`. They become a
//! [`Refusal`] to be stored and shown; the words for `code` stand in the area's Fluent files as
//! `refusal-CODE` with the attributes `.rule` and `.remedy`, and take `args`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Ref;

/// A refused command, as stored in the ledger and shown to whoever gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Names the rule and its words, for ever: `lot-mass-imbalance`.
    pub code: String,
    /// The clause the rule comes from: `ISO/IEC 17025:2017 7.8.6`, or the product rule.
    pub clause: String,
    /// What the words need: masses, names, instants, as text.
    pub args: BTreeMap<String, String>,
    /// The command that would make it pass. The people who can do it are those with its roles.
    pub remedy: Option<String>,
    /// The record to which the remedy applies.
    pub on: Option<Ref>,
}

impl Refusal {
    /// A refusal by code and clause.
    pub fn new(code: &str, clause: &str) -> Self {
        let (code, clause) = (code.to_owned(), clause.to_owned());
        Refusal { code, clause, args: BTreeMap::new(), remedy: None, on: None }
    }

    /// Adds an argument of its words.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }

    /// Names the command that would make it pass, and on which record.
    #[must_use]
    pub fn remedy(mut self, command: &str, on: Option<Ref>) -> Self {
        self.remedy = Some(command.to_owned());
        self.on = on;
        self
    }
}

/// Implemented by the refusal enum of a record.
pub trait Refuse: std::fmt::Debug {
    /// The refusal to store and show.
    fn refusal(&self) -> Refusal;
}
