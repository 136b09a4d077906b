//! Balances end to end, on both databases, with a stand-in for the laboratory.

#![allow(clippy::unwrap_used)]

mod bench;

use kernel::{
    Act, Actor, AuthorisationId, BalanceId, FigureId, FlowsheetVersionId, Instant, PersonId, ResultId, Role,
};
use serde_json::{Value, json};
use store::{Area, Db, Receipt, Request, Stop, params};
use testkit::{World, each_database};

fn areas() -> Vec<Area> {
    vec![authority::AREA, materials::AREA, bench::AREA, engineering::AREA]
}

/// Everybody may close here; authorisations have their own tests.
fn authorise(_: &mut Db, _: &Actor, acts: &[Act], _: Instant) -> Result<Vec<AuthorisationId>, Stop> {
    Ok(acts.iter().map(|_| AuthorisationId(1)).collect())
}

struct Plant {
    world: World,
    version: FlowsheetVersionId,
}

impl Plant {
    fn new(world: World) -> Self {
        let mut plant = Plant { world, version: FlowsheetVersionId(0) };
        let flowsheet = plant.done(1, "flowsheet.define", json!({"code": "F", "names": {"en": "line"}}));
        let version = json!({
            "flowsheet": flowsheet.subjects[0], "edition": "1", "unit": "t",
            "streams": [{"name": "feed", "to": "leach", "target_percent": "0.2"},
                {"name": "liquor", "from": "leach"}, {"name": "residue", "from": "leach"}],
            "components": [{"name": "Mn", "unit": "%"}],
            "nodes": [{"name": "leach", "stock": "yes", "closes_on": "liquor"}],
        });
        plant.version = plant.done(1, "flowsheet.issue_version", version).id().unwrap();
        plant
    }

    fn give(&self, person: u64, name: &str, fields: Value) -> Result<Receipt, Stop> {
        let roles = [Role::Metallurgist, Role::Analyst];
        let actor = self.world.actor_as(PersonId(900_000 + person), &roles);
        let kind = self.world.store.registry().commands[name];
        let command = (kind.parse)(&fields.to_string()).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        self.world.store.request(Request { actor, command, reason: None, key: None })
    }

    fn done(&self, person: u64, name: &str, fields: Value) -> Receipt {
        self.give(person, name, fields).unwrap_or_else(|stop| panic!("{name}: {stop:?}"))
    }

    fn code(&self, person: u64, name: &str, fields: Value) -> String {
        match self.give(person, name, fields) {
            Ok(_) => "done".to_owned(),
            Err(Stop::Refused(refusal)) => refusal.code,
            Err(other) => panic!("{name}: {other:?}"),
        }
    }

    fn result(&self, value: &str) -> ResultId {
        self.done(1, "bench.measure", json!({"analyte": "Mn", "value": value})).id().unwrap()
    }

    /// A balance with all six figures; the feed assay is a laboratory result.
    fn balance(&self, code: &str, feed: ResultId, residue: &str) -> BalanceId {
        let open = json!({"code": code, "flowsheet_version": self.version, "scope": "month",
            "from": "2026-01-01T00:00:00Z", "until": "2026-02-01T00:00:00Z"});
        let balance: BalanceId = self.done(1, "balance.open", open).id().unwrap();
        let typed = |stream: &str, of: &str, value: &str, unit: &str, sd: &str| {
            let mut line = json!({"stream": stream, "of": of, "value": value, "unit": unit});
            (line["sd"], line["weight"]) = (json!(sd), json!("stated"));
            line
        };
        let lines = json!({"balance": balance, "lines": [
            typed("feed", "flow", "1000", "t", "5"), typed("liquor", "flow", "402", "t", "4"),
            typed("residue", "flow", "599", "t", "5"), json!({"stream": "feed", "of": "Mn", "result": feed}),
            typed("liquor", "Mn", "48.1", "%", "0.2"), typed("residue", "Mn", residue, "%", "0.05"),
        ]});
        self.done(1, "balance.measure", lines);
        balance
    }

