-- A single permission ends by itself when it has an end, and says who gave it and when. SQLite cannot add a foreign key of two
-- columns to a table that exists; who gave it is written by the same statement that knows the person.
ALTER TABLE user_grants ADD COLUMN until TEXT;
ALTER TABLE user_grants ADD COLUMN granted_by BLOB;
ALTER TABLE user_grants ADD COLUMN granted_at TEXT;

-- Locked screens of shared workstations (ATT-14): the session stays, nothing is open to it until it is unlocked.
ALTER TABLE sessions ADD COLUMN locked_at TEXT;
ALTER TABLE sessions ADD COLUMN unlock_failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN pin_hash TEXT;
