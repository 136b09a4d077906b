//! The one path of every change: permission, authorisation, decision, facts, rows, ledger, edges, jobs,
//! in one transaction. A refusal takes the same path and is committed as a fact of its own.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};

use kernel::{Actor, Instant, Numbers, PersonId, Ref, Refusal, Who};
use ledger::{Digest, Record};
use serde::{Deserialize, Serialize};

use crate::area::{Area, Attempt, Authorise};
use crate::log::{self, NewEntry};
use crate::pack::{self, Drawn};
use crate::writer::Chore;
use crate::{
    AnyCommand, AnyFact, Applied, CommandKind, Context, Db, Fact, FactKind, Facts, JobKind, Prepared,
    Receipt, Request, Stop, StoreError, params,
};

/// From so many facts of one command on, two threads share the work.
const SHARED: usize = 64;

/// All areas of this binary, looked up by name.
pub struct Registry {
    /// In the order of the floors.
    pub areas: Vec<Area>,
    /// By name.
    pub commands: BTreeMap<&'static str, CommandKind>,
    /// By kind and version.
    pub facts: BTreeMap<&'static str, FactKind>,
    /// By kind.
    pub jobs: BTreeMap<&'static str, JobKind>,
    pub(crate) authorise: Authorise,
}

impl Registry {
    /// Joins areas; two commands or facts of one name are a programmer's error and refused.
    pub fn new(areas: Vec<Area>, authorise: Authorise) -> Result<Self, StoreError> {
        let twice = |name: &str| StoreError::Configuration(format!("`{name}` is registered twice"));
        let mut registry = Registry {
            commands: BTreeMap::new(),
            facts: BTreeMap::from([(Refused::KIND, FactKind::of::<Refused>())]),
            jobs: BTreeMap::new(),
            areas,
            authorise,
        };
        for area in &registry.areas {
            for command in (area.commands)() {
                if registry.commands.insert(command.name, command).is_some() {
                    return Err(twice(command.name));
                }
            }
            for fact in (area.facts)() {
                let kind = fact.kind;
                if registry.facts.insert(kind, fact).is_some() {
                    return Err(twice(kind));
                }
            }
            registry.jobs.extend(area.jobs.iter().map(|job| (job.kind, *job)));
        }
        Ok(registry)
    }

    /// What a record is, asked of the areas in order.
    pub fn describe(&self, db: &mut Db, record: Ref) -> Result<Option<crate::Described>, StoreError> {
        for area in &self.areas {
            if let Some(described) = (area.describe)(db, record)? {
                return Ok(Some(described));
            }
        }
        Ok(None)
    }
}

/// A command was refused: which, by which rule. Kept like any other fact.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Refused {
    /// The command's name.
    pub command: String,
    /// The command as it was given.
    pub given: serde_json::Value,
    /// Why it was refused.
    pub refusal: Refusal,
}

impl Fact for Refused {
    const KIND: &'static str = "command.refused";

    fn subjects(&self) -> Vec<Ref> {
        self.refusal.on.into_iter().collect()
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        let sql = "INSERT INTO refusal (seq, at, person, command, code, clause, subject)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let person = applied.person.map(|p| p.number());
        let r = &self.refusal;
        let values = params![applied.seq, applied.at, person, &self.command, &r.code, &r.clause, r.on];
        db.execute(sql, values).map(|_| ())
    }

    fn samples() -> Vec<Self> {
        let refusal = Refusal::new("lot-mass-imbalance", "RECORDS materials").with("difference", "0.5");
        vec![Refused { command: "lot.split".into(), given: serde_json::json!({"lot": "lot-1"}), refusal }]
    }
}

/// The counter of record numbers, kept in memory within a group and stored at its end.
pub(crate) struct Counter(pub u64);

impl Numbers for Counter {
    fn next(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }
}

/// What one group of commands will add to memory once it is committed.
#[derive(Default)]
pub(crate) struct Pending {
    pub leaves: Vec<Digest>,
    pub edges: Vec<Drawn>,
}

