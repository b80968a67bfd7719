-- Single sign-on by OpenID Connect, of each laboratory with the provider it trusts.
CREATE TABLE sign_on_providers (
    tenant_id BLOB NOT NULL,
    name TEXT NOT NULL,
    issuer TEXT NOT NULL,
    client_id TEXT NOT NULL,
    -- Sealed under a key outside the database; none for a public client.
    client_secret BLOB,
    -- What is asked for, who is let in and with which roles, as JSON.
    rules TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    updated_by BLOB,
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id),
    FOREIGN KEY (tenant_id, updated_by) REFERENCES users (tenant_id, id)
) STRICT, WITHOUT ROWID;

-- Who somebody is at a provider: its own name for them, which never changes, unlike an e-mail address.
CREATE TABLE sign_on_identities (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    created_at TEXT NOT NULL,
    last_used_at TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sign_on_identities_subject ON sign_on_identities (tenant_id, issuer, subject);
CREATE UNIQUE INDEX sign_on_identities_user ON sign_on_identities (tenant_id, user_id, issuer);

-- Who was sent to the provider and is not back yet: ten minutes, one use, one browser. `session_id` where somebody who is
-- signed in proves once more who they are.
CREATE TABLE sign_on_attempts (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('login', 'step_up', 'signature')),
    state_hash BLOB NOT NULL,
    browser_hash BLOB NOT NULL,
    sealed BLOB NOT NULL,
    session_id BLOB,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, session_id) REFERENCES sessions (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_on_attempts_expiry ON sign_on_attempts (tenant_id, expires_at);

-- Somebody proved at the provider who they are, for one electronic signature that is yet to come.
CREATE TABLE sign_on_proofs (
    tenant_id BLOB NOT NULL,
    session_id BLOB NOT NULL,
    several_factors INTEGER NOT NULL,
    expires_at TEXT NOT NULL,
    PRIMARY KEY (tenant_id, session_id),
    FOREIGN KEY (tenant_id, session_id) REFERENCES sessions (tenant_id, id)
) STRICT, WITHOUT ROWID;

-- The login was the provider's word, not a password.
ALTER TABLE sessions ADD COLUMN signed_on INTEGER NOT NULL DEFAULT 0;
ALTER TABLE factor_challenges ADD COLUMN signed_on INTEGER NOT NULL DEFAULT 0;
