//! Two realms that share no power: laboratories, and the platform that runs them (ADR 8).

use crate::PermissionSet;
use crate::permission::Permission::{
    AuditExport, AuditRead, CompetenceManage, LedgerRotateKey, PatientErase, PlatformManage, PlatformRead,
    ReportAuthorize, ReportRelease, ResultVerify, RoleManage, ServiceAccountManage, UserManage, WebhookManage,
};
use crate::vocabulary::vocabulary;

vocabulary! {
    /// Where somebody's account is.
    #[derive(Default)]
    Realm {
        /// A laboratory, whose people work with its data.
        #[default]
        Laboratory = "laboratory", "laboratory", "laboratorium";
        /// The installation itself: opens, suspends and resumes laboratories, and has no data but its own ledger.
        Platform = "platform", "platform", "platforma";
    }
}

/// What only the platform's people may do.
const OF_THE_PLATFORM: PermissionSet = PermissionSet::of(&[PlatformRead, PlatformManage]);

/// With its own ledger, which is the platform's only data.
const IN_THE_PLATFORM: PermissionSet =
    OF_THE_PLATFORM.union(PermissionSet::of(&[AuditRead, AuditExport, LedgerRotateKey]));

/// What support never gets, whatever role the laboratory gives it: to vouch for results, reports and people, which needs
/// competent people of the laboratory; and what would outlast the visit or cannot be undone.
const NOT_FOR_VISITORS: PermissionSet = PermissionSet::of(&[
    ResultVerify,
    ReportAuthorize,
    ReportRelease,
    CompetenceManage,
    UserManage,
    RoleManage,
    ServiceAccountManage,
    WebhookManage,
    PatientErase,
    LedgerRotateKey,
]);

impl Realm {
    /// The short name of the platform; no laboratory may have it.
    pub const PLATFORM_SLUG: &'static str = "platform";

    /// All that can be held here. What is stored beyond it counts for nothing.
    #[must_use]
    pub const fn permissions(self) -> PermissionSet {
        match self {
            Realm::Laboratory => PermissionSet::EVERYTHING.minus(OF_THE_PLATFORM),
            Realm::Platform => IN_THE_PLATFORM,
        }
    }
}

/// What is left of a laboratory's permissions to somebody of the platform whom it invited.
#[must_use]
pub const fn open_to_visitors(held: PermissionSet) -> PermissionSet {
    held.intersection(Realm::Laboratory.permissions())
        .minus(NOT_FOR_VISITORS)
}
