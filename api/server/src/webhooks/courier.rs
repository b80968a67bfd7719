//! Takes messages out of the outbox and sends them: to one receiver one after the other, to many at once, and to none for so long
//! that others wait.

use super::message::{body, headers};
use crate::config::Config;
use crate::http::Problem;
use crate::rounds::Rounds;
use crate::wire::{Reach, Wire, WireFault};
use attest_domain::ids::WebhookId;
use attest_domain::may;
use attest_domain::webhook::WebhookFault;
use attest_store::{Permit, Store, StoreError, WebhookDeliveryView, WebhookMessage, WebhookOutcome, now};
use chrono::TimeDelta;
use futures_util::StreamExt;
use reqwest::{Method, Request};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Every laboratory is looked after this often, for messages of other processes and those to be tried again.
const ROUND: Duration = Duration::from_secs(15);
/// What is due sooner is not left to the next round.
const SOON: TimeDelta = TimeDelta::seconds(60);
/// Requests at once, and of them so many of one laboratory: receivers that are slow hold up nobody else's.
const AT_ONCE: usize = 64;
const OF_ONE_LABORATORY: usize = 4;

/// Sends messages.
#[derive(Clone)]
pub struct Courier {
    store: Store,
    wire: Wire,
    /// The address people see, for what a message points to.
    address: Arc<str>,
    hands: Arc<Semaphore>,
}

impl Courier {
    /// As configured.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(config: &Config, store: &Store) -> Result<Self, reqwest::Error> {
        let reach = Reach::new(&config.webhook_private_networks, "webhook_private_networks");
        Ok(Self {
            store: store.clone(),
            wire: Wire::new(reach)?,
            address: config.public_url().into(),
            hands: Arc::new(Semaphore::new(AT_ONCE)),
        })
    }

    /// Walks in the background from now on.
    pub fn start(self) {
        tokio::spawn(async move {
            let mut rounds = Rounds::new(&self.store, ROUND);
            loop {
                for laboratory in rounds.turn(|at_most| self.store.webhooks_awaited(at_most)).await {
                    tokio::spawn(self.clone().look_after(laboratory));
                }
            }
        });
    }

    /// Whether messages may be sent to an address.
    ///
    /// # Errors
    /// 422 at `url`, with what would be right.
    pub async fn may_send_to(&self, url: &str) -> Result<(), Problem> {
        let refused = |message: String| Problem::field("url", "address", message);
        let url = self
            .wire
            .may_lead_to(url)
            .await
            .map_err(|fault| refused(fault.to_string()))?;
        match url.port_or_known_default() {
            Some(443 | 1024..) => Ok(()),
            // The only plain one that gets so far is on this machine.
            Some(80) if url.scheme() == "http" => Ok(()),
            _ => Err(refused("must have port 443, or one above 1023".to_owned())),
        }
    }

    /// Sends a message that tells of nothing, and what became of it.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn ping(
        &self,
        permit: Permit<may::WebhookManage>,
        webhook: WebhookId,
    ) -> Result<WebhookDeliveryView, StoreError> {
        let message = self.store.webhook_ping(&permit, webhook).await?;
        let outcome = self.try_once(&message).await?;
        self.store.webhook_pinged(permit, message, outcome).await
    }

    /// Sends what is due in one laboratory.
    async fn look_after(self, laboratory: Uuid) {
        match self.store.webhooks_due(laboratory).await {
            Ok(due) => {
                let each = futures_util::stream::iter(due);
                each.for_each_concurrent(OF_ONE_LABORATORY, |webhook| self.empty(laboratory, webhook))
                    .await;
            }
            Err(error) => tracing::error!(%error, %laboratory, "webhooks could not be looked after"),
        }
    }

    /// Sends what is due for one webhook, one after the other, until nothing is or it does not work.
    async fn empty(&self, laboratory: Uuid, webhook: WebhookId) {
        loop {
            let Ok(_hand) = self.hands.acquire().await else { return };
            match self.next(laboratory, webhook).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    tracing::error!(%error, %laboratory, %webhook, "a message to a webhook is left for later");
                    return;
                }
            }
        }
    }

    /// One message; whether there may be another.
    async fn next(&self, laboratory: Uuid, webhook: WebhookId) -> Result<bool, StoreError> {
        let Some(message) = self.store.webhook_take(laboratory, webhook).await? else {
            return Ok(false);
        };
        let outcome = self.try_once(&message).await?;
        if let Some(fault) = outcome.fault {
            tracing::warn!(%laboratory, %webhook, message = %message.id, status = outcome.status, %fault, "a webhook did not take a message");
        }
        if let Some(wait) = self
            .store
            .webhook_settle(&message, outcome)
            .await?
            .filter(|wait| *wait <= SOON)
        {
            let store = self.store.clone();
            tokio::spawn(async move {
                tokio::time::sleep(wait.to_std().unwrap_or_default()).await;
                store.webhooks_wake(laboratory);
            });
        }
        Ok(true)
    }

    /// Signs and sends. Of the answer only the status counts; its body is not read.
    async fn try_once(&self, message: &WebhookMessage) -> Result<WebhookOutcome, StoreError> {
        let body = body(message, &self.address)?;
        let headers = headers(message, &body, now())?;
        let begun = Instant::now();
        let answer = match self.wire.may_call(&message.url) {
            Ok(url) => {
                let mut request = Request::new(Method::POST, url);
                *request.headers_mut() = headers;
                *request.body_mut() = Some(body.into());
                self.wire.send(request).await
            }
            Err(fault) => Err(fault),
        };
        let took = begun.elapsed();
        Ok(match answer {
            Ok(answer) => {
                let status = answer.status();
                let fault = match status.as_u16() {
                    200..=299 => None,
                    300..=399 => Some(WebhookFault::Redirect),
                    410 => Some(WebhookFault::Gone),
                    _ => Some(WebhookFault::Answer),
                };
                WebhookOutcome {
                    status: Some(status.as_u16()),
                    fault,
                    took,
                }
            }
            Err(fault) => WebhookOutcome {
                status: None,
                fault: Some(match fault {
                    WireFault::Address(_) => WebhookFault::Address,
                    WireFault::TimedOut(_) => WebhookFault::TimedOut,
                    WireFault::Certificate(_) => WebhookFault::Certificate,
                    WireFault::Unreachable(_) | WireFault::TooLarge => WebhookFault::Unreachable,
                }),
                took,
            },
        })
    }
}
