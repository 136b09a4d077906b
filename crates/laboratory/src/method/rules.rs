//! What a method version says, and what may not be done with it. Pure.

use std::collections::BTreeMap;

use kernel::{Day, Instant, MethodId, MethodVersionId, Refusal, Refuse};
use measure::{Basis, Decimal, DecimalText, Limits, ReportingRule, Unit};
use serde::{Deserialize, Serialize};

use crate::given::YesNo;

fn reporting_rules() -> utoipa::openapi::Object {
    let words = ReportingRule::ALL.iter().map(|rule| rule.as_str());
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::Type::String)
        .enum_values(Some(words))
        .description(Some("What is reported below the limits: `below_loq` unless another is given."))
        .build()
}

/// What one version of a method says of one analyte. Limits are in `unit` on `basis`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnalyteSpec {
    /// Symbol, formula or name: Mn, La2O3, moisture.
    pub analyte: String,
    /// Unit of its results.
    #[schema(value_type = String, example = "%")]
    pub unit: Unit,
    /// Basis of its results: dry, as_received, calcined, not_stated.
    #[schema(value_type = String, example = "dry")]
    pub basis: Basis,
    /// Limit of detection.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub lod: Option<DecimalText>,
    /// Limit of quantification, which is the reporting limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub loq: Option<DecimalText>,
    /// What is reported below them: `below_loq`, as which it is reported unless another is given,
    /// `nd_below_lod` or
    /// `estimated`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = reporting_rules)]
    pub reporting: Option<ReportingRule>,
    /// Lower end of the validated range.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub range_low: Option<DecimalText>,
    /// Upper end of the validated range.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub range_high: Option<DecimalText>,
    /// Expanded uncertainty, % of the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub uncertainty_percent: Option<Decimal>,
    /// Expanded uncertainty near zero, in the unit; combined with the relative part as a root of squares.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub uncertainty_absolute: Option<Decimal>,
    /// Coverage factor k of the uncertainty; 2 unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub coverage: Option<Decimal>,
    /// Line, mass or range that counts when an instrument gives several: 257.610.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// Other names of it in instrument files, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub names: Option<String>,
    /// The most a blank may show, either sign. When given, a run needs a blank.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub blank_limit: Option<DecimalText>,
    /// Whether a run needs a reference material.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference_required: Option<YesNo>,
    /// The most a reference material may differ from its certified value, %; without it, by uncertainty.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub reference_percent: Option<Decimal>,
    /// Part of the duplicate tolerance that is a multiple of the limit of detection; 2 unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub duplicate_lod_factor: Option<Decimal>,
    /// Part of the duplicate tolerance that is % of the mean. When given, a run needs a duplicate.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub duplicate_percent: Option<Decimal>,
}

impl AnalyteSpec {
    /// One with a unit and a basis and nothing else.
    pub fn plain(analyte: &str, unit: Unit, basis: Basis) -> Self {
        AnalyteSpec {
            analyte: analyte.to_owned(),
            unit,
            basis,
            lod: None,
            loq: None,
            reporting: None,
            range_low: None,
            range_high: None,
            uncertainty_percent: None,
            uncertainty_absolute: None,
            coverage: None,
            channel: None,
            names: None,
            blank_limit: None,
            reference_required: None,
            reference_percent: None,
            duplicate_lod_factor: None,
            duplicate_percent: None,
        }
    }

    /// Below which results are reported as `<`: the limit of quantification, else that of detection.
    pub fn reporting_limit(&self) -> Option<&DecimalText> {
        self.loq.as_ref().or(self.lod.as_ref())
    }

    /// Its limits, and what is reported below them.
    pub fn limits(&self) -> Limits {
        let rule = self.reporting.unwrap_or_default();
        Limits { lod: self.lod.clone(), loq: self.loq.clone(), rule }
    }

    /// Whether any quality control must have passed.
    pub fn needs_control(&self) -> bool {
        self.blank_limit.is_some()
            || self.reference_required.is_some_and(YesNo::is_yes)
            || self.duplicate_percent.is_some()
    }
}

/// One edition of a method, as a result or an import finds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MethodVersion {
    /// The edition.
    pub id: MethodVersionId,
    /// Its method.
    pub method: MethodId,
    /// The method's code.
    pub code: String,
    /// The edition's name.
    pub edition: String,
    /// From which day.
    pub in_force_from: Day,
    /// Whether who reviews must not be who measured.
    pub reviewer_differs: bool,
    /// Whether who releases must not be who reviewed.
    pub releaser_differs: bool,
    /// Its analytes, by name.
    pub analytes: BTreeMap<String, AnalyteSpec>,
}

impl MethodVersion {
    /// What it says of an analyte that a file calls so, by its name or one of its other names.
    pub fn named(&self, analyte: &str) -> Option<&AnalyteSpec> {
        self.analytes.get(analyte).or_else(|| {
            let is = |spec: &&AnalyteSpec| {
                spec.names.as_deref().is_some_and(|names| names.split(',').any(|name| name.trim() == analyte))
            };
            self.analytes.values().find(is)
        })
    }
}

