//! Adding a mapping of one's own: a TOML file, kept whole.

use kernel::{FileId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::mapping_rows;
use super::refusals::NoImport;

/// Add a mapping for an instrument's files.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddMapping {
    /// What it is called unless its text says so.
    pub name: kernel::Code,
    /// The mapping, as docs/intake.md describes it.
    pub toml: String,
}

impl Command for AddMapping {
    const NAME: &'static str = "mapping.add";
    const ROLES: &'static [Role] = &[Role::Analyst, Role::LaboratoryHead];
    const EXAMPLE: &'static str = r#"{"name": "my-titrator", "toml": "see docs/intake.md"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let wrong = |why: intake::MappingError| NoImport::Mapping(why.to_string());
        let mapping = intake::Mapping::parse(&self.toml, self.name.as_str()).map_err(wrong)?;
        let sha256 = store::sha256(self.toml.as_bytes());
        if mapping_rows::mapping_known(db, &sha256)? {
            return Err(NoImport::MappingTaken(mapping.name).into());
        }
        Ok(Facts::one(MappingAdded {
            mapping: FileId::next(cx.numbers),
            name: mapping.name,
            version: mapping.version,
            sha256,
            toml: self.toml.clone(),
        }))
    }
}

/// A mapping was added.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MappingAdded {
    /// The mapping, as a file.
    pub mapping: FileId,
    /// What it is called.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its text.
    pub sha256: String,
    /// Its text.
    pub toml: String,
}

impl Fact for MappingAdded {
    const KIND: &'static str = "mapping.added";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.mapping.into()]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        mapping_rows::insert_mapping(db, self, applied)?;
        store::index(db, self.mapping.into(), &self.name, &self.name)
    }

    fn samples() -> Vec<Self> {
        let toml = "name = \"my-titrator\"\n".to_owned();
        let sha256 = store::sha256(toml.as_bytes());
        let (name, version) = ("my-titrator".to_owned(), "1".to_owned());
        vec![MappingAdded { mapping: FileId(19), name, version, sha256, toml }]
    }
}
