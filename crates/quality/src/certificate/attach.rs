//! Bind the typeset PDF to its certificate.

use kernel::{CertificateId, Ref, Refusal, Refuse, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::CertificateRefused;

/// Bind the PDF of a certificate by its hash. The system does this once the PDF is typeset and kept.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachPdf {
    /// The certificate.
    pub certificate: CertificateId,
    /// SHA-256 of the PDF, in lower-case hex.
    pub pdf_sha256: String,
}

/// Another PDF is bound to it already.
#[derive(Debug)]
struct OtherPdf(CertificateId);

impl Refuse for OtherPdf {
    fn refusal(&self) -> Refusal {
        Refusal::new("certificate-other-pdf", "ISO/IEC 17025:2017 7.8.8").with("certificate", self.0)
    }
}

impl Command for AttachPdf {
    const NAME: &'static str = "certificate.attach";
    const ROLES: &'static [Role] = &[];
    const EXAMPLE: &'static str = r#"{"certificate":"certificate-12",
        "pdf_sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}"#;

    fn handle(&self, db: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        let Some(found) = rows::find(db, self.certificate)? else {
            return Err(CertificateRefused::NoSuch(self.certificate.into()).into());
        };
        match found.pdf_sha256 {
            Some(same) if same == self.pdf_sha256 => Ok(Facts::new()),
            Some(_) => Err(OtherPdf(self.certificate).into()),
            None => Ok(Facts::one(CertificateRendered {
                certificate: self.certificate,
                pdf_sha256: self.pdf_sha256.clone(),
            })),
        }
    }
}

/// The PDF of a certificate was typeset and kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CertificateRendered {
    /// The certificate.
    pub certificate: CertificateId,
    /// SHA-256 of the PDF, in lower-case hex.
    pub pdf_sha256: String,
}

impl Fact for CertificateRendered {
    const KIND: &'static str = "certificate.rendered";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.certificate.into()]
    }

    fn files(&self) -> Vec<String> {
        vec![self.pdf_sha256.clone()]
    }

    fn apply(&self, db: &mut Db, _: &Applied) -> Result<(), StoreError> {
        rows::attach(db, self.certificate, &self.pdf_sha256)
    }

    fn samples() -> Vec<Self> {
        vec![CertificateRendered { certificate: CertificateId(12), pdf_sha256: store::sha256(b"") }]
    }
}
