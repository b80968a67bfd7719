//! First who, then what: a request's other faults are told only to those who may do it at all.
//!
//! actix resolves a handler's arguments side by side and answers with the first error. The permission needs the database
//! and would always come last, so a stranger would learn from a 422, 428 or 404 what only a permitted caller may. Each
//! permission argument puts up a gate; the errors of the arguments behind it wait until it is open. The arguments are polled
//! in order by one task, so that a waiting error needs no waker of its own: the permission's wakes them all.

use super::Problem;
use actix_web::{HttpMessage, HttpRequest};
use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

/// Open when the caller was found to be permitted. A refused caller's request ends at the gate.
#[derive(Debug, Clone, Default)]
pub struct Gate(Rc<Cell<bool>>);

impl Gate {
    /// Puts one up before the arguments that follow.
    pub fn put_up(request: &HttpRequest) -> Self {
        let gate = Self::default();
        request.extensions_mut().insert(gate.clone());
        gate
    }

    /// The caller may.
    pub fn open(&self) {
        self.0.set(true);
    }

    /// The gate that this argument stands behind; operations for everybody have none.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }

    /// Until it is open.
    pub async fn passed(&self) {
        poll_fn(|_task| if self.0.get() { Poll::Ready(()) } else { Poll::Pending }).await;
    }
}

/// An argument that is known at once, whose error waits at the gate.
#[derive(Debug)]
pub struct Held<T> {
    result: Option<Result<T, Problem>>,
    gate: Option<Gate>,
}

impl<T> Held<T> {
    /// The argument, or what is wrong with it.
    pub fn new(request: &HttpRequest, result: Result<T, Problem>) -> Self {
        let gate = if result.is_err() { Gate::of(request) } else { None };
        Self {
            result: Some(result),
            gate,
        }
    }
}

impl<T: Unpin> Future for Held<T> {
    type Output = Result<T, Problem>;

    fn poll(mut self: Pin<&mut Self>, _task: &mut Context<'_>) -> Poll<Self::Output> {
        if self.gate.as_ref().is_some_and(|gate| !gate.0.get()) {
            return Poll::Pending;
        }
        Poll::Ready(
            self.result
                .take()
                .unwrap_or_else(|| Err(Problem::internal(&"an argument was asked for twice"))),
        )
    }
}
