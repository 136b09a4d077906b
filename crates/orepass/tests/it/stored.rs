//! What is stored is read for ever: the forms of facts, and the migrations that made the tables.
//!
//! Both goldens only grow. `UPDATE_GOLDENS=1` adds what is new; what stands there is never changed or
//! dropped. A fact that changes shape gets a new version and reads the old one:
//! `FactKind::of::<New>().upcast(1, |old: V1| …)`.

use std::collections::{BTreeMap, BTreeSet};

use facts::Event;
use testkit::growing_golden;

#[test]
fn every_form_that_was_ever_stored_is_read_and_folded() {
    let registry = server::registry().unwrap();
    let mut today = BTreeSet::new();
    for (kind, fact) in &registry.facts {
        let samples = (fact.samples)();
        assert!(!samples.is_empty(), "{kind} has no sample");
        today.extend(samples.into_iter().map(|sample| format!("{kind} {} {sample}", fact.version)));
    }
    let kept = growing_golden("tests/golden/facts.txt", &today);
    let forms: Vec<(&str, u32, &str)> = kept
        .iter()
        .map(|line| {
            let mut parts = line.splitn(3, ' ');
            let mut next = || parts.next().unwrap();
            (next(), next().parse().unwrap(), next())
        })
        .collect();
    let folded = store::fold_each(&registry, &forms).unwrap();
    for ((kind, version, payload), wrong) in forms.iter().zip(folded) {
        // What it changes may not be there, as it is alone; the golden folder folds it in its company.
        let wrong = wrong.filter(|wrong| !matches!(wrong, store::StoreError::Missing(_)));
        assert!(wrong.is_none(), "{kind}@{version} {payload}\n{}", wrong.unwrap());
        // What is written today reads as it was written.
        let fact = registry.facts[kind].read(*version, payload).unwrap().unwrap();
        let of_today = *version == registry.facts[kind].version
            && today.contains(&format!("{kind} {version} {payload}"));
        assert!(!of_today || fact.payload().unwrap() == *payload, "{kind} {payload}");
    }
    for (kind, fact) in &registry.facts {
        for version in fact.versions() {
            assert!(
                forms.iter().any(|form| (form.0, form.1) == (kind, version)),
                "{kind}@{version} has no golden"
            );
        }
    }
}

#[test]
fn a_migration_that_was_released_is_never_changed() {
    let mut today = BTreeSet::new();
    for area in server::areas() {
        for migration in area.migrations {
            let digest = store::sha256(migration.sql.as_bytes());
            today.insert(format!("{} {} {digest}", area.name, migration.name));
        }
    }
    let kept = growing_golden("tests/golden/migrations.txt", &today);
    let gone: Vec<&String> = kept.iter().filter(|line| !today.contains(*line)).collect();
    assert!(gone.is_empty(), "changed or gone; write a new migration instead:\n{gone:?}");
}

#[test]
fn everything_that_areas_react_to_has_a_fact_that_says_it_and_words_in_both_languages() {
    let registry = server::registry().unwrap();
    let mut said: BTreeMap<Event, Vec<&str>> = BTreeMap::new();
    for (kind, fact) in &registry.facts {
        for notice in (fact.notices)() {
            said.entry(notice.cause().event).or_default().push(kind);
        }
    }
    let catalogue = server::catalogue();
    for event in Event::ALL {
        assert!(said.contains_key(event), "no fact says `{event}`; its samples must");
        assert!(catalogue.has(&format!("hold-because-{event}")), "{event}");
    }
}
