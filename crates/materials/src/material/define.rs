//! A material is defined.

use kernel::{Code, MaterialId, Names, Ref};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError, params};

use super::rows::{MATERIAL_CODE, PUT_MATERIAL};
use crate::lot::rules::LotRefused;

/// Where in the way from ore to product a material stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema, Default,
)]
#[serde(rename_all = "kebab-case")]
pub enum MaterialKind {
    /// Run-of-mine ore, 原矿.
    Ore,
    /// Concentrate, 精矿.
    Concentrate,
    /// Between two steps.
    Intermediate,
    /// What is sold.
    Product,
    /// Tailings, 尾矿.
    Tailings,
    /// What is left and is not tailings: cake, slag, mother liquor.
    Residue,
    /// What is added.
    Reagent,
    /// Anything else.
    #[default]
    Other,
}

impl MaterialKind {
    /// All of them.
    pub const ALL: &'static [MaterialKind] = &[
        MaterialKind::Ore,
        MaterialKind::Concentrate,
        MaterialKind::Intermediate,
        MaterialKind::Product,
        MaterialKind::Tailings,
        MaterialKind::Residue,
        MaterialKind::Reagent,
        MaterialKind::Other,
    ];

    /// The stored word.
    pub const fn word(self) -> &'static str {
        match self {
            MaterialKind::Ore => "ore",
            MaterialKind::Concentrate => "concentrate",
            MaterialKind::Intermediate => "intermediate",
            MaterialKind::Product => "product",
            MaterialKind::Tailings => "tailings",
            MaterialKind::Residue => "residue",
            MaterialKind::Reagent => "reagent",
            MaterialKind::Other => "other",
        }
    }
}

/// Define a material.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DefineMaterial {
    /// Its short code.
    pub code: Code,
    /// Its names in both languages.
    pub names: Names,
    /// Where in the way from ore to product it stands; other when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<MaterialKind>,
    /// Its formula, when it is a compound: `MnSO4·H2O`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<Code>,
}

impl Command for DefineMaterial {
    const NAME: &'static str = "material.define";
    const ROLES: &'static [kernel::Role] = &[
        kernel::Role::Metallurgist,
        kernel::Role::QualityManager,
        kernel::Role::LaboratoryHead,
        kernel::Role::Administrator,
    ];
    const EXAMPLE: &'static str = r#"{"code":"MNS-B","kind":"product","formula":"MnSO4·H2O",
        "names":{"en":"Manganese sulphate, battery grade","zh":"电池级硫酸锰"}}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        if db.maybe(MATERIAL_CODE, params![&self.code], |row| row.number(0))?.is_some() {
            return Err(LotRefused::CodeTaken(self.code.clone()).into());
        }
        Ok(Facts::one(defined(self, MaterialId::next(cx.numbers))))
    }
}

fn defined(command: &DefineMaterial, material: MaterialId) -> MaterialDefined {
    let DefineMaterial { code, names, kind, formula } = command.clone();
    MaterialDefined { material, code, names, kind: kind.unwrap_or_default(), formula }
}

/// A material was defined.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MaterialDefined {
    /// The material.
    pub material: MaterialId,
    /// Its code.
    pub code: Code,
    /// Its names.
    pub names: Names,
    /// Where it stands.
    pub kind: MaterialKind,
    /// Its formula.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<Code>,
}

impl Fact for MaterialDefined {
    const KIND: &'static str = "material.defined";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.material.into()]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        let Names { en, zh } = &self.names;
        let formula = self.formula.as_ref().map(Code::as_str);
        let number = self.material.number();
        let values = params![number, &self.code, self.kind.word(), en, zh, formula, applied.at];
        db.execute(PUT_MATERIAL, values)?;
        let words = format!("{} {en} {zh} {}", self.code, formula.unwrap_or_default());
        store::index(db, self.material.into(), self.code.as_str(), &words)
    }

    fn samples() -> Vec<Self> {
        let command = serde_json::from_str::<DefineMaterial>(DefineMaterial::EXAMPLE);
        command.iter().map(|command| defined(command, MaterialId(12))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_a_material() {
        let sample = MaterialDefined::samples().remove(0);
        assert_eq!((sample.kind, sample.names.zh.as_str()), (MaterialKind::Product, "电池级硫酸锰"));
        for kind in MaterialKind::ALL {
            assert_eq!(serde_json::to_string(kind).unwrap(), format!("\"{}\"", kind.word()));
        }
    }
}
