//! From a file to a finished import. Can be stopped at any moment and run again: what is recorded stays, the
//! rest follows. The same work is a job, so that an import begun on a page or broken off goes on by itself.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use kernel::{Actor, ImportId, Instant, InstrumentId, MethodId, PersonId, Ref, Via, Who, WorksheetId};
use measure::{Basis, Qualifier};
use store::{Request, Stop, Store, StoreError};

use super::rules::RawReading;
use super::{
    AskDateOrder, BeginImport, DateOrder, DateQuestion, FinishImport, Note, RecordReadings, StateDateOrder,
    mapping_rows, rows,
};
use crate::given::Count;
use crate::worksheet;
use crate::worksheet::rack::{Fitted, fit};

/// How many readings are recorded by one command.
const CHUNK: usize = 1000;
/// How many chunks wait for the writer while the next is prepared.
const TOGETHER: usize = 6;
/// How many rows without a reading are noted one by one.
const NOTES: usize = 20_000;

/// By which method and instrument a file was measured.
#[derive(Debug, Clone)]
pub struct ImportContext {
    /// The method; its edition in force is taken.
    pub method: MethodId,
    /// The instrument.
    pub instrument: Option<InstrumentId>,
    /// The time zone of the instrument's clock; the institute's unless given.
    pub zone: Option<String>,
    /// The order of day and month in its dates; where they do not tell, it is asked.
    pub date_order: Option<DateOrder>,
    /// The worksheet whose rack was measured.
    pub worksheet: Option<WorksheetId>,
}

impl ImportContext {
    /// Measured by a method; nothing else is said.
    pub fn of(method: MethodId) -> Self {
        ImportContext { method, instrument: None, zone: None, date_order: None, worksheet: None }
    }
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work {
    /// Readings recorded.
    pub done: u64,
    /// Readings in all.
    pub total: u64,
}

/// What an import left behind.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ImportReceipt {
    /// The import.
    pub import: ImportId,
    /// The file's hash.
    pub file_sha256: String,
    /// Its name.
    pub file_name: String,
    /// The mapping it was read by.
    pub mapping: String,
    /// Whether the same file had been imported before; then nothing was done.
    pub again: bool,
    /// What it asks before anything of it is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asks: Option<DateQuestion>,
    /// How many readings became what: result, control, asks, refused, kept.
    pub readings: BTreeMap<String, u64>,
    /// How the rows of the file add up, as JSON.
    pub account: serde_json::Value,
}

/// Why a file was not imported. Nothing of it is stored, except when it was stopped on the way.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It cannot be read.
    #[error("{0}")]
    Unreadable(Box<intake::IntakeError>),
    /// No mapping fits.
    #[error("no mapping fits {file}: {reasons}. Name one, or write one after docs/intake.md")]
    Unrecognised {
        /// The file.
        file: String,
        /// Of each mapping, why not.
        reasons: String,
    },
    /// Several mappings fit.
    #[error("several mappings fit {file}: {names}. Name one of them")]
    Ambiguous {
        /// The file.
        file: String,
        /// Which.
        names: String,
    },
    /// There is no such mapping.
    #[error("there is no mapping `{0}`; known are {1}")]
    NoMapping(String, String),
    /// A command was refused, or failed.
    #[error(transparent)]
    Stopped(#[from] Stop),
}

impl From<intake::IntakeError> for ImportError {
    fn from(error: intake::IntakeError) -> Self {
        ImportError::Unreadable(Box::new(error))
    }
}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        ImportError::Stopped(Stop::Failed(error))
    }
}

/// All mappings: those that come with the program, and added ones, which come before them by the same name.
pub fn mappings(store: &Store) -> Result<Vec<intake::Mapping>, StoreError> {
    let mut all: BTreeMap<String, intake::Mapping> =
        intake::shipped().into_iter().map(|mapping| (mapping.name.clone(), mapping)).collect();
    for (name, toml) in store.read(mapping_rows::mappings)? {
        let mapping = intake::Mapping::parse(&toml, &name).map_err(|why| StoreError::stored(&name, why))?;
        all.insert(mapping.name.clone(), mapping);
    }
    Ok(all.into_values().collect())
}

