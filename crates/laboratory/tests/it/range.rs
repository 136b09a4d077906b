//! Results above range raise their own follow-up.

use laboratory::follow_up::CloseFollowUp;
use laboratory::result::{EnterResult, ReleaseResults, ReviewResults};

use crate::lab::{Lab, code, on_each_database, reason, refused};
use crate::{lab, take};

/// Follow-ups: what they are about, state, and the result that answers.
fn follow_ups(lab: &Lab) -> Vec<(u64, u64, String, Option<u64>)> {
    let sql = "SELECT number, result, state, answer FROM follow_up ORDER BY number";
    let row = |row: &store::Row<'_>| Ok((row.number(0)?, row.number(1)?, row.text(2)?, row.opt_number(3)?));
    lab.world.store.read(|db| db.query(sql, &[], row)).unwrap()
}

fn run(value: &'static str) -> [(&'static str, &'static str, &'static str); 3] {
    [("BLK-1", "Mn", "0.001"), ("CRM-1", "Mn", "1.01"), ("S-1", "Mn", value)]
}

#[test]
fn a_result_above_range_is_not_released_until_a_later_one_within_range_answers_its_follow_up() {
    on_each_database(|world| {
        let lab = lab(world);
        take(&lab, "first.csv", &run("135"));
        let over = lab.results()[0].id;
        let raised = follow_ups(&lab);
        assert_eq!(raised.len(), 1);
        assert_eq!((raised[0].1, raised[0].2.as_str()), (over.number(), "open"));
        let workflows: Vec<_> = lab.results().iter().map(|row| row.workflow.clone()).collect();
        assert_eq!(workflows, ["measured", "assigned"], "the next measurement is asked for");
        let store = &lab.world.store;
        store.run(&lab.reviewer(), ReviewResults { results: vec![over] }).unwrap();
        let no = refused(store.run(&lab.head(), ReleaseResults { results: vec![over] }));
        assert_eq!((no.code.as_str(), no.remedy.as_deref()), ("result-above-range", Some("follow_up.close")));

        // Diluted and measured again: no question is asked, the follow-up is answered, the first is void.
        let second = take(&lab, "diluted.csv", &run("13.5"));
        assert!(!second.readings.contains_key("asks"), "{:?}", second.readings);
        let rows = lab.results();
        let answer = rows.iter().find(|row| row.value.as_deref() == Some("13.5")).unwrap().id;
        assert_eq!(follow_ups(&lab)[0].3, Some(answer.number()));
        let validity = |id| rows.iter().find(|row| row.id == id).unwrap().validity.clone();
        assert_eq!((validity(over).as_str(), validity(answer).as_str()), ("retracted", "valid"));
        store.run(&lab.reviewer(), ReviewResults { results: vec![answer] }).unwrap();
        store.run(&lab.head(), ReleaseResults { results: vec![answer] }).unwrap();
        store::verify(store, true).unwrap();
    });
}

#[test]
fn a_repeat_that_is_above_range_again_is_followed_up_in_its_turn() {
    on_each_database(|world| {
        let lab = lab(world);
        take(&lab, "first.csv", &run(">100"));
        take(&lab, "second.csv", &run("120"));
        take(&lab, "third.csv", &run("12"));
        let states: Vec<_> = follow_ups(&lab).iter().map(|one| one.2.clone()).collect();
        assert_eq!(states, ["answered", "answered"]);
        let valid: Vec<_> = lab
            .results()
            .into_iter()
            .filter(|row| row.validity == "valid" && row.workflow != "cancelled")
            .map(|row| row.value)
            .collect();
        assert_eq!(valid, [Some("12".to_owned())]);
        store::verify(&lab.world.store, true).unwrap();
    });
}

