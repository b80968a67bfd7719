//! What is sent to enter a value, alone or as an item of a bulk.

use attest_domain::ids::{InstrumentId, ResultId};
use attest_domain::reason::ReasonCode;
use attest_domain::terms::Origin;
use attest_domain::value::{Detection, LimitKind};
use attest_store::{EntryItem, ResultEntry};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// Both requests have the same fields; unknown ones are refused, which serde cannot do with a flattened struct.
macro_rules! entry_request {
    ($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident: $type:ty,)* }) => {
        #[derive(Debug, Deserialize, Validate, ToSchema)]
        #[serde(deny_unknown_fields)]
        $(#[$meta])*
        pub struct $name {
            $($(#[$fmeta])* pub $field: $type,)*
            /// The value as typed; a sign in it counts (`<0.02`).
            #[validate(length(max = 4000))]
            pub value: String,
            /// How the value stands to the truth, where the value has no sign of its own.
            pub detection: Option<Detection>,
            /// Which limit a `<` or `>` names.
            pub limit_kind: Option<LimitKind>,
            /// The factor that the sample was diluted by, a decimal string; the value is multiplied by it.
            #[validate(length(max = 64))]
            #[schema(example = "10")]
            pub dilution_factor: Option<String>,
            /// The instrument; must be within its calibration.
            pub instrument_id: Option<InstrumentId>,
            /// When it was measured.
            pub measured_at: Option<DateTime<Utc>>,
            /// Remark, printed on the report.
            #[validate(length(max = 2000))]
            pub remark: Option<String>,
            /// Deviation from the method, printed on the report.
            #[validate(length(max = 2000))]
            pub deviation: Option<String>,
            /// Where the value comes from; measured here when absent.
            pub origin: Option<Origin>,
            /// The external provider, for origin `external`; printed on the report.
            #[validate(length(max = 200))]
            pub provider: Option<String>,
            /// Why, when a value that is there already is corrected.
            #[validate(length(max = 2000))]
            pub reason: Option<String>,
            /// Why, as a code.
            pub reason_code: Option<ReasonCode>,
        }

        impl $name {
            fn entry(self) -> ResultEntry {
                ResultEntry {
                    value: self.value,
                    detection: self.detection,
                    limit_kind: self.limit_kind,
                    dilution_factor: self.dilution_factor,
                    instrument_id: self.instrument_id,
                    measured_at: self.measured_at,
                    remark: self.remark,
                    deviation: self.deviation,
                    origin: self.origin,
                    provider: self.provider,
                    reason: self.reason,
                    reason_code: self.reason_code,
                }
            }
        }
    };
}

entry_request! {
    /// A value to be entered.
    #[schema(example = json!({"value": "0.012", "dilution_factor": "10", "remark": "duplicate agreed"}))]
    EntryRequest {}
}

entry_request! {
    /// A value to be entered, as an item of a bulk.
    #[schema(example = json!({"result_id": "01980000-0000-7000-8000-000000000000", "version": 1, "value": "<0.02"}))]
    EntryItemRequest {
        /// The result.
        result_id: ResultId,
        /// The version that was seen; 412 for this item when it has another one now.
        version: Option<i64>,
    }
}

impl From<EntryRequest> for ResultEntry {
    fn from(asked: EntryRequest) -> Self {
        asked.entry()
    }
}

impl From<EntryItemRequest> for EntryItem {
    fn from(asked: EntryItemRequest) -> Self {
        Self {
            result_id: asked.result_id,
            version: asked.version,
            entry: asked.entry(),
        }
    }
}
