//! Raising and answering: the system looks at what was measured and says what has to be measured again.

use std::collections::BTreeSet;

use kernel::{Edge, EdgeRole, FollowUpId, Ref, ResultId, Role, SampleId};
use measure::{DecimalText, Qualifier};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::{Above, rows};
use crate::result::{self, NewResult, Workflow};

/// Follow up what lies above range in a run, or a single result; answer what is now measured.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FollowUp {
    /// The import, worksheet or result.
    pub of: Ref,
}

/// A result outside its range, as it is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outside {
    pub result: ResultId,
    pub sample: SampleId,
    pub analyte: String,
    pub qualifier: Qualifier,
    pub value: Option<String>,
    pub unit: String,
    pub range_high: Option<String>,
    /// A result that is already assigned for it.
    pub assigned: Option<ResultId>,
}

/// Why a result outside its range is to be measured again; none for one that lies below.
pub(crate) fn above(outside: &Outside) -> Option<Above> {
    let number = |text: &Option<String>| {
        text.as_deref().and_then(|text| DecimalText::parse(text).ok()).map(|text| text.decimal())
    };
    match outside.qualifier {
        Qualifier::Above => Some(Above::OverRange),
        Qualifier::Value => {
            let (value, high) = (number(&outside.value)?, number(&outside.range_high)?);
            (value > high).then_some(Above::AboveRange)
        }
        _ => None,
    }
}

impl Command for FollowUp {
    const NAME: &'static str = "follow_up.raise";
    const ROLES: &'static [Role] = &[];
    const EXAMPLE: &'static str = r#"{"of": "import-20"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let mut facts = Facts::new();
        let mut answered = BTreeSet::new();
        for (follow_up, result, by) in rows::answered(db, self.of)? {
            if answered.insert(follow_up) {
                facts.push(FollowUpAnswered { follow_up, result, by });
            }
        }
        for outside in rows::outside(db, self.of)? {
            let Some(why) = above(&outside) else { continue };
            let again = match outside.assigned {
                Some(_) => None,
                None => result::rows::again(db, outside.result)?,
            };
            let (result, id) = (outside.result, FollowUpId::next(cx.numbers));
            let asked = again.map(|first| NewResult {
                id: ResultId::next(cx.numbers),
                run: None,
                position: 0,
                workflow: Workflow::Assigned,
                replicate: first.replicate + 1,
                replaces: None,
                instrument: None,
                calibration: None,
                why: Some(why.word().to_owned()),
                tested_by: None,
                tested_at: cx.at,
                authorisation: None,
                ..first
            });
            facts.push(FollowUpRaised {
                follow_up: id,
                result,
                sample: outside.sample,
                analyte: outside.analyte,
                why,
                limit: match why {
                    Above::AboveRange => outside.range_high,
                    Above::OverRange => outside.value.or(outside.range_high),
                },
                unit: outside.unit,
                fills: outside.assigned,
                asked,
            });
        }
        Ok(facts)
    }
}

/// A result lies above range: it is to be measured again, diluted or on the next range.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FollowUpRaised {
    /// The follow-up.
    pub follow_up: FollowUpId,
    /// The result above range.
    pub result: ResultId,
    /// Its sample.
    pub sample: SampleId,
    /// Its analyte.
    pub analyte: String,
    /// Why.
    pub why: Above,
    /// Above which limit, in the unit of the result; unknown where the instrument printed none and the method
    /// states none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// Unit of the limit.
    pub unit: String,
    /// The result that was assigned already and will answer it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fills: Option<ResultId>,
    /// The result that is assigned with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<NewResult>,
}

impl FollowUpRaised {
    /// The assigned result that will answer it.
    pub(super) fn expects(&self) -> Option<ResultId> {
        self.asked.as_ref().map(|new| new.id).or(self.fills)
    }
}

impl Fact for FollowUpRaised {
    const KIND: &'static str = "follow_up.raised";

    fn subjects(&self) -> Vec<Ref> {
        let asked = self.expects().map(Ref::from);
        [self.follow_up.into(), self.result.into(), self.sample.into()].into_iter().chain(asked).collect()
    }

    fn edges(&self) -> Vec<Edge> {
        vec![Edge::new(self.result, self.follow_up, EdgeRole::Evidence)]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        if let Some(asked) = &self.asked {
            result::rows::insert(db, asked, None, applied)?;
        }
        rows::insert(db, self, applied)
    }

    fn samples() -> Vec<Self> {
        let mut asked = result::ResultEntered::samples().remove(0).new;
        (asked.id, asked.workflow) = (ResultId(33), Workflow::Assigned);
        vec![FollowUpRaised {
            follow_up: FollowUpId(32),
            result: ResultId(9),
            sample: SampleId(8),
            analyte: "Mn".to_owned(),
            why: Above::AboveRange,
            limit: Some("100".to_owned()),
            unit: "mg/L".to_owned(),
            fills: None,
            asked: Some(asked),
        }]
    }
}

/// A later measurement answers a follow-up; the result above range becomes void and is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FollowUpAnswered {
    /// The follow-up.
    pub follow_up: FollowUpId,
    /// The result above range.
    pub result: ResultId,
    /// The result that answers it.
    pub by: ResultId,
}

impl Fact for FollowUpAnswered {
    const KIND: &'static str = "follow_up.answered";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.follow_up.into(), self.result.into(), self.by.into()]
    }

    fn edges(&self) -> Vec<Edge> {
        vec![Edge::new(self.by, self.follow_up, EdgeRole::Evidence)]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::answer(db, self, applied)
    }

    fn samples() -> Vec<Self> {
        vec![FollowUpAnswered { follow_up: FollowUpId(32), result: ResultId(9), by: ResultId(34) }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_above_is_measured_again() {
        let outside = |qualifier, value: Option<&str>, high: Option<&str>| Outside {
            result: ResultId(9),
            sample: SampleId(8),
            analyte: "Mn".into(),
            qualifier,
            value: value.map(str::to_owned),
            unit: "mg/L".into(),
            range_high: high.map(str::to_owned),
            assigned: None,
        };
        for (qualifier, value, high, expected) in [
            (Qualifier::Above, None, None, Some(Above::OverRange)),
            (Qualifier::Above, Some("50"), Some("100"), Some(Above::OverRange)),
            (Qualifier::Value, Some("100.01"), Some("100"), Some(Above::AboveRange)),
            (Qualifier::Value, Some("100"), Some("100"), None),
            (Qualifier::Value, Some("0.0001"), Some("100"), None),
            (Qualifier::Value, Some("-5"), None, None),
            (Qualifier::Below, Some("0.003"), Some("100"), None),
        ] {
            assert_eq!(above(&outside(qualifier, value, high)), expected, "{qualifier} {value:?}");
        }
    }
}
