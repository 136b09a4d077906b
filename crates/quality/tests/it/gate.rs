//! Gates at every door: what leaves, what goes into a blend, what is inherited, and who answers for an
//! exception.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{LotId, MaterialId, OverrideId, PartyId, Ref, ResultId, Role};
use measure::Decimal;
use store::{Receipt, Stop, params};
use testkit::World;

use crate::bench;
use crate::plant::{self, Plant, areas, code};
use crate::{everywhere, released, rows_agree};

/// As somebody of the plant who is not a quality manager.
fn asked(plant: &Plant, name: &str, json: &str) -> Result<Receipt, Stop> {
    let roles = [Role::Metallurgist, Role::Receiver, Role::ShiftSupervisor];
    plant::give(&plant.world, &plant.world.actor(&roles), name, json)
}

fn ship(plant: &Plant, lot: LotId, to: PartyId, kg: u32) -> String {
    code(shipped(plant, lot, to, kg))
}

fn shipped(plant: &Plant, lot: LotId, to: PartyId, kg: u32) -> Result<Receipt, Stop> {
    asked(plant, "lot.ship", &format!(r#"{{"lot":"{lot}","to":"{to}","mass_kg_wet":"{kg}"}}"#))
}

fn party(plant: &Plant, name: &str, kind: &str) -> PartyId {
    let json = format!(r#"{{"code":"{name}","kind":"{kind}","names":{{"en":"{name}","zh":"{name}"}}}}"#);
    plant.work("party.register", &json).id().unwrap()
}

fn hold(plant: &Plant, lot: LotId) -> Ref {
    plant.give(0, "lot.hold", &format!(r#"{{"lot":"{lot}","reason":"in doubt"}}"#)).unwrap().subjects[0]
}

/// A second person lifts the hold that was placed on a lot.
fn lift(plant: &Plant, lot: LotId) {
    let sql = "SELECT number FROM hold WHERE lot = ?1 AND lifted_at IS NULL";
    let read = |db: &mut store::Db| db.one("hold", sql, params![lot.number()], |row| row.number(0));
    let open = plant.world.store.read(read).unwrap();
    plant.give(1, "hold.lift", &format!(r#"{{"hold":"hold-{open}","reason":"looked into"}}"#)).unwrap();
}

fn reject(plant: &Plant, lot: LotId) {
    plant.give(0, "lot.reject", &format!(r#"{{"lot":"{lot}","reason":"Cd above the limit"}}"#)).unwrap();
}

/// The lots a move made.
fn made(receipt: &Receipt, known: &[LotId]) -> Vec<LotId> {
    let lots = receipt.subjects.iter().filter_map(|of| LotId::try_from(*of).ok());
    lots.filter(|lot| !known.contains(lot)).collect()
}

fn split(plant: &Plant, lot: LotId, name: &str, kg: u32) -> LotId {
    let json = format!(r#"{{"lot":"{lot}","outputs":[{{"code":"{name}","mass_kg_wet":"{kg}"}}]}}"#);
    made(&plant.work("lot.split", &json), &[lot])[0]
}

fn blend(plant: &Plant, a: LotId, b: LotId, name: &str) -> Result<LotId, Stop> {
    let json = format!(
        r#"{{"inputs":[{{"lot":"{a}","mass_kg_wet":"30"}},{{"lot":"{b}","mass_kg_wet":"70"}}],
        "output":{{"code":"{name}"}}}}"#
    );
    asked(plant, "lot.blend", &json).map(|receipt| made(&receipt, &[a, b])[0])
}

fn rework(plant: &Plant, lot: LotId, name: &str) -> Result<LotId, Stop> {
    let json = format!(
        r#"{{"inputs":[{{"lot":"{lot}","mass_kg_wet":"100"}}],
        "outputs":[{{"code":"{name}","mass_kg_wet":"100"}}],"reason":"dissolved and purified"}}"#
    );
    asked(plant, "lot.rework", &json).map(|receipt| made(&receipt, &[lot])[0])
}

fn allow(plant: &Plant, who: usize, lot: LotId, more: &str) -> String {
    let json = format!(
        r#"{{"lot":"{lot}",{more},"reason":"the customer takes it","valid_until":"2026-03-31T00:00:00Z"}}"#
    );
    code(plant.give(who, "lot.allow", &json))
}

fn said(outcome: Result<LotId, Stop>) -> String {
    match outcome {
        Ok(_) => "done".into(),
        Err(Stop::Refused(refusal)) => refusal.code,
        Err(Stop::Failed(error)) => panic!("{error}"),
    }
}

/// Fault 13: held, rejected and never released lots were shipped to a customer without a refusal.
#[test]
fn nothing_held_rejected_unreleased_or_withdrawn_leaves_for_a_customer() {
    everywhere(|plant| {
        let customer = plant.customer;
        let a = plant.lot("A");
        let on = hold(&plant, a);
        match shipped(&plant, a, customer, 100) {
            Err(Stop::Refused(refusal)) => {
                assert_eq!((refusal.code.as_str(), refusal.on), ("gate-held", Some(on)));
                assert_eq!(refusal.remedy.as_deref(), Some("hold.lift"));
                assert_eq!(refusal.clause, "ISO 9001:2015 8.7.1");
            }
            other => panic!("a held lot left: {other:?}"),
        }
        let b = plant.lot("B");
        reject(&plant, b);
        assert_eq!(ship(&plant, b, customer, 100), "gate-rejected");
        let c = plant.lot("C");
        assert_eq!(ship(&plant, c, customer, 100), "gate-not-released");
        let d = plant.lot("D");
        let results = plant.measured(d, "S-D", 2);
        assert_eq!(released(&plant, d), "done");
        let issue = format!(r#"{{"lot":"{d}","customer":"{customer}"}}"#);
        assert_eq!(code(plant.give(0, "certificate.issue", &issue)), "done");
        assert_eq!(ship(&plant, d, customer, 100), "done");
        invalidate(&plant, results[0]);
        assert_eq!(ship(&plant, d, customer, 100), "gate-held");
        lift(&plant, d);
        assert_eq!(ship(&plant, d, customer, 100), "gate-withdrawn", "what it was released on is gone");
        assert_eq!(code(plant.give(0, "certificate.issue", &issue)), "certificate-result-gone");
        plant.measured(d, "S-D2", 2);
        assert_eq!(released(&plant, d), "done", "released again, upon what stands");
        assert_eq!(ship(&plant, d, customer, 100), "done");
        rows_agree(&plant.world);
    });
}

fn invalidate(plant: &Plant, result: ResultId) {
    let head = plant.world.actor(&[Role::LaboratoryHead]);
    plant.world.store.run(&head, bench::Invalidate { result }).unwrap();
}

#[test]
fn who_receives_it_decides_and_a_concession_is_for_one_customer() {
    everywhere(|plant| {
        let (carrier, treater) = (party(&plant, "CAR", "carrier"), party(&plant, "TOLL", "treater"));
        let (laboratory, other) = (party(&plant, "LAB", "laboratory"), party(&plant, "OTHER", "customer"));
        let (mine, stranger) = (party(&plant, "MINE", "supplier"), party(&plant, "STRANGER", "supplier"));
        let receive = |name: &str, from: PartyId| -> LotId {
            let json = format!(
                r#"{{"code":"{name}","material":"{}","from":"{from}","mass_kg_wet":"1000",
                "moisture_percent":"0"}}"#,
                plant.material
            );
            plant.work("lot.receive", &json).id().unwrap()
        };
        let (held, rejected, waiting) = (receive("H", mine), receive("R", mine), receive("W", mine));
        hold(&plant, held);
        reject(&plant, rejected);
        for (to, of_held, of_rejected, of_waiting) in [
            (plant.customer, "gate-held", "gate-rejected", "gate-not-released"),
            (carrier, "gate-held", "gate-rejected", "gate-not-released"),
            (stranger, "gate-held", "gate-rejected", "gate-not-released"),
            (treater, "gate-held", "done", "done"),
            (laboratory, "done", "done", "done"),
            (mine, "done", "done", "done"),
        ] {
            let told = [held, rejected, waiting].map(|lot| ship(&plant, lot, to, 10));
            assert_eq!(told, [of_held, of_rejected, of_waiting], "{to}");
        }
        let made = split(&plant, held, "H-1", 100);
        assert_eq!(ship(&plant, made, mine, 10), "done", "a part of what came is still what came");
        let lot = plant.lot("L-C");
        plant.measured(lot, "S-C", 3);
        let concede = format!(
            r#"{{"lot":"{lot}","specification_version":"{}","party":"{}","consent":"letter 7","items":["Cd"],
            "valid_until":"2026-06-30T00:00:00Z","reason":"tolerated"}}"#,
            plant.version, plant.customer
        );
        plant.give(1, "lot.concede", &concede).unwrap();
        let release = format!(r#"{{"lot":"{lot}","customer":"{}"}}"#, plant.customer);
        assert_eq!(code(plant.give(0, "lot.release", &release)), "done");
        assert_eq!(ship(&plant, lot, other, 10), "gate-other-customer");
        assert_eq!(ship(&plant, lot, plant.customer, 10), "done");
        rows_agree(&plant.world);
    });
}

#[test]
fn a_second_person_lets_a_lot_pass_for_a_mass_until_an_end_and_it_is_counted() {
    everywhere(|plant| {
        let (lot, customer) = (plant.lot("A"), plant.customer);
        hold(&plant, lot);
        let to = format!(r#""door":"ship","party":"{customer}","mass_kg_wet":"150""#);
        assert_eq!(allow(&plant, 1, lot, r#""door":"ship""#), "gate-no-party");
        assert_eq!(allow(&plant, 1, plant.lot("G"), r#""door":"blend""#), "gate-no-exception");
        assert_eq!(allow(&plant, 1, lot, &to), "done");
        let own = format!(r#"{{"lot":"{lot}","to":"{customer}","mass_kg_wet":"100"}}"#);
        assert_eq!(code(plant.give(1, "lot.ship", &own)), "gate-own-exception");
        assert_eq!(ship(&plant, lot, customer, 100), "done");
        let sql = "SELECT number, used, taken_kg FROM gate_override WHERE lot = ?1";
        let read = |db: &mut store::Db| {
            db.one("exception", sql, params![lot.number()], |row| {
                Ok((row.number(0)?, row.number(1)?, row.text(2)?))
            })
        };
        let (id, used, taken) = plant.world.store.read(read).unwrap();
        assert_eq!((used, taken.as_str()), (1, "100"));
        let history = plant.world.store.read(|db| store::log::history(db, OverrideId(id).into())).unwrap();
        let kinds: Vec<&str> = history.iter().map(|entry| entry.record.kind.as_str()).collect();
        assert_eq!(kinds, ["lot.allowed", "exception.used"]);
        assert_eq!(ship(&plant, lot, customer, 100), "gate-exception-spent");
        assert_eq!(ship(&plant, lot, customer, 50), "done");
        let open = format!(r#""door":"ship","party":"{customer}""#);
        assert_eq!(allow(&plant, 1, lot, &open), "done");
        assert_eq!(ship(&plant, lot, customer, 100), "done");
        let part = party(&plant, "OTHER", "customer");
        assert_eq!(ship(&plant, lot, part, 100), "gate-held", "for that customer only");
        hold(&plant, lot);
        assert_eq!(ship(&plant, lot, customer, 100), "gate-held", "what came up later was not answered for");
        assert_eq!(allow(&plant, 1, lot, &open), "done");
        assert_eq!(ship(&plant, lot, customer, 100), "done");
        plant.world.clock.set("2026-04-02T00:00:00Z".parse().unwrap());
        assert_eq!(ship(&plant, lot, customer, 100), "gate-held", "the exception has ended");
        rows_agree(&plant.world);
    });
}

#[test]
fn what_is_split_off_a_rejected_lot_is_rejected_and_only_rework_makes_another_lot() {
    everywhere(|plant| {
        let (whole, good) = (plant.lot("W"), plant.lot("G"));
        plant.measured(whole, "S-W", 2);
        plant.measured(good, "S-G", 2);
        let early = split(&plant, whole, "W-0", 200);
        assert_eq!([released(&plant, whole), released(&plant, good)], ["done", "done"]);
        assert_eq!(
            ship(&plant, early, plant.customer, 10),
            "gate-not-released",
            "split off before the release"
        );
        let piece = split(&plant, whole, "W-1", 1000);
        let grain = split(&plant, piece, "W-11", 300);
        let gone = shipped(&plant, grain, plant.customer, 100).expect("it is released with its whole");
        let gone = made(&gone, &[grain])[0];
        reject(&plant, whole);
        let later = split(&plant, piece, "W-12", 200);
        for lot in [whole, early, piece, grain, gone, later] {
            let sql = "SELECT decision FROM v_lot_decision WHERE lot = ?1";
            let read = |db: &mut store::Db| db.one(lot, sql, params![lot.number()], |row| row.text(0));
            assert_eq!(plant.world.store.read(read).unwrap(), "rejected", "{lot}");
            assert_eq!(released(&plant, lot), "lot-rejected");
        }
        assert_eq!(ship(&plant, later, plant.customer, 10), "gate-rejected");
        assert_eq!(said(blend(&plant, later, good, "B-0")), "gate-rejected");
        assert_eq!(said(rework(&plant, good, "N-0")), "gate-nothing-to-rework");
        let new = rework(&plant, later, "N-1").unwrap();
        assert_eq!(
            ship(&plant, new, plant.customer, 10),
            "gate-not-released",
            "it needs a release of its own"
        );
        assert_eq!(released(&plant, new), "release-results");
        plant.measured(new, "S-N", 2);
        assert_eq!([released(&plant, new), ship(&plant, new, plant.customer, 10)], ["done", "done"]);
        rows_agree(&plant.world);
    });
}

#[test]
fn a_blend_with_rejected_material_waits_until_a_second_person_answers_for_it() {
    everywhere(|plant| {
        let (bad, good) = (plant.lot("R"), plant.lot("G"));
        let before = blend(&plant, bad, good, "B-1").unwrap();
        plant.measured(before, "S-B", 2);
        assert_eq!([released(&plant, before), ship(&plant, before, plant.customer, 10)], ["done", "done"]);
        let piece = split(&plant, before, "B-1-A", 20);
        reject(&plant, bad);
        assert_eq!(
            [before, piece].map(|lot| ship(&plant, lot, plant.customer, 10)),
            ["gate-held", "gate-held"]
        );
        lift(&plant, before);
        for lot in [before, piece] {
            assert_eq!(ship(&plant, lot, plant.customer, 10), "gate-contains-rejected");
        }
        let issue = format!(r#"{{"lot":"{before}","customer":"{}"}}"#, plant.customer);
        assert_eq!(code(plant.give(0, "certificate.issue", &issue)), "gate-contains-rejected");
        match plant.give(0, "lot.release", &format!(r#"{{"lot":"{before}"}}"#)) {
            Err(Stop::Refused(refusal)) => {
                assert_eq!(refusal.code, "release-rejected");
                assert_eq!(refusal.args["what"], "R (30 %): Cd above the limit");
            }
            other => panic!("{other:?}"),
        }
        let over = format!(
            r#"{{"lot":"{before}","gate":"rejected","reason":"Cd is diluted below a tenth of the limit",
            "valid_until":"2026-03-31T00:00:00Z"}}"#
        );
        plant.give(1, "gate.override", &over).unwrap();
        let release = format!(r#"{{"lot":"{before}"}}"#);
        assert_eq!(code(plant.give(1, "lot.release", &release)), "release-same-person");
        assert_eq!(code(plant.give(0, "lot.release", &release)), "done");
        assert_eq!(ship(&plant, before, plant.customer, 10), "done");
        assert_eq!(said(blend(&plant, bad, good, "B-2")), "gate-rejected");
        assert_eq!(allow(&plant, 1, bad, r#""door":"blend","mass_kg_wet":"30""#), "done");
        let after = blend(&plant, bad, good, "B-2").unwrap();
        plant.measured(after, "S-B2", 2);
        assert_eq!(released(&plant, after), "release-rejected", "allowed to be blended is not released");
        reject(&plant, good);
        lift(&plant, before);
        assert_eq!(ship(&plant, before, plant.customer, 10), "gate-contains-rejected", "another rejection");
        assert_eq!(released(&plant, before), "release-rejected", "the override was for the first");
        rows_agree(&plant.world);
    });
}

/// A material without a specification: only holds and rejections stop it.
pub(crate) fn free(plant: &Plant) -> MaterialId {
    let json = r#"{"code":"FREE","kind":"product","names":{"en":"Free","zh":"无规范品"}}"#;
    let material: MaterialId = plant.work("material.define", json).id().unwrap();
    for person in plant.quality {
        let json = format!(
            r#"{{"person":"{person}","activity":"release","scope":"{material}",
                "valid_from":"2026-01-01T00:00:00Z",
            "valid_until":"2027-01-01T00:00:00Z","basis":"assessed"}}"#
        );
        // Nobody grants themselves anything.
        plant.give(usize::from(person == plant.quality[0]), "authorisation.grant", &json).unwrap();
    }
    material
}

pub(crate) fn received(plant: &Plant, material: MaterialId, name: &str, kg: u32) -> LotId {
    let json =
        format!(r#"{{"code":"{name}","material":"{material}","mass_kg_wet":"{kg}","moisture_percent":"0"}}"#);
    plant.work("lot.receive", &json).id().unwrap()
}

/// What a plain search over all moves says of every lot.
struct Oracle {
    /// From, into, by which move, of what kind.
    flows: Vec<(u64, u64, u64, String)>,
    /// Each rejection with the lots it is on.
    rejections: Vec<(u64, BTreeSet<u64>)>,
    held: BTreeSet<u64>,
}

impl Oracle {
    fn of(world: &World, rejected: &BTreeSet<LotId>, held: &BTreeSet<LotId>) -> Self {
        let sql = "SELECT f.source, f.target, f.move, m.kind FROM v_lot_flow f
            JOIN v_move m ON m.number = f.move";
        let flow = |row: &store::Row<'_>| Ok((row.number(0)?, row.number(1)?, row.number(2)?, row.text(3)?));
        let flows = world.store.read(|db| db.query(sql, &[], flow)).unwrap();
        let sql = "SELECT number, lot FROM disposition WHERE decision = 'rejected' ORDER BY number";
        let pair = |row: &store::Row<'_>| Ok((row.number(0)?, row.number(1)?));
        let decided: Vec<(u64, u64)> = world.store.read(|db| db.query(sql, &[], pair)).unwrap();
        assert_eq!(decided.len(), rejected.len());
        let held = held.iter().map(|lot| lot.number()).collect();
        let mut oracle = Oracle { flows, rejections: Vec::new(), held };
        let on = |lot| oracle.closed(&BTreeSet::from([lot]), |_, kind| kind == "split" || kind == "ship");
        oracle.rejections = decided.into_iter().map(|(number, lot)| (number, on(lot))).collect();
        oracle.held = oracle.closed(&oracle.held, |_, _| true);
        oracle
    }

    fn closed(&self, from: &BTreeSet<u64>, by: impl Fn(u64, &str) -> bool) -> BTreeSet<u64> {
        let mut all = from.clone();
        loop {
            let next = self
                .flows
                .iter()
                .filter(|(a, b, number, kind)| all.contains(a) && !all.contains(b) && by(*number, kind));
            let next: Vec<u64> = next.map(|(_, b, ..)| *b).collect();
            if next.is_empty() {
                return all;
            }
            all.extend(next);
        }
    }

    /// Why this lot must not leave for a customer, if it must not.
    fn leaves(&self, lot: LotId) -> &'static str {
        let number = lot.number();
        // Rework answers for what was rejected before it, and for nothing that is rejected later.
        let touched = self.rejections.iter().any(|(rejection, on)| {
            self.closed(on, |by, kind| kind != "rework" || by < *rejection).contains(&number)
        });
        let reworked = self.flows.iter().filter(|(.., kind)| kind == "rework").map(|(_, into, ..)| *into);
        let owes = self.closed(&reworked.collect(), |_, _| true);
        match () {
            () if self.is_rejected(number) => "gate-rejected",
            () if self.held.contains(&number) => "gate-held",
            () if touched => "gate-contains-rejected",
            // What was reworked is released before it leaves, whatever it is called now.
            () if owes.contains(&number) => "gate-not-released",
            () => "done",
        }
    }

    /// Whether it may go into a blend.
    fn blends(&self, lot: LotId) -> bool {
        !self.is_rejected(lot.number()) && !self.held.contains(&lot.number())
    }

    fn is_rejected(&self, lot: u64) -> bool {
        self.rejections.iter().any(|(_, on)| on.contains(&lot))
    }
}

/// Nothing that leaves contains rejected or held material that nobody answered for, whatever was split,
/// blended, processed, reworked, held, lifted and rejected before, and in whatever order; and nothing else is
/// stopped.
#[test]
fn what_leaves_agrees_with_a_plain_search_over_seeded_genealogies() {
    for seed in [7, 2026, 4711] {
        let plant = Plant::new(World::new(areas(), authority::authorise));
        let material = free(&plant);
        let (lots, oracle) = walk(&plant, material, seed, "done");
        let mut told = BTreeSet::new();
        for lot in lots {
            let said = ship(&plant, lot, plant.customer, 1);
            if said == "done" || said.starts_with("gate-") {
                assert_eq!(said, oracle.leaves(lot), "seed {seed} at the end, {lot}");
                told.insert(said);
            }
        }
        assert!(told.len() >= 3, "the seed meets most answers: {told:?}");
        rows_agree(&plant.world);
    }
}

/// The same of a material with a specification: whatever is sound is released and leaves, and nothing that
/// was rejected, is held, or contains what was rejected does.
#[test]
fn what_is_released_agrees_with_a_plain_search_over_seeded_genealogies() {
    for seed in [11, 2027] {
        let plant = Plant::new(World::new(areas(), authority::authorise));
        let (lots, oracle) = walk(&plant, plant.material, seed, "gate-not-released");
        let mut told = BTreeSet::new();
        for (n, lot) in lots.into_iter().enumerate() {
            let sql = "SELECT mass_kg_wet FROM v_lot WHERE number = ?1 AND state = 'in-stock'";
            let read =
                |db: &mut store::Db| db.maybe(sql, params![lot.number()], |row| row.parse::<Decimal>(0));
            let left = plant.world.store.read(read).unwrap().unwrap_or_default();
            if left <= Decimal::from(4) {
                continue;
            }
            plant.measured(lot, &format!("S-{n}"), 2);
            let (release, leave) = match oracle.leaves(lot) {
                "gate-rejected" => ("lot-rejected", "gate-rejected"),
                "gate-held" => ("release-holds", "gate-held"),
                "gate-contains-rejected" => ("release-rejected", "gate-contains-rejected"),
                _ => ("done", "done"),
            };
            assert_eq!(released(&plant, lot), release, "seed {seed} {lot}");
            assert_eq!(ship(&plant, lot, plant.customer, 1), leave, "seed {seed} {lot}");
            told.insert(release);
        }
        assert!(told.len() >= 3, "the seed meets most answers: {told:?}");
        rows_agree(&plant.world);
    }
}

/// Random moves and decisions; every shipment and every use on the way is compared with the plain search.
/// What nothing speaks against is answered with `sound`.
fn walk(plant: &Plant, material: MaterialId, seed: u64, sound: &str) -> (Vec<LotId>, Oracle) {
    let mut state = seed;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut lots: Vec<LotId> = (0..5).map(|n| received(plant, material, &format!("R{n}"), 5000)).collect();
    let (mut rejected, mut holds) = (BTreeSet::new(), BTreeMap::new());
    for step in 0..90 {
        let (lot, other) = (lots[random(lots.len())], lots[random(lots.len())]);
        let held = holds.values().copied().collect();
        let oracle = Oracle::of(&plant.world, &rejected, &held);
        let outcome = match random(9) {
            0 | 1 => {
                let json =
                    format!(r#"{{"lot":"{lot}","outputs":[{{"code":"S{step}","mass_kg_wet":"50"}}]}}"#);
                asked(plant, "lot.split", &json)
            }
            2 | 3 if lot != other => {
                let json = format!(
                    r#"{{"inputs":[{{"lot":"{lot}","mass_kg_wet":"20"}},
                {{"lot":"{other}","mass_kg_wet":"20"}}],
                    "output":{{"code":"B{step}"}}}}"#
                );
                let outcome = asked(plant, "lot.blend", &json);
                used(&oracle, &[lot, other], &outcome);
                outcome
            }
            4 if step % 2 == 0 => {
                let json = format!(
                    r#"{{"inputs":[{{"lot":"{lot}","mass_kg_wet":"40"}}],"outputs":[{{"code":"P{step}",
                    "mass_kg_wet":"40"}}]}}"#
                );
                let outcome = asked(plant, "lot.process", &json);
                used(&oracle, &[lot], &outcome);
                outcome
            }
            4 => {
                let json = format!(
                    r#"{{"inputs":[{{"lot":"{lot}","mass_kg_wet":"30"}}],"outputs":[{{"code":"N{step}",
                    "mass_kg_wet":"30"}}],"reason":"again"}}"#
                );
                asked(plant, "lot.rework", &json)
            }
            5 if rejected.len() < 3 && step > 20 => {
                let json = format!(r#"{{"lot":"{lot}","reason":"step {step}"}}"#);
                let outcome = plant.give(0, "lot.reject", &json);
                if outcome.is_ok() {
                    rejected.insert(lot);
                }
                outcome
            }
            6 if holds.len() < 3 => {
                holds.insert(hold(plant, lot), lot);
                continue;
            }
            7 => {
                let Some((on, _)) = holds.pop_first() else { continue };
                plant.give(1, "hold.lift", &format!(r#"{{"hold":"{on}","reason":"fine"}}"#)).unwrap();
                continue;
            }
            _ => {
                let outcome = shipped(plant, lot, plant.customer, 5);
                let said = match &outcome {
                    Ok(_) => "done".to_owned(),
                    Err(Stop::Refused(refusal)) => refusal.code.clone(),
                    Err(Stop::Failed(error)) => panic!("{error}"),
                };
                if said == "done" || said.starts_with("gate-") {
                    let wanted = if oracle.leaves(lot) == "done" { sound } else { oracle.leaves(lot) };
                    assert_eq!(said, wanted, "seed {seed} step {step} {lot}");
                }
                outcome
            }
        };
        if let Ok(receipt) = &outcome {
            let new = made(receipt, &lots);
            lots.extend(new);
        }
    }
    let held = holds.values().copied().collect();
    (lots, Oracle::of(&plant.world, &rejected, &held))
}

/// What goes into a blend or a process that leads to product is neither held nor rejected, and only such is
/// stopped.
fn used(oracle: &Oracle, lots: &[LotId], outcome: &Result<Receipt, Stop>) {
    let open = lots.iter().all(|lot| oracle.blends(*lot));
    match outcome {
        Ok(_) => assert!(open, "{lots:?} went in"),
        Err(Stop::Refused(refusal)) if refusal.code.starts_with("gate-") => {
            assert!(!open, "{lots:?} {refusal:?}")
        }
        Err(_) => {}
    }
}

fn specified(plant: &Plant, party: Option<PartyId>, from: &str, until: Option<&str>) -> MaterialId {
    static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(1);
    let name = format!("P{}", NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
    let json = format!(r#"{{"code":"{name}","kind":"product","names":{{"en":"{name}","zh":"{name}"}}}}"#);
    let material: MaterialId = plant.work("material.define", &json).id().unwrap();
    let json = format!(
        r#"{{"code":"S-{name}","names":{{"en":"{name}","zh":"{name}"}},"material":"{material}","grade":"A"}}"#
    );
    let specification: kernel::SpecificationId =
        plant.give(0, "specification.define", &json).unwrap().id().unwrap();
    let party = party.map(|party| format!(r#","party":"{party}""#)).unwrap_or_default();
    let until = until.map(|until| format!(r#","in_force_until":"{until}""#)).unwrap_or_default();
    let json = format!(
        r#"{{"specification":"{specification}","edition":"1","in_force_from":"{from}"{until}{party},
        "items":[{{"analyte":"Cd","upper":"0.0005","unit":"%","basis":"dry"}}]}}"#
    );
    plant.give(0, "specification.issue_version", &json).unwrap();
    material
}

/// A specification that has lapsed, or is another customer's, still says that the lot is to be released.
#[test]
fn a_specification_that_lapsed_or_is_for_another_customer_lets_nothing_out() {
    everywhere(|plant| {
        let (customer, other) = (plant.customer, party(&plant, "OTHER", "customer"));
        let carrier = party(&plant, "CAR", "carrier");
        for (material, to) in [
            (specified(&plant, None, "2026-01-01T00:00:00Z", Some("2026-02-01T00:00:00Z")), customer),
            (specified(&plant, Some(customer), "2026-01-01T00:00:00Z", None), other),
            (specified(&plant, Some(customer), "2026-01-01T00:00:00Z", None), carrier),
        ] {
            let lot = received(&plant, material, &format!("L-{material}"), 1000);
            assert_eq!(ship(&plant, lot, to, 10), "gate-not-released", "{to}");
        }
        let coming = specified(&plant, None, "2026-06-01T00:00:00Z", None);
        let lot = received(&plant, coming, "L-C", 1000);
        assert_eq!(ship(&plant, lot, customer, 10), "done", "nothing asks for a release yet");
    });
}

/// A lot keeps its material when it is split or blended, and what was reworked or made of unreleased product
/// is released before it leaves, whatever it is called.
#[test]
fn another_name_lets_no_product_out() {
    everywhere(|plant| {
        let (free, customer) = (free(&plant), plant.customer);
        let (a, b) = (plant.lot("A"), plant.lot("B"));
        let renamed =
            format!(r#"{{"lot":"{a}","outputs":[{{"code":"S","mass_kg_wet":"10","material":"{free}"}}]}}"#);
        assert_eq!(code(asked(&plant, "lot.split", &renamed)), "lot-relabelled");
        let renamed = format!(
            r#"{{"inputs":[{{"lot":"{a}"}},{{"lot":"{b}"}}],"output":{{"code":"B-1","material":"{free}"}}}}"#
        );
        assert_eq!(code(asked(&plant, "lot.blend", &renamed)), "lot-relabelled");
        let process = |lot: LotId, name: &str| -> LotId {
            let json = format!(
                r#"{{"inputs":[{{"lot":"{lot}","mass_kg_wet":"100"}}],"outputs":[{{"code":"{name}",
                "material":"{free}","mass_kg_wet":"100","moisture_percent":"0.42"}}]}}"#
            );
            made(&asked(&plant, "lot.process", &json).unwrap(), &[lot])[0]
        };
        let made_of = process(a, "P-1");
        assert_eq!(ship(&plant, made_of, customer, 10), "gate-not-released");
        let piece = split(&plant, process(made_of, "P-2"), "P-2-A", 10);
        assert_eq!(
            ship(&plant, piece, customer, 5),
            "gate-not-released",
            "through two processes and a split"
        );
        plant.measured(b, "S-B", 2);
        assert_eq!(released(&plant, b), "done");
        assert_eq!(ship(&plant, process(b, "P-3"), customer, 10), "done", "of released product");
    });
}

/// Whatever fails later shuts the door again: rework, an override and a concession answer for what was known.
#[test]
fn what_comes_up_later_is_not_answered_for() {
    everywhere(|plant| {
        let customer = plant.customer;
        let (bad, good) = (plant.lot("A"), plant.lot("G"));
        let on = hold(&plant, bad);
        let new = rework(&plant, bad, "N").unwrap();
        plant.give(1, "hold.lift", &format!(r#"{{"hold":"{on}","reason":"fine"}}"#)).unwrap();
        plant.measured(new, "S-N", 2);
        assert_eq!([released(&plant, new), ship(&plant, new, customer, 10)], ["done", "done"]);
        reject(&plant, bad);
        assert_eq!(ship(&plant, new, customer, 10), "gate-held", "what was reworked of it before is told");
        lift(&plant, new);
        assert_eq!(ship(&plant, new, customer, 10), "gate-contains-rejected");
        let both = format!(
            r#"{{"inputs":[{{"lot":"{bad}","mass_kg_wet":"10"}},{{"lot":"{good}","mass_kg_wet":"10"}}],
            "outputs":[{{"code":"X","mass_kg_wet":"20"}}],"reason":"again"}}"#
        );
        assert_eq!(
            code(asked(&plant, "lot.rework", &both)),
            "gate-nothing-to-rework",
            "a blend by another name"
        );
        // A later result that does not conform holds the lot and all its papers.
        plant.measured(good, "S-G", 2);
        assert_eq!(released(&plant, good), "done");
        let issue = format!(r#"{{"lot":"{good}","customer":"{customer}"}}"#);
        plant.give(0, "certificate.issue", &issue).unwrap();
        plant.result(plant.sample(good, "S-G2"), "Cd", "0.01", None);
        assert_eq!(ship(&plant, good, customer, 10), "gate-held");
        lift(&plant, good);
        assert_eq!(ship(&plant, good, customer, 10), "gate-withdrawn");
        assert_eq!(code(plant.give(0, "certificate.issue", &issue)), "gate-withdrawn");
        rows_agree(&plant.world);
    });
}

/// More of a lot than was released, or another moisture, is looked at again; less of it is not.
#[test]
fn a_lot_that_grows_after_its_release_is_held() {
    everywhere(|plant| {
        let lot = plant.lot("L");
        plant.measured(lot, "S", 2);
        assert_eq!(released(&plant, lot), "done");
        let adjust = |kg: &str| {
            let actor = plant.world.actor(&[Role::Metallurgist]);
            let kind = plant.world.store.registry().commands["lot.adjust"];
            let command = (kind.parse)(&format!(r#"{{"lot":"{lot}","change_kg_wet":"{kg}"}}"#)).unwrap();
            let reason = Some("stock-take".to_owned());
            plant.world.store.request(store::Request { actor, command, reason, key: None }).unwrap();
        };
        adjust("-5");
        assert_eq!(ship(&plant, lot, plant.customer, 10), "done");
        adjust("5000000");
        assert_eq!(ship(&plant, lot, plant.customer, 10), "gate-held");
    });
}

/// A concession lets a lot out until it ends.
#[test]
fn a_concession_that_has_ended_lets_nothing_out() {
    everywhere(|plant| {
        let (lot, customer) = (plant.lot("L"), plant.customer);
        plant.measured(lot, "S", 3);
        let concede = format!(
            r#"{{"lot":"{lot}","specification_version":"{}","party":"{customer}","consent":"letter 7",
            "items":["Cd"],"valid_until":"2026-03-31T00:00:00Z","reason":"tolerated"}}"#,
            plant.version
        );
        plant.give(1, "lot.concede", &concede).unwrap();
        let release = format!(r#"{{"lot":"{lot}","customer":"{customer}"}}"#);
        assert_eq!(code(plant.give(0, "lot.release", &release)), "done");
        assert_eq!(ship(&plant, lot, customer, 10), "done");
        plant.world.clock.set("2026-03-31T00:00:00Z".parse().unwrap());
        assert_eq!(ship(&plant, lot, customer, 10), "gate-withdrawn");
        let issue = format!(r#"{{"lot":"{lot}","customer":"{customer}"}}"#);
        assert_eq!(code(plant.give(0, "certificate.issue", &issue)), "gate-withdrawn");
    });
}

/// A certificate that was taken back is not issued again upon the same release; nor one for what is not
/// there, or for more than there ever was.
#[test]
fn no_second_certificate_upon_a_withdrawn_one_and_none_for_what_is_not_there() {
    everywhere(|plant| {
        let (lot, customer) = (plant.lot("L"), plant.customer);
        plant.measured(lot, "S", 2);
        assert_eq!(released(&plant, lot), "done");
        let issue = |lot: LotId, more: &str| {
            let to = format!(r#"{{"lot":"{lot}","customer":"{customer}"{more}}}"#);
            code(plant.give(0, "certificate.issue", &to))
        };
        for more in [
            r#","net_kg":"-5""#,
            r#","net_kg":"0""#,
            r#","net_kg":"24000.1""#,
            r#","net_kg":"0.0000001""#,
            r#","gross_kg":"23000""#,
            r#","gross_kg":"24180000""#,
            r#","packages":0"#,
        ] {
            assert_eq!(issue(lot, more), "certificate-mass", "{more}");
        }
        let sql = "SELECT COUNT(*) FROM certificate";
        let count =
            || plant.world.store.read(|db| db.one("certificate", sql, &[], |row| row.number(0))).unwrap();
        assert_eq!(count(), 0);
        assert_eq!(issue(lot, r#","net_kg":"1000","gross_kg":"1010","packages":1"#), "done");
        let sql = "SELECT MAX(number) FROM certificate";
        let last = plant.world.store.read(|db| db.one("certificate", sql, &[], |row| row.number(0))).unwrap();
        let back =
            format!(r#"{{"certificate":"certificate-{last}","because":{{"en":"samples","zh":"样品"}}}}"#);
        plant.give(1, "certificate.withdraw", &back).unwrap();
        assert_eq!(issue(lot, ""), "gate-withdrawn");
        assert_eq!(ship(&plant, lot, customer, 10), "gate-withdrawn");
        assert_eq!(released(&plant, lot), "done", "decided again");
        assert_eq!([issue(lot, ""), ship(&plant, lot, customer, 10)], ["done", "done"]);
        let lost = plant.lot("M");
        plant.measured(lost, "S-M", 2);
        assert_eq!(released(&plant, lost), "done");
        let actor = plant.world.actor(&[Role::Metallurgist, Role::ShiftSupervisor]);
        let kind = plant.world.store.registry().commands["lot.lose"];
        let command = (kind.parse)(&format!(r#"{{"lot":"{lost}","mass_kg_wet":"23998"}}"#)).unwrap();
        let reason = Some("spilt".to_owned());
        plant.world.store.request(store::Request { actor, command, reason, key: None }).unwrap();
        assert_eq!(issue(lost, ""), "certificate-lot-not-there");
    });
}

/// What a part of a released lot says, it says of all of it; and the papers stay in doubt after the hold is
/// lifted.
#[test]
fn a_part_that_does_not_conform_holds_the_whole_and_its_certificate_stays_under_review() {
    everywhere(|plant| {
        let (lot, customer) = (plant.lot("L"), plant.customer);
        plant.measured(lot, "S", 2);
        assert_eq!(released(&plant, lot), "done");
        let issue = format!(r#"{{"lot":"{lot}","customer":"{customer}"}}"#);
        let certificate: kernel::CertificateId =
            plant.give(0, "certificate.issue", &issue).unwrap().id().unwrap();
        let (part, other) = (split(&plant, lot, "P", 100), split(&plant, lot, "Q", 100));
        plant.result(plant.sample(part, "S-P"), "Cd", "0.0004", None);
        assert_eq!(ship(&plant, other, customer, 10), "done", "it conforms");
        plant.result(plant.sample(part, "S-P2"), "Cd", "0.01", None);
        assert_eq!([lot, part, other].map(|lot| ship(&plant, lot, customer, 10)), ["gate-held"; 3]);
        let whole = plant.lot("W");
        plant.measured(whole, "S-W", 2);
        assert_eq!(released(&plant, whole), "done");
        let issue = format!(r#"{{"lot":"{whole}","customer":"{customer}"}}"#);
        let certified: kernel::CertificateId =
            plant.give(0, "certificate.issue", &issue).unwrap().id().unwrap();
        plant.result(plant.sample(whole, "S-W2"), "Cd", "0.01", None);
        lift(&plant, whole);
        let standing = |of| {
            let read = |db: &mut store::Db| quality::certificate::standing::by_id(db, of);
            plant.world.store.read(read).unwrap().unwrap().word()
        };
        assert_eq!([certificate, certified].map(standing), ["under-review"; 2]);
        let listed = |db: &mut store::Db| quality::certificate::with_standing(db, "under-review");
        assert_eq!(plant.world.store.read(listed).unwrap(), [certificate, certified], "the list says so too");
        let next = format!(r#"{{"certificate":"{certified}","because":{{"en":"x","zh":"某"}}}}"#);
        assert_eq!(code(plant.give(0, "certificate.supersede", &next)), "certificate-ground-gone");
    });
}

/// A lot is released for one customer, given to a carrier, and released for another: nobody is sent in a
/// circle.
#[test]
fn a_lot_of_one_customer_goes_by_carrier_and_is_released_for_another() {
    everywhere(|plant| {
        let (lot, customer) = (plant.lot("L"), plant.customer);
        let (other, carrier) = (party(&plant, "OTHER", "customer"), party(&plant, "CAR", "carrier"));
        plant.measured(lot, "S", 2);
        let release = |to: PartyId| {
            code(plant.give(0, "lot.release", &format!(r#"{{"lot":"{lot}","customer":"{to}"}}"#)))
        };
        assert_eq!([release(customer), release(customer)], ["done", "lot-already-released"]);
        assert_eq!(ship(&plant, lot, carrier, 100), "done");
        assert_eq!(ship(&plant, lot, other, 100), "gate-other-customer");
        assert_eq!([release(other), ship(&plant, lot, other, 100)], ["done", "done"]);
        let issue = format!(r#"{{"lot":"{lot}","customer":"{other}"}}"#);
        assert_eq!(code(plant.give(0, "certificate.issue", &issue)), "done");
    });
}

/// Both doors say the same of a piece: it ships and is certified upon the release of the lot it was split
/// off, in its own name and mass; and its papers fall with that release. Whatever stops it has a way out.
#[test]
fn a_piece_of_a_released_lot_is_certified_upon_its_release_and_falls_with_it() {
    everywhere(|plant| {
        let (lot, customer) = (plant.lot("L"), plant.customer);
        let results = plant.measured(lot, "S", 2);
        assert_eq!(released(&plant, lot), "done");
        let issue = |lot: LotId| {
            let json = format!(r#"{{"lot":"{lot}","customer":"{customer}"}}"#);
            plant.give(0, "certificate.issue", &json)
        };
        let piece = split(&plant, lot, "P", 100);
        let deeper = split(&plant, piece, "Q", 10);
        assert_eq!(released(&plant, piece), "lot-already-released", "with the lot it was split off");
        let papers: Vec<kernel::CertificateId> =
            [piece, deeper].map(|lot| issue(lot).unwrap().id().unwrap()).to_vec();
        for (of, code, kg) in [(papers[0], "P", "90"), (papers[1], "Q", "10")] {
            let store = &plant.world.store;
            let zip = quality::dossier(store, of).unwrap();
            let key = store.verifier().unwrap();
            let found = publish::dossier::verify(&zip, std::slice::from_ref(&key));
            let paper = found.unwrap_or_else(|wrong| panic!("{wrong}")).document;
            assert_eq!((paper.lot.code.as_str(), paper.lot.net_kg.as_str()), (code, kg));
            assert!(paper.items.iter().any(|item| item.result.text == "0.0003"));
            assert_eq!(paper.sampling.unwrap().samples, ["S"]);
            assert!(paper.remarks[0].en.contains("Split from lot L"), "{:?}", paper.remarks);
            assert!(paper.remarks[0].zh.contains("自批次 L 分出"), "{:?}", paper.remarks);
        }
        assert_eq!(ship(&plant, piece, customer, 10), "done");
        let whole = issue(lot).unwrap().id().unwrap();
        let standing = |of| {
            let read = |db: &mut store::Db| quality::certificate::standing::by_id(db, of);
            plant.world.store.read(read).unwrap().unwrap().word()
        };
        let all = [papers[0], papers[1], whole];
        assert_eq!(all.map(standing), ["current"; 3]);
        invalidate(&plant, results[0]);
        assert_eq!(all.map(standing), ["under-review"; 3]);
        assert_eq!(code(issue(piece)), "certificate-lot-held");
        lift(&plant, lot);
        assert_eq!(all.map(standing), ["under-review"; 3]);
        assert_eq!(
            [code(issue(piece)), ship(&plant, piece, customer, 10)],
            ["certificate-result-gone", "gate-withdrawn"]
        );
        // The way out: the piece is looked at by itself.
        assert_eq!(released(&plant, piece), "release-results");
        plant.measured(piece, "S-P", 2);
        assert_eq!(released(&plant, piece), "done");
        let own: kernel::CertificateId = issue(piece).unwrap().id().unwrap();
        assert_eq!((standing(own), ship(&plant, piece, customer, 10).as_str()), ("current", "done"));
        rows_agree(&plant.world);
    });
}

/// A piece split off before anybody released the lot is no piece of a released lot, and is released by
/// itself; so is one for a customer with an edition of their own.
#[test]
fn a_piece_that_inherits_no_release_has_one_way_out_and_it_works() {
    everywhere(|plant| {
        let (lot, customer) = (plant.lot("L"), plant.customer);
        let before = split(&plant, lot, "P", 100);
        plant.measured(lot, "S", 2);
        assert_eq!(released(&plant, lot), "done");
        let issue = |lot: LotId| {
            code(plant.give(0, "certificate.issue", &format!(r#"{{"lot":"{lot}","customer":"{customer}"}}"#)))
        };
        assert_eq!(issue(before), "certificate-lot-not-released");
        assert_eq!(ship(&plant, before, customer, 10), "gate-not-released");
        assert_eq!(released(&plant, before), "release-results");
        plant.measured(before, "S-P", 2);
        assert_eq!(
            [released(&plant, before), issue(before), ship(&plant, before, customer, 10)],
            ["done"; 3]
        );
        let theirs = plant.lot("M");
        plant.measured(theirs, "S-M", 2);
        let other = party(&plant, "OTHER", "customer");
        let release = |lot: LotId, to: PartyId| {
            code(plant.give(0, "lot.release", &format!(r#"{{"lot":"{lot}","customer":"{to}"}}"#)))
        };
        assert_eq!(release(theirs, other), "done");
        let piece = split(&plant, theirs, "N", 100);
        assert_eq!(
            [issue(piece), release(piece, customer)],
            ["certificate-other-customer", "release-results"]
        );
        plant.measured(piece, "S-N", 2);
        assert_eq!([release(piece, customer), issue(piece)], ["done"; 2]);
    });
}

/// What a piece leans on by the exceptions of its whole falls with their authorisation.
#[test]
fn the_exceptions_of_the_whole_are_grounds_of_the_certificate_of_a_piece() {
    everywhere(|plant| {
        let (lot, customer) = (plant.lot("L"), plant.customer);
        plant.measured(lot, "S", 3);
        let concede = format!(
            r#"{{"lot":"{lot}","specification_version":"{}","party":"{customer}","consent":"letter 7",
            "items":["Cd"],"valid_until":"2026-03-31T00:00:00Z","reason":"tolerated"}}"#,
            plant.version
        );
        plant.give(1, "lot.concede", &concede).unwrap();
        let release = format!(r#"{{"lot":"{lot}","customer":"{customer}"}}"#);
        assert_eq!(code(plant.give(0, "lot.release", &release)), "done");
        let piece = split(&plant, lot, "P", 100);
        let issue = |lot| format!(r#"{{"lot":"{lot}","customer":"{customer}"}}"#);
        let papers = [lot, piece].map(|lot| {
            plant.give(0, "certificate.issue", &issue(lot)).unwrap().id::<kernel::CertificateId>().unwrap()
        });
        let sql = "SELECT number FROM v_authorisation WHERE person = ?1 AND activity = 'release'";
        let conceder = plant.people_for("release")[1].number();
        let of = |db: &mut store::Db| db.one("grant", sql, params![conceder], |row| row.number(0));
        let grant = plant.world.store.read(of).unwrap();
        let json = format!(
            r#"{{"authorisation":"authorisation-{grant}","from":"2026-01-01T00:00:00Z","reason":"none"}}"#
        );
        let officer = plant.world.actor(&[Role::TalentOfficer]);
        plant::give(&plant.world, &officer, "authorisation.withdraw", &json).unwrap();
        let standing = |of| {
            let read = |db: &mut store::Db| quality::certificate::standing::by_id(db, of);
            plant.world.store.read(read).unwrap().unwrap().word()
        };
        assert_eq!(papers.map(standing), ["under-review"; 2]);
    });
}

/// A composite of samples of several lots that does not conform puts each of them in doubt, however deep it
/// was put together; one that conforms says nothing against any.
#[test]
fn a_composite_that_does_not_conform_holds_the_released_lots_in_it() {
    everywhere(|plant| {
        let customer = plant.customer;
        let certified = |name: &str| {
            let lot = plant.lot(name);
            plant.measured(lot, &format!("S-{name}"), 2);
            assert_eq!(released(&plant, lot), "done");
            let issue = format!(r#"{{"lot":"{lot}","customer":"{customer}"}}"#);
            let of: kernel::CertificateId = plant.give(0, "certificate.issue", &issue).unwrap().id().unwrap();
            (lot, of)
        };
        let [a, b, c, apart] = ["A", "B", "C", "D"].map(certified);
        let open = plant.lot("E");
        let composite = |code: &str, of: &[kernel::SampleId]| -> kernel::SampleId {
            let parts: Vec<String> =
                of.iter().map(|of| format!(r#"{{"sample":"{of}","mass_kg_wet":"0.5"}}"#)).collect();
            let json = format!(r#"{{"code":"{code}","parts":[{}]}}"#, parts.join(","));
            plant.work("sample.composite", &json).id().unwrap()
        };
        let piece = split(&plant, a.0, "A-1", 100);
        let taken = [(piece, "T-A"), (b.0, "T-B"), (c.0, "T-C"), (open, "T-E")]
            .map(|(lot, code)| plant.sample(lot, code));
        let two = composite("C-2", &taken[..2]);
        let all = composite("C-4", &[two, taken[2], taken[3]]);
        let standing = |of| {
            let read = |db: &mut store::Db| quality::certificate::standing::by_id(db, of);
            plant.world.store.read(read).unwrap().unwrap().word()
        };
        let stand = || [a, b, c, apart].map(|(lot, of)| (ship(&plant, lot, customer, 10), standing(of)));
        plant.result(two, "Cd", "0.0004", None);
        plant.result(all, "Pb", "4", None);
        let (fine, held) = (("done".to_owned(), "current"), ("gate-held".to_owned(), "under-review"));
        assert_eq!(stand(), [&fine, &fine, &fine, &fine].map(Clone::clone), "it conforms");
        plant.result(all, "Cd", "0.01", None);
        assert_eq!(stand(), [&held, &held, &held, &fine].map(Clone::clone));
        assert_eq!(ship(&plant, piece, customer, 10), "gate-held");
        lift(&plant, a.0);
        assert_eq!(ship(&plant, a.0, customer, 10), "gate-withdrawn", "it is decided on again");
        // Neither it nor a lot that was not released yet goes on as if nobody knew, until somebody answers.
        plant.measured(open, "S-E", 2);
        for lot in [a.0, open] {
            assert_eq!(released(&plant, lot), "release-plausibility");
            let answer = format!(
                r#"{{"lot":"{lot}","gate":"plausibility","reason":"it was lot B, found by its own sample",
                "valid_until":"2026-03-31T00:00:00Z"}}"#
            );
            plant.give(1, "gate.override", &answer).unwrap();
            assert_eq!([released(&plant, lot), ship(&plant, lot, customer, 10)], ["done"; 2]);
        }
        rows_agree(&plant.world);
    });
}

/// What a customer reads of a held lot is that it is held, and none of the house's reasons.
#[test]
fn a_revision_tells_a_customer_no_reason_that_was_written_for_the_house() {
    everywhere(|plant| {
        let (lot, customer) = (plant.lot("L"), plant.customer);
        let results = plant.measured(lot, "S", 2);
        assert_eq!(released(&plant, lot), "done");
        let issue = format!(r#"{{"lot":"{lot}","customer":"{customer}"}}"#);
        let mut last: kernel::CertificateId =
            plant.give(0, "certificate.issue", &issue).unwrap().id().unwrap();
        let hold = format!(r#"{{"lot":"{lot}","reason":"we mixed up the drums of another customer"}}"#);
        let by_hand = |plant: &Plant| drop(plant.give(0, "lot.hold", &hold).unwrap());
        let by_system = |plant: &Plant| invalidate(plant, results[0]);
        let doubts: [&dyn Fn(&Plant); 2] = [&by_hand, &by_system];
        for doubt in doubts {
            doubt(&plant);
            let revise = format!(r#"{{"certificate":"{last}","because":{{"en":"held","zh":"暂扣"}}}}"#);
            last = plant.give(0, "certificate.supersede", &revise).unwrap().id().unwrap();
            let sql = "SELECT document FROM certificate WHERE number = ?1";
            let read = |db: &mut store::Db| db.one(last, sql, params![last.number()], |row| row.text(0));
            let text = plant.world.store.read(read).unwrap();
            assert!(text.contains("The lot is on hold (hold-"), "{text}");
            for own in ["drums", "result.invalidated", "result-"] {
                let said = publish::certificate::CertificateDocument::parse(text.as_bytes()).unwrap();
                let said = format!("{:?} {:?}", said.disposition, said.remarks);
                assert!(!said.contains(own), "{own}: {said}");
            }
        }
    });
}

/// A revision states masses as carefully as a first issue does, and goes on saying what the lot weighed when
/// some of it, or all, has gone to its customer.
#[test]
fn a_revision_says_no_other_mass_than_the_lot_had() {
    everywhere(|plant| {
        let (lot, customer) = (plant.lot("L"), plant.customer);
        plant.measured(lot, "S", 2);
        assert_eq!(released(&plant, lot), "done");
        let issue = format!(r#"{{"lot":"{lot}","customer":"{customer}"}}"#);
        let mut last: kernel::CertificateId =
            plant.give(0, "certificate.issue", &issue).unwrap().id().unwrap();
        let revise = |last: kernel::CertificateId, more: &str| {
            let json = format!(r#"{{"certificate":"{last}","because":{{"en":"x","zh":"某"}}{more}}}"#);
            plant.give(0, "certificate.supersede", &json)
        };
        let paper = |of: kernel::CertificateId| {
            let sql = "SELECT document FROM certificate WHERE number = ?1";
            let read = |db: &mut store::Db| db.one(of, sql, params![of.number()], |row| row.text(0));
            let text = plant.world.store.read(read).unwrap();
            publish::certificate::CertificateDocument::parse(text.as_bytes()).unwrap().lot
        };
        assert_eq!((paper(last).net_kg.as_str(), paper(last).dry_kg.is_some()), ("23998", true));
        for more in [
            r#","net_kg":"-5""#,
            r#","net_kg":"0.0000001""#,
            r#","net_kg":"24000.1""#,
            r#","gross_kg":"23000""#,
            r#","packages":0"#,
        ] {
            assert_eq!(code(revise(last, more)), "certificate-mass", "{more}");
        }
        for (kg, dry) in [(0, true), (10_000, false), (13_998, false)] {
            if kg > 0 {
                assert_eq!(ship(&plant, lot, customer, kg), "done");
            }
            last = revise(last, "").unwrap().id().unwrap();
            let said = paper(last);
            assert_eq!((said.net_kg.as_str(), said.dry_kg.is_some()), ("23998", dry), "{kg} shipped");
        }
    });
}

/// What a toll treater gives back is followed to what was sent to it: holds, rejections, recalls and the need
/// of a release reach it, before it comes back and after.
#[test]
fn what_a_treater_gives_back_is_in_doubt_with_what_was_sent_to_it() {
    everywhere(|plant| {
        let (customer, treater) = (plant.customer, party(&plant, "TOLL", "treater"));
        let product = free(&plant);
        let sent = |code: &str| -> LotId {
            let lot = plant.lot(code);
            assert_eq!(ship(&plant, lot, treater, 24_000), "done");
            lot
        };
        let back = |code: &str, from: &[LotId]| {
            let from: Vec<String> = from.iter().map(|lot| format!("\"{lot}\"")).collect();
            let json = format!(
                r#"{{"code":"{code}","material":"{product}","from":"{treater}","made_from":[{}],
                "mass_kg_wet":"100","moisture_percent":"1"}}"#,
                from.join(",")
            );
            asked(&plant, "lot.receive", &json).map(|receipt| receipt.id::<LotId>().unwrap())
        };
        let at_home = plant.lot("H");
        assert_eq!(said(back("R-0", &[at_home])), "lot-not-sent");
        let unreleased = back("R-1", &[sent("A")]).unwrap();
        assert_eq!(ship(&plant, unreleased, customer, 10), "gate-not-released", "of unreleased product");
        let good = |code: &str| {
            let lot = plant.lot(code);
            plant.measured(lot, &format!("S-{code}"), 2);
            assert_eq!(released(&plant, lot), "done");
            assert_eq!(ship(&plant, lot, treater, 1000), "done");
            let sql = "SELECT MAX(target) FROM v_lot_flow WHERE source = ?1";
            let read = |db: &mut store::Db| db.one("part", sql, params![lot.number()], |row| row.number(0));
            (lot, LotId(plant.world.store.read(read).unwrap()))
        };
        let [(b, b_part), (c, c_part), (d, d_part)] = ["B", "C", "D"].map(good);
        let two = back("R-2", &[b_part, c_part]).unwrap();
        assert_eq!(ship(&plant, two, customer, 10), "done");
        hold(&plant, b);
        assert_eq!(ship(&plant, two, customer, 10), "gate-held", "what was sent is held later");
        lift(&plant, b);
        reject(&plant, c);
        assert_eq!(ship(&plant, two, customer, 10), "gate-contains-rejected");
        hold(&plant, d);
        let late = back("R-3", &[d_part]).unwrap();
        assert_eq!(ship(&plant, late, customer, 10), "gate-held", "it was held when it came back");
        let recalled = plant.world.store.read(|db| quality::recall::recall(db, c.into(), &[])).unwrap();
        let recalled = recalled.unwrap();
        assert!(recalled.told.iter().any(|told| told.party == customer), "{recalled:?}");
        assert!(recalled.left.iter().any(|left| left.lot == two), "{recalled:?}");
        rows_agree(&plant.world);
    });
}

/// A release says nothing of a part whose moisture makes other figures of the same results, whether it was
/// split off so or dried later; where no figure depends on moisture, it does.
#[test]
fn a_piece_of_another_moisture_is_not_certified_with_the_figures_of_its_whole() {
    everywhere(|plant| {
        let (lot, customer) = (plant.lot("L"), plant.customer);
        plant.measured(lot, "S", 2);
        let received = plant.material;
        let json = format!(
            r#"{{"code":"S-AR","names":{{"en":"as received","zh":"收到基"}},"material":"{received}",
            "grade":"A"}}"#
        );
        let own: kernel::SpecificationId =
            plant.give(0, "specification.define", &json).unwrap().id().unwrap();
        let json = format!(
            r#"{{"specification":"{own}","edition":"1","in_force_from":"2026-01-01T00:00:00Z",
            "party":"{customer}",
            "items":[{{"analyte":"Mn","lower":"10","unit":"%","basis":"as_received"}}]}}"#
        );
        plant.give(0, "specification.issue_version", &json).unwrap();
        let release = |lot: LotId| {
            code(plant.give(0, "lot.release", &format!(r#"{{"lot":"{lot}","customer":"{customer}"}}"#)))
        };
        assert_eq!(release(lot), "done");
        let issue = |lot: LotId| {
            let json = format!(r#"{{"lot":"{lot}","customer":"{customer}"}}"#);
            plant.give(0, "certificate.issue", &json)
        };
        let json = format!(
            r#"{{"lot":"{lot}","outputs":[
            {{"code":"P-1","mass_kg_wet":"100","mass_kg_dry":"99"}},
            {{"code":"P-2","mass_kg_wet":"100","mass_kg_dry":"100"}},
            {{"code":"P-3","mass_kg_wet":"100"}}],"tolerance_kg":"1"}}"#
        );
        let pieces = made(&plant.work("lot.split", &json), &[lot]);
        assert_eq!(code(issue(pieces[0])), "gate-withdrawn");
        assert_eq!(ship(&plant, pieces[0], customer, 10), "gate-withdrawn");
        let paper: kernel::CertificateId = issue(pieces[2]).unwrap().id().unwrap();
        assert_eq!(ship(&plant, pieces[2], customer, 10), "done");
        let adjust = |lot: LotId, kg: &str| {
            let actor = plant.world.actor(&[Role::Metallurgist]);
            let kind = plant.world.store.registry().commands["lot.adjust"];
            let json = format!(r#"{{"lot":"{lot}","change_kg_wet":"{kg}","change_kg_dry":"0"}}"#);
            let reason = Some("dried".to_owned());
            let command = (kind.parse)(&json).unwrap();
            plant.world.store.request(store::Request { actor, command, reason, key: None }).unwrap();
        };
        adjust(pieces[2], "30");
        assert_eq!(ship(&plant, pieces[2], customer, 10), "gate-held");
        assert_eq!(ship(&plant, lot, customer, 10), "done", "of the whole it says nothing");
        lift(&plant, pieces[2]);
        let revise = format!(r#"{{"certificate":"{paper}","because":{{"en":"x","zh":"某"}}}}"#);
        let said = code(plant.give(0, "certificate.supersede", &revise));
        assert_eq!(said, "certificate-lot-not-released", "its figures are another lot's by now");
        plant.measured(pieces[2], "S-P3", 2);
        assert_eq!([release(pieces[2]), ship(&plant, pieces[2], customer, 10)], ["done"; 2]);
        rows_agree(&plant.world);
    });
}

/// A certificate of one piece that is taken back shuts the doors for that piece, not for its siblings.
#[test]
fn a_withdrawn_certificate_of_one_piece_says_nothing_of_another() {
    everywhere(|plant| {
        let (lot, customer) = (plant.lot("L"), plant.customer);
        plant.measured(lot, "S", 2);
        assert_eq!(released(&plant, lot), "done");
        let [one, other] = ["P", "Q"].map(|name| split(&plant, lot, name, 100));
        let issue = |lot: LotId| {
            let json = format!(r#"{{"lot":"{lot}","customer":"{customer}"}}"#);
            plant.give(0, "certificate.issue", &json)
        };
        let paper: kernel::CertificateId = issue(one).unwrap().id().unwrap();
        let back = |of| format!(r#"{{"certificate":"{of}","because":{{"en":"x","zh":"某"}}}}"#);
        plant.give(1, "certificate.withdraw", &back(paper)).unwrap();
        assert_eq!([code(issue(one)), ship(&plant, one, customer, 10)], ["gate-withdrawn"; 2]);
        assert_eq!([code(issue(other)), ship(&plant, lot, customer, 10)], ["done"; 2]);
        let whole: kernel::CertificateId = issue(lot).unwrap().id().unwrap();
        plant.give(1, "certificate.withdraw", &back(whole)).unwrap();
        assert_eq!([code(issue(other)), ship(&plant, lot, customer, 10)], ["gate-withdrawn"; 2]);
    });
}
