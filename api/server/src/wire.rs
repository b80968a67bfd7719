//! The one way out: calling identity providers and webhooks, whose addresses an administrator of some laboratory wrote down.
//! Checked after resolution, no redirects, no proxy, bounded in time and size (ATT-36).

use attest_domain::network::Network;
use attest_domain::reach::is_public;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::HeaderMap;
use reqwest::{Client, Request, Response, StatusCode, Url, redirect};
use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::rustls;

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
    /// Nobody answers there.
    #[error("{0}")]
    Unreachable(String),
    /// Not in time.
    #[error("{0} did not answer in time")]
    TimedOut(String),
    /// Its certificate is not one to believe, or TLS failed otherwise.
    #[error("{0} has no certificate that is trusted here, or TLS failed")]
    Certificate(String),
    /// It answers with too much.
    #[error("the answer is larger than {WEIGHT} bytes")]
    TooLarge,
}

/// Which addresses beyond the open internet may be called: those of the networks that the operator allows. On this machine, where
/// that is allowed, also without TLS.
#[derive(Debug, Clone)]
pub struct Reach {
    allowed: Arc<[Network]>,
    /// The setting that allows them, to tell who is refused.
    setting: &'static str,
}

impl Reach {
    /// As this setting says.
    pub fn new(allowed: &[Network], setting: &'static str) -> Self {
        Self {
            allowed: allowed.into(),
            setting,
        }
    }

    fn may(&self, address: IpAddr) -> bool {
        is_public(address) || self.allowed.iter().any(|network| network.contains(address))
    }

    /// A host that is this machine itself, by its text, where that is allowed.
    fn is_here(&self, host: &str, numbers: Option<IpAddr>) -> bool {
        match numbers {
            Some(address) => address.is_loopback() && self.may(address),
            None => {
                host == "localhost" && (self.may(Ipv4Addr::LOCALHOST.into()) || self.may(Ipv6Addr::LOCALHOST.into()))
            }
        }
    }

    fn refuses(&self, host: &str) -> WireFault {
        WireFault::Address(format!(
            "{host} is in a private network; the operator can allow that ({})",
            self.setting
        ))
    }

    /// The addresses of a name that may be called.
    async fn resolved(&self, host: &str) -> Result<Vec<SocketAddr>, Box<dyn Error + Send + Sync>> {
        let found: Vec<SocketAddr> = tokio::net::lookup_host((host, 0)).await?.collect();
        let may: Vec<SocketAddr> = found.iter().copied().filter(|address| self.may(address.ip())).collect();
        if may.is_empty() && !found.is_empty() {
            return Err(self.refuses(host).into());
        }
        Ok(may)
    }
}

/// Names become addresses here, and only those that may be called come out: what a name pointed to a moment ago, when somebody
/// looked, does not count.
impl Resolve for Reach {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.clone();
        Box::pin(async move {
            let addresses: Addrs = Box::new(reach.resolved(name.as_str()).await?.into_iter());
            Ok(addresses)
        })
    }
}

/// The way out.
#[derive(Debug, Clone)]
pub struct Wire {
    client: Client,
    reach: Reach,
}

/// An answer whose head has come; the rest is read only when it is asked for.
#[derive(Debug)]
pub struct Answer {
    response: Response,
    host: String,
}

