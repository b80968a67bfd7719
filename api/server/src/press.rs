//! Makes the paper: typesets and signs on the blocking threads, a few at a time, because each needs some 50 MB.

use crate::config::Config;
use crate::exports::offset;
use crate::http::Problem;
use crate::paper::{access_review_record, test_report};
use crate::signing::identity;
use attest_documents::report::TestReport;
use attest_documents::{SignatureInfo, SigningIdentity, render_access_review, render_report, sign_pdf};
use attest_store::{AccessReviewPaper, Laboratory, Paper, Store};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Papers in the making at once.
const PLACES: usize = 2;
/// After so long in the queue a client is better off asking again.
const PATIENCE: Duration = Duration::from_secs(20);

/// The printing press.
pub struct Press {
    places: Arc<Semaphore>,
    identities: Mutex<HashMap<String, Arc<SigningIdentity>>>,
    public_url: String,
}

impl Press {
    /// For papers that point to this server.
    pub fn new(config: &Config) -> Self {
        Self {
            places: Arc::new(Semaphore::new(PLACES)),
            identities: Mutex::default(),
            public_url: config.public_url(),
        }
    }

    /// The address people see.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// A draft, marked as one on every page, unsigned.
    ///
    /// # Errors
    /// Too many at once (503).
    pub async fn preview(&self, paper: &Paper) -> Result<Vec<u8>, Problem> {
        let report = test_report(paper, &self.public_url);
        self.work(move || render_report(&report).map_err(|error| Problem::internal(&error)))
            .await
    }

    /// The paper that is given out, signed with the laboratory's key.
    ///
    /// # Errors
    /// Too many at once (503); the key cannot be used (500).
    pub async fn signed(&self, store: &Store, laboratory: &Laboratory, paper: &Paper) -> Result<Vec<u8>, Problem> {
        let report = test_report(paper, &self.public_url);
        let identity = self.identity(store, laboratory).await?;
        let info = SignatureInfo {
            name: laboratory.name.clone(),
            reason: paper
                .signature
                .as_ref()
                .map(|signature| signature.meaning.clone())
                .unwrap_or_default(),
            location: laboratory.address.lines().last().unwrap_or_default().to_owned(),
            at: offset(paper.issued_at, laboratory.timezone.parse().unwrap_or(chrono_tz::UTC)),
        };
        self.work(move || set_and_sign(&report, &identity, &info)).await
    }

    /// The record of a finished review of who has access, signed with the laboratory's key.
    ///
    /// # Errors
    /// Too many at once (503); the key cannot be used, or there are more accounts than a record holds (500).
    pub async fn access_review(&self, store: &Store, paper: &AccessReviewPaper) -> Result<Vec<u8>, Problem> {
        let (record, laboratory) = (access_review_record(paper), &paper.laboratory);
        let identity = self.identity(store, laboratory).await?;
        let info = SignatureInfo {
            name: laboratory.name.clone(),
            reason: laboratory
                .language
                .pick("Review of who has access", "Przegląd uprawnień")
                .to_owned(),
            location: laboratory.address.lines().last().unwrap_or_default().to_owned(),
            at: record.finished_at,
        };
        self.work(move || {
            let pdf = render_access_review(&record).map_err(|error| Problem::internal(&error))?;
            sign_pdf(&pdf, &identity, &info).map_err(|error| Problem::internal(&error))
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let waiting = tokio::time::timeout(PATIENCE, Arc::clone(&self.places).acquire_owned());
        let Ok(Ok(place)) = waiting.await else {
            return Err(Problem::overloaded());
        };
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(place);
            done
        })
        .await
        .map_err(|panicked| Problem::internal(&panicked))?
    }

    /// The laboratory's key, read from its file once.
    async fn identity(&self, store: &Store, laboratory: &Laboratory) -> Result<Arc<SigningIdentity>, Problem> {
        let known = self
            .identities
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&laboratory.slug)
            .cloned();
        if let Some(identity) = known {
            return Ok(identity);
        }
        let read = identity(store, laboratory).await;
        let identity = Arc::new(read.map_err(|error| Problem::internal(&error))?);
        self.identities
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(laboratory.slug.clone(), Arc::clone(&identity));
        Ok(identity)
    }
}

fn set_and_sign(report: &TestReport, identity: &SigningIdentity, info: &SignatureInfo) -> Result<Vec<u8>, Problem> {
    let pdf = render_report(report).map_err(|error| Problem::internal(&error))?;
    sign_pdf(&pdf, identity, info).map_err(|error| Problem::internal(&error))
}
