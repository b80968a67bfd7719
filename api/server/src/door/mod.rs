//! The way in: sockets, TLS, and patience with slow clients, before there is a request.
//!
//! actix-web's own `HttpServer` gives a connection that has been used once all the time in the world for the next head
//! (its timer "only applies to first request on connection"), and any client all the time to read an answer. Here the
//! same HTTP service runs over a [`Patient`] stream that ends such connections. HTTP/1.1 only: what has never been served
//! cannot be attacked, and a proxy in front speaks what it likes.

mod certificate;
mod descriptors;
mod patient;
mod seats;

pub use patient::Pulse;

use crate::config::Config;
use actix_http::{HttpService, Request, Response};
use actix_server::Server;
use actix_service::{IntoServiceFactory, Service, ServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::AppConfig;
use certificate::Certificate;
use patient::{Patient, Stream};
use seats::Seats;
use std::error::Error as StdError;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

/// How long a TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Connections that wait to be accepted.
const BACKLOG: i32 = 4_096;

/// What every connection meets.
#[derive(Clone)]
struct Porter {
    tls: Option<TlsAcceptor>,
    seats: Arc<Seats>,
    patience: Duration,
}

impl Porter {
    /// A stream to speak HTTP over. A stranger with too many connections is hung up on, and so is a handshake that takes
    /// too long: there is nobody to explain it to yet.
    async fn admit(self, tcp: TcpStream) -> io::Result<(Patient, Option<SocketAddr>)> {
        let peer = tcp.peer_addr()?;
        let seat = self
            .seats
            .take(peer.ip())
            .ok_or_else(|| io::Error::other("too many connections from this address"))?;
        tcp.set_nodelay(true)?;
        let stream = match &self.tls {
            None => Stream::Plain(tcp),
            Some(acceptor) => {
                let accepted = tokio::time::timeout(HANDSHAKE, acceptor.accept(tcp)).await;
                Stream::Tls(Box::new(accepted.map_err(|_slow| io::ErrorKind::TimedOut)??))
            }
        };
        Ok((Patient::new(stream, self.patience, seat), Some(peer)))
    }
}

/// Listens and answers with what `make` makes, once for each worker.
///
/// # Errors
/// When the address is taken, or the certificate and its key are not usable.
pub fn open<F, I, S, B>(config: &Config, make: F) -> Result<Server, Box<dyn StdError + Send + Sync>>
where
    F: Fn() -> I + Send + Clone + 'static,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig> + 'static,
    S::Error: Into<Error> + 'static,
    S::InitError: std::fmt::Debug,
    S::Response: Into<Response<B>> + 'static,
    S::Service: 'static,
    <S::Service as Service<Request>>::Future: 'static,
    B: MessageBody + 'static,
{
    let porter = Porter {
        tls: Certificate::of(config)?.map(certificate::acceptor).transpose()?,
        seats: Arc::new(Seats::new(config)),
        patience: Duration::from_secs(config.head_seconds),
    };
    let listener = listener(config.listen).map_err(|error| format!("cannot listen on {}: {error}", config.listen))?;
    let workers = config.workers.clamp(1, 512);
    let connections = descriptors::room_for(config.max_connections);
    let builder = Server::build()
        .workers(workers)
        .max_concurrent_connections(connections.div_ceil(workers).max(1))
        .shutdown_timeout(15);
    let closing = builder.graceful_shutdown_signal();
    let (first_head, idle) = (
        Duration::from_secs(config.head_seconds),
        Duration::from_secs(config.keep_alive_seconds),
    );
    let builder = builder.listen("attest", listener, move || {
        let (porter, closing) = (porter.clone(), closing.clone());
        let answers = make().into_factory().map_err(|error| error.into().error_response());
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let closing = closing.clone();
                async move { closing.notified().await }
            })
            .keep_alive(idle)
            .client_request_timeout(first_head)
            .client_disconnect_timeout(Duration::from_secs(5))
            .on_connect_ext(|stream: &Patient, data| {
                data.insert(stream.pulse());
            })
            .h1(map_config(answers, |()| AppConfig::default()));
        fn_service(move |tcp: TcpStream| {
            let porter = porter.clone();
            async move {
                porter.admit(tcp).await.map_err(|error| {
                    tracing::debug!(%error, "a connection was not admitted");
                })
            }
        })
        .and_then(http.map_err(|error| {
            tracing::debug!(%error, "a connection ended");
        }))
    })?;
    Ok(builder.run())
}

/// A listening socket whose port can be had again at once after a restart.
fn listener(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = socket2::Socket::new(
        socket2::Domain::for_address(address),
        socket2::Type::STREAM,
        Some(socket2::Protocol::TCP),
    )?;
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}