    /// The last reconciliation of a balance.
    fn solved(&self, balance: BalanceId) -> Value {
        let sql = "SELECT detail FROM balance_reconciliation WHERE balance = ?1 ORDER BY number DESC LIMIT 1";
        let text =
            self.world.store.read(|db| db.one("solved", sql, params![balance.number()], |row| row.text(0)));
        serde_json::from_str(&text.unwrap()).unwrap()
    }

    fn on(&self, balance: BalanceId, person: u64, name: &str) -> String {
        self.code(person, name, json!({"balance": balance}))
    }
}

fn everywhere(check: impl Fn(Plant)) {
    each_database(areas, authorise, |world| check(Plant::new(world)));
}

#[test]
fn a_balance_that_closes_is_final_is_kept_and_opened_again_only_with_a_reason() {
    everywhere(|plant| {
        let balance = plant.balance("M-1", plant.result("20.5"), "2.1");
        assert_eq!(plant.on(balance, 1, "balance.finalise"), "balance-not-reconciled");
        assert_eq!(plant.on(balance, 1, "balance.reconcile"), "done");
        let nothing = json!({"balance": balance, "what": "closure", "reason": "none needed"});
        assert_eq!(plant.code(2, "balance.except", nothing), "balance-nothing-to-except");
        assert_eq!(plant.on(balance, 1, "balance.finalise"), "done");
        assert_eq!(plant.on(balance, 1, "balance.finalise"), "balance-final");
        assert_eq!(plant.on(balance, 1, "balance.reconcile"), "balance-final");
        let reopen = json!({"balance": balance, "reason": "scale was recalibrated"});
        assert_eq!(plant.code(1, "balance.reopen", reopen.clone()), "done");
        assert_eq!(plant.code(1, "balance.reopen", reopen), "balance-not-final");
        let later = json!({"balance": balance, "lines": [{"stream": "feed", "of": "flow", "value": "1003",
            "unit": "t", "sd": "5", "weight": "stated"}]});
        assert_eq!(plant.code(1, "balance.measure", later), "done");
        assert_eq!(
            plant.on(balance, 1, "balance.finalise"),
            "balance-stale",
            "a new figure is not in it yet"
        );
        assert_eq!(plant.on(balance, 1, "balance.reconcile"), "done");
        assert_eq!(plant.on(balance, 1, "balance.finalise"), "done");
        let sql = "SELECT COUNT(*) FROM balance_reconciliation WHERE balance = ?1";
        let kept =
            plant.world.store.read(|db| db.one("kept", sql, params![balance.number()], |row| row.int(0)));
        assert_eq!(kept.unwrap(), 2);
        store::verify(&plant.world.store, true).unwrap_or_else(|wrong| panic!("{wrong}"));
    });
}

#[test]
fn a_balance_that_does_not_close_waits_for_somebody_else_to_answer_for_it() {
    everywhere(|plant| {
        let balance = plant.balance("M-2", plant.result("24.5"), "2.1");
        assert_eq!(plant.on(balance, 1, "balance.reconcile"), "done");
        assert_eq!(plant.on(balance, 1, "balance.finalise"), "balance-does-not-close");
        let except = |what: &str| json!({"balance": balance, "what": what, "reason": "spill of 12 January"});
        assert_eq!(plant.code(2, "balance.except", except("closure")), "done");
        assert_eq!(plant.on(balance, 1, "balance.finalise"), "balance-above-authority");
        assert_eq!(plant.code(2, "balance.except", except("adjustments")), "done");
        assert_eq!(plant.on(balance, 2, "balance.finalise"), "balance-same-person");
        assert_eq!(plant.on(balance, 1, "balance.finalise"), "done");
        store::verify(&plant.world.store, true).unwrap_or_else(|wrong| panic!("{wrong}"));
    });
}