fn choose(
    store: &Store,
    file_name: &str,
    bytes: &[u8],
    named: Option<&str>,
) -> Result<intake::Mapping, ImportError> {
    let mut all = mappings(store)?;
    let name = match named {
        Some(name) => name.to_owned(),
        None => match intake::recognise(file_name, bytes, &all) {
            intake::Recognition::One(name) => name,
            intake::Recognition::Several(names) => {
                return Err(ImportError::Ambiguous { file: file_name.to_owned(), names: names.join(", ") });
            }
            intake::Recognition::None(reasons) => {
                unopened(file_name, bytes, &all, &reasons)?;
                let reasons: Vec<String> =
                    reasons.iter().map(|(name, why)| format!("{name}: {why}")).collect();
                return Err(ImportError::Unrecognised {
                    file: file_name.to_owned(),
                    reasons: reasons.join("; "),
                });
            }
        },
    };
    match all.iter().position(|mapping| mapping.name == name) {
        Some(at) => Ok(all.swap_remove(at)),
        None => {
            let known: Vec<&str> = all.iter().map(|mapping| mapping.name.as_str()).collect();
            Err(ImportError::NoMapping(name, known.join(", ")))
        }
    }
}

/// A file that no mapping can even open is damaged, whichever mapping would fit: says where and how.
fn unopened(
    file_name: &str,
    bytes: &[u8],
    all: &[intake::Mapping],
    reasons: &[(String, String)],
) -> Result<(), ImportError> {
    let damaged = reasons.iter().all(|(_, why)| why.starts_with("it does not open"));
    if let (true, Some(first)) = (damaged, all.first()) {
        intake::read(file_name, bytes, first, &intake::Limits::default())?;
    }
    Ok(())
}

fn read(
    store: &Store,
    file_name: &str,
    bytes: &[u8],
    mapping: &intake::Mapping,
    date_order: Option<DateOrder>,
) -> Result<intake::Import, ImportError> {
    let reference_materials = store.read(rows::reference_codes)?;
    let date_order = date_order.map(DateOrder::of_file);
    let options = intake::Options { reference_materials, date_order, ..intake::Options::default() };
    Ok(intake::read_with(file_name, bytes, mapping, &options, &mut |_| {})?)
}

/// Reads a file, keeps it, and begins its import; the job does the rest. Gives the import there is already
/// when the same file came before.
pub fn begin(
    store: &Store,
    actor: &Actor,
    file_name: &str,
    bytes: &[u8],
    mapping: Option<&str>,
    context: &ImportContext,
) -> Result<(ImportId, bool), ImportError> {
    let mapping = choose(store, file_name, bytes, mapping)?;
    let found = read(store, file_name, bytes, &mapping, context.date_order)?;
    begin_read(store, actor, file_name, bytes, context, &found)
}

fn begin_read(
    store: &Store,
    actor: &Actor,
    file_name: &str,
    bytes: &[u8],
    context: &ImportContext,
    found: &intake::Import,
) -> Result<(ImportId, bool), ImportError> {
    let file_sha256 = store::sha256(bytes);
    let (name, version) = (found.mapping.clone(), found.mapping_version.clone());
    if let Some(before) = store.read(|db| rows::same(db, &file_sha256, &name, &version, context.method))? {
        if let (Some(_), Some(order)) = (before.asks(), context.date_order) {
            store.run(actor, StateDateOrder { import: before.id, order, why: None })?;
        }
        return Ok((before.id, before.finished_at.is_some()));
    }
    store.keep_file(file_name, bytes)?;
    let command = BeginImport {
        file_sha256,
        file_name: file_name.to_owned(),
        mapping: name,
        mapping_version: version,
        readings: Count(found.readings.len() as u32),
        method: context.method,
        instrument: context.instrument,
        zone: context.zone.clone(),
        date_order: context.date_order,
        worksheet: context.worksheet,
    };
    let receipt = store.run(actor, command)?;
    let import =
        receipt.id::<ImportId>().ok_or_else(|| StoreError::Missing("the import that began".into()))?;
    ask(store, import, actor.person(), found)?;
    Ok((import, false))
}

/// Asks for the date order when the file leaves it open; gives whether it does.
fn ask(
    store: &Store,
    import: ImportId,
    person: Option<PersonId>,
    found: &intake::Import,
) -> Result<bool, ImportError> {
    let Some(question) = &found.date_question else { return Ok(false) };
    let system = Actor { who: Who::System(person), via: Via::System, ..Actor::system() };
    let command = AskDateOrder { import, question: DateQuestion::of(question) };
    store.request(Request::new(&system, command).once(format!("{import}/date-order")))?;
    Ok(true)
}

/// Imports a file to the end. Given again, it goes on where it was broken off, or does nothing.
pub fn import(
    store: &Store,
    actor: &Actor,
    file_name: &str,
    bytes: &[u8],
    mapping: Option<&str>,
    context: &ImportContext,
    progress: &mut dyn FnMut(Work),
) -> Result<ImportReceipt, ImportError> {
    let mapping = choose(store, file_name, bytes, mapping)?;
    let mut found = read(store, file_name, bytes, &mapping, context.date_order)?;
    let (import, again) = begin_read(store, actor, file_name, bytes, context, &found)?;
    let row = store.read(|db| rows::by_id(db, import))?;
    let stated = row.and_then(|row| row.date_order);
    if !again {
        // What was stated first holds, whatever is said now.
        if stated != context.date_order {
            found = read(store, file_name, bytes, &mapping, stated)?;
        }
        go_on(store, import, &found, progress)?;
    }
    receipt(store, import, again)
}

