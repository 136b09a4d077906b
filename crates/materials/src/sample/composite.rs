//! Samples are put together into one.

use kernel::{Act, Activity, AuthorisationId, Code, Edge, EdgeRole, Instant, LotId, MaterialId, MoveId};
use kernel::{PersonId, Ref, SampleId};
use measure::Decimal;
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::SAMPLERS;
use super::rows::{self, NewSample};
use super::rules::{Purpose, Sample, SampleKind, SampleRefused};
use crate::lot::balance::{Books, Holder, Moved, Posting, float, shares};
use crate::lot::each_once;
use crate::lot::rows::{self as lots, Emptied, MoveKind};
use crate::lot::rules::LotRefused;
use crate::quantity::{Mass, Masses};

/// A part of a sample that goes into a composite.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SamplePortion {
    /// The sample.
    pub sample: SampleId,
    /// Wet mass taken from it, kg; all that is left when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mass_kg_wet: Option<Mass>,
}

/// Make a composite of samples; what goes in leaves them.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompositeSamples {
    /// What goes in.
    pub parts: Vec<SamplePortion>,
    /// What the label calls the composite; made from its number when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// What it is for; routine when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// The plan by which it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Code>,
}

impl Command for CompositeSamples {
    const NAME: &'static str = "sample.composite";
    const ROLES: &'static [kernel::Role] = SAMPLERS;
    const EXAMPLE: &'static str = r#"{"code":"DU-C-01",
        "parts":[{"sample":"sample-71"},{"sample":"sample-73","mass_kg_wet":"1.0"}]}"#;

    fn acts(&self, db: &mut Db) -> Result<Vec<Act>, StoreError> {
        let mut acts: Vec<Act> = Vec::new();
        for part in &self.parts {
            let sample = rows::find(db, part.sample)?;
            let scope = sample.and_then(|sample| sample.material).map(Ref::from);
            let act = Act { activity: Activity::Sample, scope };
            if !acts.contains(&act) {
                acts.push(act);
            }
        }
        Ok(acts)
    }

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let mut samples = Vec::new();
        for part in &self.parts {
            samples.push(rows::must_find(db, part.sample)?);
        }
        let id = SampleId::next(cx.numbers);
        let code = rows::free_code(db, self.code.as_ref(), id)?;
        let mut fact = decide(&samples, self, (id, code), MoveId::next(cx.numbers), cx.at)?;
        fact.sampler = cx.actor.person();
        fact.authorisation = cx.authorisations.first().copied();
        Ok(Facts::one(fact))
    }
}

fn decide(
    samples: &[Sample],
    command: &CompositeSamples,
    (sample, code): (SampleId, Code),
    number: MoveId,
    taken_at: Instant,
) -> Result<SampleComposited, SampleRefused> {
    each_once(&samples.iter().map(|sample| sample.code.as_str()).collect::<Vec<_>>())?;
    let Some(first) = samples.first() else { return Err(LotRefused::NothingMoved.into()) };
    let mut taken: Vec<(SampleId, Masses)> = Vec::new();
    for (from, part) in samples.iter().zip(&command.parts) {
        taken.push((from.id, from.portion(part.mass_kg_wet)?));
    }
    let sum: Masses = taken.iter().map(|(_, masses)| *masses).sum();
    let parts = shares(&taken.iter().map(|(_, masses)| *masses).collect::<Vec<_>>());
    let mut postings: Vec<Posting> =
        taken.iter().map(|(from, masses)| Posting { to: Holder::Sample(*from), masses: -*masses }).collect();
    postings.push(Posting { to: Holder::Sample(sample), masses: sum });
    let same = |same: fn(&Sample, &Sample) -> bool| samples.iter().all(|one| same(one, first));
    Ok(SampleComposited {
        sample,
        code,
        lot: first.lot.filter(|_| same(|a, b| a.lot == b.lot)),
        material: first.material.filter(|_| same(|a, b| a.material == b.material)),
        purpose: command.purpose.unwrap_or_default(),
        plan: command.plan.clone(),
        taken_at,
        sampler: None,
        authorisation: None,
        moisture_percent: sum.moisture_percent(),
        shares: taken.iter().map(|(from, _)| *from).zip(parts).collect(),
        moved: Moved {
            number,
            books: Books::carried(sum),
            postings,
            made: vec![],
            flows: vec![],
            reason: None,
        },
    })
}

/// A composite was made of samples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SampleComposited {
    /// The composite.
    pub sample: SampleId,
    /// What the label says.
    pub code: Code,
    /// The lot that all parts were taken from, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotId>,
    /// What it is a sample of, when all parts are of the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub material: Option<MaterialId>,
    /// What it is for.
    pub purpose: Purpose,
    /// The plan by which it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Code>,
    /// When it was made.
    pub taken_at: Instant,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sampler: Option<PersonId>,
    /// Under which authorisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorisation: Option<AuthorisationId>,
    /// Its moisture, %.
    pub moisture_percent: Decimal,
    /// Which fraction of it each part is, by dry mass.
    pub shares: Vec<(SampleId, Decimal)>,
    /// The move.
    #[serde(flatten)]
    pub moved: Moved,
}

