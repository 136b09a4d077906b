//! Authority: who acts, who may, who did. Persons, accounts, roles, authorisations, sessions, tokens, the
//! institute.
//!
//! Invariants:
//! - A person's number is never reused; erasing takes names and login, never acts or proofs.
//! - A password exists only as an Argon2id hash, a cookie's or token's secret only as a SHA-256; neither is
//!   in any command's JSON, refusal, log or page.
//! - Whoever is locked out is locked out on every face, and every wrong password is a fact.
//! - An act that needs an authorisation is refused at the instant of its commit without one in force, and the
//!   refusal is on record ([`authorise`]). An absent scope is a refusal. Nobody authorises themselves or
//!   gives themselves a role.
//! - There is always somebody who can keep the accounts.

pub mod account;
pub mod authorisation;
pub mod institute;
mod offer;
pub mod person;
pub mod refusal;
pub mod role;
pub mod secret;
pub mod session;
mod show;
pub mod text;
pub mod token;

use kernel::{Kind, Ref, Role};
use site::{Miss, Site, Visit, Waiting};
use store::{Area, CommandKind, Db, Described, FactKind, Migration, Statement, StoreError};
use ui::gallery::GalleryEntry;
use ui::kit::icon::Icon;

pub use account::open::OpenAccount;
pub use authorisation::authorise;
pub use authorisation::grant::GrantAuthorisation;
pub use authorisation::withdraw::WithdrawAuthorisation;
pub use institute::{Foundation, Institute, found};
pub use offer::{offer, who};
pub use person::register::RegisterPerson;
pub use role::grant::GrantRole;
pub use role::rows::holders;
pub use secret::{Cost, GivenPassword, NewPassword, NewSecret};
pub use session::{
    SessionActor, SignInError, SignedIn, actor_of_session, actor_of_token, authenticate, reauthenticate,
    sign_in, sign_out,
};
pub use token::issue::{IssueToken, prepare};

/// The institute's time zone, in which every face shows instants; UTC before it is founded.
pub fn zone(db: &mut Db) -> Result<jiff::tz::TimeZone, StoreError> {
    let found = institute::rows::find(db)?;
    Ok(found.map_or(jiff::tz::TimeZone::UTC, |(_, institute)| institute.time_zone.zone()))
}

/// Fields of stored facts that nobody is ever shown, wherever payloads are printed.
pub const SECRET_FIELDS: &[&str] = &["password_hash", "secret_sha256"];

/// What the store gets.
pub const AREA: Area = Area {
    name: "authority",
    migrations: &[Migration {
        name: "0001_authority",
        sql: include_str!("../migrations/0001_authority.sql"),
    }],
    commands,
    facts,
    statements,
    guard: None,
    react: None,
    jobs: &[],
    describe,
};

/// What the server gets.
pub const SITE: Site = Site {
    pages: || {
        vec![
            person::pages::PAGE,
            authorisation::matrix::PAGE,
            authorisation::pages::PAGE,
            account::pages::PAGE,
            institute::pages::PAGE,
        ]
    },
    listings: || {
        vec![
            person::list::LISTING,
            authorisation::list::LISTING,
            token::pages::LISTING,
            refusal::list::LISTING,
            session::pages::SESSIONS,
            session::pages::ATTEMPTS,
        ]
    },
    text: (include_str!("../text/en.ftl"), include_str!("../text/zh.ftl")),
    gallery: || {
        vec![
            GalleryEntry::of::<person::pages::PersonPage>("authority-person"),
            GalleryEntry::of::<authorisation::pages::AuthorisationPage>("authority-authorisation"),
            GalleryEntry::of::<authorisation::matrix::MatrixPage>("authority-matrix"),
            GalleryEntry::of::<account::pages::AccountPage>("authority-account"),
            GalleryEntry::of::<institute::pages::InstitutePage>("authority-institute"),
        ]
    },
    rail: &[("people", "/people", Icon::People)],
    today,
    ..Site::EMPTY
};

fn commands() -> Vec<CommandKind> {
    vec![
        CommandKind::of::<person::register::RegisterPerson>(),
        CommandKind::of::<person::rename::RenamePerson>(),
        CommandKind::of::<person::erase::ErasePerson>(),
        CommandKind::of::<account::open::OpenAccount>(),
        CommandKind::of::<account::change_password::ChangePassword>(),
        CommandKind::of::<account::choose_language::ChooseLanguage>(),
        CommandKind::of::<account::unlock::UnlockAccount>(),
        CommandKind::of::<account::close::CloseAccount>(),
        CommandKind::of::<role::grant::GrantRole>(),
        CommandKind::of::<role::withdraw::WithdrawRole>(),
        CommandKind::of::<authorisation::grant::GrantAuthorisation>(),
        CommandKind::of::<authorisation::withdraw::WithdrawAuthorisation>(),
        CommandKind::of::<token::issue::IssueToken>(),
        CommandKind::of::<token::revoke::RevokeToken>(),
        CommandKind::of::<session::open::OpenSession>(),
        CommandKind::of::<session::fail::FailSession>(),
        CommandKind::of::<session::close::CloseSession>(),
        CommandKind::of::<institute::set::SetInstitute>(),
        CommandKind::of::<institute::FoundInstitute>(),
    ]
}