#[test]
fn a_retracted_assay_makes_every_balance_on_it_stale_and_lets_none_be_closed_upon_it() {
    everywhere(|plant| {
        let assay = plant.result("20.5");
        let (one, other) = (plant.balance("M-3", assay, "2.1"), plant.balance("M-4", assay, "2.1"));
        for balance in [one, other] {
            assert_eq!(plant.on(balance, 1, "balance.reconcile"), "done");
        }
        assert_eq!(plant.on(one, 1, "balance.finalise"), "done");
        plant.done(1, "bench.retract", json!({"result": assay}));
        let sql = "SELECT COUNT(*) FROM v_engineering_balance WHERE stale = 1";
        let stale = plant.world.store.read(|db| db.one("stale", sql, &[], |row| row.int(0))).unwrap();
        assert_eq!(stale, 2);
        assert_eq!(plant.on(other, 1, "balance.finalise"), "balance-stale");
        assert_eq!(plant.on(other, 1, "balance.reconcile"), "balance-result-void");
        let fresh = plant.result("20.6");
        let again = json!({"balance": other, "lines": [{"stream": "feed", "of": "Mn", "result": fresh}]});
        assert_eq!(plant.code(1, "balance.measure", again), "done");
        assert_eq!(plant.on(other, 1, "balance.reconcile"), "done");
        assert_eq!(plant.on(other, 1, "balance.finalise"), "done");
        store::verify(&plant.world.store, true).unwrap_or_else(|wrong| panic!("{wrong}"));
    });
}

#[test]
fn a_reconciled_number_rests_on_the_result_and_the_result_leads_to_the_balance() {
    everywhere(|plant| {
        let assay = plant.result("20.5");
        let balance = plant.balance("M-5", assay, "2.1");
        plant.on(balance, 1, "balance.reconcile");
        let sql = "SELECT number FROM balance_figure WHERE stream = 'residue' AND quantity = 'Mn'";
        let figure = plant.world.store.read(|db| db.one("figure", sql, &[], |row| row.number(0))).unwrap();
        let steps = plant
            .world
            .store
            .thread(|thread| {
                let mut walker = thread::Walker::new();
                let steps = thread.graph().explain(&mut walker, FigureId(figure).number(), 24, 400);
                steps.into_iter().map(|step| step.node).collect::<Vec<_>>()
            })
            .unwrap();
        assert!(steps.contains(&assay.number()), "the feed assay bears on the residue's figure: {steps:?}");
    });
}

#[test]
fn stock_and_typed_figures_enter_the_balance_and_losses_are_booked() {
    everywhere(|plant| {
        let balance = plant.balance("M-6", plant.result("20.5"), "2.1");
        let stock = json!({"balance": balance, "lines": [{"node": "leach", "of": "flow", "opening": "40",
            "closing": "40.5", "unit": "t", "sd": "0.3", "weight": "stated"}]});
        assert_eq!(plant.code(1, "balance.take_stock", stock), "done");
        assert_eq!(plant.on(balance, 1, "balance.reconcile"), "done");
        let sql = "SELECT quantity, lost FROM balance_loss ORDER BY quantity";
        let losses: Vec<(String, String)> =
            plant.world.store.read(|db| db.query(sql, &[], |row| Ok((row.text(0)?, row.text(1)?)))).unwrap();
        assert_eq!(losses[1], ("flow".to_owned(), "-1.500".to_owned()), "1000 − 0.5 − 402 − 599");
        let sql = "SELECT COUNT(*) FROM balance_measurement WHERE typed = 1";
        let typed = plant.world.store.read(|db| db.one("typed", sql, &[], |row| row.int(0))).unwrap();
        assert_eq!(typed, 5);
    });
}

