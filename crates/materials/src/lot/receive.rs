//! A lot comes in from outside, or is the first of its line.

use kernel::{Code, Day, Edge, LotId, MaterialId, MoveId, PartyId, Ref};
use measure::Decimal;
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::balance::{Books, Flow, Holder, MadeLot, Moved, Posting, TOLERANCE_KG, shares};
use super::rows::{self, Emptied, MoveKind};
use super::rules::{Lot, LotRefused, LotState};
use super::{MOVERS, NewLot, Origin, each_once};
use crate::custody::Custody;
use crate::quantity::{Count, Mass, Masses, Moisture, to_mg};
use crate::times;

/// Receive a lot, with two or all of wet mass, moisture and dry mass.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiveLot {
    /// What people call it.
    pub code: Code,
    /// What it is a lot of.
    pub material: MaterialId,
    /// Who sent it; left out when it was made here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<PartyId>,
    /// The lots that were sent away and that it was made of, where a toll treater gives it back: what
    /// is known of them is known of it, and what comes up about them reaches it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub made_from: Vec<LotId>,
    /// Wet mass, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mass_kg_wet: Option<Mass>,
    /// Moisture, % of the wet mass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moisture_percent: Option<Moisture>,
    /// Dry mass, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mass_kg_dry: Option<Mass>,
    /// How far the three may be apart when all are given, kg; a gram when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance_kg: Option<Mass>,
    /// Chain of custody model (ISO 22095); mass balance when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custody: Option<Custody>,
    /// The production day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub produced_on: Option<Day>,
    /// How many packages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packages: Option<Count>,
    /// Mass with packaging, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mass_kg_gross: Option<Mass>,
    /// Where it lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Code>,
}

impl Command for ReceiveLot {
    const NAME: &'static str = "lot.receive";
    const ROLES: &'static [kernel::Role] = MOVERS;
    const EXAMPLE: &'static str = r#"{"code":"ORE-2603-001","material":"material-12","from":"party-13",
        "mass_kg_wet":"25000","moisture_percent":"8.40","custody":"identity-preserved"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        rows::must_exist(db, self.material)?;
        if let Some(party) = self.from {
            rows::must_exist(db, party)?;
        }
        rows::lot_code_free(db, &self.code)?;
        let mut sent = Vec::new();
        for source in &self.made_from {
            sent.push((rows::must_find(db, *source)?, rows::left_with(db, *source)?));
        }
        times::produced(db, [&self.produced_on], self.made_from.iter().copied(), (cx.at, cx.reason))?;
        Ok(Facts::one(decide(self, &sent, LotId::next(cx.numbers), MoveId::next(cx.numbers))?))
    }
}

/// `sent` are the lots it was made of, with the masses they left with and whether a carrier has them.
fn decide(
    command: &ReceiveLot,
    sent: &[(Lot, Sent)],
    lot: LotId,
    number: MoveId,
) -> Result<LotReceived, LotRefused> {
    let c = command.clone();
    let new = NewLot {
        code: c.code,
        material: Some(c.material),
        mass_kg_wet: c.mass_kg_wet,
        moisture_percent: c.moisture_percent,
        mass_kg_dry: c.mass_kg_dry,
        produced_on: c.produced_on,
        packages: c.packages,
        mass_kg_gross: c.mass_kg_gross,
        location: c.location,
    };
    let tolerance_kg = tolerance(&new, c.tolerance_kg)?;
    let (masses, moisture) = new.weighed().masses(None, tolerance_kg)?;
    each_once(&sent.iter().map(|(lot, _)| lot.code.as_str()).collect::<Vec<_>>())?;
    for (of, left) in sent {
        let there =
            matches!(of.state, LotState::Shipped { to } if left.carried || c.from.is_none_or(|by| by == to));
        if !there {
            return Err(LotRefused::NotSent { lot: of.id, code: of.code.clone() });
        }
    }
    let from = match sent {
        [] => {
            let custody = c.custody.unwrap_or_default();
            Origin { material: Some(c.material), origin_party: c.from, custody }
        }
        // It comes from where they came from, by way of whoever treated them.
        sent => Origin::of(&sent.iter().map(|(lot, _)| lot.clone()).collect::<Vec<_>>(), c.custody)?,
    };
    let made = new.made(lot, masses, moisture, &from)?;
    let postings = vec![Posting { to: Holder::Lot(lot), masses }];
    let books = Books { tolerance_kg, ..Books::with_outside(masses) };
    let flows = sent.iter().zip(shares(&sent.iter().map(|(_, left)| left.masses).collect::<Vec<_>>()));
    let flows = flows.map(|((of, _), share)| Flow {
        from: of.id,
        into: lot,
        mass_kg_dry: to_mg(masses.kg_dry * share).normalize(),
        share,
    });
    let flows = flows.collect();
    let moved = Moved { number, books, postings, made: vec![made], flows, reason: None };
    Ok(LotReceived { from: command.from, moved })
}

/// How a lot that was sent away left.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sent {
    /// With which masses, kg.
    pub masses: Masses,
    /// Whether to a carrier, who handed it on.
    pub carried: bool,
}

fn tolerance(new: &NewLot, stated: Option<Mass>) -> Result<Decimal, LotRefused> {
    let stated = stated.map_or(TOLERANCE_KG, Mass::decimal);
    let dry = new.mass_kg_dry.map_or(Decimal::ZERO, Mass::decimal);
    let most = (dry / Decimal::ONE_HUNDRED).max(TOLERANCE_KG);
    if stated > most { Err(LotRefused::Tolerance { stated, most: most.normalize() }) } else { Ok(stated) }
}

