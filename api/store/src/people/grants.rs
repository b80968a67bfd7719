//! Single permissions on top of the roles: given or taken, with a reason, by somebody, perhaps until a day.

use crate::db::{Db, row, sql};
use crate::{Person, StoreError, now};
use attest_domain::Permission;
use attest_domain::ids::UserId;
use attest_domain::role::GrantEffect;
use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// A single permission to be given or denied; a denial always wins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"permission": "report:release", "effect": "allow", "reason": "stands in for the manager", "until": "2026-12-24T17:00:00Z"}))]
pub struct GrantData {
    /// Which permission.
    pub permission: Permission,
    /// Given or taken.
    pub effect: GrantEffect,
    /// Why.
    pub reason: String,
    /// When it ends by itself; it stays until somebody takes it away when absent.
    #[serde(default)]
    pub until: Option<DateTime<Utc>>,
}

/// A single permission given or denied, while it is in force.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GrantView {
    /// Which permission.
    pub permission: Permission,
    /// Given or taken.
    pub effect: GrantEffect,
    /// Why.
    pub reason: String,
    /// When it ends by itself.
    pub until: Option<DateTime<Utc>>,
    /// By whom.
    pub granted_by: Option<Person>,
    /// When.
    pub granted_at: Option<DateTime<Utc>>,
}

impl GrantView {
    /// Without who and when.
    pub(super) fn data(&self) -> GrantData {
        GrantData {
            permission: self.permission,
            effect: self.effect,
            reason: self.reason.clone(),
            until: self.until,
        }
    }
}

impl GrantData {
    /// Whether another one of the same kind lasts at least as long.
    pub(super) fn is_within(&self, others: &[Self]) -> bool {
        others.iter().any(|other| {
            let lasts = match (self.until, other.until) {
                (_, None) => true,
                (None, Some(_)) => false,
                (Some(mine), Some(theirs)) => mine <= theirs,
            };
            self.permission == other.permission && self.effect == other.effect && lasts
        })
    }

    /// In the words of an audit event.
    pub(super) fn told(&self) -> String {
        let Self {
            permission,
            effect,
            reason,
            until,
        } = self;
        match until {
            Some(until) => format!("{effect} {permission} until {}: {reason}", until.to_rfc3339()),
            None => format!("{effect} {permission}: {reason}"),
        }
    }

    /// With its end as the database keeps it.
    pub(super) fn kept(self) -> Self {
        Self {
            until: self.until.map(|until| until.trunc_subsecs(6)),
            ..self
        }
    }
}

row! {
    struct GrantRow {
        user_id: UserId,
        permission: String,
        effect: String,
        reason: String,
        until: Option<DateTime<Utc>>,
        granted_by: Option<Uuid>,
        granter: Option<String>,
        granted_at: Option<DateTime<Utc>>,
    }
}

/// The single permissions in force, by user.
pub(super) fn grants_of(
    db: &mut Db,
    tenant: Uuid,
    users: &[UserId],
) -> Result<HashMap<UserId, Vec<GrantView>>, StoreError> {
    let mut found: HashMap<UserId, Vec<GrantView>> = HashMap::new();
    if users.is_empty() {
        return Ok(found);
    }
    let mut query = sql(
        "SELECT g.user_id, g.permission, g.effect, g.reason, g.until, g.granted_by, b.name, g.granted_at \
         FROM user_grants g LEFT JOIN users b ON b.tenant_id = g.tenant_id AND b.id = g.granted_by \
         WHERE g.tenant_id = ? AND (g.until IS NULL OR g.until > ?) AND g.user_id IN (",
    )
    .bind(tenant)
    .bind(now());
    query.list(users.iter().copied()).push(") ORDER BY g.permission");
    for row in query.all::<GrantRow>(db)? {
        // A permission of a newer version of the program is not one this version could show.
        let Ok(permission) = row.permission.parse() else {
            continue;
        };
        let effect = row.effect.parse().map_err(StoreError::broken)?;
        found.entry(row.user_id).or_default().push(GrantView {
            permission,
            effect,
            reason: row.reason,
            until: row.until,
            granted_by: Person::joined(row.granted_by, row.granter),
            granted_at: row.granted_at,
        });
    }
    Ok(found)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn longer_than_before_is_more_than_before() {
        let grant = |effect, days: Option<i64>| GrantData {
            permission: Permission::ReportRelease,
            effect,
            reason: "x".to_owned(),
            until: days.map(|days| now() + TimeDelta::days(days)),
        };
        let (allow, deny) = (GrantEffect::Allow, GrantEffect::Deny);
        assert!(grant(allow, Some(1)).is_within(&[grant(allow, Some(2))]));
        assert!(grant(allow, Some(1)).is_within(&[grant(allow, None)]));
        assert!(!grant(allow, Some(2)).is_within(&[grant(allow, Some(1))]));
        assert!(!grant(allow, None).is_within(&[grant(allow, Some(1))]));
        assert!(!grant(allow, Some(1)).is_within(&[grant(deny, None)]));
        assert!(!grant(allow, Some(1)).is_within(&[]));
    }
}
