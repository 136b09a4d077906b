//! Judging a run: the system does it when an import is finished and whenever something in a run changes.

use std::collections::BTreeMap;

use facts::Notice;
use kernel::{MethodVersionId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::{LAST, QcStatus, Span, required, spans};
use crate::{method, result};

/// Judge the quality control of a run.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgeRun {
    /// The import or worksheet.
    pub run: Ref,
    /// The method version it was measured by.
    pub version: MethodVersionId,
}

impl Command for JudgeRun {
    const NAME: &'static str = "run.judge";
    const ROLES: &'static [Role] = &[];
    const EXAMPLE: &'static str = r#"{"run": "import-20", "version": "method-version-2"}"#;

    fn handle(&self, db: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        let Some(version) = method::rows::by_id(db, self.version)? else {
            return Err(StoreError::Missing(self.version.to_string()).into());
        };
        let mut analytes = BTreeMap::new();
        for (name, spec) in &version.analytes {
            let kinds = required(spec);
            if !kinds.is_empty() {
                let events = rows::events(db, self.run.number, name)?;
                analytes.insert(name.clone(), spans(&kinds, &events));
            }
        }
        if analytes.is_empty() {
            return Ok(Facts::new());
        }
        Ok(Facts::one(RunJudged { run: self.run, analytes }))
    }
}

/// A run was judged.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunJudged {
    /// The import or worksheet.
    pub run: Ref,
    /// How its positions stand, for each analyte that needs control.
    pub analytes: BTreeMap<String, Vec<Span>>,
}

impl Fact for RunJudged {
    const KIND: &'static str = "run.judged";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.run]
    }

    fn notices(&self) -> Vec<Notice> {
        vec![Notice::RunJudged(self.run)]
    }

    fn apply(&self, db: &mut Db, _: &Applied) -> Result<(), StoreError> {
        for (analyte, spans) in &self.analytes {
            for span in spans {
                result::rows::set_qc(db, self.run.number, analyte, span)?;
            }
        }
        Ok(())
    }

    fn samples() -> Vec<Self> {
        let failed = Span { from: 0, to: 3, status: QcStatus::Failure, failed: 10 };
        let passed = Span { from: 4, to: LAST, status: QcStatus::Pass, failed: 0 };
        let run = kernel::ImportId(20).into();
        vec![RunJudged { run, analytes: BTreeMap::from([("Mn".to_owned(), vec![failed, passed])]) }]
    }
}
