//! How the commit path behaves, on both databases, with the smallest area there can be: lots that have a
//! code.

#![allow(clippy::unwrap_used)]

#[path = "it/folder.rs"]
mod folder;
#[path = "it/oracle.rs"]
mod oracle;

use std::path::Path;

use kernel::{
    Actor, Code, Edge, EdgeRole, Instant, Kind, LotId, Meaning, PersonId, Ref, Refusal, Refuse, Role,
};
use serde::{Deserialize, Serialize};
use store::{
    AnyCommand, AnyFact, Applied, Area, Attempt, Command, CommandKind, Context, Db, Fact, FactKind, Facts,
    JobKind, LedgerWrong, Migration, Request, Stop, Store, StoreError, params,
};
use testkit::{World, each_database};

/// Make a lot.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct MakeLot {
    /// What people call it.
    code: Code,
    /// What it was made from.
    from: Option<LotId>,
}

#[derive(Debug)]
struct CodeTaken(String);

impl Refuse for CodeTaken {
    fn refusal(&self) -> Refusal {
        Refusal::new("lot-code-taken", "test 1").with("code", &self.0)
    }
}

impl Command for MakeLot {
    const NAME: &'static str = "lot.make";
    const ROLES: &'static [Role] = &[Role::Receiver];
    const EXAMPLE: &'static str = r#"{"code": "L-1"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let sql = "SELECT number FROM lot WHERE code = ?1";
        if db.maybe(sql, params![&self.code], |row| row.number(0))?.is_some() {
            return Err(CodeTaken(self.code.to_string()).into());
        }
        let lot = LotId::next(cx.numbers);
        Ok(Facts::one(LotMade { lot, code: self.code.to_string(), from: self.from }))
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct LotMade {
    lot: LotId,
    code: String,
    from: Option<LotId>,
}

/// The file that a lot called FILED names.
const FILED: &[u8] = b"Mn,32.1\n";

impl Fact for LotMade {
    const KIND: &'static str = "lot.made";
    fn files(&self) -> Vec<String> {
        Some(store::sha256(FILED)).filter(|_| self.code == "FILED").into_iter().collect()
    }
    fn subjects(&self) -> Vec<Ref> {
        vec![self.lot.into()]
    }
    fn edges(&self) -> Vec<Edge> {
        self.from.map(|from| Edge::flow(from, self.lot, 12.5, 1.0)).into_iter().collect()
    }
    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        let sql = "INSERT INTO lot (number, code, made_at, printed) VALUES (?1, ?2, ?3, 0)";
        db.execute(sql, params![self.lot.number(), &self.code, applied.at])?;
        store::index(db, self.lot.into(), &self.code, &format!("{} 精矿", self.code))?;
        if self.code.starts_with("PRINT") {
            store::jobs::enqueue(db, "lot.print", self.lot.into(), applied)?;
        }
        assert!(!self.code.starts_with("BREAK"), "the press broke upon {}", self.code);
        Ok(())
    }
    fn samples() -> Vec<Self> {
        vec![LotMade { lot: LotId(1), code: "L-1".into(), from: None }]
    }
}

/// Note that its label was printed.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
struct PrintLot {
    lot: LotId,
}

