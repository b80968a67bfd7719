//! From a finished review of who has access to its record: everything in words of the laboratory's language, times in its zone.

use super::form::{self, Form};
use crate::exports::offset;
use attest_documents::access_review::{AccessReviewRecord, ReviewedAccount, TWIN_SCHEMA};
use attest_domain::Language;
use attest_domain::access_review::{AccessDecision, AccountKind};
use attest_domain::role::GrantEffect;
use attest_store::{AccessReviewItem, AccessReviewPaper, AccountChange};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What the record says, ready to be typeset.
pub fn access_review_record(paper: &AccessReviewPaper) -> AccessReviewRecord {
    let (laboratory, review) = (&paper.laboratory, &paper.review.summary);
    let form = Form::new(laboratory.language, &laboratory.timezone);
    let deciders = paper.review.items.iter().filter_map(|item| item.decided_by.as_ref());
    let reviewers: BTreeSet<&str> = deciders.map(|person| person.name.as_str()).collect();
    AccessReviewRecord {
        language: match laboratory.language {
            Language::En => attest_documents::Language::En,
            Language::Pl => attest_documents::Language::Pl,
        },
        laboratory: laboratory.name.clone(),
        address: form::lines(Some(&laboratory.address)),
        accreditation: laboratory.accreditation_number.clone(),
        number: review.number.clone(),
        period: format!("{} – {}", form.day(review.period_from), form.day(paper.finished_at)),
        opened: form.minute(review.opened_at),
        opened_by: match &review.opened_by {
            Some(person) => person.name.clone(),
            None => form
                .pick("the system, because it was due", "system, ponieważ nadszedł termin")
                .to_owned(),
        },
        reason: review.reason.clone(),
        due: form.minute(review.due_at),
        late: paper.finished_at > review.due_at,
        finished_at: offset(paper.finished_at, form.zone),
        finished: form.second(paper.finished_at),
        finished_by: [Some(paper.finished_by.name.clone()), paper.title.clone()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", "),
        reviewers: reviewers.into_iter().map(str::to_owned).collect(),
        unused_after_days: u32::try_from(review.unused_after_days).unwrap_or_default(),
        accounts: paper.review.items.iter().map(|item| account(item, &form)).collect(),
        data: twin(paper),
    }
}

fn account(item: &AccessReviewItem, form: &Form) -> ReviewedAccount {
    let then = &item.account;
    let service = item.kind == AccountKind::Service;
    let named = |en, pl, value: &Option<String>| value.as_ref().map(|value| format!("{}: {value}", form.pick(en, pl)));
    ReviewedAccount {
        name: then.name.clone(),
        identity: [
            then.email.clone(),
            named("answered for by", "odpowiada", &then.owner),
            named("client", "klient", &then.client),
        ]
        .into_iter()
        .flatten()
        .collect(),
        service,
        roles: then.roles.clone(),
        more: more(item, form),
        last_use: match then.last_used_at {
            Some(at) => form.minute(at),
            None => form.pick("never", "nigdy").to_owned(),
        },
        created: form.day(then.created_at),
        second_factor: (!service).then(|| {
            let words = if then.second_factor {
                form.pick("with a second factor", "z drugim składnikiem")
            } else {
                form.pick("without a second factor", "bez drugiego składnika")
            };
            words.to_owned()
        }),
        proposed: (item.proposal == AccessDecision::Deactivate).then(|| item.ground.label(form.language).to_owned()),
        deactivated: item.decision == Some(AccessDecision::Deactivate),
        by: item
            .decided_by
            .as_ref()
            .map(|person| person.name.clone())
            .unwrap_or_default(),
        at: item.decided_at.map(|at| form.minute(at)).unwrap_or_default(),
        reason: item.reason.clone(),
        own: item.own,
    }
}

/// Single permissions, and what has changed since the list was written down.
fn more(item: &AccessReviewItem, form: &Form) -> Vec<String> {
    let mut lines: Vec<String> = item
        .account
        .grants
        .iter()
        .map(|grant| {
            let word = match grant.effect {
                GrantEffect::Allow => form.pick("besides", "dodatkowo"),
                GrantEffect::Deny => form.pick("without", "bez"),
            };
            match grant.until {
                Some(until) => format!(
                    "{word}: {} {} {}",
                    grant.permission,
                    form.pick("until", "do"),
                    form.day(until)
                ),
                None => format!("{word}: {}", grant.permission),
            }
        })
        .collect();
    if let Some(roles) = &item.roles_now {
        let none = form.pick("none", "brak").to_owned();
        let roles = if roles.is_empty() { none } else { roles.join(", ") };
        lines.push(format!(
            "{}: {roles}",
            form.pick("roles changed since to", "role zmieniono potem na")
        ));
    }
    let gone = item.changed.contains(&AccountChange::Inactive) && item.decision == Some(AccessDecision::Keep);
    let since = [
        (
            item.changed.contains(&AccountChange::Grants),
            "permissions changed since",
            "uprawnienia zmieniono potem",
        ),
        (gone, "deactivated since the decision", "dezaktywowano po decyzji"),
    ];
    lines.extend(
        since
            .into_iter()
            .filter(|(is, ..)| *is)
            .map(|(_, en, pl)| form.pick(en, pl).to_owned()),
    );
    lines
}

/// The record for machines, attached as `access-review.json`.
fn twin(paper: &AccessReviewPaper) -> Value {
    let review = &paper.review.summary;
    json!({
        "schema": TWIN_SCHEMA,
        "laboratory": {"slug": paper.laboratory.slug, "name": paper.laboratory.name},
        "id": review.id,
        "number": review.number,
        "period_from": review.period_from,
        "opened_at": review.opened_at,
        "opened_by": review.opened_by,
        "reason": review.reason,
        "due_at": review.due_at,
        "unused_after_days": review.unused_after_days,
        "finished_at": paper.finished_at,
        "finished_by": paper.finished_by,
        "items": paper.review.items.iter().map(|item| json!({
            "user_id": item.user_id,
            "kind": item.kind,
            "account": item.account,
            "proposal": item.proposal,
            "ground": item.ground,
            "decision": item.decision,
            "reason": item.reason,
            "decided_at": item.decided_at,
            "decided_by": item.decided_by,
            "own": item.own,
            "changed": item.changed,
            "roles_now": item.roles_now,
        })).collect::<Vec<_>>(),
    })
}
