-- What the laboratory works with: clients, patients, tests, limits.
CREATE TABLE clients (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    code TEXT,
    address TEXT,
    email TEXT,
    phone TEXT,
    active INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL,
    created_by BLOB,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX clients_name ON clients (tenant_id, name_key, id);
CREATE UNIQUE INDEX clients_code ON clients (tenant_id, code);

-- Everything that tells who it is is inside `personal`, encrypted under the subject's key.
CREATE TABLE patients (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    subject_id BLOB NOT NULL,
    personal BLOB NOT NULL,
    unknown_patient INTEGER NOT NULL DEFAULT 0,
    merged_into BLOB,
    created_at TEXT NOT NULL,
    created_by BLOB,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, subject_id) REFERENCES subjects (tenant_id, id),
    FOREIGN KEY (tenant_id, merged_into) REFERENCES patients (tenant_id, id)
) STRICT, WITHOUT ROWID;

-- Blind index: keyed fingerprints of normalised names and identifiers.
CREATE TABLE patient_tokens (
    tenant_id BLOB NOT NULL,
    token BLOB NOT NULL,
    patient_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (tenant_id, token, patient_id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX patient_tokens_patient ON patient_tokens (tenant_id, patient_id);

-- Acts that need a second person: merging patients, relinking samples.
CREATE TABLE dual_requests (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    from_id BLOB NOT NULL,
    into_id BLOB NOT NULL,
    reason TEXT NOT NULL,
    status TEXT NOT NULL,
    requested_by BLOB NOT NULL,
    requested_at TEXT NOT NULL,
    done_by BLOB,
    done_at TEXT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, requested_by) REFERENCES users (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX dual_requests_open ON dual_requests (tenant_id, kind, from_id, into_id, status);

-- Sample types, containers, locations, instruments, tests, panels and specifications.
-- Small, read whole, changed seldom: `body` is the resource's JSON, checked by the program that writes it.
CREATE TABLE catalog_items (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    code TEXT,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 1,
    body TEXT NOT NULL,
    created_at TEXT NOT NULL,
    created_by BLOB,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX catalog_items_name ON catalog_items (tenant_id, kind, name_key, id);
CREATE UNIQUE INDEX catalog_items_code ON catalog_items (tenant_id, kind, code);

CREATE TABLE competences (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    test_id BLOB NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT,
    created_at TEXT NOT NULL,
    created_by BLOB,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, test_id) REFERENCES catalog_items (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX competences_who ON competences (tenant_id, user_id, test_id, valid_from);
