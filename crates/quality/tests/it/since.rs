//! What comes to be known of a lot after it was released: its page, its doors and its papers say one thing.

use kernel::{BalanceId, CertificateId, Clock, LotId, MaterialId, PartyId, ResultId, Role, SampleId};
use publish::certificate::{CertificateDocument, Disposition, Verdict};
use store::{Receipt, Stop, params};

use crate::everywhere;
use crate::plant::{self, Plant, code};

/// A concentrate of at least 25 % copper, with what its edition says besides.
struct Line<'a> {
    plant: &'a Plant,
    material: MaterialId,
    specification: kernel::SpecificationId,
    version: kernel::SpecificationVersionId,
}

const CU: &str = r#"{"analyte":"Cu","lower":"25.0","unit":"%","basis":"dry","places":2}"#;

impl<'a> Line<'a> {
    fn new(plant: &'a Plant, more: &str) -> Self {
        static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(1);
        let n = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let json = format!(r#"{{"code":"CC{n}","kind":"product","names":{{"en":"C{n}","zh":"精矿{n}"}}}}"#);
        let material: MaterialId = plant.work("material.define", &json).id().unwrap();
        let json = format!(
            r#"{{"code":"CS{n}","names":{{"en":"S{n}","zh":"规范{n}"}},"material":"{material}","grade":"G"}}"#
        );
        let specification = plant.give(0, "specification.define", &json).unwrap().id().unwrap();
        for activity in ["sample", "release", "certify"] {
            for person in plant.people_for(activity) {
                let grant = format!(
                    r#"{{"person":"{person}","activity":"{activity}","scope":"{material}",
                    "valid_from":"2026-01-01T00:00:00Z","valid_until":"2027-01-01T00:00:00Z","basis":"x"}}"#
                );
                let by = usize::from(person == plant.quality[0]);
                plant.give(by, "authorisation.grant", &grant).unwrap();
            }
        }
        let version = edition(plant, specification, "1", "2026-01-01", CU, more);
        Line { plant, material, specification, version }
    }

    fn lot(&self, name: &str) -> LotId {
        let json = format!(
            r#"{{"code":"{name}","material":"{}","mass_kg_wet":"1000","moisture_percent":"0"}}"#,
            self.material
        );
        self.plant.work("lot.receive", &json).id().unwrap()
    }

    fn sample(&self, lot: LotId, name: &str) -> SampleId {
        let json = format!(r#"{{"lot":"{lot}","code":"{name}","mass_kg_wet":"1"}}"#);
        self.plant.work("lot.sample", &json).id().unwrap()
    }

    fn cu(&self, lot: LotId, name: &str, value: &str) -> ResultId {
        self.plant.result(self.sample(lot, name), "Cu", value, None)
    }

    /// A lot with one result that is released.
    fn released(&self, name: &str) -> (LotId, ResultId) {
        let lot = self.lot(name);
        let result = self.cu(lot, &format!("{name}-1"), "25.50");
        assert_eq!(self.release(lot), "done");
        (lot, result)
    }

    fn release(&self, lot: LotId) -> String {
        code(self.plant.give(0, "lot.release", &format!(r#"{{"lot":"{lot}"}}"#)))
    }

    fn release_to(&self, lot: LotId, to: PartyId) -> String {
        code(self.plant.give(0, "lot.release", &format!(r#"{{"lot":"{lot}","customer":"{to}"}}"#)))
    }

    fn issue(&self, lot: LotId) -> Result<Receipt, Stop> {
        let to = self.plant.customer;
        self.plant.give(0, "certificate.issue", &format!(r#"{{"lot":"{lot}","customer":"{to}"}}"#))
    }

    fn issued(&self, lot: LotId) -> CertificateId {
        self.issue(lot).unwrap_or_else(|why| panic!("{why:?}")).id().unwrap()
    }

    fn supersede(&self, of: CertificateId) -> Result<Receipt, Stop> {
        let json = format!(r#"{{"certificate":"{of}","because":{{"en":"again","zh":"更新"}}}}"#);
        self.plant.give(0, "certificate.supersede", &json)
    }

    fn ship(&self, lot: LotId) -> Result<Receipt, Stop> {
        let json = format!(r#"{{"lot":"{lot}","to":"{}","mass_kg_wet":"1"}}"#, self.plant.customer);
        let actor = self.plant.world.actor(&[Role::Receiver, Role::ShiftSupervisor]);
        plant::give(&self.plant.world, &actor, "lot.ship", &json)
    }

    /// What the page says: whether the checks hold, and what stops the lot at the door.
    fn page(&self, lot: LotId) -> (bool, usize) {
        let (to, at) = (self.plant.customer, self.plant.world.clock.now());
        let read = |db: &mut store::Db| {
            let found = quality::release::assess_lot(db, lot, None, Some(to), at)?.unwrap();
            Ok((found.allows(), quality::gate::outside(db, lot, Some(to), at)?.len()))
        };
        self.plant.world.store.read(read).unwrap()
    }

    fn over(&self, lot: LotId, gate: &str, until: &str) -> String {
        let json = format!(r#"{{"lot":"{lot}","gate":"{gate}","reason":"seen","valid_until":"{until}"}}"#);
        code(self.plant.give(1, "gate.override", &json))
    }

    fn concede(&self, lot: LotId) -> String {
        let json = format!(
            r#"{{"lot":"{lot}","specification_version":"{}","party":"{}","consent":"letter 7",
            "items":["Cu"],"valid_until":"2026-06-30T00:00:00Z","reason":"tolerated"}}"#,
            self.version, self.plant.customer
        );
        code(self.plant.give(1, "lot.concede", &json))
    }
}

fn edition(
    plant: &Plant,
    of: kernel::SpecificationId,
    name: &str,
    from: &str,
    items: &str,
    more: &str,
) -> kernel::SpecificationVersionId {
    let json = format!(
        r#"{{"specification":"{of}","edition":"{name}","in_force_from":"{from}T00:00:00Z",
        "items":[{items}]{more}}}"#
    );
    plant.give(0, "specification.issue_version", &json).unwrap().id().unwrap()
}

fn paper(plant: &Plant, of: CertificateId) -> CertificateDocument {
    let sql = "SELECT document FROM certificate WHERE number = ?1";
    let read = |db: &mut store::Db| db.one(of, sql, params![of.number()], |row| row.text(0));
    CertificateDocument::parse(plant.world.store.read(read).unwrap().as_bytes()).unwrap()
}

fn figures(of: &CertificateDocument) -> Vec<&str> {
    of.items.iter().map(|item| item.result.text.as_str()).collect()
}

fn refused(outcome: Result<Receipt, Stop>) -> (String, Option<String>) {
    match outcome {
        Ok(_) => ("done".to_owned(), None),
        Err(Stop::Refused(refusal)) => (refusal.code, refusal.remedy),
        Err(Stop::Failed(error)) => panic!("{error}"),
    }
}

fn lift_all(plant: &Plant) {
    let sql = "SELECT number FROM hold WHERE lifted_at IS NULL ORDER BY number";
    let open = plant.world.store.read(|db| db.query(sql, &[], |row| row.number(0))).unwrap();
    for hold in open {
        let lift = format!(r#"{{"hold":"hold-{hold}","reason":"looked into"}}"#);
        plant.give(1, "hold.lift", &lift).unwrap();
    }
}

/// A paper says what was decided as long as that is what is known: after a later result that conforms the
/// lot ships on, but is released again before it is certified or its certificate revised.
#[test]
fn no_paper_prints_a_figure_that_a_later_result_contradicts() {
    everywhere(|plant| {
        for (rule, after) in [("mean", "25.30"), ("worst", "25.10"), ("by_increment", "25.30")] {
            let line = Line::new(&plant, &format!(r#","samples":"{rule}""#));
            let (lot, _) = line.released(&format!("L-{rule}"));
            let old = line.issued(lot);
            assert_eq!(figures(&paper(&plant, old)), ["25.50"]);
            line.cu(lot, &format!("L-{rule}-2"), "25.10");
            assert_eq!(refused(line.ship(lot)).0, "done", "{rule}: it conforms");
            let wanted = ("certificate-told-otherwise".to_owned(), Some("lot.release".to_owned()));
            assert_eq!(refused(line.issue(lot)), wanted, "{rule}");
            assert_eq!(refused(line.supersede(old)), wanted, "{rule}");
            assert_eq!(line.release(lot), "done", "{rule}: the remedy works");
            assert_eq!(line.release(lot), "lot-already-released", "{rule}");
            assert_eq!(figures(&paper(&plant, line.issued(lot))), [after], "{rule}");
            let next: CertificateId = line.supersede(old).unwrap().id().unwrap();
            assert_eq!(figures(&paper(&plant, next)), [after], "{rule}");
        }
        // The worst one stays the worst: what the paper lists of the samples is still another thing.
        let line = Line::new(&plant, r#","samples":"worst""#);
        let (lot, _) = line.released("L-W");
        line.cu(lot, "L-W-2", "26.00");
        assert_eq!(refused(line.issue(lot)).0, "certificate-told-otherwise");
        // What the edition does not ask for says nothing.
        let (lot, _) = line.released("L-Q");
        plant.result(line.sample(lot, "L-Q-2"), "Fe", "30", None);
        assert_eq!(refused(line.issue(lot)).0, "done");
        crate::rows_agree(&plant.world);
    });
}

/// A later sample of the whole is none of a part that was split off before; a later result of an earlier
/// sample is.
#[test]
fn a_part_is_told_otherwise_by_what_was_sampled_before_it_was_split_off() {
    everywhere(|plant| {
        let line = Line::new(&plant, r#","samples":"worst""#);
        let lot = line.lot("W");
        let (first, second) = (line.sample(lot, "W-1"), line.sample(lot, "W-2"));
        plant.result(first, "Cu", "25.50", None);
        assert_eq!(line.release(lot), "done");
        let json = format!(r#"{{"lot":"{lot}","outputs":[{{"code":"P","mass_kg_wet":"100"}}]}}"#);
        let made = plant.work("lot.split", &json).subjects;
        let mut parts = made.into_iter().filter_map(|of| LotId::try_from(of).ok());
        let part = parts.find(|of| *of != lot).unwrap();
        line.cu(lot, "W-3", "25.40");
        assert_eq!(refused(line.issue(lot)).0, "certificate-told-otherwise");
        assert_eq!(figures(&paper(&plant, line.issued(part))), ["25.50"]);
        plant.result(second, "Cu", "25.20", None);
        assert_eq!(refused(line.issue(part)).0, "certificate-told-otherwise");
        let own = line.cu(part, "P-1", "25.30");
        assert_eq!(line.release(part), "done", "{own}: looked at by itself");
        assert_eq!(figures(&paper(&plant, line.issued(part))), ["25.30"]);
    });
}

/// What is held or rejected is told as it is known today, by the same judgement as on its page.
#[test]
fn the_paper_of_a_held_or_rejected_lot_tells_what_is_known_today() {
    everywhere(|plant| {
        for (what, later, verdict) in [
            ("held", "24.00", Verdict::Fail),
            ("rejected", "24.00", Verdict::Fail),
            ("held", "25.20", Verdict::Pass),
        ] {
            let line = Line::new(&plant, r#","samples":"worst""#);
            let name = format!("L-{what}-{later}");
            let (lot, _) = line.released(&name);
            let old = line.issued(lot);
            line.cu(lot, &format!("{name}-2"), later);
            match what {
                "held" => plant.give(0, "lot.hold", &format!(r#"{{"lot":"{lot}","reason":"doubt"}}"#)),
                _ => plant.give(0, "lot.reject", &format!(r#"{{"lot":"{lot}","reason":"poor"}}"#)),
            }
            .unwrap();
            let next: CertificateId = line.supersede(old).unwrap().id().unwrap();
            let said = paper(&plant, next);
            assert_eq!((figures(&said), said.items[0].verdict), (vec![later], verdict), "{what}");
            assert!(!said.disposition.gives_leave(), "{what}");
            // Its dossier stands by itself, but for what it says of the lot.
            quality::dossier(&plant.world.store, next).unwrap();
        }
        let line = Line::new(&plant, "");
        let (lot, result) = line.released("L-gone");
        let old = line.issued(lot);
        plant.work("bench.invalidate", &format!(r#"{{"result":"{result}"}}"#));
        let next: CertificateId = line.supersede(old).unwrap().id().unwrap();
        assert_eq!(figures(&paper(&plant, next)), [""; 0], "no figure stands");
    });
}

/// Consent answers for the figure that was known, whichever way it was given (ISO 9001:2015 8.7.1).
#[test]
fn consent_covers_what_was_known_and_nothing_that_is_found_later() {
    everywhere(|plant| {
        for later in ["10.00", "23.99", "24.50"] {
            let line = Line::new(&plant, r#","samples":"worst""#);
            let lot = line.lot(&format!("L-{later}"));
            line.cu(lot, &format!("L-{later}-1"), "24.00");
            assert_eq!(line.concede(lot), "done");
            assert_eq!(line.release_to(lot, plant.customer), "done");
            let old = line.issued(lot);
            assert_eq!([refused(line.ship(lot)).0, refused(line.issue(lot)).0], ["done", "done"]);
            line.cu(lot, &format!("L-{later}-2"), later);
            if later == "24.50" {
                // The figure is still the one that was conceded; the paper would list one sample of two.
                assert_eq!(refused(line.ship(lot)).0, "done");
                assert_eq!(refused(line.issue(lot)).0, "certificate-told-otherwise");
                assert_eq!(line.release_to(lot, plant.customer), "done");
                continue;
            }
            assert_eq!(refused(line.ship(lot)).0, "gate-held", "{later}");
            lift_all(&plant);
            let wanted = ("gate-withdrawn".to_owned(), Some("lot.concede".to_owned()));
            assert_eq!(refused(line.ship(lot)), wanted, "{later}");
            assert_eq!(refused(line.issue(lot)).0, "gate-withdrawn", "{later}");
            assert_eq!(refused(line.supersede(old)).0, "certificate-ground-gone", "{later}");
            assert_eq!(line.release_to(lot, plant.customer), "release-judgement", "{later}");
            assert!(!line.page(lot).0 && line.page(lot).1 > 0, "{later}");
            assert_eq!(line.concede(lot), "done", "of what is known now");
            assert_eq!(line.release_to(lot, plant.customer), "done", "{later}");
            assert_eq!(refused(line.ship(lot)).0, "done", "{later}");
            assert_eq!(figures(&paper(&plant, line.issued(lot))), [later]);
        }
        // Found between the consent and the release.
        let line = Line::new(&plant, r#","samples":"worst""#);
        let lot = line.lot("L-B");
        line.cu(lot, "L-B-1", "24.00");
        assert_eq!(line.concede(lot), "done");
        line.cu(lot, "L-B-2", "10.00");
        assert_eq!(line.release_to(lot, plant.customer), "release-judgement");
        crate::rows_agree(&plant.world);
    });
}

/// An exception by which an unreleased lot leaves, in the same way.
#[test]
fn an_exception_lets_out_what_was_known_of_the_lot() {
    everywhere(|plant| {
        for (later, wanted) in [("1.00", "gate-not-released"), ("26.00", "done")] {
            let line = Line::new(&plant, r#","samples":"worst""#);
            let lot = line.lot(&format!("L-{later}"));
            line.cu(lot, &format!("L-{later}-1"), "24.00");
            let allow = format!(
                r#"{{"lot":"{lot}","door":"ship","party":"{}","valid_until":"2026-03-31T00:00:00Z",
                "reason":"off-grade, letter 7"}}"#,
                plant.customer
            );
            plant.give(1, "lot.allow", &allow).unwrap();
            assert_eq!(refused(line.ship(lot)).0, "done");
            line.cu(lot, &format!("L-{later}-2"), later);
            assert_eq!(refused(line.ship(lot)).0, wanted, "{later}");
            plant.give(1, "lot.allow", &allow).unwrap();
            assert_eq!(refused(line.ship(lot)).0, "done", "{later}: somebody answers for that too");
        }
        crate::rows_agree(&plant.world);
    });
}

/// An override answers for the results that were known, also of one sample; and until it ends, at the
/// release and at every door after it.
#[test]
fn an_override_covers_the_results_that_were_known_and_ends_at_every_door() {
    everywhere(|plant| {
        let line = Line::new(&plant, r#","repeats":"mean","samples":"mean""#);
        let lot = line.lot("L");
        let sample = line.sample(lot, "L-1");
        plant.result(sample, "Cu", "101", None);
        assert_eq!(line.release(lot), "release-plausibility");
        assert_eq!(line.over(lot, "plausibility", "2026-03-31T00:00:00Z"), "done");
        assert_eq!(line.release(lot), "done");
        assert_eq!([refused(line.ship(lot)).0, refused(line.issue(lot)).0], ["done", "done"]);
        plant.result(sample, "Cu", "130", None);
        assert!(!line.page(lot).0, "130 % of the same sample is another thing");
        let wanted = ("gate-withdrawn".to_owned(), Some("result.retest".to_owned()));
        assert_eq!(refused(line.ship(lot)), wanted);
        assert_eq!(refused(line.issue(lot)), wanted);
        assert_eq!(line.release(lot), "release-plausibility");
        assert_eq!(line.over(lot, "plausibility", "2026-03-31T00:00:00Z"), "done");
        assert_eq!(refused(line.ship(lot)).0, "gate-withdrawn", "nobody released it upon that");
        assert_eq!(line.release(lot), "done");
        assert_eq!([refused(line.ship(lot)).0, refused(line.issue(lot)).0], ["done", "done"]);
        plant.world.clock.set("2026-03-31T00:00:00Z".parse().unwrap());
        assert_eq!(refused(line.ship(lot)), wanted, "it has ended");
        assert_eq!(refused(line.issue(lot)), wanted);
        assert!(!line.page(lot).0 && line.page(lot).1 > 0);
        assert_eq!(line.over(lot, "plausibility", "2026-04-30T00:00:00Z"), "done");
        assert_eq!([line.release(lot), refused(line.ship(lot)).0], ["done", "done"]);
        crate::rows_agree(&plant.world);
    });
}

type Fall = (&'static str, fn(&Line<'_>, LotId, ResultId));

/// One way for each check to fail after the release.
fn falls() -> Vec<Fall> {
    fn alter(line: &Line<'_>, result: ResultId, what: &str) {
        line.plant.work("bench.alter", &format!(r#"{{"result":"{result}",{what}}}"#));
    }
    fn void(line: &Line<'_>, ground: &str) {
        let json = format!(r#"{{"ground":"{ground}","from":"2026-01-02T00:00:00Z"}}"#);
        line.plant.work("bench.void", &json);
    }
    fn withdraw(line: &Line<'_>, authorisation: impl std::fmt::Display) {
        let admin = line.plant.world.actor(&[Role::TalentOfficer]);
        let json =
            format!(r#"{{"authorisation":"{authorisation}","from":"2026-01-02T00:00:00Z","reason":"none"}}"#);
        plant::give(&line.plant.world, &admin, "authorisation.withdraw", &json).unwrap();
    }
    vec![
        ("specification: a stricter edition", |line, _, _| {
            let strict = CU.replace("25.0", "30.0");
            edition(
                line.plant,
                line.specification,
                "2",
                "2026-03-01",
                &strict,
                r#","requires_balance":true"#,
            );
        }),
        ("results: a retest is open", |line, lot, _| {
            let again = line.cu(lot, "again", "25.50");
            alter(line, again, r#""workflow":"assigned""#);
        }),
        ("results: one that fails is not reviewed yet", |line, lot, result| {
            let later = line.plant.result(line.sample(lot, "later"), "Fe", "1", None);
            let _ = (later, result);
            let bad = line.cu(lot, "bad", "25.50");
            alter(line, bad, r#""workflow":"measured""#);
        }),
        ("results: taken back", |line, _, result| {
            line.plant.work("bench.invalidate", &format!(r#"{{"result":"{result}"}}"#));
        }),
        ("qc: fails", |line, _, result| alter(line, result, r#""qc":"failure""#)),
        ("qc: of a void bottle", |line, _, _| void(line, "reference-lot-81")),
        ("range: left", |line, _, result| alter(line, result, r#""in_range":false"#)),
        ("range: the edition of the method is void", |line, _, _| void(line, "method-version-71")),
        ("calibration: void", |line, _, _| void(line, "calibration-61")),
        ("signers: the reviewer", |line, _, _| withdraw(line, line.plant.authorisation(1))),
        ("signers: the sampler", |line, lot, _| {
            let sql = "SELECT \"authorisation\" FROM v_sample WHERE lot = ?1";
            let read = |db: &mut store::Db| db.one("a", sql, params![lot.number()], |row| row.number(0));
            let of = line.plant.world.store.read(read).unwrap();
            withdraw(line, kernel::AuthorisationId(of));
        }),
        ("balance: out of date", |line, lot, _| {
            let sql = "SELECT balance FROM v_engineering_lot_balance WHERE lot = ?1";
            let read = |db: &mut store::Db| db.one("b", sql, params![lot.number()], |row| row.number(0));
            let of = BalanceId(line.plant.world.store.read(read).unwrap());
            line.plant.work("bench.doubt_balance", &format!(r#"{{"balance":"{of}"}}"#));
        }),
        ("holds", |line, lot, _| {
            line.plant.give(0, "lot.hold", &format!(r#"{{"lot":"{lot}","reason":"doubt"}}"#)).unwrap();
        }),
        ("plausibility", |line, lot, _| {
            line.cu(lot, "much", "130");
        }),
        ("judgement", |line, lot, _| {
            line.cu(lot, "poor", "24.00");
        }),
    ]
}

/// Nothing ships and nothing is certified while the release page says that it may not; a hold that is
/// lifted does not change that. That a figure is unlike what other lots had is asked once, when the lot is
/// released.
#[test]
fn whatever_fails_a_check_after_the_release_shuts_every_door() {
    for (what, fall) in falls() {
        everywhere(|plant| {
            let line = Line::new(&plant, r#","samples":"worst","requires_balance":true"#);
            let lot = line.lot("L");
            let result = line.cu(lot, "L-1", "25.50");
            plant.work("bench.close_balance", &format!(r#"{{"lot":"{lot}"}}"#));
            assert_eq!(line.release(lot), "done");
            let old = line.issued(lot);
            assert_eq!((refused(line.ship(lot)).0.as_str(), line.page(lot)), ("done", (true, 0)), "{what}");
            plant.world.clock.advance_seconds(60);
            fall(&line, lot, result);
            for lifted in [false, true] {
                let held = what == "holds" && lifted;
                let (allows, stopped) = line.page(lot);
                assert_eq!((allows, stopped == 0), (held, held), "{what}: the page");
                assert_eq!(refused(line.ship(lot)).0 == "done", held, "{what}: shipping");
                assert_eq!(refused(line.issue(lot)).0 == "done", held, "{what}: issuing");
                lift_all(&plant);
            }
            // A revision gives leave under its own edition, and says so; under nothing else that fell.
            let next = line.supersede(old);
            if what.starts_with("specification") {
                let said = paper(&plant, next.unwrap().id().unwrap());
                let Disposition::Released { statement } = said.disposition else { panic!("{what}") };
                assert!(statement.en.contains("no longer the edition in force"), "{}", statement.en);
                assert!(statement.zh.contains("已非现行有效版本"), "{}", statement.zh);
            } else {
                assert_eq!(refused(next).0 == "done", what == "holds", "{what}");
            }
        });
    }
}

/// Whatever the refusal names as the remedy leads out: nobody is sent in a circle.
#[test]
fn an_authorisation_that_falls_has_a_way_out() {
    everywhere(|plant| {
        let line = Line::new(&plant, "");
        let (lot, _) = line.released("L");
        line.issued(lot);
        let (_, sampler) = falls().into_iter().find(|(what, _)| *what == "signers: the sampler").unwrap();
        sampler(&line, lot, ResultId(0));
        lift_all(&plant);
        let (said, remedy) = refused(line.ship(lot));
        assert_eq!((said.as_str(), remedy.as_deref()), ("gate-withdrawn", Some("gate.override")));
        assert_eq!(line.release(lot), "release-signers");
        assert_eq!(line.over(lot, "signers", "2026-03-31T00:00:00Z"), "done");
        assert_eq!(line.release(lot), "done");
        assert_eq!([refused(line.ship(lot)).0, refused(line.issue(lot)).0], ["done", "done"]);
        assert_eq!(line.page(lot), (true, 0));
        // Whoever granted that override was not authorised either: it is none, another answers.
        let sql = "SELECT \"authorisation\" FROM gate_override WHERE lot = ?1";
        let read = |db: &mut store::Db| db.one("a", sql, params![lot.number()], |row| row.number(0));
        let of = plant.world.store.read(read).unwrap();
        let admin = plant.world.actor(&[Role::TalentOfficer]);
        let json = format!(
            r#"{{"authorisation":"authorisation-{of}","from":"2026-01-02T00:00:00Z","reason":"none"}}"#
        );
        plant::give(&plant.world, &admin, "authorisation.withdraw", &json).unwrap();
        assert_eq!(refused(line.ship(lot)).0, "gate-withdrawn");
        assert_eq!(line.release(lot), "release-signers");
        let grant = format!(
            r#"{{"person":"{}","activity":"release","scope":"{}","valid_from":"2026-01-01T00:00:00Z",
            "valid_until":"2027-01-01T00:00:00Z","basis":"assessed again"}}"#,
            plant.quality[1], line.material
        );
        plant.give(0, "authorisation.grant", &grant).unwrap();
        assert_eq!(line.over(lot, "signers", "2026-03-31T00:00:00Z"), "done");
        assert_eq!(line.release(lot), "done");
        assert_eq!([refused(line.ship(lot)).0, refused(line.issue(lot)).0], ["done", "done"]);
    });
}

/// A lot goes upon the balance of the period it was made in, and as what came out.
#[test]
fn a_lot_goes_upon_the_balance_of_its_own_period() {
    everywhere(|plant| {
        let line = Line::new(&plant, r#","requires_balance":true"#);
        let august = r#","window":["2025-08-01T00:00:00Z","2025-09-01T00:00:00Z"]"#;
        for (n, (more, wanted)) in
            [(august, "release-balance"), (r#","feed":true"#, "release-balance"), ("", "done")]
                .into_iter()
                .enumerate()
        {
            let lot = line.lot(&format!("L{n}"));
            line.cu(lot, &format!("L{n}-1"), "25.50");
            plant.work("bench.close_balance", &format!(r#"{{"lot":"{lot}"{more}}}"#));
            assert_eq!(line.release(lot), wanted, "{more}");
        }
        // What it says that it was produced counts as well as when it came into the books.
        let json = format!(
            r#"{{"code":"P","material":"{}","mass_kg_wet":"1000","moisture_percent":"0",
            "produced_on":"2026-02-28"}}"#,
            line.material
        );
        let lot: LotId = plant.work("lot.receive", &json).id().unwrap();
        line.cu(lot, "P-1", "25.50");
        let february = r#","window":["2026-02-01T00:00:00Z","2026-03-01T00:00:00Z"]"#;
        plant.work("bench.close_balance", &format!(r#"{{"lot":"{lot}"{february}}}"#));
        assert_eq!(line.release(lot), "done");
    });
}
