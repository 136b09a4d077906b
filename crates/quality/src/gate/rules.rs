//! The table of the gate, and who may pass by exception. Pure.

use std::collections::BTreeSet;

use kernel::{Instant, LotId, OverrideId, PartyId, PersonId, Ref, Refusal, Refuse};
use measure::Decimal;
use serde::{Deserialize, Serialize};

use crate::release::known::Nonconformity;

/// How a lot stands, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It was rejected, or split off a lot that was.
    Rejected,
    /// A hold is open on it or on what it was made from.
    Held,
    /// It contains rejected material that nobody answered for.
    Contains,
    /// It was released upon something that no longer stands.
    Withdrawn,
    /// Its material has a specification in force and it is not released.
    Unreleased,
    /// It was released, but not for this customer.
    Elsewhere,
    /// It is released.
    Released,
    /// Nothing asks for a release: its material has no specification in force.
    Clear,
}

impl Standing {
    /// All of them.
    pub const ALL: [Standing; 8] = [
        Standing::Rejected,
        Standing::Held,
        Standing::Contains,
        Standing::Withdrawn,
        Standing::Unreleased,
        Standing::Elsewhere,
        Standing::Released,
        Standing::Clear,
    ];

    /// Its word, in codes of refusals.
    pub const fn word(self) -> &'static str {
        match self {
            Standing::Rejected => "rejected",
            Standing::Held => "held",
            Standing::Contains => "contains-rejected",
            Standing::Withdrawn => "withdrawn",
            Standing::Unreleased => "not-released",
            Standing::Elsewhere => "other-customer",
            Standing::Released => "released",
            Standing::Clear => "clear",
        }
    }
}

/// Where a lot goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Door {
    /// Delivered, or returned.
    Ship,
    /// Given out of hand and not yet delivered: to a carrier, a toll treater, a laboratory.
    Consign,
    /// Certified.
    Certificate,
    /// Consumed in a process that leads to product.
    Product,
    /// Consumed in a process of which only tailings and residues come.
    Process,
    /// Blended.
    Blend,
    /// A sample of it goes into a composite.
    Composite,
    /// Split.
    Split,
    /// Reworked.
    Rework,
}

impl Door {
    /// All of them.
    pub const ALL: [Door; 9] = [
        Door::Ship,
        Door::Consign,
        Door::Certificate,
        Door::Product,
        Door::Process,
        Door::Blend,
        Door::Composite,
        Door::Split,
        Door::Rework,
    ];

    /// Its word, stored and in the keys of texts.
    pub const fn word(self) -> &'static str {
        match self {
            Door::Ship => "ship",
            Door::Consign => "consign",
            Door::Certificate => "certificate",
            Door::Product => "product",
            Door::Process => "process",
            Door::Blend => "blend",
            Door::Composite => "composite",
            Door::Split => "split",
            Door::Rework => "rework",
        }
    }

    /// Whether a lot leaves the house by it.
    pub const fn leaves(self) -> bool {
        matches!(self, Door::Ship | Door::Consign)
    }

    /// The doors that an exception may open.
    pub fn by_exception() -> impl Iterator<Item = Door> {
        let opens = |door: &Door| {
            Standing::ALL
                .iter()
                .any(|of| Receiver::ALL.iter().any(|to| rule(*of, *door, *to) == Rule::Override))
        };
        Door::ALL.into_iter().filter(opens)
    }
}

/// Who takes a lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Receiver {
    /// A customer, or a supplier who gets what is not theirs.
    Customer,
    /// A carrier: what it takes is on its way to somebody.
    Carrier,
    /// A toll treater, who works on it and gives it back.
    Treater,
    /// The supplier it came from: it is returned.
    Source,
    /// A laboratory, which tests it.
    Laboratory,
    /// Nobody: it stays in the house.
    House,
}

impl Receiver {
    /// All of them.
    pub const ALL: [Receiver; 6] = [
        Receiver::Customer,
        Receiver::Carrier,
        Receiver::Treater,
        Receiver::Source,
        Receiver::Laboratory,
        Receiver::House,
    ];

    /// The door by which a lot leaves to it.
    pub const fn door(self) -> Door {
        match self {
            Receiver::Carrier | Receiver::Treater | Receiver::Laboratory => Door::Consign,
            Receiver::Customer | Receiver::Source | Receiver::House => Door::Ship,
        }
    }
}

/// What the table says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// It may pass.
    Open,
    /// It passes by an exception that a second person answers for.
    Override,
    /// It does not pass; something else must be done first.
    Closed,
}

