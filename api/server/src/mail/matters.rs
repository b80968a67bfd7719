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
