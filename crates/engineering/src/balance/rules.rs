//! What a balance is, what it may become, and what is refused of it. Pure.

use kernel::{
    BalanceId, FlowsheetVersionId, Instant, LotId, PersonId, ReconciliationId, Ref, Refusal, Refuse,
};
use materials::custody::Custody;
use serde::{Deserialize, Serialize};

use crate::solve::Solved;

/// What a balance is a balance of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// A test.
    Test,
    /// A campaign.
    Campaign,
    /// A shift.
    Shift,
    /// A day.
    Day,
    /// A month.
    Month,
    /// Another period.
    Other,
}

impl Scope {
    /// All.
    pub const ALL: [Scope; 6] =
        [Scope::Test, Scope::Campaign, Scope::Shift, Scope::Day, Scope::Month, Scope::Other];

    /// The stored word.
    pub const fn word(self) -> &'static str {
        match self {
            Scope::Test => "test",
            Scope::Campaign => "campaign",
            Scope::Shift => "shift",
            Scope::Day => "day",
            Scope::Month => "month",
            Scope::Other => "other",
        }
    }

    /// The scope of this word.
    pub fn from_word(word: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|scope| scope.word() == word)
    }
}

/// Where a balance is in its life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "word", rename_all = "kebab-case")]
pub enum State {
    /// Figures may still come in.
    Provisional {
        /// The latest reconciliation, if there is one.
        reconciliation: Option<ReconciliationId>,
    },
    /// Closed.
    Final {
        /// Upon which reconciliation.
        reconciliation: ReconciliationId,
        /// When.
        at: Instant,
        /// By whom.
        by: Option<PersonId>,
    },
}

impl State {
    /// The reconciliation it stands on.
    pub fn reconciliation(&self) -> Option<ReconciliationId> {
        match self {
            State::Provisional { reconciliation } => *reconciliation,
            State::Final { reconciliation, .. } => Some(*reconciliation),
        }
    }

    /// Whether it is closed.
    pub fn is_final(&self) -> bool {
        matches!(self, State::Final { .. })
    }
}

/// Since when figures below a balance no longer stand, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stale {
    /// Since when.
    pub at: Instant,
    /// The record behind it: a result, a lot, a calibration, a measurement.
    pub because: Ref,
}

/// A balance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Balance {
    /// Which.
    pub id: BalanceId,
    /// Its code.
    pub code: String,
    /// On which version of a flowsheet.
    pub version: FlowsheetVersionId,
    /// What it is a balance of.
    pub scope: Scope,
    /// From when.
    pub from: Instant,
    /// Until when, exclusive.
    pub until: Instant,
    /// By which model origin is attributed (ISO 22095).
    pub custody: Custody,
    /// 1, and one more each time it is opened again.
    pub revision: u32,
    /// Where it is in its life.
    pub state: State,
    /// Whether something below it changed.
    pub stale: Option<Stale>,
}

/// What a second person answered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Excepted {
    /// That it does not close within its stated uncertainty.
    Closure,
    /// Adjustments above the limits of the flowsheet.
    Adjustments,
}

impl Excepted {
    /// The stored word.
    pub const fn word(self) -> &'static str {
        match self {
            Excepted::Closure => "closure",
            Excepted::Adjustments => "adjustments",
        }
    }

    /// The one of this word.
    pub fn from_word(word: &str) -> Option<Excepted> {
        [Excepted::Closure, Excepted::Adjustments].into_iter().find(|of| of.word() == word)
    }
}

/// An exception on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exception {
    /// For what.
    pub what: Excepted,
    /// Who answers for it.
    pub person: PersonId,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Instant,
}

/// Whether a balance may be made final by this person.
///
/// # Errors
/// The first reason why not.
pub fn may_finalise(
    balance: &Balance,
    solved: Option<&Solved>,
    exceptions: &[Exception],
    by: Option<PersonId>,
) -> Result<(ReconciliationId, PersonId), BalanceRefused> {
    let id = balance.id;
    if balance.state.is_final() {
        return Err(BalanceRefused::AlreadyFinal(id));
    }
    let (Some(reconciliation), Some(solved)) = (balance.state.reconciliation(), solved) else {
        return Err(BalanceRefused::NotReconciled(id));
    };
    if let Some(stale) = &balance.stale {
        return Err(BalanceRefused::Stale { balance: id, because: stale.because });
    }
    if !solved.converged {
        return Err(BalanceRefused::NotConverged(id));
    }
    let excepted = |what| exceptions.iter().find(|exception| exception.what == what);
    if !solved.closes() && excepted(Excepted::Closure).is_none() {
        return Err(BalanceRefused::DoesNotClose {
            balance: id,
            objective: solved.objective.clone(),
            critical: solved.critical.clone().unwrap_or_default(),
            suspects: solved.named(),
        });
    }
    if let Some(most) = solved.above_limit.first()
        && excepted(Excepted::Adjustments).is_none()
    {
        let (count, most) = (solved.above_limit.len(), most.clone());
        return Err(BalanceRefused::AboveAuthority { balance: id, count, most });
    }
    let by = by.ok_or(BalanceRefused::NoPerson)?;
    match exceptions.iter().find(|exception| exception.person == by) {
        Some(_) => Err(BalanceRefused::SamePerson(id)),
        None => Ok((reconciliation, by)),
    }
}

