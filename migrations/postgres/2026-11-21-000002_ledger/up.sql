-- The audit trail (docs: the ledger). Append-only in the engine itself (ATT-42).
CREATE TABLE audit_events (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    action text NOT NULL,
    object_type text NOT NULL,
    object_id text NOT NULL,
    node uuid NOT NULL,
    seq bigint NOT NULL,
    entry bytea NOT NULL,
    mac bytea NOT NULL,
    mac_key text NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CREATE INDEX audit_events_object ON audit_events (tenant_id, object_id, id);
CREATE INDEX audit_events_actor ON audit_events (tenant_id, actor_id, id);
CREATE INDEX audit_events_action ON audit_events (tenant_id, action, id);

-- Work list of the sequencer: events that have no leaf yet.
CREATE TABLE audit_pending (
    tenant_id uuid NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, event_id),
    FOREIGN KEY (tenant_id, event_id) REFERENCES audit_events (tenant_id, id)
);

CREATE TABLE audit_leaves (
    tenant_id uuid NOT NULL,
    idx bigint NOT NULL,
    event_id uuid NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (tenant_id, idx),
    FOREIGN KEY (tenant_id, event_id) REFERENCES audit_events (tenant_id, id)
);
CREATE UNIQUE INDEX audit_leaves_event ON audit_leaves (tenant_id, event_id);

-- Roots of complete subtrees of 256, 65,536, … leaves (level 8, 16, …): one row where the tree has hundreds of nodes.
CREATE TABLE audit_subtrees (
    tenant_id uuid NOT NULL,
    level bigint NOT NULL,
    idx bigint NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (tenant_id, level, idx),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);

CREATE TABLE audit_checkpoints (
    tenant_id uuid NOT NULL,
    size bigint NOT NULL,
    root bytea NOT NULL,
    at timestamptz NOT NULL,
    note text NOT NULL,
    PRIMARY KEY (tenant_id, size),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);

-- Events whose mac did not fit or whose id came twice: never sequenced, never forgotten.
CREATE TABLE audit_quarantine (
    tenant_id uuid NOT NULL,
    event_id uuid NOT NULL,
    why text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, event_id)
);

-- Keys of persons, wrapped; destroying the row's key erases everything sealed under it (ATT-43).
CREATE TABLE subjects (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    wrapped_key bytea,
    created_at timestamptz NOT NULL,
    erased_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);

-- The values behind sealed commitments, encrypted under the person's key; outside the log, erasable.
CREATE TABLE audit_openings (
    tenant_id uuid NOT NULL,
    event_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (tenant_id, event_id, subject_id),
    FOREIGN KEY (tenant_id, event_id) REFERENCES audit_events (tenant_id, id),
    FOREIGN KEY (tenant_id, subject_id) REFERENCES subjects (tenant_id, id)
);

CREATE TABLE audit_exports (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    status text NOT NULL CHECK (status IN ('queued', 'running', 'ready', 'failed')),
    progress bigint NOT NULL DEFAULT 0,
    kind text NOT NULL CHECK (kind IN ('range', 'selection')),
    request text NOT NULL,
    first_index bigint,
    last_index bigint,
    event_count bigint,
    parts bigint,
    error text,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES users (tenant_id, id)
);
