//! How often one address may try (ATT-32): failed logins and
//! guessed report codes. A leaky bucket per address, in this process;
//! each node counts for itself.

use super::{Problem, client_ip};
use actix_web::HttpRequest;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Addresses remembered at once; beyond it those that have recovered are forgotten.
const REMEMBERED: usize = 100_000;

/// So many tries at once, then one more after each `every`.
#[derive(Debug)]
pub struct Allowance {
    name: &'static str,
    burst: u32,
    every: Duration,
    /// When each address will have its whole allowance back (the "theoretical arrival time" of GCRA).
    full_at: Mutex<HashMap<IpAddr, Instant>>,
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
}

impl Default for Allowances {
    fn default() -> Self {
        Self {
            failed_logins: Allowance::new("failed-logins", 60, Duration::from_secs(3)),
            regulars: Regulars::default(),
            unknown_codes: Allowance::new("unknown-codes", 60, Duration::from_secs(3)),
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
            burst,
            every,
            full_at: Mutex::default(),
        }
    }

    /// Whether this address may still try, without counting it.
    ///
    /// # Errors
    /// 429 with what to wait.
    pub fn left(&self, request: &HttpRequest) -> Result<(), Problem> {
        self.wait(address(request), Instant::now(), false)
            .map_err(|wait| self.problem(wait))
    }

    /// Counts one try of this address.
    ///
    /// # Errors
    /// 429 with what to wait, when there was none left.
    pub fn spend(&self, request: &HttpRequest) -> Result<(), Problem> {
        self.wait(address(request), Instant::now(), true)
            .map_err(|wait| self.problem(wait))
    }

    fn wait(&self, address: Option<IpAddr>, now: Instant, count: bool) -> Result<(), Duration> {
        let Some(address) = address else { return Ok(()) };
        let mut known = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let full_at = known.get(&address).copied().unwrap_or(now).max(now);
        let reach = self.every.saturating_mul(self.burst.saturating_sub(1));
        let owed = full_at.duration_since(now);
        if owed > reach {
            return Err(owed.saturating_sub(reach));
        }
        if count {
            if known.len() >= REMEMBERED {
                known.retain(|_address, full_at| *full_at > now);
            }
            known.insert(address, full_at + self.every);
        }
        Ok(())
    }

    fn problem(&self, wait: Duration) -> Problem {
        let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
        let window = self.every.saturating_mul(self.burst).as_secs();
        Problem {
            retry_after: Some(seconds),
            rate_limit: Some((
                format!("\"{}\";q={};w={window}", self.name, self.burst),
                format!("\"{}\";r=0;t={seconds}", self.name),
            )),
            ..Problem::new(
                429,
                "rate-limited",
                "Too many requests",
                format!("too many tries from this address; try again in {seconds} seconds"),
            )
        }
    }
}

/// The client's address; of IPv6 the /64, which is one customer.
fn address(request: &HttpRequest) -> Option<IpAddr> {
    client_ip(request).map(|ip| match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_one_at_a_time_for_each_address_alone() {
        let allowance = Allowance::new("test", 3, Duration::from_secs(10));
        let (one, other, begin) = (
            Some("192.0.2.1".parse().unwrap()),
            Some("192.0.2.2".parse().unwrap()),
            Instant::now(),
        );
        for _ in 0..3 {
            assert!(allowance.wait(one, begin, false).is_ok());
            assert!(allowance.wait(one, begin, true).is_ok());
        }
        let wait = allowance.wait(one, begin, true).unwrap_err();
        assert_eq!(wait, Duration::from_secs(10));
        assert!(
            allowance.wait(other, begin, true).is_ok(),
            "another address has its own"
        );
        assert!(allowance.wait(one, begin + wait, true).is_ok());
        assert!(allowance.wait(one, begin + wait, true).is_err());
        assert!(allowance.wait(one, begin + Duration::from_secs(60), true).is_ok());
    }
}
