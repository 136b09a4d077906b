//! What is downloaded of a certificate: its PDF, its JSON, its dossier.

use kernel::Instant;
use publish::certificate::{CertificateDocument, Standing as Printed, pdf};
use site::{Download, FileOut, Miss, STAFF, Visit};

use super::document::{both, whole_second};
use super::issue::label;
use super::pages::found;
use super::render::file_name;
use super::rows::Certificate;
use super::rules::CertificateRefused;
use super::standing::{self, Standing};

/// PDF, JSON and dossier.
pub(crate) const DOWNLOADS: [Download; 3] = [
    Download { path: "/certificates/{certificate}/pdf", readers: STAFF, make: make_pdf },
    Download { path: "/certificates/{certificate}/json", readers: STAFF, make: make_json },
    Download { path: "/certificates/{certificate}/dossier", readers: STAFF, make: make_dossier },
];

/// The PDF as it was bound; of a certificate that is not in force a copy that says so on every page.
fn make_pdf(visit: &mut Visit<'_>) -> Result<FileOut, Miss> {
    let (of, document) = found(visit)?;
    let name = format!("{}.pdf", file_name(&of));
    let day = |at: Instant| whole_second(at).chars().take(10).collect::<String>();
    let printed = match standing::of(visit.db, &of)? {
        Standing::Current => None,
        Standing::UnderReview { .. } => Some(Printed::UnderReview { on: day(visit.now) }),
        Standing::Withdrawn(back) => {
            Some(Printed::Withdrawn { on: day(back.at), reason: both(&back.reason) })
        }
        Standing::Superseded(next) => Some(Printed::Superseded {
            by: Some(label(&of.code, next.revision)),
            on: day(next.at),
            reason: both(&next.reason),
        }),
    };
    let hash = bound(visit, &of, &document)?;
    let bytes = match printed {
        None => visit.store.files().read(&hash)?,
        Some(printed) => pdf(&document, &printed).map_err(|why| Miss::Unclear(why.to_string()))?,
    };
    Ok(FileOut { name, content_type: "application/pdf", bytes, inline: true })
}

/// The hash of the PDF; of a certificate that was issued before it could be printed, why there is none.
fn bound(visit: &mut Visit<'_>, of: &Certificate, document: &CertificateDocument) -> Result<String, Miss> {
    if let Some(hash) = &of.pdf_sha256 {
        return Ok(hash.clone());
    }
    let missing = publish::fonts::unprintable(document);
    let Some(first) = missing.first() else {
        return Err(Miss::Unclear(visit.words.t("state-certificate-rendering")));
    };
    let why = CertificateRefused::Unprintable {
        field: first.field.clone(),
        character: first.character.to_string(),
        code: first.code(),
        number: missing.len(),
    };
    let refusal = kernel::Refuse::refusal(&why).remedy("certificate.supersede", Some(of.id.into()));
    Err(Miss::Unreadable(Box::new(refusal)))
}

fn make_json(visit: &mut Visit<'_>) -> Result<FileOut, Miss> {
    let (of, _) = found(visit)?;
    let name = format!("{}.json", file_name(&of));
    Ok(FileOut { name, content_type: "application/json", bytes: of.document.into_bytes(), inline: false })
}

fn make_dossier(visit: &mut Visit<'_>) -> Result<FileOut, Miss> {
    let (of, document) = found(visit)?;
    bound(visit, &of, &document)?;
    let bytes = super::dossier(visit.store, of.id).map_err(|why| Miss::Unclear(why.to_string()))?;
    Ok(FileOut {
        name: format!("{}-dossier.zip", file_name(&of)),
        content_type: "application/zip",
        bytes,
        inline: false,
    })
}
