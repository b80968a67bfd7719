//! Password hashes: Argon2id, tuned to this host, never more at once than memory allows (ATT-04).

use super::foreign;
use argon2::password_hash::{PasswordHasher as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use attest_keyring::{Keyring, random};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// 64 MiB.
const MEMORY_KIB: u32 = 65_536;
const LANES: u32 = 2;
/// One hash takes at least this long on this host.
const LEAST: Duration = Duration::from_millis(100);
/// Waiting for a free place is refused beyond this many: memory and patience are finite.
const QUEUE: usize = 64;

/// How busy hashing is: told apart so that the caller can answer 503 with Retry-After.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HashingLoad {
    /// All places are taken and the queue is full.
    #[error("too many logins at once")]
    Full,
    /// The hash could not be computed.
    #[error("the password could not be hashed")]
    Failed,
}

/// Hashes and verifies.
pub(crate) struct PasswordHasher {
    argon: Argon2<'static>,
    /// Hash of nobody's password: the unknown user takes as long as the known one (ATT-05).
    dummy: String,
    places: Arc<Semaphore>,
    queue: Arc<Semaphore>,
}

impl PasswordHasher {
    /// Tunes the number of passes at the first start and keeps it beside the keys.
    pub(crate) async fn tuned(keyring: &Arc<Keyring>, at_once: usize) -> Result<Self, String> {
        let keyring = Arc::clone(keyring);
        let (argon, dummy) = tokio::task::spawn_blocking(move || {
            let kept = keyring
                .document("argon2-passes", || {
                    measure().map(|passes| passes.to_string().into_bytes())
                })
                .map_err(|error| error.to_string())?;
            let passes = String::from_utf8_lossy(&kept)
                .trim()
                .parse::<u32>()
                .map_err(|error| format!("argon2-passes: {error}"))?;
            let argon = argon(passes)?;
            let dummy = hash(&argon, &hex::encode(random::<16>()))?;
            Ok::<_, String>((argon, dummy))
        })
        .await
        .map_err(|error| error.to_string())??;
        let at_once = at_once.max(1);
        Ok(Self {
            argon,
            dummy,
            places: Arc::new(Semaphore::new(at_once)),
            queue: Arc::new(Semaphore::new(at_once.saturating_add(QUEUE))),
        })
    }

    /// The PHC string of a password.
    pub(crate) async fn hash(&self, password: &str) -> Result<String, HashingLoad> {
        let (argon, password) = (self.argon.clone(), password.to_owned());
        self.work(move || hash(&argon, &password).map_err(|_reason| HashingLoad::Failed))
            .await?
    }

    /// Whether the password fits; where there is none (nobody, or somebody who has not chosen one yet) that takes the time of
    /// a wrong one. A hash that is easier than today's is joined by the dummy, side by side: it answers no faster (ATT-05).
    pub(crate) async fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool, HashingLoad> {
        let password = password.to_owned();
        let known = stored.filter(|stored| !stored.is_empty()).map(str::to_owned);
        let easier = known.as_deref().is_some_and(|stored| self.outdated(stored));
        let dummy = self.dummy.clone();
        self.work(move || match known {
            None => {
                foreign::fits(&dummy, &password);
                false
            }
            Some(stored) if easier => std::thread::scope(|side| {
                let padding = side.spawn(|| foreign::fits(&dummy, &password));
                let fits = foreign::fits(&stored, &password);
                // What it found does not matter, nor that it may have failed.
                let _padded = padding.join();
                fits
            }),
            Some(stored) => foreign::fits(&stored, &password),
        })
        .await
    }

    /// Whether a hash deserves to be made again: another algorithm's, or easier than today's.
    pub(crate) fn outdated(&self, stored: &str) -> bool {
        !foreign::is_current(stored, self.argon.params())
    }

    /// Work on a password in one of the bounded places.
    pub(crate) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HashingLoad> {
        let queued = Arc::clone(&self.queue)
            .try_acquire_owned()
            .map_err(|_full| HashingLoad::Full)?;
        let place = Arc::clone(&self.places)
            .acquire_owned()
            .await
            .map_err(|_closed| HashingLoad::Full)?;
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop((place, queued));
            done
        })
        .await
        .map_err(|_panicked| HashingLoad::Failed)
    }
}

fn argon(passes: u32) -> Result<Argon2<'static>, String> {
    let params = Params::new(MEMORY_KIB, passes, LANES, None).map_err(|error| error.to_string())?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(argon: &Argon2<'_>, password: &str) -> Result<String, String> {
    let salt = SaltString::encode_b64(&random::<16>()).map_err(|error| error.to_string())?;
    argon
        .hash_password(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| error.to_string())
}

/// The smallest number of passes that takes long enough here.
fn measure() -> Result<u32, String> {
    for passes in 1..=16 {
        let argon = argon(passes)?;
        let (begin, before) = (Instant::now(), on_processor());
        hash(&argon, "how long does this take?")?;
        // A machine that is busy with something else must not make a hash look harder than it is.
        let worked = on_processor()
            .zip(before)
            .map(|(after, before)| after.saturating_sub(before));
        if worked.unwrap_or_else(|| begin.elapsed()) >= LEAST {
            return Ok(passes);
        }
    }
    Ok(16)
}

/// How long this thread has had a processor, where the system tells (Linux, proc(5): nanoseconds in the first field).
fn on_processor() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}
