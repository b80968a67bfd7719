//! Fields and their values in words, so that no sentence shows a column's name.

use crate::access_review::{AccessDecision, AccessGround};
use crate::file::FileKind;
use crate::identity::{Factor, SecondFactorPolicy};
use crate::judge::{DecisionRule, JudgedValue, Sex, SpecificationKind, Statement};
use crate::role::{GrantEffect, LaboratoryKind};
use crate::terms::{Condition, DeliveryChannel, NoticeChannel, NoticeState, Origin, Priority, ReportKind};
use crate::value::{LimitKind, ResultType};
use crate::webhook::WebhookPauseCause;
use crate::workflow::{OrderState, ReportState, ResultState, SampleState};
use crate::{Language, ReasonCode};

/// What a field is called: `limits/0/high` of a specification is "limits 1: upper limit". `path` is a path as the ledger has it,
/// with `/` or `.` between its parts. A field that is not in the list is called by its own words, without underscores.
#[must_use]
pub fn field_label(object_type: &str, path: &str, language: Language) -> String {
    let path = path.trim_start_matches('/');
    // Settings are an object of their own on the laboratory; the word would only be in the way.
    let path = path
        .strip_prefix("settings/")
        .or_else(|| path.strip_prefix("settings."))
        .unwrap_or(path);
    let mut labels: Vec<String> = Vec::new();
    for part in path.split(['/', '.', '[', ']']).filter(|part| !part.is_empty()) {
        match (part.parse::<u32>(), labels.last_mut()) {
            (Ok(index), Some(label)) => *label = format!("{label} {}", index.saturating_add(1)),
            (Ok(_), None) => {}
            (Err(_), _) => labels.push(part_label(object_type, part, language)),
        }
    }
    labels.join(": ")
}

fn part_label(object_type: &str, part: &str, language: Language) -> String {
    if let Some((en, pl)) = particular(object_type, part).or_else(|| general(part)) {
        return language.pick(en, pl).to_owned();
    }
    part.trim_end_matches("_id").trim_end_matches("_ids").replace('_', " ")
}

/// Fields that mean something else on this kind of object.
fn particular(object_type: &str, part: &str) -> Option<(&'static str, &'static str)> {
    Some(match (object_type, part) {
        ("result", "value" | "display") => ("result", "wynik"),
        ("test", "code") => ("test code", "kod badania"),
        ("sample", "condition") => ("condition on receipt", "stan przy przyjęciu"),
        ("instrument", "serial_number") => ("serial number", "numer fabryczny"),
        ("user", "name") => ("full name", "imię i nazwisko"),
        ("critical_notice", "told") => ("told to", "powiadomiona osoba"),
        ("delivery" | "report", "to") => ("delivered to", "odbiorca"),
        ("laboratory", "contact") => ("contact", "kontakt"),
        _ => return None,
    })
}

fn general(part: &str) -> Option<(&'static str, &'static str)> {
    identity_field(part)
        .or_else(|| work_field(part))
        .or_else(|| catalogue_field(part))
        .or_else(|| policy_field(part))
}

