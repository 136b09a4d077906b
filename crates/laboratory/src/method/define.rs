//! Defining a method: its code and name. What it measures is said by its versions.

use kernel::{Code, MethodId, Names, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::NoMethod;

/// Define a method.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DefineMethod {
    /// What people call it: GB/T 6730.5, ICP-MN-01.
    pub code: Code,
    /// Its name.
    pub names: Names,
}

impl Command for DefineMethod {
    const NAME: &'static str = "method.define";
    const ROLES: &'static [Role] = &[Role::LaboratoryHead, Role::QualityManager];
    const EXAMPLE: &'static str =
        r#"{"code": "ICP-01", "names": {"en": "Trace metals by ICP-OES", "zh": "ICP-OES 法测定微量金属"}}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        if rows::by_code(db, self.code.as_str())?.is_some() {
            return Err(NoMethod::CodeTaken(self.code.to_string()).into());
        }
        let method = MethodId::next(cx.numbers);
        Ok(Facts::one(MethodDefined { method, code: self.code.clone(), names: self.names.clone() }))
    }
}

/// A method was defined.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MethodDefined {
    /// The method.
    pub method: MethodId,
    /// Its code.
    pub code: Code,
    /// Its name.
    pub names: Names,
}

impl Fact for MethodDefined {
    const KIND: &'static str = "method.defined";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.method.into()]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::insert_method(db, self, applied)?;
        let words = format!("{} {} {}", self.code, self.names.en, self.names.zh);
        store::index(db, self.method.into(), self.code.as_str(), &words)
    }

    fn samples() -> Vec<Self> {
        let code = Code::parse("ICP-01").expect("a code");
        let names = Names::parse("Trace metals by ICP-OES", "ICP-OES 法测定微量金属").expect("names");
        vec![MethodDefined { method: MethodId(1), code, names }]
    }
}
