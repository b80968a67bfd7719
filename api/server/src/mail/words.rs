//! The words of letters, English and Polish: plain text, and the same as simple HTML.

use attest_domain::Language;
use attest_store::{Letter, Matter};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// A letter in words.
pub struct Words {
    language: Language,
    subject: String,
    lines: Vec<Line>,
}

enum Line {
    Text(String),
    /// What the link does, and where it leads.
    Link(&'static str, String),
}

/// What the letters' texts are filled with.
struct Filling<'a> {
    language: Language,
    laboratory: &'a str,
    zone: Tz,
}

impl Filling<'_> {
    /// The laboratory's time with its offset.
    fn time(&self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.zone)
            .format("%Y-%m-%d %H:%M (UTC%:z)")
            .to_string()
    }

    /// One of two texts with `{laboratory}` and further fields filled.
    fn text(&self, en: &'static str, pl: &'static str, fields: &[(&str, &str)]) -> String {
        let text = self.language.pick(en, pl).replace("{laboratory}", self.laboratory);
        fields
            .iter()
            .fold(text, |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }

    fn line(&self, en: &'static str, pl: &'static str, fields: &[(&str, &str)]) -> Line {
        Line::Text(self.text(en, pl, fields))
    }
}

impl Words {
    /// Puts a letter into words; links lead to `address`, with the token behind `#`, where no server's log gets it.
    pub fn of(letter: &Letter, address: &str) -> Self {
        let with = Filling {
            language: letter.language,
            laboratory: &letter.laboratory,
            zone: letter.timezone.parse().unwrap_or(Tz::UTC),
        };
        let (subject, mut lines) = told(&letter.matter, &with, address);
        lines.insert(
            0,
            with.line("Hello {name},", "Dzień dobry, {name},", &[("name", &letter.name)]),
        );
        lines.push(with.line(
            "This message was written by the information system of {laboratory}. Answers to it are not read.",
            "Wiadomość wysłał system informatyczny: {laboratory}. Odpowiedzi na nią nikt nie czyta.",
            &[],
        ));
        Self {
            language: letter.language,
            subject,
            lines,
        }
    }

    /// The subject, on one line.
    pub fn subject(&self) -> String {
        self.subject.replace(['\r', '\n'], " ")
    }

    /// As plain text.
    pub fn plain(&self) -> String {
        let lines: Vec<String> = self
            .lines
            .iter()
            .map(|line| match line {
                Line::Text(text) => text.clone(),
                Line::Link(does, leads) => format!("{does}:\n{leads}"),
            })
            .collect();
        lines.join("\n\n") + "\n"
    }

    /// As HTML without anything that loads or runs.
    pub fn html(&self) -> String {
        let lines: String = self
            .lines
            .iter()
            .map(|line| match line {
                Line::Text(text) => format!("<p>{}</p>\n", escaped(text)),
                Line::Link(does, leads) => {
                    let leads = escaped(leads);
                    format!("<p>{}:<br><a href=\"{leads}\">{leads}</a></p>\n", escaped(does))
                }
            })
            .collect();
        format!(
            "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head>\n<body>\n{lines}</body></html>\n",
            self.language,
            escaped(&self.subject)
        )
    }
}

/// Subject and text of a matter.
fn told(matter: &Matter, with: &Filling<'_>, address: &str) -> (String, Vec<Line>) {
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

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(language: Language, matter: Matter) -> Letter {
        Letter {
            to: "anna@lab.example".to_owned(),
            name: "Anna <b>Nowak".to_owned(),
            language,
            laboratory: "Wody & Ścieki".to_owned(),
            timezone: "Europe/Warsaw".to_owned(),
            matter,
        }
    }

    #[test]
    fn every_letter_is_complete_in_both_languages() {
        let at = DateTime::UNIX_EPOCH;
        let token = || "att_o_x".to_owned();
        let matters = [
            Matter::Reset {
                token: token(),
                expires_at: at,
                by_administrator: false,
            },
            Matter::Reset {
                token: token(),
                expires_at: at,
                by_administrator: true,
            },
            Matter::Invitation {
                token: token(),
                expires_at: at,
            },
            Matter::PasswordChanged { at },
            Matter::AccountWaits { until: at },
            Matter::AccountOfWaits {
                name: "Jan".to_owned(),
                email: "jan@lab.example".to_owned(),
                until: at,
            },
            Matter::SecondFactorsRemoved { at },
        ];
        for matter in matters {
            let [en, pl] = [Language::En, Language::Pl]
                .map(|language| Words::of(&letter(language, matter.clone()), "https://lab.example"));
            assert_ne!((en.subject(), en.plain()), (pl.subject(), pl.plain()));
            for words in [en, pl] {
                let (plain, html) = (words.plain(), words.html());
                assert!(
                    !plain.contains(['{', '}']) && !html.contains(['{', '}']),
                    "a field is not filled: {plain}"
                );
                assert!(plain.contains("1970-01-01 01:00 (UTC+01:00)"), "{plain}");
                assert!(
                    html.contains("Anna &lt;b&gt;Nowak") && html.contains("Wody &amp; Ścieki"),
                    "{html}"
                );
            }
        }
    }

    #[test]
    fn a_link_carries_its_token_where_no_server_sees_it() {
        let matter = Matter::Invitation {
            token: "att_o_secret".to_owned(),
            expires_at: DateTime::UNIX_EPOCH,
        };
        let words = Words::of(&letter(Language::En, matter), "https://lab.example");
        assert!(
            words
                .plain()
                .contains("\nhttps://lab.example/password#token=att_o_secret\n")
        );
        assert!(
            words
                .html()
                .contains("href=\"https://lab.example/password#token=att_o_secret\"")
        );
    }
}
