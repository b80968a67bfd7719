//! Networks that a service account may call from, or that the program may call, written as everybody writes them: `10.0.0.0/8`, `2001:db8::/32`, `192.0.2.7`.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A network, or a single address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network {
    first: IpAddr,
    bits: u8,
}

/// Why a text names no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetworkRefusal {
    /// Neither an address nor an address with a length.
    #[error("must be an address or a network such as 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32")]
    Unreadable,
    /// Bits are set behind the network's part: it is not clear which network is meant.
    #[error("{0} lies inside a network, it does not begin one; {1} does")]
    NotTheFirst(IpAddr, Network),
}

impl Network {
    /// Every address there is.
    pub const EVERYWHERE: [Self; 2] = [
        Self {
            first: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            bits: 0,
        },
        Self {
            first: IpAddr::V6(Ipv6Addr::UNSPECIFIED),
            bits: 0,
        },
    ];

    /// Is the address in it? An IPv4 address that came over IPv6 (`::ffff:192.0.2.7`) is that IPv4 address.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.first.is_ipv4() && masked(address, self.bits) == self.first
    }
}

/// The address with all bits behind the first `bits` cleared.
fn masked(address: IpAddr, bits: u8) -> IpAddr {
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(u32::from(32_u8.saturating_sub(bits))).unwrap_or(0);
            IpAddr::from((u32::from(v4) & mask).to_be_bytes())
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX
                .checked_shl(u32::from(128_u8.saturating_sub(bits)))
                .unwrap_or(0);
            IpAddr::from((u128::from(v6) & mask).to_be_bytes())
        }
    }
}

impl FromStr for Network {
    type Err = NetworkRefusal;

    fn from_str(text: &str) -> Result<Self, NetworkRefusal> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_malformed| NetworkRefusal::Unreadable)?;
        let address = address.to_canonical();
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            None => most,
            Some(bits) if !bits.is_empty() && bits.bytes().all(|digit| digit.is_ascii_digit()) => {
                bits.parse().map_err(|_too_large| NetworkRefusal::Unreadable)?
            }
            Some(_) => return Err(NetworkRefusal::Unreadable),
        };
        if bits > most {
            return Err(NetworkRefusal::Unreadable);
        }
        let first = masked(address, bits);
        let network = Self { first, bits };
        if first == address {
            Ok(network)
        } else {
            Err(NetworkRefusal::NotTheFirst(address, network))
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = if self.first.is_ipv4() { 32 } else { 128 };
        if self.bits == whole {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}/{}", self.first, self.bits)
        }
    }
}

impl Serialize for Network {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn holds(network: &str, address: &str) -> bool {
        network.parse::<Network>().unwrap().contains(address.parse().unwrap())
    }

    #[test]
    fn an_address_is_in_its_network_and_in_no_other() {
        assert!(holds("10.0.0.0/8", "10.255.3.4"));
        assert!(!holds("10.0.0.0/8", "11.0.0.0"));
        assert!(holds("192.0.2.7", "192.0.2.7") && !holds("192.0.2.7", "192.0.2.6"));
        assert!(holds("2001:db8::/32", "2001:db8:1::1") && !holds("2001:db8::/32", "2001:db9::"));
        assert!(holds("0.0.0.0/0", "203.0.113.9") && !holds("0.0.0.0/0", "2001:db8::1"));
        assert!(holds("::/0", "2001:db8::1"));
    }

    #[test]
    fn an_ipv4_address_over_ipv6_is_an_ipv4_address() {
        assert!(holds("192.0.2.0/24", "::ffff:192.0.2.7"));
        assert_eq!("::ffff:192.0.2.7".parse::<Network>().unwrap().to_string(), "192.0.2.7");
    }

    #[test]
    fn a_network_has_one_spelling() {
        for text in ["10.0.0.0/8", "192.0.2.7", "2001:db8::/32", "::1", "0.0.0.0/0"] {
            assert_eq!(text.parse::<Network>().unwrap().to_string(), text);
        }
        let refusal = "10.1.2.3/8".parse::<Network>().unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "10.1.2.3 lies inside a network, it does not begin one; 10.0.0.0/8 does"
        );
        for text in [
            "",
            "10.0.0.0/",
            "10.0.0.0/33",
            "10.0.0.0/+8",
            "10.0.0/8",
            "::/129",
            "lab.example",
            "10.0.0.0/8/8",
            " 10.0.0.1",
        ] {
            assert_eq!(text.parse::<Network>(), Err(NetworkRefusal::Unreadable), "{text:?}");
        }
    }
}
