//! SQLite: one writer thread that commits many jobs at once, and a pool of readers.
//!
//! `synchronous=FULL` makes every commit wait for the disk. Jobs that queue while one commit is under way share
//! the next: each runs in a savepoint, one COMMIT makes them all durable, and only then are they answered.

use super::address::OpenError;
use super::cell::row;
use super::engine::Db;
use super::pool::Connections;
use super::sql::sql;
use crate::StoreError;
use diesel::r2d2::Pool;
use diesel::{Connection, SqliteConnection};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use tokio::sync::oneshot;

/// Jobs that share one COMMIT at most: bounds how long the first of them waits.
const BATCH: usize = 64;
/// Jobs that may wait; more are refused with 503 instead of growing without bound.
const QUEUE: usize = 4_096;

/// A job runs on the writer's connection and hands back what is to be done once the fate of its batch is known.
type Job = Box<dyn FnOnce(&mut Db) -> Finished + Send>;
/// Called with the error that kept the batch from committing, or nothing when it is durable.
type Answer = Box<dyn FnOnce(Option<&str>) + Send>;

struct Finished {
    keep: bool,
    answer: Answer,
}

#[derive(Clone)]
pub(crate) struct SqliteEngine {
    jobs: SyncSender<Job>,
    readers: Pool<Connections>,
    url: String,
}

impl SqliteEngine {
    pub(crate) fn open(path: &Path, readers: u32) -> Result<Self, OpenError> {
        let url = path.to_string_lossy().into_owned();
        let connect = |error: diesel::ConnectionError| OpenError::Connect(error.to_string());
        let mut writer = Db::Sqlite(SqliteConnection::establish(&url).map_err(connect)?);
        writer
            .batch(WRITER_SETTINGS)
            .map_err(|error| OpenError::Connect(error.to_string()))?;
        let (jobs, queue) = sync_channel(QUEUE);
        std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || write_loop(&mut writer, &queue))
            .map_err(|error| OpenError::Connect(error.to_string()))?;
        let readers = Connections::sqlite_readers(url.clone()).pool(readers)?;
        Ok(Self { jobs, readers, url })
    }

    /// Copies the write-ahead log into the database and cuts it off. The pages in it hold what has since been overwritten.
    pub(crate) async fn forget(&self) -> Result<bool, StoreError> {
        row! { struct Checkpointed { busy: i64 } }
        let url = self.url.clone();
        tokio::task::spawn_blocking(move || {
            let mut apart = Db::Sqlite(
                SqliteConnection::establish(&url).map_err(|error| StoreError::Unavailable(error.to_string()))?,
            );
            apart.batch("PRAGMA busy_timeout = 2000")?;
            Ok(sql("PRAGMA wal_checkpoint(TRUNCATE)")
                .one::<Checkpointed>(&mut apart)?
                .busy
                == 0)
        })
        .await
        .map_err(StoreError::broken)?
    }

    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Db) -> Result<T, StoreError> + Send + 'static,
    {
        let pool = self.readers.clone();
        tokio::task::spawn_blocking(move || {
            let mut reader = pool.get().map_err(|_timed_out| StoreError::Overloaded)?;
            reader.look(work)
        })
        .await
        .map_err(|error| StoreError::Broken(format!("a read did not finish: {error}")))?
    }

    /// A question that one index answers: asked on the spot when a reader is free, because waking another thread for it
    /// takes longer than the answer. A single statement sees one state without BEGIN.
    pub(crate) async fn glance<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Db) -> Result<T, StoreError> + Send + 'static,
    {
        match self.readers.try_get() {
            Some(mut reader) => reader.glance(work),
            None => self.read(work).await,
        }
    }

    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Db) -> Result<T, StoreError> + Send + 'static,
    {
        let (answered, answer) = oneshot::channel();
        let job: Job = Box::new(move |db| {
            let result = work(db);
            Finished {
                keep: result.is_ok(),
                answer: Box::new(move |lost| {
                    // A caller that went away (client disconnected) does not undo what is durable.
                    let _gone = answered.send(match lost {
                        Some(error) if result.is_ok() => Err(StoreError::Unavailable(error.to_owned())),
                        _ => result,
                    });
                }),
            }
        });
        self.jobs.try_send(job).map_err(|full| match full {
            TrySendError::Full(_) => StoreError::Overloaded,
            TrySendError::Disconnected(_) => StoreError::Unavailable("the writer has stopped".to_owned()),
        })?;
        answer
            .await
            .map_err(|_dropped| StoreError::Unavailable("the writer has stopped".to_owned()))?
    }
}

fn write_loop(db: &mut Db, queue: &Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        if let Err(error) = db.mark("BEGIN IMMEDIATE") {
            let why = error.to_string();
            tracing::error!(error = %why, "the database refuses writing");
            // Nothing ran: the job is dropped, its caller is told that the writer did not answer.
            drop(first);
            continue;
        }
        let mut answers = vec![run(db, first)];
        while answers.len() < BATCH {
            let Ok(job) = queue.try_recv() else { break };
            answers.push(run(db, job));
        }
        let lost = db.mark("COMMIT").err().map(|error| {
            let _already_ended = db.batch("ROLLBACK");
            tracing::error!(%error, "a batch could not be committed");
            error.to_string()
        });
        for answer in answers {
            answer(lost.as_deref());
        }
    }
}

fn run(db: &mut Db, job: Job) -> Answer {
    if let Err(error) = db.mark("SAVEPOINT job") {
        tracing::error!(%error, "no savepoint");
    }
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job(db)));
    let (keep, answer): (bool, Answer) = match outcome {
        Ok(finished) => (finished.keep, finished.answer),
        // The job is gone with its answer channel: its caller gets an error, the others go on.
        Err(_panic) => (false, Box::new(|_lost| ())),
    };
    let ended = if keep {
        db.mark("RELEASE job")
    } else {
        db.batch("ROLLBACK TO job; RELEASE job")
    };
    if let Err(error) = ended {
        tracing::error!(%error, "a savepoint could not be ended");
    }
    answer
}

/// `secure_delete`: what is deleted or overwritten is zeros on its page, not free space that still says it (ATT-43).
const WRITER_SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
     PRAGMA busy_timeout = 5000; PRAGMA cache_size = -24000; PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY; \
     PRAGMA secure_delete = ON;";
