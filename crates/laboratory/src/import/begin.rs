//! Beginning an import: by which method and instrument the file was measured, and by whom.

use kernel::{
    Act, Activity, AuthorisationId, Edge, EdgeRole, ImportId, InstrumentId, MethodId, MethodVersionId, Ref,
    Role, WorksheetId,
};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::date_order::DateOrder;
use super::refusals::NoImport;
use super::rows;
use crate::instrument::rules::NoCalibration;
use crate::{instrument, method, worksheet};

/// Begin the import of a kept file.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginImport {
    /// SHA-256 of the kept file.
    pub file_sha256: String,
    /// The name it came under.
    pub file_name: String,
    /// The mapping it was read by.
    pub mapping: String,
    /// Version of the mapping.
    pub mapping_version: String,
    /// How many readings it gave.
    pub readings: crate::given::Count,
    /// The method; its edition in force is taken.
    pub method: MethodId,
    /// The instrument.
    pub instrument: Option<InstrumentId>,
    /// The time zone of the instrument's clock: Asia/Shanghai; the institute's unless given.
    pub zone: Option<String>,
    /// The order of day and month in the file's dates; asked when they do not tell and it is not given.
    pub date_order: Option<DateOrder>,
    /// The worksheet whose rack was measured: it says what stands at each position.
    pub worksheet: Option<WorksheetId>,
}

impl Command for BeginImport {
    const NAME: &'static str = "import.begin";
    const ROLES: &'static [Role] = &[Role::Analyst, Role::LaboratoryHead];
    const EXAMPLE: &'static str = r#"{"file_sha256":
        "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae", "file_name": "run-7.csv",
        "mapping": "varian-vista-pro", "mapping_version": "1", "readings": 57, "method": "method-1"}"#;

    fn acts(&self, _: &mut Db) -> Result<Vec<Act>, StoreError> {
        Ok(vec![Act { activity: Activity::Test, scope: Some(self.method.into()) }])
    }

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let sheet = match self.worksheet {
            Some(id) => Some(worksheet::rows::known(db, id)?),
            None => None,
        };
        if let Some(sheet) = sheet.as_ref().filter(|sheet| sheet.method != self.method) {
            return Err(NoImport::WorksheetMethod(sheet.code.clone(), sheet.method_code.clone()).into());
        }
        let edition = sheet.as_ref().map(|sheet| sheet.version);
        let today = crate::day(db, cx.at)?;
        let version = method::rows::to_enter_on(db, self.method, edition, today)?;
        let instrument = self.instrument.or(sheet.and_then(|sheet| sheet.instrument));
        if let Some(id) = instrument {
            let unknown = || NoCalibration::UnknownInstrument(id.to_string());
            instrument::rows::code(db, id)?.ok_or_else(unknown)?;
        }
        if let Some(before) =
            rows::same(db, &self.file_sha256, &self.mapping, &self.mapping_version, self.method)?
        {
            return Err(NoImport::Repeated(before.id).into());
        }
        if !rows::file_is_kept(db, &self.file_sha256)? {
            return Err(NoImport::Unknown(self.file_sha256.clone()).into());
        }
        let zone = zone(db, self.zone.as_deref())?;
        Ok(Facts::one(ImportBegun {
            import: ImportId::next(cx.numbers),
            file_sha256: self.file_sha256.clone(),
            file_name: self.file_name.clone(),
            mapping: self.mapping.clone(),
            mapping_version: self.mapping_version.clone(),
            readings: self.readings.0,
            method: self.method,
            version: version.id,
            instrument,
            zone,
            date_order: self.date_order,
            worksheet: self.worksheet,
            authorisation: cx.authorisations.first().copied(),
        }))
    }
}

/// The name of the zone that was given, or of the institute's.
fn zone(db: &mut Db, given: Option<&str>) -> Result<String, Stop> {
    match given.map(str::trim).filter(|name| !name.is_empty()) {
        Some(name) if jiff::tz::TimeZone::get(name).is_ok() => Ok(name.to_owned()),
        Some(name) => Err(NoImport::Zone(name.to_owned()).into()),
        None => Ok(authority::zone(db)?.iana_name().unwrap_or("UTC").to_owned()),
    }
}

/// An import began.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportBegun {
    /// The import.
    pub import: ImportId,
    /// SHA-256 of the kept file.
    pub file_sha256: String,
    /// The name it came under.
    pub file_name: String,
    /// The mapping it was read by.
    pub mapping: String,
    /// Version of the mapping.
    pub mapping_version: String,
    /// How many readings it gave.
    pub readings: u32,
    /// The method.
    pub method: MethodId,
    /// Its edition.
    pub version: MethodVersionId,
    /// The instrument.
    pub instrument: Option<InstrumentId>,
    /// The time zone of the instrument's clock.
    pub zone: String,
    /// The order of day and month in the file's dates, where it was stated at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_order: Option<DateOrder>,
    /// The worksheet whose rack was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worksheet: Option<WorksheetId>,
    /// The authorisation of the person who measured.
    pub authorisation: Option<AuthorisationId>,
}

impl Fact for ImportBegun {
    const KIND: &'static str = "import.begun";

    fn subjects(&self) -> Vec<Ref> {
        [Ref::from(self.import)].into_iter().chain(self.worksheet.map(Ref::from)).collect()
    }

    fn edges(&self) -> Vec<Edge> {
        let edge = |from| Edge::new(from, self.import, EdgeRole::Authorisation);
        self.authorisation.map(edge).into_iter().collect()
    }

    fn files(&self) -> Vec<String> {
        vec![self.file_sha256.clone()]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::insert(db, self, applied)?;
        store::index(
            db,
            self.import.into(),
            &self.file_name,
            &format!("{} {}", self.file_name, self.mapping),
        )?;
        store::jobs::enqueue(db, "import.continue", self.import.into(), applied)
    }

    fn samples() -> Vec<Self> {
        vec![ImportBegun {
            import: ImportId(20),
            file_sha256: "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae".to_owned(),
            file_name: "run-7.csv".to_owned(),
            mapping: "varian-vista-pro".to_owned(),
            mapping_version: "1".to_owned(),
            readings: 57,
            method: MethodId(1),
            version: MethodVersionId(2),
            instrument: Some(InstrumentId(3)),
            zone: "Asia/Shanghai".to_owned(),
            date_order: None,
            worksheet: None,
            authorisation: Some(AuthorisationId(11)),
        }]
    }
}
