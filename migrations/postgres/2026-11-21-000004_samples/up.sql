-- Orders, samples, results and every version of them.
-- Numbers and references are searched by their beginning: bytes decide, on both engines alike (COLLATE "C").
CREATE TABLE orders (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    number text COLLATE "C" NOT NULL,
    external_id text COLLATE "C",
    source text NOT NULL,
    client_id uuid,
    patient_id uuid,
    requester text,
    priority text NOT NULL,
    decision_rule text,
    status text NOT NULL,
    cancel_reason text,
    created_at timestamptz NOT NULL,
    created_by uuid,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id)
);
CREATE UNIQUE INDEX orders_number ON orders (tenant_id, number);
CREATE UNIQUE INDEX orders_external ON orders (tenant_id, source, external_id);
CREATE INDEX orders_status ON orders (tenant_id, status, id);
CREATE INDEX orders_client ON orders (tenant_id, client_id, id);
CREATE INDEX orders_updated ON orders (tenant_id, updated_at);
CREATE INDEX orders_external_id ON orders (tenant_id, external_id);
CREATE INDEX orders_patient ON orders (tenant_id, patient_id, id);

CREATE TABLE samples (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    accession_number text COLLATE "C" NOT NULL,
    status text NOT NULL,
    order_id uuid,
    client_id uuid,
    patient_id uuid,
    sample_type_id uuid NOT NULL,
    container_id uuid,
    location_id uuid,
    specification_id uuid,
    priority text NOT NULL,
    client_reference text COLLATE "C",
    description text,
    remark text,
    collected_at timestamptz,
    collected_by text,
    collection_place text,
    received_at timestamptz,
    received_by uuid,
    "condition" text,
    condition_note text,
    temperature_c text,
    deviations text,
    closed_reason text,
    pending_count bigint NOT NULL DEFAULT 0,
    entered_count bigint NOT NULL DEFAULT 0,
    verified_count bigint NOT NULL DEFAULT 0,
    cancelled_count bigint NOT NULL DEFAULT 0,
    critical_open bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    created_by uuid,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, sample_type_id) REFERENCES catalog_items (tenant_id, id),
    FOREIGN KEY (tenant_id, container_id) REFERENCES catalog_items (tenant_id, id),
    FOREIGN KEY (tenant_id, location_id) REFERENCES catalog_items (tenant_id, id),
    FOREIGN KEY (tenant_id, specification_id) REFERENCES catalog_items (tenant_id, id)
);
CREATE UNIQUE INDEX samples_accession ON samples (tenant_id, accession_number);
CREATE INDEX samples_status ON samples (tenant_id, status, id);
CREATE INDEX samples_client ON samples (tenant_id, client_id, id);
CREATE INDEX samples_patient ON samples (tenant_id, patient_id, id);
CREATE INDEX samples_received ON samples (tenant_id, received_at, id);
CREATE INDEX samples_reference ON samples (tenant_id, client_reference, id);
CREATE INDEX samples_updated ON samples (tenant_id, updated_at);
CREATE INDEX samples_order ON samples (tenant_id, order_id, id);

CREATE TABLE results (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    sample_id uuid NOT NULL,
    test_id uuid NOT NULL,
    status text NOT NULL,
    position bigint NOT NULL,
    -- The measurement, its judgement and limits as JSON: one value, written once per version, never searched inside.
    body text,
    entered_by uuid,
    entered_at timestamptz,
    verified_by uuid,
    verified_at timestamptz,
    critical boolean NOT NULL DEFAULT false,
    due_at timestamptz,
    created_at timestamptz NOT NULL,
    created_by uuid,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, sample_id) REFERENCES samples (tenant_id, id),
    FOREIGN KEY (tenant_id, test_id) REFERENCES catalog_items (tenant_id, id)
);
CREATE INDEX results_sample ON results (tenant_id, sample_id, position);
CREATE INDEX results_status ON results (tenant_id, status, id);
CREATE INDEX results_test ON results (tenant_id, test_id, status, id);
CREATE INDEX results_updated ON results (tenant_id, updated_at, id);
-- What is promised and not there yet.
CREATE INDEX results_due ON results (tenant_id, due_at) WHERE status IN ('pending', 'entered');

-- Append-only: what a result was, version by version.
CREATE TABLE result_versions (
    tenant_id uuid NOT NULL,
    result_id uuid NOT NULL,
    version bigint NOT NULL,
    action text NOT NULL,
    status text NOT NULL,
    body text,
    reason text,
    at timestamptz NOT NULL,
    by_user uuid,
    PRIMARY KEY (tenant_id, result_id, version),
    FOREIGN KEY (tenant_id, result_id) REFERENCES results (tenant_id, id)
);

CREATE TABLE critical_notices (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    result_id uuid NOT NULL,
    sample_id uuid NOT NULL,
    status text NOT NULL,
    value text NOT NULL,
    attempts text NOT NULL,
    opened_at timestamptz NOT NULL,
    escalated_at timestamptz,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, result_id) REFERENCES results (tenant_id, id),
    FOREIGN KEY (tenant_id, sample_id) REFERENCES samples (tenant_id, id)
);
CREATE INDEX critical_notices_status ON critical_notices (tenant_id, status, id);
CREATE INDEX critical_notices_result ON critical_notices (tenant_id, result_id, id);
