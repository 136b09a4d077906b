//! Checks a dossier from anybody: all that is proved, or the first thing that is wrong.
//!
//! The order of the checks is fixed by [`Clause`] and by `docs/dossier.md`: what a later check relies upon is
//! established by an earlier one, so the first wrong thing is also the cause of what would follow from it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ledger::{Checkpoint, CheckpointError, Digest, NoteError, Proof, ProofError, Record, VerifierKey};

use super::archive;
use super::derivation::{self, Walked};
use super::model::{Derivation, ISSUED, RENDERED, SignedStanding, Status, StatusError};
use super::path;
use crate::certificate::{CertificateDocument, SCHEMA};
use crate::names::Names;

/// The checks in their order; the number is the section of `docs/dossier.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Clause {
    Archive = 1,
    Key,
    Checkpoint,
    Status,
    Contents,
    Entries,
    Certificate,
    Pdf,
    RawFiles,
    Derivation,
    Files,
    Standing,
    Form,
}

impl Clause {
    /// A stable word for machines.
    pub fn code(self) -> &'static str {
        match self {
            Self::Archive => "archive",
            Self::Key => "key",
            Self::Checkpoint => "checkpoint",
            Self::Status => "status",
            Self::Contents => "contents",
            Self::Entries => "entries",
            Self::Certificate => "certificate",
            Self::Pdf => "pdf",
            Self::RawFiles => "raw-files",
            Self::Derivation => "derivation",
            Self::Files => "files",
            Self::Standing => "standing",
            Self::Form => "form",
        }
    }

    /// What is wrong when this check fails.
    pub fn what(self) -> Names {
        let (en, zh) = match self {
            Self::Archive => ("the archive cannot be read", "压缩包无法读取"),
            Self::Key => ("the key is not the issuer's", "公钥不是签发方的"),
            Self::Checkpoint => ("the checkpoint does not hold", "检查点不成立"),
            Self::Status => ("the signed status does not hold", "签署的状态声明不成立"),
            Self::Contents => ("a file is missing or undeclared", "文件缺失或未声明"),
            Self::Entries => ("a ledger entry or its proof does not hold", "台账记录或其证明不成立"),
            Self::Certificate => {
                ("certificate.json is not what was issued", "certificate.json 与签发内容不符")
            }
            Self::Pdf => ("certificate.pdf is not what was rendered", "certificate.pdf 与生成内容不符"),
            Self::RawFiles => ("a raw file was changed", "原始文件被改动"),
            Self::Derivation => ("a number is not derived as stated", "数字的来历与所述不符"),
            Self::Files => ("a file was changed", "文件被改动"),
            Self::Standing => ("the certificate was not in force at the export", "导出时证书已非有效"),
            Self::Form => (
                "the files are as issued, but the archive is not the issuer's",
                "文件与签发内容一致，但压缩包不是签发方的原件",
            ),
        };
        Names::new(en, zh)
    }
}

/// The first thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstWrong {
    pub clause: Clause,
    /// The file, entry or node.
    pub place: String,
    pub expected: String,
    pub found: String,
}

impl FirstWrong {
    pub(super) fn new(
        clause: Clause,
        place: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Self {
        Self { clause, place: place.into(), expected: expected.into(), found: found.into() }
    }
}

impl fmt::Display for FirstWrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, section) = (self.clause.what().en, self.clause as u8);
        let Self { place, expected, found, .. } = self;
        write!(f, "{what}: {place}: expected {expected}, found {found} (docs/dossier.md, check {section})")
    }
}

impl std::error::Error for FirstWrong {}

/// All that was proved, in both languages, and what a reader should still know.
#[derive(Debug, Clone, PartialEq)]
pub struct Verification {
    pub document: CertificateDocument,
    pub key: VerifierKey,
    /// Whether the key was one the reader trusts, rather than the one that lay in the archive.
    pub key_was_given: bool,
    pub status: Status,
    pub proved: Vec<Names>,
    pub warnings: Vec<Names>,
}

type Files = BTreeMap<String, Vec<u8>>;

