//! Every version of a result, from the append-only table.

use super::view::ResultBody;
use crate::db::{row, sql};
use crate::reference::word;
use crate::{Person, ReadTx, StoreError};
use attest_domain::ids::{ResultId, UserId};
use attest_domain::judge::{Flag, Statement};
use attest_domain::may;
use attest_domain::reason::ReasonCode;
use attest_domain::value::Detection;
use attest_domain::workflow::ResultState;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A result as it was.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ResultVersion {
    /// The version.
    pub version: i64,
    /// What was done: `requested`, `entered`, `corrected`, `returned`, `verified`, `self_verified`, `retracted`, `cancelled`.
    pub action: String,
    /// Where it stood after that.
    pub status: ResultState,
    /// The value, rounded, without sign.
    pub value: Option<String>,
    /// What was typed, digit for digit.
    pub typed: Option<String>,
    /// How the value stands to the truth.
    pub detection: Option<Detection>,
    /// Sign and value as printed.
    pub display: Option<String>,
    /// Unit at that time.
    pub unit: Option<String>,
    /// Marks beside the value.
    pub flags: Vec<Flag>,
    /// Statement of conformity.
    pub statement: Option<Statement>,
    /// Who did it.
    pub entered_by: Option<Person>,
    /// When.
    pub entered_at: DateTime<Utc>,
    /// Why, in words.
    pub reason: Option<String>,
    /// Why, as a code.
    pub reason_code: Option<ReasonCode>,
    /// Remark.
    pub remark: Option<String>,
}

/// All versions of a result, oldest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ResultVersions {
    /// The versions.
    pub items: Vec<ResultVersion>,
}

row! {
    struct VersionRow {
        version: i64,
        action: String,
        status: String,
        body: Option<String>,
        at: DateTime<Utc>,
        by_user: Option<UserId>,
    }
}

row! { struct RequestedRow { created_at: DateTime<Utc>, created_by: Option<UserId> } }

impl ReadTx<'_, may::ResultRead> {
    /// Every version, oldest first; the first is the request.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn result_versions(&mut self, id: ResultId) -> Result<ResultVersions, StoreError> {
        let tenant = self.tenant();
        let requested = sql("SELECT created_at, created_by FROM results WHERE tenant_id = ? AND id = ?")
            .bind(tenant)
            .bind(id)
            .one::<RequestedRow>(self.db)?;
        let mut rows = vec![VersionRow {
            version: 1,
            action: "requested".to_owned(),
            status: ResultState::Pending.as_str().to_owned(),
            body: None,
            at: requested.created_at,
            by_user: requested.created_by,
        }];
        rows.extend(
            sql("SELECT version, action, status, body, at, by_user FROM result_versions WHERE tenant_id = ? AND result_id = ? ORDER BY version")
                .bind(tenant)
                .bind(id)
                .all::<VersionRow>(self.db)?,
        );
        let people = self.people(rows.iter().filter_map(|row| row.by_user))?;
        let keys = self.keys_of(rows.iter().filter_map(|row| row.body.as_deref()))?;
        let items = rows
            .into_iter()
            .map(|row| {
                let body = ResultBody::opened(&keys, id, row.body.as_deref())?;
                Ok(ResultVersion {
                    version: row.version,
                    action: row.action,
                    status: word(&row.status)?,
                    value: body.value,
                    typed: body.typed,
                    detection: body.detection,
                    display: body.display,
                    unit: body.unit,
                    flags: body.flags,
                    statement: body.statement,
                    entered_by: row.by_user.and_then(|by| people.get(&by).cloned()),
                    entered_at: row.at,
                    reason: body.reason,
                    reason_code: body.reason_code,
                    remark: body.remark,
                })
            })
            .collect::<Result<_, StoreError>>()?;
        Ok(ResultVersions { items })
    }
}
