//! The closed list. A new permission is one line here; its marker, its text and its place in every table follow.

use crate::Language;

macro_rules! permissions {
    ($($name:ident = $text:literal, $en:literal, $pl:literal;)+) => {
        /// One thing that a person or a service account may be allowed to do; written `thing:act`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Permission {
            $(#[doc = concat!("`", $text, "`: ", $en, ".")] $name,)+
        }

        impl Permission {
            /// All of them, grouped by area.
            pub const ALL: &'static [Permission] = &[$(Permission::$name),+];

            /// `thing:act`, as in tokens, documents and the API.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Permission::$name => $text,)+ }
            }

            /// What it allows, in words for the person who hands it out.
            #[must_use]
            pub const fn description(self, language: Language) -> &'static str {
                match self { $(Permission::$name => language.pick($en, $pl),)+ }
            }
        }

        /// One marker type for each permission: the `P` of `Permit<P>`.
        pub mod may {
            use super::super::{Grant, sealed::Sealed};
            use super::Permission;

            /// Needs a login and nothing more.
            #[derive(Debug)]
            pub struct SignedIn(());
            impl Sealed for SignedIn {}
            impl Grant for SignedIn {
                const PERMISSION: Option<Permission> = None;
            }

            /// One's own account and sessions: open even to those who must set something up first.
            #[derive(Debug)]
            pub struct Myself(());
            impl Sealed for Myself {}
            impl Grant for Myself {
                const PERMISSION: Option<Permission> = None;
                const WHILE_RESTRICTED: bool = true;
                const PERSONS_ONLY: bool = true;
            }

            /// Locking and unlocking the screen, and signing out: open to every person's session, whatever else is not.
            #[derive(Debug)]
            pub struct AtTheDoor(());
            impl Sealed for AtTheDoor {}
            impl Grant for AtTheDoor {
                const PERMISSION: Option<Permission> = None;
                const WHILE_RESTRICTED: bool = true;
                const WHILE_LOCKED: bool = true;
                const PERSONS_ONLY: bool = true;
            }

            $(
                #[doc = concat!("Holds `", $text, "`.")]
                #[derive(Debug)]
                pub struct $name(());
                impl Sealed for $name {}
                impl Grant for $name {
                    const PERMISSION: Option<Permission> = Some(Permission::$name);
                }
            )+
        }
    };
}

