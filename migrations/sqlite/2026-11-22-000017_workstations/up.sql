-- Shared workstations (ATT-14): at which browser a session is parked, as the hash of a secret that only that browser has.
-- Nothing while somebody works in it.
ALTER TABLE sessions ADD COLUMN workstation BLOB;
CREATE INDEX sessions_parked ON sessions (tenant_id, workstation) WHERE workstation IS NOT NULL;
