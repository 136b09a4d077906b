//! A refusal in the reader's words: what, which rule and clause, what would make it pass, who can do that,
//! and where.

use kernel::{Names, Refusal, Role};
use serde::Serialize;
use site::{Named, word};
use store::{Db, Registry, StoreError};
use ui::kit::Link;
use ui::kit::gate;
use ui::kit::query::encode;
use ui::{Arg, Words};

use crate::schema::{self, Shape};

/// A refusal, explained. The same on the page, in the programming interface and on the command line.
#[derive(Debug, Clone, Serialize)]
pub struct Explained {
    /// Names the rule.
    pub code: String,
    /// What was refused, with the numbers.
    pub what: String,
    /// The rule.
    pub rule: String,
    /// Where the rule is written.
    pub clause: String,
    /// What would make it pass.
    pub remedy: String,
    /// The command that would.
    pub command: Option<String>,
    /// The record it applies to.
    pub on: Option<String>,
    /// The roles that may give it.
    pub roles: Vec<Role>,
    /// People who have them.
    pub people: Vec<String>,
    /// The records that its words name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<Named>,
    /// The words needed to say it again in another language.
    pub args: std::collections::BTreeMap<String, String>,
}

/// Arguments that hold stored words, and whose words those are.
const WORDED: [(&str, &str); 8] = [
    ("gate", "gate"),
    ("failing", "gate"),
    ("command", "command"),
    ("role", "role"),
    ("roles", "role"),
    ("activity", "activity"),
    ("claimed", "custody"),
    ("most", "custody"),
];

/// Explains a refusal.
///
/// # Errors
/// The database cannot be read.
pub fn explain(
    db: &mut Db,
    registry: &Registry,
    words: &Words,
    refusal: &Refusal,
) -> Result<Explained, StoreError> {
    let key = format!("refusal-{}", refusal.code);
    let mut records: Vec<Named> = Vec::new();
    let mut args: Vec<(&str, Arg<'_>)> = Vec::with_capacity(refusal.args.len());
    for (name, value) in &refusal.args {
        let (said, named) = argument(db, registry, words, name, value)?;
        args.push((name, said.into()));
        records.extend(named.into_iter().filter(|one| !one.url.is_empty()));
    }
    records.sort_by_key(|one| one.record);
    records.dedup();
    let say = |key: &str| if words.has(key) { words.tv(key, &args) } else { String::new() };
    let what = say(&key);
    let kind = refusal.remedy.as_deref().and_then(|name| registry.commands.get(name));
    let roles: Vec<Role> = kind.map(|kind| kind.roles.to_vec()).unwrap_or_default();
    Ok(Explained {
        what: if what.is_empty() { refusal.code.clone() } else { what },
        rule: say(&format!("{key}.rule")),
        remedy: say(&format!("{key}.remedy")),
        code: refusal.code.clone(),
        clause: refusal.clause.clone(),
        command: refusal.remedy.clone(),
        on: refusal.on.map(|on| on.to_string()),
        people: people(db, words, &roles),
        roles,
        records,
        args: refusal.args.clone(),
    })
}

/// An argument as the reader would say it, and the records it names.
fn argument(
    db: &mut Db,
    registry: &Registry,
    words: &Words,
    name: &str,
    value: &str,
) -> Result<(String, Vec<Named>), StoreError> {
    match WORDED.iter().find(|(known, _)| *known == name) {
        Some((_, field)) => {
            let all: Vec<String> =
                value.split(", ").map(|one| crate::form::choice(words, field, one)).collect();
            Ok((all.join(&words.t("authority-separator")), Vec::new()))
        }
        None => site::said(db, registry, words, value),
    }
}

/// Names of people who have one of these roles, each once, eight at most.
fn people(db: &mut Db, words: &Words, roles: &[Role]) -> Vec<String> {
    let mut found = Vec::new();
    for role in roles {
        for (_, Names { en, zh }) in authority::holders(db, *role).unwrap_or_default() {
            let name = words.pick(&en, &zh).to_owned();
            if !found.contains(&name) && found.len() < 8 {
                found.push(name);
            }
        }
    }
    found
}

impl Explained {
    /// Who can make it pass, in words.
    pub fn who(&self, words: &Words) -> Option<String> {
        let roles: Vec<String> = self.roles.iter().map(|role| words.t(&word("role", role.word()))).collect();
        match (roles.is_empty(), self.people.is_empty()) {
            (true, _) => None,
            (_, true) => Some(roles.join(", ")),
            _ => Some(format!("{} ({})", roles.join(", "), self.people.join(", "))),
        }
    }

    /// The panel that stands where the button was.
    pub fn panel(&self, registry: &Registry, words: &Words) -> gate::Refusal {
        let action = self.command.as_ref().map(|command| {
            Link::new(words.t(&word("command", command)), remedy_href(registry, command, self.on.as_deref()))
        });
        gate::Refusal {
            what: self.what.clone(),
            rule: self.rule.clone(),
            clause: Some(self.clause.clone()).filter(|clause| !clause.is_empty()),
            remedy: self.remedy.clone(),
            who: self.who(words),
            action,
            records: self.records.iter().map(Named::link).collect(),
            ledger: None,
        }
    }
}

/// The form of a command with the field filled that names the record.
fn remedy_href(registry: &Registry, command: &str, on: Option<&str>) -> String {
    let path = format!("/do/{command}");
    let record: Option<kernel::Ref> = on.and_then(|on| on.parse().ok());
    let (Some(kind), Some(record)) = (registry.commands.get(command), record) else { return path };
    let takes = |field: &schema::Field| field.shape == Shape::Record(Some(record.kind));
    match schema::fields(kind).into_iter().find(takes) {
        Some(field) => format!("{path}?{}={}", encode(&field.name), encode(&record.to_string())),
        None => path,
    }
}
