//! Quality control as a gate: how a control is judged, and which results its judgement covers. Pure.
//!
//! Formulae, all in the unit of the method:
//! - blank: `|x| ≤ limit`;
//! - reference material: `|x − c| ≤ p/100·|c|` where the method states p, else
//!   `|x − c| ≤ 2·√(u_x² + u_c²)` with standard uncertainties (ERM Application Note 1, Linsinger 2010);
//! - duplicate: `|a − b| ≤ f·LOD + d/100·|a + b|/2`, the linear model of precision against concentration of
//!   Thompson and Howarth (Analyst 101, 1976, 690): it widens towards the limit of detection instead of
//!   demanding a fixed percentage there.
//!
//! A censored finding is everything it may be (see [`measure::agreement`]): when all of that is within
//! tolerance the control passes, when none is it fails, else it says nothing. What was not detected lies
//! below the limit of detection. Two findings that are both reported below a limit not above the reporting
//! limit agree: they say the same. Where a number is too large to be reckoned with, the control says nothing.
//!
//! Where the control chart of a reference material has limits of its own (see [`super::chart`]), a value
//! beyond three standard deviations passes with a warning at most, and a gross one fails, however wide the
//! stated tolerance is. Before that the stated tolerance alone holds.
//!
//! Within the last third of its tolerance a control passes with a warning. A control bracketed by two
//! positions covers what lies between it and its neighbours: a failure holds every result since the last
//! control of its kind that passed and until the next one that does. Where one position was measured more
//! than once, it stands as its worst measurement: measuring again is evidence, and takes no failure back.

use kernel::Day;
use measure::agreement::{Agreement, Interval, Tolerance, agree};
use measure::uncertainty::combine_sum;
use measure::{Decimal, Qualifier, Unit};

use super::chart::Spread;
use crate::given::{YesNo, words};
use crate::method::AnalyteSpec;
use crate::reference::CertifiedValue;
use crate::result::value::expanded;

words! {
    /// What kind of control a measurement is.
    ControlKind {
        /// Nothing should be found.
        Blank = "blank",
        /// What is certified should be found.
        Reference = "reference",
        /// The same should be found again.
        Duplicate = "duplicate",
    }
}

words! {
    /// The judgement of one control.
    QcVerdict {
        /// Within its tolerance.
        Pass = "pass",
        /// Within, but in the last third.
        Warning = "warning",
        /// Outside.
        Failure = "failure",
        /// It says nothing: censored across the limit. Counts as not run.
        Undecidable = "undecidable",
    }
}

words! {
    /// How a result stands with quality control. In order of precedence: a group stands as its worst member.
    QcStatus {
        /// A control that covers it failed.
        Failure = "failure",
        /// A required control was not run.
        NotTested = "not_tested",
        /// It failed or was not run, and a second person answers for it.
        FailureOverridden = "failure_overridden",
        /// All passed, one of them barely.
        Warning = "warning",
        /// All that are required passed.
        Pass = "pass",
        /// The method asks for none.
        NotRequired = "not_required",
    }
}

/// The status of a group: its worst member's. A group of nothing requires nothing.
pub fn roll_up(all: &[QcStatus]) -> QcStatus {
    all.iter().copied().min().unwrap_or(QcStatus::NotRequired)
}

/// A judged control: by which rule, against what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The judgement.
    pub verdict: QcVerdict,
    /// What should have been found.
    pub target: Option<Decimal>,
    /// How far from it is still good.
    pub tolerance: Option<Decimal>,
    /// Which formula.
    pub rule: &'static str,
}

/// What was found in a control: a number, or a limit above or below which it lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// What the number means.
    pub qualifier: Qualifier,
    /// The value or limit, in the method's unit.
    pub number: Option<Decimal>,
}

/// The limit of detection, as far as the method states one.
fn detection(spec: &AnalyteSpec) -> Option<Decimal> {
    spec.lod.as_ref().map(|lod| lod.decimal())
}

