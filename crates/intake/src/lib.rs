//! Intake: instrument files to readings, by declarative mappings.
//!
//! A file goes through the same steps whatever wrote it. [`open`] turns bytes into cells without reading
//! a meaning into them. [`engine`] walks the rows: regions, headers, headings, preamble; [`context`] says
//! what ends at a row that nobody understands. [`bind`] reads a header once, so that [`row`] can turn each
//! row of data into readings, cell by cell ([`quantity`], [`cell`], [`unit`], [`time`]). [`finish`] joins
//! replicates, numbers repeats and decides ranges or asks; [`checks`] looks for what cannot be true. Every
//! row ends with one outcome; the account adds up to the rows of the file.
//!
//! Nothing is guessed. What the file does not say and the mapping does not state becomes a question
//! (`needs_decision`), a refusal with its reason, or a warning. The manual of mappings is `docs/intake.md`.

// an error is made at most once per file and carries everything a person needs to find the place
#![allow(clippy::result_large_err)]

mod above;
mod analyte;
mod bind;
mod cell;
mod checks;
mod claims;
mod compact;
mod context;
mod engine;
mod error;
mod excerpt;
mod finish;
mod formula;
mod header;
mod lineup;
mod mapping;
mod months;
mod naming;
mod open;
mod orders;
mod over;
mod preamble;
mod quantity;
mod ragged;
mod reading;
mod recognise;
mod replicate;
mod row;
mod scene;
mod serials;
mod sheets;
mod statistic;
mod telling;
mod text;
mod time;
mod unit;
mod wide;
mod workbook;

pub use cell::NumberFormat;
pub use engine::Options;
pub use error::{CODES, IntakeError, Limits, MappingError, Trouble};
pub use excerpt::{SheetRow, rows_around};
pub use mapping::{Mapping, schema::sections};
pub use reading::{Account, Class, Import, Outcome, Qualifier, Reading, Refusal, Replicate, RowOutcome};
pub use recognise::{Recognition, recognise};
pub use sheets::{Sheet, sheets};
pub use time::{DateExample, DateOrder, DateQuestion};

use engine::Walk;

/// Look-ups of many keys that are never printed, hashed or walked through.
#[allow(clippy::disallowed_types)]
type Lookup<K, V> = std::collections::HashMap<K, V>;

/// Mappings that come with the program, with their TOML text.
pub const SHIPPED: &[(&str, &str)] = &[
    ("agilent-flame-aas", include_str!("../mappings/agilent-flame-aas.toml")),
    ("bruker-s8-tiger", include_str!("../mappings/bruker-s8-tiger.toml")),
    ("eltra-cs2000", include_str!("../mappings/eltra-cs2000.toml")),
    ("perkinelmer-syngistix", include_str!("../mappings/perkinelmer-syngistix.toml")),
    ("rigaku-supermini", include_str!("../mappings/rigaku-supermini.toml")),
    ("varian-vista-pro", include_str!("../mappings/varian-vista-pro.toml")),
];

/// The mappings that come with the program, parsed.
pub fn shipped() -> Vec<Mapping> {
    let parse = |(name, text): &(&str, &str)| {
        Mapping::parse(text, name).expect("shipped mappings are parsed by a test before they ship")
    };
    SHIPPED.iter().map(parse).collect()
}

/// Reads a file by a mapping. `file_name` is the original name: some instruments write the id only there.
///
/// # Errors
/// A file that is too large, damaged, in another encoding, or without the columns the mapping needs. Nothing
/// of it may then be imported. Single cells and rows that cannot be read are no error: the import lists them.
pub fn read(
    file_name: &str,
    bytes: &[u8],
    mapping: &Mapping,
    limits: &Limits,
) -> Result<Import, IntakeError> {
    let options = Options { limits: limits.clone(), ..Options::default() };
    read_with(file_name, bytes, mapping, &options, &mut |_| {})
}

/// As [`read`], with what the caller knows beside the file, and a callback that is told the rows done so far.
pub fn read_with(
    file_name: &str,
    bytes: &[u8],
    mapping: &Mapping,
    options: &Options,
    progress: &mut dyn FnMut(u64),
) -> Result<Import, IntakeError> {
    let mut run = || {
        options.limits.check_size(file_name, bytes.len() as u64)?;
        if bytes.is_empty() {
            let error = IntakeError::new(Trouble::Malformed, "the file is empty", "Export it again");
            return Err(error.code("empty"));
        }
        let book = open::open(bytes, &mapping.open, &options.limits)?;
        let chosen = open::choose(&book, &mapping.open.sheets)?;
        let mut walk = Walk::new(mapping, options, file_name);
        walk.misread.clone_from(&book.misread);
        let unread = open::unread(&book, &mapping.open.sheets, &chosen);
        for warning in book.warnings.iter().cloned().chain(unread) {
            walk.warn(warning);
        }
        for at in chosen {
            walk.sheet(&book.grids[at], progress)?;
        }
        finish::finish(&mut walk);
        checks::run(&mut walk);
        walk.dates.contradiction()?;
        let account = finish::account(&mut walk);
        Ok(Import {
            file: file_name.to_owned(),
            mapping: mapping.name.clone(),
            mapping_version: mapping.version.clone(),
            instrument: mapping.instrument.clone(),
            encoding: book.encoding.clone(),
            attributes: walk.file,
            readings: walk.readings,
            rows: walk.rows,
            refusals: walk.refusals,
            warnings: walk.warnings,
            date_question: walk.dates.question(),
            account,
        })
    };
    run().map_err(|error| error.file(file_name))
}
