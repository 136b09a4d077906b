//! The one path of every change: permission, authorisation, decision, facts, rows, ledger, edges, jobs,
//! in one transaction. A refusal takes the same path and is committed as a fact of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::{Actor, Edge, Instant, Kind, Numbers, Ref, Refusal, Who};
use ledger::{Digest, Record};
use serde::{Deserialize, Serialize};

use crate::area::{Area, Authorise};
use crate::log::{self, NewEntry};
use crate::{
    AnyCommand, AnyFact, Applied, CommandKind, Context, Db, Fact, FactKind, Facts, JobKind, Receipt, Request,
    Stop, StoreError, params,
};

/// All areas of this binary, looked up by name.
pub struct Registry {
    /// In the order of the floors.
    pub areas: Vec<Area>,
    /// By name.
    pub commands: BTreeMap<&'static str, CommandKind>,
    /// By kind and version.
    pub facts: BTreeMap<(&'static str, u32), FactKind>,
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
            facts: BTreeMap::from([((Refused::KIND, Refused::VERSION), FactKind::of::<Refused>())]),
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
                if registry.facts.insert((fact.kind, fact.version), fact).is_some() {
                    return Err(twice(fact.kind));
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
    pub edges: Vec<Edge>,
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
    /// Runs one command to its facts or its refusal, which is then a fact as well.
    pub(crate) fn run(&mut self, request: &Request) -> Result<Receipt, Stop> {
        self.db.batch("SAVEPOINT command")?;
        let (leaves, edges, seq) = (self.pending.leaves.len(), self.pending.edges.len(), self.next_seq);
        let done = self.once(request);
        let Err(stop) = done else {
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
            self.record(&request.actor, request.command.name(), request.reason.as_deref(), &refused)?;
        }
        self.db.batch("RELEASE SAVEPOINT command")?;
        Err(stop)
    }

    fn once(&mut self, request: &Request) -> Result<Receipt, Stop> {
        let Some(key) = &request.key else { return self.permitted(request) };
        let person = who(&request.actor);
        let sql = "SELECT command, receipt FROM idempotency WHERE person = ?1 AND key = ?2";
        let digest = crate::sha256(request.command.json()?.as_bytes());
        let before =
            self.db.maybe(sql, params![&person, key], |row| Ok((row.text(0)?, row.json::<Receipt>(1)?)))?;
        match before {
            Some((command, receipt)) if command == digest => Ok(receipt),
            Some(_) => Err(StoreError::KeyReused(key.clone()).into()),
            None => {
                let receipt = self.permitted(request)?;
                let text =
                    serde_json::to_string(&receipt).map_err(|why| StoreError::stored("receipt", why))?;
                let sql = "INSERT INTO idempotency (person, key, command, receipt) VALUES (?1, ?2, ?3, ?4)";
                self.db.execute(sql, params![&person, key, &digest, &text])?;
                Ok(receipt)
            }
        }
    }

    fn permitted(&mut self, request: &Request) -> Result<Receipt, Stop> {
        permission(&request.actor, request.command.as_ref())?;
        let mut receipt = Receipt { entries: Vec::new(), subjects: Vec::new() };
        self.decide(&request.actor, request.command.as_ref(), request.reason.as_deref(), &mut receipt, 0)?;
        Ok(receipt)
    }

    fn decide(
        &mut self,
        actor: &Actor,
        command: &dyn AnyCommand,
        reason: Option<&str>,
        receipt: &mut Receipt,
        depth: usize,
    ) -> Result<(), Stop> {
        let acts = command.acts(self.db)?;
        let authorisations = (self.registry.authorise)(self.db, actor, &acts, self.at)?;
        let (at, ledger) = (self.at, self.ledger);
        let mut context = Context { at, actor, numbers: self.numbers, reason, authorisations, ledger };
        let Facts(facts) = command.handle(self.db, &mut context)?;
        for fact in &facts {
            let seq = self.record(actor, command.name(), reason, fact.as_ref())?;
            receipt.entries.push(seq);
            for subject in fact.subjects() {
                if !receipt.subjects.contains(&subject) {
                    receipt.subjects.push(subject);
                }
            }
        }
        for fact in &facts {
            self.react(actor, fact.as_ref(), receipt, depth)?;
        }
        Ok(())
    }

    fn react(
        &mut self,
        actor: &Actor,
        fact: &dyn AnyFact,
        receipt: &mut Receipt,
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
            self.decide(&actor.on_behalf(), command.as_ref(), None, receipt, depth + 1)?;
        }
        Ok(())
    }

    /// Puts a fact into the ledger and folds it into the rows.
    fn record(
        &mut self,
        actor: &Actor,
        command: &str,
        reason: Option<&str>,
        fact: &dyn AnyFact,
    ) -> Result<u64, StoreError> {
        let seq = self.next_seq;
        let subjects = fact.subjects();
        let payload = fact.payload()?;
        let mut salt = [0; 16];
        (self.entropy)(&mut salt);
        let record = Record {
            seq,
            at: self.at.to_string(),
            actor: who(actor),
            on_behalf_of: actor.is_system().then(|| actor.person().map(|p| p.to_string())).flatten(),
            command: command.to_owned(),
            kind: fact.kind().to_owned(),
            version: fact.version(),
            subjects: subjects.iter().map(ToString::to_string).collect(),
            reason: reason.map(str::to_owned),
            payload: ledger::payload_digest(&salt, payload.as_bytes()),
        };
        let numbers: Vec<u64> = subjects.iter().map(|subject| subject.number).collect();
        let leaf = log::insert(self.db, &NewEntry { record, salt, payload }, &numbers)?;
        for edge in fact.edges() {
            insert_edge(self.db, &edge, seq)?;
            self.pending.edges.push(edge);
        }
        fact.apply(self.db, &Applied { seq, at: self.at, person: actor.person() })?;
        self.pending.leaves.push(leaf);
        self.next_seq += 1;
        Ok(seq)
    }
}

fn who(actor: &Actor) -> String {
    match actor.who {
        Who::Person(person) => person.to_string(),
        Who::System(_) => "system".to_owned(),
    }
}

fn permission(actor: &Actor, command: &dyn AnyCommand) -> Result<(), Stop> {
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

pub(crate) fn kind_code(kind: Kind) -> i64 {
    Kind::ALL.iter().position(|k| *k == kind).unwrap_or_default() as i64
}

fn insert_edge(db: &mut Db, edge: &Edge, seq: u64) -> Result<(), StoreError> {
    let sound = |value: Option<f64>, most: f64| value.is_none_or(|v| (0.0..=most).contains(&v));
    if !sound(edge.mass_kg_dry, f64::MAX) || !sound(edge.share, 1.0) {
        let what = format!("the edge from {} to {}", edge.from, edge.to);
        return Err(StoreError::stored(what, "its mass is negative or its share is outside 0 to 1"));
    }
    let sql = "INSERT INTO edge (source_kind, source, target_kind, target, role, mass_kg_dry, share, seq)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let values = params![
        kind_code(edge.from.kind),
        edge.from.number,
        kind_code(edge.to.kind),
        edge.to.number,
        i64::from(edge.role.code()),
        edge.mass_kg_dry,
        edge.share,
        seq
    ];
    db.execute(sql, values).map(|_| ())
}
