//! Define a specification.

use kernel::{Code, Edge, EdgeRole, MaterialId, Names, Ref, Role, SpecificationId};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows::{self, Head};
use super::rules::SpecificationRefused;
use crate::view_rows;

/// Define a specification for a material. What it demands is issued as editions.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DefineSpecification {
    /// Its code: `HG/T 4823`.
    pub code: Code,
    /// What it is called in both languages.
    pub names: Names,
    /// The material it is for.
    pub material: MaterialId,
    /// The code of the grade it makes, as certificates print it.
    pub grade: Code,
}

impl Command for DefineSpecification {
    const NAME: &'static str = "specification.define";
    const ROLES: &'static [Role] = &[Role::QualityManager];
    const EXAMPLE: &'static str = r#"{"code":"HG/T 4823","names":{"en":"Manganese sulphate for batteries",
        "zh":"电池用硫酸锰"},"material":"material-1","grade":"MSM-B1"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        if view_rows::material(db, self.material)?.is_none() {
            return Err(SpecificationRefused::NoSuch(self.material.into()).into());
        }
        if rows::code_taken(db, self.code.as_str())? {
            return Err(SpecificationRefused::CodeTaken(self.code.to_string()).into());
        }
        let specification = Head {
            id: SpecificationId::next(cx.numbers),
            code: self.code.to_string(),
            names: self.names.clone(),
            material: self.material,
            grade: self.grade.to_string(),
        };
        Ok(Facts::one(SpecificationDefined { specification }))
    }
}

/// A specification was defined.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SpecificationDefined {
    /// It.
    pub specification: Head,
}

impl Fact for SpecificationDefined {
    const KIND: &'static str = "specification.defined";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.specification.id.into(), self.specification.material.into()]
    }

    fn edges(&self) -> Vec<Edge> {
        vec![Edge::new(self.specification.material, self.specification.id, EdgeRole::Part)]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        let head = &self.specification;
        rows::put(db, head, applied.at)?;
        let words = format!("{} {} {} {}", head.code, head.names.en, head.names.zh, head.grade);
        store::index(db, head.id.into(), &head.code, &words)
    }

    fn samples() -> Vec<Self> {
        let names = Names { en: "Manganese sulphate".into(), zh: "硫酸锰".into() };
        let (id, code, grade) = (SpecificationId(5), "HG/T 4823".into(), "MSM-B1".into());
        vec![Self { specification: Head { id, code, names, material: MaterialId(1), grade } }]
    }
}
