//! The roles that ship. Laboratories edit them to their taste, except `administrator` and `auditor`.

use super::LaboratoryKind;
use crate::permission::Permission::{
    AuditExport, AuditRead, BackupManage, CatalogManage, CatalogRead, ClientManage, ClientRead, CompetenceManage,
    CriticalNotify, IncidentManage, LedgerRotateKey, OrderCancel, OrderCreate, OrderRead, PatientErase, PatientManage,
    PatientMerge, PatientRead, PlatformManage, PlatformRead, ReportAuthorize, ReportDeliver, ReportDraft, ReportRead,
    ReportRelease, ReportWithdraw, ResultCancel, ResultEnter, ResultExport, ResultRead, ResultRetract, ResultReturn,
    ResultVerify, RoleManage, SampleCancel, SampleDispose, SampleEdit, SampleRead, SampleReceive, SampleRegister,
    SampleReject, SampleRelink, ServiceAccountManage, SettingsManage, SettingsRead, UserManage, UserRead,
    WebhookManage,
};
use crate::vocabulary::vocabulary;
use crate::{Language, PermissionSet};

vocabulary! {
    /// A role that ships with every laboratory of the kind that needs it; its word is its slug.
    ShippedRole {
        /// Configuration and people; nothing on results or reports.
        Administrator = "administrator", "Administrator", "Administrator";
        /// Runs the laboratory.
        Manager = "manager", "Laboratory manager", "Kierownik laboratorium";
        /// Sees everything, keeps the evidence.
        QualityManager = "quality_manager", "Quality manager", "Kierownik ds. jakości";
        /// Does the work in a testing laboratory.
        Analyst = "analyst", "Analyst", "Analityk";
        /// Verifies and signs in a testing laboratory.
        Authorizer = "authorizer", "Authorizer", "Osoba autoryzująca";
        /// Does the work in a medical laboratory.
        Technician = "technician", "Laboratory technician", "Technik laboratoryjny";
        /// Verifies and signs in a medical laboratory.
        Doctor = "doctor", "Laboratory doctor", "Diagnosta laboratoryjny";
        /// Registers patients and receives specimens.
        Receptionist = "receptionist", "Receptionist", "Rejestracja";
        /// Sees, changes nothing.
        Viewer = "viewer", "Viewer", "Podgląd";
        /// Audit and evidence, read only; patients are pseudonymous.
        Auditor = "auditor", "Auditor", "Audytor";
        /// A client or referring doctor: own samples and released reports.
        Client = "client", "Client", "Klient";
        /// A service account that orders and fetches.
        Integrator = "integrator", "Integrator", "Integrator";
        /// Runs the installation: in the platform's realm alone, never in a laboratory.
        PlatformOperator = "platform_operator", "Platform operator", "Operator platformy";
    }
}

const TESTING: &[ShippedRole] = &[
    ShippedRole::Administrator,
    ShippedRole::Manager,
    ShippedRole::QualityManager,
    ShippedRole::Analyst,
    ShippedRole::Authorizer,
    ShippedRole::Viewer,
    ShippedRole::Auditor,
    ShippedRole::Client,
    ShippedRole::Integrator,
];

/// The role of the platform's realm.
const PLATFORM: &[ShippedRole] = &[ShippedRole::PlatformOperator];

const MEDICAL: &[ShippedRole] = &[
    ShippedRole::Administrator,
    ShippedRole::Manager,
    ShippedRole::QualityManager,
    ShippedRole::Technician,
    ShippedRole::Doctor,
    ShippedRole::Receptionist,
    ShippedRole::Viewer,
    ShippedRole::Auditor,
    ShippedRole::Client,
    ShippedRole::Integrator,
];

/// What one needs to find one's way: without these a screen has holes.
const SEES_THE_WORK: PermissionSet =
    PermissionSet::of(&[SampleRead, ResultRead, OrderRead, ClientRead, CatalogRead, ReportRead]);

const RECEPTION: PermissionSet = PermissionSet::of(&[
    SampleRegister,
    SampleReceive,
    SampleReject,
    SampleCancel,
    SampleEdit,
    OrderCreate,
    OrderCancel,
]);

const BENCH: PermissionSet = PermissionSet::of(&[
    ResultEnter,
    ResultCancel,
    ResultExport,
    CriticalNotify,
    SampleDispose,
    SampleRelink,
]);

