//! Identity providers are called on the house's one way out.

use crate::wire::{Wire, WireFault};
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use std::future::Future;
use std::pin::Pin;

impl Wire {
    /// One question and its whole answer.
    ///
    /// # Errors
    /// [`WireFault`].
    pub async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, WireFault> {
        let request = request
            .try_into()
            .map_err(|_malformed| WireFault::Address("is not an address that can be called".to_owned()))?;
        let answer = self.send(request).await?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let mut made = HttpResponse::new(answer.whole().await?);
        *made.status_mut() = status;
        *made.headers_mut() = headers;
        Ok(made)
    }
}

impl<'c> AsyncHttpClient<'c> for Wire {
    type Error = WireFault;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, WireFault>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}
