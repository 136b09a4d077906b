//! The states of a result, and what may not be done with it. Pure.

use kernel::chronology::{Contradiction, Event, Moment, Ruling, check};
use kernel::{
    AuthorisationId, CalibrationId, Edge, EdgeRole, FollowUpId, ImportId, Instant, InstrumentId, LotId,
    MethodId, MethodVersionId, PersonId, Ref, Refusal, Refuse, ResultId, SampleId,
};
use serde::{Deserialize, Serialize};

use super::value::Settled;
use crate::given::words;
use crate::qc::rules::QcStatus;

words! {
    /// How far a result has come. In order of precedence: a group stands as its first member.
    Workflow {
        /// To be measured, again.
        Assigned = "assigned",
        /// Measured, and not looked at by anybody else.
        Measured = "measured",
        /// Looked at.
        Reviewed = "reviewed",
        /// Good for use.
        Released = "released",
        /// On the list, but never came.
        ListedNotReceived = "listed_not_received",
        /// Too little to measure.
        InsufficientSample = "insufficient_sample",
        /// Not looked for.
        NotAnalysed = "not_analysed",
        /// Measured without coming to a result.
        NoResult = "no_result",
        /// No longer wanted.
        Cancelled = "cancelled",
    }
}

words! {
    /// Whether a result counts.
    Validity {
        /// It does.
        Valid = "valid",
        /// Void, and kept.
        Retracted = "retracted",
        /// Void after it had been released.
        Invalidated = "invalidated",
    }
}

/// The workflow of a group: its least advanced member's. A group of nothing has none.
pub fn roll_up(all: &[Workflow]) -> Option<Workflow> {
    all.iter().copied().min()
}

/// A result as its first fact has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewResult {
    /// Its id.
    pub id: ResultId,
    /// The sample.
    pub sample: SampleId,
    /// The lot the sample was taken from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotId>,
    /// The method.
    pub method: MethodId,
    /// Its version.
    pub version: MethodVersionId,
    /// The analyte, as the method names it.
    pub analyte: String,
    /// Unit of the value.
    pub unit: String,
    /// Basis of the value.
    pub basis: String,
    /// Value, uncertainty, range.
    #[serde(flatten)]
    pub settled: Settled,
    /// The import or worksheet it was measured in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<Ref>,
    /// Its place there.
    pub position: u64,
    /// The instrument.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instrument: Option<InstrumentId>,
    /// The calibration that held when it was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calibration: Option<CalibrationId>,
    /// How far it has come.
    pub workflow: Workflow,
    /// How it stands with quality control before its run is judged.
    pub qc: QcStatus,
    /// 1 for the first of its sample, analyte and method; 2 for the next.
    pub replicate: u32,
    /// The result it replaces, or the asked-for retest it fills.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<ResultId>,
    /// Whether it was changed since it was first entered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub changed: bool,
    /// Why it was entered so, or why there is no result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Who measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tested_by: Option<PersonId>,
    /// When.
    pub tested_at: Instant,
    /// Under which authorisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorisation: Option<AuthorisationId>,
}

impl NewResult {
    /// What it rests on: method version, calibration or instrument, and the sample. `by_hand` adds the
    /// authorisation, which otherwise stands on the import.
    pub fn edges(&self, by_hand: bool) -> Vec<Edge> {
        let mut edges = vec![
            Edge::new(self.version, self.id, EdgeRole::Method),
            Edge::new(self.sample, self.id, EdgeRole::SampleOf),
        ];
        match (self.calibration, self.instrument) {
            (Some(calibration), _) => edges.push(Edge::new(calibration, self.id, EdgeRole::Calibration)),
            (None, Some(instrument)) => edges.push(Edge::new(instrument, self.id, EdgeRole::Instrument)),
            (None, None) => {}
        }
        if let (true, Some(authorisation)) = (by_hand, self.authorisation) {
            edges.push(Edge::new(authorisation, self.id, EdgeRole::Authorisation));
        }
        if let Some(before) = self.replaces {
            edges.push(Edge::new(before, self.id, EdgeRole::Supersedes));
        }
        edges
    }
}

