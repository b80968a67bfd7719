//! Calling an identity provider: whose address an administrator of some laboratory wrote down. Checked after resolution, no
//! redirects, bounded in time and size (ATT-36).

use attest_domain::reach::is_public;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Url, redirect};
use std::error::Error;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// How long one answer may take, connecting included.
const PATIENCE: Duration = Duration::from_secs(10);
const CONNECTING: Duration = Duration::from_secs(5);
/// What one answer may weigh: key sets of large providers have some ten kilobytes.
const WEIGHT: usize = 262_144;

/// Why there is no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum WireFault {
    /// The address is not one to call.
    #[error("{0}")]
    Address(String),
    /// Nobody answers there, or not in time.
    #[error("{0}")]
    Unreachable(String),
    /// It answers with too much.
    #[error("the answer is larger than {WEIGHT} bytes")]
    TooLarge,
}

/// The way to providers.
#[derive(Debug, Clone)]
pub struct Wire {
    client: Client,
    /// Private networks and this machine may be called, this machine also without TLS.
    open: bool,
}

/// Names become addresses here, and only those that may be called come out: what a name pointed to a moment ago, when somebody
/// looked, does not count.
#[derive(Debug, Clone, Copy)]
struct Reach {
    open: bool,
}

impl Resolve for Reach {
    fn resolve(&self, name: Name) -> Resolving {
        let open = self.open;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let may: Vec<SocketAddr> = found
                .iter()
                .copied()
                .filter(|address| open || is_public(address.ip()))
                .collect();
            if may.is_empty() && !found.is_empty() {
                return Err(WireFault::Address(private(name.as_str())).into());
            }
            let addresses: Addrs = Box::new(may.into_iter());
            Ok(addresses)
        })
    }
}

fn private(host: &str) -> String {
    format!("{host} is in a private network; the operator can allow that (sign_on_private_networks)")
}

impl Wire {
    /// With the operator's setting.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(open: bool) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .timeout(PATIENCE)
            .connect_timeout(CONNECTING)
            .no_proxy()
            .dns_resolver(Arc::new(Reach { open }))
            .user_agent(concat!("attest/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, open })
    }

    /// Whether an address may be called, or opened by a browser on our word, as far as its text tells.
    ///
    /// # Errors
    /// [`WireFault::Address`] with what would be right.
    pub fn may_call(&self, address: &str) -> Result<Url, WireFault> {
        let wrong = |what: &str| WireFault::Address(what.to_owned());
        let url =
            Url::parse(address).map_err(|_malformed| wrong("must be a web address such as https://login.example"))?;
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(wrong("must have neither a user name nor a fragment in it"));
        }
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let numbers = host.parse::<IpAddr>().ok();
        let here = host == "localhost" || numbers.is_some_and(|ip| ip.is_loopback());
        match url.scheme() {
            "https" => {}
            "http" if self.open && here => {}
            _ => return Err(wrong("must begin with https://")),
        }
        match numbers {
            Some(ip) if !self.open && !is_public(ip) => Err(WireFault::Address(private(&host))),
            _ => Ok(url),
        }
    }

    /// One question and its answer.
    ///
    /// # Errors
    /// [`WireFault`].
    pub async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, WireFault> {
        let url = self.may_call(&request.uri().to_string())?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let (parts, body) = request.into_parts();
        let sent = self
            .client
            .request(parts.method, url)
            .headers(parts.headers)
            .body(body)
            .send();
        let mut answer = sent.await.map_err(|error| told(&error, &host))?;
        let mut whole = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(|error| told(&error, &host))? {
            if whole.len().saturating_add(piece.len()) > WEIGHT {
                return Err(WireFault::TooLarge);
            }
            whole.extend_from_slice(&piece);
        }
        let mut made = HttpResponse::new(whole);
        *made.status_mut() = answer.status();
        *made.headers_mut() = answer.headers().clone();
        Ok(made)
    }
}

/// In words for an administrator; never the address with what stands in it.
fn told(error: &reqwest::Error, host: &str) -> WireFault {
    let mut cause: Option<&dyn Error> = Some(error);
    while let Some(inner) = cause {
        if let Some(fault) = inner.downcast_ref::<WireFault>() {
            return fault.clone();
        }
        cause = inner.source();
    }
    WireFault::Unreachable(if error.is_timeout() {
        format!("{host} did not answer in time")
    } else if error.is_connect() {
        format!("{host} cannot be reached, or its certificate is not good")
    } else {
        format!("{host} broke off")
    })
}

impl<'c> AsyncHttpClient<'c> for Wire {
    type Error = WireFault;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, WireFault>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// ATT-19
    #[test]
    fn only_addresses_outside_are_called_unless_the_operator_says_so() {
        let (shut, open) = (Wire::new(false).unwrap(), Wire::new(true).unwrap());
        for (address, either, opened) in [
            ("https://login.example", true, true),
            ("https://login.example:8443/realms/lab", true, true),
            ("http://login.example", false, false),
            ("https://10.0.0.7/", false, true),
            ("https://[::1]/", false, true),
            ("https://[::ffff:127.0.0.1]/", false, true),
            ("https://2130706433/", false, true),
            ("http://127.0.0.1:9000", false, true),
            ("http://localhost:9000", false, true),
            ("http://10.0.0.7/", false, false),
            ("https://me:secret@login.example", false, false),
            ("https://login.example/#there", false, false),
            ("file:///etc/passwd", false, false),
            ("login.example", false, false),
        ] {
            assert_eq!(shut.may_call(address).is_ok(), either, "{address}");
            assert_eq!(open.may_call(address).is_ok(), opened, "{address}, allowed");
        }
    }

    /// ATT-19 A name that points into the house is found out when it is called, not when it is written down.
    #[tokio::test]
    async fn a_name_that_points_into_the_house_is_not_called() {
        let request = openidconnect::http::Request::builder()
            .uri("https://localhost:1/")
            .body(Vec::new())
            .unwrap();
        let fault = Wire::new(false).unwrap().ask(request).await.unwrap_err();
        assert!(matches!(fault, WireFault::Address(_)), "{fault:?}");
    }
}
