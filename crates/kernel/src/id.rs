//! One register of record kinds, and a typed id for each.
//!
//! An id prints as `lot-12`: the word of its kind and a number that is unique over all kinds.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

/// A text that is no id of the kind it was read as.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no {wanted} id; an id looks like `{wanted}-12`")]
pub struct IdError {
    text: String,
    wanted: &'static str,
}

/// Any record: its kind and its number. Prints as `lot-12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ref {
    /// What kind of record it is.
    pub kind: Kind,
    /// Its number, unique over all kinds.
    pub number: u64,
}

impl fmt::Display for Ref {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.kind.word(), self.number)
    }
}

impl FromStr for Ref {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let wrong = || IdError { text: text.to_owned(), wanted: "record" };
        let (word, number) = text.trim().rsplit_once('-').ok_or_else(wrong)?;
        let kind = Kind::from_word(word).ok_or_else(wrong)?;
        Ok(Ref { kind, number: number.parse().map_err(|_| wrong())? })
    }
}

impl Serialize for Ref {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Ref {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::ToSchema for Ref {}
impl utoipa::PartialSchema for Ref {
    fn schema() -> RefOr<Schema> {
        id_schema("record", "lot-12")
    }
}

fn id_schema(word: &str, example: &str) -> RefOr<Schema> {
    let format = utoipa::openapi::SchemaFormat::Custom(format!("{word}-id"));
    let object = ObjectBuilder::new().schema_type(Type::String).format(Some(format));
    let pattern = if word == "record" { ANY_ID.to_owned() } else { format!("^{word}-[0-9]{{1,19}}$") };
    let object = object.pattern(Some(pattern));
    RefOr::T(Schema::Object(object.examples([serde_json::json!(example)]).build()))
}

/// Any record's id.
const ANY_ID: &str = "^[a-z]+(-[a-z]+)*-[0-9]{1,19}$";

/// The schema of an id as JSON, for a part of a path.
pub fn id_pattern(word: &str, example: &str) -> serde_json::Value {
    serde_json::to_value(id_schema(word, example)).unwrap_or_default()
}

macro_rules! register {
    ($( $(#[$doc:meta])* $kind:ident $id:ident $word:literal; )*) => {
        /// Every kind of record that can stand in the ledger and in the thread.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $( $(#[$doc])* $kind, )* }

        impl Kind {
            /// All kinds, in the order of the register.
            pub const ALL: &'static [Kind] = &[$( Kind::$kind, )*];

            /// The word that stands before the number of an id.
            pub const fn word(self) -> &'static str {
                match self { $( Kind::$kind => $word, )* }
            }

            /// The kind with this word.
            pub fn from_word(word: &str) -> Option<Kind> {
                match word { $( $word => Some(Kind::$kind), )* _ => None }
            }
        }

        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $id(pub u64);

            impl $id {
                /// A new id from the counter.
                pub fn next(numbers: &mut dyn crate::Numbers) -> Self { $id(numbers.next()) }
                /// The bare number.
                pub const fn number(self) -> u64 { self.0 }
            }
            impl From<$id> for Ref {
                fn from(id: $id) -> Ref { Ref { kind: Kind::$kind, number: id.0 } }
            }
            impl TryFrom<Ref> for $id {
                type Error = IdError;
                fn try_from(any: Ref) -> Result<Self, IdError> {
                    if any.kind == Kind::$kind { Ok($id(any.number)) }
                    else { Err(IdError { text: any.to_string(), wanted: $word }) }
                }
            }
            impl fmt::Display for $id {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    write!(f, concat!($word, "-{}"), self.0)
                }
            }
            impl FromStr for $id {
                type Err = IdError;
                fn from_str(text: &str) -> Result<Self, IdError> {
                    let wrong = || IdError { text: text.to_owned(), wanted: $word };
                    let digits = text.trim().strip_prefix(concat!($word, "-")).ok_or_else(wrong)?;
                    Ok($id(digits.parse().map_err(|_| wrong())?))
                }
            }
            impl Serialize for $id {
                fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                    to.collect_str(self)
                }
            }
            impl<'de> Deserialize<'de> for $id {
                fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                    String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
                }
            }
            impl utoipa::ToSchema for $id {}
            impl utoipa::PartialSchema for $id {
                fn schema() -> RefOr<Schema> { id_schema($word, concat!($word, "-12")) }
            }
        )*
    };
}

