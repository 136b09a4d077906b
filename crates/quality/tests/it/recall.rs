//! Who must be told: which customers received how much, by share through blends, with their certificates.

use std::collections::BTreeMap;

use kernel::{HoldId, LotId, PartyId, Ref};
use measure::Decimal;
use quality::recall::{Recall, recall};
use store::params;
use testkit::World;

use crate::gate::{free, received};
use crate::plant::{Plant, areas};
use crate::{everywhere, released, rows_agree};

fn of(plant: &Plant, record: impl Into<Ref>) -> Recall {
    let record = record.into();
    plant.world.store.read(|db| recall(db, record, &[])).unwrap().unwrap()
}

fn kg(number: i64) -> Decimal {
    number.into()
}

/// Fault 15: neither impact, trace nor the page of the hold named a customer.
#[test]
fn a_recall_names_the_customers_the_masses_by_share_and_the_certificates() {
    everywhere(|plant| {
        let receive = |name: &str| -> LotId {
            let json = format!(
                r#"{{"code":"{name}","material":"{}","mass_kg_wet":"1000","moisture_percent":"0"}}"#,
                plant.material
            );
            plant.work("lot.receive", &json).id().unwrap()
        };
        let (s0, s1) = (receive("S0"), receive("S1"));
        let json = format!(
            r#"{{"inputs":[{{"lot":"{s0}","mass_kg_wet":"300"}},{{"lot":"{s1}","mass_kg_wet":"700"}}],
            "output":{{"code":"B"}}}}"#
        );
        let made = plant.work("lot.blend", &json).subjects;
        let blend =
            made.iter().filter_map(|of| LotId::try_from(*of).ok()).find(|of| *of != s0 && *of != s1).unwrap();
        plant.measured(blend, "S-B", 2);
        assert_eq!(released(&plant, blend), "done");
        let second: PartyId = plant
            .work("party.register", r#"{"code":"CUS2","kind":"customer","names":{"en":"Two","zh":"二号"}}"#)
            .id()
            .unwrap();
        let issue = format!(r#"{{"lot":"{blend}","customer":"{}"}}"#, plant.customer);
        plant.give(0, "certificate.issue", &issue).unwrap();
        for (to, kg) in [(plant.customer, 400), (second, 100)] {
            let json = format!(r#"{{"lot":"{blend}","to":"{to}","mass_kg_wet":"{kg}"}}"#);
            plant.work("lot.ship", &json);
        }
        let hold = format!(r#"{{"lot":"{s0}","reason":"contaminated feed"}}"#);
        let hold: HoldId = plant.give(0, "lot.hold", &hold).unwrap().id().unwrap();
        for found in [of(&plant, s0), of(&plant, hold)] {
            let told: Vec<_> =
                found.told.iter().map(|told| (told.party, told.received_kg_wet, told.of_it_kg_wet)).collect();
            assert_eq!(told, [(plant.customer, kg(400), Some(kg(120))), (second, kg(100), Some(kg(30)))]);
            let papers: Vec<&str> =
                found.told[0].certificates.iter().map(|paper| paper.number.as_str()).collect();
            assert_eq!((papers, found.told[1].certificates.len()), (vec!["C-2026-0001"], 0));
            assert_eq!(found.told[0].deliveries[0].share, Some(Decimal::new(3, 1)));
            let left: Vec<_> = found.left.iter().map(|left| (left.lot, left.kg_wet, left.share)).collect();
            // Two kilograms of the blend are in the sample.
            assert_eq!(left, [(s0, kg(700), Some(kg(1))), (blend, kg(498), Some(Decimal::new(3, 1)))]);
            assert_eq!(found.lots, 4);
        }
        let one = of(&plant, found_lot(&plant, second));
        assert_eq!((one.told.len(), one.left.len()), (1, 0), "of what left, only whoever received it");
        rows_agree(&plant.world);
    });
}

fn found_lot(plant: &Plant, to: PartyId) -> LotId {
    let sql = "SELECT number FROM v_lot WHERE shipped_to = ?1";
    let read = |db: &mut store::Db| db.one(to, sql, params![to.number()], |row| Ok(LotId(row.number(0)?)));
    plant.world.store.read(read).unwrap()
}

/// Every way of material, one by one: what a recall must add up to.
fn share(flows: &BTreeMap<u64, Vec<(u64, Decimal)>>, lot: u64, root: u64) -> Decimal {
    if lot == root {
        return Decimal::ONE;
    }
    let from = flows.get(&lot).map(Vec::as_slice).unwrap_or_default();
    from.iter().map(|(source, part)| part * share(flows, *source, root)).sum()
}

#[test]
fn recalls_agree_with_the_sum_over_every_way_on_seeded_plants() {
    for seed in [3, 2026] {
        let plant = Plant::new(World::new(areas(), authority::authorise));
        let (lots, customers) = grown(&plant, seed);
        let sql = "SELECT source, target, share FROM v_lot_flow";
        let mut flows: BTreeMap<u64, Vec<(u64, Decimal)>> = BTreeMap::new();
        let each = |db: &mut store::Db| {
            db.each(sql, &[], |row| {
                flows.entry(row.number(1)?).or_default().push((row.number(0)?, row.parse(2)?));
                Ok(())
            })
        };
        plant.world.store.read(each).unwrap();
        let sql = "SELECT number, shipped_to, net_kg_wet, state FROM v_lot";
        let read = |db: &mut store::Db| {
            db.query(sql, &[], |row| {
                Ok((row.number(0)?, row.opt_number(1)?.map(PartyId), row.parse::<Decimal>(2)?, row.text(3)?))
            })
        };
        let all = plant.world.store.read(read).unwrap();
        let mut some = 0;
        for root in lots {
            let found = of(&plant, root);
            let (mut sent, mut left) = (BTreeMap::new(), BTreeMap::new());
            for (lot, to, kg, state) in &all {
                let share = share(&flows, *lot, root.number());
                if share.is_zero() {
                    continue;
                }
                match to {
                    Some(to) => *sent.entry(*to).or_insert(Decimal::ZERO) += kg * share,
                    None if state == "in-stock" => {
                        left.insert(LotId(*lot), kg * share);
                    }
                    None => {}
                }
            }
            let near = |a: Decimal, b: Decimal| (a - b).abs() < Decimal::new(1, 4);
            assert_eq!(found.told.len(), sent.len(), "{root}");
            for told in &found.told {
                assert!(near(told.of_it_kg_wet.unwrap(), sent[&told.party]), "{root} {told:?} {sent:?}");
                assert!(customers.contains(&told.party));
                some += 1;
            }
            assert_eq!(found.left.len(), left.len(), "{root}");
            for one in &found.left {
                assert!(near(one.of_it_kg_wet.unwrap(), left[&one.lot]), "{root} {one:?}");
            }
        }
        assert!(some > 10, "the seed ships");
    }
}

/// Lots split, blended, processed and shipped to three customers.
fn grown(plant: &Plant, seed: u64) -> (Vec<LotId>, Vec<PartyId>) {
    let mut state = seed;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let material = free(plant);
    let customers: Vec<PartyId> = (0..3)
        .map(|n| {
            let json = format!(r#"{{"code":"C{n}","kind":"customer","names":{{"en":"C{n}","zh":"C{n}"}}}}"#);
            plant.work("party.register", &json).id().unwrap()
        })
        .collect();
    let mut lots: Vec<LotId> = (0..4).map(|n| received(plant, material, &format!("R{n}"), 3000)).collect();
    for step in 0..70 {
        let (lot, other) = (lots[random(lots.len())], lots[random(lots.len())]);
        let (a, b) = (10 + random(90), 10 + random(90));
        let (name, json) = match random(5) {
            0 => (
                "lot.split",
                format!(r#"{{"lot":"{lot}","outputs":[{{"code":"S{step}","mass_kg_wet":"{a}"}}]}}"#),
            ),
            1 | 2 if lot != other => (
                "lot.blend",
                format!(
                    r#"{{"inputs":[{{"lot":"{lot}","mass_kg_wet":"{a}"}},
                {{"lot":"{other}","mass_kg_wet":"{b}"}}],
                    "output":{{"code":"B{step}"}}}}"#
                ),
            ),
            3 => (
                "lot.process",
                format!(
                    r#"{{"inputs":[{{"lot":"{lot}","mass_kg_wet":"{a}"}}],"loss_kg_dry":"1",
                    "outputs":[{{"code":"P{step}","mass_kg_dry":"{}","moisture_percent":"0"}}]}}"#,
                    a - 1
                ),
            ),
            _ => (
                "lot.ship",
                format!(r#"{{"lot":"{lot}","to":"{}","mass_kg_wet":"{a}"}}"#, customers[random(3)]),
            ),
        };
        let roles = [kernel::Role::Metallurgist, kernel::Role::Receiver];
        let Ok(made) = crate::plant::give(&plant.world, &plant.world.actor(&roles), name, &json) else {
            continue;
        };
        let new = made.subjects.iter().filter_map(|of| LotId::try_from(*of).ok());
        let new: Vec<LotId> = new.filter(|of| !lots.contains(of)).collect();
        lots.extend(new);
    }
    (lots, customers)
}