/// Refusals, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BalanceRefused {
    /// A record that is named does not exist.
    NoSuch(Ref),
    /// The code is another balance's.
    CodeTaken(String),
    /// A window that ends before it begins.
    Window,
    /// The flowsheet has no such stream, node or component.
    Unknown(String),
    /// Final balances are not changed.
    AlreadyFinal(BalanceId),
    /// Only a final balance is opened again.
    NotFinal(BalanceId),
    /// The lot is linked to this stream already.
    LinkedTwice(LotId),
    /// A figure that cannot be taken.
    Figure {
        /// Of which stream or node, and what of it.
        of: String,
        /// What is wrong.
        why: String,
    },
    /// A figure without a standard deviation, or without a word on where that comes from.
    NoWeight(String),
    /// A laboratory result that no longer stands.
    ResultVoid {
        /// Of what.
        of: String,
        /// Which result.
        result: Ref,
    },
    /// Nothing was measured yet.
    NothingMeasured(BalanceId),
    /// The solver refused the network.
    Unsolvable {
        /// Which balance.
        balance: BalanceId,
        /// What it said.
        why: String,
    },
    /// Never reconciled.
    NotReconciled(BalanceId),
    /// Something below it changed.
    Stale {
        /// Which balance.
        balance: BalanceId,
        /// What changed.
        because: Ref,
    },
    /// The solver did not come to rest.
    NotConverged(BalanceId),
    /// The whole does not close within what its measurements allow.
    DoesNotClose {
        /// Which balance.
        balance: BalanceId,
        /// χ².
        objective: String,
        /// What it had to stay below; nothing when there is no redundancy to test.
        critical: String,
        /// The first suspects.
        suspects: Vec<String>,
    },
    /// Adjustments above what one person may sign.
    AboveAuthority {
        /// Which balance.
        balance: BalanceId,
        /// How many.
        count: usize,
        /// The largest.
        most: String,
    },
    /// There is nothing to except.
    NothingToExcept(BalanceId),
    /// Who excepted does not finalise.
    SamePerson(BalanceId),
    /// Nobody answers for a balance but a person.
    NoPerson,
}

const ACCOUNTING: &str = "AMIRA P754:2007 principle 9";
const AUTHORITY: &str = "AMIRA P754:2007 principle 5";
const EVIDENCE: &str = "AMIRA P754:2007 principle 2";

impl Refuse for BalanceRefused {
    fn refusal(&self) -> Refusal {
        let finalise = |code: &str, balance: &BalanceId, clause: &str, remedy: &str| {
            Refusal::new(code, clause).with("balance", balance).remedy(remedy, Some((*balance).into()))
        };
        match self {
            Self::NoSuch(what) => Refusal::new("engineering-no-such", "HOUSE one path 3").with("what", what),
            Self::CodeTaken(code) => Refusal::new("balance-code-taken", "PRODUCT numbers").with("code", code),
            Self::Window => Refusal::new("balance-window", ACCOUNTING),
            Self::Unknown(name) => Refusal::new("balance-unknown", EVIDENCE).with("name", name),
            Self::AlreadyFinal(id) => finalise("balance-final", id, AUTHORITY, "balance.reopen"),
            Self::NotFinal(id) => Refusal::new("balance-not-final", AUTHORITY).with("balance", id),
            Self::LinkedTwice(lot) => Refusal::new("balance-linked-twice", EVIDENCE).with("lot", lot),
            Self::Figure { of, why } => {
                Refusal::new("balance-figure", "NUMBERS 3").with("of", of).with("why", why)
            }
            Self::NoWeight(of) => Refusal::new("balance-no-weight", "NUMBERS 7").with("of", of),
            Self::ResultVoid { of, result } => Refusal::new("balance-result-void", EVIDENCE)
                .with("of", of)
                .with("result", result)
                .remedy("balance.measure", None),
            Self::NothingMeasured(id) => {
                finalise("balance-nothing-measured", id, EVIDENCE, "balance.measure")
            }
            Self::Unsolvable { balance, why } => {
                Refusal::new("balance-unsolvable", ACCOUNTING).with("balance", balance).with("why", why)
            }
            Self::NotReconciled(id) => {
                finalise("balance-not-reconciled", id, ACCOUNTING, "balance.reconcile")
            }
            Self::Stale { balance, because } => {
                finalise("balance-stale", balance, EVIDENCE, "balance.reconcile").with("because", because)
            }
            Self::NotConverged(id) => finalise("balance-not-converged", id, ACCOUNTING, "balance.measure"),
            Self::DoesNotClose { balance, objective, critical, suspects } => {
                finalise("balance-does-not-close", balance, "AMIRA P754:2007 principle 10", "balance.except")
                    .with("objective", objective)
                    .with("critical", if critical.is_empty() { "—" } else { critical })
                    .with("suspects", if suspects.is_empty() { "—".to_owned() } else { suspects.join("; ") })
            }
            Self::AboveAuthority { balance, count, most } => {
                finalise("balance-above-authority", balance, AUTHORITY, "balance.except")
                    .with("count", count)
                    .with("most", most)
            }
            Self::NothingToExcept(id) => {
                Refusal::new("balance-nothing-to-except", AUTHORITY).with("balance", id)
            }
            Self::SamePerson(id) => {
                finalise("balance-same-person", id, "PRODUCT principle 6", "balance.finalise")
            }
            Self::NoPerson => Refusal::new("balance-no-person", AUTHORITY),
        }
    }
}
