//! What was known not to conform when somebody consented to it. Consent answers for that, and for nothing
//! that is found later (ISO 9001:2015 8.7.1): another figure of the same item is another nonconformity.

use std::collections::BTreeSet;

use kernel::SampleId;
use serde::{Deserialize, Serialize};

use crate::judgement::Line;

/// A figure that does not conform.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Nonconformity {
    /// The item.
    pub analyte: String,
    /// The sample, where it is of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<SampleId>,
    /// The figure as it is printed.
    pub figure: String,
    /// What was compared with the limit.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub compared: String,
}

impl Nonconformity {
    /// What a line says against a lot; nothing where it passes.
    pub fn of(line: &Line) -> Option<Self> {
        let Line { analyte, sample, figure, compared, .. } = line;
        (!line.passes()).then(|| Nonconformity {
            analyte: analyte.clone(),
            sample: *sample,
            figure: figure.clone(),
            compared: compared.clone(),
        })
    }

    /// Every figure that does not conform; what was not measured is none.
    pub fn all(lines: &[Line]) -> BTreeSet<Self> {
        lines.iter().filter(|line| !line.results.is_empty()).filter_map(Nonconformity::of).collect()
    }
}
