SET LOCAL ROLE bqx_owner;

-- Since when is known only where bqx_owner is a member of pg_read_all_stats: PostgreSQL hides it from others.
CREATE OR REPLACE FUNCTION bqx.take_lock(key bigint, work text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    holder record;
BEGIN
    IF pg_try_advisory_xact_lock(key) THEN
        RETURN;
    END IF;
    SELECT activity.pid, activity.usename, activity.application_name, activity.xact_start INTO holder
    FROM pg_locks JOIN pg_stat_activity activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND objsubid = 1
        AND (classid::bigint << 32) + objid::bigint = key
        AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database());
    RAISE EXCEPTION '% is being computed by %', work,
        coalesce(
            'backend ' || holder.pid || ' (' || concat_ws(', ', 'user ' || holder.usename,
                'application "' || nullif(holder.application_name, '') || '"',
                'since ' || bqx.utc_text(holder.xact_start)) || ')',
            'a backend that has just ended')
        USING ERRCODE = 'lock_not_available',
            -- A session with PL/Java that waits heeds a signal when something else wakes it.
            HINT = coalesce(
                'Wait for it, or end it: SELECT pg_cancel_backend(' || holder.pid || ')'
                    || CASE WHEN EXISTS (SELECT FROM pg_extension WHERE extname = 'pljava')
                        THEN ', pg_log_backend_memory_contexts(' || holder.pid || ')' ELSE '' END || '.',
                'Try again.');
END
$$;
COMMENT ON FUNCTION bqx.take_lock IS
    'Takes an advisory lock for this transaction, or says who has it. Never waits. work is what it is for.';
