-- Accounts of programs (ATT-10). Such an account is a user of the kind 'service', so that whatever names a person who acted
-- names it too; it has no e-mail address in the directory and no password, and so no login.
ALTER TABLE users ADD COLUMN kind TEXT NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'service'));

CREATE TABLE service_accounts (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    -- The person who answers for it: without an active one it is refused.
    owner_id BLOB NOT NULL,
    -- Networks that it is used from, as a JSON list; anywhere when empty.
    addresses TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX service_accounts_owner ON service_accounts (tenant_id, owner_id);

-- A token names its own row; of its secret only the hash is kept.
CREATE TABLE service_tokens (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    account_id BLOB NOT NULL,
    label TEXT NOT NULL,
    prefix TEXT NOT NULL,
    hash BLOB NOT NULL,
    -- The part of the account's permissions that it has, as a JSON list; all of them when null.
    permissions TEXT,
    created_at TEXT NOT NULL,
    created_by BLOB,
    expires_at TEXT NOT NULL,
    revoked_at TEXT,
    replaced_by BLOB,
    last_used_at TEXT,
    last_used_ip TEXT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES service_accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, replaced_by) REFERENCES service_tokens (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX service_tokens_account ON service_tokens (tenant_id, account_id, id);

-- Administrators of laboratories that are there already.
INSERT INTO role_permissions (tenant_id, role_id, permission)
SELECT tenant_id, id, 'service_account:manage' FROM roles WHERE slug = 'administrator';
