//! The two languages of every word that leaves the house.

use serde::{Deserialize, Serialize};

/// A text in English and in Simplified Chinese. Printed side by side, so both are always there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    pub en: String,
    pub zh: String,
}

impl Names {
    /// Both texts, English first.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }
}
