-- The platform: a realm of its own for those who run the installation (ADR 8). At most one; laboratories are all others.
ALTER TABLE tenants ADD COLUMN realm TEXT NOT NULL DEFAULT 'laboratory' CHECK (realm IN ('laboratory', 'platform'));
CREATE UNIQUE INDEX tenants_platform ON tenants (realm) WHERE realm = 'platform';
-- A suspended laboratory answers nobody; its people are told why.
ALTER TABLE tenants ADD COLUMN suspended_at TEXT;
ALTER TABLE tenants ADD COLUMN suspended_reason TEXT;
-- The last day (UTC) on which somebody signed in: what the platform may know of a laboratory's work.
ALTER TABLE tenants ADD COLUMN active_on TEXT;
CREATE INDEX directory_laboratory ON directory (tenant_id);

-- A third kind of account: somebody of the platform, invited by the laboratory for a while. SQLite cannot change a CHECK.
ALTER TABLE users ADD COLUMN kind_of TEXT NOT NULL DEFAULT 'person' CHECK (kind_of IN ('person', 'service', 'operator'));
UPDATE users SET kind_of = kind;
ALTER TABLE users DROP COLUMN kind;
ALTER TABLE users RENAME COLUMN kind_of TO kind;

-- Invitations of the platform's people into this laboratory: whom, for what, until when; `user_id` is the account they come as.
CREATE TABLE support_access (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    -- The operator, as the platform knows them; names as of the invitation.
    operator_id BLOB NOT NULL,
    operator_email TEXT NOT NULL,
    operator_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    invited_by BLOB NOT NULL,
    invited_at TEXT NOT NULL,
    until TEXT NOT NULL,
    entered_at TEXT,
    ended_at TEXT,
    ended_by BLOB,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, invited_by) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, ended_by) REFERENCES users (tenant_id, id)
) STRICT, WITHOUT ROWID;

-- The same invitations on the platform's side of the wall, under the same ids: all that an operator sees of them.
CREATE TABLE support_invitations (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    operator_id BLOB NOT NULL,
    laboratory_id BLOB NOT NULL,
    reason TEXT NOT NULL,
    invited_at TEXT NOT NULL,
    until TEXT NOT NULL,
    entered_at TEXT,
    ended_at TEXT,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, operator_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (laboratory_id) REFERENCES tenants (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX support_invitations_operator ON support_invitations (tenant_id, operator_id, id);
