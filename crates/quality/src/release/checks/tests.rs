//! For each check, a case that fails only it; and no lot that goes without every check.

use kernel::{
    Activity, AuthorisationId, CalibrationId, DispositionId, HoldId, InstrumentId, MaterialId, Names,
    OverrideId, PersonId, SampleId, SpecificationId, SpecificationVersionId,
};
use proptest::prelude::*;

use super::*;
use crate::judgement::{Cited, Qc, Signed, Window};
use crate::release::Assessment;
use crate::release::known::Nonconformity;
use crate::release::rules::{ReleaseRefused, may_release};

fn at(hour: u32) -> Instant {
    format!("2026-03-02T{hour:02}:00:00Z").parse().unwrap()
}

fn signed(person: u64, hour: u32, activity: Activity) -> Option<Signed> {
    let cited = Cited {
        authorisation: AuthorisationId(person + 100),
        person: PersonId(person),
        activity: Some(activity),
        valid_from: at(0),
        valid_until: at(20),
        withdrawn_at: None,
    };
    Some(Signed { person: PersonId(person), at: at(hour), under: Some(cited) })
}

pub(super) fn result(id: u64, analyte: &str, figure: &str) -> Measured {
    let window =
        Window { calibration: CalibrationId(61), valid_from: at(0), valid_until: at(22), voided_from: None };
    Measured {
        instrument: Some(InstrumentId(60)),
        window: Some(window),
        tested: signed(1, 8, Activity::Test),
        reviewed: signed(2, 9, Activity::Check),
        released: signed(3, 10, Activity::Approve),
        tested_at: at(8),
        ..crate::judgement::sample_result(id, analyte, figure, "%")
    }
}

/// A lot of manganese sulphate without a blemish.
pub(crate) fn fine() -> Case {
    let items = r#"[{"analyte":"Mn","lower":"32.0","unit":"%","basis":"dry"},
        {"analyte":"Cd","upper":"0.0005","unit":"%","basis":"dry"}]"#;
    let names = Names { en: "Manganese sulphate".into(), zh: "硫酸锰".into() };
    let decimal = |text: &str| Some(text.parse().unwrap());
    Case {
        lot: Lot {
            id: LotId(12),
            code: "L-12".into(),
            material: MaterialId(1),
            state: "in-stock".into(),
            kg_wet: decimal("24000"),
            moisture_percent: decimal("0.42"),
            kg_dry: decimal("23899.2"),
            produced_on: Some("2026-03-01".into()),
            custody: "mass-balance".into(),
            shipped_to: None,
            first_kg_wet: None,
            material_code: "MSM".into(),
            material_names: names.clone(),
            formula: Some("MnSO4·H2O".into()),
        },
        version: Some(Version {
            id: SpecificationVersionId(6),
            specification: SpecificationId(5),
            code: "S".into(),
            names,
            grade: "A".into(),
            edition: "1".into(),
            material: MaterialId(1),
            party: None,
            in_force_from: at(0),
            in_force_until: None,
            items: serde_json::from_str(items).unwrap(),
            requires_balance: true,
        }),
        right: vec![SpecificationVersionId(6)],
        past: history::Past::sample(30, 0.0002),
        composites: vec![],
        compared: BTreeSet::new(),
        customer: None,
        samples: vec![Sample {
            id: SampleId(1),
            code: "S-1".into(),
            taken_at: at(7),
            plan: None,
            kg_wet: decimal("2"),
            moisture_percent: decimal("0.40"),
            kg_dry: decimal("1.992"),
            from_outside: false,
            unauthorised: None,
        }],
        results: vec![result(21, "Mn", "32.14"), result(22, "Cd", "<0.0001")],
        holds: vec![],
        rejected: vec![],
        balances: vec![closed()],
        overrides: vec![],
        concessions: vec![],
        at: at(12),
    }
}

pub(super) fn closed() -> balance::LotBalance {
    balance::LotBalance {
        id: kernel::BalanceId(72),
        code: "MB-1".into(),
        stream: "product".into(),
        is_final: true,
        stale: false,
        closes: true,
        excepted: false,
        feed: false,
        of_its_period: true,
    }
}

fn open_hold() -> Open {
    let ground = crate::hold::place::Ground::Reason("doubt".into());
    Open { hold: HoldId(40), root: LotId(9), ground, placed_at: at(11) }
}

