-- What the laboratory works with: clients, patients, tests, limits.
CREATE TABLE clients (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    code text,
    address text,
    email text,
    phone text,
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    created_by uuid,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CREATE INDEX clients_name ON clients (tenant_id, name_key, id);
CREATE UNIQUE INDEX clients_code ON clients (tenant_id, code);

-- Everything that tells who it is is inside `personal`, encrypted under the subject's key.
CREATE TABLE patients (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    subject_id uuid NOT NULL,
    personal bytea NOT NULL,
    unknown_patient boolean NOT NULL DEFAULT false,
    merged_into uuid,
    created_at timestamptz NOT NULL,
    created_by uuid,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, subject_id) REFERENCES subjects (tenant_id, id),
    FOREIGN KEY (tenant_id, merged_into) REFERENCES patients (tenant_id, id)
);

-- Blind index: keyed fingerprints of normalised names and identifiers.
CREATE TABLE patient_tokens (
    tenant_id uuid NOT NULL,
    token bytea NOT NULL,
    patient_id uuid NOT NULL,
    kind text NOT NULL,
    PRIMARY KEY (tenant_id, token, patient_id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id)
);
CREATE INDEX patient_tokens_patient ON patient_tokens (tenant_id, patient_id);

-- Acts that need a second person: merging patients, relinking samples.
CREATE TABLE dual_requests (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    from_id uuid NOT NULL,
    into_id uuid NOT NULL,
    reason text NOT NULL,
    status text NOT NULL,
    requested_by uuid NOT NULL,
    requested_at timestamptz NOT NULL,
    done_by uuid,
    done_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, requested_by) REFERENCES users (tenant_id, id)
);
CREATE INDEX dual_requests_open ON dual_requests (tenant_id, kind, from_id, into_id, status);

-- Sample types, containers, locations, instruments, tests, panels and specifications.
-- Small, read whole, changed seldom: `body` is the resource's JSON, checked by the program that writes it.
CREATE TABLE catalog_items (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    code text,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    active boolean NOT NULL DEFAULT true,
    body text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CREATE INDEX catalog_items_name ON catalog_items (tenant_id, kind, name_key, id);
CREATE UNIQUE INDEX catalog_items_code ON catalog_items (tenant_id, kind, code);

CREATE TABLE competences (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    test_id uuid NOT NULL,
    valid_from text NOT NULL,
    valid_until text,
    created_at timestamptz NOT NULL,
    created_by uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, test_id) REFERENCES catalog_items (tenant_id, id)
);
CREATE UNIQUE INDEX competences_who ON competences (tenant_id, user_id, test_id, valid_from);
