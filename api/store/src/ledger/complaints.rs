//! What stands in the way of sequencing or signing a log: written to the program's log once a minute, not at every
//! attempt, and kept for whoever asks whether the service is well.

use crate::{Store, StoreError};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How often one that lasts is repeated in the program's log.
const REPEAT: Duration = Duration::from_secs(60);
/// One that goes away within this time was a hiccup: a lost connection, another node's turn.
const LASTING: Duration = Duration::from_secs(4);

/// A log that cannot be sequenced or signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogTrouble {
    /// Short name of the laboratory.
    pub laboratory: String,
    /// What stands in the way.
    pub reason: String,
}

#[derive(Default)]
pub(crate) struct Complaints(Mutex<HashMap<Uuid, Complaint>>);

struct Complaint {
    trouble: LogTrouble,
    since: Instant,
    told: Instant,
}

impl Complaint {
    fn lasts(&self) -> bool {
        self.since.elapsed() >= LASTING
    }

    fn trouble(&self) -> LogTrouble {
        self.trouble.clone()
    }
}

impl Complaints {
    fn all(&self) -> MutexGuard<'_, HashMap<Uuid, Complaint>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An attempt failed.
    pub(crate) fn tell(&self, log: Uuid, laboratory: &str, error: &StoreError) {
        let now = Instant::now();
        let trouble = LogTrouble {
            laboratory: laboratory.to_owned(),
            reason: error.to_string(),
        };
        let mut all = self.all();
        let known = all.get(&log).map(|known| (known.since, known.told));
        let (since, told) = known.unwrap_or((now, now));
        let repeated = known.is_some() && now.duration_since(told) < REPEAT;
        if !repeated {
            tracing::error!(%error, laboratory, "the audit log could not be sequenced or signed");
        }
        let told = if repeated { told } else { now };
        all.insert(log, Complaint { trouble, since, told });
    }

    /// An attempt succeeded.
    pub(crate) fn settle(&self, log: Uuid) {
        if let Some(complaint) = self.all().remove(&log) {
            tracing::info!(laboratory = %complaint.trouble.laboratory, "the audit log is sequenced and signed again");
        }
    }

    /// What has stood in one log's way for longer than a hiccup.
    pub(crate) fn of(&self, log: Uuid) -> Option<LogTrouble> {
        self.all()
            .get(&log)
            .filter(|complaint| complaint.lasts())
            .map(Complaint::trouble)
    }
}

impl Store {
    /// Logs that this process has not been able to sequence or sign for some seconds.
    pub fn log_troubles(&self) -> Vec<LogTrouble> {
        let all = self.inner.sequencing.complaints.all();
        all.values()
            .filter(|complaint| complaint.lasts())
            .map(Complaint::trouble)
            .collect()
    }
}
