//! Letters in words: as plain text, and the same as simple HTML.

use super::matters::told;
use attest_domain::Language;
use attest_store::Letter;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// A letter in words.
pub struct Words {
    language: Language,
    subject: String,
    lines: Vec<Line>,
}

pub(super) enum Line {
    Text(String),
    /// What the link does, and where it leads.
    Link(&'static str, String),
}

/// What the letters' texts are filled with.
pub(super) struct Filling<'a> {
    pub(super) language: Language,
    laboratory: &'a str,
    zone: Tz,
}

impl Filling<'_> {
    /// The laboratory's time with its offset.
    pub(super) fn time(&self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.zone)
            .format("%Y-%m-%d %H:%M (UTC%:z)")
            .to_string()
    }

    /// One of two texts with `{laboratory}` and further fields filled.
    pub(super) fn text(&self, en: &'static str, pl: &'static str, fields: &[(&str, &str)]) -> String {
        let text = self.language.pick(en, pl).replace("{laboratory}", self.laboratory);
        fields
            .iter()
            .fold(text, |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }

    pub(super) fn line(&self, en: &'static str, pl: &'static str, fields: &[(&str, &str)]) -> Line {
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

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use attest_store::Matter;

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
            Matter::ManyRefusals {
                name: "Jan".to_owned(),
                count: 20,
                at,
            },
            Matter::AccessReviewOpened {
                review: uuid::Uuid::nil(),
                number: "AR-3".to_owned(),
                accounts: 12,
                due_at: at,
            },
            Matter::AccessReviewOverdue {
                review: uuid::Uuid::nil(),
                number: "AR-3".to_owned(),
                undecided: 2,
                due_at: at,
            },
            Matter::SupportInvited {
                by: "Riverside".to_owned(),
                until: at,
                reason: "no results".to_owned(),
            },
            Matter::SupportEntered {
                operator: "Olga".to_owned(),
                until: at,
                reason: "no results".to_owned(),
            },
            Matter::SignInElsewhere {
                provider: "Waterworks".to_owned(),
            },
            Matter::SignOnLinked {
                provider: "Waterworks".to_owned(),
                at,
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
                assert!(
                    !plain.contains("1970") || plain.contains("1970-01-01 01:00 (UTC+01:00)"),
                    "{plain}"
                );
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
