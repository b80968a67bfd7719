-- The regular review of who has access (ISO/IEC 17025:2017, 7.11; ISO 15189:2022, 7.6.3): the accounts as they were when it was
-- opened, what was decided on each, and the signed record. One is open at a time.
CREATE TABLE access_reviews (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    number INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'finished')),
    -- Null when it was opened because it was due.
    opened_by BLOB,
    reason TEXT,
    period_from TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    due_at TEXT NOT NULL,
    unused_after_days INTEGER NOT NULL,
    -- When it was told that it is overdue.
    overdue_at TEXT,
    finished_at TEXT,
    finished_by BLOB,
    document_sha256 TEXT,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, opened_by) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, finished_by) REFERENCES users (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX access_reviews_number ON access_reviews (tenant_id, number);
CREATE UNIQUE INDEX access_reviews_open ON access_reviews (tenant_id) WHERE status = 'open';

CREATE TABLE access_review_items (
    tenant_id BLOB NOT NULL,
    review_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    place INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'service')),
    -- The account when the review was opened, as JSON.
    account TEXT NOT NULL,
    proposal TEXT NOT NULL CHECK (proposal IN ('keep', 'deactivate')),
    ground TEXT NOT NULL,
    decision TEXT CHECK (decision IN ('keep', 'deactivate')),
    reason TEXT,
    decided_at TEXT,
    decided_by BLOB,
    -- Decided by the person whose access it is: nobody else could.
    own INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, review_id, user_id),
    FOREIGN KEY (tenant_id, review_id) REFERENCES access_reviews (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, decided_by) REFERENCES users (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX access_review_items_place ON access_review_items (tenant_id, review_id, place);

-- The signed PDF of a finished review, sealed under a key outside the database.
CREATE TABLE access_review_documents (
    tenant_id BLOB NOT NULL,
    review_id BLOB NOT NULL,
    bytes BLOB NOT NULL,
    sha256 TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (tenant_id, review_id),
    FOREIGN KEY (tenant_id, review_id) REFERENCES access_reviews (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER access_review_documents_no_replace BEFORE INSERT ON access_review_documents
WHEN EXISTS (SELECT 1 FROM access_review_documents WHERE tenant_id = NEW.tenant_id AND review_id = NEW.review_id)
BEGIN SELECT RAISE(ABORT, 'access_review_documents is append-only: REPLACE refused'); END;
CREATE TRIGGER access_review_documents_no_update BEFORE UPDATE ON access_review_documents
BEGIN SELECT RAISE(ABORT, 'access_review_documents is append-only: UPDATE refused'); END;
CREATE TRIGGER access_review_documents_no_delete BEFORE DELETE ON access_review_documents
BEGIN SELECT RAISE(ABORT, 'access_review_documents is append-only: DELETE refused'); END;