impl Command for PrintLot {
    const NAME: &'static str = "lot.print";
    const ROLES: &'static [Role] = &[];
    const EXAMPLE: &'static str = r#"{"lot": "lot-1"}"#;
    fn handle(&self, _: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        Ok(Facts::one(LotPrinted { lot: self.lot }))
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct LotPrinted {
    lot: LotId,
}

impl Fact for LotPrinted {
    const KIND: &'static str = "lot.printed";
    fn subjects(&self) -> Vec<Ref> {
        vec![self.lot.into()]
    }
    fn apply(&self, db: &mut Db, _: &Applied) -> Result<(), StoreError> {
        let sql = "UPDATE lot SET printed = printed + 1 WHERE number = ?1";
        db.execute(sql, params![self.lot.number()]).map(|_| ())
    }
    fn samples() -> Vec<Self> {
        vec![LotPrinted { lot: LotId(1) }]
    }
}

/// Seal a lot, which is signed.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
struct SealLot {
    lot: LotId,
}

impl Command for SealLot {
    const NAME: &'static str = "lot.seal";
    const ROLES: &'static [Role] = &[Role::QualityManager];
    const SIGNS: Option<Meaning> = Some(Meaning::Approved);
    const EXAMPLE: &'static str = r#"{"lot": "lot-1"}"#;
    fn handle(&self, _: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        Ok(Facts::one(LotPrinted { lot: self.lot }))
    }
}

/// Forget what a lot was called.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
struct ForgetLot {
    lot: LotId,
}

impl Command for ForgetLot {
    const NAME: &'static str = "lot.forget";
    const ROLES: &'static [Role] = &[Role::Administrator];
    const EXAMPLE: &'static str = r#"{"lot": "lot-1"}"#;
    fn handle(&self, db: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        let sql = "SELECT made_at, printed FROM lot WHERE number = ?1";
        let row = |row: &store::Row<'_>| Ok((row.text(0)?, row.number(1)?));
        let (made_at, printed) = db.one(self.lot, sql, params![self.lot.number()], row)?;
        Ok(Facts::one(LotForgotten { lot: self.lot, made_at, printed }))
    }
}

/// Says what is left, for the fact that made the lot is erased.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct LotForgotten {
    lot: LotId,
    made_at: String,
    printed: u64,
}

impl Fact for LotForgotten {
    const KIND: &'static str = "lot.forgotten";
    fn subjects(&self) -> Vec<Ref> {
        vec![self.lot.into()]
    }
    fn apply(&self, db: &mut Db, _: &Applied) -> Result<(), StoreError> {
        store::log::erase_payloads(db, self.lot.into(), "lot.made")?;
        let sql = "INSERT INTO lot (number, code, made_at, printed) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT (number) DO UPDATE SET code = excluded.code";
        let code = format!("(erased {})", self.lot);
        db.execute(sql, params![self.lot.number(), &code, &self.made_at, self.printed]).map(|_| ())
    }
    fn samples() -> Vec<Self> {
        vec![LotForgotten { lot: LotId(1), made_at: "2026-01-01T00:00:00Z".into(), printed: 0 }]
    }
}

/// A lot called PAIR gets a second one, made by the system for whoever made the first.
fn react(_: &mut Db, fact: &dyn AnyFact, out: &mut Vec<Box<dyn AnyCommand>>) -> Result<(), StoreError> {
    if let Some(made) = fact.of::<LotMade>().filter(|made| made.code == "PAIR") {
        let code = Code::parse("PAIR-2").expect("a code");
        out.push(Box::new(MakeLot { code, from: Some(made.lot) }));
    }
    Ok(())
}

/// Fails twice, counting in a file of the data folder, then ends as a job must: by a command.
fn print(store: &Store, lot: Ref) -> Result<(), store::JobError> {
    let path = store.folder().join("attempts");
    let tried = std::fs::read_to_string(&path).map_or(0, |text| text.len());
    std::fs::write(&path, "x".repeat(tried + 1))?;
    if tried < 2 {
        return Err("the printer is out of paper".into());
    }
    store.run(&Actor::system(), PrintLot { lot: lot.try_into()? })?;
    Ok(())
}

const LOTS: &str = "CREATE TABLE lot (number INTEGER PRIMARY KEY NOT NULL, code TEXT NOT NULL UNIQUE,
    made_at TEXT NOT NULL, printed INTEGER NOT NULL CHECK (printed >= 0));";

/// No lot may be called after the gate: asked of the fact's type, not of the command.
fn guard(_: &mut Db, fact: &dyn AnyFact, attempt: Attempt<'_>) -> Result<(), Stop> {
    match fact.of::<LotMade>() {
        Some(made) if made.code.as_str() == "GATE" => {
            let who = attempt.actor.person().map(|person| person.to_string()).unwrap_or_default();
            Err(Stop::Refused(Box::new(Refusal::new("gate-shut", "test").with("who", who))))
        }
        _ => Ok(()),
    }
}

