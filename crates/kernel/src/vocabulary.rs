//! Vocabularies: enumerations whose members are stored, sent, read and shown by one word each.
//!
//! The word is written once. What is stored, what is read, and what the schema (hence the form, the command
//! line and the OpenAPI document) offers are made of it, so that nothing can be offered that is not taken.

use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

/// An enumeration with one word for each member.
///
/// ```
/// kernel::vocabulary! {
///     /// How hot it is.
///     Heat {
///         /// Below 20 °C.
///         Cold = "cold",
///         /// The rest.
///         NotCold = "not-cold",
///     }
/// }
/// assert_eq!(serde_json::to_string(&Heat::NotCold).unwrap(), "\"not-cold\"");
/// assert_eq!("not-cold".parse::<Heat>(), Ok(Heat::NotCold));
/// ```
#[macro_export]
macro_rules! vocabulary {
    ($(#[doc = $doc:literal])* $name:ident {
        $( $(#[doc = $said:literal])* $variant:ident = $word:literal ),+ $(,)?
    }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize,
                 ::serde::Deserialize)]
        pub enum $name { $( $(#[doc = $said])* #[serde(rename = $word)] $variant ),+ }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [$name] = &[$( $name::$variant ),+];

            /// The word it is stored, sent and read by.
            pub const fn word(self) -> &'static str {
                match self { $( $name::$variant => $word ),+ }
            }

            /// The one with this word.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == word)
            }
        }
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.word())
            }
        }
        impl ::std::str::FromStr for $name {
            type Err = String;
            fn from_str(word: &str) -> Result<Self, String> {
                Self::from_word(word).ok_or_else(|| format!(concat!("`{}` is no ", stringify!($name)), word))
            }
        }
        impl ::utoipa::ToSchema for $name {}
        impl ::utoipa::PartialSchema for $name {
            fn schema() -> ::utoipa::openapi::RefOr<::utoipa::openapi::Schema> {
                $crate::words_schema(&[$($doc),*], &[$($word),+])
            }
        }
    };
}

/// The schema of a text that is one of these words. `doc` are the lines of a doc comment.
pub fn words_schema(doc: &[&str], words: &[&'static str]) -> RefOr<Schema> {
    let lines: Vec<&str> = doc.iter().map(|line| line.trim()).collect();
    let said = Some(lines.join("\n")).filter(|said| !said.is_empty());
    let text = ObjectBuilder::new().schema_type(Type::String).description(said);
    RefOr::T(Schema::Object(text.enum_values(Some(words.iter().copied())).build()))
}

#[cfg(test)]
mod tests {
    use utoipa::PartialSchema;

    vocabulary! {
        /// How far.
        Far {
            /// Here.
            NotAtAll = "not_at_all",
            /// There.
            VeryFar = "very-far",
        }
    }

    #[test]
    fn what_the_schema_offers_is_what_is_read_and_written() {
        let schema = serde_json::to_value(Far::schema()).unwrap();
        assert_eq!(schema["enum"], serde_json::json!(["not_at_all", "very-far"]));
        assert_eq!(schema["description"], "How far.");
        for (word, one) in schema["enum"].as_array().unwrap().iter().zip(Far::ALL) {
            assert_eq!(serde_json::from_value::<Far>(word.clone()).unwrap(), *one);
            assert_eq!(serde_json::to_value(one).unwrap(), *word);
            assert_eq!(word.as_str().unwrap().parse(), Ok(*one));
        }
        assert!("VeryFar".parse::<Far>().is_err());
    }
}
