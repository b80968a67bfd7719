//! Takes letters out of the outbox and hands them over, again and again until the mail server takes them.

use super::words::Words;
use crate::config::Config;
use crate::rounds::Rounds;
use attest_store::{Letter, MailDue, Store};
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, MultiPart, SinglePart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::error::Error;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

type Failed = Box<dyn Error + Send + Sync>;

/// Every laboratory's outbox is looked through this often, for letters of other processes and those to be tried again.
const ROUND: Duration = Duration::from_secs(15);
/// A mail server that takes longer is away.
const PATIENCE: Duration = Duration::from_secs(30);

/// Hands letters over.
pub struct Postman {
    store: Store,
    way: Way,
    from: Mailbox,
    /// The address people see, for links.
    address: String,
    host_name: String,
}

enum Way {
    Server(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

impl Postman {
    /// As configured.
    ///
    /// # Errors
    /// When the mail server's or the sender's address is none.
    pub fn new(config: &Config, store: &Store) -> Result<Self, Failed> {
        let way = match &config.smtp_url {
            Some(url) => {
                let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(&careful(url.reveal()))
                    // The error would repeat the address, and the password in it.
                    .map_err(|_error| "smtp_url must be like smtps://user:password@mail.example:465")?;
                Way::Server(server.timeout(Some(PATIENCE)).build())
            }
            None => {
                let folder = config.data_dir.join("mail");
                tracing::warn!(folder = %folder.display(), "no smtp_url is set: mail is put into a folder and sent to nobody");
                Way::Folder(folder)
            }
        };
        let from = config.mail_from();
        Ok(Self {
            store: store.clone(),
            way,
            from: from
                .parse()
                .map_err(|error| format!("mail_from must be like Attest <lims@lab.example>, not {from:?}: {error}"))?,
            address: config.public_url(),
            host_name: config.host_name.clone(),
        })
    }

    /// Walks in the background from now on.
    pub fn start(self) {
        tokio::spawn(async move {
            let mut rounds = Rounds::new(&self.store, ROUND);
            loop {
                for laboratory in rounds.turn(|at_most| self.store.mail_awaited(at_most)).await {
                    self.empty(laboratory).await;
                }
            }
        });
    }

    /// Hands over what is due in one laboratory's outbox. What fails is due again after a pause.
    async fn empty(&self, laboratory: uuid::Uuid) {
        loop {
            let mail = match self.store.mail_take(laboratory).await {
                Ok(Some(mail)) => mail,
                Ok(None) => return,
                Err(error) => {
                    tracing::error!(%error, "an outbox could not be opened");
                    return;
                }
            };
            match self.hand_over(&mail).await {
                Ok(()) => {
                    if let Err(error) = self.store.mail_sent(&mail).await {
                        tracing::error!(%error, mail = %mail.id, "a letter was sent, and will be once more");
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, mail = %mail.id, matter = ?mail.letter, "a letter could not be handed over; it is tried again")
                }
            }
        }
    }

    async fn hand_over(&self, mail: &MailDue) -> Result<(), Failed> {
        let message = self.message(mail)?;
        match &self.way {
            Way::Server(server) => server.send(message).await.map(|_taken| ()).map_err(Failed::from),
            Way::Folder(folder) => {
                let file = folder.join(format!(
                    "{}-{}.eml",
                    chrono::Utc::now().format("%Y%m%dT%H%M%S%.3f"),
                    mail.id
                ));
                let (folder, bytes) = (folder.clone(), message.formatted());
                tokio::task::spawn_blocking(move || put(&folder, &file, &bytes)).await??;
                Ok(())
            }
        }
    }

    fn message(&self, mail: &MailDue) -> Result<Message, Failed> {
        let letter: &Letter = &mail.letter;
        let words = Words::of(letter, &self.address);
        let part = |kind: ContentType, text: String| -> Result<SinglePart, Failed> {
            let body = Body::new_with_encoding(text, ContentTransferEncoding::QuotedPrintable)
                .map_err(|_text| "a letter cannot be encoded")?;
            Ok(SinglePart::builder().header(kind).body(body))
        };
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(Some(letter.name.clone()), letter.to.parse()?))
            .subject(words.subject())
            .message_id(Some(format!("<{}@{}>", mail.id, self.host_name)))
            .date_now()
            .multipart(
                MultiPart::alternative()
                    .singlepart(part(ContentType::TEXT_PLAIN, words.plain())?)
                    .singlepart(part(ContentType::TEXT_HTML, words.html())?),
            )?;
        // RFC 3834: holiday answers are not wanted.
        message.headers_mut().insert_raw(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ));
        Ok(message)
    }
}

/// Asks for TLS where the address does not say: letters carry links. On this machine itself there is nobody in between.
fn careful(url: &str) -> String {
    let plain = url.starts_with("smtp://") && !url.contains("tls=");
    let host = url.rsplit('@').next().unwrap_or_default().trim_start_matches("smtp://");
    let here = ["localhost", "127.0.0.1", "[::1]"].iter().any(|name| {
        host.split(['/', '?'])
            .next()
            .is_some_and(|host| host == *name || host.starts_with(&format!("{name}:")))
    });
    match (plain && !here, url.contains('?')) {
        (true, false) => format!("{url}?tls=required"),
        (true, true) => format!("{url}&tls=required"),
        (false, _) => url.to_owned(),
    }
}

/// Whole or not at all, and for this program's user alone: the letter may hold a link.
fn put(folder: &Path, file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let partial = file.with_extension("new");
    let mut out = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&partial)?;
    out.write_all(bytes)?;
    out.sync_all()?;
    std::fs::rename(&partial, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_elsewhere_is_asked_for_tls() {
        assert_eq!(
            careful("smtp://u:p@mail.example:587"),
            "smtp://u:p@mail.example:587?tls=required"
        );
        assert_eq!(
            careful("smtp://mail.example?x=1"),
            "smtp://mail.example?x=1&tls=required"
        );
        for as_it_is in [
            "smtps://u:p@mail.example:465",
            "smtp://127.0.0.1:2525",
            "smtp://localhost",
            "smtp://mail.example?tls=opportunistic",
        ] {
            assert_eq!(careful(as_it_is), as_it_is);
        }
        assert_eq!(
            careful("smtp://localhost.evil.example"),
            "smtp://localhost.evil.example?tls=required"
        );
    }
}
