-- Files that people attach to an order, a sample or a result (ATT-35): photographs, request forms, an instrument's printout.
CREATE TABLE files (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    -- What it hangs on: exactly one of them.
    order_id BLOB,
    sample_id BLOB,
    result_id BLOB,
    -- The person it tells about, whose key wraps the file's; null where that is the laboratory's.
    subject_id BLOB,
    wrapped_key BLOB NOT NULL,
    -- Name and hash (JSON), under the file's key: a name may tell who somebody is, a hash may be guessed at.
    details BLOB NOT NULL,
    -- Found out from the content, never from what the sender says.
    kind TEXT NOT NULL,
    size INTEGER NOT NULL CHECK (size > 0),
    chunks INTEGER NOT NULL CHECK (chunks > 0),
    shared_with_client INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    created_by BLOB,
    withdrawn_at TEXT,
    withdrawn_by BLOB,
    -- Why, under the file's key.
    withdrawn_reason BLOB,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id),
    FOREIGN KEY (tenant_id, sample_id) REFERENCES samples (tenant_id, id),
    FOREIGN KEY (tenant_id, result_id) REFERENCES results (tenant_id, id),
    FOREIGN KEY (tenant_id, subject_id) REFERENCES subjects (tenant_id, id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, withdrawn_by) REFERENCES users (tenant_id, id),
    CHECK ((order_id IS NOT NULL) + (sample_id IS NOT NULL) + (result_id IS NOT NULL) = 1)
) STRICT, WITHOUT ROWID;
CREATE INDEX files_order ON files (tenant_id, order_id, id) WHERE order_id IS NOT NULL;
CREATE INDEX files_sample ON files (tenant_id, sample_id, id) WHERE sample_id IS NOT NULL;
CREATE INDEX files_result ON files (tenant_id, result_id, id) WHERE result_id IS NOT NULL;
CREATE INDEX files_subject ON files (tenant_id, subject_id) WHERE subject_id IS NOT NULL;

-- The bytes, encrypted chunk by chunk (256 KiB each). Rowids, since rows this large would overflow every page of the key's tree.
CREATE TABLE file_chunks (
    tenant_id BLOB NOT NULL,
    file_id BLOB NOT NULL,
    idx INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (tenant_id, file_id, idx),
    FOREIGN KEY (tenant_id, file_id) REFERENCES files (tenant_id, id)
) STRICT;
CREATE TRIGGER file_chunks_no_replace BEFORE INSERT ON file_chunks
WHEN EXISTS (SELECT 1 FROM file_chunks WHERE tenant_id = NEW.tenant_id AND file_id = NEW.file_id AND idx = NEW.idx)
BEGIN SELECT RAISE(ABORT, 'file_chunks is append-only: REPLACE refused'); END;
CREATE TRIGGER file_chunks_no_update BEFORE UPDATE ON file_chunks
BEGIN SELECT RAISE(ABORT, 'file_chunks is append-only: UPDATE refused'); END;
CREATE TRIGGER file_chunks_no_delete BEFORE DELETE ON file_chunks
BEGIN SELECT RAISE(ABORT, 'file_chunks is append-only: DELETE refused'); END;