/// Why not, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoMethod {
    /// Another method has that code.
    CodeTaken(String),
    /// There is no such method or version.
    Unknown(String),
    /// The edition exists.
    EditionTaken(String),
    /// A version without analytes.
    NoAnalytes,
    /// An analyte stands twice.
    AnalyteTwice(String),
    /// A limit that contradicts another: detection above quantification, a range upside down.
    Limits(String),
    /// It would come into force before the one before it.
    Earlier {
        /// When it would.
        from: Day,
        /// When the last one did.
        last: Day,
    },
    /// A newer version is in force.
    Superseded {
        /// What was named.
        given: String,
        /// What is in force.
        current: String,
        /// The method.
        method: MethodId,
    },
    /// No version is in force yet.
    NoneInForce(String),
    /// The version was voided.
    Voided {
        /// Its name.
        edition: String,
        /// From when on.
        from: Instant,
        /// The method.
        method: MethodId,
    },
}

impl Refuse for NoMethod {
    fn refusal(&self) -> Refusal {
        match self {
            NoMethod::CodeTaken(code) => {
                Refusal::new("method-code-taken", "RECORDS laboratory").with("code", code)
            }
            NoMethod::Unknown(what) => {
                let refusal = Refusal::new("method-unknown", "RECORDS laboratory").with("what", what);
                refusal.remedy("method.define", None)
            }
            NoMethod::EditionTaken(edition) => {
                Refusal::new("method-edition-taken", "RECORDS laboratory").with("edition", edition)
            }
            NoMethod::NoAnalytes => Refusal::new("method-no-analytes", "ISO/IEC 17025:2017 7.2.2"),
            NoMethod::AnalyteTwice(analyte) => {
                Refusal::new("method-analyte-twice", "RECORDS laboratory").with("analyte", analyte)
            }
            NoMethod::Limits(analyte) => {
                Refusal::new("method-limits", "ISO/IEC 17025:2017 7.2.2.3").with("analyte", analyte)
            }
            NoMethod::Earlier { from, last } => {
                Refusal::new("method-version-earlier", "RECORDS W7").with("from", from).with("last", last)
            }
            NoMethod::Superseded { given, current, method } => {
                Refusal::new("method-version-superseded", "RECORDS W7")
                    .with("given", given)
                    .with("current", current)
                    .remedy("method.issue_version", Some((*method).into()))
            }
            NoMethod::Voided { edition, from, method } => {
                Refusal::new("method-version-voided", "ISO/IEC 17025:2017 7.10.1")
                    .with("edition", edition)
                    .with("from", from)
                    .remedy("method.issue_version", Some((*method).into()))
            }
            NoMethod::NoneInForce(code) => {
                let refusal = Refusal::new("method-none-in-force", "RECORDS W7").with("code", code);
                refusal.remedy("method.issue_version", None)
            }
        }
    }
}

/// Whether the analytes of a new version make sense together.
pub fn check_analytes(analytes: &[AnalyteSpec]) -> Result<(), NoMethod> {
    if analytes.is_empty() {
        return Err(NoMethod::NoAnalytes);
    }
    for (at, spec) in analytes.iter().enumerate() {
        if spec.analyte.trim().is_empty() {
            return Err(NoMethod::NoAnalytes);
        }
        if analytes[..at].iter().any(|before| before.analyte == spec.analyte) {
            return Err(NoMethod::AnalyteTwice(spec.analyte.clone()));
        }
        let above = |low: &Option<DecimalText>, high: &Option<DecimalText>| match (low, high) {
            (Some(low), Some(high)) => low.decimal() > high.decimal(),
            _ => false,
        };
        let negative = [&spec.lod, &spec.loq, &spec.blank_limit]
            .into_iter()
            .flatten()
            .any(|limit| limit.decimal().is_sign_negative());
        let shares = [spec.uncertainty_percent, spec.uncertainty_absolute, spec.reference_percent];
        let more = [spec.duplicate_lod_factor, spec.duplicate_percent, spec.coverage];
        let minus = shares.into_iter().chain(more).flatten().any(|number| number.is_sign_negative());
        if negative || minus || above(&spec.lod, &spec.loq) || above(&spec.range_low, &spec.range_high) {
            return Err(NoMethod::Limits(spec.analyte.clone()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(lod: &str, loq: &str) -> AnalyteSpec {
        let read = |text: &str| Some(DecimalText::parse(text).unwrap());
        AnalyteSpec { lod: read(lod), loq: read(loq), ..AnalyteSpec::plain("Mn", Unit::Percent, Basis::Dry) }
    }

    #[test]
    fn limits_that_contradict_each_other_are_refused() {
        let good = spec("0.001", "0.003");
        assert_eq!(check_analytes(&[]), Err(NoMethod::NoAnalytes));
        assert_eq!(check_analytes(std::slice::from_ref(&good)), Ok(()));
        assert_eq!(check_analytes(&[good.clone(), good]), Err(NoMethod::AnalyteTwice("Mn".into())));
        assert_eq!(check_analytes(&[spec("0.004", "0.003")]), Err(NoMethod::Limits("Mn".into())));
        assert_eq!(check_analytes(&[spec("-0.1", "0.003")]), Err(NoMethod::Limits("Mn".into())));
    }

    #[test]
    fn an_analyte_is_found_by_its_other_names() {
        let named = AnalyteSpec { names: Some("锰, Mn II".into()), ..spec("0.001", "0.003") };
        let version = MethodVersion {
            id: MethodVersionId(2),
            method: MethodId(1),
            code: "M".into(),
            edition: "1".into(),
            in_force_from: "2026-01-01".parse().unwrap(),
            reviewer_differs: true,
            releaser_differs: false,
            analytes: BTreeMap::from([("Mn".to_owned(), named)]),
        };
        assert!(version.named("Mn").is_some() && version.named("锰").is_some());
        assert!(version.named("Fe").is_none());
    }
}