impl Fact for SampleComposited {
    const KIND: &'static str = "sample.composited";

    fn subjects(&self) -> Vec<Ref> {
        let mut all: Vec<Ref> = vec![self.sample.into(), self.moved.number.into()];
        all.extend(self.shares.iter().map(|(part, _)| Ref::from(*part)));
        all
    }

    fn edges(&self) -> Vec<Edge> {
        let dry = self.moved.books.made.kg_dry;
        let part = |(from, share): &(SampleId, Decimal)| Edge {
            role: EdgeRole::Part,
            ..Edge::flow(*from, self.sample, float(dry * share), float(*share))
        };
        let mut all: Vec<Edge> = self.shares.iter().map(part).collect();
        all.extend(self.authorisation.map(|a| Edge::new(a, self.sample, EdgeRole::Authorisation)));
        all.extend(self.sampler.map(|person| Edge::new(person, self.sample, EdgeRole::By)));
        all
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        let new = NewSample {
            sample: self.sample,
            code: &self.code,
            kind: SampleKind::Composite,
            purpose: self.purpose,
            lot: self.lot,
            material: self.material,
            name: None,
            plan: self.plan.as_ref().map(Code::as_str),
            point: None,
            taken_at: self.taken_at,
            sampler: self.sampler,
            authorisation: self.authorisation,
            from: None,
            made_by: Some(self.moved.number.number()),
            wet_only: None,
            moisture_percent: Some(self.moisture_percent),
        };
        rows::put(db, applied, &new)?;
        lots::put_move(db, applied, MoveKind::Composite, &self.moved, None, None, Emptied::Consumed)
    }

    fn samples() -> Vec<Self> {
        let Ok(command) = serde_json::from_str::<CompositeSamples>(CompositeSamples::EXAMPLE) else {
            return vec![];
        };
        let sample = |number, code: &str| {
            let masses = Some(Masses { kg_wet: 3.into(), kg_dry: 2.into() });
            let (lot, material) = (Some(LotId(51)), Some(MaterialId(12)));
            Some(Sample { id: SampleId(number), code: Code::parse(code).ok()?, lot, material, masses })
        };
        let parts: Vec<Sample> =
            [sample(71, "DU-0001"), sample(73, "DU-0002")].into_iter().flatten().collect();
        let named = command.code.clone().map(|code| (SampleId(74), code));
        let at = Instant::from_micros(1_800_000_000_000_000);
        named.and_then(|named| decide(&parts, &command, named, MoveId(75), at).ok()).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use kernel::Refuse;

    use super::*;

    fn sample(number: u64, lot: u64, wet: Option<i64>) -> Sample {
        Sample {
            id: SampleId(number),
            code: Code::parse(&format!("S-{number}")).unwrap(),
            lot: Some(LotId(lot)),
            material: Some(MaterialId(1)),
            masses: wet.map(|wet| Masses { kg_wet: wet.into(), kg_dry: (wet - 1).into() }),
        }
    }

    fn composite(samples: &[Sample], wet: &[Option<&str>]) -> Result<SampleComposited, String> {
        let parts = samples.iter().zip(wet);
        let parts = parts.map(|(sample, wet)| SamplePortion {
            sample: sample.id,
            mass_kg_wet: wet.map(|wet| wet.parse().unwrap()),
        });
        let command = CompositeSamples { parts: parts.collect(), code: None, purpose: None, plan: None };
        let named = (SampleId(9), Code::parse("C").unwrap());
        decide(samples, &command, named, MoveId(10), Instant::from_micros(0)).map_err(|r| r.refusal().code)
    }

    #[test]
    fn a_composite_is_the_sum_of_its_parts() {
        let made = composite(&[sample(1, 5, Some(2)), sample(2, 5, Some(4))], &[None, None]).unwrap();
        assert_eq!((made.lot, made.moved.books.made.kg_dry), (Some(LotId(5)), 4.into()));
        assert_eq!(made.shares[1].1.to_string(), "0.75");
        assert!(made.moved.books.balance());
        let mixed = composite(&[sample(1, 5, Some(2)), sample(2, 6, Some(4))], &[None, None]).unwrap();
        assert_eq!((mixed.lot, mixed.material), (None, Some(MaterialId(1))));
    }

    #[test]
    fn nothing_comes_from_nothing() {
        let two = Some(2);
        let said = |samples: &[Sample], wet: &[Option<&str>]| composite(samples, wet).unwrap_err();
        assert_eq!(said(&[sample(1, 5, two)], &[Some("2.1")]), "sample-mass-short");
        assert_eq!(said(&[sample(1, 5, None)], &[None]), "sample-not-weighed");
        assert_eq!(said(&[], &[]), "lot-nothing-moved");
        assert_eq!(said(&[sample(1, 5, two), sample(1, 5, two)], &[None, None]), "lot-named-twice");
        assert_eq!(SampleComposited::samples().len(), 1);
    }
}
