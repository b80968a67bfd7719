//! How often one address may try what costs or leaks something (ATT-32): failed logins, guessed report codes, resets.
//! Strict, and on failures only where it can be: whoever is right is not slowed down.

use super::buckets::{Buckets, Rate, Standing};
use super::{Problem, client_ip, customer};
use actix_web::HttpRequest;
use attest_store::{Store, StoreError};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Addresses that each class remembers at once.
const REMEMBERED: usize = 32_768;

/// So many tries at once, then one more after each `every`.
#[derive(Debug)]
pub struct Allowance {
    name: &'static str,
    rate: Rate,
    buckets: Buckets,
}

/// The allowances of the server.
#[derive(Debug)]
pub struct Allowances {
    /// Failed logins. Successful ones cost nothing.
    pub failed_logins: Allowance,
    /// Who signed in from where.
    pub regulars: Regulars,
    /// Codes that no report has, in the public check. Genuine ones cost nothing.
    pub unknown_codes: Allowance,
    /// Mails with a link to choose a password, asked for by anybody.
    pub reset_requests: Allowance,
    /// Links that lead nowhere. Genuine ones cost nothing.
    pub unknown_links: Allowance,
    /// Sign-ins begun at an identity provider: each is a question to it.
    pub sign_ons: Allowance,
}

impl Default for Allowances {
    fn default() -> Self {
        Self {
            failed_logins: Allowance::new("failed-logins", 60, Duration::from_secs(3)),
            regulars: Regulars::default(),
            unknown_codes: Allowance::new("unknown-codes", 60, Duration::from_secs(3)),
            reset_requests: Allowance::new("reset-requests", 10, Duration::from_secs(60)),
            unknown_links: Allowance::new("unknown-links", 20, Duration::from_secs(10)),
            sign_ons: Allowance::new("sign-ons", 60, Duration::from_secs(3)),
        }
    }
}

/// Who signed in from where: they are not kept out by what others do behind the same address. Forgotten with the process.
#[derive(Debug, Default)]
pub struct Regulars(Mutex<HashMap<(IpAddr, String), Instant>>);

impl Regulars {
    /// Whether this account was opened from this address before.
    pub fn knows(&self, request: &HttpRequest, email: &str) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        address(request).is_some_and(|ip| known.contains_key(&(ip, email.trim().to_lowercase())))
    }

    /// It was opened now.
    pub fn welcome(&self, request: &HttpRequest, email: &str) {
        let Some(ip) = address(request) else { return };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED
            && let Some(longest_ago) = known.iter().min_by_key(|(_, at)| **at).map(|(who, _)| who.clone())
        {
            known.remove(&longest_ago);
        }
        known.insert((ip, email.trim().to_lowercase()), Instant::now());
    }
}

impl Allowance {
    /// `burst` tries at once, then one more after each `every`.
    pub fn new(name: &'static str, burst: u32, every: Duration) -> Self {
        Self {
            name,
            rate: Rate { burst, every },
            buckets: Buckets::new(REMEMBERED),
        }
    }

    /// Whether this address may still try, without counting it.
    ///
    /// # Errors
    /// 429 with what to wait.
    pub fn left(&self, request: &HttpRequest) -> Result<(), Problem> {
        self.stands(request, false)
    }

    /// Counts one try of this address.
    ///
    /// # Errors
    /// 429 with what to wait, when there was none left.
    pub fn spend(&self, request: &HttpRequest) -> Result<(), Problem> {
        self.stands(request, true)
    }

    /// As [`left`](Self::left), counting what other nodes saw as well.
    ///
    /// # Errors
    /// 429 with what to wait; those of the database.
    pub async fn left_everywhere(&self, request: &HttpRequest, store: &Store) -> Result<(), Problem> {
        self.left(request)?;
        let Some(address) = address(request) else { return Ok(()) };
        let key = address.to_string();
        let found = store.allowance_left(self.name, &key, self.rate.burst, self.rate.every);
        self.told(found.await)
    }

    /// As [`spend`](Self::spend), for every node. Written only when something failed, which is slow already.
    ///
    /// # Errors
    /// 429 with what to wait, when there was none left; those of the database.
    pub async fn spend_everywhere(&self, request: &HttpRequest, store: &Store) -> Result<(), Problem> {
        let here = self.spend(request);
        let Some(address) = address(request) else { return here };
        let key = address.to_string();
        let found = store.allowance_spend(self.name, &key, self.rate.burst, self.rate.every);
        self.told(found.await)?;
        here
    }

    fn told(&self, found: Result<Option<Duration>, StoreError>) -> Result<(), Problem> {
        match found? {
            None => Ok(()),
            Some(wait) => Err(self.problem(wait)),
        }
    }

    fn stands(&self, request: &HttpRequest, take: bool) -> Result<(), Problem> {
        let Some(address) = address(request) else { return Ok(()) };
        let Standing { wait, .. } = self.buckets.standing(&address, self.rate, Instant::now(), take);
        wait.map_or(Ok(()), |wait| Err(self.problem(wait)))
    }

    fn problem(&self, wait: Duration) -> Problem {
        let seconds = whole_seconds(wait);
        Problem {
            retry_after: Some(seconds),
            rate_limit: Some(Box::new((
                format!("\"{}\";q={};w={}", self.name, self.rate.burst, self.rate.window()),
                format!("\"{}\";r=0;t={seconds}", self.name),
            ))),
            ..Problem::new(
                429,
                "rate-limited",
                "Too many requests",
                format!("too many tries from this address; try again in {seconds} seconds"),
            )
        }
    }
}

/// Rounded up: who waits so long is not sent away again.
pub(super) fn whole_seconds(wait: Duration) -> u32 {
    u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1)
}

fn address(request: &HttpRequest) -> Option<IpAddr> {
    client_ip(request).map(customer)
}
