//! The one writer. It takes what has queued up, runs it in one transaction, commits once, and answers all.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant as Stopwatch};

use kernel::{Clock, Instant, Numbers as _};

use crate::commit::{Counter, Group, Pending, Registry};
use crate::graph::Thread;
use crate::log::Log;
use crate::{Db, Prepared, Receipt, Request, Stop, StoreError, params};

/// How many commands share a commit at most, and how long a group may gather.
const GROUP: usize = 512;
const GATHER: Duration = Duration::from_millis(40);
/// How long a committed entry may wait for its signed checkpoint while there is more to do.
const PUBLISH: Duration = Duration::from_millis(1000);

type Answer = Result<Receipt, Stop>;
type Done = Result<(), StoreError>;
pub(crate) type Chore = Box<dyn FnOnce(&mut Db) -> Result<(), StoreError> + Send>;

/// What the writer is asked to do.
pub(crate) enum Task {
    /// Run a command; one with a key comes with the digest of its JSON.
    Run(Box<Request>, Option<String>, Option<Prepared>, Sender<Answer>),
    /// Give a number for a record that is being prepared; nobody else gets it, used or not.
    Number(Sender<u64>),
    /// Change a row of the store's own that is no record: a job's state.
    Chore(Chore, Sender<Result<(), StoreError>>),
    /// Publish tiles and checkpoint now.
    Publish(Sender<Result<(), StoreError>>),
    /// End.
    Stop,
}

pub(crate) struct Writer {
    pub db: Db,
    pub registry: Arc<Registry>,
    pub log: Arc<Mutex<Log>>,
    pub thread: Arc<RwLock<Thread>>,
    pub clock: Arc<dyn Clock>,
    pub entropy: crate::Entropy,
    pub numbers: Counter,
    pub last: Instant,
    pub ledger: String,
}

impl Writer {
    pub(crate) fn run(mut self, tasks: &Receiver<Task>) {
        let mut published = Stopwatch::now();
        let mut unpublished = false;
        loop {
            let wait = if unpublished { Duration::from_millis(25) } else { Duration::from_secs(3600) };
            match tasks.recv_timeout(wait) {
                Ok(Task::Stop) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(Task::Publish(reply)) => {
                    let _ = reply.send(self.publish());
                    unpublished = false;
                    continue;
                }
                Ok(Task::Number(reply)) => {
                    let _ = reply.send(self.numbers.next());
                    continue;
                }
                Ok(first) => {
                    let stop = self.group(first, tasks);
                    unpublished = true;
                    if stop {
                        break;
                    }
                    if published.elapsed() < PUBLISH {
                        continue;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            if unpublished {
                if let Err(error) = self.publish() {
                    tracing::error!(%error, "the ledger's tiles could not be written; tried again later");
                }
                published = Stopwatch::now();
                unpublished = false;
            }
        }
        if let Err(error) = self.publish() {
            tracing::error!(%error, "the ledger's tiles could not be written; the next start will");
        }
    }

    fn publish(&mut self) -> Result<(), StoreError> {
        let mut log = self.log.lock().map_err(|_| StoreError::Closed)?;
        log.publish(&mut self.db)
    }

    /// Runs queued tasks in one transaction. Gives true when asked to stop.
    fn group(&mut self, first: Task, tasks: &Receiver<Task>) -> bool {
        let mut queue = VecDeque::from([first]);
        let mut answers: Vec<(Sender<Answer>, Answer)> = Vec::new();
        let mut chores = Vec::new();
        let mut publishing = Vec::new();
        let mut stop = false;
        let begun = self.begin();
        let mut pending = Pending::default();
        if let Ok((at, next_seq)) = begun {
            let gather = Stopwatch::now();
            let mut group = Group {
                db: &mut self.db,
                registry: &self.registry,
                numbers: &mut self.numbers,
                entropy: &mut *self.entropy,
                ledger: &self.ledger,
                at,
                next_seq,
                pending,
            };
            let mut taken = 0;
            while let Some(task) = queue.pop_front() {
                taken += 1;
                match task {
                    Task::Run(request, digest, prepared, reply) => {
                        let answer = group.caught(&request, digest.as_deref(), prepared.as_ref());
                        answers.push((reply, answer));
                    }
                    Task::Number(reply) => {
                        let _ = reply.send(group.numbers.next());
                    }
                    Task::Chore(chore, reply) => chores.push((reply, group.chore(chore))),
                    Task::Publish(reply) => publishing.push(reply),
                    Task::Stop => stop = true,
                }
                if !stop && taken < GROUP && gather.elapsed() < GATHER {
                    queue.extend(tasks.try_recv().ok());
                }
            }
            pending = group.pending;
            let committed = self.commit(pending);
            reply(answers, chores, committed);
            for reply in publishing {
                let _ = reply.send(self.publish());
            }
        } else if let (Err(error), Some(Task::Run(_, _, _, answer))) = (begun, queue.pop_front()) {
            let _ = answer.send(Err(error.into()));
        }
        stop
    }

    fn begin(&mut self) -> Result<(Instant, u64), StoreError> {
        self.db.batch("BEGIN")?;
        self.last = self.last.max(self.clock.now());
        let log = self.log.lock().map_err(|_| StoreError::Closed)?;
        Ok((self.last, log.size()))
    }

    fn commit(&mut self, pending: Pending) -> Result<(), StoreError> {
        let sql = "INSERT INTO counter (name, value) VALUES ('record', ?1)
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        let done = self.db.execute(sql, params![self.numbers.0]).and_then(|_| self.db.batch("COMMIT"));
        if done.is_err() {
            let _ = self.db.batch("ROLLBACK");
            return done;
        }
        self.log.lock().map_err(|_| StoreError::Closed)?.accept(&pending.leaves);
        let mut thread = self.thread.write().map_err(|_| StoreError::Closed)?;
        pending.edges.iter().for_each(|drawn| thread.add(&drawn.edge));
        Ok(())
    }
}

fn reply(
    answers: Vec<(Sender<Answer>, Answer)>,
    chores: Vec<(Sender<Done>, Done)>,
    committed: Result<(), StoreError>,
) {
    let lost = committed.err().map(|error| error.to_string());
    let failed =
        |why: &String| StoreError::Configuration(format!("the commit failed, nothing is kept: {why}"));
    for (to, answer) in answers {
        let answer = match &lost {
            Some(why) => Err(failed(why).into()),
            None => answer,
        };
        let _ = to.send(answer);
    }
    for (to, answer) in chores {
        let _ = to.send(lost.as_ref().map_or(answer, |why| Err(failed(why))));
    }
}
