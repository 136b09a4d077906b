//! How a certificate stands. It is never typed in: it follows, at every look, from what the certificate rests
//! on and from what somebody entitled has decided since.

use kernel::{CertificateId, Instant, Kind, Names, PersonId, Ref};
use serde::{Deserialize, Serialize};
use store::{Db, StoreError};

use super::ground_rows;
use super::rows::{self, Certificate, Superseded};
use crate::release::release_lot::LotReleased;

/// Why a ground of a certificate is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// A result was invalidated, retracted or corrected.
    Result,
    /// The quality control of a result failed after all.
    Control,
    /// The edition of the method was withdrawn from before the measurement.
    Method,
    /// The calibration was voided from before the measurement.
    Calibration,
    /// The reference material lot that controlled it was voided from before.
    Reference,
    /// The authorisation of a signer was withdrawn from before the signature.
    Authorisation,
    /// The metal balance went out of date, was opened again, or was closed anew.
    Balance,
    /// The lot is held.
    Hold,
    /// The lot was rejected.
    Rejected,
    /// Material that the lot contains was rejected.
    Contains,
    /// A later result, or a mass that was adjusted, says that the lot does not conform.
    Outdated,
}

impl Why {
    const ALL: [Why; 11] = [
        Why::Result,
        Why::Control,
        Why::Method,
        Why::Calibration,
        Why::Reference,
        Why::Authorisation,
        Why::Balance,
        Why::Hold,
        Why::Rejected,
        Why::Contains,
        Why::Outdated,
    ];

    /// The word it is stored and called by: `ground-WORD`.
    pub const fn word(self) -> &'static str {
        match self {
            Why::Result => "result",
            Why::Control => "control",
            Why::Method => "method",
            Why::Calibration => "calibration",
            Why::Reference => "reference",
            Why::Authorisation => "authorisation",
            Why::Balance => "balance",
            Why::Hold => "hold",
            Why::Rejected => "rejected",
            Why::Contains => "contains",
            Why::Outdated => "outdated",
        }
    }

    /// The one with this word.
    pub fn from_word(word: &str) -> Option<Why> {
        Why::ALL.into_iter().find(|why| why.word() == word)
    }

    /// What kind of record fell.
    pub const fn kind(self) -> Kind {
        match self {
            Why::Result | Why::Control => Kind::Result,
            Why::Method => Kind::MethodVersion,
            Why::Calibration => Kind::Calibration,
            Why::Reference => Kind::ReferenceLot,
            Why::Authorisation => Kind::Authorisation,
            Why::Balance => Kind::Balance,
            Why::Hold => Kind::Hold,
            Why::Rejected | Why::Contains | Why::Outdated => Kind::Disposition,
        }
    }

    /// Whether what was done under it may be found sound nevertheless. A result that is void is no result,
    /// and a held or rejected lot is decided on by its own commands.
    pub const fn may_be_confirmed(self) -> bool {
        !matches!(self, Why::Result) && !self.is_of_the_lot()
    }

    /// Whether it is about the lot as it lies there, which is decided on by commands of its own, and not
    /// about what its release rests on.
    pub const fn is_of_the_lot(self) -> bool {
        matches!(self, Why::Hold | Why::Rejected | Why::Contains)
    }

    /// The check of the release that, overridden, answers for it in advance.
    pub const fn gate(self) -> Option<crate::release::checks::Key> {
        use crate::release::checks::Key;
        match self {
            Why::Control | Why::Reference => Some(Key::Qc),
            Why::Method => Some(Key::Range),
            Why::Calibration => Some(Key::Calibration),
            Why::Authorisation => Some(Key::Signers),
            Why::Balance => Some(Key::Balance),
            Why::Result | Why::Hold | Why::Rejected | Why::Contains | Why::Outdated => None,
        }
    }
}

/// A ground that is gone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Ground {
    /// Why.
    pub why: Why,
    /// What fell: a calibration, an authorisation, a result.
    pub record: Ref,
    /// What was done under it, on which the certificate rests: a result, a signature.
    pub act: Ref,
    /// What tells this fall from a later one of the same record: from when, or how it stands.
    pub mark: String,
}

impl Ground {
    /// Whether the release leaned on an exception that answers for this: given when it had fallen already,
    /// and not for something else about what was done under it. Of a calibration that is what was measured,
    /// as its check says.
    pub fn answered_by(&self, release: &LotReleased) -> bool {
        let record = if self.why == Why::Calibration { self.act } else { self.record };
        self.why.gate().is_some_and(|key| release.leans_on(key, record))
    }
}

/// Somebody found that it stands nevertheless.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Confirmed {
    /// When.
    pub at: Instant,
    /// Who.
    pub by: Option<PersonId>,
    /// Why.
    pub because: Names,
}

/// Taken back without a successor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Withdrawn {
    /// When.
    pub at: Instant,
    /// Who did.
    pub by: Option<PersonId>,
    /// Why, in both languages.
    pub reason: Names,
}

