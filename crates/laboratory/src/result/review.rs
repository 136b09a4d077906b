//! Reviewing: another person looks at measured results and puts their name to them.

use kernel::{Act, Activity, AuthorisationId, Edge, EdgeRole, PersonId, Ref, ResultId, Role, SampleId};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows::{self, Signed};
use super::rules::{NoResult, may_review};

/// Review measured results.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewResults {
    /// The results, all or none.
    #[serde(alias = "selected")]
    pub results: Vec<ResultId>,
}

/// The acts that signing these results needs: one for each method.
pub(super) fn acts(db: &mut Db, results: &[ResultId], activity: Activity) -> Result<Vec<Act>, StoreError> {
    let methods = rows::methods(db, results)?;
    Ok(methods.into_iter().map(|method| Act { activity, scope: Some(method.into()) }).collect())
}

/// The authorisation for a method, from the context of a command with [`acts`] over these methods, which
/// [`rows::methods`] gives once for all results of the command.
pub(super) fn authorisation(
    methods: &[kernel::MethodId],
    method: kernel::MethodId,
    cx: &Context<'_>,
) -> Option<AuthorisationId> {
    let at = methods.binary_search(&method).ok()?;
    cx.authorisations.get(at).copied()
}

impl Command for ReviewResults {
    const NAME: &'static str = "result.review";
    const ROLES: &'static [Role] = &[Role::Analyst, Role::LaboratoryHead];
    const EXAMPLE: &'static str = r#"{"results": ["result-9"]}"#;

    fn acts(&self, db: &mut Db) -> Result<Vec<Act>, StoreError> {
        acts(db, &self.results, Activity::Check)
    }

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let person = cx.actor.person().ok_or(NoResult::NoPerson)?;
        if self.results.is_empty() {
            return Err(NoResult::Unknown("-".to_owned()).into());
        }
        let methods = rows::methods(db, &self.results)?;
        let mut facts = Facts::new();
        for id in &self.results {
            let standing = rows::standing(db, *id)?;
            may_review(&standing, person, cx.at)?;
            let authorisation = authorisation(&methods, standing.method, cx);
            facts.push(ResultReviewed { result: *id, sample: standing.sample, person, authorisation });
        }
        Ok(facts)
    }
}

/// A result was reviewed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ResultReviewed {
    /// The result.
    pub result: ResultId,
    /// Its sample.
    pub sample: SampleId,
    /// Who looked at it.
    pub person: PersonId,
    /// Under which authorisation.
    pub authorisation: Option<AuthorisationId>,
}

impl Fact for ResultReviewed {
    const KIND: &'static str = "result.reviewed";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.result.into(), self.sample.into()]
    }

    fn edges(&self) -> Vec<Edge> {
        let edge = |from| Edge::new(from, self.result, EdgeRole::Authorisation);
        self.authorisation.map(edge).into_iter().collect()
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        let by = Signed { person: self.person, at: applied.at, authorisation: self.authorisation };
        rows::review(db, self.result, by)
    }

    fn samples() -> Vec<Self> {
        let (result, sample, person) = (ResultId(9), SampleId(8), PersonId(2));
        vec![ResultReviewed { result, sample, person, authorisation: Some(AuthorisationId(11)) }]
    }
}