fn rejected_part() -> RejectedPart {
    let (code, reason) = ("L-9".into(), "Cd above the limit".into());
    RejectedPart { disposition: DispositionId(45), code, share_percent: Some("33.33".into()), reason }
}

#[test]
fn an_override_answers_for_what_was_rejected_by_then() {
    let mut case = fine();
    case.rejected = vec![rejected_part()];
    case.overrides = vec![override_of(&case, Key::Rejected, at(13))];
    assert_eq!(failing(&case), []);
    case.rejected.push(RejectedPart { disposition: DispositionId(49), ..rejected_part() });
    assert_eq!(failing(&case), [Key::Rejected]);
}

fn failing(case: &Case) -> Vec<Key> {
    assess(case).1.iter().filter(|check| !check.state.allows()).map(|check| check.key).collect()
}

type Spoil = (Key, &'static str, fn(&mut Case));

/// One way or several to spoil each check, and nothing else.
fn spoils() -> Vec<Spoil> {
    vec![
        (Key::Balance, "in no balance", |c| c.balances.clear()),
        (Key::Balance, "of another period", |c| {
            c.balances.iter_mut().for_each(|of| of.of_its_period = false);
        }),
        (Key::Balance, "it went in as feed", |c| c.balances.iter_mut().for_each(|of| of.feed = true)),
        (Key::Balance, "not final", |c| c.balances.iter_mut().for_each(|of| of.is_final = false)),
        (Key::Balance, "stale", |c| c.balances.iter_mut().for_each(|of| of.stale = true)),
        (Key::Balance, "does not close", |c| c.balances.iter_mut().for_each(|of| of.closes = false)),
        (Key::Specification, "not the right edition", |c| c.right.clear()),
        (Key::Specification, "of another material", |c| {
            if let Some(version) = &mut c.version {
                version.material = MaterialId(2);
            }
        }),
        (Key::Results, "a retest is pending", |c| {
            c.results.push(Measured { workflow: Workflow::Pending, ..result(23, "Cd", "0.0003") });
        }),
        (Key::Qc, "not run", |c| c.results[1].qc = Qc::NotTested),
        (Key::Qc, "failed", |c| c.results[0].qc = Qc::Failure),
        (Key::Qc, "its override has ended", |c| c.results[0].qc = Qc::Overridden(at(12))),
        (Key::Range, "above the method's range", |c| c.results[0].in_range = Some(false)),
        (Key::Qc, "its reference material is void", |c| {
            c.results[0].reference_void = vec![kernel::ReferenceLotId(6)];
        }),
        (Key::Range, "its method's edition is void", |c| c.results[0].edition_void = true),
        (Key::Calibration, "no calibration", |c| c.results[0].window = None),
        (Key::Calibration, "ended before the measurement", |c| {
            c.results[0].window.iter_mut().for_each(|window| window.valid_until = at(8));
        }),
        (Key::Calibration, "voided from before the measurement", |c| {
            c.results[1].window.as_mut().unwrap().voided_from = Some(at(7));
        }),
        (Key::Signers, "lapsed at the signing", |c| {
            c.results[0].reviewed.as_mut().unwrap().under.as_mut().unwrap().valid_until = at(9);
        }),
        (Key::Signers, "for another activity", |c| {
            c.results[0].released.as_mut().unwrap().under.as_mut().unwrap().activity = Some(Activity::Test);
        }),
        (Key::Signers, "somebody else's", |c| {
            c.results[1].tested.as_mut().unwrap().under.as_mut().unwrap().person = PersonId(9);
        }),
        (Key::Signers, "withdrawn from before", |c| {
            c.results[1].tested.as_mut().unwrap().under.as_mut().unwrap().withdrawn_at = Some(at(8));
        }),
        (Key::Signers, "the sampler's, withdrawn from before", |c| {
            c.samples[0].unauthorised = Some(AuthorisationId(109));
        }),
        (Key::Signers, "cites none", |c| c.results[0].tested.as_mut().unwrap().under = None),
        (Key::Masses, "the lot's three do not agree", |c| c.lot.kg_dry = "23000".parse().ok()),
        (Key::Masses, "the lot's moisture is not known", |c| c.lot.moisture_percent = None),
        (Key::Masses, "a sample's three do not agree", |c| c.samples[0].kg_dry = "1.5".parse().ok()),
        (Key::Holds, "on it", |c| c.holds.push((c.lot.id, open_hold()))),
        (Key::Holds, "on what it was made from", |c| c.holds.push((LotId(9), open_hold()))),
        (Key::Rejected, "a third of it was", |c| c.rejected.push(rejected_part())),
        (Key::Plausibility, "more Mn than the pure compound holds", |c| {
            c.results[0].reported = result(21, "Mn", "33.0").reported;
        }),
        (Key::Plausibility, "an oxide that no item asks for contradicts its element", |c| {
            c.results.push(result(23, "MnO", "60.0"));
        }),
        (Key::Plausibility, "a moisture that cannot be", |c| {
            let moist = result(23, "moisture", "150").reported;
            let of = measure::Reported::value(
                moist.text().cloned().unwrap(),
                moist.unit(),
                measure::Basis::AsReceived,
            );
            c.results.push(Measured { reported: of, ..result(23, "moisture", "150") });
        }),
        (Key::Plausibility, "all of it is more than all", |c| {
            c.results.push(result(23, "Zn", "40.0"));
            c.results.push(result(24, "SiO2", "35.0"));
        }),
        (Key::History, "more cadmium in every lot before", |c| c.past = history::Past::sample(60, 1.0)),
        (Key::Judgement, "fails", |c| {
            c.results[1].reported = result(22, "Cd", "0.0006").reported;
        }),
        (Key::Judgement, "undecidable", |c| {
            c.results[1].reported = result(22, "Cd", "<0.01").reported;
        }),
    ]
}

#[test]
fn a_lot_without_a_blemish_passes_every_check() {
    assert_eq!(failing(&fine()), []);
    assert!(assess(&fine()).1.iter().all(|check| check.state == State::Pass && !check.evidence.is_empty()));
}

#[test]
fn each_spoiled_case_fails_its_check_and_no_other_and_names_the_remedy() {
    for (key, what, spoil) in spoils() {
        let mut case = fine();
        spoil(&mut case);
        assert_eq!(failing(&case), [key], "{what}");
        let checks = assess(&case).1;
        let check = checks.iter().find(|check| check.key == key).unwrap();
        // Who sampled is not mended by a retest of the sample.
        let remedy = if what.starts_with("the sampler's") { "gate.override" } else { key.remedy() };
        assert_eq!(check.remedy.as_deref(), Some(remedy), "{what}");
        assert!(!check.evidence.is_empty() && check.args.contains_key("what"), "{what}");
    }
    let spoiled: std::collections::BTreeSet<Key> = spoils().iter().map(|(key, _, _)| *key).collect();
    assert_eq!(spoiled.len(), Key::ALL.len(), "every check has a case");
}

#[test]
fn a_missing_required_result_fails_and_leaves_its_verdict_open() {
    let mut case = fine();
    case.results.pop();
    assert_eq!(failing(&case), [Key::Results, Key::Judgement], "what is there is checked");
}

fn states(case: &Case) -> Vec<(Key, State)> {
    // A lot without a history is asked nothing of it.
    let plain = |check: &Check| check.key == Key::History && check.state == State::NotAsked;
    let odd = |check: &Check| check.state != State::Pass && !plain(check);
    assess(case).1.iter().filter(|check| odd(check)).map(|check| (check.key, check.state)).collect()
}

/// A check that looked at nothing is no pass; one that nobody asks for says so and lets the lot go.
#[test]
fn a_check_with_nothing_to_check_does_not_pass() {
    use State::{Fail, NotAsked, Nothing, Undecidable};
    const RESTING_ON_RESULTS: [Key; 5] =
        [Key::Qc, Key::Range, Key::Calibration, Key::Signers, Key::Plausibility];
    type Emptied = (&'static str, fn(&mut Case), &'static [(Key, State)]);
    let table: [Emptied; 9] = [
        (
            "no results",
            |c| c.results.clear(),
            &[
                (Key::Results, Fail),
                (Key::Qc, Nothing),
                (Key::Range, Nothing),
                (Key::Calibration, Nothing),
                (Key::Signers, Nothing),
                (Key::Plausibility, Nothing),
                (Key::Judgement, Undecidable),
            ],
        ),
        (
            "nothing is required and nothing was measured",
            |c| {
                c.results.clear();
                c.version
                    .iter_mut()
                    .for_each(|of| of.items.iter_mut().for_each(|item| item.optional.0 = true));
            },
            &[
                (Key::Results, Nothing),
                (Key::Qc, Nothing),
                (Key::Range, Nothing),
                (Key::Calibration, Nothing),
                (Key::Signers, Nothing),
                (Key::Plausibility, Nothing),
                (Key::Judgement, Nothing),
            ],
        ),
        (
            "no specification",
            |c| c.version = None,
            &[
                (Key::Specification, Fail),
                (Key::Results, Fail),
                (Key::Qc, Nothing),
                (Key::Range, Nothing),
                (Key::Calibration, Nothing),
                (Key::Signers, Nothing),
                (Key::Balance, Nothing),
                (Key::Plausibility, Nothing),
                (Key::Judgement, Nothing),
            ],
        ),
        (
            "an edition that limits nothing",
            |c| {
                c.version = c.version.take().map(|of| Version { items: Vec::new(), ..of });
            },
            &[
                (Key::Results, Fail),
                (Key::Qc, Nothing),
                (Key::Range, Nothing),
                (Key::Calibration, Nothing),
                (Key::Signers, Nothing),
                (Key::Plausibility, Nothing),
                (Key::Judgement, Nothing),
            ],
        ),
        (
            "the edition asks for no balance",
            |c| {
                c.version.iter_mut().for_each(|of| of.requires_balance = false);
            },
            &[(Key::Balance, NotAsked)],
        ),
        (
            "no method asks for control",
            |c| {
                c.results.iter_mut().for_each(|of| of.qc = Qc::NotRequired);
            },
            &[(Key::Qc, NotAsked)],
        ),
        (
            "no method states a range",
            |c| {
                c.results.iter_mut().for_each(|of| of.in_range = None);
            },
            &[(Key::Range, NotAsked)],
        ),
        (
            "everything was done without an instrument",
            |c| {
                c.results.iter_mut().for_each(|of| (of.instrument, of.window) = (None, None));
            },
            &[(Key::Calibration, NotAsked)],
        ),
        (
            "every item is only reported",
            |c| {
                let items = r#"[{"analyte":"Mn","unit":"%","basis":"dry"},
                    {"analyte":"Cd","unit":"%","basis":"dry"}]"#;
                c.version.iter_mut().for_each(|of| of.items = serde_json::from_str(items).unwrap());
            },
            &[(Key::Judgement, NotAsked)],
        ),
    ];
    for (what, empty, expected) in table {
        let mut case = fine();
        empty(&mut case);
        assert_eq!(states(&case), expected, "{what}");
        for check in assess(&case).1.iter().filter(|check| check.state == Nothing) {
            assert!(!check.state.allows() && check.remedy.is_some(), "{what}: {:?}", check.key);
        }
        let goes = may_release(&assessment(case), None, Some(PersonId(8))).is_ok();
        assert_eq!(goes, expected.iter().all(|(_, state)| *state == NotAsked), "{what}");
    }
    // One of several is enough to ask.
    let mut case = fine();
    case.results[0].qc = Qc::NotRequired;
    case.results[0].in_range = None;
    (case.results[0].instrument, case.results[0].window) = (None, None);
    assert_eq!(states(&case), []);
    // An override of a check that has nothing to look at leaves the missing results missing.
    let mut case = fine();
    case.results.clear();
    case.overrides = RESTING_ON_RESULTS.map(|key| override_of(&case, key, at(13))).to_vec();
    assert_eq!(failing(&case), [Key::Results, Key::Judgement]);
}

