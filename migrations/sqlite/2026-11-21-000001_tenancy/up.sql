-- Laboratories, their people, and what they may do.
CREATE TABLE tenants (
    id BLOB NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('testing', 'medical')),
    address TEXT NOT NULL DEFAULT '',
    accreditation_number TEXT,
    contact TEXT,
    timezone TEXT NOT NULL,
    language TEXT NOT NULL,
    log_origin TEXT NOT NULL UNIQUE,
    demonstration INTEGER NOT NULL DEFAULT 0,
    settings TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    -- Grows with every change of the catalogue: what nodes keep of it in memory is valid for one value (it is read in the same transaction).
    catalog_version INTEGER NOT NULL DEFAULT 1
) STRICT;

-- Who can sign in where. Outside every laboratory's wall: a login names an address before it names a laboratory.
CREATE TABLE directory (
    email TEXT NOT NULL,
    tenant_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    PRIMARY KEY (email, tenant_id)
) STRICT;

-- One-time links that create the first laboratory (ATT-09). Only the hash is kept.
CREATE TABLE bootstrap_tokens (
    hash BLOB NOT NULL PRIMARY KEY,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at TEXT
) STRICT;

-- Which node does a background duty. The epoch grows with every change of hands.
CREATE TABLE leases (
    duty TEXT NOT NULL PRIMARY KEY,
    holder BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;

CREATE TABLE users (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    title TEXT,
    language TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 1,
    access_version INTEGER NOT NULL DEFAULT 1,
    failed_logins INTEGER NOT NULL DEFAULT 0,
    locked_until TEXT,
    last_login_at TEXT,
    created_at TEXT NOT NULL,
    created_by BLOB,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX users_email ON users (tenant_id, email);
CREATE INDEX users_name ON users (tenant_id, name_key, id);

CREATE TABLE roles (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    builtin INTEGER NOT NULL,
    editable INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    created_by BLOB,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX roles_slug ON roles (tenant_id, slug);

CREATE TABLE role_permissions (
    tenant_id BLOB NOT NULL,
    role_id BLOB NOT NULL,
    permission TEXT NOT NULL,
    PRIMARY KEY (tenant_id, role_id, permission),
    FOREIGN KEY (tenant_id, role_id) REFERENCES roles (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE user_roles (
    tenant_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    role_id BLOB NOT NULL,
    PRIMARY KEY (tenant_id, user_id, role_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, role_id) REFERENCES roles (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_roles_role ON user_roles (tenant_id, role_id);

-- Single permissions given or denied on top of the roles.
CREATE TABLE user_grants (
    tenant_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    permission TEXT NOT NULL,
    effect TEXT NOT NULL CHECK (effect IN ('allow', 'deny')),
    reason TEXT NOT NULL,
    PRIMARY KEY (tenant_id, user_id, permission),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    cookie INTEGER NOT NULL,
    csrf TEXT NOT NULL,
    refresh_hash BLOB NOT NULL,
    previous_hash BLOB,
    rotated_at TEXT NOT NULL,
    created_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    ended_at TEXT,
    ended_reason TEXT,
    step_up_until TEXT,
    assurance TEXT NOT NULL,
    ip TEXT,
    user_agent TEXT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (tenant_id, user_id, id);

-- What a repeated request is answered from: which resources the first one made, never secrets or bodies (ATT-33).
CREATE TABLE idempotency_keys (
    tenant_id BLOB NOT NULL,
    principal BLOB NOT NULL,
    route TEXT NOT NULL,
    idem_key TEXT NOT NULL,
    request_hash BLOB NOT NULL,
    resources BLOB NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (tenant_id, principal, route, idem_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_age ON idempotency_keys (tenant_id, created_at);

-- Running numbers: accession, order and report numbers, per laboratory and year.
CREATE TABLE counters (
    tenant_id BLOB NOT NULL,
    name TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, name),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
) STRICT, WITHOUT ROWID;