fn within(spec: &AnalyteSpec, found: Found, target: Decimal, tolerance: Decimal) -> QcVerdict {
    if let (Qualifier::Value, Some(x)) = (found.qualifier, found.number) {
        return by_difference(x.checked_sub(target), Some(tolerance));
    }
    let Some(may_be) = Interval::of(found.qualifier, found.number, detection(spec)) else {
        return QcVerdict::Undecidable;
    };
    by_interval(may_be, Interval::point(target), Tolerance { fixed: tolerance, share: Decimal::ZERO })
}

/// Nothing where either is too large to be reckoned with.
fn by_difference(difference: Option<Decimal>, tolerance: Option<Decimal>) -> QcVerdict {
    let (Some(difference), Some(tolerance)) = (difference.map(|d| d.abs()), tolerance) else {
        return QcVerdict::Undecidable;
    };
    if difference > tolerance {
        return QcVerdict::Failure;
    }
    match (difference.checked_mul(Decimal::from(3)), tolerance.checked_mul(Decimal::from(2))) {
        (Some(three), Some(two)) if three > two => QcVerdict::Warning,
        (Some(_), Some(_)) => QcVerdict::Pass,
        _ => QcVerdict::Undecidable,
    }
}

fn by_interval(a: Interval, b: Interval, tolerance: Tolerance) -> QcVerdict {
    match agree(a, b, tolerance) {
        Agreement::Within => QcVerdict::Pass,
        Agreement::Apart => QcVerdict::Failure,
        Agreement::Undecidable => QcVerdict::Undecidable,
    }
}

/// Judges a blank. Censored below a limit that is itself within tolerance, it passes; not detected, it lies
/// below the limit that was printed, else below the limit of detection of the method.
pub fn judge_blank(spec: &AnalyteSpec, found: Found) -> Judged {
    let limit = spec.blank_limit.as_ref().map(|limit| limit.decimal());
    let verdict = match (limit, found.qualifier, found.number) {
        (None, ..) => QcVerdict::Undecidable,
        (Some(limit), Qualifier::Below, Some(below)) if below <= limit => QcVerdict::Pass,
        (Some(_), Qualifier::Above, None) => QcVerdict::Failure,
        (Some(limit), ..) => within(spec, found, Decimal::ZERO, limit),
    };
    Judged { verdict, target: Some(Decimal::ZERO), tolerance: limit, rule: "blank-limit" }
}

/// Judges a reference material against its certified value.
pub fn judge_reference(spec: &AnalyteSpec, certified: &CertifiedValue, found: Found) -> Judged {
    let nothing = |rule| Judged { verdict: QcVerdict::Undecidable, target: None, tolerance: None, rule };
    let convert = |value| Unit::convert(value, certified.unit, spec.unit).ok();
    let Some(target) = convert(certified.value.decimal()) else { return nothing("reference-unit") };
    let (tolerance, rule) = match spec.reference_percent {
        Some(percent) => (share_of(target, percent), "reference-percent"),
        None => (by_uncertainty(spec, certified, target), "reference-uncertainty"),
    };
    match tolerance {
        Some(tolerance) if !tolerance.is_zero() => {
            let verdict = within(spec, found, target, tolerance);
            Judged { verdict, target: Some(target), tolerance: Some(tolerance), rule }
        }
        _ => nothing("reference-no-tolerance"),
    }
}

/// `p/100·|x|`; none where that is too large to be reckoned with.
fn share_of(value: Decimal, percent: Decimal) -> Option<Decimal> {
    value.abs().checked_mul(percent)?.checked_div(Decimal::ONE_HUNDRED)
}

/// None where a stated uncertainty cannot be reckoned with: without it the tolerance would be too narrow.
fn by_uncertainty(spec: &AnalyteSpec, certified: &CertifiedValue, target: Decimal) -> Option<Decimal> {
    let standard = |u: Decimal, coverage: Option<Decimal>| u.checked_div(coverage.unwrap_or(Decimal::TWO));
    let mut both = Vec::new();
    if let Some(ours) = expanded(spec, target).ok()? {
        both.push(standard(ours, spec.coverage)?);
    }
    if let Some(theirs) = certified.uncertainty {
        let theirs = Unit::convert(theirs, certified.unit, spec.unit).ok()?;
        both.push(standard(theirs, certified.coverage)?);
    }
    combine_sum(&both).ok()?.checked_mul(Decimal::TWO)
}

