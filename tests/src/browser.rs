//! As much of a browser as single sign-on takes: it goes where it is led, from site to site, and keeps each site's cookies.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use serde_json::Value;
use ureq::http::Request;

use crate::api::{Answer, Api};
use crate::server::Server;

/// A browser with its cookies.
#[derive(Debug)]
pub struct Browser {
    agent: ureq::Agent,
    jar: HashMap<String, BTreeMap<String, String>>,
}

/// What a browser was shown.
#[derive(Debug, Clone)]
pub struct Page {
    /// Where.
    pub url: String,
    /// HTTP status.
    pub status: u16,
    /// Where it leads, if anywhere.
    pub location: Option<String>,
    /// The cookies that it set, as they came.
    pub cookies: Vec<String>,
    /// The body.
    pub text: String,
}

impl Default for Browser {
    fn default() -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(30)))
            .build()
            .new_agent();
        Self {
            agent,
            jar: HashMap::new(),
        }
    }
}

/// Scheme, host and port.
fn site(url: &str) -> String {
    url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/")
}

impl Browser {
    /// Opens a page, without going on where it leads.
    pub fn open(&mut self, url: &str) -> Page {
        self.send("GET", url, None, None)
    }

    /// Sends a form.
    pub fn submit(&mut self, url: &str, form: &str) -> Page {
        self.send("POST", url, Some(form), Some("application/x-www-form-urlencoded"))
    }

    /// What a page's script sends to its own site.
    pub fn post(&mut self, url: &str, body: &Value) -> Page {
        self.send("POST", url, Some(&body.to_string()), Some("application/json"))
    }

    /// Goes on where it is led, until a page leads nowhere or `there`, which is not opened.
    pub fn follow(&mut self, mut page: Page, there: &str) -> Page {
        for _step in 0..10 {
            match page.location.clone() {
                Some(next) if !next.starts_with(there) => page = self.open(&next),
                _ => return page,
            }
        }
        panic!("led on and on: {page:?}")
    }

    fn send(&mut self, method: &str, url: &str, body: Option<&str>, kind: Option<&str>) -> Page {
        let from = site(url);
        let mut request = Request::builder().method(method).uri(url).header("Accept", "text/html");
        if let Some(cookies) = self.cookies(&from) {
            request = request.header("Cookie", cookies);
        }
        if let Some(kind) = kind {
            request = request.header("Content-Type", kind).header("Origin", &from);
        }
        let asked = match body {
            Some(body) => self.agent.run(request.body(body.to_owned()).expect("a request")),
            None => self.agent.run(request.body(()).expect("a request")),
        };
        let mut answer = asked.unwrap_or_else(|error| panic!("{method} {url}: {error}"));
        // The library keeps cookies too, but not those of secure pages where there is no TLS, as browsers do for this machine.
        self.agent.cookie_jar_lock().clear();
        let header = |name: &str| {
            answer
                .headers()
                .get(name)
                .map(|value| value.to_str().expect("text").to_owned())
        };
        let location = header("location").map(|next| match next.starts_with('/') {
            true => format!("{from}{next}"),
            false => next,
        });
        let set = answer.headers().get_all("set-cookie").iter();
        let cookies: Vec<String> = set.map(|value| value.to_str().expect("text").to_owned()).collect();
        self.keep(from, &cookies);
        Page {
            url: url.to_owned(),
            status: answer.status().as_u16(),
            location,
            cookies,
            text: answer.body_mut().read_to_string().unwrap_or_default(),
        }
    }

    /// Forgets a site's cookies: somebody else sits down.
    pub fn forgets(&mut self, site: &str) {
        self.jar.remove(site);
    }

    /// Keeps the cookies of an answer that a page's script got from its own server.
    pub fn takes(&mut self, server: &Server, answer: &Answer) {
        let set = answer.headers.get_all("set-cookie").iter();
        let cookies: Vec<String> = set.map(|value| value.to_str().expect("text").to_owned()).collect();
        self.keep(server.url(), &cookies);
    }

    fn keep(&mut self, site: String, cookies: &[String]) {
        let jar = self.jar.entry(site).or_default();
        for cookie in cookies {
            let (pair, rest) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').expect("a cookie");
            let gone = rest.to_lowercase().contains("max-age=0") || rest.contains("1970");
            match gone || value.is_empty() {
                true => jar.remove(name),
                false => jar.insert(name.to_owned(), value.to_owned()),
            };
        }
    }

    /// The `Cookie` header for a site.
    pub fn cookies(&self, site: &str) -> Option<String> {
        let jar = self.jar.get(site).filter(|jar| !jar.is_empty())?;
        let pairs: Vec<String> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Some(pairs.join("; "))
    }

    /// The interface as this browser's page uses it: with its cookies and, where somebody is signed in, the CSRF token.
    pub fn api(&self, server: &Server) -> Api {
        let cookies = self.cookies(&server.url()).unwrap_or_default();
        let api = server
            .anonymous()
            .with("Cookie", &cookies)
            .with("Origin", &server.url());
        let me = api.get("/me");
        match me.status {
            200 => api.with("X-CSRF-Token", me.json()["csrf_token"].as_str().unwrap_or_default()),
            _ => api,
        }
    }
}

/// A text as a form or an address has it.
pub fn encoded(text: &str) -> String {
    let mut found = String::new();
    for byte in text.bytes() {
        match byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            true => found.push(char::from(byte)),
            false => found.push_str(&format!("%{byte:02X}")),
        }
    }
    found
}

/// One value of an address's query, decoded.
pub fn query(url: &str, name: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    let query = query.split('#').next().unwrap_or_default();
    let (_, value) = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(known, _)| *known == name)?;
    let mut bytes = Vec::new();
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let pair = [rest.next().expect("a digit"), rest.next().expect("a digit")];
                let pair = std::str::from_utf8(&pair).expect("digits").to_owned();
                bytes.push(u8::from_str_radix(&pair, 16).expect("hexadecimal"));
            }
            b'+' => bytes.push(b' '),
            other => bytes.push(other),
        }
    }
    Some(String::from_utf8(bytes).expect("UTF-8"))
}
