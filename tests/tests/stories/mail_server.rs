//! Letters on their way through a mail server: over TLS or not at all, and once, however long it was away.

use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use attest_tests::server::free_port;
use attest_tests::smtp::{Smtp, Speaks};
use attest_tests::tls::Pair;
use attest_tests::{Engine, Lab, Server, json, on_both_engines};

/// A laboratory whose letters go to this address, and which trusts this certificate alone.
fn lab(engine: Engine, url: &str, trusted: &str) -> (Lab, PathBuf) {
    let file = std::env::temp_dir().join(format!("{}.pem", uuid::Uuid::new_v4()));
    std::fs::write(&file, trusted).unwrap();
    let settings = [("ATTEST_SMTP_URL", url), ("SSL_CERT_FILE", file.to_str().unwrap())];
    (
        Lab::bootstrap(Server::start_with(engine, &[], &settings), "testing"),
        file,
    )
}

fn ask_for_link(lab: &Lab) {
    let question = json!({"email": lab.administrator.email, "laboratory": lab.slug});
    lab.server
        .anonymous()
        .post("/auth/password-reset", &question)
        .expect(202);
}

#[track_caller]
fn printed(lab: &Lab, text: &str) {
    let deadline = Instant::now() + Duration::from_secs(40);
    while !lab.server.printed().contains(text) {
        assert!(Instant::now() < deadline, "{text:?} was not printed");
        thread::sleep(Duration::from_millis(50));
    }
}

on_both_engines! {
    /// ATT-38 From the first byte, or once the server was asked for it: not a word of a letter is said in the clear.
    fn letters_travel_over_tls(engine) {
        for (speaks, scheme) in [(Speaks::Tls, "smtps"), (Speaks::StartTls, "smtp")] {
            let pair = Pair::new();
            let trusted = pair.pem().to_owned();
            let post = Smtp::start(0, speaks, pair);
            // This machine itself is asked for TLS only when the address says so.
            let wish = if speaks == Speaks::Tls { "" } else { "?tls=required" };
            let (lab, file) = lab(engine, &format!("{scheme}://localhost:{}{wish}", post.port), &trusted);
            ask_for_link(&lab);
            let letter = post.awaited(1).remove(0);
            assert!(letter.raw.contains(&format!("<{}>", lab.administrator.email)), "{}", letter.raw);
            assert!(letter.token().len() > 20);
            if speaks == Speaks::StartTls {
                let said = post.asked_in_the_clear();
                assert!(said.iter().all(|command| command.starts_with("EHLO") || command == "STARTTLS"), "{said:?}");
            }
            std::fs::remove_file(file).unwrap();
        }
    }

    /// ATT-38 A server without TLS, or with a certificate that nobody vouches for, is told nothing.
    fn without_tls_that_is_trusted_nothing_is_said(engine) {
        let plain = Smtp::start(0, Speaks::Plain, Pair::new());
        let (here, file) = lab(engine, &format!("smtp://localhost:{}?tls=required", plain.port), Pair::new().pem());
        ask_for_link(&here);
        let said = plain.asked_in_the_clear();
        printed(&here, "a letter could not be handed over");
        assert!(said.iter().all(|command| command.starts_with("EHLO")) && plain.letters().is_empty(), "{said:?}");
        std::fs::remove_file(file).unwrap();

        let stranger = Smtp::start(0, Speaks::Tls, Pair::new());
        let (here, file) = lab(engine, &format!("smtps://localhost:{}", stranger.port), Pair::new().pem());
        ask_for_link(&here);
        printed(&here, "a letter could not be handed over");
        assert!(stranger.letters().is_empty());
        std::fs::remove_file(file).unwrap();
    }

    /// ATT-08 A mail server that is away is tried again: what waits is sealed meanwhile, arrives once, and is gone afterwards.
    fn letters_wait_for_a_server_that_is_away(engine) {
        let port = free_port();
        let (lab, file) = lab(engine, &format!("smtp://127.0.0.1:{port}"), Pair::new().pem());
        ask_for_link(&lab);
        printed(&lab, "a letter could not be handed over");
        let database = lab.server.database();
        let run = |statement: &str| database.as_owner(&format!("{}{statement}", database.choose_laboratory(&lab.id))).unwrap();
        let loot = database.loot();
        assert!(!loot.windows(15).any(|part| part == b"password#token="), "no link lies in the clear");
        lab.server.restart();

        let post = Smtp::start(port, Speaks::Plain, Pair::new());
        // As if the pause were over.
        run("UPDATE mails SET next_at = '2020-01-01T00:00:00.000000Z' WHERE next_at IS NOT NULL");
        let letter = post.awaited(1).remove(0);
        lab.server.anonymous().post("/auth/password-reset/inspect", &json!({"token": letter.token()})).expect(200);
        lab.server.restart();
        thread::sleep(Duration::from_secs(17));
        assert_eq!(post.letters().len(), 1, "once");
        let left = run("SELECT COUNT(*) FROM mails WHERE sealed IS NOT NULL OR next_at IS NOT NULL");
        assert_eq!(left.lines().last(), Some("0"), "its words are gone");
        std::fs::remove_file(file).unwrap();
    }
}
