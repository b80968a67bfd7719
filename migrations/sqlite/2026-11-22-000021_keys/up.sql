-- Who may replace the signing key of a log, two of them together: administrators and the platform's operators that are there already.
INSERT INTO role_permissions (tenant_id, role_id, permission)
SELECT tenant_id, id, 'ledger:rotate_key' FROM roles WHERE slug IN ('administrator', 'platform_operator');