/// Persons, clients, patients.
fn identity_field(part: &str) -> Option<(&'static str, &'static str)> {
    Some(match part {
        "name" => ("name", "nazwa"),
        "family_name" => ("family name", "nazwisko"),
        "given_name" => ("given name", "imię"),
        "birth_date" => ("date of birth", "data urodzenia"),
        "sex" => ("sex", "płeć"),
        "identifiers" => ("identifiers", "identyfikatory"),
        "system" => ("kind of identifier", "rodzaj identyfikatora"),
        "unknown_patient" => ("unknown patient", "pacjent nieznany"),
        "email" => ("e-mail", "e-mail"),
        "phone" => ("telephone", "telefon"),
        "address" => ("address", "adres"),
        "code" => ("code", "kod"),
        "title" => ("title", "tytuł"),
        "language" => ("language", "język"),
        "active" => ("active", "aktywny"),
        "roles" | "role_ids" => ("roles", "role"),
        "grants" => ("single permissions", "pojedyncze uprawnienia"),
        "permission" => ("permission", "uprawnienie"),
        "permissions" => ("permissions", "uprawnienia"),
        "effect" => ("effect", "działanie"),
        "owner" | "owner_id" => ("owner", "właściciel"),
        "addresses" => ("addresses it is used from", "adresy, spod których działa"),
        "label" => ("label", "etykieta"),
        "prefix" => ("beginning of the token", "początek tokenu"),
        "url" => ("address", "adres"),
        "events" => ("events", "zdarzenia"),
        "expires_at" => ("expires", "wygasa"),
        "overlap_minutes" => ("minutes until the old one ends", "minuty do wygaśnięcia starego"),
        "slug" => ("short name", "nazwa skrócona"),
        "operator" => ("operator", "operator"),
        "laboratory" => ("laboratory", "laboratorium"),
        "until" => ("until", "do"),
        "user" | "user_id" => ("user", "użytkownik"),
        "client" | "client_id" => ("client", "klient"),
        "patient" | "patient_id" => ("patient", "pacjent"),
        "into" => ("merged into", "scalono z"),
        "valid_from" => ("valid from", "ważne od"),
        "valid_until" => ("valid until", "ważne do"),
        _ => return None,
    })
}

/// Orders, samples, results, reports.
fn work_field(part: &str) -> Option<(&'static str, &'static str)> {
    Some(match part {
        "status" | "state" => ("status", "status"),
        "number" => ("number", "numer"),
        "external_id" => ("orderer's number", "numer zleceniodawcy"),
        "source" => ("source", "źródło"),
        "requester" => ("requester", "zlecający"),
        "priority" => ("priority", "priorytet"),
        "order" | "order_id" => ("order", "zlecenie"),
        "accession_number" => ("accession number", "numer próbki"),
        "sample_type" | "sample_type_id" => ("sample type", "rodzaj próbki"),
        "container" | "container_id" => ("container", "pojemnik"),
        "location" | "location_id" => ("storage location", "miejsce przechowywania"),
        "client_reference" => ("client's reference", "oznaczenie klienta"),
        "description" => ("description", "opis"),
        "collected_at" => ("time of collection", "czas pobrania"),
        "collected_by" => ("collected by", "pobierający"),
        "collection_place" => ("place of collection", "miejsce pobrania"),
        "received_at" => ("time of receipt", "czas przyjęcia"),
        "received_by" => ("received by", "przyjmujący"),
        "condition" => ("condition", "stan"),
        "condition_note" => ("note on the condition", "uwaga o stanie"),
        "temperature_c" => ("temperature (°C)", "temperatura (°C)"),
        "deviations" => ("deviations", "odstępstwa"),
        "remark" => ("remark", "uwaga"),
        "remarks" => ("remarks", "uwagi"),
        "tests" | "test_ids" => ("tests", "badania"),
        "test" | "test_id" => ("test", "badanie"),
        "value" => ("value", "wartość"),
        "display" => ("result", "wynik"),
        "typed" => ("value as typed", "wartość wpisana"),
        "detection" => ("sign", "znak"),
        "limit_kind" => ("kind of limit", "rodzaj granicy"),
        "dilution_factor" | "dilution" => ("dilution factor", "współczynnik rozcieńczenia"),
        "instrument" | "instrument_id" => ("instrument", "przyrząd"),
        "measured_at" => ("time of measurement", "czas pomiaru"),
        "deviation" => ("deviation from the method", "odstępstwo od metody"),
        "origin" => ("origin", "pochodzenie"),
        "provider" => ("external provider", "podwykonawca"),
        "flags" => ("flags", "oznaczenia"),
        "statement" => ("statement of conformity", "stwierdzenie zgodności"),
        "retest_of" => ("retest of", "powtórzenie badania"),
        "told" => ("told to", "powiadomiona osoba"),
        "channel" => ("by way of", "sposób"),
        "read_back" => ("read back", "odczytano zwrotnie"),
        "reached" => ("reached", "osiągnięto"),
        "note" => ("note", "notatka"),
        "opinions" => ("opinions and interpretations", "opinie i interpretacje"),
        "kind" => ("kind", "rodzaj"),
        "content_sha256" => ("hash of the content", "skrót treści"),
        "document_sha256" => ("hash of the document", "skrót dokumentu"),
        "meaning" => ("meaning of the signature", "znaczenie podpisu"),
        "under_correction" => ("under correction", "w trakcie poprawy"),
        "amends" => ("replaces", "zastępuje"),
        "to" => ("to", "do"),
        "reason" => ("reason", "powód"),
        "count" => ("number of records", "liczba rekordów"),
        "first" => ("first entry", "pierwszy wpis"),
        "last" => ("last entry", "ostatni wpis"),
        "format" => ("format", "format"),
        "size" => ("size in bytes", "rozmiar w bajtach"),
        "shared_with_client" => ("seen by the client", "widoczny dla klienta"),
        _ => return None,
    })
}