/// Others read of a lot whether it went in or came out, and in which window.
#[test]
fn a_linked_lot_went_in_as_a_feed_or_came_out() {
    everywhere(|plant| {
        let balance = plant.balance("M-1", plant.result("20.5"), "2.1");
        let define = json!({"code": "ORE", "kind": "ore", "names": {"en": "Ore", "zh": "矿"}});
        let material = plant.done(1, "material.define", define).subjects[0];
        let roles = [Role::Receiver, Role::ShiftSupervisor];
        let actor = plant.world.actor_as(PersonId(900_003), &roles);
        let receive = json!({"code": "L-1", "material": material, "mass_kg_wet": "1000",
            "moisture_percent": "2"});
        let command = (plant.world.store.registry().commands["lot.receive"].parse)(&receive.to_string());
        let order = Request { actor, command: command.unwrap(), reason: None, key: None };
        let lot: kernel::LotId = plant.world.store.request(order).unwrap().id().unwrap();
        for stream in ["feed", "liquor", "residue"] {
            plant.done(1, "balance.link", json!({"balance": balance, "stream": stream, "lots": [lot]}));
        }
        let sql = "SELECT stream, feed, from_at, until_at FROM v_engineering_lot_balance WHERE lot = ?1
            ORDER BY stream";
        let read = |db: &mut Db| {
            db.query(sql, params![lot.number()], |row| {
                let window: (Instant, Instant) = (row.parse(2)?, row.parse(3)?);
                assert_eq!(window.0.to_string(), "2026-01-01T00:00:00.000000Z");
                Ok((row.text(0)?, row.flag(1)?))
            })
        };
        let found = plant.world.store.read(read).unwrap();
        let said: Vec<(&str, bool)> = found.iter().map(|(stream, feed)| (stream.as_str(), *feed)).collect();
        assert_eq!(said, [("feed", true), ("liquor", false), ("residue", false)]);
    });
}