#[test]
fn a_guard_stops_a_fact_of_another_area_before_anything_of_the_command_is_recorded() {
    on_each_database(|world| {
        let lot: LotId = world.store.run(&receiver(&world), make("L-1")).unwrap().id().unwrap();
        let shut = refused(world.store.run(&receiver(&world), MakeLot { from: Some(lot), ..make("GATE") }));
        assert_eq!((shut.code.as_str(), shut.args["who"].as_str()), ("gate-shut", "person-900001"));
        assert_eq!(codes(&world.store), ["L-1"]);
        let entry = world.store.read(|db| store::log::entry(db, 1)).unwrap().unwrap();
        assert_eq!(entry.record.kind, "command.refused", "the refusal is on record, as any other");
        store::verify(&world.store, true).unwrap();
    });
}

const AREA: Area = Area {
    name: "lots",
    migrations: &[Migration { name: "0001_lots", sql: LOTS }],
    commands: || {
        vec![
            CommandKind::of::<MakeLot>(),
            CommandKind::of::<PrintLot>(),
            CommandKind::of::<SealLot>(),
            CommandKind::of::<ForgetLot>(),
        ]
    },
    facts: || vec![FactKind::of::<LotMade>(), FactKind::of::<LotPrinted>(), FactKind::of::<LotForgotten>()],
    statements: Vec::new,
    guard: Some(guard),
    react: Some(react),
    jobs: &[JobKind { kind: "lot.print", work: print }],
    describe: |_, _| Ok(None),
};

fn on_each_database(check: impl Fn(World)) {
    each_database(|| vec![AREA], |_, _, _, _| Ok(vec![]), check);
}

fn make(code: &str) -> MakeLot {
    MakeLot { code: Code::parse(code).expect("a code"), from: None }
}

fn receiver(world: &World) -> Actor {
    world.actor(&[Role::Receiver])
}

fn codes(store: &Store) -> Vec<String> {
    store.read(|db| db.query("SELECT code FROM lot ORDER BY number", &[], |row| row.text(0))).unwrap()
}