/// A stored result, with what decides about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The result.
    pub id: ResultId,
    /// Its sample.
    pub sample: SampleId,
    /// Its method.
    pub method: MethodId,
    /// How far it has come.
    pub workflow: Workflow,
    /// How it stands with quality control.
    pub qc: QcStatus,
    /// Whether it counts.
    pub validity: Validity,
    /// Why it is in doubt: the calibration that was voided.
    pub suspect: Option<String>,
    /// Who measured.
    pub tested_by: Option<PersonId>,
    /// Who reviewed.
    pub reviewed_by: Option<PersonId>,
    /// Whether who reviews must not be who measured.
    pub reviewer_differs: bool,
    /// Whether who releases must not be who reviewed.
    pub releaser_differs: bool,
    /// Until when a second person answers for its quality control.
    pub override_until: Option<Instant>,
    /// The open follow-up: it lies above range and is to be measured again.
    pub follow_up: Option<FollowUpId>,
    /// The import that is still recording its run: not all of its controls are known.
    pub recording: Option<ImportId>,
    /// When it was measured.
    pub tested_at: Instant,
    /// When it was reviewed.
    pub reviewed_at: Option<Instant>,
}

/// Why not, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoResult {
    /// There is no such result.
    Unknown(String),
    /// It does not count any more.
    NotValid(ResultId, Validity),
    /// It is not in the state for this.
    State {
        /// The result.
        id: ResultId,
        /// Its state.
        is: Workflow,
        /// The command that would bring it on.
        remedy: &'static str,
    },
    /// It is in doubt.
    Suspect(ResultId, String),
    /// It lies above range and is to be measured again.
    AboveRange(ResultId, FollowUpId),
    /// Who measured must not review, who reviewed must not release.
    SamePerson {
        /// The result.
        id: ResultId,
        /// Who did it already.
        person: PersonId,
        /// `review` or `release`.
        act: &'static str,
    },
    /// Its quality control failed.
    QcFailure(ResultId),
    /// A required control was not run.
    QcNotTested(ResultId),
    /// The override of its quality control has ended.
    OverrideLapsed(ResultId, Instant),
    /// Its quality control does not need an override.
    NothingToOverride(ResultId, QcStatus),
    /// There is no such sample.
    NoSample(String),
    /// The method does not measure that.
    NotInMethod {
        /// What was entered.
        analyte: String,
        /// The method.
        method: MethodId,
        /// Its code.
        code: String,
    },
    /// What was entered cannot be read, or does not convert.
    Value(String),
    /// It would be measured after now.
    Future(Instant),
    /// Its times contradict each other.
    Order(Contradiction),
    /// It was measured by nobody we know: only a person can do this.
    NoPerson,
    /// An override that ends before now.
    Ended(Instant),
    /// A file with controls of its run is still being recorded.
    Recording(ResultId, ImportId),
}

impl Refuse for NoResult {
    fn refusal(&self) -> Refusal {
        let on = |id: &ResultId| Some(Ref::from(*id));
        match self {
            NoResult::Unknown(what) => {
                Refusal::new("result-unknown", "RECORDS laboratory").with("what", what)
            }
            NoResult::NotValid(id, is) => Refusal::new("result-not-valid", "RECORDS laboratory")
                .with("result", id)
                .with("is", is)
                .remedy("result.retest", on(id)),
            NoResult::State { id, is, remedy } => Refusal::new("result-state", "RECORDS laboratory")
                .with("result", id)
                .with("is", is)
                .remedy(remedy, on(id)),
            NoResult::Suspect(id, why) => Refusal::new("result-suspect", "RECORDS W2")
                .with("result", id)
                .with("why", why)
                .remedy("result.retest", on(id)),
            NoResult::AboveRange(id, follow_up) => {
                Refusal::new("result-above-range", "ISO/IEC 17025:2017 7.2.1")
                    .with("result", id)
                    .with("follow_up", follow_up)
                    .remedy("follow_up.close", Some((*follow_up).into()))
            }
            NoResult::SamePerson { id, person, act } => {
                Refusal::new("result-same-person", "ISO/IEC 17025:2017 7.8.1")
                    .with("result", id)
                    .with("person", person)
                    .with("act", act)
                    .remedy(if *act == "review" { "result.review" } else { "result.release" }, on(id))
            }
            NoResult::QcFailure(id) => Refusal::new("result-qc-failure", "ISO/IEC 17025:2017 7.7.3")
                .with("result", id)
                .remedy("qc.override", on(id)),
            NoResult::QcNotTested(id) => Refusal::new("result-qc-not-tested", "ISO/IEC 17025:2017 7.7.1")
                .with("result", id)
                .remedy("qc.override", on(id)),
            NoResult::OverrideLapsed(id, until) => {
                Refusal::new("qc-override-lapsed", "ISO/IEC 17025:2017 7.7.3")
                    .with("result", id)
                    .with("until", until)
                    .remedy("qc.override", on(id))
            }
            NoResult::NothingToOverride(id, is) => {
                Refusal::new("qc-nothing-to-override", "ISO/IEC 17025:2017 7.7.3")
                    .with("result", id)
                    .with("is", is)
            }
            NoResult::NoSample(what) => {
                Refusal::new("result-no-sample", "RECORDS laboratory").with("what", what)
            }
            NoResult::NotInMethod { analyte, method, code } => {
                Refusal::new("result-not-in-method", "ISO/IEC 17025:2017 7.2.1")
                    .with("analyte", analyte)
                    .with("code", code)
                    .remedy("method.issue_version", Some((*method).into()))
            }
            NoResult::Value(why) => Refusal::new("result-value", "NUMBERS 1").with("why", why),
            NoResult::Future(_) | NoResult::Order(_) | NoResult::NoPerson | NoResult::Ended(_) => {
                self.of_time()
            }
            NoResult::Recording(id, import) => {
                Refusal::new("qc-override-recording", "ISO/IEC 17025:2017 7.7.3")
                    .with("result", id)
                    .with("import", import)
            }
        }
    }
}

