-- Passwords over time (ATT-03, ATT-08): those that cannot be chosen again, one-time links, and the mail that carries them.
ALTER TABLE users ADD COLUMN must_change_password INTEGER NOT NULL DEFAULT 0;
-- A demonstration hands out its logins in a file.
UPDATE tenants SET settings = json_patch(settings, '{"password": {"change_initial": false}}') WHERE demonstration;

CREATE TABLE password_history (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    password_hash TEXT NOT NULL,
    replaced_at TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX password_history_user ON password_history (tenant_id, user_id, id);

-- Links that let somebody choose a password, once. Only the hash is kept.
CREATE TABLE one_time_tokens (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('reset', 'invitation')),
    token_hash BLOB NOT NULL,
    created_at TEXT NOT NULL,
    created_by BLOB,
    expires_at TEXT NOT NULL,
    ended_at TEXT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX one_time_tokens_user ON one_time_tokens (tenant_id, user_id, id);

-- Letters on their way out. The letter is sealed under a key outside the database, and gone once it was handed over.
CREATE TABLE mails (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    matter TEXT NOT NULL,
    sealed BLOB,
    created_at TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at TEXT,
    sent_at TEXT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mails_due ON mails (tenant_id, next_at);