/// An override given while the case is as it is.
fn override_of(case: &Case, key: Key, until: Instant) -> Override {
    let plain = Case { overrides: vec![], ..case.clone() };
    let checks = assess(&plain).1.into_iter().filter(|check| check.key == key && !check.state.allows());
    let covers = checks.flat_map(|check| check.evidence).collect();
    Override { id: OverrideId(48), key, valid_until: until, person: PersonId(7), covers }
}

#[test]
fn an_override_lets_its_own_check_pass_until_it_ends_and_only_where_one_may() {
    for (key, what, spoil) in spoils() {
        let mut case = fine();
        spoil(&mut case);
        case.overrides = vec![override_of(&case, key, at(13))];
        let expected: &[Key] = if key.may_be_overridden() { &[] } else { &[key] };
        assert_eq!(failing(&case), expected, "{what}");
        case.overrides = vec![override_of(&case, key, at(12))];
        assert_eq!(failing(&case), [key], "{what}: ended");
        let other = Key::ALL.into_iter().find(|other| *other != key && other.may_be_overridden());
        case.overrides = vec![override_of(&case, other.unwrap(), at(13))];
        assert_eq!(failing(&case), [key], "{what}: of another check");
    }
}

#[test]
fn an_override_answers_for_what_failed_then_and_for_nothing_that_fails_later() {
    for key in Key::ALL.into_iter().filter(|key| key.may_be_overridden()) {
        for (_, what, spoil) in spoils().into_iter().filter(|(of, ..)| *of == key) {
            let mut case = fine();
            // Given while nothing failed, it answers for nothing.
            case.overrides = vec![override_of(&case, key, at(13))];
            spoil(&mut case);
            assert_eq!(failing(&case), [key], "{what}");
        }
    }
    // One result's control was answered for; another's fails afterwards.
    let mut case = fine();
    case.results[0].qc = Qc::Failure;
    case.overrides = vec![override_of(&case, Key::Qc, at(13))];
    assert_eq!(failing(&case), []);
    case.results[1].qc = Qc::Failure;
    assert_eq!(failing(&case), [Key::Qc]);
}