/// One group on its way to a commit.
pub(crate) struct Group<'a> {
    pub db: &'a mut Db,
    pub registry: &'a Arc<Registry>,
    pub numbers: &'a mut Counter,
    pub entropy: &'a mut dyn FnMut(&mut [u8]),
    pub ledger: &'a str,
    pub at: Instant,
    pub next_seq: u64,
    pub pending: Pending,
}

impl Group<'_> {
    /// Runs one command as [`run`](Self::run) does. One that panics is answered with an error that names it,
    /// and nothing of it stays: the writer lives on, and the commands around it are not touched.
    pub(crate) fn caught(
        &mut self,
        request: &Request,
        digest: Option<&str>,
        prepared: Option<&Prepared>,
    ) -> Result<Receipt, Stop> {
        let (leaves, edges, seq) = (self.pending.leaves.len(), self.pending.edges.len(), self.next_seq);
        // Whatever a panic leaves half done is undone below: rows by the savepoint, the rest by its length.
        // Record numbers are not given twice.
        let done = catch_unwind(AssertUnwindSafe(|| self.run(request, digest, prepared)));
        done.unwrap_or_else(|panic| {
            self.pending.leaves.truncate(leaves);
            self.pending.edges.truncate(edges);
            self.next_seq = seq;
            self.undo("command")?;
            Err(broke_off(request.command.name(), panic.as_ref()).into())
        })
    }

    /// Changes a row of the store's own; one that fails or panics changes nothing.
    pub(crate) fn chore(&mut self, chore: Chore) -> Result<(), StoreError> {
        self.db.batch("SAVEPOINT chore")?;
        let done = catch_unwind(AssertUnwindSafe(|| chore(self.db)))
            .unwrap_or_else(|panic| Err(broke_off("chore", panic.as_ref())));
        match done {
            Ok(()) => self.db.batch("RELEASE SAVEPOINT chore"),
            Err(why) => self.undo("chore").and(Err(why)),
        }
    }

    fn undo(&mut self, savepoint: &str) -> Result<(), StoreError> {
        self.db.batch(&format!("ROLLBACK TO SAVEPOINT {savepoint}; RELEASE SAVEPOINT {savepoint}"))
    }

    /// Runs one command to its facts or its refusal, which is then a fact as well.
    fn run(
        &mut self,
        request: &Request,
        digest: Option<&str>,
        prepared: Option<&Prepared>,
    ) -> Result<Receipt, Stop> {
        self.db.batch("SAVEPOINT command")?;
        let (leaves, edges, seq) = (self.pending.leaves.len(), self.pending.edges.len(), self.next_seq);
        let done = self.once(request, digest, prepared);
        let Err(stop) = done else {
            self.draw(edges)?;
            self.db.batch("RELEASE SAVEPOINT command")?;
            return done;
        };
        self.db.batch("ROLLBACK TO SAVEPOINT command")?;
        self.pending.leaves.truncate(leaves);
        self.pending.edges.truncate(edges);
        self.next_seq = seq;
        if let Stop::Refused(refusal) = &stop {
            let given = serde_json::from_str(&request.command.json()?).unwrap_or_default();
            let command = request.command.name().to_owned();
            let refused = Refused { command, given, refusal: refusal.as_ref().clone() };
            let act = Act::of(&request.actor, request.command.name(), request.reason.as_deref(), self.at);
            self.record(&act, &[Box::new(refused)], &mut Account::default())?;
        }
        self.db.batch("RELEASE SAVEPOINT command")?;
        Err(stop)
    }

    /// Stores the edges that the command drew, in one row.
    fn draw(&mut self, from: usize) -> Result<(), StoreError> {
        let drawn = &self.pending.edges[from..];
        let Some(first) = drawn.first() else { return Ok(()) };
        let packed = pack::pack(first.seq, drawn)?;
        let sql = "INSERT INTO edge (seq, drawn) VALUES (?1, ?2)";
        self.db.execute(sql, params![first.seq, &packed]).map(|_| ())
    }

    fn once(
        &mut self,
        request: &Request,
        digest: Option<&str>,
        prepared: Option<&Prepared>,
    ) -> Result<Receipt, Stop> {
        let (Some(key), Some(digest)) = (&request.key, digest) else {
            return self.permitted(request, prepared);
        };
        let person = who(&request.actor);
        let sql = "SELECT command, receipt FROM idempotency WHERE person = ?1 AND key = ?2";
        let before =
            self.db.maybe(sql, params![&person, key], |row| Ok((row.text(0)?, row.json::<Receipt>(1)?)))?;
        match before {
            Some((command, receipt)) if command == digest => Ok(receipt),
            Some(_) => Err(StoreError::KeyReused(key.clone()).into()),
            None => {
                let receipt = self.permitted(request, prepared)?;
                let text =
                    serde_json::to_string(&receipt).map_err(|why| StoreError::stored("receipt", why))?;
                let sql = "INSERT INTO idempotency (person, key, command, receipt) VALUES (?1, ?2, ?3, ?4)";
                self.db.execute(sql, params![&person, key, digest, &text])?;
                Ok(receipt)
            }
        }
    }

    fn permitted(&mut self, request: &Request, prepared: Option<&Prepared>) -> Result<Receipt, Stop> {
        permission(&request.actor, request.command.as_ref())?;
        let mut account = Account { prepared, ..Account::default() };
        self.decide(&request.actor, request.command.as_ref(), request.reason.as_deref(), &mut account, 0)?;
        Ok(account.receipt)
    }

    fn decide(
        &mut self,
        actor: &Actor,
        command: &dyn AnyCommand,
        reason: Option<&str>,
        account: &mut Account<'_>,
        depth: usize,
    ) -> Result<(), Stop> {
        let acts = command.acts(self.db)?;
        let (at, ledger, authorise) = (self.at, self.ledger, self.registry.authorise);
        let authorisations = authorise(self.db, actor, &acts, at)?;
        // What was prepared is the command's own, not that of the reactions.
        let prepared = account.prepared.take();
        let numbers = &mut *self.numbers;
        let rehearsal = false;
        let mut context =
            Context { at, actor, numbers, reason, authorisations, ledger, authorise, prepared, rehearsal };
        let Facts(facts) = command.handle(self.db, &mut context)?;
        self.guard(actor, &facts)?;
        self.record(&Act::of(actor, command.name(), reason, self.at), &facts, account)?;
        for fact in &facts {
            self.react(actor, fact.as_ref(), account, depth)?;
        }
        Ok(())
    }

    /// Asks every area whether the facts may happen, before the first of them is recorded.
    fn guard(&mut self, actor: &Actor, facts: &[Box<dyn AnyFact>]) -> Result<(), Stop> {
        let registry = Arc::clone(self.registry);
        let attempt = Attempt { at: self.at, actor };
        for guard in registry.areas.iter().filter_map(|area| area.guard) {
            facts.iter().try_for_each(|fact| guard(self.db, fact.as_ref(), attempt))?;
        }
        Ok(())
    }

    fn react(
        &mut self,
        actor: &Actor,
        fact: &dyn AnyFact,
        account: &mut Account<'_>,
        depth: usize,
    ) -> Result<(), Stop> {
        let registry = Arc::clone(self.registry);
        let mut commands = Vec::new();
        for react in registry.areas.iter().filter_map(|area| area.react) {
            react(self.db, fact, &mut commands)?;
        }
        if depth > 16 && !commands.is_empty() {
            let name = fact.kind();
            return Err(StoreError::stored(name, "reactions follow each other without end").into());
        }
        for command in commands {
            self.decide(&actor.on_behalf(), command.as_ref(), None, account, depth + 1)?;
        }
        Ok(())
    }

    /// Puts facts into the ledger and folds them into the rows. Of many facts, a second thread writes and
    /// hashes the entries while this one changes the rows.
    fn record(
        &mut self,
        act: &Act,
        facts: &[Box<dyn AnyFact>],
        account: &mut Account<'_>,
    ) -> Result<(), StoreError> {
        let first = self.next_seq;
        let each = facts.iter().zip(first..).map(|(fact, seq)| (fact.as_ref(), seq, self.salt()));
        let each: Vec<_> = each.collect();
        if facts.len() < SHARED {
            return each.into_iter().try_for_each(|(fact, seq, salt)| {
                self.keep(act, fact, &NewEntry::write(&act.entry, fact, seq, salt)?, account)
            });
        }
        std::thread::scope(|scope| {
            let (give, take) = mpsc::sync_channel(SHARED);
            let to_write = each.clone();
            scope.spawn(move || {
                for (fact, seq, salt) in to_write {
                    if give.send(NewEntry::write(&act.entry, fact, seq, salt)).is_err() {
                        break;
                    }
                }
            });
            each.into_iter().try_for_each(|(fact, _, _)| {
                let written = take.recv().map_err(|_| StoreError::Closed)??;
                self.keep(act, fact, &written, account)
            })
        })
    }

    fn salt(&mut self) -> [u8; 16] {
        let mut salt = [0; 16];
        (self.entropy)(&mut salt);
        salt
    }

    fn keep(
        &mut self,
        act: &Act,
        fact: &dyn AnyFact,
        written: &NewEntry,
        account: &mut Account<'_>,
    ) -> Result<(), StoreError> {
        let seq = written.seq;
        log::insert(self.db, written)?;
        self.pending.edges.extend(fact.edges().into_iter().map(|edge| Drawn { seq, edge }));
        fact.apply(self.db, &Applied { seq, at: self.at, person: act.person })?;
        self.pending.leaves.push(written.leaf);
        self.next_seq = seq + 1;
        account.add(seq, &written.subjects);
        Ok(())
    }
}