fn refused(answer: Result<store::Receipt, Stop>) -> Refusal {
    match answer {
        Err(Stop::Refused(refusal)) => *refusal,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn a_command_becomes_a_row_an_entry_an_edge_and_a_search_answer_at_once() {
    on_each_database(|world| {
        let first = world.store.run(&receiver(&world), make("L-1")).unwrap();
        let lot: LotId = first.id().unwrap();
        let child = MakeLot { from: Some(lot), ..make("L-2") };
        let request = Request::new(&receiver(&world), child).because("for the plant");
        let second = world.store.request(request).unwrap();
        assert_eq!((first.entries, second.entries.clone()), (vec![0], vec![1]));
        assert_eq!(codes(&world.store), ["L-1", "L-2"]);
        let entry = world.store.read(|db| store::log::entry(db, 1)).unwrap().unwrap();
        assert_eq!(entry.record.kind, "lot.made");
        assert_eq!(entry.record.reason.as_deref(), Some("for the plant"));
        assert_eq!(entry.record.actor, "person-900001");
        let history = world.store.read(|db| store::log::history(db, lot.into())).unwrap();
        assert_eq!(history.len(), 1);
        let edges =
            world.store.thread(|thread| thread.graph().outputs(lot.number()).collect::<Vec<_>>()).unwrap();
        assert_eq!((edges.len(), edges[0].mass_kg_dry), (1, Some(12.5)));
        assert_eq!(store::Thread::role(edges[0].role), Some(EdgeRole::Material));
        let made = world.store.thread(|thread| thread.record(edges[0].to)).unwrap().unwrap();
        assert_eq!((made.kind, Some(made)), (Kind::Lot, second.subjects.first().copied()));
        for words in ["L-2", "精矿", "l-2 矿"] {
            let found = world.store.read(|db| store::search(db, words, 9)).unwrap();
            assert!(found.contains(&(made, "L-2".to_owned())), "{words}: {found:?}");
        }
        assert!(world.store.read(|db| store::search(db, "L-3", 9)).unwrap().is_empty());
        let newest = world.store.read(|db| store::newest(db, Kind::Lot, 1)).unwrap();
        assert_eq!(newest, [(made, "L-2".to_owned())]);
        assert_eq!(world.store.read(|db| store::labelled(db, "l-2")).unwrap(), [made]);
        let origin = world.store.read(|db| store::log::origin(db, made)).unwrap().unwrap();
        assert_eq!(origin.record.seq, 1);
    });
}

#[test]
fn a_refusal_writes_nothing_but_itself() {
    on_each_database(|world| {
        world.store.run(&receiver(&world), make("L-1")).unwrap();
        let refusal = refused(world.store.run(&receiver(&world), make("L-1")));
        assert_eq!((refusal.code.as_str(), refusal.args["code"].as_str()), ("lot-code-taken", "L-1"));
        assert_eq!(codes(&world.store), ["L-1"]);
        let entry = world.store.read(|db| store::log::entry(db, 1)).unwrap().unwrap();
        assert_eq!(
            (entry.record.kind.as_str(), entry.record.command.as_str()),
            ("command.refused", "lot.make")
        );
        let sql = "SELECT code, command, person FROM refusal";
        let row = |row: &store::Row<'_>| Ok((row.text(0)?, row.text(1)?, row.number(2)?));
        let rows = world.store.read(|db| db.query(sql, &[], row)).unwrap();
        assert_eq!(rows, [("lot-code-taken".to_owned(), "lot.make".to_owned(), 900_001)]);
        let next = world.store.run(&receiver(&world), make("L-2")).unwrap();
        assert_eq!(next.entries, [2]);
    });
}

#[test]
fn the_same_key_does_it_once_and_another_command_under_it_is_an_error() {
    on_each_database(|world| {
        let actor = receiver(&world);
        let once = |code: &str| world.store.request(Request::new(&actor, make(code)).once("k-1"));
        let first = once("L-1").unwrap();
        assert_eq!(once("L-1").unwrap(), first);
        assert!(matches!(once("L-2"), Err(Stop::Failed(StoreError::KeyReused(key))) if key == "k-1"));
        assert_eq!(codes(&world.store), ["L-1"]);
        let other = world.actor_as(PersonId(900_002), &[Role::Receiver]);
        world.store.request(Request::new(&other, make("L-3")).once("k-1")).unwrap();
        assert_eq!(codes(&world.store).len(), 2);
    });
}

#[test]
fn commands_that_wait_share_a_commit_and_are_answered_one_by_one() {
    on_each_database(|world| {
        let actor = receiver(&world);
        let codes_given = (0..40).map(|n| format!("L-{}", n % 30));
        let requests = codes_given.map(|code| Request::new(&actor, make(&code))).collect();
        let answers = world.store.request_all(requests);
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 30);
        assert!(answers[30..].iter().all(|answer| matches!(answer, Err(Stop::Refused(_)))));
        let entries: Vec<u64> = answers.into_iter().flatten().flat_map(|receipt| receipt.entries).collect();
        assert_eq!(entries, (0..30).collect::<Vec<_>>());
        assert_eq!(store::verify(&world.store, true).unwrap().entries, 40);
    });
}

#[test]
fn a_command_that_panics_is_answered_leaves_nothing_and_the_writer_lives() {
    on_each_database(|world| {
        let actor = receiver(&world);
        let first: LotId = world.store.run(&actor, make("L-1")).unwrap().id().unwrap();
        let keyed = |code: &str| {
            let command = MakeLot { from: Some(first), ..make(code) };
            Request::new(&actor, command).once(format!("key of {code}"))
        };
        let given = ["L-2", "BREAK-1", "L-3", "BREAK-2", "L-3"];
        let answers = world.store.request_all(given.map(keyed).into());
        let said: Vec<String> = answers
            .iter()
            .map(|answer| answer.as_ref().err().map(ToString::to_string).unwrap_or_default())
            .collect();
        assert!(
            said[1].contains("`lot.make`") && said[1].contains("the press broke upon BREAK-1"),
            "{said:?}"
        );
        assert!(matches!(&answers[3], Err(Stop::Failed(StoreError::BrokeOff { .. }))));
        assert!([0, 2, 4].iter().all(|at| answers[*at].is_ok()), "{said:?}");
        let broken = world.store.request(keyed("BREAK-1"));
        assert!(
            matches!(broken, Err(Stop::Failed(StoreError::BrokeOff { .. }))),
            "its key says nothing else"
        );
        world.store.run(&actor, make("L-4")).unwrap();
        assert_eq!(codes(&world.store), ["L-1", "L-2", "L-3", "L-4"]);
        assert_eq!(store::verify(&world.store, true).unwrap().entries, 4);
        let world = world.reopen();
        assert_eq!(codes(&world.store), ["L-1", "L-2", "L-3", "L-4"]);
        let outputs = |thread: &store::Thread| thread.graph().outputs(first.number()).count();
        assert_eq!(world.store.thread(outputs).unwrap(), 2, "no edge of what broke off");
        store::verify(&world.store, true).unwrap();
    });
}

#[test]
fn only_those_with_the_role_the_token_and_the_password_may() {
    on_each_database(|world| {
        let lot: LotId = world.store.run(&receiver(&world), make("L-1")).unwrap().id().unwrap();
        let analyst = world.actor(&[Role::Analyst]);
        let refusal = refused(world.store.run(&analyst, make("L-2")));
        assert_eq!((refusal.code.as_str(), refusal.args["roles"].as_str()), ("permission-role", "receiver"));
        let limited = Actor { only: Some(vec!["lot.print".into()]), ..receiver(&world) };
        assert_eq!(refused(world.store.run(&limited, make("L-2"))).code, "permission-token");
        let manager = world.actor(&[Role::QualityManager]);
        let tired = Actor { reauthenticated: false, ..manager.clone() };
        assert_eq!(refused(world.store.run(&tired, SealLot { lot })).code, "signature-password");
        world.store.run(&manager, SealLot { lot }).unwrap();
        let everybody = world.actor(Role::ALL);
        assert_eq!(refused(world.store.run(&everybody, PrintLot { lot })).code, "permission-role");
        world.store.run(&Actor::system(), PrintLot { lot }).unwrap();
    });
}

#[test]
fn a_reaction_happens_in_the_same_commit_on_behalf_of_the_person() {
    on_each_database(|world| {
        let receipt = world.store.run(&receiver(&world), make("PAIR")).unwrap();
        assert_eq!((receipt.entries.len(), receipt.subjects.len()), (2, 2));
        let entry = world.store.read(|db| store::log::entry(db, 1)).unwrap().unwrap();
        let behalf = entry.record.on_behalf_of.as_deref();
        assert_eq!((entry.record.actor.as_str(), behalf), ("system", Some("person-900001")));
        store::verify(&world.store, true).unwrap();
    });
}

#[test]
fn everything_is_there_after_a_restart() {
    on_each_database(|world| {
        let actor = receiver(&world);
        let lot: LotId = world.store.run(&actor, make("L-1")).unwrap().id().unwrap();
        world.store.run(&actor, MakeLot { from: Some(lot), ..make("L-2") }).unwrap();
        let before = store::verify(&world.store, true).unwrap();
        let world = world.reopen();
        assert_eq!(codes(&world.store), ["L-1", "L-2"]);
        assert_eq!(store::verify(&world.store, true).unwrap().root, before.root);
        let outputs = world.store.thread(|thread| thread.graph().outputs(lot.number()).count()).unwrap();
        assert_eq!(outputs, 1);
        let third = world.store.run(&actor, make("L-3")).unwrap();
        assert_eq!((third.entries.clone(), third.id::<LotId>()), (vec![2], Some(LotId(3))));
        store::verify(&world.store, true).unwrap();
    });
}

#[test]
fn time_never_runs_backwards_in_the_ledger() {
    on_each_database(|world| {
        world.store.run(&receiver(&world), make("L-1")).unwrap();
        world.clock.advance_seconds(-3600);
        let world = world.reopen();
        world.store.run(&receiver(&world), make("L-2")).unwrap();
        let at = |seq| {
            let entry = world.store.read(|db| store::log::entry(db, seq)).unwrap().unwrap();
            entry.record.at.parse::<Instant>().unwrap()
        };
        assert!(at(0) <= at(1));
    });
}

#[test]
fn a_second_process_is_locked_out() {
    on_each_database(|world| {
        assert!(matches!(Store::open(world.options()), Err(StoreError::Locked(_))));
    });
}

#[test]
fn the_same_folder_signs_with_the_same_key_that_only_its_owner_reads() {
    let world = World::new(vec![AREA], |_, _, _, _| Ok(vec![]));
    let key = world.store.verifier().unwrap().to_string();
    let seed = world.folder().join("keys/ledger.seed");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(seed).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(world.reopen().store.verifier().unwrap().to_string(), key);
}

fn tamper(world: &World, sql: &str) {
    let mut db = match world.database() {
        Some(url) => Db::postgres(url).unwrap(),
        None => Db::sqlite(&world.folder().join("orepass.db")).unwrap(),
    };
    assert!(db.execute(sql, &[]).unwrap() > 0, "{sql} changed nothing");
}

#[test]
fn a_changed_row_or_entry_is_found_and_named() {
    on_each_database(|world| {
        for code in ["L-1", "L-2", "L-3"] {
            world.store.run(&receiver(&world), make(code)).unwrap();
        }
        assert_eq!(store::verify(&world.store, true).unwrap().rows, 3);
        tamper(&world, "UPDATE lot SET code = 'L-9' WHERE code = 'L-2'");
        match store::verify(&world.store, true) {
            Err(LedgerWrong::Row { table, row, what, entry }) => {
                assert_eq!((table.as_str(), row.as_str(), entry), ("lot", "2", 1));
                assert_eq!(what, "code is `L-9`, but the facts say `L-2`");
            }
            other => panic!("{other:?}"),
        }
        tamper(&world, "DELETE FROM lot WHERE code = 'L-9'");
        assert!(matches!(store::verify(&world.store, true), Err(LedgerWrong::Row { entry: 1, .. })));
        tamper(
            &world,
            "INSERT INTO lot (number, code, made_at, printed)
                 SELECT 2, 'L-2', made_at, 0 FROM lot WHERE number = 1",
        );
        store::verify(&world.store, true).unwrap();
        tamper(&world, "UPDATE ledger_entry SET payload = replace(payload, 'L-3', 'L-8') WHERE seq = 2");
        match store::verify(&world.store, true) {
            Err(LedgerWrong::Entry(wrong)) => assert!(wrong.to_string().contains('2'), "{wrong}"),
            other => panic!("{other:?}"),
        }
    });
}

/// What verification says after a change, which is then taken back.
fn found_after(world: &World, change: &str, back: &str) -> (String, String, u64) {
    tamper(world, change);
    let found = match store::verify(&world.store, true) {
        Err(LedgerWrong::Row { table, row, entry, .. }) => (table, row, entry),
        other => panic!("{change}: {other:?}"),
    };
    tamper(world, back);
    store::verify(&world.store, true).unwrap();
    found
}

#[test]
fn a_changed_edge_subject_or_kind_is_found_and_named() {
    on_each_database(|world| {
        let first = world.store.run(&receiver(&world), make("L-1")).unwrap();
        let child = MakeLot { from: first.id(), ..make("L-2") };
        world.store.run(&receiver(&world), child).unwrap();
        let sql = "SELECT drawn FROM edge WHERE seq = 1";
        let blob = world.store.read(|db| db.one("edge", sql, &[], |row| row.opt_blob(0))).unwrap().unwrap();
        let hexed = |bytes: &[u8]| match world.database() {
            None => format!("x'{}'", hex::encode(bytes)),
            Some(_) => format!("'\\x{}'", hex::encode(bytes)),
        };
        let set = |bytes: &[u8]| format!("UPDATE edge SET drawn = {} WHERE seq = 1", hexed(bytes));
        let mut heavier = blob.clone();
        *heavier.last_mut().unwrap() ^= 1;
        let found = found_after(&world, &set(&heavier), &set(&blob));
        assert_eq!(found, ("edge".to_owned(), "1".to_owned(), 1));
        let (gone, back) = ("DELETE FROM edge", format!("INSERT INTO edge VALUES (1, {})", hexed(&blob)));
        assert_eq!(found_after(&world, gone, &back), ("edge".to_owned(), "1".to_owned(), 1));
        let (more, back) =
            (format!("INSERT INTO edge VALUES (0, {})", hexed(&blob)), "DELETE FROM edge WHERE seq = 0");
        assert_eq!(found_after(&world, &more, back), ("edge".to_owned(), "0".to_owned(), 0));
        let (more, back) =
            ("INSERT INTO ledger_subject VALUES (7, 1)", "DELETE FROM ledger_subject WHERE number = 7");
        assert_eq!(found_after(&world, more, back), ("ledger_subject".to_owned(), "7".to_owned(), 1));
        let kind = |kind: &str| format!("UPDATE ledger_entry SET kind = '{kind}' WHERE seq = 0");
        let found = found_after(&world, &kind("lot.printed"), &kind("lot.made"));
        assert_eq!(found, ("ledger_entry".to_owned(), "0".to_owned(), 0));
    });
}

#[test]
fn a_changed_file_is_found() {
    let world = World::new(vec![AREA], |_, _, _, _| Ok(vec![]));
    let sha256 = world.store.keep_file("a.csv", b"Mn,32.1\n").unwrap();
    assert_eq!(world.store.keep_file("b.csv", b"Mn,32.1\n").unwrap(), sha256);
    assert_eq!(store::verify(&world.store, true).unwrap().files, 1);
    std::fs::write(world.store.files().path(&sha256), b"Mn,32.7\n").unwrap();
    assert!(store::verify(&world.store, true).unwrap_err().to_string().contains("SHA-256"));
    assert!(world.store.files().read("../../orepass.db").is_err());
}

#[test]
fn erasing_what_a_lot_was_called_leaves_every_proof_valid() {
    on_each_database(|world| {
        let lot: LotId = world.store.run(&receiver(&world), make("Zhang Wei")).unwrap().id().unwrap();
        world.store.run(&receiver(&world), make("L-2")).unwrap();
        let (_, proofs) = world.store.prove(&[0]).unwrap();
        let before = proofs[0].to_string();
        world.store.run(&world.actor(&[Role::Administrator]), ForgetLot { lot }).unwrap();
        let entry = world.store.read(|db| store::log::entry(db, 0)).unwrap().unwrap();
        assert_eq!((entry.payload, entry.salt), (None, None));
        let report = store::verify(&world.store, true).unwrap();
        assert_eq!((report.entries, report.erased), (3, 1));
        // What is left of the erased lot is still compared, and whatever else is about it.
        let number = lot.number();
        let printed = |n: u64| format!("UPDATE lot SET printed = {n} WHERE number = {number}");
        let found = found_after(&world, &printed(3), &printed(0));
        assert_eq!(found, ("lot".to_owned(), number.to_string(), 2));
        let key = world.store.verifier().unwrap();
        let proof: ledger::Proof = before.parse().unwrap();
        proof.verify(entry.canonical.as_bytes(), &key).unwrap();
        assert!(!everything_in(&world.folder().join("ledger")).contains("Zhang Wei"));
    });
}

/// All text below a folder.
fn everything_in(folder: &Path) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        match entry.path() {
            path if path.is_dir() => all.push_str(&everything_in(&path)),
            path => all.push_str(&String::from_utf8_lossy(&std::fs::read(path).unwrap())),
        }
    }
    all
}

