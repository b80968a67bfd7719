//! Who sent this, and may they? The answer is the handler's argument: a handler without one has no access to data.

use super::gate::Gate;
use super::{Pace, Problem, request_source};
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, ORIGIN};
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev, web};
use attest_domain::{Grant, may};
use attest_store::{Caller, Forbidden, Permit, Store};
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use subtle::ConstantTimeEq;

/// The cookie of the access token (ATT-12).
pub const ACCESS_COOKIE: &str = "__Host-attest_access";
/// The cookie of the refresh token.
pub const REFRESH_COOKIE: &str = "__Host-attest_refresh";

/// A signed-in caller who may do `P`.
pub struct May<P> {
    /// Who.
    pub caller: Caller,
    /// The right to do it once.
    pub permit: Permit<P>,
}

/// As [`May`], and the identity was confirmed in the last five minutes (ATT-17).
pub struct SteppedUp<P> {
    /// Who.
    pub caller: Caller,
    /// The right to do it once.
    pub permit: Permit<P>,
}

/// A signed-in person: for one's own affairs.
pub struct Signed(pub Caller);

/// Whoever it is, a service account and a locked screen included: for the question who one is.
pub struct Present(pub Caller);

impl FromRequest for Signed {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _payload: &mut dev::Payload) -> Self::Future {
        let (request, gate) = (request.clone(), Gate::put_up(request));
        Box::pin(async move {
            let (caller, _permit) = permitted(&request, Caller::permit::<may::Myself>).await?;
            gate.open();
            Ok(Self(caller))
        })
    }
}

/// A person who may change their own second factors now: see [`Caller::permit_own_factors`].
pub struct OwnFactors {
    /// Who.
    pub caller: Caller,
    /// The right to do it once.
    pub permit: Permit<may::Myself>,
}

impl FromRequest for OwnFactors {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _payload: &mut dev::Payload) -> Self::Future {
        let (request, gate) = (request.clone(), Gate::put_up(request));
        Box::pin(async move {
            let (caller, permit) = permitted(&request, Caller::permit_own_factors).await?;
            gate.open();
            Ok(Self { caller, permit })
        })
    }
}

impl FromRequest for Present {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _payload: &mut dev::Payload) -> Self::Future {
        let (request, gate) = (request.clone(), Gate::put_up(request));
        Box::pin(async move {
            let caller = caller(&request).await?;
            gate.open();
            Ok(Self(caller))
        })
    }
}

impl<P: Grant> FromRequest for May<P> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _payload: &mut dev::Payload) -> Self::Future {
        let (request, gate) = (request.clone(), Gate::put_up(request));
        Box::pin(async move {
            let (caller, permit) = permitted(&request, Caller::permit::<P>).await?;
            gate.open();
            Ok(Self { caller, permit })
        })
    }
}

impl<P: Grant> FromRequest for SteppedUp<P> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _payload: &mut dev::Payload) -> Self::Future {
        let (request, gate) = (request.clone(), Gate::put_up(request));
        Box::pin(async move {
            let (caller, permit) = permitted(&request, Caller::permit_stepped_up::<P>).await?;
            gate.open();
            Ok(Self { caller, permit })
        })
    }
}

async fn permitted<P: Grant>(
    request: &HttpRequest,
    ask: fn(&Caller) -> Result<Permit<P>, Forbidden>,
) -> Result<(Caller, Permit<P>), Problem> {
    let caller = caller(request).await?;
    let permit = ask(&caller)?;
    Ok((caller, permit))
}

/// The caller behind a bearer token or a cookie; with a bearer token cookies are ignored.
pub async fn caller(request: &HttpRequest) -> Result<Caller, Problem> {
    let bearer = match request.headers().get(AUTHORIZATION) {
        Some(value) => {
            let text = value.to_str().map_err(|_binary| Problem::unauthenticated())?;
            let (scheme, token) = text.split_once(' ').ok_or_else(Problem::unauthenticated)?;
            if !scheme.eq_ignore_ascii_case("bearer") {
                return Err(Problem::unauthenticated());
            }
            Some(token.trim().to_owned())
        }
        None => None,
    };
    let from_cookie = bearer.is_none();
    let token = match bearer {
        Some(token) => token,
        None => request
            .cookie(ACCESS_COOKIE)
            .map(|cookie| cookie.value().to_owned())
            .ok_or_else(Problem::unauthenticated)?,
    };
    let caller = store(request)?.caller(&token, request_source(request)).await?;
    request.extensions_mut().insert(caller.clone());
    Pace::principal(request, &caller)?;
    // A token that was issued to a browser is only good in its cookie, and the other way round.
    if caller.principal().cookie != from_cookie {
        return Err(Problem::unauthenticated());
    }
    if from_cookie && changes(request.method()) {
        csrf(request, &caller)?;
    }
    Ok(caller)
}

fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// ATT-13: the token in a header that another origin cannot set, and the browser's own word for where this comes from.
fn csrf(request: &HttpRequest, caller: &Caller) -> Result<(), Problem> {
    let refused = || {
        Problem::new(
            403,
            "csrf",
            "Request from elsewhere",
            "send the csrf_token of GET /api/v1/me as X-CSRF-Token, from this site's own pages",
        )
    };
    same_origin(request)?;
    let shown = request
        .headers()
        .get("X-CSRF-Token")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if bool::from(shown.as_bytes().ct_eq(caller.principal().csrf.as_bytes())) {
        Ok(())
    } else {
        Err(refused())
    }
}

/// Refuses a request that a browser sent from another site (ATT-13).
pub fn same_origin(request: &HttpRequest) -> Result<(), Problem> {
    let refused = || {
        Problem::new(
            403,
            "csrf",
            "Request from elsewhere",
            "this request came from another site",
        )
    };
    let header = |name: &str| {
        request
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap_or_default().to_owned())
    };
    if header("Sec-Fetch-Site").is_some_and(|site| site != "same-origin" && site != "none") {
        return Err(refused());
    }
    if let Some(origin) = header(ORIGIN.as_str()) {
        let host = header("Host").unwrap_or_default();
        let fits = origin
            .split_once("://")
            .is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(&host));
        if !fits {
            return Err(refused());
        }
    }
    Ok(())
}

fn store(request: &HttpRequest) -> Result<&Store, Problem> {
    request
        .app_data::<web::Data<Store>>()
        .map(|store| store.get_ref())
        .ok_or_else(|| Problem::internal(&"no store"))
}

/// Keeps the marker's name in one place for debug output.
impl<P> std::fmt::Debug for May<P> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "May({:?})", PhantomData::<fn() -> P>)
    }
}