/// What a panic said.
fn broke_off(what: &str, panic: &(dyn Any + Send)) -> StoreError {
    let said = panic.downcast_ref::<&str>().copied();
    let said = said.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let why = said.unwrap_or("it did not say why").to_owned();
    tracing::error!(what, why, "broke off; nothing of it was kept");
    StoreError::BrokeOff { what: what.to_owned(), why }
}

/// Who does what when, the same for all facts of a command.
struct Act {
    /// An entry without its fact.
    entry: Record,
    person: Option<PersonId>,
}

impl Act {
    fn of(actor: &Actor, command: &str, reason: Option<&str>, at: Instant) -> Self {
        let person = actor.person();
        let entry = Record {
            seq: 0,
            at: at.to_string(),
            actor: who(actor),
            on_behalf_of: person.filter(|_| actor.is_system()).map(|person| person.to_string()),
            command: command.to_owned(),
            kind: String::new(),
            version: 0,
            subjects: Vec::new(),
            reason: reason.map(str::to_owned),
            payload: Digest::EMPTY_ROOT,
        };
        Act { entry, person }
    }
}

/// The receipt of a command as it grows, and what was prepared for it.
struct Account<'a> {
    receipt: Receipt,
    named: BTreeSet<Ref>,
    prepared: Option<&'a Prepared>,
}

