-- Files that people attach to an order, a sample or a result (ATT-35): photographs, request forms, an instrument's printout.
CREATE TABLE files (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    -- What it hangs on: exactly one of them.
    order_id uuid,
    sample_id uuid,
    result_id uuid,
    -- The person it tells about, whose key wraps the file's; null where that is the laboratory's.
    subject_id uuid,
    wrapped_key bytea NOT NULL,
    -- Name and hash (JSON), under the file's key: a name may tell who somebody is, a hash may be guessed at.
    details bytea NOT NULL,
    -- Found out from the content, never from what the sender says.
    kind text NOT NULL,
    size bigint NOT NULL CHECK (size > 0),
    chunks bigint NOT NULL CHECK (chunks > 0),
    shared_with_client boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    created_by uuid,
    withdrawn_at timestamptz,
    withdrawn_by uuid,
    -- Why, under the file's key.
    withdrawn_reason bytea,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id),
    FOREIGN KEY (tenant_id, sample_id) REFERENCES samples (tenant_id, id),
    FOREIGN KEY (tenant_id, result_id) REFERENCES results (tenant_id, id),
    FOREIGN KEY (tenant_id, subject_id) REFERENCES subjects (tenant_id, id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, withdrawn_by) REFERENCES users (tenant_id, id),
    CHECK (num_nonnulls(order_id, sample_id, result_id) = 1)
);
CREATE INDEX files_order ON files (tenant_id, order_id, id) WHERE order_id IS NOT NULL;
CREATE INDEX files_sample ON files (tenant_id, sample_id, id) WHERE sample_id IS NOT NULL;
CREATE INDEX files_result ON files (tenant_id, result_id, id) WHERE result_id IS NOT NULL;
CREATE INDEX files_subject ON files (tenant_id, subject_id) WHERE subject_id IS NOT NULL;

-- The bytes, encrypted chunk by chunk (256 KiB each).
CREATE TABLE file_chunks (
    tenant_id uuid NOT NULL,
    file_id uuid NOT NULL,
    idx bigint NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (tenant_id, file_id, idx),
    FOREIGN KEY (tenant_id, file_id) REFERENCES files (tenant_id, id)
);
-- What is encrypted does not get smaller: no time is spent on trying.
ALTER TABLE file_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TRIGGER file_chunks_append_only BEFORE UPDATE OR DELETE ON file_chunks FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER file_chunks_no_truncate BEFORE TRUNCATE ON file_chunks FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE files ENABLE ROW LEVEL SECURITY;
ALTER TABLE files FORCE ROW LEVEL SECURITY;
CREATE POLICY own_laboratory ON files USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
ALTER TABLE file_chunks ENABLE ROW LEVEL SECURITY;
ALTER TABLE file_chunks FORCE ROW LEVEL SECURITY;
CREATE POLICY own_laboratory ON file_chunks USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
