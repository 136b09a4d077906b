//! The typesetter: a Typst template and named data files in, PDF bytes out.
//!
//! Data reach the template as files of a small virtual world, never as text spliced into it, so no name or
//! remark can become code. The world has no disk, no network and no clock.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::fonts::fonts;

/// Why a page could not be typeset.
#[derive(Debug, thiserror::Error)]
pub enum TypesetError {
    /// The instant that dates the file is not an RFC 3339 instant.
    #[error("{at:?} is not an RFC 3339 instant, so the PDF cannot be dated: {reason}")]
    Instant { at: String, reason: String },
    /// A QR code holds at most 2,953 bytes (ISO/IEC 18004, version 40-L).
    #[error("the text of a QR code is too long ({bytes} bytes): {reason}")]
    Qr { bytes: usize, reason: String },
    /// The data could not be written as JSON.
    #[error("the data of {what} could not be written as JSON: {reason}")]
    Data { what: &'static str, reason: String },
    /// The template refused the data; this is a defect of the template or a glyph that no embedded font has.
    #[error("typesetting {what} failed: {reason}")]
    Template { what: &'static str, reason: String },
}

/// One document to typeset: its template, its data files, and what the PDF says of itself.
pub(crate) struct Sheet<'a> {
    pub what: &'static str,
    pub template: &'a str,
    pub files: BTreeMap<&'static str, Vec<u8>>,
    /// RFC 3339 instant written as the creation date; the only time in the file.
    pub at: &'a str,
    /// Stable identity of the document, hashed into the PDF's document id.
    pub ident: String,
}

/// Typesets a sheet as PDF/A-3a (ISO 19005-3): tagged, fonts embedded, attachments allowed. Scripts whose
/// shapes have no characters of their own (conjuncts of Devanagari) cannot be that; such a sheet is PDF/A-3b.
pub(crate) fn pdf(sheet: Sheet<'_>) -> Result<Vec<u8>, TypesetError> {
    let what = sheet.what;
    let at = timestamp(sheet.at)?;
    let ident = sheet.ident.clone();
    let options = |standard| -> Result<PdfOptions, TypesetError> {
        let standards = PdfStandards::new(&[standard]);
        Ok(PdfOptions {
            ident: Smart::Custom(ident.clone()),
            creator: Smart::Custom(Some("Orepass".to_owned())),
            timestamp: Some(at),
            standards: standards
                .map_err(|error| TypesetError::Template { what, reason: error.message().to_string() })?,
            ..PdfOptions::default()
        })
    };
    let world = SheetWorld::new(sheet);
    let document = typst::compile(&world).output.map_err(|errors| refused(what, &world, &errors))?;
    let unmapped = |errors: &[SourceDiagnostic]| {
        let says = |error: &SourceDiagnostic| {
            error.message.contains("not mapped to a code point")
                || error.message.contains("missing codepoints")
        };
        !errors.is_empty() && errors.iter().all(says)
    };
    let bytes = match typst_pdf::pdf(&document, &options(PdfStandard::A_3a)?) {
        Err(errors) if unmapped(&errors) => typst_pdf::pdf(&document, &options(PdfStandard::A_3b)?),
        done => done,
    };
    let bytes = bytes.map_err(|errors| refused(what, &world, &errors))?;
    // The typesetter memoises across calls; a server that runs for months must not keep every page it ever
    // set.
    typst::comemo::evict(8);
    Ok(bytes)
}

fn refused(what: &'static str, world: &SheetWorld, errors: &[SourceDiagnostic]) -> TypesetError {
    let line = |error: &SourceDiagnostic| {
        let range = world.range(error.span)?;
        world.main.lines().byte_to_line(range.start)
    };
    let reasons: Vec<String> = errors
        .iter()
        .map(|error| match line(error) {
            Some(line) => format!("{} (template line {})", error.message, line + 1),
            None => error.message.to_string(),
        })
        .collect();
    TypesetError::Template { what, reason: reasons.join("; ") }
}

fn timestamp(at: &str) -> Result<Timestamp, TypesetError> {
    let unreadable = |reason: String| TypesetError::Instant { at: at.to_owned(), reason };
    let instant: jiff::Timestamp = at.parse().map_err(|error: jiff::Error| unreadable(error.to_string()))?;
    let civil = jiff::tz::TimeZone::UTC.to_datetime(instant);
    let part = |value: i8| u8::try_from(value).unwrap_or_default();
    Datetime::from_ymd_hms(
        i32::from(civil.year()),
        part(civil.month()),
        part(civil.day()),
        part(civil.hour()),
        part(civil.minute()),
        part(civil.second()),
    )
    .map(Timestamp::new_utc)
    .ok_or_else(|| unreadable("out of the calendar's range".to_owned()))
}

struct SheetWorld {
    main: Source,
    files: BTreeMap<&'static str, Bytes>,
}

impl SheetWorld {
    fn new(sheet: Sheet<'_>) -> Self {
        let files = sheet.files.into_iter().map(|(name, bytes)| (name, Bytes::new(bytes))).collect();
        Self { main: Source::new(file_id("main.typ"), sheet.template.to_owned()), files }
    }
}

fn file_id(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("names of template files are fixed and plain");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

impl World for SheetWorld {
    fn library(&self) -> &LazyHash<Library> {
        static LIBRARY: OnceLock<LazyHash<Library>> = OnceLock::new();
        LIBRARY.get_or_init(|| LazyHash::new(Library::default()))
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &fonts().book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::NotSource) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let name = id.get().vpath().get_without_slash();
        self.files.get(name).cloned().ok_or_else(|| FileError::NotFound(name.into()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        fonts().fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
