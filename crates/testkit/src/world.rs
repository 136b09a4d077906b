//! A store in a temporary folder, on a clock that only the test turns.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use kernel::{Actor, Clock, Instant, PersonId, Role, Via, Who};
use store::{Area, Authorise, Db, Entropy, Options, Registry, Store};

/// Stands still until it is turned.
pub struct TestClock(AtomicI64);

impl TestClock {
    /// A clock that shows `at`.
    pub fn new(at: Instant) -> Self {
        TestClock(AtomicI64::new(at.micros()))
    }

    /// Shows `at` from now on.
    pub fn set(&self, at: Instant) {
        self.0.store(at.micros(), Ordering::SeqCst);
    }

    /// Turns it by `seconds`.
    pub fn advance_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Instant {
        Instant::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// A store of its own for one test: a folder that is gone afterwards, a clock at 2026-03-02T00:00:00Z, and
/// entropy from a fixed seed, so that two runs of a test write the same bytes.
pub struct World {
    /// The store. Let go of every clone before [`World::reopen`].
    pub store: Arc<Store>,
    /// Its clock.
    pub clock: Arc<TestClock>,
    /// What is needed to open it again.
    setup: Setup,
}

/// Outlives the store, so that the folder and the database go after it.
struct Setup {
    folder: PathBuf,
    database: Option<Postgres>,
    registry: Arc<Registry>,
}

static WORLDS: AtomicU64 = AtomicU64::new(0);

impl World {
    /// A world on the embedded database.
    ///
    /// # Panics
    /// When the areas do not fit together or the folder cannot be made.
    pub fn new(areas: Vec<Area>, authorise: Authorise) -> Self {
        World::on(areas, authorise, None)
    }

    fn on(areas: Vec<Area>, authorise: Authorise, database: Option<Postgres>) -> Self {
        let registry = Arc::new(Registry::new(areas, authorise).expect("the areas fit together"));
        let number = WORLDS.fetch_add(1, Ordering::SeqCst);
        let folder = std::env::temp_dir().join(format!("orepass-test-{}-{number}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let start: Instant = "2026-03-02T00:00:00Z".parse().expect("an instant");
        let clock = Arc::new(TestClock::new(start));
        let setup = Setup { folder, database, registry };
        let store = Arc::new(setup.open(&clock).expect("the store opens"));
        World { store, clock, setup }
    }

    /// Closes the store and opens it again, as after a restart.
    ///
    /// # Panics
    /// When something else still holds the store, or it does not open.
    #[must_use]
    pub fn reopen(self) -> Self {
        let World { store, clock, setup } = self;
        drop(Arc::into_inner(store).expect("nothing else holds the store"));
        let store = Arc::new(setup.open(&clock).expect("the store opens again"));
        World { store, clock, setup }
    }

    /// The options with which this world's store is opened: to try a second process, or other areas.
    pub fn options(&self) -> Options {
        self.setup.options(&self.clock)
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.setup.folder
    }

    /// The URL of the server database, when it is one.
    pub fn database(&self) -> Option<&str> {
        self.setup.database.as_ref().map(|database| database.url.as_str())
    }

    /// One person in these roles, who has given the password again for every command. Always the same person.
    pub fn actor(&self, roles: &[Role]) -> Actor {
        self.actor_as(PersonId(900_001), roles)
    }

    /// A certain person in these roles.
    pub fn actor_as(&self, person: PersonId, roles: &[Role]) -> Actor {
        let (who, roles) = (Who::Person(person), roles.to_vec());
        Actor { who, roles, via: Via::Page, reauthenticated: true, only: None }
    }
}

impl Setup {
    fn options(&self, clock: &Arc<TestClock>) -> Options {
        Options {
            folder: self.folder.clone(),
            database: self.database.as_ref().map(|database| database.url.clone()),
            origin: "orepass.test/ledger".to_owned(),
            clock: Arc::<TestClock>::clone(clock),
            entropy: entropy(7),
            registry: Arc::clone(&self.registry),
        }
    }

    fn open(&self, clock: &Arc<TestClock>) -> Result<Store, store::StoreError> {
        Store::open(self.options(clock))
    }
}

impl Drop for Setup {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014): enough for salts and keys that protect nothing.
fn entropy(mut state: u64) -> Entropy {
    Box::new(move |bytes| {
        for chunk in bytes.chunks_mut(8) {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    })
}

/// Runs a test on the embedded database and, where `OREPASS_TEST_POSTGRES` holds the URL of a server on which
/// databases may be made, on a fresh one there.
pub fn each_database(areas: fn() -> Vec<Area>, authorise: Authorise, check: impl Fn(World)) {
    check(World::new(areas(), authorise));
    match std::env::var("OREPASS_TEST_POSTGRES") {
        Ok(url) if !url.is_empty() => check(World::on(areas(), authorise, Some(Postgres::make(&url)))),
        _ => println!("PostgreSQL was left out: OREPASS_TEST_POSTGRES is not set"),
    }
}

/// A database made for one test and dropped after it.
struct Postgres {
    cluster: String,
    name: String,
    url: String,
}

impl Postgres {
    fn make(cluster: &str) -> Self {
        let number = WORLDS.fetch_add(1, Ordering::SeqCst);
        let name = format!("orepass_test_{}_{number}", std::process::id());
        let mut db = Db::postgres(cluster).expect("the server of OREPASS_TEST_POSTGRES answers");
        db.execute(&format!("DROP DATABASE IF EXISTS {name}"), &[]).expect("an old database can be dropped");
        db.execute(&format!("CREATE DATABASE {name}"), &[]).expect("a database can be made");
        let (before, query) = cluster.split_once('?').map_or((cluster, None), |(a, b)| (a, Some(b)));
        let server = before.rsplit_once('/').map_or(before, |(server, _)| server);
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        Postgres { cluster: cluster.to_owned(), url: format!("{server}/{name}{query}"), name }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Ok(mut db) = Db::postgres(&self.cluster) {
            let _ = db.execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name), &[]);
        }
    }
}
