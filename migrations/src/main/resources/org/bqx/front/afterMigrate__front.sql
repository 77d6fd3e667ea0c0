-- For each session that reads all nodes at once: aggregates and joins of a pair's tables are its node's to compute, and
-- to compile what is left takes seconds. A client that is gone is noticed within a second, so that its node stops, too.
DO $$
DECLARE
    setting text;
BEGIN
    FOREACH setting IN ARRAY ARRAY['enable_partitionwise_aggregate = on', 'enable_partitionwise_join = on', 'jit = off',
        'client_connection_check_interval = ''1s''']
    LOOP
        EXECUTE format('ALTER DATABASE %I SET %s', current_database(), setting);
    END LOOP;
END
$$;

-- What nodes tell of their partitions is described where it is shown.
DO $$
DECLARE
    described record;
BEGIN
    FOR described IN
        SELECT told.name, a.attname, shown.text
        FROM (VALUES
            ('node_progress', 'progress'), ('node_progress', 'partition_state'),
            ('node_correlation_progress', 'correlation_progress')) told (name, shown_by)
        JOIN pg_attribute a ON a.attrelid = to_regclass('bqx.' || told.name) AND a.attnum > 0
        CROSS JOIN LATERAL (
            SELECT col_description(s.attrelid, s.attnum) AS text FROM pg_attribute s
            WHERE s.attrelid = to_regclass('bqx.' || told.shown_by) AND s.attnum > 0 AND s.attname = a.attname
        ) shown
        WHERE col_description(a.attrelid, a.attnum) IS NULL
    LOOP
        EXECUTE format('COMMENT ON COLUMN bqx.%I.%I IS %L', described.name, described.attname, described.text);
    END LOOP;
END
$$;
