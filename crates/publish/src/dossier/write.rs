//! Lays out a dossier.

use std::collections::BTreeMap;

use ledger::{Digest, SigningKey};

use super::archive::{self, ArchiveError};
use super::model::{DossierParts, RawFile, Status, StatusError};
use super::{path, readme};

/// Why a dossier cannot be written. Whether its content holds together is for [`super::verify`] to say.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("the dossier could not be packed: {0}")]
    Archive(#[from] ArchiveError),
    #[error("the status could not be signed: {0}")]
    Status(#[from] StatusError),
}

/// Packs the dossier and signs its status note with the ledger's key. Equal parts and key give equal bytes.
pub fn write(parts: &DossierParts, key: &SigningKey) -> Result<Vec<u8>, WriteError> {
    let mut files = contents(parts, key);
    files.insert(path::CRATE.to_owned(), readme::ro_crate(parts, &files));
    let status = Status {
        certificate: parts.document.node.clone(),
        number: parts.document.number.clone(),
        revision: parts.document.revision,
        as_of: parts.exported_at.clone(),
        standing: parts.standing.clone(),
        files: files.iter().map(|(name, bytes)| (name.clone(), Digest::of(bytes).to_hex())).collect(),
    };
    files.insert(path::STATUS.to_owned(), status.sign(key)?.into_bytes());
    Ok(archive::pack(&files)?)
}

fn contents(parts: &DossierParts, key: &SigningKey) -> BTreeMap<String, Vec<u8>> {
    let derivation =
        serde_jcs::to_vec(&parts.derivation).expect("texts and small integers have a canonical form");
    let mut files = BTreeMap::from([
        (path::CERTIFICATE_PDF.to_owned(), parts.pdf.clone()),
        (path::CERTIFICATE_JSON.to_owned(), parts.document.canonical()),
        (path::DERIVATION.to_owned(), derivation),
        (path::CHECKPOINT.to_owned(), parts.checkpoint.clone().into_bytes()),
        (path::README.to_owned(), readme::readme(parts, key.verifier()).into_bytes()),
        (format!("{}issuer.vkey", path::KEYS), format!("{}\n", key.verifier()).into_bytes()),
    ]);
    for raw in &parts.raw {
        files.insert(raw_path(raw), raw.bytes.clone());
    }
    for entry in &parts.entries {
        let seq = entry.record.seq;
        files.insert(format!("{}{seq}.json", path::ENTRIES), entry.record.canonical().into_bytes());
        files.insert(format!("{}{seq}.tlog-proof", path::PROOFS), entry.proof.to_string().into_bytes());
        if let Some(payload) = &entry.payload {
            files.insert(format!("{}{seq}.json", path::PAYLOADS), payload.bytes.clone());
            files.insert(format!("{}{seq}.salt", path::PAYLOADS), hex::encode(payload.salt).into_bytes());
        }
    }
    files
}

/// `raw/<sha256>.<ext>`: the name is the hash, so that no two files meet and none can be swapped.
fn raw_path(raw: &RawFile) -> String {
    let hash = Digest::of(&raw.bytes).to_hex();
    let extension = raw.name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension {
        Some(ext) if (1..=8).contains(&ext.len()) && ext.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            format!("{}{hash}.{ext}", path::RAW)
        }
        _ => format!("{}{hash}", path::RAW),
    }
}
