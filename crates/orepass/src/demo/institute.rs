//! The institute that is being made: its store, its calendar, and the people who give the commands.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::{Context, Result, anyhow, bail};
use kernel::{Actor, Clock, Instant, Ref, Via, Who};
use serde_json::Value;
use store::{Options, Receipt, Request, Stop, Store};

use super::chance::Chance;

/// A clock that shows what the story says.
pub(super) struct Calendar(AtomicI64);

impl Clock for Calendar {
    fn now(&self) -> Instant {
        Instant::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// A command that somebody is to give.
pub(super) struct Order {
    who: &'static str,
    name: &'static str,
    fields: Value,
}

/// An order: who, which command, its fields.
pub(super) fn order(who: &'static str, name: &'static str, fields: Value) -> Order {
    Order { who, name, fields }
}

/// The institute.
pub(super) struct Institute {
    pub(super) store: Arc<Store>,
    pub(super) chance: Chance,
    calendar: Arc<Calendar>,
    people: BTreeMap<&'static str, Actor>,
    records: BTreeMap<String, Ref>,
    receipts: bool,
}

impl Institute {
    /// An empty data folder on the calendar's first day.
    pub(super) fn open(folder: &Path, receipts: bool) -> Result<Self> {
        if folder.join("keys").exists() {
            bail!("{} holds data already; name a folder that does not exist yet", folder.display());
        }
        let calendar = Arc::new(Calendar(AtomicI64::new(0)));
        let mut salt = Chance::new(0x0ae9_a55d);
        let options = Options {
            folder: folder.to_owned(),
            database: None,
            origin: "demo.orepass.example/ledger".to_owned(),
            clock: Arc::<Calendar>::clone(&calendar),
            entropy: Box::new(move |bytes| salt.fill(bytes)),
            registry: server::registry()?,
        };
        let store = Store::open(options).with_context(|| format!("open {}", folder.display()))?;
        let (people, records) = (BTreeMap::new(), BTreeMap::new());
        Ok(Institute {
            store: Arc::new(store),
            chance: Chance::new(2026),
            calendar,
            people,
            records,
            receipts,
        })
    }

    /// Turns the calendar to a local time, `2026-08-13 15:30`, and the whole story with it. Never back.
    pub(super) fn at(&self, local: &str) -> Result<()> {
        let instant = instant(local)?;
        anyhow::ensure!(instant >= self.calendar.now(), "the story goes back to {local}");
        self.calendar.0.store(instant.micros(), Ordering::SeqCst);
        Ok(())
    }

    /// Some minutes later.
    pub(super) fn pass(&self, minutes: i64) {
        self.calendar.0.fetch_add(minutes * 60_000_000, Ordering::SeqCst);
    }

    /// Remembers a person by a short word, with the roles they act in.
    pub(super) fn know(&mut self, word: &'static str, person: kernel::PersonId, roles: &[kernel::Role]) {
        let actor = Actor {
            who: Who::Person(person),
            roles: roles.to_vec(),
            via: Via::Page,
            reauthenticated: true,
            only: None,
        };
        self.people.insert(word, actor);
        self.records.insert(word.to_owned(), person.into());
    }

    /// The actor of a word.
    pub(super) fn actor(&self, word: &str) -> Result<Actor> {
        self.people.get(word).cloned().ok_or_else(|| anyhow!("nobody is called {word}"))
    }

    /// Remembers a record by a code.
    pub(super) fn remember(&mut self, code: impl Into<String>, record: Ref) {
        self.records.insert(code.into(), record);
    }

    /// The record of a code.
    pub(super) fn record(&self, code: &str) -> Result<Ref> {
        self.records.get(code).copied().ok_or_else(|| anyhow!("the story knows no {code}"))
    }

    /// The id of a code, as text.
    pub(super) fn id(&self, code: &str) -> Result<String> {
        Ok(self.record(code)?.to_string())
    }

    fn request(&self, order: &Order) -> Result<Request> {
        let kind = self.store.registry().commands.get(order.name);
        let kind = kind.ok_or_else(|| anyhow!("no area knows the command {}", order.name))?;
        let mut fields = order.fields.clone();
        let reason = match fields.as_object_mut().and_then(|fields| fields.remove("#because")) {
            Some(Value::String(reason)) => Some(reason),
            _ => None,
        };
        let command = (kind.parse)(&fields.to_string())
            .map_err(|error| anyhow!("{} {}: {} in {fields}", order.name, error.field, error.message))?;
        Ok(Request { actor: self.actor(order.who)?, command, reason, key: None })
    }

    /// A command that must succeed. Fields may hold the reason as `#because`.
    pub(super) fn give(&self, who: &'static str, name: &'static str, fields: Value) -> Result<Receipt> {
        let mut receipts = self.all(vec![order(who, name, fields)])?;
        receipts.pop().ok_or_else(|| anyhow!("{name} left no receipt"))
    }

    /// A command that makes a record, which is remembered by a code.
    pub(super) fn make(
        &mut self,
        code: &str,
        who: &'static str,
        name: &'static str,
        fields: Value,
    ) -> Result<Ref> {
        let receipt = self.give(who, name, fields)?;
        let made = *receipt.subjects.first().ok_or_else(|| anyhow!("{name} made nothing"))?;
        self.remember(code, made);
        Ok(made)
    }

    /// Commands that must all succeed; given together, so that they share commits.
    pub(super) fn all(&self, orders: Vec<Order>) -> Result<Vec<Receipt>> {
        let requests = orders.iter().map(|order| self.request(order)).collect::<Result<Vec<_>>>()?;
        let answers = self.store.request_all(requests);
        let mut receipts = Vec::new();
        for (order, answer) in orders.iter().zip(answers) {
            receipts
                .push(answer.map_err(|stop| anyhow!("{} {}: {}", order.name, order.fields, words(&stop)))?);
        }
        if self.receipts {
            for receipt in &receipts {
                println!("committed {}", receipt.entries.last().copied().unwrap_or_default());
            }
        }
        Ok(receipts)
    }

    /// A command that must be refused, by the refusal of this code; the refusal stays on record.
    pub(super) fn refused(
        &self,
        who: &'static str,
        name: &'static str,
        fields: Value,
        code: &str,
    ) -> Result<()> {
        match self.store.request(self.request(&order(who, name, fields))?) {
            Err(Stop::Refused(refusal)) if refusal.code == code => Ok(()),
            Err(stop) => bail!("{name} was to be refused as {code}, not: {}", words(&stop)),
            Ok(_) => bail!("{name} was to be refused as {code}, and was not"),
        }
    }

    /// Does all jobs that are due: files are rendered, imports finished.
    pub(super) fn work(&self) -> Result<()> {
        while self.store.work()? {}
        Ok(())
    }
}

/// A local time of the institute as an instant; China has one zone and no summer time.
pub(super) fn instant(local: &str) -> Result<Instant> {
    let (day, time) = local.split_once(' ').unwrap_or((local, "08:00"));
    format!("{day}T{time}:00+08:00").parse().with_context(|| format!("`{local}` is no local time"))
}

fn words(stop: &Stop) -> String {
    match stop {
        Stop::Refused(refusal) => format!("refused as {}: {:?}", refusal.code, refusal.args),
        Stop::Failed(error) => error.to_string(),
    }
}
