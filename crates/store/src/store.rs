//! Opening a data folder or a server database, and everything a reader may ask.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, RwLock};
use std::thread::JoinHandle;

use kernel::{Actor, Clock, Instant, Numbers, Ref};

use crate::commit::{Counter, Registry, permission};
use crate::graph::Thread;
use crate::log::{self, Log};
use crate::writer::{Chore, Task, Writer};
use crate::{
    AnyCommand, Command, Context, Db, Facts, Files, Receipt, Request, Stop, StoreError, jobs, look, migrate,
};

/// How often what was prepared for a command may have become old before it is given up.
const PREPARED: usize = 8;

/// Fills bytes with what nobody can guess.
pub type Entropy = Box<dyn FnMut(&mut [u8]) + Send>;

/// How a store is opened.
pub struct Options {
    /// The data folder: `orepass.db`, `files/`, `ledger/`, `keys/`.
    pub folder: PathBuf,
    /// A PostgreSQL URL, or nothing for the embedded database.
    pub database: Option<String>,
    /// The name under which this ledger signs, without blanks or `+`: `orepass.example/ledger`.
    pub origin: String,
    /// Knows the time.
    pub clock: Arc<dyn Clock>,
    /// Fills salts and seeds.
    pub entropy: Entropy,
    /// The areas of this binary.
    pub registry: Arc<Registry>,
}

/// An open store. Cheap to share behind an `Arc`; closes when the last handle is dropped.
pub struct Store {
    tasks: Mutex<Sender<Task>>,
    writer: Option<JoinHandle<()>>,
    readers: Mutex<Vec<Db>>,
    source: Source,
    log: Arc<Mutex<Log>>,
    thread: Arc<RwLock<Thread>>,
    files: Files,
    folder: PathBuf,
    clock: Arc<dyn Clock>,
    registry: Arc<Registry>,
    _lock: File,
}

/// A command that was given and not yet answered.
#[must_use = "a command may be refused"]
pub struct Waiting(Receiver<Result<Receipt, Stop>>);

impl Waiting {
    /// Waits until it is committed, refused or failed.
    pub fn wait(self) -> Result<Receipt, Stop> {
        self.0.recv().map_err(|_| Stop::Failed(StoreError::Closed))?
    }
}

enum Source {
    Sqlite(PathBuf),
    Postgres(String),
}

impl Source {
    fn connect(&self) -> Result<Db, StoreError> {
        match self {
            Source::Sqlite(path) => Db::sqlite(path),
            Source::Postgres(url) => Db::postgres(url),
        }
    }
}

