//! Authorise a person.

use kernel::{Activity, AuthorisationId, Edge, EdgeRole, Instant, PersonId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::{self, GrantRefusal};
use crate::person;
use crate::text::Prose;

/// Authorise a person to do an activity in a scope, from an instant up to another.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantAuthorisation {
    /// Whom; never oneself.
    pub person: PersonId,
    /// To do what.
    pub activity: Activity,
    /// In what: a method (over all its versions), a material, or another record.
    pub scope: Ref,
    /// From this instant on.
    pub valid_from: Instant,
    /// Up to, not including, this instant.
    pub valid_until: Instant,
    /// On the strength of what: training, supervised runs, an assessment.
    pub basis: Prose,
}

impl Command for GrantAuthorisation {
    const NAME: &'static str = "authorisation.grant";
    const ROLES: &'static [Role] = &[Role::TalentOfficer, Role::LaboratoryHead, Role::QualityManager];
    const EXAMPLE: &'static str = r#"{"person":"person-12","activity":"test","scope":"method-41",
        "valid_from":"2026-03-02T00:00:00Z","valid_until":"2027-03-02T00:00:00Z",
        "basis":"Three supervised runs in February 2026, assessed by the head of the laboratory"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let person = person::rules::present(person::rows::find(db, self.person)?, self.person)?.id;
        if cx.actor.only.is_some() {
            return Err(GrantRefusal::ByToken(person).into());
        }
        let scope = (self.scope, rows::scope_known(db, self.scope)?);
        rules::may_grant(cx.actor.person(), person, scope, (self.valid_from, self.valid_until))?;
        Ok(Facts::one(AuthorisationGranted {
            authorisation: AuthorisationId::next(cx.numbers),
            person,
            activity: self.activity,
            scope: self.scope,
            valid_from: self.valid_from,
            valid_until: self.valid_until,
            basis: self.basis.clone(),
        }))
    }
}

/// A person was authorised.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AuthorisationGranted {
    /// The authorisation.
    pub authorisation: AuthorisationId,
    /// Who may.
    pub person: PersonId,
    /// Do what.
    pub activity: Activity,
    /// In what.
    pub scope: Ref,
    /// From this instant on.
    pub valid_from: Instant,
    /// Up to, not including, this one.
    pub valid_until: Instant,
    /// On the strength of what.
    pub basis: Prose,
}

impl Fact for AuthorisationGranted {
    const KIND: &'static str = "authorisation.granted";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.authorisation.into(), self.person.into(), self.scope]
    }

    fn edges(&self) -> Vec<Edge> {
        vec![Edge::new(self.person, self.authorisation, EdgeRole::By)]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::insert(db, self, applied)
    }

    fn samples() -> Vec<Self> {
        vec![AuthorisationGranted {
            authorisation: AuthorisationId(51),
            person: PersonId(12),
            activity: Activity::Test,
            scope: kernel::MethodId(41).into(),
            valid_from: Instant::from_micros(1_772_409_600_000_000),
            valid_until: Instant::from_micros(1_803_945_600_000_000),
            basis: Prose::parse("Three supervised runs").expect("a fixed text"),
        }]
    }
}
