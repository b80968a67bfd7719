-- Webhooks: other systems that are told what happened, thinly, over HTTPS, signed (ATT-36).
CREATE TABLE webhooks (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    name_key text NOT NULL,
    url text NOT NULL,
    -- Names of events, as a JSON list.
    events text NOT NULL,
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused')),
    paused_cause text CHECK (paused_cause IN ('person', 'failing', 'gone')),
    -- What happens from the one to the other is told.
    active_since timestamptz NOT NULL,
    paused_at timestamptz,
    -- Sealed under a key outside the database. Both are signed with until the old one is over.
    secret bytea NOT NULL,
    old_secret bytea,
    old_secret_until timestamptz,
    -- Failures in a row of the receiver itself, and since when nothing was delivered.
    failures bigint NOT NULL DEFAULT 0,
    failing_since timestamptz,
    last_delivered_at timestamptz,
    -- Nothing is sent before: the receiver is away.
    rest_until timestamptz NOT NULL,
    -- Whoever sends to it holds it so long; one process at a time.
    held_until timestamptz NOT NULL,
    hold uuid,
    created_at timestamptz NOT NULL,
    created_by uuid,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES users (tenant_id, id)
);
CREATE INDEX webhooks_name ON webhooks (tenant_id, name_key, id);

-- Messages: made where events get their place in the audit log, so that each is made once, in the log's order, and none of what
-- was rolled back. What is over is forgotten after 30 days.
CREATE TABLE webhook_deliveries (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    webhook_id uuid NOT NULL,
    -- The audit event and its place in the log; none for a test.
    event_id uuid,
    log_index bigint,
    type text NOT NULL,
    at timestamptz NOT NULL,
    object_type text,
    object_id text,
    object_label text,
    status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'delivered', 'failed')),
    attempts bigint NOT NULL DEFAULT 0,
    -- When to try; null once it is over.
    next_at timestamptz,
    give_up_at timestamptz NOT NULL,
    last_attempt_at timestamptz,
    http_status bigint,
    duration_ms bigint,
    fault text,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, webhook_id) REFERENCES webhooks (tenant_id, id)
);
CREATE INDEX webhook_deliveries_webhook ON webhook_deliveries (tenant_id, webhook_id, id);
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (tenant_id, webhook_id, id) WHERE next_at IS NOT NULL;

-- Administrators of laboratories that are there already; as in step 10 the owner takes the walls down for this one statement.
ALTER TABLE roles NO FORCE ROW LEVEL SECURITY;
ALTER TABLE role_permissions NO FORCE ROW LEVEL SECURITY;
INSERT INTO role_permissions (tenant_id, role_id, permission)
SELECT tenant_id, id, 'webhook:manage' FROM roles WHERE slug = 'administrator';
ALTER TABLE roles FORCE ROW LEVEL SECURITY;
ALTER TABLE role_permissions FORCE ROW LEVEL SECURITY;

ALTER TABLE webhooks ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhooks FORCE ROW LEVEL SECURITY;
CREATE POLICY own_laboratory ON webhooks USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
ALTER TABLE webhook_deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_deliveries FORCE ROW LEVEL SECURITY;
CREATE POLICY own_laboratory ON webhook_deliveries USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
