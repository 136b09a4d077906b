//! A standing follows its grounds: for each kind of ground, and over seeded sequences against brute force.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{CertificateId, HoldId, Instant, Kind, LotId, Ref, ResultId, Role};
use publish::dossier::{Clause, verify};
use quality::certificate::standing::{Standing, Why};
use store::Stop;

use crate::plant::{Plant, code, give};
use crate::{everywhere, released, rows_agree};

fn standing(plant: &Plant, certificate: CertificateId) -> Standing {
    let read = |db: &mut store::Db| quality::certificate::standing::by_id(db, certificate);
    plant.world.store.read(read).unwrap().unwrap()
}

/// How it stands by the list, which asks the database and not the rule.
fn listed(plant: &Plant, word: &str) -> BTreeSet<CertificateId> {
    let ask = |db: &mut store::Db| quality::certificate::with_standing(db, word);
    plant.world.store.read(ask).unwrap().into_iter().collect()
}

fn issued(plant: &Plant, lot: LotId) -> CertificateId {
    let issue = format!(r#"{{"lot":"{lot}","customer":"{}"}}"#, plant.customer);
    plant.give(0, "certificate.issue", &issue).unwrap().id().unwrap()
}

fn certified(plant: &Plant, lot: &str, sample: &str) -> (LotId, Vec<ResultId>, CertificateId) {
    let lot = plant.lot(lot);
    let results = plant.measured(lot, sample, 2);
    assert_eq!(released(plant, lot), "done");
    let certificate = issued(plant, lot);
    assert_eq!(standing(plant, certificate), Standing::Current);
    (lot, results, certificate)
}

fn because(of: CertificateId) -> String {
    format!(r#"{{"certificate":"{of}","because":{{"en":"looked into","zh":"已核查"}}}}"#)
}

fn withdraw_authorisation(plant: &Plant, which: usize, from: &str) {
    let admin = plant.world.actor(&[Role::TalentOfficer]);
    let json = format!(
        r#"{{"authorisation":"{}","from":"{from}","reason":"not competent"}}"#,
        plant.authorisation(which)
    );
    give(&plant.world, &admin, "authorisation.withdraw", &json).unwrap();
}

fn lift_all(plant: &Plant) {
    let sql = "SELECT number FROM hold WHERE lifted_at IS NULL ORDER BY number";
    let open = plant.world.store.read(|db| db.query(sql, &[], |row| row.number(0))).unwrap();
    for hold in open {
        let lift = format!(r#"{{"hold":"{}","reason":"looked into"}}"#, HoldId(hold));
        if plant.give(0, "hold.lift", &lift).is_err() {
            plant.give(1, "hold.lift", &lift).unwrap();
        }
    }
}

type Fell = (&'static str, Why, fn(&Plant, LotId, &[ResultId]));

/// One way for each kind of ground to fall.
fn falls() -> Vec<Fell> {
    fn voided(plant: &Plant, ground: &str) {
        plant.work("bench.void", &format!(r#"{{"ground":"{ground}","from":"2026-01-02T00:00:00Z"}}"#));
    }
    vec![
        ("a result", Why::Result, |plant, _, results| {
            plant.work("bench.invalidate", &format!(r#"{{"result":"{}"}}"#, results[0]));
        }),
        ("control", Why::Control, |plant, _, _| {
            plant.work("bench.fail_control", "{}");
        }),
        ("a method", Why::Method, |plant, _, _| voided(plant, "method-version-71")),
        ("a calibration", Why::Calibration, |plant, _, _| voided(plant, "calibration-61")),
        ("a reference lot", Why::Reference, |plant, _, _| voided(plant, "reference-lot-81")),
        ("who tested", Why::Authorisation, |plant, _, _| {
            withdraw_authorisation(plant, 0, "2026-01-02T00:00:00Z");
        }),
        ("who reviewed", Why::Authorisation, |plant, _, _| {
            withdraw_authorisation(plant, 1, "2026-01-02T00:00:00Z");
        }),
        ("a hold", Why::Hold, |plant, lot, _| {
            plant.give(0, "lot.hold", &format!(r#"{{"lot":"{lot}","reason":"drift"}}"#)).unwrap();
        }),
        ("a rejection", Why::Rejected, |plant, lot, _| {
            plant.give(0, "lot.reject", &format!(r#"{{"lot":"{lot}","reason":"wrong"}}"#)).unwrap();
        }),
    ]
}

#[test]
fn when_a_ground_falls_the_certificate_is_under_review_on_every_face() {
    for (what, why, fall) in falls() {
        everywhere(|plant| {
            let (lot, results, certificate) = certified(&plant, "L-1", "S-1");
            let store = &plant.world.store;
            let before = quality::dossier(store, certificate).unwrap();
            plant.world.clock.advance_seconds(3600);
            fall(&plant, lot, &results);
            let Standing::UnderReview { grounds } = standing(&plant, certificate) else {
                panic!("{what}: {:?}", standing(&plant, certificate));
            };
            assert!(grounds.iter().any(|ground| ground.why == why), "{what}: {grounds:?}");
            assert_eq!(listed(&plant, "under-review"), BTreeSet::from([certificate]), "{what}");
            let described = store.describe(certificate.into()).unwrap().unwrap();
            let told = ("field-certificate-standing".to_owned(), "under-review".to_owned());
            assert!(described.fields.contains(&told), "{what}: {:?}", described.fields);
            // A dossier that is out says as of when it was in force; one exported since says that it is not.
            let found = verify(&before, &[]).unwrap();
            assert!(found.status.as_of.as_str() < "2026-03-02T01:00:00Z", "{}", found.status.as_of);
            let wrong = verify(&quality::dossier(store, certificate).unwrap(), &[]).unwrap_err();
            assert_eq!(wrong.clause, Clause::Standing, "{what}");
            assert!(wrong.found.contains("under review as of 2026-03-02T01:00:00Z"), "{}", wrong.found);
            // Nobody issues another upon it.
            let again = format!(r#"{{"lot":"{lot}","customer":"{}"}}"#, plant.customer);
            assert_ne!(code(plant.give(0, "certificate.issue", &again)), "done", "{what}");
            rows_agree(&plant.world);
        });
    }
}

#[test]
fn what_fell_is_confirmed_by_a_second_person_withdrawn_or_superseded() {
    for (what, why, fall) in falls() {
        everywhere(|plant| {
            let (lot, results, certificate) = certified(&plant, "L-1", "S-1");
            assert_eq!(
                code(plant.give(1, "certificate.confirm", &because(certificate))),
                "certificate-not-under-review"
            );
            plant.world.clock.advance_seconds(3600);
            fall(&plant, lot, &results);
            lift_all(&plant);
            let confirm = |who| code(plant.give(who, "certificate.confirm", &because(certificate)));
            let dossier = || verify(&quality::dossier(&plant.world.store, certificate).unwrap(), &[]);
            if why == Why::Hold {
                assert_eq!(standing(&plant, certificate), Standing::Current, "a lifted hold is none");
            } else if why.may_be_confirmed() {
                assert_eq!(confirm(0), "certificate-own", "{what}");
                assert_eq!(confirm(1), "done", "{what}");
                assert_eq!(standing(&plant, certificate), Standing::Current, "{what}");
                dossier().unwrap_or_else(|wrong| panic!("{what}: {wrong}"));
                // The next ground that falls opens the review again.
                plant.give(0, "lot.hold", &format!(r#"{{"lot":"{lot}","reason":"again"}}"#)).unwrap();
                assert_eq!(standing(&plant, certificate).word(), "under-review", "{what}");
                lift_all(&plant);
            } else {
                assert_eq!(confirm(1), "certificate-ground-not-sound", "{what}");
            }
            assert_eq!(code(plant.give(0, "certificate.withdraw", &because(certificate))), "done");
            assert_eq!(
                code(plant.give(0, "certificate.withdraw", &because(certificate))),
                "certificate-already-withdrawn"
            );
            assert_eq!(standing(&plant, certificate).word(), "withdrawn", "{what}");
            assert_eq!(listed(&plant, "withdrawn"), BTreeSet::from([certificate]), "{what}");
            let wrong = dossier().unwrap_err();
            assert!(wrong.clause == Clause::Standing && wrong.found.contains("looked into"), "{wrong}");
            rows_agree(&plant.world);
        });
    }
}

/// A result is void, so the lot is released again upon a new one, and a revision takes the certificate's
/// place; until then no revision leaves the void result out.
#[test]
fn a_lot_is_released_again_upon_what_stands_and_its_certificate_superseded() {
    everywhere(|plant| {
        let (lot, results, old) = certified(&plant, "L-1", "S-1");
        plant.work("bench.invalidate", &format!(r#"{{"result":"{}"}}"#, results[1]));
        lift_all(&plant);
        let supersede =
            format!(r#"{{"certificate":"{old}","because":{{"en":"measured again","zh":"重测"}}}}"#);
        assert_eq!(code(plant.give(0, "certificate.supersede", &supersede)), "certificate-result-gone");
        let sample = plant.sample(lot, "S-1b");
        plant.result(sample, "Cd", "0.0004", None);
        plant.world.clock.advance_seconds(60);
        assert_eq!(released(&plant, lot), "done", "the first release fell");
        assert_eq!(released(&plant, lot), "lot-already-released");
        let new: CertificateId = plant.give(0, "certificate.supersede", &supersede).unwrap().id().unwrap();
        assert_eq!((standing(&plant, old).word(), standing(&plant, new).word()), ("superseded", "current"));
        let found = verify(&quality::dossier(&plant.world.store, new).unwrap(), &[]).unwrap();
        let figures: Vec<&str> = found.document.items.iter().map(|item| item.result.text.as_str()).collect();
        assert_eq!(figures, ["32.14", "41.50", "0.0004"]);
        rows_agree(&plant.world);
    });
}

/// A balance that a certificate rests on, by the check of the release, is one of its grounds.
#[test]
fn a_balance_that_went_stale_puts_its_certificates_under_review() {
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
        let lot = plant.lot("L-1");
        plant.measured(lot, "S-1", 2);
        let closed = plant.work("bench.close_balance", &format!(r#"{{"lot":"{lot}"}}"#));
        let balance: kernel::BalanceId = closed.id().unwrap();
        let order = format!(r#"{{"lot":"{lot}","customer":"{}"}}"#, plant.customer);
        assert_eq!(code(plant.give(0, "lot.release", &order)), "done");
        let certificate = issued(&plant, lot);
        assert_eq!(standing(&plant, certificate), Standing::Current);
        plant.work("bench.doubt_balance", &format!(r#"{{"balance":"{balance}"}}"#));
        lift_all(&plant);
        let Standing::UnderReview { grounds } = standing(&plant, certificate) else { panic!("in force") };
        assert_eq!(
            grounds.iter().map(|of| (of.why, of.record)).collect::<Vec<_>>(),
            [(Why::Balance, balance.into())]
        );
        assert_eq!(impact(&plant, balance.into()), BTreeSet::from([certificate]));
        assert_eq!(code(plant.give(1, "certificate.confirm", &because(certificate))), "done");
        assert_eq!(standing(&plant, certificate), Standing::Current);
        plant.world.clock.advance_seconds(60);
        plant.work("bench.doubt_balance", &format!(r#"{{"balance":"{balance}"}}"#));
        assert_eq!(standing(&plant, certificate).word(), "under-review", "another fall is another doubt");
    });
}

/// The certificates downstream of a record, by a plain search over all stored edges.
fn impact(plant: &Plant, record: Ref) -> BTreeSet<CertificateId> {
    let mut edges: Vec<(Ref, Ref)> = Vec::new();
    let visit = |db: &mut store::Db| {
        store::edges(db, |_, edge| {
            edges.push((edge.from, edge.to));
            Ok(())
        })
    };
    plant.world.store.read(visit).unwrap();
    let mut reached = BTreeSet::from([record]);
    loop {
        let more: Vec<Ref> = edges
            .iter()
            .filter(|(from, to)| reached.contains(from) && !reached.contains(to))
            .map(|(_, to)| *to)
            .collect();
        if more.is_empty() {
            break;
        }
        reached.extend(more);
    }
    reached.into_iter().filter_map(|record| record.try_into().ok()).collect()
}

/// Wire W2: what is found bad from before everything puts exactly those certificates under review that the
/// thread reaches from it.
#[test]
fn the_impact_of_a_ground_is_the_certificates_under_review() {
    for (what, why, fall) in falls() {
        let plant = Plant::new(testkit::World::new(crate::plant::areas(), authority::authorise));
        let (lot, results, _) = certified(&plant, "L-1", "S-1");
        certified(&plant, "L-2", "S-2b");
        plant.measured(plant.lot("L-3"), "S-3b", 2);
        let authorisations = [plant.authorisation(0), plant.authorisation(1)];
        fall(&plant, lot, &results);
        let source: Ref = match (why, what) {
            (Why::Result, _) => results[0].into(),
            (Why::Method, _) => kernel::MethodVersionId(71).into(),
            (Why::Calibration, _) => kernel::CalibrationId(61).into(),
            (Why::Reference, _) => kernel::ReferenceLotId(81).into(),
            (Why::Authorisation, "who tested") => authorisations[0].into(),
            (Why::Authorisation, _) => authorisations[1].into(),
            (Why::Hold | Why::Rejected, _) => lot.into(),
            _ => continue,
        };
        let reached = impact(&plant, source);
        assert!(!reached.is_empty(), "{what}");
        assert_eq!(listed(&plant, "under-review"), reached, "{what}");
    }
}

/// What happens in a seeded sequence.
struct Model {
    /// By certificate: the lot, the results of its release with the instant of measurement, whether decided.
    certificates: BTreeMap<CertificateId, (LotId, Vec<ResultId>, Instant)>,
    void_results: BTreeSet<ResultId>,
    /// Calibration, method edition, reference lot: from when void.
    void_from: BTreeMap<Kind, Instant>,
    withdrawn_from: BTreeMap<usize, Instant>,
    held: BTreeSet<LotId>,
    rejected: BTreeSet<LotId>,
    taken_back: BTreeSet<CertificateId>,
}

impl Model {
    /// In force iff nothing it rests on is void.
    fn expected(&self, of: CertificateId) -> &'static str {
        let (lot, results, at) = &self.certificates[&of];
        let void = results.iter().any(|result| self.void_results.contains(result));
        let under = self.void_from.values().chain(self.withdrawn_from.values()).any(|from| from <= at);
        let doubt = void || under || self.held.contains(lot) || self.rejected.contains(lot);
        match (self.taken_back.contains(&of), doubt) {
            (true, _) => "withdrawn",
            (false, true) => "under-review",
            (false, false) => "current",
        }
    }
}

#[test]
fn standing_agrees_with_brute_force_over_seeded_sequences() {
    for seed in 0..12u64 {
        sequence(seed);
    }
}

fn sequence(seed: u64) {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(1);
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let plant = Plant::new(testkit::World::new(crate::plant::areas(), authority::authorise));
    let mut model = Model {
        certificates: BTreeMap::new(),
        void_results: BTreeSet::new(),
        void_from: BTreeMap::new(),
        withdrawn_from: BTreeMap::new(),
        held: BTreeSet::new(),
        rejected: BTreeSet::new(),
        taken_back: BTreeSet::new(),
    };
    let start = plant.world.store.now();
    for n in 0..3 {
        plant.world.clock.advance_seconds(3600);
        let now = plant.world.store.now();
        let (lot, results, certificate) = certified(&plant, &format!("L-{n}"), &format!("S-{n}x"));
        model.certificates.insert(certificate, (lot, results, now));
    }
    let certificates: Vec<CertificateId> = model.certificates.keys().copied().collect();
    for step in 0..6 {
        plant.world.clock.advance_seconds(3600);
        let of = certificates[random(certificates.len())];
        let (lot, results, _) = model.certificates[&of].clone();
        let from = start.plus_seconds(3600 * (random(5) as i64) + 1800);
        match random(6) {
            0 => {
                let result = results[random(results.len())];
                plant.work("bench.invalidate", &format!(r#"{{"result":"{result}"}}"#));
                model.void_results.insert(result);
                model.held.insert(lot);
            }
            1 => {
                let (kind, ground) = [
                    (Kind::Calibration, "calibration-61"),
                    (Kind::MethodVersion, "method-version-71"),
                    (Kind::ReferenceLot, "reference-lot-81"),
                ][random(3)];
                plant.work("bench.void", &format!(r#"{{"ground":"{ground}","from":"{from}"}}"#));
                model.void_from.insert(kind, from);
            }
            2 => {
                let which = random(3);
                if model.withdrawn_from.get(&which).is_none_or(|before| from < *before) {
                    withdraw_authorisation(&plant, which, &from.to_string());
                    model.withdrawn_from.insert(which, from);
                    let under: Vec<LotId> =
                        model.certificates.values().filter(|of| from <= of.2).map(|of| of.0).collect();
                    // What was rejected is no longer released, and is not held for it.
                    model.held.extend(under.into_iter().filter(|lot| !model.rejected.contains(lot)));
                }
            }
            3 => {
                plant.give(0, "lot.hold", &format!(r#"{{"lot":"{lot}","reason":"step {step}"}}"#)).unwrap();
                model.held.insert(lot);
            }
            4 => {
                lift_all(&plant);
                model.held.clear();
            }
            _ => match plant.give(0, "certificate.withdraw", &because(of)) {
                Ok(_) => assert!(model.taken_back.insert(of)),
                Err(Stop::Refused(why)) => assert_eq!(why.code, "certificate-already-withdrawn"),
                Err(Stop::Failed(error)) => panic!("{error}"),
            },
        }
        let mut by_word: BTreeMap<&str, BTreeSet<CertificateId>> = BTreeMap::new();
        for of in &certificates {
            let word = model.expected(*of);
            assert_eq!(standing(&plant, *of).word(), word, "seed {seed} step {step} {of}");
            by_word.entry(word).or_default().insert(*of);
        }
        for word in ["current", "under-review", "withdrawn"] {
            let expected = by_word.get(word).cloned().unwrap_or_default();
            assert_eq!(listed(&plant, word), expected, "seed {seed} step {step} {word}");
        }
    }
}

/// Nothing is issued that cannot be printed, and no number is used up by the attempt.
#[test]
fn a_name_that_no_font_has_is_refused_before_a_number_is_used_up() {
    everywhere(|plant| {
        let lot = plant.lot("L-1");
        plant.measured(lot, "S-1", 2);
        assert_eq!(released(&plant, lot), "done");
        let register = |code: usize, name: &str, address: &str| -> kernel::PartyId {
            let json = serde_json::json!({"code": format!("C{code}"), "kind": "customer",
                "names": {"en": name, "zh": name}, "address": address});
            let admin = plant.world.actor(&[Role::Receiver]);
            give(&plant.world, &admin, "party.register", &json.to_string()).unwrap().id().unwrap()
        };
        // The names of field fault 17, as the customer's name and as the address.
        let names = [
            ("서울특별시 강남구", "U+C11C"),
            ("𠮷野家", "U+20BB7"),
            ("กรุงเทพ", "U+0E01"),
            ("الرياض", "U+0627"),
            ("ירושלים", "U+05D9"),
            ("मुंबई", "U+092E"),
            ("თბილისი", "U+10D7"),
            ("✅", "U+2705"),
        ];
        for (n, (text, character)) in names.into_iter().enumerate() {
            for (code, name, address, field) in [
                (2 * n, "Customer", text, "customer.address.en"),
                (2 * n + 1, text, "Street 1", "customer.name.en"),
            ] {
                let customer = register(code, name, address);
                let issue = format!(r#"{{"lot":"{lot}","customer":"{customer}"}}"#);
                let Err(Stop::Refused(refusal)) = plant.give(0, "certificate.issue", &issue) else {
                    panic!("{text} was issued");
                };
                assert_eq!(refusal.code, "certificate-unprintable", "{text}");
                let named = (refusal.args["field"].as_str(), refusal.args["code"].as_str());
                assert_eq!(named, (field, character), "{text}");
            }
        }
        let remark =
            format!(r#"{{"lot":"{lot}","customer":"{}","remark":{{"en":"✅","zh":"好"}}}}"#, plant.customer);
        assert_eq!(code(plant.give(0, "certificate.issue", &remark)), "certificate-unprintable");
        let certificate = issued(&plant, lot);
        let found = verify(&quality::dossier(&plant.world.store, certificate).unwrap(), &[]).unwrap();
        assert_eq!(found.document.number, "C-2026-0001", "the refused ones took no number");
        assert!(!plant.world.store.work().unwrap(), "nothing is left to be typeset");
        rows_agree(&plant.world);
    });
}
