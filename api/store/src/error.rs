//! What can go wrong in the data room, in terms the HTTP layer can tell a person.

use attest_domain::Refusal;
use attest_domain::workflow::Refused;
use diesel::result::{DatabaseErrorKind, Error as Diesel};

/// Why a transaction did not happen. Nothing was changed whenever one of these is returned.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Not there, or not in this laboratory: the caller may not learn which.
    #[error("not found")]
    NotFound,
    /// The thing changed since the caller looked (If-Match).
    #[error("version {found} instead of {expected}")]
    Stale {
        /// The version the caller saw.
        expected: i64,
        /// The version it has now.
        found: i64,
    },
    /// The workflow does not allow it in this state; says which state and what would be allowed.
    #[error("{detail}")]
    Conflict {
        /// What stands in the way, for a person.
        detail: String,
    },
    /// Another record has this value already.
    #[error("{field} is taken")]
    Duplicate {
        /// Which field.
        field: String,
    },
    /// A rule refuses it: the slug names the problem type, e.g. `four-eyes`.
    #[error("{detail}")]
    Refused {
        /// Stable name of the problem.
        slug: &'static str,
        /// HTTP status that fits.
        status: u16,
        /// What to do next, for a person.
        detail: String,
    },
    /// A value is wrong.
    #[error("{path}: {message}")]
    Invalid {
        /// Path of the field in the request.
        path: String,
        /// Stable code.
        code: &'static str,
        /// What would be right.
        message: String,
    },
    /// Several values are wrong.
    #[error("{} values are wrong", .0.len())]
    Faults(Vec<Fault>),
    /// Not one item of a bulk could be done; why, item by item. Nothing was changed.
    #[error("no item could be done")]
    EveryItem(Vec<StoreError>),
    /// The same Idempotency-Key came with another request.
    #[error("the Idempotency-Key was used for another request")]
    KeyReused,
    /// The first request with this Idempotency-Key is still running.
    #[error("a request with this Idempotency-Key is still running")]
    KeyInFlight,
    /// Too much at once: come back.
    #[error("overloaded")]
    Overloaded,
    /// The database is away or refuses.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// A stored row or an internal promise is broken; never the caller's fault.
    #[error("broken: {0}")]
    Broken(String),
    /// The engine's own error.
    #[error("database: {0}")]
    Database(#[source] Diesel),
}

/// One wrong value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Path of the field in the request.
    pub path: String,
    /// Stable code.
    pub code: String,
    /// What would be right.
    pub message: String,
}

impl StoreError {
    /// A wrong value at a path.
    pub fn invalid(path: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid {
            path: path.into(),
            code,
            message: message.into(),
        }
    }

    /// A state that does not allow it.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::Conflict { detail: detail.into() }
    }

    /// Nobody writes about an erased person: there is no key to seal it with, and plain it would stay for ever.
    pub(crate) fn person_erased() -> Self {
        Self::conflict("this person's data were erased; nothing can be recorded about them any more")
    }

    /// A rule that refuses with 409.
    pub fn refused(slug: &'static str, detail: impl Into<String>) -> Self {
        Self::Refused {
            slug,
            status: 409,
            detail: detail.into(),
        }
    }

    /// As [`invalid`](Self::invalid) and the others, of one item of a bulk: `items.3.value`.
    pub(crate) fn within(self, item: &str) -> Self {
        match self {
            Self::Invalid { path, code, message } => Self::Invalid {
                path: if path.is_empty() {
                    item.to_owned()
                } else {
                    format!("{item}.{path}")
                },
                code,
                message,
            },
            Self::Faults(faults) => Self::Faults(
                faults
                    .into_iter()
                    .map(|fault| Fault {
                        path: format!("{item}.{}", fault.path),
                        ..fault
                    })
                    .collect(),
            ),
            Self::NotFound => Self::invalid(item, "unknown", "there is no such thing in this laboratory"),
            Self::Conflict { detail } => Self::Conflict {
                detail: format!("{item}: {detail}"),
            },
            Self::Refused { slug, status, detail } => Self::Refused {
                slug,
                status,
                detail: format!("{item}: {detail}"),
            },
            Self::Stale { expected, found } => Self::Refused {
                slug: "stale",
                status: 412,
                detail: format!(
                    "{item}: you saw version {expected}, it is now version {found}; read it again and repeat your change"
                ),
            },
            other => other,
        }
    }

    /// True when another item of the same bulk may still be done.
    pub(crate) fn concerns_one_item(&self) -> bool {
        matches!(
            self,
            Self::Invalid { .. }
                | Self::Faults(_)
                | Self::NotFound
                | Self::Conflict { .. }
                | Self::Refused { .. }
                | Self::Stale { .. }
                | Self::Duplicate { .. }
        )
    }

    /// Something stored or computed that must not be.
    pub fn broken(what: impl std::fmt::Display) -> Self {
        Self::Broken(what.to_string())
    }
}

