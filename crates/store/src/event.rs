//! Facts: what happened, in the past tense, kept for ever.
//!
//! A fact is a struct in the file of the use case that makes it. It knows which records it is about, which
//! derivation edges it adds, and how it changes the rows. Folding all facts in order gives all rows again;
//! `orepass ledger verify` does just that.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

use facts::Notice;
use kernel::{Edge, Instant, PersonId, Ref};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Db, StoreError};

/// When and by whom a fact was recorded; the same when it is folded again.
#[derive(Debug, Clone, Copy)]
pub struct Applied {
    /// Its place in the ledger.
    pub seq: u64,
    /// The instant of its commit.
    pub at: Instant,
    /// The person who acted, or on whose behalf the system did.
    pub person: Option<PersonId>,
}

/// Something that happened. The payload is its JSON; kind and version never change their meaning.
pub trait Fact: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// `lot.received`: the record and what happened to it.
    const KIND: &'static str;
    /// Raised when the payload changes shape; old shapes are still read.
    const VERSION: u32 = 1;

    /// The records it is about; the first is the one it makes or changes.
    fn subjects(&self) -> Vec<Ref>;

    /// What it derives from what.
    fn edges(&self) -> Vec<Edge> {
        Vec::new()
    }

    /// What it tells other areas.
    fn notices(&self) -> Vec<Notice> {
        Vec::new()
    }

    /// The kept files it names, by SHA-256: verification, backup and restore want each of them.
    fn files(&self) -> Vec<String> {
        Vec::new()
    }

    /// Changes the rows. Depends on nothing but the fact, `applied` and the rows themselves.
    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError>;

    /// One example of each shape, for the golden file that pins the stored form.
    fn samples() -> Vec<Self>;
}

/// A fact whose type is not known here: on its way into the ledger, or to another area's reactions.
pub trait AnyFact: Any + Send + Sync {
    /// See [`Fact::KIND`].
    fn kind(&self) -> &'static str;
    /// See [`Fact::VERSION`].
    fn version(&self) -> u32;
    /// The JSON that is stored.
    fn payload(&self) -> Result<String, StoreError>;
    /// See [`Fact::subjects`].
    fn subjects(&self) -> Vec<Ref>;
    /// See [`Fact::edges`].
    fn edges(&self) -> Vec<Edge>;
    /// See [`Fact::notices`].
    fn notices(&self) -> Vec<Notice>;
    /// See [`Fact::files`].
    fn files(&self) -> Vec<String>;
    /// See [`Fact::apply`].
    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError>;
}

impl<F: Fact> AnyFact for F {
    fn kind(&self) -> &'static str {
        F::KIND
    }
    fn version(&self) -> u32 {
        F::VERSION
    }
    fn payload(&self) -> Result<String, StoreError> {
        serde_json::to_string(self).map_err(|why| StoreError::stored(F::KIND, why))
    }
    fn subjects(&self) -> Vec<Ref> {
        Fact::subjects(self)
    }
    fn edges(&self) -> Vec<Edge> {
        Fact::edges(self)
    }
    fn notices(&self) -> Vec<Notice> {
        Fact::notices(self)
    }
    fn files(&self) -> Vec<String> {
        Fact::files(self)
    }
    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        Fact::apply(self, db, applied)
    }
}

impl dyn AnyFact {
    /// The fact as the type it was, if it is that one. Reactions ask this of other areas' facts.
    pub fn of<F: Fact>(&self) -> Option<&F> {
        (self as &dyn Any).downcast_ref()
    }
}

/// What a command made happen, in order.
#[derive(Default)]
pub struct Facts(pub(crate) Vec<Box<dyn AnyFact>>);

impl Facts {
    /// Nothing yet.
    pub fn new() -> Self {
        Facts::default()
    }

    /// One fact.
    pub fn one(fact: impl Fact) -> Self {
        Facts(vec![Box::new(fact)])
    }

    /// Adds a fact.
    pub fn push(&mut self, fact: impl Fact) {
        self.0.push(Box::new(fact));
    }

    /// The facts of one type, for tests of rules.
    pub fn of<F: Fact>(&self) -> Vec<&F> {
        self.0.iter().filter_map(|fact| fact.as_ref().of::<F>()).collect()
    }

    /// Their kinds, for tests of rules.
    pub fn kinds(&self) -> Vec<&'static str> {
        self.0.iter().map(|fact| fact.kind()).collect()
    }
}

/// Reads a stored payload, of the shape it was stored in, as the fact is today.
type Read = Arc<dyn Fn(&str) -> Result<Box<dyn AnyFact>, serde_json::Error> + Send + Sync>;

/// A kind of fact as an area registers it: how its stored forms, this version's and all before it, are read.
#[derive(Clone)]
pub struct FactKind {
    /// See [`Fact::KIND`].
    pub kind: &'static str,
    /// See [`Fact::VERSION`].
    pub version: u32,
    shapes: BTreeMap<u32, Read>,
    /// The stored form of each sample.
    pub samples: fn() -> Vec<String>,
    /// What the samples tell other areas.
    pub notices: fn() -> Vec<Notice>,
}

impl FactKind {
    /// Registers a fact.
    pub fn of<F: Fact>() -> Self {
        let read: Read = Arc::new(|payload| Ok(Box::new(serde_json::from_str::<F>(payload)?)));
        FactKind {
            kind: F::KIND,
            version: F::VERSION,
            shapes: BTreeMap::from([(F::VERSION, read)]),
            samples: || F::samples().iter().map(|s| s.payload().unwrap_or_default()).collect(),
            notices: || F::samples().iter().flat_map(Fact::notices).collect(),
        }
    }

    /// Reads the shape of an earlier version too: `FactKind::of::<LotHeld>().upcast(1, |old: LotHeldV1| …)`.
    /// What is stored stays as it is; it is read as the fact of today.
    #[must_use]
    pub fn upcast<Old: DeserializeOwned + 'static, F: Fact>(
        mut self,
        version: u32,
        today: fn(Old) -> F,
    ) -> Self {
        let read: Read = Arc::new(move |payload| Ok(Box::new(today(serde_json::from_str(payload)?))));
        self.shapes.insert(version, read);
        self
    }

    /// The versions whose stored form is read.
    pub fn versions(&self) -> impl Iterator<Item = u32> + '_ {
        self.shapes.keys().copied()
    }

    /// A stored payload of a version as the fact of today; nothing where that version is not known.
    ///
    /// # Errors
    /// The payload has not the shape of that version.
    pub fn read(&self, version: u32, payload: &str) -> Option<Result<Box<dyn AnyFact>, StoreError>> {
        let read = self.shapes.get(&version)?;
        Some(read(payload).map_err(|why| StoreError::stored(format!("{}@{version}", self.kind), why)))
    }
}