/// A lot was received.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LotReceived {
    /// Who sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<PartyId>,
    /// The move; it makes one lot.
    #[serde(flatten)]
    pub moved: Moved,
}

impl Fact for LotReceived {
    const KIND: &'static str = "lot.received";

    fn subjects(&self) -> Vec<Ref> {
        let mut all = self.moved.subjects();
        all.extend(self.from.map(Ref::from));
        all.extend(self.moved.flows.iter().map(|flow| Ref::from(flow.from)));
        all
    }

    fn edges(&self) -> Vec<Edge> {
        self.moved.edges()
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::put_move(db, applied, MoveKind::Receive, &self.moved, self.from, None, Emptied::Consumed)
    }

    fn samples() -> Vec<Self> {
        let json = ReceiveLot::EXAMPLE;
        let command: Option<ReceiveLot> = serde_json::from_str(json).ok();
        command.and_then(|command| decide(&command, &[], LotId(21), MoveId(22)).ok()).into_iter().collect()
    }
}

/// The lot that a received fact makes.
impl LotReceived {
    /// The lot.
    pub fn lot(&self) -> Option<&MadeLot> {
        self.moved.made.first()
    }
}

#[cfg(test)]
mod tests {
    use kernel::Refuse;

    use super::*;

    #[test]
    fn two_give_the_third_three_are_checked_with_the_difference() {
        let table = [
            (r#""mass_kg_wet":"1000","moisture_percent":"8.40""#, "1000 916 8.40"),
            (r#""mass_kg_wet":"1000","mass_kg_dry":"916""#, "1000 916 8.4"),
            (r#""mass_kg_dry":"916","moisture_percent":"8.40""#, "1000 916 8.40"),
            (r#""mass_kg_wet":"1000"}"#, "lot-mass-incomplete"),
            (r#""mass_kg_wet":"1000","moisture_percent":"8.40","mass_kg_dry":"915.5""#, "difference -0.5"),
            (
                r#""mass_kg_wet":"1000","moisture_percent":"8.4","mass_kg_dry":"915.5","tolerance_kg":"0.5""#,
                "1000 915.5 8.4",
            ),
            (
                r#""mass_kg_wet":"1000","moisture_percent":"8.4","mass_kg_dry":"900","tolerance_kg":"20""#,
                "lot-tolerance-wide",
            ),
            (r#""mass_kg_wet":"900","mass_kg_dry":"916""#, "lot-mass-impossible"),
            (r#""mass_kg_wet":"0","moisture_percent":"1""#, "lot-nothing-moved"),
            (r#""mass_kg_wet":"10","moisture_percent":"1","mass_kg_gross":"9""#, "lot-gross-below-net"),
        ];
        for (masses, expected) in table {
            let masses = masses.trim_end_matches('}');
            let json = format!(r#"{{"code":"A","material":"material-1",{masses}}}"#);
            let found = match decide(&serde_json::from_str(&json).unwrap(), &[], LotId(2), MoveId(3)) {
                Ok(fact) => {
                    assert!(fact.moved.books.balance());
                    let made = fact.lot().unwrap();
                    format!("{} {} {}", made.masses.kg_wet, made.masses.kg_dry, made.moisture_percent)
                }
                Err(refused) => match refused.refusal() {
                    r if r.code == "lot-mass-inconsistent" => format!("difference {}", r.args["difference"]),
                    r => r.code,
                },
            };
            assert_eq!(found, expected, "{masses}");
        }
    }

    #[test]
    fn what_a_treater_gives_back_is_made_of_what_was_sent_to_it() {
        use super::super::rules::tests::lot;
        let treater = PartyId(9);
        let sent = |number, to: Option<u64>, dry: i64, carried| {
            let state = to.map_or(LotState::InStock, |to| LotState::Shipped { to: PartyId(to) });
            let masses = Masses { kg_wet: (dry + 1).into(), kg_dry: dry.into() };
            let of = Lot { state, origin_party: Some(PartyId(5)), ..lot(number, "0", "0") };
            (of, Sent { masses, carried })
        };
        let receive = |sent: &[(Lot, Sent)]| {
            let json = r#"{"code":"R","material":"material-7","from":"party-9","mass_kg_wet":"60",
                "mass_kg_dry":"60"}"#;
            decide(&serde_json::from_str(json).unwrap(), sent, LotId(20), MoveId(21))
                .map_err(|refused| refused.refusal().code)
        };
        let back = receive(&[sent(1, Some(9), 25, false), sent(2, Some(9), 75, false)]).unwrap();
        let flows: Vec<String> = back.moved.flows.iter().map(|flow| flow.share.to_string()).collect();
        assert_eq!(flows, ["0.25", "0.75"]);
        assert_eq!(back.moved.flows[1].mass_kg_dry, 45.into());
        assert!(back.moved.books.balance() && back.subjects().contains(&LotId(1).into()));
        let made = back.lot().unwrap();
        assert_eq!((made.origin_party, made.material), (Some(PartyId(5)), MaterialId(7)));
        assert_eq!(back.from, Some(treater));
        assert!(receive(&[sent(1, Some(8), 25, true)]).is_ok(), "a carrier took it there");
        for wrong in [sent(1, None, 25, false), sent(1, Some(8), 25, false)] {
            assert_eq!(receive(&[wrong]).unwrap_err(), "lot-not-sent");
        }
        let twice = [sent(1, Some(9), 25, false), sent(1, Some(9), 25, false)];
        assert_eq!(receive(&twice).unwrap_err(), "lot-named-twice");
    }

    #[test]
    fn the_example_makes_a_fact() {
        assert_eq!(LotReceived::samples().len(), 1);
    }
}