/// The judgement of a reference material on a day: after its last one it says nothing.
pub fn in_date(judged: Judged, day: Day, expires: Day) -> Judged {
    match day > expires {
        true => Judged { verdict: QcVerdict::Undecidable, rule: "reference-expired", ..judged },
        false => judged,
    }
}

/// What the limits of the control chart add to the stated judgement of a reference material: none while they
/// are not established, nor to a control that fails or says nothing anyway.
pub fn with_chart(stated: Judged, found: Found, limits: Option<Spread>) -> Judged {
    let (Qualifier::Value, Some(number), Some(limits)) = (found.qualifier, found.number, limits) else {
        return stated;
    };
    let off = number.to_string().parse().map_or(0.0, |value: f64| limits.z(value).abs());
    let gross = limits.gross();
    // A value on the very limit is within it, whatever binary fractions make of it.
    let off = off * (1.0 - 1e-9);
    let (verdict, times) = match off {
        off if off > gross => (QcVerdict::Failure, gross),
        off if off > 3.0 => (QcVerdict::Warning, 3.0),
        _ => return stated,
    };
    if stated.verdict >= verdict {
        return stated;
    }
    let decimal = |value: f64| {
        let places = measure::Places::Decimals(number.scale() + 1);
        let value = Decimal::try_from(value).ok()?;
        let rounded = measure::round(value, measure::RoundingRule::default(), places);
        Some(rounded.into_text().decimal().normalize())
    };
    let (target, tolerance) = (decimal(limits.mean), decimal(times * limits.sd));
    Judged { verdict, target, tolerance, rule: "reference-chart" }
}

/// Judges a duplicate against the first measurement.
pub fn judge_duplicate(spec: &AnalyteSpec, first: Found, again: Found) -> Judged {
    let rule = "duplicate-thompson-howarth";
    let nothing = Judged { verdict: QcVerdict::Undecidable, target: None, tolerance: None, rule };
    let Some(percent) = spec.duplicate_percent else { return nothing };
    let lod = detection(spec).unwrap_or_default();
    let fixed = spec.duplicate_lod_factor.unwrap_or(Decimal::TWO).checked_mul(lod);
    let (Some(fixed), Some(share)) = (fixed, percent.checked_div(Decimal::ONE_HUNDRED)) else {
        return nothing;
    };
    let number = |found: Found| found.number.filter(|_| found.qualifier == Qualifier::Value);
    if let (Some(a), Some(b)) = (number(first), number(again)) {
        let mean = a.checked_add(b).and_then(|sum| sum.abs().checked_div(Decimal::TWO));
        let tolerance = mean.and_then(|mean| at_mean(fixed, share, mean));
        let verdict = by_difference(a.checked_sub(b), tolerance);
        return Judged { verdict, target: Some(a), tolerance, rule };
    }
    if reported_below(spec, first) && reported_below(spec, again) {
        return Judged { verdict: QcVerdict::Pass, ..nothing };
    }
    let may_be = |found: Found| Interval::of(found.qualifier, found.number, detection(spec));
    let (Some(a), Some(b)) = (may_be(first), may_be(again)) else { return nothing };
    let verdict = by_interval(a, b, Tolerance { fixed, share });
    // The tolerance that is shown is that at the number there is, or the part that depends on none.
    let mean = number(first).or(number(again)).unwrap_or_default().abs();
    Judged { verdict, target: number(first), tolerance: at_mean(fixed, share, mean), rule }
}

/// `f + s·m`; none where that is too large to be reckoned with.
fn at_mean(fixed: Decimal, share: Decimal, mean: Decimal) -> Option<Decimal> {
    share.checked_mul(mean)?.checked_add(fixed)
}