fn conceded(case: &mut Case, item: &str) {
    case.customer = Some(PartyId(2));
    case.concessions = vec![Concession {
        id: DispositionId(52),
        version: SpecificationVersionId(6),
        party: PartyId(2),
        items: vec![item.to_owned()],
        valid_until: at(13),
        person: Some(PersonId(7)),
        covers: Some(Nonconformity::all(&assess(case).0)),
    }];
}

#[test]
fn a_concession_covers_its_items_for_its_customer_until_it_ends() {
    let mut case = fine();
    case.results[1] = result(22, "Cd", "0.0006");
    conceded(&mut case, "Cd");
    assert_eq!(failing(&case), []);
    let check = assess(&case).1.pop().unwrap();
    assert_eq!((check.state, check.evidence[0]), (State::Overridden, DispositionId(52).into()));
    let spoils: [fn(&mut Case); 4] = [
        |c| c.customer = Some(PartyId(3)),
        |c| c.at = at(13),
        |c| c.concessions[0].items = vec!["Mn".into()],
        |c| c.concessions[0].version = SpecificationVersionId(7),
    ];
    for spoil in spoils {
        let mut case = case.clone();
        spoil(&mut case);
        assert!(failing(&case).contains(&Key::Judgement));
    }
}

/// Consent answers for the figure that was known; one of before that was kept answers for its results.
#[test]
fn a_concession_covers_the_figure_that_was_known_and_none_that_is_found_later() {
    for (figure, covered) in [("0.0006", true), ("0.0007", false), ("0.00061", false), ("0.0004", true)] {
        let mut case = fine();
        case.results[1] = result(22, "Cd", "0.0006");
        conceded(&mut case, "Cd");
        case.results[1] = result(22, "Cd", figure);
        assert_eq!(failing(&case).is_empty(), covered, "{figure}");
        // It does not say what it knew: then, what was numbered before it.
        case.concessions[0].covers = None;
        assert_eq!(failing(&case), [], "{figure}");
        case.results[1].id = ResultId(53);
        assert_eq!(failing(&case).is_empty(), figure == "0.0004", "{figure}: found after it");
    }
}

