//! The closed list of audit actions. Each is a line: its name in the ledger, what it is called in a filter, and what was done,
//! in English and in Polish. English sentences begin with the actor ("Anna Nowak registered sample …"), Polish ones are
//! impersonal behind the actor ("Anna Nowak: zarejestrowano próbkę …"), since the past tense would need a gender.
//! `{label}` is the object's number or name, `{subject}` the test a result is of.

use crate::Language;

macro_rules! actions {
    ($($name:ident = $text:literal, $en:literal, $pl:literal, $did_en:literal, $did_pl:literal;)+) => {
        /// One kind of audit event (`action` in ledger.md).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action {
            $(#[doc = concat!("`", $text, "`: ", $en, ".")] $name,)+
        }

        impl Action {
            /// All of them, grouped by object.
            pub const ALL: &'static [Action] = &[$(Action::$name),+];

            /// The name in the ledger: `object.act`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Action::$name => $text,)+ }
            }

            /// What it is called in a list of filters.
            #[must_use]
            pub const fn description(self, language: Language) -> &'static str {
                match self { $(Action::$name => language.pick($en, $pl),)+ }
            }

            /// The template of its sentence, without the actor.
            pub(super) const fn template(self, language: Language) -> &'static str {
                match self { $(Action::$name => language.pick($did_en, $did_pl),)+ }
            }
        }
    };
}

