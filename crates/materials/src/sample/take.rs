//! A sample is taken from a lot; its mass leaves the lot.

use kernel::{Act, Activity, AuthorisationId, Code, Edge, EdgeRole, Instant, LotId, MaterialId, MoveId};
use kernel::{PersonId, Ref, SampleId};
use measure::Decimal;
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::SAMPLERS;
use super::rows::{self, NewSample};
use super::rules::{Purpose, SampleKind, SampleRefused};
use crate::lot::balance::{Books, Holder, Moved, Posting, float};
use crate::lot::rows::{self as lots, Emptied, MoveKind};
use crate::lot::rules::Lot;
use crate::quantity::Mass;
use crate::times::{self, has_come};

/// Take a sample from a lot.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleLot {
    /// The lot.
    pub lot: LotId,
    /// What the label and the instruments call the sample; made from its number when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// Wet mass taken, kg.
    pub mass_kg_wet: Mass,
    /// What it is for; routine when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// The sampling plan or standard: `GB/T 10322.1`, `ISO 12743`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Code>,
    /// Where in the lot or stream it was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<Code>,
    /// When it was taken; now when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<Instant>,
}

impl Command for SampleLot {
    const NAME: &'static str = "lot.sample";
    const ROLES: &'static [kernel::Role] = SAMPLERS;
    const EXAMPLE: &'static str = r#"{"lot":"lot-51","code":"DU-0001","mass_kg_wet":"2.5",
        "plan":"GB/T 10322.1","point":"belt 3","taken_at":"2026-03-14T01:20:00Z"}"#;

    fn acts(&self, db: &mut Db) -> Result<Vec<Act>, StoreError> {
        let scope = lots::find(db, self.lot)?.map(|lot| lot.material.into());
        Ok(vec![Act { activity: Activity::Sample, scope }])
    }

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let lot = lots::must_find(db, self.lot)?;
        let sample = SampleId::next(cx.numbers);
        let code = rows::free_code(db, self.code.as_ref(), sample)?;
        let by =
            By { sampler: cx.actor.person(), authorisation: cx.authorisations.first().copied(), at: cx.at };
        let mut taken = decide(&lot, self, (sample, code), MoveId::next(cx.numbers), by)?;
        let lot_times = rows::lot_times(db, self.lot)?;
        times::sampled(db, lot_times, taken.taken_at, (cx.at, cx.reason))?;
        let acts = self.acts(db)?;
        taken.authorisation = cx.authorised(db, &acts, taken.taken_at)?.first().copied();
        Ok(Facts::one(taken))
    }
}

struct By {
    sampler: Option<PersonId>,
    authorisation: Option<AuthorisationId>,
    at: Instant,
}

fn decide(
    lot: &Lot,
    command: &SampleLot,
    (sample, code): (SampleId, Code),
    number: MoveId,
    by: By,
) -> Result<SampleTaken, SampleRefused> {
    let masses = lot.portion(Some(command.mass_kg_wet))?;
    let taken_at = command.taken_at.unwrap_or(by.at);
    if !has_come(taken_at, by.at) {
        return Err(SampleRefused::Future);
    }
    let postings = vec![
        Posting { to: Holder::Lot(lot.id), masses: -masses },
        Posting { to: Holder::Sample(sample), masses },
    ];
    let books = Books::carried(masses);
    let moved = Moved { number, books, postings, made: vec![], flows: vec![], reason: None };
    Ok(SampleTaken {
        sample,
        code,
        lot: lot.id,
        material: lot.material,
        purpose: command.purpose.unwrap_or_default(),
        plan: command.plan.clone(),
        point: command.point.clone(),
        taken_at,
        sampler: by.sampler,
        authorisation: by.authorisation,
        moisture_percent: lot.moisture_percent,
        moved,
    })
}

