//! Materials on a real store, on both databases.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // a test that cannot be set up has failed

use std::collections::BTreeMap;

use kernel::{Act, Actor, AuthorisationId, Instant, LotId, MaterialId, MoveId, PartyId, Ref, Role, SampleId};
use materials::lot::balance::float;
use materials::quantity::Masses;
use measure::Decimal;
use proptest::prelude::*;
use store::{Area, Db, Receipt, Request, Stop, StoreError};
use testkit::World;

/// Anybody may sample anything: authorisations are the authority's tests.
fn authorise(_: &mut Db, _: &Actor, acts: &[Act], _: Instant) -> Result<Vec<AuthorisationId>, Stop> {
    Ok(acts.iter().map(|act| AuthorisationId(act.scope.map_or(0, |scope| scope.number))).collect())
}

fn areas() -> Vec<Area> {
    vec![authority::AREA, materials::AREA]
}

/// Gives a command as JSON, the way every face does.
fn give(world: &World, name: &str, json: &str, reason: Option<&str>) -> Result<Receipt, Stop> {
    let kind = world.store.registry().commands[name];
    let command = (kind.parse)(json).unwrap_or_else(|error| panic!("{name} {json}: {error:?}"));
    let roles = [Role::Metallurgist, Role::Receiver, Role::QualityManager, Role::ShiftSupervisor];
    let request = Request { actor: world.actor(&roles), command, reason: None, key: None };
    world.store.request(request.because(reason.unwrap_or_default()))
}

fn done(world: &World, name: &str, json: &str) -> Receipt {
    give(world, name, json, Some("test")).unwrap_or_else(|stop| panic!("{name} {json}: {stop:?}"))
}

fn refused(world: &World, name: &str, json: &str) -> (String, BTreeMap<String, String>) {
    match give(world, name, json, Some("test")) {
        Err(Stop::Refused(refusal)) => (refusal.code, refusal.args),
        other => panic!("{name} {json} was not refused: {other:?}"),
    }
}

fn base(world: &World) -> (MaterialId, PartyId) {
    let json = r#"{"code":"ORE","names":{"en":"Ore","zh":"原矿"},"kind":"ore"}"#;
    let material = done(world, "material.define", json).id().unwrap();
    let json = r#"{"code":"MINE","names":{"en":"Mine","zh":"矿山"},"kind":"supplier"}"#;
    (material, done(world, "party.register", json).id().unwrap())
}

fn receive(world: &World, material: MaterialId, code: &str, wet: &str, moisture: &str) -> LotId {
    let json = format!(
        r#"{{"code":"{code}","material":"{material}","mass_kg_wet":"{wet}","moisture_percent":"{moisture}"}}"#
    );
    done(world, "lot.receive", &json).id().unwrap()
}

/// State, wet mass and dry mass of a lot, as the view says.
fn lot(world: &World, lot: LotId) -> (String, Masses) {
    let sql = "SELECT state, mass_kg_wet, mass_kg_dry FROM v_lot WHERE number = ?1";
    let read = |db: &mut Db| {
        db.one(lot, sql, store::params![lot.number()], |row| {
            Ok((row.text(0)?, Masses { kg_wet: row.parse(1)?, kg_dry: row.parse(2)? }))
        })
    };
    world.store.read(read).unwrap()
}

fn kg(wet: &str, dry: &str) -> Masses {
    Masses { kg_wet: wet.parse().unwrap(), kg_dry: dry.parse().unwrap() }
}

fn verified(world: &World) {
    let report = store::verify(&world.store, true).unwrap_or_else(|wrong| panic!("{wrong}"));
    assert!(report.rows > 0);
}

