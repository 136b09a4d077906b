//! A command's button, or who can give it where the reader may not: on every page, in the same words.

use site::Visit;
use store::{Db, Registry, StoreError};
use ui::kit::record::Action;
use ui::{Link, Words};

use crate::show::person_name;

/// How many people of a role are named where a page says who can do something.
const NAMED: usize = 3;

/// Who may give a command, for a reader: its roles, and the first people who have them. None for a command
/// that only the system gives.
///
/// # Errors
/// The database cannot be read.
pub fn who(
    db: &mut Db,
    registry: &Registry,
    words: &Words,
    command: &str,
) -> Result<Option<String>, StoreError> {
    let roles = registry.commands.get(command).map(|kind| kind.roles).unwrap_or_default();
    let mut parts = Vec::with_capacity(roles.len());
    for role in roles {
        let people = crate::holders(db, *role)?;
        let names: Vec<String> =
            people.iter().take(NAMED).map(|(person, names)| person_name(words, *person, names)).collect();
        let role = words.t(&format!("role-{role}"));
        parts.push(match names.is_empty() {
            true => role,
            false => words.tv(
                "authority-role-of",
                &[("role", role.into()), ("people", names.join(&words.t("authority-separator")).into())],
            ),
        });
    }
    Ok(Some(parts.join(&words.t("authority-or"))).filter(|text| !text.is_empty()))
}

/// A command's button for this reader: it leads to `href`, or says who else can do it.
///
/// # Errors
/// The database cannot be read.
pub fn offer(visit: &mut Visit<'_>, command: &str, href: impl Into<String>) -> Result<Action, StoreError> {
    let text = visit.words.t(&site::word("command", command));
    if visit.may(command) {
        return Ok(Action::Open(Link::new(text, href)));
    }
    let who = who(visit.db, visit.store.registry(), visit.words, command)?.unwrap_or_default();
    Ok(Action::Barred { text, who })
}
