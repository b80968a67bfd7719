-- Laboratories, their people, and what they may do.
CREATE TABLE tenants (
    id uuid NOT NULL PRIMARY KEY,
    slug text NOT NULL UNIQUE,
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('testing', 'medical')),
    address text NOT NULL DEFAULT '',
    accreditation_number text,
    contact text,
    timezone text NOT NULL,
    language text NOT NULL,
    log_origin text NOT NULL UNIQUE,
    demonstration boolean NOT NULL DEFAULT false,
    settings text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    -- Grows with every change of the catalogue: what nodes keep of it in memory is valid for one value (it is read in the same transaction).
    catalog_version bigint NOT NULL DEFAULT 1
);

-- Who can sign in where. Outside every laboratory's wall: a login names an address before it names a laboratory.
CREATE TABLE directory (
    email text NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    PRIMARY KEY (email, tenant_id)
);

-- One-time links that create the first laboratory (ATT-09). Only the hash is kept.
CREATE TABLE bootstrap_tokens (
    hash bytea NOT NULL PRIMARY KEY,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);

-- Which node does a background duty. The epoch grows with every change of hands.
CREATE TABLE leases (
    duty text NOT NULL PRIMARY KEY,
    holder uuid NOT NULL,
    epoch bigint NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE TABLE users (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    title text,
    language text NOT NULL,
    password_hash text NOT NULL,
    active boolean NOT NULL DEFAULT true,
    access_version bigint NOT NULL DEFAULT 1,
    failed_logins bigint NOT NULL DEFAULT 0,
    locked_until timestamptz,
    last_login_at timestamptz,
    created_at timestamptz NOT NULL,
    created_by uuid,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CREATE UNIQUE INDEX users_email ON users (tenant_id, email);
CREATE INDEX users_name ON users (tenant_id, name_key, id);

CREATE TABLE roles (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    slug text NOT NULL,
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    builtin boolean NOT NULL,
    editable boolean NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CREATE UNIQUE INDEX roles_slug ON roles (tenant_id, slug);

CREATE TABLE role_permissions (
    tenant_id uuid NOT NULL,
    role_id uuid NOT NULL,
    permission text NOT NULL,
    PRIMARY KEY (tenant_id, role_id, permission),
    FOREIGN KEY (tenant_id, role_id) REFERENCES roles (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE user_roles (
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, user_id, role_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, role_id) REFERENCES roles (tenant_id, id)
);
CREATE INDEX user_roles_role ON user_roles (tenant_id, role_id);

-- Single permissions given or denied on top of the roles.
CREATE TABLE user_grants (
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    permission text NOT NULL,
    effect text NOT NULL CHECK (effect IN ('allow', 'deny')),
    reason text NOT NULL,
    PRIMARY KEY (tenant_id, user_id, permission),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);

CREATE TABLE sessions (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    cookie boolean NOT NULL,
    csrf text NOT NULL,
    refresh_hash bytea NOT NULL,
    previous_hash bytea,
    rotated_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_reason text,
    step_up_until timestamptz,
    assurance text NOT NULL,
    ip text,
    user_agent text,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX sessions_user ON sessions (tenant_id, user_id, id);

-- What a repeated request is answered from: which resources the first one made, never secrets or bodies (ATT-33).
CREATE TABLE idempotency_keys (
    tenant_id uuid NOT NULL,
    principal uuid NOT NULL,
    route text NOT NULL,
    idem_key text NOT NULL,
    request_hash bytea NOT NULL,
    resources bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, principal, route, idem_key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (tenant_id, created_at);

-- Running numbers: accession, order and report numbers, per laboratory and year.
CREATE TABLE counters (
    tenant_id uuid NOT NULL,
    name text NOT NULL,
    value bigint NOT NULL,
    PRIMARY KEY (tenant_id, name),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