/// The catalogue.
fn catalogue_field(part: &str) -> Option<(&'static str, &'static str)> {
    Some(match part {
        "matrix" => ("matrix", "matryca"),
        "requires_temperature" => ("temperature is recorded", "wymagany zapis temperatury"),
        "temperature_min" => ("lowest temperature", "najniższa temperatura"),
        "temperature_max" => ("highest temperature", "najwyższa temperatura"),
        "containers" => ("containers", "pojemniki"),
        "volume" => ("volume", "objętość"),
        "additive" => ("additive", "dodatek"),
        "serial_number" => ("serial number", "numer seryjny"),
        "calibrated_until" => ("calibrated until", "wzorcowanie ważne do"),
        "analyte" => ("analyte", "analit"),
        "fraction" => ("fraction", "frakcja"),
        "basis" => ("basis", "w przeliczeniu na"),
        "method" => ("method", "metoda"),
        "unit" => ("unit", "jednostka"),
        "specimen" => ("specimen", "materiał"),
        "result_type" => ("kind of result", "rodzaj wyniku"),
        "decimals" => ("decimals", "miejsca dziesiętne"),
        "significant_figures" => ("significant figures", "cyfry znaczące"),
        "codes" => ("list of values", "lista wartości"),
        "lod" => ("limit of detection", "granica wykrywalności"),
        "loq" => ("limit of quantification", "granica oznaczalności"),
        "uncertainty" => ("uncertainty", "niepewność"),
        "k" => ("coverage factor", "współczynnik rozszerzenia"),
        "hold_time_hours" => ("hold time (hours)", "czas przechowywania (godziny)"),
        "turnaround_hours" => ("turnaround time (hours)", "czas realizacji (godziny)"),
        "accredited" => ("accredited", "akredytowane"),
        "loinc" => ("LOINC code", "kod LOINC"),
        "ucum" => ("UCUM code", "kod UCUM"),
        "self_verification_allowed" => ("self-verification allowed", "dozwolona samodzielna weryfikacja"),
        "specification" | "specification_id" => ("specification", "specyfikacja"),
        "judge" => ("judged value", "oceniana wartość"),
        "limits" => ("limits", "limity"),
        "age_min_days" => ("age from (days)", "wiek od (dni)"),
        "age_max_days" => ("age to (days)", "wiek do (dni)"),
        "low" => ("lower limit", "dolny limit"),
        "high" => ("upper limit", "górny limit"),
        "warn_low" => ("lower warning limit", "dolny limit ostrzegawczy"),
        "warn_high" => ("upper warning limit", "górny limit ostrzegawczy"),
        "critical_low" => ("lower critical limit", "dolny limit krytyczny"),
        "critical_high" => ("upper critical limit", "górny limit krytyczny"),
        "guard_band" => ("guard band", "pasmo ochronne"),
        "text" => ("expected text", "oczekiwany tekst"),
        _ => return None,
    })
}

