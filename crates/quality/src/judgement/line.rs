//! One line of a judgement, as it is shown, stored with the decision, and printed on the certificate.

use kernel::{ResultId, SampleId};
use measure::censored::Censored;
use measure::judgement::{Judgement, Why};
use measure::rounding::{decimals_of, round_up};
use measure::{Basis, Decimal, DecimalText, Qualifier, ReportingRule, RoundingRule, Unit, Verdict};
use serde::{Deserialize, Serialize};

use super::declared::declared;
use super::figure::{agreeing, beside, decimals_with, signed};
use super::ways::{Candidate, Combo, brought};
use super::{Moisture, Scene};
use crate::specification::{Item, SampleRule};

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
    /// Decimal places that were kept; negative: tens.
    pub places: i32,
    /// The rule.
    pub rule: RoundingRule,
    /// To the nearest, or to the side on which a bound stays true.
    #[serde(default, skip_serializing_if = "Cut::is_nearest")]
    pub cut: Cut,
}

/// To which side a number is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// To the nearest, by the rule.
    #[default]
    Nearest,
    /// Up: what lies below a limit lies below the printed one too.
    Up,
    /// Down: what lies above a limit lies above the printed one too.
    Down,
}

impl Cut {
    fn is_nearest(&self) -> bool {
        *self == Cut::Nearest
    }
}

/// The limits of the method of a figure, in the unit and basis of the figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedLimits {
    /// The reporting limit.
    pub reporting: String,
    /// The limit of detection, where it is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detection: Option<String>,
    /// What is reported below them.
    pub rule: ReportingRule,
}

/// What several samples, or several results of one, came to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Spread {
    /// By which rule; nothing for several results of one sample.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<SampleRule>,
    /// How many samples there are.
    pub samples: usize,
    /// What each of them came to; empty where each has a line of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<SpreadValue>,
}

/// One of several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpreadValue {
    /// The mass by which it counts, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_kg: Option<Decimal>,
    /// What it came to.
    pub line: Line,
}

/// A result in a sum or ratio, with the factor that brings it to the analyte, unit and basis of the term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Which result.
    pub result: ResultId,
    /// Chemistry, unit and basis together, times the weight in a mean.
    pub factor: Decimal,
}

/// How several results became one figure, so that anybody can do it again: the sum of `part`, divided by the
/// sum of `whole` where there is one, else by `divisor`, times `factor`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arithmetic {
    /// The terms of a sum, or of a ratio's numerator.
    pub part: Vec<Term>,
    /// The terms of a ratio's denominator.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub whole: Vec<Term>,
    /// As which fraction of its limit a result below it counts.
    pub censored: Decimal,
    /// By what the sum is divided: the weights of a mean.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub divisor: Decimal,
    /// Brings a plain ratio to the unit of the figure.
    pub factor: Decimal,
}

fn one() -> Decimal {
    Decimal::ONE
}

