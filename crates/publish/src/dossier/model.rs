//! What a dossier is made of: the derivation, the ledger entries, the raw files and the signed status.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use ledger::{SigningKey, VerifierKey, note};

use crate::certificate::{CertificateDocument, ReportingRule};
use crate::names::Names;

/// First line of the status note, and the `schema` of the derivation.
pub const STATUS_SCHEMA: &str = "orepass-status/1";
/// The `schema` of `derivation.json`.
pub const DERIVATION_SCHEMA: &str = "orepass-derivation/1";
/// Kinds of the two ledger entries that bind a certificate, with the payload member that holds the hash.
pub const ISSUED: (&str, &str) = ("certificate.issued", "json_sha256");
/// See [`ISSUED`].
pub const RENDERED: (&str, &str) = ("certificate.rendered", "pdf_sha256");

/// Everything that goes into a dossier; the rest (README, RO-Crate metadata, status note) is made from it.
#[derive(Debug, Clone, PartialEq)]
pub struct DossierParts {
    pub document: CertificateDocument,
    /// The PDF as it was rendered and hashed into the ledger.
    pub pdf: Vec<u8>,
    pub derivation: Derivation,
    pub raw: Vec<RawFile>,
    pub entries: Vec<LedgerEntry>,
    /// The signed checkpoint that every proof is under, verbatim.
    pub checkpoint: String,
    pub standing: SignedStanding,
    /// The instant of export, RFC 3339 in UTC.
    pub exported_at: String,
}

/// A raw file as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawFile {
    /// The name it came under; only its extension is used in the archive.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// A ledger entry with its proof; salt and payload are absent where a person's data were erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEntry {
    pub record: ledger::Record,
    pub payload: Option<SaltedPayload>,
    pub proof: ledger::Proof,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaltedPayload {
    pub salt: [u8; 16],
    pub bytes: Vec<u8>,
}

/// How every number came about: nodes, and edges from what was used to what was made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Derivation {
    pub schema: String,
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
}

/// A record in the derivation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Such as `result-123`; the certificate's items name these.
    pub id: String,
    pub label: Names,
    /// The number as text, with its qualifier; absent for what has none (a method, a person, a lot).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub unit: Option<String>,
    /// How `value` follows from the values it derives from.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub step: Option<Step>,
    /// Where the value stands in a raw file.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub raw: Option<RawToken>,
    /// Whether a person typed the value in: then there is no raw file, and the certificate must carry the
    /// mark.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub typed: bool,
    /// The ledger entry that made this record; it must be in the dossier.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub seq: Option<u64>,
    /// Anything else worth showing: who, when, version, authorisation.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub facts: BTreeMap<String, String>,
}

/// A step that a reader can do again. Arithmetic is exact decimal; a qualifier (`<`, `>`) is carried along
/// unchanged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Step {
    /// The node's own raw token, trimmed, thousands separators removed, decimal separator made a point.
    Read { decimal: String, thousands: String },
    /// The one input, unchanged to the last digit.
    Copy,
    /// The one input times `factor` (a unit, a dilution, an oxide factor), then rounded if `rounding` is
    /// given.
    Convert {
        factor: String,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        rounding: Option<Rounding>,
    },
    /// The arithmetic mean of all inputs, then rounded if `rounding` is given.
    Mean {
        #[serde(skip_serializing_if = "Option::is_none", default)]
        rounding: Option<Rounding>,
    },
    /// The one input, rounded once.
    Round { rounding: Rounding },
    /// The one input in the plain spelling: no exponent, no plus, no zeros too many.
    Plain,
    /// The one input as the method reports it by its limits: what lies below them is a bound and no number.
    Report {
        rule: ReportingRule,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        lod: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        loq: Option<String>,
    },
    /// The sum of `part`, divided by the sum of `whole` unless that is empty, else by `divisor` if it is
    /// given, times `factor`, then rounded. An input below its limit (`<`, `≤`, `ND (<…)`) leaves an
    /// interval:
    /// `statement` prints one end of it; without one both ends must round to the value, or `substituted` says
    /// that the fraction
    /// `censored` of its limit was put in.
    Combine {
        part: Vec<Term>,
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        whole: Vec<Term>,
        censored: String,
        factor: String,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        divisor: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        statement: Option<End>,
        #[serde(skip_serializing_if = "std::ops::Not::not", default)]
        substituted: bool,
        rounding: Rounding,
    },
    /// The input that leaves least room to the limits, or lies farthest beyond them, as it was before it was
    /// rounded; one that lies beyond them entirely goes before one that does in part.
    Worst {
        #[serde(skip_serializing_if = "Option::is_none", default)]
        lower: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        upper: Option<String>,
    },
    /// By a rule that a dossier cannot repeat; a verifier reports it as not recomputed.
    Stated { rule: Names },
}