#[test]
fn a_payload_that_no_fact_erased_is_found() {
    on_each_database(|world| {
        world.store.run(&receiver(&world), make("L-1")).unwrap();
        tamper(&world, "UPDATE ledger_entry SET payload = NULL, salt = NULL");
        assert!(matches!(store::verify(&world.store, true), Err(LedgerWrong::Row { entry: 0, .. })));
    });
}

#[test]
fn of_an_erased_refusal_what_stands_in_its_record_is_compared() {
    on_each_database(|world| {
        world.store.run(&receiver(&world), make("L-1")).unwrap();
        refused(world.store.run(&receiver(&world), make("L-1")));
        tamper(&world, "UPDATE ledger_entry SET payload = NULL, salt = NULL WHERE seq = 1");
        store::verify(&world.store, true).unwrap();
        let person = |number: u64| format!("UPDATE refusal SET person = {number}");
        let found = found_after(&world, &person(900_002), &person(900_001));
        assert_eq!((found.0.as_str(), found.1.as_str()), ("refusal", "1"));
    });
}

#[test]
fn a_job_is_tried_again_later_and_ends_by_a_command() {
    on_each_database(|world| {
        world.store.run(&receiver(&world), make("PRINT-1")).unwrap();
        let printed =
            || world.store.read(|db| db.one("lot", "SELECT printed FROM lot", &[], |row| row.int(0)));
        assert!(world.store.work().unwrap());
        assert!(!world.store.work().unwrap(), "a job that failed waits");
        assert_eq!(printed().unwrap(), 0);
        world.clock.advance_seconds(60);
        assert!(world.store.work().unwrap());
        world.clock.advance_seconds(60);
        assert!(world.store.work().unwrap());
        assert_eq!(printed().unwrap(), 1);
        assert!(!world.store.work().unwrap());
        assert_eq!(world.store.read(store::jobs::counts).unwrap(), (0, 0));
        store::verify(&world.store, true).unwrap();
    });
}

