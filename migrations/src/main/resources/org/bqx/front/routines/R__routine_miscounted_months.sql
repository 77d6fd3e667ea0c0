SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.miscounted_months(exact boolean DEFAULT false)
RETURNS TABLE (pair text, month date, noted bigint, found text)
LANGUAGE plpgsql STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    one record;
    counted jsonb;
BEGIN
    FOR one IN SELECT n.node FROM bqx.node n ORDER BY n.node LOOP
        BEGIN
            EXECUTE format('SELECT jsonb_agg(m) FROM bqx.%I m WHERE m.is_exact = $1', 'miscounted_on_' || one.node)
            INTO counted USING coalesce(exact, false);
            RETURN QUERY
            SELECT m.pair, m.month, m.noted, m.found
            FROM jsonb_to_recordset(counted) m (pair text, month date, noted bigint, found text)
            JOIN bqx.pair_node p ON p.pair = m.pair AND p.node = one.node;
        EXCEPTION
            WHEN connection_exception OR admin_shutdown OR crash_shutdown OR cannot_connect_now OR too_many_connections THEN
                NULL; -- bqx.node_state says why
        END;
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.miscounted_months TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.miscounted_months IS
    'Months whose bars are not what bqx.m1_month says, on the nodes that answer; see there. With exact all bars are'
    ' counted.';