/// The laboratory and its policy.
fn policy_field(part: &str) -> Option<(&'static str, &'static str)> {
    Some(match part {
        "settings" => ("settings", "ustawienia"),
        "verifier_key" => ("verifier key", "klucz weryfikujący"),
        "request" => ("request", "wniosek"),
        "entered" => ("was used", "wykorzystano"),
        "requested_by" => ("requested by", "wnioskodawca"),
        "second_factor" => ("second factor asked for", "wymagany drugi składnik"),
        "factor" => ("second factor", "drugi składnik"),
        "four_eyes_verification" => ("four eyes for verification", "weryfikacja przez drugą osobę"),
        "four_eyes_release" => ("four eyes for release", "wydanie przez drugą osobę"),
        "idle_minutes" => (
            "minutes until a pause ends the session",
            "minuty bezczynności do wylogowania",
        ),
        "accession_prefix" => ("prefix of accession numbers", "przedrostek numerów próbek"),
        "default_decision_rule" => ("default decision rule", "domyślna zasada podejmowania decyzji"),
        "decision_rule" => ("decision rule", "zasada podejmowania decyzji"),
        "accreditation_number" => ("accreditation number", "numer akredytacji"),
        "contact" => ("contact", "kontakt"),
        "timezone" => ("time zone", "strefa czasowa"),
        "password" => ("password", "hasło"),
        "min_length" => ("fewest characters", "najmniejsza liczba znaków"),
        "composition" => ("letters, digits and another character", "litery, cyfry i inny znak"),
        "history" => (
            "last ones that cannot be chosen again",
            "liczba ostatnich, których nie można powtórzyć",
        ),
        "lockout_after" => (
            "wrong ones until the account waits",
            "liczba błędnych do wstrzymania konta",
        ),
        "blocklist" => ("words that none may contain", "słowa zabronione"),
        "change_initial" => ("changed at the first login", "zmiana przy pierwszym logowaniu"),
        "access_review" => ("access review", "przegląd uprawnień"),
        "every_days" => ("days between reviews", "liczba dni między przeglądami"),
        "answer_within_days" => ("days to finish a review", "liczba dni na zakończenie przeglądu"),
        "unused_after_days" => (
            "days without use until deactivation is proposed",
            "liczba dni bez użycia do propozycji dezaktywacji",
        ),
        "accounts" => ("accounts", "konta"),
        "undecided" => ("accounts not decided on", "konta bez decyzji"),
        "kept" => ("kept", "zachowane"),
        "deactivated" => ("deactivated", "dezaktywowane"),
        "decision" => ("decision", "decyzja"),
        "proposal" => ("proposal", "propozycja"),
        "ground" => ("because", "podstawa"),
        "own" => ("decided by the person concerned", "decyzja osoby, której dotyczy"),
        "due_at" => ("to be finished by", "termin zakończenia"),
        "issuer" => ("issuer", "wystawca"),
        "client_id" => ("client at the provider", "klient u dostawcy"),
        "client_secret" => ("client secret", "sekret klienta"),
        "scopes" => ("scopes asked for", "zakresy żądane"),
        "role_claim" => ("claim that lists roles", "pole z rolami"),
        "role_map" => ("roles by the provider's groups", "role według grup dostawcy"),
        "create_accounts" => ("new accounts", "zakładanie kont"),
        "default_roles" => ("roles of new accounts", "role nowych kont"),
        "enforced" => ("passwords open nothing", "hasła nie otwierają niczego"),
        "trust_email" => ("addresses count as checked", "adresy uznawane za sprawdzone"),
        "email_domains" => ("domains let in", "dopuszczone domeny"),
        "subject" => ("name at the provider", "nazwa u dostawcy"),
        "several_factors" => (
            "provider asked for several factors",
            "dostawca wymagał kilku składników",
        ),
        "cause" => ("because", "przyczyna"),
        "detail" => ("detail", "szczegół"),
        "mode" => ("kind of login", "rodzaj logowania"),
        "operation" => ("operation", "operacja"),
        "command" => ("command", "polecenie"),
        _ => return None,
    })
}

