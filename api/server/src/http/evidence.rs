//! Refusals are evidence: who asked for what they may not (ATT-25).

use super::Problem;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use attest_store::{Caller, Refusal, Store};

/// Problems of single items of a request that answers for each, carried beside the answer.
pub struct ItemProblems(Vec<(String, Problem)>);

impl ItemProblems {
    /// Those of the items that have one.
    pub fn of<'a, I: ToString>(items: impl Iterator<Item = (I, Option<&'a Problem>)>) -> Self {
        let problems = items.filter_map(|(item, problem)| Some((item.to_string(), problem?.clone())));
        Self(problems.collect())
    }
}

/// What is refused to somebody signed in is evidence (ATT-25), whichever rule refused it. Not here: a wrong password, which
/// is an event of its own.
pub(super) async fn refused<B>(request: &HttpRequest, response: &HttpResponse<B>) {
    let refusals: Vec<Refusal> = {
        let extensions = response.extensions();
        let whole = extensions.get::<Problem>().map(|problem| (None, problem));
        let items = extensions.get::<ItemProblems>().map_or(&[][..], |items| &items.0);
        let of_items = items.iter().map(|(item, problem)| (Some(item.as_str()), problem));
        whole
            .into_iter()
            .chain(of_items)
            .filter_map(|(item, problem)| refusal(request, item, problem))
            .collect()
    };
    let caller = request.extensions().get::<Caller>().cloned();
    let (false, Some(caller), Some(store)) = (refusals.is_empty(), caller, request.app_data::<web::Data<Store>>())
    else {
        return;
    };
    if let Err(error) = store.refused(&caller, refusals).await {
        tracing::error!(%error, "a refusal could not be recorded");
    }
}

/// The problem, if it is a refusal of somebody who asked for more than they may.
fn refusal(request: &HttpRequest, item: Option<&str>, problem: &Problem) -> Option<Refusal> {
    let slug = problem.kind.rsplit('/').next().unwrap_or_default();
    let evidence = (problem.status == 403 && slug != "reauthentication-failed") || slug == "four-eyes";
    let path = || {
        let whole: String = request.path().chars().take(300).collect();
        item.map_or_else(|| whole.clone(), |item| format!("{whole}#{item}"))
    };
    evidence.then(|| Refusal {
        operation: format!("{} {}", request.method(), request.match_pattern().unwrap_or_default()),
        path: path(),
        problem: slug.to_owned(),
        why: problem.detail.clone(),
    })
}
