//! What can fail comes before what cannot be taken back: a certificate is typeset, and its dossier built and
//! verified as a stranger will, before it is issued. Both take long, so they are done outside the
//! transaction, from the document as it would be issued now; the transaction issues it only if the document
//! is still the same.

use kernel::{Actor, CertificateId, Instant};
use publish::certificate::{Standing, pdf};
use store::{AnyCommand, Prepared, Store, StoreError};

use super::issue::CertificateIssued;
use super::render::file_name_of;
use super::rules::CertificateRefused;

/// A certificate that is ready to be issued, or why it never will be as it is.
pub(super) struct Ready {
    /// The number kept for it.
    pub certificate: CertificateId,
    /// The instant it says it was issued.
    pub at: Instant,
    json_sha256: String,
    bound: Result<String, CertificateRefused>,
}

/// How long what was prepared may wait for its transaction.
const OLD_SECONDS: i64 = 600;

/// Tries the command, typesets the certificate it would issue and rehearses its dossier. Nothing where the
/// command would be refused: its transaction says so, on record.
pub(super) fn prepare(
    store: &Store,
    actor: &Actor,
    command: &dyn AnyCommand,
) -> Result<Option<Prepared>, StoreError> {
    let (facts, at) = match store.rehearse(actor, command) {
        Ok(found) => found,
        Err(store::Stop::Refused(_)) => return Ok(None),
        Err(store::Stop::Failed(error)) => return Err(error),
    };
    let issued = facts.of::<CertificateIssued>();
    let Some(issued) = issued.first() else { return Ok(None) };
    let ready = Ready {
        certificate: issued.certificate,
        at,
        json_sha256: issued.json_sha256.clone(),
        bound: made(store, issued)?,
    };
    Ok(Some(Box::new(ready)))
}

/// Keeps the PDF and the JSON by their hashes; gives that of the PDF.
fn made(store: &Store, issued: &CertificateIssued) -> Result<Result<String, CertificateRefused>, StoreError> {
    let document = &issued.document;
    let bytes = match pdf(document, &Standing::Current) {
        Ok(bytes) => bytes,
        Err(why) => return Ok(Err(CertificateRefused::NotTypeset(why.to_string()))),
    };
    match super::dossier::rehearsed(store, issued, bytes.clone())? {
        Ok(_) => {}
        Err(wrong) => return Ok(Err(CertificateRefused::DossierWrong(wrong.to_string()))),
    }
    let name = file_name_of(&document.number, document.revision);
    store.keep_file(&format!("{name}.json"), &document.canonical())?;
    store.keep_file(&format!("{name}.pdf"), &bytes).map(Ok)
}

/// The hash of the PDF of a certificate that is about to be issued.
pub(super) fn bound(
    ready: Option<&Ready>,
    issued: &CertificateIssued,
    now: Instant,
) -> Result<String, store::Stop> {
    let changed = || StoreError::Changed(issued.document.number.clone());
    let ready = ready.ok_or_else(changed)?;
    if ready.json_sha256 != issued.json_sha256 || now > ready.at.plus_seconds(OLD_SECONDS) {
        return Err(changed().into());
    }
    Ok(ready.bound.clone()?)
}