#[test]
fn a_person_may_close_a_follow_up_with_a_reason_and_the_limit_is_released() {
    on_each_database(|world| {
        let lab = lab(world);
        let store = &lab.world.store;
        take(&lab, "first.csv", &run(">100"));
        let over = lab.results()[0].id;
        store.run(&lab.reviewer(), ReviewResults { results: vec![over] }).unwrap();
        let close = || CloseFollowUp {
            follow_up: kernel::FollowUpId(follow_ups(&lab)[0].0),
            why: reason("more than 100 mg/L is all that was asked"),
        };
        store.run(&lab.head(), close()).unwrap();
        assert_eq!(refused(store.run(&lab.head(), close())).code, "follow-up-not-open");
        store.run(&lab.head(), ReleaseResults { results: vec![over] }).unwrap();
        let rows = lab.results();
        assert!(rows.iter().all(|row| row.workflow != "assigned"), "nothing more is asked for");
        store::verify(store, true).unwrap();
    });
}

#[test]
fn what_lies_below_range_or_within_it_raises_nothing() {
    on_each_database(|world| {
        let lab = lab(world);
        take(&lab, "low.csv", &[("S-1", "Mn", "-5"), ("S-2", "Mn", "100"), ("S-3", "Mn", "<0.003")]);
        assert!(follow_ups(&lab).is_empty());
        lab.world.store.run(&lab.analyst(), lab.typed("S-4", "100.01")).unwrap();
        assert_eq!(follow_ups(&lab).len(), 1, "a typed result is followed up as well");
    });
}

/// What was typed stays the number and the basis it was typed with, also when it is corrected; without a
/// basis it is not known what it is.
#[test]
fn a_result_keeps_the_basis_it_was_typed_with() {
    const CU: &str = r#"[{"analyte": "Cu", "unit": "%", "basis": "dry", "uncertainty_percent": "2"},
        {"analyte": "Fe", "unit": "%", "basis": "dry", "lod": "0.001"}]"#;
    on_each_database(|world| {
        let lab = Lab::new(world, CU);
        let give = |analyte: &str, value: &str, basis: Option<measure::Basis>| {
            let typed = EnterResult { analyte: code(analyte), basis, ..lab.typed("S-1", value) };
            lab.world.store.run(&lab.analyst(), typed)
        };
        let stored = || {
            let sql = "SELECT value, basis, uncertainty FROM v_laboratory_result WHERE validity = 'valid'
                ORDER BY number DESC LIMIT 1";
            let row = |row: &store::Row<'_>| Ok((row.text(0)?, row.text(1)?, row.opt_text(2)?));
            lab.world.store.read(|db| db.maybe(sql, &[], row)).unwrap().unwrap()
        };
        let said = |value: &str, basis: &str, u: Option<&str>| {
            (value.to_owned(), basis.to_owned(), u.map(str::to_owned))
        };
        let id = give("Cu", "24.00", Some(measure::Basis::AsReceived)).unwrap().subjects[0];
        assert_eq!(stored(), said("24.00", "as_received", Some("0.48")));
        let kind = *lab.world.store.registry().commands.get("result.correct").unwrap();
        let correct = format!(r#"{{"result": "{id}", "value": "24.10", "why": "digits were exchanged"}}"#);
        let command = (kind.parse)(&correct).unwrap();
        let actor = lab.analyst();
        lab.world.store.request(store::Request { actor, command, reason: None, key: None }).unwrap();
        assert_eq!(stored(), said("24.10", "as_received", Some("0.482")));
        give("Cu", "<0.01", Some(measure::Basis::AsReceived)).unwrap();
        assert_eq!(stored(), said("0.01", "as_received", None));
        give("Cu", "24.00", None).unwrap();
        assert_eq!(stored(), said("24.00", "dry", Some("0.48")));
        for basis in [measure::Basis::NotStated, measure::Basis::Calcined] {
            assert_eq!(refused(give("Cu", "24.00", Some(basis))).code, "result-value", "{basis}");
        }
        // Limits of the method are of its basis: without the moisture they say nothing of another one.
        let limited = give("Fe", "24.00", Some(measure::Basis::AsReceived));
        assert_eq!(refused(limited).code, "result-value");
        store::verify(&lab.world.store, true).unwrap();
    });
}