/// Why nobody came in by single sign-on.
fn refusal_label(value: &str, language: Language) -> Option<&'static str> {
    let (en, pl) = match value {
        "other_browser" => ("it came back in another browser", "powrót w innej przeglądarce"),
        "no_account" => ("there is no account for this person", "ta osoba nie ma konta"),
        "no_role" => ("the provider names no role", "dostawca nie wskazał żadnej roli"),
        "domain" => ("the e-mail domain is not let in", "domena adresu nie jest dopuszczona"),
        "not_verified" => (
            "the e-mail address is not vouched for",
            "adres e-mail nie jest potwierdzony",
        ),
        "inactive" => ("the account is not active", "konto jest nieaktywne"),
        "already_linked" => (
            "the account is linked with another person",
            "konto jest połączone z inną osobą",
        ),
        "other_person" => ("somebody else signed in", "zalogowała się inna osoba"),
        "not_fresh" => ("the provider did not ask anew", "dostawca nie zapytał ponownie"),
        "factor_missing" => ("the second factor is missing", "brakuje drugiego składnika"),
        "password" => ("passwords open nothing here", "hasła niczego tu nie otwierają"),
        "declined" => ("the provider declined", "dostawca odmówił"),
        "provider" => ("the provider could not be reached", "dostawca był nieosiągalny"),
        "token" => (
            "the provider's answer is not good",
            "odpowiedź dostawcy jest nieprawidłowa",
        ),
        _ => return None,
    };
    Some(language.pick(en, pl))
}

/// A value from a closed vocabulary in words; `None` when the field has no vocabulary or the value is not in it.
pub(super) fn value_label(path: &str, value: &str, language: Language) -> Option<&'static str> {
    macro_rules! word {
        ($($vocabulary:ty),+) => { None$(.or_else(|| value.parse::<$vocabulary>().ok().map(|word| word.label(language))))+ };
    }
    match value {
        "true" => return Some(language.pick("yes", "tak")),
        "false" => return Some(language.pick("no", "nie")),
        _ => {}
    }
    match path.rsplit(['/', '.']).next().unwrap_or(path) {
        "condition" => word!(Condition),
        "priority" => word!(Priority),
        "origin" => word!(Origin),
        "channel" => word!(NoticeChannel, DeliveryChannel),
        "kind" => word!(ReportKind, SpecificationKind, LaboratoryKind, FileKind),
        "status" => word!(SampleState, ResultState, ReportState, OrderState, NoticeState),
        "sex" => word!(Sex),
        "statement" => word!(Statement),
        "decision_rule" | "default_decision_rule" => word!(DecisionRule),
        "judge" => word!(JudgedValue),
        "result_type" => word!(ResultType),
        "limit_kind" => word!(LimitKind),
        "effect" => word!(GrantEffect),
        "factor" => word!(Factor),
        "mode" if value == "sign_on" => Some(language.pick("single sign-on", "logowanie jednokrotne")),
        "cause" => refusal_label(value, language).or_else(|| word!(WebhookPauseCause)),
        "second_factor" => word!(SecondFactorPolicy),
        "decision" | "proposal" => word!(AccessDecision),
        "ground" => word!(AccessGround),
        "reason_code" | "code" => word!(ReasonCode),
        "language" => match value {
            "en" => Some(language.pick("English", "angielski")),
            "pl" => Some(language.pick("Polish", "polski")),
            _ => None,
        },
        _ => None,
    }
}