#[test]
fn a_migration_that_was_changed_later_is_refused() {
    let world = World::new(vec![AREA], |_, _, _, _| Ok(vec![]));
    let mut options = world.options();
    let changed = Area {
        migrations: &[Migration { name: "0001_lots", sql: "CREATE TABLE lot (number INTEGER PRIMARY KEY);" }],
        ..AREA
    };
    options.registry =
        std::sync::Arc::new(store::Registry::new(vec![changed], |_, _, _, _| Ok(vec![])).unwrap());
    let World { store, .. } = &world;
    let folder = store.folder().to_owned();
    let copy = folder.with_extension("copy");
    store::backup(store, &copy).unwrap();
    options.folder = copy.clone();
    let error = Store::open(options).err().unwrap().to_string();
    assert!(error.contains("lots/0001_lots was changed"), "{error}");
    std::fs::remove_dir_all(copy).unwrap();
}

#[test]
fn a_backup_restores_to_the_same_store() {
    testkit::each_database(
        || vec![AREA],
        |_, _, _, _| Ok(vec![]),
        |world| {
            world.store.run(&receiver(&world), make("L-1")).unwrap();
            world.store.keep_file("a.csv", b"Mn,32.1\n").unwrap();
            let root = store::verify(&world.store, true).unwrap().root;
            let (kept, back) = (world.folder().with_extension("kept"), world.folder().with_extension("back"));
            store::backup(&world.store, &kept).unwrap();
            assert!(store::backup(&world.store, &kept).is_err(), "a backup is never overwritten");
            store::restore(&kept, &back, None, world.store.registry()).unwrap();
            let again = store::restore(&kept, &back, None, world.store.registry());
            assert!(again.is_err(), "a data folder is never overwritten");
            let options = store::Options { folder: back.clone(), database: None, ..world.options() };
            let again = Store::open(options).unwrap();
            let report = store::verify(&again, true).unwrap();
            assert_eq!((report.root, report.rows, report.files), (root, 1, 1));
            again.run(&receiver(&world), make("L-2")).unwrap();
            drop(again);
            for folder in [kept, back] {
                std::fs::remove_dir_all(folder).unwrap();
            }
        },
    );
}

