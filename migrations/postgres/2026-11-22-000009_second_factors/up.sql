-- Second factors (ATT-07): authenticator apps, passkeys, recovery codes; which roles ask for one.
ALTER TABLE users ADD COLUMN has_second_factor boolean NOT NULL DEFAULT false;
ALTER TABLE roles ADD COLUMN second_factor boolean NOT NULL DEFAULT false;
-- The walls hold for the owner too; this step is for every laboratory.
ALTER TABLE roles NO FORCE ROW LEVEL SECURITY;
ALTER TABLE role_permissions NO FORCE ROW LEVEL SECURITY;
UPDATE roles SET second_factor = true WHERE slug = 'administrator' OR EXISTS (SELECT 1 FROM role_permissions p
    WHERE p.tenant_id = roles.tenant_id AND p.role_id = roles.id AND p.permission = 'report:authorize');
ALTER TABLE roles FORCE ROW LEVEL SECURITY;
ALTER TABLE role_permissions FORCE ROW LEVEL SECURITY;
UPDATE tenants SET settings = (settings::jsonb || '{"second_factor": "off"}')::text WHERE demonstration;

-- The secret is sealed under a key outside the database. The step of the last code that was taken never goes back.
CREATE TABLE totp_secrets (
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('pending', 'enrolled')),
    sealed bytea NOT NULL,
    last_step bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id, state),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);

CREATE TABLE passkeys (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    credential_id bytea NOT NULL,
    credential text NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE UNIQUE INDEX passkeys_credential ON passkeys (tenant_id, credential_id);
CREATE INDEX passkeys_user ON passkeys (tenant_id, user_id, id);

-- Only keyed hashes of the codes. A row that was used stays, so that it is known which are left.
CREATE TABLE recovery_codes (
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    code_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (tenant_id, user_id, code_hash),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);

-- What was asked of a passkey, until it is answered or five minutes are over; and logins that wait for their second factor.
CREATE TABLE factor_challenges (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('login', 'register', 'confirm')),
    user_id uuid NOT NULL,
    token_hash bytea,
    state text,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id, purpose),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX factor_challenges_user ON factor_challenges (tenant_id, user_id);

ALTER TABLE totp_secrets ENABLE ROW LEVEL SECURITY;
ALTER TABLE totp_secrets FORCE ROW LEVEL SECURITY;
CREATE POLICY own_laboratory ON totp_secrets USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
ALTER TABLE passkeys ENABLE ROW LEVEL SECURITY;
ALTER TABLE passkeys FORCE ROW LEVEL SECURITY;
CREATE POLICY own_laboratory ON passkeys USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
ALTER TABLE recovery_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE recovery_codes FORCE ROW LEVEL SECURITY;
CREATE POLICY own_laboratory ON recovery_codes USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
ALTER TABLE factor_challenges ENABLE ROW LEVEL SECURITY;
ALTER TABLE factor_challenges FORCE ROW LEVEL SECURITY;
CREATE POLICY own_laboratory ON factor_challenges USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
