//! The store: opened once, shared by every request.

use crate::access::{AccessCache, Bursts, Floods, PasswordHasher, RelyingParty, TokenVerifier, Uses};
use crate::awake::Awake;
use crate::catalogue::CatalogueCache;
use crate::db::{Backend, DatabaseUrl, OpenError};
use crate::ledger::{Journal, Sequencing};
use crate::patients::Looks;
use crate::tenant::Tenants;
use crate::tx::run_write;
use crate::{Once, Permit, ReadTx, Recorded, Replayable, StoreError, WriteTx, Written};
use attest_keyring::Keyring;
use std::sync::Arc;

/// How to open a store.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the data are.
    pub database: DatabaseUrl,
    /// Reading connections (SQLite).
    pub readers: u32,
    /// Password hashes computed at once at most; each takes 64 MiB (ATT-04).
    pub hashes_at_once: usize,
    /// The origin that browsers see, e.g. `https://lab.example`; passkeys are bound to it.
    pub public_origin: String,
    /// Log origins begin with this name, e.g. `lab.example`.
    pub host_name: String,
    /// This process opens the ledger's sequencer and signer.
    pub sequencer: bool,
}

/// The data room's only face. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) backend: Backend,
    pub(crate) keyring: Arc<Keyring>,
    pub(crate) tokens: TokenVerifier,
    pub(crate) access: AccessCache,
    pub(crate) catalogues: CatalogueCache,
    pub(crate) passwords: PasswordHasher,
    /// Who passkeys answer to.
    pub(crate) relying_party: RelyingParty,
    pub(crate) tenants: Tenants,
    pub(crate) journal: Journal,
    pub(crate) looks: Looks,
    pub(crate) sequencing: Sequencing,
    /// Letters wait.
    pub(crate) post: Awake,
    /// Messages to webhooks wait.
    pub(crate) webhooks: Awake,
    /// Failed logins of the last minute.
    pub(crate) floods: Floods,
    /// Refusals of the last minutes.
    pub(crate) bursts: Bursts,
    /// Uses of tokens written down lately.
    pub(crate) uses: Uses,
    pub(crate) host_name: String,
}

impl Store {
    /// Opens the database and starts the sequencer. The schema must be up to date ([`crate::migrate`]).
    ///
    /// # Errors
    /// When the engine cannot be reached or a key is damaged.
    pub async fn open(settings: Settings, keyring: Arc<Keyring>) -> Result<Self, OpenError> {
        let backend = Backend::open(&settings.database, settings.readers)?;
        let passwords = PasswordHasher::tuned(&keyring, settings.hashes_at_once)
            .await
            .map_err(OpenError::Connect)?;
        let inner = Arc::new(Inner {
            backend,
            tokens: TokenVerifier::new(&keyring),
            access: AccessCache::default(),
            catalogues: CatalogueCache::default(),
            passwords,
            relying_party: RelyingParty::new(&settings.public_origin),
            tenants: Tenants::new(Arc::clone(&keyring)),
            journal: Journal::new(),
            looks: Looks::default(),
            sequencing: Sequencing::default(),
            post: Awake::default(),
            webhooks: Awake::default(),
            floods: Floods::default(),
            bursts: Bursts::default(),
            uses: Uses::default(),
            host_name: settings.host_name,
            keyring,
        });
        let store = Self { inner };
        if settings.sequencer {
            crate::ledger::start(&store.inner);
            crate::ledger::watch(store.clone());
            crate::db::keep_statistics(&store.inner.backend);
        }
        Ok(store)
    }

    /// The keys outside the database.
    pub fn keyring(&self) -> &Keyring {
        &self.inner.keyring
    }

    /// True on PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.inner.backend.is_postgres()
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.inner
            .backend
            .read(None, |db| crate::db::sql("SELECT 1").run(db).map(|_rows| ()))
            .await
    }

    /// Looks: one consistent state of the permit's laboratory.
    ///
    /// # Errors
    /// Those of `look`, and the engine's.
    pub async fn read<P, T, F>(&self, permit: Permit<P>, look: F) -> Result<T, StoreError>
    where
        P: Send + 'static,
        T: Send + 'static,
        F: FnOnce(&mut ReadTx<'_, P>) -> Result<T, StoreError> + Send + 'static,
    {
        let inner = Arc::clone(&self.inner);
        let tenant = permit.scope().tenant.laboratory.id;
        self.inner
            .backend
            .read(Some(tenant), move |db| {
                look(&mut ReadTx::new(&inner, db, permit.scope()))
            })
            .await
    }

    /// Changes: all or nothing, and only together with its audit event. Answers after the data are durable.
    ///
    /// With `once`, a repeated request is not carried out again: what the first one made is handed back (ATT-33).
    ///
    /// # Errors
    /// Those of `change`, of the idempotency check, and the engine's.
    pub async fn write<P, T, F>(
        &self,
        permit: Permit<P>,
        once: Option<Once>,
        change: F,
    ) -> Result<Written<P, T>, StoreError>
    where
        P: Send + 'static,
        T: Replayable + Send + 'static,
        F: FnOnce(&mut WriteTx<'_, P>) -> Result<Recorded<T>, StoreError> + Send + 'static,
    {
        let inner = Arc::clone(&self.inner);
        let tenant = permit.scope().tenant.laboratory.id;
        let scope = Arc::clone(permit.scope());
        // A task of its own: a client that hangs up must not leave it open whether the change happened.
        let task = tokio::spawn(async move {
            let room = Arc::clone(&inner);
            let mut done = inner
                .backend
                .write(Some(tenant), move |db| run_write(&room, db, &scope, once, change))
                .await?;
            for numbers in &mut done.numbers {
                numbers.keep();
                inner.sequencing.wake(numbers.log());
            }
            Ok::<_, StoreError>(done)
        });
        let done = task
            .await
            .map_err(|error| StoreError::broken(format!("a write did not finish: {error}")))??;
        Ok(Written {
            value: done.value,
            replayed: done.replayed,
            event: done.event,
            permit,
        })
    }
}