#[test]
fn every_statement_prepares_on_both_databases() {
    everywhere(|plant| {
        for (name, sql) in (engineering::AREA.statements)() {
            plant.world.store.read(|db| db.prepare(sql)).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    });
}

#[test]
fn both_languages_have_the_same_words_and_every_example_and_sample_reads() {
    let catalogue = ui::text::Catalogue::new(&[engineering::SITE.text]).unwrap();
    assert_eq!(catalogue.missing_keys(), Vec::<String>::new());
    for command in (engineering::AREA.commands)() {
        (command.parse)(command.example)
            .map(|_| ())
            .unwrap_or_else(|error| panic!("{}: {error:?}", command.name));
        let key = site::word("command", command.name);
        assert!(catalogue.has(&key), "{key}");
    }
    for fact in (engineering::AREA.facts)() {
        let samples = (fact.samples)();
        assert!(!samples.is_empty(), "{}", fact.kind);
        if std::env::var_os("PRINT_FACTS").is_some() {
            for sample in samples {
                println!("FACT {} {} {sample}", fact.kind, fact.version);
            }
        }
    }
}

/// The slurry of a cyclone and a cell: assays are shares of the solids. The expected figures are those of a
/// solver written apart from `balance` (the key of `balance/tests/it/shares.rs`), here in %.
#[test]
fn a_version_that_states_solids_and_water_reconciles_a_slurry_and_a_closed_valve_stays_closed() {
    everywhere(|plant| {
        let flowsheet = plant.done(1, "flowsheet.define", json!({"code": "W", "names": {"en": "wet"}}));
        let mut version = json!({
            "flowsheet": flowsheet.subjects[0], "edition": "1", "unit": "t",
            "streams": [{"name": "mill", "to": "cyclone"}, {"name": "under", "from": "cyclone"},
                {"name": "over", "from": "cyclone", "to": "cell"}, {"name": "conc", "from": "cell"},
                {"name": "tail", "from": "cell"}, {"name": "spill", "from": "cell"}],
            "components": [{"name": "solids", "unit": "%"}, {"name": "water", "unit": "%"},
                {"name": "Cu", "unit": "%", "of": "solids"}],
            "sums": [{"components": "solids, water"}],
            "limits": [{"stream": "spill", "of": "flow", "exactly": "0"},
                {"stream": "spill", "of": "solids", "exactly": "50"},
                {"stream": "spill", "of": "Cu", "exactly": "1"}],
        });
        version["sums"][0]["components"] = json!("solids, slime");
        assert_eq!(plant.code(1, "flowsheet.issue_version", version.clone()), "flowsheet-unknown");
        version["sums"][0]["components"] = json!(["solids", "water"]);
        let version: FlowsheetVersionId = plant.done(1, "flowsheet.issue_version", version).id().unwrap();
        let open = json!({"code": "W-1", "flowsheet_version": version, "scope": "shift",
            "from": "2026-01-01T00:00:00Z", "until": "2026-01-01T08:00:00Z"});
        let balance: BalanceId = plant.done(1, "balance.open", open).id().unwrap();
        let figures =
            "mill flow 502 5, over flow 318 6, tail flow 296 6, mill solids 52 1, under solids 74 1,
            over solids 37.5 1, conc solids 25 1, tail solids 39 1, mill Cu 1.31 0.03, over Cu 1.22 0.03,
            under Cu 1.36 0.03, conc Cu 24.1 0.3, tail Cu 0.11 0.01";
        let line = |line: &str| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let [stream, of, value, sd] = words[..] else { panic!("{line}") };
            let unit = if of == "flow" { "t" } else { "%" };
            json!({"stream": stream, "of": of, "value": value, "unit": unit, "sd": sd, "weight": "stated"})
        };
        let lines: Vec<Value> = figures.split(',').map(line).collect();
        plant.done(1, "balance.measure", json!({"balance": balance, "lines": lines}));
        plant.done(1, "balance.reconcile", json!({"balance": balance}));
        let solved = plant.solved(balance);
        let near = |stream: &str, of: &str, value: f64, sd: f64| {
            let figure = solved["figures"].as_array().unwrap().iter();
            let figure = figure.clone().find(|f| f["stream"] == stream && f["of"] == of).unwrap();
            let number = |key: &str| {
                let text = figure[key].as_str().unwrap_or_else(|| panic!("{key} of {figure}"));
                text.parse::<f64>().unwrap()
            };
            assert!((number("reconciled") / value - 1.0).abs() < 1e-8, "{figure}");
            assert!((number("sd") / sd - 1.0).abs() < 1e-3, "{figure}");
        };
        near("mill", "flow", 502.795_998, 4.908_91);
        near("mill", "solids", 51.348_582_4, 0.562_138);
        near("mill", "water", 48.651_417_6, 0.562_138);
        near("mill", "Cu", 1.299_665_55, 0.017_349_6);
        near("conc", "flow", 22.348_818_5, 1.213_04);
        near("tail", "Cu", 0.110_053_717, 0.009_996_9);
        assert_eq!(solved["dof"], 4);
        let recovery = |of: &str| {
            let all = solved["recoveries"].as_array().unwrap().iter();
            let line = all.clone().find(|line| line["stream"] == "conc" && line["of"] == of).unwrap();
            line["percent"].as_str().unwrap().parse::<f64>().unwrap()
        };
        // 22.3488185 · 0.2502013 · 24.1023546 over 502.795998 · 0.513485824 · 1.29966555
        let metal = 22.348_818_5 * 0.250_201_26 * 24.102_354_6;
        let fed = 502.795_998 * 0.513_485_824 * 1.299_665_55;
        assert!((recovery("Cu") - 100.0 * metal / fed).abs() < 1e-3, "{}", recovery("Cu"));
        store::verify(&plant.world.store, true).unwrap_or_else(|wrong| panic!("{wrong}"));
    });
}

/// Words that other areas keep and these pages borrow.
const BORROWED: &str = "field-lots = l\nanswer-yes = y\nanswer-no = n\n";

#[test]
fn every_page_shows_its_samples_in_both_languages_without_a_missing_word() {
    let sources = [
        site::TEXT,
        authority::SITE.text,
        materials::SITE.text,
        engineering::SITE.text,
        (BORROWED, BORROWED),
    ];
    let catalogue = ui::text::Catalogue::new(&sources).unwrap();
    for lang in [ui::Lang::En, ui::Lang::Zh] {
        let words = catalogue.words(lang, ui::gallery::sample_words(lang).zone().clone());
        for entry in (engineering::SITE.gallery)() {
            for (sample, body) in (entry.render)(&words) {
                let text = body.into_string();
                assert!(!text.contains('⟦'), "{} · {sample}: {text}", entry.name);
            }
        }
    }
}
