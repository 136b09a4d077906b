//! Correct or change a person's name. The old one stays in the history.

use kernel::{Names, PersonId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::{rows, rules};

/// Change the names of a person. What was issued under the old name keeps it.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenamePerson {
    /// Who.
    pub person: PersonId,
    /// The names from now on.
    pub names: Names,
}

impl Command for RenamePerson {
    const NAME: &'static str = "person.rename";
    const ROLES: &'static [Role] = &[Role::Administrator, Role::TalentOfficer];
    const EXAMPLE: &'static str = r#"{"person":"person-12","names":{"en":"Li Na","zh":"李娜"}}"#;

    fn handle(&self, db: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        let person = rules::present(rows::find(db, self.person)?, self.person)?;
        Ok(Facts::one(PersonRenamed { person: person.id, names: self.names.clone() }))
    }
}

/// A person has other names.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PersonRenamed {
    /// Who.
    pub person: PersonId,
    /// The names from then on.
    pub names: Names,
}

impl Fact for PersonRenamed {
    const KIND: &'static str = "person.renamed";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.person.into()]
    }

    fn apply(&self, db: &mut Db, _: &Applied) -> Result<(), StoreError> {
        rows::rename(db, self.person, &self.names)
    }

    fn samples() -> Vec<Self> {
        let names = Names { en: "Li Na".into(), zh: "李娜".into() };
        vec![PersonRenamed { person: PersonId(12), names }]
    }
}
