//! The table of roles.

use kernel::{Instant, PersonId, Role};
use store::{Db, StoreError, params};

store::statements! {
    ROLES_OF = "SELECT role FROM person_role WHERE person = ?1 ORDER BY role";
    ROLE_GRANT = "INSERT INTO person_role (person, role, since) VALUES (?1, ?2, ?3)";
    ROLE_WITHDRAW = "DELETE FROM person_role WHERE person = ?1 AND role = ?2";
    ROLE_WITHDRAW_ALL = "DELETE FROM person_role WHERE person = ?1";
    HOLDERS = "SELECT p.number, p.name_en, p.name_zh FROM person_role r JOIN person p ON p.number = r.person
               WHERE r.role = ?1 AND p.erased_at IS NULL ORDER BY p.code LIMIT 20";
}

/// The roles of a person, in the order of the kernel's list.
pub fn of(db: &mut Db, person: PersonId) -> Result<Vec<Role>, StoreError> {
    let words = db.query(ROLES_OF, params![person.number()], |row| row.text(0))?;
    let read = |word: &String| {
        Role::from_word(word).ok_or_else(|| StoreError::stored(format!("a role of {person}"), word))
    };
    let mut roles: Vec<Role> = words.iter().map(read).collect::<Result<_, _>>()?;
    roles.sort_unstable();
    Ok(roles)
}

/// Who has a role (the first twenty by code): for "who can do it" beside a refusal.
pub fn holders(db: &mut Db, role: Role) -> Result<Vec<(PersonId, kernel::Names)>, StoreError> {
    db.query(HOLDERS, params![role.word()], |row| {
        let names = kernel::Names { en: row.text(1)?, zh: row.text(2)? };
        Ok((PersonId(row.number(0)?), names))
    })
}

pub(super) fn grant(db: &mut Db, person: PersonId, role: Role, at: Instant) -> Result<(), StoreError> {
    db.execute(ROLE_GRANT, params![person.number(), role.word(), at]).map(|_| ())
}

pub(super) fn withdraw(db: &mut Db, person: PersonId, role: Role) -> Result<(), StoreError> {
    db.execute(ROLE_WITHDRAW, params![person.number(), role.word()]).map(|_| ())
}

pub(crate) fn withdraw_all(db: &mut Db, person: PersonId) -> Result<(), StoreError> {
    db.execute(ROLE_WITHDRAW_ALL, params![person.number()]).map(|_| ())
}
