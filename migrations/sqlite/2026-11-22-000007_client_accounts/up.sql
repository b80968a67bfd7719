-- The client a person belongs to: such a person sees what is that client's, whatever their roles. SQLite cannot add a foreign
-- key of two columns to a table that exists; the same is refused by hand.
ALTER TABLE users ADD COLUMN client_id BLOB;
CREATE TRIGGER users_client_exists BEFORE UPDATE OF client_id ON users
WHEN NEW.client_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM clients WHERE tenant_id = NEW.tenant_id AND id = NEW.client_id)
BEGIN SELECT RAISE(ABORT, 'FOREIGN KEY constraint failed: users.client_id'); END;
