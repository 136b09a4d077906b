//! The institute's table, of one row.

use kernel::{Names, SettingId};
use serde::{Deserialize, Serialize};
use store::{Db, StoreError, params};

use crate::text::{OriginUrl, Prose, ZoneName};

store::statements! {
    INSTITUTE = "SELECT number, name_en, name_zh, address_en, address_zh, contact, accreditation, licence,
                 time_zone, origin_url FROM institute ORDER BY number LIMIT 1";
    INSTITUTE_PUT = "INSERT INTO institute (number, name_en, name_zh, address_en, address_zh, contact,
                     accreditation, licence, time_zone, origin_url)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                     ON CONFLICT (number) DO UPDATE SET name_en = excluded.name_en,
                       name_zh = excluded.name_zh,
                       address_en = excluded.address_en, address_zh = excluded.address_zh,
                       contact = excluded.contact, accreditation = excluded.accreditation,
                       licence = excluded.licence, time_zone = excluded.time_zone,
                       origin_url = excluded.origin_url";
}

/// What certificates and pages say of the institute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Institute {
    /// Its registered name in both languages.
    pub names: Names,
    /// Its address in both languages.
    pub address: Names,
    /// Telephone, e-mail or site, as one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Prose>,
    /// Accreditation body and number under ISO/IEC 17025, as certificates print it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accreditation: Option<Prose>,
    /// Business licence or registration number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<Prose>,
    /// The zone in which its days begin.
    pub time_zone: ZoneName,
    /// The address under which its site answers, for codes on certificates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin_url: Option<OriginUrl>,
}

/// The institute, once it is founded.
pub fn find(db: &mut Db) -> Result<Option<(SettingId, Institute)>, StoreError> {
    db.maybe(INSTITUTE, &[], |row| {
        let institute = Institute {
            names: Names { en: row.text(1)?, zh: row.text(2)? },
            address: Names { en: row.text(3)?, zh: row.text(4)? },
            contact: row.opt_parse(5)?,
            accreditation: row.opt_parse(6)?,
            licence: row.opt_parse(7)?,
            time_zone: row.parse(8)?,
            origin_url: row.opt_parse(9)?,
        };
        Ok((SettingId(row.number(0)?), institute))
    })
}

pub(super) fn put(db: &mut Db, setting: SettingId, of: &Institute) -> Result<(), StoreError> {
    let values = params![
        setting.number(),
        &of.names.en,
        &of.names.zh,
        &of.address.en,
        &of.address.zh,
        of.contact.as_ref().map(Prose::as_str),
        of.accreditation.as_ref().map(Prose::as_str),
        of.licence.as_ref().map(Prose::as_str),
        of.time_zone.as_str(),
        of.origin_url.as_ref().map(OriginUrl::as_str)
    ];
    db.execute(INSTITUTE_PUT, values).map(|_| ())
}
