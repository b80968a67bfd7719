//! A stream that waits, but not for ever: the rest of a head must come, and an answer must be taken.

use super::seats::Seat;
use std::cell::Cell;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_rustls::server::TlsStream;

/// Plain or encrypted.
#[derive(Debug)]
pub enum Stream {
    /// As it comes.
    Plain(TcpStream),
    /// TLS.
    Tls(Box<TlsStream<TcpStream>>),
}

/// What the requests of a connection tell its stream. Both live on one worker's thread.
#[derive(Debug, Default)]
pub struct Pulse {
    begun: Cell<u64>,
    under_way: Cell<u32>,
}

/// A request is being answered for as long as this lives.
#[derive(Debug)]
pub struct Beat(Rc<Pulse>);

impl Pulse {
    /// A head has arrived whole.
    pub fn begin(self: &Rc<Self>) -> Beat {
        self.begun.set(self.begun.get().wrapping_add(1));
        self.under_way.set(self.under_way.get().saturating_add(1));
        Beat(Rc::clone(self))
    }
}

impl Drop for Beat {
    fn drop(&mut self) {
        self.0.under_way.set(self.0.under_way.get().saturating_sub(1));
    }
}

/// See the module.
#[derive(Debug)]
pub struct Patient {
    stream: Stream,
    patience: Duration,
    pulse: Rc<Pulse>,
    /// Bytes came that are no request yet: since when, and after how many requests.
    owed: Option<(Pin<Box<Sleep>>, u64)>,
    /// Bytes are to be sent and the client takes none.
    stuck: Option<Pin<Box<Sleep>>>,
    _seat: Seat,
}

impl Patient {
    /// Gives a client `patience` for each head and for taking what is sent.
    pub fn new(stream: Stream, patience: Duration, seat: Seat) -> Self {
        Self {
            stream,
            patience,
            pulse: Rc::default(),
            owed: None,
            stuck: None,
            _seat: seat,
        }
    }

    /// Where requests of this connection say that they began.
    pub fn pulse(&self) -> Rc<Pulse> {
        Rc::clone(&self.pulse)
    }

    /// Whether the rest of a head is overdue. Wakes the task when it will be.
    fn overdue(&mut self, task: &mut Context<'_>) -> bool {
        let Some((deadline, after)) = &mut self.owed else {
            return false;
        };
        if self.pulse.under_way.get() > 0 || self.pulse.begun.get() != *after {
            self.owed = None;
            return false;
        }
        deadline.as_mut().poll(task).is_ready()
    }

    /// Bytes came while nothing was being answered: they are the beginning of a head, or should be.
    fn received(&mut self, task: &mut Context<'_>) {
        if self.owed.is_none() && self.pulse.under_way.get() == 0 {
            let mut deadline = Box::pin(sleep_until(later(self.patience)));
            // Registers the task; a deadline in the future is never ready at once.
            let _pending = deadline.as_mut().poll(task);
            self.owed = Some((deadline, self.pulse.begun.get()));
        }
    }

    /// The same for sending: progress stops the clock, standing still runs it.
    fn sending<T>(&mut self, task: &mut Context<'_>, sent: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if sent.is_ready() {
            self.stuck = None;
            return sent;
        }
        let patience = self.patience;
        let deadline = self.stuck.get_or_insert_with(|| Box::pin(sleep_until(later(patience))));
        match deadline.as_mut().poll(task) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

fn later(patience: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(patience).unwrap_or(now)
}

impl AsyncRead for Patient {
    fn poll_read(mut self: Pin<&mut Self>, task: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = match &mut self.stream {
            Stream::Plain(tcp) => Pin::new(tcp).poll_read(task, buffer),
            Stream::Tls(tls) => Pin::new(tls.as_mut()).poll_read(task, buffer),
        };
        if self.overdue(task) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        if matches!(read, Poll::Ready(Ok(()))) && buffer.filled().len() > before {
            self.received(task);
        }
        read
    }
}

impl AsyncWrite for Patient {
    fn poll_write(mut self: Pin<&mut Self>, task: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let sent = match &mut self.stream {
            Stream::Plain(tcp) => Pin::new(tcp).poll_write(task, bytes),
            Stream::Tls(tls) => Pin::new(tls.as_mut()).poll_write(task, bytes),
        };
        self.sending(task, sent)
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = match &mut self.stream {
            Stream::Plain(tcp) => Pin::new(tcp).poll_flush(task),
            Stream::Tls(tls) => Pin::new(tls.as_mut()).poll_flush(task),
        };
        match flushed {
            // Nothing left to send says nothing about whether the client takes it.
            Poll::Ready(done) => Poll::Ready(done),
            Poll::Pending => self.sending(task, Poll::Pending),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        let closed = match &mut self.stream {
            Stream::Plain(tcp) => Pin::new(tcp).poll_shutdown(task),
            Stream::Tls(tls) => Pin::new(tls.as_mut()).poll_shutdown(task),
        };
        self.sending(task, closed)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::door::seats::Seats;
    use std::sync::Arc;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    async fn pair(patience: u64) -> (TcpStream, Patient) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (server, peer) = listener.accept().await.unwrap();
        let seat = Arc::new(Seats::new(&Config::default())).take(peer.ip()).unwrap();
        (
            client,
            Patient::new(Stream::Plain(server), Duration::from_millis(patience), seat),
        )
    }

    #[tokio::test]
    async fn half_a_head_is_not_waited_for_on_a_used_connection_att_31() {
        let (mut client, mut server) = pair(100).await;
        let pulse = server.pulse();
        let mut buffer = [0; 64];
        for _ in 0..3 {
            client.write_all(b"whole head").await.unwrap();
            assert_eq!(server.read(&mut buffer).await.unwrap(), 10);
            drop(pulse.begin());
            // Idle for longer than a head may take: that is keep-alive's business.
            let idle = tokio::time::timeout(Duration::from_millis(150), server.read(&mut buffer)).await;
            assert!(idle.is_err(), "{idle:?}");
        }
        let begun = std::time::Instant::now();
        client.write_all(b"half").await.unwrap();
        assert_eq!(server.read(&mut buffer).await.unwrap(), 4);
        // A byte now and then does not buy more time.
        let dripping = tokio::spawn(async move {
            for _ in 0..20 {
                tokio::time::sleep(Duration::from_millis(20)).await;
                if client.write_all(b"x").await.is_err() {
                    break;
                }
            }
        });
        let error = loop {
            if let Err(error) = server.read(&mut buffer).await {
                break error;
            }
        };
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(begun.elapsed() < Duration::from_millis(300), "{:?}", begun.elapsed());
        dripping.abort();
    }

    #[tokio::test]
    async fn an_answer_that_nobody_takes_is_given_up_att_31() {
        let (_client, mut server) = pair(100).await;
        let bytes = vec![0; 1 << 20];
        let error = loop {
            if let Err(error) = server.write(&bytes).await {
                break error;
            }
        };
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
