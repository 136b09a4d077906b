//! What may not be done with a reference material. Pure.

use kernel::{Instant, Refusal, Refuse};

/// Why not, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoReference {
    /// The code is taken.
    CodeTaken(String),
    /// There is no such reference material or lot.
    Unknown(String),
    /// A lot without certified values.
    NoValues,
    /// An analyte stands twice.
    AnalyteTwice(String),
    /// It was voided before.
    Voided {
        /// Its code.
        code: String,
        /// From when on.
        from: Instant,
    },
}

impl Refuse for NoReference {
    fn refusal(&self) -> Refusal {
        let clause = "ISO/IEC 17025:2017 7.7.1 a";
        match self {
            NoReference::CodeTaken(code) => Refusal::new("reference-code-taken", clause).with("code", code),
            NoReference::Unknown(what) => {
                let refusal = Refusal::new("reference-unknown", clause).with("what", what);
                refusal.remedy("reference.define", None)
            }
            NoReference::Voided { code, from } => {
                let refusal = Refusal::new("reference-lot-voided", "ISO/IEC 17025:2017 7.10.1");
                refusal.with("code", code).with("from", from)
            }
            NoReference::NoValues => Refusal::new("reference-no-values", clause),
            NoReference::AnalyteTwice(analyte) => {
                Refusal::new("reference-analyte-twice", clause).with("analyte", analyte)
            }
        }
    }
}