const SIGNING: PermissionSet = PermissionSet::of(&[
    ResultVerify,
    ResultReturn,
    ResultRetract,
    ResultCancel,
    ResultExport,
    CriticalNotify,
    ReportDraft,
    ReportAuthorize,
    ReportRelease,
    ReportWithdraw,
    ReportDeliver,
    SampleReject,
    SampleRelink,
]);

const RUNNING_THE_LABORATORY: PermissionSet = PermissionSet::of(&[
    ClientManage,
    CatalogManage,
    CompetenceManage,
    UserRead,
    RoleManage,
    SettingsRead,
    AuditRead,
    AuditExport,
    IncidentManage,
]);

const CARE_OF_PATIENTS: PermissionSet = PermissionSet::of(&[PatientRead, PatientManage]);

impl ShippedRole {
    /// The roles that a laboratory of the kind starts with.
    #[must_use]
    pub const fn for_kind(kind: LaboratoryKind) -> &'static [ShippedRole] {
        match kind {
            LaboratoryKind::Testing => TESTING,
            LaboratoryKind::Medical => MEDICAL,
        }
    }

    /// The roles of the platform's realm.
    #[must_use]
    pub const fn for_platform() -> &'static [ShippedRole] {
        PLATFORM
    }

    /// The slug: `administrator`, `quality_manager` …
    #[must_use]
    pub const fn slug(self) -> &'static str {
        self.as_str()
    }

    /// The name on screen.
    #[must_use]
    pub const fn name(self, language: Language) -> &'static str {
        self.label(language)
    }

    /// May the laboratory change what the role holds? Not for the administrator (it must never reach results) and the auditor (it
    /// must never change anything).
    #[must_use]
    pub const fn editable(self) -> bool {
        !matches!(
            self,
            ShippedRole::Administrator | ShippedRole::Auditor | ShippedRole::PlatformOperator
        )
    }

    /// Is a second factor asked for, unless the laboratory decides otherwise? From administrators and whoever signs (ATT-07).
    #[must_use]
    pub const fn asks_for_second_factor(self, kind: LaboratoryKind) -> bool {
        matches!(self, ShippedRole::Administrator | ShippedRole::PlatformOperator)
            || self.permissions(kind).contains(ReportAuthorize)
    }

    /// Does a person with this role see only what belongs to their own client?
    #[must_use]
    pub const fn own_client_only(self) -> bool {
        matches!(self, ShippedRole::Client)
    }

    /// What the role is for, in a sentence.
    #[must_use]
    pub const fn description(self, language: Language) -> &'static str {
        match self {
            ShippedRole::Administrator => language.pick(
                "Configuration and people; no access to results or reports.",
                "Konfiguracja i użytkownicy; bez dostępu do wyników i sprawozdań.",
            ),
            ShippedRole::Manager => language.pick(
                "Runs the laboratory: sees and may do the work, keeps catalogue, clients and competences.",
                "Kieruje laboratorium: widzi i może wykonywać pracę, prowadzi katalog, klientów i kompetencje.",
            ),
            ShippedRole::QualityManager => language.pick(
                "Sees everything, keeps competences, incidents and evidence; does not change results.",
                "Widzi wszystko, prowadzi kompetencje, incydenty i dowody; nie zmienia wyników.",
            ),
            ShippedRole::Analyst => language.pick(
                "Registers and receives samples and enters results.",
                "Rejestruje i przyjmuje próbki oraz wprowadza wyniki.",
            ),
            ShippedRole::Authorizer => language.pick(
                "Verifies results; drafts, signs and releases reports.",
                "Weryfikuje wyniki; przygotowuje, podpisuje i wydaje sprawozdania.",
            ),
            ShippedRole::Technician => language.pick(
                "Receives specimens and enters results.",
                "Przyjmuje materiał i wprowadza wyniki.",
            ),
            ShippedRole::Doctor => language.pick(
                "Verifies results of patients; drafts, signs and releases reports.",
                "Weryfikuje wyniki pacjentów; przygotowuje, podpisuje i wydaje sprawozdania.",
            ),
            ShippedRole::Receptionist => language.pick(
                "Registers patients, orders and specimens, and receives them.",
                "Rejestruje pacjentów, zlecenia i materiał oraz go przyjmuje.",
            ),
            ShippedRole::Viewer => language.pick(
                "Sees the work and changes nothing.",
                "Widzi pracę i niczego nie zmienia.",
            ),
            ShippedRole::Auditor => language.pick(
                "Reads the audit trail and the evidence and exports them; changes nothing; patients are pseudonymous.",
                "Czyta i eksportuje ślad audytowy oraz dowody; niczego nie zmienia; pacjenci są pseudonimizowani.",
            ),
            ShippedRole::Client => language.pick(
                "Sees its own samples and released reports.",
                "Widzi własne próbki i wydane sprawozdania.",
            ),
            ShippedRole::PlatformOperator => language.pick(
                "Opens, suspends and resumes laboratories; sees nothing inside them unless a laboratory invites.",
                "Otwiera, wstrzymuje i wznawia laboratoria; nie widzi ich danych, chyba że laboratorium zaprosi.",
            ),
            ShippedRole::Integrator => language.pick(
                "A service account: places orders, enters results of instruments, fetches results and reports.",
                "Konto usługowe: składa zlecenia, wprowadza wyniki z aparatów, pobiera wyniki i sprawozdania.",
            ),
        }
    }

    /// What the role may do in a laboratory of the kind. In a testing laboratory nobody needs patients.
    #[must_use]
    pub const fn permissions(self, kind: LaboratoryKind) -> PermissionSet {
        let all = self.permissions_anywhere();
        match kind {
            LaboratoryKind::Medical => all,
            LaboratoryKind::Testing => all.minus(PermissionSet::of(&[
                PatientRead,
                PatientManage,
                PatientMerge,
                PatientErase,
            ])),
        }
    }

    const fn permissions_anywhere(self) -> PermissionSet {
        match self {
            ShippedRole::Administrator => PermissionSet::of(&[
                UserRead,
                UserManage,
                RoleManage,
                ServiceAccountManage,
                WebhookManage,
                CompetenceManage,
                ClientRead,
                ClientManage,
                CatalogRead,
                CatalogManage,
                SettingsRead,
                SettingsManage,
                BackupManage,
                IncidentManage,
                AuditRead,
                AuditExport,
                LedgerRotateKey,
            ]),
            ShippedRole::Manager => SEES_THE_WORK
                .union(RECEPTION)
                .union(BENCH)
                .union(SIGNING)
                .union(RUNNING_THE_LABORATORY)
                .union(CARE_OF_PATIENTS)
                .union(PermissionSet::of(&[PatientMerge, PatientErase])),
            ShippedRole::QualityManager => SEES_THE_WORK.union(PermissionSet::of(&[
                ResultExport,
                PatientRead,
                PatientErase,
                UserRead,
                CompetenceManage,
                SettingsRead,
                AuditRead,
                AuditExport,
                IncidentManage,
            ])),
            ShippedRole::Analyst => SEES_THE_WORK.union(RECEPTION).union(BENCH),
            ShippedRole::Authorizer => SEES_THE_WORK.union(SIGNING),
            ShippedRole::Technician => SEES_THE_WORK
                .union(RECEPTION)
                .union(BENCH)
                .union(PermissionSet::of(&[PatientRead])),
            ShippedRole::Doctor => SEES_THE_WORK
                .union(SIGNING)
                .union(CARE_OF_PATIENTS)
                .union(PermissionSet::of(&[PatientMerge])),
            ShippedRole::Receptionist => {
                PermissionSet::of(&[SampleRead, OrderRead, ClientRead, CatalogRead, ReportRead])
                    .union(RECEPTION)
                    .union(CARE_OF_PATIENTS)
                    .union(PermissionSet::of(&[PatientMerge, ReportDeliver, SampleRelink]))
            }
            ShippedRole::Viewer => SEES_THE_WORK,
            ShippedRole::Auditor => {
                SEES_THE_WORK.union(PermissionSet::of(&[UserRead, SettingsRead, AuditRead, AuditExport]))
            }
            ShippedRole::Client => PermissionSet::of(&[SampleRead, OrderRead, ReportRead]),
            ShippedRole::PlatformOperator => {
                PermissionSet::of(&[PlatformRead, PlatformManage, AuditRead, AuditExport, LedgerRotateKey])
            }
            ShippedRole::Integrator => SEES_THE_WORK.union(PermissionSet::of(&[
                SampleRegister,
                SampleReceive,
                OrderCreate,
                OrderCancel,
                ResultEnter,
                ResultExport,
                PatientRead,
                PatientManage,
                ClientManage,
            ])),
        }
    }
}
