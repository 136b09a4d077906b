//! One line of a judgement, as it is shown, stored with the decision, and printed on the certificate.

use kernel::ResultId;
use measure::censored::Censored;
use measure::judgement::{Judgement, Why};
use measure::{
    Basis, Decimal, DecimalText, Limit, Places, Qualifier, Reported, RoundingRule, Unit, Verdict, round,
};
use serde::{Deserialize, Serialize};

use super::Measured;
use crate::specification::Item;

/// How a result became the figure of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversion {
    /// What was determined.
    pub from: String,
    /// In which unit.
    pub from_unit: Unit,
    /// On which basis.
    pub from_basis: Basis,
    /// The one factor of chemistry, unit and basis together.
    pub factor: Decimal,
    /// Whether chemistry is part of it (Mn into MnO).
    pub chemical: bool,
    /// Significant digits of the result, kept in the figure where the specification fixes no places.
    pub significant: u32,
    /// Whether the factor only moves the decimal point, so that no digit needs rounding.
    pub exact: bool,
}

/// A rounding that took place, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundedTo {
    /// Decimal places that were kept.
    pub places: u32,
    /// The rule.
    pub rule: RoundingRule,
}

/// A result in a sum or ratio, with the factor that brings it to the analyte, unit and basis of the term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Which result.
    pub result: ResultId,
    /// Chemistry, unit and basis together.
    pub factor: Decimal,
}

/// How several results became one figure, so that anybody can do it again: the sum of `part`, divided by the
/// sum of `whole` where there is one, times `factor`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arithmetic {
    /// The terms of a sum, or of a ratio's numerator.
    pub part: Vec<Term>,
    /// The terms of a ratio's denominator.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub whole: Vec<Term>,
    /// As which fraction of its limit a result below it counts.
    pub censored: Decimal,
    /// Brings a plain ratio to the unit of the figure.
    pub factor: Decimal,
}

/// Why a line says what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// As the comparison with the limit found.
    Measured(Why),
    /// No limit: the figure is only reported.
    OnlyReported,
    /// A member of a sum or ratio has no usable result.
    MemberMissing(String),
    /// A sum or ratio that could not be computed.
    NotComputed(String),
    /// The item itself cannot be judged.
    NotJudgeable,
}

impl Reason {
    /// A stable word, for the words of pages.
    pub fn word(&self) -> String {
        match self {
            Reason::Measured(why) => why.as_str().replace('_', "-"),
            Reason::OnlyReported => "only-reported".to_owned(),
            Reason::MemberMissing(_) => "member-missing".to_owned(),
            Reason::NotComputed(_) => "not-computed".to_owned(),
            Reason::NotJudgeable => "not-judgeable".to_owned(),
        }
    }
}

/// One item of a specification against a lot's results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What is limited.
    pub analyte: String,
    /// The limit in words, without its unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// The unit of limit and figure.
    pub unit: Unit,
    /// The basis of limit and figure.
    pub basis: Basis,
    /// Whether the lot needs a result for it.
    pub required: bool,
    /// Pass, fail or undecidable; absent when there is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// Why.
    pub reason: Reason,
    /// What was compared with the limit.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub compared: String,
    /// The figure as it is printed, qualifier included; empty when there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub figure: String,
    /// What kind of statement the figure is.
    pub qualifier: Qualifier,
    /// The results it rests on; the first is the one printed.
    pub results: Vec<ResultId>,
    /// Every result that was considered for it.
    pub considered: Vec<ResultId>,
    /// How the result was converted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversion: Option<Conversion>,
    /// How it was rounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounded: Option<RoundedTo>,
    /// Where censored members leave a sum or ratio: least and most, an open end as nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<(Option<Decimal>, Option<Decimal>)>,
    /// How it was computed from several results.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arithmetic: Option<Arithmetic>,
}

impl Line {
    fn bare(item: &Item, reason: Reason) -> Self {
        let limit = item.limit().ok().flatten().map(|limit| limit.to_string());
        Line {
            analyte: item.analyte.to_string(),
            limit,
            unit: item.unit,
            basis: item.basis,
            required: !item.optional.0,
            verdict: None,
            reason,
            compared: String::new(),
            figure: String::new(),
            qualifier: Qualifier::Missing,
            results: Vec::new(),
            considered: Vec::new(),
            conversion: None,
            rounded: None,
            interval: None,
            arithmetic: None,
        }
    }

