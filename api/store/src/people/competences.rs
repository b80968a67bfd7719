//! Who is competent for which test (ISO/IEC 17025:2017, 6.2.5).

use crate::db::{Db, row, sql};
use crate::{ReadTx, StoreError, WriteTx};
use attest_domain::competence::{Period, require_current};
use attest_domain::ids::{TestId, UserId};
use chrono::NaiveDate;
use std::collections::HashMap;
use uuid::Uuid;

row! { struct PeriodRow { test_id: TestId, valid_from: NaiveDate, valid_until: Option<NaiveDate> } }

fn periods(
    db: &mut Db,
    tenant: Uuid,
    user: UserId,
    tests: &[TestId],
) -> Result<HashMap<TestId, Vec<Period>>, StoreError> {
    let mut found: HashMap<TestId, Vec<Period>> = HashMap::new();
    if tests.is_empty() {
        return Ok(found);
    }
    let mut query = sql(
        "SELECT test_id, valid_from, valid_until FROM competences WHERE tenant_id = ? AND user_id = ? AND test_id IN (",
    )
    .bind(tenant)
    .bind(user);
    query.list(tests.iter().copied()).push(")");
    for row in query.all::<PeriodRow>(db)? {
        found.entry(row.test_id).or_default().push(Period {
            valid_from: row.valid_from,
            valid_until: row.valid_until,
        });
    }
    Ok(found)
}

macro_rules! lookups {
    ($tx:ident) => {
        impl<P> $tx<'_, P> {
            /// A person's competences for these tests, in one query; tests without any are not in the answer.
            #[allow(dead_code, reason = "one of the two kinds of transaction may not need it")]
            pub(crate) fn competence_periods(
                &mut self,
                user: UserId,
                tests: &[TestId],
            ) -> Result<HashMap<TestId, Vec<Period>>, StoreError> {
                let tenant = self.tenant();
                periods(self.db, tenant, user, tests)
            }

            /// Refuses unless the person is competent for the test on that day (the laboratory's calendar).
            ///
            /// # Errors
            /// 409 `conflict-state` ([`attest_domain::Refusal::NotCompetent`]).
            #[allow(dead_code, reason = "one of the two kinds of transaction may not need it")]
            pub(crate) fn require_competent(
                &mut self,
                user: UserId,
                test: TestId,
                day: NaiveDate,
            ) -> Result<(), StoreError> {
                let known = self.competence_periods(user, &[test])?;
                Ok(require_current(
                    known.get(&test).map(Vec::as_slice).unwrap_or_default(),
                    day,
                )?)
            }
        }
    };
}
lookups!(ReadTx);
lookups!(WriteTx);
