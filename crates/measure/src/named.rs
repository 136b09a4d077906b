//! Enumerations whose stored name is one fixed word: one macro, so that the word in JSON, in a column and
//! in `as_str` cannot differ.

/// A stored word that is none of the names of its kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{word:?} is not a {kind}; known are {known}")]
pub struct NotAName {
    /// What was asked for, such as `basis`.
    pub kind: &'static str,
    /// The word as given.
    pub word: String,
    /// The words that would do, in their order.
    pub known: String,
}

/// Gives a fieldless enum `ALL`, `as_str`, `Display`, `FromStr` and serde by the same words.
macro_rules! named {
    ($kind:ty, $noun:literal, { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $kind {
            /// Every one, in order of declaration.
            pub const ALL: &'static [$kind] = &[$(<$kind>::$variant),+];

            /// The stored word.
            pub fn as_str(self) -> &'static str {
                match self { $(<$kind>::$variant => $word),+ }
            }
        }
        impl std::fmt::Display for $kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
        impl std::str::FromStr for $kind {
            type Err = $crate::NotAName;
            fn from_str(word: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|one| one.as_str() == word).ok_or_else(|| $crate::NotAName {
                    kind: $noun,
                    word: word.to_owned(),
                    known: Self::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(", "),
                })
            }
        }
        $crate::named::serde_by_text!($kind);
    };
}

/// Serialises by `Display` and reads by `FromStr`.
macro_rules! serde_by_text {
    ($kind:ty) => {
        impl serde::Serialize for $kind {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $kind {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use {named, serde_by_text};
