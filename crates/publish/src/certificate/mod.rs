//! A certificate: the document, its canonical JSON and its PDF.
//!
//! The JSON is the certificate; the PDF is how people read it. Both are bound to the ledger by their hashes,
//! the JSON is also attached inside the PDF, and every number carries a `node` by which it opens in the
//! dossier's derivation. Numbers are decimal text, as reported: no binary fraction comes between the
//! laboratory and the reader.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::label::qr_svg;
use crate::names::Names;
use crate::typeset::{self, Sheet, TypesetError};

pub mod sample;

/// The schema of [`CertificateDocument`], its first field.
pub const SCHEMA: &str = "orepass-certificate/1";

/// Everything a certificate says. Serialised by RFC 8785 it is `certificate.json`; `docs/dossier.md` gives
/// the schema.
///
/// Instants are RFC 3339 in UTC (`2026-03-14T09:26:53Z`), days are ISO 8601 in the institute's calendar,
/// masses are kilograms as decimal text, and what is not stated is left out rather than empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateDocument {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The certificate's own node in the derivation, such as `certificate-12`.
    pub node: String,
    pub issuer: Issuer,
    pub number: String,
    /// 0 for the first issue of this number.
    pub revision: u32,
    /// The instant of issue; it also dates the PDF.
    pub issued_at: String,
    /// The day of issue as printed.
    pub issued_on: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub supersedes: Option<Supersedes>,
    pub customer: Party,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub contract: Option<String>,
    pub product: Product,
    pub specification: Specification,
    pub lot: Lot,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sampling: Option<Sampling>,
    pub items: Vec<Item>,
    pub disposition: Disposition,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub origin: Option<Origin>,
    pub signatures: Vec<Signature>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub remarks: Vec<Names>,
    pub verification: VerificationCode,
    /// The name of the issuer's ledger key, the origin line of its checkpoints. A verifier expects this key
    /// and no other.
    pub ledger_origin: String,
    /// Whether the data are made up (demonstration, training). Printed as a band on every page.
    pub synthetic: bool,
}

/// Who issues the certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    pub name: Names,
    pub address: Names,
    /// Telephone, e-mail or site, as one line.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub contact: Option<String>,
    /// Accreditation with its number, if this certificate is issued under one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub accreditation: Option<Names>,
}

/// The certificate that this one takes the place of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supersedes {
    pub number: String,
    pub revision: u32,
    pub reason: Names,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    pub name: Names,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub address: Option<Names>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    pub name: Names,
    /// Chemical formula in plain text (`MnSO4·H2O`); printed with subscripts.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub formula: Option<String>,
    /// Grade code of the specification.
    pub grade: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Specification {
    pub code: String,
    pub edition: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub title: Option<Names>,
    /// How results were rounded and compared with the limits (GB/T 8170 full value or rounded value; ISO/IEC
    /// 17025 7.8.6).
    pub judgement: Names,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lot {
    pub code: String,
    /// The lot in the derivation, such as `lot-31`.
    pub node: String,
    pub produced_on: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub packages: Option<Packages>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub gross_kg: Option<String>,
    pub net_kg: String,
    /// The state the net mass is given in: as received, dry, calcined.
    pub net_basis: Names,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub moisture_percent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub dry_kg: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Packages {
    pub count: u32,
    pub kind: Names,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sampling {
    pub plan: Names,
    pub sampled_on: String,
    /// The samples truly tested, and no others.
    pub samples: Vec<String>,
}

/// One line of results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The result in the derivation, such as `result-123`.
    pub node: String,
    pub analyte: Analyte,
    /// The limit as the specification words it (`≤ 0.0010`, `32.0–32.5`); absent when only reported.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub limit: Option<String>,
    pub result: Reported,
    pub unit: String,
    /// Dry, as received, calcined; absent where none applies (pH, particle size).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub basis: Option<Names>,
    pub method: Method,
    /// Below which the method gives no number, in the unit and basis of the result.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reporting_limit: Option<String>,
    /// The limit of detection, where it is another than the reporting limit.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub detection_limit: Option<String>,
    /// What the method's edition reports below its limits.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reporting_rule: Option<ReportingRule>,
    /// Where members below their limit leave a sum, ratio or mean.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub interval: Option<Interval>,
    /// What was put in for members below their limit, where that was agreed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub substitution: Option<Substitution>,
    /// The one sample it is of, where each sample has an item of its own.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sample: Option<String>,
    /// What several samples, or several results of one, came to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub samples: Option<Samples>,
    /// Expanded uncertainty in the unit of the result, with its coverage factor (`± 0.12 (k = 2)`); it ends
    /// at the decimal place of the result, and only a value that is no estimate has one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub uncertainty: Option<String>,
    pub verdict: Verdict,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub marks: Vec<Mark>,
}

/// What a method reports below its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportingRule {
    /// `<LOQ` below the limit of quantification.
    BelowLoq,
    /// Not detected below the limit of detection, `<LOQ` between the two.
    NdBelowLod,
    /// Not detected below the limit of detection, an estimate with its mark between the two.
    Estimated,
}

/// The least and the most a figure can be; an end that is open is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub low: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub high: Option<String>,
}