actions! {
    SampleRegistered = "sample.registered", "Sample registered", "Rejestracja próbki", "registered sample {label}", "zarejestrowano próbkę {label}";
    SampleReceived = "sample.received", "Sample received", "Przyjęcie próbki", "received sample {label}", "przyjęto próbkę {label}";
    SampleRejected = "sample.rejected", "Sample rejected", "Odrzucenie próbki", "rejected sample {label}", "odrzucono próbkę {label}";
    SampleCancelled = "sample.cancelled", "Sample cancelled", "Anulowanie próbki", "cancelled sample {label}", "anulowano próbkę {label}";
    SampleAdvanced = "sample.advanced", "Sample moved on by its results", "Zmiana stanu próbki wynikająca z wyników", "moved sample {label} on", "zmieniono stan próbki {label}";
    SampleDisposed = "sample.disposed", "Sample disposed of", "Utylizacja próbki", "disposed of sample {label}", "zutylizowano próbkę {label}";
    SampleEdited = "sample.edited", "Sample edited", "Zmiana danych próbki", "changed sample {label}", "zmieniono dane próbki {label}";
    SampleRelinkRequested = "sample.relink_requested", "Relinking of a sample requested", "Wniosek o przeniesienie próbki", "asked to move sample {label} to another order", "zgłoszono przeniesienie próbki {label} do innego zlecenia";
    SampleRelinked = "sample.relinked", "Sample moved to another order", "Przeniesienie próbki do innego zlecenia", "moved sample {label} to another order", "przeniesiono próbkę {label} do innego zlecenia";
    ResultsAdded = "results.added", "Tests added to a sample", "Dodanie badań do próbki", "added tests to sample {label}", "dodano badania do próbki {label}";
    ResultsExported = "results.exported", "Results exported", "Eksport wyników", "exported results", "wyeksportowano wyniki";
    ResultEntered = "result.entered", "Result entered", "Wprowadzenie wyniku", "entered the result of {subject}, sample {label}", "wprowadzono wynik badania {subject}, próbka {label}";
    ResultCorrected = "result.corrected", "Result corrected", "Poprawa wyniku", "corrected the result of {subject}, sample {label}", "poprawiono wynik badania {subject}, próbka {label}";
    ResultReturned = "result.returned", "Result returned", "Zwrot wyniku do sprawdzenia", "returned the result of {subject} to be looked at again, sample {label}", "zwrócono do sprawdzenia wynik badania {subject}, próbka {label}";
    ResultVerified = "result.verified", "Result verified", "Weryfikacja wyniku", "verified the result of {subject}, sample {label}", "zweryfikowano wynik badania {subject}, próbka {label}";
    ResultSelfVerified = "result.self_verified", "Result verified by the person who entered it", "Weryfikacja wyniku przez osobę, która go wprowadziła", "verified their own result of {subject}, sample {label}", "zweryfikowano własny wynik badania {subject}, próbka {label}";
    ResultRetracted = "result.retracted", "Result retracted", "Wycofanie wyniku", "retracted the result of {subject}, sample {label}", "wycofano wynik badania {subject}, próbka {label}";
    ResultRetestOpened = "result.retest_opened", "Retest opened", "Otwarcie powtórzenia badania", "opened a retest of {subject}, sample {label}", "otwarto powtórzenie badania {subject}, próbka {label}";
    ResultCancelled = "result.cancelled", "Test cancelled", "Anulowanie badania", "cancelled {subject}, sample {label}", "anulowano badanie {subject}, próbka {label}";
    CriticalOpened = "critical.opened", "Critical value noticed", "Wykrycie wartości krytycznej", "entered a critical value of {subject}, sample {label}", "wprowadzono wartość krytyczną badania {subject}, próbka {label}";
    CriticalNotified = "critical.notified", "Critical value told", "Powiadomienie o wartości krytycznej", "told someone the critical value of {subject}, sample {label}", "przekazano wartość krytyczną badania {subject}, próbka {label}";
    CriticalAttempted = "critical.attempted", "Nobody reached about a critical value", "Nieudana próba powiadomienia o wartości krytycznej", "tried in vain to tell the critical value of {subject}, sample {label}", "bezskutecznie próbowano przekazać wartość krytyczną badania {subject}, próbka {label}";
    CriticalEscalated = "critical.escalated", "Critical value escalated", "Eskalacja wartości krytycznej", "escalated the critical value of {subject}, sample {label}", "eskalowano wartość krytyczną badania {subject}, próbka {label}";
    CriticalClosed = "critical.closed", "Critical notice closed without a call", "Zamknięcie powiadomienia o wartości krytycznej", "closed the critical notice of {subject}, sample {label}", "zamknięto powiadomienie o wartości krytycznej badania {subject}, próbka {label}";
    ReportDrafted = "report.drafted", "Report drafted", "Przygotowanie sprawozdania", "drafted report {label}", "przygotowano sprawozdanie {label}";
    ReportEdited = "report.edited", "Draft report edited", "Zmiana projektu sprawozdania", "changed the draft of report {label}", "zmieniono projekt sprawozdania {label}";
    ReportRefreshed = "report.refreshed", "Draft report rebuilt", "Odświeżenie projektu sprawozdania", "rebuilt the draft of report {label}", "odświeżono projekt sprawozdania {label}";
    ReportAuthorized = "report.authorized", "Report signed", "Autoryzacja sprawozdania", "signed report {label}", "podpisano sprawozdanie {label}";
    ReportSignatureVoided = "report.signature_voided", "Signature of a report voided", "Unieważnienie podpisu sprawozdania", "voided the signature of report {label}", "unieważniono podpis sprawozdania {label}";
    ReportReleased = "report.released", "Report released", "Wydanie sprawozdania", "released report {label}", "wydano sprawozdanie {label}";
    ReportSuperseded = "report.superseded", "Report superseded", "Zastąpienie sprawozdania", "superseded report {label}", "zastąpiono sprawozdanie {label}";
    ReportWithdrawn = "report.withdrawn", "Report withdrawn", "Wycofanie sprawozdania", "withdrew report {label}", "wycofano sprawozdanie {label}";
    ReportAmended = "report.amended", "Amendment of a report begun", "Rozpoczęcie zmiany sprawozdania", "began an amendment of report {label}", "rozpoczęto zmianę sprawozdania {label}";
    ReportMarkedUnderCorrection = "report.marked_under_correction", "Report marked as under correction", "Oznaczenie sprawozdania jako poprawianego", "marked report {label} as under correction", "oznaczono sprawozdanie {label} jako poprawiane";
    ReportDelivered = "report.delivered", "Report delivered", "Przekazanie sprawozdania", "delivered report {label}", "przekazano sprawozdanie {label}";
    DocumentDownloaded = "document.downloaded", "Report downloaded", "Pobranie sprawozdania", "downloaded report {label}", "pobrano sprawozdanie {label}";
    DocumentPreviewed = "document.previewed", "Draft report previewed", "Podgląd projektu sprawozdania", "previewed report {label}", "wyświetlono podgląd sprawozdania {label}";
    FileAttached = "file.attached", "File attached", "Dołączenie pliku", "attached a file to {label}", "dołączono plik do {label}";
    FileEdited = "file.edited", "Sharing of a file changed", "Zmiana udostępnienia pliku", "changed who sees a file of {label}", "zmieniono udostępnienie pliku {label}";
    FileDownloaded = "file.downloaded", "File downloaded", "Pobranie pliku", "downloaded a file of {label}", "pobrano plik {label}";
    FileWithdrawn = "file.withdrawn", "File withdrawn", "Wycofanie pliku", "withdrew a file of {label}", "wycofano plik {label}";
    OrderCreated = "order.created", "Order created", "Utworzenie zlecenia", "created order {label}", "utworzono zlecenie {label}";
    OrderEdited = "order.edited", "Order edited", "Zmiana zlecenia", "changed order {label}", "zmieniono zlecenie {label}";
    OrderCompleted = "order.completed", "Order completed", "Zakończenie zlecenia", "completed order {label}", "zakończono zlecenie {label}";
    OrderReopened = "order.reopened", "Order reopened", "Ponowne otwarcie zlecenia", "reopened order {label}", "ponownie otwarto zlecenie {label}";
    OrderCancelled = "order.cancelled", "Order cancelled", "Anulowanie zlecenia", "cancelled order {label}", "anulowano zlecenie {label}";
    PatientCreated = "patient.created", "Patient registered", "Rejestracja pacjenta", "registered patient {label}", "zarejestrowano pacjenta {label}";
    PatientEdited = "patient.edited", "Patient edited", "Zmiana danych pacjenta", "changed patient {label}", "zmieniono dane pacjenta {label}";
    PatientViewed = "patient.viewed", "Patient's record looked at", "Wgląd w kartotekę pacjenta", "looked at the record of patient {label}", "otwarto kartotekę pacjenta {label}";
    TwoPersonRequestWithdrawn = "two_person_request.withdrawn", "Request for a second person withdrawn", "Wycofanie wniosku do drugiej osoby", "withdrew or declined a request that waited for a second person: {label}", "wycofano lub odrzucono wniosek czekający na drugą osobę: {label}";
    PatientMergeRequested = "patient.merge_requested", "Merging of patients requested", "Wniosek o scalenie pacjentów", "asked to merge patient {label} into another", "zgłoszono scalenie kartoteki pacjenta {label} z inną";
    PatientMerged = "patient.merged", "Patients merged", "Scalenie pacjentów", "merged patient {label} into another", "scalono kartotekę pacjenta {label} z inną";
    SubjectErasureRequested = "subject.erasure_requested", "Erasure of a person requested", "Wniosek o usunięcie danych osoby", "asked to erase the data of person {label}", "zgłoszono usunięcie danych osoby {label}";
    SubjectErased = "subject.erased", "Person's data erased", "Usunięcie danych osoby", "erased the data of person {label}", "usunięto dane osoby {label}";
    ClientCreated = "client.created", "Client added", "Dodanie klienta", "added client {label}", "dodano klienta {label}";
    ClientEdited = "client.edited", "Client edited", "Zmiana klienta", "changed client {label}", "zmieniono klienta {label}";
    SampleTypeCreated = "sample_type.created", "Sample type added", "Dodanie rodzaju próbki", "added sample type {label}", "dodano rodzaj próbki {label}";
    SampleTypeEdited = "sample_type.edited", "Sample type edited", "Zmiana rodzaju próbki", "changed sample type {label}", "zmieniono rodzaj próbki {label}";
    ContainerCreated = "container.created", "Container added", "Dodanie pojemnika", "added container {label}", "dodano pojemnik {label}";
    ContainerEdited = "container.edited", "Container edited", "Zmiana pojemnika", "changed container {label}", "zmieniono pojemnik {label}";
    LocationCreated = "location.created", "Storage location added", "Dodanie miejsca przechowywania", "added storage location {label}", "dodano miejsce przechowywania {label}";
    LocationEdited = "location.edited", "Storage location edited", "Zmiana miejsca przechowywania", "changed storage location {label}", "zmieniono miejsce przechowywania {label}";
    TestCreated = "test.created", "Test added", "Dodanie badania do katalogu", "added test {label} to the catalogue", "dodano badanie {label} do katalogu";
    TestEdited = "test.edited", "Test edited", "Zmiana badania w katalogu", "changed test {label}", "zmieniono badanie {label}";
    PanelCreated = "panel.created", "Panel added", "Dodanie panelu badań", "added panel {label}", "dodano panel {label}";
    PanelEdited = "panel.edited", "Panel edited", "Zmiana panelu badań", "changed panel {label}", "zmieniono panel {label}";
    SpecificationCreated = "specification.created", "Specification added", "Dodanie specyfikacji", "added specification {label}", "dodano specyfikację {label}";
    SpecificationEdited = "specification.edited", "Specification edited", "Zmiana specyfikacji", "changed specification {label}", "zmieniono specyfikację {label}";
    InstrumentCreated = "instrument.created", "Instrument added", "Dodanie przyrządu", "added instrument {label}", "dodano przyrząd {label}";
    InstrumentEdited = "instrument.edited", "Instrument edited", "Zmiana przyrządu", "changed instrument {label}", "zmieniono przyrząd {label}";
    UserCreated = "user.created", "User added", "Dodanie użytkownika", "added user {label}", "dodano użytkownika {label}";
    UserEdited = "user.edited", "User edited", "Zmiana użytkownika", "changed user {label}", "zmieniono użytkownika {label}";
    UserDeactivated = "user.deactivated", "User deactivated", "Dezaktywacja użytkownika", "deactivated user {label}", "dezaktywowano użytkownika {label}";
    UserReactivated = "user.reactivated", "User reactivated", "Reaktywacja użytkownika", "reactivated user {label}", "reaktywowano użytkownika {label}";
    UserPasswordChanged = "user.password_changed", "Password changed", "Zmiana hasła", "changed the password of user {label}", "zmieniono hasło użytkownika {label}";
    UserPasswordResetStarted = "user.password_reset_started", "Password reset started", "Rozpoczęcie resetu hasła", "started a password reset for user {label}", "rozpoczęto reset hasła użytkownika {label}";
    UserPasswordReset = "user.password_reset", "Password chosen by a one-time link", "Ustawienie hasła jednorazowym odnośnikiem", "chose a password by a one-time link", "ustawiono hasło za pomocą jednorazowego odnośnika";
    UserInvited = "user.invited", "User invited", "Zaproszenie użytkownika", "invited user {label}", "wysłano zaproszenie użytkownikowi {label}";
    UserLocked = "user.locked", "Account waits after wrong passwords", "Wstrzymanie konta po błędnych hasłach", "made the account of user {label} wait after too many wrong passwords", "wstrzymano konto użytkownika {label} po zbyt wielu błędnych hasłach";
    UserSessionsEnded = "user.sessions_ended", "Sessions of a user ended", "Zakończenie sesji użytkownika", "ended the sessions of user {label}", "zakończono sesje użytkownika {label}";
    UserPreferencesEdited = "user.preferences_edited", "Own preferences changed", "Zmiana własnych ustawień", "changed their own preferences", "zmieniono własne ustawienia";
    RoleCreated = "role.created", "Role created", "Utworzenie roli", "created role {label}", "utworzono rolę {label}";
    RoleEdited = "role.edited", "Role edited", "Zmiana roli", "changed role {label}", "zmieniono rolę {label}";
    RoleDeleted = "role.deleted", "Role deleted", "Usunięcie roli", "deleted role {label}", "usunięto rolę {label}";
    CompetenceGranted = "competence.granted", "Competence recorded", "Zapis kompetencji", "recorded competences of {label}", "zapisano kompetencje: {label}";
    CompetenceEnded = "competence.ended", "Competence ended", "Zakończenie kompetencji", "ended competences of {label}", "zakończono kompetencje: {label}";
    ServiceAccountCreated = "service_account.created", "Service account added", "Dodanie konta usługowego", "added service account {label}", "dodano konto usługowe {label}";
    ServiceAccountEdited = "service_account.edited", "Service account edited", "Zmiana konta usługowego", "changed service account {label}", "zmieniono konto usługowe {label}";
    ServiceAccountDeactivated = "service_account.deactivated", "Service account deactivated", "Dezaktywacja konta usługowego", "deactivated service account {label}", "dezaktywowano konto usługowe {label}";
    ServiceAccountReactivated = "service_account.reactivated", "Service account reactivated", "Reaktywacja konta usługowego", "reactivated service account {label}", "reaktywowano konto usługowe {label}";
    ServiceTokenIssued = "service_token.issued", "Token issued", "Wydanie tokenu", "issued a token of service account {label}", "wydano token konta usługowego {label}";
    ServiceTokenRotated = "service_token.rotated", "Token replaced", "Wymiana tokenu", "replaced a token of service account {label}", "wymieniono token konta usługowego {label}";
    ServiceTokenRevoked = "service_token.revoked", "Token revoked", "Unieważnienie tokenu", "revoked a token of service account {label}", "unieważniono token konta usługowego {label}";
    ServiceTokenRefused = "service_token.refused", "Token used from a foreign address", "Użycie tokenu spod obcego adresu", "used a token of service account {label} from an address that is not one of its own, and was refused", "użyto tokenu konta usługowego {label} spod obcego adresu; odmówiono dostępu";
    WebhookCreated = "webhook.created", "Webhook added", "Dodanie webhooka", "added webhook {label}", "dodano webhook {label}";
    WebhookChanged = "webhook.changed", "Webhook changed", "Zmiana webhooka", "changed webhook {label}", "zmieniono webhook {label}";
    WebhookSecretRotated = "webhook.secret_rotated", "Secret of a webhook replaced", "Wymiana sekretu webhooka", "replaced the secret of webhook {label}", "wymieniono sekret webhooka {label}";
    WebhookPaused = "webhook.paused", "Webhook paused", "Wstrzymanie webhooka", "paused webhook {label}", "wstrzymano webhook {label}";
    WebhookResumed = "webhook.resumed", "Webhook resumed", "Wznowienie webhooka", "resumed webhook {label}", "wznowiono webhook {label}";
    WebhookDeleted = "webhook.deleted", "Webhook deleted", "Usunięcie webhooka", "deleted webhook {label}", "usunięto webhook {label}";
    SecondFactorBegun = "second_factor.begun", "Set-up of a second factor begun", "Rozpoczęcie ustawiania drugiego składnika", "began to set up a second factor", "rozpoczęto ustawianie drugiego składnika logowania";
    SecondFactorAdded = "second_factor.added", "Second factor set up", "Ustawienie drugiego składnika", "set up a second factor", "ustawiono drugi składnik logowania";
    SecondFactorRenamed = "second_factor.renamed", "Passkey renamed", "Zmiana nazwy klucza dostępu", "renamed a passkey", "zmieniono nazwę klucza dostępu";
    SecondFactorRemoved = "second_factor.removed", "Second factor removed", "Usunięcie drugiego składnika", "removed a second factor", "usunięto drugi składnik logowania";
    RecoveryCodesRenewed = "recovery_codes.renewed", "Recovery codes renewed", "Wymiana kodów odzyskiwania", "made new recovery codes", "utworzono nowe kody odzyskiwania";
    UserSecondFactorReset = "user.second_factor_reset", "Second factors of a user removed", "Usunięcie drugich składników użytkownika", "removed the second factors of user {label}", "usunięto drugie składniki logowania użytkownika {label}";
    SignOnConfigured = "sign_on.configured", "Single sign-on configured", "Konfiguracja logowania jednokrotnego", "configured single sign-on with {label}", "skonfigurowano logowanie jednokrotne: {label}";
    SignOnRemoved = "sign_on.removed", "Single sign-on removed", "Usunięcie logowania jednokrotnego", "removed single sign-on with {label}", "usunięto logowanie jednokrotne: {label}";
    SignOnLinked = "sign_on.linked", "Account linked with an identity provider", "Połączenie konta z dostawcą tożsamości", "linked the account of user {label} with one at the identity provider", "połączono konto użytkownika {label} z kontem u dostawcy tożsamości";
    SignOnRolesFollowed = "sign_on.roles_followed", "Roles set by the identity provider", "Zmiana ról przez dostawcę tożsamości", "gave user {label} the roles that the identity provider names", "nadano użytkownikowi {label} role wskazane przez dostawcę tożsamości";
    SignOnRefused = "sign_on.refused", "Single sign-on refused", "Odmowa logowania jednokrotnego", "refused a single sign-on", "odmówiono logowania jednokrotnego";
    LoginSucceeded = "login.succeeded", "Login", "Zalogowanie", "signed in", "zalogowano";
    LoginFailed = "login.failed", "Failed login", "Nieudane logowanie", "failed to sign in", "nieudana próba logowania";
    Logout = "logout", "Logout", "Wylogowanie", "signed out", "wylogowano";
    SessionEnded = "session.ended", "Session ended", "Zakończenie sesji", "ended a session", "zakończono sesję";
    SessionLocked = "session.locked", "Screen locked", "Zablokowanie ekranu", "locked their screen", "zablokowano ekran";
    SessionUnlocked = "session.unlocked", "Screen unlocked", "Odblokowanie ekranu", "unlocked their screen", "odblokowano ekran";
    SessionUnlockFailed = "session.unlock_failed", "Screen not unlocked", "Nieudane odblokowanie ekranu", "failed to unlock their screen", "nie udało się odblokować ekranu";
    SessionParked = "session.parked", "Session parked", "Odłożenie sesji", "left the workstation to others and stayed signed in", "odłożono sesję i udostępniono stanowisko innym";
    SessionResumed = "session.resumed", "Session resumed", "Wznowienie sesji", "came back to their session at a shared workstation", "wznowiono sesję na wspólnym stanowisku";
    PinSet = "pin.set", "PIN set", "Ustawienie PIN-u", "set a PIN for unlocking their screen", "ustawiono PIN do odblokowania ekranu";
    PinRemoved = "pin.removed", "PIN removed", "Usunięcie PIN-u", "removed the PIN for unlocking their screen", "usunięto PIN do odblokowania ekranu";
    SessionExpired = "session.expired", "Session expired", "Wygaśnięcie sesji", "was signed out after a pause", "wylogowano po okresie bezczynności";
    SessionReuseDetected = "session.reuse_detected", "Reuse of an old session token", "Ponowne użycie starego tokenu sesji", "used an old session token again; the session was ended", "użyto ponownie starego tokenu sesji; sesję zakończono";
    StepUpSucceeded = "step_up.succeeded", "Identity confirmed again", "Ponowne potwierdzenie tożsamości", "confirmed their identity again", "ponownie potwierdzono tożsamość";
    StepUpFailed = "step_up.failed", "Identity not confirmed", "Nieudane potwierdzenie tożsamości", "failed to confirm their identity", "nie udało się potwierdzić tożsamości";
    AccessReviewOpened = "access_review.opened", "Access review opened", "Otwarcie przeglądu uprawnień", "opened access review {label}", "otwarto przegląd uprawnień {label}";
    AccessReviewDecided = "access_review.decided", "Access decided on in a review", "Decyzja w przeglądzie uprawnień", "decided on the access of {label}", "zdecydowano o dostępie: {label}";
    AccessReviewOverdue = "access_review.overdue", "Access review overdue", "Przegląd uprawnień po terminie", "noted that access review {label} is overdue", "stwierdzono przekroczenie terminu przeglądu uprawnień {label}";
    AccessReviewFinished = "access_review.finished", "Access review finished", "Zakończenie przeglądu uprawnień", "finished access review {label}", "zakończono przegląd uprawnień {label}";
    AccessReviewDownloaded = "access_review.downloaded", "Record of an access review downloaded", "Pobranie protokołu przeglądu uprawnień", "downloaded the record of access review {label}", "pobrano protokół przeglądu uprawnień {label}";
    AccessRefused = "access.refused", "Access refused", "Odmowa dostępu", "was refused: {label}", "odmówiono dostępu: {label}";
    RefusedOften = "access.refused_often", "Many refusals", "Wiele odmów dostępu", "was refused again and again: {label}", "wielokrotnie odmówiono dostępu: {label}";
    AuditViewed = "audit.viewed", "Audit trail read", "Wgląd w ślad audytowy", "read the audit trail", "przeglądano ślad audytowy";
    AuditExported = "audit.exported", "Audit trail exported", "Eksport śladu audytowego", "exported the audit trail", "wyeksportowano ślad audytowy";
    AuditExportFailed = "audit.export_failed", "Export of the audit trail failed", "Nieudany eksport śladu audytowego", "could not finish an export of the audit trail", "eksport śladu audytowego nie powiódł się";
    ExportDownloaded = "export.downloaded", "Audit export downloaded", "Pobranie eksportu śladu audytowego", "downloaded an export of the audit trail", "pobrano eksport śladu audytowego";
    LaboratoryCreated = "laboratory.created", "Laboratory created", "Utworzenie laboratorium", "created laboratory {label}", "utworzono laboratorium {label}";
    LaboratoryEdited = "laboratory.edited", "Laboratory edited", "Zmiana danych laboratorium", "changed laboratory {label}", "zmieniono dane laboratorium {label}";
    LaboratorySuspended = "laboratory.suspended", "Laboratory suspended", "Wstrzymanie laboratorium", "suspended laboratory {label}", "wstrzymano laboratorium {label}";
    LaboratoryResumed = "laboratory.resumed", "Laboratory resumed", "Wznowienie laboratorium", "resumed laboratory {label}", "wznowiono laboratorium {label}";
    PlatformOpened = "platform.opened", "Platform set up", "Utworzenie platformy", "set up the platform", "utworzono platformę";
    SupportInvited = "support.invited", "Support invited", "Zaproszenie wsparcia", "invited the platform's support into laboratory {label}", "zaproszono wsparcie platformy do laboratorium {label}";
    SupportEntered = "support.entered", "Support entered", "Wejście wsparcia", "entered laboratory {label} on its invitation", "wejście do laboratorium {label} na jego zaproszenie";
    SupportRanOut = "support.ran_out", "Support access ran out", "Upływ dostępu wsparcia", "noted that the support access to laboratory {label} has run out", "stwierdzono upływ dostępu wsparcia do laboratorium {label}";
    SupportEnded = "support.ended", "Support access ended", "Zakończenie dostępu wsparcia", "ended the support access to laboratory {label}", "zakończono dostęp wsparcia do laboratorium {label}";
    SettingsEdited = "settings.edited", "Settings changed", "Zmiana ustawień", "changed the laboratory's settings", "zmieniono ustawienia laboratorium";
    LedgerOpened = "ledger.opened", "Audit log opened", "Otwarcie dziennika audytu", "opened the audit log", "otwarto dziennik audytu";
    LedgerKeyRotationRequested = "ledger.key_rotation_requested", "New signing key of the audit log requested", "Wniosek o wymianę klucza podpisującego dziennik audytu", "asked to replace the signing key of the audit log", "zgłoszono wymianę klucza podpisującego dziennik audytu";
    LedgerKeyRotated = "ledger.key_rotated", "Signing key of the audit log replaced", "Wymiana klucza podpisującego dziennik audytu", "replaced the signing key of the audit log", "wymieniono klucz podpisujący dziennik audytu";
    LedgerEntryQuarantined = "ledger.entry_quarantined", "Audit entry set aside", "Odłożenie wpisu audytu", "set aside an audit entry that failed its check", "odłożono wpis audytu, który nie przeszedł kontroli";
    WriterVoided = "writer.voided", "Audit numbers voided", "Unieważnienie numerów audytu", "voided audit numbers that were lost to a rollback", "unieważniono numery audytu utracone przy wycofaniu transakcji";
    KeyCreated = "key.created", "Key created", "Utworzenie klucza", "created key {label}", "utworzono klucz {label}";
    DemoLoaded = "demo.loaded", "Demonstration loaded", "Wczytanie danych demonstracyjnych", "loaded the demonstration data", "wczytano dane demonstracyjne";
    BootstrapUsed = "bootstrap.used", "Bootstrap link used", "Użycie odnośnika startowego", "set up the laboratory with the one-time link", "skonfigurowano laboratorium za pomocą jednorazowego odnośnika";
    CliExecuted = "cli.executed", "Command executed on the server", "Wykonanie polecenia na serwerze", "ran the command {label} on the server", "wykonano na serwerze polecenie {label}";
    ImportCommitted = "import.committed", "Data imported", "Import danych", "imported data {label}", "zaimportowano dane {label}";
}
