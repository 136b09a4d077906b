//! The account, its guard and its refusals. Pure.

use kernel::{Instant, PersonId, Refusal, Refuse};

use crate::secret::PasswordHash;
use crate::text::Login;

/// Wrong passwords after which an account locks.
pub const FAILURES: u32 = 5;
/// For how long, in seconds.
pub const LOCK_SECONDS: i64 = 15 * 60;

/// What stands between a guesser and the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Guard {
    /// Wrong passwords since the last right one or the last lock; less than [`FAILURES`].
    pub failures: u32,
    /// The end of the last lock.
    pub locked_until: Option<Instant>,
}

/// What a wrong password led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Counted.
    Wrong,
    /// It was the one too many.
    Locking,
    /// The account was locked; the password was not looked at.
    Locked,
}

impl Outcome {
    /// As stored.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Wrong => "wrong",
            Outcome::Locking => "locking",
            Outcome::Locked => "locked",
        }
    }
}

impl Guard {
    /// Until when it is locked, if it is locked at that instant.
    pub fn locked(self, at: Instant) -> Option<Instant> {
        self.locked_until.filter(|until| at < *until)
    }

    /// What a wrong password at that instant leads to.
    pub fn outcome(self, at: Instant) -> Outcome {
        match self.locked(at) {
            Some(_) => Outcome::Locked,
            None if self.failures + 1 >= FAILURES => Outcome::Locking,
            None => Outcome::Wrong,
        }
    }

    /// The guard after it.
    #[must_use]
    pub fn after(self, outcome: Outcome, at: Instant) -> Guard {
        match outcome {
            Outcome::Locked => self,
            Outcome::Locking => Guard { failures: 0, locked_until: Some(at.plus_seconds(LOCK_SECONDS)) },
            Outcome::Wrong => Guard { failures: self.failures + 1, ..self },
        }
    }
}

/// An account as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Whose.
    pub person: PersonId,
    /// The name to sign in with.
    pub login: String,
    /// The password's hash.
    pub hash: PasswordHash,
    /// The language chosen for the pages: `en` or `zh`.
    pub lang: Option<String>,
    /// Since when it is closed.
    pub closed_at: Option<Instant>,
    /// Its guard.
    pub guard: Guard,
}

/// Why an account is not opened, changed or entered, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountRefusal {
    /// The person has none.
    None(PersonId),
    /// It is closed.
    Closed(PersonId),
    /// The person has one already.
    Exists(PersonId),
    /// Somebody else has, or had, that login.
    LoginTaken(Login, PersonId),
    /// Too many wrong passwords.
    Locked(PersonId, Instant),
    /// It is not locked.
    NotLocked(PersonId),
    /// The present password was not given, or was wrong.
    PasswordWrong(PersonId),
    /// Only the person or an administrator.
    NotYours(PersonId),
    /// A token may not change who gets in.
    ByToken(PersonId),
}

impl Refuse for AccountRefusal {
    fn refusal(&self) -> Refusal {
        let new =
            |code, person: &PersonId| Refusal::new(code, "NIST SP 800-63B-4 3.2.2").with("person", person);
        match self {
            AccountRefusal::None(p) => new("account-none", p).remedy("account.open", Some((*p).into())),
            AccountRefusal::Closed(p) => new("account-closed", p).remedy("account.open", Some((*p).into())),
            AccountRefusal::Exists(p) => {
                new("account-exists", p).remedy("account.change_password", Some((*p).into()))
            }
            AccountRefusal::LoginTaken(login, p) => {
                new("account-login-taken", p).with("login", login).remedy("account.open", None)
            }
            AccountRefusal::Locked(p, until) => {
                new("account-locked", p).with("until", until).remedy("account.unlock", Some((*p).into()))
            }
            AccountRefusal::NotLocked(p) => new("account-not-locked", p),
            AccountRefusal::PasswordWrong(p) => {
                new("account-password-wrong", p).remedy("account.change_password", Some((*p).into()))
            }
            AccountRefusal::NotYours(p) => {
                new("account-not-yours", p).remedy("account.change_password", Some((*p).into()))
            }
            AccountRefusal::ByToken(p) => new("account-by-token", p),
        }
    }
}

/// The account, which must be there and open.
pub fn open(found: Option<Account>, person: PersonId) -> Result<Account, AccountRefusal> {
    match found {
        None => Err(AccountRefusal::None(person)),
        Some(account) if account.closed_at.is_some() => Err(AccountRefusal::Closed(person)),
        Some(account) => Ok(account),
    }
}

