//! Define a flowsheet.

use kernel::{Code, FlowsheetId, Names, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows::{self, Head};
use super::rules::FlowsheetRefused;

/// Define a flowsheet. What it looks like is issued as versions.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DefineFlowsheet {
    /// Its code.
    pub code: Code,
    /// What it is called in both languages.
    pub names: Names,
}

impl Command for DefineFlowsheet {
    const NAME: &'static str = "flowsheet.define";
    const ROLES: &'static [Role] = &[Role::Metallurgist];
    const EXAMPLE: &'static str =
        r#"{"code":"MN-LEACH","names":{"en":"Manganese leaching line","zh":"锰浸出线"}}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        if rows::code_taken(db, self.code.as_str())? {
            return Err(FlowsheetRefused::CodeTaken(self.code.to_string()).into());
        }
        let id = FlowsheetId::next(cx.numbers);
        let flowsheet = Head { id, code: self.code.to_string(), names: self.names.clone() };
        Ok(Facts::one(FlowsheetDefined { flowsheet }))
    }
}

/// A flowsheet was defined.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FlowsheetDefined {
    /// It.
    pub flowsheet: Head,
}

impl Fact for FlowsheetDefined {
    const KIND: &'static str = "flowsheet.defined";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.flowsheet.id.into()]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        let head = &self.flowsheet;
        rows::put(db, head, applied.at)?;
        let words = format!("{} {} {}", head.code, head.names.en, head.names.zh);
        store::index(db, head.id.into(), &head.code, &words)
    }

    fn samples() -> Vec<Self> {
        let names = Names { en: "Manganese leaching line".into(), zh: "锰浸出线".into() };
        vec![Self { flowsheet: Head { id: FlowsheetId(70), code: "MN-LEACH".into(), names } }]
    }
}
