//! How fast one address, and one person or service account, may ask for anything at all (ATT-32).
//!
//! Generous: a laboratory behind one address must not notice. Loopback addresses are not limited, because what comes from
//! this machine is its own work (imports, the demonstration, measurements) or a proxy that is not named in
//! `trusted_proxies`, behind which everybody would share one allowance.

use super::allowance::whole_seconds;
use super::buckets::{Buckets, Rate, Standing};
use super::{Problem, client_ip, customer};
use crate::config::Config;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpMessage, HttpRequest, web};
use attest_store::Caller;
use std::hash::Hash;
use std::time::{Duration, Instant};

/// Addresses, and principals, remembered at once.
const REMEMBERED: usize = 131_072;
/// Seconds' worth of requests that may come at once.
const BURST_SECONDS: u32 = 10;

/// Both limits.
#[derive(Debug)]
pub struct Pace {
    addresses: Option<Limit>,
    principals: Option<Limit>,
}

#[derive(Debug)]
struct Limit {
    name: &'static str,
    rate: Rate,
    buckets: Buckets,
}

/// How the request's address and principal stand, for the answer's headers.
#[derive(Debug, Clone, Default)]
struct Standings(Vec<(&'static str, Rate, Standing)>);

impl Pace {
    /// As configured.
    pub fn new(config: &Config) -> Self {
        Self {
            addresses: Limit::of("address", config.requests_per_second),
            principals: Limit::of("principal", config.principal_requests_per_second),
        }
    }

    /// Counts a request of its address.
    ///
    /// # Errors
    /// 429 with what to wait.
    pub fn address(&self, request: &HttpRequest) -> Result<(), Problem> {
        match (client_ip(request), &self.addresses) {
            (Some(ip), Some(limit)) if !ip.is_loopback() => limit.take(request, &customer(ip)),
            _ => Ok(()),
        }
    }

    /// Counts a request of whoever sent it.
    ///
    /// # Errors
    /// 429 with what to wait.
    pub fn principal(request: &HttpRequest, caller: &Caller) -> Result<(), Problem> {
        let Some(pace) = request.app_data::<web::Data<Self>>() else {
            return Ok(());
        };
        match (client_ip(request), &pace.principals) {
            (Some(ip), Some(limit)) if !ip.is_loopback() => limit.take(request, &caller.principal().user.uuid()),
            _ => Ok(()),
        }
    }
}

impl Limit {
    fn of(name: &'static str, per_second: u32) -> Option<Self> {
        Some(Self {
            name,
            rate: Rate {
                burst: per_second.saturating_mul(BURST_SECONDS),
                every: Duration::from_secs(1).checked_div(per_second)?,
            },
            buckets: Buckets::new(REMEMBERED),
        })
    }

    fn take(&self, request: &HttpRequest, key: &impl Hash) -> Result<(), Problem> {
        let standing = self.buckets.standing(key, self.rate, Instant::now(), true);
        let mut all = request.extensions().get::<Standings>().cloned().unwrap_or_default();
        all.0.push((self.name, self.rate, standing));
        request.extensions_mut().insert(all);
        let Some(wait) = standing.wait else { return Ok(()) };
        let seconds = whole_seconds(wait);
        Err(Problem {
            retry_after: Some(seconds),
            ..Problem::new(
                429,
                "rate-limited",
                "Too many requests",
                format!(
                    "one {} may send {} requests in {} seconds; go on in {seconds} seconds",
                    self.name,
                    self.rate.burst,
                    self.rate.window()
                ),
            )
        })
    }
}

/// Says how the request's address and principal stand (draft-ietf-httpapi-ratelimit-headers). What a strict class has said
/// already stays.
pub fn told(request: &HttpRequest, headers: &mut HeaderMap) {
    let standings = request.extensions().get::<Standings>().cloned().unwrap_or_default().0;
    let (policy, state) = (
        HeaderName::from_static("ratelimit-policy"),
        HeaderName::from_static("ratelimit"),
    );
    if standings.is_empty() || headers.contains_key(&state) {
        return;
    }
    let policies = standings
        .iter()
        .map(|(name, rate, _)| format!("\"{name}\";q={};w={}", rate.burst, rate.window()));
    let states = standings.iter().map(|(name, _, standing)| {
        let until = standing
            .wait
            .map_or(standing.full_in.as_secs(), |wait| u64::from(whole_seconds(wait)));
        format!("\"{name}\";r={};t={until}", standing.left)
    });
    for (name, values) in [(policy, policies.collect::<Vec<_>>()), (state, states.collect())] {
        if let Ok(value) = HeaderValue::from_str(&values.join(", ")) {
            headers.insert(name, value);
        }
    }
}