#[test]
fn a_lot_is_received_split_blended_processed_sampled_and_shipped() {
    testkit::each_database(areas, authorise, |world| {
        let (ore, mine) = base(&world);
        let json = format!(
            r#"{{"code":"A","material":"{ore}","from":"{mine}","mass_kg_wet":"100","mass_kg_dry":"90",
            "custody":"identity-preserved","produced_on":"2026-03-01","packages":"4"}}"#
        );
        let a: LotId = done(&world, "lot.receive", &json).id().unwrap();
        let b = receive(&world, ore, "B", "50", "10");
        let split = format!(
            r#"{{"lot":"{a}","outputs":[{{"code":"A1","mass_kg_wet":"30"}},
            {{"code":"A2","mass_kg_wet":"70"}}]}}"#
        );
        let split = done(&world, "lot.split", &split);
        assert_eq!(split.subjects[0], Ref::from(a), "the record that was changed comes first");
        let made: Vec<LotId> =
            split.subjects[1..].iter().filter_map(|record| LotId::try_from(*record).ok()).collect();
        assert_eq!(lot(&world, a), ("consumed".into(), kg("0", "0")));
        let blend = format!(
            r#"{{"inputs":[{{"lot":"{}"}},{{"lot":"{b}","mass_kg_wet":"20"}}],"output":{{"code":"BL"}}}}"#,
            made[1]
        );
        let blend: LotId = done(&world, "lot.blend", &blend).id().unwrap();
        assert_eq!(lot(&world, blend), ("in-stock".into(), kg("90", "81")));
        let process = format!(
            r#"{{"inputs":[{{"lot":"{blend}"}}],"outputs":[
            {{"code":"P","mass_kg_dry":"60","moisture_percent":"20"}},
            {{"code":"T","mass_kg_dry":"20","moisture_percent":"0"}}],
            "loss_kg_dry":"1","water_kg":"6","stage":"leaching"}}"#
        );
        let product: LotId = done(&world, "lot.process", &process).id().unwrap();
        let sample =
            format!(r#"{{"lot":"{product}","code":"DU-0001","mass_kg_wet":"1","plan":"GB/T 10322.1"}}"#);
        let sample: SampleId = done(&world, "lot.sample", &sample).id().unwrap();
        let by_code = |db: &mut Db| materials::sample_by_code(db, "DU-0001");
        assert_eq!(world.store.read(by_code).unwrap(), Some(sample));
        assert_eq!(lot(&world, product).1, kg("74", "59.2"));
        let ship = format!(r#"{{"lot":"{product}","to":"{mine}","mass_kg_wet":"24"}}"#);
        let part: LotId = done(&world, "lot.ship", &ship).id().unwrap();
        assert_eq!((lot(&world, part).0.as_str(), lot(&world, product).1), ("shipped", kg("50", "40")));
        let sql = "SELECT net_kg_wet, shipped_to, packages FROM v_lot WHERE number = ?1";
        let net = |db: &mut Db| {
            db.one("", sql, store::params![part.number()], |row| Ok((row.text(0)?, row.opt_number(1)?)))
        };
        assert_eq!(world.store.read(net).unwrap(), ("24".to_owned(), Some(mine.number())));
        let share = world.store.thread(|thread| {
            let trace = thread.graph().trace(&mut thread::Walker::new(), part.number(), None);
            trace.ancestors.iter().find(|ancestor| ancestor.node == a.number()).map(|found| found.share)
        });
        assert!((share.unwrap().unwrap() - 63.0 / 81.0).abs() < 1e-9, "70 of 90 kg came from A");
        let found = world.store.read(|db| store::search(db, "DU-0001", 5)).unwrap();
        assert_eq!(found, [(Ref::from(sample), "DU-0001".to_owned())]);
        verified(&world);
    });
}