register! {
    /// A person, as an actor and a name on records.
    Person PersonId "person";
    /// An interval in which a person may do an activity within a scope.
    Authorisation AuthorisationId "authorisation";
    /// A token with which a program acts for a person.
    Token TokenId "token";
    /// A signed-in session.
    Session SessionId "session";
    /// A supplier, customer, carrier, toll treater or laboratory.
    Party PartyId "party";
    /// What a lot is a lot of.
    Material MaterialId "material";
    /// A quantity of material that is kept apart and has its own history.
    Lot LotId "lot";
    /// One transformation of lots: receive, split, blend, and so on.
    Move MoveId "move";
    /// A lot taken to be tested.
    Sample SampleId "sample";
    /// What a customer or a plant asked the laboratory to find out.
    Request RequestId "request";
    /// A method, over all its versions.
    Method MethodId "method";
    /// One edition of a method, with limits and uncertainty.
    MethodVersion MethodVersionId "method-version";
    /// A measuring instrument.
    Instrument InstrumentId "instrument";
    /// One calibration of an instrument, with its window.
    Calibration CalibrationId "calibration";
    /// A certified reference material.
    ReferenceMaterial ReferenceMaterialId "reference-material";
    /// A batch of a reference material, with certified values.
    ReferenceLot ReferenceLotId "reference-lot";
    /// A run of samples with the blanks, standards and duplicates between them.
    Worksheet WorksheetId "worksheet";
    /// A file kept by its hash.
    File FileId "file";
    /// One import of a file with a mapping.
    Import ImportId "import";
    /// A row of an instrument file, as it stood.
    Reading ReadingId "reading";
    /// A result of a sample.
    Result ResultId "result";
    /// A result above range that is to be measured again.
    FollowUp FollowUpId "follow-up";
    /// One judgement of a control measurement.
    QcEvent QcEventId "qc";
    /// A specification, over all its versions.
    Specification SpecificationId "specification";
    /// One edition of a specification.
    SpecificationVersion SpecificationVersionId "specification-version";
    /// A hold on a lot.
    Hold HoldId "hold";
    /// A decision on a lot: release, reject, concession.
    Disposition DispositionId "disposition";
    /// A certificate, one revision of it.
    Certificate CertificateId "certificate";
    /// A gate overridden by a second person.
    Override OverrideId "override";
    /// An institute-wide setting.
    Setting SettingId "setting";
    /// A flowsheet, over all its versions.
    Flowsheet FlowsheetId "flowsheet";
    /// One version of a flowsheet: nodes, streams, components.
    FlowsheetVersion FlowsheetVersionId "flowsheet-version";
    /// A metal balance of a period on a flowsheet.
    Balance BalanceId "balance";
    /// A figure that a balance rests on: a flow, a grade, a stock-take.
    Measurement MeasurementId "measurement";
    /// A balance made to close, once.
    Reconciliation ReconciliationId "reconciliation";
    /// One reconciled number.
    Figure FigureId "figure";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_reads_back_from_its_own_text() {
        for kind in Kind::ALL {
            let any = Ref { kind: *kind, number: 7 };
            assert_eq!(any.to_string().parse(), Ok(any));
        }
    }

    #[test]
    fn an_id_of_another_kind_is_refused_by_name() {
        let error = "sample-4".parse::<LotId>().unwrap_err();
        assert_eq!(error.to_string(), "`sample-4` is no lot id; an id looks like `lot-12`");
        assert!("lot-".parse::<LotId>().is_err());
        assert!("lot-1x".parse::<Ref>().is_err());
    }
}
