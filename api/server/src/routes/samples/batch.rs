//! A batch of samples registered one by one: what can be done is done, and each item has its own answer.

use crate::http::{May, Problem, complete};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use attest_domain::may;
use attest_store::{NewSample, Once, Sample, Store, StoreError};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use utoipa::ToSchema;

/// What became of each sample of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegisteredBatch {
    /// In the order of the request.
    pub items: Vec<RegisteredItem>,
}

/// What became of one sample.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegisteredItem {
    /// The HTTP status it would have had alone.
    pub status: u16,
    /// The sample, when it was registered.
    pub sample: Option<Sample>,
    /// What is wrong, when it was not.
    pub problem: Option<Problem>,
}

/// Registers what can be registered; 201 when that is everything, else 207.
pub(super) async fn register_each(
    request: &HttpRequest,
    store: &web::Data<Store>,
    may: May<may::SampleRegister>,
    once: Option<Once>,
    items: Vec<NewSample>,
) -> Result<HttpResponse, Problem> {
    let count = items.len();
    let failed: Arc<Mutex<HashMap<usize, StoreError>>> = Arc::default();
    let (noted, caller) = (Arc::clone(&failed), may.caller);
    let written = store
        .write(may.permit, once, move |tx| {
            tx.sample_register_each(&items, |place, error| {
                noted
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(place, error);
            })
        })
        .await;
    let mut failed = std::mem::take(&mut *failed.lock().unwrap_or_else(PoisonError::into_inner));
    let (places, permit) = match written {
        Ok(written) => (written.value, written.permit),
        // Nothing was done, and each item knows why.
        Err(StoreError::EveryItem(_)) => (Vec::new(), caller.permit()?),
        Err(error) => return Err(error.into()),
    };
    let done: Vec<_> = places.iter().copied().filter(|id| !id.uuid().is_nil()).collect();
    let registered = store.read(permit, move |tx| tx.samples(&done)).await?;
    let mut registered: HashMap<_, Sample> = registered
        .into_iter()
        .map(|sample| (sample.summary.id, sample))
        .collect();
    let items: Vec<RegisteredItem> = (0..count)
        .map(|place| {
            let sample = places.get(place).and_then(|id| registered.remove(id));
            let problem = sample.is_none().then(|| {
                let problem = failed.remove(&place).map_or_else(Problem::not_done_then, Problem::from);
                complete(request, problem)
            });
            RegisteredItem {
                status: problem.as_ref().map_or(201, |problem| problem.status),
                sample,
                problem,
            }
        })
        .collect();
    let status = if items.iter().all(|item| item.problem.is_none()) {
        StatusCode::CREATED
    } else {
        StatusCode::MULTI_STATUS
    };
    Ok(HttpResponse::build(status).json(RegisteredBatch { items }))
}
