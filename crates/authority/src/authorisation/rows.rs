//! The authorisations' table.

use kernel::{Activity, AuthorisationId, Instant, PersonId, Ref};
use store::{Db, Row, StoreError, params};

use super::rules::{Authorisation, Withdrawal};

store::statements! {
    AUTHORISATION_BY_ID = "SELECT number, person, activity, scope, valid_from, valid_until, basis,
                              granted_by, granted_at, withdrawn_at, withdrawn_why FROM authorisation
                           WHERE number = ?1";
    AUTHORISATIONS_FOR_ACT = "SELECT number, person, activity, scope, valid_from, valid_until, basis,
                              granted_by, granted_at, withdrawn_at, withdrawn_why FROM authorisation
                              WHERE person = ?1 AND activity = ?2 AND scope = ?3 ORDER BY number";
    AUTHORISATIONS_OF_PERSON = "SELECT number, person, activity, scope, valid_from, valid_until, basis,
                              granted_by, granted_at, withdrawn_at, withdrawn_why FROM authorisation
                                WHERE person = ?1 ORDER BY valid_until DESC, number";
    AUTHORISATIONS_VALID = "SELECT number, person, activity, scope, valid_from, valid_until, basis,
                              granted_by, granted_at, withdrawn_at, withdrawn_why FROM authorisation
                            WHERE valid_from <= ?1 AND valid_until > ?1
                              AND (withdrawn_at IS NULL OR withdrawn_at > ?1)
                            ORDER BY activity, scope, person LIMIT 5000";
    AUTHORISATION_INSERT = "INSERT INTO authorisation (number, person, activity, scope, valid_from,
                            valid_until, basis, granted_by, granted_at)
                            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    AUTHORISATION_WITHDRAW = "UPDATE authorisation SET withdrawn_at = ?2, withdrawn_why = ?3
                              WHERE number = ?1";
    /// Ends between two instants and is not followed by a longer one for the same act.
    AUTHORISATIONS_ENDING = "SELECT COUNT(*) FROM authorisation a
                             WHERE a.valid_until > ?1 AND a.valid_until <= ?2
                               AND (a.withdrawn_at IS NULL OR a.withdrawn_at > ?1)
                               AND NOT EXISTS (SELECT 1 FROM authorisation b WHERE b.person = a.person
                                 AND b.activity = a.activity AND b.scope = a.scope
                                 AND b.valid_until > a.valid_until AND b.withdrawn_at IS NULL)";
    /// The first ledger entry about a number: every record is made by one.
    FIRST_ENTRY = "SELECT e.record FROM ledger_subject s JOIN ledger_entry e ON e.seq = s.seq
                   WHERE s.number = ?1 ORDER BY s.seq LIMIT 1";
}

fn authorisation(row: &Row<'_>) -> Result<Authorisation, StoreError> {
    let activity = row.text(2)?;
    let activity =
        Activity::from_word(&activity).ok_or_else(|| StoreError::stored("an activity", activity))?;
    let withdrawn = match row.opt_parse(9)? {
        Some(from) => Some(Withdrawal { from, why: row.text(10)? }),
        None => None,
    };
    Ok(Authorisation {
        id: AuthorisationId(row.number(0)?),
        person: PersonId(row.number(1)?),
        activity,
        scope: row.parse(3)?,
        valid_from: row.parse(4)?,
        valid_until: row.parse(5)?,
        basis: row.text(6)?,
        granted_by: row.opt_number(7)?.map(PersonId),
        granted_at: row.parse(8)?,
        withdrawn,
    })
}

/// One by id.
pub fn find(db: &mut Db, id: AuthorisationId) -> Result<Option<Authorisation>, StoreError> {
    db.maybe(AUTHORISATION_BY_ID, params![id.number()], authorisation)
}

/// All that a person has or had for an activity in a scope.
pub fn for_act(
    db: &mut Db,
    person: PersonId,
    activity: Activity,
    scope: Ref,
) -> Result<Vec<Authorisation>, StoreError> {
    let values = params![person.number(), activity.word(), scope];
    db.query(AUTHORISATIONS_FOR_ACT, values, authorisation)
}

/// All of a person, the longest first.
pub fn of_person(db: &mut Db, person: PersonId) -> Result<Vec<Authorisation>, StoreError> {
    db.query(AUTHORISATIONS_OF_PERSON, params![person.number()], authorisation)
}

/// All that are valid at an instant (at most 5,000).
pub fn valid(db: &mut Db, at: Instant) -> Result<Vec<Authorisation>, StoreError> {
    db.query(AUTHORISATIONS_VALID, params![at], authorisation)
}

/// How many end after `at` and up to `until` without a successor.
pub fn ending(db: &mut Db, at: Instant, until: Instant) -> Result<u64, StoreError> {
    db.one("authorisations", AUTHORISATIONS_ENDING, params![at, until], |row| row.number(0))
}

/// Whether a record stands in the ledger under that very id.
pub fn scope_known(db: &mut Db, scope: Ref) -> Result<bool, StoreError> {
    let first = db.maybe(FIRST_ENTRY, params![scope.number], |row| row.text(0))?;
    Ok(first.is_some_and(|record| record.contains(&format!("\"{scope}\""))))
}

pub(super) fn insert(
    db: &mut Db,
    granted: &super::grant::AuthorisationGranted,
    applied: &store::Applied,
) -> Result<(), StoreError> {
    let g = granted;
    let values = params![
        g.authorisation.number(),
        g.person.number(),
        g.activity.word(),
        g.scope,
        g.valid_from,
        g.valid_until,
        g.basis.as_str(),
        applied.person.map(PersonId::number),
        applied.at
    ];
    db.execute(AUTHORISATION_INSERT, values).map(|_| ())
}

pub(super) fn withdraw(db: &mut Db, id: AuthorisationId, from: Instant, why: &str) -> Result<(), StoreError> {
    db.execute(AUTHORISATION_WITHDRAW, params![id.number(), from, why]).map(|_| ())
}
