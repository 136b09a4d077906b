//! Adding a lot of a reference material, with what its certificate says.

use kernel::{Code, Day, Edge, EdgeRole, Ref, ReferenceLotId, ReferenceMaterialId, Role};
use measure::{Decimal, DecimalText, Unit};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::NoReference;

/// A certified value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CertifiedValue {
    /// Symbol, formula or name.
    pub analyte: String,
    /// The certified value.
    #[schema(value_type = String)]
    pub value: DecimalText,
    /// Unit of the value.
    #[schema(value_type = String)]
    pub unit: Unit,
    /// Expanded uncertainty, in the unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub uncertainty: Option<Decimal>,
    /// Coverage factor k; 2 unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub coverage: Option<Decimal>,
}

/// Add a lot of a reference material.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddReferenceLot {
    /// The reference material.
    pub reference: ReferenceMaterialId,
    /// What stands on the bottle, and as the sample id in instrument files.
    pub code: Code,
    /// The last day it may be used.
    pub expires: Day,
    /// Number of its certificate.
    pub certificate: Option<String>,
    /// The certified values.
    pub values: Vec<CertifiedValue>,
}

impl Command for AddReferenceLot {
    const NAME: &'static str = "reference.add_lot";
    const ROLES: &'static [Role] = &[Role::LaboratoryHead];
    const EXAMPLE: &'static str = r#"{"reference": "reference-material-5", "code": "Lab Control Sample",
        "expires": "2028-12-31", "values": [{"analyte": "Mn", "value": "1.00", "unit": "mg/L", "uncertainty":
        "0.01"}]}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let material = self.reference;
        rows::material_code(db, material)?.ok_or_else(|| NoReference::Unknown(material.to_string()))?;
        if rows::lot_by_code(db, self.code.as_str())?.is_some() {
            return Err(NoReference::CodeTaken(self.code.to_string()).into());
        }
        if self.values.is_empty() {
            return Err(NoReference::NoValues.into());
        }
        for (at, one) in self.values.iter().enumerate() {
            if self.values[..at].iter().any(|before| before.analyte == one.analyte) {
                return Err(NoReference::AnalyteTwice(one.analyte.clone()).into());
            }
        }
        Ok(Facts::one(ReferenceLotAdded {
            lot: ReferenceLotId::next(cx.numbers),
            material,
            code: self.code.clone(),
            expires: self.expires,
            certificate: self.certificate.clone(),
            values: self.values.clone(),
        }))
    }
}

/// A lot of a reference material was added.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReferenceLotAdded {
    /// The lot.
    pub lot: ReferenceLotId,
    /// The reference material.
    pub material: ReferenceMaterialId,
    /// What stands on the bottle.
    pub code: Code,
    /// The last day it may be used.
    pub expires: Day,
    /// Number of its certificate.
    pub certificate: Option<String>,
    /// The certified values.
    pub values: Vec<CertifiedValue>,
}

impl Fact for ReferenceLotAdded {
    const KIND: &'static str = "reference.lot_added";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.lot.into(), self.material.into()]
    }

    fn edges(&self) -> Vec<Edge> {
        vec![Edge::new(self.material, self.lot, EdgeRole::Part)]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::insert_lot(db, self, applied)?;
        store::index(db, self.lot.into(), self.code.as_str(), self.code.as_str())
    }

    fn samples() -> Vec<Self> {
        let value = CertifiedValue {
            analyte: "Mn".to_owned(),
            value: DecimalText::parse("1.00").expect("a number"),
            unit: Unit::MilligramPerLitre,
            uncertainty: Some(Decimal::new(1, 2)),
            coverage: None,
        };
        vec![ReferenceLotAdded {
            lot: ReferenceLotId(6),
            material: ReferenceMaterialId(5),
            code: Code::parse("Lab Control Sample").expect("a code"),
            expires: "2028-12-31".parse().expect("a day"),
            certificate: None,
            values: vec![value],
        }]
    }
}