/// Whether a finding is censored at a limit that is not above the reporting limit of the method. A method
/// that states none tells of no printed limit whether it is low.
fn reported_below(spec: &AnalyteSpec, found: Found) -> bool {
    match (found.qualifier, found.number) {
        (Qualifier::NotDetected, None) => true,
        (Qualifier::Below | Qualifier::NotDetected, Some(limit)) => {
            spec.reporting_limit().is_some_and(|reporting| limit <= reporting.decimal())
        }
        _ => false,
    }
}

/// A judged control in its run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// Its number: what came later has the higher one.
    pub number: u64,
    /// Its place in the run.
    pub position: u64,
    /// Its kind.
    pub kind: ControlKind,
    /// Its judgement.
    pub verdict: QcVerdict,
}

/// The kinds of control a method asks for.
pub fn required(spec: &AnalyteSpec) -> Vec<ControlKind> {
    let mut kinds = Vec::new();
    if spec.blank_limit.is_some() {
        kinds.push(ControlKind::Blank);
    }
    if spec.reference_required.is_some_and(YesNo::is_yes) {
        kinds.push(ControlKind::Reference);
    }
    if spec.duplicate_percent.is_some() {
        kinds.push(ControlKind::Duplicate);
    }
    kinds
}

/// The controls of a kind that say how a position stands: all those at the nearest position on either side
/// at which one says anything.
fn covering(events: &[Event], kind: ControlKind, position: u64) -> impl Iterator<Item = &Event> {
    let says = move |event: &&Event| event.kind == kind && event.verdict != QcVerdict::Undecidable;
    let places = move || events.iter().filter(says).map(|event| event.position);
    let before = places().filter(|at| *at <= position).max();
    let after = places().filter(|at| *at > position).min();
    events.iter().filter(says).filter(move |event| [before, after].contains(&Some(event.position)))
}

/// How a result at a position of a run stands: by the nearest controls of each required kind on either side,
/// of several at one position by the worst.
pub fn gate(required: &[ControlKind], events: &[Event], position: u64) -> QcStatus {
    if required.is_empty() {
        return QcStatus::NotRequired;
    }
    let each = required.iter().map(|kind| {
        match covering(events, *kind, position).map(|event| event.verdict).max() {
            None => QcStatus::NotTested,
            Some(QcVerdict::Failure) => QcStatus::Failure,
            Some(QcVerdict::Warning) => QcStatus::Warning,
            Some(_) => QcStatus::Pass,
        }
    });
    each.min().unwrap_or(QcStatus::NotRequired)
}

/// The newest failed control of a required kind that covers a position; 0 for none.
pub fn newest_failure(required: &[ControlKind], events: &[Event], position: u64) -> u64 {
    let all = required.iter().flat_map(|kind| covering(events, *kind, position));
    all.filter(|event| event.verdict == QcVerdict::Failure).map(|event| event.number).max().unwrap_or(0)
}

/// Positions `from` to `to` of a run that stand alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Span {
    /// The first position.
    pub from: u64,
    /// The last position.
    pub to: u64,
    /// How they stand.
    pub status: QcStatus,
    /// The newest failed control that covers them, 0 for none: nobody has answered for it who answered
    /// before.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub failed: u64,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// The last position a run can have.
pub const LAST: u64 = i64::MAX as u64;