/// A figure is compared with what other lots had once: when the lot is released.
#[test]
fn what_other_lots_had_since_says_nothing_against_a_lot_that_is_released() {
    let mut case = fine();
    case.past = history::Past::sample(60, 1.0);
    assert_eq!(failing(&case), [Key::History]);
    case.compared = case.results.iter().map(|result| result.id).collect();
    assert_eq!(failing(&case), []);
    case.results.push(result(23, "Cd", "<0.0001"));
    assert_eq!(failing(&case), [Key::History], "a later result is asked about");
}

fn assessment(case: Case) -> Assessment {
    let (lines, checks) = assess(&case);
    Assessment { case, lines, checks }
}

#[test]
fn whoever_answers_for_an_exception_does_not_release_upon_it() {
    let mut case = fine();
    case.results[0].in_range = Some(false);
    case.overrides = vec![override_of(&case, Key::Range, at(13))];
    let found = assessment(case);
    let refused = may_release(&found, None, Some(PersonId(7)));
    assert_eq!(refused, Err(ReleaseRefused::SamePerson(OverrideId(48).into())));
    assert_eq!(may_release(&found, None, Some(PersonId(8))), Ok(PersonId(8)));
    // An override nobody needs binds nobody.
    let mut case = fine();
    case.overrides = vec![override_of(&case, Key::Range, at(13))];
    assert_eq!(may_release(&assessment(case), None, Some(PersonId(7))), Ok(PersonId(7)));
}

