-- Accounts of programs (ATT-10). Such an account is a user of the kind 'service', so that whatever names a person who acted
-- names it too; it has no e-mail address in the directory and no password, and so no login.
ALTER TABLE users ADD COLUMN kind text NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'service'));

CREATE TABLE service_accounts (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    description text NOT NULL DEFAULT '',
    -- The person who answers for it: without an active one it is refused.
    owner_id uuid NOT NULL,
    -- Networks that it is used from, as a JSON list; anywhere when empty.
    addresses text NOT NULL DEFAULT '[]',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX service_accounts_owner ON service_accounts (tenant_id, owner_id);

-- A token names its own row; of its secret only the hash is kept.
CREATE TABLE service_tokens (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    label text NOT NULL,
    prefix text NOT NULL,
    hash bytea NOT NULL,
    -- The part of the account's permissions that it has, as a JSON list; all of them when null.
    permissions text,
    created_at timestamptz NOT NULL,
    created_by uuid,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    replaced_by uuid,
    last_used_at timestamptz,
    last_used_ip text,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES service_accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, replaced_by) REFERENCES service_tokens (tenant_id, id)
);
CREATE INDEX service_tokens_account ON service_tokens (tenant_id, account_id, id);

ALTER TABLE service_accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE service_accounts FORCE ROW LEVEL SECURITY;
CREATE POLICY own_laboratory ON service_accounts USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
ALTER TABLE service_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE service_tokens FORCE ROW LEVEL SECURITY;
CREATE POLICY own_laboratory ON service_tokens USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());

-- Administrators of laboratories that are there already. The walls stand even before their owner, who takes them down for
-- this one statement, in this one transaction.
ALTER TABLE roles NO FORCE ROW LEVEL SECURITY;
ALTER TABLE role_permissions NO FORCE ROW LEVEL SECURITY;
INSERT INTO role_permissions (tenant_id, role_id, permission)
SELECT tenant_id, id, 'service_account:manage' FROM roles WHERE slug = 'administrator';
ALTER TABLE roles FORCE ROW LEVEL SECURITY;
ALTER TABLE role_permissions FORCE ROW LEVEL SECURITY;
