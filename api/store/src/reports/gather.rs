//! Building a report's content from what the laboratory holds now. The same state and the same frame give the same bytes,
//! so that a signature can be refused when anything changed since the preview.

use super::content::{
    ContentAmends, ContentClient, ContentLaboratory, ContentLimits, ContentOpinion, ContentOrder, ContentPending,
    ContentResult, ContentSample, ContentUncertainty, FORMAT, ReportContent,
};
use super::draft::erased;
use crate::catalogue::Test;
use crate::db::{row, sql};
use crate::orders::ORDERS_TABLE;
use crate::reference::word;
use crate::results::{RESULT_ROWS, ResultBody, ResultRow};
use crate::samples::SAMPLES;
use crate::sealing::{Keys, RowTexts};
use crate::{ReadTx, StoreError};
use attest_domain::Language;
use attest_domain::hold_time::hold_time;
use attest_domain::ids::{ClientId, OrderId, PatientId, SampleId};
use attest_domain::terms::{Origin, Priority, ReportKind};
use attest_domain::workflow::{ResultState, SampleState};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, HashMap};

/// Results by the sample they are of.
type BySample = HashMap<SampleId, Vec<ContentResult>>;

/// What of a content does not come from samples and results.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) nonce: String,
    pub(crate) number: String,
    pub(crate) version_no: i64,
    pub(crate) kind: ReportKind,
    pub(crate) language: Language,
    pub(crate) remarks: Option<String>,
    pub(crate) opinions: Vec<ContentOpinion>,
    pub(crate) amends: Option<ContentAmends>,
}

row! {
    /// A sample with the names it is printed with.
    pub(crate) struct SampleRow {
        pub(crate) id: SampleId,
        pub(crate) accession_number: String,
        pub(crate) status: String,
        pub(crate) order_id: Option<OrderId>,
        pub(crate) client_id: Option<ClientId>,
        pub(crate) patient_id: Option<PatientId>,
        sample_type: String,
        client_reference: Option<String>,
        description: Option<String>,
        collected_at: Option<DateTime<Utc>>,
        collected_by: Option<String>,
        collection_place: Option<String>,
        received_at: Option<DateTime<Utc>>,
        condition: Option<String>,
        condition_note: Option<String>,
        temperature_c: Option<String>,
        deviations: Option<String>,
    }
}

row! {
    struct OrderRow {
        id: OrderId,
        number: String,
        external_id: Option<String>,
        requester: Option<String>,
        priority: String,
        decision_rule: Option<String>,
    }
}

row! {
    struct ClientRow {
        name: String,
        address: Option<String>,
        email: Option<String>,
        phone: Option<String>,
    }
}

/// A test is analyte, fraction and basis (product.md): what its name does not say is put behind it.
fn printed_name(test: &Test) -> String {
    let mut name = test.name.clone();
    for more in [&test.fraction, &test.basis].into_iter().flatten() {
        let words = |text: &str| {
            text.split(|c: char| !c.is_alphanumeric())
                .map(str::to_lowercase)
                .collect::<Vec<_>>()
        };
        // `Ammonia as N, filtered` needs no `Filtered field and/or lab` behind it.
        let said = words(more).first().is_none_or(|first| words(&name).contains(first));
        if !said {
            name = format!("{name}, {}", inside_a_sentence(more));
        }
    }
    name
}

