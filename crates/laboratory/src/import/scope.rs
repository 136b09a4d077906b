//! Everything that readings of an import are looked at with, loaded once for a chunk of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::tz::TimeZone;
use kernel::{
    Act, Activity, Actor, AuthorisationId, ImportId, Instant, InstrumentId, PersonId, Ref, Who, WorksheetId,
};
use store::{Context, Db, Stop, StoreError};

use super::rows::ImportRow;
use super::rules::{Answer, RawReading, repeated_id};
use super::times::moment;
use crate::instrument::Calibration;
use crate::method::MethodVersion;
use crate::qc::rows::Charts;
use crate::reference::rows::ReferenceLot;
use crate::result::rows::{Sample, Taken};
use crate::worksheet::rows::RackPlace;
use crate::{instrument, method, reference, result, worksheet};

/// Everything a reading is looked at with.
pub struct Scope {
    /// The import.
    pub import: ImportId,
    /// The method version that was in force when the import began.
    pub version: Arc<MethodVersion>,
    /// All editions of the method, the newest first, each with the instant from which on it is void.
    pub editions: Vec<(Arc<MethodVersion>, Option<Instant>)>,
    /// The instrument.
    pub instrument: Option<InstrumentId>,
    /// Its calibrations.
    pub calibrations: Vec<Calibration>,
    /// Reference materials, by lower-case code.
    pub references: BTreeMap<String, ReferenceLot>,
    /// Samples, by code.
    pub(crate) samples: BTreeMap<String, Sample>,
    /// Valid results by the method, by sample.
    pub(crate) taken: BTreeMap<u64, Vec<Taken>>,
    /// Who measured.
    pub person: Option<PersonId>,
    /// Under which authorisation.
    pub authorisation: Option<AuthorisationId>,
    /// Under which authorisation of theirs they measured at an instant; none when they had none.
    pub authorised: BTreeMap<Instant, Option<AuthorisationId>>,
    /// When the import began: nothing in its file was measured later, and readings without a time then.
    pub begun_at: Instant,
    /// The zone of the instrument's clock, in which the file's times were read.
    pub clock: TimeZone,
    /// The zone in which the institute's days begin.
    pub zone: TimeZone,
    /// What the control charts know already.
    pub(crate) charts: Charts,
    /// The worksheet, with what stands on its rack.
    pub(crate) rack: Option<Rack>,
}

/// A worksheet's rack, by position.
pub(crate) struct Rack {
    pub(crate) worksheet: WorksheetId,
    pub(crate) places: BTreeMap<u32, RackPlace>,
}

impl Scope {
    /// The edition that was in force at an instant. The one before a voided edition does not come back.
    pub(super) fn edition(&self, at: Instant) -> Option<Arc<MethodVersion>> {
        let day = crate::times::day_in(at, &self.zone);
        let (edition, voided) = self.editions.iter().find(|(edition, _)| edition.in_force_from <= day)?;
        voided.is_none_or(|from| at < from).then(|| Arc::clone(edition))
    }

    /// Under which authorisation a reading was measured; of one without a time, that of the import.
    pub(super) fn authorisation_at(
        &self,
        raw: &RawReading,
        answer: &Answer,
        at: Instant,
    ) -> Option<AuthorisationId> {
        match (raw.at, answer.measured_at) {
            (None, None) => self.authorisation,
            _ => self.authorised.get(&at).copied().flatten().or(self.authorisation),
        }
    }

    /// What stands where a reading was measured.
    pub(super) fn place(&self, raw: &RawReading) -> Option<&RackPlace> {
        self.rack.as_ref()?.places.get(&raw.rack?)
    }

    /// The run a reading belongs to, and its position there.
    pub(super) fn run(&self, raw: &RawReading) -> (Ref, u64) {
        match (&self.rack, self.place(raw)) {
            (Some(rack), Some(place)) => (rack.worksheet.into(), u64::from(place.position)),
            _ => (self.import.into(), raw.position),
        }
    }

    /// The sample a reading is of: as a person said, as the rack has it, or by its id.
    pub(super) fn sample(&self, raw: &RawReading, answer: &Answer, id: &str) -> Option<Sample> {
        let code = self.place(raw).and_then(|place| place.code.as_deref()).unwrap_or(id);
        answer.sample.clone().or_else(|| self.samples.get(code).cloned())
    }
}

