//! Open an account for a person.

use kernel::{PersonId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::{rows, rules};
use crate::person;
use crate::secret::{NewPassword, PasswordHash};
use crate::text::{LangCode, Login};

/// Open an account, so that a person can sign in.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenAccount {
    /// Whose.
    pub person: PersonId,
    /// The name to sign in with; nobody else has or had it.
    pub login: Login,
    /// The first password, 12 characters or more; the person should change it.
    pub password: NewPassword,
    /// The language of the pages: en or zh.
    #[serde(default)]
    pub lang: Option<LangCode>,
}

impl Command for OpenAccount {
    const NAME: &'static str = "account.open";
    const ROLES: &'static [Role] = &[Role::Administrator];
    const EXAMPLE: &'static str =
        r#"{"person":"person-12","login":"li.na","password":"correct horse battery","lang":"zh"}"#;

    fn handle(&self, db: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        let person = person::rules::present(person::rows::find(db, self.person)?, self.person)?.id;
        let before = rows::find(db, person)?;
        let holder = rows::by_login(db, self.login.as_str())?.map(|account| account.person);
        rules::may_open(before.as_ref(), person, &self.login, holder)?;
        let (login, password_hash) = (self.login.clone(), self.password.hash().clone());
        Ok(Facts::one(AccountOpened { person, login, password_hash, lang: self.lang.clone() }))
    }
}

/// An account was opened.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccountOpened {
    /// Whose.
    pub person: PersonId,
    /// The name to sign in with.
    pub login: Login,
    /// The password's hash. Never shown: see [`crate::SECRET_FIELDS`].
    pub password_hash: PasswordHash,
    /// The language of the pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<LangCode>,
}

impl Fact for AccountOpened {
    const KIND: &'static str = "account.opened";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.person.into()]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        let lang = self.lang.as_ref().map(LangCode::as_str);
        rows::open(db, self.person, self.login.as_str(), &self.password_hash, lang, applied.at)
    }

    fn samples() -> Vec<Self> {
        let login = Login::parse("li.na").expect("a fixed login");
        let lang = LangCode::parse("zh").ok();
        let password_hash = PasswordHash::from_stored("$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA".into());
        vec![
            AccountOpened {
                person: PersonId(12),
                login: login.clone(),
                password_hash: password_hash.clone(),
                lang,
            },
            AccountOpened { person: PersonId(12), login, password_hash, lang: None },
        ]
    }
}
