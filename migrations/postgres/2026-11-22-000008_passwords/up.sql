-- Passwords over time (ATT-03, ATT-08): those that cannot be chosen again, one-time links, and the mail that carries them.
ALTER TABLE users ADD COLUMN must_change_password boolean NOT NULL DEFAULT false;
-- A demonstration hands out its logins in a file.
UPDATE tenants SET settings = (settings::jsonb || '{"password": {"change_initial": false}}')::text WHERE demonstration;

CREATE TABLE password_history (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    password_hash text NOT NULL,
    replaced_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX password_history_user ON password_history (tenant_id, user_id, id);

-- Links that let somebody choose a password, once. Only the hash is kept.
CREATE TABLE one_time_tokens (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('reset', 'invitation')),
    token_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX one_time_tokens_user ON one_time_tokens (tenant_id, user_id, id);

-- Letters on their way out. The letter is sealed under a key outside the database, and gone once it was handed over.
CREATE TABLE mails (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    matter text NOT NULL,
    sealed bytea,
    created_at timestamptz NOT NULL,
    attempts bigint NOT NULL DEFAULT 0,
    next_at timestamptz,
    sent_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX mails_due ON mails (tenant_id, next_at);

ALTER TABLE password_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE password_history FORCE ROW LEVEL SECURITY;
CREATE POLICY own_laboratory ON password_history USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
ALTER TABLE one_time_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE one_time_tokens FORCE ROW LEVEL SECURITY;
CREATE POLICY own_laboratory ON one_time_tokens USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
ALTER TABLE mails ENABLE ROW LEVEL SECURITY;
ALTER TABLE mails FORCE ROW LEVEL SECURITY;
CREATE POLICY own_laboratory ON mails USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