/// The table: how a lot that stands so passes this door to that receiver.
///
/// ISO 9001:2015 8.6 (release), 8.7.1 (what does not conform is corrected, contained, returned, or accepted
/// by concession, and is kept from unintended use and delivery).
pub const fn rule(standing: Standing, door: Door, to: Receiver) -> Rule {
    use Standing::{Clear, Contains, Held, Rejected, Released};
    match (door, standing) {
        // It stays what it is, or becomes waste: the standing travels along.
        (Door::Split | Door::Composite | Door::Process, _) => Rule::Open,
        // New lots are made of what does not conform, and of nothing else.
        (Door::Rework, Rejected | Held | Contains) => Rule::Open,
        (Door::Rework, _) => Rule::Closed,
        // A certificate says that a lot is released.
        (Door::Certificate, Released) => Rule::Open,
        (Door::Certificate, _) => Rule::Closed,
        // What is made of it is judged by itself; what is in doubt or was rejected is kept out of it.
        (Door::Blend | Door::Product, Held | Rejected) => Rule::Override,
        (Door::Blend | Door::Product, _) => Rule::Open,
        (Door::Ship | Door::Consign, Released | Clear) => Rule::Open,
        (Door::Ship | Door::Consign, _) => leaving(standing, to),
    }
}

const fn leaving(standing: Standing, to: Receiver) -> Rule {
    match (to, standing) {
        // Returned to where it came from, or tested.
        (Receiver::Source | Receiver::Laboratory, _) => Rule::Open,
        // Treated and given back: only doubt stays until it is resolved.
        (Receiver::Treater, Standing::Held) => Rule::Override,
        (Receiver::Treater, _) => Rule::Open,
        (Receiver::Customer | Receiver::Carrier | Receiver::House, _) => Rule::Override,
    }
}

/// One thing that speaks against a lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// How it makes the lot stand.
    pub standing: Standing,
    /// The hold, the rejection, the result that is gone, the edition that is not answered.
    pub on: Option<Ref>,
    /// In words: the reason given, or which.
    pub what: String,
    /// What would mend it, and where, if that is another thing than for all that stand so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mend: Option<Box<Mend>>,
}

/// A command that would mend something, and the record it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mend {
    /// The command.
    pub command: String,
    /// The record.
    pub on: Option<Ref>,
}

impl Problem {
    /// Something that makes a lot stand so.
    pub fn new(standing: Standing, on: Option<Ref>, what: impl Into<String>) -> Self {
        Problem { standing, on, what: what.into(), mend: None }
    }
}

/// What an exception answers for: nothing that comes up later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The standing.
    pub standing: Standing,
    /// The record behind it.
    pub on: Option<Ref>,
}

impl From<&Problem> for Answered {
    fn from(of: &Problem) -> Self {
        Answered { standing: of.standing, on: of.on }
    }
}

/// An exception by which a lot passes a door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// Which.
    pub id: OverrideId,
    /// To whom, where the lot leaves.
    pub party: Option<PartyId>,
    /// Wet mass that is left of it, kg; as much as there is when nothing was said.
    pub left_kg: Option<Decimal>,
    /// What it answers for.
    pub answers: Vec<Answered>,
    /// What was known not to conform when it was granted.
    pub knew: BTreeSet<Nonconformity>,
    /// Until when, exclusive.
    pub valid_until: Instant,
    /// Who answers.
    pub person: PersonId,
}

/// A lot before a door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The lot.
    pub lot: LotId,
    /// Its code.
    pub code: String,
    /// The door.
    pub door: Door,
    /// What the receiver is.
    pub receiver: Receiver,
    /// Who it is.
    pub party: Option<PartyId>,
    /// Wet mass, kg.
    pub kg_wet: Decimal,
}

/// Whether a lot passes, and by which exception if by one. `known` is what is known of it not to conform:
/// an exception answers for what was known when it was granted (ISO 9001:2015 8.7.1).
///
/// # Errors
/// The gravest reason why not.
pub fn admit(
    passage: &Passage,
    problems: &[Problem],
    known: &BTreeSet<Nonconformity>,
    allowances: &[Allowance],
    by: Option<PersonId>,
    at: Instant,
) -> Result<Option<OverrideId>, GateRefused> {
    let (door, receiver) = (passage.door, passage.receiver);
    let against = |wanted| problems.iter().filter(move |of| rule(of.standing, door, receiver) == wanted);
    let stopped =
        |of: &Problem| Stopped { code: passage.code.clone(), lot: passage.lot, door, problem: of.clone() };
    if let Some(closed) = against(Rule::Closed).next() {
        return Err(GateRefused::Stopped(stopped(closed)));
    }
    let Some(first) = against(Rule::Override).next() else { return Ok(None) };
    let answers = |of: &&Allowance| {
        at < of.valid_until
            && (!door.leaves() || of.party == passage.party)
            && known.is_subset(&of.knew)
            && against(Rule::Override).all(|problem| of.answers.contains(&Answered::from(problem)))
    };
    let enough = |of: &&Allowance| of.left_kg.is_none_or(|left| passage.kg_wet <= left);
    let another = |of: &&Allowance| Some(of.person) != by;
    let all: Vec<&Allowance> = allowances.iter().filter(answers).collect();
    if let Some(found) = all.iter().copied().filter(another).find(enough) {
        return Ok(Some(found.id));
    }
    match (all.iter().copied().find(enough), all.first()) {
        (Some(own), _) => Err(GateRefused::OwnAllowance { allowance: own.id, lot: passage.lot }),
        (None, Some(spent)) => Err(GateRefused::Spent {
            allowance: spent.id,
            left: spent.left_kg.unwrap_or_default(),
            asked: passage.kg_wet,
        }),
        (None, None) => Err(GateRefused::Stopped(stopped(first))),
    }
}

