//! Set what is said of the institute.

use kernel::{Names, Ref, Role, SettingId};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows::{self, Institute};
use crate::text::{OriginUrl, Prose, ZoneName};

/// Set the institute's name, address, accreditation and time zone, as a whole. Certificates already issued
/// keep what they say.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetInstitute {
    /// Its registered name in both languages.
    pub names: Names,
    /// Its address in both languages.
    pub address: Names,
    /// Telephone, e-mail or site, as one line.
    #[serde(default)]
    pub contact: Option<Prose>,
    /// Accreditation body and number under ISO/IEC 17025, as certificates print it.
    #[serde(default)]
    pub accreditation: Option<Prose>,
    /// Business licence or registration number.
    #[serde(default)]
    pub licence: Option<Prose>,
    /// The zone in which its days begin.
    pub time_zone: ZoneName,
    /// The address under which its site answers, for codes on certificates.
    #[serde(default)]
    pub origin_url: Option<OriginUrl>,
}

impl From<&SetInstitute> for Institute {
    fn from(set: &SetInstitute) -> Self {
        Institute {
            names: set.names.clone(),
            address: set.address.clone(),
            contact: set.contact.clone(),
            accreditation: set.accreditation.clone(),
            licence: set.licence.clone(),
            time_zone: set.time_zone.clone(),
            origin_url: set.origin_url.clone(),
        }
    }
}

impl Command for SetInstitute {
    const NAME: &'static str = "institute.set";
    const ROLES: &'static [Role] = &[Role::Administrator];
    const EXAMPLE: &'static str = r#"{"names":{"en":"Institute of Critical Minerals","zh":"关键矿产研究院"},
        "address":{"en":"1 Lushan Road, Changsha","zh":"长沙市麓山路1号"},"time_zone":"Asia/Shanghai",
        "accreditation":"CNAS L0000 (example)","origin_url":"https://lab.example.org"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let before = rows::find(db)?.map(|(setting, _)| setting);
        let setting = before.unwrap_or_else(|| SettingId::next(cx.numbers));
        Ok(Facts::one(InstituteSet { setting, institute: self.into() }))
    }
}

/// What is said of the institute was set.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InstituteSet {
    /// The one record of it.
    pub setting: SettingId,
    /// All of it.
    pub institute: Institute,
}

impl Fact for InstituteSet {
    const KIND: &'static str = "institute.set";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.setting.into()]
    }

    fn apply(&self, db: &mut Db, _: &Applied) -> Result<(), StoreError> {
        rows::put(db, self.setting, &self.institute)
    }

    fn samples() -> Vec<Self> {
        let full: SetInstitute =
            serde_json::from_str(SetInstitute::EXAMPLE).expect("the example is complete");
        let bare = Institute { accreditation: None, origin_url: None, ..(&full).into() };
        let setting = SettingId(1);
        vec![InstituteSet { setting, institute: (&full).into() }, InstituteSet { setting, institute: bare }]
    }
}
