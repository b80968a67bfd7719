//! Webhooks: which events a laboratory may have sent to another system, what an answer means, and when to try again.
//!
//! A message names what happened to which sample, result, report or order, and nothing else: who receives it fetches the rest
//! with rights of its own. Events of patients, clients, people and logins are therefore not in the list.

use crate::Action;
use crate::vocabulary::vocabulary;
use chrono::TimeDelta;

/// An event that can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WebhookEvent(Action);

/// The text names no event that can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not an event that can be sent; GET /api/v1/webhooks/events lists those that can")]
pub struct UnknownWebhookEvent;

const ALL: &[Action] = &[
    Action::SampleRegistered,
    Action::SampleReceived,
    Action::SampleRejected,
    Action::SampleCancelled,
    Action::SampleAdvanced,
    Action::SampleDisposed,
    Action::SampleEdited,
    Action::SampleRelinked,
    Action::ResultsAdded,
    Action::ResultEntered,
    Action::ResultCorrected,
    Action::ResultReturned,
    Action::ResultVerified,
    Action::ResultSelfVerified,
    Action::ResultRetracted,
    Action::ResultRetestOpened,
    Action::ResultCancelled,
    Action::CriticalOpened,
    Action::CriticalNotified,
    Action::CriticalAttempted,
    Action::CriticalEscalated,
    Action::CriticalClosed,
    Action::ReportAuthorized,
    Action::ReportSignatureVoided,
    Action::ReportReleased,
    Action::ReportSuperseded,
    Action::ReportWithdrawn,
    Action::ReportMarkedUnderCorrection,
    Action::ReportDelivered,
    Action::OrderCreated,
    Action::OrderEdited,
    Action::OrderCompleted,
    Action::OrderReopened,
    Action::OrderCancelled,
    Action::SampleTypeCreated,
    Action::SampleTypeEdited,
    Action::TestCreated,
    Action::TestEdited,
    Action::PanelCreated,
    Action::PanelEdited,
    Action::SpecificationCreated,
    Action::SpecificationEdited,
];

impl WebhookEvent {
    /// All of them, grouped by object.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.iter().copied().map(Self)
    }

    /// The audit trail's action behind it.
    #[must_use]
    pub const fn action(self) -> Action {
        self.0
    }

    /// Its name: the action's.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0.as_str()
    }
}

impl std::fmt::Display for WebhookEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for WebhookEvent {
    type Err = UnknownWebhookEvent;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::all()
            .find(|event| event.as_str() == text)
            .ok_or(UnknownWebhookEvent)
    }
}