/// A lot that a door stops, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// The lot.
    pub lot: LotId,
    /// Its code.
    pub code: String,
    /// The door.
    pub door: Door,
    /// The gravest reason.
    pub problem: Problem,
}

/// Refusals, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GateRefused {
    /// A record that is named does not exist.
    NoSuch(Ref),
    /// The lot does not pass as it stands.
    Stopped(Stopped),
    /// Whoever answers for an exception does not use it.
    OwnAllowance {
        /// The exception.
        allowance: OverrideId,
        /// The lot.
        lot: LotId,
    },
    /// The exception is for less than is asked.
    Spent {
        /// The exception.
        allowance: OverrideId,
        /// What is left of it, kg wet.
        left: Decimal,
        /// What is asked, kg wet.
        asked: Decimal,
    },
    /// None of the lots is rejected or held.
    NothingToRework(LotId),
    /// No exception opens this door, or it is open.
    NoException {
        /// The lot.
        lot: LotId,
        /// The door.
        door: Door,
    },
    /// An exception for a lot that leaves says to whom.
    NoParty,
    /// Nobody answers for an exception but a person.
    NoPerson,
}

impl Refuse for GateRefused {
    fn refusal(&self) -> Refusal {
        let clause = "ISO 9001:2015 8.7.1";
        match self {
            Self::NoSuch(what) => Refusal::new("quality-no-such", "ISO 9001:2015 7.5.3").with("what", what),
            Self::Stopped(of) => stopped(of),
            Self::OwnAllowance { allowance, lot } => {
                let refusal = Refusal::new("gate-own-exception", clause).with("exception", allowance);
                refusal.with("lot", lot).remedy("lot.allow", Some((*lot).into()))
            }
            Self::Spent { allowance, left, asked } => {
                let refusal = Refusal::new("gate-exception-spent", clause).with("exception", allowance);
                let refusal = refusal.with("left", left.normalize()).with("asked", asked.normalize());
                refusal.remedy("lot.allow", None)
            }
            Self::NothingToRework(lot) => {
                let refusal = Refusal::new("gate-nothing-to-rework", clause).with("lot", lot);
                refusal.remedy("lot.reject", Some((*lot).into()))
            }
            Self::NoException { lot, door } => {
                Refusal::new("gate-no-exception", clause).with("lot", lot).with("door", door.word())
            }
            Self::NoParty => Refusal::new("gate-no-party", clause),
            Self::NoPerson => Refusal::new("release-no-person", "ISO 9001:2015 8.6"),
        }
    }
}

fn stopped(of: &Stopped) -> Refusal {
    let standing = of.problem.standing;
    let clause = match standing {
        Standing::Unreleased | Standing::Elsewhere | Standing::Clear | Standing::Released => {
            "ISO 9001:2015 8.6"
        }
        _ => "ISO 9001:2015 8.7.1",
    };
    let (command, on) = match standing {
        Standing::Held => ("hold.lift", of.problem.on),
        Standing::Rejected => ("lot.rework", Some(of.lot.into())),
        Standing::Contains => ("gate.override", Some(of.lot.into())),
        _ => ("lot.release", Some(of.lot.into())),
    };
    let (command, on) = match &of.problem.mend {
        Some(mend) => (mend.command.as_str(), mend.on),
        None => (command, on),
    };
    let code = format!("gate-{}", standing.word());
    let refusal = Refusal::new(&code, clause).with("lot", &of.code).with("door", of.door.word());
    let on_what = of.problem.on.map(|on| on.to_string()).unwrap_or_default();
    refusal.with("on", on_what).with("what", &of.problem.what).remedy(command, on)
}

#[cfg(test)]
mod tests;