/// Checks a dossier. `trusted` are keys the reader has from elsewhere; with none, the archive's own key is
/// used and a warning says that whoever made the archive chose it.
pub fn verify(bytes: &[u8], trusted: &[VerifierKey]) -> Result<Verification, FirstWrong> {
    let (files, another) = archive::read(bytes).map_err(|error| {
        FirstWrong::new(Clause::Archive, "the zip", "a readable archive", error.to_string())
    })?;
    let key = issuer_key(&files, trusted)?;
    let checkpoint = checkpoint(&files, &key)?;
    let status = status(&files, &key)?;
    contents(&files, &status)?;
    let entries = entries(&files, &key)?;
    let document = certificate(&files, &entries, &key, &status)?;
    bound(&files, &entries, &document, path::CERTIFICATE_PDF, RENDERED, Clause::Pdf)?;
    let raw_files = raw_files(&files)?;
    let walked = derived(&files, &entries, &document)?;
    every_file(&files, &status)?;
    standing(&status)?;
    if let Some(another) = another {
        return Err(FirstWrong::new(Clause::Form, "the zip", "the issuer's archive", another.to_string()));
    }
    let mut warnings = warnings(&walked, &entries, &document);
    if trusted.is_empty() {
        warnings.insert(0, unpinned(&key));
    }
    let proved = proved(&document, &key, &checkpoint, &status, (entries.len(), raw_files), &walked);
    Ok(Verification { document, key, key_was_given: !trusted.is_empty(), status, proved, warnings })
}

fn file<'a>(files: &'a Files, name: &str, clause: Clause) -> Result<&'a [u8], FirstWrong> {
    let found = files.get(name).map(Vec::as_slice);
    found.ok_or_else(|| FirstWrong::new(clause, name, "the file", "no such file"))
}

fn text<'a>(files: &'a Files, name: &str, clause: Clause) -> Result<&'a str, FirstWrong> {
    std::str::from_utf8(file(files, name, clause)?)
        .map_err(|error| FirstWrong::new(clause, name, "UTF-8", error.to_string()))
}

fn issuer_key(files: &Files, trusted: &[VerifierKey]) -> Result<VerifierKey, FirstWrong> {
    let name = format!("{}issuer.vkey", path::KEYS);
    let line = text(files, &name, Clause::Key)?.trim_end_matches('\n');
    let key: VerifierKey = line.parse().map_err(|error: ledger::KeyError| {
        FirstWrong::new(Clause::Key, &name, "a verifier key", error.to_string())
    })?;
    if trusted.is_empty() || trusted.contains(&key) {
        return Ok(key);
    }
    let expected = trusted.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
    Err(FirstWrong::new(Clause::Key, name, expected, key.to_string()))
}

fn checkpoint(files: &Files, key: &VerifierKey) -> Result<Checkpoint, FirstWrong> {
    let note = text(files, path::CHECKPOINT, Clause::Checkpoint)?;
    Checkpoint::open(note, key).map_err(|error| {
        let clause = if matches!(error, CheckpointError::ForeignKey { .. }) {
            Clause::Key
        } else {
            Clause::Checkpoint
        };
        FirstWrong::new(clause, path::CHECKPOINT, format!("signed by {key}"), error.to_string())
    })
}

fn status(files: &Files, key: &VerifierKey) -> Result<Status, FirstWrong> {
    let note = text(files, path::STATUS, Clause::Status)?;
    Status::open(note, key).map_err(|error| {
        let foreign = matches!(error, StatusError::Note(NoteError::ForeignKey { .. }));
        let clause = if foreign { Clause::Key } else { Clause::Status };
        FirstWrong::new(clause, path::STATUS, format!("signed by {key}"), error.to_string())
    })
}

fn contents(files: &Files, status: &Status) -> Result<(), FirstWrong> {
    if let Some(missing) = status.files.keys().find(|name| !files.contains_key(*name)) {
        return Err(FirstWrong::new(Clause::Contents, missing, "the file", "no such file"));
    }
    let undeclared = |name: &&String| name.as_str() != path::STATUS && !status.files.contains_key(*name);
    match files.keys().find(undeclared) {
        Some(extra) => Err(FirstWrong::new(Clause::Contents, extra, "only declared files", "undeclared")),
        None => Ok(()),
    }
}

/// A proved entry.
struct Proved {
    record: Record,
    /// `None` if erased.
    payload: Option<Vec<u8>>,
}

fn entries(files: &Files, key: &VerifierKey) -> Result<BTreeMap<u64, Proved>, FirstWrong> {
    let checkpoint = text(files, path::CHECKPOINT, Clause::Entries)?;
    let mut entries = BTreeMap::new();
    for (name, bytes) in files.range(path::ENTRIES.to_owned()..) {
        let Some(seq) = name.strip_prefix(path::ENTRIES) else { break };
        let wrong = |expected: &str, found: String| FirstWrong::new(Clause::Entries, name, expected, found);
        let record = Record::parse(bytes).map_err(|error| wrong("a canonical record", error.to_string()))?;
        if seq != format!("{}.json", record.seq) {
            return Err(wrong(&format!("{}.json", record.seq), seq.to_owned()));
        }
        let proof_name = format!("{}{}.tlog-proof", path::PROOFS, record.seq);
        proved_in(text(files, &proof_name, Clause::Entries)?, checkpoint, bytes, record.seq, key)
            .map_err(|(expected, found)| FirstWrong::new(Clause::Entries, &proof_name, expected, found))?;
        let payload = payload(files, &record)?;
        entries.insert(record.seq, Proved { record, payload });
    }
    Ok(entries)
}

