//! The job that typesets a certificate that was issued before certificates were typeset first. Equal
//! documents give equal bytes, so that doing it twice binds the same hash.

use kernel::{Actor, CertificateId, Ref};
use publish::certificate::{CertificateDocument, Standing, pdf};
use store::{JobError, Store, StoreError};

use super::attach::AttachPdf;
use super::rows;

/// The job's kind.
pub(crate) const RENDER: &str = "certificate.render";

/// Typesets the PDF, keeps it and the JSON by their hashes, and binds the PDF.
pub(crate) fn render(store: &Store, certificate: Ref) -> Result<(), JobError> {
    let id = CertificateId::try_from(certificate)?;
    let found = store.read(|db| rows::find(db, id))?;
    let found = found.ok_or_else(|| StoreError::Missing(certificate.to_string()))?;
    if found.pdf_sha256.is_some() {
        return Ok(());
    }
    let document = CertificateDocument::parse(found.document.as_bytes())?;
    let bytes = pdf(&document, &Standing::Current)?;
    store.keep_file(&format!("{}.json", file_name(&found)), found.document.as_bytes())?;
    let pdf_sha256 = store.keep_file(&format!("{}.pdf", file_name(&found)), &bytes)?;
    store.run(&Actor::system(), AttachPdf { certificate: id, pdf_sha256 })?;
    Ok(())
}

/// `C-2026-0012-1`: number and revision, fit for a file.
pub(super) fn file_name(of: &rows::Certificate) -> String {
    file_name_of(&of.code, of.revision)
}

pub(super) fn file_name_of(number: &str, revision: u32) -> String {
    format!("{number}-{revision}")
}
