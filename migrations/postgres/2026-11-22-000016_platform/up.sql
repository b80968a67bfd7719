-- The platform: a realm of its own for those who run the installation (ADR 8). At most one; laboratories are all others.
ALTER TABLE tenants ADD COLUMN realm text NOT NULL DEFAULT 'laboratory' CHECK (realm IN ('laboratory', 'platform'));
CREATE UNIQUE INDEX tenants_platform ON tenants (realm) WHERE realm = 'platform';
-- A suspended laboratory answers nobody; its people are told why.
ALTER TABLE tenants ADD COLUMN suspended_at timestamptz;
ALTER TABLE tenants ADD COLUMN suspended_reason text;
-- The last day (UTC) on which somebody signed in: what the platform may know of a laboratory's work.
ALTER TABLE tenants ADD COLUMN active_on text;
CREATE INDEX directory_laboratory ON directory (tenant_id);

-- A third kind of account: somebody of the platform, invited by the laboratory for a while.
ALTER TABLE users DROP CONSTRAINT users_kind_check;
ALTER TABLE users ADD CONSTRAINT users_kind_check CHECK (kind IN ('person', 'service', 'operator'));

-- Invitations of the platform's people into this laboratory: whom, for what, until when; `user_id` is the account they come as.
CREATE TABLE support_access (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    -- The operator, as the platform knows them; names as of the invitation.
    operator_id uuid NOT NULL,
    operator_email text NOT NULL,
    operator_name text NOT NULL,
    reason text NOT NULL,
    invited_by uuid NOT NULL,
    invited_at timestamptz NOT NULL,
    until timestamptz NOT NULL,
    entered_at timestamptz,
    ended_at timestamptz,
    ended_by uuid,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, invited_by) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, ended_by) REFERENCES users (tenant_id, id)
);

-- The same invitations on the platform's side of the wall, under the same ids: all that an operator sees of them.
CREATE TABLE support_invitations (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    operator_id uuid NOT NULL,
    laboratory_id uuid NOT NULL,
    reason text NOT NULL,
    invited_at timestamptz NOT NULL,
    until timestamptz NOT NULL,
    entered_at timestamptz,
    ended_at timestamptz,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, operator_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (laboratory_id) REFERENCES tenants (id)
);
CREATE INDEX support_invitations_operator ON support_invitations (tenant_id, operator_id, id);

ALTER TABLE support_access ENABLE ROW LEVEL SECURITY;
ALTER TABLE support_access FORCE ROW LEVEL SECURITY;
CREATE POLICY own_laboratory ON support_access USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
ALTER TABLE support_invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE support_invitations FORCE ROW LEVEL SECURITY;
CREATE POLICY own_laboratory ON support_invitations USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