/// Goes on with an import from its kept file: the job, harmless twice.
pub fn continue_import(store: &Store, import: ImportId) -> Result<(), ImportError> {
    let row = store.read(|db| rows::by_id(db, import))?;
    let row = row.ok_or_else(|| StoreError::Missing(import.to_string()))?;
    if row.finished_at.is_some() || row.asks().is_some() {
        return Ok(());
    }
    let bytes = store.files().read(&row.file_sha256)?;
    let mapping = choose(store, &row.file_name, &bytes, Some(&row.mapping))?;
    let found = read(store, &row.file_name, &bytes, &mapping, row.date_order)?;
    go_on(store, import, &found, &mut |_| {})
}

/// The job's face of [`continue_import`].
pub(crate) fn job(store: &Store, subject: Ref) -> Result<(), store::JobError> {
    Ok(continue_import(store, subject.try_into()?)?)
}

fn go_on(
    store: &Store,
    import: ImportId,
    found: &intake::Import,
    progress: &mut dyn FnMut(Work),
) -> Result<(), ImportError> {
    let row = store.read(|db| rows::by_id(db, import))?;
    let row = row.ok_or_else(|| StoreError::Missing(import.to_string()))?;
    let system = Actor { who: Who::System(row.person), via: Via::System, ..Actor::system() };
    if found.readings.len() as u64 != row.readings || found.mapping_version != row.mapping_version {
        let why = "it reads otherwise than when its import began: the mapping or the program has changed";
        return Err(StoreError::stored(&row.file_name, why).into());
    }
    if ask(store, import, row.person, found)? {
        return Ok(());
    }
    let zone = TimeZone::get(&row.zone).unwrap_or(TimeZone::UTC);
    let fitted = match row.worksheet {
        Some(sheet) => Some(fit(&store.read(|db| worksheet::rows::places(db, sheet))?, &found.readings)),
        None => None,
    };
    let rack = |at: usize| fitted.as_ref().and_then(|fitted| fitted.positions[at]);
    let total = found.readings.len() as u64;
    let (mut done, mut waiting) = (0, std::collections::VecDeque::new());
    for (chunk, readings) in found.readings.chunks(CHUNK).enumerate() {
        let many = readings.len() as u64;
        if (chunk as u64) < u64::from(row.chunks) {
            done += many;
            continue;
        }
        let first = chunk * CHUNK;
        let each = readings
            .iter()
            .enumerate()
            .map(|(at, one)| RawReading { rack: rack(first + at), ..raw(one, first + at + 1, &zone) });
        let command = RecordReadings { import, chunk: chunk as u32, readings: each.collect() };
        let request = Request::new(&system, command).once(format!("{import}/{chunk}"));
        waiting.push_back((many, store.submit(request)?));
        if waiting.len() > TOGETHER {
            done += settle(waiting.pop_front())?;
            progress(Work { done, total });
        }
    }
    while let Some(oldest) = waiting.pop_front() {
        done += settle(Some(oldest))?;
        progress(Work { done, total });
    }
    let account =
        serde_json::to_string(&found.account).map_err(|why| StoreError::stored("an account", why))?;
    let notes = notes(found, fitted.as_ref());
    let finish = FinishImport { import, account, notes };
    store.request(Request::new(&system, finish).once(format!("{import}/finish")))?;
    Ok(())
}

/// Waits for a chunk; gives how many readings it recorded.
fn settle(chunk: Option<(u64, store::Waiting)>) -> Result<u64, Stop> {
    match chunk {
        Some((readings, waiting)) => waiting.wait().map(|_| readings),
        None => Ok(0),
    }
}

fn receipt(store: &Store, import: ImportId, again: bool) -> Result<ImportReceipt, ImportError> {
    let (row, readings) = store.read(|db| {
        let row = rows::by_id(db, import)?.ok_or_else(|| StoreError::Missing(import.to_string()))?;
        Ok((row, rows::counts(db, import)?))
    })?;
    let account = row.account.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let asks = row.asks().cloned();
    Ok(ImportReceipt {
        import,
        file_sha256: row.file_sha256,
        file_name: row.file_name,
        asks,
        mapping: row.mapping,
        again,
        readings,
        account,
    })
}

