//! A dossier before there is anything to prove: written and verified with a key made for the purpose, so that
//! a certificate is issued only when its dossier will hold.

use std::collections::BTreeMap;

use ledger::{Checkpoint, Memory, Proof, Record, SigningKey, payload_digest};

use super::model::{
    Derivation, DossierParts, ISSUED, LedgerEntry, RENDERED, RawFile, SaltedPayload, SignedStanding,
};
use super::verify::{Clause, FirstWrong, Verification, verify};
use super::write::write;
use crate::certificate::CertificateDocument;

/// A place that no ledger has, so that a node without its entry is found out.
const NOWHERE: u64 = (1 << 53) - 1;

/// What a dossier will hold, but for the two entries that bind the certificate.
#[derive(Debug, Clone, PartialEq)]
pub struct Rehearsal {
    /// The certificate to be issued.
    pub document: CertificateDocument,
    /// Its PDF.
    pub pdf: Vec<u8>,
    /// How every number came about.
    pub derivation: Derivation,
    /// The raw files.
    pub raw: Vec<RawFile>,
    /// The entries that the derivation names, by their place in the ledger.
    pub entries: Vec<(Record, Option<SaltedPayload>)>,
}

/// Writes the dossier over a little ledger of its own and verifies it. What is proved is everything but that
/// the issuer's ledger holds the entries. No signature of the issuer is made.
///
/// # Errors
/// The first thing that a stranger's verifier would find wrong.
pub fn rehearse(rehearsal: Rehearsal) -> Result<Verification, FirstWrong> {
    let failed = |what: &str, why: &dyn std::fmt::Display| {
        FirstWrong::new(Clause::Archive, what, "a dossier", why.to_string())
    };
    let document = rehearsal.document;
    let key = SigningKey::from_seed(&document.ledger_origin, &[0; 32]);
    let key = key.map_err(|why| failed("the name of the ledger", &why))?;
    let mut entries = rehearsal.entries;
    entries.sort_by_key(|(record, _)| record.seq);
    entries.push(binding(&document, ISSUED, &document.canonical()));
    entries.push(binding(&document, RENDERED, &rehearsal.pdf));
    // The little ledger counts from nought; nodes name their entries by the new places.
    let mut moved = BTreeMap::new();
    for (seq, (record, _)) in (0..).zip(&mut entries) {
        moved.insert(record.seq, seq);
        record.seq = seq;
    }
    let mut derivation = rehearsal.derivation;
    for node in &mut derivation.nodes {
        node.seq = node.seq.map(|seq| moved.get(&seq).copied().unwrap_or(NOWHERE));
    }
    let log = Memory::from_leaves(entries.iter().map(|(record, _)| record.leaf()));
    let checkpoint = Checkpoint::sign(log.tree().size(), log.tree().root(), &key);
    let proved = entries.into_iter().map(|(record, payload)| {
        let proof = Proof::make(record.seq, &checkpoint, &log);
        proof.map(|proof| LedgerEntry { record, payload, proof })
    });
    let entries = proved.collect::<Result<Vec<_>, _>>().map_err(|why| failed("a proof", &why))?;
    let exported_at = document.issued_at.clone();
    let parts = DossierParts {
        document,
        pdf: rehearsal.pdf,
        derivation,
        raw: rehearsal.raw,
        entries,
        checkpoint,
        standing: SignedStanding::Current,
        exported_at,
    };
    let zip = write(&parts, &key).map_err(|why| failed("the zip", &why))?;
    verify(&zip, std::slice::from_ref(key.verifier()))
}

/// An entry as it will bind these bytes; numbered after all others.
fn binding(
    document: &CertificateDocument,
    (kind, member): (&str, &str),
    bytes: &[u8],
) -> (Record, Option<SaltedPayload>) {
    let hash = ledger::Digest::of(bytes).to_hex();
    let payload = serde_json::json!({ member: hash }).to_string().into_bytes();
    let salt = [0; 16];
    let record = Record {
        seq: u64::MAX - u64::from(kind == ISSUED.0),
        at: document.issued_at.clone(),
        actor: "system".to_owned(),
        on_behalf_of: None,
        command: kind.to_owned(),
        kind: kind.to_owned(),
        version: 1,
        subjects: vec![document.node.clone()],
        reason: None,
        payload: payload_digest(&salt, &payload),
    };
    (record, Some(SaltedPayload { salt, bytes: payload }))
}