/// Everything that readings of an import are looked at with.
pub(super) fn load<'a>(
    db: &mut Db,
    import: &ImportRow,
    readings: impl Iterator<Item = &'a RawReading>,
) -> Result<Scope, StoreError> {
    let version = method::rows::by_id(db, import.version)?;
    let version = version.ok_or_else(|| StoreError::Missing(import.version.to_string()))?;
    let mut editions = Vec::new();
    for edition in method::rows::versions(db, import.method)? {
        let voided = method::rows::voided_from(db, edition.id)?;
        editions.extend(method::rows::by_id(db, edition.id)?.map(|edition| (Arc::new(edition), voided)));
    }
    let calibrations = match import.instrument {
        Some(id) => instrument::rows::calibrations(db, id)?,
        None => Vec::new(),
    };
    let lots = reference::rows::lots(db)?;
    let references: BTreeMap<_, _> = lots.into_iter().map(|lot| (lot.code.to_lowercase(), lot)).collect();
    let (mut ids, mut standards) = (BTreeSet::new(), BTreeSet::new());
    for raw in readings {
        match raw.class.as_str() {
            "sample" | "unknown" => ids.insert(raw.sample_id.as_str()),
            "duplicate" => ids.insert(repeated_id(&raw.sample_id)),
            "control" => standards.insert(raw.sample_id.to_lowercase()),
            _ => false,
        };
    }
    let rack = match import.worksheet {
        Some(id) => Some(worksheet::rows::places(db, id)?),
        None => None,
    };
    let codes = rack.iter().flatten().filter_map(|place| place.code.as_deref());
    ids.extend(codes);
    let on_rack = rack.iter().flatten().filter_map(|place| place.reference_lot);
    let named = standards.iter().filter_map(|code| references.get(code)).map(|lot| lot.id);
    let mut charts = Charts::default();
    for lot in on_rack.chain(named).collect::<BTreeSet<_>>() {
        charts.load(db, lot)?;
    }
    let (mut samples, mut taken) = (BTreeMap::new(), BTreeMap::new());
    for id in ids {
        if let Some(sample) = result::rows::sample_by_code(db, id)? {
            taken.insert(sample.id.number(), result::rows::taken(db, sample.id, import.method)?);
            samples.insert(id.to_owned(), sample);
        }
    }
    Ok(Scope {
        import: import.id,
        version: Arc::new(version),
        editions,
        authorised: BTreeMap::new(),
        begun_at: import.begun_at,
        clock: TimeZone::get(&import.zone).unwrap_or(TimeZone::UTC),
        zone: authority::zone(db)?,
        charts,
        instrument: import.instrument,
        calibrations,
        references,
        samples,
        taken,
        person: import.person,
        authorisation: import.authorisation,
        rack: import.worksheet.zip(rack).map(|(worksheet, places)| Rack {
            worksheet,
            places: places.into_iter().map(|place| (place.position, place)).collect(),
        }),
    })
}

/// Finds out under which authorisation who measured did so at every time of the readings. One that holds at
/// the first and at the last of them holds throughout.
pub(super) fn authorise<'a>(
    db: &mut Db,
    cx: &Context<'_>,
    scope: &mut Scope,
    readings: impl Iterator<Item = (&'a RawReading, &'a Answer)>,
) -> Result<(), StoreError> {
    let Some(person) = scope.person else { return Ok(()) };
    let stated = readings.filter(|(raw, answer)| raw.at.is_some() || answer.measured_at.is_some());
    let times: BTreeSet<Instant> = stated.map(|(raw, answer)| moment(scope, raw, answer).from).collect();
    let actor = Actor { who: Who::Person(person), ..cx.actor.clone() };
    let act = Act { activity: Activity::Test, scope: Some(scope.version.method.into()) };
    let mut held = |at: Instant| match (cx.authorise)(db, &actor, &[act], at) {
        Ok(found) => Ok(found.first().copied()),
        Err(Stop::Refused(_)) => Ok(None),
        Err(Stop::Failed(error)) => Err(error),
    };
    let (Some(first), Some(last)) = (times.first(), times.last()) else { return Ok(()) };
    let (early, late) = (held(*first)?, held(*last)?);
    for at in &times {
        let found = if early.is_some() && early == late { early } else { held(*at)? };
        scope.authorised.insert(*at, found);
    }
    Ok(())
}