impl Wire {
    /// As far as the operator's settings reach.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(reach: Reach) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .timeout(PATIENCE)
            .connect_timeout(CONNECTING)
            .no_proxy()
            .dns_resolver(Arc::new(reach.clone()))
            .user_agent(concat!("attest/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, reach })
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
        match url.scheme() {
            "https" => {}
            "http" if self.reach.is_here(&host, numbers) => {}
            _ => return Err(wrong("must begin with https://")),
        }
        match numbers {
            Some(ip) if !self.reach.may(ip) => Err(self.reach.refuses(&host)),
            _ => Ok(url),
        }
    }

    /// The same, and where its name leads to now. A name that leads nowhere yet is let through: it is asked again at each call.
    ///
    /// # Errors
    /// [`WireFault::Address`] with what would be right.
    pub async fn may_lead_to(&self, address: &str) -> Result<Url, WireFault> {
        let url = self.may_call(address)?;
        match self
            .reach
            .resolved(url.host_str().unwrap_or_default().trim_matches(['[', ']']))
            .await
        {
            Err(error) => match error.downcast_ref::<WireFault>() {
                Some(fault) => Err(fault.clone()),
                None => Ok(url),
            },
            Ok(_addresses) => Ok(url),
        }
    }

    /// One question.
    ///
    /// # Errors
    /// [`WireFault`].
    pub async fn send(&self, request: Request) -> Result<Answer, WireFault> {
        let url = self.may_call(request.url().as_str())?;
        let host = url.host_str().unwrap_or_default().to_owned();
        match self.client.execute(request).await {
            Ok(response) => Ok(Answer { response, host }),
            Err(error) => Err(told(&error, &host)),
        }
    }
}

impl Answer {
    /// Its status.
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// Its headers.
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// Its body, read to the end.
    ///
    /// # Errors
    /// [`WireFault::TooLarge`], and those of the way.
    pub async fn whole(mut self) -> Result<Vec<u8>, WireFault> {
        let mut whole = Vec::new();
        while let Some(piece) = self.response.chunk().await.map_err(|error| told(&error, &self.host))? {
            if whole.len().saturating_add(piece.len()) > WEIGHT {
                return Err(WireFault::TooLarge);
            }
            whole.extend_from_slice(&piece);
        }
        Ok(whole)
    }
}

/// In words for an administrator; never the address with what stands in it.
fn told(error: &reqwest::Error, host: &str) -> WireFault {
    let mut cause: Option<&dyn Error> = Some(error);
    while let Some(inner) = cause {
        if let Some(fault) = inner.downcast_ref::<WireFault>() {
            return fault.clone();
        }
        if is_of_tls(inner) {
            return WireFault::Certificate(host.to_owned());
        }
        cause = inner.source();
    }
    if error.is_timeout() {
        WireFault::TimedOut(host.to_owned())
    } else if error.is_connect() {
        WireFault::Unreachable(format!("{host} cannot be reached"))
    } else {
        WireFault::Unreachable(format!("{host} broke off"))
    }
}

/// What an I/O error wraps is not its source, and one may wrap another.
fn is_of_tls(error: &(dyn Error + 'static)) -> bool {
    let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    error.is::<rustls::Error>() || wrapped.is_some_and(|wrapped| is_of_tls(wrapped))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn wire(allowed: &[&str]) -> Wire {
        let allowed: Vec<Network> = allowed.iter().map(|network| network.parse().unwrap()).collect();
        Wire::new(Reach::new(&allowed, "the_setting")).unwrap()
    }

    /// ATT-19 ATT-36
    #[test]
    fn only_addresses_outside_are_called_unless_the_operator_says_so() {
        let (shut, open) = (wire(&[]), wire(&["0.0.0.0/0", "::/0"]));
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

    /// ATT-36 The operator allows networks, not "everything private".
    #[test]
    fn what_is_allowed_is_a_network() {
        let lab = wire(&["10.20.0.0/16"]);
        for (address, may) in [
            ("https://10.20.3.4/hook", true),
            ("https://10.21.0.1/hook", false),
            ("https://169.254.169.254/latest/meta-data", false),
            ("https://[::ffff:10.20.3.4]/", true),
            ("https://[::ffff:169.254.169.254]/", false),
            ("https://100.64.0.1/", false),
            ("https://[fe80::1]/", false),
            ("http://127.0.0.1:9000", false),
            ("http://localhost:9000", false),
            ("http://10.20.3.4/hook", false),
            ("https://93.184.216.34/", true),
        ] {
            assert_eq!(lab.may_call(address).is_ok(), may, "{address}");
        }
        assert!(wire(&["127.0.0.0/8"]).may_call("http://127.0.0.1:9000").is_ok());
        let refused = wire(&[]).may_call("https://10.0.0.7/").unwrap_err();
        assert!(refused.to_string().contains("the_setting"), "{refused}");
    }

    /// ATT-19 ATT-36 A name that points into the house is found out when it is called too, whatever it pointed to when it was
    /// written down.
    #[tokio::test]
    async fn a_name_that_points_into_the_house_is_not_called() {
        let shut = wire(&[]);
        let fault = shut.may_lead_to("https://localhost/").await.unwrap_err();
        assert!(matches!(fault, WireFault::Address(_)), "{fault:?}");
        let request = Request::new(reqwest::Method::GET, "https://localhost:1/".parse().unwrap());
        let fault = shut.send(request).await.unwrap_err();
        assert!(matches!(fault, WireFault::Address(_)), "{fault:?}");
    }
}
