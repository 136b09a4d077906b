//! The whole table, and who passes by exception.

use kernel::{DispositionId, HoldId};

use super::*;
use crate::gate::allow::Opening;

/// For each standing: how a lot leaves to a customer, carrier, treater, its supplier, a laboratory, nobody;
/// then certificate, product, waste, blend, composite, split, rework. `.` open, `x` by exception, `#` closed.
const TABLE: [(Standing, &str, &str); 8] = [
    (Standing::Rejected, "xx...x", "#x.x..."),
    (Standing::Held, "xxx..x", "#x.x..."),
    (Standing::Contains, "xx...x", "#......"),
    (Standing::Withdrawn, "xx...x", "#.....#"),
    (Standing::Unreleased, "xx...x", "#.....#"),
    (Standing::Elsewhere, "xx...x", "#.....#"),
    (Standing::Released, "......", "......#"),
    (Standing::Clear, "......", "#.....#"),
];

#[test]
fn every_standing_at_every_door_for_every_kind_of_party() {
    let sign = |of: Rule| match of {
        Rule::Open => '.',
        Rule::Override => 'x',
        Rule::Closed => '#',
    };
    let mut seen = 0;
    for (standing, outside, inside) in TABLE {
        for door in Door::ALL {
            for (at, to) in Receiver::ALL.into_iter().enumerate() {
                let wanted = match Door::ALL.iter().position(|of| *of == door).unwrap() {
                    0 | 1 => outside.chars().nth(at),
                    of => inside.chars().nth(of - 2),
                };
                assert_eq!(Some(sign(rule(standing, door, to))), wanted, "{standing:?} {door:?} {to:?}");
                seen += 1;
            }
        }
    }
    assert_eq!(seen, Standing::ALL.len() * Door::ALL.len() * Receiver::ALL.len());
    let doors: Vec<&str> = Door::by_exception().map(Door::word).collect();
    let offered = [Opening::Ship, Opening::Consign, Opening::Product, Opening::Blend];
    assert_eq!(doors, offered.map(|of| of.door().word()), "what lot.allow offers is what the table opens");
}

fn held(hold: u64) -> Problem {
    Problem::new(Standing::Held, Some(HoldId(hold).into()), "torn cloth")
}

/// Copper that does not conform, with these figures.
fn figures(all: &[&str]) -> BTreeSet<Nonconformity> {
    let of = |figure: &&str| Nonconformity {
        analyte: "Cu".into(),
        sample: None,
        figure: (*figure).to_owned(),
        compared: (*figure).to_owned(),
    };
    all.iter().map(of).collect()
}

#[test]
fn an_exception_answers_for_the_figures_that_were_known() {
    let passage = Passage {
        lot: LotId(12),
        code: "L-12".into(),
        door: Door::Ship,
        receiver: Receiver::Customer,
        party: Some(PartyId(2)),
        kg_wet: 100.into(),
    };
    let one = [held(40)];
    let known = [allowance(5, &one, None)];
    for (now, passes) in
        [(&[][..], true), (&["24.0"], true), (&["1.0"], false), (&["1.0", "24.0"], false), (&["24.5"], false)]
    {
        let said = admit(&passage, &one, &figures(now), &known, None, Instant::from_micros(0));
        assert_eq!(said.is_ok(), passes, "{now:?}");
    }
}

fn allowance(id: u64, answers: &[Problem], left: Option<i64>) -> Allowance {
    Allowance {
        id: OverrideId(id),
        party: Some(PartyId(2)),
        left_kg: left.map(Decimal::from),
        answers: answers.iter().map(Answered::from).collect(),
        knew: figures(&["24.0"]),
        valid_until: Instant::from_micros(1000),
        person: PersonId(7),
    }
}

#[test]
fn an_exception_answers_for_what_was_known_to_whom_it_says_until_it_ends_and_by_two_people() {
    let passage = Passage {
        lot: LotId(12),
        code: "L-12".into(),
        door: Door::Ship,
        receiver: Receiver::Customer,
        party: Some(PartyId(2)),
        kg_wet: 100.into(),
    };
    let one = [held(40)];
    let other = Allowance { party: Some(PartyId(3)), ..allowance(5, &one, None) };
    let two = [held(40), held(41)];
    let (worker, manager) = (Some(PersonId(1)), Some(PersonId(7)));
    type Case<'a> = (&'a [Problem], Vec<Allowance>, Option<PersonId>, i64, &'a str);
    let table: Vec<Case<'_>> = vec![
        (&[], vec![], worker, 0, "-"),
        (&one, vec![], worker, 0, "gate-held"),
        (&one, vec![allowance(5, &one, None)], worker, 0, "override-5"),
        (&one, vec![allowance(5, &one, None)], worker, 1000, "gate-held"),
        (&one, vec![allowance(5, &one, None)], manager, 0, "gate-own-exception"),
        (&one, vec![allowance(5, &one, Some(100))], worker, 0, "override-5"),
        (&one, vec![allowance(5, &one, Some(99))], worker, 0, "gate-exception-spent"),
        (&one, vec![allowance(5, &one, Some(99)), allowance(6, &one, Some(100))], worker, 0, "override-6"),
        (&one, vec![other], worker, 0, "gate-held"),
        (&two, vec![allowance(5, &one, None)], worker, 0, "gate-held"),
        (&two, vec![allowance(5, &two, None)], worker, 0, "override-5"),
        (&one, vec![allowance(5, &one, None)], None, 0, "override-5"),
    ];
    for (problems, allowances, by, at, expected) in table {
        let said =
            match admit(&passage, problems, &BTreeSet::new(), &allowances, by, Instant::from_micros(at)) {
                Ok(Some(id)) => id.to_string(),
                Ok(None) => "-".to_owned(),
                Err(refused) => refused.refusal().code,
            };
        assert_eq!(said, expected, "{problems:?} {allowances:?} {by:?} {at}");
    }
}

#[test]
fn a_refusal_names_what_stands_in_the_way_and_what_would_mend_it() {
    let lot = LotId(12);
    let rejected = Problem::new(Standing::Rejected, Some(DispositionId(51).into()), "Cd above the limit");
    let unkept = Problem {
        mend: Some(Box::new(Mend {
            command: "result.release".to_owned(),
            on: Some(kernel::ResultId(9).into()),
        })),
        ..Problem::new(Standing::Withdrawn, Some(kernel::ResultId(9).into()), "Cd")
    };
    for (problem, code, command, on) in [
        (held(40), "gate-held", "hold.lift", Ref::from(HoldId(40))),
        (rejected, "gate-rejected", "lot.rework", lot.into()),
        (
            Problem { standing: Standing::Unreleased, ..held(6) },
            "gate-not-released",
            "lot.release",
            lot.into(),
        ),
        (unkept, "gate-withdrawn", "result.release", kernel::ResultId(9).into()),
    ] {
        let of = Stopped { lot, code: "L-12".into(), door: Door::Ship, problem };
        let refusal = GateRefused::Stopped(of).refusal();
        assert_eq!(
            (refusal.code.as_str(), refusal.remedy.as_deref(), refusal.on),
            (code, Some(command), Some(on))
        );
        assert!(refusal.clause.starts_with("ISO 9001:2015 8."));
    }
}