impl NoResult {
    /// What is wrong with when or by whom something was done.
    fn of_time(&self) -> Refusal {
        match self {
            NoResult::Future(at) => Refusal::new("result-future", "ISO/IEC 17025:2017 7.5.1").with("at", at),
            NoResult::Order(contradiction) => contradicts(contradiction),
            NoResult::Ended(until) => {
                Refusal::new("qc-override-ended", "ISO/IEC 17025:2017 7.7.3").with("until", until)
            }
            _ => Refusal::new("result-no-person", "ISO/IEC 17025:2017 7.5.1"),
        }
    }
}

/// Times in the wrong order: refused, or asked about.
fn contradicts(contradiction: &Contradiction) -> Refusal {
    let clause = "ISO/IEC 17025:2017 7.5.1";
    match contradiction {
        Contradiction::Future(moment) => NoResult::Future(moment.from).refusal(),
        Contradiction::Order { earlier, later, ruling } => {
            let refusal = match ruling {
                Ruling::Asks => Refusal::new("result-time-asks", clause),
                Ruling::Stands | Ruling::Refused => Refusal::new("result-time-order", clause),
            };
            let refusal = refusal.with("earlier", earlier.event).with("earlier_at", earlier.from);
            refusal.with("later", later.event).with("later_at", later.from)
        }
    }
}

/// That nothing of a result was signed before it was measured.
fn follows(result: &Standing, event: Event, at: Instant) -> Result<(), NoResult> {
    let measured = Moment::at(Event::Measured, result.tested_at);
    let reviewed = result.reviewed_at.map(|at| Moment::at(Event::Reviewed, at));
    let moments = [Some(measured), reviewed, Some(Moment::at(event, at))].into_iter().flatten();
    let moments: Vec<Moment> = moments.collect();
    check(&moments, at).map_err(|contradiction| match contradiction {
        Contradiction::Future(moment) => NoResult::Future(moment.from),
        order => NoResult::Order(order),
    })
}

fn counts(result: &Standing) -> Result<(), NoResult> {
    match result.validity {
        Validity::Valid => Ok(()),
        other => Err(NoResult::NotValid(result.id, other)),
    }
}

/// Whether a person may review a result now.
pub fn may_review(result: &Standing, person: PersonId, at: Instant) -> Result<(), NoResult> {
    counts(result)?;
    if result.workflow != Workflow::Measured {
        return Err(NoResult::State { id: result.id, is: result.workflow, remedy: "result.enter" });
    }
    if let Some(why) = &result.suspect {
        return Err(NoResult::Suspect(result.id, why.clone()));
    }
    if result.reviewer_differs && result.tested_by == Some(person) {
        return Err(NoResult::SamePerson { id: result.id, person, act: "review" });
    }
    follows(result, Event::Reviewed, at)
}

