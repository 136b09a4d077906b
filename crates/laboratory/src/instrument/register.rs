//! Registering an instrument.

use kernel::{Code, InstrumentId, Names, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::NoCalibration;

/// Register an instrument.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterInstrument {
    /// What people call it: ICP-2.
    pub code: Code,
    /// Maker and model.
    pub names: Names,
    /// Serial number.
    pub serial: Option<String>,
}

impl Command for RegisterInstrument {
    const NAME: &'static str = "instrument.register";
    const ROLES: &'static [Role] = &[Role::LaboratoryHead];
    const EXAMPLE: &'static str = r#"{"code": "ICP-2", "names": {"en": "Varian Vista-PRO",
        "zh": "瓦里安 Vista-PRO"}, "serial": "EL0401"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        if rows::by_code(db, self.code.as_str())?.is_some() {
            return Err(NoCalibration::CodeTaken(self.code.to_string()).into());
        }
        let instrument = InstrumentId::next(cx.numbers);
        let (code, names, serial) = (self.code.clone(), self.names.clone(), self.serial.clone());
        Ok(Facts::one(InstrumentRegistered { instrument, code, names, serial }))
    }
}

/// An instrument was registered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InstrumentRegistered {
    /// The instrument.
    pub instrument: InstrumentId,
    /// Its code.
    pub code: Code,
    /// Its name.
    pub names: Names,
    /// Serial number.
    pub serial: Option<String>,
}

impl Fact for InstrumentRegistered {
    const KIND: &'static str = "instrument.registered";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.instrument.into()]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::insert_instrument(db, self, applied)?;
        let serial = self.serial.as_deref().unwrap_or_default();
        let words = format!("{} {} {} {serial}", self.code, self.names.en, self.names.zh);
        store::index(db, self.instrument.into(), self.code.as_str(), &words)
    }

    fn samples() -> Vec<Self> {
        let code = Code::parse("ICP-2").expect("a code");
        let names = Names::parse("Varian Vista-PRO", "瓦里安 Vista-PRO").expect("names");
        vec![InstrumentRegistered { instrument: InstrumentId(3), code, names, serial: None }]
    }
}