/// Which end of an interval is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// `<0.03`.
    Upper,
    /// `≥45.2`.
    Lower,
    /// `33.69–33.72`: the least rounded down, the most rounded up.
    Both,
}

/// One input of [`Step::Combine`], times a factor (an oxide, a unit, a basis).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// The id of the input's node.
    pub node: String,
    pub factor: String,
}

/// Decimal places (negative: tens, hundreds) and the rule for ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rounding {
    pub places: i32,
    pub ties: Ties,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ties {
    /// GB/T 8170 and ISO 80000-1 rule A.
    ToEven,
    /// ISO 80000-1 rule B, by absolute value.
    AwayFromZero,
    /// Not only ties: every fraction is rounded up.
    Up,
    /// Not only ties: every fraction is rounded down.
    Down,
}

/// A token of a raw file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawToken {
    /// SHA-256 of the file, hex.
    pub file: String,
    /// Sheet of a workbook.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sheet: Option<String>,
    /// 1-based, as a person counts.
    pub row: u64,
    /// 1-based.
    pub column: u64,
    /// The token as it stands, spaces included.
    pub text: String,
    /// Where its UTF-8 bytes stand in the file: start, end (exclusive). Absent for workbooks and other
    /// encodings.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bytes: Option<[u64; 2]>,
}

/// `to` was made from `from`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edge {
    pub from: String,
    pub to: String,
    /// `evidence` and `read-from` carry values; every other role is context.
    pub role: String,
}

impl Edge {
    /// Whether the value of `to` is computed from the value of `from`.
    pub fn carries_value(&self) -> bool {
        matches!(self.role.as_str(), "evidence" | "read-from")
    }
}

/// Whether the certificate was in force when the dossier was exported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "kebab-case", deny_unknown_fields)]
pub enum SignedStanding {
    Current,
    Superseded {
        /// Number of the certificate to use instead.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        by: Option<String>,
        at: String,
        reason: Names,
    },
    /// Something the certificate rests on fell; nobody had decided at the export whether it stands.
    UnderReview {
        /// What fell, in words.
        reason: Names,
    },
    /// The issuer took it back.
    Withdrawn {
        at: String,
        reason: Names,
    },
}

/// The issuer's signed statement at export: the standing, and the hash of every other file in the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    /// The certificate's node.
    pub certificate: String,
    pub number: String,
    pub revision: u32,
    /// The instant the statement was made.
    pub as_of: String,
    pub standing: SignedStanding,
    /// Path in the archive → SHA-256, hex; every file but the note itself.
    pub files: BTreeMap<String, String>,
}

/// Why a status note is not believed.
#[derive(Debug, thiserror::Error)]
pub enum StatusError {
    #[error(transparent)]
    Note(#[from] note::NoteError),
    #[error("the note is not of the form {STATUS_SCHEMA}, one line of canonical JSON: {0}")]
    Form(String),
}

impl Status {
    /// The signed note: the schema on the first line, canonical JSON on the second.
    pub fn sign(&self, key: &SigningKey) -> Result<String, StatusError> {
        let json = serde_jcs::to_string(self).map_err(|error| StatusError::Form(error.to_string()))?;
        Ok(note::sign(&format!("{STATUS_SCHEMA}\n{json}\n"), key)?)
    }

    /// The statement that `key` signed.
    pub fn open(text: &str, key: &VerifierKey) -> Result<Self, StatusError> {
        Self::parse(&note::open(text, key)?)
    }

    /// What the note claims, whoever signed it.
    pub fn read_unverified(text: &str) -> Result<Self, StatusError> {
        Self::parse(&note::read_unverified(text)?)
    }

    fn parse(text: &str) -> Result<Self, StatusError> {
        let json = text.strip_prefix(STATUS_SCHEMA).and_then(|rest| rest.strip_prefix('\n'));
        let json = json.ok_or_else(|| StatusError::Form("the first line differs".to_owned()))?;
        serde_json::from_str(json).map_err(|error| StatusError::Form(error.to_string()))
    }
}
