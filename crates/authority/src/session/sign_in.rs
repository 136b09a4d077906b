//! The rim of signing in: passwords and secrets against hashes, outside the transaction.

use kernel::{Actor, Instant, Names, PersonId, Role, SessionId, Via, Who};
use serde::Serialize;
use store::{Db, Stop, Store, StoreError};

use super::close::CloseSession;
use super::fail::FailSession;
use super::open::OpenSession;
use super::rows::{self, Bearer};
use crate::account::rules::Account;
use crate::secret::{self, NewSecret};
use crate::{account, role};

/// What a person gets who signed in.
pub struct SignedIn {
    /// For the cookie; it is shown nowhere else.
    pub cookie_secret: String,
    /// The session.
    pub session: SessionId,
    /// Who it is.
    pub person: PersonId,
    /// The language their pages open in, `en` or `zh`, when they chose one.
    pub lang: Option<String>,
    /// The end of the session.
    pub expires_at: Instant,
}

/// Why somebody was not let in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Unknown login, wrong password or closed account: which of them is nobody's business.
    #[error("login or password is wrong")]
    Wrong,
    /// Too many wrong passwords.
    #[error("locked until {until} after too many wrong passwords; an administrator can run account.unlock")]
    Locked {
        /// The end of the lock.
        until: Instant,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who stands behind a cookie, a token or a password.
#[derive(Debug, Clone, Serialize)]
pub struct SessionActor {
    /// As whom commands are given. Not re-authenticated: see [`reauthenticate`].
    #[serde(skip)]
    pub actor: Actor,
    /// The person.
    pub person: PersonId,
    /// Staff number or initials.
    pub code: String,
    /// Both names.
    pub names: Names,
    /// The language chosen for the pages, `en` or `zh`.
    pub lang: Option<String>,
    /// The session, when there is one.
    pub session: Option<SessionId>,
    /// Until when this is so.
    pub expires_at: Instant,
}

/// Checks a password, opens a session and gives the secret for its cookie.
pub fn sign_in(store: &Store, login: &str, password: &str, via: Via) -> Result<SignedIn, SignInError> {
    let account = authenticate(store, login, password, via)?;
    let (person, secret) = (account.person, NewSecret::make()?);
    let open = OpenSession { person, secret_sha256: secret.sha256.clone(), via };
    let receipt = store.run(&Actor { who: Who::System(Some(person)), ..Actor::system() }, open);
    let receipt = match receipt {
        Ok(receipt) => receipt,
        Err(Stop::Failed(failed)) => return Err(failed.into()),
        Err(Stop::Refused(_)) => return Err(kept_out(store, person)?),
    };
    let session = receipt.id().ok_or_else(|| StoreError::Missing("session".to_owned()))?;
    let expires_at = store.now().plus_seconds(super::SESSION_SECONDS);
    Ok(SignedIn { cookie_secret: secret.clear, session, person, lang: account.lang, expires_at })
}

/// Checks a password without opening a session, as the command line does for one command. Wrong ones are
/// recorded and counted; a locked account is not looked at.
pub fn authenticate(
    store: &Store,
    login: &str,
    password: &str,
    via: Via,
) -> Result<SessionActor, SignInError> {
    let login = login.trim().to_lowercase();
    let now = store.now();
    let account = store.read(|db| account::rows::by_login(db, &login))?;
    let Some(account) = account else {
        secret::spend(password);
        return Err(fail(store, None, via)?);
    };
    let (person, locked) = (account.person, account.guard.locked(now).is_some());
    if locked || !account.hash.fits(password) || account.closed_at.is_some() {
        if locked {
            secret::spend(password);
        }
        return Err(fail(store, Some(person), via)?);
    }
    let known = store.read(|db| of_account(db, &account, via, now))?;
    known.ok_or(SignInError::Wrong)
}

/// Signs out: the cookie's secret is good for nothing from now on.
pub fn sign_out(store: &Store, session: SessionId) -> Result<(), StoreError> {
    match store.run(&Actor::system(), CloseSession { session }) {
        Ok(_) | Err(Stop::Refused(_)) => Ok(()),
        Err(Stop::Failed(failed)) => Err(failed),
    }
}

/// Whether this is the person's password: asked again when a command signs. A wrong one is recorded and
/// counted like a failed sign-in, and a locked account is not looked at.
pub fn reauthenticate(store: &Store, person: PersonId, password: &str, via: Via) -> Result<(), SignInError> {
    let Some(account) = store.read(|db| account::rows::find(db, person))? else {
        secret::spend(password);
        return Err(fail(store, None, via)?);
    };
    authenticate(store, &account.login, password, via).map(|_| ())
}

/// Who stands behind a cookie at that instant, in the roles they have now.
pub fn actor_of_session(db: &mut Db, secret: &str, now: Instant) -> Result<Option<SessionActor>, StoreError> {
    match rows::by_secret(db, &secret::digest(secret), now)? {
        None => Ok(None),
        Some((session, bearer)) => known(db, bearer, Some(session), Via::Page, None).map(Some),
    }
}

/// Who stands behind a token at that instant. They can give only the token's commands, and sign nothing.
pub fn actor_of_token(db: &mut Db, token: &str, now: Instant) -> Result<Option<SessionActor>, StoreError> {
    match rows::by_token(db, &secret::digest(token), now)? {
        None => Ok(None),
        Some((_, bearer, commands)) => known(db, bearer, None, Via::Api, Some(commands)).map(Some),
    }
}

fn known(
    db: &mut Db,
    bearer: Bearer,
    session: Option<SessionId>,
    via: Via,
    only: Option<Vec<String>>,
) -> Result<SessionActor, StoreError> {
    let Bearer { person, code, names, lang, expires_at, .. } = bearer;
    let roles: Vec<Role> = role::rows::of(db, person)?;
    let actor = Actor { who: Who::Person(person), roles, via, reauthenticated: false, only };
    Ok(SessionActor { actor, person, code, names, lang, session, expires_at })
}

fn of_account(
    db: &mut Db,
    account: &Account,
    via: Via,
    now: Instant,
) -> Result<Option<SessionActor>, StoreError> {
    let person = crate::person::rows::find(db, account.person)?;
    let Some(person) = person.filter(|person| person.erased_at.is_none()) else { return Ok(None) };
    let bearer = Bearer {
        number: person.id.number(),
        person: person.id,
        code: person.code,
        names: person.names,
        lang: account.lang.clone(),
        expires_at: now.plus_seconds(super::SESSION_SECONDS),
    };
    known(db, bearer, None, via, None).map(Some)
}

/// Records the failure; gives what the person is told.
fn fail(store: &Store, person: Option<PersonId>, via: Via) -> Result<SignInError, StoreError> {
    let system = Actor { who: Who::System(person), ..Actor::system() };
    match store.run(&system, FailSession { person, via }) {
        Ok(_) | Err(Stop::Refused(_)) => {}
        Err(Stop::Failed(failed)) => return Err(failed),
    }
    person.map_or(Ok(SignInError::Wrong), |person| kept_out(store, person))
}

fn kept_out(store: &Store, person: PersonId) -> Result<SignInError, StoreError> {
    let now = store.now();
    let account = store.read(|db| account::rows::find(db, person))?;
    let until = account.filter(|account| account.closed_at.is_none()).and_then(|a| a.guard.locked(now));
    Ok(until.map_or(SignInError::Wrong, |until| SignInError::Locked { until }))
}