/// Whether a person may release a result now. A required control that was not run is not a pass.
pub fn may_release(result: &Standing, person: PersonId, at: Instant) -> Result<(), NoResult> {
    counts(result)?;
    if result.workflow != Workflow::Reviewed {
        return Err(NoResult::State { id: result.id, is: result.workflow, remedy: "result.review" });
    }
    if let Some(why) = &result.suspect {
        return Err(NoResult::Suspect(result.id, why.clone()));
    }
    if let Some(follow_up) = result.follow_up {
        return Err(NoResult::AboveRange(result.id, follow_up));
    }
    if result.releaser_differs && result.reviewed_by == Some(person) {
        return Err(NoResult::SamePerson { id: result.id, person, act: "release" });
    }
    follows(result, Event::Released, at)?;
    match result.qc {
        QcStatus::Failure => Err(NoResult::QcFailure(result.id)),
        QcStatus::NotTested => Err(NoResult::QcNotTested(result.id)),
        QcStatus::FailureOverridden => match result.override_until {
            Some(until) if at < until => Ok(()),
            Some(until) => Err(NoResult::OverrideLapsed(result.id, until)),
            None => Err(NoResult::QcFailure(result.id)),
        },
        QcStatus::Warning | QcStatus::Pass | QcStatus::NotRequired => Ok(()),
    }
}

/// Whether a person may answer for a result's quality control until an instant.
pub fn may_override(
    result: &Standing,
    person: PersonId,
    until: Instant,
    at: Instant,
) -> Result<(), NoResult> {
    counts(result)?;
    if result.tested_by == Some(person) {
        return Err(NoResult::SamePerson { id: result.id, person, act: "override" });
    }
    if until <= at {
        return Err(NoResult::Ended(until));
    }
    if let Some(import) = result.recording {
        return Err(NoResult::Recording(result.id, import));
    }
    match result.qc {
        QcStatus::Failure | QcStatus::NotTested | QcStatus::FailureOverridden => Ok(()),
        other => Err(NoResult::NothingToOverride(result.id, other)),
    }
}

/// Whether a result may be retracted or asked for again: it counts and was measured.
pub fn may_undo(result: &Standing) -> Result<(), NoResult> {
    counts(result)?;
    match result.workflow {
        Workflow::Measured | Workflow::Reviewed | Workflow::Released => Ok(()),
        is => Err(NoResult::State { id: result.id, is, remedy: "result.enter" }),
    }
}

