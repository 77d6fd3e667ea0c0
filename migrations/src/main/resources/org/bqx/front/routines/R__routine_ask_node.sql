SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: the helpers are nobody's.
CREATE OR REPLACE FUNCTION bqx.ask_node(
    node text, OUT months bigint, OUT bars bigint, OUT rows bigint, OUT bytes bigint, OUT sqlstate text, OUT reason text)
LANGUAGE plpgsql STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    BEGIN
        EXECUTE format('SELECT coalesce(sum(s.bytes), 0)::bigint FROM bqx.%I s', 'size_on_' || node) INTO bytes;
    EXCEPTION
        WHEN lock_not_available THEN
            bytes := NULL; -- of a partition that is being replaced, say
    END;
    months := 0;
    bars := 0;
    rows := 0;
    IF to_regclass(format('bqx.%I', 'm1_month_on_' || node)) IS NOT NULL THEN
        EXECUTE format('SELECT count(*) FILTER (WHERE m.bars > 0), coalesce(sum(m.bars), 0)::bigint FROM bqx.%I m',
            'm1_month_on_' || node)
        INTO months, bars;
        EXECUTE format('SELECT coalesce(sum(s.rows), 0)::bigint FROM bqx.%I s', 'partition_state_on_' || node) INTO rows;
    END IF;
EXCEPTION
    WHEN connection_exception OR admin_shutdown OR crash_shutdown OR cannot_connect_now OR too_many_connections
        OR invalid_authorization_specification THEN
        months := NULL;
        bars := NULL;
        rows := NULL;
        bytes := NULL;
        ask_node.sqlstate := SQLSTATE;
        reason := SQLERRM;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.ask_node TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.ask_node IS
    'What a node has, or why it does not answer: then sqlstate and reason are all that is known. bytes is NULL where a lock'
    ' keeps the node from looking, too.';