/// How a certificate stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "standing", rename_all = "kebab-case")]
pub enum Standing {
    /// In force: nothing it rests on is gone, or somebody answers for what is.
    Current,
    /// Something it rests on is gone, and nobody has decided yet.
    UnderReview {
        /// All of that.
        grounds: Vec<Ground>,
    },
    /// Taken back.
    Withdrawn(Withdrawn),
    /// Replaced.
    Superseded(Superseded),
}

impl Standing {
    /// The word on every face: `state-certificate-WORD`.
    pub const fn word(&self) -> &'static str {
        match self {
            Standing::Current => "current",
            Standing::UnderReview { .. } => "under-review",
            Standing::Withdrawn(_) => "withdrawn",
            Standing::Superseded(_) => "superseded",
        }
    }

    /// Whether a reader may rely on it.
    pub const fn in_force(&self) -> bool {
        matches!(self, Standing::Current)
    }
}

impl Why {
    /// What it says to somebody outside, who is not told which record: English and Chinese.
    pub const fn said(self) -> (&'static str, &'static str) {
        match self {
            Why::Result => ("a result was invalidated, retracted or corrected", "有结果已作废、撤回或更正"),
            Why::Control => ("quality control failed afterwards", "质量控制事后判为失控"),
            Why::Method => ("an edition of a method was withdrawn", "所用方法版本已作废"),
            Why::Calibration => ("a calibration was voided", "所用校准已作废"),
            Why::Reference => ("a reference material lot was voided", "所用标准物质批次已作废"),
            Why::Authorisation => ("an authorisation was withdrawn", "有授权被追溯撤销"),
            Why::Balance => ("the metal balance is out of date", "金属平衡已失效"),
            Why::Hold => ("the lot is held", "本批已暂扣"),
            Why::Rejected => ("the lot was rejected", "本批已判为不合格"),
            Why::Contains => ("material that the lot contains was rejected", "本批所含物料已判为不合格"),
            Why::Outdated => ("the lot does not conform by what is known now", "按现有数据本批不符合规范"),
        }
    }
}

/// What fell, said to somebody outside: each kind once.
pub(super) fn reasons(grounds: &[Ground]) -> publish::Names {
    let kinds: std::collections::BTreeSet<Why> = grounds.iter().map(|ground| ground.why).collect();
    let (en, zh): (Vec<&str>, Vec<&str>) = kinds.into_iter().map(Why::said).unzip();
    publish::Names::new(en.join("; "), zh.join("；"))
}

/// How a certificate stands, by what was decided on it and by the grounds that are gone and unanswered. A
/// decision counts before any doubt; of two decisions the one that names what to use instead.
pub fn standing(
    superseded: Option<&Superseded>,
    withdrawn: Option<&Withdrawn>,
    gone: Vec<Ground>,
) -> Standing {
    match (superseded, withdrawn) {
        (Some(next), _) => Standing::Superseded(next.clone()),
        (None, Some(back)) => Standing::Withdrawn(back.clone()),
        (None, None) if gone.is_empty() => Standing::Current,
        (None, None) => Standing::UnderReview { grounds: gone },
    }
}

/// How a certificate stands in this state of the database.
pub(crate) fn of(db: &mut Db, certificate: &Certificate) -> Result<Standing, StoreError> {
    let gone = ground_rows::fallen(db, certificate.id)?;
    Ok(standing(certificate.superseded.as_ref(), certificate.withdrawn.as_ref(), gone))
}

/// The same by id.
///
/// # Errors
/// The database cannot be read.
pub fn by_id(db: &mut Db, id: CertificateId) -> Result<Option<Standing>, StoreError> {
    match rows::find(db, id)? {
        Some(found) => of(db, &found).map(Some),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use kernel::{CalibrationId, ResultId};

    use super::*;

    #[test]
    fn a_decision_counts_before_doubt_and_doubt_before_everything_else() {
        let at: Instant = "2026-03-02T00:00:00Z".parse().unwrap();
        let reason = Names { en: "x".into(), zh: "x".into() };
        let next = Superseded { by: CertificateId(14), revision: 1, at, reason: reason.clone() };
        let back = Withdrawn { at, by: None, reason };
        let ground = Ground {
            why: Why::Calibration,
            record: CalibrationId(4).into(),
            act: ResultId(9).into(),
            mark: at.to_string(),
        };
        for (superseded, withdrawn, gone, word) in [
            (None, None, vec![], "current"),
            (None, None, vec![ground.clone()], "under-review"),
            (None, Some(&back), vec![ground.clone()], "withdrawn"),
            (None, Some(&back), vec![], "withdrawn"),
            (Some(&next), None, vec![ground.clone()], "superseded"),
            (Some(&next), Some(&back), vec![], "superseded"),
        ] {
            let found = standing(superseded, withdrawn, gone);
            assert_eq!((found.word(), found.in_force()), (word, word == "current"));
        }
    }

    #[test]
    fn every_ground_has_its_word() {
        for why in Why::ALL {
            assert_eq!(Why::from_word(why.word()), Some(why));
            assert_eq!(serde_json::to_value(why).unwrap(), why.word());
        }
    }
}
