//! Finishing an import: its account, and the rows that gave no reading with the reason of each.

use kernel::{ImportId, Ref, Role, WorksheetId};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::refusals::NoImport;
use super::rows;

/// A row of the file that gave no reading, or a cell that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// `12`, or `Sheet!12`.
    pub place: String,
    /// What it was: header, attribute, skipped, refused, warning, …
    pub outcome: String,
    /// Why.
    pub reason: String,
}

/// Finish an import.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishImport {
    /// The import.
    pub import: ImportId,
    /// How the rows of the file add up, as JSON.
    pub account: String,
    /// What gave no reading.
    pub notes: Vec<Note>,
}

impl Command for FinishImport {
    const NAME: &'static str = "import.finish";
    const ROLES: &'static [Role] = &[];
    const EXAMPLE: &'static str = r#"{"import": "import-20", "account": "{}", "notes": []}"#;

    fn handle(&self, db: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        let import = rows::known(db, self.import)?;
        if import.finished_at.is_some() {
            return Err(NoImport::Finished(import.id).into());
        }
        if import.recorded != import.readings {
            return Err(NoImport::Unfinished(import.id).into());
        }
        let (account, notes) = (self.account.clone(), self.notes.clone());
        let (version, worksheet) = (import.version, import.worksheet);
        Ok(Facts::one(ImportFinished { import: self.import, version, worksheet, account, notes }))
    }
}

/// An import was finished.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportFinished {
    /// The import.
    pub import: ImportId,
    /// The method version it was measured by.
    pub version: kernel::MethodVersionId,
    /// The worksheet whose rack it is of: then that is the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worksheet: Option<WorksheetId>,
    /// How the rows of the file add up, as JSON.
    pub account: String,
    /// What gave no reading.
    pub notes: Vec<Note>,
}

impl ImportFinished {
    /// The run its results and controls belong to.
    pub fn run(&self) -> Ref {
        self.worksheet.map_or(self.import.into(), Ref::from)
    }
}

impl Fact for ImportFinished {
    const KIND: &'static str = "import.finished";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.import.into()]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::finish(db, self, applied)
    }

    fn samples() -> Vec<Self> {
        let note = Note { place: "1".into(), outcome: "header".into(), reason: String::new() };
        let (import, version) = (ImportId(20), kernel::MethodVersionId(2));
        let account = "{\"rows\":1}".into();
        vec![ImportFinished { import, version, worksheet: None, account, notes: vec![note] }]
    }
}
