//! Found the institute: its record and its first administrator, in one commit, in a store without any
//! account.

use kernel::{Actor, Code, Names, PersonId, Refusal, Refuse, Role, SettingId};
use serde::{Deserialize, Serialize};
use store::{Command, Context, Db, Facts, Stop, Store, StoreError};

use super::rows::Institute;
use super::set::InstituteSet;
use crate::account;
use crate::account::open::AccountOpened;
use crate::person::{self, register::PersonRegistered};
use crate::role::grant::RoleGranted;
use crate::secret::NewPassword;
use crate::text::{LangCode, Login};

/// What `orepass init` asks for.
pub type Foundation = FoundInstitute;

/// Found the institute with its first administrator. Only the system does this, at `orepass init`.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FoundInstitute {
    /// The institute.
    pub institute: Institute,
    /// The administrator's staff number or initials.
    pub code: Code,
    /// The administrator's names.
    pub names: Names,
    /// The name to sign in with.
    pub login: Login,
    /// The password, 12 characters or more.
    pub password: NewPassword,
    /// The language of the administrator's pages.
    #[serde(default)]
    pub lang: Option<LangCode>,
}

/// Founds the institute; gives the first administrator.
///
/// # Errors
/// Refused (`institute-founded`) when the store holds any account.
pub fn found(store: &Store, foundation: Foundation) -> Result<PersonId, Stop> {
    let receipt = store.run(&Actor::system(), foundation)?;
    Ok(receipt.id().ok_or_else(|| StoreError::Missing("first administrator".to_owned()))?)
}

/// Why it is not founded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoundingRefusal {
    /// There are accounts already.
    Founded,
}

impl Refuse for FoundingRefusal {
    fn refusal(&self) -> Refusal {
        Refusal::new("institute-founded", "ISO/IEC 17025:2017 5.1").remedy("account.open", None)
    }
}

impl Command for FoundInstitute {
    const NAME: &'static str = "institute.found";
    const ROLES: &'static [Role] = &[];
    const EXAMPLE: &'static str = r#"{"institute":{"names":{"en":"Institute of Critical Minerals",
        "zh":"关键矿产研究院"},"address":{"en":"1 Lushan Road, Changsha","zh":"长沙市麓山路1号"},
        "time_zone":"Asia/Shanghai"},"code":"AD","names":{"en":"Wang Wei","zh":"王伟"},
        "login":"wang.wei","password":"correct horse battery"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        if account::rows::count(db)? > 0 {
            return Err(FoundingRefusal::Founded.into());
        }
        person::rules::code_free(&self.code, person::rows::by_code(db, self.code.as_str())?, None)?;
        let before = super::rows::find(db)?.map(|(setting, _)| setting);
        let setting = before.unwrap_or_else(|| SettingId::next(cx.numbers));
        let person = PersonId::next(cx.numbers);
        let (code, names) = (self.code.clone(), self.names.clone());
        let (login, password_hash) = (self.login.clone(), self.password.hash().clone());
        let mut facts = Facts::new();
        facts.push(InstituteSet { setting, institute: self.institute.clone() });
        facts.push(PersonRegistered { person, code, names });
        facts.push(AccountOpened { person, login, password_hash, lang: self.lang.clone() });
        facts.push(RoleGranted { person, role: Role::Administrator });
        Ok(facts)
    }
}
