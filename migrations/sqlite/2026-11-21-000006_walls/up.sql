-- Append-only tables (ATT-42): the engine itself refuses, whoever asks.
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
BEGIN SELECT RAISE(ABORT, 'audit_events is append-only: UPDATE refused'); END;
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
BEGIN SELECT RAISE(ABORT, 'audit_events is append-only: DELETE refused'); END;
CREATE TRIGGER audit_leaves_no_update BEFORE UPDATE ON audit_leaves
BEGIN SELECT RAISE(ABORT, 'audit_leaves is append-only: UPDATE refused'); END;
CREATE TRIGGER audit_leaves_no_delete BEFORE DELETE ON audit_leaves
BEGIN SELECT RAISE(ABORT, 'audit_leaves is append-only: DELETE refused'); END;
CREATE TRIGGER audit_subtrees_no_update BEFORE UPDATE ON audit_subtrees
BEGIN SELECT RAISE(ABORT, 'audit_subtrees is append-only: UPDATE refused'); END;
CREATE TRIGGER audit_subtrees_no_delete BEFORE DELETE ON audit_subtrees
BEGIN SELECT RAISE(ABORT, 'audit_subtrees is append-only: DELETE refused'); END;
CREATE TRIGGER audit_checkpoints_no_update BEFORE UPDATE ON audit_checkpoints
BEGIN SELECT RAISE(ABORT, 'audit_checkpoints is append-only: UPDATE refused'); END;
CREATE TRIGGER audit_checkpoints_no_delete BEFORE DELETE ON audit_checkpoints
BEGIN SELECT RAISE(ABORT, 'audit_checkpoints is append-only: DELETE refused'); END;
CREATE TRIGGER audit_quarantine_no_update BEFORE UPDATE ON audit_quarantine
BEGIN SELECT RAISE(ABORT, 'audit_quarantine is append-only: UPDATE refused'); END;
CREATE TRIGGER audit_quarantine_no_delete BEFORE DELETE ON audit_quarantine
BEGIN SELECT RAISE(ABORT, 'audit_quarantine is append-only: DELETE refused'); END;
CREATE TRIGGER result_versions_no_update BEFORE UPDATE ON result_versions
BEGIN SELECT RAISE(ABORT, 'result_versions is append-only: UPDATE refused'); END;
CREATE TRIGGER result_versions_no_delete BEFORE DELETE ON result_versions
BEGIN SELECT RAISE(ABORT, 'result_versions is append-only: DELETE refused'); END;
CREATE TRIGGER report_documents_no_update BEFORE UPDATE ON report_documents
BEGIN SELECT RAISE(ABORT, 'report_documents is append-only: UPDATE refused'); END;
CREATE TRIGGER report_documents_no_delete BEFORE DELETE ON report_documents
BEGIN SELECT RAISE(ABORT, 'report_documents is append-only: DELETE refused'); END;