/// Whether somebody may come in at that instant.
pub fn may_enter(found: Option<Account>, person: PersonId, at: Instant) -> Result<Account, AccountRefusal> {
    let account = open(found, person)?;
    match account.guard.locked(at) {
        Some(until) => Err(AccountRefusal::Locked(person, until)),
        None => Ok(account),
    }
}

/// Whether an account may be opened for a person: they have no open one, and the login is nobody else's.
pub fn may_open(
    before: Option<&Account>,
    person: PersonId,
    login: &Login,
    holder: Option<PersonId>,
) -> Result<(), AccountRefusal> {
    if before.is_some_and(|account| account.closed_at.is_none()) {
        return Err(AccountRefusal::Exists(person));
    }
    match holder {
        Some(holder) if holder != person => Err(AccountRefusal::LoginTaken(login.clone(), holder)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const A: PersonId = PersonId(1);
    const B: PersonId = PersonId(2);
    const NOON: Instant = Instant::from_micros(1_000_000_000_000);

    fn account(closed: bool, guard: Guard) -> Account {
        let hash = PasswordHash::from_stored(String::new());
        let closed_at = closed.then_some(NOON);
        Account { person: A, login: "li.na".into(), hash, lang: None, closed_at, guard }
    }

    #[test]
    fn the_fifth_failure_locks_for_fifteen_minutes() {
        let mut guard = Guard::default();
        for minute in 0..4 {
            let at = NOON.plus_seconds(minute * 60);
            assert_eq!(guard.outcome(at), Outcome::Wrong);
            guard = guard.after(Outcome::Wrong, at);
            assert_eq!(guard.locked(at), None);
        }
        let fifth = NOON.plus_seconds(240);
        assert_eq!(guard.outcome(fifth), Outcome::Locking);
        guard = guard.after(Outcome::Locking, fifth);
        let until = fifth.plus_seconds(900);
        assert_eq!(guard.locked(fifth), Some(until));
        assert_eq!(guard.outcome(until.plus_seconds(-1)), Outcome::Locked);
        assert_eq!(guard.locked(until), None, "free again at that very instant");
        assert_eq!(guard.outcome(until), Outcome::Wrong, "and counted from the beginning");
    }

    #[test]
    fn refusals_in_their_precedence() {
        let locked = Guard { failures: 0, locked_until: Some(NOON.plus_seconds(1)) };
        let table = [
            (None, Err(AccountRefusal::None(A))),
            (Some(account(true, locked)), Err(AccountRefusal::Closed(A))),
            (Some(account(false, locked)), Err(AccountRefusal::Locked(A, NOON.plus_seconds(1)))),
            (Some(account(false, Guard::default())), Ok(account(false, Guard::default()))),
        ];
        for (found, expected) in table {
            assert_eq!(may_enter(found, A, NOON), expected);
        }
        let login = Login::parse("li.na").unwrap();
        let (open, closed) = (account(false, locked), account(true, locked));
        let taken = Err(AccountRefusal::LoginTaken(login.clone(), B));
        for (before, holder, expected) in [
            (Some(&open), Some(B), Err(AccountRefusal::Exists(A))),
            (Some(&closed), Some(B), taken.clone()),
            (None, Some(B), taken),
            (Some(&closed), Some(A), Ok(())),
            (None, None, Ok(())),
        ] {
            assert_eq!(may_open(before, A, &login, holder), expected);
        }
    }

    proptest! {
        /// However often and whenever somebody guesses: in any fifteen minutes at most nine guesses are
        /// looked at, and the counter keeps within its CHECK.
        #[test]
        fn guesses_are_throttled(gaps in prop::collection::vec(0_i64..600, 1..200)) {
            let (mut guard, mut at, mut looked) = (Guard::default(), NOON, Vec::new());
            for gap in gaps {
                at = at.plus_seconds(gap);
                let outcome = guard.outcome(at);
                if outcome != Outcome::Locked {
                    looked.push(at);
                }
                guard = guard.after(outcome, at);
                prop_assert!(guard.failures < FAILURES);
            }
            for first in &looked {
                let end = first.plus_seconds(LOCK_SECONDS);
                let count = looked.iter().filter(|at| *first <= **at && **at < end).count();
                prop_assert!(count <= 9, "{count} guesses in fifteen minutes");
            }
        }
    }
}
