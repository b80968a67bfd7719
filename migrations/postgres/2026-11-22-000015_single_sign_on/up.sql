-- Single sign-on by OpenID Connect, of each laboratory with the provider it trusts.
CREATE TABLE sign_on_providers (
    tenant_id uuid NOT NULL,
    name text NOT NULL,
    issuer text NOT NULL,
    client_id text NOT NULL,
    -- Sealed under a key outside the database; none for a public client.
    client_secret bytea,
    -- What is asked for, who is let in and with which roles, as JSON.
    rules text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id),
    FOREIGN KEY (tenant_id, updated_by) REFERENCES users (tenant_id, id)
);

-- Who somebody is at a provider: its own name for them, which never changes, unlike an e-mail address.
CREATE TABLE sign_on_identities (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    issuer text NOT NULL,
    subject text NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE UNIQUE INDEX sign_on_identities_subject ON sign_on_identities (tenant_id, issuer, subject);
CREATE UNIQUE INDEX sign_on_identities_user ON sign_on_identities (tenant_id, user_id, issuer);

-- Who was sent to the provider and is not back yet: ten minutes, one use, one browser. `session_id` where somebody who is
-- signed in proves once more who they are.
CREATE TABLE sign_on_attempts (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('login', 'step_up', 'signature')),
    state_hash bytea NOT NULL,
    browser_hash bytea NOT NULL,
    sealed bytea NOT NULL,
    session_id uuid,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, session_id) REFERENCES sessions (tenant_id, id)
);
CREATE INDEX sign_on_attempts_expiry ON sign_on_attempts (tenant_id, expires_at);

-- Somebody proved at the provider who they are, for one electronic signature that is yet to come.
CREATE TABLE sign_on_proofs (
    tenant_id uuid NOT NULL,
    session_id uuid NOT NULL,
    several_factors boolean NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, session_id),
    FOREIGN KEY (tenant_id, session_id) REFERENCES sessions (tenant_id, id)
);

-- The login was the provider's word, not a password.
ALTER TABLE sessions ADD COLUMN signed_on boolean NOT NULL DEFAULT false;
ALTER TABLE factor_challenges ADD COLUMN signed_on boolean NOT NULL DEFAULT false;

ALTER TABLE sign_on_providers ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_on_providers FORCE ROW LEVEL SECURITY;
CREATE POLICY own_laboratory ON sign_on_providers USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
ALTER TABLE sign_on_identities ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_on_identities FORCE ROW LEVEL SECURITY;
CREATE POLICY own_laboratory ON sign_on_identities USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
ALTER TABLE sign_on_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_on_attempts FORCE ROW LEVEL SECURITY;
CREATE POLICY own_laboratory ON sign_on_attempts USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
ALTER TABLE sign_on_proofs ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_on_proofs FORCE ROW LEVEL SECURITY;
CREATE POLICY own_laboratory ON sign_on_proofs USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
