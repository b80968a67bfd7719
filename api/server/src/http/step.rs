//! What every transition of one thing takes, in one argument.

use super::{Body, Id, IdempotencyKey, IfMatch, May, Problem};
use crate::http::body::Checked;
use actix_web::{FromRequest, HttpRequest, dev};
use attest_domain::Grant;
use attest_store::{Caller, Once, Permit};
use serde::de::DeserializeOwned;
use std::future::Future;
use std::pin::Pin;

/// A step that somebody who may do `P` wants the thing `I` to take, with the body `B`.
///
/// It is its parts and adds nothing: [`May`] decides before any of the others is looked at.
pub struct Step<P, I, B> {
    /// Who.
    pub caller: Caller,
    /// The right to do it once.
    pub permit: Permit<P>,
    /// To what.
    pub id: I,
    /// The version the caller saw, if they said.
    pub seen: Option<i64>,
    /// That a repeated request is carried out once, if they sent a key.
    pub once: Option<Once>,
    /// How.
    pub body: B,
}

type Parts<P, I, B> = (May<P>, Id<I>, IfMatch, IdempotencyKey, Body<B>);

impl<P, I, B> FromRequest for Step<P, I, B>
where
    P: Grant + 'static,
    I: 'static,
    Id<I>: FromRequest<Error = Problem>,
    B: DeserializeOwned + Checked + 'static,
{
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let parts = Parts::<P, I, B>::from_request(request, payload);
        Box::pin(async move {
            let (may, id, seen, key, body) = parts.await?;
            Ok(Self {
                caller: may.caller,
                permit: may.permit,
                id: id.0,
                seen: seen.0,
                once: key.once(body.hash),
                body: body.value,
            })
        })
    }
}
