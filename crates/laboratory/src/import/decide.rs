//! Deciding about readings that wait: which sample it is, whether a repetition counts, whether it counts at
//! all.

use facts::{Cause, Event, Notice};
use jiff::tz::TimeZone;
use kernel::{Edge, EdgeRole, ImportId, Instant, ReadingId, Ref, ReferenceLotId, ResultId, Role, SampleId};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::refusals::NoImport;
use super::rows;
use super::rules::{Answer, Outcome, outcome};
use super::scope;
use crate::given::{Reason, YesNo, words};
use crate::{reference, result};

words! {
    /// What a waiting reading is.
    Decision {
        /// What the file says; look again, the sample may be known by now.
        Accept = "accept",
        /// The named sample.
        Sample = "sample",
        /// Another result beside the one there is; both stay valid.
        Replicate = "replicate",
        /// The result that takes the place of the one there is, which becomes void and is kept.
        Replace = "replace",
        /// A blank.
        Blank = "blank",
        /// The named reference material.
        Reference = "reference",
        /// A duplicate of the sample.
        Duplicate = "duplicate",
        /// Nothing.
        Ignore = "ignore",
    }
}

/// Decide about a reading that waits.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideReading {
    /// The reading.
    pub reading: ReadingId,
    /// What it is.
    pub decision: Decision,
    /// The sample it is, or the sample it duplicates.
    pub sample: Option<SampleId>,
    /// The reference material it is.
    pub reference_lot: Option<ReferenceLotId>,
    /// Whether the same holds for every waiting reading of the import with the same sample id and question.
    pub all_alike: Option<YesNo>,
    /// When it was measured, where the time in the file is wrong.
    pub measured_at: Option<Instant>,
    /// The time zone that the instrument's clock showed, where the import was read in another.
    pub zone: Option<String>,
    /// Why.
    pub why: Reason,
}

impl Command for DecideReading {
    const NAME: &'static str = "reading.decide";
    const ROLES: &'static [Role] = &[Role::Analyst, Role::LaboratoryHead];
    const EXAMPLE: &'static str = r#"{"reading": "reading-21", "decision": "sample", "sample": "sample-8",
        "all_alike": "yes", "why": "the label was read wrong"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let first = rows::waiting(db, self.reading)?;
        let import = rows::known(db, first.import)?;
        let answer = self.answer(db)?;
        let alike = match self.all_alike {
            Some(YesNo::Yes) => rows::alike(db, &first)?,
            _ => vec![first],
        };
        let mut scope = scope::load(db, &import, alike.iter().map(|one| &one.raw))?;
        scope::authorise(db, cx, &mut scope, alike.iter().map(|one| (&one.raw, &answer)))?;
        if let Some(lot) = &answer.reference {
            scope.charts.load(db, lot.id)?;
        }
        if let Some(sample) = &answer.sample {
            let taken = result::rows::taken(db, sample.id, import.method)?;
            scope.taken.insert(sample.id.number(), taken);
        }
        let mut facts = Facts::new();
        for one in alike {
            let outcome = match self.decision {
                Decision::Ignore => Outcome::Ignored(self.why.as_str().to_owned()),
                _ => outcome(&mut scope, &one.raw, &answer, cx.numbers),
            };
            if let Outcome::Asks(code, what) = &outcome {
                return Err(NoImport::StillAsks(code.clone(), what.clone()).into());
            }
            let void = match (&outcome, self.decision) {
                (Outcome::Result(new), Decision::Replace) => new.replaces,
                _ => None,
            };
            facts.push(ReadingDecided {
                reading: one.id,
                import: import.id,
                version: import.version,
                decision: self.decision,
                outcome,
                void,
                measured_at: self.measured_at,
                zone: self.zone.clone(),
                why: self.why.as_str().to_owned(),
            });
        }
        Ok(facts)
    }
}

impl DecideReading {
    fn answer(&self, db: &mut Db) -> Result<Answer, Stop> {
        let zone = match self.zone.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
            Some(name) => Some(TimeZone::get(name).map_err(|_| NoImport::Zone(name.to_owned()))?),
            None => None,
        };
        let measured_at = self.measured_at;
        let mut answer = Answer { sound: true, measured_at, zone, ..Answer::default() };
        if let Some(id) = self.sample {
            answer.sample = Some(result::rows::sample_by_id(db, id)?.ok_or(NoImport::Names("sample"))?);
        }
        match self.decision {
            Decision::Accept | Decision::Ignore => {}
            Decision::Sample if answer.sample.is_none() => return Err(NoImport::Names("sample").into()),
            Decision::Sample => answer.class = Some("sample"),
            Decision::Replicate => answer.beside = true,
            Decision::Replace => answer.instead = true,
            Decision::Blank => answer.class = Some("blank"),
            Decision::Duplicate => answer.class = Some("duplicate"),
            Decision::Reference => {
                answer.class = Some("control");
                let id = self.reference_lot.ok_or(NoImport::Names("reference_lot"))?;
                let lot = reference::rows::lot_by_id(db, id)?;
                answer.reference = Some(lot.ok_or(NoImport::Names("reference_lot"))?);
            }
        }
        Ok(answer)
    }
}

/// A waiting reading was decided.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReadingDecided {
    /// The reading.
    pub reading: ReadingId,
    /// Its import.
    pub import: ImportId,
    /// The method version of the import.
    pub version: kernel::MethodVersionId,
    /// What was decided.
    pub decision: Decision,
    /// What became of it.
    pub outcome: Outcome,
    /// The result that becomes void by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub void: Option<ResultId>,
    /// When it was measured, where the time in the file is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured_at: Option<Instant>,
    /// The time zone that the instrument's clock showed, where the import was read in another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Why.
    pub why: String,
}

impl Fact for ReadingDecided {
    const KIND: &'static str = "reading.decided";

    fn subjects(&self) -> Vec<Ref> {
        let mut all = super::record::subjects(&self.outcome, self.reading);
        if !all.contains(&self.reading.into()) {
            all.push(self.reading.into());
        }
        all.extend(self.void.map(Ref::from));
        all
    }

    fn edges(&self) -> Vec<Edge> {
        let mut edges = super::record::edges(&self.outcome, self.reading);
        if !edges.is_empty() {
            edges.push(Edge::new(self.import, self.reading, EdgeRole::ReadFrom));
        }
        edges
    }

    fn notices(&self) -> Vec<Notice> {
        let cause = Cause::new(self.reading, Event::ReadingDecided);
        let fell = |result| Notice::ResultsFell { results: vec![result], cause };
        self.void.map(fell).into_iter().collect()
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::settle_reading(db, self.reading, &self.outcome)?;
        if let Some(before) = self.void {
            result::rows::make_void(db, before, &self.why)?;
        }
        super::record::apply_outcome(db, &self.outcome, self.reading, applied)
    }

    fn samples() -> Vec<Self> {
        let new = result::ResultEntered::samples().remove(0).new;
        let (import, version) = (ImportId(20), kernel::MethodVersionId(2));
        let sample = ReadingDecided {
            reading: ReadingId(21),
            import,
            version,
            decision: Decision::Sample,
            outcome: Outcome::Result(Box::new(new)),
            void: None,
            measured_at: None,
            zone: None,
            why: "the label was read wrong".to_owned(),
        };
        let control = ReadingDecided {
            decision: Decision::Ignore,
            outcome: Outcome::Ignored("a rinse between samples".to_owned()),
            void: Some(ResultId(9)),
            ..sample.clone()
        };
        vec![sample, control]
    }
}
