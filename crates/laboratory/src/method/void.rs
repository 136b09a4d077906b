//! An edition of a method is found bad: from an instant on nothing measured by it may be relied upon.

use facts::{Cause, Event, Notice};
use kernel::{Instant, MethodVersionId, Ref, ResultId, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::NoMethod;
use crate::given::Reason;
use crate::instrument::rules::not_later;
use crate::result;

/// Void an edition of a method from an instant on.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VoidMethodVersion {
    /// The edition.
    pub version: MethodVersionId,
    /// From when on what was measured by it does not count; from the beginning when left out.
    pub from: Option<Instant>,
    /// What was found.
    pub why: Reason,
}

impl Command for VoidMethodVersion {
    const NAME: &'static str = "method_version.void";
    const ROLES: &'static [Role] = &[Role::LaboratoryHead, Role::QualityManager];
    const EXAMPLE: &'static str = r#"{"version": "method-version-2", "from": "2026-03-01T00:00:00Z",
        "why": "the digestion step loses silica"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let unknown = || NoMethod::Unknown(self.version.to_string());
        let found = rows::by_id(db, self.version)?.ok_or_else(unknown)?;
        if let Some(before) = rows::voided_from(db, self.version)? {
            return Err(
                NoMethod::Voided { edition: found.edition, from: before, method: found.method }.into()
            );
        }
        self.from.map_or(Ok(()), |from| not_later(from, cx.at))?;
        let from = self.from.unwrap_or(Instant::from_micros(0));
        let results = result::rows::by_version(db, self.version, from)?;
        let why = self.why.as_str().to_owned();
        Ok(Facts::one(MethodVersionVoided { version: self.version, from, why, results }))
    }
}

/// An edition of a method was voided.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MethodVersionVoided {
    /// The edition.
    pub version: MethodVersionId,
    /// From when on it does not count.
    pub from: Instant,
    /// What was found.
    pub why: String,
    /// Every result measured by it since.
    pub results: Vec<ResultId>,
}

impl Fact for MethodVersionVoided {
    const KIND: &'static str = "method_version.voided";

    fn subjects(&self) -> Vec<Ref> {
        let results = self.results.iter().map(|result| Ref::from(*result));
        std::iter::once(self.version.into()).chain(results).collect()
    }

    fn notices(&self) -> Vec<Notice> {
        let cause = Cause::new(self.version, Event::MethodVersionVoided);
        vec![Notice::ResultsFell { results: self.results.clone(), cause }]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::void(db, self, applied)?;
        result::rows::suspect(db, &self.results, &self.version.to_string())
    }

    fn samples() -> Vec<Self> {
        vec![MethodVersionVoided {
            version: MethodVersionId(2),
            from: "2026-03-01T00:00:00Z".parse().expect("an instant"),
            why: "the digestion step loses silica".to_owned(),
            results: vec![ResultId(9)],
        }]
    }
}