fn facts() -> Vec<FactKind> {
    vec![
        FactKind::of::<person::register::PersonRegistered>(),
        FactKind::of::<person::rename::PersonRenamed>(),
        FactKind::of::<person::erase::PersonErased>(),
        FactKind::of::<account::open::AccountOpened>(),
        FactKind::of::<account::change_password::PasswordChanged>(),
        FactKind::of::<account::choose_language::LanguageChosen>(),
        FactKind::of::<account::unlock::AccountUnlocked>(),
        FactKind::of::<account::close::AccountClosed>(),
        FactKind::of::<role::grant::RoleGranted>(),
        FactKind::of::<role::withdraw::RoleWithdrawn>(),
        FactKind::of::<authorisation::grant::AuthorisationGranted>(),
        FactKind::of::<authorisation::withdraw::AuthorisationWithdrawn>(),
        FactKind::of::<token::issue::TokenIssued>(),
        FactKind::of::<token::revoke::TokenRevoked>(),
        FactKind::of::<session::open::SessionOpened>(),
        FactKind::of::<session::fail::AttemptFailed>(),
        FactKind::of::<session::close::SessionClosed>(),
        FactKind::of::<institute::set::InstituteSet>(),
    ]
}

fn statements() -> Vec<Statement> {
    [
        person::rows::STATEMENTS,
        account::rows::STATEMENTS,
        role::rows::STATEMENTS,
        authorisation::rows::STATEMENTS,
        token::rows::STATEMENTS,
        session::rows::STATEMENTS,
        institute::rows::STATEMENTS,
    ]
    .concat()
}

fn describe(db: &mut Db, record: Ref) -> Result<Option<Described>, StoreError> {
    match record.kind {
        Kind::Person => describe_person(db, kernel::PersonId(record.number)),
        Kind::Authorisation => describe_authorisation(db, kernel::AuthorisationId(record.number)),
        Kind::Setting => {
            let found = institute::rows::find(db)?.filter(|(setting, _)| Ref::from(*setting) == record);
            let label = |of: &Institute| person::rows::label(&of.names);
            Ok(found.map(|(_, of)| Described {
                label: label(&of),
                url: "/institute".into(),
                ..Described::default()
            }))
        }
        _ => Ok(None),
    }
}

fn describe_person(db: &mut Db, id: kernel::PersonId) -> Result<Option<Described>, StoreError> {
    let Some(person) = person::rows::find(db, id)? else { return Ok(None) };
    let erased = person.erased_at.is_some();
    let label = if erased { id.to_string() } else { person::rows::label(&person.names) };
    let fields = if erased { Vec::new() } else { vec![("field-code".to_owned(), person.code)] };
    Ok(Some(Described { label, url: format!("/people/{id}"), fields, raw: None, because: None }))
}

fn describe_authorisation(db: &mut Db, id: kernel::AuthorisationId) -> Result<Option<Described>, StoreError> {
    let Some(held) = authorisation::rows::find(db, id)? else { return Ok(None) };
    let who = describe_person(db, held.person)?.map_or(held.person.to_string(), |person| person.label);
    let mut fields = vec![
        ("field-person".to_owned(), who.clone()),
        ("field-activity".to_owned(), held.activity.to_string()),
        ("field-scope".to_owned(), held.scope.to_string()),
        ("field-valid-from".to_owned(), held.valid_from.to_string()),
        ("field-valid-until".to_owned(), held.valid_until.to_string()),
        ("field-authorisation-grant-basis".to_owned(), held.basis.clone()),
    ];
    if let Some(withdrawn) = &held.withdrawn {
        fields.push(("field-withdrawn-at".to_owned(), withdrawn.from.to_string()));
    }
    let label = format!("{who} · {} · {}", held.activity, held.scope);
    Ok(Some(Described { label, url: format!("/authorisations/{id}"), fields, raw: None, because: None }))
}

fn today(visit: &mut Visit<'_>) -> Result<Vec<Waiting>, Miss> {
    let mut waiting = Vec::new();
    if visit.actor.has_any(&[Role::TalentOfficer, Role::LaboratoryHead, Role::QualityManager]) {
        let until = visit.now.plus_seconds(authorisation::list::ENDING_DAYS * 86_400);
        let count = authorisation::rows::ending(visit.db, visit.now, until)?;
        let href = "/authorisations?validity=ending".to_owned();
        waiting.push(Waiting { key: "authorisations-ending", count, href, urgent: false });
    }
    if visit.actor.roles.contains(&Role::Administrator) {
        let count = account::rows::locked(visit.db, visit.now)?;
        waiting.push(Waiting { key: "accounts-locked", count, href: "/attempts".to_owned(), urgent: true });
    }
    waiting.retain(|waiting| waiting.count > 0);
    Ok(waiting)
}
