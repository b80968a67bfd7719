-- The audit trail (docs: the ledger). Append-only in the engine itself (ATT-42).
CREATE TABLE audit_events (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    at TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BLOB,
    action TEXT NOT NULL,
    object_type TEXT NOT NULL,
    object_id TEXT NOT NULL,
    node BLOB NOT NULL,
    seq INTEGER NOT NULL,
    entry BLOB NOT NULL,
    mac BLOB NOT NULL,
    mac_key TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
) STRICT;
CREATE INDEX audit_events_object ON audit_events (tenant_id, object_id, id);
CREATE INDEX audit_events_actor ON audit_events (tenant_id, actor_id, id);
CREATE INDEX audit_events_action ON audit_events (tenant_id, action, id);

-- Work list of the sequencer: events that have no leaf yet.
CREATE TABLE audit_pending (
    tenant_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    PRIMARY KEY (tenant_id, event_id),
    FOREIGN KEY (tenant_id, event_id) REFERENCES audit_events (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_leaves (
    tenant_id BLOB NOT NULL,
    idx INTEGER NOT NULL,
    event_id BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (tenant_id, idx),
    FOREIGN KEY (tenant_id, event_id) REFERENCES audit_events (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX audit_leaves_event ON audit_leaves (tenant_id, event_id);

-- Roots of complete subtrees of 256, 65,536, … leaves (level 8, 16, …): one row where the tree has hundreds of nodes.
CREATE TABLE audit_subtrees (
    tenant_id BLOB NOT NULL,
    level INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (tenant_id, level, idx),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_checkpoints (
    tenant_id BLOB NOT NULL,
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    at TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (tenant_id, size),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
) STRICT, WITHOUT ROWID;

-- Events whose mac did not fit or whose id came twice: never sequenced, never forgotten.
CREATE TABLE audit_quarantine (
    tenant_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    why TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (tenant_id, event_id)
) STRICT, WITHOUT ROWID;

-- Keys of persons, wrapped; destroying the row's key erases everything sealed under it (ATT-43).
CREATE TABLE subjects (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    wrapped_key BLOB,
    created_at TEXT NOT NULL,
    erased_at TEXT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
) STRICT, WITHOUT ROWID;

-- The values behind sealed commitments, encrypted under the person's key; outside the log, erasable.
CREATE TABLE audit_openings (
    tenant_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    subject_id BLOB NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (tenant_id, event_id, subject_id),
    FOREIGN KEY (tenant_id, event_id) REFERENCES audit_events (tenant_id, id),
    FOREIGN KEY (tenant_id, subject_id) REFERENCES subjects (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_exports (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'ready', 'failed')),
    progress INTEGER NOT NULL DEFAULT 0,
    kind TEXT NOT NULL CHECK (kind IN ('range', 'selection')),
    request TEXT NOT NULL,
    first_index INTEGER,
    last_index INTEGER,
    event_count INTEGER,
    parts INTEGER,
    error TEXT,
    created_at TEXT NOT NULL,
    created_by BLOB NOT NULL,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES users (tenant_id, id)
) STRICT, WITHOUT ROWID;
