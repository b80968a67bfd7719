-- A single permission ends by itself when it has an end, and says who gave it and when.
ALTER TABLE user_grants ADD COLUMN until timestamptz;
ALTER TABLE user_grants ADD COLUMN granted_by uuid;
ALTER TABLE user_grants ADD COLUMN granted_at timestamptz;
ALTER TABLE user_grants ADD FOREIGN KEY (tenant_id, granted_by) REFERENCES users (tenant_id, id);

-- Locked screens of shared workstations (ATT-14): the session stays, nothing is open to it until it is unlocked.
ALTER TABLE sessions ADD COLUMN locked_at timestamptz;
ALTER TABLE sessions ADD COLUMN unlock_failures bigint NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN pin_hash text;
