-- Append-only tables (ATT-42): the engine itself refuses, whoever asks.
CREATE TRIGGER audit_events_no_replace BEFORE INSERT ON audit_events
WHEN EXISTS (SELECT 1 FROM audit_events WHERE tenant_id = NEW.tenant_id AND id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'audit_events is append-only: REPLACE refused'); END;
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
BEGIN SELECT RAISE(ABORT, 'audit_events is append-only: UPDATE refused'); END;
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
BEGIN SELECT RAISE(ABORT, 'audit_events is append-only: DELETE refused'); END;
CREATE TRIGGER audit_leaves_no_replace BEFORE INSERT ON audit_leaves
WHEN EXISTS (SELECT 1 FROM audit_leaves WHERE tenant_id = NEW.tenant_id AND idx = NEW.idx)
BEGIN SELECT RAISE(ABORT, 'audit_leaves is append-only: REPLACE refused'); END;
CREATE TRIGGER audit_leaves_no_update BEFORE UPDATE ON audit_leaves
BEGIN SELECT RAISE(ABORT, 'audit_leaves is append-only: UPDATE refused'); END;
CREATE TRIGGER audit_leaves_no_delete BEFORE DELETE ON audit_leaves
BEGIN SELECT RAISE(ABORT, 'audit_leaves is append-only: DELETE refused'); END;
CREATE TRIGGER audit_subtrees_no_replace BEFORE INSERT ON audit_subtrees
WHEN EXISTS (SELECT 1 FROM audit_subtrees WHERE tenant_id = NEW.tenant_id AND level = NEW.level AND idx = NEW.idx)
BEGIN SELECT RAISE(ABORT, 'audit_subtrees is append-only: REPLACE refused'); END;
CREATE TRIGGER audit_subtrees_no_update BEFORE UPDATE ON audit_subtrees
BEGIN SELECT RAISE(ABORT, 'audit_subtrees is append-only: UPDATE refused'); END;
CREATE TRIGGER audit_subtrees_no_delete BEFORE DELETE ON audit_subtrees
BEGIN SELECT RAISE(ABORT, 'audit_subtrees is append-only: DELETE refused'); END;
CREATE TRIGGER audit_checkpoints_no_replace BEFORE INSERT ON audit_checkpoints
WHEN EXISTS (SELECT 1 FROM audit_checkpoints WHERE tenant_id = NEW.tenant_id AND size = NEW.size)
BEGIN SELECT RAISE(ABORT, 'audit_checkpoints is append-only: REPLACE refused'); END;
CREATE TRIGGER audit_checkpoints_no_update BEFORE UPDATE ON audit_checkpoints
BEGIN SELECT RAISE(ABORT, 'audit_checkpoints is append-only: UPDATE refused'); END;
CREATE TRIGGER audit_checkpoints_no_delete BEFORE DELETE ON audit_checkpoints
BEGIN SELECT RAISE(ABORT, 'audit_checkpoints is append-only: DELETE refused'); END;
CREATE TRIGGER audit_quarantine_no_replace BEFORE INSERT ON audit_quarantine
WHEN EXISTS (SELECT 1 FROM audit_quarantine WHERE tenant_id = NEW.tenant_id AND event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'audit_quarantine is append-only: REPLACE refused'); END;
CREATE TRIGGER audit_quarantine_no_update BEFORE UPDATE ON audit_quarantine
BEGIN SELECT RAISE(ABORT, 'audit_quarantine is append-only: UPDATE refused'); END;
CREATE TRIGGER audit_quarantine_no_delete BEFORE DELETE ON audit_quarantine
BEGIN SELECT RAISE(ABORT, 'audit_quarantine is append-only: DELETE refused'); END;
CREATE TRIGGER result_versions_no_replace BEFORE INSERT ON result_versions
WHEN EXISTS (SELECT 1 FROM result_versions WHERE tenant_id = NEW.tenant_id AND result_id = NEW.result_id AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'result_versions is append-only: REPLACE refused'); END;
CREATE TRIGGER result_versions_no_update BEFORE UPDATE ON result_versions
BEGIN SELECT RAISE(ABORT, 'result_versions is append-only: UPDATE refused'); END;
CREATE TRIGGER result_versions_no_delete BEFORE DELETE ON result_versions
BEGIN SELECT RAISE(ABORT, 'result_versions is append-only: DELETE refused'); END;
CREATE TRIGGER report_documents_no_replace BEFORE INSERT ON report_documents
WHEN EXISTS (SELECT 1 FROM report_documents WHERE tenant_id = NEW.tenant_id AND report_id = NEW.report_id AND kind = NEW.kind)
BEGIN SELECT RAISE(ABORT, 'report_documents is append-only: REPLACE refused'); END;
CREATE TRIGGER report_documents_no_update BEFORE UPDATE ON report_documents
BEGIN SELECT RAISE(ABORT, 'report_documents is append-only: UPDATE refused'); END;
CREATE TRIGGER report_documents_no_delete BEFORE DELETE ON report_documents
BEGIN SELECT RAISE(ABORT, 'report_documents is append-only: DELETE refused'); END;
