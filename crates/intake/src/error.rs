//! What can go wrong, in words that say where and what to do.

use std::fmt;

/// A mapping that cannot be used. Names the key, its line and the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("mapping {mapping}, line {line}, key `{key}`: {problem}. {remedy}")]
pub struct MappingError {
    /// Name of the mapping file or built-in mapping.
    pub mapping: String,
    /// 1-based line in the TOML text.
    pub line: usize,
    /// Dotted path of the key, as written in `docs/intake.md`.
    pub key: String,
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub remedy: String,
}

/// Which kind of trouble an [`IntakeError`] reports, for exit codes and tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// A limit of [`Limits`] was exceeded.
    TooLarge,
    /// The bytes are not text in the stated encoding.
    Encoding,
    /// The file is damaged or is not what its beginning says.
    Malformed,
    /// The file is sound but does not look as the mapping says.
    Mismatch,
}

/// A file that cannot be read. Nothing of it is imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntakeError {
    /// Kind of trouble.
    pub trouble: Trouble,
    /// File name as given.
    pub file: String,
    /// Sheet, for workbooks.
    pub sheet: Option<String>,
    /// 1-based row, where known.
    pub row: Option<u64>,
    /// 1-based column, where known.
    pub column: Option<u64>,
    /// The offending text or bytes, where there is one.
    pub token: Option<String>,
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub remedy: String,
    /// Names the problem, so that it can be said in another language: `zero-byte`.
    pub code: &'static str,
    /// What those words need beside the place: numbers and names, by name.
    pub facts: Vec<(&'static str, String)>,
}

/// Every code of an [`IntakeError`], for a test that words exist for each. The first four are what an error
/// of that [`Trouble`] is called when nothing nearer names it.
pub const CODES: &[&str] = &[
    "too-large",
    "encoding",
    "malformed",
    "mismatch",
    "file-size",
    "empty",
    "damaged",
    "inflates",
    "no-workbook",
    "sheet-span",
    "zero-byte",
    "zero-byte-wide",
    "odd-end",
    "not-encoded",
    "no-sheet",
    "columns",
    "cells",
    "rows",
    "open-quote",
    "long-cell",
    "long-line",
    "long-text",
    "header",
    "date-order",
];

impl IntakeError {
    pub(crate) fn new(trouble: Trouble, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            trouble,
            file: String::new(),
            sheet: None,
            row: None,
            column: None,
            token: None,
            problem: problem.into(),
            remedy: remedy.into(),
            code: match trouble {
                Trouble::TooLarge => "too-large",
                Trouble::Encoding => "encoding",
                Trouble::Malformed => "malformed",
                Trouble::Mismatch => "mismatch",
            },
            facts: Vec::new(),
        }
    }

    /// With its name among [`CODES`].
    pub(crate) fn code(mut self, code: &'static str) -> Self {
        self.code = code;
        self
    }

    /// With something its words need.
    pub(crate) fn fact(mut self, name: &'static str, value: impl ToString) -> Self {
        self.facts.push((name, value.to_string()));
        self
    }

    pub(crate) fn at(mut self, row: u64, column: u64) -> Self {
        self.row = Some(row);
        self.column = (column > 0).then_some(column);
        self
    }

    pub(crate) fn token(mut self, token: &str) -> Self {
        self.token = Some(token.chars().take(80).collect());
        self
    }

    pub(crate) fn sheet(mut self, sheet: &str) -> Self {
        if !sheet.is_empty() {
            self.sheet = Some(sheet.to_owned());
        }
        self
    }

    pub(crate) fn file(mut self, file: &str) -> Self {
        if self.file.is_empty() {
            self.file = file.to_owned();
        }
        self
    }
}

impl fmt::Display for IntakeError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.file)?;
        if let Some(sheet) = &self.sheet {
            write!(out, ", sheet {sheet:?}")?;
        }
        if let Some(row) = self.row {
            write!(out, ", row {row}")?;
        }
        if let Some(column) = self.column {
            write!(out, ", column {column}")?;
        }
        write!(out, ": {}", self.problem)?;
        if let Some(token) = &self.token {
            write!(out, " ({token:?})")?;
        }
        write!(out, ". {}", self.remedy)
    }
}

impl std::error::Error for IntakeError {}

/// Bounds on what one file may cost. Checked before memory is spent.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Size of the file, bytes.
    pub bytes: u64,
    /// Total inflated size of the parts of a workbook that are read, bytes.
    pub inflated: u64,
    /// Inflated to packed size of one part, once it is larger than 16 MiB.
    pub ratio: u64,
    /// Columns in one row.
    pub columns: usize,
    /// Rows in one sheet or text file.
    pub rows: usize,
    /// Cells in the whole file.
    pub cells: usize,
    /// Characters in one cell.
    pub cell_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 256 << 20,
            inflated: 512 << 20,
            ratio: 300,
            columns: 16_384,
            rows: 4_000_000,
            cells: 40_000_000,
            cell_bytes: 1 << 20,
        }
    }
}

impl Limits {
    /// Bytes of one XML event of a workbook (a text with its references, a tag), which is held in memory.
    pub(crate) fn event_bytes(&self) -> u64 {
        16 * self.cell_bytes as u64
    }

    /// Refuses a size above [`Limits::bytes`]; for rims that know the size before reading.
    pub fn check_size(&self, file: &str, bytes: u64) -> Result<(), IntakeError> {
        if bytes <= self.bytes {
            return Ok(());
        }
        let problem = format!("the file has {bytes} bytes, more than the limit of {}", self.bytes);
        let error = IntakeError::new(Trouble::TooLarge, problem, "Split it, or raise the limit");
        Err(error.code("file-size").fact("bytes", bytes).fact("limit", self.bytes).file(file))
    }
}
