-- Reports, their signed bytes, and the public check.
CREATE TABLE reports (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    number TEXT NOT NULL,
    version_no INTEGER NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    under_correction INTEGER NOT NULL DEFAULT 0,
    language TEXT NOT NULL,
    client_id BLOB,
    patient_id BLOB,
    -- Remarks, opinions and reasons (JSON), and the exact bytes that are signed: under the patient's key where there is one.
    words BLOB NOT NULL,
    content BLOB NOT NULL,
    content_sha256 TEXT NOT NULL,
    authorized_by BLOB,
    authorized_at TEXT,
    meaning TEXT,
    released_by BLOB,
    released_at TEXT,
    amends_id BLOB,
    amended_by_id BLOB,
    verification_code TEXT,
    document_sha256 TEXT,
    created_at TEXT NOT NULL,
    created_by BLOB,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, amends_id) REFERENCES reports (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX reports_number ON reports (tenant_id, number, version_no);
CREATE INDEX reports_status ON reports (tenant_id, status, id);
CREATE INDEX reports_under_correction ON reports (tenant_id, id) WHERE under_correction;
CREATE INDEX reports_client ON reports (tenant_id, client_id, id);
CREATE INDEX reports_patient ON reports (tenant_id, patient_id, id);

CREATE TABLE report_samples (
    tenant_id BLOB NOT NULL,
    report_id BLOB NOT NULL,
    sample_id BLOB NOT NULL,
    PRIMARY KEY (tenant_id, report_id, sample_id),
    FOREIGN KEY (tenant_id, report_id) REFERENCES reports (tenant_id, id),
    FOREIGN KEY (tenant_id, sample_id) REFERENCES samples (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_samples_sample ON report_samples (tenant_id, sample_id, report_id);

-- Append-only: the released bytes, stored once; encrypted under the patient's key where there is a patient.
CREATE TABLE report_documents (
    tenant_id BLOB NOT NULL,
    report_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    bytes BLOB NOT NULL,
    sha256 TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (tenant_id, report_id, kind),
    FOREIGN KEY (tenant_id, report_id) REFERENCES reports (tenant_id, id)
) STRICT;

-- Outside the walls: a code tells which laboratory to ask, and nothing else.
CREATE TABLE public_codes (
    code TEXT NOT NULL PRIMARY KEY,
    tenant_id BLOB NOT NULL,
    report_id BLOB NOT NULL
) STRICT;

CREATE TABLE deliveries (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    report_id BLOB NOT NULL,
    -- To whom, and a note (JSON): under the patient's key where there is one.
    details BLOB NOT NULL,
    channel TEXT NOT NULL,
    at TEXT NOT NULL,
    by_user BLOB,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, report_id) REFERENCES reports (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_report ON deliveries (tenant_id, report_id, id);
