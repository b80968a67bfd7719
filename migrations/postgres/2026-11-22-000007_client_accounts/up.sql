-- The client a person belongs to: such a person sees what is that client's, whatever their roles.
ALTER TABLE users ADD COLUMN client_id uuid;
ALTER TABLE users ADD FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id);
