//! A mapping says how one export of one instrument is read. It is a TOML file, described key by key in
//! `docs/intake.md`; this module holds its parsed form, in which nothing is left to check.

mod idle;
mod node;
mod parse;
mod parse_parts;
mod parse_region;
mod parse_rules;
mod rules;
pub mod schema;

pub(crate) use rules::*;

use std::collections::BTreeMap;

use regex::Regex;

use crate::cell::NumberFormat;
use crate::error::MappingError;
use crate::reading::{Class, Qualifier};

/// One mapping, ready to read files with.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// Its name, unique among the mappings of an installation.
    pub name: String,
    /// Its version, stored with every reading.
    pub version: String,
    /// The instrument (make and model) the readings come from.
    pub instrument: String,
    /// One line for people.
    pub description: String,
    pub(crate) recognise: Recognise,
    pub(crate) open: Open,
    pub(crate) preamble: Vec<Preamble>,
    pub(crate) checks: Vec<Check>,
    pub(crate) meanings: Vec<Meaning>,
    pub(crate) regions: Vec<Region>,
    /// Every column any rule mentions; bound to positions when a header is read.
    pub(crate) columns: Vec<ColumnRef>,
}

impl Mapping {
    /// Reads a mapping from TOML text. `name` is the file name, for messages.
    pub fn parse(text: &str, name: &str) -> Result<Self, MappingError> {
        parse::mapping(text, name)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ColumnId(pub usize);

/// A column as a mapping names it: the first alternative that exists counts.
#[derive(Debug, Clone)]
pub(crate) struct ColumnRef {
    pub alternatives: Vec<ColumnSpec>,
    /// For messages.
    pub written: String,
}

#[derive(Debug, Clone)]
pub(crate) struct ColumnSpec {
    pub at: ColumnAt,
    /// Columns to the right of the one found.
    pub offset: i64,
    /// The column there must have this name.
    pub must: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) enum ColumnAt {
    /// 0-based.
    Position(usize),
    Name {
        name: String,
        occurrence: usize,
    },
    Pattern {
        pattern: Regex,
        occurrence: usize,
    },
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Recognise {
    pub file_name: Option<Regex>,
    pub workbook: Option<bool>,
    pub sheets: Vec<String>,
    pub lines: Vec<Regex>,
    pub within: usize,
    pub header: Vec<String>,
    pub cells: Vec<CellTest>,
    pub columns_min: Option<usize>,
    pub columns_max: Option<usize>,
    pub column_types: Vec<CellType>,
}

#[derive(Debug, Clone)]
pub(crate) struct CellTest {
    pub sheet: Option<String>,
    pub row: usize,
    pub column: usize,
    pub equals: Option<String>,
    pub matches: Option<Regex>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CellType {
    Any,
    Text,
    Number,
    Time,
    Empty,
}

#[derive(Debug, Clone)]
pub(crate) struct Open {
    pub encodings: Vec<Encoding>,
    pub delimiter: Delimiter,
    pub quote: Option<char>,
    pub sheets: Sheets,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Auto,
    Ascii,
    Utf8,
    Utf16Le,
    Utf16Be,
    Gb18030,
    Windows1251,
    Latin1,
}

#[derive(Debug, Clone)]
pub(crate) enum Delimiter {
    Auto,
    Character(char),
    /// Runs of at least this many blanks or tabs.
    Blanks(usize),
    /// Widths in characters; the last column takes the rest.
    Fixed(Vec<usize>),
    /// The whole line is one cell.
    Whole,
    /// Each group of the pattern is a cell; a line that does not fit is one cell.
    Pattern(Regex),
}

#[derive(Debug, Clone)]
pub(crate) enum Sheets {
    Named(Vec<String>),
    Pattern(Regex),
    Position(usize),
    FirstWithContent,
    AllWithContent,
}

#[derive(Debug, Clone)]
pub(crate) struct Preamble {
    pub kind: PreambleKind,
    /// 0-based cell of the label.
    pub cell: usize,
    /// 0-based cell of the value; the next cell with content when absent.
    pub value_cell: Option<usize>,
    pub separator: Option<String>,
    pub name: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) enum PreambleKind {
    Label(Vec<String>),
    Pattern(Regex),
    Any,
}

#[derive(Debug, Clone)]
pub(crate) enum Subject {
    Column(ColumnId),
    Attribute(String),
    Field(Field),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    SampleId,
    Analyte,
    Channel,
    Unit,
    Value,
    Flags,
    Class,
    FileName,
    Sheet,
    Region,
    Line,
}

#[derive(Debug, Clone)]
pub(crate) enum Test {
    Equals(Vec<String>),
    Matches(Regex),
    Empty(bool),
    /// The subject stands in the register of reference materials the caller gave.
    Register,
}

#[derive(Debug, Clone)]
pub(crate) struct Condition {
    pub subject: Subject,
    pub test: Test,
    pub not: bool,
}

/// All must hold.
pub(crate) type When = Vec<Condition>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Result,
    Intensity,
    Statistics,
    Ignore,
}

#[derive(Debug, Clone)]
pub(crate) enum Start {
    AtOnce,
    Row(u64),
    At(When),
    After(When),
}

#[derive(Debug, Clone, Default)]
pub(crate) struct End {
    pub row: Option<u64>,
    pub before: Option<When>,
    pub after: Option<When>,
    /// Number of blank rows in succession that end the region.
    pub blank: Option<usize>,
}

#[derive(Debug, Clone)]
pub(crate) struct Region {
    pub name: String,
    pub role: Role,
    pub attribute_name: String,
    pub sheet: Option<Vec<String>>,
    pub start: Start,
    pub end: End,
    pub repeat: bool,
    pub header: Header,
    /// Present in the wide layout.
    pub columns: Option<Columns>,
    /// Rows are analytes and columns are samples; [`Region::columns`] says which.
    pub transposed: bool,
    pub headings: Vec<Heading>,
    pub skips: Vec<Skip>,
    pub sample: Sample,
    pub analyte: Analyte,
    pub channel: Option<Extract>,
    pub values: Vec<ValueEntry>,
    pub unit: Option<Extract>,
    pub unit_alias: BTreeMap<String, String>,
    pub basis: Option<Extract>,
    pub basis_tokens: BTreeMap<String, String>,
    pub number: NumberFormat,
    pub tokens: Vec<(String, Qualifier)>,
    pub qualifiers: Vec<QualifierRule>,
    pub flags: Vec<FlagSource>,
    pub classes: Vec<ClassRule>,
    pub class_default: Class,
    pub attributes: Vec<(String, Extract)>,
    pub replicates: Option<Replicates>,
    pub replicate_rows: Option<ReplicateRows>,
    pub ranges: Option<Ranges>,
    pub time: Option<Time>,
    pub marks: Vec<MarkRule>,
    /// Columns this region's rules mention, as a range of [`Mapping::columns`].
    pub own_columns: std::ops::Range<usize>,
}

#[derive(Debug, Clone)]
pub(crate) struct Header {
    pub row: Option<u64>,
    pub rows: Vec<HeaderRole>,
    pub when: Option<When>,
    /// Column names by position, instead of those of the file.
    pub names: Option<Vec<String>>,
    /// Part of a unit row, or of a name row under an analyte row, that is the unit.
    pub unit_pattern: Option<Regex>,
    /// Data stand this many columns to the right of their header.
    pub offset: i64,
    pub each_block: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum HeaderRole {
    Name,
    Analyte,
    /// Sample ids, in the transposed layout.
    Sample,
    Channel,
    Unit,
    Decoration,
    Blank,
    Attribute(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Companion {
    Unit,
    Flag,
    Ignore,
    Attribute(String),
}

#[derive(Debug, Clone)]
pub(crate) struct Columns {
    pub from: Option<ColumnId>,
    pub to: Option<ColumnId>,
    /// Stated distance between analyte columns.
    pub step: Option<usize>,
    pub companions: Vec<Companion>,
    pub matches: Option<Regex>,
    pub except: Vec<String>,
    pub beside: Vec<(Regex, Companion)>,
    pub set: Vec<ColumnSet>,
}

#[derive(Debug, Clone)]
pub(crate) struct ColumnSet {
    pub names: Vec<String>,
    pub matches: Option<Regex>,
    pub analyte: Option<String>,
    pub channel: Option<String>,
    pub unit: Option<String>,
    pub basis: Option<String>,
    pub mark: Option<String>,
    pub decimal: Option<char>,
    pub thousands: Option<Option<char>>,
    pub ignore: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Heading {
    pub when: When,
    /// 0-based cell, or the whole line.
    pub cell: Option<usize>,
    pub pattern: Regex,
    /// Starts a new block: what earlier headings said no longer holds.
    pub block: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Skip {
    pub when: When,
    pub reason: String,
    /// It looks at a column by its name, so it is asked only about rows of data.
    pub of_data: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum Source {
    Columns(Vec<ColumnId>),
    Attribute(String),
    /// Attributes, then columns, joined by blanks: a date in the preamble and a time in the row.
    Joined(Vec<String>, Vec<ColumnId>),
    FileName,
    Sheet,
    Constant(String),
    Operator,
}

impl Source {
    /// The columns of the row that it looks at.
    pub fn columns(&self) -> &[ColumnId] {
        match self {
            Source::Columns(ids) | Source::Joined(_, ids) => ids,
            _ => &[],
        }
    }
}

/// Where a text comes from, and which part of it counts.
#[derive(Debug, Clone)]
pub(crate) struct Extract {
    pub source: Source,
    pub pattern: Option<Regex>,
}
