//! The way back from the identity provider. A browser comes here by itself, so every answer leads to a page that explains.

use super::super::{cookie, no_cookie};
use super::BROWSER_COOKIE;
use crate::http::may::{ACCESS_COOKIE, REFRESH_COOKIE};
use crate::http::{Allowances, Problem, request_source};
use crate::sign_on::Providers;
use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, get, web};
use attest_store::{FactorNeeded, SessionTokens, SignOnAttempt, SignOnPurpose, SignOnRefused, Store};
use openidconnect::url::form_urlencoded;

/// What a provider puts into the address: members that it adds of its own are none of our business.
#[derive(Default)]
struct Said {
    state: String,
    code: Option<String>,
    error: Option<String>,
    issuer: Option<String>,
}

impl Said {
    fn of(query: &str) -> Self {
        let mut said = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "state" => said.state = value.into_owned(),
                "code" => said.code = Some(value.into_owned()),
                "error" => said.error = Some(value.chars().take(60).collect()),
                "iss" => said.issuer = Some(value.into_owned()),
                _ => {}
            }
        }
        said
    }
}

/// Where the browser goes next.
enum Next {
    /// In, or confirmed; with new cookies where there are any.
    Done(Option<SessionTokens>),
    /// To the second factor.
    Factor(FactorNeeded),
    /// To a page that explains this word.
    Refused(&'static str),
}

/// Come back from the identity provider
///
/// Where the provider sends the browser (the redirect URI). Leads on into the application with a session in cookies, or to the
/// sign-in page with `refused` in the address, a word that says why.
#[utoipa::path(tag = "auth", security(()), extensions(("x-permission" = json!("public"))),
    params(("state" = Option<String>, Query, description = "As it was sent"), ("code" = Option<String>, Query, description = "The provider's code"),
        ("error" = Option<String>, Query, description = "Why there is none"), ("iss" = Option<String>, Query, description = "Who answers (RFC 9207)")),
    responses((status = 303, description = "Where to go")))]
#[get("/auth/sign-on/callback")]
pub(super) async fn sign_on_callback(
    request: HttpRequest,
    store: web::Data<Store>,
    providers: web::Data<Providers>,
    allowances: web::Data<Allowances>,
) -> Result<HttpResponse, Problem> {
    allowances.unknown_links.left(&request)?;
    let said = Said::of(request.query_string());
    let browser = request.cookie(BROWSER_COOKIE).map(|cookie| cookie.value().to_owned());
    let back = store
        .sign_on_back(&said.state, browser.as_deref(), request_source(&request))
        .await;
    let attempt = match back {
        Ok(attempt) => attempt,
        Err(SignOnRefused::Store(error)) => return Err(error.into()),
        Err(refused) => {
            allowances.unknown_links.spend(&request)?;
            return Ok(leads(None, Next::Refused(refused.code())));
        }
    };
    let next = arrived(&request, &store, &providers, &attempt, said).await?;
    Ok(leads(Some(&attempt), next))
}

async fn arrived(
    request: &HttpRequest,
    store: &Store,
    providers: &Providers,
    attempt: &SignOnAttempt,
    said: Said,
) -> Result<Next, Problem> {
    let source = || request_source(request);
    let failed = async |why: &'static str, detail: String| -> Result<Next, Problem> {
        store
            .sign_on_failed(attempt.laboratory, why, Some(detail), source())
            .await?;
        Ok(Next::Refused(why))
    };
    let Some(code) = said.code.filter(|_code| said.error.is_none()) else {
        return failed("declined", said.error.unwrap_or_default()).await;
    };
    if said.issuer.is_some_and(|issuer| issuer != attempt.issuer) {
        return failed("token", "another issuer answered".to_owned()).await;
    }
    let provider = store.sign_on_provider(attempt.laboratory).await?;
    if provider.issuer != attempt.issuer {
        return Ok(Next::Refused("over"));
    }
    let claims = match providers.proven(&provider, attempt, &code).await {
        Ok(claims) => claims,
        Err(fault) => {
            tracing::warn!(%fault, "a single sign-on was not believed");
            return failed(fault.code(), fault.to_string()).await;
        }
    };
    let outcome = match attempt.purpose {
        SignOnPurpose::Login => store.sign_on_login(attempt, claims, source()).await.map(Some),
        SignOnPurpose::StepUp | SignOnPurpose::Signature => store.sign_on_again(attempt, &claims, source()).await,
    };
    match outcome {
        Ok(tokens) => Ok(Next::Done(tokens)),
        Err(SignOnRefused::SecondFactor(needed)) => Ok(Next::Factor(needed)),
        Err(SignOnRefused::Store(error)) => Err(error.into()),
        Err(refused) => Ok(Next::Refused(refused.code())),
    }
}

/// Whoever comes to sign in goes on in the application; whoever confirmed something comes back in a window of its own, which
/// tells the one that waits.
fn leads(attempt: Option<&SignOnAttempt>, next: Next) -> HttpResponse {
    let again = attempt.is_some_and(|attempt| attempt.purpose != SignOnPurpose::Login);
    let mut answer = HttpResponse::SeeOther();
    let there = match next {
        Next::Done(tokens) => {
            if let Some(tokens) = tokens {
                answer
                    .cookie(cookie(ACCESS_COOKIE, tokens.access))
                    .cookie(cookie(REFRESH_COOKIE, tokens.refresh));
            }
            let wanted = attempt.and_then(|attempt| attempt.return_to.clone());
            if again {
                "/signed-on".to_owned()
            } else {
                wanted.unwrap_or_else(|| "/".to_owned())
            }
        }
        // Behind the #, where no server and no log sees it; worth nothing without the factor.
        Next::Factor(needed) => {
            let methods: Vec<&str> = needed.methods.iter().map(|method| method.as_str()).collect();
            format!("/sign-in#second={}&methods={}", needed.ticket, methods.join(","))
        }
        Next::Refused(why) if again => format!("/signed-on?refused={why}"),
        Next::Refused(why) => format!("/sign-in?refused={why}"),
    };
    // The browser's secret served its attempt; another one's stays.
    if attempt.is_some() {
        answer.cookie(no_cookie(BROWSER_COOKIE));
    }
    answer.insert_header((LOCATION, there)).finish()
}

#[cfg(test)]
mod tests {
    use super::Said;

    #[test]
    fn a_provider_may_add_what_it_likes() {
        let said = Said::of("code=a%2Bb&state=s&session_state=7&iss=https%3A%2F%2Flogin.example");
        assert_eq!((said.code.as_deref(), said.state.as_str()), (Some("a+b"), "s"));
        assert_eq!(said.issuer.as_deref(), Some("https://login.example"));
        assert_eq!(said.error, None);
    }
}