/// A sample was taken from a lot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SampleTaken {
    /// The sample.
    pub sample: SampleId,
    /// What the label says.
    pub code: Code,
    /// The lot.
    pub lot: LotId,
    /// What it is a sample of.
    pub material: MaterialId,
    /// What it is for.
    pub purpose: Purpose,
    /// The sampling plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Code>,
    /// Where it was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<Code>,
    /// When it was taken.
    pub taken_at: Instant,
    /// Who took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sampler: Option<PersonId>,
    /// Under which authorisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorisation: Option<AuthorisationId>,
    /// Moisture of the lot at that time, %.
    pub moisture_percent: Decimal,
    /// The move.
    #[serde(flatten)]
    pub moved: Moved,
}

impl Fact for SampleTaken {
    const KIND: &'static str = "sample.taken";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.sample.into(), self.lot.into(), self.moved.number.into()]
    }

    fn edges(&self) -> Vec<Edge> {
        let mass = float(self.moved.books.taken.kg_dry);
        let of = Edge { role: EdgeRole::SampleOf, ..Edge::flow(self.lot, self.sample, mass, 1.0) };
        let under = self.authorisation.map(|a| Edge::new(a, self.sample, EdgeRole::Authorisation));
        let by = self.sampler.map(|person| Edge::new(person, self.sample, EdgeRole::By));
        [Some(of), under, by].into_iter().flatten().collect()
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        let new = NewSample {
            sample: self.sample,
            code: &self.code,
            kind: SampleKind::Taken,
            purpose: self.purpose,
            lot: Some(self.lot),
            material: Some(self.material),
            name: None,
            plan: self.plan.as_ref().map(Code::as_str),
            point: self.point.as_ref().map(Code::as_str),
            taken_at: self.taken_at,
            sampler: self.sampler,
            authorisation: self.authorisation,
            from: None,
            made_by: Some(self.moved.number.number()),
            wet_only: None,
            moisture_percent: Some(self.moisture_percent),
        };
        rows::put(db, applied, &new)?;
        lots::put_move(db, applied, MoveKind::Sample, &self.moved, None, None, Emptied::Consumed)
    }

    fn samples() -> Vec<Self> {
        let Ok(command) = serde_json::from_str::<SampleLot>(SampleLot::EXAMPLE) else { return vec![] };
        let by = By {
            sampler: Some(PersonId(3)),
            authorisation: Some(AuthorisationId(4)),
            at: Instant::from_micros(1_800_000_000_000_000),
        };
        let named = command.code.clone().map(|code| (SampleId(71), code));
        let lot = lots::sample_lot(51, 12_000, 11_400);
        named.and_then(|named| decide(&lot, &command, named, MoveId(72), by).ok()).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use kernel::Refuse;

    use super::*;
    use crate::lot::rules::tests::lot;

    #[test]
    fn a_sample_takes_its_mass_from_the_lot() {
        let take = |wet: &str, at: i64| {
            let json = format!(
                r#"{{"lot":"lot-1","mass_kg_wet":"{wet}","taken_at":"{}"}}"#,
                Instant::from_micros(at)
            );
            let by = By { sampler: None, authorisation: None, at: Instant::from_micros(100) };
            let named = (SampleId(2), Code::parse("S").unwrap());
            decide(&lot(1, "100", "90"), &serde_json::from_str(&json).unwrap(), named, MoveId(3), by)
                .map_err(|refused| refused.refusal().code)
        };
        let taken = take("2", 100).unwrap();
        assert!(taken.moved.books.balance());
        assert_eq!(taken.moved.books.made.kg_dry, Decimal::new(18, 1));
        assert_eq!(taken.edges()[0].mass_kg_dry, Some(1.8));
        assert_eq!(take("101", 100).unwrap_err(), "lot-mass-short");
        assert_eq!(take("0", 100).unwrap_err(), "lot-nothing-moved");
        let skew = kernel::chronology::SKEW_SECONDS * 1_000_000;
        assert!(take("2", 100 + skew).is_ok());
        assert_eq!(take("2", 101 + skew).unwrap_err(), "sample-in-future");
        assert_eq!(SampleTaken::samples().len(), 1);
    }
}