#[test]
fn a_backup_moves_an_institute_to_postgresql() {
    let Ok(cluster) = std::env::var("OREPASS_TEST_POSTGRES") else {
        println!("PostgreSQL was left out: OREPASS_TEST_POSTGRES is not set");
        return;
    };
    let world = World::new(vec![AREA], |_, _, _, _| Ok(vec![]));
    world.store.run(&receiver(&world), make("L-1")).unwrap();
    let root = store::verify(&world.store, true).unwrap().root;
    let (kept, back) = (world.folder().with_extension("kept"), world.folder().with_extension("back"));
    store::backup(&world.store, &kept).unwrap();
    let name = format!("orepass_moved_{}", std::process::id());
    let mut server = store::Db::postgres(&cluster).unwrap();
    server.execute(&format!("CREATE DATABASE {name}"), &[]).unwrap();
    let url = format!("{}/{name}", cluster.rsplit_once('/').unwrap().0);
    store::restore(&kept, &back, Some(&url), world.store.registry()).unwrap();
    let options = store::Options { folder: back.clone(), database: Some(url), ..world.options() };
    let moved = Store::open(options).unwrap();
    let report = store::verify(&moved, true).unwrap();
    assert_eq!((report.root, report.rows), (root, 1));
    moved.run(&receiver(&world), make("L-2")).unwrap();
    drop(moved);
    server.execute(&format!("DROP DATABASE {name} WITH (FORCE)"), &[]).unwrap();
    for folder in [kept, back] {
        std::fs::remove_dir_all(folder).unwrap();
    }
}
