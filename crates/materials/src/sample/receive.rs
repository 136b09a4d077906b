//! A sample is sent in from outside. Nobody here saw the lot it stands for, and the mark of that stays.

use kernel::{Code, Instant, MaterialId, MoveId, PartyId, Ref, SampleId};
use measure::Decimal;
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::SAMPLERS;
use super::rows::{self, NewSample};
use super::rules::{Purpose, SampleKind, SampleRefused};
use crate::lot::balance::{Books, Holder, Moved, Posting, TOLERANCE_KG};
use crate::lot::rows::{self as lots, Emptied, MoveKind};
use crate::lot::rules::LotRefused;
use crate::quantity::{Mass, Masses, Moisture, Weighed};
use crate::times::has_come;

/// Receive a customer's sample.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiveSample {
    /// What the label and the instruments call it; made from its number when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// Who sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<PartyId>,
    /// What the sender calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Code>,
    /// What it is a sample of, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub material: Option<MaterialId>,
    /// Wet mass, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mass_kg_wet: Option<Mass>,
    /// Moisture, % of the wet mass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moisture_percent: Option<Moisture>,
    /// Dry mass, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mass_kg_dry: Option<Mass>,
    /// What it is for; routine when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// When it was taken, as the sender says; when it came when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<Instant>,
}

impl Command for ReceiveSample {
    const NAME: &'static str = "sample.receive";
    const ROLES: &'static [kernel::Role] = SAMPLERS;
    const EXAMPLE: &'static str =
        r#"{"code":"BOG651","from":"party-14","name":"Core 651, 12.4 m","mass_kg_wet":"0.850"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        if let Some(party) = self.from {
            lots::must_exist(db, party)?;
        }
        if let Some(material) = self.material {
            lots::must_exist(db, material)?;
        }
        let sample = SampleId::next(cx.numbers);
        let code = rows::free_code(db, self.code.as_ref(), sample)?;
        if let Some(taken_at) = self.taken_at {
            crate::times::not_long_ago(db, taken_at, (cx.at, cx.reason))?;
        }
        Ok(Facts::one(decide(self, (sample, code), MoveId::next(cx.numbers), cx.at)?))
    }
}

fn decide(
    command: &ReceiveSample,
    (sample, code): (SampleId, Code),
    number: MoveId,
    at: Instant,
) -> Result<SampleReceived, SampleRefused> {
    let weighed =
        Weighed { wet: command.mass_kg_wet, moisture: command.moisture_percent, dry: command.mass_kg_dry };
    let taken_at = command.taken_at.unwrap_or(at);
    if !has_come(taken_at, at) {
        return Err(SampleRefused::Future);
    }
    let mut received = SampleReceived {
        sample,
        code,
        from: command.from,
        name: command.name.clone(),
        material: command.material,
        purpose: command.purpose.unwrap_or_default(),
        taken_at,
        mass_kg_wet: None,
        moisture_percent: command.moisture_percent.map(Moisture::decimal),
        moved: None,
    };
    match weighed.masses(None, TOLERANCE_KG) {
        Ok((masses, moisture)) => {
            received.moisture_percent = Some(moisture);
            received.moved = Some(came(number, sample, masses));
        }
        Err(crate::quantity::WeighError::Incomplete) if command.mass_kg_dry.is_none() => {
            received.mass_kg_wet = command.mass_kg_wet.map(Mass::decimal);
        }
        Err(error) => return Err(LotRefused::from(error).into()),
    }
    Ok(received)
}

fn came(number: MoveId, sample: SampleId, masses: Masses) -> Moved {
    let postings = vec![Posting { to: Holder::Sample(sample), masses }];
    let books = Books::with_outside(masses);
    Moved { number, books, postings, made: vec![], flows: vec![], reason: None }
}

/// A sample came from outside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SampleReceived {
    /// The sample.
    pub sample: SampleId,
    /// What the label says.
    pub code: Code,
    /// Who sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<PartyId>,
    /// What the sender calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Code>,
    /// What it is a sample of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub material: Option<MaterialId>,
    /// What it is for.
    pub purpose: Purpose,
    /// When it was taken, as the sender says.
    pub taken_at: Instant,
    /// Wet mass, kg, where it was not weighed dry and nothing can be posted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mass_kg_wet: Option<Decimal>,
    /// Moisture, %, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moisture_percent: Option<Decimal>,
    /// The move, where wet and dry mass are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<Moved>,
}

impl Fact for SampleReceived {
    const KIND: &'static str = "sample.received";

    fn subjects(&self) -> Vec<Ref> {
        let mut all: Vec<Ref> = vec![self.sample.into()];
        all.extend(self.moved.as_ref().map(|moved| Ref::from(moved.number)));
        all.extend(self.from.map(Ref::from));
        all
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        let new = NewSample {
            sample: self.sample,
            code: &self.code,
            kind: SampleKind::Received,
            purpose: self.purpose,
            lot: None,
            material: self.material,
            name: self.name.as_ref().map(Code::as_str),
            plan: None,
            point: None,
            taken_at: self.taken_at,
            sampler: None,
            authorisation: None,
            from: self.from,
            made_by: self.moved.as_ref().map(|moved| moved.number.number()),
            wet_only: self.mass_kg_wet,
            moisture_percent: self.moisture_percent,
        };
        rows::put(db, applied, &new)?;
        match &self.moved {
            Some(moved) => {
                let kind = MoveKind::SampleReceive;
                lots::put_move(db, applied, kind, moved, self.from, None, Emptied::Consumed)
            }
            None => Ok(()),
        }
    }

    fn samples() -> Vec<Self> {
        let at = Instant::from_micros(1_800_000_000_000_000);
        let dry = ReceiveSample::EXAMPLE.replace('}', r#","moisture_percent":"1.2"}"#);
        [ReceiveSample::EXAMPLE, &dry]
            .into_iter()
            .filter_map(|json| serde_json::from_str::<ReceiveSample>(json).ok())
            .filter_map(|c| decide(&c, (SampleId(81), c.code.clone()?), MoveId(82), at).ok())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use kernel::Refuse;

    use super::*;

    #[test]
    fn a_sample_may_come_unweighed_but_never_ill_weighed() {
        let receive = |masses: &str| {
            let named = (SampleId(1), Code::parse("A").unwrap());
            let command = serde_json::from_str(&format!("{{{masses}}}")).unwrap();
            decide(&command, named, MoveId(2), Instant::from_micros(100)).map_err(|r| r.refusal().code)
        };
        assert_eq!(receive("").unwrap().moved, None);
        let wet = receive(r#""mass_kg_wet":"0.850""#).unwrap();
        assert_eq!((wet.mass_kg_wet.unwrap().to_string(), wet.moved), ("0.850".to_owned(), None));
        let both = receive(r#""mass_kg_wet":"1","moisture_percent":"10""#).unwrap();
        assert_eq!(both.moved.unwrap().books.made.kg_dry, Decimal::new(9, 1));
        assert_eq!(receive(r#""mass_kg_dry":"1""#).unwrap_err(), "lot-mass-incomplete");
        assert_eq!(receive(r#""mass_kg_wet":"1","mass_kg_dry":"2""#).unwrap_err(), "lot-mass-impossible");
        assert_eq!(receive(r#""taken_at":"2026-01-01T00:00:00Z""#).unwrap_err(), "sample-in-future");
        assert_eq!(SampleReceived::samples().len(), 2);
    }
}
