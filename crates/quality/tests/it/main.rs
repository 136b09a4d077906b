//! Quality end to end, on both databases, with a stand-in for the laboratory.

#![allow(clippy::unwrap_used)]

mod bench;
mod figures;
mod gate;
mod plant;
mod recall;
mod since;
mod standing;

use std::collections::{BTreeMap, BTreeSet};

use kernel::{CertificateId, HoldId, LotId};
use plant::{Plant, areas, code};
use publish::dossier::{Clause, verify};
use store::params;
use testkit::{World, each_database};

fn everywhere(check: impl Fn(Plant)) {
    each_database(areas, authority::authorise, |world| check(Plant::new(world)));
}

fn released(plant: &Plant, lot: LotId) -> String {
    code(plant.give(0, "lot.release", &format!(r#"{{"lot":"{lot}"}}"#)))
}

fn rows_agree(world: &World) {
    store::verify(&world.store, true).unwrap_or_else(|wrong| panic!("{wrong}"));
}

#[test]
fn a_lot_is_released_certified_and_verified_by_a_stranger() {
    everywhere(|plant| {
        let lot = plant.lot("L-1");
        assert_eq!(released(&plant, lot), "release-results");
        plant.measured(lot, "S-1", 2);
        assert_eq!(released(&plant, lot), "done");
        assert_eq!(released(&plant, lot), "lot-already-released");
        let issue =
            format!(r#"{{"lot":"{lot}","customer":"{}","packages":"24","synthetic":true}}"#, plant.customer);
        let receipt = plant.give(0, "certificate.issue", &issue).unwrap();
        let certificate: CertificateId = receipt.id().unwrap();
        let store = &plant.world.store;
        assert!(!store.work().unwrap(), "it was typeset before it was issued");
        let zip = quality::dossier(store, certificate).unwrap();
        let key = store.verifier().unwrap();
        let found = verify(&zip, std::slice::from_ref(&key)).unwrap_or_else(|wrong| panic!("{wrong}"));
        assert_eq!(found.document.number, "C-2026-0001");
        assert_eq!(found.document.items.len(), 3);
        let figures: Vec<&str> = found.document.items.iter().map(|item| item.result.text.as_str()).collect();
        assert_eq!(figures, ["32.14", "41.50", "0.0003"], "MnO is 32.14 × 1.2912, rounded once");
        assert!(
            found.warnings.iter().all(|warning| !warning.en.contains("not recomputed")),
            "{:?}",
            found.warnings
        );
        let meanings: Vec<_> = found.document.signatures.iter().map(|signature| signature.meaning).collect();
        use publish::certificate::Meaning as M;
        assert_eq!(meanings, [M::Tested, M::Checked, M::Approved, M::Approved, M::Released]);
        assert!(found.document.signatures.iter().all(|signature| !signature.authorisation.is_empty()));
        rows_agree(&plant.world);
    });
}

#[test]
fn a_superseded_certificate_says_so_when_its_dossier_is_verified() {
    everywhere(|plant| {
        let lot = plant.lot("L-1");
        plant.measured(lot, "S-1", 2);
        assert_eq!(released(&plant, lot), "done");
        let issue = format!(r#"{{"lot":"{lot}","customer":"{}"}}"#, plant.customer);
        let old: CertificateId = plant.give(0, "certificate.issue", &issue).unwrap().id().unwrap();
        let supersede = format!(
            r#"{{"certificate":"{old}","because":{{"en":"reweighed","zh":"复磅"}},"net_kg":"23980"}}"#
        );
        let new: CertificateId = plant.give(1, "certificate.supersede", &supersede).unwrap().id().unwrap();
        assert_ne!(old, new);
        assert_eq!(
            code(plant.give(1, "certificate.supersede", &supersede)),
            "certificate-already-superseded"
        );
        plant.jobs();
        let store = &plant.world.store;
        let wrong = verify(&quality::dossier(store, old).unwrap(), &[]).unwrap_err();
        assert_eq!(wrong.clause, Clause::Standing);
        assert!(wrong.found.contains("C-2026-0001 / 1"), "{}", wrong.found);
        let found = verify(&quality::dossier(store, new).unwrap(), &[]).unwrap();
        assert_eq!((found.document.revision, found.document.lot.net_kg.as_str()), (1, "23980"));
        rows_agree(&plant.world);
    });
}

#[test]
fn a_failing_lot_goes_only_by_concession_of_another_person_and_to_that_customer() {
    everywhere(|plant| {
        let lot = plant.lot("L-2");
        plant.measured(lot, "S-2", 3);
        assert_eq!(released(&plant, lot), "release-judgement");
        let (version, customer) = (plant.version, plant.customer);
        let concede = format!(
            r#"{{"lot":"{lot}","specification_version":"{version}","party":"{customer}",
            "consent":"letter 7","items":["Cd"],"valid_until":"2026-06-30T00:00:00Z","reason":"tolerated"}}"#
        );
        assert_eq!(code(plant.give(1, "lot.concede", &concede)), "done");
        assert_eq!(released(&plant, lot), "release-judgement", "not for everybody");
        let release = format!(r#"{{"lot":"{lot}","customer":"{customer}"}}"#);
        assert_eq!(code(plant.give(1, "lot.release", &release)), "release-same-person");
        assert_eq!(code(plant.give(0, "lot.release", &release)), "done");
        let issue = format!(r#"{{"lot":"{lot}","customer":"{customer}"}}"#);
        let certificate: CertificateId = plant.give(0, "certificate.issue", &issue).unwrap().id().unwrap();
        plant.jobs();
        let found = verify(&quality::dossier(&plant.world.store, certificate).unwrap(), &[]).unwrap();
        assert!(matches!(found.document.disposition, publish::certificate::Disposition::Concession { .. }));
    });
}

#[test]
fn a_check_is_overridden_by_a_second_person_and_counted_and_a_verdict_never_is() {
    everywhere(|plant| {
        let lot = plant.lot("L-3");
        plant.measured(lot, "S-3", 4);
        let sample = plant.sample(lot, "S-3b");
        plant
            .world
            .store
            .run(&plant.manager(0), bench::Invalidate { result: plant.result(sample, "Cd", "1", None) })
            .expect_err("a quality manager is no laboratory head");
        let over = |gate: &str| {
            format!(
                r#"{{"lot":"{lot}","gate":"{gate}","reason":"seen","valid_until":"2026-03-31T00:00:00Z"}}"#
            )
        };
        assert_eq!(code(plant.give(1, "gate.override", &over("judgement"))), "gate-not-overridable");
        assert_eq!(code(plant.give(1, "gate.override", &over("qc"))), "gate-nothing-to-override");
        plant.work("bench.fail_control", "{}");
        assert_eq!(released(&plant, lot), "release-qc");
        assert_eq!(code(plant.give(1, "gate.override", &over("qc"))), "done");
        let late = over("qc").replace("2026-03-31", "2028-03-31");
        assert_eq!(code(plant.give(1, "gate.override", &late)), "gate-expiry");
        assert_eq!(released(&plant, lot), "release-judgement", "Cd of 1 % stands beside the good one");
    });
}

#[test]
fn a_hold_reaches_all_that_is_made_from_the_lot_before_and_after_and_lifts_at_its_root() {
    everywhere(|plant| {
        let lot = plant.lot("R");
        plant.measured(lot, "S-0", 2);
        assert_eq!(released(&plant, lot), "done");
        let split = |lot: LotId, codes: [&str; 2], kg: u32| -> Vec<LotId> {
            let receipt = plant.work(
                "lot.split",
                &format!(
                    r#"{{"lot":"{lot}","outputs":[
                {{"code":"{}","mass_kg_wet":"{kg}"}},{{"code":"{}","mass_kg_wet":"{kg}"}}]}}"#,
                    codes[0], codes[1]
                ),
            );
            receipt
                .subjects
                .iter()
                .filter_map(|s| LotId::try_from(*s).ok())
                .filter(|made| *made != lot)
                .collect()
        };
        let before = split(lot, ["A", "B"], 1000);
        plant.work("lot.ship", &format!(r#"{{"lot":"{}","to":"{}"}}"#, before[0], plant.customer));
        let hold: HoldId = plant
            .give(0, "lot.hold", &format!(r#"{{"lot":"{lot}","reason":"drift"}}"#))
            .unwrap()
            .id()
            .unwrap();
        let after = split(before[1], ["C", "D"], 400);
        let held = |lot: LotId| {
            let sql = "SELECT COUNT(*) FROM v_hold WHERE lot = ?1 AND lifted_at IS NULL";
            plant
                .world
                .store
                .read(|db| db.one("holds", sql, params![lot.number()], |row| row.int(0)))
                .unwrap()
        };
        for lot in [vec![lot], before.clone(), after.clone()].concat() {
            assert_eq!(held(lot), 1, "{lot}");
        }
        plant.measured(after[0], "S-1", 2);
        assert_eq!(released(&plant, after[0]), "release-holds");
        let lift = format!(r#"{{"hold":"{hold}","reason":"repeated"}}"#);
        assert_eq!(code(plant.give(0, "hold.lift", &lift)), "hold-own");
        assert_eq!(code(plant.give(1, "hold.lift", &lift)), "done");
        assert_eq!(code(plant.give(1, "hold.lift", &lift)), "hold-already-lifted");
        assert_eq!((held(lot), held(after[1])), (0, 0));
        assert_eq!(released(&plant, after[0]), "done");
        rows_agree(&plant.world);
    });
}

#[test]
fn a_result_invalidated_after_release_holds_the_lot_and_stops_new_certificates() {
    everywhere(|plant| {
        let lot = plant.lot("L-1");
        let results = plant.measured(lot, "S-1", 2);
        assert_eq!(released(&plant, lot), "done");
        plant.work("bench.invalidate", &format!(r#"{{"result":"{}"}}"#, results[1]));
        let issue = format!(r#"{{"lot":"{lot}","customer":"{}"}}"#, plant.customer);
        assert_eq!(code(plant.give(0, "certificate.issue", &issue)), "certificate-lot-held");
        let reject = format!(r#"{{"lot":"{lot}","reason":"not confirmed"}}"#);
        assert_eq!(code(plant.give(0, "lot.reject", &reject)), "done");
        assert_eq!(released(&plant, lot), "lot-rejected");
    });
}

#[test]
fn control_that_fails_after_release_holds_the_lot_once_for_each_result() {
    everywhere(|plant| {
        let lot = plant.lot("L-1");
        let results = plant.measured(lot, "S-1", 2);
        plant.measured(plant.lot("L-2"), "S-2", 2);
        assert_eq!(released(&plant, lot), "done");
        for _ in 0..2 {
            plant.work("bench.fail_control", "{}");
            let sql = "SELECT COUNT(*) FROM v_hold";
            let holds = plant.world.store.read(|db| db.one("holds", sql, &[], |row| row.number(0))).unwrap();
            assert_eq!(holds, results.len() as u64, "the lot that was not released is not held");
        }
        let issue = format!(r#"{{"lot":"{lot}","customer":"{}"}}"#, plant.customer);
        assert_eq!(code(plant.give(0, "certificate.issue", &issue)), "certificate-lot-held");
    });
}

/// Wire W3: a lot goes upon the balance of its period, and so does what is split off it; when the balance no
/// longer stands, what went is held, once, and what did not go does not.
#[test]
fn a_balance_that_goes_stale_holds_the_lots_released_upon_it_and_stops_the_others() {
    everywhere(|plant| {
        let sql = "SELECT number FROM specification";
        let known = plant.world.store.read(|db| db.one("specification", sql, &[], |row| row.number(0)));
        let edition = format!(
            r#"{{"specification":"specification-{}","edition":"C","party":"{}","requires_balance":true,
            "in_force_from":"2026-01-01T00:00:00Z","items":[
            {{"analyte":"Mn","lower":"32.0","unit":"%","basis":"dry"}}]}}"#,
            known.unwrap(),
            plant.customer
        );
        plant.give(0, "specification.issue_version", &edition).unwrap();
        let release = |lot: LotId| {
            let order = format!(r#"{{"lot":"{lot}","customer":"{}"}}"#, plant.customer);
            code(plant.give(0, "lot.release", &order))
        };
        let (whole, free) = (plant.lot("W"), plant.lot("F"));
        let split = format!(
            r#"{{"lot":"{whole}","outputs":[{{"code":"A","mass_kg_wet":"900"}},
            {{"code":"B","mass_kg_wet":"900"}}]}}"#
        );
        let made = plant.work("lot.split", &split).subjects;
        let pieces: Vec<LotId> =
            made.into_iter().filter_map(|of| of.try_into().ok()).filter(|lot| *lot != whole).collect();
        for (lot, sample) in [(whole, "S-1"), (pieces[0], "S-1A"), (pieces[1], "S-1B"), (free, "S-1F")] {
            plant.measured(lot, sample, 2);
        }
        assert_eq!(release(pieces[0]), "release-balance", "in no balance yet");
        let close = format!(r#"{{"lot":"{whole}"}}"#);
        let balance: kernel::BalanceId = plant.work("bench.close_balance", &close).id().unwrap();
        assert_eq!(release(pieces[0]), "done", "the balance of the lot it was split off is its own");
        assert_eq!(release(free), "release-balance");
        assert_eq!(released(&plant, free), "done", "the other edition asks for none");
        for _ in 0..2 {
            plant.work("bench.doubt_balance", &format!(r#"{{"balance":"{balance}"}}"#));
            let sql = "SELECT lot, because FROM v_hold ORDER BY lot";
            let held =
                plant.world.store.read(|db| db.query(sql, &[], |row| Ok((row.number(0)?, row.text(1)?))));
            assert_eq!(held.unwrap(), vec![(pieces[0].number(), balance.to_string())]);
        }
        for lot in [whole, pieces[1]] {
            assert_eq!(release(lot), "release-balance");
        }
        rows_agree(&plant.world);
    });
}

/// Wire W3: whatever is split, blended and held, and in whatever order, the held lots are those that a plain
/// search over all moves reaches.
#[test]
fn holds_agree_with_a_brute_force_closure_over_seeded_moves() {
    let plant = Plant::new(World::new(areas(), authority::authorise));
    let mut seed: u64 = 2026;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let mut lots: Vec<LotId> = (0..4).map(|n| plant.lot(&format!("R{n}"))).collect();
    let mut roots: Vec<(HoldId, LotId)> = Vec::new();
    for step in 0..60 {
        let lot = lots[random(lots.len())];
        let other = lots[random(lots.len())];
        match random(5) {
            0 | 1 => {
                let json = format!(r#"{{"lot":"{lot}","outputs":[{{"code":"S{step}","mass_kg_wet":"5"}}]}}"#);
                let Some(made) = plant.tried("lot.split", &json) else { continue };
                lots.extend(
                    made.subjects
                        .iter()
                        .filter_map(|s| LotId::try_from(*s).ok())
                        .filter(|l| !lots.contains(l))
                        .collect::<Vec<_>>(),
                );
            }
            2 | 3 if lot != other => {
                let json = format!(
                    r#"{{"inputs":[{{"lot":"{lot}","mass_kg_wet":"3"}},{{"lot":"{other}","mass_kg_wet":"3"}}],
                    "output":{{"code":"B{step}"}}}}"#
                );
                let Some(made) = plant.tried("lot.blend", &json) else { continue };
                lots.extend(
                    made.subjects
                        .iter()
                        .filter_map(|s| LotId::try_from(*s).ok())
                        .filter(|l| !lots.contains(l))
                        .collect::<Vec<_>>(),
                );
            }
            _ => {
                let json = format!(r#"{{"lot":"{lot}","reason":"step {step}"}}"#);
                roots.push((plant.give(0, "lot.hold", &json).unwrap().id().unwrap(), lot));
            }
        }
    }
    assert!(roots.len() >= 3 && lots.len() > 12, "the seed makes a real family");
    let sql = "SELECT source, target FROM v_lot_flow";
    let flows: Vec<(u64, u64)> =
        plant.world.store.read(|db| db.query(sql, &[], |row| Ok((row.number(0)?, row.number(1)?)))).unwrap();
    let mut expected: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
    for (hold, root) in &roots {
        let mut reached = BTreeSet::from([root.number()]);
        loop {
            let more: Vec<u64> = flows
                .iter()
                .filter(|(s, t)| reached.contains(s) && !reached.contains(t))
                .map(|(_, t)| *t)
                .collect();
            if more.is_empty() {
                break;
            }
            reached.extend(more);
        }
        expected.insert(hold.number(), reached);
    }
    let mut found: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
    let sql = "SELECT hold, lot FROM v_hold";
    plant
        .world
        .store
        .read(|db| {
            db.each(sql, &[], |row| {
                found.entry(row.number(0)?).or_default().insert(row.number(1)?);
                Ok(())
            })
        })
        .unwrap();
    assert_eq!(found, expected);
    rows_agree(&plant.world);
}

#[test]
fn every_statement_prepares_on_both_databases() {
    everywhere(|plant| {
        for (name, sql) in (quality::AREA.statements)() {
            plant.world.store.read(|db| db.prepare(sql)).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    });
}

#[test]
fn both_languages_have_the_same_words_and_every_example_and_sample_reads() {
    let (en, zh) = quality::SITE.text;
    let catalogue = ui::text::Catalogue::new(&[(en, zh)]).unwrap();
    assert_eq!(catalogue.missing_keys(), Vec::<String>::new());
    for command in (quality::AREA.commands)() {
        (command.parse)(command.example)
            .map(|_| ())
            .unwrap_or_else(|error| panic!("{}: {error:?}", command.name));
        let key = site::word("command", command.name);
        assert!(catalogue.has(&key), "{key}");
    }
    for fact in (quality::AREA.facts)() {
        assert!(!(fact.samples)().is_empty(), "{}", fact.kind);
    }
}

/// Words that the laboratory keeps and these pages borrow.
const BORROWED: &str = "field-decision = d\nfield-lots = l\nfield-places = p\n";

#[test]
fn every_page_shows_its_samples_in_both_languages_without_a_missing_word() {
    let sources =
        [site::TEXT, authority::SITE.text, materials::SITE.text, quality::SITE.text, (BORROWED, BORROWED)];
    let catalogue = ui::text::Catalogue::new(&sources).unwrap();
    for lang in [ui::Lang::En, ui::Lang::Zh] {
        let words = catalogue.words(lang, ui::gallery::sample_words(lang).zone().clone());
        for entry in (quality::SITE.gallery)() {
            for (sample, markup) in (entry.render)(&words) {
                let html = markup.into_string();
                let missing = html.split('⟦').nth(1).map(|rest| rest.split('⟧').next().unwrap_or_default());
                assert_eq!(missing, None, "{} {sample}", entry.name);
            }
        }
    }
}