#[test]
fn the_refusal_names_the_first_check_and_lists_all() {
    use kernel::Refuse;
    let mut case = fine();
    case.results[1] = result(22, "Cd", "0.0006");
    case.results[0].qc = Qc::Failure;
    let refusal = may_release(&assessment(case), None, Some(PersonId(8))).unwrap_err().refusal();
    assert_eq!(refusal.code, "release-qc");
    assert_eq!(refusal.args["failing"], "qc, judgement");
    assert_eq!(refusal.remedy.as_deref(), Some("qc.override"));
}

proptest! {
    /// No false release: whatever is spoiled and whatever is overridden, a released lot had every check pass,
    /// or overridden by a valid override or concession of somebody else.
    #[test]
    fn nothing_is_released_but_through_every_check(
        spoiled in proptest::collection::vec(0..spoils().len(), 0..4),
        overridden in proptest::collection::vec((0..Key::ALL.len(), 10u32..16), 0..4),
        concede in any::<bool>(),
        by in 6u64..9,
    ) {
        let mut case = fine();
        for index in &spoiled {
            spoils()[*index].2(&mut case);
        }
        let mut overrides: Vec<Override> = Vec::new();
        for (at_key, hour) in overridden {
            overrides.push(override_of(&case, Key::ALL[at_key], at(hour)));
        }
        case.overrides = overrides;
        if concede {
            conceded(&mut case, "Cd");
        }
        let found = assessment(case.clone());
        if let Ok(person) = may_release(&found, None, Some(PersonId(by))) {
            let covered = |key: Key| {
                let by_override = key.may_be_overridden()
                    && case.overrides.iter().any(|o| {
                        o.key == key && o.valid_until > case.at && o.person != person
                    });
                by_override || (key == Key::Judgement && concede && person != PersonId(7))
            };
            for index in spoiled {
                prop_assert!(covered(spoils()[index].0), "{}", spoils()[index].1);
            }
        }
    }
}

/// An override answers for what failed then, and not for another fall about the same result or calibration.
#[test]
fn an_override_lapses_when_something_else_about_the_same_result_falls() {
    type Change = fn(&mut Case);
    let table: [(&str, Key, Change, Change); 8] = [
        ("bottle", Key::Qc, |c| c.results[0].qc = Qc::Failure, |c| void_bottle(c, 6)),
        ("control", Key::Qc, |c| void_bottle(c, 6), |c| c.results[0].qc = Qc::Failure),
        ("another bottle", Key::Qc, |c| void_bottle(c, 6), |c| void_bottle(c, 7)),
        (
            "edition",
            Key::Range,
            |c| c.results[0].in_range = Some(false),
            |c| c.results[0].edition_void = true,
        ),
        ("range", Key::Range, |c| c.results[0].edition_void = true, |c| c.results[0].in_range = Some(false)),
        ("calibration", Key::Calibration, ended, voided),
        ("its end", Key::Calibration, voided, ended),
        (
            "authorisation",
            Key::Signers,
            |c| c.results[0].reviewed = None,
            |c| {
                c.results[0].tested.as_mut().unwrap().under.as_mut().unwrap().withdrawn_at = Some(at(0));
            },
        ),
    ];
    fn void_bottle(case: &mut Case, number: u64) {
        case.results[0].reference_void.push(kernel::ReferenceLotId(number));
    }
    fn ended(case: &mut Case) {
        case.results.iter_mut().for_each(|one| one.window.as_mut().unwrap().valid_until = at(1));
    }
    fn voided(case: &mut Case) {
        case.results.iter_mut().for_each(|one| one.window.as_mut().unwrap().voided_from = Some(at(0)));
    }
    for (what, key, first, then) in table {
        let mut case = fine();
        first(&mut case);
        let failing = |case: &Case| {
            let found = assess(case).1.into_iter().find(|check| check.key == key).unwrap();
            (found.state, found.evidence)
        };
        let (state, covers) = failing(&case);
        assert_eq!(state, State::Fail, "{what}");
        case.overrides.push(Override {
            id: kernel::OverrideId(48),
            key,
            valid_until: at(23),
            person: kernel::PersonId(9),
            covers: covers.into_iter().collect(),
        });
        assert_eq!(failing(&case).0, State::Overridden, "{what}");
        then(&mut case);
        assert_eq!(failing(&case).0, State::Fail, "{what}");
    }
}
