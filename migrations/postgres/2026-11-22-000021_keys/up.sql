-- Who may replace the signing key of a log, two of them together: administrators and the platform's operators that are there already.
-- As in step 10 the owner takes the walls down for this one statement.
ALTER TABLE roles NO FORCE ROW LEVEL SECURITY;
ALTER TABLE role_permissions NO FORCE ROW LEVEL SECURITY;
INSERT INTO role_permissions (tenant_id, role_id, permission)
SELECT tenant_id, id, 'ledger:rotate_key' FROM roles WHERE slug IN ('administrator', 'platform_operator');
ALTER TABLE roles FORCE ROW LEVEL SECURITY;
ALTER TABLE role_permissions FORCE ROW LEVEL SECURITY;