#[test]
fn what_does_not_balance_is_refused_with_the_difference_and_changes_nothing() {
    testkit::each_database(areas, authorise, |world| {
        let (ore, _) = base(&world);
        let a = receive(&world, ore, "A", "100", "10");
        let said = |name: &str, json: String, code: &str, difference: &str| {
            let (found, args) = refused(&world, name, &json);
            let gap = args.get("difference").cloned().unwrap_or_default();
            assert_eq!((found.as_str(), gap.as_str()), (code, difference), "{name} {json}");
        };
        let out = |mass: &str| format!(r#"{{"inputs":[{{"lot":"{a}"}}],"outputs":[{{"code":"P",{mass}}}]}}"#);
        said("lot.process", out(r#""mass_kg_dry":"89","moisture_percent":"0""#), "lot-mass-imbalance", "1");
        said("lot.process", out(r#""mass_kg_dry":"90","moisture_percent":"0""#), "lot-mass-imbalance", "10");
        let split = format!(r#"{{"lot":"{a}","outputs":[{{"code":"S","mass_kg_wet":"100.5"}}]}}"#);
        said("lot.split", split, "lot-mass-short", "0.5");
        said("lot.sample", format!(r#"{{"lot":"{a}","mass_kg_wet":"101"}}"#), "lot-mass-short", "1");
        said("lot.lose", format!(r#"{{"lot":"{a}","mass_kg_wet":"200"}}"#), "lot-mass-short", "100");
        let twice = format!(r#"{{"code":"A","material":"{ore}","mass_kg_wet":"1","moisture_percent":"1"}}"#);
        said("lot.receive", twice, "materials-code-taken", "");
        let unknown = r#"{"lot":"lot-999999","outputs":[{"code":"X","mass_kg_wet":"1"}]}"#;
        said("lot.split", unknown.to_owned(), "materials-unknown", "");
        let quiet = give(&world, "lot.lose", &format!(r#"{{"lot":"{a}"}}"#), None);
        assert!(matches!(quiet, Err(Stop::Refused(refusal)) if refusal.code == "lot-no-reason"));
        assert_eq!(lot(&world, a), ("in-stock".into(), kg("100", "90")));
        verified(&world);
    });
}

#[test]
fn a_customers_sample_needs_no_lot_and_a_composite_is_the_sum_of_its_parts() {
    testkit::each_database(areas, authorise, |world| {
        let (ore, mine) = base(&world);
        let a = receive(&world, ore, "A", "100", "10");
        let json = format!(r#"{{"code":"BOG651","from":"{mine}","mass_kg_wet":"0.850"}}"#);
        let outside: SampleId = done(&world, "sample.receive", &json).id().unwrap();
        let taken = |code: &str, mass: &str| -> SampleId {
            let json = format!(r#"{{"lot":"{a}","code":"{code}","mass_kg_wet":"{mass}"}}"#);
            done(&world, "lot.sample", &json).id().unwrap()
        };
        let (one, two) = (taken("S1", "2"), taken("S2", "4"));
        let json = format!(
            r#"{{"code":"C1","parts":[{{"sample":"{one}"}},{{"sample":"{two}","mass_kg_wet":"1"}}]}}"#
        );
        let composite: SampleId = done(&world, "sample.composite", &json).id().unwrap();
        let sql = "SELECT lot, mass_kg_wet, from_outside FROM v_sample WHERE number = ?1";
        let row = |sample: SampleId| {
            let read = |db: &mut Db| {
                db.one(sample, sql, store::params![sample.number()], |row| {
                    Ok((row.opt_number(0)?, row.text(1)?, row.flag(2)?))
                })
            };
            world.store.read(read).unwrap()
        };
        assert_eq!(row(composite), (Some(a.number()), "3".to_owned(), false));
        assert_eq!(row(outside), (None, "0.850".to_owned(), true));
        assert_eq!(row(one).1, "0");
        assert_eq!(refused(&world, "sample.composite", &json.replace("C1", "C2")).0, "sample-mass-short");
        let unweighed = format!(r#"{{"parts":[{{"sample":"{outside}"}}]}}"#);
        assert_eq!(refused(&world, "sample.composite", &unweighed).0, "sample-not-weighed");
        let label = world.store.read(|db| materials::label(db, one)).unwrap().unwrap();
        assert_eq!((label.code.as_str(), label.name_zh.as_str()), ("S1", "原矿"));
        assert_eq!(label.note, "A · 2026-03-02");
        verified(&world);
    });
}

#[test]
fn every_statement_and_list_runs_on_both_databases() {
    testkit::each_database(areas, authorise, |world| {
        let prepare = |db: &mut Db| {
            (materials::AREA.statements)()
                .iter()
                .try_for_each(|(name, sql)| db.prepare(sql).map_err(|why| StoreError::stored(*name, why)))
        };
        world.store.read(prepare).unwrap();
        let (ore, mine) = base(&world);
        let a = receive(&world, ore, "A-50%", "100", "10");
        done(&world, "lot.sample", &format!(r#"{{"lot":"{a}","mass_kg_wet":"2"}}"#));
        let queries: [&[(&str, &str)]; 4] = [
            &[],
            &[("q", "a-50%"), ("sort", "-mass_kg_wet")],
            &[("state", "in-stock"), ("sort", "code"), ("custody", "mass-balance")],
            &[("material", "material-999"), ("kind", "nothing")],
        ];
        let words = words(ui::Lang::Zh);
        let actor = world.actor(&[Role::Metallurgist, Role::Receiver]);
        for listing in (materials::SITE.listings)() {
            let counts: Vec<usize> = queries
                .iter()
                .map(|pairs| {
                    let query = ui::kit::query::TableQuery::from_pairs(listing.path, pairs.iter().copied());
                    visit(&world, &words, &actor, &[], |visit| {
                        let table = (listing.fetch)(visit, &query).unwrap();
                        assert!(!table.render(visit.words).into_string().contains('⟦'));
                        table.total
                    })
                })
                .collect();
            assert!(counts[0] > 0, "{}", listing.name);
            if listing.name == "lots" {
                assert_eq!(counts, [1, 1, 1, 0]);
            }
        }
        let today = visit(&world, &words, &actor, &[], |visit| (materials::SITE.today)(visit).unwrap());
        assert!(today.is_empty());
        let move_page =
            ("move", Ref { kind: kernel::Kind::Move, number: first_move(&world).number() }.to_string());
        let shown =
            [("lot", a.to_string()), move_page, ("material", ore.to_string()), ("party", mine.to_string())];
        for page in (materials::SITE.pages)() {
            let Some((key, id)) = shown.iter().find(|(key, _)| page.path.ends_with(&format!("{{{key}}}")))
            else {
                continue;
            };
            let body = visit(&world, &words, &actor, &[(key, id)], |visit| (page.show)(visit).unwrap().body);
            assert!(!body.into_string().contains('⟦'), "{}", page.path);
        }
    });
}

fn first_move(world: &World) -> MoveId {
    let read = |db: &mut Db| db.one("a move", "SELECT MIN(number) FROM v_move", &[], |row| row.number(0));
    MoveId(world.store.read(read).unwrap())
}

fn words(lang: ui::Lang) -> ui::Words {
    let shared = (include_str!("../../site/text/en.ftl"), include_str!("../../site/text/zh.ftl"));
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    ui::Catalogue::new(&[materials::SITE.text, shared]).unwrap().words(lang, zone)
}

fn visit<T>(
    world: &World,
    words: &ui::Words,
    actor: &Actor,
    path: &[(&str, &str)],
    look: impl FnOnce(&mut site::Visit<'_>) -> T,
) -> T {
    let own = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    let read = |db: &mut Db| {
        Ok(look(&mut site::Visit {
            store: &world.store,
            db,
            sites: &[],
            words,
            actor,
            csrf: "token",
            now: world.store.now(),
            here: "/here".into(),
            path: path.iter().map(own).collect(),
            query: BTreeMap::new(),
            key: "key".into(),
        }))
    };
    world.store.read(read).unwrap()
}

#[test]
fn both_languages_say_everything_and_every_sample_page_renders() {
    let shared = (include_str!("../../site/text/en.ftl"), include_str!("../../site/text/zh.ftl"));
    let problems = ui::Catalogue::new(&[materials::SITE.text, shared]).unwrap().problems();
    assert!(problems.is_empty(), "{problems:?}");
    for lang in ui::Lang::ALL {
        let words = words(lang);
        for entry in (materials::SITE.gallery)() {
            for (sample, body) in (entry.render)(&words) {
                let text = body.into_string();
                assert!(!text.contains('⟦'), "{} · {sample}: {text}", entry.name);
            }
        }
        for command in (materials::AREA.commands)() {
            assert!(words.has(&site::word("command", command.name)), "{}", command.name);
            assert!((command.parse)(command.example).is_ok(), "{}", command.name);
        }
        for fact in (materials::AREA.facts)() {
            assert!(words.has(&site::word("fact", fact.kind)), "{}", fact.kind);
            assert!(!(fact.samples)().is_empty(), "{}", fact.kind);
        }
    }
}

/// One random move; which lots it touches is decided by what there is.
#[derive(Debug, Clone)]
enum Step {
    Receive { wet: i64, moisture: i64 },
    Split { at: usize, part: i64 },
    Blend { at: usize, with: usize, part: i64 },
    Process { at: usize, loss: i64 },
    Sample { at: usize, part: i64 },
    Ship { at: usize, part: i64 },
    Adjust { at: usize, change: i64 },
    Lose { at: usize, part: i64 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (at, part) = (0usize..64, 1i64..140);
    let one = prop_oneof![
        3 => (1i64..9_999_999, 0i64..9_000).prop_map(|(wet, moisture)| Step::Receive { wet, moisture }),
        3 => (at.clone(), part.clone()).prop_map(|(at, part)| Step::Split { at, part }),
        3 => (at.clone(), at.clone(), part.clone())
            .prop_map(|(at, with, part)| Step::Blend { at, with, part }),
        3 => (at.clone(), 0i64..120).prop_map(|(at, loss)| Step::Process { at, loss }),
        2 => (at.clone(), part.clone()).prop_map(|(at, part)| Step::Sample { at, part }),
        2 => (at.clone(), part.clone()).prop_map(|(at, part)| Step::Ship { at, part }),
        2 => (at.clone(), -150i64..50).prop_map(|(at, change)| Step::Adjust { at, change }),
        1 => (at, part).prop_map(|(at, part)| Step::Lose { at, part }),
    ];
    prop::collection::vec(one, 1..40)
}

/// The command of a step, as JSON; `percent` of a lot's wet mass, cut to the milligram, may be more than it
/// has.
fn command(
    world: &World,
    step: &Step,
    n: usize,
    ore: MaterialId,
    mine: PartyId,
    lots: &[LotId],
) -> Option<(&'static str, String)> {
    let pick = |at: usize| lots.get(at % lots.len().max(1)).copied();
    let percent = |of: LotId, percent: i64| {
        (lot(world, of).1.kg_wet * Decimal::new(percent, 2)).round_dp(6).to_string()
    };
    Some(match step {
        Step::Receive { wet, moisture } => {
            let (wet, moisture) = (Decimal::new(*wet, 3), Decimal::new(*moisture, 2));
            (
                "lot.receive",
                format!(
                    r#"{{"code":"R{n}","material":"{ore}","mass_kg_wet":"{wet}",
                "moisture_percent":"{moisture}"}}"#
                ),
            )
        }
        Step::Split { at, part } => {
            let (of, mass) = (pick(*at)?, percent(pick(*at)?, *part / 3));
            let three: Vec<String> =
                (0..3).map(|k| format!(r#"{{"code":"S{n}-{k}","mass_kg_wet":"{mass}"}}"#)).collect();
            ("lot.split", format!(r#"{{"lot":"{of}","outputs":[{}]}}"#, three.join(",")))
        }
        Step::Blend { at, with, part } => {
            let (a, b) = (pick(*at)?, pick(*with)?);
            let mass = percent(b, *part);
            (
                "lot.blend",
                format!(
                    r#"{{"inputs":[{{"lot":"{a}"}},{{"lot":"{b}","mass_kg_wet":"{mass}"}}],
                "output":{{"code":"B{n}"}}}}"#
                ),
            )
        }
        Step::Process { at, loss } => {
            let of = pick(*at)?;
            let dry = lot(world, of).1.kg_dry;
            let lost = (dry * Decimal::new(*loss, 2)).round_dp(6);
            let (out, wet) = (dry - lost, lot(world, of).1.kg_wet);
            let water = dry - wet;
            (
                "lot.process",
                format!(
                    r#"{{"inputs":[{{"lot":"{of}"}}],
                "outputs":[{{"code":"P{n}","mass_kg_dry":"{}","mass_kg_wet":"{}"}}],
                "loss_kg_dry":"{lost}","water_kg":"{water}","stage":"rework"}}"#,
                    out.max(Decimal::ZERO),
                    out.max(Decimal::ZERO)
                ),
            )
        }
        Step::Sample { at, part } => {
            let of = pick(*at)?;
            ("lot.sample", format!(r#"{{"lot":"{of}","mass_kg_wet":"{}"}}"#, percent(of, *part)))
        }
        Step::Ship { at, part } => {
            let of = pick(*at)?;
            ("lot.ship", format!(r#"{{"lot":"{of}","to":"{mine}","mass_kg_wet":"{}"}}"#, percent(of, *part)))
        }
        Step::Adjust { at, change } => {
            let of = pick(*at)?;
            ("lot.adjust", format!(r#"{{"lot":"{of}","change_kg_wet":"{}"}}"#, percent(of, *change)))
        }
        Step::Lose { at, part } => {
            let of = pick(*at)?;
            ("lot.lose", format!(r#"{{"lot":"{of}","mass_kg_wet":"{}"}}"#, percent(of, *part)))
        }
    })
}

/// Sums over all moves, lots and samples.
fn accounts(db: &mut Db) -> Result<(Masses, Masses, Masses), StoreError> {
    let sum = |db: &mut Db, sql: &str| -> Result<Masses, StoreError> {
        let all = db.query(sql, &[], |row| Ok(Masses { kg_wet: row.parse(0)?, kg_dry: row.parse(1)? }))?;
        Ok(all.into_iter().sum())
    };
    let held = sum(db, "SELECT mass_kg_wet, mass_kg_dry FROM lot")?
        + sum(db, "SELECT mass_kg_wet, mass_kg_dry FROM sample WHERE mass_kg_dry IS NOT NULL")?;
    let outside = sum(db, "SELECT outside_kg_wet, outside_kg_dry FROM lot_move")?
        + sum(db, "SELECT water_kg, '0' FROM lot_move")?;
    let gone = sum(db, "SELECT loss_kg_wet, loss_kg_dry FROM lot_move")?
        + sum(db, "SELECT unaccounted_kg_wet, unaccounted_kg_dry FROM lot_move")?;
    Ok((held, outside, gone))
}

fn check_lots(db: &mut Db) -> Result<(), StoreError> {
    let sql = "SELECT number, mass_kg_wet, mass_kg_dry, state FROM lot";
    let all = db.query(sql, &[], |row| {
        Ok((LotId(row.number(0)?), Masses { kg_wet: row.parse(1)?, kg_dry: row.parse(2)? }, row.text(3)?))
    })?;
    for (lot, masses, state) in all {
        assert_eq!(materials::stock(db, lot)?, masses, "{lot}: the row is not the sum of its postings");
        assert!(masses.is_possible(), "{lot} holds {masses:?}");
        assert_eq!(state == "in-stock", !masses.is_zero(), "{lot} is {state} with {masses:?}");
    }
    let mut shares: BTreeMap<u64, Decimal> = BTreeMap::new();
    db.each("SELECT target, share FROM v_lot_flow", &[], |row| {
        *shares.entry(row.number(0)?).or_default() += row.parse::<Decimal>(1)?;
        Ok(())
    })?;
    assert!(shares.values().all(|sum| *sum == Decimal::ONE), "{shares:?}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_moves_makes_or_destroys_mass(steps in steps()) {
        let world = World::new(areas(), authorise);
        let (ore, mine) = base(&world);
        let mut lots: Vec<LotId> = Vec::new();
        for (n, step) in steps.iter().enumerate() {
            let Some((name, json)) = command(&world, step, n, ore, mine, &lots) else { continue };
            match give(&world, name, &json, Some("property")) {
                Ok(receipt) => {
                    let made = receipt.subjects.iter().filter_map(|record| LotId::try_from(*record).ok());
                    lots.extend(made.filter(|lot| !lots.contains(lot)).collect::<Vec<_>>());
                }
                Err(Stop::Refused(_)) => {}
                Err(Stop::Failed(error)) => prop_assert!(false, "{name} {json}: {error}"),
            }
        }
        let (held, outside, gone) = world.store.read(accounts).unwrap();
        prop_assert_eq!(held, outside - gone);
        world.store.read(check_lots).unwrap();
        for lot in &lots {
            let traced = world.store.thread(|thread| {
                let trace = thread.graph().trace(&mut thread::Walker::new(), lot.number(), None);
                trace.own_share + trace.ancestors.iter().map(|ancestor| ancestor.origin_share).sum::<f64>()
            });
            prop_assert!((traced.unwrap() - 1.0).abs() < 1e-9);
        }
        prop_assert!(float_is_near(held));
        verified(&world);
    }
}

/// The thread's floats stand for the books' decimals to nine figures.
fn float_is_near(masses: Masses) -> bool {
    let back = Decimal::try_from(float(masses.kg_dry)).unwrap_or_default();
    (back - masses.kg_dry).abs() <= masses.kg_dry * Decimal::new(1, 9)
}

#[test]
fn a_sample_is_not_taken_before_its_lot_was_produced_nor_later_than_now() {
    testkit::each_database(areas, authorise, |world| {
        let (ore, _) = base(&world);
        let json = format!(
            r#"{{"code":"A","material":"{ore}","mass_kg_wet":"100","moisture_percent":"5",
            "produced_on":"2026-03-01"}}"#
        );
        let lot: LotId = done(&world, "lot.receive", &json).id().unwrap();
        // It is 2 March 2026, 00:00 UTC, and the institute's days are those of UTC.
        for (taken, expected) in [
            ("2026-03-01T00:00:00Z", None),
            ("2026-02-28T23:57:00Z", Some("sample-before-produced")),
            ("2025-03-01T12:00:00Z", Some("sample-before-produced")),
            ("2026-03-02T00:02:00Z", None),
            ("2026-03-02T00:03:00Z", Some("sample-in-future")),
        ] {
            let json = format!(r#"{{"lot":"{lot}","mass_kg_wet":"1","taken_at":"{taken}"}}"#);
            match expected {
                None => drop(done(&world, "lot.sample", &json)),
                Some(code) => assert_eq!(refused(&world, "lot.sample", &json).0, code, "{taken}"),
            }
        }
        let json = r#"{"code":"X","taken_at":"2026-03-02T00:03:00Z"}"#;
        assert_eq!(refused(&world, "sample.receive", json).0, "sample-in-future");
        let json = format!(
            r#"{{"code":"B","material":"{ore}","mass_kg_wet":"1","moisture_percent":"5",
            "produced_on":"2027-03-01"}}"#
        );
        assert_eq!(refused(&world, "lot.receive", &json).0, "lot-produced-in-future");
        verified(&world);
    });
}
