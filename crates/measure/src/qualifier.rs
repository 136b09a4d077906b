//! What a reported value says about its number. None of these is ever a zero.

use crate::named::named;

/// The kinds of answer a laboratory gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Qualifier {
    /// A number, negative ones near zero included.
    Value,
    /// Below the printed limit (`<0.001`), or below a limit that was not printed.
    Below,
    /// Above the printed limit (`>10`), or above a range that was not printed (`OVER`).
    Above,
    /// Looked for and not found (`ND`, 未检出).
    NotDetected,
    /// Not looked for (`/`, `NA`).
    NotAnalysed,
    /// There was too little to analyse.
    InsufficientSample,
    /// On the list of samples, not in the box.
    ListedNotReceived,
    /// The instrument says the number is meaningless (`NaN`, `#N/A`).
    Invalid,
    /// The cell is blank.
    Missing,
}

named!(Qualifier, "qualifier", {
    Value = "value",
    Below = "below",
    Above = "above",
    NotDetected = "not_detected",
    NotAnalysed = "not_analysed",
    InsufficientSample = "insufficient_sample",
    ListedNotReceived = "listed_not_received",
    Invalid = "invalid",
    Missing = "missing",
});

impl Qualifier {
    /// True where the laboratory measured: a value, or a statement about where the value lies.
    pub fn is_measured(self) -> bool {
        matches!(self, Self::Value | Self::Below | Self::Above | Self::NotDetected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for one in Qualifier::ALL {
            assert_eq!(one.as_str().parse(), Ok(*one));
            let json = serde_json::to_string(one).unwrap();
            assert_eq!(json, format!("\"{one}\""));
            assert_eq!(serde_json::from_str::<Qualifier>(&json).unwrap(), *one);
        }
        assert_eq!(Qualifier::ALL.len(), 9);
        assert!("zero".parse::<Qualifier>().unwrap_err().to_string().contains("not_detected"));
    }
}
