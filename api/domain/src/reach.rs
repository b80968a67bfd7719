//! Which addresses the program calls by itself when somebody else names them: those of the open internet. A laboratory that
//! writes down where its identity provider or another system is must not be able to look around in the operator's own house (ATT-36).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Is it an address of the open internet? Not of a private network, of this machine, of a link, nor one that is set aside.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4_is_public(v4),
        IpAddr::V6(v6) => v6_is_public(v6),
    }
}

/// The IANA registry of special-purpose addresses (RFC 6890).
fn v4_is_public(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let set_aside = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || a == 0
        || a >= 224
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19));
    !set_aside
}

/// Global unicast is 2000::/3; in it some prefixes are set aside, and some carry an IPv4 address that counts instead.
fn v6_is_public(address: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let inside = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        v4_is_public(Ipv4Addr::new(a, b, c, d))
    };
    // NAT64 (RFC 6052) and 6to4 (RFC 3056).
    if (a, b, c, d, e, f) == (0x64, 0xff9b, 0, 0, 0, 0) {
        return inside(g, h);
    }
    if a == 0x2002 {
        return inside(b, c);
    }
    let global = a & 0xe000 == 0x2000;
    // Teredo and other protocols' own, benchmarking, ORCHID (2001:0::/23), documentation (2001:db8::/32, 3fff::/20).
    let set_aside = (a == 0x2001 && (b < 0x0200 || b == 0x0db8)) || (a == 0x3fff && b < 0x1000);
    global && !set_aside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_open_internet_is_called() {
        for public in [
            "1.1.1.1",
            "93.184.216.34",
            "100.128.0.1",
            "172.32.0.1",
            "2606:4700::1111",
            "2a00:1450:4001::1",
            "64:ff9b::101:101",
            "::ffff:1.1.1.1",
        ] {
            assert_eq!(public.parse().map(is_public), Ok(true), "{public}");
        }
        for ours in [
            "127.0.0.1",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12:3456::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "2002:7f00:1::",
            "64:ff9b::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
        ] {
            assert_eq!(ours.parse().map(is_public), Ok(false), "{ours}");
        }
    }
}