permissions! {
    SampleRead = "sample:read", "See samples", "Przeglądanie próbek";
    SampleRegister = "sample:register", "Register samples and add tests to them", "Rejestracja próbek i dodawanie do nich badań";
    SampleReceive = "sample:receive", "Receive samples and record their condition", "Przyjmowanie próbek i zapis ich stanu";
    SampleReject = "sample:reject", "Reject samples at or after reception", "Odrzucanie próbek przy przyjęciu lub później";
    SampleCancel = "sample:cancel", "Cancel samples before any result", "Anulowanie próbek przed pierwszym wynikiem";
    SampleEdit = "sample:edit", "Change what is recorded about a sample", "Zmiana danych próbki";
    SampleDispose = "sample:dispose", "Record the disposal of samples", "Zapis utylizacji próbek";
    SampleRelink = "sample:relink", "Move a sample to another order (two persons)", "Przeniesienie próbki do innego zlecenia (dwie osoby)";
    ResultRead = "result:read", "See results", "Przeglądanie wyników";
    ResultEnter = "result:enter", "Enter and correct results", "Wprowadzanie i poprawianie wyników";
    ResultVerify = "result:verify", "Verify results", "Weryfikacja wyników";
    ResultReturn = "result:return", "Return a result to be looked at again", "Zwrot wyniku do ponownego sprawdzenia";
    ResultRetract = "result:retract", "Retract a result and open a retest", "Wycofanie wyniku i otwarcie powtórzenia badania";
    ResultCancel = "result:cancel", "Cancel a test that will not be done", "Anulowanie badania, które nie zostanie wykonane";
    ResultExport = "result:export", "Export results", "Eksport wyników";
    CriticalNotify = "critical:notify", "Record who was told of a critical value", "Zapis powiadomienia o wartości krytycznej";
    ReportRead = "report:read", "See reports", "Przeglądanie sprawozdań";
    ReportDraft = "report:draft", "Draft and amend reports", "Przygotowywanie i zmiana sprawozdań";
    ReportAuthorize = "report:authorize", "Sign reports", "Autoryzacja (podpisywanie) sprawozdań";
    ReportRelease = "report:release", "Release signed reports", "Wydawanie podpisanych sprawozdań";
    ReportWithdraw = "report:withdraw", "Withdraw released reports", "Wycofywanie wydanych sprawozdań";
    ReportDeliver = "report:deliver", "Record deliveries of reports", "Zapis przekazania sprawozdań";
    PatientRead = "patient:read", "See who the patients are", "Wgląd w dane pacjentów";
    PatientManage = "patient:manage", "Register patients and change their data", "Rejestracja pacjentów i zmiana ich danych";
    PatientMerge = "patient:merge", "Merge two records of one patient (two persons)", "Scalanie dwóch kartotek jednego pacjenta (dwie osoby)";
    PatientErase = "patient:erase", "Erase a person's data", "Usuwanie danych osoby";
    ClientRead = "client:read", "See clients", "Przeglądanie klientów";
    ClientManage = "client:manage", "Add and change clients", "Dodawanie i zmiana klientów";
    OrderRead = "order:read", "See orders", "Przeglądanie zleceń";
    OrderCreate = "order:create", "Create orders", "Tworzenie zleceń";
    OrderCancel = "order:cancel", "Cancel orders", "Anulowanie zleceń";
    CatalogRead = "catalog:read", "See the catalogue of tests, limits and equipment", "Przeglądanie katalogu badań, limitów i wyposażenia";
    CatalogManage = "catalog:manage", "Change the catalogue of tests, limits and equipment", "Zmiana katalogu badań, limitów i wyposażenia";
    UserRead = "user:read", "See users and roles", "Przeglądanie użytkowników i ról";
    UserManage = "user:manage", "Add, change and deactivate users", "Dodawanie, zmiana i dezaktywacja użytkowników";
    RoleManage = "role:manage", "Define roles", "Definiowanie ról";
    ServiceAccountManage = "service_account:manage", "Manage service accounts and their tokens", "Zarządzanie kontami usługowymi i ich tokenami";
    WebhookManage = "webhook:manage", "Manage webhooks: which events are sent to which system", "Zarządzanie webhookami: jakie zdarzenia trafiają do jakich systemów";
    CompetenceManage = "competence:manage", "Record who is competent for which test", "Zapis kompetencji do wykonywania badań";
    AuditRead = "audit:read", "Read the audit trail", "Wgląd w ślad audytowy";
    AuditExport = "audit:export", "Export the audit trail", "Eksport śladu audytowego";
    LedgerRotateKey = "ledger:rotate_key", "Replace the signing key of the audit log (two persons)", "Wymiana klucza podpisującego dziennik audytu (dwie osoby)";
    SettingsRead = "settings:read", "See the laboratory's settings", "Przeglądanie ustawień laboratorium";
    SettingsManage = "settings:manage", "Change the laboratory's settings", "Zmiana ustawień laboratorium";
    BackupManage = "backup:manage", "Manage backups and restore drills", "Zarządzanie kopiami zapasowymi i próbami odtworzenia";
    IncidentManage = "incident:manage", "Manage incidents", "Zarządzanie incydentami";
    PlatformRead = "platform:read", "See the laboratories of the installation", "Przeglądanie laboratoriów instalacji";
    PlatformManage = "platform:manage", "Open, suspend and resume laboratories; enter on invitation", "Otwieranie, wstrzymywanie i wznawianie laboratoriów; wejście na zaproszenie";
}
