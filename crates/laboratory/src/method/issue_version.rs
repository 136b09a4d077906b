//! Issuing an edition of a method. It stays as it is for ever; a change is a new edition.

use kernel::{Code, Day, Edge, EdgeRole, MethodId, MethodVersionId, Ref, Role};
use measure::{Basis, DecimalText, Unit};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::{AnalyteSpec, NoMethod, check_analytes};
use crate::given::YesNo;

/// Issue an edition of a method.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueMethodVersion {
    /// The method.
    pub method: MethodId,
    /// The edition: 2026, 3.1.
    pub edition: Code,
    /// From which day it is in force.
    pub in_force_from: Day,
    /// The written procedure.
    pub document: Option<String>,
    /// How samples are prepared.
    pub preparation: Option<String>,
    /// Whether who reviews must not be who measured; yes unless said otherwise.
    pub reviewer_differs: Option<YesNo>,
    /// Whether who releases must not be who reviewed; no unless said otherwise.
    pub releaser_differs: Option<YesNo>,
    /// What it measures, and how well.
    pub analytes: Vec<AnalyteSpec>,
}

impl Command for IssueMethodVersion {
    const NAME: &'static str = "method.issue_version";
    const ROLES: &'static [Role] = &[Role::LaboratoryHead, Role::QualityManager];
    const EXAMPLE: &'static str = r#"{"method": "method-1", "edition": "2026", "in_force_from": "2026-01-01",
        "reviewer_differs": "yes", "analytes": [{"analyte": "Mn", "unit": "mg/L", "basis": "not_stated",
        "lod": "0.001", "loq": "0.003", "range_low": "0.003", "range_high": "100", "uncertainty_percent": "4",
        "blank_limit": "0.01", "reference_required": "yes", "reference_percent": "5"}]}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        rows::exists(db, self.method)?.ok_or_else(|| NoMethod::Unknown(self.method.to_string()))?;
        for version in rows::versions(db, self.method)? {
            if version.edition == self.edition.as_str() {
                return Err(NoMethod::EditionTaken(version.edition).into());
            }
            if version.in_force_from >= self.in_force_from {
                let (from, last) = (self.in_force_from, version.in_force_from);
                return Err(NoMethod::Earlier { from, last }.into());
            }
        }
        check_analytes(&self.analytes)?;
        Ok(Facts::one(MethodVersionIssued {
            version: MethodVersionId::next(cx.numbers),
            method: self.method,
            edition: self.edition.clone(),
            in_force_from: self.in_force_from,
            document: self.document.clone(),
            preparation: self.preparation.clone(),
            reviewer_differs: self.reviewer_differs.unwrap_or(YesNo::Yes),
            releaser_differs: self.releaser_differs.unwrap_or(YesNo::No),
            analytes: self.analytes.clone(),
        }))
    }
}

/// An edition of a method was issued.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MethodVersionIssued {
    /// The edition.
    pub version: MethodVersionId,
    /// Its method.
    pub method: MethodId,
    /// What it is called.
    pub edition: Code,
    /// From which day it is in force.
    pub in_force_from: Day,
    /// The written procedure.
    pub document: Option<String>,
    /// How samples are prepared.
    pub preparation: Option<String>,
    /// Whether who reviews must not be who measured.
    pub reviewer_differs: YesNo,
    /// Whether who releases must not be who reviewed.
    pub releaser_differs: YesNo,
    /// What it measures.
    pub analytes: Vec<AnalyteSpec>,
}

impl Fact for MethodVersionIssued {
    const KIND: &'static str = "method.version_issued";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.version.into(), self.method.into()]
    }

    fn edges(&self) -> Vec<Edge> {
        vec![Edge::new(self.method, self.version, EdgeRole::Part)]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::insert_version(db, self, applied)
    }

    fn samples() -> Vec<Self> {
        let limit = |text| Some(DecimalText::parse(text).expect("a number"));
        let mn = AnalyteSpec::plain("Mn", Unit::Percent, Basis::Dry);
        vec![MethodVersionIssued {
            version: MethodVersionId(2),
            method: MethodId(1),
            edition: Code::parse("2026").expect("a code"),
            in_force_from: "2026-01-01".parse().expect("a day"),
            document: Some("SOP-12".to_owned()),
            preparation: None,
            reviewer_differs: YesNo::Yes,
            releaser_differs: YesNo::No,
            analytes: vec![AnalyteSpec { lod: limit("0.0010"), range_high: limit("40"), ..mn }],
        }]
    }
}
