//! The five chain of custody models of ISO 22095:2020 and what becomes of them when lots are mixed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How a lot's origin is tied to the lot (ISO 22095:2020, clause 5), from the strongest tie to none.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema, Default,
)]
#[serde(rename_all = "kebab-case")]
pub enum Custody {
    /// From one source, kept apart all the way.
    IdentityPreserved,
    /// From several sources that all have the stated characteristic, kept apart from others.
    Segregated,
    /// Mixed with other material in a known proportion for each lot.
    ControlledBlending,
    /// Mixed with other material; proportions are kept in the books.
    #[default]
    MassBalance,
    /// The claim travels in the books only, not with the material.
    BookAndClaim,
}

/// Mixing that no model allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MixError {
    /// A book-and-claim lot has given its claim away; with lots that carry theirs it gives no claim at all.
    BookAndClaim,
    /// More was claimed for the mixture than its parts allow.
    TooStrong {
        /// What was claimed.
        claimed: Custody,
        /// The most that can be claimed.
        most: Custody,
    },
}

impl Custody {
    /// All five, strongest first.
    pub const ALL: &'static [Custody] = &[
        Custody::IdentityPreserved,
        Custody::Segregated,
        Custody::ControlledBlending,
        Custody::MassBalance,
        Custody::BookAndClaim,
    ];

    /// The stored word.
    pub const fn word(self) -> &'static str {
        match self {
            Custody::IdentityPreserved => "identity-preserved",
            Custody::Segregated => "segregated",
            Custody::ControlledBlending => "controlled-blending",
            Custody::MassBalance => "mass-balance",
            Custody::BookAndClaim => "book-and-claim",
        }
    }

    /// The model of what is made from these: the weakest of them, and no longer identity preserved when they
    /// have not one known source. `claimed` may state less, never more. A book-and-claim lot mixes with the
    /// others only when the mixture is stated to be book and claim.
    pub fn mixed(parts: &[Custody], one_source: bool, claimed: Option<Custody>) -> Result<Custody, MixError> {
        let books = parts.iter().filter(|part| **part == Custody::BookAndClaim).count();
        if books > 0 && books < parts.len() && claimed != Some(Custody::BookAndClaim) {
            return Err(MixError::BookAndClaim);
        }
        let weakest = parts.iter().copied().max().unwrap_or_default();
        let apart = if parts.len() > 1 && !one_source { Custody::Segregated } else { weakest };
        let most = weakest.max(apart);
        match claimed {
            Some(claimed) if claimed < most => Err(MixError::TooStrong { claimed, most }),
            Some(claimed) => Ok(claimed),
            None => Ok(most),
        }
    }
}

impl fmt::Display for Custody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Custody {
    type Err = String;
    fn from_str(word: &str) -> Result<Self, String> {
        let found = Custody::ALL.iter().copied().find(|model| model.word() == word);
        found.ok_or_else(|| format!("`{word}` is no chain of custody model of ISO 22095"))
    }
}

#[cfg(test)]
mod tests {
    use super::Custody::*;
    use super::*;

    #[test]
    fn mixing_yields_the_weaker_or_is_refused() {
        let too_strong = |claimed, most| Err(MixError::TooStrong { claimed, most });
        let table = [
            (vec![IdentityPreserved], false, None, Ok(IdentityPreserved)),
            (vec![IdentityPreserved, IdentityPreserved], true, None, Ok(IdentityPreserved)),
            (vec![IdentityPreserved, IdentityPreserved], false, None, Ok(Segregated)),
            (vec![IdentityPreserved, Segregated], true, None, Ok(Segregated)),
            (vec![Segregated, ControlledBlending], false, None, Ok(ControlledBlending)),
            (vec![ControlledBlending, MassBalance], false, None, Ok(MassBalance)),
            (vec![Segregated, Segregated], false, Some(MassBalance), Ok(MassBalance)),
            (vec![Segregated, MassBalance], false, Some(Segregated), too_strong(Segregated, MassBalance)),
            (
                vec![IdentityPreserved; 2],
                false,
                Some(IdentityPreserved),
                too_strong(IdentityPreserved, Segregated),
            ),
            (vec![BookAndClaim, BookAndClaim], false, None, Ok(BookAndClaim)),
            (vec![BookAndClaim, Segregated], false, None, Err(MixError::BookAndClaim)),
            (vec![BookAndClaim, Segregated], false, Some(MassBalance), Err(MixError::BookAndClaim)),
            (vec![BookAndClaim, Segregated], false, Some(BookAndClaim), Ok(BookAndClaim)),
        ];
        for (parts, one_source, claimed, expected) in table {
            assert_eq!(Custody::mixed(&parts, one_source, claimed), expected, "{parts:?} {claimed:?}");
        }
    }

    #[test]
    fn words_read_back() {
        for model in Custody::ALL {
            assert_eq!(model.word().parse(), Ok(*model));
            assert_eq!(serde_json::to_string(model).unwrap(), format!("\"{model}\""));
        }
    }
}
