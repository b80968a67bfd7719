-- Second factors (ATT-07): authenticator apps, passkeys, recovery codes; which roles ask for one.
ALTER TABLE users ADD COLUMN has_second_factor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE roles ADD COLUMN second_factor INTEGER NOT NULL DEFAULT 0;
UPDATE roles SET second_factor = 1 WHERE slug = 'administrator' OR EXISTS (SELECT 1 FROM role_permissions p
    WHERE p.tenant_id = roles.tenant_id AND p.role_id = roles.id AND p.permission = 'report:authorize');
UPDATE tenants SET settings = json_set(settings, '$.second_factor', 'off') WHERE demonstration = 1;

-- The secret is sealed under a key outside the database. The step of the last code that was taken never goes back.
CREATE TABLE totp_secrets (
    tenant_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'enrolled')),
    sealed BLOB NOT NULL,
    last_step INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    PRIMARY KEY (tenant_id, user_id, state),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE passkeys (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    credential_id BLOB NOT NULL,
    credential TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at TEXT NOT NULL,
    last_used_at TEXT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX passkeys_credential ON passkeys (tenant_id, credential_id);
CREATE INDEX passkeys_user ON passkeys (tenant_id, user_id, id);

-- Only keyed hashes of the codes. A row that was used stays, so that it is known which are left.
CREATE TABLE recovery_codes (
    tenant_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    code_hash BLOB NOT NULL,
    created_at TEXT NOT NULL,
    used_at TEXT,
    PRIMARY KEY (tenant_id, user_id, code_hash),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
) STRICT, WITHOUT ROWID;

-- What was asked of a passkey, until it is answered or five minutes are over; and logins that wait for their second factor.
CREATE TABLE factor_challenges (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('login', 'register', 'confirm')),
    user_id BLOB NOT NULL,
    token_hash BLOB,
    state TEXT,
    expires_at TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id, purpose),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX factor_challenges_user ON factor_challenges (tenant_id, user_id);
