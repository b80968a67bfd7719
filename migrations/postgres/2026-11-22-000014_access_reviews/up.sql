-- The regular review of who has access (ISO/IEC 17025:2017, 7.11; ISO 15189:2022, 7.6.3): the accounts as they were when it was
-- opened, what was decided on each, and the signed record. One is open at a time.
CREATE TABLE access_reviews (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    number bigint NOT NULL,
    status text NOT NULL CHECK (status IN ('open', 'finished')),
    -- Null when it was opened because it was due.
    opened_by uuid,
    reason text,
    period_from timestamptz NOT NULL,
    opened_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    unused_after_days bigint NOT NULL,
    -- When it was told that it is overdue.
    overdue_at timestamptz,
    finished_at timestamptz,
    finished_by uuid,
    document_sha256 text,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, opened_by) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, finished_by) REFERENCES users (tenant_id, id)
);
CREATE UNIQUE INDEX access_reviews_number ON access_reviews (tenant_id, number);
CREATE UNIQUE INDEX access_reviews_open ON access_reviews (tenant_id) WHERE status = 'open';

CREATE TABLE access_review_items (
    tenant_id uuid NOT NULL,
    review_id uuid NOT NULL,
    user_id uuid NOT NULL,
    place bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('person', 'service')),
    -- The account when the review was opened, as JSON.
    account text NOT NULL,
    proposal text NOT NULL CHECK (proposal IN ('keep', 'deactivate')),
    ground text NOT NULL,
    decision text CHECK (decision IN ('keep', 'deactivate')),
    reason text,
    decided_at timestamptz,
    decided_by uuid,
    -- Decided by the person whose access it is: nobody else could.
    own boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, review_id, user_id),
    FOREIGN KEY (tenant_id, review_id) REFERENCES access_reviews (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, decided_by) REFERENCES users (tenant_id, id)
);
CREATE INDEX access_review_items_place ON access_review_items (tenant_id, review_id, place);

-- The signed PDF of a finished review, sealed under a key outside the database.
CREATE TABLE access_review_documents (
    tenant_id uuid NOT NULL,
    review_id uuid NOT NULL,
    bytes bytea NOT NULL,
    sha256 text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, review_id),
    FOREIGN KEY (tenant_id, review_id) REFERENCES access_reviews (tenant_id, id)
);

CREATE TRIGGER access_review_documents_append_only BEFORE UPDATE OR DELETE ON access_review_documents FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_review_documents_no_truncate BEFORE TRUNCATE ON access_review_documents FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE access_reviews ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_reviews FORCE ROW LEVEL SECURITY;
CREATE POLICY own_laboratory ON access_reviews USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
ALTER TABLE access_review_items ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_review_items FORCE ROW LEVEL SECURITY;
CREATE POLICY own_laboratory ON access_review_items USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
ALTER TABLE access_review_documents ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_review_documents FORCE ROW LEVEL SECURITY;
CREATE POLICY own_laboratory ON access_review_documents USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
