-- Webhooks: other systems that are told what happened, thinly, over HTTPS, signed (ATT-36).
CREATE TABLE webhooks (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    url TEXT NOT NULL,
    -- Names of events, as a JSON list.
    events TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused')),
    paused_cause TEXT CHECK (paused_cause IN ('person', 'failing', 'gone')),
    -- What happens from the one to the other is told.
    active_since TEXT NOT NULL,
    paused_at TEXT,
    -- Sealed under a key outside the database. Both are signed with until the old one is over.
    secret BLOB NOT NULL,
    old_secret BLOB,
    old_secret_until TEXT,
    -- Failures in a row of the receiver itself, and since when nothing was delivered.
    failures INTEGER NOT NULL DEFAULT 0,
    failing_since TEXT,
    last_delivered_at TEXT,
    -- Nothing is sent before: the receiver is away.
    rest_until TEXT NOT NULL,
    -- Whoever sends to it holds it so long; one process at a time.
    held_until TEXT NOT NULL,
    hold BLOB,
    created_at TEXT NOT NULL,
    created_by BLOB,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES users (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX webhooks_name ON webhooks (tenant_id, name_key, id);

-- Messages: made where events get their place in the audit log, so that each is made once, in the log's order, and none of what
-- was rolled back. What is over is forgotten after 30 days.
CREATE TABLE webhook_deliveries (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    webhook_id BLOB NOT NULL,
    -- The audit event and its place in the log; none for a test.
    event_id BLOB,
    log_index INTEGER,
    type TEXT NOT NULL,
    at TEXT NOT NULL,
    object_type TEXT,
    object_id TEXT,
    object_label TEXT,
    status TEXT NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'delivered', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    -- When to try; null once it is over.
    next_at TEXT,
    give_up_at TEXT NOT NULL,
    last_attempt_at TEXT,
    http_status INTEGER,
    duration_ms INTEGER,
    fault TEXT,
    created_at TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, webhook_id) REFERENCES webhooks (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_deliveries_webhook ON webhook_deliveries (tenant_id, webhook_id, id);
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (tenant_id, webhook_id, id) WHERE next_at IS NOT NULL;

-- Administrators of laboratories that are there already.
INSERT INTO role_permissions (tenant_id, role_id, permission)
SELECT tenant_id, id, 'webhook:manage' FROM roles WHERE slug = 'administrator';
