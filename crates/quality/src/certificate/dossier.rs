//! Puts a certificate's dossier together: everything a stranger needs to check it offline.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{CertificateId, DispositionId, Ref};
use publish::certificate::CertificateDocument;
use publish::dossier::{
    Derivation, DossierParts, FirstWrong, LedgerEntry, RawFile, Rehearsal, SaltedPayload, SignedStanding,
    Verification, WriteError, rehearse, write,
};
use store::{Fact as _, Store, StoreError, StoredEntry, log};

use super::derivation::{Builder, Upstream, upstream};
use super::document::{both, whole_second};
use super::issue::{CertificateIssued, label};
use super::rows::{self, Certificate};
use super::standing::{self, Standing, reasons};
use crate::judgement::Line;
use crate::release::rows as releases;

/// Why there is no dossier.
#[derive(Debug, thiserror::Error)]
pub enum DossierError {
    /// No such certificate.
    #[error("there is no {0}")]
    NoSuch(CertificateId),
    /// The PDF is not typeset yet.
    #[error("the PDF of {0} is not typeset yet; try again in a moment")]
    NotRendered(CertificateId),
    /// Reading failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored document that cannot be read.
    #[error("the stored document cannot be read: {0}")]
    Document(String),
    /// Packing failed.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Entries whose payload is the reader's business. Of all others the record and its proof are enough; other
/// customers' masses and people's accounts stay at home.
const OPEN: &[&str] =
    &["certificate.", "result.", "reading.", "specification.version_issued", "lot.released"];

/// The dossier of a certificate as of now, as the bytes of one zip.
///
/// # Errors
/// A certificate that does not exist or has no PDF yet, a file that was changed, a failed read.
pub fn dossier(store: &Store, id: CertificateId) -> Result<Vec<u8>, DossierError> {
    let found = store.read(|db| rows::find(db, id))?.ok_or(DossierError::NoSuch(id))?;
    let pdf_sha256 = found.pdf_sha256.as_deref().ok_or(DossierError::NotRendered(id))?;
    let pdf = store.files().read(pdf_sha256)?;
    let document = CertificateDocument::parse(found.document.as_bytes());
    let document = document.map_err(|why| DossierError::Document(why.to_string()))?;
    let above = upstream(store, id, &[])?;
    let (entries, made_by) = entries(store, id, &above.records)?;
    let lines = lines(store, store.read(|db| rows::told(db, id))?, found.disposition)?;
    let (derivation, raw) = derived(store, id, &lines, (&above, &made_by))?;
    let seqs: Vec<u64> = entries.keys().copied().collect();
    let (checkpoint, proofs) = store.prove(&seqs)?;
    let entries = entries.into_values().zip(proofs).map(|(entry, proof)| {
        let (record, payload) = opened(entry);
        LedgerEntry { record, payload, proof }
    });
    let (standing, exported_at) = signed_standing(store, &found)?;
    let parts = DossierParts {
        document,
        pdf,
        derivation,
        raw,
        entries: entries.collect(),
        checkpoint,
        standing,
        exported_at,
    };
    Ok(store.sign(|key| write(&parts, key))??)
}

/// Builds the dossier of a certificate that is not issued yet, and verifies it as a stranger will.
///
/// # Errors
/// A failed read; within, the first thing that the verifier finds wrong.
pub(super) fn rehearsed(
    store: &Store,
    issued: &CertificateIssued,
    pdf: Vec<u8>,
) -> Result<Result<Verification, FirstWrong>, StoreError> {
    let id = issued.certificate;
    let above = upstream(store, id, &issued.edges())?;
    let (entries, made_by) = entries(store, id, &above.records)?;
    let lines = lines(store, issued.told.clone(), issued.disposition)?;
    let (derivation, raw) = derived(store, id, &lines, (&above, &made_by))?;
    Ok(rehearse(Rehearsal {
        document: issued.document.clone(),
        pdf,
        derivation,
        raw,
        entries: entries.into_values().map(opened).collect(),
    }))
}

/// The lines that a certificate states: its own, or those of its release.
fn lines(
    store: &Store,
    told: Option<Vec<Line>>,
    disposition: DispositionId,
) -> Result<Vec<Line>, StoreError> {
    if let Some(told) = told {
        return Ok(told);
    }
    let release = store.read(|db| rows::release_of(db, disposition))?;
    Ok(release.ok_or_else(|| StoreError::Missing(disposition.to_string()))?.lines)
}

/// How every number came about, and the raw files.
fn derived(
    store: &Store,
    id: CertificateId,
    lines: &[Line],
    (above, made_by): (&Upstream, &BTreeMap<Ref, u64>),
) -> Result<(Derivation, Vec<RawFile>), StoreError> {
    let mut builder =
        Builder { store, nodes: BTreeMap::new(), edges: BTreeSet::new(), raw: BTreeMap::new(), made_by };
    for record in &above.records {
        builder.context(*record, store.describe(*record)?);
    }
    let wanted: Vec<_> = lines.iter().flat_map(|line| line.results.iter().copied()).collect();
    let results = store.read(|db| releases::results_by_id(db, &wanted))?;
    for line in lines.iter().enumerate().filter(|(_, line)| !line.figure.is_empty()) {
        builder.line(id, line, &results)?;
    }
    Ok(builder.finish(above))
}

/// The record, and its payload where it is the reader's business and not erased.
fn opened(entry: StoredEntry) -> (ledger::Record, Option<SaltedPayload>) {
    let open = OPEN.iter().any(|prefix| entry.record.kind.starts_with(prefix));
    let payload = match (entry.salt, entry.payload) {
        (Some(salt), Some(text)) if open => Some(SaltedPayload { salt, bytes: text.into_bytes() }),
        _ => None,
    };
    (entry.record, payload)
}

/// How the certificate stands and as of when: both of one state of the database.
fn signed_standing(store: &Store, of: &Certificate) -> Result<(SignedStanding, String), StoreError> {
    let (stands, now) = store.read(|db| Ok((standing::of(db, of)?, store.now())))?;
    let signed = match stands {
        Standing::Current => SignedStanding::Current,
        Standing::Superseded(next) => SignedStanding::Superseded {
            by: Some(label(&of.code, next.revision)),
            at: whole_second(next.at),
            reason: both(&next.reason),
        },
        Standing::Withdrawn(back) => {
            SignedStanding::Withdrawn { at: whole_second(back.at), reason: both(&back.reason) }
        }
        Standing::UnderReview { grounds } => SignedStanding::UnderReview { reason: reasons(&grounds) },
    };
    Ok((signed, whole_second(now)))
}

type Entries = (BTreeMap<u64, StoredEntry>, BTreeMap<Ref, u64>);

/// The entry that made each record, and all entries about the certificate itself.
fn entries(store: &Store, id: CertificateId, records: &BTreeSet<Ref>) -> Result<Entries, StoreError> {
    store.read(|db| {
        let mut entries = BTreeMap::new();
        let mut made_by = BTreeMap::new();
        for record in records {
            if let Some(entry) = log::origin(db, *record)? {
                made_by.insert(*record, entry.record.seq);
                entries.insert(entry.record.seq, entry);
            }
        }
        for entry in log::history(db, id.into())? {
            entries.insert(entry.record.seq, entry);
        }
        Ok((entries, made_by))
    })
}
