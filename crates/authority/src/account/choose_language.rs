//! Choose the language of one's pages.

use kernel::{PersonId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::{self, AccountRefusal};
use crate::text::LangCode;

/// Choose the language in which your pages open.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChooseLanguage {
    /// en or zh.
    pub lang: LangCode,
}

impl Command for ChooseLanguage {
    const NAME: &'static str = "account.choose_language";
    const ROLES: &'static [Role] = Role::ALL;
    const EXAMPLE: &'static str = r#"{"lang":"zh"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let Some(person) = cx.actor.person() else { return Err(AccountRefusal::None(PersonId(0)).into()) };
        rules::open(rows::find(db, person)?, person)?;
        Ok(Facts::one(LanguageChosen { person, lang: self.lang.clone() }))
    }
}

/// A person chose a language.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LanguageChosen {
    /// Who.
    pub person: PersonId,
    /// Which.
    pub lang: LangCode,
}

impl Fact for LanguageChosen {
    const KIND: &'static str = "account.language_chosen";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.person.into()]
    }

    fn apply(&self, db: &mut Db, _: &Applied) -> Result<(), StoreError> {
        rows::lang(db, self.person, self.lang.as_str())
    }

    fn samples() -> Vec<Self> {
        let lang = LangCode::parse("zh").expect("a fixed language");
        vec![LanguageChosen { person: PersonId(12), lang }]
    }
}
