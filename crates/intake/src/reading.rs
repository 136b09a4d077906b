//! What comes out: readings, what became of every row, and the account of both.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::time::DateQuestion;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$item:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$item])* $variant),+ }

        impl $name {
            /// Every member, in order.
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The word used in mappings, JSON and answer keys.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// The member with this word.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == word)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }
    };
}

words! {
    /// What a cell says about the quantity. None of these is ever zero.
    Qualifier {
        /// A number.
        Value = "value",
        /// Below a limit, printed or not.
        Below = "below",
        /// Above a range.
        Above = "above",
        /// Looked for and not found.
        NotDetected = "not_detected",
        /// Not analysed.
        NotAnalysed = "not_analysed",
        /// Not enough sample.
        InsufficientSample = "insufficient_sample",
        /// Announced but not received.
        ListedNotReceived = "listed_not_received",
        /// The instrument printed something that is no number (NaN, an error).
        Invalid = "invalid",
        /// The cell is empty.
        Missing = "missing",
    }
}

words! {
    /// What kind of row the reading comes from.
    Class {
        /// A sample.
        Sample = "sample",
        /// A blank.
        Blank = "blank",
        /// A calibration standard.
        Standard = "standard",
        /// A control or reference material.
        Control = "control",
        /// A duplicate.
        Duplicate = "duplicate",
        /// A statistic of other rows; never a sample.
        Statistics = "statistics",
        /// Not read.
        Skip = "skip",
        /// No rule says.
        Unknown = "unknown",
    }
}

/// One replicate of a reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Replicate {
    /// Cell text.
    pub raw: String,
    /// Flag beside it, empty for none.
    pub flag: String,
    /// Decimal text, for a mean; none for anything but a plain number.
    #[serde(skip)]
    pub(crate) value: Option<String>,
}

/// One reading. The first thirteen members in JSON are the preview contract, in this order.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reading {
    /// `12`, or `Sheet!12` in a workbook; 1-based, as an editor or the sheet shows it.
    pub row: String,
    /// Sample id as extracted; empty when the file does not tell.
    pub sample_id: String,
    /// Class of the row.
    pub class: Class,
    /// Symbol, formula or name of the analyte.
    pub analyte: String,
    /// Wavelength, mass, line, range or view; empty for none.
    pub channel: String,
    /// Exact text of the cell.
    pub raw: String,
    /// What the cell says.
    pub qualifier: Qualifier,
    /// Decimal text with the digits of the source; only for `value` and for `below` with its limit.
    pub value: Option<String>,
    /// Unit after aliases (`%`, `ppm`, `mg/L`, …); empty for statistics without one.
    pub unit: String,
    /// `dry`, `as_received`, `calcined` or `not_stated`.
    pub basis: String,
    /// The instrument's own marks, verbatim.
    pub flags: Vec<String>,
    /// From the mapping.
    pub instrument: String,
    /// ISO 8601, local unless the mapping gives a zone.
    pub measured_at: Option<String>,
    /// 1-based column of the cell.
    pub column: u32,
    /// Sample id before a pattern took a part of it.
    pub sample_id_verbatim: String,
    /// 1 for the first reading of this id, analyte and channel; 2 for the next.
    pub occurrence: u32,
    /// Unit as written.
    pub unit_raw: String,
    /// Limit that was printed with `below` or `above`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// The instrument reports this one (false: an ancillary channel).
    pub reported: bool,
    /// Among several ranges: this one counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chosen: Option<bool>,
    /// Why a person must decide before anything is imported from this reading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs_decision: Option<String>,
    /// Marks of treatment: `computed`, `normalised`, `unit from mapping`, …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<String>,
    /// Everything else the row says: SD, RSD, LLD, mass, dilution, …
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// Replicates, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replicates: Vec<Replicate>,
    /// Name of the region of the mapping.
    pub region: String,
}

impl Reading {
    /// What makes two readings of two files the same: id, analyte, channel, time, occurrence and cell text.
    pub fn identity(&self) -> String {
        let time = self.measured_at.as_deref().unwrap_or("");
        [
            &self.instrument,
            &self.sample_id_verbatim,
            &self.analyte,
            &self.channel,
            time,
            &self.occurrence.to_string(),
            &self.raw,
            &self.unit,
        ]
        .join("\u{1f}")
    }

