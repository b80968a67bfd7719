-- Statistics as soon as a table has grown, not when autovacuum comes by (a minute later at best).
--
-- Until then PostgreSQL plans as if the table were empty, and keeps those plans: whoever loads 100,000 samples into a new
-- laboratory had every result look through thousands of samples. ANALYZE also makes every connection plan anew. The
-- service's role owns no table and may not analyse any, so the owner lends it this one function.
--
-- Returns how many tables were analysed. Tables that somebody else works on are left for the next time.
CREATE FUNCTION refresh_statistics() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    grown regclass;
    refreshed bigint := 0;
BEGIN
    -- One node at a time.
    IF NOT pg_try_advisory_xact_lock(hashtext('attest'), hashtext('refresh_statistics')) THEN
        RETURN 0;
    END IF;
    SET LOCAL lock_timeout = '100ms';
    FOR grown IN
        SELECT s.relid FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
        WHERE s.schemaname = 'public' AND s.n_mod_since_analyze > greatest(500, c.reltuples)
        ORDER BY s.n_mod_since_analyze DESC
    LOOP
        BEGIN
            EXECUTE format('ANALYZE %s', grown);
            refreshed := refreshed + 1;
        EXCEPTION WHEN lock_not_available THEN
            NULL;
        END;
    END LOOP;
    RETURN refreshed;
END $$;
REVOKE ALL ON FUNCTION refresh_statistics() FROM PUBLIC;