    /// Without a figure; undecidable when there is a limit.
    pub(super) fn undecidable(item: &Item, reason: Reason) -> Self {
        let bare = Line::bare(item, reason);
        let verdict = bare.limit.is_some().then_some(Verdict::Undecidable);
        Line { verdict, ..bare }
    }

    /// From one result.
    pub(super) fn single(
        item: &Item,
        limit: Option<&Limit>,
        result: &Measured,
        reported: &Reported,
        conversion: Option<Conversion>,
        judgement: Option<Judgement>,
        considered: Vec<ResultId>,
    ) -> Self {
        let places = item.reported_places().or_else(|| {
            let lossy = conversion.as_ref().filter(|conversion| !conversion.exact)?;
            Some(Places::Significant(lossy.significant.max(1)))
        });
        let (figure, rounded) = printed(reported, places, item.rounding);
        let bare = Line::bare(item, Reason::OnlyReported).judged(limit, judgement);
        Line {
            figure,
            rounded,
            qualifier: reported.qualifier(),
            results: vec![result.id],
            considered,
            conversion,
            ..bare
        }
    }

    /// From several results, by arithmetic.
    pub(super) fn computed(
        item: &Item,
        limit: Option<&Limit>,
        total: &Censored,
        from: Vec<&Measured>,
        arithmetic: Arithmetic,
        judgement: Option<Judgement>,
    ) -> Self {
        let bound = limit.and_then(|limit| limit.upper().or(limit.lower()));
        let by_limit = bound.map(|bound| Places::Decimals(bound.value.decimal_places()));
        let places = item.reported_places().or(by_limit).unwrap_or(Places::Significant(4));
        let value = Reported::value(DecimalText::from_decimal(total.value), total.unit, item.basis);
        let (figure, rounded) = printed(&value, Some(places), item.rounding);
        let results: Vec<ResultId> = from.iter().map(|result| result.id).collect();
        let interval = (total.censored > 0).then_some((total.low, total.high));
        let bare = Line::bare(item, Reason::OnlyReported).judged(limit, judgement);
        let considered = results.clone();
        let (qualifier, arithmetic) = (Qualifier::Value, Some(arithmetic));
        Line { figure, rounded, qualifier, results, considered, interval, arithmetic, ..bare }
    }

    fn judged(self, limit: Option<&Limit>, judgement: Option<Judgement>) -> Self {
        match (limit, judgement) {
            (Some(_), Some(found)) => Line {
                verdict: Some(found.verdict),
                reason: Reason::Measured(found.why),
                compared: found.compared,
                ..self
            },
            _ => self,
        }
    }

    /// Whether it lets a lot pass: within its limits, or without limit and, where required, with a figure.
    pub fn passes(&self) -> bool {
        match self.verdict {
            Some(Verdict::Pass) => true,
            None => !self.required || !self.figure.is_empty(),
            // An optional item nobody measured says nothing against the lot.
            Some(_) => !self.required && self.considered.is_empty() && self.reason == no_result(),
        }
    }

    /// Whether it certainly does not conform.
    pub fn fails(&self) -> bool {
        self.verdict == Some(Verdict::Fail)
    }
}

fn no_result() -> Reason {
    Reason::Measured(Why::NoResult)
}

/// The figure as printed; a value is rounded once where places are asked for, a bound keeps its digits.
fn printed(reported: &Reported, places: Option<Places>, rule: RoundingRule) -> (String, Option<RoundedTo>) {
    let value = reported.text().map(DecimalText::decimal);
    match (reported.qualifier(), places, value) {
        (Qualifier::Value, Some(places), Some(value)) => {
            let text = round(value, rule, places).into_text();
            let rounded = RoundedTo { places: text.decimal_places(), rule };
            (text.as_str().to_owned(), Some(rounded))
        }
        _ => (reported.figure(), None),
    }
}
