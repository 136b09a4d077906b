//! What is refused of decisions on lots. Pure.

use kernel::{DispositionId, Instant, LotId, PersonId, Ref, Refusal, Refuse};

use super::case::Assessment;
use super::checks::{Case, Check, Key, State};

/// What was decided on a lot last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided {
    /// The decision's record.
    pub disposition: DispositionId,
    /// Whether it was released; otherwise it was rejected.
    pub released: bool,
    /// Against which edition.
    pub version: Option<kernel::SpecificationVersionId>,
    /// For whom, if for somebody.
    pub customer: Option<kernel::PartyId>,
}

/// Refusals, in order of precedence.
#[derive(Debug, Clone, PartialEq)]
pub enum ReleaseRefused {
    /// A record that is named does not exist.
    NoSuch(Ref),
    /// The lot was rejected.
    Rejected(LotId),
    /// The lot was released against this edition before.
    AlreadyReleased(LotId),
    /// A check does not hold; the first, and how many in all.
    Check {
        /// The first that fails.
        first: Box<Check>,
        /// The words of all that fail.
        failing: Vec<Key>,
    },
    /// Whoever answered for an exception does not release upon it.
    SamePerson(Ref),
    /// Nobody decides on a lot but a person.
    NoPerson,
    /// That check is not overridden but mended.
    NotOverridable(Key),
    /// That check holds, or nothing is known that fails it: there is nothing to answer for.
    NothingToOverride {
        /// The lot.
        lot: LotId,
        /// The check.
        gate: Key,
    },
    /// An exception that ends before it begins, or lasts longer than a year.
    Expiry(Instant),
    /// A concession without items, or for an item the edition does not have.
    ConcessionItem(String),
}

impl Refuse for ReleaseRefused {
    fn refusal(&self) -> Refusal {
        let clause = "ISO 9001:2015 8.6";
        match self {
            Self::NoSuch(what) => Refusal::new("quality-no-such", "HOUSE one path 3").with("what", what),
            Self::Rejected(lot) => Refusal::new("lot-rejected", "ISO 9001:2015 8.7").with("lot", lot),
            Self::AlreadyReleased(lot) => Refusal::new("lot-already-released", clause).with("lot", lot),
            Self::Check { first, failing } => {
                let code = format!("release-{}", first.key.word());
                let all: Vec<&str> = failing.iter().map(|key| key.word()).collect();
                let mut refusal = Refusal::new(&code, first.key.clause())
                    .with("failing", all.join(", "))
                    .with("number", failing.len())
                    .remedy(first.key.remedy(), first.on);
                refusal.args.extend(first.args.clone());
                refusal
            }
            Self::SamePerson(what) => {
                Refusal::new("release-same-person", "PRODUCT principle 6").with("what", what)
            }
            Self::NoPerson => Refusal::new("release-no-person", clause),
            Self::NotOverridable(key) => Refusal::new("gate-not-overridable", "PRODUCT principle 6")
                .with("gate", key.word())
                .remedy(key.remedy(), None),
            Self::NothingToOverride { lot, gate } => {
                Refusal::new("gate-nothing-to-override", "ISO 9001:2015 8.7.1")
                    .with("lot", lot)
                    .with("gate", gate.word())
            }
            Self::Expiry(until) => Refusal::new("gate-expiry", "PRODUCT principle 6").with("until", until),
            Self::ConcessionItem(item) => {
                Refusal::new("concession-item", "ISO 9001:2015 8.7.1").with("item", item)
            }
        }
    }
}

/// Whether the lot may be released by this person, upon its checks.
///
/// # Errors
/// The first reason why not.
pub fn may_release(
    found: &Assessment,
    decided: Option<Decided>,
    by: Option<PersonId>,
) -> Result<PersonId, ReleaseRefused> {
    let lot = found.case.lot.id;
    let version = found.case.version.as_ref().map(|version| version.id);
    match decided {
        Some(decided) if !decided.released => return Err(ReleaseRefused::Rejected(lot)),
        Some(decided) if (decided.version, decided.customer) == (version, found.case.customer) => {
            return Err(ReleaseRefused::AlreadyReleased(lot));
        }
        _ => {}
    }
    let failing: Vec<Key> = found.failing().map(|check| check.key).collect();
    if let Some(first) = found.failing().next() {
        return Err(ReleaseRefused::Check { first: Box::new(first.clone()), failing });
    }
    let by = by.ok_or(ReleaseRefused::NoPerson)?;
    match exceptions(&found.case, &found.checks).into_iter().find(|(_, person)| *person == Some(by)) {
        Some((record, _)) => Err(ReleaseRefused::SamePerson(record)),
        None => Ok(by),
    }
}

/// The overrides and concessions a release leans on, with who answers for each.
pub fn exceptions(case: &Case, checks: &[Check]) -> Vec<(Ref, Option<PersonId>)> {
    let leaned = |record: Ref| {
        checks.iter().any(|check| check.state == State::Overridden && check.evidence.contains(&record))
    };
    let overrides = case.overrides.iter().map(|o| (Ref::from(o.id), Some(o.person)));
    let concessions = case.concessions.iter().map(|c| (Ref::from(c.id), c.person));
    overrides.chain(concessions).filter(|(record, _)| leaned(*record)).collect()
}

/// Longest time an exception may last: a year, so that none is granted for ever.
const LONGEST_SECONDS: i64 = 366 * 86_400;

/// Whether an exception may last until then.
///
/// # Errors
/// In the past, or more than a year ahead.
pub fn check_expiry(at: Instant, until: Instant) -> Result<(), ReleaseRefused> {
    let sound = at < until && until <= at.plus_seconds(LONGEST_SECONDS);
    if sound { Ok(()) } else { Err(ReleaseRefused::Expiry(until)) }
}
