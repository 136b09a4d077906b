//! The rules of a region: sample ids, values, qualifiers, flags, classes, replicates, ranges, checks.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use super::{ColumnId, Extract, When};
use crate::reading::{Class, Qualifier};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    Unknown,
    Duplicate,
    Again,
}

#[derive(Debug, Clone)]
pub(crate) struct Sample {
    pub from: Option<Extract>,
    pub unknown: Vec<String>,
    pub repeat: Repeat,
    pub carry: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Analyte {
    pub from: Option<Extract>,
    pub patterns: Vec<Regex>,
    pub alias: Vec<(String, String)>,
    pub known: Vec<String>,
    pub list: Option<AnalyteList>,
    pub preferred: BTreeMap<String, String>,
}

#[derive(Debug, Clone)]
pub(crate) struct AnalyteList {
    pub attribute: String,
    pub separator: String,
    /// The list is the source of the analyte; otherwise it is only compared.
    pub source: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Empty {
    Missing,
    Skip,
}

#[derive(Debug, Clone)]
pub(crate) struct ValueEntry {
    pub column: Option<ColumnId>,
    pub analyte: Option<String>,
    pub channel: Option<String>,
    /// The row names the analyte of this value, for rows of several results with a name each.
    pub analyte_column: Option<ColumnId>,
    pub channel_column: Option<ColumnId>,
    pub unit: Option<String>,
    pub unit_column: Option<ColumnId>,
    pub flag_column: Option<ColumnId>,
    pub basis: Option<String>,
    pub pattern: Option<Regex>,
    pub decimal: Option<char>,
    pub thousands: Option<Option<char>>,
    pub marks: Vec<String>,
    pub empty: Empty,
    pub reported_when: Option<When>,
    pub attributes: Vec<(String, ColumnId)>,
    pub mark: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct QualifierRule {
    pub when: When,
    pub is: Qualifier,
    /// The printed number is the limit of `below` or `above`.
    pub limit_printed: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct FlagSource {
    pub column: ColumnId,
    pub split: Split,
    pub ignore: Vec<String>,
    pub only: Option<Vec<String>>,
    /// What else may stand there; where this is stated, any other word is a question.
    pub known: Vec<Regex>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Split {
    No,
    Characters,
    At(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Consequence {
    Information,
    Hold,
    Refuse,
}

#[derive(Debug, Clone)]
pub(crate) struct Meaning {
    pub flag: String,
    pub text: String,
    pub consequence: Consequence,
}

#[derive(Debug, Clone)]
pub(crate) struct ClassRule {
    pub when: When,
    /// `None`: the row is skipped by this rule.
    pub is: Class,
    /// Unit of the readings of such rows, instead of their own (statistics); empty for none.
    pub unit: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Replicates {
    pub from: Option<ColumnId>,
    pub to: Option<ColumnId>,
    pub step: usize,
    pub flag_beside: Option<usize>,
    pub matches: Option<Regex>,
    pub compute: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct ReplicateRows {
    pub column: ColumnId,
    pub reading: Vec<String>,
    pub replicate: Option<Regex>,
    pub attributes: BTreeMap<String, String>,
    pub compute: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Ranges {
    /// Patterns of the channel, first range first; the order of the file when empty.
    pub order: Vec<Regex>,
}

#[derive(Debug, Clone)]
pub(crate) struct Time {
    pub from: Extract,
    pub formats: Vec<String>,
    pub zone: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct MarkRule {
    pub when: When,
    pub mark: String,
}

#[derive(Debug, Clone)]
pub(crate) struct Check {
    pub kind: CheckKind,
    pub attribute: Option<String>,
    pub of: Option<String>,
    pub analytes: BTreeSet<String>,
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub relative: Option<f64>,
    pub labels: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CheckKind {
    AtomicNumber,
    LineElement,
    DetectionLimit,
    Sum,
    Lines,
    ElementOxide,
    Repeats,
    Count,
    Expected,
    Statistics,
}
