-- Reports, their signed bytes, and the public check.
CREATE TABLE reports (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    number text NOT NULL,
    version_no bigint NOT NULL,
    kind text NOT NULL,
    status text NOT NULL,
    under_correction boolean NOT NULL DEFAULT false,
    language text NOT NULL,
    client_id uuid,
    patient_id uuid,
    -- Remarks, opinions and reasons (JSON), and the exact bytes that are signed: under the patient's key where there is one.
    words bytea NOT NULL,
    content bytea NOT NULL,
    content_sha256 text NOT NULL,
    authorized_by uuid,
    authorized_at timestamptz,
    meaning text,
    released_by uuid,
    released_at timestamptz,
    amends_id uuid,
    amended_by_id uuid,
    verification_code text,
    document_sha256 text,
    created_at timestamptz NOT NULL,
    created_by uuid,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, amends_id) REFERENCES reports (tenant_id, id)
);
CREATE UNIQUE INDEX reports_number ON reports (tenant_id, number, version_no);
CREATE INDEX reports_status ON reports (tenant_id, status, id);
CREATE INDEX reports_under_correction ON reports (tenant_id, id) WHERE under_correction;
CREATE INDEX reports_client ON reports (tenant_id, client_id, id);
CREATE INDEX reports_patient ON reports (tenant_id, patient_id, id);

CREATE TABLE report_samples (
    tenant_id uuid NOT NULL,
    report_id uuid NOT NULL,
    sample_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, report_id, sample_id),
    FOREIGN KEY (tenant_id, report_id) REFERENCES reports (tenant_id, id),
    FOREIGN KEY (tenant_id, sample_id) REFERENCES samples (tenant_id, id)
);
CREATE INDEX report_samples_sample ON report_samples (tenant_id, sample_id, report_id);

-- Append-only: the released bytes, stored once; encrypted under the patient's key where there is a patient.
CREATE TABLE report_documents (
    tenant_id uuid NOT NULL,
    report_id uuid NOT NULL,
    kind text NOT NULL,
    bytes bytea NOT NULL,
    sha256 text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, report_id, kind),
    FOREIGN KEY (tenant_id, report_id) REFERENCES reports (tenant_id, id)
);

-- Outside the walls: a code tells which laboratory to ask, and nothing else.
CREATE TABLE public_codes (
    code text NOT NULL PRIMARY KEY,
    tenant_id uuid NOT NULL,
    report_id uuid NOT NULL
);

CREATE TABLE deliveries (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    report_id uuid NOT NULL,
    -- To whom, and a note (JSON): under the patient's key where there is one.
    details bytea NOT NULL,
    channel text NOT NULL,
    at timestamptz NOT NULL,
    by_user uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, report_id) REFERENCES reports (tenant_id, id)
);
CREATE INDEX deliveries_report ON deliveries (tenant_id, report_id, id);