impl serde::Serialize for WebhookEvent {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for WebhookEvent {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for WebhookEvent {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .description(Some("An event that can be sent to a webhook."))
            .enum_values(Some(Self::all().map(Self::as_str)))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for WebhookEvent {}

vocabulary! {
    /// Where a message to a webhook has got to.
    WebhookDeliveryState {
        /// Its turn has not come, or it is to be tried again.
        Waiting = "waiting", "waiting", "oczekuje";
        /// The receiver took it.
        Delivered = "delivered", "delivered", "dostarczono";
        /// Given up.
        Failed = "failed", "failed", "nie dostarczono";
    }
}

vocabulary! {
    /// Why a message was not delivered, or not yet.
    WebhookFault {
        /// The receiver answered, but not that it took the message.
        Answer = "answer", "The receiver did not take it", "Odbiorca nie przyjął wiadomości";
        /// The receiver points elsewhere; nobody follows.
        Redirect = "redirect", "The receiver points to another address; redirects are not followed", "Odbiorca wskazuje inny adres; przekierowania nie są wykonywane";
        /// The receiver says that it is there no more (410).
        Gone = "gone", "The receiver wants no more messages", "Odbiorca nie chce więcej wiadomości";
        /// No answer in time.
        TimedOut = "timed_out", "The receiver did not answer in time", "Odbiorca nie odpowiedział na czas";
        /// Nobody is there, or the connection broke off.
        Unreachable = "unreachable", "The receiver cannot be reached", "Nie można połączyć się z odbiorcą";
        /// The certificate is not one to believe, or TLS failed otherwise.
        Certificate = "certificate", "No secure connection: the receiver's certificate is not trusted, or TLS failed", "Brak bezpiecznego połączenia: certyfikat odbiorcy nie jest zaufany albo TLS zawiódł";
        /// The name leads to an address that is not called.
        Address = "address", "The address is in a private network that the operator has not allowed", "Adres należy do sieci prywatnej, na którą operator nie zezwolił";
        /// Tried for too long.
        GivenUp = "given_up", "Given up after 24 hours", "Zaniechano po 24 godzinach";
    }
}

vocabulary! {
    /// Whether a webhook is sent to.
    WebhookState {
        /// It is.
        Active = "active", "active", "aktywny";
        /// It is not, until somebody resumes it.
        Paused = "paused", "paused", "wstrzymany";
    }
}

vocabulary! {
    /// Why a webhook is paused.
    WebhookPauseCause {
        /// Somebody paused it.
        Person = "person", "paused by a person", "wstrzymany przez osobę";
        /// Nothing could be delivered for three days.
        Failing = "failing", "nothing could be delivered for three days", "przez trzy dni nic nie dostarczono";
        /// The receiver answered 410.
        Gone = "gone", "the receiver wants no more messages", "odbiorca nie chce więcej wiadomości";
    }
}

/// What became of one try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Taken.
    Delivered,
    /// The receiver works and does not like this one message: others pass it by while it waits to be tried again.
    Refused,
    /// The receiver does not work: everything waits for it, so that the order is kept.
    Away,
    /// The receiver wants no more (410): the webhook is paused.
    Gone,
}

/// What an answer's status says; none when there was no answer.
#[must_use]
pub const fn verdict(status: Option<u16>) -> Verdict {
    match status {
        Some(200..=299) => Verdict::Delivered,
        Some(400 | 409 | 413 | 415 | 422 | 500) => Verdict::Refused,
        Some(410) => Verdict::Gone,
        _ => Verdict::Away,
    }
}

/// A message that was not taken after this long is given up.
pub const GIVEN_UP_AFTER: TimeDelta = TimeDelta::hours(24);
/// A webhook to which nothing could be delivered for this long is paused, and administrators are told.
pub const PAUSED_AFTER: TimeDelta = TimeDelta::days(3);
/// A message that the receiver refused so often is given up.
pub const ATTEMPTS: i64 = 12;

const FIRST_PAUSE_MS: i64 = 5_000;
const LONGEST_PAUSE_MS: i64 = 4 * 3_600_000;

/// How long to wait after so many failures in a row: 5 s, 20 s, 80 s … at most 4 h, and up to a fifth less by `luck` (0 to 255), so
/// that what failed together is not tried again together.
#[must_use]
pub fn pause(failures: i64, luck: u8) -> TimeDelta {
    let quadruplings = u32::try_from(failures.saturating_sub(1).clamp(0, 16)).unwrap_or(0);
    let full = FIRST_PAUSE_MS
        .saturating_mul(4_i64.saturating_pow(quadruplings))
        .min(LONGEST_PAUSE_MS);
    let less = (full / 5).saturating_mul(i64::from(luck)) / 255;
    TimeDelta::milliseconds(full.saturating_sub(less))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ATT-36
    #[test]
    fn only_what_tells_about_nobody_can_be_sent() {
        for event in WebhookEvent::all() {
            let (object, _act) = event.as_str().split_once('.').unwrap_or_default();
            assert!(
                [
                    "sample",
                    "results",
                    "result",
                    "critical",
                    "report",
                    "order",
                    "sample_type",
                    "test",
                    "panel",
                    "specification"
                ]
                .contains(&object),
                "{event}"
            );
            assert_eq!(event.as_str().parse(), Ok(event));
        }
        for not in [
            "login.succeeded",
            "patient.created",
            "client.edited",
            "user.edited",
            "*",
            "",
        ] {
            assert_eq!(not.parse::<WebhookEvent>(), Err(UnknownWebhookEvent), "{not}");
        }
    }

    #[test]
    fn the_status_says_whether_the_message_or_the_receiver_is_at_fault() {
        assert_eq!(verdict(Some(204)), Verdict::Delivered);
        assert_eq!(verdict(Some(422)), Verdict::Refused);
        assert_eq!(verdict(Some(410)), Verdict::Gone);
        for away in [None, Some(301), Some(401), Some(404), Some(429), Some(503)] {
            assert_eq!(verdict(away), Verdict::Away, "{away:?}");
        }
    }

    #[test]
    fn pauses_grow_and_end_within_a_day() {
        let seconds = |failures, luck| pause(failures, luck).num_seconds();
        assert_eq!([1, 2, 3, 4].map(|n| seconds(n, 0)), [5, 20, 80, 320]);
        assert_eq!([1, 2].map(|n| seconds(n, 255)), [4, 16]);
        assert_eq!(seconds(i64::MAX, 0), 4 * 3600);
        assert!(seconds(0, 0) > 0 && seconds(i64::MIN, 255) > 0);
        let total: i64 = (1..ATTEMPTS).map(|n| seconds(n, 0)).sum();
        assert!(
            total > 20 * 3600,
            "{total}: a refused message is tried for most of a day"
        );
    }
}