/// A reading as it is stored.
fn raw(one: &intake::Reading, position: usize, zone: &TimeZone) -> RawReading {
    let mut detail = one.attributes.clone();
    // What a mapping calls by one of these names stays as well.
    let mut put = |key: &str, value: &str| {
        let taken = detail.contains_key(key);
        let key = if taken { format!("{key} (of the reader)") } else { key.to_owned() };
        if !value.is_empty() {
            detail.insert(key, value.to_owned());
        }
    };
    put("flags", &one.flags.join(" "));
    put("marks", &one.marks.join("; "));
    if one.unit_raw != one.unit {
        put("unit as written", &one.unit_raw);
    }
    if one.sample_id_verbatim != one.sample_id {
        put("sample id as written", &one.sample_id_verbatim);
    }
    let at = one.measured_at.as_deref().and_then(|text| instant(text, zone));
    let day_only = at.is_some() && one.measured_at.as_deref().is_some_and(|text| text.len() == 10);
    if let (None, Some(text)) = (at, &one.measured_at) {
        put("measured at", text);
    }
    let aside = match (one.reported, one.chosen) {
        (_, Some(false)) => Some("another-range".to_owned()),
        (false, _) => Some("ancillary".to_owned()),
        _ => None,
    };
    RawReading {
        position: position as u64,
        place: one.row.clone(),
        column: one.column,
        sample_id: one.sample_id.clone(),
        class: one.class.as_str().to_owned(),
        analyte: one.analyte.clone(),
        channel: one.channel.clone(),
        raw: one.raw.clone(),
        qualifier: one.qualifier.as_str().parse().unwrap_or(Qualifier::Invalid),
        value: one.value.clone().or_else(|| one.limit.clone()),
        unit: one.unit.clone(),
        basis: one.basis.parse().unwrap_or(Basis::NotStated),
        at,
        day_only,
        rack: None,
        asks: one.needs_decision.clone(),
        aside,
        detail,
    }
}

/// An instant from local text without a zone, or from text that has one.
fn instant(text: &str, zone: &TimeZone) -> Option<Instant> {
    if let Ok(at) = text.parse() {
        return Some(at);
    }
    let local: jiff::civil::DateTime = match text.parse() {
        Ok(local) => local,
        Err(_) => text.parse::<jiff::civil::Date>().ok()?.at(0, 0, 0, 0),
    };
    let at = local.to_zoned(zone.clone()).ok()?.timestamp();
    Some(Instant::from_micros(at.as_microsecond()))
}

/// Where the file and the rack differ, rows and cells without a reading, and warnings.
fn notes(found: &intake::Import, fitted: Option<&Fitted>) -> Vec<Note> {
    use intake::Outcome;
    let mut notes = Vec::new();
    for (position, what) in fitted.iter().flat_map(|fitted| &fitted.missing) {
        let reason = format!("{position} · {what}");
        notes.push(Note { place: String::new(), outcome: "missing".to_owned(), reason });
    }
    for (row, id) in fitted.iter().flat_map(|fitted| &fitted.extra) {
        notes.push(Note { place: row.clone(), outcome: "extra".to_owned(), reason: id.clone() });
    }
    for row in &found.rows {
        let (outcome, reason) = match &row.outcome {
            Outcome::Reading { .. } | Outcome::Statistics { .. } | Outcome::Blank { .. } => continue,
            Outcome::Attribute => ("attribute", String::new()),
            Outcome::Header => ("header", String::new()),
            Outcome::Skipped { rule } => ("skipped", rule.clone()),
            Outcome::Refused { reason } => ("refused", reason.clone()),
            Outcome::NeedsDecision { reason, .. } => ("asks", reason.clone()),
        };
        notes.push(Note { place: row.row.clone(), outcome: outcome.to_owned(), reason });
    }
    for cell in &found.refusals {
        let reason = format!("{} {}: {}: {}", cell.column, cell.header, cell.token, cell.reason);
        notes.push(Note { place: cell.row.clone(), outcome: "refused".to_owned(), reason });
    }
    for warning in &found.warnings {
        notes.push(Note { place: String::new(), outcome: "warning".to_owned(), reason: warning.clone() });
    }
    if notes.len() > NOTES {
        let more = format!("and {} more; orepass intake preview lists them", notes.len() - NOTES);
        notes.truncate(NOTES);
        notes.push(Note { place: String::new(), outcome: "warning".to_owned(), reason: more });
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_times_are_read_on_the_instruments_clock() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let at = |text: &str| instant(text, &zone).map(|at| at.to_string());
        assert_eq!(at("2016-08-02T14:11:28").as_deref(), Some("2016-08-02T06:11:28.000000Z"));
        assert_eq!(at("2016-08-02T14:11:28Z").as_deref(), Some("2016-08-02T14:11:28.000000Z"));
        assert_eq!(at("2016-08-02").as_deref(), Some("2016-08-01T16:00:00.000000Z"));
        assert_eq!(at("yesterday"), None);
    }
}
