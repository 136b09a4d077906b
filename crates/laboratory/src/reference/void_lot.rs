//! A reference material lot is found bad: from an instant on it controlled nothing.

use facts::{Cause, Event, Notice};
use kernel::{Instant, Ref, ReferenceLotId, ResultId, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::NoReference;
use crate::given::Reason;
use crate::instrument::rules::not_later;
use crate::result;

/// Void a reference material lot from an instant on.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VoidReferenceLot {
    /// The lot.
    pub lot: ReferenceLotId,
    /// From when on what it controlled does not count; from the beginning when left out.
    pub from: Option<Instant>,
    /// What was found.
    pub why: Reason,
}

impl Command for VoidReferenceLot {
    const NAME: &'static str = "reference_lot.void";
    const ROLES: &'static [Role] = &[Role::LaboratoryHead, Role::QualityManager];
    const EXAMPLE: &'static str = r#"{"lot": "reference-lot-6", "from": "2026-03-01T00:00:00Z",
        "why": "the producer recalled the bottle"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let unknown = || NoReference::Unknown(self.lot.to_string());
        let found = rows::lot_by_id(db, self.lot)?.ok_or_else(unknown)?;
        if let Some(from) = found.voided_from {
            return Err(NoReference::Voided { code: found.code, from }.into());
        }
        self.from.map_or(Ok(()), |from| not_later(from, cx.at))?;
        let from = self.from.unwrap_or(Instant::from_micros(0));
        let results = result::rows::controlled_by(db, self.lot, from)?;
        let why = self.why.as_str().to_owned();
        Ok(Facts::one(ReferenceLotVoided { lot: self.lot, from, why, results }))
    }
}

/// A reference material lot was voided.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReferenceLotVoided {
    /// The lot.
    pub lot: ReferenceLotId,
    /// From when on it controlled nothing.
    pub from: Instant,
    /// What was found.
    pub why: String,
    /// Every result that it controlled since.
    pub results: Vec<ResultId>,
}

impl Fact for ReferenceLotVoided {
    const KIND: &'static str = "reference_lot.voided";

    fn subjects(&self) -> Vec<Ref> {
        let results = self.results.iter().map(|result| Ref::from(*result));
        std::iter::once(self.lot.into()).chain(results).collect()
    }

    fn notices(&self) -> Vec<Notice> {
        let cause = Cause::new(self.lot, Event::ReferenceLotVoided);
        vec![Notice::ResultsFell { results: self.results.clone(), cause }]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::void(db, self, applied)?;
        result::rows::suspect(db, &self.results, &self.lot.to_string())
    }

    fn samples() -> Vec<Self> {
        vec![ReferenceLotVoided {
            lot: ReferenceLotId(6),
            from: "2026-03-01T00:00:00Z".parse().expect("an instant"),
            why: "the producer recalled the bottle".to_owned(),
            results: vec![ResultId(9)],
        }]
    }
}
