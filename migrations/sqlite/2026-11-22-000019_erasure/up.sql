-- Erasing persons (ATT-43), and requests that wait for a second person (ATT-24).

-- A patient's sample or order is found by keyed fingerprints of what is sealed in it.
ALTER TABLE samples ADD COLUMN reference_token BLOB;
CREATE INDEX samples_reference_token ON samples (tenant_id, reference_token) WHERE reference_token IS NOT NULL;
ALTER TABLE orders ADD COLUMN external_token BLOB;
CREATE UNIQUE INDEX orders_external_token ON orders (tenant_id, source, external_token) WHERE external_token IS NOT NULL;

CREATE INDEX subjects_erased ON subjects (tenant_id, id) WHERE erased_at IS NOT NULL;
CREATE INDEX patients_merged ON patients (tenant_id, merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX audit_openings_subject ON audit_openings (tenant_id, subject_id);

-- The kinds are words of their own. Reasons of merges asked for so far were sealed in another way; they stand in the audit trail.
UPDATE dual_requests SET kind = 'merge', reason = '' WHERE kind = 'patient';
UPDATE dual_requests SET kind = 'relink' WHERE kind = 'sample';
DROP INDEX dual_requests_open;
CREATE UNIQUE INDEX dual_requests_open ON dual_requests (tenant_id, kind, from_id, into_id) WHERE status = 'requested';
CREATE INDEX dual_requests_from ON dual_requests (tenant_id, from_id);
CREATE INDEX dual_requests_into ON dual_requests (tenant_id, into_id);

-- Erasing takes two people: in a laboratory with one manager the quality manager is the other.
INSERT INTO role_permissions (tenant_id, role_id, permission)
SELECT r.tenant_id, r.id, 'patient:erase' FROM roles r JOIN tenants t ON t.id = r.tenant_id
WHERE r.slug = 'quality_manager' AND t.kind = 'medical'
AND NOT EXISTS (SELECT 1 FROM role_permissions p WHERE p.tenant_id = r.tenant_id AND p.role_id = r.id AND p.permission = 'patient:erase');
