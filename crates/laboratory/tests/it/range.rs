//! Results above range raise their own follow-up.

use laboratory::follow_up::CloseFollowUp;
use laboratory::result::{ReleaseResults, ReviewResults};

use crate::lab::{Lab, on_each_database, reason, refused};
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