/// A fraction of their limit that was put in for members below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Substitution {
    pub fraction: String,
    pub members: Vec<String>,
}

/// What several samples of a lot, or several results of one sample, came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Samples {
    pub rule: SampleRule,
    /// How many samples.
    pub n: u32,
    /// What each came to; empty where each has an item of its own.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub values: Vec<SampleValue>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SampleRule {
    Mean,
    Worst,
    Each,
    ByIncrement,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleValue {
    /// The code of the sample.
    pub sample: String,
    /// The value in the derivation.
    pub node: String,
    /// As it would be printed, qualifier included.
    pub text: String,
    /// The mass by which it counts.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub mass_kg: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Analyte {
    pub name: Names,
    /// Element or formula in plain text (`Mn`, `La2O3`); printed with subscripts.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub formula: Option<String>,
}

/// A result exactly as reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reported {
    pub qualifier: Qualifier,
    /// What is printed, qualifier included: `32.14`, `<0.0010`, `ND`.
    pub text: String,
}

/// What kind of statement a reported text is. None of them is ever zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Qualifier {
    Value,
    Below,
    Above,
    /// Both ends of the interval in which it lies: `33.69–33.72`.
    Between,
    NotDetected,
    NotAnalysed,
    InsufficientSample,
    ListedNotReceived,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    pub code: String,
    pub edition: String,
    /// Technique, such as ICP-OES.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub technique: Option<Names>,
}

/// The judgement of one item. A censored value that straddles its limit is undecidable, never a guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Pass,
    Fail,
    Undecidable,
    NotJudged,
}

/// What the reader must know about how a number came here; printed as a letter with a legend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    HandTyped,
    ChangedSinceEntry,
    FromCustomer,
    FromOtherLaboratory,
    Subcontracted,
    /// A number below the limit of quantification, which the method gives as an estimate.
    Estimated,
    /// A fraction of their limit was put in for members below it.
    Substituted,
}

/// What was decided about the lot as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Disposition {
    /// Every required item conforms.
    Released {
        statement: Names,
    },
    /// Released although it does not conform, with the customer's consent.
    Concession {
        statement: Names,
        reference: String,
        consent: Names,
    },
    /// On hold: the certificate states results, and is no leave to use the lot.
    Held {
        statement: Names,
    },
    Rejected {
        statement: Names,
    },
}

impl Disposition {
    /// The word of its `decision`.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Released { .. } => "released",
            Self::Concession { .. } => "concession",
            Self::Held { .. } => "held",
            Self::Rejected { .. } => "rejected",
        }
    }

    /// What it says, in both languages.
    pub const fn statement(&self) -> &Names {
        match self {
            Self::Released { statement }
            | Self::Concession { statement, .. }
            | Self::Held { statement }
            | Self::Rejected { statement } => statement,
        }
    }

    /// Whether it gives leave to use the lot.
    pub const fn gives_leave(&self) -> bool {
        matches!(self, Self::Released { .. } | Self::Concession { .. })
    }
}

/// Where the material came from, by which rule shares were attributed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    pub statement: Names,
    /// One of the five models of ISO 22095, in words.
    pub custody_model: Names,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub shares: Vec<OriginShare>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OriginShare {
    pub source: Names,
    pub share_percent: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    pub meaning: Meaning,
    pub name: Names,
    pub at: String,
    /// Number of the authorisation in force at that instant.
    pub authorisation: String,
    /// The interval that the authorisation was in force, as text.
    pub authorised: String,
}

/// What a signature says; the order is the order on the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Meaning {
    Tested,
    Checked,
    Approved,
    Released,
    Witnessed,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerificationCode {
    /// Short code a person can type.
    pub code: String,
    /// Address that the QR code opens.
    pub url: String,
}

/// Whether the copy being printed is of a certificate still in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "standing", rename_all = "kebab-case")]
pub enum Standing {
    Current,
    /// Printed across every page; `by` is the certificate to use instead, if there is one.
    Superseded {
        by: Option<String>,
        on: String,
        reason: Names,
    },
    /// Something it rests on fell, and nobody has decided yet; printed across every page.
    UnderReview {
        on: String,
    },
    /// Taken back; printed across every page.
    Withdrawn {
        on: String,
        reason: Names,
    },
}

impl CertificateDocument {
    /// The canonical bytes (RFC 8785) that are hashed, signed for and exported as `certificate.json`.
    pub fn canonical(&self) -> Vec<u8> {
        serde_jcs::to_vec(self).expect("a document of texts and small integers always has a canonical form")
    }

    /// Reads a certificate; a field that is unknown, missing or of another type is an error that names it.
    pub fn parse(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }
}

#[derive(Serialize)]
struct Data<'a> {
    certificate: &'a CertificateDocument,
    #[serde(flatten)]
    standing: &'a Standing,
}

