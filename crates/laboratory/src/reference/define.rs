//! Defining a reference material.

use kernel::{Code, Names, Ref, ReferenceMaterialId, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::NoReference;

/// Define a reference material.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DefineReferenceMaterial {
    /// What people call it: GBW07163.
    pub code: Code,
    /// Its name.
    pub names: Names,
    /// Who makes it.
    pub producer: Option<String>,
}

impl Command for DefineReferenceMaterial {
    const NAME: &'static str = "reference.define";
    const ROLES: &'static [Role] = &[Role::LaboratoryHead];
    const EXAMPLE: &'static str =
        r#"{"code": "GBW07163", "names": {"en": "Polymetallic ore", "zh": "多金属矿石"}}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        if rows::material_by_code(db, self.code.as_str())?.is_some() {
            return Err(NoReference::CodeTaken(self.code.to_string()).into());
        }
        let material = ReferenceMaterialId::next(cx.numbers);
        let (code, names, producer) = (self.code.clone(), self.names.clone(), self.producer.clone());
        Ok(Facts::one(ReferenceMaterialDefined { material, code, names, producer }))
    }
}

/// A reference material was defined.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReferenceMaterialDefined {
    /// The reference material.
    pub material: ReferenceMaterialId,
    /// Its code.
    pub code: Code,
    /// Its name.
    pub names: Names,
    /// Who makes it.
    pub producer: Option<String>,
}

impl Fact for ReferenceMaterialDefined {
    const KIND: &'static str = "reference.defined";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.material.into()]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::insert_material(db, self, applied)?;
        let words = format!("{} {} {}", self.code, self.names.en, self.names.zh);
        store::index(db, self.material.into(), self.code.as_str(), &words)
    }

    fn samples() -> Vec<Self> {
        let code = Code::parse("GBW07163").expect("a code");
        let names = Names::parse("Polymetallic ore", "多金属矿石").expect("names");
        vec![ReferenceMaterialDefined { material: ReferenceMaterialId(5), code, names, producer: None }]
    }
}
