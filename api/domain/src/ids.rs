//! One type of id per kind of thing, so that a sample's id cannot be handed over where a result's is wanted.

/// Calls `$callback! { SampleId, ResultId, … }` with every id type, so that another crate can implement its own traits for
/// all of them: `attest_domain::for_each_id!(my_macro);`. The names are in `attest_domain::ids`.
#[macro_export]
macro_rules! for_each_id {
    ($callback:ident) => {
        $callback! {
            TenantId, UserId, SessionId, RoleId, ClientId, PatientId, SampleTypeId, ContainerId, LocationId, TestId,
            PanelId, SpecificationId, InstrumentId, OrderId, SampleId, ResultId, ReportId, NoticeId, ExportId, EventId,
            DeliveryId, CompetenceId, SubjectId, FamilyId, TwoPersonRequestId, ServiceTokenId, PasskeyId,
            AccessReviewId, SupportAccessId, FileId, WebhookId, WebhookDeliveryId
        }
    };
}

macro_rules! define_ids {
    ($($name:ident),+ $(,)?) => {$(
        #[doc = concat!("The id of one ", stringify!($name), " kind of row: a UUIDv7 (RFC 9562), ordered by creation time.")]
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, format = Uuid))]
        pub struct $name(uuid::Uuid);

        impl $name {
            /// A fresh id; ids made one after another by one process are in order.
            #[must_use]
            #[expect(clippy::new_without_default, reason = "a default that differs each time would surprise")]
            pub fn new() -> Self {
                Self(uuid::Uuid::now_v7())
            }

            /// An id that was made before.
            #[must_use]
            pub const fn from_uuid(uuid: uuid::Uuid) -> Self {
                Self(uuid)
            }

            /// The bare UUID, for storage.
            #[must_use]
            pub const fn uuid(self) -> uuid::Uuid {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            /// Reads the hyphenated form; anything else a UUID may be written as is refused, so that an id has one spelling.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse::<uuid::fmt::Hyphenated>().map(|id| Self(id.into_uuid()))
            }
        }

        impl From<$name> for uuid::Uuid {
            fn from(id: $name) -> uuid::Uuid {
                id.0
            }
        }
    )+};
}

for_each_id!(define_ids);

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_text_and_json() {
        let id = SampleId::new();
        assert_eq!(id.to_string().parse::<SampleId>().unwrap(), id);
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, format!("\"{id}\""));
        assert_eq!(serde_json::from_str::<SampleId>(&json).unwrap(), id);
        assert_eq!(id.uuid().get_version_num(), 7);
    }

    #[test]
    fn later_ids_sort_behind_earlier_ones() {
        let ids: Vec<_> = (0..1000).map(|_| ResultId::new()).collect();
        assert!(ids.is_sorted());
    }

    #[test]
    fn an_id_has_one_spelling() {
        let id = SampleId::new();
        assert!(id.uuid().simple().to_string().parse::<SampleId>().is_err());
        assert!(format!("{{{id}}}").parse::<SampleId>().is_err());
    }

    #[test]
    fn other_crates_can_walk_all_ids() {
        macro_rules! count {
            ($($name:ident),+) => { [$(stringify!($name)),+].len() };
        }
        let all = crate::for_each_id!(count);
        assert_eq!(all, 32);
    }
}