fn proved_in(
    proof: &str,
    checkpoint: &str,
    record: &[u8],
    seq: u64,
    key: &VerifierKey,
) -> Result<(), (String, String)> {
    let holds = || format!("a proof of entry {seq}");
    let proof: Proof = proof.parse().map_err(|error: ProofError| (holds(), error.to_string()))?;
    if proof.checkpoint != checkpoint {
        return Err((format!("the checkpoint of {}", path::CHECKPOINT), "another one".to_owned()));
    }
    if proof.index != seq {
        return Err((format!("index {seq}"), format!("index {}", proof.index)));
    }
    proof.verify(record, key).map(|_| ()).map_err(|error| (holds(), error.to_string()))
}

fn payload(files: &Files, record: &Record) -> Result<Option<Vec<u8>>, FirstWrong> {
    let name = |extension: &str| format!("{}{}.{extension}", path::PAYLOADS, record.seq);
    let (Some(bytes), Some(salt)) = (files.get(&name("json")), files.get(&name("salt"))) else {
        return Ok(None);
    };
    let mut decoded = [0; 16];
    let digest = match hex::decode_to_slice(salt, &mut decoded) {
        Ok(()) => ledger::payload_digest(&decoded, bytes).to_hex(),
        Err(error) => error.to_string(),
    };
    if digest == record.payload.to_hex() {
        Ok(Some(bytes.clone()))
    } else {
        Err(FirstWrong::new(Clause::Entries, name("json"), record.payload.to_hex(), digest))
    }
}

fn certificate(
    files: &Files,
    entries: &BTreeMap<u64, Proved>,
    key: &VerifierKey,
    status: &Status,
) -> Result<CertificateDocument, FirstWrong> {
    let name = path::CERTIFICATE_JSON;
    let wrong = |expected: &str, found: &str| FirstWrong::new(Clause::Certificate, name, expected, found);
    let bytes = file(files, name, Clause::Certificate)?;
    let document = CertificateDocument::parse(bytes).map_err(|error| wrong(SCHEMA, &error.to_string()))?;
    bound(files, entries, &document, name, ISSUED, Clause::Certificate)?;
    if document.schema != SCHEMA {
        return Err(wrong(SCHEMA, &document.schema));
    }
    if document.canonical() != bytes {
        return Err(wrong("canonical JSON (RFC 8785)", "another spelling"));
    }
    if document.ledger_origin != key.name() {
        return Err(wrong(&format!("the ledger {}", key.name()), &document.ledger_origin));
    }
    let named = (&document.node, &document.number, document.revision);
    if named != (&status.certificate, &status.number, status.revision) {
        let expected = format!("{} {} / {}", status.certificate, status.number, status.revision);
        return Err(wrong(&expected, &format!("{} {} / {}", named.0, named.1, named.2)));
    }
    Ok(document)
}

/// The hash of `name` is what a proved entry about this certificate says it is.
fn bound(
    files: &Files,
    entries: &BTreeMap<u64, Proved>,
    document: &CertificateDocument,
    name: &str,
    (kind, member): (&str, &str),
    clause: Clause,
) -> Result<(), FirstWrong> {
    let found = Digest::of(file(files, name, clause)?).to_hex();
    let about = |entry: &&Proved| entry.record.kind == kind && entry.record.subjects.contains(&document.node);
    let Some(entry) = entries.values().rev().find(about) else {
        let expected = format!("an entry {kind} about {}", document.node);
        return Err(FirstWrong::new(clause, name, expected, "none"));
    };
    let payload = entry.payload.as_deref().unwrap_or_default();
    let payload: serde_json::Value = serde_json::from_slice(payload).unwrap_or_default();
    match payload.get(member).and_then(serde_json::Value::as_str) {
        Some(expected) if expected == found => Ok(()),
        Some(expected) => Err(FirstWrong::new(clause, name, expected, found)),
        None => {
            let place = format!("{}{}.json", path::PAYLOADS, entry.record.seq);
            Err(FirstWrong::new(clause, place, format!("the member {member}"), "none"))
        }
    }
}

fn raw_files(files: &Files) -> Result<usize, FirstWrong> {
    let mut count = 0;
    for (name, bytes) in files.range(path::RAW.to_owned()..) {
        let Some(rest) = name.strip_prefix(path::RAW) else { break };
        let (expected, found) = (rest.split('.').next().unwrap_or_default(), Digest::of(bytes).to_hex());
        if expected != found {
            return Err(FirstWrong::new(Clause::RawFiles, name, expected, found));
        }
        count += 1;
    }
    Ok(count)
}

