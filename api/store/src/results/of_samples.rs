//! The results of several samples at once: a few statements, however many samples.

use super::view::{ResultBody, ResultHoldTime, ResultSample, ResultTest, ResultView};
use crate::catalogue::Catalogue;
use crate::db::{row, sql};
use crate::reference::word;
use crate::sealing::Keys;
use crate::{Person, ReadTx, Ref, StoreError, now};
use attest_domain::Permission;
use attest_domain::hold_time::hold_time;
use attest_domain::ids::{ResultId, SampleId, TestId, UserId};
use attest_domain::terms::Origin;
use chrono::{DateTime, Utc};
use std::collections::HashMap;

row! {
    /// A result with what is joined to it.
    pub(crate) struct ResultRow {
        pub(crate) id: ResultId,
        pub(crate) sample_id: SampleId,
        pub(crate) accession_number: String,
        pub(crate) sample_version: i64,
        pub(crate) collected_at: Option<DateTime<Utc>>,
        pub(crate) test_id: TestId,
        pub(crate) status: String,
        pub(crate) version: i64,
        pub(crate) body: Option<String>,
        pub(crate) entered_by: Option<UserId>,
        pub(crate) entered_at: Option<DateTime<Utc>>,
        pub(crate) verified_by: Option<UserId>,
        pub(crate) verified_at: Option<DateTime<Utc>>,
        pub(crate) due_at: Option<DateTime<Utc>>,
        pub(crate) updated_at: DateTime<Utc>,
        pub(crate) created_at: DateTime<Utc>,
    }
}

/// The select list and joins of [`ResultRow`]; continue with `WHERE r.tenant_id = ? …`.
pub(crate) const RESULT_ROWS: &str = "SELECT r.id, r.sample_id, s.accession_number, s.version, s.collected_at, r.test_id, r.status, r.version, \
     r.body, r.entered_by, r.entered_at, r.verified_by, r.verified_at, r.due_at, r.updated_at, r.created_at \
     FROM results r JOIN samples s ON s.tenant_id = r.tenant_id AND s.id = r.sample_id ";

impl<P> ReadTx<'_, P> {
    /// The results of these samples, each list in its order. Without `result:read` only what was asked for is shown, not what
    /// came out (ATT-23).
    pub(crate) fn results_of_samples(
        &mut self,
        samples: &[SampleId],
    ) -> Result<HashMap<SampleId, Vec<ResultView>>, StoreError> {
        if samples.is_empty() {
            return Ok(HashMap::new());
        }
        let mut query = sql(format!("{RESULT_ROWS} WHERE r.tenant_id = ? AND r.sample_id IN (")).bind(self.tenant());
        query
            .list(samples.iter().copied())
            .push(") ORDER BY r.sample_id, r.position, r.id");
        let rows = query.all::<ResultRow>(self.db)?;
        let mut found: HashMap<SampleId, Vec<ResultView>> = HashMap::with_capacity(samples.len());
        for result in self.results_shown(rows)? {
            found.entry(result.sample.id).or_default().push(result);
        }
        Ok(found)
    }

    /// Rows as answers, with the names of the people in them.
    pub(crate) fn results_shown(&mut self, rows: Vec<ResultRow>) -> Result<Vec<ResultView>, StoreError> {
        let catalogue = self.catalogue()?;
        let people = self.people(rows.iter().flat_map(|row| [row.entered_by, row.verified_by]).flatten())?;
        let keys = self.keys_of(rows.iter().filter_map(|row| row.body.as_deref()))?;
        let seen = Seen {
            catalogue: &catalogue,
            people: &people,
            keys: &keys,
            whole: self.may(Permission::ResultRead),
            at: now(),
        };
        rows.into_iter().map(|row| seen.shown(row)).collect()
    }
}

/// What rows are shown with.
struct Seen<'a> {
    catalogue: &'a Catalogue,
    people: &'a HashMap<UserId, Person>,
    keys: &'a Keys,
    /// Without `result:read` only what was asked for is shown, not what came out.
    whole: bool,
    at: DateTime<Utc>,
}

impl Seen<'_> {
    fn shown(&self, row: ResultRow) -> Result<ResultView, StoreError> {
        let (whole, at) = (self.whole, self.at);
        let test = &self
            .catalogue
            .test(row.test_id)
            .ok_or_else(|| StoreError::broken("a result of an unknown test"))?
            .data;
        let stored = row.body.as_deref().filter(|_| whole);
        let body = ResultBody::opened(self.keys, row.id, stored)?;
        let person = |id: Option<UserId>| id.filter(|_| whole).and_then(|id| self.people.get(&id).cloned());
        let measured = body.measured_at.or(row.entered_at);
        let hold = hold_time(row.collected_at, test.hold_time_hours, measured, at).map(|hold| ResultHoldTime {
            due_at: hold.due_at,
            exceeded: hold.exceeded,
        });
        Ok(ResultView {
            id: row.id,
            sample: ResultSample {
                id: row.sample_id,
                accession_number: row.accession_number,
                version: row.sample_version,
            },
            status: word(&row.status)?,
            version: row.version,
            value: body.value,
            typed: body.typed,
            detection: body.detection,
            limit_kind: body.limit_kind,
            dilution_factor: body.dilution_factor,
            display: body.display,
            unit: body.unit.unwrap_or_else(|| test.unit.clone()),
            uncertainty: body.uncertainty,
            origin: body.origin.unwrap_or(Origin::Measured),
            provider: body.provider,
            flags: body.flags,
            statement: body.statement,
            limits: body.limits,
            instrument: body.instrument.map(|instrument| Ref {
                id: instrument.id,
                name: instrument.name,
            }),
            measured_at: body.measured_at,
            remark: body.remark,
            deviation: body.deviation,
            entered_by: person(row.entered_by),
            entered_at: row.entered_at.filter(|_| whole),
            verified_by: person(row.verified_by),
            verified_at: row.verified_at.filter(|_| whole),
            self_verified: body.self_verified,
            reason: body.reason,
            retest_of: body.retest_of,
            hold_time: hold,
            previous: None,
            due_at: row.due_at,
            updated_at: row.updated_at,
            created_at: row.created_at,
            test: ResultTest {
                id: row.test_id,
                code: test.code.clone(),
                name: test.name.clone(),
                analyte: test.analyte.clone(),
                method: test.method.clone(),
                unit: test.unit.clone(),
                decimals: test.decimals,
                result_type: test.result_type,
                codes: test.codes.clone().unwrap_or_default(),
                lod: test.lod.map(|limit| limit.to_string()),
                loq: test.loq.map(|limit| limit.to_string()),
                accredited: test.accredited,
                self_verification_allowed: test.self_verification_allowed,
            },
        })
    }
}
