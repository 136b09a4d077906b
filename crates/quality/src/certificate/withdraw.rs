//! Take a certificate back, without another in its place.

use kernel::{Act, CertificateId, Meaning, Names, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::issue::certify_act;
use super::rows;
use super::rules::{CertificateRefused, may_withdraw};

/// Withdraw a certificate: whoever checks it is told that it must not be used. A corrected one may still
/// supersede it.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawCertificate {
    /// The certificate.
    pub certificate: CertificateId,
    /// Why, in both languages: it is shown to whoever checks it.
    pub because: Names,
}

impl Command for WithdrawCertificate {
    const NAME: &'static str = "certificate.withdraw";
    const ROLES: &'static [Role] = &[Role::QualityManager];
    const SIGNS: Option<Meaning> = Some(Meaning::Approved);
    const EXAMPLE: &'static str = r#"{"certificate":"certificate-12",
        "because":{"en":"The calibration did not hold","zh":"校准失效"}}"#;

    fn acts(&self, db: &mut Db) -> Result<Vec<Act>, StoreError> {
        match rows::find(db, self.certificate)? {
            Some(found) => certify_act(db, found.lot),
            None => Ok(Vec::new()),
        }
    }

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let Some(found) = rows::find(db, self.certificate)? else {
            return Err(CertificateRefused::NoSuch(self.certificate.into()).into());
        };
        may_withdraw(&found, cx.actor.person())?;
        Ok(Facts::one(CertificateWithdrawn { certificate: found.id, because: self.because.clone() }))
    }
}

/// A certificate was withdrawn.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CertificateWithdrawn {
    /// It.
    pub certificate: CertificateId,
    /// Why.
    pub because: Names,
}

impl Fact for CertificateWithdrawn {
    const KIND: &'static str = "certificate.withdrawn";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.certificate.into()]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::withdraw(db, self.certificate, applied, &self.because)
    }

    fn samples() -> Vec<Self> {
        let because = Names { en: "The calibration did not hold".into(), zh: "校准失效".into() };
        vec![CertificateWithdrawn { certificate: CertificateId(12), because }]
    }
}
