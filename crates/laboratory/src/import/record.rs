//! Recording readings, a chunk at a time. Only the system does it, from the kept file, on behalf of the
//! person who began the import: nobody can pass off typed numbers as readings.

use kernel::{Edge, EdgeRole, ImportId, Kind, ReadingId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::refusals::NoImport;
use super::rows;
use super::rules::{Answer, Outcome, RawReading, outcome};
use super::scope;
use crate::{qc, result};

/// Record a chunk of an import.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordReadings {
    /// The import.
    pub import: ImportId,
    /// Which chunk, from 0.
    pub chunk: u32,
    /// Its readings, in file order.
    pub readings: Vec<RawReading>,
}

impl Command for RecordReadings {
    const NAME: &'static str = "import.record";
    const ROLES: &'static [Role] = &[];
    const EXAMPLE: &'static str = r#"{"import": "import-20", "chunk": 0, "readings": [{"position": 1,
        "place": "2",
        "column": 8, "sample_id": "S-1", "class": "sample", "analyte": "Mn", "raw": "1.02", "qualifier":
        "value",
        "value": "1.02", "unit": "mg/L", "basis": "not_stated"}]}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let import = rows::known(db, self.import)?;
        if import.finished_at.is_some() {
            return Err(NoImport::Finished(import.id).into());
        }
        if import.asks().is_some() {
            return Err(NoImport::AsksDateOrder(import.id).into());
        }
        if self.chunk != import.chunks {
            let (chunk, next) = (self.chunk, import.chunks);
            return Err(NoImport::OutOfTurn { import: import.id, chunk, next }.into());
        }
        let mut scope = scope::load(db, &import, self.readings.iter())?;
        let mut facts = Facts::new();
        let nobody = Answer::default();
        scope::authorise(db, cx, &mut scope, self.readings.iter().map(|raw| (raw, &nobody)))?;
        for raw in &self.readings {
            let reading = ReadingId::next(cx.numbers);
            let outcome = outcome(&mut scope, raw, &nobody, cx.numbers);
            facts.push(ReadingRecorded { reading, import: self.import, raw: raw.clone(), outcome });
        }
        let count = self.readings.len() as u32;
        facts.push(ChunkRecorded { import: self.import, chunk: self.chunk, count });
        Ok(facts)
    }
}

/// A reading was recorded, with what became of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReadingRecorded {
    /// The reading.
    pub reading: ReadingId,
    /// Its import.
    pub import: ImportId,
    /// As the file has it.
    pub raw: RawReading,
    /// What became of it.
    pub outcome: Outcome,
}

/// What a reading's outcome is about: the result and its sample, or the control and its run.
pub(super) fn subjects(outcome: &Outcome, reading: ReadingId) -> Vec<Ref> {
    match outcome {
        Outcome::Result(new) => vec![new.id.into(), new.sample.into()],
        Outcome::Control(new) => vec![new.id.into()],
        _ => vec![reading.into()],
    }
}

/// What an outcome rests on.
pub(super) fn edges(outcome: &Outcome, reading: ReadingId) -> Vec<Edge> {
    let (id, mut edges) = match outcome {
        Outcome::Result(new) => (Ref::from(new.id), new.edges(false)),
        Outcome::Control(new) => (Ref::from(new.id), new.edges()),
        _ => return Vec::new(),
    };
    edges.push(Edge::new(reading, id, EdgeRole::Evidence));
    edges
}

/// Writes what a reading became.
pub(super) fn apply_outcome(
    db: &mut Db,
    outcome: &Outcome,
    reading: ReadingId,
    applied: &Applied,
) -> Result<(), StoreError> {
    match outcome {
        Outcome::Result(new) => result::rows::insert(db, new, Some(reading), applied),
        Outcome::Control(new) => qc::rows::insert(db, new, Some(reading), applied),
        _ => Ok(()),
    }
}

impl Fact for ReadingRecorded {
    const KIND: &'static str = "reading.recorded";

    fn subjects(&self) -> Vec<Ref> {
        subjects(&self.outcome, self.reading)
    }

    fn edges(&self) -> Vec<Edge> {
        let mut edges = edges(&self.outcome, self.reading);
        if !edges.is_empty() {
            edges.push(Edge::new(self.import, self.reading, EdgeRole::ReadFrom));
        }
        edges
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::insert_reading(db, self)?;
        apply_outcome(db, &self.outcome, self.reading, applied)
    }

    fn samples() -> Vec<Self> {
        let command: RecordReadings =
            serde_json::from_str(RecordReadings::EXAMPLE).expect("the example parses");
        let raw = command.readings[0].clone();
        let (reading, import) = (ReadingId(21), ImportId(20));
        let new = result::ResultEntered::samples().remove(0).new;
        let control = qc::ControlEntered::samples().remove(0).new;
        let words = |code: &str| (code.to_owned(), "S-1".to_owned());
        let (ask, about) = words("unknown-sample");
        let (no, token) = words("no-number");
        [
            Outcome::Result(Box::new(new)),
            Outcome::Control(Box::new(control)),
            Outcome::Asks(ask, about),
            Outcome::Refused(no, token),
            Outcome::Kept("statistics".to_owned()),
        ]
        .map(|outcome| {
            // Of what is kept aside the file gives the day alone.
            let day_only = matches!(outcome, Outcome::Kept(_));
            let at = Some("2026-03-02T00:00:00Z".parse().expect("an instant")).filter(|_| day_only);
            ReadingRecorded { reading, import, raw: RawReading { at, day_only, ..raw.clone() }, outcome }
        })
        .to_vec()
    }
}

/// A chunk of an import was recorded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChunkRecorded {
    /// The import.
    pub import: ImportId,
    /// Which chunk, from 0.
    pub chunk: u32,
    /// How many readings it had.
    pub count: u32,
}

impl Fact for ChunkRecorded {
    const KIND: &'static str = "import.chunk_recorded";

    fn subjects(&self) -> Vec<Ref> {
        vec![Ref { kind: Kind::Import, number: self.import.number() }]
    }

    fn apply(&self, db: &mut Db, _: &Applied) -> Result<(), StoreError> {
        rows::advance(db, self.import, self.count)
    }

    fn samples() -> Vec<Self> {
        vec![ChunkRecorded { import: ImportId(20), chunk: 0, count: 500 }]
    }
}
