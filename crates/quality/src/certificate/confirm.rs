//! End the review of a certificate: what was done under a ground that fell was looked into and found sound.

use kernel::{Act, CertificateId, Meaning, Names, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::issue::certify_act;
use super::rules::{CertificateRefused, may_confirm};
use super::standing::{Ground, Standing, Why};
use super::{ground_rows, rows, standing};

/// Confirm a certificate that is under review: what was done under the grounds that fell was found sound.
/// Somebody else than its signer does this, and answers for these grounds only; another that falls opens the
/// review again.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmCertificate {
    /// The certificate.
    pub certificate: CertificateId,
    /// What was found, in both languages.
    pub because: Names,
}

impl Command for ConfirmCertificate {
    const NAME: &'static str = "certificate.confirm";
    const ROLES: &'static [Role] = &[Role::QualityManager];
    const SIGNS: Option<Meaning> = Some(Meaning::Approved);
    const EXAMPLE: &'static str = r#"{"certificate":"certificate-12",
        "because":{"en":"Measured again on ICP-3: 32.15 %","zh":"ICP-3 复测：32.15 %"}}"#;

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
        let stands = standing::of(db, &found)?;
        may_confirm(&found, &stands, cx.actor.person())?;
        let Standing::UnderReview { grounds } = stands else { return Ok(Facts::new()) };
        let (certificate, because) = (found.id, self.because.clone());
        Ok(Facts::one(CertificateConfirmed { certificate, grounds, because }))
    }
}

/// A certificate was confirmed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CertificateConfirmed {
    /// It.
    pub certificate: CertificateId,
    /// The grounds that are answered for.
    pub grounds: Vec<Ground>,
    /// What was found.
    pub because: Names,
}

impl Fact for CertificateConfirmed {
    const KIND: &'static str = "certificate.confirmed";

    fn subjects(&self) -> Vec<Ref> {
        std::iter::once(self.certificate.into()).chain(self.grounds.iter().map(|of| of.record)).collect()
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        let found = rows::find(db, self.certificate)?;
        let found = found.ok_or_else(|| StoreError::Missing(self.certificate.to_string()))?;
        ground_rows::answer(db, &found, &self.grounds, applied, Some(&self.because))
    }

    fn samples() -> Vec<Self> {
        let ground = Ground {
            why: Why::Calibration,
            record: kernel::CalibrationId(4).into(),
            act: kernel::ResultId(9).into(),
            mark: "2026-03-01T00:00:00.000000Z".into(),
        };
        let because = Names { en: "Measured again".into(), zh: "已复测".into() };
        vec![CertificateConfirmed { certificate: CertificateId(12), grounds: vec![ground], because }]
    }
}