/// Typesets the certificate, A4 and PDF/A-3a, with its canonical JSON attached. Equal input gives equal
/// bytes.
pub fn pdf(document: &CertificateDocument, standing: &Standing) -> Result<Vec<u8>, TypesetError> {
    let data = serde_json::to_vec(&Data { certificate: document, standing })
        .map_err(|error| TypesetError::Data { what: "a certificate", reason: error.to_string() })?;
    let files = BTreeMap::from([
        ("data.json", data),
        ("qr.svg", qr_svg(&document.verification.url)?.into_bytes()),
        ("certificate.json", document.canonical()),
    ]);
    typeset::pdf(Sheet {
        what: "a certificate",
        template: include_str!("certificate.typ"),
        files,
        at: &document.issued_at,
        ident: format!("{} {} {}", document.ledger_origin, document.number, document.revision),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(name: &str, bytes: &[u8]) {
        if let Ok(dir) = std::env::var("OREPASS_LOOK") {
            std::fs::write(format!("{dir}/{name}.pdf"), bytes).unwrap();
        }
    }

    #[test]
    fn two_renders_are_equal_bytes() {
        let document = sample::manganese_sulphate();
        let first = pdf(&document, &Standing::Current).unwrap();
        assert_eq!(first, pdf(&document, &Standing::Current).unwrap());
        look("certificate", &first);
    }

    #[test]
    fn every_disposition_and_standing_is_typeset() {
        let mut document = sample::sixty_items();
        look("sixty", &pdf(&document, &Standing::Current).unwrap());
        document = sample::manganese_sulphate();
        let statement = Names::new(
            "Cadmium exceeds its limit. Released with the customer's consent for this lot only.",
            "镉超出限值，经客户同意，仅限本批让步接收。",
        );
        document.disposition = Disposition::Concession {
            statement: statement.clone(),
            reference: "CN-2026-004".into(),
            consent: Names::new("Customer's letter of 2026-03-13", "客户 2026-03-13 函"),
        };
        document.items[3].verdict = Verdict::Fail;
        let value = |sample: &str, text: &str| SampleValue {
            sample: sample.into(),
            node: "result-3".into(),
            text: text.into(),
            mass_kg: Some("2.5".into()),
        };
        let values = vec![value("S-1", "0.0034"), value("S-2", "<0.0001")];
        document.items[1].samples = Some(Samples { rule: SampleRule::ByIncrement, n: 2, values });
        document.items[2].substitution =
            Some(Substitution { fraction: "0.5".into(), members: vec!["Mg".into()] });
        document.items[2].marks = vec![Mark::Estimated, Mark::Substituted];
        document.items[2].detection_limit = Some("0.00003".into());
        document.items[4].sample = Some("S-2".into());
        document.items[4].reporting_rule = Some(ReportingRule::NdBelowLod);
        document.items[5].reporting_rule = Some(ReportingRule::Estimated);
        document.items[6].verdict = Verdict::Undecidable;
        let standing = Standing::Superseded {
            by: Some("C-2026-0019".into()),
            on: "2026-04-02".into(),
            reason: Names::new("calibration withdrawn", "校准被撤回"),
        };
        look("superseded", &pdf(&document, &standing).unwrap());
        let reason = Names::new("calibration withdrawn", "校准被撤回");
        let standing = Standing::Withdrawn { on: "2026-04-02".into(), reason };
        look("withdrawn", &pdf(&document, &standing).unwrap());
        let standing = Standing::UnderReview { on: "2026-04-02".into() };
        look("under-review", &pdf(&document, &standing).unwrap());
        document.disposition = Disposition::Held { statement: statement.clone() };
        document.synthetic = false;
        look("held", &pdf(&document, &Standing::Current).unwrap());
        document.disposition = Disposition::Rejected { statement };
        document.sampling = None;
        document.origin = None;
        document.supersedes = None;
        document.signatures.truncate(1);
        pdf(&document, &Standing::Current).unwrap();
    }

    #[test]
    fn names_are_data_and_never_template_code() {
        let mut document = sample::manganese_sulphate();
        document.customer.name = Names::new("#panic(\"x\") $ [ * _ ` \\", "#{ 1 } \"]");
        pdf(&document, &Standing::Current).unwrap();
    }

    #[test]
    fn an_instant_that_is_not_one_is_refused_by_name() {
        let mut document = sample::manganese_sulphate();
        document.issued_at = "yesterday".into();
        let error = pdf(&document, &Standing::Current).unwrap_err();
        assert!(error.to_string().contains("\"yesterday\""), "{error}");
    }

    #[test]
    fn canonical_json_reads_back_to_the_same_document_and_refuses_unknown_fields() {
        let document = sample::manganese_sulphate();
        let canonical = document.canonical();
        assert_eq!(CertificateDocument::parse(&canonical).unwrap(), document);
        let text = String::from_utf8(canonical).unwrap();
        let error = CertificateDocument::parse(text.replacen("\"grade\"", "\"grad\"", 1).as_bytes());
        assert!(error.unwrap_err().to_string().contains("grad"));
    }
}