fn derived(
    files: &Files,
    entries: &BTreeMap<u64, Proved>,
    document: &CertificateDocument,
) -> Result<Walked, FirstWrong> {
    let bytes = file(files, path::DERIVATION, Clause::Derivation)?;
    let derivation: Derivation = serde_json::from_slice(bytes).map_err(|error| {
        FirstWrong::new(Clause::Derivation, path::DERIVATION, "nodes and edges", error.to_string())
    })?;
    let seqs: BTreeSet<u64> = entries.keys().copied().collect();
    derivation::check(document, &derivation, files, &seqs)
}

fn every_file(files: &Files, status: &Status) -> Result<(), FirstWrong> {
    for (name, expected) in &status.files {
        let found = Digest::of(file(files, name, Clause::Files)?).to_hex();
        if *expected != found {
            return Err(FirstWrong::new(Clause::Files, name, expected, found));
        }
    }
    Ok(())
}

fn standing(status: &Status) -> Result<(), FirstWrong> {
    let as_of = &status.as_of;
    let found = match &status.standing {
        SignedStanding::Current => return Ok(()),
        SignedStanding::Superseded { by, at, reason } => {
            let by = by.as_deref().map(|by| format!(" by {by}")).unwrap_or_default();
            format!("superseded{by} on {at}: {} {}", reason.en, reason.zh)
        }
        SignedStanding::UnderReview { reason } => {
            format!("under review as of {as_of}: {} {}", reason.en, reason.zh)
        }
        SignedStanding::Withdrawn { at, reason } => {
            format!("withdrawn on {at}: {} {}", reason.en, reason.zh)
        }
    };
    Err(FirstWrong::new(Clause::Standing, &status.number, "a certificate in force", found))
}

fn proved(
    document: &CertificateDocument,
    key: &VerifierKey,
    checkpoint: &Checkpoint,
    status: &Status,
    (entries, raw_files): (usize, usize),
    walked: &Walked,
) -> Vec<Names> {
    let (number, revision) = (&document.number, document.revision);
    let (origin, size, as_of) = (&checkpoint.origin, checkpoint.size, &status.as_of);
    let (from_raw, typed) = (walked.from_raw, walked.typed);
    vec![
        Names::new(
            format!("Certificate {number} / {revision} is what its issuer recorded, in JSON and in PDF."),
            format!("证书 {number} / {revision} 的 JSON 与 PDF 均与签发方记录一致。"),
        ),
        Names::new(
            format!(
                "{entries} ledger entries are in the ledger {origin} of {size} entries, signed by {key}."
            ),
            format!("{entries} 条台账记录均在台账 {origin}（共 {size} 条）中，由 {key} 签署。"),
        ),
        Names::new(
            format!("{raw_files} raw files are unchanged."),
            format!("{raw_files} 个原始文件未被改动。"),
        ),
        Names::new(
            format!(
                "{from_raw} results reach a token in a raw file; {typed} end in a typed entry, marked so."
            ),
            format!("{from_raw} 个结果可追溯至原始文件；{typed} 个止于手工录入并已标注。"),
        ),
        Names::new(
            format!("It was in force at {as_of}, as its issuer signed."),
            format!("签发方声明：截至 {as_of}，证书有效。"),
        ),
    ]
}

fn unpinned(key: &VerifierKey) -> Names {
    Names::new(
        format!("No key was given, so the archive's own was used. Compare it with the issuer's: {key}"),
        format!("未指定公钥，使用的是包内公钥，请与签发方公布的公钥核对：{key}"),
    )
}

fn warnings(walked: &Walked, entries: &BTreeMap<u64, Proved>, document: &CertificateDocument) -> Vec<Names> {
    let erased = entries.values().filter(|entry| entry.payload.is_none()).count();
    let (stated, unread) = (walked.stated.len(), walked.unread.len());
    let counted = [
        (erased, "payloads of ledger entries are not in the archive", "条台账记录的载荷不在包中"),
        (stated, "steps are stated and were not recomputed", "个计算步骤仅为陈述，未重新计算"),
        (
            unread,
            "tokens stand in workbooks or other encodings and were not read again",
            "个原始字符位于工作簿或其他编码文件中，未重新读取",
        ),
    ];
    let mut warnings: Vec<Names> = counted
        .into_iter()
        .filter(|(count, _, _)| *count > 0)
        .map(|(count, en, zh)| Names::new(format!("{count} {en}."), format!("{count} {zh}。")))
        .collect();
    if document.synthetic {
        warnings.push(Names::new("The data are synthetic.", "数据为合成数据。"));
    }
    warnings
}