/// A rule of the laboratory said no.
impl From<Refusal> for StoreError {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal.slug() {
            "conflict-state" => Self::Conflict { detail },
            "validation" => Self::Invalid {
                path: "reason".to_owned(),
                code: "required",
                message: detail,
            },
            slug @ "forbidden" => Self::Refused {
                slug,
                status: 403,
                detail,
            },
            slug => Self::Refused {
                slug,
                status: 409,
                detail,
            },
        }
    }
}

impl From<Refused> for StoreError {
    fn from(refused: Refused) -> Self {
        Self::Conflict {
            detail: refused.to_string(),
        }
    }
}

impl From<Diesel> for StoreError {
    fn from(error: Diesel) -> Self {
        match &error {
            Diesel::NotFound => Self::NotFound,
            Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, info) => Self::Duplicate {
                field: duplicate_field(info.constraint_name(), info.message()),
            },
            Diesel::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => Self::Refused {
                slug: "unknown-reference",
                status: 422,
                detail: "the request names something that does not exist in this laboratory".to_owned(),
            },
            Diesel::DatabaseError(DatabaseErrorKind::ClosedConnection, _) => {
                Self::Unavailable("connection lost".to_owned())
            }
            Diesel::DatabaseError(_, info) if info.message().contains("lock timeout") => Self::KeyInFlight,
            // PostgreSQL stores no U+0000; SQLite does, where no rule for the text has refused it before.
            Diesel::DatabaseError(_, info) if info.message().contains("invalid byte sequence for encoding") => {
                Self::invalid("", "invalid", "a text holds the character U+0000")
            }
            Diesel::DatabaseError(_, info) if is_away(info.message()) => {
                Self::Unavailable("connection lost".to_owned())
            }
            _ => Self::Database(error),
        }
    }
}

fn is_away(message: &str) -> bool {
    [
        "server closed the connection",
        "terminating connection",
        "no connection to the server",
        "database is locked",
        "disk I/O error",
        "database or disk is full",
    ]
    .iter()
    .any(|sign| message.contains(sign))
}

/// The last column of `UNIQUE constraint failed: users.tenant_id, users.email`, or of PostgreSQL's index name `users_email`.
fn duplicate_field(constraint: Option<&str>, message: &str) -> String {
    if let Some(columns) = message.strip_prefix("UNIQUE constraint failed: ") {
        let last = columns.rsplit(", ").next().unwrap_or(columns);
        let column = last.rsplit('.').next().unwrap_or(last);
        // A patient's order is kept apart from others by the fingerprint of its number.
        return if column == "external_token" {
            "external_id"
        } else {
            column
        }
        .to_owned();
    }
    match constraint {
        Some("orders_external" | "orders_external_token") => "external_id".to_owned(),
        Some(name) => name.rsplit('_').next().unwrap_or(name).to_owned(),
        None => "value".to_owned(),
    }
}
