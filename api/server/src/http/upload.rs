//! Files on their way in: the body is the file, the head says what it is called. What it is, nobody is asked.

use super::Problem;
use super::body::{compressed, is_coded, too_large, too_slow, unsupported, whole};
use crate::config::Config;
use actix_web::http::header::{
    CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, ContentDisposition, DispositionParam,
};
use actix_web::{FromRequest, HttpRequest, dev, web};
use futures_util::StreamExt;
use std::collections::HashMap;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

/// Files that one person or program may send at once: nobody takes all the places.
const OF_ONE_SENDER: usize = 2;
/// How long a file waits for a place.
const QUEUE: Duration = Duration::from_secs(10);
/// How long what is still coming of a refused file is read.
const DRAINED_FOR: Duration = Duration::from_secs(30);

/// A file that is being sent. Taking it as an argument reads nothing yet.
pub struct Upload {
    payload: dev::Payload,
    name: Result<String, Problem>,
    declared: Option<usize>,
    wrong: Option<Problem>,
    limits: Limits,
    patience: Duration,
}

/// How large files may be, as configured.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of one.
    pub largest: usize,
    /// Bytes of all files of a laboratory; none: no limit.
    pub room: Option<i64>,
}

impl Limits {
    fn of(config: &Config) -> Self {
        Self {
            largest: config.max_file_bytes,
            room: Some(config.laboratory_file_bytes).filter(|bytes| *bytes > 0),
        }
    }
}

impl FromRequest for Upload {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let Some(config) = request.app_data::<web::Data<Config>>() else {
            return ready(Err(Problem::internal(&"no settings")));
        };
        let declared = request.headers().get(CONTENT_LENGTH);
        ready(Ok(Self {
            payload: payload.take(),
            name: name(request),
            declared: declared.and_then(|length| length.to_str().ok()?.parse().ok()),
            wrong: wrong(request),
            limits: Limits::of(config),
            patience: Duration::from_secs(config.upload_seconds),
        }))
    }
}

impl Upload {
    /// How large it may be.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Bytes that the sender announces.
    pub fn declared(&self) -> Option<usize> {
        self.declared
    }

    /// The name it was sent under, as it was sent.
    ///
    /// # Errors
    /// None, or one that cannot be read.
    pub fn name(&self) -> Result<String, Problem> {
        self.name.clone()
    }

    /// Everything that was sent.
    ///
    /// # Errors
    /// Too much, too slow, ended early, compressed, or a form around the file.
    pub async fn content(&mut self, limit: usize) -> Result<web::BytesMut, Problem> {
        if let Some(wrong) = self.wrong.take() {
            return Err(wrong);
        }
        if self.declared.is_some_and(|declared| declared > limit) {
            return Err(too_large(limit));
        }
        tokio::time::timeout(self.patience, whole(&mut self.payload, limit, limit))
            .await
            .unwrap_or_else(|_slow| Err(too_slow(self.patience)))
    }

    /// Reads what is still coming of a file that was refused, and throws it away, as far as that is bearable: a sender that is
    /// still sending would see a broken connection instead of the answer.
    pub async fn drain(&mut self, most: usize) {
        let mut thrown = 0usize;
        let rest = async {
            while let Some(Ok(chunk)) = self.payload.next().await {
                thrown = thrown.saturating_add(chunk.len());
                if thrown > most {
                    break;
                }
            }
        };
        let _given_up = tokio::time::timeout(self.patience.min(DRAINED_FOR), rest).await;
    }
}

/// `Content-Disposition: attachment; filename="form.pdf"`, or with `filename*=UTF-8''…` (RFC 6266), which goes first.
fn name(request: &HttpRequest) -> Result<String, Problem> {
    let says = |code: &str, message: &str| Problem::field("Content-Disposition", code, message);
    let sent = request.headers().get(CONTENT_DISPOSITION).ok_or_else(|| {
        says(
            "required",
            "say what the file is called: attachment; filename=\"form.pdf\", or filename*=UTF-8''name with percent-encoded characters",
        )
    })?;
    let unreadable = || {
        says(
            "invalid",
            "cannot be read; send attachment; filename*=UTF-8''name, with everything but letters, digits, - . _ ~ percent-encoded",
        )
    };
    let found = ContentDisposition::from_raw(sent).map_err(|_unreadable| unreadable())?;
    let extended = found.parameters.iter().find_map(DispositionParam::as_filename_ext);
    match extended {
        Some(extended) if extended.charset.to_string().eq_ignore_ascii_case("UTF-8") => {
            String::from_utf8(extended.value.clone()).map_err(|_other| unreadable())
        }
        Some(_other) => Err(unreadable()),
        None => found.get_filename().map(str::to_owned).ok_or_else(unreadable),
    }
}

/// What is no file: something compressed, or a form with a file in it.
fn wrong(request: &HttpRequest) -> Option<Problem> {
    if is_coded(request) {
        return Some(compressed());
    }
    let sent = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let form = sent.is_some_and(|sent| sent.trim_start().to_ascii_lowercase().starts_with("multipart/"));
    form.then(|| unsupported("send the file itself as the body, not a form with the file in it"))
}

/// The places for files on their way in: what is being received is in memory, so that there are few of them.
pub struct Uploads {
    places: Arc<Semaphore>,
    senders: Arc<Mutex<HashMap<Uuid, usize>>>,
}

/// A place that is given back when it is dropped.
pub struct Place {
    _place: OwnedSemaphorePermit,
    _sender: Sender,
}

/// One of what a sender is sending.
struct Sender {
    id: Uuid,
    all: Arc<Mutex<HashMap<Uuid, usize>>>,
}

impl Uploads {
    /// So many places.
    pub fn new(places: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(places)),
            senders: Arc::default(),
        }
    }

    /// A place for a file of this sender.
    ///
    /// # Errors
    /// This sender has two already (429), or none gets free in time (503).
    pub async fn place(&self, sender: Uuid) -> Result<Place, Problem> {
        let sender = Sender::counted(sender, &self.senders).ok_or_else(|| Problem {
            retry_after: Some(5),
            ..Problem::new(
                429,
                "rate-limited",
                "Too many at once",
                format!("you are sending {OF_ONE_SENDER} files already; send this one when one of them has arrived"),
            )
        })?;
        match tokio::time::timeout(QUEUE, Arc::clone(&self.places).acquire_owned()).await {
            Ok(Ok(place)) => Ok(Place {
                _place: place,
                _sender: sender,
            }),
            _ => Err(Problem {
                retry_after: Some(10),
                ..Problem::overloaded()
            }),
        }
    }
}

impl Sender {
    fn counted(id: Uuid, all: &Arc<Mutex<HashMap<Uuid, usize>>>) -> Option<Self> {
        let mut counts = all.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(id).or_default();
        if *count >= OF_ONE_SENDER {
            return None;
        }
        *count = count.saturating_add(1);
        Some(Self {
            id,
            all: Arc::clone(all),
        })
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        let mut counts = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.id) {
            *count = count.saturating_sub(1);
        }
        counts.retain(|_, count| *count > 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_takes_more_than_two_places_and_gives_them_back() {
        let (all, me) = (Arc::default(), Uuid::now_v7());
        let first = Sender::counted(me, &all);
        let second = Sender::counted(me, &all);
        assert!(first.is_some() && second.is_some());
        assert!(Sender::counted(me, &all).is_none());
        assert!(Sender::counted(Uuid::now_v7(), &all).is_some());
        drop(first);
        assert!(Sender::counted(me, &all).is_some());
    }
}