impl Store {
    /// Opens a store: makes a new one where nothing is yet, and migrates an old one. One that has been used
    /// is whole or is not opened: a key that is gone is not made again. One process at a time.
    pub fn open(mut options: Options) -> Result<Self, StoreError> {
        let folder = options.folder;
        std::fs::create_dir_all(&folder).map_err(StoreError::io(format!("make {}", folder.display())))?;
        let lock = lock(&folder)?;
        let source = match options.database {
            None => Source::Sqlite(folder.join("orepass.db")),
            Some(url) => Source::Postgres(url),
        };
        if let Source::Sqlite(path) = &source
            && !path.exists()
            && folder.join("ledger/checkpoint").exists()
        {
            look::whole(&folder, true)?;
        }
        let mut db = source.connect()?;
        migrate::run(&mut db, &options.registry)?;
        if log::count(&mut db)? > 0 {
            look::to_go_on(&folder)?;
        }
        for part in look::PARTS {
            let path = folder.join(part);
            std::fs::create_dir_all(&path).map_err(StoreError::io(format!("make {}", path.display())))?;
        }
        let key = log::key(&folder.join("keys"), &options.origin, &mut *options.entropy)?;
        let _ = std::fs::remove_file(folder.join("keys").join(look::ELSEWHERE)); // the key is here now
        let log = Log::open(&folder.join("ledger"), key, &mut db)?;
        let numbers = db
            .maybe("SELECT value FROM counter WHERE name = 'record'", &[], |row| row.number(0))?
            .unwrap_or_default();
        let last = last_instant(&mut db)?;
        let thread = Arc::new(RwLock::new(Thread::load(&mut db)?));
        let ledger = log.key().verifier().name().to_owned();
        let log = Arc::new(Mutex::new(log));
        let (tasks, queue) = mpsc::channel();
        let writer = Writer {
            db,
            registry: Arc::clone(&options.registry),
            log: Arc::clone(&log),
            thread: Arc::clone(&thread),
            clock: Arc::clone(&options.clock),
            entropy: options.entropy,
            numbers: Counter(numbers),
            last,
            ledger,
        };
        let writer = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || writer.run(&queue))
            .map_err(StoreError::io("start the writer"))?;
        Ok(Store {
            tasks: Mutex::new(tasks),
            writer: Some(writer),
            readers: Mutex::new(Vec::new()),
            source,
            log,
            thread,
            files: Files::new(folder.join("files")),
            folder,
            clock: options.clock,
            registry: options.registry,
            _lock: lock,
        })
    }

    /// Gives a command as an actor and waits until it is committed, refused or failed.
    pub fn run(&self, actor: &Actor, command: impl Command) -> Result<Receipt, Stop> {
        self.request(Request::new(actor, command))
    }

    /// Gives a command with its reason and key, and waits. What was prepared for it and has become old is
    /// prepared anew, a few times.
    pub fn request(&self, mut request: Request) -> Result<Receipt, Stop> {
        for _ in 0..PREPARED {
            let next = request.again(&self.registry)?;
            match (self.submit(request)?.wait(), next) {
                (Err(Stop::Failed(StoreError::Changed(_))), Some(next)) => request = next,
                (done, _) => return done,
            }
        }
        self.submit(request)?.wait()
    }

    /// Gives a command and does not wait: so the next one can be prepared meanwhile.
    pub fn submit(&self, request: Request) -> Result<Waiting, StoreError> {
        let (reply, answer) = mpsc::channel();
        // Written, hashed and prepared here, where others are not waiting for it.
        let digest = match request.key.is_some() {
            true => Some(crate::sha256(request.command.json()?.as_bytes())),
            false => None,
        };
        let command = request.command.as_ref();
        let prepared = match command.prepares() && permission(&request.actor, command).is_ok() {
            true => command.prepare(self, &request.actor)?,
            false => None,
        };
        self.send(Task::Run(Box::new(request), digest, prepared, reply))?;
        Ok(Waiting(answer))
    }

    /// What would come of a command at this instant, decided on one state of the database and not kept, and
    /// the instant. The numbers it takes are nobody else's afterwards.
    pub fn rehearse(&self, actor: &Actor, command: &dyn AnyCommand) -> Result<(Facts, Instant), Stop> {
        struct Reserved<'a>(&'a Store);
        impl Numbers for Reserved<'_> {
            fn next(&mut self) -> u64 {
                // A number that cannot be had is one that nothing bears: what rests on it is then refused.
                self.0.reserve().unwrap_or_default()
            }
        }
        let at = self.now();
        let ledger = self.verifier()?.name().to_owned();
        self.read(|db| {
            let decided = (|| {
                let acts = command.acts(db)?;
                let authorise = self.registry.authorise;
                let authorisations = authorise(db, actor, &acts, at)?;
                let (numbers, ledger) = (&mut Reserved(self), ledger.as_str());
                let mut context = Context {
                    at,
                    actor,
                    numbers,
                    reason: None,
                    authorisations,
                    ledger,
                    authorise,
                    prepared: None,
                    rehearsal: true,
                };
                Ok((command.handle(db, &mut context)?, at))
            })();
            Ok(decided)
        })?
    }

    /// A number for a record that is being prepared.
    fn reserve(&self) -> Result<u64, StoreError> {
        let (reply, answer) = mpsc::channel();
        self.send(Task::Number(reply))?;
        answer.recv().map_err(|_| StoreError::Closed)
    }

    /// Gives many commands at once, so that they share commits; answers in the same order.
    pub fn request_all(&self, requests: Vec<Request>) -> Vec<Result<Receipt, Stop>> {
        let waiting: Vec<_> = requests
            .into_iter()
            .map(|request| (request.again(&self.registry), self.submit(request)))
            .collect();
        let answer = |(next, waiting): (Result<Option<Request>, StoreError>, Result<Waiting, StoreError>)| {
            match (waiting?.wait(), next?) {
                // One of the others came between.
                (Err(Stop::Failed(StoreError::Changed(_))), Some(next)) => self.request(next),
                (done, _) => done,
            }
        };
        waiting.into_iter().map(answer).collect()
    }

    /// Reads from one state of the database.
    pub fn read<T>(&self, ask: impl FnOnce(&mut Db) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let idle = self.readers.lock().map_err(|_| StoreError::Closed)?.pop();
        let mut db = match idle {
            Some(db) => db,
            None => self.source.connect()?,
        };
        db.begin_reading()?;
        let answer = ask(&mut db);
        if db.batch("ROLLBACK").is_ok() {
            let mut readers = self.readers.lock().map_err(|_| StoreError::Closed)?;
            if readers.len() < 8 {
                readers.push(db);
            }
        }
        answer
    }

    /// The derivation graph, held for reading while `ask` runs.
    pub fn thread<T>(&self, ask: impl FnOnce(&Thread) -> T) -> Result<T, StoreError> {
        Ok(ask(&*self.thread.read().map_err(|_| StoreError::Closed)?))
    }

    /// Files by hash.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The present instant, by the store's clock.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// All areas.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The public key that checks this ledger's checkpoints.
    pub fn verifier(&self) -> Result<ledger::VerifierKey, StoreError> {
        Ok(self.log.lock().map_err(|_| StoreError::Closed)?.key().verifier().clone())
    }

    /// Publishes, then gives the signed checkpoint and the proof of each entry under it.
    pub fn prove(&self, entries: &[u64]) -> Result<(String, Vec<ledger::Proof>), StoreError> {
        self.publish()?;
        let log = self.log.lock().map_err(|_| StoreError::Closed)?;
        let proofs = entries.iter().map(|seq| log.prove(*seq)).collect::<Result<_, _>>()?;
        Ok((log.checkpoint().to_owned(), proofs))
    }

    /// Signs a short statement with the ledger's key, as a note: `status.json` of a dossier.
    pub fn sign<T>(&self, with: impl FnOnce(&ledger::SigningKey) -> T) -> Result<T, StoreError> {
        Ok(with(self.log.lock().map_err(|_| StoreError::Closed)?.key()))
    }

    /// Writes tiles and checkpoint of everything committed so far.
    pub fn publish(&self) -> Result<(), StoreError> {
        let (reply, answer) = mpsc::channel();
        self.send(Task::Publish(reply))?;
        answer.recv().map_err(|_| StoreError::Closed)?
    }

    /// Does the oldest job that is due; gives whether there was one.
    pub fn work(&self) -> Result<bool, StoreError> {
        let now = self.now();
        let Some(job) = self.read(|db| jobs::due(db, now))? else { return Ok(false) };
        let worked = match self.registry.jobs.get(job.kind.as_str()) {
            Some(kind) => (kind.work)(self, job.subject).map_err(|error| error.to_string()),
            None => Err(format!("no area knows the job `{}`", job.kind)),
        };
        let chore: Chore = match worked {
            Ok(()) => Box::new(move |db| jobs::done(db, job.number)),
            Err(trouble) => {
                tracing::warn!(kind = job.kind, subject = %job.subject, trouble, "a job did not succeed");
                Box::new(move |db| jobs::failed(db, &job, now, &trouble))
            }
        };
        let (reply, answer) = mpsc::channel();
        self.send(Task::Chore(chore, reply))?;
        answer.recv().map_err(|_| StoreError::Closed)??;
        Ok(true)
    }

    /// Remembers that a file is kept, after [`Files::keep`]: its size and the name it first came under.
    pub fn keep_file(&self, name: &str, bytes: &[u8]) -> Result<String, StoreError> {
        let sha256 = self.files.keep(bytes)?;
        let (hash, name, size) = (sha256.clone(), name.to_owned(), bytes.len());
        let chore: Chore = Box::new(move |db| {
            let sql = "INSERT INTO file (sha256, bytes, first_name) VALUES (?1, ?2, ?3)
                       ON CONFLICT (sha256) DO NOTHING";
            db.execute(sql, crate::params![&hash, size, &name]).map(|_| ())
        });
        let (reply, answer) = mpsc::channel();
        self.send(Task::Chore(chore, reply))?;
        answer.recv().map_err(|_| StoreError::Closed)??;
        Ok(sha256)
    }

    /// What a record is, for people.
    pub fn describe(&self, record: Ref) -> Result<Option<crate::Described>, StoreError> {
        self.read(|db| self.registry.describe(db, record))
    }

    fn send(&self, task: Task) -> Result<(), StoreError> {
        let tasks = self.tasks.lock().map_err(|_| StoreError::Closed)?;
        tasks.send(task).map_err(|_| StoreError::Closed)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        let _ = self.send(Task::Stop);
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

fn last_instant(db: &mut Db) -> Result<Instant, StoreError> {
    let sql = "SELECT record FROM ledger_entry ORDER BY seq DESC LIMIT 1";
    let last = db.maybe(sql, &[], |row| row.text(0))?;
    match last {
        None => Ok(Instant::from_micros(0)),
        Some(text) => {
            let record = ledger::Record::parse(text.as_bytes())
                .map_err(|why| StoreError::stored("the last ledger entry", why))?;
            record.at.parse().map_err(|why| StoreError::stored("the last ledger entry", why))
        }
    }
}

fn lock(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join("lock");
    let file = File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(StoreError::io(format!("open {}", path.display())))?;
    file.try_lock().map_err(|_| StoreError::Locked(folder.display().to_string()))?;
    Ok(file)
}
