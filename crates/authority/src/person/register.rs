//! Register a person.

use kernel::{Code, Names, PersonId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::{rows, rules};

/// Register a person, who may then be given roles, authorisations and an account.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterPerson {
    /// Staff number or initials; nobody else has it.
    pub code: Code,
    /// The name in English letters and in Chinese.
    pub names: Names,
}

impl Command for RegisterPerson {
    const NAME: &'static str = "person.register";
    const ROLES: &'static [Role] = &[Role::Administrator, Role::TalentOfficer];
    const EXAMPLE: &'static str = r#"{"code":"LN","names":{"en":"Li Na","zh":"李娜"}}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        rules::code_free(&self.code, rows::by_code(db, self.code.as_str())?, None)?;
        let (code, names) = (self.code.clone(), self.names.clone());
        Ok(Facts::one(PersonRegistered { person: PersonId::next(cx.numbers), code, names }))
    }
}

/// A person was registered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PersonRegistered {
    /// Who.
    pub person: PersonId,
    /// Staff number or initials.
    pub code: Code,
    /// Both names.
    pub names: Names,
}

impl Fact for PersonRegistered {
    const KIND: &'static str = "person.registered";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.person.into()]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::insert(db, self.person, self.code.as_str(), &self.names, applied.at)
    }

    fn samples() -> Vec<Self> {
        let names = Names { en: "Li Na".into(), zh: "李娜".into() };
        let code = Code::parse("LN").expect("a fixed code");
        vec![PersonRegistered { person: PersonId(12), code, names }]
    }
}
