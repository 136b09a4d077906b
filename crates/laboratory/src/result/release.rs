//! Releasing: somebody answers for reviewed results. Signed; only with quality control passed or answered
//! for.

use facts::Notice;
use kernel::{
    Act, Activity, AuthorisationId, Edge, EdgeRole, Meaning, PersonId, QcEventId, Ref, ResultId, Role,
    SampleId,
};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::review::{acts, authorisation};
use super::rows::{self, Signed};
use super::rules::{NoResult, may_release};

/// Release reviewed results.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseResults {
    /// The results, all or none.
    #[serde(alias = "selected")]
    pub results: Vec<ResultId>,
}

impl Command for ReleaseResults {
    const NAME: &'static str = "result.release";
    const ROLES: &'static [Role] = &[Role::LaboratoryHead];
    const SIGNS: Option<Meaning> = Some(Meaning::Approved);
    const EXAMPLE: &'static str = r#"{"results": ["result-9"]}"#;

    fn acts(&self, db: &mut Db) -> Result<Vec<Act>, StoreError> {
        acts(db, &self.results, Activity::Approve)
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
            may_release(&standing, person, cx.at)?;
            let authorisation = authorisation(&methods, standing.method, cx);
            let (result, sample, meaning) = (*id, standing.sample, Meaning::Approved);
            let controls = rows::neighbours(db, *id)?;
            facts.push(ResultReleased { result, sample, person, authorisation, meaning, controls });
        }
        Ok(facts)
    }
}

/// A result was released.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ResultReleased {
    /// The result.
    pub result: ResultId,
    /// Its sample.
    pub sample: SampleId,
    /// Who answers for it.
    pub person: PersonId,
    /// Under which authorisation.
    pub authorisation: Option<AuthorisationId>,
    /// What the signature means.
    pub meaning: Meaning,
    /// The controls it rested on: the nearest of each kind on either side.
    pub controls: Vec<QcEventId>,
}

impl Fact for ResultReleased {
    const KIND: &'static str = "result.released";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.result.into(), self.sample.into()]
    }

    fn edges(&self) -> Vec<Edge> {
        let authorisation =
            self.authorisation.map(|from| Edge::new(from, self.result, EdgeRole::Authorisation));
        let controls = self.controls.iter().map(|from| Edge::new(*from, self.result, EdgeRole::Control));
        authorisation.into_iter().chain(controls).collect()
    }

    fn notices(&self) -> Vec<Notice> {
        vec![Notice::ResultReleased(self.result)]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        let by = Signed { person: self.person, at: applied.at, authorisation: self.authorisation };
        rows::release(db, self.result, by)
    }

    fn samples() -> Vec<Self> {
        vec![ResultReleased {
            result: ResultId(9),
            sample: SampleId(8),
            person: PersonId(3),
            authorisation: Some(AuthorisationId(12)),
            meaning: Meaning::Approved,
            controls: vec![QcEventId(10)],
        }]
    }
}
