-- What SQLite's planner shall believe about the tables: a large laboratory.
--
-- Every index begins with the laboratory, and without numbers SQLite takes one column of a primary key for as good as two of
-- an index: it would walk all results of a laboratory to find those of one sample. ANALYZE cannot help a fresh installation, and what it
-- finds changes plans in production. So the numbers are given, for every index there is, from what its columns mean.
ANALYZE sqlite_schema;
DELETE FROM sqlite_stat1;
WITH tables (name, total, bare) AS (
    SELECT name, CASE WHEN name IN ('samples', 'orders', 'results', 'result_versions', 'reports', 'report_samples', 'patients', 'patient_tokens', 'subjects',
        'audit_events', 'audit_leaves', 'audit_openings', 'critical_notices', 'deliveries', 'idempotency_keys', 'sessions') THEN 1000000 ELSE 1000 END, wr
    FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'
), columns (tbl, idx, total, place, places, uniq, equal) AS (
    SELECT t.name, CASE WHEN t.bare AND i.origin = 'pk' THEN t.name ELSE i.name END, t.total, c.seqno, (SELECT COUNT(*) FROM pragma_index_info(i.name)), i."unique",
        CASE WHEN c.name = 'tenant_id' THEN t.total / 2 WHEN c.name = 'id' THEN 1
             WHEN c.name IN ('status', 'kind', 'action', 'active', 'object_type', 'level', 'escalated_at') THEN t.total / 20
             WHEN c.name IN ('client_id', 'actor_id', 'test_id', 'user_id') THEN t.total / 200 ELSE 10 END
    FROM tables t JOIN pragma_index_list(t.name) i JOIN pragma_index_info(i.name) c
), prefixes (tbl, idx, total, place, equal) AS (
    SELECT tbl, idx, total, place, CASE WHEN uniq AND place + 1 = places THEN 1 ELSE MIN(equal) OVER (PARTITION BY tbl, idx ORDER BY place) END FROM columns
)
INSERT INTO sqlite_stat1 (tbl, idx, stat)
SELECT tbl, idx, total || ' ' || group_concat(equal, ' ') FROM (SELECT * FROM prefixes ORDER BY tbl, idx, place) GROUP BY tbl, idx;
ANALYZE sqlite_schema;
