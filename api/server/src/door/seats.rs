//! How many connections one address may hold open. Counted only while they are open, so the table is as small as the
//! number of connections.

use crate::config::Config;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// The connections of each address.
#[derive(Debug)]
pub struct Seats {
    each: u32,
    proxies: Vec<IpAddr>,
    taken: Mutex<HashMap<IpAddr, u32>>,
}

/// One connection's place; given back when it is dropped.
#[derive(Debug)]
pub struct Seat {
    seats: Arc<Seats>,
    address: Option<IpAddr>,
}

impl Seats {
    /// As configured.
    pub fn new(config: &Config) -> Self {
        Self {
            each: config.connections_per_address,
            proxies: config.trusted_proxies.clone(),
            taken: Mutex::default(),
        }
    }

    /// A place for a connection from there, if there is one left. Proxies and this machine itself hold as many as they need.
    pub fn take(self: &Arc<Self>, address: IpAddr) -> Option<Seat> {
        let free = self.each == 0 || address.is_loopback() || self.proxies.contains(&address);
        let address = (!free).then(|| crate::http::customer(address));
        if let Some(address) = address {
            let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
            let count = taken.entry(address).or_insert(0);
            if *count >= self.each {
                return None;
            }
            *count = count.saturating_add(1);
        }
        Some(Seat {
            seats: Arc::clone(self),
            address,
        })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let Some(address) = self.address else { return };
        let mut taken = self.seats.taken.lock().unwrap_or_else(PoisonError::into_inner);
        match taken.get_mut(&address) {
            Some(count) if *count > 1 => *count = count.saturating_sub(1),
            _ => drop(taken.remove(&address)),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_so_many_seats_and_gets_them_back_att_31() {
        let seats = Arc::new(Seats::new(&Config {
            connections_per_address: 2,
            trusted_proxies: vec!["192.0.2.9".parse().unwrap()],
            ..Config::default()
        }));
        let stranger: IpAddr = "192.0.2.1".parse().unwrap();
        let first = seats.take(stranger).unwrap();
        let second = seats.take(stranger).unwrap();
        assert!(seats.take(stranger).is_none());
        assert!(seats.take("192.0.2.2".parse().unwrap()).is_some());
        drop(first);
        let third = seats.take(stranger).unwrap();
        for open in ["127.0.0.1", "::1", "192.0.2.9"] {
            let held: Vec<_> = (0..5).map(|_| seats.take(open.parse().unwrap()).unwrap()).collect();
            assert_eq!(held.len(), 5);
        }
        drop((second, third));
        assert!(
            seats.taken.lock().unwrap().is_empty(),
            "nothing is kept of those who left"
        );
    }
}