impl Default for Account<'_> {
    fn default() -> Self {
        let receipt = Receipt { entries: Vec::new(), subjects: Vec::new() };
        Account { receipt, named: BTreeSet::new(), prepared: None }
    }
}

impl Account<'_> {
    fn add(&mut self, seq: u64, subjects: &[Ref]) {
        self.receipt.entries.push(seq);
        let new = subjects.iter().filter(|subject| self.named.insert(**subject));
        self.receipt.subjects.extend(new);
    }
}

fn who(actor: &Actor) -> String {
    match actor.who {
        Who::Person(person) => person.to_string(),
        Who::System(_) => "system".to_owned(),
    }
}

pub(crate) fn permission(actor: &Actor, command: &dyn AnyCommand) -> Result<(), Stop> {
    let refused = |code: &str| {
        let roles: Vec<&str> = command.roles().iter().map(|role| role.word()).collect();
        let refusal = Refusal::new(code, "HOUSE one path 2").with("command", command.name());
        Err(Stop::Refused(Box::new(refusal.with("roles", roles.join(", ")))))
    };
    if actor.is_system() {
        return Ok(());
    }
    if !actor.has_any(command.roles()) {
        return refused("permission-role");
    }
    if actor.only.as_ref().is_some_and(|only| !only.iter().any(|name| name == command.name())) {
        return refused("permission-token");
    }
    if command.signs().is_some() && !actor.reauthenticated {
        return refused("signature-password");
    }
    Ok(())
}