fn is_one(number: &Decimal) -> bool {
    *number == Decimal::ONE
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
    /// A mean by mass of samples of which some were not weighed alike.
    MassMissing(String),
    /// The moisture that a conversion needs cannot be, contradicts itself, or leaves the verdict open.
    Moisture(String),
    /// What was found is a part of the element, or stands beside one: FeO for Fe, Fe2O3 beside FeO.
    PartOfElement(String),
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
            Reason::MassMissing(_) => "mass-missing".to_owned(),
            Reason::Moisture(_) => "moisture".to_owned(),
            Reason::PartOfElement(_) => "part-of-element".to_owned(),
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
    /// The limits as numbers: lower, upper.
    #[serde(default)]
    pub bounds: (Option<DecimalText>, Option<DecimalText>),
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
    /// Whether the figure is both ends of an interval, where one of them would not show the verdict:
    /// `33.69–33.72`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub between: bool,
    /// The expanded uncertainty as it is printed beside the figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uncertainty: Option<String>,
    /// The limits of its method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported: Option<ReportedLimits>,
    /// Whether the figure is what the reporting rule made of the reading: `<0.0003` of 0.0002.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub restated: bool,
    /// Whether the figure is an estimate below the limit of quantification.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub estimated: bool,
    /// The members for which a fraction of their limit was put in; the figure says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub substituted: Vec<String>,
    /// The sample it is of; nothing for a mean over several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<SampleId>,
    /// What several came to, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<Spread>,
    /// The results it rests on; the first is the one printed.
    pub results: Vec<ResultId>,
    /// Every result that was considered for it.
    pub considered: Vec<ResultId>,
    /// How the result was converted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversion: Option<Conversion>,
    /// By which moisture it was converted, for each sample.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moistures: Vec<Moisture>,
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
            bounds: (item.lower.clone(), item.upper.clone()),
            unit: item.unit,
            basis: item.basis,
            required: !item.optional.0,
            verdict: None,
            reason,
            compared: String::new(),
            figure: String::new(),
            qualifier: Qualifier::Missing,
            between: false,
            uncertainty: None,
            reported: None,
            restated: false,
            estimated: false,
            substituted: Vec::new(),
            sample: None,
            spread: None,
            results: Vec::new(),
            considered: Vec::new(),
            conversion: None,
            moistures: Vec::new(),
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
    pub(super) fn single(scene: &Scene<'_>, candidate: &Candidate<'_>, judgement: Option<Judgement>) -> Self {
        let shown = &candidate.stated.shown;
        let plain = |figure: String| Printed { figure, rounded: None, uncertainty: None };
        let printed = match (shown.qualifier(), shown.text()) {
            (Qualifier::Value, Some(text)) => value(scene, candidate, text),
            (qualifier, Some(text)) => bound(scene, candidate, qualifier, text),
            _ => plain(shown.figure()),
        };
        let estimated = candidate.stated.estimated;
        Line {
            figure: printed.figure,
            rounded: printed.rounded,
            uncertainty: printed.uncertainty,
            qualifier: shown.qualifier(),
            reported: limits(candidate),
            restated: !estimated && candidate.result.restated().is_some(),
            estimated,
            results: vec![candidate.result.id],
            conversion: candidate.conversion.clone(),
            ..Line::bare(scene.item, Reason::OnlyReported).judged(scene, judgement)
        }
    }

    /// From several results, by arithmetic.
    pub(super) fn computed(
        scene: &Scene<'_>,
        total: &Censored,
        combo: &Combo<'_>,
        judgement: Option<Judgement>,
    ) -> Self {
        let declared = declared(scene, total, combo, judgement.as_ref());
        let term = |one: &super::ways::Weighted<'_>| Term {
            result: one.candidate.result.id,
            factor: one.candidate.factor() * one.weight,
        };
        let arithmetic = Arithmetic {
            part: combo.part.iter().map(term).collect(),
            whole: combo.whole.iter().map(term).collect(),
            censored: declared.censored,
            divisor: if combo.whole.is_empty() { combo.divisor } else { Decimal::ONE },
            factor: if combo.whole.is_empty() {
                Decimal::ONE
            } else {
                Unit::convert(Decimal::ONE, Unit::One, scene.item.unit).unwrap_or(Decimal::ONE)
            },
        };
        let first = combo.terms().next().filter(|_| scene.recipe.is_direct());
        Line {
            figure: declared.figure,
            rounded: Some(declared.rounded),
            uncertainty: declared.uncertainty,
            qualifier: declared.qualifier,
            between: declared.between,
            reported: first.and_then(|term| limits(&term.candidate)),
            substituted: declared.substituted,
            results: combo.results(),
            interval: (total.censored > 0).then_some((total.low, total.high)),
            arithmetic: Some(arithmetic),
            ..Line::bare(scene.item, Reason::OnlyReported).judged(scene, judgement)
        }
    }

    /// What is said of it when it stands in the way: the value that was compared, beside its limit.
    pub fn said(&self) -> String {
        let limit = self.limit.as_deref().unwrap_or_default();
        let compared = if self.compared.is_empty() { &self.figure } else { &self.compared };
        let why = match &self.reason {
            Reason::MemberMissing(what)
            | Reason::NotComputed(what)
            | Reason::MassMissing(what)
            | Reason::Moisture(what)
            | Reason::PartOfElement(what) => format!(": {what}"),
            _ => String::new(),
        };
        format!("{} {compared} ({limit} {}){why}", self.analyte, self.unit)
    }

    fn judged(self, scene: &Scene<'_>, judgement: Option<Judgement>) -> Self {
        match (&scene.limit, judgement) {
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

/// A figure with what was done to print it.
struct Printed {
    figure: String,
    rounded: Option<RoundedTo>,
    uncertainty: Option<String>,
}

/// A value: to the specification's places, or with the digits it was reported with, and no finer than its
/// uncertainty (GUM 7.2.6).
fn value(scene: &Scene<'_>, candidate: &Candidate<'_>, text: &DecimalText) -> Printed {
    let (item, number) = (scene.item, text.decimal());
    let own = candidate.places(text);
    let most = item.places.map_or(own, |places| places.0 as i32);
    let stated = candidate.stated.shown.uncertainty().or(candidate.result.reported.uncertainty());
    let stated = stated.filter(|_| !candidate.stated.estimated);
    let width =
        stated.and_then(|u| Some((u.expanded().checked_mul(candidate.factor())?, u.coverage_factor())));
    let width = width.filter(|(expanded, _)| !expanded.is_zero());
    let decimals = decimals_with(width.map(|(expanded, _)| expanded), most, item.places.is_some());
    let (figure, to) = agreeing(number, decimals, Cut::Nearest, item, scene.limit.as_ref());
    let exact = candidate.conversion.as_ref().is_none_or(|conversion| conversion.exact);
    let untouched = item.places.is_none() && exact && to.places == text.decimal_places() as i32;
    Printed {
        figure: figure.plain(),
        rounded: (!untouched).then_some(to),
        uncertainty: width.map(|(expanded, coverage)| beside(expanded, coverage, to.places)),
    }
}

/// A limit: with its own digits, or, where chemistry or moisture made new ones, two of them or as many as it
/// has, to the side on which it stays true.
fn bound(scene: &Scene<'_>, candidate: &Candidate<'_>, qualifier: Qualifier, text: &DecimalText) -> Printed {
    let lossy = candidate.conversion.as_ref().filter(|conversion| !conversion.exact);
    let Some(conversion) = lossy else {
        return Printed { figure: signed(qualifier, &text.plain()), rounded: None, uncertainty: None };
    };
    let cut = if qualifier == Qualifier::Above { Cut::Down } else { Cut::Up };
    let decimals = decimals_of(text.decimal(), conversion.significant.max(2)).max(0);
    let (figure, to) = agreeing(text.decimal(), decimals, cut, scene.item, scene.limit.as_ref());
    Printed { figure: signed(qualifier, &figure.plain()), rounded: Some(to), uncertainty: None }
}

/// The method's limits, brought to the figure's unit and basis.
fn limits(candidate: &Candidate<'_>) -> Option<ReportedLimits> {
    let limits = &candidate.result.limits;
    let moved = |text: &DecimalText| -> Option<String> {
        let Some(conversion) = &candidate.conversion else { return Some(text.plain()) };
        let moved = brought(text, conversion.factor, conversion.exact)?;
        if conversion.exact {
            return Some(moved.plain());
        }
        let decimals = decimals_of(moved.decimal(), text.significant_digits().max(2)).max(0);
        Some(round_up(moved.decimal(), decimals).plain())
    };
    let reporting = moved(limits.reporting_limit()?)?;
    let detection = limits.lod.as_ref().and_then(moved).filter(|lod| *lod != reporting);
    Some(ReportedLimits { reporting, detection, rule: limits.rule })
}
