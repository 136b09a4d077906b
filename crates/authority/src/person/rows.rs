//! The person's table.

use kernel::{Instant, Names, PersonId};
use store::{Db, Row, StoreError, params};

use super::rules::Person;

store::statements! {
    PERSON_BY_ID = "SELECT number, code, name_en, name_zh, erased_at FROM person WHERE number = ?1";
    PERSON_BY_CODE = "SELECT number FROM person WHERE code = ?1";
    PERSON_INSERT = "INSERT INTO person (number, code, name_en, name_zh, registered_at)
                     VALUES (?1, ?2, ?3, ?4, ?5)";
    PERSON_RENAME = "UPDATE person SET name_en = ?2, name_zh = ?3 WHERE number = ?1";
    PERSON_SINCE = "SELECT registered_at FROM person WHERE number = ?1";
    /// Makes the row where it is folded again without the facts that were erased.
    PERSON_ERASE = "INSERT INTO person (number, code, name_en, name_zh, registered_at, erased_at)
                    VALUES (?1, ?2, '', '', ?3, ?4)
                    ON CONFLICT (number) DO UPDATE SET code = excluded.code, name_en = '', name_zh = '',
                      erased_at = excluded.erased_at";
    /// Who can keep accounts: administrators with an open account.
    KEEPERS = "SELECT r.person FROM person_role r JOIN account a ON a.person = r.person
               WHERE r.role = 'administrator' AND a.closed_at IS NULL ORDER BY r.person";
}

fn person(row: &Row<'_>) -> Result<Person, StoreError> {
    let names = Names { en: row.text(2)?, zh: row.text(3)? };
    Ok(Person { id: PersonId(row.number(0)?), code: row.text(1)?, names, erased_at: row.opt_parse(4)? })
}

/// A person.
pub fn find(db: &mut Db, id: PersonId) -> Result<Option<Person>, StoreError> {
    db.maybe(PERSON_BY_ID, params![id.number()], person)
}

/// Who has this code.
pub fn by_code(db: &mut Db, code: &str) -> Result<Option<PersonId>, StoreError> {
    db.maybe(PERSON_BY_CODE, params![code], |row| Ok(PersonId(row.number(0)?)))
}

/// Who can keep accounts.
pub fn keepers(db: &mut Db) -> Result<Vec<PersonId>, StoreError> {
    db.query(KEEPERS, &[], |row| Ok(PersonId(row.number(0)?)))
}

pub(super) fn insert(
    db: &mut Db,
    id: PersonId,
    code: &str,
    names: &Names,
    at: Instant,
) -> Result<(), StoreError> {
    db.execute(PERSON_INSERT, params![id.number(), code, &names.en, &names.zh, at])?;
    index(db, id, code, names)
}

pub(super) fn rename(db: &mut Db, id: PersonId, names: &Names) -> Result<(), StoreError> {
    db.execute(PERSON_RENAME, params![id.number(), &names.en, &names.zh])?;
    match find(db, id)? {
        Some(person) => index(db, id, &person.code, names),
        None => Ok(()),
    }
}

/// When a person was registered.
pub(super) fn registered_at(db: &mut Db, id: PersonId) -> Result<Instant, StoreError> {
    db.one(id, PERSON_SINCE, params![id.number()], |row| row.parse(0))
}

pub(super) fn erase(
    db: &mut Db,
    id: PersonId,
    registered_at: Instant,
    at: Instant,
) -> Result<(), StoreError> {
    db.execute(PERSON_ERASE, params![id.number(), format!("erased {id}"), registered_at, at])?;
    store::index(db, id.into(), &id.to_string(), "")
}

fn index(db: &mut Db, id: PersonId, code: &str, names: &Names) -> Result<(), StoreError> {
    store::index(db, id.into(), &label(names), &format!("{id} {code} {} {}", names.en, names.zh))
}

/// Both names, or the one there is.
pub fn label(names: &Names) -> String {
    match names.en == names.zh {
        true => names.en.clone(),
        false => format!("{} {}", names.en, names.zh),
    }
}