/// With a small initial where it begins with an ordinary word; `N` and `CaCO3` stay what they are.
fn inside_a_sentence(text: &str) -> String {
    let ordinary = text
        .split_whitespace()
        .next()
        .is_some_and(|word| word.chars().count() > 3 && word.chars().skip(1).all(char::is_lowercase));
    let mut chars = text.chars();
    match chars.next() {
        Some(first) if ordinary => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

impl<P> ReadTx<'_, P> {
    /// The samples of these ids that exist here, in the order of their accession numbers.
    pub(crate) fn report_sample_rows(&mut self, ids: &[SampleId]) -> Result<Vec<SampleRow>, StoreError> {
        let mut query = sql(
            "SELECT s.id, s.accession_number, s.status, s.order_id, s.client_id, s.patient_id, t.name, s.client_reference, s.description, \
             s.collected_at, s.collected_by, s.collection_place, s.received_at, s.\"condition\", s.condition_note, s.temperature_c, s.deviations \
             FROM samples s JOIN catalog_items t ON t.tenant_id = s.tenant_id AND t.id = s.sample_type_id WHERE s.tenant_id = ? AND s.id IN (",
        )
        .bind(self.tenant());
        query.list(ids.iter().copied()).push(") ORDER BY s.accession_number");
        query.all::<SampleRow>(self.db)
    }

    /// The content as the laboratory's data are at this moment.
    pub(crate) fn report_content(&mut self, samples: &[SampleId], frame: Frame) -> Result<ReportContent, StoreError> {
        let rows = self.report_sample_rows(samples)?;
        let first = rows
            .first()
            .ok_or_else(|| StoreError::broken("a report without samples"))?;
        let (client, patient) = (first.client_id, first.patient_id);
        if rows
            .iter()
            .any(|row| (row.client_id, row.patient_id) != (client, patient))
        {
            return Err(StoreError::conflict(
                "the samples on this report belong to different clients or patients; make a report for each",
            ));
        }
        let orders = self.content_orders(&rows)?;
        let (mut results, pending_tests) = self.content_results(&rows)?;
        let client = client.map(|id| self.content_client(id)).transpose()?;
        let patient = match patient {
            Some(id) => Some(self.content_patient(id)?.ok_or_else(erased)?),
            None => None,
        };
        let laboratory = self.laboratory();
        let laboratory = ContentLaboratory {
            name: laboratory.name.clone(),
            kind: laboratory.kind,
            address: laboratory.address.clone(),
            accreditation_number: laboratory.accreditation_number.clone(),
            contact: laboratory.contact.clone(),
            timezone: laboratory.timezone.clone(),
        };
        let keys = self.keys_of(rows.iter().flat_map(SampleRow::texts).flatten())?;
        let samples = rows
            .into_iter()
            .map(|row| content_sample(row, &keys, &mut results))
            .collect::<Result<_, _>>()?;
        Ok(ReportContent {
            v: FORMAT.to_owned(),
            nonce: frame.nonce,
            number: frame.number,
            version_no: frame.version_no,
            kind: frame.kind,
            language: frame.language,
            laboratory,
            client,
            patient,
            orders: orders.into_values().collect(),
            samples,
            pending_tests,
            remarks: frame.remarks,
            opinions: frame.opinions,
            amends: frame.amends,
        })
    }

    fn content_client(&mut self, id: ClientId) -> Result<ContentClient, StoreError> {
        let row = sql("SELECT name, address, email, phone FROM clients WHERE tenant_id = ? AND id = ?")
            .bind(self.tenant())
            .bind(id)
            .one::<ClientRow>(self.db)?;
        Ok(ContentClient {
            id: id.uuid(),
            name: row.name,
            address: row.address,
            email: row.email,
            phone: row.phone,
        })
    }

    fn content_orders(&mut self, samples: &[SampleRow]) -> Result<BTreeMap<OrderId, ContentOrder>, StoreError> {
        let ids: Vec<OrderId> = samples.iter().filter_map(|sample| sample.order_id).collect();
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut query = sql("SELECT id, number, external_id, requester, priority, decision_rule FROM orders WHERE tenant_id = ? AND id IN (").bind(self.tenant());
        query.list(ids).push(")");
        let rows = query.all::<OrderRow>(self.db)?;
        let texts = rows.iter().flat_map(|row| [&row.external_id, &row.requester]);
        let keys = self.keys_of(texts.flatten().map(String::as_str))?;
        rows.into_iter()
            .map(|row| {
                let priority: Priority = word(&row.priority)?;
                let texts = RowTexts::of(ORDERS_TABLE, row.id);
                let order = ContentOrder {
                    id: row.id.uuid(),
                    number: row.number,
                    external_id: texts.opened(&keys, "external_id", row.external_id.as_deref())?,
                    requester: texts.opened(&keys, "requester", row.requester.as_deref())?,
                    priority,
                    decision_rule: row.decision_rule,
                };
                Ok((row.id, order))
            })
            .collect()
    }

    /// Verified and cancelled results by sample, and what is still open. Read here rather than through the results' own
    /// answers: what a report says must not depend on what its author may see.
    fn content_results(&mut self, samples: &[SampleRow]) -> Result<(BySample, Vec<ContentPending>), StoreError> {
        let mut query = sql(format!("{RESULT_ROWS} WHERE r.tenant_id = ? AND r.sample_id IN (")).bind(self.tenant());
        query
            .list(samples.iter().map(|sample| sample.id))
            .push(") ORDER BY s.accession_number, r.position, r.id");
        let rows = query.all::<ResultRow>(self.db)?;
        let catalogue = self.catalogue()?;
        let keys = self.keys_of(rows.iter().filter_map(|row| row.body.as_deref()))?;
        let (mut results, mut pending): (HashMap<SampleId, Vec<ContentResult>>, _) = (HashMap::new(), Vec::new());
        for row in rows {
            let test = &catalogue
                .test(row.test_id)
                .ok_or_else(|| StoreError::broken("a result of an unknown test"))?
                .data;
            match word(&row.status)? {
                ResultState::Pending | ResultState::Entered => {
                    pending.push(ContentPending {
                        accession_number: row.accession_number,
                        test: printed_name(test),
                        due_at: row.due_at,
                    });
                }
                state @ (ResultState::Verified | ResultState::Cancelled) => {
                    let body = ResultBody::opened(&keys, row.id, row.body.as_deref())?;
                    results
                        .entry(row.sample_id)
                        .or_default()
                        .push(content_result(row, state, body, test));
                }
                // The retest that names it stands in its place.
                ResultState::Retracted => {}
            }
        }
        Ok((results, pending))
    }
}

impl SampleRow {
    /// What somebody wrote.
    fn texts(&self) -> [Option<&str>; 6] {
        [
            &self.client_reference,
            &self.description,
            &self.collected_by,
            &self.collection_place,
            &self.condition_note,
            &self.deviations,
        ]
        .map(Option::as_deref)
    }

    /// Where the sample stands.
    pub(crate) fn state(&self) -> Result<SampleState, StoreError> {
        word(&self.status)
    }
}

fn content_sample(
    row: SampleRow,
    keys: &Keys,
    results: &mut HashMap<SampleId, Vec<ContentResult>>,
) -> Result<ContentSample, StoreError> {
    let texts = RowTexts::of(SAMPLES, row.id);
    let read = |column: &str, stored: Option<&str>| texts.opened(keys, column, stored);
    Ok(ContentSample {
        id: row.id.uuid(),
        accession_number: row.accession_number,
        sample_type: row.sample_type,
        client_reference: read("client_reference", row.client_reference.as_deref())?,
        description: read("description", row.description.as_deref())?,
        collected_at: row.collected_at,
        collected_by: read("collected_by", row.collected_by.as_deref())?,
        collection_place: read("collection_place", row.collection_place.as_deref())?,
        received_at: row.received_at,
        condition: row.condition.as_deref().map(word).transpose()?,
        condition_note: read("condition_note", row.condition_note.as_deref())?,
        temperature_c: row.temperature_c,
        deviations: read("deviations", row.deviations.as_deref())?
            .as_deref()
            .map(serde_json::from_str)
            .transpose()
            .map_err(StoreError::broken)?
            .unwrap_or_default(),
        results: results.remove(&row.id).unwrap_or_default(),
    })
}

fn content_result(row: ResultRow, state: ResultState, body: ResultBody, test: &Test) -> ContentResult {
    let cancelled = state == ResultState::Cancelled;
    let measured = body.measured_at.or(row.entered_at);
    // Decided by when it was measured; the moment of asking plays no part once there is a value.
    let late = measured.is_some_and(|at| {
        hold_time(row.collected_at, test.hold_time_hours, Some(at), at).is_some_and(|hold| hold.exceeded)
    });
    let rule = body.limits.as_ref().and_then(|limits| limits.decision_rule);
    let limits = body.limits.map(|limits| ContentLimits {
        low: limits.low,
        high: limits.high,
        text: limits.text,
        source: limits.source.map(|source| source.name).unwrap_or_default(),
    });
    let shown = |text: Option<String>| text.filter(|_| !cancelled);
    let unit = body.unit.unwrap_or_else(|| test.unit.clone());
    let uncertainty = shown(body.uncertainty);
    let expanded_uncertainty = uncertainty
        .as_deref()
        .and_then(|text| ContentUncertainty::read(text, &unit));
    ContentResult {
        id: row.id.uuid(),
        version: row.version,
        test: printed_name(test),
        code: test.code.clone(),
        method: test.method.clone(),
        accredited: test.accredited,
        value: shown(body.value),
        detection: body.detection.filter(|_| !cancelled),
        limit_kind: body.limit_kind.filter(|_| !cancelled),
        display: shown(body.display),
        unit,
        expanded_uncertainty,
        uncertainty,
        limits: limits.filter(|_| !cancelled),
        flags: if cancelled { Vec::new() } else { body.flags },
        decision_rule: body.statement.filter(|_| !cancelled).and(rule),
        statement: body.statement.filter(|_| !cancelled),
        origin: body.origin.unwrap_or(Origin::Measured),
        provider: body.provider,
        deviation: body.deviation,
        hold_time_exceeded: late && !cancelled,
        remark: body.remark,
        measured_at: measured,
        verified_at: row.verified_at,
        self_verified: body.self_verified,
        cancelled: cancelled.then(|| body.reason.unwrap_or_default()),
    }
}
