//! What each letter says, English and Polish.

use super::words::{Filling, Line};
use attest_store::Matter;
use chrono::{DateTime, Utc};

/// Subject and text of a matter.
pub(super) fn told(matter: &Matter, with: &Filling<'_>, address: &str) -> (String, Vec<Line>) {
    let link = |token: &str| format!("{address}/password#token={token}");
    let language = with.language;
    match matter {
        Matter::Reset {
            token,
            expires_at,
            by_administrator,
        } => {
            let begin = if *by_administrator {
                with.line(
                    "An administrator of {laboratory} asks you to choose a new password for your account.",
                    "Administrator prosi o ustawienie nowego hasła do Twojego konta w systemie: {laboratory}.",
                    &[],
                )
            } else {
                with.line(
                    "Somebody asked for a new password for your account at {laboratory}.",
                    "Ktoś poprosił o nowe hasło do Twojego konta w systemie: {laboratory}.",
                    &[],
                )
            };
            let lines = vec![
                begin,
                Line::Link(language.pick("Choose a new password", "Ustaw nowe hasło"), link(token)),
                works_until(with, *expires_at),
                with.line(
                    "If you did not ask for it, there is nothing to do: until the link is used, your password stays as it is.",
                    "Jeśli prośba nie pochodzi od Ciebie, nic nie trzeba robić: dopóki nikt nie użyje odnośnika, hasło pozostaje bez zmian.",
                    &[],
                ),
            ];
            (
                with.text("New password: {laboratory}", "Nowe hasło: {laboratory}", &[]),
                lines,
            )
        }
        Matter::Invitation { token, expires_at } => {
            let lines = vec![
                with.line(
                    "An account was made for you at {laboratory}. Choose a password, and sign in with this e-mail address.",
                    "Utworzono dla Ciebie konto w systemie: {laboratory}. Ustaw hasło, a potem loguj się tym adresem e-mail.",
                    &[],
                ),
                Line::Link(language.pick("Choose your password", "Ustaw hasło"), link(token)),
                works_until(with, *expires_at),
                with.line(
                    "If it does not work any more, ask your administrator for another invitation.",
                    "Jeśli odnośnik już nie działa, poproś administratora o nowe zaproszenie.",
                    &[],
                ),
            ];
            (
                with.text("Your account: {laboratory}", "Twoje konto: {laboratory}", &[]),
                lines,
            )
        }
        Matter::PasswordChanged { at } => {
            let lines = vec![
                with.line(
                    "The password of your account at {laboratory} was changed at {time}.",
                    "Hasło do Twojego konta w systemie: {laboratory} zostało zmienione: {time}.",
                    &[("time", &with.time(*at))],
                ),
                not_you(with),
            ];
            (
                with.text("Password changed: {laboratory}", "Zmieniono hasło: {laboratory}", &[]),
                lines,
            )
        }
        Matter::AccountWaits { until } => {
            let lines = vec![
                with.line(
                    "After several wrong passwords your account at {laboratory} waits until {time}. Then you can sign in again.",
                    "Po kilku błędnych hasłach Twoje konto w systemie: {laboratory} jest wstrzymane do {time}. Potem można znów się zalogować.",
                    &[("time", &with.time(*until))],
                ),
                with.line(
                    "If you cannot wait, or have forgotten the password, ask for a new one on the sign-in page.",
                    "Jeśli nie możesz czekać albo nie pamiętasz hasła, poproś o nowe na stronie logowania.",
                    &[],
                ),
                with.line(
                    "If it was not you, somebody may be guessing your password: tell your administrator.",
                    "Jeśli to nie Ty, ktoś może zgadywać Twoje hasło: zawiadom administratora.",
                    &[],
                ),
            ];
            (
                with.text(
                    "Your account waits: {laboratory}",
                    "Konto wstrzymane: {laboratory}",
                    &[],
                ),
                lines,
            )
        }
        Matter::AccountOfWaits { name, email, until } => {
            let fields = [
                ("person", name.as_str()),
                ("email", email),
                ("time", &with.time(*until)),
            ];
            let lines = vec![with.line(
                "After several wrong passwords the account of {person} ({email}) waits until {time}. They were told. \
                 The audit trail shows from which addresses somebody tried.",
                "Po kilku błędnych hasłach konto osoby {person} ({email}) jest wstrzymane do {time}. Ta osoba została zawiadomiona. \
                 Ślad audytowy pokazuje, z jakich adresów próbowano się zalogować.",
                &fields,
            )];
            (
                with.text("An account waits: {person}", "Konto wstrzymane: {person}", &fields),
                lines,
            )
        }
        Matter::ManyRefusals { name, count, at } => {
            let fields = [
                ("person", name.as_str()),
                ("count", &count.to_string()),
                ("time", &with.time(*at)),
            ];
            let lines = vec![with.line(
                "{person} was refused {count} times within a few minutes, until {time}. Somebody may be trying what they may \
                 not do, or a role lacks what its work needs. The audit trail shows each refusal.",
                "{person}: liczba odmów w ciągu kilku minut: {count} (do {time}). Ktoś może próbować tego, do czego \
                 nie ma uprawnień, albo rola nie ma tego, co potrzebne do pracy. Ślad audytowy pokazuje każdą odmowę.",
                &fields,
            )];
            (
                with.text("Many refusals: {person}", "Wiele odmów dostępu: {person}", &fields),
                lines,
            )
        }
        Matter::AccessReviewOpened {
            review,
            number,
            accounts,
            due_at,
        } => {
            let fields = [
                ("number", number.as_str()),
                ("count", &accounts.to_string()),
                ("time", &with.time(*due_at)),
            ];
            let lines = vec![
                with.line(
                    "It is time to review who has access at {laboratory}. Review {number} lists {count} active accounts: confirm or remove each, by {time}.",
                    "Czas na przegląd uprawnień w systemie: {laboratory}. Przegląd {number} obejmuje aktywne konta ({count}): każde należy potwierdzić albo usunąć do {time}.",
                    &fields,
                ),
                review_link(with, address, review),
            ];
            (
                with.text(
                    "Review of who has access: {number}, {laboratory}",
                    "Przegląd uprawnień {number}: {laboratory}",
                    &fields,
                ),
                lines,
            )
        }
        Matter::AccessReviewOverdue {
            review,
            number,
            undecided,
            due_at,
        } => {
            let fields = [
                ("number", number.as_str()),
                ("count", &undecided.to_string()),
                ("time", &with.time(*due_at)),
            ];
            let lines = vec![
                with.line(
                    "Review {number} of who has access at {laboratory} was to be finished by {time}. Accounts not decided on: {count}.",
                    "Przegląd uprawnień {number} w systemie: {laboratory} miał zostać zakończony do {time}. Konta bez decyzji: {count}.",
                    &fields,
                ),
                review_link(with, address, review),
            ];
            (
                with.text(
                    "Overdue: review of who has access {number}, {laboratory}",
                    "Po terminie: przegląd uprawnień {number}, {laboratory}",
                    &fields,
                ),
                lines,
            )
        }
        Matter::WebhookPaused {
            webhook,
            name,
            cause,
            at,
        } => {
            let fields = [
                ("name", name.as_str()),
                ("cause", cause.label(language)),
                ("time", &with.time(*at)),
            ];
            let lines = vec![
                with.line(
                    "The webhook “{name}” of {laboratory} was paused at {time}: {cause}. The other system is told nothing until somebody \
                     resumes it; what happens meanwhile is not sent later.",
                    "Webhook „{name}” w systemie: {laboratory} został wstrzymany ({time}): {cause}. Drugi system nie dostaje wiadomości, \
                     dopóki ktoś go nie wznowi; zdarzenia z tego czasu nie zostaną dosłane.",
                    &fields,
                ),
                Line::Link(
                    language.pick("Open the webhook", "Otwórz webhook"),
                    format!("{address}/webhooks/{webhook}"),
                ),
            ];
            (
                with.text(
                    "Webhook paused: {name}, {laboratory}",
                    "Wstrzymany webhook {name}: {laboratory}",
                    &fields,
                ),
                lines,
            )
        }
        Matter::SupportInvited { by, until, reason } => {
            let fields = [("by", by.as_str()), ("time", &with.time(*until)), ("reason", reason)];
            let lines = vec![
                with.line(
                    "{by} invites you to help, until {time}. Sign in to the platform and enter under “Support access”.",
                    "{by} prosi o pomoc i zaprasza do {time}. Zaloguj się do platformy i wejdź przez „Dostęp wsparcia”.",
                    &fields,
                ),
                with.line("What for: {reason}", "W jakim celu: {reason}", &fields),
            ];
            (with.text("Invitation: {by}", "Zaproszenie: {by}", &fields), lines)
        }
        Matter::SupportEntered {
            operator,
            until,
            reason,
        } => {
            let fields = [
                ("operator", operator.as_str()),
                ("time", &with.time(*until)),
                ("reason", reason),
            ];
            let lines = vec![
                with.line(
                    "{operator} of the platform's support entered {laboratory} on your laboratory's invitation. The access ends by itself at {time}.                      Everything done is in the audit trail.",
                    "{operator} ze wsparcia platformy działa w systemie: {laboratory} na zaproszenie laboratorium. Dostęp wygaśnie sam: {time}.                      Wszystkie czynności zapisuje ślad audytowy.",
                    &fields,
                ),
                with.line("What for: {reason}", "W jakim celu: {reason}", &fields),
                with.line(
                    "An administrator can end it at any moment under “Support access”.",
                    "Administrator może zakończyć dostęp w każdej chwili: „Dostęp wsparcia”.",
                    &[],
                ),
            ];
            (
                with.text(
                    "Support has entered: {laboratory}",
                    "Wejście wsparcia: {laboratory}",
                    &[],
                ),
                lines,
            )
        }
        Matter::SignInElsewhere { provider } => {
            let fields = [("provider", provider.as_str())];
            let lines = vec![
                with.line(
                    "{laboratory} signs in with “{provider}”: there is no password to choose here. Open the sign-in page and use that button.",
                    "W systemie: {laboratory} logowanie odbywa się przez „{provider}”, więc nie ustawia się tu hasła. Otwórz stronę logowania i użyj tego przycisku.",
                    &fields,
                ),
                Line::Link(
                    language.pick("Sign in", "Zaloguj się"),
                    format!("{address}/sign-in"),
                ),
            ];
            (
                with.text("How to sign in: {laboratory}", "Jak się zalogować: {laboratory}", &[]),
                lines,
            )
        }
        Matter::SignOnLinked { provider, at } => {
            let fields = [("provider", provider.as_str()), ("time", &with.time(*at))];
            let lines = vec![
                with.line(
                    "Your account at {laboratory} was linked with your account at “{provider}” at {time}: somebody signed in there who has \
                     this e-mail address. From now on that sign-in opens it.",
                    "Twoje konto w systemie: {laboratory} połączono z kontem „{provider}” ({time}): zalogowała się tam osoba, która ma \
                     ten adres e-mail. Odtąd tamto logowanie otwiera to konto.",
                    &fields,
                ),
                with.line(
                    "If it was not you, tell your administrator at once.",
                    "Jeśli to nie Ty, od razu zawiadom administratora.",
                    &[],
                ),
            ];
            (
                with.text(
                    "Single sign-on: {laboratory}",
                    "Logowanie jednokrotne: {laboratory}",
                    &[],
                ),
                lines,
            )
        }
        Matter::SecondFactorsRemoved { at } => {
            let lines = vec![
                with.line(
                    "An administrator removed the second factors of your account at {laboratory} at {time}. You were signed out everywhere.",
                    "Administrator usunął drugie składniki logowania Twojego konta w systemie: {laboratory} ({time}). Wszystkie sesje zakończono.",
                    &[("time", &with.time(*at))],
                ),
                not_you(with),
            ];
            (
                with.text(
                    "Second factor removed: {laboratory}",
                    "Usunięto drugi składnik: {laboratory}",
                    &[],
                ),
                lines,
            )
        }
    }
}

fn review_link(with: &Filling<'_>, address: &str, review: &uuid::Uuid) -> Line {
    Line::Link(
        with.language.pick("Open the review", "Otwórz przegląd"),
        format!("{address}/access-reviews/{review}"),
    )
}

fn works_until(with: &Filling<'_>, expires_at: DateTime<Utc>) -> Line {
    with.line(
        "The link works once, until {time}.",
        "Odnośnik działa raz, do {time}.",
        &[("time", &with.time(expires_at))],
    )
}

fn not_you(with: &Filling<'_>) -> Line {
    with.line(
        "If you did not want that, ask for a new password on the sign-in page and tell your administrator at once.",
        "Jeśli to bez Twojej wiedzy, poproś o nowe hasło na stronie logowania i od razu zawiadom administratora.",
        &[],
    )
}