    pub(crate) fn ask(&mut self, reason: &str) {
        match &mut self.needs_decision {
            None => self.needs_decision = Some(reason.to_owned()),
            Some(all) if all.contains(reason) => {}
            Some(all) => {
                all.push_str("; ");
                all.push_str(reason);
            }
        }
    }
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It gave readings.
    Reading {
        /// How many.
        readings: u32,
    },
    /// It was kept as attributes of the file, the block or other readings.
    Attribute,
    /// It is a header, a unit row, or the line that opens a region.
    Header,
    /// It gave readings of class statistics.
    Statistics {
        /// How many.
        readings: u32,
    },
    /// A rule of the mapping leaves it out.
    Skipped {
        /// Which rule.
        rule: String,
    },
    /// Nothing stands in it; in workbooks one entry may stand for several rows.
    Blank {
        /// Number of rows.
        rows: u32,
    },
    /// Nothing was read from it.
    Refused {
        /// Why, with the token.
        reason: String,
    },
    /// Its readings are shown, but nothing is imported before a person decides.
    NeedsDecision {
        /// How many.
        readings: u32,
        /// The question.
        reason: String,
    },
}

/// A row and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowOutcome {
    /// As [`Reading::row`].
    pub row: String,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// A cell from which nothing was read, while its row gave other readings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// As [`Reading::row`].
    pub row: String,
    /// 1-based column.
    pub column: u32,
    /// Name of the column, where it has one.
    pub header: String,
    /// The cell text.
    pub token: String,
    /// Why.
    pub reason: String,
}

/// How the rows of the file add up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Rows of the file (of the sheets read, up to the last row with content).
    pub rows: u64,
    /// Rows that gave readings.
    pub reading: u64,
    /// Rows kept as attributes.
    pub attribute: u64,
    /// Header rows.
    pub header: u64,
    /// Rows of statistics.
    pub statistics: u64,
    /// Rows left out by a rule.
    pub skipped: u64,
    /// Empty rows.
    pub blank: u64,
    /// Rows refused.
    pub refused: u64,
    /// Rows that need a decision.
    pub needs_decision: u64,
    /// Readings in all.
    pub readings: u64,
    /// Cells refused in rows that gave other readings.
    pub refused_cells: u64,
}

impl Account {
    /// Adds one outcome.
    pub(crate) fn add(&mut self, outcome: &Outcome) {
        let rows = if let Outcome::Blank { rows } = outcome { u64::from(*rows) } else { 1 };
        self.rows += rows;
        let place = match outcome {
            Outcome::Reading { .. } => &mut self.reading,
            Outcome::Attribute => &mut self.attribute,
            Outcome::Header => &mut self.header,
            Outcome::Statistics { .. } => &mut self.statistics,
            Outcome::Skipped { .. } => &mut self.skipped,
            Outcome::Blank { .. } => &mut self.blank,
            Outcome::Refused { .. } => &mut self.refused,
            Outcome::NeedsDecision { .. } => &mut self.needs_decision,
        };
        *place += rows;
    }
}

/// Everything read from one file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Import {
    /// File name as given.
    pub file: String,
    /// Name of the mapping.
    pub mapping: String,
    /// Version of the mapping.
    pub mapping_version: String,
    /// Instrument, from the mapping.
    pub instrument: String,
    /// Encoding the text was read in, or `workbook`.
    pub encoding: String,
    /// Pairs of the preamble.
    pub attributes: BTreeMap<String, String>,
    /// In file order.
    pub readings: Vec<Reading>,
    /// Every row of the file.
    pub rows: Vec<RowOutcome>,
    /// Cells from which nothing was read.
    pub refusals: Vec<Refusal>,
    /// What looks odd; never a change.
    pub warnings: Vec<String>,
    /// Whether the dates of the file tell day from month: if not, nothing is imported before a person says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_question: Option<DateQuestion>,
    /// The sums.
    pub account: Account,
}
