use kernel::{LotId, MethodId, MethodVersionId};
use proptest::prelude::*;

use super::*;

const LI: PersonId = PersonId(1);

fn instant(seconds: i64) -> Instant {
    Instant::from_micros(seconds * 1_000_000)
}

fn scope() -> Ref {
    MethodId(7).into()
}

fn one(id: u64, from: i64, until: i64, withdrawn: Option<i64>) -> Authorisation {
    Authorisation {
        id: AuthorisationId(id),
        person: LI,
        activity: Activity::Test,
        scope: scope(),
        valid_from: instant(from),
        valid_until: instant(until),
        basis: "assessed".into(),
        granted_by: None,
        granted_at: instant(0),
        withdrawn: withdrawn.map(|from| Withdrawal { from: instant(from), why: "found unfit".into() }),
    }
}

fn denied(at: i64) -> Denied {
    Denied { person: LI, activity: Activity::Test, scope: scope(), at: instant(at) }
}

/// Name, what is held, the instant in seconds, and what comes of it.
type Case = (&'static str, Vec<Authorisation>, i64, Result<u64, ActRefusal>);

#[test]
fn an_act_is_allowed_or_refused_by_what_is_held_at_its_instant() {
    let id = AuthorisationId;
    let table: Vec<Case> = vec![
        ("none", vec![], 5, Err(ActRefusal::Missing(denied(5)))),
        ("first instant", vec![one(1, 5, 9, None)], 5, Ok(1)),
        ("before the last", vec![one(1, 5, 9, None)], 8, Ok(1)),
        (
            "end is outside",
            vec![one(1, 5, 9, None)],
            9,
            Err(ActRefusal::Lapsed(denied(9), id(1), instant(9))),
        ),
        ("early", vec![one(1, 5, 9, None)], 4, Err(ActRefusal::NotYet(denied(4), id(1), instant(5)))),
        (
            "next of two",
            vec![one(1, 8, 9, None), one(2, 6, 7, None)],
            4,
            Err(ActRefusal::NotYet(denied(4), id(2), instant(6))),
        ),
        (
            "withdrawn",
            vec![one(1, 5, 9, Some(6))],
            6,
            Err(ActRefusal::Withdrawn(denied(6), id(1), instant(6))),
        ),
        ("not yet withdrawn", vec![one(1, 5, 9, Some(6))], 5, Ok(1)),
        (
            "withdrawn before it lapsed",
            vec![one(1, 5, 9, Some(6))],
            20,
            Err(ActRefusal::Withdrawn(denied(20), id(1), instant(6))),
        ),
        ("withdrawn from its future", vec![one(1, 5, 9, Some(8))], 7, Ok(1)),
        ("renewed", vec![one(1, 5, 9, None), one(2, 9, 12, None)], 9, Ok(2)),
        ("renewed after a withdrawal", vec![one(1, 5, 9, Some(6)), one(2, 6, 9, None)], 7, Ok(2)),
        ("both valid: the older", vec![one(2, 1, 9, None), one(1, 1, 9, None)], 4, Ok(1)),
        (
            "last end counts",
            vec![one(1, 1, 3, None), one(2, 1, 5, None)],
            7,
            Err(ActRefusal::Lapsed(denied(7), id(2), instant(5))),
        ),
        (
            "lapsed before not yet",
            vec![one(1, 1, 3, None), one(2, 8, 9, None)],
            5,
            Err(ActRefusal::Lapsed(denied(5), id(1), instant(3))),
        ),
    ];
    for (name, held, at, expected) in table {
        assert_eq!(allow(denied(at), &held), expected.map(AuthorisationId), "{name}");
    }
}

#[test]
fn an_absent_scope_is_refused_before_anything_else() {
    let bare = Act { activity: Activity::Test, scope: None };
    let full = Act { activity: Activity::Test, scope: Some(scope()) };
    assert_eq!(wanted(bare, None, instant(1)), Err(ActRefusal::NoScope(Activity::Test, None, instant(1))));
    assert_eq!(wanted(bare, Some(LI), instant(1)).unwrap_err().refusal().code, "authorisation-no-scope");
    assert_eq!(
        wanted(full, None, instant(1)),
        Err(ActRefusal::NoPerson(Activity::Test, scope(), instant(1)))
    );
    assert_eq!(wanted(full, Some(LI), instant(5)), Ok(denied(5)));
}

#[test]
fn a_refusal_names_person_activity_scope_instant_and_remedy() {
    let refusal = ActRefusal::Lapsed(denied(9), AuthorisationId(3), instant(9)).refusal();
    let args: Vec<(&str, &str)> = refusal.args.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(
        args,
        [
            ("activity", "test"),
            ("at", "1970-01-01T00:00:09.000000Z"),
            ("authorisation", "authorisation-3"),
            ("lapsed_at", "1970-01-01T00:00:09.000000Z"),
            ("person", "person-1"),
            ("scope", "method-7"),
        ]
    );
    assert_eq!((refusal.remedy.as_deref(), refusal.on), (Some("authorisation.grant"), Some(LI.into())));
}

#[test]
fn grants_in_the_precedence_of_their_refusals() {
    let (version, lot): (Ref, Ref) = (MethodVersionId(7).into(), LotId(8).into());
    let (day, none) = ((instant(1), instant(2)), (instant(2), instant(2)));
    for (by, scope, interval, expected) in [
        (Some(LI), (version, false), none, Err(GrantRefusal::Own(LI))),
        (None, (version, false), none, Err(GrantRefusal::ScopeVersion(LI, version))),
        (None, (lot, false), none, Err(GrantRefusal::ScopeUnknown(LI, lot))),
        (None, (lot, true), none, Err(GrantRefusal::Empty(LI, instant(2), instant(2)))),
        (Some(PersonId(2)), (lot, true), day, Ok(())),
    ] {
        assert_eq!(may_grant(by, LI, scope, interval), expected);
    }
}

#[test]
fn only_a_withdrawal_that_shortens_it_is_taken() {
    let id = AuthorisationId(1);
    for (held, from, expected) in [
        (one(1, 5, 9, None), 7, Ok(())),
        (one(1, 5, 9, None), 3, Ok(())),
        (one(1, 5, 9, None), 9, Err(GrantRefusal::OverAlready(id, instant(9)))),
        (one(1, 5, 9, Some(7)), 7, Err(GrantRefusal::WithdrawnAlready(id, instant(7)))),
        (one(1, 5, 9, Some(7)), 6, Ok(())),
    ] {
        assert_eq!(may_withdraw(&held, instant(from)), expected);
    }
}

fn any() -> impl Strategy<Value = Authorisation> {
    (1_u64..9, 0_i64..50, 1_i64..30, prop::option::of(0_i64..80))
        .prop_map(|(id, from, long, withdrawn)| one(id, from, from + long, withdrawn))
}

proptest! {
    /// More or longer authorisations never forbid what fewer or shorter ones allow.
    #[test]
    fn allowing_is_monotone_in_the_intervals(
        held in prop::collection::vec(any(), 0..5),
        more in any(),
        longer in 0_i64..20,
        at in 0_i64..90,
    ) {
        let before = allow(denied(at), &held).is_ok();
        let mut with_more = held.clone();
        with_more.push(more);
        let mut lengthened = held.clone();
        for one in &mut lengthened {
            one.valid_from = one.valid_from.plus_seconds(-longer);
            one.valid_until = one.valid_until.plus_seconds(longer);
        }
        prop_assert!(!before || allow(denied(at), &with_more).is_ok());
        prop_assert!(!before || allow(denied(at), &lengthened).is_ok());
    }

    /// A withdrawal never allows what was forbidden, and changes nothing before its instant.
    #[test]
    fn a_withdrawal_only_forbids_from_its_instant(one in any(), from in 0_i64..80, at in 0_i64..90) {
        let mut withdrawn = one.clone();
        let from = withdrawn.withdrawn.map_or(instant(from), |before| before.from.min(instant(from)));
        withdrawn.withdrawn = Some(Withdrawal { from, why: "w".into() });
        let (before, after) = (one.at(instant(at)), withdrawn.at(instant(at)));
        if instant(at) < from {
            prop_assert_eq!(before, after);
        } else {
            prop_assert_ne!(after, Validity::Valid);
        }
    }

    /// The answer is the brute-force one: some interval, cut at its withdrawal, holds the instant.
    #[test]
    fn allowed_exactly_when_some_interval_holds_the_instant(
        held in prop::collection::vec(any(), 0..6),
        at in 0_i64..90,
    ) {
        let covers =
            |one: &Authorisation| one.valid_from <= instant(at) && instant(at) < one.end();
        prop_assert_eq!(allow(denied(at), &held).is_ok(), held.iter().any(covers));
    }
}
