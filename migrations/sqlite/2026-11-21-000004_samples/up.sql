-- Orders, samples, results and every version of them.
CREATE TABLE orders (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    number TEXT NOT NULL,
    external_id TEXT,
    source TEXT NOT NULL,
    client_id BLOB,
    patient_id BLOB,
    requester TEXT,
    priority TEXT NOT NULL,
    decision_rule TEXT,
    status TEXT NOT NULL,
    cancel_reason TEXT,
    created_at TEXT NOT NULL,
    created_by BLOB,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX orders_number ON orders (tenant_id, number);
CREATE UNIQUE INDEX orders_external ON orders (tenant_id, source, external_id);
CREATE INDEX orders_status ON orders (tenant_id, status, id);
CREATE INDEX orders_client ON orders (tenant_id, client_id, id);
CREATE INDEX orders_updated ON orders (tenant_id, updated_at);
CREATE INDEX orders_external_id ON orders (tenant_id, external_id);
CREATE INDEX orders_patient ON orders (tenant_id, patient_id, id);

CREATE TABLE samples (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    accession_number TEXT NOT NULL,
    status TEXT NOT NULL,
    order_id BLOB,
    client_id BLOB,
    patient_id BLOB,
    sample_type_id BLOB NOT NULL,
    container_id BLOB,
    location_id BLOB,
    specification_id BLOB,
    priority TEXT NOT NULL,
    client_reference TEXT,
    description TEXT,
    remark TEXT,
    collected_at TEXT,
    collected_by TEXT,
    collection_place TEXT,
    received_at TEXT,
    received_by BLOB,
    "condition" TEXT,
    condition_note TEXT,
    temperature_c TEXT,
    deviations TEXT,
    closed_reason TEXT,
    pending_count INTEGER NOT NULL DEFAULT 0,
    entered_count INTEGER NOT NULL DEFAULT 0,
    verified_count INTEGER NOT NULL DEFAULT 0,
    cancelled_count INTEGER NOT NULL DEFAULT 0,
    critical_open INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    created_by BLOB,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, sample_type_id) REFERENCES catalog_items (tenant_id, id),
    FOREIGN KEY (tenant_id, container_id) REFERENCES catalog_items (tenant_id, id),
    FOREIGN KEY (tenant_id, location_id) REFERENCES catalog_items (tenant_id, id),
    FOREIGN KEY (tenant_id, specification_id) REFERENCES catalog_items (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX samples_accession ON samples (tenant_id, accession_number);
CREATE INDEX samples_status ON samples (tenant_id, status, id);
CREATE INDEX samples_client ON samples (tenant_id, client_id, id);
CREATE INDEX samples_patient ON samples (tenant_id, patient_id, id);
CREATE INDEX samples_received ON samples (tenant_id, received_at, id);
CREATE INDEX samples_reference ON samples (tenant_id, client_reference, id);
CREATE INDEX samples_updated ON samples (tenant_id, updated_at);
CREATE INDEX samples_order ON samples (tenant_id, order_id, id);

CREATE TABLE results (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    sample_id BLOB NOT NULL,
    test_id BLOB NOT NULL,
    status TEXT NOT NULL,
    position INTEGER NOT NULL,
    -- The measurement, its judgement and limits as JSON: one value, written once per version, never searched inside.
    body TEXT,
    entered_by BLOB,
    entered_at TEXT,
    verified_by BLOB,
    verified_at TEXT,
    critical INTEGER NOT NULL DEFAULT 0,
    due_at TEXT,
    created_at TEXT NOT NULL,
    created_by BLOB,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, sample_id) REFERENCES samples (tenant_id, id),
    FOREIGN KEY (tenant_id, test_id) REFERENCES catalog_items (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX results_sample ON results (tenant_id, sample_id, position);
CREATE INDEX results_status ON results (tenant_id, status, id);
CREATE INDEX results_test ON results (tenant_id, test_id, status, id);
CREATE INDEX results_updated ON results (tenant_id, updated_at, id);
-- What is promised and not there yet.
CREATE INDEX results_due ON results (tenant_id, due_at) WHERE status IN ('pending', 'entered');

-- Append-only: what a result was, version by version.
CREATE TABLE result_versions (
    tenant_id BLOB NOT NULL,
    result_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    action TEXT NOT NULL,
    status TEXT NOT NULL,
    body TEXT,
    reason TEXT,
    at TEXT NOT NULL,
    by_user BLOB,
    PRIMARY KEY (tenant_id, result_id, version),
    FOREIGN KEY (tenant_id, result_id) REFERENCES results (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE critical_notices (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    result_id BLOB NOT NULL,
    sample_id BLOB NOT NULL,
    status TEXT NOT NULL,
    value TEXT NOT NULL,
    attempts TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    escalated_at TEXT,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, result_id) REFERENCES results (tenant_id, id),
    FOREIGN KEY (tenant_id, sample_id) REFERENCES samples (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX critical_notices_status ON critical_notices (tenant_id, status, id);
CREATE INDEX critical_notices_result ON critical_notices (tenant_id, result_id, id);