/// Whether a result may be invalidated: it counts and was released.
pub fn may_invalidate(result: &Standing) -> Result<(), NoResult> {
    counts(result)?;
    match result.workflow {
        Workflow::Released => Ok(()),
        is => Err(NoResult::State { id: result.id, is, remedy: "result.retract" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TESTER: PersonId = PersonId(1);
    const REVIEWER: PersonId = PersonId(2);

    fn standing(workflow: Workflow, qc: QcStatus) -> Standing {
        Standing {
            id: ResultId(9),
            sample: SampleId(8),
            method: MethodId(7),
            workflow,
            qc,
            validity: Validity::Valid,
            suspect: None,
            tested_by: Some(TESTER),
            reviewed_by: (workflow == Workflow::Reviewed).then_some(REVIEWER),
            reviewer_differs: true,
            releaser_differs: true,
            override_until: None,
            follow_up: None,
            recording: None,
            tested_at: now().plus_seconds(-7200),
            reviewed_at: (workflow == Workflow::Reviewed).then(|| now().plus_seconds(-3600)),
        }
    }

    fn now() -> Instant {
        "2026-03-02T00:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_group_stands_as_its_least_advanced_member() {
        use Workflow::{Assigned, Cancelled, InsufficientSample, Measured, NotAnalysed, Released, Reviewed};
        for (all, expected) in [
            (vec![], None),
            (vec![Released, Reviewed], Some(Reviewed)),
            (vec![Released, Measured, Assigned], Some(Assigned)),
            (vec![Released, InsufficientSample], Some(Released)),
            (vec![Cancelled, NotAnalysed], Some(NotAnalysed)),
        ] {
            assert_eq!(roll_up(&all), expected, "{all:?}");
        }
    }

    #[test]
    fn reviewing_needs_another_person_and_a_measured_valid_result() {
        let measured = standing(Workflow::Measured, QcStatus::Failure);
        assert_eq!(may_review(&measured, REVIEWER, now()), Ok(()));
        let same = NoResult::SamePerson { id: ResultId(9), person: TESTER, act: "review" };
        assert_eq!(may_review(&measured, TESTER, now()), Err(same));
        let alone = Standing { reviewer_differs: false, ..measured.clone() };
        assert_eq!(may_review(&alone, TESTER, now()), Ok(()));
        let doubt = Standing { suspect: Some("calibration-4".into()), ..measured.clone() };
        assert!(matches!(may_review(&doubt, REVIEWER, now()), Err(NoResult::Suspect(..))));
        let void = Standing { validity: Validity::Retracted, ..doubt };
        assert!(matches!(may_review(&void, REVIEWER, now()), Err(NoResult::NotValid(..))));
        let again = standing(Workflow::Reviewed, QcStatus::Pass);
        assert!(matches!(may_review(&again, PersonId(3), now()), Err(NoResult::State { .. })));
    }

    #[test]
    fn nothing_is_signed_before_what_it_signs() {
        let third = PersonId(3);
        let late = now().plus_seconds(3600);
        let measured = Standing { tested_at: late, ..standing(Workflow::Measured, QcStatus::Pass) };
        assert_eq!(may_review(&measured, REVIEWER, now()), Err(NoResult::Future(late)));
        assert_eq!(may_review(&measured, REVIEWER, late), Ok(()));
        let reviewed = Standing { reviewed_at: Some(late), ..standing(Workflow::Reviewed, QcStatus::Pass) };
        assert_eq!(may_release(&reviewed, third, now()), Err(NoResult::Future(late)));
        assert_eq!(may_release(&reviewed, third, late), Ok(()));
        let turned = Standing { tested_at: now(), reviewed_at: Some(now().plus_seconds(-600)), ..reviewed };
        let refusal = may_release(&turned, third, now()).unwrap_err().refusal();
        assert_eq!((&*refusal.code, &*refusal.args["later"]), ("result-time-order", "reviewed"));
    }

    #[test]
    fn only_a_pass_or_an_override_in_force_is_released() {
        let third = PersonId(3);
        for (qc, until, refused) in [
            (QcStatus::Pass, None, None),
            (QcStatus::NotRequired, None, None),
            (QcStatus::Warning, None, None),
            (QcStatus::Failure, None, Some("result-qc-failure")),
            (QcStatus::NotTested, None, Some("result-qc-not-tested")),
            (QcStatus::FailureOverridden, Some(now().plus_seconds(1)), None),
            (QcStatus::FailureOverridden, Some(now()), Some("qc-override-lapsed")),
        ] {
            let one = Standing { override_until: until, ..standing(Workflow::Reviewed, qc) };
            let code = may_release(&one, third, now()).err().map(|why| why.refusal().code);
            assert_eq!(code.as_deref(), refused, "{qc}");
        }
        let above =
            Standing { follow_up: Some(FollowUpId(32)), ..standing(Workflow::Reviewed, QcStatus::Pass) };
        assert_eq!(may_release(&above, third, now()), Err(NoResult::AboveRange(ResultId(9), FollowUpId(32))));
        let reviewed = standing(Workflow::Reviewed, QcStatus::Pass);
        assert!(matches!(may_release(&reviewed, REVIEWER, now()), Err(NoResult::SamePerson { .. })));
        let measured = standing(Workflow::Measured, QcStatus::Pass);
        assert!(matches!(may_release(&measured, third, now()), Err(NoResult::State { .. })));
    }

    #[test]
    fn an_override_needs_a_second_person_and_an_end_in_the_future() {
        let later = now().plus_seconds(3600);
        let failed = standing(Workflow::Reviewed, QcStatus::Failure);
        assert_eq!(may_override(&failed, REVIEWER, later, now()), Ok(()));
        assert!(matches!(may_override(&failed, TESTER, later, now()), Err(NoResult::SamePerson { .. })));
        assert_eq!(may_override(&failed, REVIEWER, now(), now()), Err(NoResult::Ended(now())));
        let import = ImportId(20);
        let unknown =
            Standing { recording: Some(import), ..standing(Workflow::Measured, QcStatus::NotTested) };
        let refused = may_override(&unknown, REVIEWER, later, now());
        assert_eq!(refused, Err(NoResult::Recording(ResultId(9), import)), "a control may yet fail");
        let passed = standing(Workflow::Reviewed, QcStatus::Pass);
        assert!(matches!(
            may_override(&passed, REVIEWER, later, now()),
            Err(NoResult::NothingToOverride(..))
        ));
    }
}