/// The whole run as spans: [`gate`] for all positions at once.
pub fn spans(required: &[ControlKind], events: &[Event]) -> Vec<Span> {
    let mut starts: Vec<u64> = events.iter().map(|event| event.position).collect();
    starts.push(0);
    starts.sort_unstable();
    starts.dedup();
    let mut spans: Vec<Span> = Vec::new();
    for (at, from) in starts.iter().enumerate() {
        let to = starts.get(at + 1).map_or(LAST, |next| next - 1);
        let (status, failed) = (gate(required, events, *from), newest_failure(required, events, *from));
        match spans.last_mut() {
            Some(last) if (last.status, last.failed) == (status, failed) => last.to = to,
            _ => spans.push(Span { from: *from, to, status, failed }),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use measure::{Basis, DecimalText};
    use proptest::prelude::*;

    use super::*;

    fn text(number: &str) -> Option<DecimalText> {
        Some(DecimalText::parse(number).unwrap())
    }

    fn dec(number: &str) -> Decimal {
        number.parse().unwrap()
    }

    fn spec() -> AnalyteSpec {
        AnalyteSpec {
            lod: text("0.01"),
            blank_limit: text("0.03"),
            reference_required: Some(YesNo::Yes),
            duplicate_percent: Some(dec("5")),
            uncertainty_percent: Some(dec("4")),
            ..AnalyteSpec::plain("Mn", Unit::MilligramPerLitre, Basis::NotStated)
        }
    }

    fn found(cell: &str) -> Found {
        let (qualifier, number) = match cell.chars().next() {
            Some('<') => (Qualifier::Below, Some(dec(&cell[1..]))),
            Some('>') => (Qualifier::Above, Some(dec(&cell[1..]))),
            Some('N') => (Qualifier::NotDetected, None),
            _ => (Qualifier::Value, Some(dec(cell))),
        };
        Found { qualifier, number }
    }

    #[test]
    fn blanks_are_judged_by_their_limit_either_side_of_zero() {
        use QcVerdict::{Failure, Pass, Undecidable, Warning};
        for (cell, expected) in [
            ("0.001", Pass),
            ("-0.020", Pass),
            ("0.021", Warning),
            ("0.03", Warning),
            ("0.0301", Failure),
            ("-0.04", Failure),
            ("<0.03", Pass),
            ("<0.05", Undecidable),
            ("ND", Pass),
            (">0.1", Failure),
        ] {
            assert_eq!(judge_blank(&spec(), found(cell)).verdict, expected, "{cell}");
        }
    }

    #[test]
    fn a_blank_in_which_nothing_was_detected_passes_by_the_limit_of_that() {
        use QcVerdict::{Pass, Undecidable};
        for (lod, printed, expected) in [
            (Some("0.01"), None, Pass),
            (Some("0.03"), None, Pass),
            (Some("0.031"), None, Undecidable),
            (None, None, Undecidable),
            (None, Some("0.03"), Pass),
            (None, Some("5"), Undecidable),
            (Some("0.01"), Some("5"), Undecidable), // what was printed holds
            (Some("5"), Some("0.01"), Pass),
        ] {
            let spec = AnalyteSpec { lod: lod.and_then(text), ..spec() };
            let found = Found { qualifier: Qualifier::NotDetected, number: printed.map(dec) };
            assert_eq!(judge_blank(&spec, found).verdict, expected, "{lod:?} {printed:?}");
        }
    }

    #[test]
    fn references_are_judged_by_percent_or_by_both_uncertainties() {
        use QcVerdict::{Failure, Pass, Undecidable, Warning};
        let certified = CertifiedValue {
            analyte: "Mn".into(),
            value: DecimalText::parse("1.00").unwrap(),
            unit: Unit::MilligramPerLitre,
            uncertainty: Some(dec("0.03")),
            coverage: None,
        };
        // 2·√((0.04/2)² + (0.03/2)²) = 0.05
        let stated = AnalyteSpec { reference_percent: Some(dec("2")), ..spec() };
        for (cell, by_uncertainty, by_percent) in [
            ("1.00", Pass, Pass),
            ("1.015", Pass, Warning),
            ("0.96", Warning, Failure),
            ("1.05", Warning, Failure),
            ("1.0501", Failure, Failure),
            ("<0.5", Failure, Failure),
            ("<2", Undecidable, Undecidable),
            (">0.99", Undecidable, Undecidable),
            (">1.06", Failure, Failure),
            ("ND", Failure, Failure),
        ] {
            assert_eq!(judge_reference(&spec(), &certified, found(cell)).verdict, by_uncertainty, "{cell}");
            assert_eq!(judge_reference(&stated, &certified, found(cell)).verdict, by_percent, "{cell} %");
        }
        let solid = CertifiedValue { unit: Unit::Percent, ..certified };
        assert_eq!(judge_reference(&spec(), &solid, found("1")).verdict, Undecidable);
    }

    #[test]
    fn the_duplicate_tolerance_widens_towards_the_limit_of_detection() {
        use QcVerdict::{Failure, Pass, Undecidable, Warning};
        for (a, b, expected) in [
            ("100", "103", Pass),
            ("100", "104.9", Warning),
            ("100", "106", Failure),
            ("0.02", "0.03", Pass), // 40 % apart, but within 2·LOD
            ("0.02", "0.05", Failure),
            ("<0.01", "<0.01", Pass),
            ("ND", "<0.01", Pass),
            ("0.005", "<0.01", Pass),
            ("-0.002", "<0.01", Pass),
            ("0.015", "ND", Pass),
            ("0.025", "<0.01", Undecidable),
            ("<0.01", "<0.03", Pass), // both are below the reporting limit
            ("<0.01", "<0.04", Undecidable),
            ("0.05", "<0.01", Failure),
            ("<0.01", "5", Failure),
            (">10", "<0.01", Failure),
            (">10", ">10", Undecidable),
            (">10", "12", Undecidable),
        ] {
            let spec = AnalyteSpec { loq: text("0.03"), ..spec() };
            assert_eq!(judge_duplicate(&spec, found(a), found(b)).verdict, expected, "{a} {b}");
            assert_eq!(judge_duplicate(&spec, found(b), found(a)).verdict, expected, "{b} {a}");
        }
    }

    #[test]
    fn censored_duplicates_of_a_method_without_limits_say_nothing() {
        use QcVerdict::{Pass, Undecidable};
        let none = AnalyteSpec { lod: None, loq: None, ..spec() };
        let not_detected =
            |limit: &str| Found { qualifier: Qualifier::NotDetected, number: Some(dec(limit)) };
        for (a, b, expected) in [
            (found("<1"), found("<1000"), Undecidable),
            (found("<1"), found("<1"), Undecidable),
            (not_detected("1"), found("<1000"), Undecidable),
            (found("ND"), found("<1000"), Undecidable),
            (found("ND"), found("ND"), Pass), // the same instrument says the same twice
        ] {
            assert_eq!(judge_duplicate(&none, a, b).verdict, expected, "{a:?} {b:?}");
            assert_eq!(judge_duplicate(&none, b, a).verdict, expected, "{b:?} {a:?}");
        }
    }

    #[test]
    fn readings_near_the_limit_of_detection_agree_as_field_fault_21_has_it() {
        let spec = AnalyteSpec { lod: text("0.001"), duplicate_percent: Some(dec("5")), ..spec() };
        for (a, b) in [("0.0005", "<0.001"), ("<0.001", "0.0005"), ("<0.001", "<0.001")] {
            assert_eq!(judge_duplicate(&spec, found(a), found(b)).verdict, QcVerdict::Pass, "{a} {b}");
        }
    }

    #[test]
    fn limits_of_the_chart_add_to_the_stated_tolerance_and_take_nothing_from_it() {
        use QcVerdict::{Failure, Pass, Undecidable, Warning};
        let limits = Spread { mean: 1.0, sd: 0.02, points: 28, left_out: 0 };
        let stated = |verdict| Judged { verdict, target: None, tolerance: None, rule: "reference-percent" };
        for (before, cell, expected, rule) in [
            (Pass, "1.06", Pass, "reference-percent"),
            (Pass, "1.07", Warning, "reference-chart"),
            (Warning, "1.07", Warning, "reference-percent"),
            (Pass, "0.87", Failure, "reference-chart"),
            (Failure, "1.00", Failure, "reference-percent"),
            (Undecidable, "1.50", Undecidable, "reference-percent"),
            (Pass, "<2", Pass, "reference-percent"),
        ] {
            let judged = with_chart(stated(before), found(cell), Some(limits));
            assert_eq!((judged.verdict, judged.rule), (expected, rule), "{cell}");
            assert_eq!(with_chart(stated(before), found(cell), None).verdict, before);
        }
        let gross = with_chart(stated(Pass), found("1.50"), Some(limits));
        assert_eq!((gross.target, gross.tolerance), (Some(dec("1")), Some(dec("0.12"))));
        let few = Spread { points: 9, ..limits };
        let judged = |cell| with_chart(stated(Pass), found(cell), Some(few)).verdict;
        assert_eq!(
            (judged("0.87"), judged("1.50")),
            (Warning, Failure),
            "few points know their spread badly"
        );
    }

    #[test]
    fn a_failure_holds_what_lies_between_the_passes_around_it() {
        let event =
            |position, verdict| Event { number: position, position, kind: ControlKind::Blank, verdict };
        let events = [event(0, QcVerdict::Pass), event(10, QcVerdict::Failure), event(20, QcVerdict::Pass)];
        let blank = [ControlKind::Blank];
        for (position, expected) in [
            (1, QcStatus::Failure), // since the last pass
            (15, QcStatus::Failure),
            (21, QcStatus::Pass),
        ] {
            assert_eq!(gate(&blank, &events, position), expected, "{position}");
        }
        assert_eq!(gate(&blank, &[], 5), QcStatus::NotTested);
        assert_eq!(gate(&[], &events, 5), QcStatus::NotRequired);
        let both = [ControlKind::Blank, ControlKind::Reference];
        assert_eq!(gate(&both, &events, 21), QcStatus::NotTested);
        assert_eq!(gate(&both, &events, 15), QcStatus::Failure);
    }

    #[test]
    fn a_position_measured_again_stands_as_its_worst_measurement() {
        use QcVerdict::{Failure, Pass, Undecidable, Warning};
        let blank = [ControlKind::Blank];
        for (verdicts, expected, failed) in [
            (vec![Failure, Pass], QcStatus::Failure, 1),
            (vec![Pass, Failure], QcStatus::Failure, 2),
            (vec![Pass, Failure, Pass, Failure, Pass], QcStatus::Failure, 4),
            (vec![Failure, Undecidable], QcStatus::Failure, 1),
            (vec![Warning, Pass], QcStatus::Warning, 0),
            (vec![Undecidable, Pass], QcStatus::Pass, 0),
            (vec![Undecidable, Undecidable], QcStatus::NotTested, 0),
        ] {
            let event = |(at, verdict): (usize, &QcVerdict)| Event {
                number: at as u64 + 1,
                position: 5,
                kind: ControlKind::Blank,
                verdict: *verdict,
            };
            let mut events: Vec<Event> = verdicts.iter().enumerate().map(event).collect();
            for _ in 0..events.len() {
                events.rotate_left(1); // whatever order the database gives them in
                for position in [1, 5, 9] {
                    assert_eq!(gate(&blank, &events, position), expected, "{verdicts:?} at {position}");
                    assert_eq!(newest_failure(&blank, &events, position), failed, "{verdicts:?}");
                }
            }
        }
    }

    #[test]
    fn a_group_stands_as_its_worst_member() {
        use QcStatus::{Failure, FailureOverridden, NotRequired, NotTested, Pass, Warning};
        for (all, expected) in [
            (vec![], NotRequired),
            (vec![NotRequired, Pass], Pass),
            (vec![Pass, Warning], Warning),
            (vec![Warning, FailureOverridden], FailureOverridden),
            (vec![FailureOverridden, NotTested], NotTested),
            (vec![NotTested, Failure, Pass], Failure),
        ] {
            assert_eq!(roll_up(&all), expected, "{all:?}");
        }
    }

    /// Numbers at the edge of what can be reckoned with, and findings of every kind of them.
    fn extreme() -> impl Strategy<Value = Found> {
        let numbers = ["79228162514264337593543950335", "7.9e28", "1e28", "9e27", "7e22", "1", "1e-28", "0"];
        let number = (prop::sample::select(numbers.to_vec()), any::<bool>()).prop_map(|(text, negative)| {
            let number = Decimal::from_scientific(text).or_else(|_| text.parse()).unwrap();
            if negative { -number } else { number }
        });
        let qualifiers = [Qualifier::Value, Qualifier::Below, Qualifier::Above, Qualifier::NotDetected];
        (prop::sample::select(qualifiers.to_vec()), prop::option::weighted(0.9, number))
            .prop_map(|(qualifier, number)| Found { qualifier, number })
    }

    proptest! {
        #[test]
        fn no_number_is_too_large_to_be_judged(
            first in extreme(), again in extreme(), stated in prop::collection::vec(extreme(), 7),
        ) {
            let number = |at: usize| stated[at].number.map(|number| number.abs());
            let text = |at: usize| number(at).map(DecimalText::from_decimal);
            let spec = AnalyteSpec {
                lod: text(0),
                blank_limit: text(1),
                duplicate_percent: number(2),
                duplicate_lod_factor: number(3),
                uncertainty_percent: number(4),
                uncertainty_absolute: number(5),
                reference_percent: number(6).filter(|_| stated[0].qualifier == Qualifier::Value),
                ..spec()
            };
            for unit in [Unit::MilligramPerLitre, Unit::GramPerLitre, Unit::MicrogramPerLitre] {
                let certified = CertifiedValue {
                    analyte: "Mn".into(),
                    value: DecimalText::from_decimal(first.number.unwrap_or_default()),
                    unit,
                    uncertainty: number(1),
                    coverage: number(2).filter(|k| !k.is_zero()),
                };
                judge_reference(&spec, &certified, again);
            }
            judge_blank(&spec, first);
            let one = judge_duplicate(&spec, first, again).verdict;
            prop_assert_eq!(one, judge_duplicate(&spec, again, first).verdict);
        }

        #[test]
        fn spans_are_the_gate_at_every_position(
            events in prop::collection::vec((0u64..30, 0usize..3, 0usize..4, 0u64..1000), 0..12),
            required in prop::sample::subsequence(ControlKind::ALL.to_vec(), 0..=3),
        ) {
            let events: Vec<Event> = events
                .into_iter()
                .map(|(position, kind, verdict, number)| Event {
                    number,
                    position,
                    kind: ControlKind::ALL[kind],
                    verdict: QcVerdict::ALL[verdict],
                })
                .collect();
            let spans = spans(&required, &events);
            for position in 0..40 {
                let covering: Vec<_> =
                    spans.iter().filter(|s| s.from <= position && position <= s.to).collect();
                prop_assert_eq!(covering.len(), 1);
                prop_assert_eq!(covering[0].status, gate(&required, &events, position));
                prop_assert_eq!(covering[0].failed, newest_failure(&required, &events, position));
                let failed = covering[0].status == QcStatus::Failure;
                prop_assert!(failed || covering[0].failed == 0);
            }
        }

        #[test]
        fn a_further_control_never_makes_its_own_position_stand_better(
            events in prop::collection::vec((0u64..4, 0usize..4), 1..6),
            again in (0usize..6, 0usize..4),
        ) {
            let event = |(number, (position, verdict)): (usize, (u64, usize))| Event {
                number: number as u64,
                position,
                kind: ControlKind::Blank,
                verdict: QcVerdict::ALL[verdict],
            };
            let before: Vec<Event> = events.into_iter().enumerate().map(event).collect();
            let repeated = before[again.0 % before.len()];
            prop_assume!(repeated.verdict != QcVerdict::Undecidable);
            let mut after = before.clone();
            after.push(Event { number: 99, verdict: QcVerdict::ALL[again.1], ..repeated });
            for position in 0..5 {
                let stands = |events: &[Event]| gate(&[ControlKind::Blank], events, position);
                let (was, is) = (stands(&before), stands(&after));
                prop_assert!(is <= was, "{was} became {is}");
            }
        }
    }
}
